"""What AWS publishes of the resource types of Lambda's and no table reads, each with the reason.

Whatever is in neither is a gap where it is written (`lower.py`), and a test holds both against the schemas that AWS publishes.
Paths are those of the schema; a path takes in what is below it.
"""

from __future__ import annotations

_MADE = "AWS alone says it: it is an attribute, which nobody writes"
_DEPLOYED = "which text or object is deployed; the code itself is looked at where it lies"
_SIZE = "how much runs at once on what, within the limits that are read"
_WORDS = "words for people"
_PEOPLE = "tags of what Lambda starts itself, for accounts' bills"
_EVENTS = "which records there are and in which form they come; who may send them is read"

UNREAD: dict[str, dict[str, str]] = {
    "AWS::Lambda::Alias": {
        "AliasArn": _MADE,
        "Description": _WORDS,
        "RoutingConfig.AdditionalVersionWeights.*.FunctionWeight": "how much of the traffic a version gets, beside that it does",
    },
    "AWS::Lambda::CapacityProvider": {
        "Arn": _MADE,
        "State": _MADE,
        "CapacityProviderScalingConfig.ScalingMode": _SIZE,
        "CapacityProviderScalingConfig.ScalingPolicies": _SIZE,
        "InstanceRequirements.ExcludedInstanceTypes": _SIZE,
        "PropagateTags": _PEOPLE,
    },
    "AWS::Lambda::CodeSigningConfig": {
        "CodeSigningConfigArn": _MADE,
        "CodeSigningConfigId": _MADE,
        "Description": _WORDS,
    },
    "AWS::Lambda::EventSourceMapping": {
        "EventSourceMappingArn": _MADE,
        "Id": _MADE,
        "AmazonManagedKafkaEventSourceConfig.ConsumerGroupId": _EVENTS,
        "AmazonManagedKafkaEventSourceConfig.SchemaRegistryConfig": _EVENTS,
        "DocumentDBEventSourceConfig": _EVENTS,
        "LoggingConfig": "how much Lambda logs of the polling, beside what the function logs",
        "MetricsConfig": "further metrics, that an alarm may name",
        "ProvisionedPollerConfig.MinimumPollers": _SIZE,
        "ProvisionedPollerConfig.PollerGroupName": _SIZE,
        "Queues": "that it is written tells the service; the broker is read",
        "SelfManagedEventSource": "that it is written tells the service; addresses outside of AWS tell no more",
        "SelfManagedKafkaEventSourceConfig": _EVENTS,
        "SourceAccessConfigurations.*.Type": "what the secret, subnet or group is used for, which its ARN or id tells",
        "StartingPositionTimestamp": _EVENTS,
        "Topics": _EVENTS,
    },
    "AWS::Lambda::Function": {
        "Arn": _MADE,
        "SnapStartResponse": _MADE,
        "Code.S3Key": _DEPLOYED,
        "Code.S3ObjectVersion": _DEPLOYED,
        "Code.S3ObjectStorageMode": _DEPLOYED,
        "CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig.ExecutionEnvironmentMemoryGiBPerVCpu": _SIZE,
        "CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig.PerExecutionEnvironmentMaxConcurrency": _SIZE,
        "FileSystemConfigs.*.S3FilesConfig": "how objects of what is mounted are read; what is mounted is read here",
        "FileSystemConfigs.*.LocalMountPath": "where it is mounted; what is mounted is read",
        "FunctionScalingConfig.MinExecutionEnvironments": _SIZE,
        "ImageConfig": "which program of the image starts",
        "PublishToLatestPublished": "that an update publishes a version, which then is configured alike",
    },
    "AWS::Lambda::LayerVersion": {
        "LayerVersionArn": _MADE,
        "CompatibleArchitectures": "which processors it is for; the function's own are read",
        "Content": _DEPLOYED,
        "Description": _WORDS,
    },
    "AWS::Lambda::LayerVersionPermission": {"Id": _MADE},
    "AWS::Lambda::MicrovmImage": {
        "CreatedAt": _MADE,
        "ImageArn": _MADE,
        "LatestActiveImageVersion": _MADE,
        "LatestFailedImageVersion": _MADE,
        "State": _MADE,
        "UpdatedAt": _MADE,
        "CpuConfigurations": _SIZE,
        "Resources": _SIZE,
        "Hooks": "when Lambda calls the program in the image, from inside",
        "Logging.CloudWatch.LogStream": "a part of the log group",
    },
    "AWS::Lambda::NetworkConnector": {"Arn": _MADE, "LatestVersion": _MADE, "LatestVersionArn": _MADE, "State": _MADE},
    "AWS::Lambda::Permission": {"Id": _MADE},
    "AWS::Lambda::Url": {"FunctionArn": _MADE, "FunctionUrl": _MADE},
    "AWS::Lambda::Version": {
        "FunctionArn": _MADE,
        "Version": _MADE,
        "CodeSha256": "publishing fails if the code is another",
        "FunctionScalingConfig": _SIZE,
        "RuntimePolicy.RuntimeVersionArn": "the function's own is read",
    },
    "AWS::Lambda::WebFunction": {
        "CreatedAt": _MADE,
        "FunctionArn": _MADE,
        "State": _MADE,
        "StateReason": _MADE,
        "UpdatedAt": _MADE,
    },
    "AWS::Lambda::WebFunctionEndpoint": {
        "CreatedAt": _MADE,
        "DomainName": _MADE,
        "EndpointArn": _MADE,
        "FunctionArn": _MADE,
        "RegionalEndpoints": _MADE,
        "State": _MADE,
        "StateReason": _MADE,
        "UpdateStatus": _MADE,
        "UpdateStatusReason": _MADE,
        "UpdatedAt": _MADE,
        "RevisionWeights": "which revisions answer, of which all are read",
    },
    "AWS::Lambda::WebFunctionRevision": {
        "CreatedAt": _MADE,
        "FunctionArn": _MADE,
        "RevisionArn": _MADE,
        "RevisionId": _MADE,
        "State": _MADE,
        "StateReason": _MADE,
        "BuildConfig.CodeConfig.S3Object.Key": _DEPLOYED,
        "BuildConfig.CodeConfig.S3Object.VersionId": _DEPLOYED,
    },
}
