"""The right to change permissions.

## What it does
Reports statements of an execution role that may write or attach IAM policies, change trust policies, or make
credentials (`iam:PutRolePolicy`, `iam:AttachRolePolicy`, `iam:CreatePolicyVersion`, `iam:CreateAccessKey` …) and name
no roles or users.

## Why is this bad?
It is an administrator in two steps: whoever runs code in the function attaches AdministratorAccess to its own role.

## When it is fine
Never without a permissions boundary that the condition key `iam:PermissionsBoundary` demands; then it is quiet.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: iam:AttachRolePolicy, Resource: "*"}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement:
            - Effect: Allow
              Action: iam:AttachRolePolicy
              Resource: "arn:aws:iam::111122223333:role/orders-tenant-*"
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Statement: {Effect: Allow, Action: iam:AttachRolePolicy, Resource: "*"}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
}
resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
data "aws_iam_policy_document" "orders" {
  statement {
    actions   = ["iam:AttachRolePolicy"]
    resources = ["*"]
  }
}
resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.name
  policy = data.aws_iam_policy_document.orders.json
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
resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
data "aws_iam_policy_document" "orders" {
  statement {
    actions   = ["iam:AttachRolePolicy"]
    resources = ["arn:aws:iam::111122223333:role/orders-tenant-*"]
  }
}
resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.name
  policy = data.aws_iam_policy_document.orders.json
}
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, Action: iam:AttachRolePolicy, Resource: "*"}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, Action: iam:AttachRolePolicy, Resource: "arn:aws:iam::111122223333:role/orders-tenant-*"}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Advice only: which roles the function manages is not written in the statement.

## References
- [Permissions boundaries](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.rules._base import CRITICAL, Context, Outcome, rule
from stockade.rules.identity._roles import APPLIES, Fault, few, on_wide_resource, tell


@rule(
    "SK220",
    "policy-write-power",
    severity=CRITICAL,
    since="0.1",
    controls=["ROLE-3", "ROLE-11"],
    maps={"cwe": [269]},
    aliases=[
        "CKV_AWS_110",
        "CKV_AWS_286",
        "AC_AWS_0473",
        "S6317",
        "iam_inline_policy_allows_privilege_escalation",
        "iam_policy_allows_privilege_escalation",
    ],
    applies=APPLIES,
    holds="no statement changes permissions of what it does not name",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement of every execution role."""
    del ctx
    yield from tell(app, ("policy-write",), _tell, "no statement changes permissions of what it does not name")


def _tell(fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    whom = "themselves" if len(fault.policy.functions) > 1 else "itself"
    yield from on_wide_resource(
        fault,
        severity=CRITICAL,
        message=f"{fault.who} may give {whom} any permission ({few(charge.named)}{charge.on})",
        help="name the roles, and demand a permissions boundary by a condition on iam:PermissionsBoundary",
        advice="name what may be changed, and demand a permissions boundary",
    )
