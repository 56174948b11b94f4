"""Failed messages that are gone before anybody looks.

## What it does
Reports dead-letter queues that keep messages no longer than the queue that they come from.

## Why is this bad?
The age of a message counts from when it was first sent, and goes on in the dead-letter queue. One that was tried for
three days is deleted there after one more if both keep for four: over a weekend, failures come and go unseen.

## When it is fine
For FIFO queues, where the age begins anew; they are not reported.

## Example
```yaml bad
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Work:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}
```
```yaml good
Resources:
  Failed: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
  Work:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}
```
```hcl bad
resource "aws_sqs_queue" "failed" { name = "failed" }
resource "aws_sqs_queue" "work" {
  name           = "work"
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.failed.arn, maxReceiveCount = 5 })
}
```
```hcl good
resource "aws_sqs_queue" "failed" {
  name                      = "failed"
  message_retention_seconds = 1209600
}
resource "aws_sqs_queue" "work" {
  name           = "work"
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.failed.arn, maxReceiveCount = 5 })
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Failed: {Type: AWS::SQS::Queue}
    Work:
      Type: AWS::SQS::Queue
      Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Failed: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
    Work:
      Type: AWS::SQS::Queue
      Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}
```

## Fix safety
Safe: messages are kept for longer.

## References
- [Retention in dead-letter queues](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Queue
from stockade.model.intent import Fix, Set
from stockade.rules._base import LOW, Context, Label, Outcome, found, rule
from stockade.rules._words import by_format

_LONGEST = 1209600  # fourteen days


@rule(
    "SK734",
    "short-dead-letter-retention",
    severity=LOW,
    since="0.1",
    controls=["OBSV-3"],
    applies="uses no queue of the scanned code whose failed messages are kept",
    holds="failed messages are kept for longer than they are tried",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Compare every dead-letter queue with the queues that feed it."""
    del ctx
    for queue in app.of(Queue):
        feeders = [feeder for feeder in queue.dead_letter_of if isinstance(feeder, Queue) and feeder is not queue]
        for feeder in feeders:
            functions = tuple({id(f): f for f in (*queue.functions, *feeder.functions)}.values())
            yield from found(
                ~queue.fifo.is_true()
                & ~queue.retention.at_least(_LONGEST)
                & queue.retention.compare(feeder.retention, lambda own, its: int(own) <= int(its)),
                subject=queue,
                functions=functions,
                at=queue if queue.retention.is_set().is_no else queue.retention,
                message=f"`{queue}` keeps failed messages no longer than `{feeder}`, where their age began to count",
                help=f"set `{by_format(queue, 'MessageRetentionPeriod', 'message_retention_seconds')}` to fourteen days",
                fix=Fix.safe("keep failed messages for fourteen days", Set(queue, "retention", _LONGEST)),
                related=(Label(feeder.origin, "messages come from here"),),
                evidence=feeder.address,
            )
