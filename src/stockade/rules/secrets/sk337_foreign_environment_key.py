"""An environment that another account's key encrypts.

## What it does
Reports functions whose environment is encrypted with a key whose ARN holds an account that is written as a number,
where that is not the account deployed to as far as that is known.

## Why is this bad?
Whoever owns the key decides whether the function starts: a key that is disabled or deleted stops it, and all that it
does. The owner's trail, not yours, says who has decrypted the environment.

## When it is fine
Where the account is one of yours that holds the keys of all others: say so in an ignore, or take the ARN from a
parameter that names its owner.

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
      KmsKeyArn: arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab
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
      KmsKeyArn: !GetAtt Key.Arn
  Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true, KeyPolicy: {Version: "2012-10-17", Statement: []}}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  kms_key_arn   = "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  kms_key_arn   = aws_kms_key.orders.arn
}
resource "aws_kms_key" "orders" { enable_key_rotation = true }
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    kmsKeyArn: arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    kmsKeyArn: !GetAtt Key.Arn
resources:
  Resources:
    Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true, KeyPolicy: {Version: "2012-10-17", Statement: []}}}
```

## Fix safety
Advice only: whose key is right is yours to say.

## References
- [Securing Lambda environment variables](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Function
from stockade.model.intent import Fix
from stockade.patterns import regex
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule, spared
from stockade.rules._words import by_format

_ARN = regex(r"arn:[^:]*:kms:[^:]*:(\d{12}):.*")


@rule(
    "SK337",
    "foreign-environment-key",
    severity=LOW,
    confidence="medium",
    since="0.2",
    controls=["SECR-5"],
    aliases=["CTL.LAMBDA.ENV.KMS.EXTERNAL.001"],
    applies="names no key for its environment",
    holds="the key of its environment is one of its account, as far as that is written",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function with a key for the key's account."""
    del ctx
    for function in app.functions:
        if function.kms_key.is_set().is_no:
            yield from spared(function)
            continue
        own = _account(function)

        def foreign(text: str, own: str = own) -> bool:
            match = _ARN.fullmatch(text)
            return match is not None and match[1] != own

        yield from found(
            function.kms_key.is_set() & function.kms_key.read_by(foreign),
            subject=function,
            at=function.kms_key,
            severity=MEDIUM if own else LOW,
            message=f"the environment of `{function}` is encrypted with `{function.kms_key.show()}`; "
            "nothing says whose account that is",
            help="refer to a key of this account, or take the ARN from a "
            f"{by_format(function, 'parameter', 'variable')} that names the owner",
            fix=Fix.advice("use a key of this account"),
        )


def _account(function: Function) -> str:
    """The account that a function is deployed to, where its number is known."""
    place = function.place
    return place.account if place is not None and place.account.isdigit() else ""
