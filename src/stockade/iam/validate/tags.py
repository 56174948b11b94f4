"""Conditions on keys that requests for the statement's actions do not have.

What each action's requests have is from the Service Authorization Reference (`stockade.knowledge.iam`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from stockade.iam.sets.literals import operator
from stockade.iam.validate._subject import MARKS, Subject, effect, fault, is_wild, listed, words
from stockade.knowledge import iam as facts
from stockade.model.policy import Condition, Fault, Statement

_TAGS = ("aws:resourcetag/", "aws:requesttag/", "aws:tagkeys")


def check(subject: Subject) -> Iterator[Fault]:
    """Every condition of every statement."""
    if subject.type == "trust":
        return
    for statement in subject.statements:
        if not effect(statement):
            continue
        for condition in statement.conditions:
            how = operator(condition.operator)
            # Of what is not there, the others hold.
            if how is None or how.family == "null" or how.if_exists or how.sign == "!" or how.quantifier == "all":
                continue
            lower = condition.key.lower()
            if lower.startswith(_TAGS):
                yield from _tag(statement, condition, lower)
            elif not lower.startswith("aws:"):
                yield from _own_key(statement, condition, lower)


def _tag(statement: Statement, condition: Condition, lower: str) -> Iterator[Fault]:
    kind = next(tag for tag in _TAGS if lower.startswith(tag))
    own = effect(statement)
    if statement.not_actions is not None:
        nothing = "allowed" if own == "Allow" else "denied"
        yield from fault(
            f"{own.upper()}_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
            statement,
            condition,
            f"many actions have no `{condition.key}` in their requests, and with `NotAction` those are not {nothing} unsaid",
            "list the actions in `Action`",
        )
        return
    without = [w.shown for w in words(statement.actions) if w.text != "*" and _lacks(w.text, kind)]
    if without:
        what = "does not allow them" if own == "Allow" else "does not deny them"
        yield from fault(
            f"{own.upper()}_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
            statement,
            condition,
            f"requests for {listed(without)} never have `{condition.key}`, so that the statement {what}",
            "put these actions into a statement without this condition, and limit it by resource",
        )


def _own_key(statement: Statement, condition: Condition, lower: str) -> Iterator[Fault]:
    known = facts.condition_key(condition.key)
    if known is None or any(lower == name.lower() for name in facts.language().global_keys):
        return
    stem = known.name.lower()
    prefix = lower.partition(":")[0]
    if prefix in facts.language().services_without_all_keys:
        return
    without = []
    for word in words(statement.actions):
        if is_wild(word.text) or any(mark in word.text for mark in MARKS) or facts.action(word.text) is None:
            continue
        # What one service's requests have of another's keys is not in the reference.
        if word.text.lower().partition(":")[0] == prefix and _lacks(word.text, stem):
            without.append(word.shown)
    if without:
        nothing = "allow" if effect(statement) == "Allow" else "deny"
        yield from fault(
            "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
            statement,
            condition,
            f"requests for {listed(without)} never have `{condition.key}`, so that the statement does not {nothing} them",
            "put these actions into a statement without this condition",
        )


@lru_cache(maxsize=8192)
def _lacks(pattern: str, key: str) -> bool:
    """Whether no request for what a pattern takes in has a key (or one that begins so)."""
    if any(mark in pattern for mark in MARKS) or "${" in pattern:
        return False
    actions = facts.expand(pattern)
    return bool(actions) and not any(_has(action, key) for action in actions)


def _has(action: facts.Action, key: str) -> bool:
    names = set(action.condition_keys)
    service = facts.service(action.service)
    for use in action.resource_types:
        names.update(use.condition_keys)
        if service is not None:
            names.update(service.resource_type_keys(use.name))
    return any(name.lower().startswith(key) for name in names)
