"""An ARN that covers everything of its kind.

## What it does
Reports resources such as `arn:aws:s3:::*` or `arn:aws:dynamodb:*:*:table/*`: they look like a limit and cover every
bucket, every table, every queue of the account. A prefix of your own (`table/orders-*`) is fine, or that of a model's
provider (`foundation-model/anthropic.*`).

## Why is this bad?
It is `*` with more letters: the function may use what belongs to everybody else, and what will be made next year. In
a review it passes for a limit.

## When it is fine
When the function really works on all resources of the kind, such as a backup or an inventory.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - SQSSendMessagePolicy: {QueueName: "*"}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - SQSSendMessagePolicy: {QueueName: orders}
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
            Statement: {Effect: Allow, Action: s3:PutObject, Resource: arn:aws:s3:::*}
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
  role   = aws_iam_role.orders.id
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::*"}]
    }
  EOT
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
  role   = aws_iam_role.orders.id
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::orders/*"}]
    }
  EOT
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
        - {Effect: Allow, Action: sqs:SendMessage, Resource: "arn:aws:sqs:*:*:*"}
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
Advice only: which resources the function uses is not written in the statement.

## References
- [Actions, resources and condition keys of AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
- [IAM identifiers](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.statements import Charge
from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.rules._base import HIGH, INFO, LOW, MEDIUM, Context, Outcome, Severity, found, rule
from stockade.rules.identity._narrow import apart, narrower
from stockade.rules.identity._roles import APPLIES, Fault, few, lower, tell

_SEVERITIES: dict[str, Severity] = {
    "permissions": HIGH,
    "credentials": HIGH,
    "code": HIGH,
    "secrets": HIGH,
    "read": LOW,
}


@rule(
    "SK207",
    "service-wide-resource",
    severity=MEDIUM,
    since="0.1",
    controls=["ROLE-3"],
    maps={"cwe": [250, 732]},
    applies=APPLIES,
    holds="beside what other rules are about, no ARN covers everything of its kind",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement of every execution role."""
    del ctx
    yield from tell(
        app,
        ("service-wide-resource",),
        _tell,
        "beside what other rules are about, no ARN covers everything of its kind",
    )


def _tell(fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    yield from found(
        charge.answer,
        subject=fault.policy,
        at=charge.resource_at or charge.at,
        severity=_severity(charge),
        message=f"{fault.who} may call {few(charge.named)} on everything of the kind ({few(charge.resources, 2)})",
        help=narrower(charge) + apart(charge),
        fix=Fix.advice("name the resources that the function uses"),
        related=fault.action_label,
        persona="pedantic" if charge.is_slight else None,
        evidence=f"{','.join(charge.patterns)} on {charge.resource}",
    )


def _severity(charge: Charge) -> Severity:
    """By the worst that one of the actions does."""
    if charge.harms[0] == "metadata":
        return INFO
    severity = _SEVERITIES.get(charge.harms[0], MEDIUM)
    # Text messages go to telephone numbers, which are no resources.
    severity = LOW if charge.named == ("sns:Publish",) else severity
    return lower(severity) if charge.weak else severity
