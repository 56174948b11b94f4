"""A resource that no ARN fits.

## What it does
Reports resources of an execution role's policies that are no ARN, or an ARN that nothing can have: without the region
or account that such resources have, with one that they have not, of a service, partition, region or form that does
not exist. Where a part is a mark for something to be filled in, such as `<account>`, only the pedantic persona hears of it, once
for the whole ARN.

## Why is this bad?
The statement is about nothing. Where it allows, the function fails when it needs it, and the resource is often made
`*` then. Where it denies, it denies nothing.

## When it is fine
In a partition or region that is newer than what Stockade knows.

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
            - {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:eu-west-1:111122223333:orders/*"}
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
            - {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::orders/*"}
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
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:eu-west-1:111122223333:orders/*" }]
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
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::orders/*" }]
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
        - {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:eu-west-1:111122223333:orders/*"}
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
        - {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::orders/*"}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Unsafe: where only a part of the ARN can't be (a region that its resources don't have, the case of the service), the fix
writes it without, and the statement counts from then on. Elsewhere advice only: which resource is meant is for the author to say.

## References
- [Policy check reference of IAM Access Analyzer](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
- [Amazon Resource Names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.rules._base import LOW, Context, Outcome, rule
from stockade.rules._words import by_format
from stockade.rules.identity._validity import APPLIES, Flaw, tell, worse_if_denied

# Ids of IAM Access Analyzer.
_IDS = (
    "ARN_ACCOUNT_NOT_ALLOWED",
    "ARN_REGION_NOT_ALLOWED",
    "INVALID_ARN_ACCOUNT",
    "INVALID_ARN_PREFIX",
    "INVALID_ARN_REGION",
    "INVALID_ARN_RESOURCE",
    "INVALID_ARN_SERVICE_CASE",
    "INVALID_PARTITION",
    "MISSING_ARN_ACCOUNT",
    "MISSING_ARN_FIELD",
    "MISSING_ARN_REGION",
)


@rule(
    "SK223",
    "unmatchable-resource",
    severity=LOW,
    since="0.1",
    controls=["ROLE-3"],
    maps={"cwe": [1286]},
    applies=APPLIES,
    holds="every resource that its policies name can be one",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at every policy of every execution role, and at its trust policy."""
    del ctx
    yield from tell(app, _IDS, worse_if_denied(LOW), _advice)


def _advice(flaw: Flaw) -> str:
    """What to do: an account that is none, or is left out, is most often meant to be the one that is deployed to."""
    fault = flaw.fault
    written_out = "AWS::" in fault.message  # a pseudo parameter outside of what fills it in
    if fault.id not in {"INVALID_ARN_ACCOUNT", "MISSING_ARN_ACCOUNT"} or written_out:
        return fault.help
    own = by_format(
        flaw.subject,
        "`${AWS::AccountId}` inside of `!Sub`",
        "`${data.aws_caller_identity.current.account_id}`",
        "`${aws:accountId}`",
    )
    if fault.unfilled:
        return f"{fault.help}: {own} for the account that it is deployed to"
    return f"write {own} for the account that it is deployed to, the 12 digits of another one, or `*`"
