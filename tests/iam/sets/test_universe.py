"""Requests that can be made: actions that there are, on resources of their kinds, with keys of theirs."""

from __future__ import annotations

from typing import Any

import pytest

from stockade.iam.sets.access import Access, alone
from stockade.iam.sets.derived import known, not_granted
from stockade.iam.sets.questions import OPEN, Proved, Refuted, nothing
from stockade.knowledge import iam as facts
from tests.iam.sets.policies import document


def policy(action: str | list[str], resource: str = "*", **more: Any) -> Access:
    return alone(document([{"Effect": "Allow", "Action": action, "Resource": resource, **more}]), "p")


def witness(access: Access) -> Refuted | None:
    answer = nothing(access, known(OPEN))
    assert isinstance(answer, Refuted | Proved)
    return answer if isinstance(answer, Refuted) else None


@pytest.mark.parametrize(
    "access",
    [
        policy("s3:Foo"),
        policy("nosuch:*"),
        policy("s3:GetObject", "arn:aws:sqs:*:*:*"),
        policy("s3:GetObject", "arn:aws:s3:::bucket"),  # it is a bucket, and objects are asked for
        policy("s3:ListBucket", "arn:aws:s3:::bucket/*"),
        policy("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/t/index/*"),
        policy("dynamodb:GetItem", Condition={"StringEquals": {"s3:prefix": "x"}}),
        policy("s3:GetObject", Condition={"StringEquals": {"s3:prefix": "x"}}),  # of listing alone
        policy("iam:GetRole", Condition={"StringEquals": {"iam:PassedToService": "x"}}),
    ],
)
def test_requests_that_nobody_can_make(access: Access) -> None:
    assert witness(access) is None
    assert isinstance(nothing(access, OPEN), Refuted)


@pytest.mark.parametrize(
    ("access", "action", "resource"),
    [
        (policy("*"), "s3:GetObject", "arn:aws:s3:::bucket-name/object-name"),
        (policy("s3:*", "arn:aws:s3:::b*"), "s3:GetObject", "arn:aws:s3:::b"),
        (policy("s3:ListAllMyBuckets"), "s3:ListAllMyBuckets", "*"),
        (policy("S3:getobject"), "s3:GetObject", "arn:aws:s3:::bucket-name/object-name"),
        (policy(["s3:Foo", "sqs:Send*"]), "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:queue-name"),
        (policy("dynamodb:Query", "arn:aws:dynamodb:*:*:table/t/index/*"), "dynamodb:Query", "/index/"),
        (policy("lambda:InvokeFunction", "arn:aws:lambda:*:*:function:f:*"), "lambda:InvokeFunction", ":function:f:"),
    ],
)
def test_an_example_can_be_made_and_reads_well(access: Access, action: str, resource: str) -> None:
    found = witness(access)
    assert found is not None
    assert found.witness.action == action
    assert resource in found.witness.resource


@pytest.mark.parametrize(
    ("action", "key"),
    [
        # https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
        ("s3:PutObject", "lambda:SourceFunctionArn"),
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        ("s3:PutObject", "ec2:SourceInstanceARN"),
        ("dynamodb:GetItem", "cognito-identity.amazonaws.com:sub"),
        ("sts:AssumeRoleWithWebIdentity", "token.actions.githubusercontent.com:sub"),
        ("s3:GetObject", "saml:sub"),
        ("s3:GetObject", "s3:ExistingObjectTag/team"),
        ("s3:PutObject", "s3:RequestObjectTag/team"),
        ("ec2:StartInstances", "ec2:ResourceTag/team"),
        ("iam:PassRole", "iam:PassedToService"),
        ("s3:ListBucket", "s3:prefix"),
        ("kms:Decrypt", "kms:ViaService"),
        ("dynamodb:GetItem", "dynamodb:LeadingKeys"),
        ("s3:GetObject", "nosuchservice:key"),
        ("s3:GetObject", "aws:PrincipalTag/team"),
    ],
)
def test_keys_that_requests_have(action: str, key: str) -> None:
    for operator, value in (("StringLike", "*"), ("Null", "false")):
        answer = not_granted(policy(action, Condition={operator: {key: value}}), (action,), ("*",))
        assert isinstance(answer, Refuted), operator


def test_every_action_there_is_can_be_asked_for() -> None:
    for service in ("s3", "sqs", "lambda", "logs", "iam", "states", "events", "kms"):
        for action in facts.actions(service):
            found = witness(policy(action.name))
            assert found is not None, action.name
            assert found.witness.action == action.name
