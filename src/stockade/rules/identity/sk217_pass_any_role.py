"""The right to hand any role to a service.

## What it does
Reports statements of an execution role that allow `iam:PassRole` on every role, without a condition on the service
(`iam:PassedToService`) that gets it.

## Why is this bad?
Together with a right to start something (a function, a task, an instance, a stack), whoever runs code in the function
starts it with the strongest role of the account, and is that role.

## When it is fine
Never on every role: those that the function has to pass are known when it is written.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: iam:PassRole, Resource: "*"}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: iam:PassRole, Resource: "arn:aws:iam::111122223333:role/orders-task"}
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
            Statement: {Effect: Allow, Action: iam:PassRole, Resource: "*"}
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
resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }]
  })
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
resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "arn:aws:iam::111122223333:role/orders-task" }]
  })
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
        - {Effect: Allow, Action: iam:PassRole, Resource: "*"}
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
        - {Effect: Allow, Action: iam:PassRole, Resource: "arn:aws:iam::111122223333:role/orders-task"}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Advice only: which roles the function passes is not written in the statement.

## References
- [Passing roles to services](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.rules._base import HIGH, Context, Outcome, rule
from stockade.rules.identity._roles import APPLIES, Fault, on_wide_resource, tell

_FINE = "no statement passes roles without naming them, or what gets them"


@rule(
    "SK217",
    "pass-any-role",
    severity=HIGH,
    since="0.1",
    controls=["ROLE-3", "ROLE-11"],
    maps={"cwe": [269]},
    aliases=[
        "F39",
        "AWS-0342",
        "e39bee8c",
        "F38",
        "F40",
        "IAM_POLICY_NO_WILDCARD_RESOURCE_ON_PASSROLE",
        "IAM_ROLE_NO_WILDCARD_RESOURCE_ON_PASSROLE",
        "CTL.LAMBDA.PASSROLE.001",
    ],
    applies=APPLIES,
    holds=_FINE,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement of every execution role."""
    del ctx
    yield from tell(app, ("pass-role",), _tell, _FINE)


def _tell(fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    yield from on_wide_resource(
        fault,
        severity=HIGH,
        message=f"{fault.who} may pass any role to any service (`iam:PassRole`{charge.on})",
        help="name the roles, and the service in a condition on iam:PassedToService",
        advice="name the roles that may be passed",
    )
