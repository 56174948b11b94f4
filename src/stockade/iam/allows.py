"""Whether a role may do something at all: the simple question that rules about missing permissions ask.

It looks at what allows, not at what takes away: a boundary, a Deny or a condition can only make less of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import TypeAlias

from msgspec import Struct

from stockade.iam.actions import alters, taken_in, takes_in_changes
from stockade.iam.managed import Attached, attached
from stockade.iam.reaching import arn_of, reaches
from stockade.iam.resources import texts_of, widest
from stockade.knowledge import iam as facts
from stockade.model.app import App, Function, Policy, Role, Table
from stockade.model.policy import Statement
from stockade.model.value import NO, YES, Known, Origin, Tri, Value, When, any_of, given, mix


def roles_of(function: Function) -> tuple[tuple[When, Role], ...]:
    """The roles that a function may have."""
    if function.role_cases:
        return function.role_cases
    return (((), function.execution_role),) if function.execution_role is not None else ()


def may_change(function: Function) -> Origin | None:
    """Where it is known that a function may change something that is kept; None where nothing that is known says so."""
    return _allowed(function, _Sought(takes_in_changes))


def may_write(app: App, function: Function, table: Table) -> Origin | None:
    """Where it is known that a function may change a table, by an action that is about tables and on this one."""
    return _allowed(function, _Sought(_writes_to_tables, lambda leaf: reaches(app, leaf, arn_of(table)).is_yes))


class _Sought(Struct, frozen=True):
    """What somebody may do: `takes_in` of a pattern for actions, `covers` of one resource; None where any will do."""

    takes_in: Callable[[str], bool]
    covers: Callable[[Value[str]], bool] | None = None

    def is_excepted(self, patterns: Iterable[str | None]) -> bool:
        """Whether a statement that excepts these actions may be one that allows nothing of it."""
        return self.covers is not None and any(text is None or self.takes_in(text) for text in patterns)

    def is_on(self, leaves: Iterable[Value[str]]) -> bool:
        """Whether one of these resources is what it is about."""
        return self.covers is None or any(map(self.covers, leaves))


def _allowed(function: Function, sought: _Sought) -> Origin | None:
    """Where a role of a function allows something."""
    for _, role in roles_of(function):
        for policy in role.policies:
            for statement in policy.statements:
                origin = _allowed_by(statement, sought)
                if origin is not None:
                    return origin
        for value in role.managed:
            for one in attached(value):
                if one.policy is not None and _is_managed(one, sought):
                    return one.leaf.origin
    return None


def _allowed_by(statement: Statement, sought: _Sought) -> Origin | None:
    if not statement.effect.is_("Allow").is_yes:
        return None
    named = statement.resources
    if named is not None and not sought.is_on(leaf for value in named for _, leaf in value.leaves()):
        return None
    if statement.actions is not None:
        texts = texts_of(statement.actions)
        return next((leaf.origin for _, text, leaf in texts if text is not None and sought.takes_in(text)), None)
    excepted = texts_of(statement.not_actions) if statement.not_actions is not None else []
    return statement.origin if excepted and not sought.is_excepted(text for _, text, _ in excepted) else None


def _is_managed(one: Attached, sought: _Sought) -> bool:
    """Whether one of AWS's policies allows it."""
    for stated in _stated(one.name):
        allowed = (
            not sought.is_excepted(stated.actions) if stated.excludes else any(map(sought.takes_in, stated.actions))
        )
        if allowed and sought.is_on(Known(origin=one.leaf.origin, v=text) for text in stated.resources):
            return True
    return False


@lru_cache(maxsize=2048)
def _writes_to_tables(pattern: str) -> bool:
    """Whether a pattern of a policy takes in an action that changes a table of DynamoDB, or what is in it."""
    return not pattern.strip("*?:") or any(
        known.service == "dynamodb" and "table" in known.kinds and alters(known.action) for known in taken_in(pattern)
    )


On: TypeAlias = Callable[[Value[str]], Tri]


def may_call(app: App, role: Role, action: str, *, widely: bool = False, on: On | None = None) -> Tri:
    """Whether any policy of a role allows an action on anything; MAYBE where a policy can't be seen.

    `widely` asks whether it does so on every resource of a kind, and not on some that are named; `on`, whether it does so on
    what that says of one resource of a statement.
    """
    answers = [*_own(role, action, widely=widely, on=on), *_managed(app, role, action, on)]
    answer = any_of(answers)
    gaps = (*role.policies.gaps, *role.managed.gaps)
    return answer if not gaps else answer | Tri("maybe", (role.origin,), tuple({d.why: d for d in gaps}.values()))


def named_for(app: App, role: Role, action: str) -> tuple[Value[str], ...] | None:
    """What the statements of a role that may allow an action name as resources; None where that is not known or not limited."""
    if role.policies.gaps or role.managed.gaps:
        return None
    found: list[Value[str]] = []
    for value in role.managed:
        for one in attached(value):
            if any(isinstance(app.get(reference.target), Policy) for _, reference in one.leaf.references()):
                continue  # one of the application's own, whose statements are looked at
            if one.policy is None:
                return None
            found += [Known(origin=one.leaf.origin, v=text) for text in _granted_on(one.name, action)]
    for policy in role.policies:
        if policy.statements.gaps:
            return None
        for statement in policy.statements:
            if _allows(statement, action).is_no:
                continue
            if statement.resources is None or statement.resources.gaps:
                return None
            found += [leaf for value in statement.resources for _, leaf in value.leaves()]
    return tuple(found)


def _own(role: Role, action: str, *, widely: bool, on: On | None) -> Iterator[Tri]:
    for policy in role.policies:
        for statement in policy.statements:
            answer = _allows(statement, action) & (_is_wide(statement, action) if widely else YES)
            if on is not None and statement.resources is not None and not answer.is_no:
                answer = answer & statement.resources.any(partial(_one_of, on))
            yield given(policy.exists, given(statement.exists, answer))
        if policy.statements.gaps:
            yield Tri("maybe", (policy.origin,), policy.statements.gaps)


def _one_of(on: On, value: Value[str]) -> Tri:
    return mix([(when, on(leaf)) for when, leaf in value.leaves()])


def _managed(app: App, role: Role, action: str, on: On | None) -> Iterator[Tri]:
    for value in role.managed:
        for one in attached(value):
            if any(isinstance(app.get(reference.target), Policy) for _, reference in one.leaf.references()):
                continue  # one of the application's own, whose statements were looked at
            if one.policy is None:
                yield given(one.when, Tri("maybe", (one.leaf.origin,), (one.why,)))
                continue
            granted = _granted_on(one.name, action)
            answer = YES if granted else NO
            if on is not None:
                answer = any_of(on(Known(origin=one.leaf.origin, v=text)) for text in granted)
            yield given(one.when, answer)


def _allows(statement: Statement, action: str) -> Tri:
    if statement.actions is not None:
        named = statement.actions.any(lambda value: value.where(lambda v: _covers(str(v), action)))
    elif statement.not_actions is not None:
        named = ~statement.not_actions.any(lambda value: value.where(lambda v: _covers(str(v), action)))
    else:
        named = NO
    return statement.effect.is_("Allow") & named


def _is_wide(statement: Statement, action: str) -> Tri:
    """Whether the resources of a statement are, for one action, all of a kind and not some that are named."""
    if statement.resources is None:
        return YES  # everything but some
    known = next(iter(taken_in(action)), None)
    return widest(statement, texts_of(statement.resources), known.kinds).answer if known is not None else YES


@lru_cache(maxsize=4096)
def _covers(pattern: str, action: str) -> bool:
    return facts.fits(pattern.lower(), action.lower())


class _Stated(Struct, frozen=True):
    """What one statement of AWS's policies allows; `excludes`, where `actions` are those that it does not."""

    actions: tuple[str, ...]
    excludes: bool
    resources: tuple[str, ...]


@lru_cache(maxsize=256)
def _granted_on(name: str, action: str) -> tuple[str, ...]:
    """The resources on which one of AWS's policies allows an action."""
    granting = (s for s in _stated(name) if any(_covers(p, action) for p in s.actions) is not s.excludes)
    return tuple(text for stated in granting for text in stated.resources)


@lru_cache(maxsize=256)
def _stated(name: str) -> tuple[_Stated, ...]:
    """What one of AWS's policies allows."""
    policy = facts.managed_policy(name)
    statements = policy.document.get("Statement", []) if policy is not None else []
    found: list[_Stated] = []
    for statement in statements if isinstance(statements, list) else [statements]:
        if statement.get("Effect") == "Allow":
            excludes = "Action" not in statement
            actions = _listed(statement.get("NotAction" if excludes else "Action", []))
            found.append(_Stated(actions, excludes, _listed(statement.get("Resource", "*"))))
    return tuple(found)


def _listed(entry: str | list[str]) -> tuple[str, ...]:
    return tuple(entry) if isinstance(entry, list) else (entry,)
