"""OpenAPI definitions in configurations: terms as pieces of a definition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from stockade.inputs.lens import Table
from stockade.inputs.openapi import DEFINED, Entry, Preflight, read_openapi
from stockade.inputs.terraform.documents import decode
from stockade.inputs.terraform.policies import lower_statements
from stockade.inputs.terraform.terms import (
    Lit,
    Obj,
    Seq,
    Term,
    Txt,
    Unk,
    cases,
    doubt_of,
    in_full,
)
from stockade.inputs.terraform.values import text, value_of
from stockade.inputs.terraform.walk import Item, lookup
from stockade.model.app import Resource
from stockade.model.policy import Statement
from stockade.model.value import Doubt, Known, Origin, Relation, Unknown, Value, When, conjoin
from stockade.text.document import Span

if TYPE_CHECKING:
    from stockade.inputs.terraform.lower import Declared, Lowering


def lower_definition(lowering: Lowering, by: Declared, api: Value[str], *, http: bool) -> dict[str, Any]:
    """The records of the definition that `by` states as its `body`, and what it says of the API itself."""
    fields: dict[str, Any] = {}
    for case in lookup(by.block, ("body",)):
        empty = case.term is None or (type(case.term) is Lit and not str(case.term.v).strip())
        if case.term is None or empty or conjoin(by.exists, case.when) is None:
            continue
        body = case.term if type(case.term) is Obj else decode(case.term) or decode(case.term, yaml=True)
        if type(body) is Obj:
            piece = _Piece(lowering, by, body, case.span, case.key_span)
            # The premises of the resource itself are those of all of its records.
            fields.update(read_openapi(_Api(lowering, by), piece, api, http=http, when=case.when))
        doubt = (body.open if type(body) is Obj else None) or _why_unknown(case.term, body)
        if doubt is not None:
            fields["definition"] = Unknown(
                doubt=doubt, origin=by.places.origin(case.term.span, case.span, case.key_span)
            )
            lowering.gap(
                by,
                case.span,
                "the API's definition",
                doubt.why,
                kind="wrong-shape" if doubt.cause == "wrong shape" else "unresolved",
                remedy=doubt.remedy or "scan the definition too: write it into the configuration, or read a local file",
                hides=True,
                kinds=DEFINED,
                # A configuration may be a part of a whole; a plan has all that belongs to it.
                api=by.key if by.written is None else "",
            )
    return fields


def _why_unknown(term: Term, body: Term | None) -> Doubt | None:
    if type(body) is Obj:
        return None
    if type(term) in (Unk, Txt):
        return doubt_of(term)
    return Doubt("it is neither JSON nor YAML of an OpenAPI definition", "correct it", "wrong shape")


def lower_preflight(lowering: Lowering, found: Declared) -> dict[str, Any]:
    """What the methods of a REST API say of its CORS, where they are resources of their own."""
    preflight = Preflight()
    for named in lowering.named("aws_api_gateway_integration_response", "rest_api_id", found):
        by = named.by
        verb = lowering.value_at(by, by.block, "http_method")
        for name, note in (("response_parameters", preflight.add), ("response_templates", preflight.add_templates)):
            said = by.block.entries.get(name)
            if said is not None and isinstance(verb, Known):
                place = by.block.places.get(name, by.span)
                note(str(verb.v), _Piece(lowering, by, said, place, by.block.keys.get(name)), named.when)
    return preflight.fields


class _Api:
    """The API that a definition is of."""

    def __init__(self, lowering: Lowering, found: Declared) -> None:
        self.lowering = lowering
        self.found = found

    def base(self, name: str, table: str, key: _Piece, block: _Piece, when: When) -> dict[str, Any]:
        term = block.term if type(block.term) is Obj else Obj(span=block.term.span, entries={})
        shown = name.removeprefix("securitySchemes/")
        base = self.lowering.base(
            self.found,
            suffix=f"/{name}",
            table=table,
            item=Item(term, when, ("body",)),
            address=f"{self.found.address}/{shown}",
        )
        return base | {"origin": self.found.places.block(term.span, key.term.span)}

    def add(self, record: Resource) -> Resource:
        return self.lowering.add(record)

    def gap(self, piece: _Piece, what: str, why: str, *, kind: str, remedy: str, kinds: tuple[str, ...] = ()) -> None:
        self.lowering.gap(self.found, piece.place, what, why, kind=kind, remedy=remedy, hides=True, kinds=kinds)


class _Piece:
    """A term with its place, as a piece of a definition."""

    __slots__ = ("found", "key", "lowering", "place", "term")

    def __init__(self, lowering: Lowering, found: Declared, term: Term, place: Span, key: Span | None = None) -> None:
        self.lowering = lowering
        self.found = found
        self.term = in_full(term)
        self.place = place
        self.key = key

    def _of(self, term: Term, place: Span, key: Span | None = None) -> _Piece:
        return _Piece(self.lowering, self.found, term, place, key)

    def cases(self) -> Iterable[tuple[When, _Piece]]:
        return [(when, self._of(leaf, self.place, self.key)) for when, leaf in cases(self.term)]

    def entries(self) -> Iterable[Entry[_Piece]] | None:
        term = self.term
        if type(term) is not Obj:
            return None
        found: list[Entry[_Piece]] = []
        for name, value in term.entries.items():
            place, key = term.places.get(name, self.place), term.keys.get(name)
            own = key or place
            found.append(Entry(name, self._of(Lit(span=own, v=name), own), self._of(value, place, key)))
        return found

    def get(self, name: str) -> _Piece | None:
        term = self.term
        if type(term) is not Obj or name not in term.entries:
            return None
        return self._of(term.entries[name], term.places.get(name, self.place), term.keys.get(name))

    def items(self) -> Iterable[_Piece] | None:
        if type(self.term) is not Seq:
            return None
        return [self._of(item, self.place, self.key) for item in self.term.items]

    def doubt(self) -> Doubt | None:
        term = self.term
        if type(term) is Obj or type(term) is Seq:
            return term.open
        return doubt_of(term) if type(term) is Unk or type(term) is Txt else None

    def is_null(self) -> bool:
        return type(self.term) is Lit and self.term.v is None

    def word(self) -> str:
        value = text(self.value()) if type(self.term) is Lit else None
        return str(value.v) if isinstance(value, Known) else ""

    def value(self) -> Value[Any]:
        return value_of(self.term, self.found.places, self.place, self.key)

    def texts(self) -> Relation[Value[Any]]:
        if type(self.term) is Unk:
            return Relation((), complete=False, gaps=(self.term.doubt,))
        items = self.items()
        own = [self] if items is None and not self.is_null() else items or ()
        doubt = self.term.open if type(self.term) is Seq else None
        return Relation(tuple(text(i.value()) for i in own), doubt is None, () if doubt is None else (doubt,))

    def fields(self, table: Table) -> dict[str, Any]:
        return self.lowering.fields(self.found, table, self.term) if type(self.term) is Obj else {}

    def statements(self) -> Relation[Statement]:
        return lower_statements(self.found.places, self.term)

    def origin(self) -> Origin:
        return self.found.places.origin(self.term.span, self.place, self.key)
