"""A queue whose messages are not encrypted.

## What it does
Reports queues for which the encryption that SQS does by itself is turned off, and that have no KMS key. Queues for
failed events are told by `unencrypted-dead-letter`.

## Why is this bad?
SQS encrypts the messages of new queues with keys of its own, at no cost, unless it is told not to. Without, they lie
on disk as they were sent, for up to fourteen days.

## When it is fine
Where messages hold nothing that matters.

## Example
```yaml bad
Resources:
  Work: {Type: AWS::SQS::Queue, Properties: {SqsManagedSseEnabled: false}}
```
```yaml good
Resources:
  Work: {Type: AWS::SQS::Queue}
```
```hcl bad
resource "aws_sqs_queue" "work" {
  name                    = "work"
  sqs_managed_sse_enabled = false
}
```
```hcl good
resource "aws_sqs_queue" "work" { name = "work" }
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Work: {Type: AWS::SQS::Queue, Properties: {SqsManagedSseEnabled: false}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Work: {Type: AWS::SQS::Queue}
```

## Fix safety
Safe: SQS encrypts and decrypts, and nobody needs another permission.

## References
- [Server-side encryption in SQS](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Queue
from stockade.model.intent import Fix, Set
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules._failures import keepers
from stockade.rules._words import by_format


@rule(
    "SK311",
    "unencrypted-queue",
    severity=MEDIUM,
    since="0.1",
    controls=["FLEET-2", "OBSV-3"],
    maps={"aws-fsbp": ["SQS.1"], "cwe": [311]},
    aliases=[
        "CKV_AWS_27", "AWS-0096", "6e8849c1", "12726829", "W48", "AwsSolutions-SQS2",
        "sqs_queues_server_side_encryption_enabled", "sqsEncryptionEnabled", "FG_R00070"],
    applies="uses no queue of the scanned code",
    holds="the messages of its queues are encrypted",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every queue how it encrypts."""
    del ctx
    kept = keepers(app)
    for queue in app.of(Queue):
        yield from found(
            ~queue.managed_sse.is_true() & ~queue.kms_key.is_set(),
            subject=queue,
            at=queue.managed_sse,
            message=f"the messages of `{queue}` are not encrypted: that of SQS is turned off, and it has no KMS key",
            help=f"leave `{by_format(queue, 'SqsManagedSseEnabled', 'sqs_managed_sse_enabled')}` out, or set it to true",
            fix=Fix.safe("let SQS encrypt the queue", Set(queue, "managed_sse", True)),  # noqa: FBT003 - a value
            told="SK704" if id(queue) in kept else "",
        )
