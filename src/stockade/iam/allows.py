"""Whether a role may do something at all: the simple question that rules about missing permissions ask.

It looks at what allows, not at what takes away: a boundary, a Deny or a condition can only make less of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from stockade.iam.managed import attached
from stockade.knowledge import iam as facts
from stockade.model.app import App, Policy, Role
from stockade.model.policy import Statement
from stockade.model.value import NO, YES, Tri, any_of, given


def may_call(app: App, role: Role, action: str) -> Tri:
    """Whether any policy of a role allows an action on anything; MAYBE where a policy can't be seen."""
    answers = [*_own(role, action), *_managed(app, role, action)]
    answer = any_of(answers)
    gaps = (*role.policies.gaps, *role.managed.gaps)
    return answer if not gaps else answer | Tri("maybe", (role.origin,), tuple({d.why: d for d in gaps}.values()))


def _own(role: Role, action: str) -> Iterator[Tri]:
    for policy in role.policies:
        for statement in policy.statements:
            yield given(policy.exists, given(statement.exists, _allows(statement, action)))
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


@lru_cache(maxsize=4096)
def _covers(pattern: str, action: str) -> bool:
    return facts.fits(pattern.lower(), action.lower())


@lru_cache(maxsize=256)
def _grants(name: str, action: str) -> bool:
    policy = facts.managed_policy(name)
    statements = policy.document.get("Statement", []) if policy is not None else []
    for statement in statements if isinstance(statements, list) else [statements]:
        if statement.get("Effect") != "Allow":
            continue
        for key, wanted in (("Action", True), ("NotAction", False)):
            patterns = statement.get(key)
            if patterns is None:
                continue
            listed = patterns if isinstance(patterns, list) else [patterns]
            if any(_covers(pattern, action) for pattern in listed) is wanted:
                return True
    return False
