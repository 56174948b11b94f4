"""Whether a statement of a resource's policy lets in everybody: asked exactly, where a quick look says that it may."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from stockade.iam.principals import principals
from stockade.model.app import App, Policy, Resource
from stockade.model.policy import Statement
from stockade.model.value import NO, YES, Origin, Relation, Tri, Value, given, maybe

_STEPS = 100_000
# What is deployed where: the own account is not the stranger's, so which one it is makes no difference.
_HERE = {"AWS::Partition": "aws", "AWS::Region": "us-east-1", "AWS::AccountId": "111122223333"}


class Open(Struct, frozen=True, eq=False):
    """A statement that may be for everybody: of which policy, on what, and whether it is.

    Attributes:
        policy: the policy that it is in.
        guarded: what the policy is put on; None where that is not in the scanned code.
        statement: the statement.
        answer: whether everybody may do what it allows.
        at: where everybody is named.
    """

    policy: Policy
    guarded: Resource | None
    statement: Statement
    answer: Tri
    at: Origin

    @property
    def subject(self) -> Resource:
        """What a finding is about."""
        return self.guarded if self.guarded is not None else self.policy


def for_everybody(app: App, policy: Policy) -> Iterator[Open]:
    """The statements of a resource's policy that name everybody, each for everything that the policy is put on."""
    for statement, named, at in public_statements(app, policy, policy.statements):
        answer = given(policy.exists, named)
        for guarded in policy.guards or (None,):
            yield Open(policy, guarded, statement, answer, at)


def public_statements(
    app: App, owner: Resource, statements: Relation[Statement]
) -> Iterator[tuple[Statement, Tri, Origin]]:
    """The statements of a document that name everybody, whether everybody may do what they allow, and where that is."""
    for statement in statements:
        named, at = _names_everybody(statement)
        allows = given(statement.exists, statement.effect.is_("Allow")) & named
        if not allows.is_no:
            yield statement, allows & _is_open(app, owner, statements, statement), at


def _names_everybody(statement: Statement) -> tuple[Tri, Origin]:
    """Whether a statement is for everybody, but for what its conditions say: by a star, or by leaving only some out."""
    if statement.not_principals is not None:
        return YES, statement.origin
    for principal in principals(statement):
        star = principal.value.is_("*") if principal.kind in {"*", "AWS"} else NO
        if not star.is_no and _may_be_a_star(principal.value):
            return star, principal.value.origin
    return NO, statement.origin


def _may_be_a_star(value: Value[str]) -> bool:
    """A principal that is not known at all is no reason to suspect a star."""
    return any(leaf.is_("*").is_yes for _, leaf in value.leaves())


def _is_open(app: App, owner: Resource, statements: Relation[Statement], statement: Statement) -> Tri:
    """Whether a stranger may do something that a statement allows, after the denials beside it."""
    known = _answers(app)
    if id(statement) not in known:
        known[id(statement)] = _asked(app, owner, statements, statement)
    return known[id(statement)]


@lru_cache(maxsize=1)
def _answers(app: App) -> dict[int, Tri]:
    """What is known by now of statements. The last application is kept, since several rules ask."""
    del app
    return {}


def _asked(app: App, owner: Resource, statements: Relation[Statement], statement: Statement) -> Tri:
    # The engine is slow to import, and most applications have no policy for everybody.
    from stockade.iam.sets.access import by_itself
    from stockade.iam.sets.derived import not_public
    from stockade.iam.sets.modelled import Names, of_statements
    from stockade.iam.sets.questions import Proved, Setting, Unknown

    with app.aside():
        names = Names(app, fixed=_HERE)
        denials = tuple(each for each in statements if not each.effect.is_("Deny").is_no)
        scope = owner.key.partition("#")[0]
        clauses = of_statements(Relation((statement, *denials)), names, names.called(owner), scope)
        answer = not_public(by_itself(clauses), names.setting(Setting(steps=_STEPS)))
    if isinstance(answer, Proved):
        return NO
    if isinstance(answer, Unknown):
        # What a reference or a parameter stands for is somebody's, and a stranger is nobody whom a policy names.
        if answer.symbols:
            return NO
        return maybe(f"what its conditions leave could not be told: {answer.reason}", statement.origin, cause="policy")
    return YES
