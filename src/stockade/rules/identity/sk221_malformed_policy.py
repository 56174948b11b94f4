"""A policy that IAM refuses.

## What it does
Reports what IAM does not take: elements that do not exist or exclude each other, effects, versions, principals and
condition operators that there are not, statements without an action or a resource, values of the wrong type, JSON
that is none.

## Why is this bad?
IAM refuses the policy, so that the deployment fails; and until then, nobody can rely on what it says. A statement
with a misspelled element is the worst kind: `Resources` or `Conditions` look as if they limited something.

## When it is fine
Never.

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
            - {Effect: Allow, Action: "sqs:SendMessage", Resources: "arn:aws:sqs:eu-west-1:111122223333:jobs"}
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
            - {Effect: Allow, Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:111122223333:jobs"}
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
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resources = "arn:aws:sqs:eu-west-1:111122223333:jobs" }]
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
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:eu-west-1:111122223333:jobs" }]
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
        - {Effect: Allow, Action: "sqs:SendMessage", Resources: "arn:aws:sqs:eu-west-1:111122223333:jobs"}
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
        - {Effect: Allow, Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:111122223333:jobs"}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Unsafe: where what was meant is told by case or a letter or two (`allow`), the fix writes it, and the statement counts
from then on. Elsewhere advice only: what was meant is for the author to say.

## References
- [Policy check reference of IAM Access Analyzer](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
- [Grammar of IAM policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, Severity, rule
from stockade.rules.identity._validity import APPLIES, Flaw, tell

# Ids of IAM Access Analyzer.
_IDS = (
    "DATA_TYPE_MISMATCH",
    "DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
    "INVALID_CONDITION_DATA_TYPE",
    "INVALID_CONDITION_KEY_FORMAT",
    "INVALID_CONDITION_OPERATOR",
    "INVALID_EFFECT",
    "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",
    "INVALID_POLICY_ELEMENT",
    "INVALID_PRINCIPAL_FORMAT",
    "INVALID_PRINCIPAL_KEY",
    "INVALID_SERVICE_PRINCIPAL_FORMAT",
    "INVALID_VERSION",
    "JSON_SYNTAX_ERROR",
    "MISMATCHED_ACTION_FOR_PRINCIPAL",
    "MISSING_ACTION",
    "MISSING_EFFECT",
    "MISSING_PRINCIPAL",
    "MISSING_RESOURCE",
    "MISSING_STATEMENT",
    "NULL_WITH_IF_EXISTS",
    "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",
    "UNIQUE_SIDS_REQUIRED",
    "UNSUPPORTED_ACTION_IN_POLICY",
    "UNSUPPORTED_ELEMENT_COMBINATION",
    "UNSUPPORTED_PRINCIPAL",
    "UNSUPPORTED_SID",
    "UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
)


@rule(
    "SK221",
    "malformed-policy",
    severity=MEDIUM,
    since="0.1",
    controls=["ROLE-3"],
    maps={"cwe": [1286]},
    aliases=["E3510", "E3511", "E3512", "E3513", "E3514", "E3530", "W2511", "I3510"],
    applies=APPLIES,
    holds="its policies are written as IAM takes them",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at every policy of every execution role, and at its trust policy."""
    del ctx
    yield from tell(app, _IDS, _grade)


def _grade(flaw: Flaw) -> Severity:
    return LOW if flaw.fault.id in {"UNSUPPORTED_SID", "UNIQUE_SIDS_REQUIRED"} else MEDIUM
