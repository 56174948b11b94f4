"""A statement that allows every action.

## What it does
Reports statements of an execution role that allow the action `*`. On every resource that is an administrator, which is
told as one finding with its consequences; on one resource it is less, and still its deletion and its policy.

## Why is this bad?
`*` is every action of every service, those included that AWS will add. With it on every resource, whoever runs code in
the function reads every secret, takes every role, changes every function, and switches the audit off.

## When it is fine
Never for a function. What can't be known in advance can be limited by a permissions boundary, and named by its service.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: "*", Resource: "*"}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn}
  Jobs: {Type: AWS::SQS::Queue}
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
            Statement: {Effect: Allow, Action: "*", Resource: "*"}
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
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
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
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.jobs.arn }]
  })
}
resource "aws_sqs_queue" "jobs" { name = "jobs" }
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, Action: "*", Resource: "*"}
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
        - {Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Jobs: {Type: AWS::SQS::Queue}
```

## Fix safety
Advice only: which actions the function calls is written in its code.

## References
- [Lambda execution role](https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html)
- [Grant least privilege access](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.rules._base import CRITICAL, HIGH, MEDIUM, Context, Outcome, found, rule
from stockade.rules.identity._roles import APPLIES, Fault, few, lower, tell


@rule(
    "SK203",
    "star-action",
    severity=CRITICAL,
    since="0.1",
    controls=["ROLE-2", "ROLE-11"],
    maps={"aws-fsbp": ["IAM.1"], "cwe": [250, 269]},
    aliases=[
        "CKV_AWS_1",
        "CKV_AWS_62",
        "CKV_AWS_63",
        "F3",
        "AWS-0057",
        "575a2155",
        "f62aa827",
        "b1ffa705",
        "a0ae0a4e",
        "59ebb4f3",
        "F4",
        "F5",
        "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
        "AC_AWS_0144",
        "AC_AWS_0146",
        "AC_AWS_0147",
        "S6302",
        "FG_R00092",
        "iam_inline_policy_no_administrative_privileges",
        "iam_customer_attached_policy_no_administrative_privileges",
        "IAM.1",
        "CTL.LAMBDA.ROLE.LEASTPRIV.001",
        "B.4",
        "AdminAccess",
    ],
    applies=APPLIES,
    holds="no statement allows every action",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement of every execution role."""
    del ctx
    yield from tell(app, ("star-action",), _tell, "no statement allows every action")


def _tell(fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    if charge.breadth == "all":
        severity = HIGH if charge.weak else CRITICAL
        what = "may do anything to anything in the account: read every secret, take every role, change every function"
        what += " (as far as the statement's conditions let it)" if charge.weak else ""
    else:
        severity = HIGH if charge.breadth == "kind" else MEDIUM
        severity = lower(severity) if charge.weak else severity
        it = "them" if len(charge.resources) > 1 else "it"
        on = few(charge.resources, 2) or "what it names"
        what = f"may call every action on {on}, also delete {it} and change who else may use {it}"
    yield from found(
        charge.answer,
        subject=fault.policy,
        at=charge.at,
        severity=severity,
        message=f"{fault.who} {what}",
        help="name the actions that the function calls, and the resources that it uses",
        fix=Fix.advice("name the actions that the function calls"),
        related=fault.resource_label,
        evidence=f"* on {charge.resource}",
    )
