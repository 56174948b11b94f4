"""AWS::Serverless::WebSocketApi.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-websocketapi.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.inputs import nodes
from stockade.inputs.cloudformation.evaluate import text
from stockade.inputs.cloudformation.sam import domains
from stockade.inputs.cloudformation.sam.expand import Expansion
from stockade.inputs.cloudformation.sam.globals import PREFIX
from stockade.inputs.cloudformation.sam.references import web_socket_stage_id
from stockade.model.app import Permission
from stockade.model.value import Known
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering

WEB_SOCKET_API = PREFIX + "WebSocketApi"
_URI = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${FunctionArn}/invocations"
_EXECUTE = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:"


def lower_web_socket_api(lowering: Lowering, found: Declared) -> None:
    """A WebSocket API with its routes, integrations, permissions, stage and authorizer."""
    sam = lowering.sam
    block = found.properties
    if sam is None or type(block) is not Mapping or not nodes.is_block(block):
        lowering.evaluator.gap(
            found.key_span, f"the API `{found.id}`", "it has no properties", kind="wrong-shape", hides=True
        )
        return
    span = found.body.span
    name = block.get("Name")
    properties: dict[str, Node | None] = {
        "Name": name if name is not None else nodes.text(span, found.id),
        "ProtocolType": nodes.text(span, "WEBSOCKET"),
        "RouteSelectionExpression": block.get("RouteSelectionExpression"),
        "DisableExecuteApiEndpoint": block.get("DisableExecuteApiEndpoint"),
        "Tags": block.get("Tags"),
    }
    sam.emit(
        found,
        found.id,
        "AWS::ApiGatewayV2::Api",
        nodes.mapping(span, properties),
        span=span,
        table=WEB_SOCKET_API,
        at=("Properties",),
    )
    auth = block.get("Auth")
    authorizer = _authorizer(sam, found, auth) if type(auth) is Mapping and nodes.is_block(auth) else {}
    routes = block.get("Routes")
    if type(routes) is Mapping and nodes.is_block(routes):
        for entry in routes.entries:
            _route(sam, found, block, entry, authorizer)
    else:
        sam.evaluator.gap(
            found.key_span, f"the routes of `{found.id}`", "they are not a mapping", kind="wrong-shape", hides=True
        )
    domains.v2_domain(sam, found, block.get("Domain"), WEB_SOCKET_API)
    stage_name = block.get("StageName")
    written = block.entry("StageName")
    stage: dict[str, Node | None] = {
        "ApiId": nodes.ref(span, found.id),
        "StageName": stage_name if stage_name is not None else nodes.text(span, "default"),
        "StageVariables": block.get("StageVariables"),
        "AccessLogSettings": block.get("AccessLogSettings"),
        "DefaultRouteSettings": block.get("DefaultRouteSettings"),
        "RouteSettings": block.get("RouteSettings"),
        "AutoDeploy": nodes.flag(span, value=True),
    }
    sam.emit(
        found,
        web_socket_stage_id(found.id, stage_name),
        "AWS::ApiGatewayV2::Stage",
        nodes.mapping(span, stage),
        span=written.value.span if written is not None else span,
        key_span=written.key.span if written is not None else None,
        table=f"{WEB_SOCKET_API}/Stage",
        at=("Properties",),
    )


def _authorizer(sam: Expansion, found: Declared, auth: Mapping) -> dict[str, Node]:
    """`Auth`: what the $connect route wants; a Lambda authorizer is made."""
    kind = nodes.literal(auth.get("AuthType"))
    span = auth.span
    if kind in {"AWS_IAM", "NONE"}:
        return {"AuthorizationType": nodes.text(span, kind)}
    arn = auth.get("AuthArn")
    if kind != "CUSTOM" or arn is None:
        sam.evaluator.gap(
            auth, f"`Auth` of `{found.id}`", "it wants an `AuthType`, and `AuthArn` with CUSTOM", kind="wrong-shape"
        )
        return {}
    logical_id = f"{found.id}ConnectAuthorizer"
    name = auth.get("Name")
    uri = _URI.replace("FunctionArn", "AuthArn")
    own: dict[str, Node | None] = {
        "ApiId": nodes.ref(span, found.id),
        "AuthorizerType": nodes.text(span, "REQUEST"),
        "AuthorizerUri": nodes.sub(span, uri, {"AuthArn": arn}),
        "IdentitySource": auth.get("IdentitySource"),
        "Name": name if nodes.is_set(name) else nodes.text(span, logical_id),
    }
    sam.emit(found, logical_id, "AWS::ApiGatewayV2::Authorizer", nodes.mapping(span, own), span=span)
    if not nodes.is_set(auth.get("InvokeRole")):
        source = nodes.sub(span, _EXECUTE + "${" + found.id + "}/authorizers/*")
        _permission(sam, found, f"{found.id}AuthorizerPermission", arn, source, span, None)
    return {"AuthorizationType": nodes.text(span, "CUSTOM"), "AuthorizerId": nodes.ref(span, logical_id)}


def _route(sam: Expansion, found: Declared, block: Mapping, entry: Entry, authorizer: dict[str, Node]) -> None:
    key, spec = entry.key.raw, entry.value
    span = spec.span
    arn = spec.get("FunctionArn") if type(spec) is Mapping and nodes.is_block(spec) else None
    if type(spec) is not Mapping or arn is None:
        sam.evaluator.gap(
            spec, f"the route `{key}` of `{found.id}`", "it has no `FunctionArn`", kind="wrong-shape", hides=True
        )
        return
    base = found.id + key.replace("$", "").capitalize()
    integration: dict[str, Node | None] = {
        "ApiId": nodes.ref(span, found.id),
        "IntegrationType": nodes.text(span, "AWS_PROXY"),
        "IntegrationUri": nodes.sub(span, _URI, {"FunctionArn": arn}),
        "TimeoutInMillis": spec.get("IntegrationTimeout"),
    }
    sam.emit(
        found,
        f"{base}Integration",
        "AWS::ApiGatewayV2::Integration",
        nodes.mapping(span, integration),
        span=span,
        key_span=entry.key.span,
    )
    target = nodes.sub(span, "integrations/${" + base + "Integration}")
    route: dict[str, Node | None] = {
        "ApiId": nodes.ref(span, found.id),
        "RouteKey": nodes.text(entry.key.span, key),
        "ApiKeyRequired": spec.get("ApiKeyRequired"),
        "Target": target,
        **(authorizer if key == "$connect" else {}),
    }
    sam.emit(
        found,
        f"{base}Route",
        "AWS::ApiGatewayV2::Route",
        nodes.mapping(span, route),
        span=span,
        key_span=entry.key.span,
    )
    start = _EXECUTE + "${" + found.id + ".ApiId}/"
    stage = block.get("StageName")
    name = nodes.literal(stage) if stage is not None else "default"
    if name is not None:
        source = nodes.sub(span, f"{start}{name}/{key}")
    else:
        source = nodes.sub(span, start + "${__StageName__}/" + key, {"__StageName__": stage or nodes.text(span, "")})
    _permission(sam, found, f"{base}Permission", arn, source, span, entry.key.span)


def _permission(
    sam: Expansion, found: Declared, logical_id: str, arn: Node, source: Node, span: Span, key_span: Span | None
) -> None:
    base = sam.base(found, logical_id, span, key_span)
    origin = base["origin"]
    sam.add(
        Permission(
            **base,
            function_name=text(sam.evaluator.value(arn)),
            action=Known(v="lambda:InvokeFunction", origin=origin),
            principal=Known(v="apigateway.amazonaws.com", origin=origin),
            source_arn=text(sam.evaluator.value(source)),
            generated_by="SAM WebSocketApi",
        )
    )


MAKERS = {WEB_SOCKET_API: lower_web_socket_api}
