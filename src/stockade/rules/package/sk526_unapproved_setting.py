"""A runtime, timeout, memory or role that the team has not approved.

## What it does
Reports functions whose runtime, timeout, memory or role is none of those that the configuration names. Without that it has
nothing to say. The examples below are held against

```toml
[rules.unapproved-setting]
runtimes = ["python3.13", "provided.al2023"]
timeout = 60
memory = 1024
roles = ["shop-*"]
```

## Why is this bad?
What a team agreed on, it maintains: base images, tests, budgets and reviews are made for it. What is outside of it
is nobody's.

## When it is fine
As an exception with a reason: say so in an ignore, with a last day.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: app.handler, CodeUri: src/, Timeout: 300}
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
      Role: arn:aws:iam::111122223333:role/shop-orders
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  memory_size   = 3008
  role          = "arn:aws:iam::111122223333:role/admin"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  memory_size   = 512
  role          = "arn:aws:iam::111122223333:role/shop-orders"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: nodejs22.x}
functions:
  orders: {handler: app.handler, role: "arn:aws:iam::111122223333:role/shop-orders"}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13, timeout: 10}
functions:
  orders: {handler: app.handler, role: "arn:aws:iam::111122223333:role/shop-orders"}
```

## Fix safety
Advice only: the function may need what it has.

## References
- [Configuring Lambda functions](https://docs.aws.amazon.com/lambda/latest/dg/lambda-functions.html)
- [The rule of AWS Config](https://docs.aws.amazon.com/config/latest/developerguide/lambda-function-settings-check.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from stockade.model.app import App, Function, Role
from stockade.model.intent import Fix
from stockade.model.value import NO, Tri, Value, any_of, given, maybe
from stockade.rules._base import LOW, Context, Outcome, found, rule, spared
from stockade.rules._stated import above


class Options(Struct, frozen=True):
    """What can be configured."""

    runtimes: Annotated[
        tuple[str, ...], Meta(description="the runtimes that are approved; all where none is named")
    ] = ()
    timeout: Annotated[int, Meta(ge=0, description="the longest timeout that is approved, in seconds; 0 for any")] = 0
    memory: Annotated[int, Meta(ge=0, description="the most memory that is approved, in MB; 0 for any")] = 0
    roles: Annotated[
        tuple[str, ...],
        Meta(description="the roles that are approved, by name or ARN, with `*` for any text; all where none is named"),
    ] = ()


@rule(
    "SK526",
    "unapproved-setting",
    severity=LOW,
    since="0.1",
    controls=["PACK-1", "INVK-7"],
    applies="is spared, since the configuration approves of nothing in particular",
    holds="its runtime, timeout, memory and role are approved",
    options=Options,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Compare every function with what is approved."""
    options = ctx.options_of(Options)
    for function in app.functions:
        if options == Options() or function.framework_owned:
            yield from spared(function)
            continue
        for what, answer, at, said in _asked(function, options):
            yield from found(
                answer,
                subject=function,
                at=at if at.is_set().is_yes else function,
                message=f"`{function}` {said} approved",
                help="take one that is approved, or say in an ignore why not",
                fix=Fix.advice("take what is approved"),
                evidence=what,
            )


def _asked(function: Function, options: Options) -> Iterator[tuple[str, Tri, Value[str] | Value[int], str]]:
    """What the configuration speaks of: whether it is not approved, where it stands, and the fact in words."""
    runtime, timeout, memory, role = function.runtime, function.timeout, function.memory, function.role
    if options.runtimes:
        # A function of an image has no runtime.
        yield (
            "runtime",
            runtime.where(lambda v: v is not None and v not in options.runtimes),
            runtime,
            f"runs on {runtime.show()}, which is not",
        )
    if options.timeout:
        most = options.timeout
        yield (
            "timeout",
            timeout.at_least(most + 1),
            timeout,
            f"may run for {above(timeout, most)} seconds, and {most} are",
        )
    if options.memory:
        most = options.memory
        yield "memory", memory.at_least(most + 1), memory, f"has {above(memory, most)} MB of memory, and {most} are"
    if options.roles:
        yield "role", _other_role(function, options.roles), role, f"runs under {_role(function)}, which is not"


def _role(function: Function) -> str:
    named = function.execution_role if len(function.role_cases) < 2 else None
    return f"`{named or function.role.show()}`" if named or function.role.is_set().is_yes else "a role of its own"


def _other_role(function: Function, approved: tuple[str, ...]) -> Tri:
    """Whether the role of a function is none of those that are approved."""
    cases = function.role_cases or (((), function.execution_role),)
    known = [(when, role) for when, role in cases if role is not None]
    if known:
        return any_of(given(when, _is_other(role, approved)) for when, role in known)
    if not function.role.is_set().is_yes:
        return maybe("which role it runs under is not known", function.role.origin)
    return ~any_of(function.role.reads(_named(each)) for each in approved)


def _is_other(role: Role, approved: tuple[str, ...]) -> Tri:
    if any(re.fullmatch(_glob(each), role.address) for each in approved):
        return NO
    if not role.name.is_set().is_yes:
        return maybe(f"`{role}` gets its name when it is deployed", role.origin)
    return ~any_of(role.name.reads(_glob(each.rpartition("/")[2])) for each in approved)


def _named(approved: str) -> str:
    """The ARNs and names that an approved role has."""
    pattern = _glob(approved)
    return pattern if approved.startswith("arn:") else f"(?:arn:[^:]*:iam::[^:]*:role/(?:.*/)?)?{pattern}"


def _glob(text: str) -> str:
    return re.escape(text).replace(r"\*", ".*")
