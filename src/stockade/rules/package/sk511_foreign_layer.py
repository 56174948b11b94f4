"""A layer from an account that nobody has vouched for.

## What it does
Reports layers whose ARN names an account by number that is not known to publish layers. Layers of the application, of
the account it is deployed to, of AWS and of known vendors are fine. A number may also be another account of your own.

## Why is this bad?
A layer is code inside the function: it runs before the handler, with the function's role and environment. Its owner can
delete a version, so that the function can't be deployed any more, and nobody reviews what the next version brings.

## When it is fine
When the account is one of your organisation, or a publisher whom you trust. Say which one in the ignore.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      {Runtime: python3.13, Handler: app.run, CodeUri: src/, Layers: [arn:aws:lambda:eu-west-1:111122223333:layer:a:3]}
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
      Layers: [!Sub "arn:aws:lambda:${AWS::Region}:111122223333:layer:pdf-tools:3"]
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Tools: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer/}}
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, Layers: [!Ref Tools]}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      Layers: [!Sub "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:layer:pdf-tools:3"]
```
```hcl bad
data "aws_region" "current" {}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  layers        = ["arn:aws:lambda:${data.aws_region.current.name}:111122223333:layer:pdf-tools:3"]
}
```
```hcl good
resource "aws_lambda_layer_version" "tools" {
  layer_name = "tools"
  filename   = "layer.zip"
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  layers        = [aws_lambda_layer_version.tools.arn]
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    layers: ["arn:aws:lambda:eu-west-1:210987654321:layer:tools:7"]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
layers:
  tools: {path: layers/tools}
functions:
  orders:
    handler: app.handler
    layers: [!Ref ToolsLambdaLayer]
```

## Fix safety
Advice only: whose account it is can't be told from here.

## References
- [Managing Lambda dependencies with layers](https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from stockade.knowledge import lambda_
from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import YES
from stockade.rules._base import MEDIUM, AccountId, Context, Outcome, found, rule, spared
from stockade.rules.package._functions import account_and_name, has_layers, layers, layers_unseen, of_stranger

# Parameters that AWS itself fills.
_OF_AWS = r"\{\{resolve:ssm:/aws/service/.*"


class Options(Struct, frozen=True):
    """What can be configured."""

    accounts: Annotated[tuple[AccountId, ...], Meta(description="accounts whose layers are known")] = ()


@rule(
    "SK511",
    "foreign-layer",
    severity=MEDIUM,
    confidence="medium",
    since="0.1",
    controls=["PACK-5"],
    maps={"cwe": [829]},
    aliases=["awslambda_function_using_cross_account_layers", "A.5", "CTL.LAMBDA.LAYER.ORIGIN.001"],
    applies="has no layers",
    holds="its layers are the application's own, or of publishers that are known",
    options=Options,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every layer of every function whose it is."""
    known = "|".join(ctx.options_of(Options).accounts)
    as_of = lambda_.layers_provenance().as_of
    for function in app.functions:
        if not has_layers(function):
            yield from spared(function)
        for layer in layers(function):
            account, name = account_and_name(layer)
            yield from found(
                of_stranger(layer)
                & ~layer.resolves(_OF_AWS)
                & (~layer.reads(rf"arn:[^:]*:lambda:[^:]*:(?:{known}):layer:.*") if known else YES),
                subject=function,
                at=layer,
                message=f"`{function}` runs the layer `{name}` of the account {account}, no publisher known on {as_of}"
                if account
                else f"`{function}` may run a layer of somebody else's account",
                help="check whose account it is, and publish a copy of the layer in your own account",
                fix=Fix.advice("publish a copy of the layer in your own account"),
                evidence=f"{account}:{name}" if account else layer.show(),
            )
        yield from layers_unseen(function, f"`{function}` has a layer of a foreign account")
