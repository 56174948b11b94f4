"""A key that is never rotated.

## What it does
Reports symmetric customer managed keys whose material KMS makes and does not rotate. Keys for signing, imported
material and keys in an own key store can't be rotated by KMS, and are not meant.

## Why is this bad?
Rotation makes new key material every year and keeps the old for what it encrypted: it costs nothing, changes no ARN and
no code, and bounds what one leaked material opens.

## When it is fine
For a key that encrypts nothing that lasts. Where all that the code has it for are queues, topics and streams that keep their
records for two weeks at most, only the pedantic persona hears of it.

## Example
```yaml bad
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      Description: orders
```
```yaml good
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      Description: orders
      EnableKeyRotation: true
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      Description: orders
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      Description: orders
      EnableKeyRotation: true
```
```hcl bad
resource "aws_kms_key" "orders" {
  description = "orders"
}
```
```hcl good
resource "aws_kms_key" "orders" {
  description         = "orders"
  enable_key_rotation = true
}
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
  kmsKeyArn: !GetAtt Key.Arn
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Key:
      Type: AWS::KMS::Key
      Properties: {Description: orders}
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
  kmsKeyArn: !GetAtt Key.Arn
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Key:
      Type: AWS::KMS::Key
      Properties: {Description: orders, EnableKeyRotation: true}
```

## Fix safety
Safe: the key keeps its id and its ARN, and decrypts what it encrypted before.

## References
- [Rotate KMS keys](https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from stockade.model.app import App, Key, Policy, Queue, Resource, Stream, Topic
from stockade.model.intent import Fix, Set
from stockade.model.value import NO
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._stated import referred

_WEEKS = 2 * 7 * 24  # hours: no queue keeps messages for longer


@rule(
    "SK304",
    "key-without-rotation",
    severity=LOW,
    since="0.1",
    controls=["SECR-5"],
    maps={"aws-fsbp": ["KMS.4"], "cwe": [324]},
    aliases=[
        "CKV_AWS_7",
        "AWS-0065",
        "F19",
        "235ca980",
        "AwsSolutions-KMS5",
        "kms_cmk_rotation_enabled",
        "kmsKeyRotation",
        "FG_R00036",
    ],
    applies="uses no customer managed key of the scanned code",
    holds="its keys are rotated every year",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every key that KMS could rotate whether it does."""
    del ctx
    users = _users(app)
    for key in app.of(Key):
        if key.type.endswith("ReplicaKey"):
            yield from found(NO, subject=key, message="", passes="the key is rotated with its primary key")
            continue
        able = key.spec.is_("SYMMETRIC_DEFAULT") & key.usage.is_("ENCRYPT_DECRYPT") & key.material.is_("AWS_KMS")
        yield from found(
            able & ~key.rotation.is_true(),
            subject=key,
            at=key,
            message=f"the key `{key}` is never rotated",
            help="let KMS rotate the key every year",
            fix=Fix.safe("rotate the key every year", Set(key, "rotation", True)),  # noqa: FBT003 - the value to write
            persona="pedantic" if _is_brief(users.get(key.key, [])) else None,
            passes="KMS rotates the key, or can't rotate keys of its kind",
        )


def _users(app: App) -> dict[str, list[Resource]]:
    """By their keys, what names KMS keys, beside policies, which only say who may use them."""
    found_: dict[str, list[Resource]] = defaultdict(list)
    if not app.of(Key):
        return found_
    for resource in app.resources:
        if not isinstance(resource, Policy):
            for target in referred(resource):
                found_[target].append(resource)
    return found_


def _is_brief(users: list[Resource]) -> bool:
    """Whether all that a key is known to encrypt is gone within two weeks: messages, and records of streams."""
    return bool(users) and all(
        isinstance(user, Queue | Topic) or (isinstance(user, Stream) and user.retention.at_least(_WEEKS + 1).is_no)
        for user in users
    )
