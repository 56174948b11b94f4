"""AWS::Serverless::Api and AWS::Serverless::HttpApi, explicit and implicit.

SAM completes the OpenAPI document of an API and hands that to API Gateway; here the completed document is lowered like one that
somebody wrote. https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import force_setattr

from stockade.inputs.cloudformation.evaluate import text
from stockade.inputs.cloudformation.sam import domains, nodes, openapi
from stockade.inputs.cloudformation.sam.events import http_route
from stockade.inputs.cloudformation.sam.expand import API, FUNCTION, HTTP_API, IMPLICIT, Event, Expansion
from stockade.inputs.cloudformation.sam.references import http_stage_id, rest_stage_id
from stockade.inputs.cloudformation.sam.resource_policy import ResourcePolicy
from stockade.inputs.cloudformation.template import intrinsic
from stockade.model.app import Api, Permission, Route
from stockade.model.value import File, Known
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering

_RESPONSE_STREAM = "RESPONSE_STREAM"


class Draft:
    """An API that is being made: its properties, its document, and whose events it is of."""

    def __init__(self, sam: Expansion, found: Declared) -> None:
        self.sam = sam
        self.found = found
        self.evaluator = sam.evaluator
        self.span = found.body.span
        block = found.properties
        self.block = block if type(block) is Mapping and nodes.is_block(block) else Mapping(self.span, ())
        self.events = sam.api_events.get(found.id, [])
        self.uri = self.block.get("DefinitionUri")
        auth = self.block.get("Auth")
        self.auth = self._auth(auth)
        body = self.block.get("DefinitionBody")
        self.file: Node | None = None  # the document that `DefinitionUri` names, where it could be read
        self.managed = not nodes.is_set(body) and not nodes.is_set(self.uri)
        self.body = self._body(body)

    def _auth(self, node: Node | None) -> Mapping:
        if node is None or (type(node) is Scalar and node.value is None and node.tag is None):
            return Mapping(self.span, ())
        if type(node) is Mapping and nodes.is_block(node):
            return node
        self.evaluator.gap(
            node, f"`Auth` of `{self.found.id}`", "it is not a mapping", kind="wrong-shape", remedy="correct it"
        )
        return Mapping(self.span, ())

    def _body(self, body: Node | None) -> Node | None:
        if self.managed:
            return None
        if nodes.is_set(self.uri):
            # SAM changes nothing in a document that is elsewhere; a local file can at least be read.
            path = self.plain(self.uri)
            self.file = self.evaluator.file(path) if path is not None and "://" not in path else None
            return self.file
        if body is not None and type(body) is Mapping and "Fn::Transform" in body:
            return self.evaluator.included(body)
        return body

    def get(self, name: str) -> Node | None:
        """A property."""
        return self.block.get(name)

    def plain(self, node: Node | None) -> str | None:
        """A text that SAM itself has to know."""
        if node is None:
            return None
        if intrinsic(node) is None:
            return nodes.literal(node)
        value = self.evaluator.value(node)
        return str(value.v) if isinstance(value, Known) else None

    def yes(self, node: Node | None, *, default: bool = False) -> bool:
        """Whether something is switched on."""
        shown = self.plain(node)
        return default if shown is None else shown.lower() in {"true", "yes", "on", "1"}

    def document(self, skeleton: dict[str, Any]) -> Mapping | None:
        """The document to complete; None where there is none that can be looked into."""
        if self.managed:
            made = nodes.from_plain(skeleton, self.span, {})
            return made if type(made) is Mapping else None
        body = self.body if self.file is None else None
        return body if type(body) is Mapping and openapi.is_document(body) else None

    def finish(self, records: list[Any], kind: str) -> None:
        """Say of an API's records which user's block they are of."""
        implicit = self.found.id in IMPLICIT.values() and self.found.id not in self.sam.lowering.template.resources
        events = {event.span.start: event for event in self.events}
        for record in records:
            if isinstance(record, Api):
                force_setattr(record, "implicit", implicit)
                if not implicit:
                    self.sam.write_at(record, self.found, kind, ("Properties",), self.found.key_span)
            elif isinstance(record, Route) and isinstance(record.origin, File):
                event = events.get(record.origin.span.start)
                if event is not None:
                    table = f"{event.owner.type}/Events/{event.type}"
                    self.sam.write_at(record, event.owner, table, event.base, event.entry.key.span)


def _named_authorizers(draft: Draft) -> dict[str, tuple[Entry, Mapping]]:
    found: dict[str, tuple[Entry, Mapping]] = {}
    block = draft.auth.get("Authorizers")
    if type(block) is Mapping and nodes.is_block(block):
        for entry in block.entries:
            if type(entry.value) is Mapping and nodes.is_block(entry.value):
                found[entry.key.raw] = (entry, entry.value)
            else:
                draft.evaluator.gap(
                    entry.value,
                    f"the authorizer `{entry.key.raw}`",
                    "it is not a mapping",
                    kind="wrong-shape",
                    remedy="correct it",
                )
    elif block is not None and nodes.is_set(block):
        draft.evaluator.gap(
            block,
            f"the authorizers of `{draft.found.id}`",
            "they are not a mapping",
            kind="wrong-shape",
            remedy="correct it",
        )
    return found


def _integration(draft: Draft, event: Event, partition: str, *, credentials: Node | None = None) -> Node:
    """How an event's function (or state machine) is called."""
    span = event.span
    if event.owner.type == FUNCTION:
        caller = draft.sam.callers[event.owner.id]
        stream = nodes.literal(event.get("ResponseTransferMode")) == _RESPONSE_STREAM
        version, ending = ("2021-11-15", "response-streaming-invocations") if stream else ("2015-03-31", "invocations")
        start = f"arn:{partition}:apigateway:${{AWS::Region}}:lambda:path/{version}/functions/"
        uri: Node = nodes.sub(span, f"{start}{caller.arn_sub}/{ending}")
        kind = "aws_proxy"
    else:
        uri = nodes.sub(span, "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution")
        kind = "aws"
    condition = nodes.literal(event.owner.body.get("Condition"))
    if condition is not None:
        uri = nodes.conditional(span, (nodes.text(span, condition), uri, nodes.ref(span, "AWS::NoValue")))
    return nodes.mapping(
        span,
        {
            "type": nodes.text(span, kind),
            "httpMethod": nodes.text(span, "POST"),
            "uri": uri,
            "credentials": credentials,
        },
    )


def _under_condition(event: Event, operation: Node) -> Node:
    condition = nodes.literal(event.owner.body.get("Condition"))
    if condition is None:
        return operation
    span = event.span
    return nodes.conditional(span, (nodes.text(span, condition), operation, nodes.ref(span, "AWS::NoValue")))


# ------------------------------------------------------------------------------------------------------------ REST APIs

_REST_SKELETON = {"swagger": "2.0", "info": {"version": "1.0", "title": {"Ref": "AWS::StackName"}}, "paths": {}}
# Properties that the API keeps under their names.
_REST_PROPERTIES = (
    "Name", "Description", "Mode", "ApiKeySourceType", "Policy", "SecurityPolicy", "EndpointAccessMode", "BinaryMediaTypes",
    "MinimumCompressionSize", "FailOnWarnings",
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
    properties["BodyS3Location"] = _location(draft)
    properties["EndpointConfiguration"] = _endpoint(draft)
    span, key_span = found.body.span, found.key_span
    records = sam.emit(found, found.id, "AWS::ApiGateway::RestApi", nodes.mapping(span, properties), span=span)
    draft.finish(records, API)
    _rest_stages(draft, span, key_span)
    for name, (entry, block) in _named_authorizers(draft).items():
        arn = block.get("FunctionArn")
        if (
            block.get("UserPoolArn") is None
            and arn is not None
            and not draft.yes(block.get("DisableFunctionDefaultPermissions"))
        ):
            _authorizer_permission(draft, name, entry, arn, "aws")
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
    sam.emit(
        found,
        rest_stage_id(found.id, name),
        "AWS::ApiGateway::Stage",
        nodes.mapping(span, own),
        span=written.value.span if written is not None else span,
        key_span=written.key.span if written is not None else key_span,
        table="" if implicit else f"{API}/Stage",
        at=("Properties",),
    )


def _location(draft: Draft) -> Node | None:
    """`DefinitionUri`: a document elsewhere."""
    uri = draft.uri
    if uri is None or not nodes.is_set(uri) or draft.file is not None:
        return None
    if type(uri) is Mapping and nodes.is_block(uri):
        return nodes.mapping(uri.span, {"Bucket": uri.get("Bucket"), "Key": uri.get("Key")})
    path = draft.plain(uri)
    if path is not None and path.startswith("s3://"):
        bucket, _, key = path.removeprefix("s3://").partition("/")
        return nodes.mapping(uri.span, {"Bucket": nodes.text(uri.span, bucket), "Key": nodes.text(uri.span, key)})
    return nodes.mapping(uri.span, {"Key": uri})


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
        for event in draft.events:
            document = _rest_operation(draft, document, event, merges=merges)
        if draft.managed:
            document = _path_conditions(draft, document)
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


def _event_auth(event: Event) -> Mapping | None:
    auth = event.get("Auth")
    return auth if type(auth) is Mapping and nodes.is_block(auth) else None


def _rest_operation(draft: Draft, document: Mapping, event: Event, *, merges: bool) -> Mapping:
    """The operation of an event."""
    path, method = nodes.literal(event.get("Path")), nodes.literal(event.get("Method"))
    if path is None or method is None:
        return document
    if event.owner.type != FUNCTION and not draft.managed:
        return document
    credentials = None
    if event.owner.type != FUNCTION:
        credentials = nodes.get_att(event.span, f"{event.id}Role", "Arn")

    def make(old: Mapping | None) -> Node:
        operation = nodes.mapping(
            event.span, {openapi.INTEGRATION: _integration(draft, event, "aws", credentials=credentials)}
        )
        operation = _rest_event_security(draft, event, operation)
        if merges and old is not None and nodes.is_block(old):
            operation = Mapping(
                event.span,
                (*(e for e in old.entries if operation.get(e.key.raw) is None), *operation.entries),
            )
        return _under_condition(event, operation)

    return openapi.with_operation(document, path, openapi.method_name(method), make, event.entry.key.span)


def _rest_event_security(draft: Draft, event: Event, operation: Mapping) -> Mapping:
    auth = _event_auth(event)
    if auth is None:
        return operation
    required = openapi.security_of(operation)
    span = auth.span
    name = draft.plain(auth.get("Authorizer"))
    if name:
        scopes = auth.get("AuthorizationScopes")
        known = _named_authorizers(draft).get(name)
        if known is None:
            scopes = None
        elif scopes is None:
            scopes = known[1].get("AuthorizationScopes")
        required.append(openapi.requirement(span, name, scopes))
    wants_key = auth.get("ApiKeyRequired")
    if wants_key is not None and not (type(wants_key) is Scalar and wants_key.value is None and wants_key.tag is None):
        shown = draft.plain(wants_key)
        on = nodes.is_set(wants_key) and (shown is None or shown.lower() != "false")
        required.append(openapi.requirement(span, "api_key" if on else "api_key_false"))
    return openapi.with_security(operation, required) if required else operation


def _override(draft: Draft, document: Mapping, event: Event) -> Mapping:
    """`OverrideApiAuth`: an event's `Auth` on a document that the user wrote."""
    auth = _event_auth(event)
    path, method = nodes.literal(event.get("Path")), nodes.literal(event.get("Method"))
    if auth is None or path is None or method is None or not draft.yes(auth.get("OverrideApiAuth")):
        return document
    wanted = openapi.method_name(method)

    def change(at: str, name: str, operation: Mapping) -> Mapping:
        return _rest_event_security(draft, event, operation) if at == path and name == wanted else operation

    return openapi.operations(document, change)


def _path_conditions(draft: Draft, document: Mapping) -> Mapping:
    """A path whose operations all have conditions is there when one of them is."""
    paths = document.get("paths")
    if type(paths) is not Mapping:
        return document
    conditions: dict[str, set[str | None]] = {}
    for event in draft.events:
        path = http_route(event)[0] if event.type == "HttpApi" else nodes.literal(event.get("Path"))
        if path is not None:
            conditions.setdefault(path, set()).add(nodes.literal(event.owner.body.get("Condition")))
    entries: list[Entry] = []
    for entry in paths.entries:
        names = conditions.get(entry.key.raw, {None})
        if None in names or len(names) != 1:
            # Where they differ, each operation has its own premises, which says as much.
            entries.append(entry)
            continue
        span = entry.value.span
        name = next(iter(names)) or ""
        branches = (nodes.text(span, name), entry.value, nodes.ref(span, "AWS::NoValue"))
        entries.append(Entry(entry.key, nodes.conditional(span, branches)))
    return nodes.with_entries(document, {"paths": Mapping(paths.span, tuple(entries))})


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
    named = _named_authorizers(draft)
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
    if needs_key or any(_event_auth(e) is not None for e in draft.events):
        document = openapi.with_schemes(
            document, {"api_key": openapi.api_key_scheme(span)}, version_3=version_3, replace=False
        )
    return document


def _uses_iam(draft: Draft, event: Event) -> bool:
    auth = _event_auth(event)
    return auth is not None and draft.plain(auth.get("Authorizer")) == "AWS_IAM"


def _rest_scheme(draft: Draft, entry: Entry, block: Mapping) -> Node:
    """The security scheme of an authorizer."""
    span = entry.value.span
    identity = block.get("Identity")
    who = identity if type(identity) is Mapping and nodes.is_block(identity) else Mapping(span, ())
    pool = block.get("UserPoolArn")
    header = who.get("Header") if nodes.is_set(who.get("Header")) else nodes.text(span, "Authorization")
    if pool is not None and nodes.is_set(pool):
        pools = pool if type(pool) is Sequence and nodes.is_list(pool) else nodes.sequence(span, [pool])
        authorizer = {"type": nodes.text(span, "cognito_user_pools"), "providerARNs": pools}
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
            for name in _texts(draft, who.get(key))
        ]
        if sources:
            parts["identitySource"] = nodes.text(span, ", ".join(sources))
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


def _texts(draft: Draft, node: Node | None) -> list[str]:
    if node is None:
        return []
    return [str(v.v) for v in draft.evaluator.texts(node) if isinstance(v, Known)]


def _event_policies(draft: Draft, document: Mapping) -> Mapping:
    """The resource policies of events; the transform sees to them only for routes that it makes itself."""
    found: list[tuple[Event, Mapping, str]] = []
    for event in draft.events:
        auth = _event_auth(event)
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


def _authorizer_permission(draft: Draft, name: str, entry: Entry, arn: Node, partition: str) -> None:
    """API Gateway may call a Lambda authorizer."""
    sam, found = draft.sam, draft.found
    span = entry.value.span
    base = sam.base(found, f"{found.id}{name}AuthorizerPermission", span, entry.key.span)
    start = f"arn:{partition}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:"
    source = nodes.sub(span, start + "${" + found.id + "}/authorizers/*")
    origin = base["origin"]
    sam.add(
        Permission(
            **base,
            function_name=text(sam.evaluator.value(arn, entry.key.span)),
            action=Known(v="lambda:InvokeFunction", origin=origin),
            principal=Known(v="apigateway.amazonaws.com", origin=origin),
            source_arn=text(sam.evaluator.value(source)),
            generated_by="SAM Authorizers",
        )
    )


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
        "BodyS3Location": _location(draft),
        "FailOnWarnings": draft.get("FailOnWarnings"),
        "Description": draft.get("Description"),
    }
    records = sam.emit(found, found.id, "AWS::ApiGatewayV2::Api", nodes.mapping(span, properties), span=span)
    draft.finish(records, HTTP_API)
    for name, (entry, block) in _named_authorizers(draft).items():
        arn = block.get("FunctionArn")
        if arn is not None and draft.yes(block.get("EnableFunctionDefaultPermissions")):
            _authorizer_permission(draft, name, entry, arn, "${AWS::Partition}")
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
    sam.emit(
        found,
        http_stage_id(found.id, stage_name),
        "AWS::ApiGatewayV2::Stage",
        nodes.mapping(span, stage),
        span=written.value.span if written is not None else span,
        key_span=written.key.span if written is not None else key_span,
        table="" if implicit else f"{HTTP_API}/Stage",
        at=("Properties",),
    )


def _http_document(draft: Draft, document: Mapping) -> Mapping:
    for event in draft.events:
        document = _http_operation(draft, document, event)
    if draft.managed:
        document = _path_conditions(draft, document)
    cors = draft.get("CorsConfiguration")
    if cors is not None and nodes.is_set(cors):
        document = nodes.with_entries(document, {openapi.CORS: _http_cors(draft, document, cors)})
    document = _http_security(draft, document)
    if draft.yes(draft.get("FailOnWarnings")):
        document = _default_path(document)
    disabled = draft.get("DisableExecuteApiEndpoint")
    if disabled is not None and not (type(disabled) is Scalar and disabled.value is None and disabled.tag is None):
        endpoint = nodes.mapping(disabled.span, {"disableExecuteApiEndpoint": disabled})
        document = nodes.with_entries(document, {openapi.ENDPOINT: endpoint})
    return document


def _default_path(document: Mapping) -> Mapping:
    """With `FailOnWarnings` SAM gives the default route a path that causes none."""
    paths = document.get("paths")
    if type(paths) is not Mapping or paths.get("$default") is None:
        return document
    return nodes.with_entries(document, {"paths": nodes.renamed(paths, {"$default": "/$default"})})


def _http_operation(draft: Draft, document: Mapping, event: Event) -> Mapping:
    path, method = http_route(event)
    if path is None or method is None or event.owner.type != FUNCTION:
        return document
    name = openapi.method_name(method)
    there = openapi.has_operation(document, path, name)

    def make(old: Mapping | None) -> Node:
        if there and old is not None:
            return openapi.through(old, lambda operation: _http_event_security(draft, event, operation))
        made = nodes.mapping(event.span, {openapi.INTEGRATION: _integration(draft, event, "${AWS::Partition}")})
        if old is not None and nodes.is_block(old):
            made = Mapping(event.span, (*(e for e in old.entries if e.key.raw != openapi.INTEGRATION), *made.entries))
        return _under_condition(event, _http_event_security(draft, event, made))

    if there and _event_auth(event) is None:
        return document
    return openapi.with_operation(document, path, name, make, event.entry.key.span)


def _http_event_security(draft: Draft, event: Event, operation: Mapping) -> Mapping:
    auth = _event_auth(event)
    if auth is None or not auth.entries:
        return operation
    name = draft.plain(auth.get("Authorizer")) or draft.plain(draft.auth.get("DefaultAuthorizer"))
    if not name:
        return operation
    scopes = auth.get("AuthorizationScopes")
    known = _named_authorizers(draft).get(name)
    if name in {"NONE", "AWS_IAM"}:
        scopes = None
    elif not nodes.is_set(scopes):
        scopes = known[1].get("AuthorizationScopes") if known is not None else None
    return openapi.with_security(
        operation, [*openapi.security_of(operation), openapi.requirement(auth.span, name, scopes)]
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
    named = _named_authorizers(draft)
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
            for name in _texts(draft, identity.get(key))
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


MAKERS = {API: lower_api, HTTP_API: lower_http_api}
