"""Policy documents as the model holds them: statements of values, whatever they were written in."""

from __future__ import annotations

from msgspec import Struct

from stockade.model.value import NOTHING, Origin, Relation, Value, When


class Condition(Struct, frozen=True, eq=False):
    """One operator with one key of a statement's `Condition`, and the values that it is compared with."""

    operator: str
    key: str
    values: Relation[Value[str]]
    origin: Origin


class Principal(Struct, frozen=True, eq=False):
    """One principal: `kind` is "AWS", "Service", "Federated", "CanonicalUser", or "*" for the bare star."""

    kind: str
    value: Value[str]


class Statement(Struct, frozen=True, eq=False, kw_only=True):
    """One statement of a policy document. Elements that were not written are None; `exists` says when it is there at all."""

    origin: Origin
    effect: Value[str]
    sid: Value[str] | None = None
    actions: Relation[Value[str]] | None = None
    not_actions: Relation[Value[str]] | None = None
    resources: Relation[Value[str]] | None = None
    not_resources: Relation[Value[str]] | None = None
    principals: Relation[Principal] | None = None
    not_principals: Relation[Principal] | None = None
    conditions: Relation[Condition] = NOTHING
    exists: When = ()
