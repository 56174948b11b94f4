"""What people write that is right: nothing is said of it."""

from __future__ import annotations

from typing import Any

import pytest

from stockade.model.policy import PolicyType
from tests.iam.validate.support import faults_of, policy

ROOT = {"AWS": "arn:aws:iam::111122223333:root"}
ACCOUNT = {"StringEquals": {"aws:SourceAccount": "111122223333"}}

# ARNs of what functions use, each with an action of the service.
ARNS = [
    "apigateway:eu-west-1::/restapis/a1/stages/*",
    "appsync:eu-west-1:111122223333:apis/a1/types/Query/fields/*",
    "athena:eu-west-1:111122223333:workgroup/primary",
    "backup:eu-west-1:111122223333:recovery-point:*",
    "batch:eu-west-1:111122223333:job-definition/j:1",
    "bedrock:*::foundation-model/*",
    "bedrock:::foundation-model/some.model-v1:0",
    "cloudformation:eu-west-1:111122223333:stack/a/*",
    "cloudfront::111122223333:distribution/E1",
    "cloudwatch:eu-west-1:111122223333:alarm:a",
    "cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a",
    "dynamodb:eu-west-1:111122223333:table/orders/index/*",
    "ec2:*:*:network-interface/*",
    "ec2:eu-west-1::image/ami-1",
    "ecs:eu-west-1:111122223333:task-definition/t:*",
    "events:eu-west-1:111122223333:event-bus/default",
    "execute-api:eu-west-1:111122223333:a1/*/GET/orders",
    "firehose:eu-west-1:111122223333:deliverystream/a",
    "glue:eu-west-1:111122223333:catalog",
    "iam::111122223333:role/service/a",
    "iam::aws:policy/AdministratorAccess",
    "kinesis:eu-west-1:111122223333:stream/a/consumer/c:1",
    "kms:eu-west-1:111122223333:alias/a",
    "lambda:eu-west-1:111122223333:function:orders:live",
    "lambda:eu-west-1:111122223333:layer:a:1",
    "logs:*:*:*",
    "logs:eu-west-1:111122223333:log-group:/aws/lambda/*:*",
    "rds-db:eu-west-1:111122223333:dbuser:db-1/app",
    "route53:::hostedzone/Z1",
    "s3:::orders",
    "s3:::orders/${aws:PrincipalTag/team}/*",
    "s3:eu-west-1:111122223333:accesspoint/a/object/*",
    "scheduler:eu-west-1:111122223333:schedule/default/a",
    "secretsmanager:eu-west-1:111122223333:secret:a-??????",
    "ses:eu-west-1:111122223333:identity/example.com",
    "sns:eu-west-1:111122223333:a",
    "sqs:eu-west-1:111122223333:a.fifo",
    "ssm:eu-west-1::document/AWS-RunShellScript",
    "ssm:eu-west-1:111122223333:parameter/a/b",
    "states:eu-west-1:111122223333:execution:a:*",
    "sts::111122223333:assumed-role/a/b",
    "timestream:eu-west-1:111122223333:database/a/table/b",
    "wafv2:eu-west-1:111122223333:regional/webacl/a/b",
    "xray:eu-west-1:111122223333:*",
]


@pytest.mark.parametrize("arn", ARNS)
def test_arns_of_what_functions_use(arn: str) -> None:
    service = arn.partition(":")[0]
    found = faults_of(policy({"Effect": "Deny", "Action": f"{service}:*", "Resource": f"arn:aws:{arn}"}))
    assert [(fault.id, fault.message) for fault in found] == []


POLICIES: dict[str, tuple[dict[str, Any], PolicyType, str]] = {
    "a key's own": (
        policy(
            {"Principal": ROOT, "Action": "kms:*", "Resource": "*"},
            {
                "Principal": {"Service": "logs.eu-west-1.amazonaws.com"},
                "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
                "Resource": "*",
                "Condition": {
                    "ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:*"}
                },
            },
        ),
        "resource",
        "AWS::KMS::Key",
    ),
    "a bucket that wants encryption on the way": (
        policy(
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ),
        "resource",
        "AWS::S3::Bucket",
    ),
    "a queue of a topic": (
        policy(
            {
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs",
                "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:orders"}},
            }
        ),
        "resource",
        "AWS::SQS::Queue",
    ),
    "an API for one network": (
        policy(
            {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"},
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "execute-api:/prod/*",
                "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}},
            },
        ),
        "resource",
        "AWS::ApiGateway::RestApi",
    ),
    "a role for a function": (
        policy(
            {"Principal": {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]}, "Action": "sts:AssumeRole"}
        ),
        "trust",
        "",
    ),
    "a role with session tags": (
        policy(
            {
                "Principal": ROOT,
                "Action": ["sts:AssumeRole", "sts:TagSession"],
                "Condition": {
                    "StringEquals": {"aws:RequestTag/team": "shop"},
                    "Bool": {"aws:MultiFactorAuthPresent": "true"},
                },
            }
        ),
        "trust",
        "",
    ),
    "a role for SAML": (
        policy(
            {
                "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/idp"},
                "Action": "sts:AssumeRoleWithSAML",
                "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            }
        ),
        "trust",
        "",
    ),
    "a role for pods": (
        policy(
            {
                "Principal": {
                    "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1"
                },
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/A1:sub": "system:serviceaccount:a:b"}
                },
            }
        ),
        "trust",
        "",
    ),
    "rows of one's own": (
        policy(
            {
                "Action": ["dynamodb:GetItem", "dynamodb:Query"],
                "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
                "Condition": {
                    "ForAllValues:StringEquals": {
                        "dynamodb:LeadingKeys": ["${www.amazon.com:user_id}"],
                        "dynamodb:Attributes": ["id", "state"],
                    },
                    "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
                },
            }
        ),
        "identity",
        "",
    ),
    "all but some regions": (
        policy(
            {
                "Effect": "Deny",
                "NotAction": ["iam:*", "sts:*", "route53:*", "support:*"],
                "Resource": "*",
                "Condition": {
                    "StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]},
                    "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"},
                },
            }
        ),
        "scp",
        "",
    ),
}


@pytest.mark.parametrize("name", POLICIES)
def test_policies_as_they_ought_to_be(name: str) -> None:
    document, type_, on = POLICIES[name]
    assert [(fault.id, fault.message) for fault in faults_of(document, type_, on)] == []
