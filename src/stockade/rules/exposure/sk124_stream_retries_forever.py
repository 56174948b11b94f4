"""A stream in which one bad record holds up all that come after it.

## What it does
Reports mappings of Kinesis and DynamoDB streams that limit neither the retries nor the age of records.

## Why is this bad?
A shard is read in order. A batch that fails is tried again until its records expire, after a day in DynamoDB and up
to a year in Kinesis, and nothing behind it is read in that time. Then the record, and whatever expired while it
waited, is gone, and no copy of it is kept. One malformed record is enough, so whoever can write one can stop the consumer.
Splitting batches narrows the damage to the one record, but does not end it.

## When it is fine
Where order matters more than progress: better to stand still than to skip a record. Then an alarm on the iterator's
age is a must.

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
          Properties: {Stream: "arn:aws:kinesis:eu-west-1:111122223333:stream/s", StartingPosition: LATEST}
```
```yaml good
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
            MaximumRetryAttempts: 5
```
```yaml bad
Resources:
  Changes:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: consumer
      EventSourceArn: arn:aws:kinesis:eu-west-1:111122223333:stream/s
      StartingPosition: LATEST
```
```hcl bad
resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_lambda_event_source_mapping" "changes" {
  function_name     = "consumer"
  event_source_arn  = aws_dynamodb_table.orders.stream_arn
  starting_position = "LATEST"
}
```
```hcl good
resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_lambda_event_source_mapping" "changes" {
  function_name          = "consumer"
  event_source_arn       = aws_dynamodb_table.orders.stream_arn
  starting_position      = "LATEST"
  maximum_retry_attempts = 5
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - stream: {type: kinesis, arn: !GetAtt Orders.Arn}
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
      - stream: {type: kinesis, arn: !GetAtt Orders.Arn, maximumRetryAttempts: 10}
resources:
  Resources:
    Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
```

## Fix safety
Unsafe: a record that still fails after ten attempts is skipped. The fix sets a destination
for it too, where there is none, and where the function's role is written here lets it send there, before the mapping is made.

## References
- [How Lambda processes records from streams](https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EventSource
from stockade.model.intent import Fix, Set
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules._failures import allow_too
from stockade.rules.exposure._sources import in_sam, keep_failed, of_source, ours, place, reads_from, retries_forever


@rule(
    "SK124",
    "stream-retries-forever",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-8"],
    applies="reads from no Kinesis or DynamoDB stream",
    holds="a record that always fails is given up in the end",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every mapping of a stream whether it ever gives up a record."""
    del ctx
    for source in app.of(EventSource):
        concerned = reads_from(source, "kinesis", "dynamodb")
        if concerned.is_no:
            continue
        keep, allow = keep_failed(app, source)
        lost = "" if source.on_failure.is_set().is_yes else ", and no copy of it is kept then"
        yield from found(
            concerned & retries_forever(source),
            subject=source,
            at=place(source),
            message=f"a record{of_source(source)} that `{ours(source)}` fails on holds up its shard until it expires{lost}",
            help="limit the retries or the age of records"
            + (
                f", and set a queue as the destination on failure{in_sam(source)} for what is given up"
                f"{allow_too(app, source.function)}"
                if lost
                else ""
            ),
            fix=Fix.unsafe(
                "give up after ten attempts" + (", and keep what failed in a new queue" if lost else ""),
                Set(source, "max_retries", 10),
                Set(source, "bisect", value=True),
                *(keep if lost else ()),
                why="a record that still fails is skipped" + (f"; {allow}" if lost and allow else ""),
            ),
        )
