"""A condition that no request fits.

## What it does
Reports conditions that never hold, or not as they are meant: on keys that do not exist or that requests for the
action do not have, with operators that do not fit the key, with values that no request has (private addresses for
`aws:SourceIp`, a region or VPC that can't be), with wildcards where an operator takes them for characters.

## Why is this bad?
A statement with such a condition is void. One that denies looks like a safeguard and is none; one that allows makes
the function fail, until somebody removes the condition.

## When it is fine
A key that is newer than what Stockade knows.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Version: "2012-10-17"
          Statement:
            - {Effect: Deny, Action: "s3:*", Resource: "*",
               Condition: {StringEquals: {"aws:RequestedRegion": "eu-west-*"}}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Version: "2012-10-17"
          Statement:
            - {Effect: Deny, Action: "s3:*", Resource: "*",
               Condition: {StringLike: {"aws:RequestedRegion": "eu-west-*"}}}
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
    Statement = [{ Effect = "Deny", Action = "s3:*", Resource = "*",
       Condition = { StringEquals = { "aws:RequestedRegion" = "eu-west-*" } } }]
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
    Statement = [{ Effect = "Deny", Action = "s3:*", Resource = "*",
       Condition = { StringLike = { "aws:RequestedRegion" = "eu-west-*" } } }]
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
        - {Effect: Deny, Action: "s3:*", Resource: "*", Condition: {StringEquals: {"aws:RequestedRegion": "eu-west-*"}}}
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
        - {Effect: Deny, Action: "s3:*", Resource: "*", Condition: {StringLike: {"aws:RequestedRegion": "eu-west-*"}}}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Unsafe where a value tells what was meant (a region with a letter too many): a condition that holds allows or denies what
was not before. Elsewhere advice only, for the same reason.

## References
- [Policy check reference of IAM Access Analyzer](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
- [
   Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
- [Global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.rules._base import MEDIUM, Context, Outcome, rule
from stockade.rules.identity._validity import APPLIES, tell, worse_if_denied

# Ids of IAM Access Analyzer.
_IDS = (
    "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    "EMPTY_ARRAY_CONDITION",
    "EMPTY_ARRAY_CONDITION_FORANYVALUE",
    "INVALID_GLOBAL_CONDITION_KEY",
    "INVALID_KMS_KEY_VALUE",
    "INVALID_REGION",
    "INVALID_SERVICE",
    "INVALID_SERVICE_CONDITION_KEY",
    "INVALID_VPCE_FORMAT",
    "INVALID_VPC_FORMAT",
    "MISSING_TAG_KEY_IN_CONDITION",
    "PRIVATE_IP_ADDRESS",
    "PRIVATE_NOT_IP_ADDRESS",
    "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",
    "TYPE_MISMATCH",
    "TYPE_MISMATCH_BOOLEAN",
    "TYPE_MISMATCH_DATE",
    "TYPE_MISMATCH_IP_RANGE",
    "TYPE_MISMATCH_NUMBER",
    "TYPE_MISMATCH_STRING",
    "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
    "UNSUPPORTED_GLOBAL_CONDITION_KEY",
    "WILDCARD_WITHOUT_LIKE_OPERATOR",
)


@rule(
    "SK224",
    "unmatchable-condition",
    severity=MEDIUM,
    since="0.1",
    controls=["ROLE-3"],
    maps={"cwe": [1286]},
    applies=APPLIES,
    holds="every condition of its policies can hold",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at every policy of every execution role, and at its trust policy."""
    del ctx
    yield from tell(app, _IDS, worse_if_denied(MEDIUM))
