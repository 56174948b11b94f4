"""OpenAPI definitions in templates: the nodes of a template as pieces of a definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.cloudformation.policies import lower_statements
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.lens import Table
from stockade.inputs.openapi import Entry, Preflight, read_openapi
from stockade.model.app import Resource
from stockade.model.policy import Statement
from stockade.model.value import Doubt, Known, Origin, Relation, Unknown, Value, When, conjoin
from stockade.text.document import Span
from stockade.text.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering


def lower_openapi(
    lowering: Lowering,
    found: Declared,
    body: Mapping,
    api: Value[str],
    *,
    http: bool,
    when: When = (),
) -> dict[str, Any]:
    """The records of an API's definition, and what it says of the API itself; see `read_openapi`."""
    return read_openapi(_Api(lowering, found), _Block(lowering, body), api, http=http, when=when)


def lower_preflight(lowering: Lowering, found: Declared) -> dict[str, Any]:
    """What the methods of a REST API say of its CORS, where they are resources of their own."""
    preflight = Preflight()
    for method in lowering.of_type("AWS::ApiGateway::Method"):
        if not lowering.refers_to(lowering.value_at(method.properties, "RestApiId"), found):
            continue
        verb = lowering.value_at(method.properties, "HttpMethod")
        if isinstance(verb, Known):
            for item in lowering.items(method.properties, "Integration", "IntegrationResponses"):
                when = conjoin(method.exists, item.when)
                headers, templates = item.node.get("ResponseParameters"), item.node.get("ResponseTemplates")
                if headers is not None and when is not None:
                    preflight.add(str(verb.v), _Block(lowering, headers), when)
                if templates is not None and when is not None:
                    preflight.add_templates(str(verb.v), _Block(lowering, templates), when)
    return preflight.fields


class _Api:
    """The API that a definition is of."""

    def __init__(self, lowering: Lowering, found: Declared) -> None:
        self.lowering = lowering
        self.found = found

    def base(self, name: str, table: str, key: _Block, block: _Block, when: When) -> dict[str, Any]:
        return self.lowering.base(
            self.found,
            suffix=f"/{name}",
            table=table,
            span=block.node.span,
            key_span=key.node.span,
            when=when,
            address=f"{self.found.id}/{name.removeprefix('securitySchemes/')}",
            block=block.node,
        )

    def add(self, record: Resource) -> Resource:
        return self.lowering.add(record)

    def gap(self, piece: _Block, what: str, why: str, *, kind: str, remedy: str, kinds: tuple[str, ...] = ()) -> None:
        self.lowering.evaluator.gap(
            piece.node,
            f"{what} of the API `{self.found.id}`",
            why,
            kind=kind,
            remedy=remedy,
            hides=True,
            kinds=kinds,
            api=self.lowering.evaluator.key(self.found.id),
        )


class _Block:
    """A node of a template, as a piece of a definition."""

    __slots__ = ("key_span", "lowering", "node")

    def __init__(self, lowering: Lowering, node: Node, key_span: Span | None = None) -> None:
        self.lowering = lowering
        self.node = node
        self.key_span = key_span

    def cases(self) -> list[tuple[When, _Block]]:
        found = self.lowering.evaluator.cases(self.node, self.key_span)
        return [(c.when, _Block(self.lowering, c.node, c.key_span)) for c in found if c.node is not None]

    def entries(self) -> list[Entry[_Block]] | None:
        node = self.node
        if type(node) is not Mapping or intrinsic(node) is not None:
            return None
        return [
            Entry(e.key.raw, _Block(self.lowering, e.key), _Block(self.lowering, e.value, e.key.span))
            for e in node.entries
        ]

    def get(self, name: str) -> _Block | None:
        entry = self.node.entry(name) if type(self.node) is Mapping else None
        return _Block(self.lowering, entry.value, entry.key.span) if entry is not None else None

    def items(self) -> list[_Block] | None:
        node = self.node
        if type(node) is not Sequence or node.tag is not None:
            return None
        return [_Block(self.lowering, item) for item in node.items]

    def doubt(self) -> Doubt | None:
        if type(self.node) is Mapping and "Fn::Transform" in self.node:
            return self.lowering.evaluator.doubt_of_macro()
        if intrinsic(self.node) is None:
            return None
        value = self.lowering.evaluator.value(self.node)
        if isinstance(value, Unknown):
            return value.doubt
        return Doubt(f"`{value.show()}` is known only when the stack is deployed", cause="reference")

    def is_null(self) -> bool:
        return type(self.node) is Scalar and self.node.value is None and self.node.tag is None

    def word(self) -> str:
        return self.node.raw if type(self.node) is Scalar and self.node.tag is None else ""

    def value(self) -> Value[Any]:
        return self.lowering.evaluator.value(self.node, self.key_span)

    def texts(self) -> Relation[Value[Any]]:
        return self.lowering.evaluator.texts(self.node)

    def fields(self, table: Table) -> dict[str, Any]:
        return self.lowering.fields(table, self.node)

    def statements(self) -> Relation[Statement]:
        return lower_statements(self.lowering.evaluator, self.node)

    def origin(self) -> Origin:
        return self.lowering.evaluator.origin(self.node)
