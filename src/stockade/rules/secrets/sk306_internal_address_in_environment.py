"""An internal address in a function's environment.

## What it does
Reports environment variables with a private IP address, the name of a host in an internal domain (`.internal`, `.corp`,
`.local`), or an account id that is not part of an ARN. It is for the pedantic persona.

## Why is this bad?
Whoever reads the environment learns the inside of the network. An address that is written out also breaks when what it
points at is replaced.

## When it is fine
Where the address is all that the function needs, and no secret in your threat model. Most teams may pass over this.

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
          CACHE_HOST: 10.20.30.40
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
      Environment:
        Variables:
          CACHE_HOST: cache.example.com
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
      Environment:
        Variables:
          CACHE_HOST: redis.prod.internal
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment {
    variables = { CACHE_HOST = "10.20.30.40" }
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
  environment {
    variables = { CACHE_HOST = "cache.example.com" }
  }
}
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
  environment:
    CACHE_HOST: 10.20.30.40
functions:
  orders: {handler: app.handler}
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
  environment:
    CACHE_HOST: cache.example.com
functions:
  orders: {handler: app.handler}
```

## Fix safety
Advice only.

## References
- [Securing Lambda environment variables](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.sensitive import internal_place
from stockade.model.value import NO, given
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules.secrets._shared import hidden_part, without_environment


@rule(
    "SK306",
    "internal-address-in-environment",
    severity=INFO,
    confidence="medium",
    persona="pedantic",
    since="0.1",
    controls=["SECR-6"],
    maps={"cwe": [200]},
    applies="has no environment variables",
    holds="the environment names nothing internal",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at every value that an environment variable may have."""
    del ctx
    for function in app.functions:
        if len(function.environment) and function.environment.complete:
            yield from found(NO, subject=function, message="")
        for variable in function.environment:
            answer, what = internal_place(variable.value)
            if not what:
                continue
            yield from found(
                given(variable.exists, answer),
                subject=function,
                at=variable.value,
                message=f"the environment of `{function}` names {what} in `{variable.name}`",
                help="take the address from service discovery, or from a parameter that is fetched at run time",
                fix=Fix.advice("fetch the address at run time"),
                evidence=variable.name,
            )
    yield from without_environment(app)
    yield from hidden_part(app.functions, "names an internal address")
