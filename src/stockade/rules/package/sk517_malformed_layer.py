"""A layer that is named in a way that can't be right.

## What it does
Reports layers whose text is no ARN of a layer, or is longer than 140 characters. A layer without a version is reported
by SK512. What looks like a placeholder (`<account>`, `XXXX`, `YOUR_LAYER`) is of low severity: it is there to be filled
in.

## Why is this bad?
Lambda refuses the function, and the deployment is rolled back.

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
      Layers: ["arn:aws:lambda:eu-west-1:111122223333:orders-layer:3"]
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
      Layers: ["arn:aws:lambda:eu-west-1:111122223333:layer:orders:3"]
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  layers        = ["orders:3"]
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  layers        = ["arn:aws:lambda:eu-west-1:111122223333:layer:orders:3"]
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    layers: ["arn:aws:lambda:eu-west-1:1111:layer:orders:3"]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    layers: ["arn:aws:lambda:eu-west-1:111122223333:layer:orders:3"]
```

## Fix safety
Advice only: which layer is meant can't be told.

## References
- [CreateFunction](https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import NO
from stockade.patterns import regex
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule, spared
from stockade.rules.package._functions import has_layers, is_malformed, layers, layers_unseen

_PLACEHOLDER = regex(r"<[^<>]+>|(?<![A-Za-z0-9])[Xx]{3,}(?![A-Za-z0-9])|(?i:(?<![a-z0-9])(?:your|my|enter|insert)[_-])")


@rule(
    "SK517",
    "malformed-layer",
    severity=MEDIUM,
    since="0.1",
    controls=["PACK-5"],
    aliases=["E3716"],
    applies="has no layers",
    holds="its layers are named by their ARNs",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at the shape of every layer's ARN."""
    del ctx
    for function in app.functions:
        if not has_layers(function):
            yield from spared(function)
        for layer in layers(function):
            placeholder = layer.read_by(lambda text: _PLACEHOLDER.search(text) is not None)
            if placeholder.truth == "maybe":
                placeholder = NO
            yield from found(
                is_malformed(layer) & placeholder,
                subject=function,
                at=layer,
                severity=LOW,
                message=f"`{layer.show()}`, a layer of `{function}`, holds a placeholder, which must be filled in",
                help="write the ARN of the layer, or make it a parameter",
                fix=Fix.advice("fill the placeholder in"),
                evidence=f"placeholder {layer.show()}",
            )
            yield from found(
                is_malformed(layer) & ~placeholder,
                subject=function,
                at=layer,
                message=f"`{layer.show()}`, a layer of `{function}`, is no ARN of a layer version",
                help="write `arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION`",
                fix=Fix.advice("name the layer by its ARN"),
                evidence=layer.show(),
            )
        yield from layers_unseen(function, f"`{function}` has a layer that is not named by an ARN")
