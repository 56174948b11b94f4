"""Policy documents as the model holds them: statements of values, whatever they were written in."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from stockade.model.value import NOTHING, Doubt, Origin, Relation, Value, When, conjoin

PolicyType: TypeAlias = Literal["identity", "resource", "trust", "scp", "rcp"]


class Condition(Struct, frozen=True, eq=False):
    """One operator with one key of a statement's `Condition`, and the values that it is compared with.

    `origin` is the place of the key and its values, `operator_origin` that of the operator.
    """

    operator: str
    key: str
    values: Relation[Value[str]]
    origin: Origin
    operator_origin: Origin | None = None


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


class Remark(Struct, frozen=True, eq=False):
    """A further place that bears on a fault, with a word on it."""

    origin: Origin
    text: str


class Fault(Struct, frozen=True, eq=False, kw_only=True):
    """Something that is wrong with a policy, under the id that IAM Access Analyzer gives such a thing.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html

    Attributes:
        id: "INVALID_ACTION".
        message: what is wrong with this very text.
        origin: where it is.
        help: what to write instead.
        when: the premises under which it is so.
        related: further places.
        instead: what to put for the text at `origin`, where that mends it.
        statement: the one that it is in; None for what a reader found of the document.
        harmless: what was meant stands beside it, so that nothing is lost.
        unfilled: it is a part that somebody is still to fill in, as `<account>`.
    """

    id: str
    message: str
    origin: Origin
    help: str = ""
    when: When = ()
    related: tuple[Remark, ...] = ()
    instead: str | None = None
    statement: Statement | None = None
    harmless: bool = False
    unfilled: bool = False


class Statements(Relation[Statement], frozen=True, eq=False):
    """The statements of one document, with what else it says, and what could not be read of it as it ought to be.

    `version` is None where it is not stated; `origin` is that of the whole document, None for a bare list of statements.
    """

    version: Value[str] | None = None
    origin: Origin | None = None
    faults: tuple[Fault, ...] = ()


def given_statements(when: When, document: Statements) -> Statements:
    """The statements of a document that is only there under premises."""
    kept = [(s, conjoin(when, s.exists)) for s in document]
    faults = [(f, conjoin(when, f.when)) for f in document.faults]
    return replace(
        document,
        items=tuple(replace(s, exists=w) for s, w in kept if w is not None),
        faults=tuple(replace(f, when=w) for f, w in faults if w is not None),
    )


def joined(items: list[Any], doubts: list[Doubt], documents: list[Statements]) -> Relation[Any]:
    """The members of several lists as one; of policy documents, with what else they say."""
    if not documents:
        return Relation(tuple(items), not doubts, tuple(doubts))
    first = documents[0]
    return Statements(
        tuple(items),
        not doubts,
        tuple(doubts),
        version=first.version,
        origin=first.origin,
        faults=tuple(fault for document in documents for fault in document.faults),
    )
