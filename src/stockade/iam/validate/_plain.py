"""Statements as JSON has them, for the engine: only what is wholly known."""

from __future__ import annotations

from typing import Any

from stockade.model.policy import Statement
from stockade.model.value import Known, Relation, Value


def plain_statement(statement: Statement) -> dict[str, Any] | None:
    """A statement as plain data; None where a part of it is not known, or depends on premises."""
    effect = statement.effect
    if statement.exists or not isinstance(effect, Known) or not statement.conditions.complete:
        return None
    out: dict[str, Any] = {"Effect": effect.v}
    for name, values in (
        ("Action", statement.actions),
        ("NotAction", statement.not_actions),
        ("Resource", statement.resources),
        ("NotResource", statement.not_resources),
    ):
        if values is not None:
            texts = known_texts(values)
            if texts is None:
                return None
            out[name] = texts
    for name, principals in (("Principal", statement.principals), ("NotPrincipal", statement.not_principals)):
        if principals is None:
            continue
        block: dict[str, list[str]] = {}
        for principal in principals:
            if not isinstance(principal.value, Known):
                return None
            block.setdefault(principal.kind, []).append(principal.value.v)
        if not principals.complete:
            return None
        out[name] = "*" if "*" in block else block
    if statement.conditions.items:
        conditions: dict[str, dict[str, list[str]]] = {}
        for condition in statement.conditions:
            texts = known_texts(condition.values)
            if texts is None:
                return None
            conditions.setdefault(condition.operator, {})[condition.key] = texts
        out["Condition"] = conditions
    return out


def known_texts(values: Relation[Value[str]]) -> list[str] | None:
    """The texts of a list that is wholly known."""
    if not values.complete:
        return None
    found = [value.v for value in values if isinstance(value, Known)]
    return found if len(found) == len(values.items) else None
