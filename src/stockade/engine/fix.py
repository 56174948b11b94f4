"""Carries out fixes, each only if it holds what it promises.

A fix is edits to source text. They are applied to a copy, the copy is lowered again and scanned again, and the fix is kept only
if its finding is gone, no other finding has come, and no field of the model changed but those that the fix names, of the
resources that it names, in the cases in which they were wrong. Fixes are first tried all together; when that does not hold,
one by one, so that one refused fix does not cost the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from stockade.engine.change import Change, Done, Refused
from stockade.engine.findings import Finding, Result
from stockade.engine.offers import Field, Offers, is_generated
from stockade.errors import EditError
from stockade.model.app import App, Other, Policy, Resource, StateMachine, Variable
from stockade.model.diff import Difference, changed_cases, differences, placeless
from stockade.model.intent import Add, Fix, Intent, New, Remove, Set, To
from stockade.model.kinds.faults import FAULTS
from stockade.model.value import File, Value, When, conjoin, remaining
from stockade.text.document import Document
from stockade.text.edits import Edit, apply_edits, deepest_first

Scan = Callable[[dict[str, str]], Result]
MAX_ROUNDS = 40


def fix_all(scan: Scan, findings: Sequence[Finding], start: Result, *, unsafe: bool) -> Change:
    """Carry out the first fix of every finding that has one of an allowed safety."""
    before: dict[str, Document] = {s.document.path: s.document for s in start.app.sources}
    offers = Offers(start)
    names = _names(start)
    wanted: list[_Name] = []
    refused: list[Refused] = []
    for finding in findings:
        own = finding.fixes[0] if finding.fixes else None
        fix = offers.first(finding)
        if own is None or fix is None or own.safety == "advice":
            continue
        if fix.safety == "advice":
            refused.append(Refused(finding, own, fix.why))
        elif fix.safety == "unsafe" and not unsafe:
            refused.append(Refused(finding, fix, f"it is unsafe: {fix.why} (carry it out with --unsafe)"))
        else:
            wanted.append(names[finding.fingerprint])
    done: list[Done] = []
    texts: dict[str, str] = {}
    current = start
    for _ in range(MAX_ROUNDS):
        names = _names(current)
        todo = [f for f in current.shown if names[f.fingerprint] in wanted]
        if not todo:
            break
        offers = Offers(current) if current is not start else offers
        attempt = _together(scan, offers, texts, todo, unsafe=unsafe)
        if attempt is None:
            attempt = _first_that_holds(scan, offers, texts, todo, refused, wanted, unsafe=unsafe)
        if attempt is None:
            break
        after, texts, kept = attempt
        done += kept
        mended = [names[item.finding.fingerprint] for item in kept]
        left = Counter(name.alike for name in _failing(after))
        # What one edit mends of several findings is mended for each.
        along = [w for w in wanted if w not in mended and not left[w.alike]]
        done += [
            Done(f, fix)
            for f in todo
            if names[f.fingerprint] in along and (fix := _chosen(offers, f, unsafe=unsafe)) is not None
        ]
        wanted = [_renumbered(w, mended) for w in wanted if w not in mended and w not in along]
        current = after
    return Change(before=before, after=texts, done=tuple(done), refused=tuple(refused), result=current)


class _Name(Struct, frozen=True):
    """A finding's name that stays the same while others of its fingerprint, in other files, are mended: those are numbered."""

    print: str
    path: str
    number: int  # among those of its file

    @property
    def alike(self) -> tuple[str, str]:
        """What those that differ by their number only have in common."""
        return self.print, self.path


def _names(result: Result) -> dict[str, _Name]:
    """The names of findings, by their fingerprints."""
    seen: Counter[tuple[str, str]] = Counter()
    found: dict[str, _Name] = {}
    for finding in sorted(result.findings, key=lambda f: _number(f.fingerprint)):
        path = span.doc.path if (span := finding.span) is not None else ""
        alike = (finding.fingerprint.partition("-")[0], path)
        found[finding.fingerprint] = _Name(*alike, seen[alike])
        seen[alike] += 1
    return found


def _number(fingerprint: str) -> int:
    return int(fingerprint.partition("-")[2] or 1)


def _failing(result: Result) -> list[_Name]:
    names = _names(result)
    return [names[f.fingerprint] for f in result.findings if f.verdict == "fail"]


def _renumbered(name: _Name, gone: Sequence[_Name]) -> _Name:
    """A name once others that differ by their number only are gone."""
    before = sum(1 for other in gone if other.alike == name.alike and other.number < name.number)
    return _Name(name.print, name.path, name.number - before)


def _chosen(offers: Offers, finding: Finding, *, unsafe: bool) -> Fix | None:
    fix = offers.first(finding)
    return fix if fix is not None and fix.safety in ({"safe", "unsafe"} if unsafe else {"safe"}) else None


Attempt = tuple[Result, dict[str, str], list[Done]]


def _together(
    scan: Scan, offers: Offers, texts: dict[str, str], todo: list[Finding], *, unsafe: bool
) -> Attempt | None:
    """All fixes that do not get into each other's way, at once; None if that does not hold."""
    edits: list[tuple[Document, Edit]] = []
    kept: list[Done] = []
    for finding in todo:
        fix = _chosen(offers, finding, unsafe=unsafe)
        if fix is None:
            continue
        own = list(offers.edits(finding))
        try:
            _apply([*edits, *own])
        except EditError:
            continue
        edits += own
        kept.append(Done(finding, fix))
    if len(kept) < 2:
        return None
    changed = texts | _apply(edits)
    after = scan(changed)
    if _objection(offers, after, kept) is not None:
        return None
    return after, changed, kept


def _first_that_holds(
    scan: Scan,
    offers: Offers,
    texts: dict[str, str],
    todo: list[Finding],
    refused: list[Refused],
    wanted: list[_Name],
    *,
    unsafe: bool,
) -> Attempt | None:
    names = _names(offers.result)
    for finding in todo:
        fix = _chosen(offers, finding, unsafe=unsafe)
        if fix is None:
            # What came before has changed what can be written.
            now = offers.first(finding) or finding.fixes[0]
            refused.append(Refused(finding, finding.fixes[0], now.why))
            wanted.remove(names[finding.fingerprint])
            continue
        changed = texts | _apply(list(offers.edits(finding)))
        after = scan(changed)
        kept = Done(finding, fix)
        objection = _objection(offers, after, [kept])
        if objection is not None:
            refused.append(Refused(finding, fix, objection))
            wanted.remove(names[finding.fingerprint])
            continue
        return after, changed, [kept]
    return None


def _apply(edits: list[tuple[Document, Edit]]) -> dict[str, str]:
    by_document: dict[int, tuple[Document, list[Edit]]] = {}
    for document, edit in edits:
        by_document.setdefault(id(document), (document, []))[1].append(edit)
    return {
        document.path: apply_edits(document, sorted(own, key=deepest_first)) for document, own in by_document.values()
    }


def _objection(offers: Offers, after: Result, kept: list[Done]) -> str | None:
    """Why a change can't be kept, or None."""
    before = offers.result
    names = _names(before)
    had = Counter(name.alike for name in _failing(before))
    left = Counter(name.alike for name in _failing(after))
    mended = Counter(names[item.finding.fingerprint].alike for item in kept)
    if any(left[alike] > had[alike] - count for alike, count in mended.items()):
        return "the finding is still there afterwards"
    known = Counter(name.alike for name in names.values())
    named = _names(after)
    for finding in after.findings:
        alike = named[finding.fingerprint].alike
        known[alike] -= 1
        # What only stricter personas hear of (a new log group without a key of one's own) is no reason against a fix.
        if known[alike] < 0 and finding.verdict == "fail" and finding.persona == "regular" and not finding.rule.is_meta:
            return f"it would bring another finding: {finding.message}"
    if len(after.gaps) > len(before.gaps):
        return f"the changed file can't be read as before: {after.gaps[-1].why}"
    intents = [intent for item in kept for intent in item.fix.intents]
    edits = [edit for item in kept for _, edit in offers.edits(item.finding)]
    return _unwanted_change(before.app, after.app, intents, offers.meant([item.finding for item in kept]), edits)


def _unwanted_change(
    before: App,
    after: App,
    intents: Sequence[Intent],
    meant: Mapping[Field, tuple[When, ...] | None],
    edits: Sequence[Edit],
) -> str | None:
    """A field that changed although no intent names it, or in a case in which nothing was wrong with it."""
    made = {i.kind.kind for i in intents if isinstance(i, New)} | {n.kind.kind for i in intents for n in _inner(i)}
    parameters = {i.resource.address for i in intents if not isinstance(i, New) and isinstance(i.resource, Variable)}
    touched = {id(f) for i in intents if not isinstance(i, New) for f in i.resource.functions}
    keys = {f.key for f in before.functions if id(f) in touched}  # an address may be that of functions of several roots
    own_roles = _roles_of_machines(intents)
    adds, removes = (any(isinstance(i, kind) for i in intents) for kind in (Add, Remove))
    sets = any(isinstance(i, Set) for i in intents)
    for change in differences(before, after):
        if change.kind in FAULTS:  # a new one is a finding, which is asked for before
            continue
        there = change.after == "there"
        if not change.field and there and change.kind in made:
            continue
        if (change.kind, change.key, change.field) in meant:
            if _only_where_wrong(before, after, change, meant[change.kind, change.key, change.field]):
                continue
            return f"it would also change `{change.field}` of `{change.address}` where nothing is wrong with it"
        # The default of a parameter may be where a field is written; what else it decides is seen there.
        if change.kind == Variable.kind and change.field == "default" and _holds(before.get(change.key), edits):
            continue
        # What is only there to put something into a list, or to say a field: the attachment of a policy, the settings of a
        # stage.
        if change.kind == Other.kind and not change.field and ((adds or sets) if there else removes):
            continue
        # What SAM makes of a list is named by its number in it.
        if (
            change.kind == Policy.kind
            and change.field == "name"
            and any(isinstance(i, Remove) and change.address.startswith(f"{i.resource.address}/") for i in intents)
        ):
            continue
        # A rule of a security group that is a resource of its own goes as a whole.
        if not change.field and not there and any(_is_part(before.get(change.key), i) for i in intents):
            continue
        record = after.get(change.key) or before.get(change.key)
        # What a framework makes of a function (SAM's role, its permission for an open URL) changes along with it.
        along = record is not None and (is_generated(record) or _is_in_generated(record))
        if along and record is not None and keys & {f.key for f in record.functions}:
            continue
        if along and own_roles & ({change.key} | {r.key for r in getattr(record, "attached_to", ())}):
            continue
        # What a parameter decides changes along with the parameter.
        if any(f"'{name}'" in change.after or f"'{name}'" in change.before for name in parameters):
            continue
        return f"it would also change `{change.field or change.kind}` of `{change.address}`"
    return None


def _roles_of_machines(intents: Sequence[Intent]) -> set[str]:
    """The roles of state machines that intents are about: SAM lets those that it makes do what the settings take."""
    machines = [i.resource for i in intents if not isinstance(i, New) and isinstance(i.resource, StateMachine)]
    return {machine.execution_role.key for machine in machines if machine.execution_role is not None}


def _only_where_wrong(before: App, after: App, change: Difference, bad: tuple[When, ...] | None) -> bool:
    """Whether a field changed in no other cases than those in which it was wrong."""
    old, new = before.get(change.key), after.get(change.key)
    if bad is None or old is None or new is None:
        return True
    left, right = getattr(old, change.field), getattr(new, change.field)
    if not isinstance(left, Value) or not isinstance(right, Value):
        return True
    known = placeless(bad)
    return not remaining(
        [
            both
            for case in changed_cases(left, right)
            if (both := conjoin(case, placeless([old.exists])[0])) is not None
        ],
        known,
    )


def _is_in_generated(record: Resource) -> bool:
    """Whether a policy stands in a role that a framework makes, which lets functions do what their settings take."""
    return isinstance(record, Policy) and bool(record.attached_to) and all(r.generated for r in record.attached_to)


def _is_part(resource: Resource | None, intent: Intent) -> bool:
    """Whether a resource is what an intent removes from the list of another one."""
    if resource is None or not isinstance(intent, Remove):
        return False
    removed = intent.origin
    return (
        isinstance(removed, File)
        and isinstance(resource.origin, File)
        and removed.span.doc.path == resource.origin.span.doc.path
        and resource.origin.span.covers(removed.span)
    )


def _holds(resource: Resource | None, edits: Sequence[Edit]) -> bool:
    """Whether one of the edits is in the text of a resource."""
    origin = resource.origin if resource is not None else None
    return isinstance(origin, File) and any(
        edit.span.doc.path == origin.path and origin.span.covers(edit.span) for edit in edits
    )


def _inner(intent: Intent) -> list[New]:
    """New resources that an intent refers to."""
    value = getattr(intent, "value", None)
    return [value.resource] if isinstance(value, To) and isinstance(value.resource, New) else []
