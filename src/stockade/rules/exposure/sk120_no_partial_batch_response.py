"""A batch that fails as a whole when one of its records does.

## What it does
Reports mappings of SQS queues, Kinesis streams and DynamoDB streams with batches of more than one record that do not
report which records failed.

## Why is this bad?
When the function fails on one record, the whole batch is delivered again: what was done is done twice, a poisoned
message drags good ones with it into the dead-letter queue, and in a stream everything behind it waits.

## When it is fine
Where a batch is one transaction: all of it succeeds or nothing does.

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
      Events:
        Work:
          Type: SQS
          Properties: {Queue: !GetAtt Queue.Arn, FunctionResponseTypes: [ReportBatchItemFailures]}
```
```yaml bad
Resources:
  Work:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: worker, EventSourceArn: "arn:aws:sqs:eu-west-1:111122223333:work", BatchSize: 20}
```
```yaml good
Resources:
  Work:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: worker, EventSourceArn: "arn:aws:sqs:eu-west-1:111122223333:work", BatchSize: 1}
```
```hcl bad
resource "aws_sqs_queue" "work" { name = "work" }

resource "aws_lambda_event_source_mapping" "work" {
  event_source_arn = aws_sqs_queue.work.arn
  function_name    = "worker"
}
```
```hcl good
resource "aws_sqs_queue" "work" { name = "work" }

resource "aws_lambda_event_source_mapping" "work" {
  event_source_arn        = aws_sqs_queue.work.arn
  function_name           = "worker"
  function_response_types = ["ReportBatchItemFailures"]
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - sqs: {arn: !GetAtt Incoming.Arn, batchSize: 10}
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
      - sqs: {arn: !GetAtt Incoming.Arn, batchSize: 10, functionResponseType: ReportBatchItemFailures}
resources:
  Resources:
    Incoming: {Type: AWS::SQS::Queue}
```

## Fix safety
Unsafe: the handler has to return `batchItemFailures`. One that catches its errors and returns nothing says that all
went well.

## References
- [Partial batch responses for SQS](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html)
- [Partial batch responses for Kinesis](https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EventSource, Queue
from stockade.model.intent import Add, Fix
from stockade.model.value import NO
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._sources import of_source, ours, reads_from

_REPORT = "ReportBatchItemFailures"


@rule(
    "SK120",
    "no-partial-batch-response",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-8"],
    aliases=["CTL.LAMBDA.ESM.BISECT.001"],
    applies="reads from no queue of SQS and no stream of Kinesis or DynamoDB",
    holds="the function reports which records of a batch failed, or gets one at a time",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every mapping of a queue or stream how a failed batch is handled."""
    del ctx
    for source in app.of(EventSource):
        concerned = reads_from(source, "sqs", "kinesis", "dynamodb")
        if concerned.is_no:
            continue
        halved = source.bisect.is_true().is_yes
        again = "it gets the batch again, in halves" if halved else "it gets the whole batch again"
        queue = source.source
        if isinstance(queue, Queue) and (queue.max_receive.is_(1) & queue.dead_letter.is_set()).is_yes:
            again = "the whole batch ends in the dead-letter queue, after one attempt"
        if source.max_retries.is_(0).is_yes:
            why = "nothing that it fails on is tried again, whatever it reports"
            yield from found(NO, subject=source, message="", passes=why)
            continue
        yield from found(
            concerned & ~source.batch_size.is_(1) & ~source.response_types.any(lambda v: v.is_(_REPORT)),
            subject=source,
            at=source,
            severity=LOW if halved else MEDIUM,
            message=f"where `{ours(source)}` fails on one record{of_source(source)}, {again}",
            help="return batchItemFailures from the handler and set "
            + by_format(
                source,
                f"FunctionResponseTypes to {_REPORT}",
                f'`function_response_types` to `["{_REPORT}"]`',
                f"`functionResponseType` to {_REPORT}",
            ),
            fix=Fix.unsafe(
                "report which records failed",
                Add(source, "response_types", _REPORT),
                why="the handler has to return batchItemFailures; if it returns nothing, all records count as done",
            ),
        )
