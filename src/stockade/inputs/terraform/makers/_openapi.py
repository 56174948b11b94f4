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
    NotKnown,
    Obj,
    Ref,
    Seq,
    Term,
    Txt,
    Unk,
    cases,
    doubt_of,
    in_full,
    plain,
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
            # A configuration may be a part of a whole; a plan has all that belongs to it.
            called = may_be_called(lowering) if by.written is None else None
            lowering.gap(
                by,
                case.span,
                "the API's definition",
                doubt.why,
                kind="wrong-shape" if doubt.cause == "wrong shape" else "unresolved",
                remedy=doubt.remedy or "scan the definition too: write it into the configuration, or read a local file",
                hides=called is None or bool(called),
                kinds=DEFINED,
                affects=called or (),
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


# ------------------------------------------------------------------------------------ what an API that isn't known may call

_SERVICE = "apigateway.amazonaws.com"
_FUNCTION = "aws_lambda_function"
_TELLING = ("aws_api", "aws_iam_")  # what a trust policy speaks of that may be for API Gateway, or for anybody


def may_be_called(lowering: Lowering) -> tuple[str, ...] | None:
    """The functions that API Gateway may call, whatever a definition says; None for any.

    It calls a function that gives it permission, or with the credentials of a role that it may assume.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html (as of 2026-11-28).
    """
    if not lowering.by_apis:
        lowering.by_apis.append(_called(lowering))
    return lowering.by_apis[0]


def _called(lowering: Lowering) -> tuple[str, ...] | None:
    if any(_may_assume(lowering, role) for role in lowering.of_type("aws_iam_role")):
        return None
    called: dict[str, None] = {}
    for permission in lowering.of_type("aws_lambda_permission"):
        if not _may_be_its(lowering, permission):
            continue
        function = lowering.value_at(permission, permission.block, "function_name")
        for _, leaf in function.leaves() if function is not None else ():
            names = lowering.resolve(leaf, _FUNCTION)
            if not names and not isinstance(leaf, Known):
                return None
            called.update((found.address, None) for _, found in names)
    return tuple(called)


def _may_be_its(lowering: Lowering, permission: Declared) -> bool:
    """Whether a permission may let API Gateway call a function."""
    principal = lowering.value_at(permission, permission.block, "principal")
    action = lowering.value_at(permission, permission.block, "action")
    organization = lowering.value_at(permission, permission.block, "principal_org_id")
    if action is not None and action.is_("lambda:InvokeFunctionUrl").is_yes:
        return False  # no API calls a function by its URL with this
    if principal is None or not principal.is_(_SERVICE).is_no:
        return True
    # A service is in no organization.
    return not principal.is_("*").is_no and (organization is None or not organization.is_set().is_yes)


def _may_assume(lowering: Lowering, role: Declared) -> bool:
    """Whether API Gateway may assume a role, as far as its trust is known: what it trusts, or what it speaks of."""
    for case in lookup(role.block, ("assume_role_policy",)):
        if case.term is None:
            continue
        inner = decode(case.term)
        told = case.term if inner is None else inner
        if type(told) is Txt:
            # What it speaks of stands in its conditions, so that it trusts the services of that.
            named = [lowering.find(part.reference) for part in told.parts if isinstance(part, Ref)]
            if not named or any(found is None or found.type.startswith(_TELLING) for found in named):
                return True
        elif _speaks_of_it(told):
            return True
    return False


def _speaks_of_it(term: Term) -> bool:
    """Whether a policy names API Gateway as a principal, or may do so."""
    if type(term) is not Obj or type(stated := term.entries.get("Statement")) not in (Seq, Obj):
        return True
    items = stated.items if type(stated) is Seq else (stated,)
    opened = term.open or (stated.open if type(stated) is Seq else None)
    return opened is not None or any(_trusts(item) for item in items)


def _trusts(statement: Term | None) -> bool:
    principals = statement.entries.get("Principal") if type(statement) is Obj else None
    if type(statement) is not Obj or statement.open is not None or principals is None:
        return True
    try:
        named = plain(principals)
    except NotKnown:
        return True
    kinds = named.values() if isinstance(named, dict) else [named]
    words = [str(word) for held in kinds for word in (held if isinstance(held, list) else [held])]
    return any(word == "*" or word.startswith("apigateway.") for word in words)


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
