"""The OpenAPI document of an API, as SAM completes it: routes of events, security, CORS, resource policy.

The document is a tree of nodes and is never changed: every step makes a new one that shares what it leaves alone, so
that what the user wrote keeps its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.patterns import regex
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

INTEGRATION = "x-amazon-apigateway-integration"
ANY = "x-amazon-apigateway-any-method"
POLICY = "x-amazon-apigateway-policy"
CORS = "x-amazon-apigateway-cors"
VALIDATOR = "x-amazon-apigateway-request-validator"
ENDPOINT = "x-amazon-apigateway-endpoint-configuration"
AUTHORIZER = "x-amazon-apigateway-authorizer"
AUTHTYPE = "x-amazon-apigateway-authtype"

# What may stand beside the methods of a path.
NOT_METHODS = frozenset({"summary", "description", "parameters", "servers", "$ref", "x-amazon-apigateway-cors"})

Security: TypeAlias = list[Node]
Change: TypeAlias = Callable[[str, Mapping], Mapping]

_VERSION_3 = regex(r"\A3(\.\d)(\.\d)?$")


def is_version_3(node: Node | None) -> bool:
    """Whether a version is one of OpenAPI 3, as SAM tests it."""
    return _VERSION_3.match(nodes.literal(node) or "") is not None


def method_name(method: str) -> str:
    """A method as it stands in the document."""
    lower = method.lower()
    return ANY if lower == "any" else lower


def is_document(node: Node | None) -> bool:
    """Whether a node is an OpenAPI document that can be looked into."""
    return type(node) is Mapping and nodes.is_block(node) and type(node.get("paths")) is Mapping


# ------------------------------------------------------------------------------------------------ conditions in between


def branches(node: Node) -> Iterator[Node]:
    """The blocks that a node may be, once `Fn::If` is seen through."""
    call = intrinsic(node)
    if call is None:
        yield node
    elif call.name == "Fn::If" and type(call.argument) is Sequence and len(call.argument.items) == 3:
        yield from branches(call.argument.items[1])
        yield from branches(call.argument.items[2])


def through(node: Node, change: Callable[[Mapping], Node]) -> Node:
    """A node with a change made to every block that it may be."""
    call = intrinsic(node)
    if call is None:
        return change(node) if type(node) is Mapping else node
    if call.name == "Fn::If" and type(call.argument) is Sequence and len(call.argument.items) == 3:
        condition, yes, no = call.argument.items
        return nodes.conditional(node.span, (condition, through(yes, change), through(no, change)))
    return node


def operations(document: Mapping, change: Callable[[str, str, Mapping], Mapping]) -> Mapping:
    """The document with a change made to every operation that has an integration: `change(path, method, operation)`."""
    paths = document.get("paths")
    if type(paths) is not Mapping:
        return document

    def of_path(path: str) -> Callable[[Mapping], Node]:
        def of_item(item: Mapping) -> Node:
            entries = []
            for entry in item.entries:
                if entry.key.raw in NOT_METHODS:
                    entries.append(entry)
                    continue
                method = method_name(entry.key.raw)
                value = through(
                    entry.value,
                    lambda op, m=method: change(path, m, op) if nodes.is_set(op.get(INTEGRATION)) else op,  # type: ignore[misc]
                )
                entries.append(entry if value is entry.value else Entry(entry.key, value))
            return Mapping(item.span, tuple(entries), item.tag, item.flow)

        return of_item

    entries = tuple(Entry(e.key, through(e.value, of_path(e.key.raw))) for e in paths.entries)
    return nodes.with_entries(document, {"paths": Mapping(paths.span, entries, paths.tag, paths.flow)})


class Paths:
    """The paths of a document while operations are put there: by name, since an API may have thousands."""

    def __init__(self, document: Mapping) -> None:
        self._document = document
        paths = document.get("paths")
        self._paths = paths if type(paths) is Mapping else Mapping(document.span, ())
        self._entries: dict[str, Entry] = {e.key.raw: e for e in self._paths.entries}

    def has(self, path: str, method: str) -> bool:
        """Whether an operation with an integration is there, in every case of a conditional path."""
        entry = self._entries.get(path)
        if entry is None:
            return False
        found = False
        for block in branches(entry.value):
            operation = block.get(method) if type(block) is Mapping else None
            if operation is None:
                return False
            found = any(type(b) is Mapping and nodes.is_set(b.get(INTEGRATION)) for b in branches(operation))
            if not found:
                return False
        return found

    def put(self, path: str, method: str, change: Callable[[Mapping | None], Node], key_span: Span) -> None:
        """Set one operation; `change` gets the one that is there."""

        def of_item(item: Mapping) -> Node:
            entry = item.entry(method)
            old = entry.value if entry is not None else None
            made = change(old if type(old) is Mapping else None)
            key = entry.key if entry is not None else Scalar(key_span, method, method)
            kept = tuple(e for e in item.entries if e.key.raw != method)
            return Mapping(item.span, (*kept, Entry(key, made)), item.tag, item.flow)

        here = self._entries.get(path)
        if here is None:
            self._entries[path] = Entry(Scalar(key_span, path, path), of_item(Mapping(key_span, ())))
            return
        value = here.value if type(here.value) is not Scalar else Mapping(here.value.span, ())
        self._entries[path] = Entry(here.key, through(value, of_item))

    def document(self) -> Mapping:
        """The document with all of them."""
        paths = self._paths
        made = Mapping(paths.span, tuple(self._entries.values()), paths.tag, paths.flow)
        return nodes.with_entries(self._document, {"paths": made})


# ------------------------------------------------------------------------------------------------------------- security


def security_of(operation: Mapping) -> Security:
    """The requirements of an operation."""
    node = operation.get("security")
    return list(node.items) if type(node) is Sequence and nodes.is_list(node) else []


def requirement(span: Span, name: str, scopes: Node | None = None) -> Mapping:
    """One requirement: a scheme and its scopes."""
    return nodes.mapping(span, {name: scopes if scopes is not None else Sequence(span, ())})


def names_in(required: Node) -> set[str]:
    """The schemes of a requirement."""
    return {e.key.raw for e in required.entries} if type(required) is Mapping else set()


def with_security(operation: Mapping, required: Security) -> Mapping:
    """An operation with these requirements; what they come to stands where the last of them is written."""
    span = required[-1].span if required else operation.span
    return nodes.with_entries(operation, {"security": nodes.sequence(span, required)})


def default_authorizer(
    document: Mapping, name: str, scopes: Node | None, known: set[str], span: Span, *, preflight: bool
) -> Mapping:
    """The document of a REST API with its default authorizer on every operation that has none of its own."""
    authorizers = known | {"AWS_IAM"}

    def change(path: str, method: str, operation: Mapping) -> Mapping:
        del path
        if method == "options" and not preflight:
            return operation
        others: Security = []
        own: Security = []
        for required in security_of(operation):
            (others if authorizers.isdisjoint(names_in(required)) else own).append(required)
        index = next((i for i, r in enumerate(others) if "NONE" in names_in(r)), -1)
        if index >= 0:
            del others[index]
            chosen: Security = []
        else:
            chosen = own or [requirement(span, name, scopes)]
        final = others + chosen
        return with_security(operation, final) if final else operation

    return operations(document, change)


def default_api_key(document: Mapping, span: Span, *, preflight: bool) -> Mapping:
    """The document of a REST API whose operations want an API key unless they say otherwise."""

    def change(path: str, method: str, operation: Mapping) -> Mapping:
        del path
        before = security_of(operation)
        others = [r for r in before if names_in(r).isdisjoint({"api_key", "api_key_false"})]
        own = [r for r in before if r not in others]
        refused = any("api_key_false" in names_in(r) for r in own)
        final = others if refused else [*others, requirement(span, "api_key")]
        if method == "options" and not preflight:
            final = others
        return with_security(operation, final) if len(final) != len(before) or final != before else operation

    return operations(document, change)


def http_default_authorizer(document: Mapping, name: str, scopes: Node | None, span: Span) -> Mapping:
    """The document of an HTTP API with its default authorizer on every operation without requirements."""

    def change(path: str, method: str, operation: Mapping) -> Mapping:
        del path
        if method == "options" or security_of(operation):
            return operation
        return with_security(operation, [requirement(span, name, scopes)])

    return operations(document, change)


def with_schemes(document: Mapping, schemes: dict[str, Node], *, version_3: bool, replace: bool = True) -> Mapping:
    """The document with security schemes, where its version has them."""
    if not schemes:
        return document
    span = document.span
    if not version_3:
        old = document.get("securityDefinitions")
        return nodes.with_entries(document, {"securityDefinitions": _joined(old, schemes, span, replace=replace)})
    components = document.get("components")
    base = components if type(components) is Mapping else Mapping(span, ())
    made = _joined(base.get("securitySchemes"), schemes, span, replace=replace)
    return nodes.with_entries(document, {"components": nodes.with_entries(base, {"securitySchemes": made})})


def _joined(old: Node | None, schemes: dict[str, Node], span: Span, *, replace: bool) -> Mapping:
    base = old if type(old) is Mapping else Mapping(span, ())
    return nodes.with_entries(base, {k: v for k, v in schemes.items() if replace or base.get(k) is None})


def iam_scheme(span: Span) -> Node:
    """The scheme of signed requests."""
    return nodes.from_plain({"type": "apiKey", "name": "Authorization", "in": "header", AUTHTYPE: "awsSigv4"}, span, {})


def api_key_scheme(span: Span) -> Node:
    """The scheme of API keys."""
    return nodes.from_plain({"type": "apiKey", "name": "x-api-key", "in": "header"}, span, {})


# ----------------------------------------------------------------------------------------------------------------- CORS


def with_options(document: Mapping, span: Span, headers: dict[str, Node | None]) -> Mapping:
    """The document of a REST API with an OPTIONS method, for preflight requests, on every path without one."""
    paths = document.get("paths")
    if type(paths) is not Mapping:
        return document
    seen: set[str] = set()

    def add(item: Mapping) -> Node:
        if any(method_name(e.key.raw) == "options" for e in item.entries):
            return item
        allowed = headers
        if not nodes.is_set(headers.get("Access-Control-Allow-Methods")):
            allowed = {**headers, "Access-Control-Allow-Methods": nodes.text(span, f"'{_methods(item)}'")}
        parameters = nodes.mapping(span, {f"method.response.header.{k}": v for k, v in allowed.items()})
        answer = nodes.mapping(span, {"statusCode": nodes.text(span, "200"), "responseParameters": parameters})
        integration: dict[str, Node | None] = {
            "type": nodes.text(span, "mock"),
            "responses": nodes.mapping(span, {"default": answer}),
        }
        made = nodes.mapping(
            span, {"summary": nodes.text(span, "CORS support"), INTEGRATION: nodes.mapping(span, integration)}
        )
        return Mapping(item.span, (*item.entries, Entry(Scalar(span, "options", "options"), made)), item.tag, item.flow)

    entries: list[Entry] = []
    for entry in paths.entries:
        path = entry.key.raw
        normal = path if path == "/" else path.rstrip("/")
        if normal in seen:
            entries.append(entry)
            continue
        seen.add(normal)
        entries.append(Entry(entry.key, through(entry.value, add)))
    return nodes.with_entries(document, {"paths": Mapping(paths.span, tuple(entries), paths.tag, paths.flow)})


def _methods(item: Mapping) -> str:
    names = {e.key.raw for e in item.entries}
    if ANY in names:
        return "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT"
    return ",".join(sorted({n.upper() for n in names} | {"OPTIONS"}))
