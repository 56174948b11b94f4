"""A dead-letter queue of another type than its queue.

## What it does
Reports queues whose dead-letter queue is FIFO where they are not, or the other way round.

## Why is this bad?
SQS refuses it: the deployment fails, or the queue stays without a dead-letter queue.

## When it is fine
Never.

## Example
```yaml bad
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Work:
    Type: AWS::SQS::Queue
    Properties: {FifoQueue: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}
```
```yaml good
Resources:
  Failed: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, MessageRetentionPeriod: 1209600}}
  Work:
    Type: AWS::SQS::Queue
    Properties: {FifoQueue: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}
```
```hcl bad
resource "aws_sqs_queue" "failed" { name = "failed" }
resource "aws_sqs_queue" "work" {
  name           = "work.fifo"
  fifo_queue     = true
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.failed.arn, maxReceiveCount = 5 })
}
```
```hcl good
resource "aws_sqs_queue" "failed" { name = "failed" }
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
      Properties: {FifoQueue: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Failed: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, MessageRetentionPeriod: 1209600}}
    Work:
      Type: AWS::SQS::Queue
      Properties: {FifoQueue: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}
```

## Fix safety
Advice only: SQS can't change the type of a queue, and makes a new one.

## References
- [Dead-letter queues in SQS](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Queue
from stockade.model.intent import Fix
from stockade.rules._base import MEDIUM, Context, Label, Outcome, found, rule


@rule(
    "SK735",
    "mismatched-dead-letter",
    severity=MEDIUM,
    since="0.1",
    controls=["OBSV-3", "INVK-8"],
    aliases=["E3502", "E3501"],
    applies="uses no queue of the scanned code whose failed messages are kept",
    holds="its queues and their dead-letter queues are of one type",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Compare every dead-letter queue with the queues that feed it."""
    del ctx
    for queue in app.of(Queue):
        feeders = [feeder for feeder in queue.dead_letter_of if isinstance(feeder, Queue)]
        for feeder in feeders:
            ordered = feeder.fifo.is_true()
            kind, other = ("a FIFO queue", "none") if ordered.is_yes else ("no FIFO queue", "one")
            yield from found(
                (ordered & ~queue.fifo.is_true()) | (~ordered & queue.fifo.is_true()),
                subject=feeder,
                at=feeder.dead_letter,
                message=f"SQS refuses `{queue}` as the dead-letter queue of `{feeder}`: this is {kind}, and that is {other}",
                help="make both FIFO queues, or neither",
                fix=Fix.advice("make both FIFO queues, or neither"),
                related=(Label(queue.origin, "the dead-letter queue"),),
            )
