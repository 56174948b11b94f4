"""Whether a role may do something at all: the simple question that rules about missing permissions ask.

It looks at what allows, not at what takes away: a boundary, a Deny or a condition can only make less of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from stockade.iam.actions import taken_in, takes_in_changes
from stockade.iam.managed import attached
from stockade.iam.resources import texts_of, widest
from stockade.knowledge import iam as facts
from stockade.model.app import App, Function, Policy, Role
from stockade.model.policy import Statement
from stockade.model.value import NO, YES, Origin, Tri, Value, When, any_of, given


def roles_of(function: Function) -> tuple[tuple[When, Role], ...]:
    """The roles that a function may have."""
    if function.role_cases:
        return function.role_cases
    return (((), function.execution_role),) if function.execution_role is not None else ()


def may_change(function: Function) -> Origin | None:
    """Where it is known that a function may change something that is kept; None where nothing that is known says so."""
    for _, role in roles_of(function):
        for policy in role.policies:
            for statement in policy.statements:
                origin = _changed_by(statement)
                if origin is not None:
                    return origin
        for value in role.managed:
            for one in attached(value):
                if one.policy is not None and _takes_in_changes(one.name):
                    return one.leaf.origin
    return None


def _changed_by(statement: Statement) -> Origin | None:
    if not statement.effect.is_("Allow").is_yes:
        return None
    if statement.actions is None:
        return statement.origin if statement.not_actions is not None else None
    texts = texts_of(statement.actions)
    return next((leaf.origin for _, text, leaf in texts if text is not None and takes_in_changes(text)), None)


def may_call(app: App, role: Role, action: str, *, widely: bool = False) -> Tri:
    """Whether any policy of a role allows an action on anything; MAYBE where a policy can't be seen.

    `widely` asks whether it does so on every resource of a kind, and not on some that are named.
    """
    answers = [*_own(role, action, widely=widely), *_managed(app, role, action)]
    answer = any_of(answers)
    gaps = (*role.policies.gaps, *role.managed.gaps)
    return answer if not gaps else answer | Tri("maybe", (role.origin,), tuple({d.why: d for d in gaps}.values()))


def named_for(app: App, role: Role, action: str) -> tuple[Value[str], ...] | None:
    """What the statements of a role that may allow an action name as resources; None where that is not known or not limited."""
    if role.policies.gaps or role.managed.gaps:
        return None
    for value in role.managed:
        for one in attached(value):
            if any(isinstance(app.get(reference.target), Policy) for _, reference in one.leaf.references()):
                continue  # one of the application's own, whose statements are looked at
            if one.policy is None or _grants(one.name, action):
                return None  # those of AWS that are about logs are about all of them
    found: list[Value[str]] = []
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


def _own(role: Role, action: str, *, widely: bool) -> Iterator[Tri]:
    for policy in role.policies:
        for statement in policy.statements:
            answer = _allows(statement, action) & (is_wide(statement, action) if widely else YES)
            yield given(policy.exists, given(statement.exists, answer))
        if policy.statements.gaps:
            yield Tri("maybe", (policy.origin,), policy.statements.gaps)


def _managed(app: App, role: Role, action: str) -> Iterator[Tri]:
    for value in role.managed:
        for one in attached(value):
            if any(isinstance(app.get(reference.target), Policy) for _, reference in one.leaf.references()):
                continue  # one of the application's own, whose statements were looked at
            if one.policy is None:
                yield given(one.when, Tri("maybe", (one.leaf.origin,), (one.why,)))
            else:
                yield given(one.when, YES if _grants(one.name, action) else NO)


def _allows(statement: Statement, action: str) -> Tri:
    if statement.actions is not None:
        named = statement.actions.any(lambda value: value.where(lambda v: _covers(str(v), action)))
    elif statement.not_actions is not None:
        named = ~statement.not_actions.any(lambda value: value.where(lambda v: _covers(str(v), action)))
    else:
        named = NO
    return statement.effect.is_("Allow") & named


def is_wide(statement: Statement, action: str) -> Tri:
    """Whether the resources of a statement are, for one action, all of a kind and not some that are named."""
    if statement.resources is None:
        return YES  # everything but some
    known = next(iter(taken_in(action)), None)
    return widest(statement, texts_of(statement.resources), known.kinds).answer if known is not None else YES


@lru_cache(maxsize=4096)
def _covers(pattern: str, action: str) -> bool:
    return facts.fits(pattern.lower(), action.lower())


@lru_cache(maxsize=256)
def _grants(name: str, action: str) -> bool:
    return any(any(_covers(p, action) for p in patterns) is (key == "Action") for key, patterns in _stated(name))


@lru_cache(maxsize=256)
def _takes_in_changes(name: str) -> bool:
    return any(key == "NotAction" or any(map(takes_in_changes, patterns)) for key, patterns in _stated(name))


def _stated(name: str) -> Iterator[tuple[str, list[str]]]:
    """The `Action` and `NotAction` lists that one of AWS's policies allows."""
    policy = facts.managed_policy(name)
    statements = policy.document.get("Statement", []) if policy is not None else []
    for statement in statements if isinstance(statements, list) else [statements]:
        if statement.get("Effect") != "Allow":
            continue
        for key in ("Action", "NotAction"):
            patterns = statement.get(key)
            if patterns is not None:
                yield key, patterns if isinstance(patterns, list) else [patterns]
