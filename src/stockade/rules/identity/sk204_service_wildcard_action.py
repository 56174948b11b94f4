"""A statement that allows every action of a service.

## What it does
Reports statements of an execution role with an action such as `s3:*`. The severity is that of what the service holds
and of how much of it the statement reaches. All such actions of a statement are one finding.

## Why is this bad?
A function that stores objects needs two or three of the hundred actions of S3. The others empty the bucket, delete it,
make it public or copy it to another account. AWS adds more every year.

## When it is fine
For a function whose task is to administer the service. Services that keep nothing of yours (text recognition, say) are
told as low.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: "s3:*", Resource: "*"}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: [s3:GetObject, s3:PutObject], Resource: arn:aws:s3:::orders/*}
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
            Statement: {Effect: Allow, Action: "s3:*", Resource: "*"}
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
    actions   = ["s3:*"]
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
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["arn:aws:s3:::orders/*"]
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
        - {Effect: Allow, Action: "s3:*", Resource: "*"}
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
        - {Effect: Allow, Action: [s3:GetObject, s3:PutObject], Resource: arn:aws:s3:::orders/*}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Advice only: which actions the function calls is written in its code.

## References
- [Actions, resources and condition keys of AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
- [Grant least privilege access](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules.identity._roles import APPLIES, GRAVE, Fault, few, lower, tell
from stockade.rules.identity._services import worst_of

_FINE = "short of `*`, no statement allows every action of a service"


@rule(
    "SK204",
    "service-wildcard-action",
    severity=MEDIUM,
    since="0.1",
    controls=["ROLE-2"],
    maps={"aws-fsbp": ["IAM.21"], "cwe": [250]},
    aliases=[
        "CKV_AWS_49",
        "AWS-0114",
        "AWS-0120",
        "2f37c4a3",
        "953b3cdb",
        "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
        "IAM_MANAGEDPOLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
        "IAM_ROLE_NO_WILDCARD_ACTIONS_ON_PERMISSIONS",
        "LambdaStarPermissions",
        "WS1003",
        "IAM.21",
        "CKV2_AWS_40",
        "iam_policy_no_full_access_to_kms",
        "iam_inline_policy_no_full_access_to_kms",
    ],
    applies=APPLIES,
    holds=_FINE,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement of every execution role."""
    del ctx
    yield from tell(app, ("service-wildcard",), _tell, _FINE)


def _tell(fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    severity = worst_of(pattern.partition(":")[0] for pattern in charge.patterns)
    severity = lower(severity) if charge.breadth == "part" else severity
    severity = lower(severity) if charge.weak else severity
    where = {"all": "every resource", "kind": f"everything under `{charge.resource}`"}.get(
        charge.breadth, "its resources"
    )
    takes = few(charge.named, 3, GRAVE)
    yield from found(
        charge.answer,
        subject=fault.policy,
        at=charge.at,
        severity=severity,
        message=f"{fault.who} may call {few(charge.patterns)} on {where}"
        + (f", which takes in {takes}" if takes else ""),
        help="name the actions that the function calls",
        fix=Fix.advice("name the actions that the function calls"),
        related=fault.resource_label,
        evidence=f"{','.join(charge.patterns)} on {charge.resource}",
    )
