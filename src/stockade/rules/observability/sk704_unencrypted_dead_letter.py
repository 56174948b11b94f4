"""Failed events in a queue without encryption, or in a topic without a KMS key.

## What it does
Reports queues with encryption turned off that take the failed events of functions: as a dead-letter queue, an on-failure
destination, or the dead-letter queue of a queue that triggers a function. Of topics without a KMS key that do so only the
pedantic persona hears.

## Why is this bad?
What failed is kept whole, often for days: the order, the customer's data, the token in a header. SQS encrypts
messages with keys of its own unless it is told not to. SNS keeps them on encrypted disks, but only with a KMS key does it
encrypt the messages themselves, and only then does the key's policy say who may read them.

## When it is fine
Where the events hold nothing that matters.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Failed: {Type: AWS::SQS::Queue, Properties: {SqsManagedSseEnabled: false}}
  Resize:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Failed.Arn}
```
```yaml bad
Resources:
  Failed: {Type: AWS::SNS::Topic}
  Resize:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      DeadLetterConfig: {TargetArn: !Ref Failed}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Resize:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Failed.Arn}
```
```hcl bad
resource "aws_sqs_queue" "failed" {
  name                    = "failed"
  sqs_managed_sse_enabled = false
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  dead_letter_config { target_arn = aws_sqs_queue.failed.arn }
}
```
```hcl good
resource "aws_sqs_queue" "failed" { name = "failed" }
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  dead_letter_config { target_arn = aws_sqs_queue.failed.arn }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  resize:
    handler: app.handler
    destinations: {onFailure: {type: sqs, arn: !GetAtt Failed.Arn}}
resources:
  Resources:
    Failed: {Type: AWS::SQS::Queue, Properties: {SqsManagedSseEnabled: false}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  resize:
    handler: app.handler
    destinations: {onFailure: {type: sqs, arn: !GetAtt Failed.Arn}}
resources:
  Resources:
    Failed: {Type: AWS::SQS::Queue}
```

## Fix safety
Safe for queues: SQS encrypts with keys of its own. Unsafe for topics: whoever publishes needs access to the key. Where a
service is seen to publish, nothing is written: it can't use the key of SNS.

## References
- [Server-side encryption in SQS](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html)
- [Securing SNS data with server-side encryption](https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, AsyncConfig, EventSource, Function, Queue, Resource, Topic
from stockade.model.intent import Fix, Set
from stockade.model.possible import may_name
from stockade.model.value import Doubt, Tri
from stockade.rules._base import INFO, MEDIUM, Context, Outcome, found, rule, spared
from stockade.rules._failures import failures
from stockade.rules._topics import key_fix, key_help
from stockade.rules._words import by_format, names

# What says where failed events go.
_KEEPERS = frozenset({AsyncConfig.kind, EventSource.kind})


@rule(
    "SK704",
    "unencrypted-dead-letter",
    severity=MEDIUM,
    since="0.1",
    controls=["OBSV-3"],
    maps={"cwe": [311]},
    applies="keeps no failed events in the scanned code",
    holds="its failed events are encrypted with a key where they are kept",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every queue and topic that takes failed events for its encryption."""
    del ctx
    takers: dict[str, tuple[Resource, list[Function]]] = {}
    open_: dict[int, Doubt] = {}
    for value, function in failures(app):
        doubt = may_name(app, function, value, (Queue, Topic))
        if doubt is not None:
            open_.setdefault(id(function), doubt)
        for _, reference in value.references():
            target = app.get(reference.target)
            if isinstance(target, Queue | Topic):
                takers.setdefault(target.key, (target, []))[1].append(function)
    keeping = {id(function) for _, functions in takers.values() for function in functions}
    for function in app.functions:
        if id(function) in open_:
            yield from found(
                Tri("maybe", (function.origin,), (open_[id(function)],)),
                subject=function,
                message=f"failed events of `{function}` lie without encryption where they are kept",
                evidence="unseen",
            )
        elif id(function) not in keeping and app.hidden_from(function, _KEEPERS) is None:
            yield from spared(function)
    for target, functions in takers.values():
        concerned = tuple({id(function): function for function in functions}.values())
        if isinstance(target, Queue):
            yield from _queue(target, concerned)
        elif isinstance(target, Topic):
            yield from _topic(app, target, concerned)


def _queue(queue: Queue, functions: tuple[Function, ...]) -> Iterator[Outcome]:
    yield from found(
        ~queue.managed_sse.is_true() & ~queue.kms_key.is_set(),
        subject=queue,
        functions=functions,
        at=queue.managed_sse,
        message=(
            f"failed events of {names(functions)} lie in `{queue}` without encryption: that of SQS is turned off, and it has "
            "no KMS key"
        ),
        help=f"leave `{by_format(queue, 'SqsManagedSseEnabled', 'sqs_managed_sse_enabled')}` out, or set it to true",
        fix=Fix.safe("let SQS encrypt the queue", Set(queue, "managed_sse", True)),  # noqa: FBT003 - a value
    )


def _topic(app: App, topic: Topic, functions: tuple[Function, ...]) -> Iterator[Outcome]:
    yield from found(
        ~topic.kms_key.is_set(),
        subject=topic,
        functions=functions,
        at=topic,
        severity=INFO,
        persona="pedantic",
        message=f"failed events of {names(functions)} pass through `{topic}`, which has no KMS key",
        help=f"{key_help(app, topic)}; or send failed events to a queue",
        fix=key_fix(app, topic),
    )
