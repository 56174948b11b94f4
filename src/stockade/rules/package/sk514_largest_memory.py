"""A function with all the memory that there is.

## What it does
Reports functions with 10,240 MB of memory. For pedantic readers.

## Why is this bad?
Every millisecond costs eighty times as much as with the least memory, whoever causes it. It is often set to see whether
it helps, and left there.

## When it is fine
Where measurements show that the function needs it.

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
      MemorySize: 10240
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
      MemorySize: 1024
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  memory_size   = 10240
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  memory_size   = 1024
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    memorySize: 10240
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    memorySize: 1024
```

## Fix safety
Advice only: how much is needed has to be measured.

## References
- [Configure Lambda function memory](https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._stated import above

_LARGEST = 10240  # MB


@rule(
    "SK514",
    "largest-memory",
    severity=INFO,
    persona="pedantic",
    since="0.2",
    controls=["INVK-7"],
    maps={"cwe": [400]},
    aliases=["CTL.LAMBDA.CONFIG.MEMORY.EXCESSIVE.001"],
    applies="is never spared",
    holds="its memory is below the largest",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Compare the memory of every function with the largest there is."""
    del ctx
    for function in app.functions:
        yield from found(
            function.memory.at_least(_LARGEST),
            subject=function,
            at=function.memory,
            message=f"`{function}` has {above(function.memory, _LARGEST - 1)} MB of memory, all that there is",
            help="measure how much it uses (`Max Memory Used` in its logs), and set a little more",
            fix=Fix.advice("set less memory"),
        )
