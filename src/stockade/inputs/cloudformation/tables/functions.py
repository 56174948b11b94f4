"""AWS::Lambda::* resource types. Property names: AWS CloudFormation Template Reference, as of 2026-11-21."""

from __future__ import annotations

from stockade.inputs.lens import Table, lens
from stockade.model import app

FUNCTION = Table(
    "AWS::Lambda::Function",
    app.Function,
    {
        "name": lens("FunctionName"),
        "description": lens("Description"),
        "package_type": lens("PackageType"),
        "runtime": lens("Runtime"),
        "handler": lens("Handler"),
        "architectures": lens("Architectures", "texts"),
        "code_path": lens("Code", by="lower_code"),
        "code_bucket": lens("Code.S3Bucket"),
        "code_inline": lens("Code.ZipFile"),
        "image_uri": lens("Code.ImageUri"),
        "role": lens("Role"),
        "timeout": lens("Timeout", "integer"),
        "memory": lens("MemorySize", "integer"),
        "ephemeral_storage": lens("EphemeralStorage.Size", "integer"),
        "environment": lens("Environment.Variables", by="lower_environment"),
        "kms_key": lens("KmsKeyArn"),
        "tracing": lens("TracingConfig.Mode"),
        "subnets": lens("VpcConfig.SubnetIds", "texts"),
        "security_groups": lens("VpcConfig.SecurityGroupIds", "texts"),
        "ipv6": lens("VpcConfig.Ipv6AllowedForDualStack", "boolean"),
        "layers": lens("Layers", "texts"),
        "dead_letter": lens("DeadLetterConfig.TargetArn"),
        "reserved_concurrency": lens("ReservedConcurrentExecutions", "integer"),
        "log_format": lens("LoggingConfig.LogFormat"),
        "log_level": lens("LoggingConfig.ApplicationLogLevel"),
        "system_log_level": lens("LoggingConfig.SystemLogLevel"),
        "log_group_name": lens("LoggingConfig.LogGroup"),
        "code_signing": lens("CodeSigningConfigArn"),
        "snap_start": lens("SnapStart.ApplyOn"),
        "runtime_update": lens("RuntimeManagementConfig.UpdateRuntimeOn"),
        "runtime_version": lens("RuntimeManagementConfig.RuntimeVersionArn"),
        "recursive_loop": lens("RecursiveLoop"),
        "file_systems": lens("FileSystemConfigs", by="lower_file_systems"),
        "durable": lens("DurableConfig.ExecutionTimeout"),
        "tags": lens("Tags", by="lower_tags"),
    },
)

TABLES: tuple[Table, ...] = (
    FUNCTION,
    Table(
        "AWS::Lambda::Url",
        app.Url,
        {
            "function_name": lens("TargetFunctionArn"),
            "qualifier": lens("Qualifier"),
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
        "AWS::Lambda::Permission",
        app.Permission,
        {
            "function_name": lens("FunctionName"),
            "action": lens("Action"),
            "principal": lens("Principal"),
            "source_arn": lens("SourceArn"),
            "source_account": lens("SourceAccount"),
            "principal_org": lens("PrincipalOrgID"),
            "event_source_token": lens("EventSourceToken"),
            "url_auth": lens("FunctionUrlAuthType"),
            "via_url_only": lens("InvokedViaFunctionUrl", "boolean"),
        },
    ),
)
