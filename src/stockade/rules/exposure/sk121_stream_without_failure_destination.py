"""A stream whose failed records are given up, and nobody is told which.

## What it does
Reports mappings of Kinesis and DynamoDB streams that limit retries or the age of records but have no destination for
what is given up. Mappings without limits are told of by `stream-retries-forever`.

## Why is this bad?
When the limit is reached, Lambda goes on with the next batch, and the records that failed are lost to the function.
A destination gets where they are in the stream, so that they can be
read again.

## When it is fine
Where a lost record does no harm, such as a metric that the next record replaces.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Consumer:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events:
        Changes:
          Type: Kinesis
          Properties:
            Stream: arn:aws:kinesis:eu-west-1:111122223333:stream/s
            StartingPosition: LATEST
            MaximumRetryAttempts: 3
```
```yaml good
Resources:
  Changes:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: consumer
      EventSourceArn: arn:aws:kinesis:eu-west-1:111122223333:stream/s
      StartingPosition: LATEST
      MaximumRetryAttempts: 3
      DestinationConfig: {OnFailure: {Destination: "arn:aws:sqs:eu-west-1:111122223333:failed"}}
```
```yaml bad
Resources:
  Changes:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: consumer
      EventSourceArn: arn:aws:kinesis:eu-west-1:111122223333:stream/s
      StartingPosition: LATEST
      MaximumRetryAttempts: 3
```
```hcl bad
resource "aws_lambda_event_source_mapping" "changes" {
  function_name          = "consumer"
  event_source_arn       = "arn:aws:kinesis:eu-west-1:111122223333:stream/s"
  starting_position      = "LATEST"
  maximum_retry_attempts = 3
}
```
```hcl good
resource "aws_sqs_queue" "failed" { name = "failed" }

resource "aws_lambda_event_source_mapping" "changes" {
  function_name          = "consumer"
  event_source_arn       = "arn:aws:kinesis:eu-west-1:111122223333:stream/s"
  starting_position      = "LATEST"
  maximum_retry_attempts = 3

  destination_config {
    on_failure { destination_arn = aws_sqs_queue.failed.arn }
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - stream: {type: kinesis, arn: !GetAtt Orders.Arn, maximumRetryAttempts: 3}
resources:
  Resources:
    Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - stream:
          type: kinesis
          arn: !GetAtt Orders.Arn
          maximumRetryAttempts: 3
          destinations: {onFailure: {type: sqs, arn: !GetAtt Failed.Arn}}
resources:
  Resources:
    Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
    Failed: {Type: AWS::SQS::Queue}
```

## Fix safety
Unsafe: Lambda refuses the destination until the function's role may send to the new queue. Where the role is written here, the
fix allows it, and lets the mapping wait for that; frameworks allow it to the roles that they make.

## References
- [Retain discarded records of a Kinesis stream](https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EventSource
from stockade.model.intent import Fix
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules._failures import allow_too
from stockade.rules.exposure._sources import in_sam, keep_failed, of_source, ours, place, reads_from, retries_forever


@rule(
    "SK121",
    "stream-without-failure-destination",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-8"],
    aliases=["ES1001", "EventSourceMappingDestination", "E.2", "CTL.LAMBDA.ESM.NODLQ.001"],
    applies="reads from no Kinesis or DynamoDB stream",
    holds="records that are given up go to a destination",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every mapping of a stream that gives up records where they go."""
    del ctx
    for source in app.of(EventSource):
        concerned = reads_from(source, "kinesis", "dynamodb")
        if concerned.is_no:
            continue
        keep, allow = keep_failed(app, source)
        also = allow_too(app, source.function)
        forever = retries_forever(source)
        yield from found(
            concerned & ~forever & ~source.on_failure.is_set(),
            subject=source,
            at=place(source),
            message=f"records{of_source(source)} that `{ours(source)}` fails on are given up, "
            "and no destination is told which they were",
            help=(
                f"set a queue as the destination on failure{in_sam(source)}, with an alarm on it{also}"
                if also
                else f"set a queue, topic or bucket as the destination on failure{in_sam(source)}, with an alarm on it"
            ),
            fix=Fix.unsafe(
                "send what is given up to a new queue",
                *keep,
                why=allow or "Lambda refuses the destination until the function's role may send to the queue",
            ),
            passes="a record is tried again until it expires, which `SK124` is about" if forever.is_yes else "",
        )
