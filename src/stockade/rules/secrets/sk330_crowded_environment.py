"""A function with very many environment variables.

## What it does
Reports functions with more than twenty environment variables. For pedantic readers.

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

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import tri
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules.secrets._shared import without_environment

_MANY = 20


@rule(
    "SK330",
    "crowded-environment",
    severity=INFO,
    persona="pedantic",
    since="0.2",
    controls=["SECR-6"],
    aliases=["CTL.LAMBDA.ENV.EXCESSIVE.001"],
    applies="has no environment variables",
    holds="its environment is short",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Count the environment variables of every function."""
    del ctx
    for function in app.functions:
        names = {variable.name for variable in function.environment}
        if names:
            yield from found(
                tri(len(names) > _MANY, function.origin),
                subject=function,
                at=function.environment.items[0].origin,
                message=f"`{function}` has {len(names)} environment variables",
                help="keep what functions share in Parameter Store or AppConfig, and name that in the environment",
                fix=Fix.advice("keep the configuration in one place"),
            )
    yield from without_environment(app)
