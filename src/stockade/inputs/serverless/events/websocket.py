"""`websocket`: the WebSocket API of a service.

Sources: serverless.com/framework/docs/providers/aws/events/websocket and what `serverless package` 3.40.0 makes, as of
2026-11-28.
"""

from __future__ import annotations

from msgspec import Struct

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.api_logs import access_log, account_role, full_data, level, log_group, reach
from stockade.inputs.serverless.events._rest_api import URI, pieces, put, shown
from stockade.inputs.serverless.roles import allow, grant, has_own
from stockade.inputs.serverless.service import Event, Property, Service
from stockade.text.document import Span
from stockade.text.node import Entry, Node, Sequence

API = "WebsocketsApi"
_STAGE = "WebsocketsDeploymentStage"
_DEPLOYMENT = "WebsocketsDeployment"
_LOGS = "WebsocketsLogGroup"
_SOURCE = "route.request.header.Auth"
_DESCRIPTION = "Serverless Websockets"
_SELECTION = "$request.body.action"
_MANAGE = ("execute-api:ManageConnections",)
_CONNECTIONS = "arn:${AWS::Partition}:execute-api:*:*:*/@connections/*"
_FORMAT = " ".join(
    (
        *(f"$context.identity.{name}" for name in ("sourceIp", "caller", "user")),
        "[$context.requestTime]",
        '"$context.eventType $context.routeKey $context.connectionId"',
        "$context.requestId",
    )
)
_SIGNS = {"$": "S", "/": "Slash", "-": "Dash", "_": "Underscore", ".": "Period"}


class _Authorizer(Struct, frozen=True, eq=False):
    """The function that a route asks; `arn` None: nothing is known of it."""

    entry: Entry
    name: str
    label: Node
    arn: Node | None

    @property
    def logical_id(self) -> str:
        return f"{naming.normal(self.name)}WebsocketsAuthorizer"


def _websocket(service: Service, events: list[Event]) -> None:
    """Everything that the `websocket` events of a service become."""
    external = service.at(service.provider, "apiGateway", "websocketApiId")
    if external is None:
        _api(service, events)
    for event in events:
        api = external if external is not None else nodes.ref(event.span, API)
        _integration(service, event, api)
        _permission(service, event)
        route = _route_of(service, event)
        if route is not None:
            _route(service, event, route, api)
    if external is None:
        _stage(service, events[0])
    properties: dict[str, Property] = {
        "ApiId": external if external is not None else nodes.ref(events[0].span, API),
        "Description": _description(service, events[0].span),
        "StageName": None if external is None else nodes.text(events[0].span, service.stage),
    }
    service.make(_DEPLOYMENT, "AWS::ApiGatewayV2::Deployment", properties, at=events[0])


def _set(service: Service, key: str) -> Property:
    return service.entry(service.provider, key) if service.is_true(service.provider, key) else None


def _description(service: Service, span: Span) -> Property:
    return _set(service, "websocketsDescription") or nodes.text(span, _DESCRIPTION)


def _api(service: Service, events: list[Event]) -> None:
    event = events[0]
    tagged = service.is_true(service.provider, "websocket", "useProviderTags")
    properties: dict[str, Property] = {
        "Name": _set(service, "websocketsApiName")
        or service.joined(event.span, f"{service.stage}-", service.name, "-websockets"),
        "RouteSelectionExpression": _set(service, "websocketsApiRouteSelectionExpression")
        or nodes.text(event.span, _SELECTION),
        "Description": _description(service, event.span),
        "ProtocolType": nodes.text(event.span, "WEBSOCKET"),
        "Tags": service.entry(service.provider, "tags") if tagged else None,
    }
    service.make(API, "AWS::ApiGatewayV2::Api", properties, at=event)
    connections = nodes.sub(event.span, _CONNECTIONS)
    functions = {e.function.key: e.function for e in events}.values()
    for function in functions:
        if has_own(service, function):
            grant(service, function, _MANAGE, [connections])
    if not all(has_own(service, function) for function in functions):
        allow(service, event.span, _MANAGE, connections)


# -------------------------------------------------------------------------------------------------------------- routes


def _uri(span: Span, arn: Node) -> Node:
    return nodes.sub(span, URI + "2015-03-31/functions/${Function}/invocations", {"Function": arn})


def _integration_id(event: Event) -> str:
    return f"{naming.normal(event.function.key)}WebsocketsIntegration"


def _integration(service: Service, event: Event, api: Node) -> None:
    properties: dict[str, Property] = {
        "ApiId": api,
        "IntegrationType": nodes.text(event.span, "AWS_PROXY"),
        "IntegrationUri": _uri(event.span, service.target(event.function, event.span)),
    }
    if _integration_id(event) not in service.resources:
        service.make(_integration_id(event), "AWS::ApiGatewayV2::Integration", properties, at=event)


def _route_of(service: Service, event: Event) -> Property:
    """The key of a route."""
    body = event.body
    if nodes.is_block(body):
        entry = service.entry(body, "route")
        if entry is not None:
            return entry
    elif not (type(body) is Sequence and body.tag is None) and service.resolver.hole_of(body) is None:
        return body
    hole = service.resolver.hole_of(body)
    why = hole.doubt.why if hole is not None else "the key of a route belongs here"
    remedy = hole.doubt.remedy if hole is not None else "correct it"
    what = f"a `websocket` event of `{event.function.key}`"
    service.gap(body, what, why, kind="unresolved", remedy=remedy, hides=True)
    return None


def _route(service: Service, event: Event, route: Property, api: Node) -> None:
    key = route.value if isinstance(route, Entry) else route
    if key is None:
        return
    logical_id = "".join(_SIGNS.get(sign, sign) for sign in shown(key)) + "WebsocketsRoute"
    authorizer = _authorizer_of(service, event)
    expression = service.entry(event.block, "routeResponseSelectionExpression")
    target = Sequence(
        event.span,
        (
            nodes.text(event.span, "/"),
            nodes.sequence(
                event.span, [nodes.text(event.span, "integrations"), nodes.ref(event.span, _integration_id(event))]
            ),
        ),
        "!Join",
    )
    properties: dict[str, Property] = {
        "ApiId": api,
        "RouteKey": route,
        "AuthorizationType": nodes.text(event.span, "NONE"),
        "Target": target,
        "RouteResponseSelectionExpression": expression,
    }
    if authorizer is not None:
        span = authorizer.entry.value.span
        known = authorizer.arn is not None
        properties["AuthorizationType"] = Entry(
            authorizer.entry.key, nodes.text(span, "CUSTOM") if known else authorizer.label
        )
        properties["AuthorizerId"] = nodes.ref(span, authorizer.logical_id) if known else None
        _make_authorizer(service, authorizer, api)
    put(service, logical_id, "AWS::ApiGatewayV2::Route", properties, at=event)
    if expression is not None:
        answer: dict[str, Property] = {
            "ApiId": api,
            "RouteId": nodes.ref(event.span, logical_id),
            "RouteResponseKey": nodes.text(event.span, "$default"),
        }
        service.make(f"{logical_id}Response", "AWS::ApiGatewayV2::RouteResponse", answer, at=event)


# --------------------------------------------------------------------------------------------------------- authorizers


def _authorizer_of(service: Service, event: Event) -> _Authorizer | None:
    entry = service.entry(event.block, "authorizer")
    if entry is None or not service.is_true(event.block, "authorizer"):
        return None
    node = entry.value
    if not nodes.is_block(node):
        text = nodes.literal(node)
        if text is None and not isinstance(pieces(node)[0], str):
            return _Authorizer(entry, "", node, None)
        if text is not None and ":" not in text:
            return _Authorizer(entry, text, node, _function(service, node, text))
        name = shown(node).rpartition(":")[2]
        return _Authorizer(entry, name, nodes.text(node.span, name), node)
    arn, named = service.at(node, "arn"), service.at(node, "name")
    if arn is not None:
        known = isinstance(pieces(arn)[0], str)
        name = shown(named) if named is not None and not known else shown(arn).rpartition(":")[2]
        label = named if named is not None and not known else nodes.text(arn.span, name)
        return _Authorizer(entry, name, label, arn)
    key = nodes.literal(named)
    if named is None or key is None:
        unknown = (
            named
            if named is not None
            else service.hole(node.span, "an authorizer", "neither its name nor its ARN is said")
        )
        return _Authorizer(entry, "", unknown, None)
    return _Authorizer(entry, key, named, _function(service, named, key))


def _function(service: Service, node: Node, key: str) -> Node:
    """The ARN of a function of the service."""
    function = service.of_key(key)
    if function is None:
        return nodes.get_att(node.span, naming.function_id(key), "Arn")
    return service.target(function, node.span)


def _make_authorizer(service: Service, authorizer: _Authorizer, api: Node) -> None:
    arn = authorizer.arn
    if arn is None:
        return
    block, span = authorizer.entry.value, authorizer.entry.value.span
    source: Property = service.entry(block, "identitySource") if service.is_true(block, "identitySource") else None
    properties: dict[str, Property] = {
        "ApiId": api,
        "Name": authorizer.label,
        "AuthorizerType": nodes.text(span, "REQUEST"),
        "AuthorizerUri": _uri(span, arn),
        "IdentitySource": source or nodes.sequence(span, [nodes.text(span, _SOURCE)]),
    }
    put(service, authorizer.logical_id, "AWS::ApiGatewayV2::Authorizer", properties, at=authorizer.entry)
    allowed: dict[str, Property] = {
        "FunctionName": arn,
        "Action": nodes.text(span, "lambda:InvokeFunction"),
        "Principal": nodes.text(span, "apigateway.amazonaws.com"),
    }
    logical_id = _permission_id(authorizer.name)
    if logical_id not in service.resources:
        service.make(logical_id, "AWS::Lambda::Permission", allowed, at=authorizer.entry)
        service.generated[logical_id] = "the event's `authorizer`"


def _permission_id(key: str) -> str:
    return f"{naming.normal(key)}LambdaPermissionWebsockets"


def _permission(service: Service, event: Event) -> None:
    if _permission_id(event.function.key) not in service.resources:
        service.permission(_permission_id(event.function.key), event, "apigateway.amazonaws.com")


# -------------------------------------------------------------------------------------------------------------- stage


def _stage(service: Service, event: Event) -> None:
    logs = reach(service, service.provider, "logs", "websocket")
    properties: dict[str, Property] = {
        "ApiId": nodes.ref(event.span, API),
        "DeploymentId": nodes.ref(event.span, _DEPLOYMENT),
        "StageName": nodes.text(event.span, service.stage),
        "Description": _description(service, event.span),
    }
    if logs is not None and intrinsic(logs.value) is not None:
        value = logs.value
        own: dict[str, Property] = {"DestinationArn": value, "Format": value}
        properties["AccessLogSettings"] = service.perhaps(value, service.mapping(value.span, own))
        properties["DefaultRouteSettings"] = value
    elif logs is not None and (nodes.is_set(logs.value) or nodes.is_block(logs.value)):
        value = logs.value
        destination = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${" + _LOGS + "}"
        settings: dict[str, Property] = {
            "DataTraceEnabled": full_data(service, value),
            "LoggingLevel": level(service, value),
        }
        properties["DefaultRouteSettings"] = service.mapping(value.span, settings)
        properties["AccessLogSettings"] = access_log(service, value, nodes.sub(value.span, destination), _FORMAT)
        log_group(service, _LOGS, "/aws/websocket/", logs)
        account_role(service, logs)
    service.make(_STAGE, "AWS::ApiGatewayV2::Stage", properties, at=service.entry(service.root, "provider") or event)
    service.anchors[_STAGE] = ("AWS::ApiGatewayV2::Stage", service.provider)


SHARED = {"websocket": _websocket}
