"""AWS::Serverless::Api, explicit and implicit.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from stockade.inputs.cloudformation.sam.expand import API, FUNCTION, Event
from stockade.inputs.cloudformation.sam.references import rest_stage_id
from stockade.inputs.cloudformation.sam.resource_policy import ResourcePolicy
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering


# ------------------------------------------------------------------------------------------------------------ REST APIs

_PATTERN = "identityValidationExpression"
_REST_SKELETON = {"swagger": "2.0", "info": {"version": "1.0", "title": {"Ref": "AWS::StackName"}}, "paths": {}}
# Properties that the API keeps under their names.
_REST_PROPERTIES = (
    "Name", "Description", "Mode", "ApiKeySourceType", "Policy", "SecurityPolicy", "EndpointAccessMode",
    "BinaryMediaTypes", "MinimumCompressionSize", "FailOnWarnings",
)  # fmt: skip
_STAGE_PROPERTIES = {
    "StageName": "StageName",
    "CacheClusterEnabled": "CacheClusterEnabled",
    "CacheClusterSize": "CacheClusterSize",
    "Variables": "Variables",
    "MethodSettings": "MethodSettings",
    "AccessLogSetting": "AccessLogSetting",
    "CanarySetting": "CanarySetting",
    "TracingEnabled": "TracingEnabled",
    "Tags": "Tags",
}


def lower_api(lowering: Lowering, found: Declared) -> None:
    """A REST API with its stage, authorizers, domain and usage plan."""
    sam = lowering.sam
    if sam is None:  # pragma: no cover - it is there as soon as a template has a resource of SAM's
        return
    draft = Draft(sam, found)
    document = draft.document(_REST_SKELETON)
    body: Node | None = draft.body if document is None else _rest_document(draft, document)
    properties: dict[str, Node | None] = {name: draft.get(name) for name in _REST_PROPERTIES}
    properties["Body"] = body
    properties["BodyS3Location"] = location(draft)
    properties["EndpointConfiguration"] = _endpoint(draft)
    span, key_span = found.body.span, found.key_span
    records = sam.emit(found, found.id, "AWS::ApiGateway::RestApi", nodes.mapping(span, properties), span=span)
    draft.finish(records, API)
    _rest_stages(draft, span, key_span)
    for name, (entry, block) in named_authorizers(draft).items():
        arn = block.get("FunctionArn")
        if (
            block.get("UserPoolArn") is None
            and arn is not None
            and not draft.yes(block.get("DisableFunctionDefaultPermissions"))
        ):
            authorizer_permission(draft, name, entry, arn, "aws")
    domains.rest_domain(sam, found, draft.get("Domain"))
    _usage_plan(draft)


def _rest_stages(draft: Draft, span: Span, key_span: Span) -> None:
    sam, found = draft.sam, draft.found
    name = draft.get("StageName")
    deployment: dict[str, Node | None] = {"RestApiId": nodes.ref(span, found.id)}
    if not nodes.is_set(draft.get("OpenApiVersion")):
        # SAM's old deployments make a stage of their own, beside the one that is asked for.
        deployment["StageName"] = nodes.text(span, "Stage")
    sam.emit(found, f"{found.id}Deployment", "AWS::ApiGateway::Deployment", nodes.mapping(span, deployment), span=span)
    own: dict[str, Node | None] = {new: draft.get(old) for old, new in _STAGE_PROPERTIES.items()}
    own["RestApiId"] = nodes.ref(span, found.id)
    written = draft.block.entry("StageName")
    implicit = found.id not in sam.lowering.template.resources
    records = sam.emit(
        found,
        rest_stage_id(found.id, name),
        "AWS::ApiGateway::Stage",
        nodes.mapping(span, own),
        span=written.value.span if written is not None else span,
        key_span=written.key.span if written is not None else key_span,
        table="" if implicit else f"{API}/Stage",
        at=("Properties",),
    )
    if implicit:
        sam.write_in_globals(records, f"{API}/Stage", "Api", key_span)


def _endpoint(draft: Draft) -> Node | None:
    node = draft.get("EndpointConfiguration")
    if node is None or not nodes.is_set(node):
        return None
    span = node.span
    if type(node) is Mapping and nodes.is_block(node) and node.get("Type") is not None:
        kind = node.get("Type")
        endpoints = node.get("VPCEndpointIds") or node.get("VpcEndpointIds")
        return nodes.mapping(
            span,
            {
                "Types": nodes.sequence(span, [kind] if kind is not None else []),
                "VpcEndpointIds": endpoints,
                "IpAddressType": node.get("IpAddressType"),
            },
        )
    return nodes.mapping(span, {"Types": nodes.sequence(span, [node])})


def _rest_document(draft: Draft, document: Mapping) -> Mapping:
    merges = draft.yes(draft.get("MergeDefinitions"))
    if draft.managed or merges:
        paths = openapi.Paths(document)
        for event in draft.events:
            _rest_operation(draft, paths, event, merges=merges)
        document = paths.document()
        if draft.managed:
            document = path_conditions(draft, document)
    else:
        for event in draft.events:
            document = _override(draft, document, event)
    version_3 = openapi.is_version_3(draft.get("OpenApiVersion")) or (
        document.get("swagger") is None and openapi.is_version_3(document.get("openapi"))
    )
    # What an event says of its path is about the methods of events, not about those that CORS adds.
    document = _event_policies(draft, document)
    cors = draft.get("Cors")
    if cors is not None and nodes.is_set(cors):
        document = openapi.with_options(document, cors.span, _cors_headers(draft, cors))
    document = _rest_security(draft, document, version_3=version_3)
    document = _resource_policy(draft, document)
    disabled = draft.get("DisableExecuteApiEndpoint")
    if disabled is not None and not (type(disabled) is Scalar and disabled.value is None and disabled.tag is None):
        endpoint = nodes.mapping(disabled.span, {"disableExecuteApiEndpoint": disabled})
        document = nodes.with_entries(document, {openapi.ENDPOINT: endpoint})
    return document


def _rest_operation(draft: Draft, paths: openapi.Paths, event: Event, *, merges: bool) -> None:
    """The operation of an event."""
    path, method = nodes.literal(event.get("Path")), nodes.literal(event.get("Method"))
    if path is None or method is None:
        return
    if event.owner.type != FUNCTION and not draft.managed:
        return
    credentials = None
    if event.owner.type != FUNCTION:
        credentials = nodes.get_att(event.span, f"{event.id}Role", "Arn")

    def make(old: Mapping | None) -> Node:
        operation = nodes.mapping(
            event.span, {openapi.INTEGRATION: integration_of(draft, event, "aws", credentials=credentials)}
        )
        operation = _validated(draft, event, _rest_event_security(draft, event, operation))
        if merges and old is not None and nodes.is_block(old):
            operation = Mapping(
                event.span,
                (*(e for e in old.entries if operation.get(e.key.raw) is None), *operation.entries),
            )
        return under_condition(event, operation)

    paths.put(path, openapi.method_name(method), make, event.entry.key.span)


def _validated(draft: Draft, event: Event, operation: Mapping) -> Mapping:
    """An operation with the validator that `RequestModel` asks for. SAM makes one for a model only."""
    model = event.get("RequestModel")
    if type(model) is not Mapping or not nodes.is_set(model.get("Model")):
        return operation
    asked = [entry for name in ("ValidateBody", "ValidateParameters") if (entry := model.entry(name)) is not None]
    on = [entry for entry in asked if draft.yes(entry.value)]
    if not on:
        return operation
    kind = "body-and-params" if len(on) > 1 else "body-only" if on[0].key.raw == "ValidateBody" else "params-only"
    return nodes.with_entries(operation, {openapi.VALIDATOR: nodes.text(on[0].value.span, kind)})


def _rest_event_security(draft: Draft, event: Event, operation: Mapping) -> Mapping:
    auth = event_auth(event)
    if auth is None:
        return operation
    required = openapi.security_of(operation)
    span = auth.span
    name = draft.plain(auth.get("Authorizer"))
    if name:
        scopes = auth.get("AuthorizationScopes")
        known = named_authorizers(draft).get(name)
        if known is None:
            scopes = None
        elif scopes is None:
            scopes = known[1].get("AuthorizationScopes")
        required.append(openapi.requirement((auth.get("Authorizer") or auth).span, name, scopes))
    wants_key = auth.get("ApiKeyRequired")
    if wants_key is not None and not (type(wants_key) is Scalar and wants_key.value is None and wants_key.tag is None):
        shown = draft.plain(wants_key)
        on = nodes.is_set(wants_key) and (shown is None or shown.lower() != "false")
        required.append(openapi.requirement(span, "api_key" if on else "api_key_false"))
    return openapi.with_security(operation, required) if required else operation


def _override(draft: Draft, document: Mapping, event: Event) -> Mapping:
    """`OverrideApiAuth`: an event's `Auth` on a document that the user wrote."""
    auth = event_auth(event)
    path, method = nodes.literal(event.get("Path")), nodes.literal(event.get("Method"))
    if auth is None or path is None or method is None or not draft.yes(auth.get("OverrideApiAuth")):
        return document
    wanted = openapi.method_name(method)

    def change(at: str, name: str, operation: Mapping) -> Mapping:
        return _rest_event_security(draft, event, operation) if at == path and name == wanted else operation

    return openapi.operations(document, change)


def _cors_headers(draft: Draft, cors: Node) -> dict[str, Node | None]:
    span = cors.span
    block = cors if type(cors) is Mapping and nodes.is_block(cors) else None
    if block is None:
        return {"Access-Control-Allow-Origin": cors}
    credentials = block.get("AllowCredentials")
    return {
        "Access-Control-Allow-Origin": block.get("AllowOrigin") or nodes.text(span, "'*'"),
        "Access-Control-Allow-Headers": block.get("AllowHeaders"),
        "Access-Control-Allow-Methods": block.get("AllowMethods"),
        "Access-Control-Max-Age": block.get("MaxAge"),
        "Access-Control-Allow-Credentials": nodes.text(span, "'true'") if draft.yes(credentials) else None,
    }


def _rest_security(draft: Draft, document: Mapping, *, version_3: bool) -> Mapping:
    auth = draft.auth
    named = named_authorizers(draft)
    default = draft.plain(auth.get("DefaultAuthorizer"))
    schemes: dict[str, Node] = {name: _rest_scheme(draft, entry, block) for name, (entry, block) in named.items()}
    uses_iam = any(_uses_iam(draft, event) for event in draft.events)
    span = auth.span
    if default == "AWS_IAM" or uses_iam:
        schemes["AWS_IAM"] = openapi.iam_scheme(span)
    if default and (default in named or default == "AWS_IAM"):
        entry = auth.entry("DefaultAuthorizer")
        where = entry.value.span if entry is not None else span
        scopes = named[default][1].get("AuthorizationScopes") if default in named else None
        preflight = draft.yes(auth.get("AddDefaultAuthorizerToCorsPreflight"), default=True)
        document = openapi.default_authorizer(document, default, scopes, set(named), where, preflight=preflight)
    elif default:
        draft.evaluator.gap(
            auth.get("DefaultAuthorizer") or auth,
            f"the default authorizer of `{draft.found.id}`",
            f"there is no authorizer `{default}`",
            kind="undefined",
            remedy="name one of its `Authorizers`",
        )
    needs_key = draft.yes(auth.get("ApiKeyRequired"))
    if needs_key:
        entry = auth.entry("ApiKeyRequired")
        where = entry.value.span if entry is not None else span
        preflight = draft.yes(auth.get("AddApiKeyRequiredToCorsPreflight"), default=True)
        document = openapi.default_api_key(document, where, preflight=preflight)
    document = openapi.with_schemes(document, schemes, version_3=version_3)
    if needs_key or any(event_auth(e) is not None for e in draft.events):
        document = openapi.with_schemes(
            document, {"api_key": openapi.api_key_scheme(span)}, version_3=version_3, replace=False
        )
    return document


def _uses_iam(draft: Draft, event: Event) -> bool:
    auth = event_auth(event)
    return auth is not None and draft.plain(auth.get("Authorizer")) == "AWS_IAM"


def _rest_scheme(draft: Draft, entry: Entry, block: Mapping) -> Node:
    """The security scheme of an authorizer."""
    span = entry.value.span
    identity = block.get("Identity")
    who = identity if type(identity) is Mapping and nodes.is_block(identity) else Mapping(span, ())
    pool, pattern = block.get("UserPoolArn"), who.get("ValidationExpression")
    header = who.get("Header") if nodes.is_set(who.get("Header")) else nodes.text(span, "Authorization")
    if pool is not None and nodes.is_set(pool):
        pools = pool if type(pool) is Sequence and nodes.is_list(pool) else nodes.sequence(span, [pool])
        authorizer = {"type": nodes.text(span, "cognito_user_pools"), "providerARNs": pools, _PATTERN: pattern}
        return _scheme(span, header, "cognito_user_pools", authorizer)
    requested = (draft.plain(block.get("FunctionPayloadType")) or "TOKEN").upper() == "REQUEST"
    parts: dict[str, Node | None] = {"type": nodes.text(span, "request" if requested else "token")}
    arn = block.get("FunctionArn")
    if arn is not None:
        start = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
        parts["authorizerUri"] = nodes.sub(span, start + "${__FunctionArn__}/invocations", {"__FunctionArn__": arn})
    parts["authorizerResultTtlInSeconds"] = who.get("ReauthorizeEvery")
    if requested:
        header = nodes.text(span, "Unused")
        sources = [
            prefix + name
            for key, prefix in (
                ("Headers", "method.request.header."),
                ("QueryStrings", "method.request.querystring."),
                ("StageVariables", "stageVariables."),
                ("Context", "context."),
            )
            for name in known_texts(draft, who.get(key))
        ]
        if sources:
            parts["identitySource"] = nodes.text(span, ", ".join(sources))
    else:
        parts[_PATTERN] = pattern
    return _scheme(span, header, "custom", parts)


def _scheme(span: Span, header: Node | None, authtype: str, authorizer: dict[str, Any]) -> Node:
    return nodes.mapping(
        span,
        {
            "type": nodes.text(span, "apiKey"),
            "name": header,
            "in": nodes.text(span, "header"),
            openapi.AUTHTYPE: nodes.text(span, authtype),
            openapi.AUTHORIZER: nodes.mapping(span, authorizer),
        },
    )


def _event_policies(draft: Draft, document: Mapping) -> Mapping:
    """The resource policies of events; the transform sees to them only for routes that it makes itself."""
    found: list[tuple[Event, Mapping, str]] = []
    for event in draft.events:
        auth = event_auth(event)
        rules = auth.get("ResourcePolicy") if auth is not None else None
        path = nodes.literal(event.get("Path"))
        overrides = auth is not None and draft.yes(auth.get("OverrideApiAuth"))
        if type(rules) is Mapping and path is not None and (draft.managed or overrides):
            found.append((event, rules, path))
    if not found:
        return document
    policy = ResourcePolicy(document, draft.plain)
    stage = nodes.literal(draft.get("StageName")) or "Stage"
    for event, rules, path in found:
        policy.for_path(rules, path, nodes.text(event.span, stage))
        if (custom := rules.get("CustomStatements")) is not None:
            policy.custom(custom)
    return policy.document()


def _resource_policy(draft: Draft, document: Mapping) -> Mapping:
    """`ResourcePolicy` of the API, for each of its paths."""
    rules = draft.auth.get("ResourcePolicy")
    if type(rules) is not Mapping or not nodes.is_block(rules):
        return document
    policy = ResourcePolicy(document, draft.plain)
    stage = draft.get("StageName") or nodes.text(draft.span, "Stage")
    paths = document.get("paths")
    for entry in paths.entries if type(paths) is Mapping else ():
        policy.for_path(rules, entry.key.raw, stage)
    custom = rules.get("CustomStatements")
    if custom is not None and nodes.is_set(custom):
        policy.custom(custom)
    return policy.document()


def _usage_plan(draft: Draft) -> None:
    """`UsagePlan`: one for this API, or one that several share."""
    block = draft.auth.get("UsagePlan")
    if type(block) is not Mapping or not nodes.is_block(block):
        return
    kind = draft.plain(block.get("CreateUsagePlan"))
    if kind not in {"PER_API", "SHARED"}:
        return
    sam, found = draft.sam, draft.found
    span = block.span
    stage = nodes.mapping(
        span,
        {
            "ApiId": nodes.ref(span, found.id),
            "Stage": nodes.ref(span, rest_stage_id(found.id, draft.get("StageName"))),
        },
    )
    named: dict[str, Node | None] = {
        n: block.get(n) for n in ("UsagePlanName", "Description", "Quota", "Throttle", "Tags")
    }
    if kind == "PER_API":
        own = nodes.mapping(span, {**named, "ApiStages": nodes.sequence(span, [stage])})
        sam.emit(found, f"{found.id}UsagePlan", "AWS::ApiGateway::UsagePlan", own, span=span)
    else:
        sam.share_plan(found, stage, {k: v for k, v in named.items() if v is not None and nodes.is_set(v)}, span)


MAKERS = {API: lower_api}
