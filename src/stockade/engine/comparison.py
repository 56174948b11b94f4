"""What changed between two states of an application, by what it means for its security.

Three questions are asked of both models: what a scan finds, what the policies allow (decided exactly, `engine.proofs`), and what
their resources hold. The first two say what opened and what closed; the rest is told as a change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from stockade.engine.findings import SEVERITIES, Finding, Result, shown_span
from stockade.engine.proofs.alike import Alike, alike_in, ours_of
from stockade.engine.proofs.proof import Part, Proof
from stockade.engine.select import domain_of
from stockade.iam.sets.clauses import shown
from stockade.model.app import App, Function, Other, Permission, Policy, Resource, Role
from stockade.model.diff import PLACES, own_fields, plain
from stockade.model.kinds.functions import EnvVar
from stockade.model.policy import Statement
from stockade.model.value import Relation, Value
from stockade.rules._base import Severity
from stockade.text.document import Span

Effect: TypeAlias = Literal["opens", "closes", "unknown", "changes"]
EFFECTS: tuple[Effect, ...] = ("opens", "closes", "unknown", "changes")
# Whose values may be secrets: that they changed is said, and nothing of what they are.
_SECRET = frozenset({"code_inline", "default", "literal", "password"})
_FEW = 6
_LONG = 80


class Shift(Struct, frozen=True, kw_only=True):
    """One thing that is not as it was.

    Attributes:
        effect: whether something opens or closes by it, can't be told any more, or is just another.
        area: the domain of the rule, "permissions" for what policies allow, or "model".
        subject: the address of what it is about.
        functions: the functions that it concerns, by address.
        message: what is so now, or of what closes, what was.
        rule: of findings, the rule's code.
        severity: of findings, how bad it is.
        span: where it is: of what closes, in the old state.
    """

    effect: Effect
    area: str
    subject: str
    message: str
    functions: tuple[str, ...] = ()
    rule: str = ""
    severity: Severity | None = None
    span: Span | None = None


class Comparison(Struct, frozen=True, kw_only=True):
    """All that changed.

    Attributes:
        old: what the old state is called.
        new: what the new state is called.
        shifts: what changed: what opens, what closes, the rest.
        before: the scan of the old state.
        after: the scan of the new state.
    """

    old: str
    new: str
    shifts: tuple[Shift, ...]
    before: Result
    after: Result

    @property
    def opens(self) -> bool:
        """Whether something opens."""
        return any(shift.effect == "opens" for shift in self.shifts)


def compare(before: Result, after: Result, old: str, new: str) -> Comparison:
    """What changed from one scan of an application to another; formats may differ."""
    from stockade.engine.proofs.trees import compared

    alike = alike_in(before.app, after.app)
    shifts = [
        *_findings(before, after, alike),
        *_permissions(compared(before.app, after.app, old, new), "opens", after.app),
        *_permissions(compared(after.app, before.app, new, old), "closes", before.app),
        *_model(before.app, after.app, alike),
    ]
    order = {effect: number for number, effect in enumerate(EFFECTS)}
    shifts.sort(key=lambda shift: order[shift.effect])
    return Comparison(old=old, new=new, shifts=tuple(shifts), before=before, after=after)


# ------------------------------------------------------------------------------------------------------------ findings


def _findings(before: Result, after: Result, alike: Alike) -> Iterator[Shift]:
    """Findings that are there on one side alone: counted, since several may be told alike."""
    was = [(_mark(each, alike, old=True), each) for each in before.visible]
    now = [(_mark(each, alike, old=False), each) for each in after.visible]
    left = [_unmatched(now, was), _unmatched(was, now)]
    worse = {_question(each): SEVERITIES.index(each.severity) for each in left[0]}
    better = {_question(each): SEVERITIES.index(each.severity) for each in left[1]}
    for finding in left[0]:
        if finding.verdict == "unsure":
            if _question(finding) not in better:
                yield _of_finding(finding, "unknown")
        elif worse[_question(finding)] < better.get(_question(finding), len(SEVERITIES)):
            yield _of_finding(finding, "opens")
    for finding in left[1]:
        if finding.verdict == "fail" and better[_question(finding)] < worse.get(_question(finding), len(SEVERITIES)):
            yield _of_finding(finding, "closes")


_Marked: TypeAlias = list[tuple[tuple[str, ...], Finding]]


def _unmatched(those: _Marked, others: _Marked) -> list[Finding]:
    """The findings of one side that the other has not, each matched once."""
    left = Counter(mark for mark, _ in others)
    found = []
    for mark, finding in those:
        if left[mark] > 0:
            left[mark] -= 1
        else:
            found.append(finding)
    return found


def _mark(finding: Finding, alike: Alike, *, old: bool) -> tuple[str, ...]:
    """What tells a finding from others, also where a line or a file is another; of two formats, its functions."""
    if alike:
        side = 0 if old else 1
        named = {keys[side]: name for name, keys in alike.items()}
        subjects = sorted(named.get(each.key, each.address) for each in finding.functions or (finding.subject,))
        return finding.rule.code, finding.verdict, *subjects
    return finding.rule.code, finding.verdict, finding.subject.kind, finding.subject.address, finding.evidence


def _question(finding: Finding) -> tuple[str, str]:
    """What two findings share of which one says the other in another way: one of them tells, if it is worse than the other."""
    return finding.rule.code, finding.subject.address


def _of_finding(finding: Finding, effect: Effect) -> Shift:
    return Shift(
        effect=effect,
        area=domain_of(finding.rule),
        subject=finding.subject.address,
        functions=tuple(str(function) for function in finding.functions),
        message=finding.message,
        rule=finding.rule.code,
        severity=finding.severity,
        span=finding.span,
    )


# --------------------------------------------------------------------------------------------------------- permissions


def _permissions(proof: Proof, effect: Effect, app: App) -> Iterator[Shift]:
    """What policies allow on one side alone."""
    by_address = {resource.address: resource for resource in app.resources}
    for item in proof.items:
        subject = item.question.removesuffix(" allows nothing new")
        resource = by_address.get(subject)
        functions = tuple(str(each) for each in resource.functions) if resource is not None else ()
        if item.verdict == "unknown" and effect == "opens":
            yield Shift(
                effect="unknown",
                area="permissions",
                subject=subject,
                functions=functions,
                message=item.why or item.question,
            )
        for part in item.parts if item.verdict == "refuted" else ():
            if _is_given(part):
                continue
            yield Shift(
                effect=effect,
                area="permissions",
                subject=subject,
                functions=functions,
                message=f"{subject} {_verb(part, effect)} {_what(part)}{_by(part)}",
            )


def _is_given(part: Part) -> bool:
    """Whether it is that Lambda may take a role, as it does of every function."""
    element = part.statement.most.get("Principal")
    return isinstance(element, dict) and element.get("Service") in ("lambda.amazonaws.com", ["lambda.amazonaws.com"])


def _verb(part: Part, effect: Effect) -> str:
    """What a holder of permissions does, or what lets others do something."""
    guards = "Principal" in part.statement.most or "NotPrincipal" in part.statement.most
    if effect == "opens":
        return "allows" if guards else "may do"
    return "no longer allows" if guards else "may no longer do"


def _what(part: Part) -> str:
    """What may be done, on what and by whom."""
    statement = part.statement.most
    text = _few(part.examples or part.actions) or "every action that it does not leave out"
    if part.resources or "NotResource" in statement:
        text += f" on {_few(part.resources) or 'every resource that it does not leave out'}"
    element = statement.get("Principal")
    who = [element] if isinstance(element, str) else [n for names in (element or {}).values() for n in _listed(names)]
    text += f" to {_few(tuple(shown(str(each)) for each in who))}" if who else ""
    text += "" if part.whole or part.examples else " (in part)"
    return text + (" under a condition" if part.conditions else "")


def _listed(names: object) -> list[object]:
    return names if isinstance(names, list) else [names]


def _by(part: Part) -> str:
    return f", by {part.statement.name}" if part.statement.name else ""


def _few(texts: tuple[str, ...]) -> str:
    shown = [f"`{text}`" for text in texts[:_FEW]]
    more = len(texts) - _FEW
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


# --------------------------------------------------------------------------------------------------------------- model


def _model(old: App, new: App, alike: Alike) -> Iterator[Shift]:
    """Resources that came and went, and the fields that hold something else; of policies, the permissions tell."""
    after = {resource.key: resource for resource in new.resources}
    kept = {each.key for each in old.functions} & {each.key for each in new.functions}
    for before in old.resources:
        found = after.pop(before.key, None) or after.pop(ours_of(before.key, alike), None)
        if isinstance(before, _TOLD_ELSEWHERE) or (alike and not isinstance(before, Function)):
            continue  # formats say different things of the same
        if found is None or type(found) is not type(before):
            if _tells(before, kept):
                yield _shift(before, f"the {_kind(before)} is gone")
            continue
        if not alike:
            yield from _fields(before, found)
    for added in after.values():
        if (
            not isinstance(added, _TOLD_ELSEWHERE)
            and (not alike or isinstance(added, Function))
            and _tells(added, kept)
        ):
            yield _shift(added, f"a new {_kind(added)}{_invoked(added)}")


# Policies are told by what they allow; what the model does not look into says nothing.
_TOLD_ELSEWHERE = (Policy, Permission, Other)


def _tells(resource: Resource, kept: set[str]) -> bool:
    """Whether it says something that a resource came or went: not with the function that it belongs to."""
    own = resource.functions
    return isinstance(resource, Function) or not own or any(each.key in kept for each in own)


def _shift(resource: Resource, message: str) -> Shift:
    return Shift(
        effect="changes",
        area="model",
        subject=resource.address,
        functions=tuple(str(each) for each in resource.functions),
        message=message,
        span=shown_span(resource.origin),
    )


def _kind(resource: Resource) -> str:
    return resource.kind.replace("-", " ")


def _invoked(resource: Resource) -> str:
    """How a new function is invoked."""
    if not isinstance(resource, Function) or not resource.invokers.items:
        return ""
    ways = dict.fromkeys(f"{each.via}{' (public)' if each.public.is_yes else ''}" for each in resource.invokers)
    return f", invoked by {', '.join(ways)}"


def _fields(before: Resource, after: Resource) -> Iterator[Shift]:
    left, right = own_fields(before), own_fields(after)
    for name in type(before).__struct_fields__:
        if name in PLACES or name not in left or left[name] == right.get(name):
            continue
        if isinstance(before, Role) and name in {"inline", "managed", "boundary"}:
            continue  # the permissions tell
        old, new = getattr(before, name), getattr(after, name)
        if _holds_statements(old) or _holds_statements(new):
            continue
        yield _shift(after, f"{_kind(after)}: {name.strip('_').replace('_', ' ')} {_change(name, old, new)}")


def _holds_statements(value: object) -> bool:
    return isinstance(value, Relation) and any(isinstance(each, Statement) for each in value.items)


def _change(name: str, old: object, new: object) -> str:
    """What a field held, and what it holds."""
    if name in _SECRET:
        return "is another"
    if isinstance(old, Value) and isinstance(new, Value):
        return f"is {_short(new)}, and was {_short(old)}"
    if isinstance(old, Relation) and isinstance(new, Relation):
        return _members(old, new)
    return "is another"


def _short(value: Value[Any]) -> str:
    text = value.show()
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"


def _members(old: Relation[Any], new: Relation[Any]) -> str:
    """What came to a list and what went from it; of variables, only the names."""
    was, now = ({repr(plain(each)): each for each in relation} for relation in (old, new))
    came = [_named(each) for mark, each in now.items() if mark not in was]
    went = [_named(each) for mark, each in was.items() if mark not in now]
    both = [name for name in came if name in went]
    parts = [
        f"{word} {_few(tuple(dict.fromkeys(names)))}"
        for word, names in (
            ("has", [name for name in came if name not in both]),
            ("has no longer", [name for name in went if name not in both]),
            ("has another value of", both),
        )
        if names
    ]
    return ", ".join(parts) or "is not known as before"


def _named(member: object) -> str:
    """What a member of a list is called: by the first of the fields that tell it."""
    if isinstance(member, EnvVar):
        return member.name
    told = (
        member
        if isinstance(member, Value)
        else next(
            (found for field in ("name", "key", "arn") if (found := getattr(member, field, None)) is not None), None
        )
    )
    return told.show() if isinstance(told, Value) else str(told or type(member).__name__)
