"""Roles that workflows take: whose tokens are good for them."""

from __future__ import annotations

import pytest

from tests.rules.support import judge


def role(principal: str, condition: str = "") -> str:
    return f"""
Parameters: {{Subject: {{Type: String}}}}
Resources:
  Cluster: {{Type: AWS::IAM::OIDCProvider, Properties: {{Url: "https://oidc.example.com"}}}}
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {{{principal}}}
            Action: sts:AssumeRoleWithWebIdentity
            {condition}
"""


GITHUB = "Federated: !Sub 'arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com'"
SUB = "token.actions.githubusercontent.com:sub"


@pytest.mark.parametrize(
    ("principal", "condition", "verdicts"),
    [
        (GITHUB, "", ["fail"]),
        (GITHUB, f"Condition: {{StringEquals: {{'{SUB}': 'repo:shop/orders:ref:refs/heads/main'}}}}", []),
        (GITHUB, f"Condition: {{StringLike: {{'{SUB}': 'repo:shop/*'}}}}", []),
        (GITHUB, f"Condition: {{StringLike: {{'{SUB}': ['repo:shop/*', '*']}}}}", ["fail"]),
        (GITHUB, f"Condition: {{StringLike: {{'{SUB}': 'repo:*/orders:*'}}}}", ["fail"]),
        (GITHUB, f"Condition: {{StringLike: {{'{SUB}': !Ref Subject}}}}", ["unsure"]),
        (GITHUB, f"Condition: {{StringNotEquals: {{'{SUB}': 'repo:shop/orders:pull_request'}}}}", ["fail"]),
        (GITHUB, "Condition: {StringEquals: {'token.actions.githubusercontent.com:repository_owner': shop}}", []),
        ("Federated: !Ref Cluster", "", ["fail"]),
        (
            "Federated: !Ref Cluster",
            "Condition: {StringEquals: {'oidc.example.com:sub': 'system:serviceaccount:shop:orders'}}",
            [],
        ),
        ("Federated: cognito-identity.amazonaws.com", "", []),  # whose tokens are bound by a pool
        ("Federated: !Sub 'arn:aws:iam::${AWS::AccountId}:saml-provider/people'", "", []),
        ("Service: lambda.amazonaws.com", "", []),
    ],
)
def test_whose_tokens_are_good(principal: str, condition: str, verdicts: list[str]) -> None:
    assert [f.verdict for f in judge("SK229", role(principal, condition)).findings] == verdicts


def function(policies: str) -> str:
    return f"""
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Policies: {policies}
"""


def test_what_a_framework_makes_of_statements_is_inline_too() -> None:
    statement = "{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}"
    assert judge("SK227", function(f"[{{Version: '2012-10-17', Statement: [{statement}]}}]")).fails
    assert not judge("SK227", function("[AWSXRayDaemonWriteAccess]")).fails


@pytest.mark.parametrize(
    ("policies", "told"),
    [
        ("[AWSResilienceHubAsssessmentExecutionPolicy]", True),
        ("[SecurityAudit]", False),  # told by the rule about what such policies read
        ("[AWSLambda_ReadOnlyAccess]", False),
        ("[ReadOnlyAccess]", False),  # told by the rule about secrets
        ("[AmazonDynamoDBFullAccess]", False),  # told by the rule about all of a service, which is another one
        ("[AdministratorAccess]", False),  # told by the rule about that policy
        ("[{Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'lambda:*', Resource: '*'}]}]", False),
        ("[{Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'lambda:GetFunction', Resource: '*'}]}]", False),
    ],
)
def test_one_cause_of_reading_all_functions_is_told_once(policies: str, *, told: bool) -> None:
    verdict = judge("SK230", function(policies))
    assert bool(verdict.fails) is told
    assert verdict.by_function == {"Orders": "fail"}


def test_the_policy_that_reads_all_functions_is_named_where_it_is_attached() -> None:
    policy = "AWSResilienceHubAsssessmentExecutionPolicy"
    (finding,) = judge("SK230", function(f"[AWSXRayDaemonWriteAccess, {policy}]")).fails
    assert finding.message.endswith(f"through `{policy}`")
    assert finding.help == "grant what the function calls instead of the policy"
    assert finding.span is not None
    assert finding.span.text == policy


def test_the_rule_about_what_a_policy_reads_says_that_environments_are_among_it() -> None:
    (finding,) = judge("SK206", function("[SecurityAudit]")).fails
    assert "and read the environment of every function, through `SecurityAudit`" in finding.message
    (finding,) = judge("SK206", function("[ViewOnlyAccess]")).fails
    assert "environment" not in finding.message


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("{Effect: Allow, NotAction: 'iam:*', Resource: '*'}", "fail"),
        ("{Effect: Allow, Action: 'lambda:Get*', Resource: 'arn:aws:lambda:*:*:function:*'}", "fail"),
        ("{Effect: Allow, Action: 'lambda:Get*', Resource: 'arn:aws:lambda:*:*:function:orders'}", "pass"),
        ("{Effect: Allow, Action: ['s3:*', 'lambda:GetFunction'], Resource: 'arn:aws:s3:::*'}", "pass"),
        ("{Effect: Allow, Action: 'lambda:ListFunctions', Resource: '*'}", "pass"),
    ],
)
def test_which_statements_read_all_functions(statement: str, verdict: str) -> None:
    assert judge("SK230", function(f"[{{Version: '2012-10-17', Statement: [{statement}]}}]")).by_function == {
        "Orders": verdict
    }
