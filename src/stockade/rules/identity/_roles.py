"""What the rules of this folder share: execution roles and what is wrong in their statements, judged once; words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, get_args

from msgspec import Struct
from msgspec.structs import replace

from stockade.iam.conditions import only_forwarded
from stockade.iam.managed import Attached, attached
from stockade.iam.statements import Charge, Concern, Consequence, judge
from stockade.knowledge.sam import policy_template
from stockade.model.app import App, Function, MicrovmImage, Policy, Role, WebRevision
from stockade.model.intent import Fix
from stockade.model.policy import Statement
from stockade.model.value import NO, Doubt, Origin, Tri, given, yes
from stockade.rules._base import Label, Outcome, Severity, found
from stockade.rules._words import is_made, join

if TYPE_CHECKING:
    from stockade.iam.effective import Effective

APPLIES = "has no execution role in the scanned code"
# Of what a wildcard takes in, what messages count; it takes in harmless reads beside.
GRAVE = "that change something or give away secrets"
_FORWARDED = ", but only through another AWS service"
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
                yield replace(outcome, message=outcome.message + _FORWARDED, persona="pedantic")
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


class Brought(Struct, frozen=True, eq=False, kw_only=True):
    """What is so of some roles because of something that another rule (`told`) tells of.

    `who` does what `deed` says, and `more` says more about that. What the role's denials may take back of it is what `statement`
    allows of `actions`.
    """

    subject: Policy | Role
    roles: tuple[Role, ...]
    answer: Tri
    at: Origin
    who: str
    deed: str
    more: str
    told: str
    statement: Statement | None
    actions: tuple[str, ...]
    slight: bool = False


class Survey(Struct, frozen=True, eq=False):
    """Every execution role of an application.

    Attributes:
        roles: they.
        faults: what is wrong with their statements.
        brought: what follows from these, and from AWS's policies, by what rule it would be told if it stood alone.
        taken_back: roles whose denials or boundary take back all that would be a fault.
        unseen: why some are not wholly known.
        attached: AWS's policies, with whom they are attached to.
    """

    roles: tuple[Role, ...]
    faults: dict[Concern, tuple[Fault, ...]]
    brought: dict[Concern, tuple[Brought, ...]]
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
    holders: dict[int, tuple[Policy, list[Role]]] = {}
    hidden: dict[int, list[Doubt]] = {id(role): list(role.policies.gaps) for role in roles}
    managed: list[tuple[Role, Attached]] = []
    for role in roles:
        for policy in role.policies:
            holders.setdefault(id(policy), (policy, []))[1].append(role)
        for value in role.managed:
            for one in attached(value):
                if one.policy is None and not _declared(app, one):
                    hidden[id(role)].append(one.why)
                elif one.policy is not None:
                    managed.append((role, one))
    found_ = _Found(app)
    for policy, holding in holders.values():
        if policy.form not in {"generated", "connector"}:
            found_.judge(policy, tuple(holding))
    for role, one in managed:
        found_.follow(_of_managed(role, one))
    unseen = tuple(
        Unseen(role, _each_once([*attached_, *own]), _each_once(attached_))
        for role in roles
        if (attached_ := hidden[id(role)]) + (own := found_.doubts[id(role)])
    )
    return Survey(
        roles,
        {concern: tuple(each) for concern, each in found_.faults.items()},
        {concern: tuple(each) for concern, each in found_.brought.items()},
        {concern: tuple(each) for concern, each in found_.taken_back.items()},
        unseen,
        tuple(managed),
    )


class _Found:
    """Gathers what is wrong with policies, and what follows from that; without what is taken back."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.taken = TakenBack(app)
        self.faults: dict[Concern, list[Fault]] = defaultdict(list)
        self.brought: dict[Concern, list[Brought]] = defaultdict(list)
        self.taken_back: dict[Concern, list[Role]] = defaultdict(list)
        self.doubts: dict[int, list[Doubt]] = defaultdict(list)  # by the `id()` of the role

    def judge(self, policy: Policy, roles: tuple[Role, ...]) -> None:
        """Judge every statement of a policy of these roles."""
        doubts = list(policy.statements.gaps)
        for statement in policy.statements:
            judged = judge(statement, self.app)
            doubts += judged.doubts
            for charge in judged.charges:
                if _is_given(policy, charge):
                    continue
                if all(self.taken(role, statement, charge.named) for role in roles):
                    for concern in (charge.concern, *(each.concern for each in charge.consequences)):
                        self.taken_back[concern] += roles
                    continue
                fault = Fault(policy, roles, charge)
                self.faults[charge.concern].append(fault)
                self.follow(_of_fault(fault))
        for role in roles:
            self.doubts[id(role)] += doubts

    def follow(self, brought: Iterable[tuple[Concern, Brought]]) -> None:
        """Keep what follows for those roles that do not take it back."""
        for concern, one in brought:
            void = [r for r in one.roles if one.statement is not None and self.taken(r, one.statement, one.actions)]
            self.taken_back[concern] += void
            left = tuple(role for role in one.roles if not any(role is other for other in void))
            if left:
                self.brought[concern].append(replace(one, roles=left))


class TakenBack:
    """Says whether a role's denials or its boundary take back what a statement allows of some actions; of all, without any."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.may: dict[int, bool] = {}
        self.effective: Effective | None = None

    def __call__(self, role: Role, statement: Statement, actions: tuple[str, ...]) -> bool:
        if not self.may.setdefault(id(role), _may_take_back(role)):
            return False
        if self.effective is None:
            from stockade.iam.effective import Effective  # few roles need the engine, which takes a while to load

            self.effective = Effective(self.app)
        return self.effective.is_void(role, statement, actions)


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


def tell(
    app: App,
    concerns: Iterable[Concern],
    one: Tell,
    fine: str,
    *,
    slight: Callable[[Brought], bool] | None = None,
) -> Iterator[Outcome]:
    """The outcomes of a rule about statements: one for each fault, and for what is in order or can't be told.

    `fine` says why a role without a fault passes; `slight` is as `consequences` has it.
    """
    known = survey(app)
    guilty: set[int] = set()
    for concern in concerns:
        for fault in known.faults.get(concern, ()):
            guilty |= {id(role) for role in fault.roles}
            yield from fault.told(one(fault))
        yield from consequences(app, concern, guilty, slight=slight)
    yield from others(app, guilty, fine, concerns)


_TAKEN_BACK = "what its statements allow of it is taken back by its own denials or its permissions boundary"


# Which rule tells of the faults of statements that have others as their consequence.
_CAUSES: dict[Concern, str] = {
    "not-element": "SK216",
    "star-action": "SK203",
    "service-wildcard": "SK204",
    "action-wildcard": "SK205",
    "star-resource": "SK206",
    "service-wide-resource": "SK207",
}
# What the rules that tell of AWS's policies are about; they judge it themselves.
_OWN: dict[str, Concern] = {"SK206": "star-resource", "SK209": "secret-read"}


def teller(one: Attached) -> str:
    """The rule that tells of one of AWS's policies where it is attached; empty where none does."""
    if one.policy is None:
        return ""
    if one.policy.kind in {"admin", "power"}:
        return "SK201"
    if one.is_full_access:
        return "SK202"
    if one.secrets:
        return "SK209"
    return "SK206" if one.is_open else ""


def _of_fault(fault: Fault) -> Iterator[tuple[Concern, Brought]]:
    """What follows from a fault of a statement."""
    charge = fault.charge
    forwarded = only_forwarded(charge.statement).is_yes
    for each in charge.consequences:
        yield (
            each.concern,
            Brought(
                subject=fault.policy,
                roles=fault.roles,
                answer=each.answer,
                at=charge.resource_at or charge.at,
                who=fault.who,
                deed=deed(charge),
                more=_among(charge, each.actions) + (_FORWARDED if forwarded else ""),
                told=_CAUSES[charge.concern],
                # Whether all of it is taken back was asked of the fault.
                statement=charge.statement if each.actions else None,
                actions=each.actions,
                slight=forwarded,
            ),
        )


def _of_managed(role: Role, one: Attached) -> Iterator[tuple[Concern, Brought]]:
    """What follows from one of AWS's policies that another rule tells of."""
    told = teller(one)
    if not told:
        return
    all_of_it = Brought(
        subject=role,
        roles=(role,),
        answer=given(one.when, yes(one.leaf.origin)),
        at=one.leaf.origin,
        who=who(role.functions, (role,)),
        deed=f"may do more than is needed through `{one.name}`",
        more="",
        told=told,
        statement=None,
        actions=(),
    )
    if one.faults is None:
        doubt = Tri(
            "maybe", (one.leaf.origin,), (Doubt(one.policy.reason if one.policy else "", cause="managed policy"),)
        )
        for concern in get_args(Concern):
            if concern != _OWN.get(told):
                yield concern, replace(all_of_it, answer=given(one.when, doubt))
        return
    for charge in one.faults:
        found_ = [Consequence(charge.concern, charge.answer, charge.named), *charge.consequences]
        for index, each in enumerate(found_):
            if each.concern != _OWN.get(told):
                follows = replace(
                    all_of_it,
                    answer=all_of_it.answer & each.answer,
                    deed=f"{deed(charge)} through `{one.name}`",
                    more=_among(charge, each.actions) if index else "",
                    statement=charge.statement,
                    actions=each.actions,
                    slight=charge.is_slight and not index,
                )
                yield each.concern, follows


def deed(charge: Charge) -> str:
    """What a statement lets one do, as people read it."""
    statement = charge.statement
    if statement.not_actions is not None:
        return f"may call every action but {few(charge.patterns)}" + (
            "" if charge.breadth == "part" else ", on every resource"
        )
    if statement.not_resources is not None:
        return f"may use every resource but {few(charge.patterns)}"
    return f"may call {few(charge.patterns)} on `{charge.resource or '*'}`"


def _among(charge: Charge, actions: tuple[str, ...]) -> str:
    """Which actions are what matters of a charge, behind what it lets one do."""
    written = {pattern.lower() for pattern in charge.patterns}
    return f", among it {few(actions, 3)}" if actions and not {name.lower() for name in actions} <= written else ""


def consequences(
    app: App, concern: Concern, guilty: set[int], *, slight: Callable[[Brought], bool] | None = None
) -> Iterator[Outcome]:
    """Verdicts without findings: what is so of roles because of what another rule tells of.

    `slight` says which of it is only for the pedantic persona, beside what a charge says of itself.
    """
    before = set(guilty)
    for one in survey(app).brought.get(concern, ()):
        left = tuple(role for role in one.roles if id(role) not in before)
        if left:
            guilty |= {id(role) for role in left}
            yield from found(
                one.answer,
                subject=one.subject,
                at=one.at,
                message=f"{one.who} {one.deed}{one.more}",
                persona="pedantic" if one.slight or (slight is not None and slight(one)) else None,
                told=one.told,
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
