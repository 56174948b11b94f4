from __future__ import annotations

import pytest

from stockade.iam.actions import can_be_limited, harm_of, is_wildcard, taken_in
from stockade.knowledge import iam as facts


def action(name: str) -> facts.Action:
    found = facts.action(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("iam:AttachRolePolicy", "permissions"),
        ("iam:CreateAccessKey", "credentials"),
        ("lambda:UpdateFunctionCode", "code"),
        ("secretsmanager:GetSecretValue", "secrets"),
        ("kms:Decrypt", "secrets"),
        ("s3:DeleteObject", "destruction"),
        ("s3:GetObject", "data"),
        ("dynamodb:PutItem", "write"),
        ("ec2:DescribeInstances", "metadata"),
        ("s3:ListBucket", "metadata"),
        ("bedrock:InvokeModel", "read"),
        ("ec2:CreateNetworkInterfacePermission", "write"),
    ],
)
def test_harm(name: str, harm: str) -> None:
    assert harm_of(action(name)) == harm


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("dynamodb:PutItem", False),
        ("dynamodb:Put*", True),
        ("dynamodb:*Item", True),
        ("s3:DeleteObject*", True),  # deleting a version leaves nothing to go back to
        ("kinesis:PutRecord*", True),
        ("firehose:PutRecord*", True),
        ("s3:GetObject*", False),  # tags, versions: reads, as it is
        ("s3:PutObject*", True),  # PutObjectAcl is
        ("sqs:SendMessage*", False),  # there is one such action
        ("kms:ReEncrypt*", False),  # AWS writes it so
        ("lambda:Invoke*", True),
    ],
)
def test_what_counts_as_a_wildcard(pattern: str, expected: bool) -> None:  # noqa: FBT001
    assert is_wildcard(pattern) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dynamodb:GetItem", True),
        ("ec2:DescribeInstances", False),
        ("s3:ListAllMyBuckets", False),
        ("cloudwatch:PutMetricData", False),
        ("ec2:CreateNetworkInterface", False),
        ("ec2:CreateSecurityGroup", True),
        ("xray:PutTraceSegments", False),
        ("polly:SynthesizeSpeech", False),
        ("sqs:ReceiveMessage", True),
    ],
)
def test_whether_star_is_the_authors_choice(name: str, expected: bool) -> None:  # noqa: FBT001
    assert can_be_limited(action(name)) is expected


def test_the_worst_comes_first() -> None:
    assert taken_in("s3:Put*")[0].harm == "permissions"
    assert [known.action.name for known in taken_in("no:such*")] == []
