"""Decryption with keys that are not named.

## What it does
Reports statements of an execution role that allow `kms:Decrypt` on every key. It is quiet where a condition limits it
to a service (`kms:ViaService`), an encryption context or an alias.

## Why is this bad?
Keys keep data apart inside of an account: whoever may decrypt with all of them has undone that, for every bucket, table
and secret that he can read. Key policies that leave it to the account's IAM policies, as most do, do not stop it.

## When it is fine
When the keys belong to other accounts, whose key policies name this function.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: kms:Decrypt, Resource: "*"}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement:
            - Effect: Allow
              Action: kms:Decrypt
              Resource: "arn:aws:kms:*:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Statement: {Effect: Allow, Action: kms:Decrypt, Resource: "*"}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
}
resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
  inline_policy {
    name = "orders"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*" }]
    })
  }
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
}
resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
  inline_policy {
    name = "orders"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.orders.arn }]
    })
  }
}
resource "aws_kms_key" "orders" { enable_key_rotation = true }
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, Action: kms:Decrypt, Resource: "*"}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, Action: kms:Decrypt, Resource: !GetAtt Key.Arn}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}
```

## Fix safety
Advice only: which key encrypts what the function reads is not written in the statement.

## References
- [Best practices for KMS IAM policies](https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.statements import Charge
from stockade.model.app import App
from stockade.rules._base import MEDIUM, Context, Outcome, rule
from stockade.rules._words import join
from stockade.rules.identity._narrow import apart
from stockade.rules.identity._roles import APPLIES, Fault, few, on_wide_resource, tell


@rule(
    "SK210",
    "wide-kms-decrypt",
    severity=MEDIUM,
    since="0.1",
    controls=["ROLE-5"],
    maps={"aws-fsbp": ["KMS.2"], "cwe": [732]},
    aliases=["KMS.1", "KMS.2"],
    applies=APPLIES,
    holds="decryption names its keys",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement of every execution role."""
    del ctx
    yield from tell(app, ("decrypt",), _tell, "decryption names its keys")


_DEEDS = {
    "kms:decrypt": "decrypt",
    "kms:encrypt": "encrypt",
    "kms:reencryptfrom": "re-encrypt",
    "kms:reencryptto": "re-encrypt",
    "kms:generatedatakey": "make data keys",
    "kms:generatedatakeypair": "make data keys",
    "kms:generatedatakeywithoutplaintext": "make data keys",
    "kms:generatedatakeypairwithoutplaintext": "make data keys",
    "kms:sign": "sign",
}


def _deeds(charge: Charge) -> str:
    """What the actions do with a key."""
    return join(_DEEDS[action.lower()] for action in charge.named if action.lower() in _DEEDS)


def _tell(fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    yield from on_wide_resource(
        fault,
        severity=MEDIUM,
        message=(
            f"{fault.who} may {_deeds(charge)} with every key of the account whose policy leaves it to IAM "
            f"({few(charge.named)}{charge.on})"
        ),
        help=f"name the key by its ARN{apart(charge)}, or limit the use by `kms:ViaService` or an encryption context"
        + (" there" if apart(charge) else ""),
        advice="name the key",
    )
