"""A runtime that Lambda does not have.

## What it does
Reports runtime identifiers that Lambda has never had: misspelt ones and names of base images that are no runtimes; and
with low severity placeholders that something replaces before the template is deployed (`PYTHON3_VERSION`, `<runtime>`,
`@runtime@`, `{{runtime}}`).

## Why is this bad?
The function can't be deployed. Such an identifier is often what a careless search-and-replace left behind, so that the
template has not been deployed since, and whatever else it fixes is not in force either.

## When it is fine
When the runtime is newer than the facts of the installed version: `stockade --version` is worth an update then. And
for a placeholder, where what replaces it always runs before a deployment.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: provided.al2023023, Handler: bootstrap, CodeUri: build/}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: PYTHON3_VERSION, Handler: app.run, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: provided.al2023, Handler: bootstrap, CodeUri: build/}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
```
```hcl bad
variable "runtime" { default = "provided.al2023023" }
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = var.runtime
  handler       = "bootstrap"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```hcl good
variable "runtime" { default = "provided.al2023" }
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = var.runtime
  handler       = "bootstrap"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: provided.al2023023}
functions:
  orders: {handler: bootstrap}
```
```yaml good
service: shop
provider: {name: aws, runtime: provided.al2023}
functions:
  orders: {handler: bootstrap}
```

## Fix safety
Unsafe: which runtime was meant is a guess, made where the identifier begins like one that exists.

## References
- [Lambda runtimes](https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from stockade.knowledge import runtimes
from stockade.model.app import App
from stockade.model.intent import Fix, Set
from stockade.patterns import regex
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
from stockade.rules.package._runtimes import APPLIES, functions_with_runtime, images

# What a script or a tool for templates replaces.
_PLACEHOLDER = regex(r"(?=.*[A-Z])[A-Z0-9]*_[A-Z0-9_]*|<[^<>]+>|@[^@]+@|\{\{.+\}\}")


@rule(
    "SK503",
    "unknown-runtime",
    severity=MEDIUM,
    since="0.1",
    controls=["PACK-1"],
    aliases=["E2533"],
    applies=APPLIES,
    holds="Lambda has its runtime",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look every runtime up."""
    del ctx
    yield from images(app)
    for function in functions_with_runtime(app):
        wrong = [
            str(leaf.only())
            for _, leaf in function.runtime.leaves()
            if leaf.is_set().is_yes and leaf.where(_unknown).is_yes
        ]
        written = wrong[0] if wrong else function.runtime.show()
        meant = _meant(written)
        if _PLACEHOLDER.fullmatch(written):
            yield from found(
                function.runtime.is_set() & function.runtime.where(_unknown),
                subject=function,
                at=function.runtime,
                severity=LOW,
                message=f"`{function}` can't be deployed before the placeholder `{written}` of its runtime is replaced",
                help="replace it, or make it a parameter with a default",
                fix=Fix.advice("put a runtime in the place of the placeholder"),
                evidence=written,
            )
            continue
        known = runtimes.runtime(written)
        why = "exists as a container image only" if known is not None else "is no runtime that Lambda has or had"
        yield from found(
            function.runtime.is_set() & function.runtime.where(_unknown),
            subject=function,
            at=function.runtime,
            message=f"`{function}` can't be deployed: `{written}` {why}",
            help=f"did you mean {meant}?" if meant else "name one of the runtimes that Lambda supports",
            fix=Fix.unsafe(f"use {meant}", Set(function, "runtime", meant), why=f"it is a guess that {meant} was meant")
            if meant
            else Fix.advice("name one of the runtimes that Lambda supports"),
            evidence=written,
        )


def _unknown(identifier: object) -> bool:
    known = runtimes.runtime(str(identifier))
    return known is None or known.image_only


@lru_cache(maxsize=256)
def _meant(written: str) -> str:
    """The identifier that another one begins with or is but for its case; empty if there is none."""
    able = [one.id for one in runtimes.runtimes() if not one.image_only and not one.edge_only and not one.preview]
    lower = written.lower()
    found_ = [
        name for name in able if lower == name or (lower.startswith(name) and len(name) > len("nodejs") and "." in name)
    ]
    return max(found_, key=len, default="")
