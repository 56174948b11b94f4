"""A mapping of a queue that Lambda refuses for its batch size.

## What it does
Reports mappings of FIFO queues with batches of more than 10 messages, and of other queues with batches of more than 10
and no batching window.

## Why is this bad?
Lambda refuses the mapping, and the deployment is rolled back.

## When it is fine
Never: it can't be deployed.

## Example
```yaml bad
Resources:
  Work:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: worker
      EventSourceArn: arn:aws:sqs:eu-west-1:111122223333:work.fifo
      BatchSize: 100
```
```yaml bad
Resources:
  Work:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: worker
      EventSourceArn: arn:aws:sqs:eu-west-1:111122223333:work
      BatchSize: 100
```
```yaml good
Resources:
  Work:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: worker
      EventSourceArn: arn:aws:sqs:eu-west-1:111122223333:work
      BatchSize: 100
      MaximumBatchingWindowInSeconds: 5
```
```hcl bad
resource "aws_lambda_event_source_mapping" "work" {
  function_name    = "worker"
  event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:work.fifo"
  batch_size       = 50
}
```
```hcl good
resource "aws_lambda_event_source_mapping" "work" {
  function_name    = "worker"
  event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:work.fifo"
  batch_size       = 10
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - sqs: {arn: "arn:aws:sqs:eu-west-1:111122223333:work", batchSize: 500}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - sqs: {arn: "arn:aws:sqs:eu-west-1:111122223333:work", batchSize: 500, maximumBatchingWindow: 5}
```

## Fix safety
Safe: the mapping could not be made as it was.

## References
- [CreateEventSourceMapping](https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EventSource
from stockade.model.intent import Fix, Set
from stockade.model.value import Tri
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules._stated import above
from stockade.rules.exposure._sources import of_source, ours, queue_of

_MOST = 10  # messages of a FIFO queue, or without a window; API_CreateEventSourceMapping (as of 2026-11-28)


@rule(
    "SK158",
    "oversized-batch",
    severity=MEDIUM,
    since="0.2",
    controls=["INVK-8"],
    aliases=["E3705"],
    applies="reads from no SQS queue",
    holds="its batches are of a size that Lambda takes",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every mapping of a queue for its batch size."""
    del ctx
    for source in app.of(EventSource):
        reads = source.service.is_("sqs")
        if reads.is_no:
            continue
        large = reads & source.batch_size.where(lambda v: v is not None and int(v) > _MOST)
        shown = above(source.batch_size, _MOST)
        fifo = _is_fifo(source)
        yield from found(
            large & fifo,
            subject=source,
            at=source.batch_size,
            message=f"`{ours(source)}` reads {shown} messages{of_source(source)} at once, and a FIFO queue gives {_MOST}: "
            "Lambda refuses the mapping",
            help=f"read {_MOST} at most",
            fix=Fix.safe(f"read {_MOST} at once", Set(source, "batch_size", _MOST)),
            evidence="fifo",
        )
        yield from found(
            large & ~fifo & ~source.batch_window.at_least(1),
            subject=source,
            at=source.batch_size,
            message=f"`{ours(source)}` reads {shown} messages{of_source(source)} at once without a batching window: "
            "Lambda refuses the mapping",
            help=f"set a batching window of a second at least, or read {_MOST} at most",
            fix=Fix.safe("gather messages for a second", Set(source, "batch_window", 1)),
            evidence="window",
        )


def _is_fifo(source: EventSource) -> Tri:
    queue = queue_of(source)
    return queue.fifo.is_true() if queue is not None else source.source_arn.ends_with(".fifo")
