"""What the rules about faults in policies share: the faults of every execution role, found once, and how they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from stockade.model.app import App, EventSource, Policy, Role
from stockade.model.intent import Fix, Rewrite
from stockade.model.policy import Fault, PolicyType, Statement, Statements
from stockade.model.value import NO, Doubt, File, Origin, Tri, given, yes
from stockade.rules._base import HIGH, LOW, Label, Outcome, Severity, found
from stockade.rules._words import is_made
from stockade.rules.identity._roles import elsewhere, names

APPLIES = "has no execution role in the scanned code"


_WORDS = {
    "kinesis": "stream",
    "dynamodb": "stream",
    "sqs": "queue",
    "msk": "cluster",
    "mq": "broker",
    "documentdb": "cluster",
}


class Flaw(Struct, frozen=True, eq=False):
    """A fault in a policy of execution roles, or in the trust policy of one."""

    subject: Policy | Role
    roles: tuple[Role, ...]
    fault: Fault
    denies: bool

    by: str = (
        ""  # where the text is that a framework made it of, as the place of a sentence; empty where it is the policy
    )

    @property
    def where(self) -> str:
        """The policy, as the place of a sentence."""
        return self.by or where(self.subject, self.roles)


def where(subject: Policy | Role, roles: tuple[Role, ...]) -> str:
    """A policy of some roles, or the trust policy of one, as the place of a sentence."""
    what = "in the trust policy of" if isinstance(subject, Role) else "in the permissions of"
    return f"{what} {names(subject.functions or tuple(f for role in roles for f in role.functions))}"


class _Survey(Struct, frozen=True, eq=False):
    flaws: tuple[Flaw, ...]
    policies: tuple[tuple[Policy, tuple[Role, ...]], ...]
    unseen: tuple[tuple[Role, tuple[Doubt, ...]], ...]
    roles: tuple[Role, ...]
    read: dict[tuple[str, int], str]


@lru_cache(maxsize=1)
def _survey(app: App) -> _Survey:
    """Every fault of every execution role. The last application is kept, since every rule asks."""
    roles = tuple(role for role in app.roles if role.functions)
    flaws: list[Flaw] = []
    unseen: list[tuple[Role, tuple[Doubt, ...]]] = []
    holders: dict[int, tuple[Policy, list[Role]]] = {}
    for role in roles:
        for policy in role.policies:
            # What a framework or one of its templates writes is not the user's to mend.
            if policy.form not in {"generated", "connector", "template"}:
                holders.setdefault(id(policy), (policy, []))[1].append(role)
        if not role.generated and isinstance(role.trust, Statements):
            flaws += _flaws(role, (role,), role.trust, "trust")
        doubts = [d for policy in role.policies for d in policy.statements.gaps]
        if doubts or role.policies.gaps or role.trust.gaps:
            every = (*role.policies.gaps, *doubts, *role.trust.gaps)
            unseen.append((role, tuple({doubt.why: doubt for doubt in every}.values())))
    read = _read(app)
    for policy, own in holders.values():
        if isinstance(policy.statements, Statements):
            for flaw in _flaws(policy, tuple(own), policy.statements, policy.policy_type):
                by = read.get(_spot(flaw.fault.origin), "") if is_made(policy) else ""
                flaws.append(replace(flaw, by=by) if by else flaw)
    policies = tuple((policy, tuple(own)) for policy, own in holders.values())
    return _Survey(tuple(flaws), policies, tuple(unseen), roles, read)


def policies(app: App) -> tuple[tuple[Policy, tuple[Role, ...]], ...]:
    """The policies of every execution role, but for what a framework makes, each with the roles that it is attached to."""
    return _survey(app).policies


def faulty(app: App) -> frozenset[int]:
    """By their `id()`, the statements of whose resources another rule tells."""
    return frozenset(id(flaw.fault.statement) for flaw in _survey(app).flaws if _is_of_resource(flaw.fault))


def is_by_framework(app: App, policy: Policy, statement: Statement) -> bool:
    """Whether a framework made a statement of the ARN of what a function reads from."""
    named = statement.resources
    leaves = [leaf for value in named for _, leaf in value.leaves()] if named is not None and is_made(policy) else []
    read = _survey(app).read
    return any(_spot(leaf.origin) in read for leaf in leaves)


def _is_of_resource(fault: Fault) -> bool:
    named = fault.statement.resources if fault.statement is not None else None
    leaves = (leaf for value in named for _, leaf in value.leaves()) if named is not None else ()
    return any(_spot(leaf.origin) == _spot(fault.origin) for leaf in leaves)


def _read(app: App) -> dict[tuple[str, int], str]:
    """By where it is written, whose event says it: a framework makes permissions of the ARNs of what functions read from."""
    found: dict[tuple[str, int], str] = {}
    for source in app.of(EventSource):
        what = next((word for name, word in _WORDS.items() if source.service.is_(name).is_yes), "source")
        texts = (
            (source.source_arn, f"the {what} that `{source.function}` reads from"),
            (source.on_failure, f"the destination of what `{source.function}` fails on"),
        )
        for value, words in texts:
            if source.function is not None and value.is_set().is_yes:
                found.setdefault(_spot(value.origin), f"in the ARN of {words}")
    return found


def _spot(origin: Origin) -> tuple[str, int]:
    return (origin.path, origin.span.start) if isinstance(origin, File) else ("", -1)


def _flaws(
    subject: Policy | Role, roles: tuple[Role, ...], statements: Statements, type_: PolicyType
) -> Iterator[Flaw]:
    from stockade.iam.validate import validate  # of no use where no policy is

    denials = [s for s in statements if not s.effect.is_("Allow").is_yes]
    for fault in validate(statements, type_, brief=True):
        own = fault.statement
        # What a reader found knows no statement. Where one is known, its place says nothing: a caller may have given the text.
        denies = any(s is own for s in denials) if own is not None else any(_within(fault, s.origin) for s in denials)
        yield Flaw(subject, roles, fault, denies)


def _within(fault: Fault, origin: object) -> bool:
    """Whether a fault lies in the block of a statement."""
    inner, outer = getattr(fault.origin, "span", None), getattr(origin, "span", None)
    return inner is not None and outer is not None and outer.covers(inner)


def _fix(flaw: Flaw, help_: str) -> Fix:
    """What was meant, in the place of what is there, where that is known."""
    fault = flaw.fault
    if fault.instead is None or flaw.by:
        return Fix.advice(help_)
    field = "trust" if isinstance(flaw.subject, Role) else "statements"
    return Fix.unsafe(
        f"write `{fault.instead}`",
        Rewrite(flaw.subject, field, fault.origin, fault.instead),
        why="it is what was most likely meant, and counts from then on",
    )


Grade = Callable[[Flaw], Severity]


def worse_if_denied(severity: Severity) -> Grade:
    """A denial that is void is worse than a permission that is; not where what was meant stands beside it."""
    return lambda flaw: LOW if flaw.fault.harmless else HIGH if flaw.denies else severity


def as_it_says(flaw: Flaw) -> str:
    """What the fault itself says to do."""
    return flaw.fault.help


def tell(app: App, ids: Iterable[str], grade: Grade, advise: Callable[[Flaw], str] = as_it_says) -> Iterator[Outcome]:
    """The outcomes of a rule: one for each fault with one of these ids, and for what is in order or can't be told."""
    wanted = frozenset(ids)
    known = _survey(app)
    guilty: set[int] = set()
    for flaw in known.flaws:
        fault = flaw.fault
        if fault.id not in wanted:
            continue
        guilty |= {id(role) for role in flaw.roles}
        help_ = advise(flaw)
        yield from found(
            given(flaw.subject.exists, given(fault.when, yes(fault.origin))),
            subject=flaw.subject,
            at=fault.origin,
            severity=grade(flaw),
            message=f"{flaw.where}, {fault.message}",
            help=help_,
            fix=_fix(flaw, help_ or "correct it"),
            persona="pedantic" if fault.unfilled else None,
            related=tuple(Label(remark.origin, remark.text) for remark in fault.related),
            evidence=f"{fault.id} {fault.message}",
        )
    yield from others(app, guilty)


def others(app: App, guilty: set[int]) -> Iterator[Outcome]:
    """Outcomes for the roles without a fault: fine, or not wholly known; and for functions whose role is elsewhere."""
    known = _survey(app)
    for role, doubts in known.unseen:
        if id(role) not in guilty:
            message = f"a part of the policies of {names(role.functions)} is wrong"
            yield from found(Tri("maybe", (role.origin,), doubts), subject=role, message=message, evidence="unseen")
    hidden = {id(role) for role, _ in known.unseen}
    for role in known.roles:
        if id(role) not in guilty and id(role) not in hidden:
            yield from found(NO, subject=role, message="")
    yield from elsewhere(app, "may have a policy with a fault")
