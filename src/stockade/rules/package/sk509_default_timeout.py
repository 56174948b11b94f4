"""A function with the timeout that nobody chose.

## What it does
Reports functions that state no timeout and so have the service's default, 3 seconds. The Serverless Framework states 6
seconds where nobody does. For pedantic readers; told once for a file.

## Why is this bad?
Three seconds are too few for a cold start with a call or two behind it, so that a slow minute of a service becomes
failed invocations and retries; and nobody has said how long the function may be kept busy.

## When it is fine
Where somebody has measured that the default is right: state it.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Timeout: 10}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
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
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  timeout       = 10
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
resources:
  Resources:
    Orders:
      Type: AWS::Lambda::Function
      Properties:
        Runtime: python3.13
        Handler: app.handler
        Role: arn:aws:iam::111122223333:role/orders
        Code: {S3Bucket: b, S3Key: a.zip}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    timeout: 10
```

## Fix safety
Advice only: what is right has to be measured.

## References
- [Configure Lambda function timeout](https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.rules._base import INFO, Context, Outcome, found, rule, spared
from stockade.rules._stated import is_by_default
from stockade.rules._words import by_format
from stockade.rules.package._functions import not_ours


@rule(
    "SK509",
    "default-timeout",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["INVK-7"],
    aliases=["LambdaDefaultTimeout", "ES1006"],
    applies="its settings are not the team's to make",
    holds="its timeout is stated, by its author or by the framework",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function for its timeout."""
    del ctx
    for function in app.functions:
        if function.framework_owned:
            yield from spared(function, not_ours(function))
            continue
        yield from found(
            is_by_default(function, function.timeout, 3),
            subject=function,
            at=function,
            message=f"`{function}` has the default timeout of 3 seconds",
            together="{} have the default timeout of 3 seconds",
            help="measure, and state " + by_format(function, "`Timeout`", "`timeout`", "`timeout`"),
            fix=Fix.advice("state the timeout"),
        )
