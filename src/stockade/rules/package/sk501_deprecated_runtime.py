"""A runtime that AWS patches no more.

## What it does
Reports functions whose runtime is deprecated today. The severity follows AWS's three steps: no security updates
(medium); no new functions with it, no updates of functions that use it (high).

## Why is this bad?
Under a deprecated runtime neither the language nor the operating system gets security patches, while the function goes
on running. Once creation is blocked, the stack can't be set up again elsewhere; once updates are blocked, not even a
fix of your own code can be deployed.

## When it is fine
For a function that is about to be deleted. Ignore the finding with an end date.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs14.x, Handler: app.handler, CodeUri: src/}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.6, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.6"
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
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: nodejs14.x}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Unsafe: another version of a language can break code and dependencies. The advice is the newest version; the fix takes
the smallest step to a runtime that stays supported for a year.

## References
- [Lambda runtimes](https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge import runtimes
from stockade.knowledge.runtimes import Runtime, Status
from stockade.model.app import App
from stockade.rules._base import HIGH, MEDIUM, Context, Outcome, found, rule
from stockade.rules.package._runtimes import APPLIES, advised, built, day, images, known, move, with_runtime


@rule(
    "SK501",
    "deprecated-runtime",
    severity=MEDIUM,
    since="0.1",
    controls=["PACK-1"],
    maps={"aws-fsbp": ["Lambda.2"], "cwe": [1104]},
    aliases=[
        "CKV_AWS_363",
        "E2531",
        "LambdaLatestVersion",
        "lambda_function_deprecated_runtime",
        "awslambda_function_using_supported_runtimes",
        "lambdaOldRuntimes",
        "A.1",
        "Lambda.2",
        "CTL.LAMBDA.RUNTIME.001",
        "CTL.LAMBDA.RUNTIME.EOL.001",
    ],
    applies=APPLIES,
    holds="AWS patches its runtime",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Compare the date of every runtime's deprecation with today."""

    def over(one: Runtime) -> bool:
        return not one.image_only and one.deprecated is not None and one.deprecated <= ctx.today

    yield from images(app)
    for function in with_runtime(app):
        bad = known(function.runtime, over)
        answer = function.runtime.where(lambda v: (r := runtimes.runtime(str(v))) is not None and over(r))
        if not bad:
            message = f"the runtime of `{function}` may be deprecated"
            yield from found(answer, subject=function, at=function.runtime, message=message)
            continue
        one = max(bad, key=lambda r: _grade(r.status(ctx.today)))
        status = one.status(ctx.today)
        yield from found(
            answer,
            subject=function,
            at=function.runtime,
            severity=HIGH if _grade(status) else MEDIUM,
            message=f"`{function}` runs on {one.id}, which has had no security updates since {day(one.deprecated)}"
            + _then(one, status),
            help=f"move to {advised(one, ctx.today) or 'a runtime that AWS supports'}{built(function, one)}",
            fix=move(function, one, ctx.today),
            evidence=one.id,
        )


def _grade(status: Status) -> int:
    return [Status.CREATE_BLOCKED, Status.UPDATE_BLOCKED].index(status) + 1 if status.value.endswith("blocked") else 0


def _then(one: Runtime, status: Status) -> str:
    if status is Status.UPDATE_BLOCKED:
        return f"; since {day(one.block_update)} functions that use it can't be updated"
    then = f", and from {day(one.block_update)} on those that use it can't be updated" if one.block_update else ""
    if status is Status.CREATE_BLOCKED:
        return f"; since {day(one.block_create)} no function can be created with it{then}"
    if one.block_create is not None:
        return f"; from {day(one.block_create)} on no function can be created with it{then}"
    return ""
