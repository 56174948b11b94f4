"""A role that anybody may take.

## What it does
Reports trust policies that allow the principal `*`. An organisation in the conditions (`aws:PrincipalOrgID`) or a
condition on the caller's account or ARN makes it fine; an external id alone does not, since it is no secret.

## Why is this bad?
`*` is every principal of every AWS account. Whoever learns the role's name takes it, and has all that the function may
do, from a machine of his own, without ever calling the function.

## When it is fine
With a condition that names the organisation or the caller.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: "*"
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, Role: !GetAtt Role.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: {AWS: "*"}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
resource "aws_iam_role" "orders" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}
resource "aws_iam_role" "orders" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  orders: {handler: app.handler, role: OrdersRole}
resources:
  Resources:
    OrdersRole:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Statement:
            - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
            - {Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: "*"}}
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  orders: {handler: app.handler, role: OrdersRole}
resources:
  Resources:
    OrdersRole:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Statement:
            - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
```

## Fix safety
Advice only: who has to take the role is not written anywhere.

## References
- [How to use trust policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html)
- [Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.conditions import has_key, limited
from stockade.iam.principals import principals
from stockade.model.app import App, Role
from stockade.model.intent import Fix
from stockade.model.policy import Statement
from stockade.model.value import NO, Tri, given
from stockade.rules._base import CRITICAL, Context, Outcome, found, rule
from stockade.rules.identity._roles import APPLIES, elsewhere, hidden_trust, whose


@rule(
    "SK212",
    "public-trust",
    severity=CRITICAL,
    since="0.1",
    controls=["ROLE-10"],
    maps={"cwe": [284]},
    aliases=[
        "CKV_AWS_60",
        "F2",
        "12b7e704",
        "f80e3aa7",
        "IAM_ROLE_NO_FULL_ACCESS_ON_TRUST_POLICY",
        "FG_R00219",
        "trustedCrossAccountRoles",
        "S6270",
    ],
    applies=APPLIES,
    holds="the trust policy names who may take the role",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every trust policy for a star, also those of roles that no function runs as: they are open all the same."""
    del ctx
    for role in app.roles:
        for statement in role.trust:
            yield from _one(role, statement)
        if not len(role.trust):
            yield from found(NO, subject=role, message="")
    yield from hidden_trust(app)
    yield from elsewhere(app, "has a role that somebody else may take")


def _one(role: Role, statement: Statement) -> Iterator[Outcome]:
    stars = [p for p in principals(statement) if p.kind in {"*", "AWS"} and not p.value.is_("*").is_no]
    if not stars:
        yield from found(NO, subject=role, message="")
        return
    limits = limited(statement, "caller") | limited(statement, "resource") | has_key(statement, "aws:SourceVpc")
    answer: Tri = given(statement.exists, statement.effect.is_("Allow")) & stars[0].value.is_("*") & ~limits
    guarded = has_key(statement, "sts:ExternalId").is_yes
    yield from found(
        answer,
        subject=role,
        at=stars[0].value,
        message=f"anybody with an AWS account may take `{role}`{whose(role)}"
        + (", who knows the external id" if guarded else ""),
        help="name the service in the trust policy: lambda.amazonaws.com",
        fix=Fix.advice("name in the trust policy who may take the role"),
        evidence="trust",
        passes="conditions limit who may take the role",
    )
