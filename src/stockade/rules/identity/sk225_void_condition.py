"""A condition that limits less than it says.

## What it does
Reports conditions that also hold where they are not meant to: `ForAllValues` on a key with one value, which holds for
every request without the key; keys with several values that are compared as if they had one; wildcards in accounts,
organizations and networks; `StringLike` on ARNs; conditions that are empty, always hold, or ask what the caller sets.

## Why is this bad?
The statement looks limited, and is not, or less than its reader believes.

## When it is fine
Where the key is always there. Say so with `Null`: `false` beside the condition, and it is quiet.

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
            - {Effect: Allow, Action: "sts:AssumeRole", Resource: "arn:aws:iam::*:role/batch",
               Condition: {"ForAllValues:StringEquals": {"aws:ResourceAccount": "111122223333"}}}
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
            - {Effect: Allow, Action: "sts:AssumeRole", Resource: "arn:aws:iam::*:role/batch",
               Condition: {StringEquals: {"aws:ResourceAccount": "111122223333"}}}
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
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::*:role/batch",
       Condition = { "ForAllValues:StringEquals" = { "aws:ResourceAccount" = "111122223333" } } }]
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
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::*:role/batch",
       Condition = { StringEquals = { "aws:ResourceAccount" = "111122223333" } } }]
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
        - {Effect: Allow, Action: "sts:AssumeRole", Resource: "arn:aws:iam::*:role/batch",
           Condition: {"ForAllValues:StringEquals": {"aws:ResourceAccount": "111122223333"}}}
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
        - {Effect: Allow, Action: "sts:AssumeRole", Resource: "arn:aws:iam::*:role/batch",
           Condition: {StringEquals: {"aws:ResourceAccount": "111122223333"}}}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Advice only: what is allowed now may be needed.

## References
- [Policy check reference of IAM Access Analyzer](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
- [Keys with one and with several values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, Severity, rule
from stockade.rules.identity._validity import APPLIES, Flaw, tell

# Ids of IAM Access Analyzer.
_IDS = (
    "CONFIRM_AUDIENCE_CLAIM_TYPE",
    "DYNAMODB_ATTRIBUTES_WITHOUT_SELECT",
    "EMPTY_OBJECT_CONDITION",
    "FORALLVALUES_WITH_SINGLE_VALUED_KEY",
    "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE",
    "MISSING_PAIRED_CONDITION_KEYS",
    "MISSING_QUALIFIER",
    "NULL_WITH_QUALIFIER",
    "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION",
    "S3_PREFIX_IN_NEGATIVE_CONTEXT",
    "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
    "UNTRUSTWORTHY_CONDITION_KEY",
    "VARIABLE_USAGE_TOO_PERMISSIVE",
    "WILDCARD_USAGE_TOO_PERMISSIVE",
)


@rule(
    "SK225",
    "void-condition",
    severity=MEDIUM,
    since="0.1",
    controls=["ROLE-3"],
    maps={"cwe": [1286]},
    applies=APPLIES,
    holds="every condition of its policies limits what it says",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at every policy of every execution role, and at its trust policy."""
    del ctx
    yield from tell(app, _IDS, _grade)


def _grade(flaw: Flaw) -> Severity:
    return LOW if flaw.fault.id in {"REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", "EMPTY_OBJECT_CONDITION"} else MEDIUM
