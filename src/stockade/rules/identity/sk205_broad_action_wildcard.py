"""An action wildcard that takes in more than reads.

## What it does
Reports action wildcards short of a whole service (`dynamodb:Put*`, `s3:*Object`) that take in a write or a change of
permissions. What it takes in is named. Wildcards that only read (`s3:List*`, `ec2:Describe*`) are quiet here.

## Why is this bad?
What a wildcard takes in is not what its author thought of: `s3:Put*` changes the policy, the encryption and the public
access of a bucket, and `dynamodb:*Item` deletes. New actions of AWS join without a word.

## When it is fine
Where every action that it takes in is needed, and the resource is the function's own.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: "s3:Put*", Resource: arn:aws:s3:::orders*}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: s3:PutObject, Resource: arn:aws:s3:::orders/*}
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
            Statement: {Effect: Allow, Action: "s3:Put*", Resource: arn:aws:s3:::orders*}
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
  inline_policy {
    name = "orders"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "s3:Put*", Resource = "arn:aws:s3:::orders*" }]
    })
  }
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
  inline_policy {
    name = "orders"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::orders/*" }]
    })
  }
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
        - {Effect: Allow, Action: "s3:Put*", Resource: arn:aws:s3:::orders*}
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
        - {Effect: Allow, Action: s3:PutObject, Resource: arn:aws:s3:::orders/*}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Advice only: which of the actions the function calls is written in its code.

## References
- [Actions, resources and condition keys of AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
- [Grant least privilege access](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.resources import texts_of
from stockade.iam.statements import Charge
from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.rules._base import HIGH, LOW, MEDIUM, Context, Label, Outcome, Severity, found, rule
from stockade.rules.identity._roles import APPLIES, GRAVE, Fault, few, lower, tell

_FINE = "beside whole services, logs and what AWS writes itself, no action wildcard takes in more than reads"


@rule(
    "SK205",
    "broad-action-wildcard",
    severity=MEDIUM,
    since="0.1",
    controls=["ROLE-2"],
    maps={"cwe": [250]},
    aliases=["AwsSolutions-IAM5"],
    applies=APPLIES,
    holds=_FINE,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement of every execution role."""
    del ctx
    yield from tell(app, ("action-wildcard",), _tell, _FINE)


def _tell(fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    where = {"all": "every resource", "kind": f"everything under `{charge.resource}`"}.get(
        charge.breadth, "its resources"
    )
    yield from found(
        charge.answer,
        subject=fault.policy,
        at=charge.at,
        severity=_severity(charge),
        message=f"{fault.who} may call {few(charge.patterns)} on {where}, which takes in "
        + few(charge.named, of=GRAVE),
        help="name the actions that the function calls",
        fix=Fix.advice("name the actions that the function calls"),
        related=(*_again(charge), *fault.resource_label),
        evidence=f"{','.join(charge.patterns)} on {charge.resource}",
    )


def _again(charge: Charge) -> Iterator[Label]:
    """The places of the patterns beside the one that is shown."""
    for _, text, leaf in texts_of(charge.statement.actions) if charge.statement.actions is not None else ():
        if text in charge.patterns and leaf.origin is not charge.at:
            yield Label(leaf.origin, "and so does this")


def _severity(charge: Charge) -> Severity:
    """By what it takes in, and how much of it the resources let it reach."""
    worst = charge.harms[0]
    if charge.breadth == "part":
        return MEDIUM if worst == "permissions" and not charge.weak else LOW
    severity = HIGH if worst in {"permissions", "credentials", "code"} else MEDIUM
    return lower(severity) if charge.weak else severity
