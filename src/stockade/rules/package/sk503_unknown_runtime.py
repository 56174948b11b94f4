"""A runtime that Lambda does not have.

## What it does
Reports runtime identifiers that Lambda has never had: misspelt ones and names of base images that are no runtimes; and
with low severity placeholders that something replaces before the template is deployed (`PYTHON3_VERSION`, `<runtime>`,
`@runtime@`, `{{runtime}}`). In Terraform also runtimes that are newer than every version of the AWS provider that the
configuration, or its lock file, takes.

## Why is this bad?
The function can't be deployed. Such an identifier is often what a careless search-and-replace left behind, so that the
template has not been deployed since, and whatever else it fixes is not in force either. The provider looks the runtime
up in a list of its own, so that one from before the runtime refuses to plan.

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
Unsafe: which runtime was meant is a guess, made where the identifier begins like one that exists. For a provider that is
too old, advice only: a newer one may change more than this.

## References
- [Version constraints](https://developer.hashicorp.com/terraform/language/expressions/version-constraints)
- [Lambda runtimes](https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial

from stockade.knowledge import runtimes, terraform_provider
from stockade.knowledge.terraform_provider import Need
from stockade.model.app import App, Function, Pin
from stockade.model.intent import Fix, Set
from stockade.patterns import regex
from stockade.rules._base import LOW, MEDIUM, Context, Label, Outcome, found, rule
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
    holds="Lambda has its runtime, and what deploys it may know it",
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
        yield from _too_new(function)


def _too_new(function: Function) -> Iterator[Outcome]:
    """A runtime that no version of Terraform's provider knows that the configuration takes."""
    named = [leaf.only() for _, leaf in function.runtime.leaves()]
    for pin in function.pins:
        needs = [need for runtime in named if (need := _needed(function, pin, runtime)) is not None]
        if needs:
            need = needs[0]
            version = f"a later version than {need.version}" if need.later else f"version {need.version}"
            yield from found(
                function.runtime.where(partial(_is_beyond, function, pin)),
                subject=function,
                at=function.runtime,
                message=(
                    f"`{function}` can't be planned: `{need.value}` needs {version} of the AWS provider, "
                    f"and `{pin.text}` takes none"
                ),
                help="let the configuration take a newer version of the provider, which `terraform init -upgrade` looks for",
                fix=Fix.advice("take a newer version of the AWS provider"),
                related=(Label(pin.origin, "the versions that it takes"),),
                evidence=f"{need.value} with {pin.text}",
            )
            return


def _needed(function: Function, pin: Pin, runtime: object) -> Need | None:
    """The version of the provider that a runtime needs, if a bound rules it out."""
    need = terraform_provider.need(function.type, "runtime", str(runtime))
    ruled_out = need is not None and not terraform_provider.is_met_below(need, pin.high, inclusive=pin.inclusive)
    return need if ruled_out else None


def _is_beyond(function: Function, pin: Pin, runtime: object) -> bool:
    return _needed(function, pin, runtime) is not None


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
