"""A layer whose version is not fixed.

## What it does
Reports layers that are looked up as the newest one when the stack is deployed (a parameter called `latest`), and ARNs
of layers without a version.

## Why is this bad?
A layer is code of the function. With a floating version two deployments of one commit run different code, nobody has
reviewed the newer one, and going back to an older commit does not bring the old layer back. An ARN without a version is
refused by Lambda.

## When it is fine
For layers of AWS that you want to follow, in a stage where surprises are welcome.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      {Runtime: python3.13, Handler: app.run, CodeUri: src/, Layers: ["{{resolve:ssm:/team/layers/logging/latest}}"]}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      Layers: [!Sub "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:layer:logging"]
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
      Layers: [!Sub "arn:aws:lambda:${AWS::Region}:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-arm64:18"]
```
```yaml good
Resources:
  Logging: {Type: AWS::Lambda::LayerVersion, Properties: {Content: {S3Bucket: b, S3Key: layer.zip}}}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      {Runtime: python3.13, Handler: app.handler, Role: x, Code: {S3Bucket: b, S3Key: a.zip}, Layers: [!Ref Logging]}
```
```hcl bad
data "aws_caller_identity" "current" {}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  layers        = ["arn:aws:lambda:eu-west-1:${data.aws_caller_identity.current.account_id}:layer:logging"]
}
```
```hcl good
resource "aws_lambda_layer_version" "logging" {
  layer_name = "logging"
  filename   = "layer.zip"
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  layers        = [aws_lambda_layer_version.logging.arn]
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    layers: ["arn:aws:lambda:${aws:region}:${aws:accountId}:layer:logging"]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    layers: ["arn:aws:lambda:${aws:region}:${aws:accountId}:layer:logging:12"]
```

## Fix safety
Advice only: which version was tested is not known here.

## References
- [Adding layers to functions](https://docs.aws.amazon.com/lambda/latest/dg/adding-layers.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import Value
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule, spared
from stockade.rules.package._functions import account_and_name, has_layers, layers, layers_unseen, without_version

_LATEST = r"(?i)\{\{resolve:ssm:.*latest.*\}\}"
_OF_AWS = r"(?i)\{\{resolve:ssm:/aws/service/.*"


@rule(
    "SK512",
    "floating-layer",
    severity=LOW,
    since="0.1",
    controls=["PACK-5"],
    maps={"cwe": [829]},
    aliases=["W3702"],
    applies="has no layers",
    holds="the versions of its layers are fixed",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every layer of every function for its version."""
    del ctx
    for function in app.functions:
        if not has_layers(function):
            yield from spared(function)
        for layer in layers(function):
            floating = layer.resolves(_LATEST)
            name = account_and_name(layer)[1] or layer.show()
            newest = not floating.is_no
            yield from found(
                floating if newest else without_version(layer),
                subject=function,
                at=layer,
                severity=LOW if newest else MEDIUM,
                persona="pedantic" if _is_of_aws(layer) else None,
                message=f"`{function}` gets whichever version of the layer `{name}` is newest when it is deployed"
                if newest
                else f"`{function}` can't be deployed: its layer `{name}` has no version",
                help="name the version of the layer that was tested",
                fix=Fix.advice("name the version of the layer"),
                evidence=name,
            )
        yield from layers_unseen(function, f"`{function}` has a layer without a fixed version")


def _is_of_aws(layer: Value[str]) -> bool:
    return layer.resolves(_OF_AWS).is_yes
