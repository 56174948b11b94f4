"""A function with the memory that nobody chose.

## What it does
Reports functions that state no memory and so have the service's default, 128 MB. The Serverless Framework states 1024 MB
where nobody does. For pedantic readers; told once for a file.

## Why is this bad?
The share of a processor that a function gets grows with its memory, so that the least memory is often both the slowest
and no cheaper; with a large package it is not enough to start.

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
Globals: {Function: {MemorySize: 512}}
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
  memory_size   = 512
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
    memorySize: 512
```

## Fix safety
Advice only: what is right has to be measured.

## References
- [Configure Lambda function memory](https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html)
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
    "SK508",
    "default-memory",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["PACK-1"],
    aliases=["LambdaDefaultMemorySize", "ES1005"],
    applies="its settings are not the team's to make",
    holds="its memory is stated, by its author or by the framework",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function for its memory."""
    del ctx
    for function in app.functions:
        if function.framework_owned:
            yield from spared(function, not_ours(function))
            continue
        yield from found(
            is_by_default(function, function.memory, 128),
            subject=function,
            at=function,
            message=f"`{function}` has the default memory of 128 MB",
            together="{} have the default memory of 128 MB",
            help="measure, and state " + by_format(function, "`MemorySize`", "`memory_size`", "`memorySize`"),
            fix=Fix.advice("state the memory"),
        )
