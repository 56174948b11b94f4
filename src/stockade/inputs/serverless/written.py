"""Where the properties of what the framework makes are written in a service's own words.

One table for each type of a made resource: the path of a property in CloudFormation, and where it stands below the block that the
resource is made for (the function, the event, the provider). What no table says is written as an extension of the resource
(`resources.extensions`), which the framework lays over what it makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from stockade.inputs.made import Place, Pointer, as_it_is
from stockade.inputs.serverless.service import Service
from stockade.text.edit import Plain
from stockade.text.node import Mapping, Node, Sequence, walk

_FUNCTION = "AWS::Lambda::Function"

FUNCTION = {
    "Timeout": "timeout",
    "MemorySize": "memorySize",
    "Runtime": "runtime",
    "Handler": "handler",
    "Description": "description",
    "ReservedConcurrentExecutions": "reservedConcurrency",
    "TracingConfig.Mode": "tracing",
    "RuntimeManagementConfig.UpdateRuntimeOn": "runtimeManagement",
    "RuntimeManagementConfig.RuntimeVersionArn": "runtimeManagement.arn",
    "KmsKeyArn": "kmsKeyArn",
    "DeadLetterConfig.TargetArn": "onError",
    "EphemeralStorage.Size": "ephemeralStorageSize",
    "Environment.Variables": "environment",
    "Layers": "layers",
    "Role": "role",
    "VpcConfig.SubnetIds": "vpc.subnetIds",
    "VpcConfig.SecurityGroupIds": "vpc.securityGroupIds",
}
# What only version 4 has keys for.
LOGGING = {
    "LoggingConfig.LogFormat": "logs.logFormat",
    "LoggingConfig.ApplicationLogLevel": "logs.applicationLogLevel",
    "LoggingConfig.SystemLogLevel": "logs.systemLogLevel",
    "LoggingConfig.LogGroup": "logs.logGroup",
}
URL = {
    "AuthType": "url.authorizer",
    "InvokeMode": "url.invokeMode",
    "Cors.AllowOrigins": "url.cors.allowedOrigins",
    "Cors.AllowMethods": "url.cors.allowedMethods",
    "Cors.AllowHeaders": "url.cors.allowedHeaders",
    "Cors.ExposeHeaders": "url.cors.exposedResponseHeaders",
    "Cors.AllowCredentials": "url.cors.allowCredentials",
    "Cors.MaxAge": "url.cors.maxAge",
}
ASYNC = {
    "DestinationConfig.OnFailure.Destination": "destinations.onFailure",
    "DestinationConfig.OnSuccess.Destination": "destinations.onSuccess",
    "MaximumRetryAttempts": "maximumRetryAttempts",
    "MaximumEventAgeInSeconds": "maximumEventAge",
}
SOURCE = {
    "BatchSize": "batchSize",
    "MaximumBatchingWindowInSeconds": "maximumBatchingWindow",
    "FunctionResponseTypes": "functionResponseType",
    "ScalingConfig.MaximumConcurrency": "maximumConcurrency",
    "MaximumRetryAttempts": "maximumRetryAttempts",
    "MaximumRecordAgeInSeconds": "maximumRecordAgeInSeconds",
    "BisectBatchOnFunctionError": "bisectBatchOnFunctionError",
    "DestinationConfig.OnFailure.Destination": "destinations.onFailure",
}
METHOD = {
    "AuthorizationType": "authorizer",
    "ApiKeyRequired": "private",
    "Integration.TimeoutInMillis": "timeoutInMillis",
}
REST_API = {
    "DisableExecuteApiEndpoint": "apiGateway.disableDefaultEndpoint",
    "EndpointConfiguration.Types.0": "endpointType",
    "MinimumCompressionSize": "apiGateway.minimumCompressionSize",
}
REST_STAGE = {
    "StageDescription.TracingEnabled": "tracing.apiGateway",
    "StageDescription.MetricsEnabled": "apiGateway.metrics",
    "StageDescription.LoggingLevel": "logs.restApi.level",
    "StageDescription.DataTraceEnabled": "logs.restApi.fullExecutionData",
    "StageDescription.AccessLogSetting.DestinationArn": "logs.restApi",
    "StageDescription.AccessLogSetting.Format": "logs.restApi.format",
}
HTTP_API = {
    "DisableExecuteApiEndpoint": "httpApi.disableDefaultEndpoint",
    "CorsConfiguration.AllowOrigins": "httpApi.cors.allowedOrigins",
    "CorsConfiguration.AllowMethods": "httpApi.cors.allowedMethods",
    "CorsConfiguration.AllowHeaders": "httpApi.cors.allowedHeaders",
    "CorsConfiguration.ExposeHeaders": "httpApi.cors.exposedResponseHeaders",
    "CorsConfiguration.AllowCredentials": "httpApi.cors.allowCredentials",
    "CorsConfiguration.MaxAge": "httpApi.cors.maxAge",
}
HTTP_STAGE = {
    "DefaultRouteSettings.DetailedMetricsEnabled": "httpApi.metrics",
    "AccessLogSettings.DestinationArn": "logs.httpApi",
    "AccessLogSettings.Format": "logs.httpApi.format",
}
TABLES: dict[str, dict[str, str]] = {
    "AWS::Lambda::Function": FUNCTION,
    "AWS::Lambda::Url": URL,
    "AWS::Lambda::EventInvokeConfig": ASYNC,
    "AWS::Lambda::EventSourceMapping": SOURCE,
    "AWS::Logs::LogGroup": {"RetentionInDays": "logRetentionInDays"},
    "AWS::ApiGatewayV2::Api": HTTP_API,
    "AWS::ApiGatewayV2::Stage": HTTP_STAGE,
    "AWS::ApiGatewayV2::Route": {"AuthorizationType": "authorizer.type"},
    "AWS::ApiGateway::Method": METHOD,
    "AWS::ApiGateway::RestApi": REST_API,
    "AWS::ApiGateway::Deployment": REST_STAGE,
}
# What the framework decides by itself of what it makes, by kind and field.
MADE: dict[tuple[str, str], str] = {
    ("permission", "generated_by"): "the event, or the function's `url`",
    ("role", "generated"): "whether it is the role that functions share by default",
    ("log-group", "generated"): "whether it is the log group of a function",
}
_TARGETS = {"queue": "sqs", "topic": "sns"}  # what the framework calls the kinds of what takes failed events


def _with_type(value: Plain) -> Plain:
    """A destination, of which the framework has to know what it is."""
    kind = _TARGETS.get(value.kind) if isinstance(value, Pointer) else None
    return value if kind is None else {"arn": value, "type": kind}


def _alone(value: Plain) -> Plain:
    """The one item of a list."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _called(names: dict[str, str]) -> Callable[[Any], Any]:
    return lambda value: names.get(value, value) if isinstance(value, str) else value


# What a block of logs turns on by being there, and what else it adds: a function that may make roles.
_EXECUTION_OFF = {"executionLogging": False, "fullExecutionData": False, "roleManagedExternally": True}
_ACCESS_OFF = (("accessLogging", False), ("roleManagedExternally", True))
_IAM = _called({"AWS_IAM": "aws_iam"})
_SAID: dict[str, Callable[[Any], Any]] = {
    "AuthType": _IAM,
    "AuthorizationType": _IAM,
    "RuntimeManagementConfig.UpdateRuntimeOn": _called(
        {"Auto": "auto", "FunctionUpdate": "onFunctionUpdate", "Manual": "manual"}
    ),
    "FunctionResponseTypes": _alone,
    "DestinationConfig.OnFailure.Destination": _with_type,
    "DestinationConfig.OnSuccess.Destination": _with_type,
    "AccessLogSettings.DestinationArn": lambda _: {},
}
_MAKES = {
    "logs.httpApi": "HttpApiLogGroup",
    "logs.restApi": "ApiGatewayLogGroup",
}
_REST = "logs.restApi"
# Of the same type as the stage of an HTTP API. Its own keys make more of what is missing than a fix may: a role, a log group.
_WEBSOCKET = "WebsocketsDeploymentStage"
# Of what is called otherwise at each packaging, nothing can be said as an extension.
_UNNAMED = frozenset({"AWS::ApiGateway::Deployment"})


def _logs(service: Service, block: Mapping, own: str, dotted: str) -> Place:
    """Where the logs of a REST API are turned on, so that nothing else is turned on or off by it."""
    path = tuple(own.split("."))
    start, key = path[:2], path[2:]
    written = service.at(service.provider, *start)
    there = type(written) is Mapping
    document = block.span.doc
    if not key:  # its access log
        if there:
            return Place(document, block, (*start, "accessLogging"), lambda _: True, _MAKES[own])
        return Place(document, block, start, lambda _: _EXECUTION_OFF, _MAKES[own])
    beside: tuple[tuple[tuple[str | int, ...], Any], ...] = ()
    if key == ("level",):
        if not there:
            beside = tuple(((*start, name), value) for name, value in _ACCESS_OFF)
        elif service.at(written, "executionLogging") is not None:
            beside = (((*start, "executionLogging"), True),)
    return Place(document, block, path, _SAID.get(dotted, as_it_is), beside=beside)


def places(service: Service, declared: frozenset[str]) -> Callable[[str, tuple[str | int, ...]], Place | None]:
    """Says where a property of a resource is written. `declared` are the resources that the user declares alone."""
    document, root = service.resolver.document, service.resolver.root
    used = [service.at(service.provider, "logs", "lambda"), *(f.block.get("logs") for f in service.functions)]
    newer = service.version > 3 or any(used)

    def place(logical_id: str, path: tuple[str | int, ...]) -> Place | None:
        if not logical_id:  # a section of the template, such as its resources
            return section(path)
        if logical_id in declared:
            return None
        anchor = service.anchors.get(logical_id)
        if anchor is not None and path[:1] == ("Properties",):
            type_, block = anchor
            dotted = ".".join(map(str, path[1:]))
            table = {} if logical_id == _WEBSOCKET else TABLES.get(type_, {})
            own = table.get(dotted) or (LOGGING.get(dotted) if type_ == _FUNCTION and newer else None)
            if own is not None and own.startswith(_REST):
                return _logs(service, block, own, dotted)
            if own is not None:
                return Place(
                    block.span.doc, block, tuple(own.split(".")), _SAID.get(dotted, as_it_is), _MAKES.get(own, "")
                )
            if type_ in _UNNAMED:
                return None
        return section(("extensions", logical_id, *path))

    def section(path: tuple[str | int, ...]) -> Place:
        """Where a part of `resources` is written: there, or in the file of those named there that has the most of its path."""
        found = None if type(root.get("resources")) is Mapping else max(blocks(), key=_has(path), default=None)
        return Place(document, root, ("resources", *path)) if found is None else Place(found.span.doc, found, path)

    @cache
    def blocks() -> tuple[Mapping, ...]:
        resources = service.at(service.root, "resources")
        listed = resources.items if type(resources) is Sequence else (resources,)
        found = (_as_it_stands(service, block) for block in listed if type(block) is Mapping)
        return tuple(block for block in found if block is not None)

    return place


def _has(path: tuple[str | int, ...]) -> Callable[[Mapping], int]:
    """Says how many steps of a path are there already."""

    def count(block: Mapping) -> int:
        node: Node | None = block
        for number, step in enumerate(path):
            node = node.get(str(step)) if type(node) is Mapping else None
            if node is None:
                return number
        return len(path)

    return count


def _as_it_stands(service: Service, block: Mapping) -> Mapping | None:
    """The block in the user's file, with its variables, of one in which they have been resolved."""
    for root in (service.resolver.root, *(root for source in service.resolver.sources for root in source.roots)):
        for node in walk(root) if root.span.doc is block.span.doc else ():
            if type(node) is Mapping and (node.span.start, node.span.end) == (block.span.start, block.span.end):
                return node
    return None


def roots(service: Service) -> Callable[[], Iterator[Node]]:
    """Says what stands in the user's files, with its variables resolved and as it is written."""

    def every() -> Iterator[Node]:
        yield service.root
        yield service.resolver.root
        for source in service.resolver.sources:
            yield from source.roots

    return every
