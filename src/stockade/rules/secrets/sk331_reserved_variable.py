"""An environment variable that Lambda sets by itself.

## What it does
Reports environment variables whose names Lambda reserves, such as `AWS_REGION`.

## Why is this bad?
Lambda refuses the function, and the deployment is rolled back. Where the variable is one of credentials
(`AWS_ACCESS_KEY_ID`), somebody also meant to give the function keys of its own instead of its role.

## When it is fine
Never: it can't be deployed.

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
      Environment: {Variables: {AWS_REGION: eu-west-1}}
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
      Environment: {Variables: {TARGET_REGION: eu-west-1}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment { variables = { AWS_REGION = "eu-west-1" } }
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment { variables = { TARGET_REGION = "eu-west-1" } }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    environment: {AWS_REGION: eu-west-1}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    environment: {TARGET_REGION: eu-west-1}
```

## Fix safety
Advice only: the code has to read another name.

## References
- [Defined runtime environment variables](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge import lambda_
from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import NO, YES, given
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules.secrets._shared import hidden_part, without_environment


@rule(
    "SK331",
    "reserved-variable",
    severity=MEDIUM,
    since="0.1",
    controls=["SECR-6"],
    aliases=["E3663", "reserved-aws-lambda-environment-variable"],
    applies="has no environment variables",
    holds="none of its environment variables is one that Lambda sets",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for reserved names in every environment."""
    del ctx
    reserved = lambda_.reserved_environment()
    for function in app.functions:
        for variable in function.environment:
            if variable.name in reserved:
                yield from found(
                    given(variable.exists, YES),
                    subject=function,
                    at=variable.origin,
                    message=f"`{variable.name}` of `{function}` is set by Lambda, which refuses a value of yours",
                    help="read what Lambda sets, or choose another name",
                    fix=Fix.advice("choose another name"),
                    evidence=variable.name,
                )
        if len(function.environment) and function.environment.complete:
            yield from found(NO, subject=function, message="")
    yield from without_environment(app)
    yield from hidden_part(app.functions, "sets a variable that Lambda reserves")
