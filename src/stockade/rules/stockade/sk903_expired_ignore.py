"""An ignore whose last day is over.

## What it does
Reports `stockade: ignore[…]` comments, metadata and `[[suppress]]` in the configuration
whose `until` date has passed or is no date. What they ignored is reported
again.

## Why is this bad?
The exception was granted for a time, and the time is over: the fault is still there.

## When it is fine
Never: mend the fault, or decide anew and set another date.

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
        AuthType: NONE # stockade: ignore[public-function-url] until=2020-01-31 reason="until the sender signs its calls"
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
        AuthType: NONE # stockade: ignore[public-function-url] until=2999-01-31 reason="until the sender signs its calls"
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
  authorization_type = "NONE" # stockade: ignore[public-function-url] until=2020-01-31 reason="until the sender signs its calls"
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
  authorization_type = "NONE" # stockade: ignore[public-function-url] until=2999-01-31 reason="until the sender signs its calls"
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
    url: true # stockade: ignore[public-function-url] until=2020-01-31 reason="until the sender signs its calls"
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  webhook:
    handler: app.handler
    url: true # stockade: ignore[public-function-url] until=2999-01-31 reason="until the sender signs its calls"
```

## Fix safety
None: mend the fault or set another date.

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
    "SK903",
    "expired-ignore",
    severity=LOW,
    since="0.1",
    controls=["DELV-2"],
    applies="has no ignore",
    holds="no ignore is past its date",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every ignore for its last day."""
    del app
    for audit in ctx.audits:
        if audit.suppression.is_expired(ctx.today):
            yield from found(
                YES,
                subject=file_of(audit.suppression),
                message=f"{shown(audit.suppression)} ended on {audit.suppression.until}",
                help="mend the fault, or set another date (until=YYYY-MM-DD)",
                evidence=",".join(audit.suppression.rules),
            )
