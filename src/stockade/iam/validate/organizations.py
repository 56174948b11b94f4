"""What resource control policies should ask beside, so that they do not hit whom they are not meant for.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.sets.literals import operator
from stockade.iam.validate._subject import Subject, effect, fault, words
from stockade.model.policy import Condition, Fault, Statement

_CALLER = (
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principaltag/",
)
_SOURCE = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths")
_IS_SERVICE = "aws:principalisawsservice"


def check(subject: Subject) -> Iterator[Fault]:
    """Every statement of a resource control policy."""
    if subject.type != "rcp":
        return
    for statement in subject.statements:
        if effect(statement) == "Deny" and statement.conditions.complete:
            yield from _related(statement)


def _related(statement: Statement) -> Iterator[Fault]:
    conditions = list(statement.conditions)
    asked = {condition.key.lower() for condition in conditions}
    caller = _first(conditions, _CALLER)
    source = _first(conditions, _SOURCE)
    if caller is not None and source is None and _IS_SERVICE not in asked:
        yield from fault(
            "RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY",
            statement,
            caller,
            f"AWS's services that act for you have no `{caller.key}`, and are denied too",
            'add "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}',
        )
    if source is None:
        return
    if _IS_SERVICE not in asked:
        yield from fault(
            "RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY",
            statement,
            source,
            f"requests of people and roles have no `{source.key}`, and are denied too",
            'add "Bool": {"aws:PrincipalIsAWSService": "true"}',
        )
    elif not any(_asks_whether_there(condition) for condition in conditions):
        yield from fault(
            "RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK",
            statement,
            source,
            f"some services do not say `{source.key}`, and are denied too",
            'add "Null": {"aws:SourceAccount": "false"}',
        )


def _first(conditions: list[Condition], keys: tuple[str, ...]) -> Condition | None:
    for condition in conditions:
        how = operator(condition.operator)
        lower = condition.key.lower()
        named = any(lower.startswith(key) if key.endswith("/") else lower == key for key in keys)
        if named and how is not None and how.family != "null":
            return condition
    return None


def _asks_whether_there(condition: Condition) -> bool:
    return (
        condition.operator.lower() == "null"
        and condition.key.lower() in {"aws:sourceaccount", "aws:sourcearn"}
        and all(word.text.lower() == "false" for word in words(condition.values))
    )
