"""A runtime that AWS soon patches no more.

## What it does
Reports functions whose runtime is deprecated within the next 180 days: low, and medium in the last 60 days.

## Why is this bad?
From that day on the function gets no security patches. A new version of a language takes time to test, and the day
comes for all functions of an organisation at once.

## When it is fine
When the move is planned: ignore the finding until the day of the move.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: app.handler, CodeUri: src/}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: ruby3.3, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs24.x, Handler: app.handler, CodeUri: src/}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: ruby3.4, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "ruby3.3"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "ruby3.4"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: nodejs24.x}
functions:
  orders: {handler: app.handler}
  labels: {handler: labels.handler, runtime: ruby3.3}
```
```yaml good
service: shop
provider: {name: aws, runtime: nodejs24.x}
functions:
  orders: {handler: app.handler}
  labels: {handler: labels.handler, runtime: ruby3.4}
```

## Fix safety
Unsafe: another version of a language can break code and dependencies.

## References
- [Lambda runtimes](https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from stockade.knowledge import runtimes
from stockade.knowledge.runtimes import Runtime
from stockade.model.app import App
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
from stockade.rules.package._runtimes import APPLIES, WINDOW, advised, built, day, images, known, move, with_runtime


class Options(Struct, frozen=True):
    """What can be configured."""

    days: Annotated[int, Meta(ge=1, description="how many days before its end a runtime is told of")] = WINDOW
    soon: Annotated[int, Meta(ge=0, description="from how many days on it is of medium severity")] = 60


@rule(
    "SK502",
    "runtime-near-end",
    severity=LOW,
    since="0.1",
    controls=["PACK-1"],
    aliases=["W2531"],
    applies=APPLIES,
    holds="AWS patches its runtime for some time more: half a year, if nothing else is configured",
    options=Options,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Count the days that every runtime has left."""
    options = ctx.options_of(Options)

    def left(one: Runtime) -> int | None:
        return None if one.image_only else one.days_left(ctx.today)

    def ending(one: Runtime) -> bool:
        days = left(one)
        return days is not None and 0 < days <= options.days

    yield from images(app)
    for function in with_runtime(app):
        near = sorted(known(function.runtime, ending), key=lambda r: left(r) or 0)
        answer = function.runtime.where(lambda v: (r := runtimes.runtime(str(v))) is not None and ending(r))
        if not near:
            message = f"the runtime of `{function}` may be near its end"
            passes = (
                ""
                if answer.is_no and not _over(known(function.runtime, lambda _: True), ctx)
                else "its runtime is deprecated already"
            )
            yield from found(answer, subject=function, at=function.runtime, message=message, passes=passes)
            continue
        one = near[0]
        days = left(one) or 0
        yield from found(
            answer,
            subject=function,
            at=function.runtime,
            severity=MEDIUM if days <= options.soon else LOW,
            message=f"`{function}` runs on {one.id}, which gets no security updates from {day(one.deprecated)} on, "
            f"in {days} day{'s' if days > 1 else ''}",
            help=f"plan the move to {advised(one, ctx.today) or 'a newer runtime'}{built(function, one)}",
            fix=move(function, one, ctx.today),
            evidence=one.id,
        )


def _over(found_: list[Runtime], ctx: Context) -> bool:
    return any((days := one.days_left(ctx.today)) is not None and days <= 0 for one in found_)
