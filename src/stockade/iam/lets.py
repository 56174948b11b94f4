"""What lets a role do something to one resource: the statements of its policies that do, each with how sure that is.

Like `allows`, but it asks of one resource and not of any, and denials and boundaries count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from stockade.iam.allows import roles_of
from stockade.iam.effective import Effective
from stockade.iam.managed import attached
from stockade.iam.sets.access import Access
from stockade.iam.sets.clauses import OWN_NAME, Clause, of_document
from stockade.iam.sets.derived import asking, known
from stockade.iam.sets.modelled import of_statements
from stockade.iam.sets.questions import Answer, Proved, Refuted, Setting, Unknown, apart, within
from stockade.knowledge import iam as facts
from stockade.model.app import Function, Policy, Role
from stockade.model.policy import Statement
from stockade.model.value import NO, Doubt, Origin, Relation, Tri, given, maybe, yes
from stockade.patterns import regex

_STEPS = 100_000
_WORD = regex(r"[\w-]+")
# What stands before a resource's own name: two of a kind do not share one, and it holds no slash.
_NAMED = regex(rf"([\w/:-]*)({OWN_NAME})(?=$|[/:])")


class Let(Struct, frozen=True, eq=False):
    """One place that lets a role do what was asked about.

    Attributes:
        answer: whether it does.
        at: where it is.
        named: it names the resource, or a part of it; else it is wide enough to take it in among others.
    """

    answer: Tri
    at: Origin
    named: bool = True


def lets(effective: Effective, function: Function, actions: Sequence[str], resource: str) -> Iterator[Let]:
    """What lets a function do one of some actions to what a pattern fits, and what hides whether something does.

    The pattern has symbols for what is known only after deployment, as `Effective.names` gives them.
    """
    roles = roles_of(function)
    if not roles:
        unseen = maybe("its role is not part of the scanned code", function.role.origin, cause="role elsewhere")
        yield Let(unseen, function.role.origin)
    for when, role in roles:
        for let in _of_role(effective, role, actions, resource):
            yield Let(given(when, let.answer), let.at, let.named)


def _of_role(effective: Effective, role: Role, actions: Sequence[str], resource: str) -> Iterator[Let]:
    for when, policy in role.attachments:
        for statement in policy.statements:
            for let in _of_statement(effective, policy, statement, actions, resource):
                if not let.answer.is_no and not effective.is_void(role, statement, actions, (resource,)):
                    yield Let(given(when, given(policy.exists, let.answer)), let.at, let.named)
        if policy.statements.gaps:
            yield Let(Tri("maybe", (policy.origin,), policy.statements.gaps), policy.origin)
    for value in role.managed:
        for one in attached(value):
            own = [effective.names.app.get(reference.target) for _, reference in one.leaf.references()]
            if any(isinstance(each, Policy) for each in own):
                continue  # one of the application's own, whose statements are looked at
            at = one.leaf.origin
            if one.policy is None:
                yield Let(given(one.when, Tri("maybe", (at,), (one.why,))), at)
            else:
                yield Let(given(one.when, _of_aws(effective, one.name, actions, resource, at)), at, named=False)
    gaps: tuple[Doubt, ...] = (*role.policies.gaps, *role.managed.gaps)
    if gaps:
        yield Let(Tri("maybe", (role.origin,), gaps), role.origin)


def _of_statement(
    effective: Effective, policy: Policy, statement: Statement, actions: Sequence[str], resource: str
) -> Iterator[Let]:
    names = effective.names
    called, scope = names.called(policy), policy.key.partition("#")[0]
    leaves = [
        (names.text(leaf, scope, called), leaf.origin)
        for value in (() if statement.resources is None else statement.resources)
        for _, leaf in value.leaves()
    ]
    if leaves and all(text is not None and _is_other(text, resource) for text, _ in leaves):
        return  # most statements are about something else, and asking takes its time
    places = {text: at for text, at in leaves if text is not None}
    setting, wanted = _setting(effective), asking(actions, (resource,))
    anywhere = asking(actions, (_anywhere(resource),))
    for clause in of_statements(Relation((statement,)), names, called, scope):
        if not clause.allows:
            continue
        answer = _met(apart(_of(clause), wanted, setting), statement.origin)
        texts = clause.most.get("Resource", ())
        named: list[str] = []
        for text in texts if isinstance(texts, list) else ():
            if _is_other(text, resource):
                continue
            one = asking(actions, (text,))
            # What the actions can't be about is within everything.
            if not isinstance(apart(one, anywhere, setting), Proved) and isinstance(
                within(one, anywhere, setting), Proved
            ):
                named.append(text)
        at = next((places[text] for text in named if text in places), statement.origin)
        yield Let(given(clause.when, answer), at, bool(named) or answer.truth == "maybe")


def _is_other(text: str, resource: str) -> bool:
    """Whether an element names, as can be seen, what is of another service, or another resource of the kind."""
    mine, its = text.split(":", 5), resource.split(":", 5)
    if len(mine) < 6 or len(its) < 6:
        return False
    if mine[2] != its[2] and _WORD.fullmatch(mine[2]) and _WORD.fullmatch(its[2]):
        return True
    left, right = _NAMED.match(mine[5]), _NAMED.match(its[5])
    return left is not None and right is not None and left[1] == right[1] and left[2] != right[2]


def _of(clause: Clause) -> Access:
    """What a clause allows where its premises hold."""
    return Access(identity=(replace(clause, when=()),))


def _of_aws(effective: Effective, name: str, actions: Sequence[str], resource: str, at: Origin) -> Tri:
    policy = facts.managed_policy(name)
    if policy is None:
        return NO
    whole = Access(identity=of_document(policy.document, name))
    return _met(apart(whole, asking(actions, (resource,)), _setting(effective)), at)


def _setting(effective: Effective) -> Setting:
    return effective.names.setting(known(Setting(steps=_STEPS)))


def _met(answer: Answer, at: Origin) -> Tri:
    """Whether there is something that both allow, of the answer whether there is nothing."""
    if isinstance(answer, Refuted):
        return yes(at)
    return maybe(answer.reason, at, cause="policy") if isinstance(answer, Unknown) else NO


def _anywhere(arn: str) -> str:
    """An ARN in whatever partition, region and account: who leaves those open still names the resource."""
    fields = arn.split(":", 5)
    if len(fields) < 6:
        return arn  # a symbol for all of it
    return ":".join((fields[0], "*", fields[2], "*" if fields[3] else "", "*" if fields[4] else "", fields[5]))
