"""Carries out fixes, each only if it holds what it promises.

A fix is edits to source text. They are applied to a copy, the copy is lowered again and scanned again, and the fix is kept only
if its finding is gone, no other finding has come, and no field of the model changed but those that the fix names. Fixes are first
tried all together; when that does not hold, one by one, so that one refused fix does not cost the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from stockade.engine.change import Change, Done, Refused
from stockade.engine.findings import Finding, Result
from stockade.errors import EditError, FixError
from stockade.inputs.write import edits_for
from stockade.model.app import App, Other, Permission, Policy, Resource, Role, Variable
from stockade.model.diff import differences
from stockade.model.intent import Add, Fix, Intent, New, Remove, Set, To
from stockade.model.value import Value
from stockade.text.document import Document
from stockade.text.edit import Edit, apply_edits

Scan = Callable[[dict[str, str]], Result]
MAX_ROUNDS = 40


def fix_all(scan: Scan, findings: Sequence[Finding], start: Result, *, unsafe: bool) -> Change:
    """Carry out the first fix of every finding that has one of an allowed safety."""
    before: dict[str, Document] = {s.document.path: s.document for s in start.app.sources}
    wanted = [f.fingerprint for f in findings if _chosen(f, unsafe=unsafe) is not None]
    refused: list[Refused] = [
        Refused(f, f.fixes[0], f"it is unsafe: {f.fixes[0].why} (carry it out with --unsafe)")
        for f in findings
        if f.fixes and _chosen(f, unsafe=unsafe) is None and f.fixes[0].safety == "unsafe"
    ]
    done: list[Done] = []
    texts: dict[str, str] = {}
    current = start
    for _ in range(MAX_ROUNDS):
        todo = [f for f in current.shown if f.fingerprint in wanted]
        if not todo:
            break
        attempt = _together(scan, current, texts, todo, unsafe=unsafe)
        if attempt is None:
            attempt = _first_that_holds(scan, current, texts, todo, refused, wanted, unsafe=unsafe)
        if attempt is None:
            break
        current, texts, kept = attempt
        done += kept
        for item in kept:
            wanted = [w for w in wanted if w != item.finding.fingerprint]
    return Change(before=before, after=texts, done=tuple(done), refused=tuple(refused), result=current)


def _chosen(finding: Finding, *, unsafe: bool) -> Fix | None:
    allowed = {"safe", "unsafe"} if unsafe else {"safe"}
    return next((f for f in finding.fixes if f.safety in allowed and f.intents), None)


Attempt = tuple[Result, dict[str, str], list[Done]]


def _together(
    scan: Scan, current: Result, texts: dict[str, str], todo: list[Finding], *, unsafe: bool
) -> Attempt | None:
    """All fixes that do not get into each other's way, at once; None if that does not hold."""
    edits: list[tuple[Document, Edit]] = []
    kept: list[Done] = []
    intents: list[Intent] = []
    for finding in todo:
        fix = _chosen(finding, unsafe=unsafe)
        if fix is None:
            continue
        try:
            own = edits_for(fix.intents)
            _apply([*edits, *own])
        except (FixError, EditError):
            continue
        edits += own
        intents += fix.intents
        kept.append(Done(finding, fix))
    if len(kept) < 2:
        return None
    try:
        changed = texts | _apply(edits)
    except EditError:
        return None
    after = scan(changed)
    if _objection(current, after, [d.finding for d in kept], intents) is not None:
        return None
    return after, changed, kept


def _first_that_holds(
    scan: Scan,
    current: Result,
    texts: dict[str, str],
    todo: list[Finding],
    refused: list[Refused],
    wanted: list[str],
    *,
    unsafe: bool,
) -> Attempt | None:
    for finding in todo:
        fix = _chosen(finding, unsafe=unsafe)
        if fix is None:
            continue
        try:
            changed = texts | _apply(edits_for(fix.intents))
        except (FixError, EditError) as error:
            refused.append(Refused(finding, fix, error.message))
            wanted.remove(finding.fingerprint)
            continue
        after = scan(changed)
        objection = _objection(current, after, [finding], fix.intents)
        if objection is not None:
            refused.append(Refused(finding, fix, objection))
            wanted.remove(finding.fingerprint)
            continue
        return after, changed, [Done(finding, fix)]
    return None


def _apply(edits: list[tuple[Document, Edit]]) -> dict[str, str]:
    by_document: dict[int, tuple[Document, list[Edit]]] = {}
    for document, edit in edits:
        by_document.setdefault(id(document), (document, []))[1].append(edit)
    return {
        document.path: apply_edits(document, sorted(own, key=_deepest_first)) for document, own in by_document.values()
    }


def _deepest_first(edit: Edit) -> tuple[int, int]:
    """Of two insertions at the same place, the one that is indented deeper belongs to the block that ends there."""
    first = next((line for line in edit.text.splitlines() if line.strip()), "")
    return edit.span.start, len(first.lstrip()) - len(first)


def _objection(before: Result, after: Result, fixed: list[Finding], intents: Sequence[Intent]) -> str | None:
    """Why a change can't be kept, or None."""
    left = {f.fingerprint for f in after.findings if f.verdict == "fail"}
    for finding in fixed:
        if finding.fingerprint in left:
            return "the finding is still there afterwards"
    known = {f.fingerprint for f in before.findings}
    for finding in after.findings:
        # What only stricter personas hear of (a new log group without a key of one's own) is no reason against a fix.
        if (
            finding.fingerprint not in known
            and finding.verdict == "fail"
            and finding.rule.persona == "regular"
            and not finding.rule.is_meta
        ):
            return f"it would bring another finding: {finding.message}"
    if len(after.gaps) > len(before.gaps):
        return f"the changed file can't be read as before: {after.gaps[-1].why}"
    return _unwanted_change(before.app, after.app, intents)


def _unwanted_change(before: App, after: App, intents: Sequence[Intent]) -> str | None:
    """A field that changed although no intent names it."""
    named = {(i.resource.kind, i.field) for i in intents if not isinstance(i, New)}
    made = {i.kind.kind for i in intents if isinstance(i, New)} | {n.kind.kind for i in intents for n in _inner(i)}
    parameters = {i.resource.address for i in intents if not isinstance(i, New) and isinstance(i.resource, Variable)}
    touched = {id(f) for i in intents if not isinstance(i, New) for f in i.resource.functions}
    names = {f.address for f in before.functions if id(f) in touched}
    lists = any(isinstance(i, Add | Remove) for i in intents)
    behind = {name for i in intents if isinstance(i, Set) for name in _parameters_behind(i)}
    records = {(r.kind, r.address): r for app in (before, after) for r in app.resources}
    for change in differences(before, after):
        if (change.kind, change.field) in named or (not change.field and change.kind in made):
            continue
        if change.kind == Variable.kind and change.field == "default" and change.address.removeprefix("var.") in behind:
            continue
        if change.kind == Other.kind and not change.field and lists:
            continue  # what is only there to put something into a list, such as the attachment of a policy
        record = records.get((change.kind, change.address))
        # What a framework makes of a function (SAM's role, its permission for an open URL) changes along with it.
        if record is not None and _is_generated(record) and names & {f.address for f in record.functions}:
            continue
        # What a parameter decides changes along with the parameter.
        if any(f"'{name}'" in change.after or f"'{name}'" in change.before for name in parameters):
            continue
        return f"it would also change `{change.field or change.kind}` of `{change.address}`"
    return None


def _parameters_behind(intent: Set) -> Iterator[str]:
    """The parameters whose defaults decide a field, which is where it is then written."""
    value = getattr(intent.resource, intent.field)
    for _, leaf in value.leaves() if isinstance(value, Value) else ():
        for via in leaf.origin.via:
            if via.input_name:
                yield via.input_name


def _inner(intent: Intent) -> list[New]:
    """New resources that an intent refers to."""
    value = getattr(intent, "value", None)
    return [value.resource] if isinstance(value, To) and isinstance(value.resource, New) else []


def _is_generated(record: Resource) -> bool:
    return bool(
        (isinstance(record, Role) and record.generated)
        or (isinstance(record, Permission) and record.generated_by)
        or (isinstance(record, Policy) and record.form == "generated")
    )
