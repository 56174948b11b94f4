"""A key that is gone soon after somebody deletes it.

## What it does
Reports KMS keys that are deleted less than fourteen days after their deletion is asked for. KMS waits thirty when
nothing is said.

## Why is this bad?
What a deleted key encrypted is lost for good. The waiting time is the only chance to notice, by what fails in the
meantime, that the key was still needed; jobs that run once a month show it after a week or two.

## When it is fine
For keys of test stages.

## Example
```yaml bad
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true, PendingWindowInDays: 7}}
```
```yaml good
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true, PendingWindowInDays: 30}}
```
```hcl bad
resource "aws_kms_key" "orders" {
  enable_key_rotation     = true
  deletion_window_in_days = 7
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
    Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true, PendingWindowInDays: 7}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true, PendingWindowInDays: 30}}
```

## Fix safety
Safe: nothing changes until somebody deletes the key.

## References
- [Deleting keys](https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Key
from stockade.model.intent import Fix, Set
from stockade.rules._base import INFO, Context, Outcome, found, rule


@rule(
    "SK319",
    "short-key-deletion-window",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["SECR-5"],
    maps={"aws-fsbp": ["KMS.3"]},
    aliases=["kms_cmk_not_deleted_unintentionally", "kmsScheduledDeletion", "KMS_CMK_NOT_SCHEDULED_FOR_DELETION"],
    applies="uses no customer managed key of the scanned code",
    holds="its keys wait for two weeks or more before they are deleted",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every key how long its deletion waits."""
    del ctx
    for key in app.of(Key):
        days = key.pending_window.show()
        yield from found(
            key.pending_window.at_most(13),
            subject=key,
            at=key.pending_window,
            message=f"the key `{key}` is gone {days} days after somebody deletes it, with all that it encrypted",
            help="let the deletion wait for thirty days",
            fix=Fix.safe("let the deletion wait for thirty days", Set(key, "pending_window", 30)),
        )
