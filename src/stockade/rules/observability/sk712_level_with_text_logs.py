"""A log level that Lambda refuses.

## What it does
Reports functions with a log level whose logs are text.

## Why is this bad?
Lambda takes levels for logs in JSON only, and refuses the function: the deployment is rolled back.

## When it is fine
Never: it can't be deployed.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      LoggingConfig: {LogFormat: Text, ApplicationLogLevel: WARN}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: WARN}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {S3Bucket: b, S3Key: a.zip}
      LoggingConfig: {SystemLogLevel: DEBUG}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  logging_config {
    log_format            = "Text"
    application_log_level = "WARN"
  }
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  logging_config {
    log_format            = "JSON"
    application_log_level = "WARN"
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Labels:
      Type: AWS::Lambda::Function
      Properties:
        Runtime: python3.13
        Handler: app.handler
        Role: arn:aws:iam::111122223333:role/labels
        Code: {S3Bucket: b, S3Key: a.zip}
        LoggingConfig: {LogFormat: Text, ApplicationLogLevel: WARN}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    logs: {logFormat: JSON, applicationLogLevel: WARN}
```

## Fix safety
Unsafe: whoever reads the logs has to read JSON.

## References
- [Configuring JSON and plain text log formats](https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix, Set
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule


@rule(
    "SK712",
    "level-with-text-logs",
    severity=MEDIUM,
    since="0.2",
    controls=["OBSV-4"],
    aliases=["E3696"],
    applies="is never spared",
    holds="it states no log level, or its logs are JSON",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function with a log level for the format of its logs."""
    del ctx
    for function in app.functions:
        level = function.log_level if not function.log_level.is_set().is_no else function.system_log_level
        yield from found(
            (function.log_level.is_set() | function.system_log_level.is_set()) & function.log_format.is_("Text"),
            subject=function,
            at=level,
            message=f"`{function}` has the log level {level.show()} and logs as text, for which Lambda takes no level",
            help="log as JSON, or leave the level out",
            fix=Fix.unsafe(
                "log as JSON", Set(function, "log_format", "JSON"), why="whoever reads the logs has to read JSON"
            ),
        )
