"""Functions that only deployments invoke: what fails there is seen by whoever deploys."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

CFN = """
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      {Runtime: python3.13, Handler: a.b, Role: "arn:aws:iam::111122223333:role/r", Code: {S3Bucket: b, S3Key: k}}
"""
SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: a.b, CodeUri: src/}
"""
SERVICE = """
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
"""
TERRAFORM = """
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
"""
MACRO = "  Macro: {Type: AWS::CloudFormation::Macro, Properties: {Name: Count, FunctionName: !GetAtt Orders.Arn}}\n"
CUSTOM = "  Own: {Type: 'Custom::Thing', Properties: {ServiceToken: !GetAtt Orders.Arn}}\n"
PLAIN = "  Own: {Type: AWS::CloudFormation::CustomResource, Properties: {ServiceToken: !GetAtt Orders.Arn}}\n"
TIMER = """
  Daily:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: !GetAtt Orders.Arn}]}
"""
OPEN = """
  Anybody:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: "*"}
"""
INVOCATION = """
resource "aws_lambda_invocation" "once" {
  function_name = aws_lambda_function.orders.function_name
  input         = "{}"
}
"""
URL = """
resource "aws_lambda_function_url" "orders" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "AWS_IAM"
}
"""


def in_service(text: str) -> str:
    return SERVICE + "".join(
        f"  {line}\n" for line in text.replace("Orders.Arn", "OrdersLambdaFunction.Arn").splitlines()
    )


@pytest.mark.parametrize("code", ["SK710", "SK713", "SK714"])
@pytest.mark.parametrize(
    ("text", "spared"),
    [
        (CFN + MACRO, True),
        (CFN + CUSTOM, True),
        (CFN + PLAIN, True),
        (CFN + MACRO + CUSTOM, True),
        (SAM + MACRO, True),
        (SAM + CUSTOM, True),
        (in_service(CUSTOM), True),
        (TERRAFORM + INVOCATION, True),
        (CFN, False),
        (CFN + MACRO + TIMER, False),
        (SAM + CUSTOM + OPEN, False),
        (TERRAFORM + INVOCATION + URL, False),
    ],
)
def test_whoever_deploys_is_told(code: str, text: str, *, spared: bool) -> None:
    assert next(iter(judge(code, text).by_function.values())) == ("not_applicable" if spared else "fail")


@pytest.mark.parametrize("text", [CFN + MACRO, CFN + CUSTOM, SAM + PLAIN])
def test_their_events_are_lost_on_nobody(text: str) -> None:
    assert judge("SK703", text).by_function == {"Orders": "not_applicable"}
