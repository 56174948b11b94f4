"""API Gateway, AppSync and load balancers. Property names: AWS CloudFormation Template Reference, as of 2026-11-21."""

from __future__ import annotations

from stockade.inputs.lens import Lens, Table, lens
from stockade.inputs.routes import INVOCATION_HEADER
from stockade.model import app
from stockade.model.value import unset

_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
_V2 = (
    ("authorization", unset("NONE", _CFN + "aws-resource-apigatewayv2-route.html")),
    ("api_key", unset(False, _CFN + "aws-resource-apigatewayv2-route.html")),  # noqa: FBT003 - it is the value
)
# An HTTP API does not cache what an authorizer said unless it is told to.
_NO_TTL = (
    ("ttl", unset(0, "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html")),
)

_DOMAIN: dict[str, Lens] = {
    "name": lens("DomainName"),
    "tls_policy": lens("SecurityPolicy"),
    "endpoint_type": lens("EndpointConfiguration.Types.0"),
    "apis": lens("DomainName", by="lower_domain"),
    "tags": lens("Tags", "tags"),
}

# The method setting that holds for all methods of all paths.
EVERY_METHOD = (("HttpMethod", "*"), ("ResourcePath", "/*"))

TABLES: tuple[Table, ...] = (
    Table(
        "AWS::ApiGateway::RestApi",
        app.Api,
        {
            "name": lens("Name"),
            "endpoint_type": lens("EndpointConfiguration.Types.0"),
            "vpc_endpoints": lens("EndpointConfiguration.VpcEndpointIds", "texts"),
            "default_endpoint_disabled": lens("DisableExecuteApiEndpoint", "boolean"),
            "policy": lens("Policy", "statements"),
            "minimum_tls": lens("SecurityPolicy"),
            "minimum_compression": lens("MinimumCompressionSize", "integer"),
            "answer_origins": lens("Body.paths", "texts", by="lower_rest_api"),
            "definition": lens("BodyS3Location.Key"),
            "body": lens("Body", by="lower_rest_api"),
            "body_mode": lens("Mode"),
            "tags": lens("Tags", "tags"),
        },
        (("protocol", "REST"),),
    ),
    Table(
        "AWS::ApiGateway::Method",
        app.Route,
        {
            "api_id": lens("RestApiId"),
            "method": lens("HttpMethod"),
            "path": lens("ResourceId", by="lower_method"),
            "authorization": lens("AuthorizationType"),
            "authorizer": lens("AuthorizerId"),
            "api_key": lens("ApiKeyRequired", "boolean"),
            "integration": lens("Integration.Uri"),
            "connection": lens("Integration.ConnectionType"),
            "invocation": Lens(("Integration", "RequestParameters", INVOCATION_HEADER)),
            "timeout": lens("Integration.TimeoutInMillis", "integer"),
            "scopes": lens("AuthorizationScopes", "texts"),
            "validator": lens("RequestValidatorId", by="lower_method"),
        },
    ),
    Table(
        "AWS::ApiGateway::Stage",
        app.Stage,
        {
            "name": lens("StageName"),
            "api_id": lens("RestApiId"),
            "access_log": lens("AccessLogSetting.DestinationArn"),
            "access_log_format": lens("AccessLogSetting.Format"),
            "throttle_rate": lens(
                "MethodSettings.*.ThrottlingRateLimit", "number", by="lower_stage", item=EVERY_METHOD
            ),
            "throttle_burst": lens(
                "MethodSettings.*.ThrottlingBurstLimit", "integer", by="lower_stage", item=EVERY_METHOD
            ),
            "tracing": lens("TracingEnabled", "boolean"),
            "execution_log_level": lens("MethodSettings.*.LoggingLevel", by="lower_stage", item=EVERY_METHOD),
            "data_trace": lens("MethodSettings.*.DataTraceEnabled", "boolean", by="lower_stage", item=EVERY_METHOD),
            "metrics": lens("MethodSettings.*.MetricsEnabled", "boolean", by="lower_stage", item=EVERY_METHOD),
            "client_certificate": lens("ClientCertificateId"),
            "cache_enabled": lens("CacheClusterEnabled", "boolean"),
            "cache_encrypted": lens(
                "MethodSettings.*.CacheDataEncrypted", "boolean", by="lower_stage", item=EVERY_METHOD
            ),
            "variables": lens("Variables", "variables"),
            "deployed_api": lens("DeploymentId", by="lower_stage"),
            "method_settings": lens("MethodSettings", by="lower_stage"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::ApiGateway::Stage/MethodSettings",
        app.Stage,
        {
            "throttle_rate": lens("ThrottlingRateLimit", "number"),
            "throttle_burst": lens("ThrottlingBurstLimit", "integer"),
            "execution_log_level": lens("LoggingLevel"),
            "data_trace": lens("DataTraceEnabled", "boolean"),
            "metrics": lens("MetricsEnabled", "boolean"),
            "cache_encrypted": lens("CacheDataEncrypted", "boolean"),
        },
    ),
    Table(
        "AWS::ApiGateway::Deployment/StageDescription",
        app.Stage,
        {
            "access_log": lens("AccessLogSetting.DestinationArn"),
            "access_log_format": lens("AccessLogSetting.Format"),
            "throttle_rate": lens("ThrottlingRateLimit", "number"),
            "throttle_burst": lens("ThrottlingBurstLimit", "integer"),
            "tracing": lens("TracingEnabled", "boolean"),
            "execution_log_level": lens("LoggingLevel"),
            "data_trace": lens("DataTraceEnabled", "boolean"),
            "metrics": lens("MetricsEnabled", "boolean"),
            "client_certificate": lens("ClientCertificateId"),
            "cache_enabled": lens("CacheClusterEnabled", "boolean"),
            "cache_encrypted": lens("CacheDataEncrypted", "boolean"),
            "variables": lens("Variables", "variables"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::ApiGateway::Authorizer",
        app.Authorizer,
        {
            "name": lens("Name"),
            "api_id": lens("RestApiId"),
            "form": lens("Type"),
            "function_arn": lens("AuthorizerUri"),
            "providers": lens("ProviderARNs", "texts"),
            "ttl": lens("AuthorizerResultTtlInSeconds", "integer"),
            "identity_sources": lens("IdentitySource", "texts"),
            "token_pattern": lens("IdentityValidationExpression"),
        },
    ),
    Table(
        "AWS::ApiGateway::DomainName",
        app.Domain,
        _DOMAIN | {"mutual_tls": lens("MutualTlsAuthentication.TruststoreUri")},
    ),
    Table("AWS::ApiGateway::DomainNameV2", app.Domain, _DOMAIN),
    Table(
        "AWS::ApiGateway::UsagePlan",
        app.UsagePlan,
        {
            "name": lens("UsagePlanName"),
            "apis": lens("ApiStages.*.ApiId", "texts"),
            "throttle_rate": lens("Throttle.RateLimit", "number"),
            "throttle_burst": lens("Throttle.BurstLimit", "integer"),
            "quota": lens("Quota.Limit", "integer"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::ApiGatewayV2::Api",
        app.Api,
        {
            "name": lens("Name"),
            "default_endpoint_disabled": lens("DisableExecuteApiEndpoint", "boolean"),
            "cors_origins": lens("CorsConfiguration.AllowOrigins", "texts"),
            "cors_methods": lens("CorsConfiguration.AllowMethods", "texts"),
            "cors_headers": lens("CorsConfiguration.AllowHeaders", "texts"),
            "cors_credentials": lens("CorsConfiguration.AllowCredentials", "boolean"),
            "cors_max_age": lens("CorsConfiguration.MaxAge", "integer"),
            "definition": lens("BodyS3Location.Key"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::ApiGatewayV2::Api/Target",
        app.Route,
        {"integration": lens("Target"), "path": lens("RouteKey", by="split_key")},
    ),
    Table(
        "AWS::ApiGatewayV2::Route",
        app.Route,
        {
            "api_id": lens("ApiId"),
            "method": lens("RouteKey", by="lower_route"),
            "path": lens("RouteKey", by="lower_route"),
            "authorization": lens("AuthorizationType"),
            "authorizer": lens("AuthorizerId"),
            "api_key": lens("ApiKeyRequired", "boolean"),
            "integration": lens("Target", by="lower_route"),
            "connection": lens("Target", by="lower_route"),
            "invocation": lens("Target", by="lower_route"),
            "timeout": lens("Target", "integer", by="lower_route"),
            "scopes": lens("AuthorizationScopes", "texts"),
        },
        _V2,
    ),
    Table(
        "AWS::ApiGatewayV2::Stage",
        app.Stage,
        {
            "name": lens("StageName"),
            "api_id": lens("ApiId"),
            "access_log": lens("AccessLogSettings.DestinationArn"),
            "access_log_format": lens("AccessLogSettings.Format"),
            "throttle_rate": lens("DefaultRouteSettings.ThrottlingRateLimit", "number"),
            "throttle_burst": lens("DefaultRouteSettings.ThrottlingBurstLimit", "integer"),
            "execution_log_level": lens("DefaultRouteSettings.LoggingLevel"),
            "data_trace": lens("DefaultRouteSettings.DataTraceEnabled", "boolean"),
            "metrics": lens("DefaultRouteSettings.DetailedMetricsEnabled", "boolean"),
            "client_certificate": lens("ClientCertificateId"),
            "auto_deploy": lens("AutoDeploy", "boolean"),
            "variables": lens("StageVariables", "variables"),
            "deployed_api": lens("DeploymentId", by="lower_http_stage"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::ApiGatewayV2::Authorizer",
        app.Authorizer,
        {
            "name": lens("Name"),
            "api_id": lens("ApiId"),
            "form": lens("AuthorizerType"),
            "function_arn": lens("AuthorizerUri"),
            "providers": lens("JwtConfiguration.Issuer", "texts"),
            "ttl": lens("AuthorizerResultTtlInSeconds", "integer"),
            "identity_sources": lens("IdentitySource", "texts"),
        },
        _NO_TTL,
    ),
    Table(
        "AWS::ApiGatewayV2::DomainName",
        app.Domain,
        {
            "name": lens("DomainName"),
            "tls_policy": lens("DomainNameConfigurations.0.SecurityPolicy"),
            "endpoint_type": lens("DomainNameConfigurations.0.EndpointType"),
            "mutual_tls": lens("MutualTlsAuthentication.TruststoreUri"),
            "apis": lens("DomainName", by="lower_domain"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::WAFv2::WebACL",
        app.WebAcl,
        {"name": lens("Name"), "acl_rules": lens("Rules", by="lower_web_acl"), "tags": lens("Tags", "tags")},
    ),
    Table(
        "AWS::WAFv2::WebACL/Rules",
        app.AclRule,
        {
            "managed": lens("Statement.ManagedRuleGroupStatement.Name"),
            "group": lens("Statement.RuleGroupReferenceStatement.Arn"),
            "counts": lens("OverrideAction.Count", "json"),
            "counted": lens("Statement.ManagedRuleGroupStatement.ExcludedRules.*.Name", "texts", by="lower_web_acl"),
        },
    ),
    Table(
        "AWS::WAFv2::WebACLAssociation",
        app.WebAclAssociation,
        {"acl": lens("WebACLArn"), "target": lens("ResourceArn")},
    ),
    Table(
        "AWS::WAFRegional::WebACLAssociation",
        app.WebAclAssociation,
        {"acl": lens("WebACLId"), "target": lens("ResourceArn")},
    ),
    Table(
        "AWS::AppSync::GraphQLApi",
        app.GraphqlApi,
        {
            "name": lens("Name"),
            "auth": lens(
                "AuthenticationType", "texts", also=("AdditionalAuthenticationProviders.*.AuthenticationType",)
            ),
            "visibility": lens("Visibility"),
            "tracing": lens("XrayEnabled", "boolean"),
            "log_role": lens("LogConfig.CloudWatchLogsRoleArn"),
            "log_level": lens("LogConfig.FieldLogLevel"),
            "authorizer_function": lens(
                "LambdaAuthorizerConfig.AuthorizerUri",
                also=("AdditionalAuthenticationProviders.0.LambdaAuthorizerConfig.AuthorizerUri",),
            ),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::AppSync::DataSource",
        app.GraphqlSource,
        {
            "name": lens("Name"),
            "api_id": lens("ApiId"),
            "function_arn": lens("LambdaConfig.LambdaFunctionArn"),
            "role": lens("ServiceRoleArn"),
        },
    ),
    Table(
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        app.TargetGroup,
        {
            "name": lens("Name"),
            "form": lens("TargetType"),
            "targets": lens("Targets.*.Id", "texts"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::ElasticLoadBalancingV2::Listener",
        app.Listener,
        {
            "load_balancer": lens("LoadBalancerArn"),
            "protocol": lens("Protocol"),
            "tls_policy": lens("SslPolicy"),
            "target_groups": lens(
                "DefaultActions.*.TargetGroupArn",
                "texts",
                also=("DefaultActions.*.ForwardConfig.TargetGroups.*.TargetGroupArn",),
            ),
            "authenticates": lens("DefaultActions", "boolean", by="lower_listener"),
        },
    ),
    Table(
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        app.Listener,
        {
            "load_balancer": lens("ListenerArn", by="lower_listener_rule"),
            "protocol": lens("ListenerArn", by="lower_listener_rule"),
            "tls_policy": lens("ListenerArn", by="lower_listener_rule"),
            "target_groups": lens(
                "Actions.*.TargetGroupArn", "texts", also=("Actions.*.ForwardConfig.TargetGroups.*.TargetGroupArn",)
            ),
            "authenticates": lens("Actions", "boolean", by="lower_listener_rule"),
        },
    ),
    Table(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        app.LoadBalancer,
        {
            "name": lens("Name"),
            "scheme": lens("Scheme"),
            "security_groups": lens("SecurityGroups", "texts"),
            "tags": lens("Tags", "tags"),
        },
    ),
)
