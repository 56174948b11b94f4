"""A key that is turned off.

## What it does
Reports KMS keys that are declared disabled.

## Why is this bad?
Nothing that the key encrypted can be read, and nothing new can be written: the function that uses it fails, and so
does whatever reads its environment, its queue or its table.

## When it is fine
For a key that is about to be deleted, while you watch whether anybody still uses it.

## Example
```yaml bad
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true, Enabled: false}}
```
```yaml good
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}
```
```hcl bad
resource "aws_kms_key" "orders" {
  enable_key_rotation = true
  is_enabled          = false
}
```
```hcl good
resource "aws_kms_key" "orders" { enable_key_rotation = true }
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true, Enabled: false}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}
```

## Fix safety
Unsafe: somebody may have turned it off on purpose.

## References
- [Enable and disable keys](https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Key
from stockade.model.intent import Fix, Set
from stockade.rules._base import HIGH, MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import names


@rule(
    "SK318",
    "disabled-key",
    severity=MEDIUM,
    since="0.1",
    controls=["SECR-5"],
    aliases=["CKV_AWS_227", "0b530315", "kms_cmk_are_used"],
    applies="uses no customer managed key of the scanned code",
    holds="its keys are enabled",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every key whether it is enabled."""
    del ctx
    for key in app.of(Key):
        needs = f", which {names(key.functions)} may need" if key.functions else ""
        yield from found(
            ~key.enabled.is_true(),
            subject=key,
            at=key.enabled,
            severity=HIGH if key.functions else MEDIUM,
            message=f"the key `{key}` is turned off{needs}",
            help="enable the key, or schedule its deletion",
            fix=Fix.unsafe(
                "enable the key",
                Set(key, "enabled", True),  # noqa: FBT003 - the value to write
                why="somebody may have turned it off on purpose",
            ),
        )
