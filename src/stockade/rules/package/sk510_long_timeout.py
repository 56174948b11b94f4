"""A function that may run for a very long time.

## What it does
Reports functions with the longest timeout there is, and functions behind an API that may run for longer than the API
waits: 30 seconds, or 29 for REST APIs unless the quota was raised. For pedantic readers.

## Why is this bad?
A call that hangs keeps the function busy, and paid for, until the timeout. Behind an API the caller has long had an
error by then, tries again, and the work goes on twice. Whoever finds an input that is slow can use up the concurrency
with few requests.

## When it is fine
For batch work that needs the time, and for a function behind an API that is also called in another way.

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
      Timeout: 900
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
      Timeout: 20
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
      Timeout: 900
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  timeout       = 900
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  timeout       = 20
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    timeout: 120
    events:
      - httpApi: GET /orders
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    timeout: 20
    events:
      - httpApi: GET /orders
```

## Fix safety
Advice only: how long the work takes has to be measured.

## References
- [Configure Lambda function timeout](https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html)
- [Quotas of HTTP APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge import lambda_
from stockade.model.app import App, Function, Route
from stockade.model.intent import Fix
from stockade.model.value import Tri
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._stated import above

_API_WAITS = 30
_STREAMED = ".*/response-streaming-invocations"  # an API that hands the answer on as it comes waits for longer


@rule(
    "SK510",
    "long-timeout",
    severity=LOW,
    confidence="medium",
    persona="pedantic",
    since="0.1",
    controls=["INVK-7"],
    maps={"cwe": [400]},
    aliases=["A.2", "CTL.LAMBDA.TIMEOUT.001", "CTL.LAMBDA.CONFIG.TIMEOUT.EXCESSIVE.001"],
    applies="is never spared",
    holds="its timeout is below the longest, and no longer than its callers wait",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Compare every timeout with the longest there is, and with what an API waits."""
    del ctx
    limits = lambda_.limits()
    for function in app.functions:
        behind = _api(function)
        if behind:
            answer: Tri = function.timeout.where(lambda v: int(v) > _API_WAITS)
            message = (
                f"`{function}` may run for {above(function.timeout, _API_WAITS)} seconds, and the API `{behind}` waits for "
                f"{_API_WAITS} at most"
            )
        else:
            on_instances = function.capacity_provider.is_set().is_yes
            longest = limits.timeout_max_managed_instances if on_instances else limits.timeout_max
            answer = function.timeout.at_least(longest)
            message = (
                f"`{function}` may run for {above(function.timeout, longest - 1)} seconds, the longest that there is"
            )
        yield from found(
            answer,
            subject=function,
            at=function.timeout,
            message=message,
            help="set the timeout to a little more than the slowest run that is fine",
            fix=Fix.advice("set a shorter timeout"),
        )


def _api(function: Function) -> str:
    """The API that a function stands behind, if nothing else calls it."""
    routes = [invoker.source for invoker in function.invokers if isinstance(invoker.source, Route)]
    streamed = any(route.integration.reads(_STREAMED).is_yes for route in routes)
    if not routes or streamed or len(routes) < len(function.invokers):
        return ""
    return str(routes[0].api or routes[0])
