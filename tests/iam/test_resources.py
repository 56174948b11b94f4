from __future__ import annotations

import pytest

from stockade.iam.actions import taken_in
from stockade.iam.resources import breadth, may_concern


def kinds(action: str) -> tuple[str, ...]:
    return taken_in(action)[0].kinds


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("dynamodb:GetItem", "*", "all"),
        ("dynamodb:GetItem", "arn:aws:*:*:*:*", "all"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/*", "kind"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/*", "kind"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:*", "kind"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:*", "kind"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/orders-*", "part"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/orders", "part"),
        ("dynamodb:Query", "arn:aws:dynamodb:*:*:table/*/index/*", "kind"),
        ("dynamodb:Query", "arn:aws:dynamodb:*:*:table/orders/index/*", "part"),
        ("s3:PutObject", "arn:aws:s3:::*", "kind"),
        ("s3:PutObject", "arn:aws:s3:::*/*", "kind"),
        ("s3:PutObject", "arn:aws:s3*", "kind"),
        ("s3:PutObject", "arn:aws:s3:::orders/*", "part"),
        ("s3:PutObject", "arn:aws:s3:::orders*", "part"),
        ("sqs:SendMessage", "arn:aws:sqs:*:*:*", "kind"),
        ("sqs:SendMessage", "arn:aws:sqs:*:*:orders*", "part"),
        ("lambda:InvokeFunction", "arn:aws:lambda:*:*:function:*", "kind"),
        ("lambda:InvokeFunction", "arn:aws:lambda:*:*:function:orders-*", "part"),
        ("ssm:GetParameter", "arn:aws:ssm:*:*:parameter/*", "kind"),
        ("ssm:GetParameter", "arn:aws:ssm:*:*:parameter/orders/*", "part"),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:*", "kind"),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:orders-??????", "part"),
        ("iam:PassRole", "arn:aws:iam::*:role/*", "kind"),
        ("iam:PassRole", "arn:aws:iam::*:role/service-role/*", "part"),
        ("kms:Decrypt", "arn:aws:kms:*:*:key/*", "kind"),
        ("kms:Decrypt", "arn:aws:kms:*:*:alias/*", "part"),
    ],
)
def test_breadth(action: str, resource: str, expected: str) -> None:
    assert breadth(resource, kinds(action)) == expected


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("s3:PutBucketPolicy", "arn:aws:s3:::orders/*", False),
        ("s3:PutBucketPolicy", "arn:aws:s3:::orders", True),
        ("s3:PutBucketPolicy", "arn:aws:s3:::orders*", True),
        ("s3:PutObject", "arn:aws:s3:::orders", False),
        ("s3:PutObject", "arn:aws:s3:::orders/*", True),
        ("s3:PutObject", "arn:aws:s3:::orders*", True),
        ("s3:PutAccountPublicAccessBlock", "arn:aws:s3:::orders*", False),
        ("s3:PutAccountPublicAccessBlock", "*", True),
        ("dynamodb:PutItem", "arn:aws:s3:::orders", False),
        ("dynamodb:PutItem", "arn:aws:dynamodb:*:*:table/orders", True),
        ("dynamodb:CreateBackup", "arn:aws:dynamodb:*:*:table/orders", True),
    ],
)
def test_may_concern(action: str, resource: str, expected: bool) -> None:  # noqa: FBT001
    assert may_concern(resource, kinds(action)) is expected
