"""What CloudTrail calls what operations do, what it does not show, and calls in a caller's name."""

from __future__ import annotations

import pytest

from stockade.knowledge import iam
from stockade.knowledge.iam import _trail


@pytest.mark.parametrize(
    ("source", "name", "actions"),
    [
        ("lambda", "Invoke", ["lambda:InvokeFunction"]),
        ("lambda", "Invoke20150331", ["lambda:InvokeFunction"]),
        ("lambda", "ListFunctions20150331", ["lambda:ListFunctions"]),
        ("lambda", "UpdateFunctionCode20150331v2", ["lambda:UpdateFunctionCode"]),
        ("lambda", "CreateFunction20150331", None),
        ("cloudfront", "CreateDistribution2020_05_31", ["cloudfront:CreateDistribution"]),
        ("s3", "ListObjects", ["s3:ListBucket"]),
        ("s3", "HeadBucket", ["s3:ListBucket"]),
        ("s3", "PutBucketLifecycle", ["s3:PutLifecycleConfiguration"]),
        ("s3", "GetBucketPublicAccessBlock", ["s3:GetBucketPublicAccessBlock"]),
        ("s3", "PutAccountPublicAccessBlock", ["s3:PutAccountPublicAccessBlock"]),
        ("s3", "CreateAccessPoint", ["s3:CreateAccessPoint"]),
        ("kms", "ReEncrypt", ["kms:ReEncryptFrom", "kms:ReEncryptTo"]),
        ("sts", "AssumeRole", ["sts:AssumeRole"]),
        ("sts", "GetCallerIdentity", []),
        ("signin", "ConsoleLogin", []),
        ("monitoring", "PutMetricAlarm", ["cloudwatch:PutMetricAlarm"]),
        ("email", "SendEmail", ["ses:SendEmail"]),
        ("ses", "CreateEmailIdentity", ["ses:CreateEmailIdentity"]),
        ("dynamodb", "GetRecords", ["dynamodb:GetRecords"]),
        ("dynamodb", "DescribeTable", ["dynamodb:DescribeTable"]),
        ("autoscaling", "RegisterScalableTarget", ["application-autoscaling:RegisterScalableTarget"]),
        ("autoscaling", "SetDesiredCapacity", ["autoscaling:SetDesiredCapacity"]),
        ("apigateway", "CreateRestApi", ["apigateway:POST"]),
        ("apigateway", "CreateRoute", ["apigateway:POST"]),
        ("states", "StartExecution", ["states:StartExecution"]),
        ("elasticfilesystem", "CreateFileSystem", ["elasticfilesystem:CreateFileSystem"]),
        ("tagging", "GetResources", ["tag:GetResources"]),
        ("bedrock", "InvokeModel", ["bedrock:InvokeModel"]),
        ("bedrock", "Converse", ["bedrock:InvokeModel"]),
        ("ssmmessages", "OpenDataChannel", ["ssmmessages:OpenDataChannel"]),
        ("rds", "StartDBInstance", ["rds:StartDBInstance"]),
        ("cognito-idp", "AdminGetUser", ["cognito-idp:AdminGetUser"]),
    ],
)
def test_actions_of_an_event(source: str, name: str, actions: list[str] | None) -> None:
    found = iam.actions_of_event(f"{source}.amazonaws.com", name)
    assert found is not None
    if actions is None:
        assert "lambda:CreateFunction" in found
    elif not actions or len(found) == len(actions):
        assert list(found) == actions
    else:  # what the call's parameters decide about
        assert list(iam.actions_of_event(f"{source}.amazonaws.com", name, frozenset()) or ()) == actions


@pytest.mark.parametrize(
    ("source", "name"), [("nothing", "Get"), ("s3", "Nothing"), ("", ""), ("kinesis", "CreateQueue")]
)
def test_events_of_which_nothing_is_known(source: str, name: str) -> None:
    assert iam.actions_of_event(f"{source}.amazonaws.com", name) is None


def test_every_operation_of_the_usual_services_is_found_by_its_event() -> None:
    for service, source in (("sqs", "sqs"), ("sns", "sns"), ("lambda", "lambda"), ("dynamodb", "dynamodb"), ("kms", "kms"),
                            ("stepfunctions", "states"), ("cloudwatch", "monitoring"), ("s3", "s3"), ("ec2", "ec2")):  # fmt: skip
        for name in iam.operations(service):
            assert (service, name) in iam.operations_of_event(f"{source}.amazonaws.com", name), (service, name)


def test_data_events() -> None:
    for source, name in (
        ("s3", "GetObject"),
        ("dynamodb", "PutItem"),
        ("lambda", "Invoke"),
        ("sqs", "SendMessage"),
        ("sns", "Publish"),
    ):
        assert iam.is_data_event(f"{source}.amazonaws.com", name)
        assert name in iam.data_events(f"{source}.amazonaws.com")
    for source, name in (
        ("s3", "PutBucketPolicy"), ("dynamodb", "CreateTable"), ("lambda", "CreateFunction20150331"), ("kms", "Decrypt"),
        ("secretsmanager", "GetSecretValue"), ("sqs", "CreateQueue"), ("ssm", "GetParameter"),
    ):  # fmt: skip
        assert not iam.is_data_event(f"{source}.amazonaws.com", name)
    assert iam.data_events("kms.amazonaws.com") == frozenset()


def test_every_data_event_is_of_a_known_operation() -> None:
    unknown = [
        (row.source, name)
        for row in _trail._file().data
        for name in row.names
        if iam.actions_of_event(f"{row.source}.amazonaws.com", name) is None
    ]
    assert unknown == []


@pytest.mark.parametrize(
    ("action", "seen"),
    [
        ("iam:PassRole", "never"),
        ("logs:PutLogEvents", "never"),
        ("s3:GetObject", "data"),
        ("S3:getobjectversion", "data"),
        ("dynamodb:Query", "data"),
        ("lambda:InvokeFunction", "data"),
        ("kms:Decrypt", "management"),
        ("lambda:CreateFunction", "management"),
        ("secretsmanager:GetSecretValue", "management"),
    ],
)
def test_visibility(action: str, seen: str) -> None:
    assert iam.visibility(action) == seen


def test_every_action_of_the_rows_exists() -> None:
    for name, why in iam.never_logged().items():
        assert iam.action(name) is not None, name
        assert why
    for row in _trail._file().forwarded:
        assert row.page
        for action in row.actions:
            assert iam.action(action) is not None, action
        for name in row.operations:
            found = iam.operation(row.service, name)
            assert found is not None, (row.service, name)
            assert found.kind == "known", (row.service, name)
            assert found.name == name
    for events in _trail._file().events:
        assert events.page
        for name in events.operations.values():
            assert name in iam.operations(events.source)
        for actions in events.actions.values():
            assert all(iam.action(action) is not None for action in actions)


@pytest.mark.parametrize(
    ("service", "name", "actions", "context"),
    [
        ("s3", "GetObject", {"kms:Decrypt"}, "aws:s3:arn"),
        ("s3", "PutObject", {"kms:GenerateDataKey"}, "aws:s3:arn"),
        ("s3", "upload_part", {"kms:GenerateDataKey", "kms:Decrypt"}, "aws:s3:arn"),
        ("sqs", "SendMessage", {"kms:GenerateDataKey", "kms:Decrypt"}, "aws:sqs:arn"),
        ("sqs", "ReceiveMessage", {"kms:Decrypt"}, "aws:sqs:arn"),
        ("sns", "Publish", {"kms:GenerateDataKey", "kms:Decrypt"}, "aws:sns:topicArn"),
        ("dynamodb", "GetItem", {"kms:Decrypt"}, "aws:dynamodb:tableName"),
        ("secretsmanager", "GetSecretValue", {"kms:Decrypt"}, "SecretARN"),
        ("ssm", "GetParameter", {"kms:Decrypt"}, "PARAMETER_ARN"),
        ("kinesis", "PutRecord", {"kms:GenerateDataKey"}, "aws:kinesis:arn"),
        ("lambda", "CreateFunction", {"kms:Encrypt", "kms:CreateGrant"}, "aws:lambda:FunctionArn"),
    ],
)
def test_calls_in_the_callers_name(service: str, name: str, actions: set[str], context: str) -> None:
    (found,) = iam.forwarded(service, name)
    assert set(found.actions) == actions
    assert context in found.context
    assert found.via_service("eu-west-1") == f"{service}.eu-west-1.amazonaws.com"


def test_calls_in_the_callers_name_by_action() -> None:
    assert {action for row in iam.forwarded_by("s3:putobject") for action in row.actions} == {
        "kms:GenerateDataKey",
        "kms:Decrypt",
    }
    assert [row.when for row in iam.forwarded_by("ssm:GetParameter")] == ["secure-string"]
    assert [row.when for row in iam.forwarded_by("textract:DetectDocumentText")] == ["s3-object"]
    assert iam.forwarded_by("sqs:DeleteMessage") == ()
    assert iam.forwarded_by("nothing:Get") == ()
    assert iam.forwarded("s3", "DeleteObject") == ()
    assert iam.forwarded("nothing", "Get") == ()


def test_provenance_names_the_pages() -> None:
    assert {source.licence for source in iam.trail_provenance().sources} == {"facts"}
