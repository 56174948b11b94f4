"""AWS::Lambda::* resource types beside functions. Property names: the schemas of AWS CloudFormation, as of 2026-11-28."""

from __future__ import annotations

from stockade.inputs.lens import Table, lens
from stockade.model import app

TABLES: tuple[Table, ...] = (
    Table(
        "AWS::Lambda::CapacityProvider",
        app.CapacityProvider,
        {
            "name": lens("CapacityProviderName"),
            "subnets": lens("VpcConfig.SubnetIds", "texts"),
            "security_groups": lens("VpcConfig.SecurityGroupIds", "texts"),
            "role": lens("PermissionsConfig.CapacityProviderOperatorRoleArn"),
            "kms_key": lens("KmsKeyArn"),
            "architectures": lens("InstanceRequirements.Architectures", "texts"),
            "instance_types": lens("InstanceRequirements.AllowedInstanceTypes", "texts"),
            "max_vcpus": lens("CapacityProviderScalingConfig.MaxVCpuCount", "integer"),
            "log_group_name": lens("TelemetryConfig.LoggingConfig.LogGroup"),
            "system_log_level": lens("TelemetryConfig.LoggingConfig.SystemLogLevel"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::Serverless::CapacityProvider",
        app.CapacityProvider,
        {
            "name": lens("CapacityProviderName"),
            "subnets": lens("VpcConfig.SubnetIds", "texts"),
            "security_groups": lens("VpcConfig.SecurityGroupIds", "texts"),
            "role": lens("OperatorRole"),
            "kms_key": lens("KmsKeyArn"),
            "architectures": lens("InstanceRequirements.Architectures", "texts"),
            "instance_types": lens("InstanceRequirements.AllowedTypes", "texts"),
            "max_vcpus": lens("ScalingConfig.MaxVCpuCount", "integer"),
            "log_group_name": lens("LoggingConfig.LogGroup"),
            "system_log_level": lens("LoggingConfig.SystemLogLevel"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::Lambda::NetworkConnector",
        app.NetworkConnector,
        {
            "name": lens("Name"),
            "subnets": lens("Configuration.VpcEgressConfiguration.SubnetIds", "texts"),
            "security_groups": lens("Configuration.VpcEgressConfiguration.SecurityGroupIds", "texts"),
            "protocol": lens("Configuration.VpcEgressConfiguration.NetworkProtocol"),
            "computes": lens("Configuration.VpcEgressConfiguration.AssociatedComputeResourceTypes", "texts"),
            "role": lens("OperatorRole"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::Lambda::MicrovmImage",
        app.MicrovmImage,
        {
            "name": lens("Name"),
            "description": lens("Description"),
            "base_image": lens("BaseImageArn"),
            "base_version": lens("BaseImageVersion"),
            "code_uri": lens("CodeArtifact.Uri"),
            "role": lens("BuildRoleArn"),
            "environment": lens("EnvironmentVariables", "texts", by="lower_microvm_image"),
            "connectors": lens("EgressNetworkConnectors", "texts"),
            "capabilities": lens("AdditionalOsCapabilities", "texts"),
            "logs_disabled": lens("Logging.Disabled", "boolean"),
            "log_group_name": lens("Logging.CloudWatch.LogGroup"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table("AWS::Lambda::WebFunction", app.WebFunction, {"name": lens("FunctionName"), "tags": lens("Tags", "tags")}),
    Table(
        "AWS::Lambda::WebFunctionRevision",
        app.WebRevision,
        {
            "function_name": lens("FunctionName"),
            "description": lens("Description"),
            "runtime": lens("BuildConfig.RuntimeConfig.Runtime"),
            "code_bucket": lens("BuildConfig.CodeConfig.S3Object.Bucket"),
            "role": lens("ServiceConfig.ExecutionRoleArn"),
            "environment": lens("ServiceConfig.EnvironmentVariables", "variables"),
            "kms_key": lens("KmsKeyArn"),
            "connector": lens("ServiceConfig.EgressNetworkConnectorArn"),
            "timeout": lens("ServiceConfig.TimeoutSeconds", "integer"),
            "concurrency": lens("ServiceConfig.MaxConcurrencyPerEnvironment", "integer"),
            "log_level": lens("ServiceConfig.TelemetryConfig.LoggingConfig.ApplicationLogLevel"),
            "system_log_level": lens("ServiceConfig.TelemetryConfig.LoggingConfig.SystemLogLevel"),
            "log_group_name": lens("ServiceConfig.TelemetryConfig.LoggingConfig.LogGroup"),
        },
    ),
    Table(
        "AWS::Lambda::WebFunctionEndpoint",
        app.WebEndpoint,
        {
            "name": lens("EndpointName"),
            "function_name": lens("FunctionName"),
            "description": lens("Description"),
            "auth": lens("AuthType"),
            "scope": lens("EndpointType"),
            "regions": lens("Regions", "texts"),
            "max_environments": lens("ScalingConfig.MaxEnvironments", "integer"),
            "rate_limit": lens("ThrottleConfig.RateLimit", "integer"),
        },
    ),
)
