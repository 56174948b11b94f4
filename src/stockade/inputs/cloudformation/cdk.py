"""What the AWS CDK leaves in the templates that it writes: construct paths, and functions that it brings itself."""

from __future__ import annotations

from stockade.model.value import Via
from stockade.text.node import Mapping, Scalar

# Functions that the CDK's library makes for its own purposes, by how their logical ids begin. Their code and
# configuration are the library's; people change them by another version of the CDK.
# https://github.com/aws/aws-cdk/tree/main/packages/aws-cdk-lib (as of 2026-11-21).
_PROVIDERS = {
    "AWS679f53fac002430cb0da5b7982bd2287": "AwsCustomResource",
    "AWSCDKCfnUtilsProviderCustomResourceProvider": "CfnUtils",
    "BucketNotificationsHandler050a0587b7544547bf325f094a3db834": "bucket notifications",
    "CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C": "BucketDeployment",
    "CustomCDKECRDeployment": "ECRDeployment",
    "CustomCrossRegionExportReaderCustomResourceProvider": "cross-region exports",
    "CustomCrossRegionExportWriterCustomResourceProvider": "cross-region exports",
    "CustomDynamoDBReplicaCustomResourceProvider": "DynamoDB replicas",
    "CustomECRAutoDeleteImagesCustomResourceProvider": "automatic deletion of images",
    "CustomS3AutoDeleteObjectsCustomResourceProvider": "automatic deletion of objects",
    "CustomVpcRestrictDefaultSGCustomResourceProvider": "default security groups",
    "LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a": "log retention",
}
_FRAMEWORK = ("framework-onEvent", "framework-isComplete", "framework-onTimeout")


def construct(body: Mapping) -> tuple[Via, ...]:
    """The construct that made a resource, if the CDK wrote its path down."""
    path = _path(body)
    return (Via(f"construct {path.raw}", path.span),) if path is not None else ()


def _path(body: Mapping) -> Scalar | None:
    metadata = body.get("Metadata")
    path = metadata.get("aws:cdk:path") if type(metadata) is Mapping else None
    return path if type(path) is Scalar and path.raw else None


def owned(logical_id: str, body: Mapping) -> str:
    """Why people can't change a resource in place although it stands in the template; empty if they can."""
    for prefix, purpose in _PROVIDERS.items():
        if logical_id.startswith(prefix):
            return f"the CDK's library makes it for {purpose}"
    path = _path(body)
    if path is not None and any(f"/{name}/" in f"/{path.raw}/" for name in _FRAMEWORK):
        return "the CDK's provider framework makes it"
    return ""
