"""aws_lambda_* resource types. Attribute names: the schema of the AWS provider 5.100.0, as of 2026-11-28.

A step before the last of a path is a nested block, the last an attribute of it. A type whose table makes a kind that another
type is the resource of (`aws_lambda_function_recursion_config`) is joined to that resource.
"""

from __future__ import annotations

from stockade.inputs.lens import Lens, Table, lens
from stockade.model import app

_RUNTIME_UPDATE: dict[str, Lens] = {"runtime_update": lens("update_runtime_on")}
_PROVISIONED: dict[str, Lens] = {"provisioned_concurrency": lens("provisioned_concurrent_executions", "integer")}

FUNCTION = Table(
    "aws_lambda_function",
    app.Function,
    {
        "name": lens("function_name"),
        "description": lens("description"),
        "package_type": lens("package_type"),
        "runtime": lens("runtime"),
        "handler": lens("handler"),
        "architectures": lens("architectures", "texts"),
        "code_path": lens("filename", by="code_path"),
        "code_bucket": lens("s3_bucket"),
        "image_uri": lens("image_uri"),
        "role": lens("role"),
        "timeout": lens("timeout", "integer"),
        "memory": lens("memory_size", "integer"),
        "ephemeral_storage": lens("ephemeral_storage.size", "integer"),
        "environment": lens("environment.variables", "variables"),
        "kms_key": lens("kms_key_arn"),
        "tracing": lens("tracing_config.mode"),
        "subnets": lens("vpc_config.subnet_ids", "texts"),
        "security_groups": lens("vpc_config.security_group_ids", "texts"),
        "ipv6": lens("vpc_config.ipv6_allowed_for_dual_stack", "boolean"),
        "layers": lens("layers", "texts"),
        "dead_letter": lens("dead_letter_config.target_arn"),
        "reserved_concurrency": lens("reserved_concurrent_executions", "integer"),
        "log_format": lens("logging_config.log_format"),
        "log_level": lens("logging_config.application_log_level"),
        "system_log_level": lens("logging_config.system_log_level"),
        "log_group_name": lens("logging_config.log_group"),
        "code_signing": lens("code_signing_config_arn"),
        "snap_start": lens("snap_start.apply_on"),
        "file_systems": lens("file_system_config.arn", "texts"),
        "durable": lens("durable_config.execution_timeout"),  # since 6.25
        # Since some version of 6, too.
        "durable_retention": lens("durable_config.retention_period", "integer"),
        "code_key": lens("source_kms_key_arn"),
        "tenancy": lens("tenancy_config.tenant_isolation_mode"),
        "capacity_provider": lens(
            "capacity_provider_config.lambda_managed_instances_capacity_provider_config.capacity_provider_arn"
        ),
        "tags": lens("tags", "tags"),
    },
)

TABLES: tuple[Table, ...] = (
    FUNCTION,
    Table(  # since version 6
        "aws_lambda_capacity_provider",
        app.CapacityProvider,
        {
            "name": lens("name"),
            "subnets": lens("vpc_config.subnet_ids", "texts"),
            "security_groups": lens("vpc_config.security_group_ids", "texts"),
            "role": lens("permissions_config.capacity_provider_operator_role_arn"),
            "kms_key": lens("kms_key_arn"),
            "architectures": lens("instance_requirements.architectures", "texts"),
            "instance_types": lens("instance_requirements.allowed_instance_types", "texts"),
            "max_vcpus": lens("capacity_provider_scaling_config.max_vcpu_count", "integer"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_lambda_function/publish",
        app.Version,
        {"function_name": lens("function_name", by="lower_function"), "description": lens("description")},
    ),
    Table(
        "aws_lambda_runtime_management_config",
        app.Function,
        {**_RUNTIME_UPDATE, "runtime_version": lens("runtime_version_arn")},
    ),
    Table("aws_lambda_runtime_management_config/version", app.Version, _RUNTIME_UPDATE),
    Table("aws_lambda_function_recursion_config", app.Function, {"recursive_loop": lens("recursive_loop")}),
    Table(
        "aws_lambda_alias",
        app.Alias,
        {
            "name": lens("name"),
            "function_name": lens("function_name"),
            "version": lens("function_version"),
            "weights": lens("routing_config.additional_version_weights", "texts", by="lower_alias"),
        },
    ),
    Table("aws_lambda_provisioned_concurrency_config", app.Alias, _PROVISIONED),
    Table("aws_lambda_provisioned_concurrency_config/version", app.Version, _PROVISIONED),
    Table(
        "aws_lambda_function_url",
        app.Url,
        {
            "function_name": lens("function_name"),
            "qualifier": lens("qualifier"),
            "auth": lens("authorization_type"),
            "invoke_mode": lens("invoke_mode"),
            "cors_origins": lens("cors.allow_origins", "texts"),
            "cors_methods": lens("cors.allow_methods", "texts"),
            "cors_headers": lens("cors.allow_headers", "texts"),
            "cors_expose_headers": lens("cors.expose_headers", "texts"),
            "cors_credentials": lens("cors.allow_credentials", "boolean"),
            "cors_max_age": lens("cors.max_age", "integer"),
        },
    ),
    Table(
        "aws_lambda_permission",
        app.Permission,
        {
            "function_name": lens("function_name"),
            "action": lens("action"),
            "principal": lens("principal"),
            "source_arn": lens("source_arn"),
            "source_account": lens("source_account"),
            "principal_org": lens("principal_org_id"),
            "event_source_token": lens("event_source_token"),
            "url_auth": lens("function_url_auth_type"),
            "via_url_only": lens("invoked_via_function_url", "boolean"),  # since 6.23
        },
    ),
    Table(
        "aws_lambda_function_event_invoke_config",
        app.AsyncConfig,
        {
            "function_name": lens("function_name"),
            "qualifier": lens("qualifier"),
            "max_age": lens("maximum_event_age_in_seconds", "integer"),
            "max_retries": lens("maximum_retry_attempts", "integer"),
            "on_success": lens("destination_config.on_success.destination"),
            "on_failure": lens("destination_config.on_failure.destination"),
        },
    ),
    Table(
        "aws_lambda_event_source_mapping",
        app.EventSource,
        {
            "function_name": lens("function_name"),
            "source_arn": lens("event_source_arn"),
            "service": lens("event_source_arn", by="event_service"),
            "enabled": lens("enabled", "boolean"),
            "batch_size": lens("batch_size", "integer"),
            "batch_window": lens("maximum_batching_window_in_seconds", "integer"),
            "bisect": lens("bisect_batch_on_function_error", "boolean"),
            "max_retries": lens("maximum_retry_attempts", "integer"),
            "max_record_age": lens("maximum_record_age_in_seconds", "integer"),
            "on_failure": lens("destination_config.on_failure.destination_arn"),
            "response_types": lens("function_response_types", "texts"),
            "max_concurrency": lens("scaling_config.maximum_concurrency", "integer"),
            "filters": lens("filter_criteria.filter.pattern", "texts"),
            "starting_position": lens("starting_position"),
            "parallelization": lens("parallelization_factor", "integer"),
            "tumbling_window": lens("tumbling_window_in_seconds", "integer"),
            "kms_key": lens("kms_key_arn"),
            "max_pollers": lens("provisioned_poller_config.maximum_pollers", "integer"),
            "schema_registry": lens(
                "amazon_managed_kafka_event_source_config.schema_registry_config.schema_registry_uri",
                also=("self_managed_kafka_event_source_config.schema_registry_config.schema_registry_uri",),
            ),
            "access": lens("source_access_configuration.uri", "texts"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_lambda_layer_version",
        app.LayerVersion,
        {
            "name": lens("layer_name"),
            "code_path": lens("filename", by="code_path"),
            "compatible_runtimes": lens("compatible_runtimes", "texts"),
            "license": lens("license_info"),
        },
    ),
    Table(
        "aws_lambda_layer_version_permission",
        app.LayerPermission,
        {
            "layer_arn": lens("layer_name"),
            "action": lens("action"),
            "principal": lens("principal"),
            "organization": lens("organization_id"),
        },
    ),
    Table(
        "aws_lambda_code_signing_config",
        app.CodeSigningConfig,
        {
            "untrusted": lens("policies.untrusted_artifact_on_deployment"),
            "profiles": lens("allowed_publishers.signing_profile_version_arns", "texts"),
            "tags": lens("tags", "tags"),
        },
    ),
)
