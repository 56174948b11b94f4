"""AWS::Serverless::HttpApi, explicit and implicit.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-httpapi.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.inputs import nodes
from stockade.inputs.cloudformation.sam import domains, openapi
from stockade.inputs.cloudformation.sam.api_draft import (
    Draft,
    authorizer_permission,
    event_auth,
    integration_of,
    known_texts,
    location,
    named_authorizers,
    path_conditions,
    under_condition,
)
from stockade.inputs.cloudformation.sam.events import http_route
from stockade.inputs.cloudformation.sam.expand import FUNCTION, HTTP_API, Event
from stockade.inputs.cloudformation.sam.references import http_stage_id
from stockade.inputs.intrinsic import intrinsic
from stockade.text.node import Entry, Mapping, Node, Scalar

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering


# ------------------------------------------------------------------------------------------------------------ HTTP APIs

_HTTP_SKELETON = {"openapi": "3.0.1", "info": {"version": "1.0", "title": {"Ref": "AWS::StackName"}}, "paths": {}}


def lower_http_api(lowering: Lowering, found: Declared) -> None:
    """An HTTP API with its stage, authorizers and domain."""
    sam = lowering.sam
    if sam is None:  # pragma: no cover - it is there as soon as a template has a resource of SAM's
        return
    draft = Draft(sam, found)
    document = draft.document(_HTTP_SKELETON)
    body: Node | None = draft.body if document is None else _http_document(draft, document)
    span, key_span = found.body.span, found.key_span
    properties: dict[str, Node | None] = {
        "Body": body,
        "BodyS3Location": location(draft),
        "FailOnWarnings": draft.get("FailOnWarnings"),
        "Description": draft.get("Description"),
    }
    records = sam.emit(found, found.id, "AWS::ApiGatewayV2::Api", nodes.mapping(span, properties), span=span)
    draft.finish(records, HTTP_API)
    for name, (entry, block) in named_authorizers(draft).items():
        arn = block.get("FunctionArn")
        if arn is not None and draft.yes(block.get("EnableFunctionDefaultPermissions")):
            authorizer_permission(draft, name, entry, arn, "${AWS::Partition}")
    domains.v2_domain(sam, found, draft.get("Domain"), HTTP_API)
    stage_name = draft.get("StageName")
    stage: dict[str, Node | None] = {
        "ApiId": nodes.ref(span, found.id),
        "StageName": stage_name if nodes.is_set(stage_name) else nodes.text(span, "$default"),
        "StageVariables": draft.get("StageVariables"),
        "AccessLogSettings": draft.get("AccessLogSettings"),
        "DefaultRouteSettings": draft.get("DefaultRouteSettings"),
        "RouteSettings": draft.get("RouteSettings"),
        "AutoDeploy": nodes.flag(span, value=True),
        "Tags": draft.get("Tags"),
    }
    written = draft.block.entry("StageName")
    implicit = found.id not in sam.lowering.template.resources
    records = sam.emit(
        found,
        http_stage_id(found.id, stage_name),
        "AWS::ApiGatewayV2::Stage",
        nodes.mapping(span, stage),
        span=written.value.span if written is not None else span,
        key_span=written.key.span if written is not None else key_span,
        table="" if implicit else f"{HTTP_API}/Stage",
        at=("Properties",),
    )
    if implicit:
        sam.write_in_globals(records, f"{HTTP_API}/Stage", "HttpApi", key_span)


def _http_document(draft: Draft, document: Mapping) -> Mapping:
    paths = openapi.Paths(document)
    for event in draft.events:
        _http_operation(draft, paths, event)
    document = paths.document()
    if draft.managed:
        document = path_conditions(draft, document)
    cors = draft.get("CorsConfiguration")
    if cors is not None and nodes.is_set(cors):
        document = nodes.with_entries(document, {openapi.CORS: _http_cors(draft, document, cors)})
    document = _http_title(draft, document)
    document = _http_security(draft, document)
    if draft.yes(draft.get("FailOnWarnings")):
        document = _default_path(document)
    disabled = draft.get("DisableExecuteApiEndpoint")
    if disabled is not None and not (type(disabled) is Scalar and disabled.value is None and disabled.tag is None):
        endpoint = nodes.mapping(disabled.span, {"disableExecuteApiEndpoint": disabled})
        document = nodes.with_entries(document, {openapi.ENDPOINT: endpoint})
    return document


def _http_title(draft: Draft, document: Mapping) -> Mapping:
    """An API's name is the title of its definition."""
    name = draft.get("Name")
    if name is None or not nodes.is_set(name):
        return document
    info = document.get("info")
    base = info if type(info) is Mapping else Mapping(name.span, ())
    return nodes.with_entries(document, {"info": nodes.with_entries(base, {"title": name})})


def _default_path(document: Mapping) -> Mapping:
    """With `FailOnWarnings` SAM gives the default route a path that causes none."""
    paths = document.get("paths")
    if type(paths) is not Mapping or paths.get("$default") is None:
        return document
    return nodes.with_entries(document, {"paths": nodes.renamed(paths, {"$default": "/$default"})})


def _http_operation(draft: Draft, paths: openapi.Paths, event: Event) -> None:
    path, method = http_route(event)
    if path is None or method is None or event.owner.type != FUNCTION:
        return
    name = openapi.method_name(method)
    there = paths.has(path, name)

    def make(old: Mapping | None) -> Node:
        if there and old is not None:
            return openapi.through(old, lambda own: _http_event_security(draft, event, _with_timeout(event, own)))
        made = nodes.mapping(event.span, {openapi.INTEGRATION: integration_of(draft, event, "${AWS::Partition}")})
        if old is not None and nodes.is_block(old):
            made = Mapping(event.span, (*(e for e in old.entries if e.key.raw != openapi.INTEGRATION), *made.entries))
        return under_condition(event, _http_event_security(draft, event, made))

    if there and event_auth(event) is None and event.get("TimeoutInMillis") is None:
        return
    paths.put(path, name, make, event.entry.key.span)


def _with_timeout(event: Event, operation: Mapping) -> Mapping:
    """An operation of the user's own definition, whose integration waits as long as the event says."""
    timeout, integration = event.get("TimeoutInMillis"), operation.get(openapi.INTEGRATION)
    if timeout is None or type(integration) is not Mapping or not nodes.is_block(integration):
        return operation
    return nodes.with_entries(
        operation, {openapi.INTEGRATION: nodes.with_entries(integration, {"timeoutInMillis": timeout})}
    )


def _http_event_security(draft: Draft, event: Event, operation: Mapping) -> Mapping:
    auth = event_auth(event)
    if auth is None or not auth.entries:
        return operation
    name = draft.plain(auth.get("Authorizer")) or draft.plain(draft.auth.get("DefaultAuthorizer"))
    if not name:
        return operation
    scopes = auth.get("AuthorizationScopes")
    known = named_authorizers(draft).get(name)
    if name in {"NONE", "AWS_IAM"}:
        scopes = None
    elif not nodes.is_set(scopes):
        scopes = known[1].get("AuthorizationScopes") if known is not None else None
    return openapi.with_security(
        operation,
        [*openapi.security_of(operation), openapi.requirement((auth.get("Authorizer") or auth).span, name, scopes)],
    )


_CORS = ("AllowOrigins", "AllowHeaders", "AllowMethods", "ExposeHeaders", "MaxAge", "AllowCredentials")


def _http_cors(draft: Draft, document: Mapping, cors: Node) -> Node:
    span = cors.span
    old = document.get(openapi.CORS)
    base = old if type(old) is Mapping and nodes.is_block(old) else Mapping(span, ())
    if type(cors) is Mapping and nodes.is_block(cors):
        names = {name: name[0].lower() + name[1:] for name in _CORS if name != "AllowCredentials"}
        extra: dict[str, Node | None] = {
            new: node
            for name, new in names.items()
            if (node := cors.get(name)) is not None and (new == "maxAge" or nodes.is_set(node))
        }
        credentials = cors.get("AllowCredentials")
        if draft.yes(credentials):
            extra["allowCredentials"] = credentials
        return nodes.with_entries(base, extra)
    if intrinsic(cors) is not None and draft.plain(cors) is None:
        lower = {name: name[0].lower() + name[1:] for name in _CORS}
        return openapi.through(cors, lambda block: nodes.renamed(block, lower))
    return nodes.with_entries(base, {"allowOrigins": nodes.sequence(span, [nodes.text(span, "*")])})


def _http_security(draft: Draft, document: Mapping) -> Mapping:
    auth = draft.auth
    named = named_authorizers(draft)
    schemes: dict[str, Node] = {name: _http_scheme(draft, entry, block) for name, (entry, block) in named.items()}
    if draft.yes(auth.get("EnableIamAuthorizer")):
        schemes.setdefault("AWS_IAM", openapi.iam_scheme(auth.span))
    default = draft.plain(auth.get("DefaultAuthorizer"))
    if default and default in schemes:
        entry = auth.entry("DefaultAuthorizer")
        where = entry.value.span if entry is not None else auth.span
        scopes = named[default][1].get("AuthorizationScopes") if default in named else None
        document = openapi.http_default_authorizer(document, default, scopes, where)
    elif default:
        draft.evaluator.gap(
            auth.get("DefaultAuthorizer") or auth,
            f"the default authorizer of `{draft.found.id}`",
            f"there is no authorizer `{default}`",
            kind="undefined",
            remedy="name one of its `Authorizers`, or set `EnableIamAuthorizer`",
        )
    return openapi.with_schemes(document, schemes, version_3=True)


def _http_scheme(draft: Draft, entry: Entry, block: Mapping) -> Node:
    span = entry.value.span
    jwt = block.get("JwtConfiguration")
    if type(jwt) is Mapping:
        lower = nodes.renamed(jwt, {e.key.raw: e.key.raw.lower() for e in jwt.entries})
        authorizer: dict[str, Node | None] = {
            "jwtConfiguration": lower,
            "identitySource": block.get("IdentitySource"),
            "type": nodes.text(span, "jwt"),
        }
        return nodes.mapping(
            span, {"type": nodes.text(span, "oauth2"), openapi.AUTHORIZER: nodes.mapping(span, authorizer)}
        )
    parts: dict[str, Node | None] = {"type": nodes.text(span, "request")}
    arn = block.get("FunctionArn")
    if arn is not None:
        start = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
        parts["authorizerUri"] = nodes.sub(span, start + "${__FunctionArn__}/invocations", {"__FunctionArn__": arn})
    identity = block.get("Identity")
    if type(identity) is Mapping and identity.entries:
        parts["authorizerResultTtlInSeconds"] = identity.get("ReauthorizeEvery")
        sources = [
            nodes.text(span, prefix + name)
            for key, prefix in (
                ("Headers", "$request.header."),
                ("QueryStrings", "$request.querystring."),
                ("StageVariables", "$stageVariables."),
                ("Context", "$context."),
            )
            for name in known_texts(draft, identity.get(key))
        ]
        parts["identitySource"] = nodes.sequence(span, list(sources))
    return nodes.mapping(
        span,
        {
            "type": nodes.text(span, "apiKey"),
            "name": nodes.text(span, "Unused"),
            "in": nodes.text(span, "header"),
            openapi.AUTHORIZER: nodes.mapping(span, parts),
        },
    )


MAKERS = {HTTP_API: lower_http_api}
