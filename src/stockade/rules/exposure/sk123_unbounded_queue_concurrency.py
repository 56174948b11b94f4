"""A queue that may take all of the account's concurrency.

## What it does
Reports mappings of SQS standard queues without a maximum concurrency whose function has no reserved concurrency either.

## Why is this bad?
Lambda adds readers as long as the queue has messages, up to 1,250 at once. A backlog, or somebody who may send
messages, then leaves no concurrency for functions that people wait for, and overruns what the function itself calls.

## When it is fine
For queues whose rate is limited where messages come from. FIFO queues are not reported: Lambda works on no more batches
of them at once than there are message groups. Where senders make a group for each message, a maximum is worth it there too.

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
Transform: AWS::Serverless-2016-10-31
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn, ScalingConfig: {MaximumConcurrency: 10}}}}
```
```yaml bad
Resources:
  Work:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: worker, EventSourceArn: "arn:aws:sqs:eu-west-1:111122223333:work"}
```
```yaml good
Resources:
  Work:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: worker
      EventSourceArn: arn:aws:sqs:eu-west-1:111122223333:work
      ScalingConfig: {MaximumConcurrency: 10}
```
```hcl bad
resource "aws_lambda_event_source_mapping" "work" {
  function_name    = "worker"
  event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:work"
}
```
```hcl good
resource "aws_lambda_event_source_mapping" "work" {
  function_name    = "worker"
  event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:work"

  scaling_config { maximum_concurrency = 10 }
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
      - sqs: {arn: !GetAtt Incoming.Arn, maximumConcurrency: 10}
resources:
  Resources:
    Incoming: {Type: AWS::SQS::Queue}
```

## Fix safety
Unsafe: a backlog takes longer to work off.

## References
- [Maximum concurrency for SQS](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EventSource
from stockade.model.intent import Fix, Set
from stockade.model.value import NO, Tri
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._sources import of_source, ours, queue_of, reads_from

_OF_MAPPING = "the maximum concurrency of the mapping"


@rule(
    "SK123",
    "unbounded-queue-concurrency",
    severity=LOW,
    persona="pedantic",
    since="0.1",
    controls=["INVK-8"],
    maps={"cwe": [770]},
    applies="reads from no SQS standard queue",
    holds="the queue can't take more than its share of the concurrency",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every mapping of a queue what bounds its concurrency."""
    del ctx
    for source in app.of(EventSource):
        concerned = reads_from(source, "sqs") & ~_is_fifo(source)
        if concerned.is_no:
            continue
        reserved = NO if source.function is None else source.function.reserved_concurrency.is_set()
        yield from found(
            concerned & ~source.max_concurrency.is_set() & ~reserved,
            subject=source,
            at=source,
            message=f"a backlog{of_source(source)} may make `{ours(source)}` take all of the account's concurrency",
            help="set " + by_format(source, _OF_MAPPING, _OF_MAPPING, "`maximumConcurrency` of the event"),
            fix=Fix.unsafe(
                "read with at most 10 instances",
                Set(source, "max_concurrency", 10),
                why="a backlog takes longer to work off",
            ),
        )


def _is_fifo(source: EventSource) -> Tri:
    """Whether it is a FIFO queue, of which each message group is worked on by one instance at a time."""
    queue = queue_of(source)
    return queue.fifo.is_true() if queue is not None else source.source_arn.reads(r".*\.fifo")
