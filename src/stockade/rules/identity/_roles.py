"""What the rules of this folder share: execution roles and what is wrong in their statements, judged once; words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from stockade.iam.conditions import only_forwarded
from stockade.iam.managed import Attached, attached
from stockade.iam.statements import Charge, Concern, judge
from stockade.knowledge.sam import policy_template
from stockade.model.app import App, Function, MicrovmImage, Policy, Role, WebRevision
from stockade.model.intent import Fix
from stockade.model.value import NO, Doubt, Tri
from stockade.rules._base import Label, Outcome, Severity, found
from stockade.rules._words import is_made, join

if TYPE_CHECKING:
    from stockade.iam.effective import Effective

APPLIES = "has no execution role in the scanned code"
# Of what a wildcard takes in, what messages count; it takes in harmless reads beside.
GRAVE = "that change something or give away secrets"
_ORDER: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")


class Fault(Struct, frozen=True, eq=False):
    """One charge against a policy of execution roles."""

    policy: Policy
    roles: tuple[Role, ...]
    charge: Charge

    @property
    def who(self) -> str:
        """The functions that may do it, as the subject of a sentence."""
        return who(self.policy.functions, self.roles)

    def told(self, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
        """What a rule says of it; in other words, where the functions can do it only by way of another service."""
        forwarded = only_forwarded(self.charge.statement).is_yes
        for outcome in outcomes:
            if forwarded:
                message = f"{outcome.message}, but only through another AWS service"
                yield replace(outcome, message=message, persona="pedantic")
            else:
                yield outcome

    @property
    def resource_label(self) -> tuple[Label, ...]:
        """The place of the resource, where the finding points at the action."""
        at = self.charge.resource_at
        return (Label(at, "on these resources"),) if at is not None and at is not self.charge.at else ()

    @property
    def action_label(self) -> tuple[Label, ...]:
        """The place of the action, where the finding points at the resource."""
        at = self.charge.resource_at
        return (Label(self.charge.at, "for these actions"),) if at is not None and at is not self.charge.at else ()


class Unseen(Struct, frozen=True, eq=False):
    """Why an execution role is not wholly known; `attached`: why more policies may be attached to it than are known."""

    role: Role
    doubts: tuple[Doubt, ...]
    attached: tuple[Doubt, ...]


class Survey(Struct, frozen=True, eq=False):
    """Every execution role of an application.

    Attributes:
        roles: they.
        faults: what is wrong with their statements.
        taken_back: roles whose denials or boundary take back all that would be a fault.
        unseen: why some are not wholly known.
        attached: AWS's policies, with whom they are attached to.
    """

    roles: tuple[Role, ...]
    faults: dict[Concern, tuple[Fault, ...]]
    taken_back: dict[Concern, tuple[Role, ...]]
    unseen: tuple[Unseen, ...]
    attached: tuple[tuple[Role, Attached], ...]


@lru_cache(maxsize=1)
def survey(app: App) -> Survey:
    """What is wrong with the statements of all execution roles. The last application is kept, since every rule asks."""
    # What else Lambda runs has a role too: web functions, and images of MicroVMs while they are built.
    beside = {id(revision.execution_role) for revision in app.of(WebRevision)}
    beside |= {id(image.execution_role) for image in app.of(MicrovmImage)}
    roles = tuple(role for role in app.roles if role.functions or id(role) in beside)
    faults: dict[Concern, list[Fault]] = {}
    holders: dict[int, tuple[Policy, list[Role]]] = {}
    doubts: dict[int, list[Doubt]] = {id(role): [] for role in roles}
    hidden: dict[int, list[Doubt]] = {id(role): list(role.policies.gaps) for role in roles}
    managed: list[tuple[Role, Attached]] = []
    back: dict[Concern, list[Role]] = defaultdict(list)
    taken = _Taken(app)
    for role in roles:
        for policy in role.policies:
            holders.setdefault(id(policy), (policy, []))[1].append(role)
        for value in role.managed:
            for one in attached(value):
                if one.policy is None and not _declared(app, one):
                    hidden[id(role)].append(one.why)
                elif one.policy is not None:
                    managed.append((role, one))
    for policy, holding in holders.values():
        own = list(policy.statements.gaps)
        if policy.form in {"generated", "connector"}:
            continue
        for statement in policy.statements:
            judged = judge(statement, app)
            own += judged.doubts
            for charge in judged.charges:
                if _is_given(policy, charge):
                    continue
                if all(taken(role, charge) for role in holding):
                    back[charge.concern] += holding
                else:
                    faults.setdefault(charge.concern, []).append(Fault(policy, tuple(holding), charge))
        for role in holding:
            doubts[id(role)] += own
    unseen = tuple(
        Unseen(role, _each_once([*attached_, *doubts[id(role)]]), _each_once(attached_))
        for role in roles
        if (attached_ := hidden[id(role)]) or doubts[id(role)]
    )
    return Survey(
        roles,
        {concern: tuple(found_) for concern, found_ in faults.items()},
        {concern: tuple(found_) for concern, found_ in back.items()},
        unseen,
        tuple(managed),
    )


class _Taken:
    """Says whether a role's denials or its boundary take back all that a charge is about."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.may: dict[int, bool] = {}
        self.effective: Effective | None = None

    def __call__(self, role: Role, charge: Charge) -> bool:
        if not self.may.setdefault(id(role), _may_take_back(role)):
            return False
        if self.effective is None:
            from stockade.iam.effective import Effective  # few roles need the engine, which takes a while to load

            self.effective = Effective(self.app)
        return self.effective.is_void(role, charge.statement, charge.named)


def _may_take_back(role: Role) -> bool:
    if not role.boundary.is_set().is_no:
        return True
    return any(not each.effect.is_("Deny").is_no for policy in role.policies for each in policy.statements)


def _each_once(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    return tuple({doubt.why: doubt for doubt in doubts}.values())


def _declared(app: App, one: Attached) -> bool:
    """Whether a policy that is not AWS's is one of the application's own, whose statements are looked at as such."""
    return any(isinstance(app.get(reference.target), Policy) for _, reference in one.leaf.references())


def _is_given(policy: Policy, charge: Charge) -> bool:
    """Whether it is SAM's policy template that says so, and not what the author put into it."""
    known = policy_template(policy.template) if policy.template else None
    if known is None:
        return False
    fixed: set[str] = set()
    for row in known.statements:
        actions = row.get("Action")
        if not _has_hole(row.get("Resource")):
            fixed |= {str(action) for action in (actions if isinstance(actions, list) else [actions])}
    return fixed.issuperset(charge.patterns) or charge.concern in {"service-wildcard", "action-wildcard"}


def _has_hole(node: object) -> bool:
    """Whether the author of a template fills in a part of this."""
    if isinstance(node, dict):
        return any((key == "Ref" and "::" not in str(value)) or _has_hole(value) for key, value in node.items())
    return isinstance(node, list | tuple) and any(map(_has_hole, node))


Tell = Callable[[Fault], Iterator[Outcome]]


def tell(app: App, concerns: Iterable[Concern], one: Tell, fine: str) -> Iterator[Outcome]:
    """The outcomes of a rule about statements: one for each fault, and for what is in order or can't be told.

    `fine` says why a role without a fault passes.
    """
    known = survey(app)
    guilty: set[int] = set()
    for concern in concerns:
        for fault in known.faults.get(concern, ()):
            guilty |= {id(role) for role in fault.roles}
            yield from fault.told(one(fault))
        yield from consequences(app, concern, guilty)
    yield from others(app, guilty, fine, concerns)


_TAKEN_BACK = "what its statements allow of it is taken back by its own denials or its permissions boundary"


# Which rule tells of the causes that have others as their consequence.
_CAUSES: dict[Concern, str] = {
    "not-element": "allow-with-not-action",
    "star-action": "star-action",
    "service-wildcard": "service-wildcard-action",
    "action-wildcard": "broad-action-wildcard",
}


def consequences(app: App, concern: Concern, guilty: set[int]) -> Iterator[Outcome]:
    """Verdicts without findings: what is so of roles because of a wildcard that another rule tells of."""
    known = survey(app)
    for cause, name in _CAUSES.items():
        for fault in known.faults.get(cause, ()):
            for what, answer in fault.charge.consequences:
                left = tuple(role for role in fault.roles if id(role) not in guilty)
                if what != concern or not left:
                    continue
                guilty |= {id(role) for role in left}
                charge = fault.charge
                yield from found(
                    answer,
                    subject=fault.policy,
                    at=charge.resource_at or charge.at,
                    message=f"{fault.who} may call {few(charge.patterns)} on `{charge.resource or '*'}`",
                    evidence=f"{','.join(charge.patterns)} on {charge.resource}",
                    told=name,
                )


def others(
    app: App, guilty: set[int], fine: str, concerns: Iterable[Concern] = (), *, managed: bool = False
) -> Iterator[Outcome]:
    """Outcomes for the roles without a fault: fine, or not wholly known; and for functions whose role is elsewhere.

    `concerns` are the faults that were looked for in statements; `managed`: only which of AWS's policies a role has matters,
    and not what its own statements say.
    """
    known = survey(app)
    for unseen in known.unseen:
        doubts = unseen.attached if managed else unseen.doubts
        if doubts and id(unseen.role) not in guilty:
            answer = Tri("maybe", (unseen.role.origin,), doubts)
            message = f"{who(unseen.role.functions, (unseen.role,))} may do more than is needed"
            yield from found(answer, subject=unseen.role, message=message, evidence="unseen")
            guilty.add(id(unseen.role))
    back = {id(role) for concern in concerns for role in known.taken_back.get(concern, ())}
    for role in known.roles:
        if id(role) not in guilty:
            yield from found(NO, subject=role, message="", passes=_TAKEN_BACK if id(role) in back else fine)
    yield from elsewhere(app)


def hidden_trust(app: App) -> Iterator[Outcome]:
    """One undecided outcome for each execution role of whose trust policy a part can't be seen."""
    for role in survey(app).roles:
        if not role.trust.complete:
            gaps = role.trust.gaps or (Doubt("not all of the trust policy is known"),)
            message = f"somebody else may take `{role}`{whose(role)}"
            yield from found(Tri("maybe", (role.origin,), gaps), subject=role, message=message, evidence="hidden trust")


def elsewhere(app: App, fault: str = "may do more than is needed") -> Iterator[Outcome]:
    """One undecided outcome for each function whose role is not in the scanned code, and so may have the fault."""
    for function in app.functions:
        if function.execution_role is None and function.role_unknown is not None:
            answer = Tri("maybe", (function.role.origin,), (function.role_unknown,))
            message = f"`{function}` {fault}"
            yield from found(answer, subject=function, message=message, at=function.role, evidence="role elsewhere")


# ------------------------------------------------------------------------------------------------------------- words


def names(functions: Iterable[Function]) -> str:
    """Functions by name: one, two with an "and", or two and how many more there are."""
    shown = list(dict.fromkeys(f"`{function}`" for function in functions))
    if len(shown) <= 3:  # "and 1 more" would hide a name to save none
        return join(shown)
    return f"{shown[0]}, {shown[1]} and {len(shown) - 2} more functions"


def whose(role: Role) -> str:
    """Behind the name of a role: whose it is, if it is a function's."""
    return f", the role of {names(role.functions)}" if role.functions else ""


def who(functions: Iterable[Function], roles: tuple[Role, ...]) -> str:
    """Functions with their role, as the subject of a sentence. A role that a framework makes goes without saying."""
    written = [role for role in roles if not role.generated and not is_made(role)]
    subject = names(functions)
    if len(written) != 1 or not subject:
        return subject or (f"`{roles[0]}`" if roles else "a function")
    return f"{subject}, through `{written[0]}`,"


def has(functions: tuple[Function, ...]) -> str:
    """The verb after the names of some functions."""
    return "have" if len(functions) > 1 else "has"


def few(texts: Iterable[str], count: int = 4, of: str = "") -> str:
    """At most some texts in code marks, and how many more there are; `of` says more of what."""
    shown = list(dict.fromkeys(texts))
    more = len(shown) - count
    if more == 1:
        more, count = 0, count + 1
    head = [f"`{text}`" for text in shown[:count]]
    if more > 0:
        return ", ".join(head) + f" and {more} more" + (f" {of}" if of else "")
    return " and ".join([", ".join(head[:-1]), head[-1]]) if len(head) > 1 else "".join(head)


def on_wide_resource(
    fault: Fault,
    *,
    severity: Severity,
    message: str,
    help: str,  # noqa: A002 - the word people see
    advice: str,
) -> Iterator[Outcome]:
    """The outcome of a fault that lies in the resource: told there, with the actions beside it."""
    charge = fault.charge
    yield from found(
        charge.answer,
        subject=fault.policy,
        at=charge.resource_at or charge.at,
        severity=lower(severity) if charge.weak else severity,
        message=message,
        help=help,
        fix=Fix.advice(advice),
        related=fault.action_label,
        evidence=f"{','.join(charge.patterns)} on {charge.resource}",
    )


def lower(severity: Severity, steps: int = 1) -> Severity:
    """A severity some steps lower, but not below low."""
    return _ORDER[min(_ORDER.index(severity) + steps, _ORDER.index("low"))] if severity != "info" else severity


def worst(severities: Iterable[Severity]) -> Severity:
    """The highest of some severities."""
    return min(severities, key=_ORDER.index)
