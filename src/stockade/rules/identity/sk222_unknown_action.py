"""An action that does not exist.

## What it does
Reports actions of an execution role's policies that no service has: misspelled ones, ones of a service that goes by
another name, and operations of an API that are allowed by an action with another name (`s3:ListObjects` by
`s3:ListBucket`).

## Why is this bad?
A name that nobody knows allows nothing and denies nothing, and IAM does not say so. Where it is allowed, the function
fails when it is used, and what is tried then is often a wildcard. Where it is denied, the denial is void. Beside the
action that was meant, it only misleads who reads it.

## When it is fine
What is so new that it is not in the reference that Stockade knows, whose day `stockade --version` does not hide: the
page of the service has it then.

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
            - {Effect: Allow, Action: "dynamodb:GetItems", Resource: "arn:aws:dynamodb:*:*:table/orders"}
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
            - {Effect: Allow, Action: "dynamodb:GetItem", Resource: "arn:aws:dynamodb:*:*:table/orders"}
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
    Statement = [{ Effect = "Allow", Action = "dynamodb:GetItems", Resource = "arn:aws:dynamodb:*:*:table/orders" }]
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
    Statement = [{ Effect = "Allow", Action = "dynamodb:GetItem", Resource = "arn:aws:dynamodb:*:*:table/orders" }]
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
        - {Effect: Allow, Action: "dynamodb:GetItems", Resource: "arn:aws:dynamodb:*:*:table/orders"}
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
        - {Effect: Allow, Action: "dynamodb:GetItem", Resource: "arn:aws:dynamodb:*:*:table/orders"}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Unsafe: the fix writes the nearest name that there is, which then is allowed (or denied), and is not always the one
that is meant. Where no name is near, advice only.

## References
- [Policy check reference of IAM Access Analyzer](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
- [Actions, resources, and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.rules._base import LOW, Context, Outcome, rule
from stockade.rules.identity._validity import APPLIES, tell, worse_if_denied

# Ids of IAM Access Analyzer.
_IDS = (
    "INVALID_ACTION",
    "INVALID_SERVICE_IN_ACTION",
)


@rule(
    "SK222",
    "unknown-action",
    severity=LOW,
    since="0.1",
    controls=["ROLE-3"],
    maps={"cwe": [1286]},
    aliases=["W3037"],
    applies=APPLIES,
    holds="every action that its policies name exists",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at every policy of every execution role, and at its trust policy."""
    del ctx
    yield from tell(app, _IDS, worse_if_denied(LOW))
