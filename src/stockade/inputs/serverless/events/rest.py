"""`http`: the REST API of a service.

Sources: serverless.com/framework/docs/providers/aws/events/apigateway and what `serverless package` 3.40.0 makes, as of
2026-11-28.
"""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.api_logs import access_log, account_role, full_data, level, log_group, reach, tags
from stockade.inputs.serverless.events._rest_api import REST, Api, Http, put, read_http
from stockade.inputs.serverless.events._rest_auth import Authorizer, make_authorizer, read_authorizer
from stockade.inputs.serverless.events._rest_cors import make_preflight
from stockade.inputs.serverless.events._rest_keys import make_keys
from stockade.inputs.serverless.events._rest_methods import make_method
from stockade.inputs.serverless.service import Event, Function, Property, Service
from stockade.text.node import Entry, Mapping, Node, Sequence

DEPLOYMENT = "ApiGatewayDeployment"  # the framework adds a number that each packaging has anew
_LOGS = "ApiGatewayLogGroup"
_FORMAT = ", ".join(
    f"{name}: $context.{path}"
    for name, path in (
        ("requestId", "requestId"),
        ("ip", "identity.sourceIp"),
        ("caller", "identity.caller"),
        ("user", "identity.user"),
        ("requestTime", "requestTime"),
        ("httpMethod", "httpMethod"),
        ("resourcePath", "resourcePath"),
        ("status", "status"),
        ("protocol", "protocol"),
        ("responseLength", "responseLength"),
    )
)


def _rest(service: Service, events: list[Event]) -> None:
    """Everything that the `http` events of a service become."""
    entry = service.entry(service.provider, "apiGateway")
    api = Api(service, events, service.block(service.provider, "apiGateway"), entry)
    if api.external is None:
        _api(api)
    https = [http for event in events if (http := read_http(service, event)) is not None]
    _resources(api, https)
    make_preflight(api, https)
    authorizers = [read_authorizer(service, http) for http in https]
    for http, authorizer in zip(https, authorizers, strict=True):
        make_method(api, http, authorizer)
    for http, authorizer in zip(https, authorizers, strict=True):
        make_authorizer(api, http, authorizer)
    _deployment(api)
    make_keys(api)
    for event in events:
        _permission(api, event.function, event)
    for http, authorizer in zip(https, authorizers, strict=True):
        _authorizer_permission(api, http, authorizer)


# ------------------------------------------------------------------------------------------------------------- the API


def _api(api: Api) -> None:
    service, config = api.service, api.config
    span = api.at.span
    unknown = api.entry if api.entry is not None and intrinsic(api.entry.value) is not None else None
    disabled = service.entry(service.at(config, "endpoint"), "disable") or service.entry(
        config, "disableDefaultEndpoint"
    )
    source = service.entry(config, "apiKeySourceType")
    properties: dict[str, Property] = {
        "Name": _name(api),
        "Description": service.entry(config, "description"),
        "BinaryMediaTypes": service.entry(config, "binaryMediaTypes"),
        "DisableExecuteApiEndpoint": disabled or unknown,
        "EndpointConfiguration": _endpoint(api),
        "EndpointAccessMode": service.entry(service.at(config, "endpoint"), "accessMode"),
        "SecurityPolicy": service.entry(service.at(config, "endpoint"), "securityPolicy"),
        "Policy": _policy(api) or unknown or nodes.text(span, ""),
        "ApiKeySourceType": source and _upper(source),
        "MinimumCompressionSize": service.entry(config, "minimumCompressionSize"),
    }
    service.make(REST, "AWS::ApiGateway::RestApi", properties, at=api.at)
    service.anchors[REST] = ("AWS::ApiGateway::RestApi", service.provider)


def _name(api: Api) -> Property:
    service, span = api.service, api.at.span
    own = service.entry(service.provider, "apiName") if service.is_true(service.provider, "apiName") else None
    if own is not None:
        return own
    if service.is_true(api.config, "shouldStartNameWithService"):
        return service.prefixed(span)
    return service.joined(span, f"{service.stage}-", service.name)


def _upper(entry: Entry) -> Entry:
    text = nodes.literal(entry.value)
    return entry if text is None else Entry(entry.key, nodes.text(entry.value.span, text.upper()))


def _endpoint(api: Api) -> Property:
    service = api.service
    entry = service.entry(service.provider, "endpointType")
    endpoints = service.entry(service.provider, "vpcEndpointIds") if entry is not None else None
    kind = _upper(entry).value if entry is not None else nodes.text(api.at.span, "EDGE")
    own: dict[str, Property] = {"Types": nodes.sequence(kind.span, [kind]), "VpcEndpointIds": endpoints}
    block = service.mapping(kind.span, own)
    return block if entry is None else Entry(entry.key, block)


def _policy(api: Api) -> Property:
    entry = api.service.entry(api.config, "resourcePolicy")
    if entry is None or not nodes.is_set(entry.value):
        return None
    if intrinsic(entry.value) is not None:
        return entry  # nothing is known of it
    own: dict[str, Property] = {
        "Version": nodes.text(entry.value.span, "2012-10-17"),
        "Statement": Entry(entry.key, entry.value),
    }
    return Entry(entry.key, api.service.mapping(entry.value.span, own))


# ----------------------------------------------------------------------------------------------------------- resources


def _resources(api: Api, https: list[Http]) -> None:
    """The resources of all paths, below those that are there already."""
    given = _given(api)
    for http in https:
        path = http.path
        if path in given:
            api.resources[path] = given[path]
        names = [segment.shown for segment in http.segments]
        known = next((n for n in range(len(names), 0, -1) if "/".join(names[:n]) in given), 0)
        parent = given["/".join(names[:known])] if known else api.root(http.event.span)
        for index in range(known, len(names)):
            whole = "/".join(names[: index + 1])
            if whole not in api.resources:
                logical_id = f"ApiGatewayResource{naming.path(whole)}"
                properties: dict[str, Property] = {
                    "ParentId": parent,
                    "PathPart": http.segments[index].node,
                    "RestApiId": api.id(http.event.span),
                }
                put(api.service, logical_id, "AWS::ApiGateway::Resource", properties, at=http.event)
                api.resources[whole] = nodes.ref(http.event.span, logical_id)
            parent = api.resources[whole]


def _given(api: Api) -> dict[str, Node]:
    """`restApiResources`: the ids of resources that are there already, by path."""
    service = api.service
    written = service.at(api.config, "restApiResources")
    found: dict[str, Node] = {}
    if type(written) is Sequence and written.tag is None:
        for item in written.items:
            path, own = service.text(item, "path"), service.at(item, "resourceId")
            if path is not None and own is not None:
                found[path.removeprefix("/").removesuffix("/")] = own
        return found
    for entry in service.block(api.config, "restApiResources").entries:
        found[entry.key.raw.removeprefix("/").removesuffix("/")] = entry.value
    return found


# -------------------------------------------------------------------------------------------------------- stage and logs


def _deployment(api: Api) -> None:
    """The deployment, with the stage that it makes."""
    properties: dict[str, Property] = {
        "RestApiId": api.id(api.at.span),
        "StageName": api.stage,
        "Description": api.service.entry(api.config, "description"),
        "StageDescription": None if api.external is not None else _stage(api),
    }
    service = api.service
    # The provider says how the stage is: what is to be changed of it stands there, not at an event.
    at = service.entry(service.root, "provider") or api.at
    service.make(DEPLOYMENT, "AWS::ApiGateway::Deployment", properties, at=at)
    service.anchors[DEPLOYMENT] = ("AWS::ApiGateway::Deployment", service.provider)


def _stage(api: Api) -> Property:
    """What the framework sets at the stage once the stack is there, since CloudFormation did not let it: logs, traces, tags."""
    service, span = api.service, api.at.span
    logs = reach(service, service.provider, "logs", "restApi")
    settings: dict[str, Property] = {
        "TracingEnabled": _switch(reach(service, service.provider, "tracing", "apiGateway")),
        "MetricsEnabled": _switch(reach(service, service.provider, "apiGateway", "metrics")),
        "Tags": tags(service, span),
    }
    if logs is not None:
        settings |= _logs(api, logs)
    found = service.mapping(span, settings)
    if not found.entries:
        return None
    return Entry(logs.key, Mapping(logs.value.span, found.entries)) if logs is not None else found


def _switch(entry: Entry | None) -> Property:
    if entry is None or intrinsic(entry.value) is not None:
        return entry
    return Entry(entry.key, nodes.flag(entry.value.span, value=nodes.is_set(entry.value)))


def _logs(api: Api, logs: Entry) -> dict[str, Property]:
    service, value = api.service, logs.value
    if intrinsic(value) is not None:
        own: dict[str, Property] = {"DestinationArn": value, "Format": value}
        setting = service.perhaps(value, service.mapping(value.span, own))
        return {"AccessLogSetting": setting, "LoggingLevel": value, "DataTraceEnabled": value}
    if not nodes.is_set(value) and not nodes.is_block(value):
        off = Entry(logs.key, nodes.text(value.span, "OFF"))
        return {"LoggingLevel": off, "DataTraceEnabled": nodes.flag(value.span, value=False)}
    log = access_log(service, value, nodes.get_att(value.span, _LOGS, "Arn"), _FORMAT)
    if log is not None:
        log_group(service, _LOGS, "/aws/api-gateway/", logs)
        account_role(service, logs)
    return {
        "AccessLogSetting": log,
        "LoggingLevel": level(service, value),
        "DataTraceEnabled": full_data(service, value),
    }


# ---------------------------------------------------------------------------------------------------------- permissions


def _permission(api: Api, function: Function, event: Event) -> None:
    logical_id = _permission_id(function.key)
    if logical_id not in api.service.resources:
        api.service.permission(logical_id, event, "apigateway.amazonaws.com", SourceArn=_source(api, event.body))


def _permission_id(key: str) -> str:
    return f"{naming.normal(key)}LambdaPermissionApiGateway"


def _source(api: Api, node: Node) -> Node:
    """Every method of every stage of the API."""
    own = api.external
    text = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${" + REST + "}/*/*"
    return nodes.sub(node.span, text, None if own is None else {REST: own})


def _authorizer_permission(api: Api, http: Http, authorizer: Authorizer | None) -> None:
    service = api.service
    if authorizer is None or authorizer.arn is None or authorizer.cognito:
        return
    logical_id = _permission_id(authorizer.name)
    if logical_id in service.resources or service.is_true(authorizer.entry.value, "managedExternally"):
        return
    span = authorizer.entry.value.span
    function = authorizer.function
    alias = nodes.ref(span, function.target) if function is not None and function.target else None
    properties: dict[str, Property] = {
        "FunctionName": alias or authorizer.arn,
        "Action": nodes.text(span, "lambda:InvokeFunction"),
        "Principal": nodes.text(span, "apigateway.amazonaws.com"),
        "SourceArn": _source(api, http.event.body),
    }
    service.make(logical_id, "AWS::Lambda::Permission", properties, at=authorizer.entry)
    service.generated[logical_id] = "the event's `authorizer`"


SHARED = {"http": _rest}
