"""aws_api_gateway_* and aws_apigatewayv2_* resource types.

Attribute names: the schema of the AWS provider 5.100.0, as of 2026-11-28. Some types state fields of another one's record: the
URI of an integration is its route's, settings of methods are their stage's.
"""

from __future__ import annotations

from stockade.inputs.lens import Lens, Table, lens
from stockade.inputs.routes import INVOCATION_HEADER
from stockade.model import app
from stockade.model.value import Relation, unset

_DOCS = "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/"
_HTTP_AUTHORIZERS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html"

_DOMAIN: dict[str, Lens] = {
    "name": lens("domain_name"),
    "mutual_tls": lens("mutual_tls_authentication.truststore_uri"),
    "apis": lens("domain_name", by="lower_domain"),
    "tags": lens("tags", "tags"),
}
_SETTINGS: dict[str, Lens] = {
    "throttle_rate": lens("settings.throttling_rate_limit", "number"),
    "throttle_burst": lens("settings.throttling_burst_limit", "integer"),
    "execution_log_level": lens("settings.logging_level"),
    "data_trace": lens("settings.data_trace_enabled", "boolean"),
    "metrics": lens("settings.metrics_enabled", "boolean"),
    "cache_encrypted": lens("settings.cache_data_encrypted", "boolean"),
}

TABLES: tuple[Table, ...] = (
    Table(
        "aws_api_gateway_rest_api",
        app.Api,
        {
            "name": lens("name"),
            "endpoint_type": lens("endpoint_configuration.types.0"),
            "vpc_endpoints": lens("endpoint_configuration.vpc_endpoint_ids", "texts"),
            "default_endpoint_disabled": lens("disable_execute_api_endpoint", "boolean"),
            "policy": lens("policy", "statements"),
            "minimum_compression": lens("minimum_compression_size", "integer"),
            "answer_origins": lens("body", "texts", by="lower_rest_api"),
            "definition": lens("body", by="lower_rest_api"),
            "body": lens("body", by="lower_rest_api"),
            "body_mode": lens("put_rest_api_mode"),
            "tags": lens("tags", "tags"),
        },
        (("protocol", "REST"),),
    ),
    Table("aws_api_gateway_rest_api_policy", app.Api, {"policy": lens("policy", "statements")}),
    Table(
        "aws_api_gateway_method",
        app.Route,
        {
            "api_id": lens("rest_api_id"),
            "method": lens("http_method"),
            "path": lens("resource_id", by="lower_method"),
            "authorization": lens("authorization"),
            "authorizer": lens("authorizer_id"),
            "api_key": lens("api_key_required", "boolean"),
            "scopes": lens("authorization_scopes", "texts"),
            "validator": lens("request_validator_id", by="lower_method"),
        },
    ),
    Table(
        "aws_api_gateway_integration",
        app.Route,
        {
            "integration": lens("uri"),
            "connection": lens("connection_type"),
            "invocation": Lens(("request_parameters", INVOCATION_HEADER)),
            "timeout": lens("timeout_milliseconds", "integer"),
        },
        (("timeout", unset(29000, _DOCS + "api_gateway_integration#timeout_milliseconds-1")),),
    ),
    Table(
        "aws_api_gateway_stage",
        app.Stage,
        {
            "name": lens("stage_name"),
            "api_id": lens("rest_api_id"),
            "access_log": lens("access_log_settings.destination_arn"),
            "access_log_format": lens("access_log_settings.format"),
            "tracing": lens("xray_tracing_enabled", "boolean"),
            "client_certificate": lens("client_certificate_id"),
            "cache_enabled": lens("cache_cluster_enabled", "boolean"),
            "variables": lens("variables", "variables"),
            "deployed_api": lens("deployment_id", by="deployed"),
            "method_settings": lens("stage_name", by="lower_stage"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table("aws_api_gateway_method_settings", app.Stage, _SETTINGS),
    Table(
        "aws_api_gateway_deployment",
        app.Stage,
        {"name": lens("stage_name"), "api_id": lens("rest_api_id"), "variables": lens("variables", "variables")},
    ),
    Table(
        "aws_api_gateway_authorizer",
        app.Authorizer,
        {
            "name": lens("name"),
            "api_id": lens("rest_api_id"),
            "form": lens("type"),
            "function_arn": lens("authorizer_uri"),
            "providers": lens("provider_arns", "texts"),
            "ttl": lens("authorizer_result_ttl_in_seconds", "integer"),
            "identity_sources": lens("identity_source", "texts"),
            "token_pattern": lens("identity_validation_expression"),
        },
        (
            ("form", unset("TOKEN", _DOCS + "api_gateway_authorizer#type-1")),
            (
                "identity_sources",
                Relation(
                    (unset("method.request.header.Authorization", _DOCS + "api_gateway_authorizer#identity_source-1"),)
                ),
            ),
        ),
    ),
    Table(
        "aws_api_gateway_domain_name",
        app.Domain,
        _DOMAIN | {"tls_policy": lens("security_policy"), "endpoint_type": lens("endpoint_configuration.types.0")},
    ),
    Table(
        "aws_api_gateway_usage_plan",
        app.UsagePlan,
        {
            "name": lens("name"),
            "apis": lens("api_stages.api_id", "texts"),
            "throttle_rate": lens("throttle_settings.rate_limit", "number"),
            "throttle_burst": lens("throttle_settings.burst_limit", "integer"),
            "quota": lens("quota_settings.limit", "integer"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_apigatewayv2_api",
        app.Api,
        {
            "name": lens("name"),
            "protocol": lens("protocol_type", by="lower_http_api"),
            "default_endpoint_disabled": lens("disable_execute_api_endpoint", "boolean"),
            "cors_origins": lens("cors_configuration.allow_origins", "texts"),
            "cors_methods": lens("cors_configuration.allow_methods", "texts"),
            "cors_headers": lens("cors_configuration.allow_headers", "texts"),
            "cors_credentials": lens("cors_configuration.allow_credentials", "boolean"),
            "cors_max_age": lens("cors_configuration.max_age", "integer"),
            "definition": lens("body", by="lower_http_api"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_apigatewayv2_api/target",
        app.Route,
        {"integration": lens("target"), "path": lens("route_key", by="split_key")},
    ),
    Table(
        "aws_apigatewayv2_route",
        app.Route,
        {
            "api_id": lens("api_id"),
            "method": lens("route_key", by="lower_route"),
            "path": lens("route_key", by="lower_route"),
            "authorization": lens("authorization_type"),
            "authorizer": lens("authorizer_id"),
            "api_key": lens("api_key_required", "boolean"),
            "integration": lens("target", by="lower_route"),
            "connection": lens("target", by="lower_route"),
            "invocation": lens("target", by="lower_route"),
            "timeout": lens("target", "integer", by="lower_route"),
            "scopes": lens("authorization_scopes", "texts"),
        },
        (
            ("authorization", unset("NONE", _DOCS + "apigatewayv2_route#authorization_type-1")),
            ("api_key", unset(False, _DOCS + "apigatewayv2_route#api_key_required-1")),  # noqa: FBT003 - it is the value
        ),
    ),
    Table(
        "aws_apigatewayv2_stage",
        app.Stage,
        {
            "name": lens("name"),
            "api_id": lens("api_id"),
            "access_log": lens("access_log_settings.destination_arn"),
            "access_log_format": lens("access_log_settings.format"),
            "throttle_rate": lens("default_route_settings.throttling_rate_limit", "number"),
            "throttle_burst": lens("default_route_settings.throttling_burst_limit", "integer"),
            "execution_log_level": lens("default_route_settings.logging_level"),
            "data_trace": lens("default_route_settings.data_trace_enabled", "boolean"),
            "metrics": lens("default_route_settings.detailed_metrics_enabled", "boolean"),
            "client_certificate": lens("client_certificate_id"),
            "auto_deploy": lens("auto_deploy", "boolean"),
            "variables": lens("stage_variables", "variables"),
            "deployed_api": lens("deployment_id", by="deployed"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_apigatewayv2_authorizer",
        app.Authorizer,
        {
            "name": lens("name"),
            "api_id": lens("api_id"),
            "form": lens("authorizer_type"),
            "function_arn": lens("authorizer_uri"),
            "providers": lens("jwt_configuration.issuer", "texts"),
            "ttl": lens("authorizer_result_ttl_in_seconds", "integer"),
            "identity_sources": lens("identity_sources", "texts"),
        },
        # Where the provider does not say 300 by itself (`lower_http_authorizer`), nothing is cached.
        (("ttl", unset(0, _HTTP_AUTHORIZERS)),),
    ),
    Table(
        "aws_apigatewayv2_domain_name",
        app.Domain,
        _DOMAIN
        | {
            "tls_policy": lens("domain_name_configuration.security_policy"),
            "endpoint_type": lens("domain_name_configuration.endpoint_type"),
        },
    ),
)
