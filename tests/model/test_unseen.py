"""Which functions an API may call whose definition is not seen."""

from __future__ import annotations

import pytest

from tests.rules.support import app_of, judge

TEMPLATE = """
Parameters: {{Who: {{Type: String}}}}
Resources:
  Own: {{Type: AWS::Lambda::Function, Properties: {{Role: "arn:aws:iam::111122223333:role/own", Code: {{ZipFile: ""}}}}}}
  Other: {{Type: AWS::Lambda::Function, Properties: {{Role: "arn:aws:iam::111122223333:role/o", Code: {{ZipFile: ""}}}}}}
  Shop: {{Type: AWS::ApiGateway::RestApi, Properties: {{BodyS3Location: {{Bucket: b, Key: api.json}}}}}}
  Second: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: second}}}}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties: {{RestApiId: !Ref Shop, StageName: live, DeploymentId: d{stage}}}
{more}"""
PERMISSION = """  Allow:
    Type: AWS::Lambda::Permission
    Properties: {{FunctionName: {function}, Action: lambda:InvokeFunction, Principal: {by}{source}}}
"""
ROLE = """  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Principal: {{Service: {by}}}, Action: sts:AssumeRole}}]
      Policies:
        - PolicyName: p
          PolicyDocument: {{Statement: [{{Effect: Allow, Action: "{action}", Resource: "*"}}]}}
"""
GATEWAY = "apigateway.amazonaws.com"


def permission(function: str = "!Ref Own", by: str = GATEWAY, api: str = "") -> str:
    source = f", SourceArn: !Sub 'arn:aws:execute-api:eu-west-1:111122223333:${{{api}}}/*/GET/a'" if api else ""
    return PERMISSION.format(function=function, by=by, source=source)


@pytest.mark.parametrize(
    ("more", "own", "other"),
    [
        ("", "not_applicable", "not_applicable"),
        (permission(), "unknown", "not_applicable"),
        (permission(api="Second"), "not_applicable", "not_applicable"),
        (permission(by="s3.amazonaws.com"), "not_applicable", "not_applicable"),
        (permission(by="!Ref Who"), "unknown", "not_applicable"),
        (permission("!Ref Who"), "unknown", "unknown"),
        (ROLE.format(by=GATEWAY, action="lambda:Invoke*"), "unknown", "unknown"),
        (ROLE.format(by=GATEWAY, action="logs:*"), "not_applicable", "not_applicable"),
        (ROLE.format(by="states.amazonaws.com", action="lambda:*"), "not_applicable", "not_applicable"),
    ],
)
def test_only_who_lets_an_api_call_it_may_be_behind_one_that_is_not_seen(more: str, own: str, other: str) -> None:
    text = TEMPLATE.format(stage="", more=more)
    for code in ("SK112", "SK114", "SK118"):
        assert judge(code, text).by_function == {"Own": own, "Other": other}


def test_what_is_not_seen_still_concerns_the_api_and_its_stages() -> None:
    (gap,) = app_of(TEMPLATE.format(stage="", more=permission())).gaps
    assert gap.hides
    assert gap.affects == ("Shop", "Live", "Own")


def test_behind_a_stage_that_is_as_it_should_be_nothing_is_undecided() -> None:
    limited = (
        ", MethodSettings: [{HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 5, ThrottlingBurstLimit: 5}]"
    )
    assert judge("SK114", TEMPLATE.format(stage="", more=permission())).by_function["Own"] == "unknown"
    (own, _) = judge("SK114", TEMPLATE.format(stage=limited, more=permission())).rows
    assert own.verdict == "not_applicable"
    assert own.reason.endswith("as far as can be seen, and what it may be behind is as it should be")
