"""`cors` of the events of a REST API: one OPTIONS method for each path, of what all events of the path say.

Sources: serverless.com/framework/docs/providers/aws/events/apigateway#enabling-cors and what `serverless package` 3.40.0 makes,
as of 2026-11-28.
"""

from __future__ import annotations

from msgspec import Struct, field

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless.events._rest_api import Api, Http, method_id, put
from stockade.inputs.serverless.service import Property, Service
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar

_HEADERS = (
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
    "X-Amz-User-Agent",
    "X-Amzn-Trace-Id",
)
_EVERY = {"*", "http://*", "https://*"}
_ANY = "DELETE,GET,HEAD,PATCH,POST,PUT"
_HEADER = "method.response.header."


class Cors(Struct, eq=False):
    """What one event says, or all of a path."""

    entry: Entry
    origin: Node | None = None
    origins: list[Node] = field(default_factory=list)
    methods: list[Node] = field(default_factory=list)
    headers: list[Node] = field(default_factory=list)
    credentials: bool | Node = False
    max_age: Node | None = None
    cache: Node | None = None


def read_cors(service: Service, http: Http) -> Cors | None:
    """What one event says."""
    entry = http.cors
    if entry is None:
        return None
    block, span = entry.value, entry.value.span
    verb = nodes.text(span, http.verb.upper()) if intrinsic(http.method) is None else http.method
    found = Cors(entry, headers=[nodes.text(span, name) for name in _HEADERS])
    if not nodes.is_block(block):
        found.origin = nodes.text(span, "*") if intrinsic(block) is None else block
        found.methods = _union([nodes.text(span, "OPTIONS")], [verb])
        return found
    found.origins = service.items(block, "origins") if service.is_true(block, "origins") else []
    found.origin = service.at(block, "origin")
    if found.origin is None and not found.origins:
        found.origin = nodes.text(span, "*")
    found.methods = _union(service.items(block, "methods"), [nodes.text(span, "OPTIONS"), verb])
    if service.is_true(block, "headers"):
        found.headers = service.items(block, "headers")
    credentials = service.at(block, "allowCredentials")
    if credentials is not None:
        known = intrinsic(credentials) is None
        found.credentials = service.is_true(block, "allowCredentials") if known else credentials
    found.max_age = service.at(block, "maxAge") if service.is_true(block, "maxAge") else None
    found.cache = service.at(block, "cacheControl") if service.is_true(block, "cacheControl") else None
    return found


def _union(one: list[Node], other: list[Node]) -> list[Node]:
    found: list[Node] = []
    for node in [*one, *other]:
        if not any(nodes.shape(node) == nodes.shape(have) for have in found):
            found.append(node)
    return found


def _together(before: Cors | None, own: Cors) -> Cors:
    """What the events of a path say, up to one that comes last: of what can be said but once, its word counts."""
    if before is None:
        return own
    return Cors(
        own.entry,
        own.origin,
        _union(own.origins, before.origins),
        _union(own.methods, before.methods),
        _union(own.headers, before.headers),
        before.credentials or own.credentials,
        own.max_age or before.max_age,
        own.cache or before.cache,
    )


def make_preflight(api: Api, https: list[Http]) -> None:
    """The OPTIONS methods."""
    paths: dict[str, Cors] = {}
    for http in https:
        own = read_cors(api.service, http)
        if own is not None:
            paths[http.path] = _together(paths.get(http.path), own)
    for path, cors in paths.items():
        _options(api, path, cors)


def _options(api: Api, path: str, cors: Cors) -> None:
    service, span = api.service, cors.entry.value.span
    headers = _preflight_headers(service, cors, span)
    answer: dict[str, Node | None] = {
        "StatusCode": nodes.text(span, "200"),
        "ResponseParameters": _parameters(span, headers),
    }
    template: dict[str, Node | None] = {"application/json": nodes.text(span, "{statusCode:200}")}
    integration: dict[str, Node | None] = {
        "Type": nodes.text(span, "MOCK"),
        "RequestTemplates": nodes.mapping(span, template),
        "ContentHandling": nodes.text(span, "CONVERT_TO_TEXT"),
        "IntegrationResponses": nodes.sequence(span, [nodes.mapping(span, answer)]),
    }
    properties: dict[str, Property] = {
        "AuthorizationType": nodes.text(span, "NONE"),
        "HttpMethod": nodes.text(span, "OPTIONS"),
        "Integration": nodes.mapping(span, integration),
        "ResourceId": api.resources.get(path) or api.root(span),
        "RestApiId": api.id(span),
    }
    put(service, method_id(path, "options"), "AWS::ApiGateway::Method", properties, at=cors.entry)


def _preflight_headers(service: Service, cors: Cors, span: Span) -> dict[str, Node]:
    origins = cors.origins
    text = nodes.literal(cors.origin)
    if text is not None and cors.origin is not None and "," in text:
        origins = [nodes.text(cors.origin.span, part.strip()) for part in text.split(",")]
    origin = _listed(service, span, _widest_first(origins)) if origins else cors.origin
    methods = _listed(service, span, cors.methods)
    raw = nodes.literal(methods)
    if raw is not None and any(nodes.literal(m) == "ANY" for m in cors.methods):
        methods = nodes.text(methods.span, raw.replace("ANY", _ANY, 1))
    found: dict[str, Node] = {
        "Access-Control-Allow-Origin": origin if origin is not None else nodes.text(span, "undefined"),
        "Access-Control-Allow-Headers": _listed(service, span, cors.headers),
        "Access-Control-Allow-Methods": methods,
    }
    if cors.credentials is True:
        found["Access-Control-Allow-Credentials"] = nodes.text(span, "true")
    elif cors.credentials is not False:
        found["Access-Control-Allow-Credentials"] = cors.credentials
    if cors.max_age is not None:
        found["Access-Control-Max-Age"] = cors.max_age
    if cors.cache is not None:
        found["Cache-Control"] = cors.cache
    return {name: _quoted(service, node) for name, node in found.items()}


def _widest_first(origins: list[Node]) -> list[Node]:
    """The origins, from the one that says most; of those that are not known, one stands for all.

    The header names the first, but a template answers each with its own name.
    """
    unknown = [node for node in origins if intrinsic(node) is not None]
    every = [node for node in origins if nodes.literal(node) in _EVERY]
    if unknown:
        return [(every or unknown)[0]]
    first = (every or origins)[0]
    return [first, *(node for node in origins if node is not first)]


def _listed(service: Service, span: Span, items: list[Node]) -> Node:
    where = items[0].span if items else span
    parts: list[str | Node] = []
    for item in items:
        parts += [",", item] if parts else [item]
    return service.joined(where, *parts) if parts else nodes.text(span, "")


def _quoted(service: Service, node: Node) -> Node:
    """A header's value as API Gateway wants it: in quotes of its own."""
    if type(node) is Scalar and node.tag is None:
        return nodes.text(node.span, f"'{node.raw}'")
    return service.joined(node.span, "'", node, "'")


def _parameters(span: Span, headers: dict[str, Node]) -> Mapping:
    return nodes.mapping(span, {_HEADER + name: node for name, node in headers.items()})


def answer_headers(service: Service, http: Http) -> Mapping | None:
    """The headers that an integration which is no proxy answers with: those of `cors`, and those of `response`."""
    own = read_cors(service, http)
    found: dict[str, Node] = {}
    if own is not None:
        origin = _listed(service, own.entry.value.span, own.origins) if own.origins else own.origin
        found["Access-Control-Allow-Origin"] = _quoted(
            service, origin if origin is not None else nodes.text(own.entry.value.span, "undefined")
        )
        if own.credentials is True:
            found["Access-Control-Allow-Credentials"] = nodes.text(own.entry.value.span, "true")
        elif own.credentials is not False:
            found["Access-Control-Allow-Credentials"] = own.credentials
    entries = service.block(http.block, "response", "headers").entries
    found |= {e.key.raw: e.value for e in entries}
    return _parameters(http.event.span, found) if found else None
