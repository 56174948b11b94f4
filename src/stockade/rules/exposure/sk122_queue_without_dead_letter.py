"""A queue that triggers a function and has nowhere to put messages that always fail.

## What it does
Reports queues that trigger a function and have no dead-letter queue, or one that messages reach after fewer than
three attempts. A queue that is itself the end for failed messages is fine.

## Why is this bad?
A message that the function can't handle comes back until its retention ends, four days by default: each time at your
cost, in a FIFO queue with its whole message group waiting, and then it is gone. With one or two attempts, throttling
and short disturbances alone are enough to put good messages aside; AWS advises five.

## When it is fine
Where a message may be lost, and its retention is short.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}}
```
```yaml good
Resources:
  Failed: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}
  Work:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: worker, EventSourceArn: !GetAtt Queue.Arn}
```
```yaml bad
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Work:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: worker, EventSourceArn: !GetAtt Queue.Arn}
```
```hcl bad
resource "aws_sqs_queue" "work" { name = "work" }

resource "aws_lambda_event_source_mapping" "work" {
  function_name    = "worker"
  event_source_arn = aws_sqs_queue.work.arn
}
```
```hcl good
resource "aws_sqs_queue" "failed" {
  name                      = "failed"
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue" "work" {
  name = "work"
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failed.arn
    maxReceiveCount     = 5
  })
}

resource "aws_lambda_event_source_mapping" "work" {
  function_name    = "worker"
  event_source_arn = aws_sqs_queue.work.arn
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - sqs: {arn: !GetAtt Incoming.Arn}
resources:
  Resources:
    Incoming: {Type: AWS::SQS::Queue}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - sqs: {arn: !GetAtt Incoming.Arn}
resources:
  Resources:
    Failed: {Type: AWS::SQS::Queue}
    Incoming:
      Type: AWS::SQS::Queue
      Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}
```

## Fix safety
Safe: a new queue is added, and messages go there after five failed attempts instead of being lost in the end.

## References
- [Dead-letter queues in SQS](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html)
- [Configure a queue for Lambda](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EventSource, Function, Queue
from stockade.model.intent import Fix, New, Set, To
from stockade.model.value import NO, any_of, given
from stockade.rules._base import LOW, MEDIUM, Context, Label, Outcome, found, rule
from stockade.rules.exposure._shared import listed
from stockade.rules.exposure._sources import elsewhere, ours, queue_of, reads_from


@rule(
    "SK122",
    "queue-without-dead-letter",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-8"],
    aliases=["AwsSolutions-SQS3", "ES6000", "SQSRedrivePolicy", "sqsDeadLetterQueue"],
    applies="reads from no SQS queue",
    holds="messages that always fail end in a dead-letter queue",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every queue that triggers a function where its failed messages go."""
    del ctx
    readers: dict[int, tuple[Queue, list[EventSource]]] = {}
    for source in app.of(EventSource):
        if reads_from(source, "sqs").is_no:
            continue
        queue = queue_of(source)
        if queue is None:
            yield from elsewhere(source, "has no dead-letter queue")
        else:
            readers.setdefault(id(queue), (queue, []))[1].append(source)
    for queue, sources in readers.values():
        if queue.dead_letter_of:
            ends = "it is where failed messages of others end"
            yield from found(NO, subject=queue, functions=_functions(sources), message="", passes=ends)
        else:
            yield from _judge(queue, sources)


def _functions(sources: list[EventSource]) -> tuple[Function, ...]:
    return tuple({id(f): f for source in sources for f in source.functions}.values())


def _judge(queue: Queue, sources: list[EventSource]) -> Iterator[Outcome]:
    concerned = any_of(given(source.exists, reads_from(source, "sqs")) for source in sources)
    whom = listed(f"`{ours(source)}`" for source in sources)
    fifo = queue.fifo.is_true().is_yes
    fields = {"retention": 1209600} | ({"fifo": True} if fifo else {})
    failed = New(Queue, "Failed", fields, queue)
    related = tuple(Label(source.origin, f"`{ours(source)}` reads from it") for source in sources)
    yield from found(
        concerned & ~queue.dead_letter.is_set(),
        subject=queue,
        functions=_functions(sources),
        at=queue,
        message=(
            f"a message of `{queue}` that {whom} can't handle comes back until it expires"
            + (", and its message group waits" if fifo else "")
            + ": the queue has no dead-letter queue"
        ),
        help="add a dead-letter queue and move messages there after five attempts",
        fix=Fix.safe(
            "add a dead-letter queue, and move messages there after five attempts",
            failed,
            Set(queue, "dead_letter", To(failed, "Arn")),
            Set(queue, "max_receive", 5),
        ),
        related=related,
        evidence="no dead-letter queue",
    )
    yield from found(
        concerned & queue.dead_letter.is_set() & queue.max_receive.at_most(2),
        subject=queue,
        functions=_functions(sources),
        at=queue.max_receive,
        severity=LOW,
        message=(
            f"throttling alone can put messages of `{queue}` aside: they go to the dead-letter queue after "
            f"{queue.max_receive.show()} attempt" + ("" if queue.max_receive.is_(1).is_yes else "s")
        ),
        help="set the maximum receive count to at least five",
        fix=Fix.safe("allow five attempts", Set(queue, "max_receive", 5)),
        related=related,
        evidence="few attempts",
    )
