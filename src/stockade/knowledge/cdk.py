"""What the AWS CDK's own library puts beside what its users write: the handlers of its custom resources.

Source: aws-cdk-lib 2.276.0 (Apache-2.0), read 2026-11-28: the names of singleton functions and of custom resource
providers in its code. A name stays for good, since another one would replace the function in every stack.
"""

from __future__ import annotations

from stockade.patterns import regex

# Constructs right below a stack, by how their name begins once it has nothing but letters and digits.
_SINGLETONS = {
    "AWS679f53fac002430cb0da5b7982bd2287": "AwsCustomResource",
    "AWSCDKCfnUtilsProviderCustomResourceProvider": "CfnJson and the like",
    "AWSCDKTriggerCustomResourceProviderCustomResourceProvider": "triggers",
    "AWSb4cf1abd4e4f4bc699441af7ccd9ec37": "rules that call AWS APIs",
    "BucketNotificationsHandler050a0587b7544547bf325f094a3db834": "bucket notifications",
    "CrossRegionAwsSdk8a0c93f3dbef4b71ac137aaf2048ce7e": "calls to other regions in state machines",
    "CustomAWSCDKOpenIdConnectProviderCustomResourceProvider": "OpenID Connect providers",
    "CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C": "BucketDeployment",
    "CustomCDKECRDeployment": "ECRDeployment",
    "CustomCloudwatchLogResourcePolicyCustomResourceProvider": "policies of log groups",
    "CustomCrossAccountZoneDelegationCustomResourceProvider": "delegations of DNS zones",
    "CustomCrossRegionExportReaderCustomResourceProvider": "cross-region exports",
    "CustomCrossRegionExportWriterCustomResourceProvider": "cross-region exports",
    "CustomCrossRegionStringParameterReader": "parameters of another region",
    "CustomDeleteExistingRecordSetCustomResourceProvider": "deletion of DNS records",
    "CustomDynamoDBReplicaCustomResourceProvider": "DynamoDB replicas",
    "CustomECRAutoDeleteImagesCustomResourceProvider": "automatic deletion of images",
    "CustomGluePartitionIndexCustomResourceProvider": "partition indexes of Glue",
    "CustomS3AutoDeleteObjectsCustomResourceProvider": "automatic deletion of objects",
    "CustomS3ObjectCopy": "BucketDeployment",
    "CustomSyntheticsAutoDeleteUnderlyingResourcesCustomResourceProvider": "clean-up after canaries",
    "CustomVpcRestrictDefaultSGCustomResourceProvider": "default security groups",
    "EvalServiceRolef4f556a4ef7a49cd8036c5b0567376fd": "EvaluateExpression",
    "LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a": "log retention",
    "SingletonLambda224e77f9a32e4b4dac32983477abba16": "dropping of spam",
    "SingletonLambda8693BB64968944B69AAFB0CC9EB8757C": "roles of EMR on EKS",
}
# Nested stacks and constructs that are the library's wherever they stand.
_ANYWHERE = {
    "framework-onEvent": "the provider framework",
    "framework-isComplete": "the provider framework",
    "framework-onTimeout": "the provider framework",
    "waiter-state-machine": "the provider framework",
}
_NESTED = "@aws-cdk--aws-"
# Policies for such handlers that stand beside what they are about.
_POLICIES = ("SourceTableAttachedManagedPolicy-", "SourceTableAttachedPolicy-")
_OF_A_BUCKET = "/Notifications/HandlerPolicy/"
_OTHER = regex(r"[^A-Za-z0-9]")
_PROVIDER = regex(r"framework(?:onEvent|isComplete|onTimeout)(?:ServiceRole(?:DefaultPolicy)?)?[0-9A-F]{8}$")
_EVALUATE = regex(r"Eval[0-9a-f]{32}")  # one for each runtime


def handler_of(path: str) -> str:
    """What the library makes the construct at this path for, or one that it is in; empty if it is the user's."""
    for name in path.split("/")[1:]:
        if name in _ANYWHERE:
            return _ANYWHERE[name]
        if name.startswith(_POLICIES):
            return "DynamoDB replicas"
        if name.startswith(_NESTED):
            return name.removeprefix("@aws-cdk--").removesuffix(".NestedStack")
        purpose = singleton(_OTHER.sub("", name))
        if purpose:
            return purpose
    return "bucket notifications" if _OF_A_BUCKET in path else ""


def singleton(logical_id: str) -> str:
    """What the library makes a resource for, by its logical id, which begins with names; empty if it is the user's."""
    if _PROVIDER.search(logical_id):
        return "the provider framework"
    if not logical_id.startswith(("AWS", "Bucket", "Custom", "CrossRegion", "Eval", "LogRetention", "SingletonLambda")):
        return ""
    if _EVALUATE.match(logical_id):
        return "EvaluateExpression"
    return next((purpose for name, purpose in _SINGLETONS.items() if logical_id.startswith(name)), "")
