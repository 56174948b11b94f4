"""Messages without a key of your own.

## What it does
Reports queues, topics, event buses, schedules and state machines that are encrypted with a key of AWS, and not with
one of your own.

## Why is this bad?
With a key of your own a second policy decides who may read what is sent, and services of other accounts can be let in
or kept out by it.

## When it is fine
Nearly always; and a key of your own has to let in every service that sends. Only the pedantic persona hears of it.

## Example
```yaml bad
Resources:
  Work: {Type: AWS::SQS::Queue}
```
```yaml good
Resources:
  Work: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: alias/orders}}
```
```hcl bad
resource "aws_sns_topic" "news" {
  name              = "news"
  kms_master_key_id = "alias/aws/sns"
}
```
```hcl good
resource "aws_sns_topic" "news" {
  name              = "news"
  kms_master_key_id = "alias/news"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Work: {Type: AWS::SQS::Queue}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Work: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: alias/orders}}
```

## Fix safety
Advice only: a key has to be made, and whoever sends and reads needs it.

## References
- [Encrypted queues and other services](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html)
- [Encryption of event buses](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EventBus, Queue, Schedule, StateMachine, Topic
from stockade.model.value import NO
from stockade.rules._base import INFO, Context, Outcome, rule
from stockade.rules.secrets._keys import has_own_key, without_own_key

_NOUNS = {
    "queue": "the queue",
    "topic": "the topic",
    "event-bus": "the event bus",
    "schedule": "the schedule",
    "state-machine": "the state machine",
}


@rule(
    "SK317",
    "messages-without-own-key",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["SECR-5", "FLEET-2"],
    maps={"cwe": [311]},
    aliases=[
        "CKV2_AWS_73", "CKV_AWS_297", "AWS-0135", "AWS-0136", "b1a72f66", "topicCmkEncrypted", "sqsEncrypted",
        "stepfunctions_statemachine_encrypted_with_cmk",
    ],
    applies="sends and receives nothing by the scanned code",
    holds="what it sends and receives is encrypted with a key of your own",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask everything that messages pass through for its key. A topic without any key is told by another rule."""
    del ctx
    carriers: tuple[Queue | Topic | EventBus | Schedule | StateMachine, ...] = (
        *app.of(Queue), *app.of(Topic), *app.of(EventBus), *app.of(Schedule), *app.of(StateMachine),
    )  # fmt: skip
    for resource in carriers:
        keyless = ~resource.kms_key.is_set() if isinstance(resource, Topic) else NO
        told = "SK312" if keyless.is_yes else ""
        yield from without_own_key(resource, _NOUNS[resource.kind], has_own_key(resource.kms_key), told)
