"""A function with very many environment variables.

## What it does
Reports functions with more than twenty environment variables. Of those that conditions choose between, as many count as
can be there at once; where it depends on parameters whether there are too many, it can't be told. For pedantic readers.

## Why is this bad?
Everybody who may read the function's configuration reads all of them, and nobody looks through a long list for the one
that should not be there. What many functions share is easier to keep right in one place.

## When it is fine
Where each of them is set for a reason.

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
      Environment:
        Variables:
          {V1: a, V2: a, V3: a, V4: a, V5: a, V6: a, V7: a, V8: a, V9: a, V10: a, V11: a,
           V12: a, V13: a, V14: a, V15: a, V16: a, V17: a, V18: a, V19: a, V20: a, V21: a}
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
      Environment: {Variables: {CONFIG: /orders/config}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment {
    variables = { for i in range(21) : "V${i}" => "a" }
  }
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment { variables = { CONFIG = "/orders/config" } }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    environment:
      {V1: a, V2: a, V3: a, V4: a, V5: a, V6: a, V7: a, V8: a, V9: a, V10: a, V11: a,
       V12: a, V13: a, V14: a, V15: a, V16: a, V17: a, V18: a, V19: a, V20: a, V21: a}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    environment: {CONFIG: /orders/config}
```

## Fix safety
Advice only: which of them are needed is yours to say.

## References
- [Working with Lambda environment variables](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Function
from stockade.model.intent import Fix
from stockade.model.value import NO, Tri, maybe, yes
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules.secrets._shared import Bounds, add_up, hidden_part, start, without_environment

_MANY = 20


@rule(
    "SK330",
    "crowded-environment",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["SECR-6"],
    aliases=["CTL.LAMBDA.ENV.EXCESSIVE.001"],
    applies="has no environment variables",
    holds="its environment is short",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Count the environment variables of every function."""
    del ctx
    for function in app.functions:
        if len(function.environment):
            count = add_up(function, lambda _, value: (0, 0) if value.is_set().is_no else (1, 1))
            yield from found(
                _too_many(function, count),
                subject=function,
                at=start(function),
                message=f"`{function}` has {_number(count)}",
                help="keep what functions share in Parameter Store or AppConfig, and name that in the environment",
                fix=Fix.advice("keep the configuration in one place"),
            )
    yield from without_environment(app)
    yield from hidden_part(app.functions, "makes it very long")


def _too_many(function: Function, count: Bounds) -> Tri:
    if count.least > _MANY:
        return yes(function.origin)
    return maybe("how many there are depends on parameters", function.origin) if count.most > _MANY else NO


def _number(count: Bounds) -> str:
    if count.least == count.most:
        return f"{count.most} environment variables"
    return f"more than {_MANY} environment variables: up to {count.most}, depending on parameters"
