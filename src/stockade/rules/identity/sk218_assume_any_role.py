"""The right to take any role.

## What it does
Reports statements of an execution role that allow `sts:AssumeRole` on every role.

## Why is this bad?
Every role that trusts the account, as many do, can be taken by whoever runs code in the function; those of other
accounts that trust this one, too.

## When it is fine
Never on every role. Where the accounts are many, name the role and leave the account open:
`arn:aws:iam::*:role/inventory-reader`.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: sts:AssumeRole, Resource: "*"}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: sts:AssumeRole, Resource: arn:aws:iam::*:role/inventory-reader}
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
            Statement: {Effect: Allow, Action: sts:AssumeRole, Resource: "*"}
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
  assume_role_policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
}
EOF
}
resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.id
  policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]
}
EOF
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
  assume_role_policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
}
EOF
}
resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.id
  policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::*:role/inventory-reader"}]
}
EOF
}
```
```yaml bad
service: orders
frameworkVersion: "4"
provider:
  name: aws
  runtime: python3.13
functions:
  orders:
    handler: app.handler
    iam:
      role:
        statements:
          - {Effect: Allow, Action: sts:AssumeRole, Resource: "*"}
```
```yaml good
service: orders
frameworkVersion: "4"
provider:
  name: aws
  runtime: python3.13
functions:
  orders:
    handler: app.handler
    iam:
      role:
        statements:
          - {Effect: Allow, Action: sts:AssumeRole, Resource: arn:aws:iam::*:role/inventory-reader}
```

## Fix safety
Advice only: which roles the function takes is not written in the statement.

## References
- [Granting permissions to switch roles](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.rules._base import HIGH, Context, Outcome, rule
from stockade.rules.identity._roles import APPLIES, Fault, on_wide_resource, tell


@rule(
    "SK218",
    "assume-any-role",
    severity=HIGH,
    since="0.1",
    controls=["ROLE-3", "ROLE-11"],
    maps={"cwe": [269]},
    aliases=["CKV_AWS_61", "bcdcbdc6", "e835bd0d", "iam_no_custom_policy_permissive_role_assumption"],
    applies=APPLIES,
    holds="no statement takes roles that it does not name",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement of every execution role."""
    del ctx
    yield from tell(app, ("assume-role",), _tell, "no statement takes roles that it does not name")


def _tell(fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    yield from on_wide_resource(
        fault,
        severity=HIGH,
        message=f"{fault.who} may take any role that trusts the account (`sts:AssumeRole`{charge.on})",
        help="name the roles that the function takes",
        advice="name the roles that may be taken",
    )
