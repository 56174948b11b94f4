"""A KMS key without a policy of its own.

## What it does
Reports customer managed keys that no key policy is stated for. For auditors: other tools' checklists ask for one.

## Why is this bad?
Such a key gets the policy that KMS gives by default: the account may do everything with it, so that whoever has rights on
`kms:*` in an identity policy may use it. A policy of your own says who may decrypt, and who only administers the key.

## When it is fine
Where IAM policies alone are to decide, and are kept narrow.

## Example
```yaml bad
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}
```
```yaml good
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}, Action: "kms:*", Resource: "*"}
```
```hcl bad
resource "aws_kms_key" "orders" {
  enable_key_rotation = true
}
```
```hcl good
resource "aws_kms_key" "orders" {
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Key:
      Type: AWS::KMS::Key
      Properties:
        EnableKeyRotation: true
        KeyPolicy:
          Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "kms:*", Resource: "*"}
```

## Fix safety
Advice only: a wrong key policy locks out even who has to mend it.

## References
- [Default key policy](https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Key, Policy
from stockade.model.intent import Fix
from stockade.model.value import YES, any_of, given, maybe
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._elsewhere import may_be_elsewhere

_BESIDE = ("aws_kms_key_policy",)


@rule(
    "SK338",
    "key-without-policy",
    severity=INFO,
    persona="auditor",
    since="0.1",
    controls=["SECR-5"],
    aliases=["CKV2_AWS_64", "bbe3dd3d"],
    applies="uses no customer managed key of the scanned code",
    holds="its keys have policies of their own",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every key for its policy."""
    del ctx
    loose = [policy for policy in app.of(Policy) if policy.type in _BESIDE and not policy.guards]
    unknown = any_of(maybe(f"which key `{policy}` is put on is not known", policy.origin) for policy in loose)
    for key in app.of(Key):
        stated = any_of(given(policy.exists, YES) for policy in key.policies)
        yield from found(
            ~(stated | unknown | may_be_elsewhere(app, key, Policy)),
            subject=key,
            at=key,
            message=f"the key `{key}` has no policy of its own",
            help="state a key policy that names who uses the key, and who administers it",
            fix=Fix.advice("state a key policy"),
        )
