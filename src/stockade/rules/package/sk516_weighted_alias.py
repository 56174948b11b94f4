"""An alias that sends a share of the calls to another version.

## What it does
Reports aliases with weights in the code. For pedantic readers. Weights that a deployment sets and takes away again are
not in the code.

## Why is this bad?
Which code answers a call is then a matter of chance, also long after the release that the weight was for. Somebody who
can change an alias can have a small share of all calls handled by a version of their own, and the function looks as it
always did.

## When it is fine
For a release that is being tried out right now.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {S3Bucket: b, S3Key: a.zip}
  Live:
    Type: AWS::Lambda::Alias
    Properties:
      Name: live
      FunctionName: !Ref Orders
      FunctionVersion: "7"
      RoutingConfig: {AdditionalVersionWeights: [{FunctionVersion: "8", FunctionWeight: 0.1}]}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {S3Bucket: b, S3Key: a.zip}
  Live:
    Type: AWS::Lambda::Alias
    Properties:
      Name: live
      FunctionName: !Ref Orders
      FunctionVersion: "7"
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = "7"
  routing_config { additional_version_weights = { "8" = 0.1 } }
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
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = "7"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Live:
      Type: AWS::Lambda::Alias
      Properties:
        Name: live
        FunctionName: orders
        FunctionVersion: "7"
        RoutingConfig: {AdditionalVersionWeights: [{FunctionVersion: "8", FunctionWeight: 0.1}]}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Live:
      Type: AWS::Lambda::Alias
      Properties:
        Name: live
        FunctionName: orders
        FunctionVersion: "7"
```

## Fix safety
Advice only: which of the versions is meant to stay is yours to say.

## References
- [Implement Lambda canary deployments using a weighted alias](https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Alias, App
from stockade.model.intent import Fix
from stockade.rules._base import LOW, Context, Outcome, found, rule


@rule(
    "SK516",
    "weighted-alias",
    severity=LOW,
    persona="pedantic",
    since="0.2",
    controls=["DRFT-1"],
    maps={"cwe": [345]},
    aliases=["B.7"],
    applies="has no alias",
    holds="each of its aliases leads to one version",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every alias for its weights."""
    del ctx
    for alias in app.of(Alias):
        yield from found(
            ~alias.weights.is_empty(),
            subject=alias,
            at=alias.weights.items[0] if alias.weights.items else alias,
            message=f"the alias `{alias}` sends a share of the calls to another version",
            help="end the release: point the alias to one version, and let a deployment shift the traffic",
            fix=Fix.advice("point the alias to one version"),
        )
