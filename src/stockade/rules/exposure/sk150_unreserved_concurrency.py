"""A function that reserves no concurrency.

## What it does
Reports functions without reserved concurrency. For pedantic readers; told once for a file. A function that anybody can
invoke is reported by SK118.

## Why is this bad?
All functions of an account and region share one limit. One that is called very often, by mistake or on purpose, leaves
nothing for the others, and nothing says how much it may cost.

## When it is fine
For most functions: what is reserved for one is taken from all others, and an account may have as few as ten. Throttling
where the calls come from is often better.

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
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      ReservedConcurrentExecutions: 20
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
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {S3Bucket: b, S3Key: a.zip}
      ReservedConcurrentExecutions: 20
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
  reserved_concurrent_executions = 20
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    reservedConcurrency: 20
```

## Fix safety
Advice only: the number has to fit the account's limit.

## References
- [Configure reserved concurrency for a function](https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Function, Route
from stockade.model.intent import Fix
from stockade.rules._base import INFO, Context, Outcome, found, rule, spared
from stockade.rules._stated import is_missing
from stockade.rules._words import by_format
from stockade.rules.exposure._shared import not_throttled, stages


@rule(
    "SK150",
    "unreserved-concurrency",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["INVK-7"],
    maps={"cwe": [770]},
    aliases=[
        "CKV_AWS_115",
        "W92",
        "LAMBDA_CONCURRENCY_CHECK",
        "LambdaConcurrency",
        "D.2",
        "lambda-concurrency-check",
        "CTL.LAMBDA.CONCURRENCY.001",
    ],
    applies="its settings are not the team's to make",
    holds="a concurrency is reserved for it",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function for its reserved concurrency."""
    del ctx
    for function in app.functions:
        if function.framework_owned:
            yield from spared(function, f"is not yours to change: {function.framework_owned}")
            continue
        yield from found(
            is_missing(function, function.reserved_concurrency),
            subject=function,
            at=function,
            message=f"`{function}` may use all of the account's concurrency",
            together="{} may use all of the account's concurrency",
            help="after a look at the account's limit, set "
            + by_format(
                function, "`ReservedConcurrentExecutions`", "`reserved_concurrent_executions`", "`reservedConcurrency`"
            ),
            fix=Fix.advice("reserve a concurrency for the function"),
            told=_told(app, function),
        )


def _told(app: App, function: Function) -> str:
    """The rule that tells of it: the one about functions that anybody can invoke, or the one about their API's stage."""
    for invoker in function.invokers:
        if invoker.public.is_yes and invoker.via in {"url", "alb", "permission"}:
            return "SK118"
        api = invoker.source.api if isinstance(invoker.source, Route) else None
        if invoker.public.is_yes and api is not None and not_throttled(app, api).is_yes:
            return "SK114" if any(True for _ in stages(app, api)) else "SK118"
    return ""
