"""The Parameters and Secrets extension, under a role that lets it read nothing.

## What it does
Reports functions with the layer of the AWS Parameters and Secrets Lambda Extension whose role, which is wholly known, allows
neither `secretsmanager:GetSecretValue` nor `ssm:GetParameter` on anything.

## Why is this bad?
The extension reads secrets and parameters with the function's role. Every request to it fails, mostly on the first call
after a deployment. What people then do in a hurry is to put the secret itself into the environment.

## When it is fine
Where the policy of the secret itself lets in the role.

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
      Layers: [arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension:12]
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
      Layers: [arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension:12]
      Policies: [{SSMParameterReadPolicy: {ParameterName: shop/mail}}]
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
  layers        = ["arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension:12"]
}

resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.orders.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
  layers        = ["arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension:12"]
}

resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "ssm:GetParameter", Resource = "arn:aws:ssm:*:*:parameter/shop/mail" }]
  })
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    layers: [arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension:12]
```
```yaml good
service: shop
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, Action: "ssm:GetParameter", Resource: "arn:aws:ssm:us-east-1:111122223333:parameter/shop/mail"}
functions:
  orders:
    handler: app.handler
    layers: [arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension:12]
```

## Fix safety
Advice only: which secret or parameter the function is to read is yours to say.

## References
- [Secrets in Lambda functions](https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html)
- [Parameters in Lambda functions](https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from stockade.model.app import App, LayerVersion, Secret
from stockade.model.intent import Fix
from stockade.model.value import NO, Tri, Value
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule, spared
from stockade.rules.secrets._shared import may_read

# The role needs one of both: https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html and
# https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html (as of 2026-11-28).
_READ = ("secretsmanager:GetSecretValue", "ssm:GetParameter")
_NAME = ":layer:AWS-Parameters-and-Secrets-Lambda-Extension"


@rule(
    "SK339",
    "idle-secrets-extension",
    severity=MEDIUM,
    confidence="medium",
    since="0.1",
    controls=["SECR-3", "ROLE-8"],
    applies="does not have the Parameters and Secrets extension",
    holds="its role lets the extension read secrets or parameters",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the role of every function with the extension."""
    del ctx
    for function in app.functions:
        extended = function.layers.any(partial(_is_extension, app))
        if extended.is_no:
            yield from spared(function)
            continue
        layer = next((one for one in function.layers if not _is_extension(app, one).is_no), None)
        yield from found(
            extended & ~may_read(app, function, _READ, app.of(Secret)),
            subject=function,
            at=function if layer is None else layer,
            message=f"the Parameters and Secrets extension of `{function}` can read nothing: its role allows"
            f" neither `{_READ[0]}` nor `{_READ[1]}`",
            help="allow the role to read the secret or the parameter that the function needs, or leave the layer out",
            fix=Fix.advice("allow the role to read what the function needs"),
        )


def _is_extension(app: App, layer: Value[str]) -> Tri:
    if any(isinstance(app.get(reference.target), LayerVersion) for _, reference in layer.refers()):
        return NO  # a layer of one's own
    return layer.is_set() & layer.read_by(lambda text: _NAME in text)
