"""An ignore under which no finding falls.

## What it does
Reports `stockade: ignore[…]` comments, metadata and `[[suppress]]` in the configuration
that suppressed nothing in this run, or that name a rule that does not exist.

## Why is this bad?
A stale ignore hides the next fault that someone makes at its place, with a reason that was written for another one.

## When it is fine
When the finding appears only under other parameters; then scan with these parameters, or narrow the ignore.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Webhook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      FunctionUrlConfig:
        AuthType: AWS_IAM # stockade: ignore[public-function-url] reason="was open once"
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Webhook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      FunctionUrlConfig:
        AuthType: NONE # stockade: ignore[public-function-url] reason="the handler verifies the sender's signature"
```
```hcl bad
resource "aws_lambda_function" "webhook" {
  function_name = "webhook"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "webhook.zip"
  role          = "arn:aws:iam::111122223333:role/webhook"
}
resource "aws_lambda_function_url" "webhook" {
  function_name      = aws_lambda_function.webhook.function_name
  authorization_type = "AWS_IAM" # stockade: ignore[public-function-url] reason="was open once"
}
```
```hcl good
resource "aws_lambda_function" "webhook" {
  function_name = "webhook"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "webhook.zip"
  role          = "arn:aws:iam::111122223333:role/webhook"
}
resource "aws_lambda_function_url" "webhook" {
  function_name      = aws_lambda_function.webhook.function_name
  authorization_type = "NONE" # stockade: ignore[public-function-url] reason="the handler verifies the sender's signature"
}
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  webhook:
    handler: app.handler
    url: {authorizer: aws_iam} # stockade: ignore[public-function-url] reason="was open once"
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  webhook:
    handler: app.handler
    url: true # stockade: ignore[public-function-url] reason="the handler verifies the sender's signature"
```

## Fix safety
None: remove the ignore.

## References
- [Ignoring findings](../ignoring.md)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.value import YES
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules.stockade._subject import file_of, shown


@rule(
    "SK901",
    "unused-ignore",
    severity=LOW,
    since="0.1",
    controls=["DELV-2"],
    applies="has no ignore",
    holds="every ignore is needed",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every ignore whether a finding fell under it."""
    del app
    for audit in ctx.audits:
        if not audit.used or audit.unknown:
            words = ", ".join(f"`{w}`" for w in audit.unknown)
            yield from found(
                YES,
                subject=file_of(audit.suppression),
                message=f"{shown(audit.suppression)} suppresses nothing"
                + (f": no rule is called {words}" if words else ""),
                help="remove it",
                evidence=",".join(audit.suppression.rules),
            )
