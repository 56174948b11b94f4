"""An ignore that gives no reason.

## What it does
Reports `stockade: ignore[…]` comments, metadata and `[[suppress]]` in the configuration
without a `reason`.

## Why is this bad?
Whoever reads the template later can't tell a considered exception from a silenced alarm, and nobody can say when it may go.

## When it is fine
Never; a few words are enough.

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
        AuthType: NONE # stockade: ignore[public-function-url]
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
  authorization_type = "NONE" # stockade: ignore[public-function-url]
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
    url: true # stockade: ignore[public-function-url]
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
None: write the reason.

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
    "SK902",
    "ignore-without-reason",
    severity=LOW,
    since="0.1",
    controls=["DELV-2"],
    applies="has no ignore",
    holds="every ignore says why",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every ignore for its reason."""
    del app
    for audit in ctx.audits:
        if not audit.suppression.reason.strip():
            yield from found(
                YES,
                subject=file_of(audit.suppression),
                message=f"{shown(audit.suppression)} gives no reason",
                help='add reason="…"',
                evidence=",".join(audit.suppression.rules),
            )
