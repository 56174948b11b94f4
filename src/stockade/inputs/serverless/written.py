"""Where the properties of what the framework makes are written in a service's own words.

One table for each type of a made resource: the path of a property in CloudFormation, and where it stands below the block that the
resource is made for (the function, the event, the provider). What no table says is written as an extension of the resource
(`resources.extensions`), which the framework lays over what it makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stockade.inputs.made import Place
from stockade.inputs.serverless.service import Service
from stockade.text.node import Node

_EXTENSIONS = ("resources", "extensions")

FUNCTION = {
    "Timeout": "timeout",
    "MemorySize": "memorySize",
    "Runtime": "runtime",
    "Handler": "handler",
    "Description": "description",
    "ReservedConcurrentExecutions": "reservedConcurrency",
    "TracingConfig.Mode": "tracing",
    "KmsKeyArn": "kmsKeyArn",
    "DeadLetterConfig.TargetArn": "onError",
    "EphemeralStorage.Size": "ephemeralStorageSize",
    "Environment.Variables": "environment",
    "Layers": "layers",
    "Role": "role",
    "VpcConfig.SubnetIds": "vpc.subnetIds",
    "VpcConfig.SecurityGroupIds": "vpc.securityGroupIds",
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
METHOD = {"AuthorizationType": "authorizer", "ApiKeyRequired": "private"}
REST_API = {
    "DisableExecuteApiEndpoint": "apiGateway.disableDefaultEndpoint",
    "EndpointConfiguration.Types.0": "endpointType",
}
REST_STAGE = {
    "StageDescription.TracingEnabled": "tracing.apiGateway",
    "StageDescription.MetricsEnabled": "apiGateway.metrics",
    "StageDescription.LoggingLevel": "logs.restApi.level",
    "StageDescription.DataTraceEnabled": "logs.restApi.fullExecutionData",
    "StageDescription.AccessLogSetting.Format": "logs.restApi.format",
}
TABLES: dict[str, dict[str, str]] = {
    "AWS::Lambda::Function": FUNCTION,
    "AWS::Lambda::Url": URL,
    "AWS::Lambda::EventInvokeConfig": ASYNC,
    "AWS::Lambda::EventSourceMapping": SOURCE,
    "AWS::Logs::LogGroup": {"RetentionInDays": "logRetentionInDays"},
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
_VALUES: dict[str, dict[object, object]] = {
    "AuthType": {"AWS_IAM": "aws_iam"},
    "AuthorizationType": {"AWS_IAM": "aws_iam"},
}
# Of what is called otherwise at each packaging, nothing can be said as an extension.
_UNNAMED = frozenset({"AWS::ApiGateway::Deployment"})


def places(service: Service, declared: frozenset[str]) -> Callable[[str, tuple[str | int, ...]], Place | None]:
    """Says where a property of a resource is written. `declared` are the resources that the user declares alone."""

    def place(logical_id: str, path: tuple[str | int, ...]) -> Place | None:
        document = service.resolver.document
        if not logical_id:  # a section of the template, such as its resources
            return Place(document, service.resolver.root, ("resources", *path))
        if logical_id in declared:
            return None
        anchor = service.anchors.get(logical_id)
        if anchor is not None and path[:1] == ("Properties",):
            type_, block = anchor
            dotted = ".".join(map(str, path[1:]))
            own = TABLES.get(type_, {}).get(dotted)
            if own is not None:
                return Place(block.span.doc, block, tuple(own.split(".")), _VALUES.get(dotted, {}))
            if type_ in _UNNAMED:
                return None
        return Place(document, service.resolver.root, (*_EXTENSIONS, logical_id, *path))

    return place


def roots(service: Service) -> Callable[[], Iterator[Node]]:
    """Says what stands in the user's files, with its variables resolved and as it is written."""

    def every() -> Iterator[Node]:
        yield service.root
        yield service.resolver.root
        for source in service.resolver.sources:
            yield from source.roots

    return every
