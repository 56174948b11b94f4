"""`httpApi`: one HTTP API for all functions, or routes of one that is there already.

Source: serverless.com/framework/docs/providers/aws/events/http-api and what `serverless package` 3.40.0 makes, as of 2026-11-28.
`provider.logs.httpApi.logGroup` is version 4's.
"""

from __future__ import annotations

import json

from msgspec import Struct

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.deliveries import is_written, refuse
from stockade.inputs.serverless.events._http_authorizers import Authorizers
from stockade.inputs.serverless.service import Event, Function, Property, Service
from stockade.inputs.serverless.texts import known, open_text
from stockade.patterns import regex
from stockade.text.document import Span
from stockade.text.node import Entry, Node, Scalar, Sequence

API = "HttpApi"
_STAGE = "HttpApiStage"
_PRINCIPAL = "apigateway.amazonaws.com"
_KEY = regex(r"(?i)^(ANY|GET|POST|PUT|PATCH|OPTIONS|HEAD|DELETE|\*)\s+(/\S*)$")
_METHODS = ("GET", "POST", "PUT", "PATCH", "OPTIONS", "HEAD", "DELETE")
_HEADERS = (
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
    "X-Amz-User-Agent",
    "X-Amzn-Trace-Id",
)
_FORMAT = {
    "requestId": "$context.requestId",
    "ip": "$context.identity.sourceIp",
    "requestTime": "$context.requestTime",
    "httpMethod": "$context.httpMethod",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "protocol": "$context.protocol",
    "responseLength": "$context.responseLength",
}
_TIMEOUT = 30_000  # milliseconds, the most that there is


class _Key(Struct, frozen=True):
    """The key of a route: how it is written in CloudFormation, what it is named by, and its method."""

    node: Node
    name: str  # empty where it is not known
    method: Node


def _make(service: Service, events: list[Event]) -> None:
    routes = [(event, key) for event in events if (key := _key(service, event)) is not None]
    if not routes:
        return
    written = service.entry(service.provider, "httpApi")
    at: Entry | Event = written if written is not None else routes[0][0]
    span = at.value.span if isinstance(at, Entry) else at.span
    external = service.entry(written.value, "id") if written is not None else None
    api: Property = external or nodes.ref(span, API)
    api_node = api.value if isinstance(api, Entry) else api
    if external is None:
        _api(service, at, span, [key.method for _, key in routes])
        _stage(service, at, span)
    authorizers = Authorizers(service, api, source(service, span, api_node), external=external is not None)
    done: set[str] = set()
    for event, key in routes:
        if event.function.key not in done:
            done.add(event.function.key)
            _integration(service, event, api)
            logical_id = f"{naming.normal(event.function.key)}LambdaPermissionHttpApi"
            service.permission(logical_id, event, _PRINCIPAL, SourceArn=source(service, event.span, api_node))
        _route(service, event, key, api, authorizers)


def source(service: Service, span: Span, api: Node | None) -> Node:
    """The ARN of everything that an API is asked."""
    return service.joined(
        span,
        "arn:",
        nodes.ref(span, "AWS::Partition"),
        ":execute-api:",
        nodes.ref(span, "AWS::Region"),
        ":",
        nodes.ref(span, "AWS::AccountId"),
        ":",
        api if api is not None else nodes.ref(span, API),
        "/*",
    )


# -------------------------------------------------------------------------------------------------------------- the API


def _setting(service: Service, key: str) -> Entry | None:
    """One of the settings of `provider.httpApi`; all of it where nobody knows what it holds."""
    whole = service.entry(service.provider, "httpApi")
    if whole is None or service.resolver.hole_of(whole.value) is not None:
        return whole
    return service.entry(whole.value, key)


def _api(service: Service, at: Entry | Event, span: Span, methods: list[Node]) -> None:
    properties: dict[str, Property] = {
        "Name": _name(service, span),
        "ProtocolType": nodes.text(span, "HTTP"),
        "DisableExecuteApiEndpoint": _setting(service, "disableDefaultEndpoint"),
        "Tags": service.entry(service.provider, "tags"),
        "CorsConfiguration": _cors(service, methods),
    }
    service.make(API, "AWS::ApiGatewayV2::Api", properties, at=at)
    service.anchors[API] = ("AWS::ApiGatewayV2::Api", service.provider)


def _name(service: Service, span: Span) -> Property:
    settings = service.at(service.provider, "httpApi")
    if service.is_true(settings, "name"):
        return service.entry(settings, "name")
    if service.is_true(settings, "shouldStartNameWithService"):
        return service.prefixed(span)
    return service.joined(span, f"{service.stage}-", service.name)


def _cors(service: Service, methods: list[Node]) -> Property:
    entry = _setting(service, "cors")
    if entry is None or not is_written(entry.value):
        return None
    # What is not written is said by the key: where `true` stands, a block may be written.
    cors, span = entry.value, entry.value.span if nodes.is_block(entry.value) else entry.key.span
    if intrinsic(cors) is not None:
        return entry
    usual: dict[str, tuple[str, list[Node]]] = {
        "allowedOrigins": ("AllowOrigins", [nodes.text(span, "*")]),
        "allowedHeaders": ("AllowHeaders", [nodes.text(span, name) for name in _HEADERS]),
        "allowedMethods": ("AllowMethods", [nodes.text(span, "OPTIONS"), *_every(methods)]),
    }
    found: dict[str, Property] = {}
    for key, (name, default) in usual.items():
        found[name] = listed(service, cors, key) or nodes.sequence(span, default)
    found["AllowCredentials"] = _true(service, cors, "allowCredentials")
    found["ExposeHeaders"] = listed(service, cors, "exposedResponseHeaders")
    found["MaxAge"] = service.entry(cors, "maxAge")
    return Entry(entry.key, service.mapping(span, found))


def _every(methods: list[Node]) -> list[Node]:
    """The methods of all routes, each once."""
    found: dict[str, Node] = {}
    for method in methods:
        name = known(method)
        if name is None:
            found.setdefault("?", method)
        for one in _METHODS if name == "ANY" else (name,) if name is not None else ():
            if one != "OPTIONS":
                found.setdefault(one, nodes.text(method.span, one))
    return list(found.values())


def listed(service: Service, block: Node, key: str) -> Property:
    """A list: what is written, or a list of the one value that is; as it is where nobody knows which."""
    if not service.is_true(block, key):
        return None
    entry = service.entry(block, key)
    if entry is None or nodes.is_list(entry.value) or service.resolver.hole_of(entry.value) is not None:
        return entry
    return Entry(entry.key, nodes.sequence(entry.value.span, [entry.value]))


def _true(service: Service, block: Node, key: str) -> Property:
    return service.entry(block, key) if service.is_true(block, key) else None


def _stage(service: Service, at: Entry | Event, span: Span) -> None:
    metrics = _setting(service, "metrics")
    shown: dict[str, Property] = {"DetailedMetricsEnabled": metrics or nodes.flag(span, value=False)}
    properties: dict[str, Property] = {
        "ApiId": nodes.ref(span, API),
        "StageName": nodes.text(span, "$default"),
        "AutoDeploy": nodes.flag(span, value=True),
        "DefaultRouteSettings": service.mapping(span, shown),
        "Tags": service.entry(service.provider, "tags"),
        "AccessLogSettings": _access_log(service),
    }
    service.make(_STAGE, "AWS::ApiGatewayV2::Stage", properties, at=at)
    service.anchors[_STAGE] = ("AWS::ApiGatewayV2::Stage", service.provider)


def _access_log(service: Service) -> Property:
    """The log of who asked, and the group that it is written to."""
    logs = service.entry(service.provider, "logs")
    entry = service.entry(logs.value, "httpApi") if logs is not None else None
    found = entry or logs
    if found is not None and service.resolver.hole_of(found.value) is not None:
        return found
    if entry is None or not is_written(entry.value):
        return None
    span = entry.value.span
    text = json.dumps(_FORMAT, separators=(",", ":"))
    settings: dict[str, Property] = {
        "DestinationArn": nodes.get_att(span, "HttpApiLogGroup", "Arn"),
        "Format": _true(service, entry.value, "format") or nodes.text(span, text),
    }
    group: dict[str, Property] = {
        "LogGroupName": service.entry(entry.value, "logGroup")
        or service.joined(span, "/aws/http-api/", service.stack_name(span)),
        "RetentionInDays": _true(service, service.provider, "logRetentionInDays"),
        "DataProtectionPolicy": _true(service, service.provider, "logDataProtectionPolicy"),
    }
    service.make("HttpApiLogGroup", "AWS::Logs::LogGroup", group, at=entry)
    return Entry(entry.key, service.mapping(span, settings))


# ----------------------------------------------------------------------------------------------------------- the routes


def _key(service: Service, event: Event) -> _Key | None:
    """The key of an event's route; None, and a gap, where nothing can be made of it."""
    if not is_written(event.body):
        return None
    if nodes.is_block(event.body):
        return _key_of_block(service, event)
    text = known(event.body)
    if text == "*":
        return _Key(nodes.text(event.span, "$default"), "*", nodes.text(event.span, "ANY"))
    found = _KEY.match(text) if text is not None else None
    if found is not None:
        return _written(event.span, found[1], found[2])
    parts = open_text(service, event.body)
    if parts is not None and isinstance(parts[0], str) and " " in parts[0].strip():
        method, _, rest = parts[0].strip().partition(" ")
        node = nodes.text(event.span, _method(method))
        return _Key(service.joined(event.span, f"{node.raw} {rest}", *parts[1:]), "", node)
    if text is None and intrinsic(event.body) is not None:
        return _Key(event.body, "", event.body)
    refuse(service, event, "it is neither a method with a path nor a mapping of them")
    return None


def _key_of_block(service: Service, event: Event) -> _Key | None:
    path, method = service.at(event.block, "path"), service.at(event.block, "method")
    if path is None or nodes.is_block(path) or nodes.is_list(path):
        refuse(service, event, "it has no path")
        return None
    way, verb = known(path), known(method)
    if way == "*":
        return _Key(nodes.text(path.span, "$default"), "*", nodes.text(path.span, "ANY"))
    if method is None or nodes.is_block(method) or nodes.is_list(method):
        # The framework refuses it: a route for any method says too much rather than too little.
        refuse(service, event, "it has no method", hides=False)
        verb = "ANY"
    if verb is not None and way is not None:
        return _written(path.span, verb, way)
    first: Node = method if verb is None and method is not None else nodes.text(event.span, _method(verb or "ANY"))
    return _Key(service.joined(path.span, first, " ", path), "", first)


def _method(text: str) -> str:
    return "ANY" if text == "*" else text.upper()


def _written(span: Span, method: str, path: str) -> _Key:
    verb = _method(method)
    key = f"{verb} {path}"
    return _Key(nodes.text(span, key), key, nodes.text(span, verb))


def _integration(service: Service, event: Event, api: Property) -> None:
    function, span = event.function, event.span
    payload = _payload(service, function)
    properties: dict[str, Property] = {
        "ApiId": api,
        "IntegrationType": nodes.text(span, "AWS_PROXY"),
        "IntegrationUri": service.target(function, span),
        "PayloadFormatVersion": payload or nodes.text(span, "2.0"),
        "TimeoutInMillis": Scalar(span, _TIMEOUT, str(_TIMEOUT)),
    }
    service.make(_integration_id(function), "AWS::ApiGatewayV2::Integration", properties, at=event)


def _payload(service: Service, function: Function) -> Entry | None:
    for block in (function.block, service.provider):
        settings = service.at(block, "httpApi")
        if service.is_true(settings, "payload"):
            return service.entry(settings, "payload")
    return None


def _integration_id(function: Function) -> str:
    return f"HttpApiIntegration{naming.normal(function.key)}"


def _route(service: Service, event: Event, key: _Key, api: Property, authorizers: Authorizers) -> None:
    span = event.span
    parts = nodes.sequence(span, [nodes.text(span, "integrations"), nodes.ref(span, _integration_id(event.function))])
    properties: dict[str, Property] = {
        "ApiId": api,
        "RouteKey": key.node,
        "Target": Sequence(span, (nodes.text(span, "/"), parts), "!Join"),
        **authorizers.of(event),
    }
    if key.name == "*":
        logical_id = "HttpApiRouteDefault"
    elif key.name:
        logical_id = f"HttpApiRoute{naming.path(key.name)}"
    else:
        logical_id = f"HttpApiRoute{naming.normal(event.function.key)}{event.number}"
    service.make(logical_id, "AWS::ApiGatewayV2::Route", properties, at=event)


SHARED = {"httpApi": _make}
