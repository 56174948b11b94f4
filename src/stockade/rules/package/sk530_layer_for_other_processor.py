"""A layer whose name says that it is for another processor than the function's.

## What it does
Reports layers whose name says that they are for `arm64` where the function runs on `x86_64`, and the other way round. A
function that states no architecture runs on `x86_64`. The Parameters and Secrets extension and the one of Lambda Insights say
`Arm64` in their names, and are for `x86_64` where they don't.

## Why is this bad?
What is compiled for another processor does not start. An extension then stops the function before its first line, a library
when it is imported. Lambda does not refuse such a layer when it is deployed.

## When it is fine
Where the layer holds nothing that is compiled, whatever its name says.

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
      Layers: [arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension-Arm64:20]
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
      Architectures: [arm64]
      Layers: [arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension-Arm64:20]
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  architectures = ["arm64"]
  layers        = ["arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-x86_64:18"]
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  architectures = ["arm64"]
  layers        = ["arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-arm64:18"]
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13, architecture: arm64}
functions:
  orders:
    handler: app.handler
    layers: [arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension:12]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13, architecture: arm64}
functions:
  orders:
    handler: app.handler
    layers: [arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:12]
```

## Fix safety
Advice only: the other layer has versions of its own, and a function's own code may be compiled too.

## References
- [Instruction sets of Lambda](https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html)
- [Secrets in Lambda functions](https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html)
- [Versions of Lambda Insights](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights-extension-versions.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from stockade.model.app import App, Function
from stockade.model.intent import Fix
from stockade.model.value import Tri
from stockade.patterns import regex
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule, spared
from stockade.rules.package._functions import account_and_name, has_layers, layers, layers_unseen

_ARM = regex(r"(?<![a-z0-9])(?:arm64|aarch64)(?![a-z0-9])")
_X86 = regex(r"(?<![a-z0-9])(?:x86[_-]?64|amd64)(?![a-z0-9])")
# Extensions of which AWS names the build for Arm alone (as of 2026-11-28: the lists in the references).
_PLAIN_IS_X86 = ("AWS-Parameters-and-Secrets-Lambda-Extension", "LambdaInsightsExtension")


@rule(
    "SK530",
    "layer-for-other-processor",
    severity=MEDIUM,
    confidence="medium",
    since="0.1",
    controls=["PACK-5"],
    applies="has no layers",
    holds="no layer's name speaks of another processor",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Compare what the names of layers say with what every function runs on."""
    del ctx
    for function in app.functions:
        if not has_layers(function):
            yield from spared(function)
        for layer in layers(function):
            _, name = account_and_name(layer)
            for meant, other in (("arm64", "x86_64"), ("x86_64", "arm64")):
                yield from found(
                    layer.is_set() & layer.read_by(partial(_says, processor=meant)) & _runs_on(function, other),
                    subject=function,
                    at=layer,
                    message=f"the layer `{name or layer.show()}` is for {meant}, and `{function}` runs on {other}",
                    help=f"take the layer that is made for {other}, or run the function on {meant}",
                    fix=Fix.advice(f"take the layer that is made for {other}"),
                    evidence=f"{meant} {layer.show()}",
                )
        yield from layers_unseen(function, f"`{function}` has a layer for another processor")


def _says(text: str, processor: str) -> bool:
    """Whether the name in a layer's ARN speaks of a processor, and of no other; a part that is not known (`*`) may."""
    name = text.partition(":layer:")[2].partition(":")[0]
    said = {word for word, pattern in (("arm64", _ARM), ("x86_64", _X86)) if pattern.search(name.lower())}
    if not said and name in _PLAIN_IS_X86:
        said = {"x86_64"}
    return said == {processor} or (not said and "*" in name)


def _runs_on(function: Function, architecture: str) -> Tri:
    """Whether a function runs on a processor; Lambda takes x86_64 where none is stated."""
    stated = function.architectures
    answer = stated.any(lambda value: value.is_(architecture))
    return answer | ~stated.any(lambda value: value.is_set()) if architecture == "x86_64" else answer
