"""What operations need, against botocore's models and moto's map; and which parameters name what."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

import pytest

from stockade.knowledge import iam
from stockade.knowledge._data import path_of
from stockade.knowledge.iam._operations import Need, Part

# The services whose clients handlers of functions make most, and how many of their operations AWS's reference had no action
# for when the data was made: they are newer than it, or were never documented.
USED = {
    "apigateway": 0, "apigatewaymanagementapi": 0, "apigatewayv2": 0, "appconfigdata": 0, "appsync": 0, "athena": 5,
    "batch": 3, "bedrock-agent-runtime": 0, "bedrock-runtime": 0, "cloudformation": 2, "cloudwatch": 7, "codebuild": 0,
    "codepipeline": 0, "cognito-identity": 0, "cognito-idp": 9, "comprehend": 0, "dynamodb": 4, "dynamodbstreams": 0,
    "ec2": 28, "ecs": 0, "elasticache": 2, "events": 0, "firehose": 0, "glue": 53, "iam": 2, "iot-data": 0, "kinesis": 12,
    "kms": 0, "lambda": 3, "logs": 1, "opensearch": 1, "pipes": 0, "polly": 3, "rds": 1, "rds-data": 0, "redshift-data": 0,
    "rekognition": 0, "s3": 0, "sagemaker-runtime": 0, "scheduler": 0, "secretsmanager": 3, "ses": 0, "sesv2": 0, "sns": 0,
    "sqs": 0, "ssm": 2, "stepfunctions": 0, "sts": 0, "textract": 0, "transcribe": 0, "translate": 0, "xray": 0,
}  # fmt: skip


@cache
def model(name: str) -> dict[str, Any]:
    return import_module("botocore.loaders").Loader().load_service_model(name, "service-2")


@cache
def types(action: str) -> dict[str, set[str]]:
    """The variables of the resource types of an action's service, of its own types alone but in API Gateway."""
    found = iam.action(action)
    assert found is not None
    known = iam.service(found.service)
    assert known is not None
    own = {use.name for use in found.resource_types}
    return {
        name: set(re.findall(r"\$\{(\w+)\}", arn))
        for name, arn in known.resource_types().items()
        if name in own or (found.service == "apigateway" and found.verb.isupper())
    }


def member(service: str, name: str, path: str) -> bool:
    """Whether an operation has a parameter, by botocore's model."""
    shapes = model(service)["shapes"]
    shape = model(service)["operations"][name].get("input", {}).get("shape", "")
    for step in path.split("."):
        shape = shapes.get(shape, {}).get("members", {}).get(step.removesuffix("[]"), {}).get("shape", "")
        if step.endswith("[]"):
            shape = shapes[shape].get("member", {}).get("shape", "")
    return bool(shape)


# ------------------------------------------------------------------------------------------------------------- oracles


def test_it_was_made_of_the_botocore_that_is_here() -> None:
    (source,) = (one for one in iam.operations_provenance().sources if one.name == "botocore")
    assert version("botocore") == source.version


@pytest.mark.parametrize("name", USED)
def test_every_operation_of_botocore_is_known_or_listed(name: str) -> None:
    assert set(iam.operations(name)) == set(model(name)["operations"])
    unknown = []
    for one in iam.operations(name):
        found = iam.operation(name, one)
        assert found is not None
        assert bool(found.needs) is (found.kind == "known"), one
        for need in found.needs:
            action = iam.action(need.action)
            assert action is not None, need.action
            assert action.name == need.action
        if found.kind == "unknown":
            unknown.append(one)
    assert len(unknown) == USED[name], unknown


@pytest.mark.parametrize("name", USED)
def test_the_methods_of_clients_are_operations(name: str) -> None:
    method = import_module("botocore").xform_name
    for one in model(name)["operations"]:
        found = iam.operation(name, method(one))
        assert found is not None, one
        assert found.name == one


def test_every_service_of_botocore_is_there() -> None:
    theirs = import_module("botocore.loaders").Loader().list_available_services("service-2")
    assert set(iam.sdk_services()) == set(theirs)
    without = [name for name in theirs if iam.prefix_of(name) is None]
    assert without == ["account-access-runtime", "applicationcostprofiler", "iotthingsgraph", "opensearchmemory"]
    for name in theirs:
        prefix = iam.prefix_of(name)
        assert prefix is None or iam.service(prefix) is not None, name


def test_every_part_is_a_parameter_and_a_hole_of_a_template() -> None:
    parts = 0
    for name in iam.sdk_services():
        for one in iam.operations(name):
            for action, found in iam.resource_parts(name, one).items():
                for part in found:
                    parts += 1
                    assert part.resource in types(action), (name, one, action, part)
                    assert not part.variable or part.variable in types(action)[part.resource], (name, one, action, part)
                    assert name not in USED or member(name, one, part.member), (name, one, part)
    assert parts > 17_000


def test_every_condition_is_a_parameter() -> None:
    conditions = 0
    for name in USED:
        for one in iam.operations(name):
            found = iam.operation(name, one)
            for need in found.needs if found else ():
                assert bool(need.members) is (need.when in {"given", "absent"})
                for said in need.members:
                    path = said.partition("=")[0]
                    conditions += 1
                    assert path == "CopySource.VersionId" or member(name, one, path), (name, one, said)
    assert conditions > 200


def test_nearly_all_operations_of_all_services_are_known() -> None:
    kinds: dict[str, int] = {}
    for name in iam.sdk_services():
        for one in iam.operations(name):
            found = iam.operation(name, one)
            assert found is not None
            kinds[found.kind] = kinds.get(found.kind, 0) + 1
    assert sum(kinds.values()) > 19_000
    assert kinds["unknown"] / sum(kinds.values()) < 0.035, kinds


# moto's own names for what requests to S3 need: (which of its tables, method, what the query has) → the operation.
MOTO = {
    ("BUCKET", "HEAD", "DEFAULT"): "HeadBucket",
    ("BUCKET", "GET", "uploads"): "ListMultipartUploads",
    ("BUCKET", "GET", "location"): "GetBucketLocation",
    ("BUCKET", "GET", "lifecycle"): "GetBucketLifecycleConfiguration",
    ("BUCKET", "GET", "versioning"): "GetBucketVersioning",
    ("BUCKET", "GET", "policy"): "GetBucketPolicy",
    ("BUCKET", "GET", "policyStatus"): "GetBucketPolicyStatus",
    ("BUCKET", "GET", "website"): "GetBucketWebsite",
    ("BUCKET", "GET", "acl"): "GetBucketAcl",
    ("BUCKET", "GET", "tagging"): "GetBucketTagging",
    ("BUCKET", "GET", "logging"): "GetBucketLogging",
    ("BUCKET", "GET", "cors"): "GetBucketCors",
    ("BUCKET", "GET", "notification"): "GetBucketNotificationConfiguration",
    ("BUCKET", "GET", "accelerate"): "GetBucketAccelerateConfiguration",
    ("BUCKET", "GET", "versions"): "ListObjectVersions",
    ("BUCKET", "GET", "public_access_block"): "GetPublicAccessBlock",
    ("BUCKET", "GET", "DEFAULT"): "ListObjectsV2",
    ("BUCKET", "PUT", "lifecycle"): "PutBucketLifecycleConfiguration",
    ("BUCKET", "PUT", "versioning"): "PutBucketVersioning",
    ("BUCKET", "PUT", "policy"): "PutBucketPolicy",
    ("BUCKET", "PUT", "website"): "PutBucketWebsite",
    ("BUCKET", "PUT", "acl"): "PutBucketAcl",
    ("BUCKET", "PUT", "tagging"): "PutBucketTagging",
    ("BUCKET", "PUT", "logging"): "PutBucketLogging",
    ("BUCKET", "PUT", "cors"): "PutBucketCors",
    ("BUCKET", "PUT", "notification"): "PutBucketNotificationConfiguration",
    ("BUCKET", "PUT", "accelerate"): "PutBucketAccelerateConfiguration",
    ("BUCKET", "PUT", "public_access_block"): "PutPublicAccessBlock",
    ("BUCKET", "PUT", "DEFAULT"): "CreateBucket",
    ("BUCKET", "DELETE", "lifecycle"): "DeleteBucketLifecycle",
    ("BUCKET", "DELETE", "policy"): "DeleteBucketPolicy",
    ("BUCKET", "DELETE", "website"): "DeleteBucketWebsite",
    ("BUCKET", "DELETE", "tagging"): "DeleteBucketTagging",
    ("BUCKET", "DELETE", "cors"): "DeleteBucketCors",
    ("BUCKET", "DELETE", "public_access_block"): "DeletePublicAccessBlock",
    ("BUCKET", "DELETE", "DEFAULT"): "DeleteBucket",
    ("KEY", "HEAD", "DEFAULT"): "HeadObject",
    ("KEY", "GET", "uploadId"): "ListParts",
    ("KEY", "GET", "acl"): "GetObjectAcl",
    ("KEY", "GET", "tagging"): "GetObjectTagging",
    ("KEY", "GET", "versionId"): "GetObject",
    ("KEY", "GET", "DEFAULT"): "GetObject",
    ("KEY", "PUT", "acl"): "PutObjectAcl",
    ("KEY", "PUT", "tagging"): "PutObjectTagging",
    ("KEY", "PUT", "DEFAULT"): "PutObject",
    ("KEY", "DELETE", "uploadId"): "AbortMultipartUpload",
    ("KEY", "DELETE", "versionId"): "DeleteObject",
    ("KEY", "DELETE", "DEFAULT"): "DeleteObject",
    ("KEY", "POST", "uploads"): "CreateMultipartUpload",
    ("KEY", "POST", "restore"): "RestoreObject",
    ("KEY", "POST", "uploadId"): "CompleteMultipartUpload",
    ("KEY", "POST", "select"): "SelectObjectContent",
}
# Where moto names an action that AWS does not have.
NOT_AWS = {
    "GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "HeadBucket": "s3:ListBucket",
    "SelectObject": "s3:GetObject",
}


def test_what_s3_needs_is_what_moto_asks_for() -> None:
    theirs = import_module("moto.s3.responses").ACTION_MAP
    rows = {
        (table, method, query): action
        for table in ("BUCKET", "KEY")
        for method, queries in theirs[table].items()
        for query, action in queries.items()
    }
    assert set(rows) == set(MOTO)
    for row, action in rows.items():
        given = ["Bucket", "Key", *(["VersionId"] if row[2] == "versionId" else [])]
        ours = iam.actions_of("s3", MOTO[row], given)
        wanted = NOT_AWS.get(action, f"s3:{action}")
        assert [one.lower() for one in ours] == [wanted.lower()], row
        assert action not in NOT_AWS or iam.action(f"s3:{action}") is None


# --------------------------------------------------------------------------------------------------------- by example


@pytest.mark.parametrize(
    ("service", "name", "given", "actions"),
    [
        ("s3", "GetObject", ["Bucket", "Key"], ["s3:GetObject"]),
        ("s3", "get_object", ["Bucket", "Key", "VersionId"], ["s3:GetObjectVersion"]),
        ("s3", "GetObject", None, ["s3:GetObject", "s3:GetObjectVersion"]),
        ("s3", "ListBuckets", [], ["s3:ListAllMyBuckets"]),
        (
            "s3",
            "PutObject",
            ["Bucket", "Key", "ACL", "Tagging"],
            ["s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging"],
        ),
        ("s3", "UploadPartCopy", ["CopySource=a/b?versionId=3"], ["s3:PutObject", "s3:GetObjectVersion"]),
        ("s3", "UploadPartCopy", ["CopySource=a/b"], ["s3:PutObject", "s3:GetObject"]),
        ("s3", "UploadPartCopy", ["CopySource"], ["s3:PutObject", "s3:GetObject", "s3:GetObjectVersion"]),
        (
            "s3",
            "UploadPartCopy",
            ["CopySource.Bucket", "CopySource.VersionId"],
            ["s3:PutObject", "s3:GetObjectVersion"],
        ),
        ("s3", "DeleteObjects", ["Delete.Objects[].Key"], ["s3:DeleteObject"]),
        ("s3", "DeleteObjects", ["Delete"], ["s3:DeleteObject", "s3:DeleteObjectVersion"]),
        ("dynamodb", "ExecuteStatement", ['Statement= select * from "t"'], ["dynamodb:PartiQLSelect"]),
        ("dynamodb", "TransactGetItems", [], ["dynamodb:GetItem"]),
        ("dynamodb", "TransactWriteItems", ["TransactItems[].Put.TableName"], ["dynamodb:PutItem"]),
        ("dynamodb", "Query", ["TableName", "IndexName"], ["dynamodb:Query"]),
        ("sqs", "SendMessageBatch", ["QueueUrl"], ["sqs:SendMessage"]),
        ("sns", "PublishBatch", ["TopicArn"], ["sns:Publish"]),
        ("lambda", "Invoke", ["FunctionName"], ["lambda:InvokeFunction"]),
        ("lambda", "UpdateFunctionConfiguration", ["FunctionName"], ["lambda:UpdateFunctionConfiguration"]),
        ("lambda", "UpdateFunctionConfiguration", ["Role"], ["lambda:UpdateFunctionConfiguration", "iam:PassRole"]),
        ("lambda", "CreateFunction", ["Role"], ["lambda:CreateFunction", "iam:PassRole"]),
        ("kms", "ReEncrypt", ["DestinationKeyId"], ["kms:ReEncryptFrom", "kms:ReEncryptTo"]),
        ("ecs", "RunTask", ["taskDefinition"], ["ecs:RunTask", "iam:PassRole"]),
        ("ec2", "RunInstances", ["ImageId"], ["ec2:RunInstances"]),
        ("ec2", "RunInstances", ["IamInstanceProfile.Name"], ["ec2:RunInstances", "iam:PassRole"]),
        ("bedrock-runtime", "Converse", ["modelId"], ["bedrock:InvokeModel"]),
        ("apigateway", "GetRestApi", ["restApiId"], ["apigateway:GET"]),
        ("apigatewayv2", "CreateRoute", ["ApiId"], ["apigateway:POST"]),
        ("apigatewaymanagementapi", "post_to_connection", [], ["execute-api:ManageConnections"]),
        ("stepfunctions", "StartExecution", ["stateMachineArn"], ["states:StartExecution"]),
        ("sesv2", "SendEmail", ["Content.Raw"], ["ses:SendEmail", "ses:SendRawEmail"]),
        ("rds-data", "ExecuteStatement", [], ["rds-data:ExecuteStatement", "secretsmanager:GetSecretValue"]),
        ("sts", "GetCallerIdentity", [], []),
        ("cognito-idp", "InitiateAuth", [], []),
        ("scheduler", "CreateSchedule", ["Target.RoleArn"], ["scheduler:CreateSchedule", "iam:PassRole"]),
        ("sqs", "CreateQueue", ["QueueName", "tags"], ["sqs:CreateQueue", "sqs:TagQueue"]),
        ("nothing", "GetObject", None, []),
        ("s3", "Nothing", None, []),
        ("s3", "@services", None, []),
        ("@services", "x", None, []),
    ],
)
def test_actions_of(service: str, name: str, given: list[str] | None, actions: list[str]) -> None:
    assert list(iam.actions_of(service, name, given)) == actions


@pytest.mark.parametrize(
    ("service", "name", "kind"),
    [
        ("s3", "GetObject", "known"),
        ("sts", "GetCallerIdentity", "permissionless"),
        ("sts", "AssumeRoleWithWebIdentity", "unsigned"),
        ("sso", "GetRoleCredentials", "permissionless"),
        ("codecatalyst", "GetProject", "unsigned"),
        ("kinesis", "CreateQueue", "unknown"),
        ("lambda", "InvokeFunctionUrl", "assumed"),  # an action that no client has an operation for
    ],
)
def test_kinds(service: str, name: str, kind: str) -> None:
    found = iam.operation(service, name)
    assert found is not None
    assert (found.name, found.kind) == (name, kind)


@pytest.mark.parametrize(
    ("name", "service", "prefix"),
    [
        ("logs", "logs", "logs"),
        ("cloudwatch-logs", "logs", "logs"),
        ("CloudWatchLogs", "logs", "logs"),
        ("sfn", "stepfunctions", "states"),
        ("StepFunctions", "stepfunctions", "states"),
        ("CognitoIdentityServiceProvider", "cognito-idp", "cognito-idp"),
        ("RDSDataService", "rds-data", "rds-data"),
        ("eventbridge", "events", "events"),
        ("dynamodb-streams", "dynamodbstreams", "dynamodb"),
        ("cloudwatch", "cloudwatch", "cloudwatch"),
        ("opensearch", "opensearch", "es"),
        ("iot-data", "iot-data", "iot"),
        ("apigatewaymanagementapi", "apigatewaymanagementapi", "execute-api"),
        ("opensearchmemory", "opensearchmemory", None),
        ("nothing", None, None),
    ],
)
def test_names_of_services(name: str, service: str | None, prefix: str | None) -> None:
    assert iam.sdk_service(name) == service
    assert iam.prefix_of(name) == prefix


def parts(service: str, name: str, action: str) -> list[tuple[str, str, str, str]]:
    return [(p.member, p.resource, p.variable, p.form) for p in iam.resource_parts(service, name)[action]]


@pytest.mark.parametrize(
    ("service", "name", "action", "expected"),
    [
        (
            "s3", "GetObject", "s3:GetObject",
            [("Bucket", "object", "BucketName", "bucket"), ("Key", "object", "ObjectName", "name")],
        ),
        (
            "s3", "CopyObject", "s3:GetObject",
            [("CopySource", "object", "BucketName", "copy-bucket"), ("CopySource", "object", "ObjectName", "copy-key")],
        ),
        ("s3", "ListObjectsV2", "s3:ListBucket", [("Bucket", "bucket", "BucketName", "bucket")]),
        ("sqs", "ReceiveMessage", "sqs:ReceiveMessage", [("QueueUrl", "queue", "QueueName", "last-segment")]),
        ("sns", "Publish", "sns:Publish", [("TopicArn", "topic", "", "arn"), ("TargetArn", "topic", "", "arn")]),
        ("secretsmanager", "GetSecretValue", "secretsmanager:GetSecretValue", [("SecretId", "Secret", "SecretId", "secret")]),
        ("kms", "Decrypt", "kms:Decrypt", [("KeyId", "key", "KeyId", "key")]),
        ("kms", "ReEncrypt", "kms:ReEncryptTo", [("DestinationKeyId", "key", "KeyId", "key")]),
        ("dynamodb", "GetItem", "dynamodb:GetItem", [("TableName", "table", "TableName", "name-or-arn")]),
        ("dynamodb", "BatchGetItem", "dynamodb:BatchGetItem", [("RequestItems", "table", "TableName", "keys")]),
        ("lambda", "Invoke", "lambda:InvokeFunction", [("FunctionName", "function", "FunctionName", "function")]),
        ("lambda", "CreateFunction", "iam:PassRole", [("Role", "role", "", "arn")]),
        ("ssm", "GetParameter", "ssm:GetParameter", [("Name", "parameter", "ParameterNameWithoutLeadingSlash", "path")]),
        ("stepfunctions", "StartExecution", "states:StartExecution", [("stateMachineArn", "statemachine", "", "arn")]),
        (
            "apigateway", "GetResource", "apigateway:GET",
            [("restApiId", "Resource", "RestApiId", "name"), ("resourceId", "Resource", "ResourceId", "name")],
        ),
        (
            "logs", "FilterLogEvents", "logs:FilterLogEvents",
            [
                ("logGroupIdentifier", "log-group", "LogGroupName", "name-or-arn"),
                ("logGroupName", "log-group", "LogGroupName", "name"),
            ],
        ),
        ("sts", "AssumeRole", "sts:AssumeRole", [("RoleArn", "role", "", "arn")]),
        ("timestream-query", "Query", "timestream:DescribeEndpoints", []),
        ("workmail", "DescribeUser", "workmail:DescribeUser", [("OrganizationId", "organization", "ResourceId", "name")]),
    ],
)  # fmt: skip
def test_resource_parts(service: str, name: str, action: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert parts(service, name, action)[: len(expected) or None] == expected


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        ("name", "orders", "orders"),
        ("name-or-arn", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders", None),
        ("last-segment", "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs", "jobs"),
        ("last-segment", "https://sqs.eu-west-1.amazonaws.com/", None),
        ("copy-bucket", "/photos/a/b%20c.png?versionId=3", "photos"),
        ("copy-key", "photos/a/b%20c.png?versionId=3", "a/b c.png"),
        ("copy-key", "photos", None),
        ("function", "resize", "resize"),
        ("function", "resize:live", "resize"),
        ("function", "123456789012:function:resize", "resize"),
        ("function", "123456789012:function:resize:live", "resize"),
        ("secret", "db/password", "db/password-??????"),
        ("key", "1234abcd-12ab-34cd-56ef-1234567890ab", "1234abcd-12ab-34cd-56ef-1234567890ab"),
        ("key", "alias/app", None),
        ("alias", "alias/app", "app"),
        ("path", "/app/db/url", "app/db/url"),
        ("family", "web:12", "web"),
        ("revision", "web:12", "12"),
        ("revision", "web", None),
        ("model", "anthropic.claude-3", "anthropic.claude-3"),
        ("model", "eu.anthropic.claude-3", None),
    ],
)
def test_what_a_text_says(form: Any, text: str, value: str | None) -> None:
    part = Part("x", "X", "X", form)
    assert part.value(text) == value
    assert part.arn(text) == (text if text.startswith("arn:") else None)
    assert Part("x", "", "X", form).value(text) is None


def test_a_role_that_the_call_does_not_name() -> None:
    found = iam.operation("ecs", "RunTask")
    assert found is not None
    assert Need("iam:PassRole", "resource") in found.needs


# ------------------------------------------------------------------------------------------------------------- the pack


def test_all_data_about_iam_is_small() -> None:
    names = ("iam.pack", "managed.pack", "breadth.pack", "operations.pack", "sensitive.json", "trail.json")
    assert sum(path_of(name).stat().st_size for name in names) < 2_000_000


def test_nothing_is_read_before_an_operation_is_asked_for() -> None:
    program = (
        "import sys; opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "from stockade.knowledge import iam\n"
        "assert not [path for path in opened if path.endswith(('.json', '.pack'))], opened\n"
        "iam.actions_of('s3', 'GetObject')\n"
        "print(sorted({path.replace(chr(92), '/').rpartition('/')[2] for path in opened if path.endswith(('.json', '.pack'))}))\n"
        "assert not {'urllib.request', 'botocore', 'tempfile'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in {"['iam.pack', 'operations.pack']", "['operations.pack']"}


def test_provenance_is_dated() -> None:
    told = iam.operations_provenance()
    assert told.as_of > date(2026, 6, 1)
    assert {source.licence for source in told.sources} == {"Apache-2.0", "facts"}
