"""How statements that reach too far can be narrowed, and what weighs less than it looks."""

from __future__ import annotations

import json

import pytest

from tests.rules.identity.support import allow, role, sam
from tests.rules.support import judge

FOUNDATION = "arn:aws:bedrock:*::foundation-model/*"
PROFILES = "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/*"
MODEL = "name the model, or its provider's prefix"
OWN = "name the resource, or begin its name with a prefix of your own"


def terraform(action: str, resource: str) -> str:
    return f"""
resource "aws_lambda_function" "orders" {{
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
}}
resource "aws_iam_role" "orders" {{
  assume_role_policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}]
  }})
}}
resource "aws_iam_role_policy" "orders" {{
  role   = aws_iam_role.orders.id
  policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = {action}, Resource = {resource} }}] }})
}}
"""


def service(action: str, resource: str) -> str:
    return f"""
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {{Effect: Allow, Action: {action}, Resource: {resource}}}
functions:
  orders: {{handler: app.handler}}
"""


def everywhere(actions: list[str], resources: list[str]) -> list[str]:
    """One statement in every format."""
    written = json.dumps(actions), json.dumps(resources)
    statement = allow(actions, resources)
    return [role(statement), sam({"Statement": [statement]}), terraform(*written), service(*written)]


REFERENCE = "name the resource, best by reference, in a policy of its own where the resource needs the function"


@pytest.mark.parametrize("text", everywhere(["bedrock:InvokeModel"], [FOUNDATION, PROFILES]))
def test_what_others_name_gets_no_prefix_of_ones_own(text: str) -> None:
    assert [finding.help for finding in judge("SK207", text).fails] == [MODEL]


@pytest.mark.parametrize(
    ("action", "resource", "help_"),
    [
        ("s3:PutObject", "arn:aws:s3:::*", OWN),
        ("sqs:SendMessage", "arn:aws:sqs:*:*:*", OWN),
        ("bedrock:InvokeModel", "arn:aws:bedrock:*:*:*", MODEL),
        # The service makes up what these are told apart by.
        ("bedrock:InvokeAgent", "arn:aws:bedrock:*:*:agent-alias/*/*", REFERENCE),
        ("cognito-idp:AdminGetUser", "arn:aws:cognito-idp:*:*:userpool/*", REFERENCE),
        ("lambda:GetLayerVersion", "arn:aws:lambda:*:017000801446:layer:*", "name the layer"),
        ("iam:GetPolicy", "arn:aws:iam::aws:policy/*", "name what of AWS's is meant"),
    ],
)
def test_how_a_resource_can_be_named(action: str, resource: str, help_: str) -> None:
    assert [finding.help for finding in judge("SK207", role(allow(action, resource))).fails] == [help_]


@pytest.mark.parametrize(
    ("code", "action", "end"),
    [
        ("SK209", "secretsmanager:GetSecretValue", ", in a statement of its own"),
        (
            "SK210",
            "kms:Decrypt",
            ", in a statement of its own, or limit the use by `kms:ViaService` or an encryption context there",
        ),
    ],
)
def test_what_works_on_everything_alone_stays_where_it_is(code: str, action: str, end: str) -> None:
    for text in everywhere([action, "ec2:CreateNetworkInterface"], ["*"]):
        assert [finding.help.endswith(end) for finding in judge(code, text).fails] == [True]
    for text in everywhere([action, "dynamodb:PutItem"], ["*"]):
        assert ["statement" in finding.help for finding in judge(code, text).fails] == [False]


FUNCTIONS = "arn:aws:lambda:*:*:function:*"


def test_to_take_access_away_weighs_less_than_to_give_it() -> None:
    for text in everywhere(["lambda:RemovePermission"], [FUNCTIONS]):
        assert judge("SK207", text).severities == ["medium"]
        assert not judge("SK219", text).fails
    assert judge("SK206", role(allow(["kms:RevokeGrant", "sns:RemovePermission"]))).severities == ["medium"]


def test_to_give_access_and_to_take_it_away_is_one_power() -> None:
    for text in everywhere(["lambda:AddPermission", "lambda:RemovePermission"], [FUNCTIONS]):
        (finding,) = judge("SK219", text).fails
        assert "may let others invoke any function of the account" in finding.message
        assert "(`lambda:AddPermission` and `lambda:RemovePermission` on " in finding.message
        assert finding.severity == "high"
        assert not judge("SK207", text).fails


def test_what_else_is_done_with_functions_is_told_apart() -> None:
    text = role(allow(["lambda:AddPermission", "lambda:RemovePermission", "lambda:InvokeFunction"], FUNCTIONS))
    (finding,) = judge("SK207", text).fails
    assert "may call `lambda:InvokeFunction` on" in finding.message
