"""A runtime that is not the newest of its language.

## What it does
Reports runtimes that AWS still patches, but of whose language a newer one is to be had. For pedantic readers. What is
deprecated or will be soon is reported by other rules.

## Why is this bad?
Each version of a language gets security updates for a limited time. Moving by one version while nothing is urgent costs
little; moving by three on the last day is what gets put off.

## When it is fine
Where the code or what it depends on does not run on the newest version yet.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: src/}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.14, Handler: app.handler, CodeUri: src/}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: java17
      Handler: app.Handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {S3Bucket: b, S3Key: a.zip}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.14"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    runtime: python3.12
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    runtime: python3.14
```

## Fix safety
Unsafe: code and dependencies may need the older version.

## References
- [Lambda runtimes](https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge import runtimes
from stockade.knowledge.runtimes import Runtime
from stockade.model.app import App
from stockade.model.value import Tri, Value
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules.package._runtimes import APPLIES, WINDOW, images, known, move, with_runtime


@rule(
    "SK505",
    "outdated-runtime",
    severity=INFO,
    persona="pedantic",
    since="0.2",
    controls=["PACK-1"],
    maps={"cwe": [1104]},
    aliases=["AwsSolutions-L1"],
    applies=APPLIES,
    holds="its runtime is the newest of its language",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Compare every runtime with the newest of its language."""

    def newest(one: Runtime) -> str:
        """The runtime that is newer than this one; empty if it is the newest, or is no runtime to choose."""
        name = runtimes.latest(one.language, ctx.today)
        last = runtimes.runtime(name) if name is not None else None
        aside = last is None or one.image_only or one.edge_only or one.preview
        return "" if aside or last is None or (one.language != "go" and one.order >= last.order) else last.id

    def ends(one: Runtime) -> bool:
        days = one.days_left(ctx.today)
        return days is not None and days <= WINDOW

    def older(value: Value[str]) -> Tri:
        return value.where(lambda v: (one := runtimes.runtime(str(v))) is not None and bool(newest(one)))

    yield from images(app)
    for function in with_runtime(app):
        old = known(function.runtime, lambda one: bool(newest(one)))
        one = old[0] if old else None
        told = "" if one is None or not ends(one) else "SK502" if (one.days_left(ctx.today) or 0) > 0 else "SK501"
        yield from found(
            older(function.runtime),
            subject=function,
            at=function.runtime,
            message=f"`{function}` runs on {one.id if one else 'a runtime'}, "
            f"and {newest(one) if one else 'a newer one'} is to be had",
            help="try it on the newest runtime of its language",
            fix=move(function, one, ctx.today, newest(one)) if one is not None else None,
            told=told,
            evidence=one.id if one else "",
        )
