"""A function that may run for a very long time.

## What it does
Reports functions with the longest timeout there is, and functions behind an API that may run for longer than the API
waits: as long as the integration says, or else 30 seconds for HTTP APIs and 29 for REST and WebSocket APIs. For pedantic
readers.

## Why is this bad?
A call that hangs keeps the function busy, and paid for, until the timeout. Behind an API the caller has long had an
error by then, tries again, and the work goes on twice. Whoever finds an input that is slow can use up the concurrency
with few requests.

## When it is fine
For batch work that needs the time, and for a function behind an API that is also called in another way. A route that
hands its request on and does not wait (`X-Amz-Invocation-Type: 'Event'`, `async` in the Serverless Framework) is such
another way.

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
- [Quotas of REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html)
- [Quotas of WebSocket APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html)
- [Asynchronous invocation by an API](https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-integration-async.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge import lambda_
from stockade.model.app import App, Function, Route
from stockade.model.intent import Fix
from stockade.model.value import Tri
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._stated import above

# Seconds that APIs wait where their integrations do not say; see the references, as of 2026-11-28.
_WAITS = {"HTTP": 30, "REST": 29, "WEBSOCKET": 29}
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
        behind = _longest(function)
        help_ = "set the timeout to a little more than the slowest run that is fine"
        if behind is not None:
            route, wait = behind
            answer = _unknown(function)
            if answer is None:
                answer = _exceeds(function, wait)
            message = (
                f"`{function}` may run for {above(function.timeout, wait)} seconds, and the API `{route.api or route}` "
                f"waits for {wait:g} at most"
            )
            if _protocol(route) == "REST":
                help_ += (
                    "; a REST API waits for longer only if it is Regional or private, its quota is raised, and its "
                    "integration says so"
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
            help=help_,
            fix=Fix.advice("set a shorter timeout"),
        )


def _exceeds(function: Function, wait: float) -> Tri:
    return function.timeout.where(lambda v: int(v) > wait)


def _routes(function: Function) -> list[Route]:
    """The routes that wait for a function, if nothing else calls it."""
    found_ = [i.source for i in function.invokers if isinstance(i.source, Route) and i.how == "sync"]
    streamed = any(route.integration.reads(_STREAMED).is_yes for route in found_)
    return [] if streamed or len(found_) < len(function.invokers) else found_


def _longest(function: Function) -> tuple[Route, float] | None:
    """The route that waits longest for a function, and for how many seconds, as far as is known; None if others call it."""
    waits = [(route, wait) for route in _routes(function) for wait in _waits(route)]
    return max(waits, key=lambda one: one[1], default=None)


def _waits(route: Route) -> list[float]:
    """The seconds that a route may wait."""
    usual = _WAITS[_protocol(route)]
    known = [leaf.only() for _, leaf in route.timeout.leaves()]
    return [number / 1000 if isinstance(number, int) else usual for number in known]


def _unknown(function: Function) -> Tri | None:
    """Whether it may run for longer than a route waits that says so in a way that is not wholly known here."""
    seconds = function.timeout.only() or 0
    for route in _routes(function):
        if any(leaf.only() is None and not leaf.is_set().is_no for _, leaf in route.timeout.leaves()):
            return route.timeout.where(lambda wait: wait < seconds * 1000)
    return None


def _protocol(route: Route) -> str:
    """The kind of API; a route that stands by itself is one of the kind that its type is for."""
    if route.api is not None:
        return route.api.protocol
    if "v2" not in route.type.lower():
        return "REST"
    return "WEBSOCKET" if route.path.starts_with("$").is_yes and not route.path.is_("$default").is_yes else "HTTP"
