"""Statements as JSON has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from stockade.model.policy import Statement
from stockade.model.value import Known, Relation, Value

Texts: TypeAlias = Callable[[Value[str]], "str | None"]
ELEMENTS = (
    ("Action", "actions"),
    ("NotAction", "not_actions"),
    ("Resource", "resources"),
    ("NotResource", "not_resources"),
)
_PRINCIPALS = (("Principal", "principals"), ("NotPrincipal", "not_principals"))


def plain_statement(statement: Statement) -> dict[str, Any] | None:
    """A statement that is wholly known; None for others, and where it depends on premises."""
    if statement.exists or not _is_complete(statement):
        return None
    return as_json(statement, _known)


def as_json(statement: Statement, text: Texts) -> dict[str, Any] | None:
    """A statement as plain data, by what there is of its texts; None where there is none of one."""
    effect = text(statement.effect)
    if effect is None:
        return None
    out: dict[str, Any] = {"Effect": effect}
    for name, attribute in ELEMENTS:
        values: Relation[Value[str]] | None = getattr(statement, attribute)
        if values is not None:
            texts = _texts(values, text)
            if texts is None:
                return None
            out[name] = texts
    for name, attribute in _PRINCIPALS:
        if (principals := getattr(statement, attribute)) is None:
            continue
        block: dict[str, list[str]] = {}
        for principal in principals:
            who = text(principal.value)
            if who is None:
                return None
            block.setdefault(principal.kind, []).append(who)
        out[name] = "*" if "*" in block else block
    conditions: dict[str, dict[str, list[str]]] = {}
    for condition in statement.conditions:
        texts = _texts(condition.values, text)
        if texts is None:
            return None
        conditions.setdefault(condition.operator, {})[condition.key] = texts
    if conditions:
        out["Condition"] = conditions
    return out


def _is_complete(statement: Statement) -> bool:
    """Whether nothing of a statement is left out."""
    lists = (getattr(statement, attribute) for _, attribute in (*ELEMENTS, *_PRINCIPALS))
    return (
        statement.conditions.complete
        and all(values is None or values.complete for values in lists)
        and all(condition.values.complete for condition in statement.conditions)
    )


def _texts(values: Relation[Value[str]], text: Texts) -> list[str] | None:
    found = [text(value) for value in values]
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) else None


def _known(value: Value[str]) -> str | None:
    return value.v if isinstance(value, Known) else None
