"""AWS::Serverless::* resource types: what differs from the CloudFormation types that they become.

Property names: AWS SAM specification, as of 2026-11-21. A type with slashes is a block of a resource from which SAM
makes a resource of its own; its records are made by code (`inputs/cloudformation/sam`), and its table says how they are
written.
"""

from __future__ import annotations

from stockade.inputs.cloudformation.tables.api import EVERY_METHOD
from stockade.inputs.cloudformation.tables.functions import FUNCTION
from stockade.inputs.lens import Lens, Table, lens
from stockade.model import app

_TAGS = lens("Tags", "tags")

# Properties that SAM names or shapes in another way than AWS::Lambda::Function does.
_FUNCTION: dict[str, Lens] = {
    **FUNCTION.fields,
    "code_path": lens("CodeUri", by="code_location"),
    "code_bucket": lens("CodeUri.Bucket", by="code_location"),
    "code_inline": lens("InlineCode"),
    "image_uri": lens("ImageUri"),
    "tracing": lens("Tracing"),
    "dead_letter": lens("DeadLetterQueue.TargetArn"),
    "capacity_provider": lens("CapacityProviderConfig.Arn"),
    "code_key": lens("SourceKMSKeyArn"),
    "tags": _TAGS,
}

# Event source mappings: SAM gives the source a name of its own and passes everything else on.
_MAPPING: dict[str, Lens] = {
    "enabled": lens("Enabled", "boolean"),
    "batch_size": lens("BatchSize", "integer"),
    "batch_window": lens("MaximumBatchingWindowInSeconds", "integer"),
    "bisect": lens("BisectBatchOnFunctionError", "boolean"),
    "max_retries": lens("MaximumRetryAttempts", "integer"),
    "max_record_age": lens("MaximumRecordAgeInSeconds", "integer"),
    "on_failure": lens("DestinationConfig.OnFailure.Destination"),
    "response_types": lens("FunctionResponseTypes", "texts"),
    "max_concurrency": lens("ScalingConfig.MaximumConcurrency", "integer"),
    "max_pollers": lens("ProvisionedPollerConfig.MaximumPollers", "integer"),
    "schema_registry": lens("SchemaRegistryConfig.SchemaRegistryURI"),
    "filters": lens("FilterCriteria.Filters.*.Pattern", "texts"),
    "starting_position": lens("StartingPosition"),
    "parallelization": lens("ParallelizationFactor", "integer"),
    "tumbling_window": lens("TumblingWindowInSeconds", "integer"),
    "kms_key": lens("KmsKeyArn"),
    "access": lens("SourceAccessConfigurations.*.URI", "texts"),
}
_SOURCES = {
    "DocumentDB": "Cluster",
    "DynamoDB": "Stream",
    "Kinesis": "Stream",
    "MQ": "Broker",
    "MSK": "Stream",
    "SQS": "Queue",
    "SelfManagedKafka": "",
}


def _event(owner: str, type_: str, makes: type[app.Resource], fields: dict[str, Lens]) -> Table:
    return Table(f"AWS::Serverless::{owner}/Events/{type_}", makes, fields)


_SCHEDULE = {"name": lens("Name"), "schedule": lens("Schedule"), "state": lens("State")}
_RULE = {
    "name": lens("RuleName"),
    "pattern": lens("Pattern", "json"),
    "bus": lens("EventBusName"),
    "state": lens("State"),
}
_SCHEDULE_V2 = {
    "name": lens("Name"),
    "expression": lens("ScheduleExpression"),
    "kms_key": lens("KmsKeyArn"),
    "state": lens("State"),
}
_ROUTE = {
    "method": lens("Method", by="lower_event"),
    "path": lens("Path", by="lower_event"),
    "authorization": lens("Auth.Authorizer", by="lower_event"),
    "authorizer": lens("Auth.Authorizer", by="lower_event"),
    "api_key": lens("Auth.ApiKeyRequired", "boolean", by="lower_event"),
    "scopes": lens("Auth.AuthorizationScopes", "texts", by="lower_event"),
}
_VALIDATED = {"validator": lens("RequestModel.ValidateBody", by="lower_event")}
_WAITS = {"timeout": lens("TimeoutInMillis", "integer", by="lower_event")}
_REST_STAGE = {
    "name": lens("StageName"),
    "access_log": lens("AccessLogSetting.DestinationArn"),
    "access_log_format": lens("AccessLogSetting.Format"),
    "throttle_rate": lens("MethodSettings.*.ThrottlingRateLimit", "number", by="lower_stage", item=EVERY_METHOD),
    "throttle_burst": lens("MethodSettings.*.ThrottlingBurstLimit", "integer", by="lower_stage", item=EVERY_METHOD),
    "tracing": lens("TracingEnabled", "boolean"),
    "execution_log_level": lens("MethodSettings.*.LoggingLevel", by="lower_stage", item=EVERY_METHOD),
    "data_trace": lens("MethodSettings.*.DataTraceEnabled", "boolean", by="lower_stage", item=EVERY_METHOD),
    "metrics": lens("MethodSettings.*.MetricsEnabled", "boolean", by="lower_stage", item=EVERY_METHOD),
    "cache_enabled": lens("CacheClusterEnabled", "boolean"),
    "cache_encrypted": lens("MethodSettings.*.CacheDataEncrypted", "boolean", by="lower_stage", item=EVERY_METHOD),
    "variables": lens("Variables", "variables"),
    "method_settings": lens("MethodSettings", by="lower_stage"),
}
_V2_STAGE = {
    "name": lens("StageName"),
    "access_log": lens("AccessLogSettings.DestinationArn"),
    "access_log_format": lens("AccessLogSettings.Format"),
    "throttle_rate": lens("DefaultRouteSettings.ThrottlingRateLimit", "number"),
    "throttle_burst": lens("DefaultRouteSettings.ThrottlingBurstLimit", "integer"),
    "execution_log_level": lens("DefaultRouteSettings.LoggingLevel"),
    "data_trace": lens("DefaultRouteSettings.DataTraceEnabled", "boolean"),
    "metrics": lens("DefaultRouteSettings.DetailedMetricsEnabled", "boolean"),
    "variables": lens("StageVariables", "variables"),
}
_DOMAIN = {
    "name": lens("Domain.DomainName"),
    "tls_policy": lens("Domain.SecurityPolicy"),
    "endpoint_type": lens("Domain.EndpointConfiguration"),
    "mutual_tls": lens("Domain.MutualTlsAuthentication.TruststoreUri"),
}

TABLES: tuple[Table, ...] = (
    Table("AWS::Serverless::Function", app.Function, _FUNCTION),
    Table(
        "AWS::Serverless::Function/FunctionUrlConfig",
        app.Url,
        {
            "auth": lens("AuthType"),
            "invoke_mode": lens("InvokeMode"),
            "cors_origins": lens("Cors.AllowOrigins", "texts"),
            "cors_methods": lens("Cors.AllowMethods", "texts"),
            "cors_headers": lens("Cors.AllowHeaders", "texts"),
            "cors_expose_headers": lens("Cors.ExposeHeaders", "texts"),
            "cors_credentials": lens("Cors.AllowCredentials", "boolean"),
            "cors_max_age": lens("Cors.MaxAge", "integer"),
        },
    ),
    Table(
        "AWS::Serverless::Function/Role",
        app.Role,
        {
            "path": lens("RolePath"),
            "boundary": lens("PermissionsBoundary"),
            "trust": lens("AssumeRolePolicyDocument", "statements", by="lower_statements"),
            "managed": lens("Policies", "texts", by="RoleDraft.policies"),
            "inline": lens("Policies", by="RoleDraft.policies"),
        },
    ),
    Table(
        "AWS::Serverless::Function/Policies",
        app.Policy,
        {"statements": lens("Statement", "statements", by="RoleDraft.policies")},
    ),
    Table(
        "AWS::Serverless::Function/AutoPublishAlias",
        app.Alias,
        {
            "name": lens("AutoPublishAlias", by="_alias"),
            "provisioned_concurrency": lens("ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions", "integer"),
        },
    ),
    Table(
        "AWS::Serverless::Function/EventInvokeConfig",
        app.AsyncConfig,
        {
            "max_age": lens("MaximumEventAgeInSeconds", "integer"),
            "max_retries": lens("MaximumRetryAttempts", "integer"),
            "on_success": lens("DestinationConfig.OnSuccess.Destination", by="_destination"),
            "on_failure": lens("DestinationConfig.OnFailure.Destination", by="_destination"),
        },
    ),
    *(
        _event("Function", name, app.EventSource, {"source_arn": lens(source), **_MAPPING} if source else _MAPPING)
        for name, source in _SOURCES.items()
    ),
    *(_event(owner, "Schedule", app.EventRule, _SCHEDULE) for owner in ("Function", "StateMachine")),
    *(_event(owner, "ScheduleV2", app.Schedule, _SCHEDULE_V2) for owner in ("Function", "StateMachine")),
    *(
        _event(owner, name, app.EventRule, _RULE)
        for owner in ("Function", "StateMachine")
        for name in ("CloudWatchEvent", "EventBridgeRule")
    ),
    _event("Function", "Api", app.Route, _ROUTE | _VALIDATED | _WAITS),
    _event("StateMachine", "Api", app.Route, _ROUTE),
    _event("Function", "HttpApi", app.Route, _ROUTE | _WAITS),
    _event(
        "Function",
        "SNS",
        app.Subscription,
        {
            "topic_arn": lens("Topic"),
            "dead_letter": lens("RedrivePolicy.deadLetterTargetArn"),
            "filter": lens("FilterPolicy", "json"),
        },
    ),
    _event("Function", "CloudWatchLogs", app.LogSubscription, {"log_group": lens("LogGroupName")}),
    _event("Function", "IoTRule", app.IotRule, {"sql": lens("Sql")}),
    Table(
        "AWS::Serverless::Api",
        app.Api,
        {
            "name": lens("Name"),
            "endpoint_type": lens("EndpointConfiguration.Type", by="lower_api"),
            "vpc_endpoints": lens("EndpointConfiguration.VPCEndpointIds", "texts", by="lower_api"),
            "default_endpoint_disabled": lens("DisableExecuteApiEndpoint", "boolean", by="lower_api"),
            "policy": lens("Auth.ResourcePolicy.CustomStatements", "statements", by="lower_api"),
            "minimum_tls": lens("SecurityPolicy", by="lower_api"),
            "minimum_compression": lens("MinimumCompressionSize", "integer", by="lower_api"),
            "cors_origins": lens("Cors.AllowOrigin", "texts", by="lower_api"),
            "answer_origins": lens("DefinitionBody.paths", "texts", by="lower_api"),
            "cors_methods": lens("Cors.AllowMethods", "texts", by="lower_api"),
            "cors_headers": lens("Cors.AllowHeaders", "texts", by="lower_api"),
            "cors_credentials": lens("Cors.AllowCredentials", "boolean", by="lower_api"),
            "cors_max_age": lens("Cors.MaxAge", "integer", by="lower_api"),
            "definition": lens("DefinitionUri", by="lower_api"),
            "body": lens("DefinitionBody", by="lower_api"),
            "body_mode": lens("Mode", by="lower_api"),
            "tags": _TAGS,
        },
    ),
    Table("AWS::Serverless::Api/Stage", app.Stage, _REST_STAGE),
    Table("AWS::Serverless::Api/Domain", app.Domain, _DOMAIN),
    Table(
        "AWS::Serverless::HttpApi",
        app.Api,
        {
            "name": lens("Name", by="lower_http_api"),
            "default_endpoint_disabled": lens("DisableExecuteApiEndpoint", "boolean", by="lower_http_api"),
            "cors_origins": lens("CorsConfiguration.AllowOrigins", "texts", by="lower_http_api"),
            "cors_methods": lens("CorsConfiguration.AllowMethods", "texts", by="lower_http_api"),
            "cors_headers": lens("CorsConfiguration.AllowHeaders", "texts", by="lower_http_api"),
            "cors_credentials": lens("CorsConfiguration.AllowCredentials", "boolean", by="lower_http_api"),
            "cors_max_age": lens("CorsConfiguration.MaxAge", "integer", by="lower_http_api"),
            "definition": lens("DefinitionUri", by="lower_http_api"),
            "tags": _TAGS,
        },
    ),
    Table("AWS::Serverless::HttpApi/Stage", app.Stage, _V2_STAGE),
    Table("AWS::Serverless::HttpApi/Domain", app.Domain, _DOMAIN),
    Table(
        "AWS::Serverless::WebSocketApi",
        app.Api,
        {
            "name": lens("Name"),
            "default_endpoint_disabled": lens("DisableExecuteApiEndpoint", "boolean"),
            "tags": _TAGS,
        },
    ),
    Table("AWS::Serverless::WebSocketApi/Stage", app.Stage, _V2_STAGE),
    Table("AWS::Serverless::WebSocketApi/Domain", app.Domain, _DOMAIN),
    Table(
        "AWS::Serverless::SimpleTable",
        app.Table,
        {
            "name": lens("TableName"),
            "kms_key": lens("SSESpecification.KMSMasterKeyId"),
            "customer_key": lens("SSESpecification.SSEEnabled", "boolean"),
            "point_in_time_recovery": lens("PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", "boolean"),
            "tags": _TAGS,
        },
    ),
    Table(
        "AWS::Serverless::LayerVersion",
        app.LayerVersion,
        {
            "name": lens("LayerName"),
            "code_path": lens("ContentUri", by="code_location"),
            "compatible_runtimes": lens("CompatibleRuntimes", "texts"),
            "license": lens("LicenseInfo"),
        },
    ),
    Table(
        "AWS::Serverless::StateMachine",
        app.StateMachine,
        {
            "name": lens("Name"),
            "type_": lens("Type"),
            "role": lens("Role"),
            "log_level": lens("Logging.Level"),
            "log_data": lens("Logging.IncludeExecutionData", "boolean"),
            "tracing": lens("Tracing.Enabled", "boolean"),
            "calls": lens("Definition", by="lower_machine"),
            "definition": lens("Definition", by="lower_machine"),
            "texts": lens("Definition", "variables", by="lower_machine"),
            "tags": _TAGS,
        },
    ),
    Table(
        "AWS::Serverless::StateMachine/Role",
        app.Role,
        {
            "path": lens("RolePath"),
            "boundary": lens("PermissionsBoundary"),
            "managed": lens("Policies", "texts", by="RoleDraft.policies"),
            "inline": lens("Policies", by="RoleDraft.policies"),
        },
    ),
    Table(
        "AWS::Serverless::StateMachine/Policies",
        app.Policy,
        {"statements": lens("Statement", "statements", by="RoleDraft.policies")},
    ),
    Table(
        "AWS::Serverless::GraphQLApi",
        app.GraphqlApi,
        {
            "name": lens("Name"),
            "auth": lens("Auth.Type", "texts", also=("Auth.Additional.*.Type",)),
            "tracing": lens("XrayEnabled", "boolean"),
            "visibility": lens("Visibility"),
            "log_role": lens("Logging.CloudWatchLogsRoleArn", by="lower_graphql"),
            "log_level": lens("Logging.FieldLogLevel", by="lower_graphql"),
            "authorizer_function": lens(
                "Auth.LambdaAuthorizer.AuthorizerUri", also=("Auth.Additional.0.LambdaAuthorizer.AuthorizerUri",)
            ),
            "tags": _TAGS,
        },
    ),
)
