"""Something sensitive in an environment without a key of one's own.

## What it does
Reports functions without a customer managed key whose environment holds something sensitive: a secret in plain text, a
parameter or variable that takes one (by `NoEcho` or its name), or a secret that is resolved when the stack is deployed. Other
environments are quiet.

## Why is this bad?
Lambda encrypts every environment, but with a key that everybody who may call `lambda:GetFunctionConfiguration` may use
without knowing it. With a key of one's own, reading the environment needs `kms:Decrypt` as well, and leaves a trace.

## When it is fine
Where the value is not in the environment at all, which is better than any key.

## Example
```yaml bad
Parameters:
  ApiToken: {Type: String, NoEcho: true}
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Environment: {Variables: {API_TOKEN: !Ref ApiToken}}
```
```yaml good
Parameters:
  ApiToken: {Type: String, NoEcho: true}
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      KmsKeyArn: !GetAtt Key.Arn
      Environment: {Variables: {API_TOKEN: !Ref ApiToken}}
  Key:
    Type: AWS::KMS::Key
    Properties: {EnableKeyRotation: true}
```
```yaml bad
Parameters:
  ApiToken: {Type: String, NoEcho: true}
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {S3Bucket: b, S3Key: a.zip}
      Environment: {Variables: {API_TOKEN: !Ref ApiToken}}
```
```hcl bad
variable "api_token" {
  type      = string
  sensitive = true
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment {
    variables = { API_TOKEN = var.api_token }
  }
}
```
```hcl good
variable "api_token" {
  type      = string
  sensitive = true
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  kms_key_arn   = aws_kms_key.orders.arn
  environment {
    variables = { API_TOKEN = var.api_token }
  }
}
resource "aws_kms_key" "orders" { enable_key_rotation = true }
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  orders:
    handler: app.handler
    environment:
      API_TOKEN: ${env:API_TOKEN}
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  orders:
    handler: app.handler
    environment:
      API_TOKEN: ${env:API_TOKEN}
    kmsKeyArn: !GetAtt Key.Arn
resources:
  Resources:
    Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}
```

## Fix safety
Unsafe: who deploys the function, and who looks at it, needs permission for the new key.

## References
- [Securing Lambda environment variables](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Function, Key
from stockade.model.intent import Fix, New, Set, To
from stockade.model.sensitive import is_secret_input, may_be_secret, resolves_secret
from stockade.model.value import NO, Tri, any_of, given
from stockade.rules._base import LOW, Context, Label, Outcome, found, rule, spared
from stockade.rules.secrets._shared import hidden_part, secrets_in


@rule(
    "SK303",
    "sensitive-environment-without-key",
    severity=LOW,
    since="0.1",
    controls=["SECR-5"],
    maps={"cwe": [311]},
    aliases=[
        "CKV_AWS_173",
        "a7f8ac28",
        "4495bc5d",
        "AC_AWS_0483",
        "aws-lambda-environment-unencrypted",
        "awslambda_function_env_vars_not_encrypted_with_cmk",
        "CTL.LAMBDA.ENV.ENCRYPT.001",
    ],
    applies="has nothing sensitive in its environment",
    holds="a customer managed key encrypts the environment",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask functions with something sensitive in their environment for their key."""
    del ctx
    for function in app.functions:
        sensitive = _sensitive(function)
        if all(answer.is_no for answer in sensitive.values()):
            if function.environment.complete:
                yield from spared(function)
            continue
        certain = [name for name, answer in sensitive.items() if any(case.is_yes for _, case in answer.split())]
        names = certain or [*sensitive]
        places = tuple(Label(v.origin, "this is sensitive") for v in function.environment if v.name in names)
        key = New(Key, f"{function.address}Key", {"rotation": True}, function)
        yield from found(
            any_of(sensitive.values()) & ~_has_key(function),
            subject=function,
            at=function,
            message=f"the environment of `{function}` holds {_few(names)} and is encrypted with no key of your own",
            help="keep the secret out of the environment, or set a customer managed key",
            fix=Fix.unsafe(
                "encrypt the environment with a key of its own",
                key,
                Set(function, "kms_key", To(key)),
                why="who deploys the function needs permission for the key, and so does its role",
            ),
            related=places[:3],
        )
    yield from hidden_part(
        app.functions,
        "holds something sensitive and is encrypted with no key of your own",
        lambda function: ~_has_key(function),
    )


def _sensitive(function: Function) -> dict[str, Tri]:
    """For each variable that may be sensitive, whether it is."""
    found_: dict[str, Tri] = {}
    for variable in function.environment:
        answer = given(
            variable.exists, is_secret_input(variable.value) | resolves_secret(variable.value, variable.name)
        )
        answer = answer | may_be_secret(variable.name, variable.value)
        found_[variable.name] = found_.get(variable.name, NO) | answer
    for variable, plain in secrets_in(function):
        if plain.hit.confidence != "low":
            found_[variable.name] = found_.get(variable.name, NO) | given(variable.exists, plain.answer)
    return {name: answer for name, answer in found_.items() if not answer.is_no}


def _has_key(function: Function) -> Tri:
    return function.kms_key.is_set() & ~function.kms_key.is_("")


def _few(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
