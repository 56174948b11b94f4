"""A mapping that Lambda refuses for its starting position.

## What it does
Reports mappings of Kinesis and DynamoDB streams without a starting position, those of DynamoDB that start at a time,
and mappings of queues that have one.

## Why is this bad?
Lambda refuses the mapping, and the deployment is rolled back.

## When it is fine
Never: it can't be deployed.

## Example
```yaml bad
Resources:
  Changes:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: consumer
      EventSourceArn: arn:aws:kinesis:eu-west-1:111122223333:stream/s
      MaximumRetryAttempts: 5
```
```yaml good
Resources:
  Changes:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: consumer
      EventSourceArn: arn:aws:kinesis:eu-west-1:111122223333:stream/s
      MaximumRetryAttempts: 5
      StartingPosition: LATEST
```
```hcl bad
resource "aws_lambda_event_source_mapping" "changes" {
  function_name          = "consumer"
  event_source_arn       = "arn:aws:kinesis:eu-west-1:111122223333:stream/s"
  maximum_retry_attempts = 5
}
```
```hcl good
resource "aws_lambda_event_source_mapping" "changes" {
  function_name          = "consumer"
  event_source_arn       = "arn:aws:kinesis:eu-west-1:111122223333:stream/s"
  maximum_retry_attempts = 5
  starting_position      = "LATEST"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Changes:
      Type: AWS::Lambda::EventSourceMapping
      Properties:
        FunctionName: consumer
        EventSourceArn: arn:aws:kinesis:eu-west-1:111122223333:stream/s
        MaximumRetryAttempts: 5
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - stream: arn:aws:kinesis:eu-west-1:111122223333:stream/s
```

## Fix safety
Safe for a queue: it has no such setting. Unsafe for a stream: starting with the oldest record, the function works on
all that is still there.

## References
- [CreateEventSourceMapping](https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EventSource
from stockade.model.intent import Fix, Set, Unset
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules.exposure._sources import of_source, ours

_REFUSED = "Lambda refuses the mapping"


@rule(
    "SK157",
    "wrong-starting-position",
    severity=MEDIUM,
    since="0.2",
    controls=["INVK-8"],
    aliases=["E3633", "E3634"],
    applies="reads from no queue or stream",
    holds="its mappings start where their sources can",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every mapping where it starts."""
    del ctx
    for source in app.of(EventSource):
        position = source.starting_position
        yield from found(
            source.service.one_of("kinesis", "dynamodb") & ~position.is_set(),
            subject=source,
            at=source,
            message=f"nothing says where `{ours(source)}` starts with the records{of_source(source)}: {_REFUSED}",
            help="set the starting position: TRIM_HORIZON for the oldest record, LATEST for the next one",
            fix=Fix.unsafe(
                "start with the oldest record",
                Set(source, "starting_position", "TRIM_HORIZON"),
                why="the function works on all records that are still there",
            ),
            evidence="missing",
        )
        yield from found(
            source.service.is_("dynamodb") & position.is_("AT_TIMESTAMP"),
            subject=source,
            at=position,
            message=f"`{ours(source)}` starts at a time, which a DynamoDB stream does not have: {_REFUSED}",
            help="start with TRIM_HORIZON or LATEST",
            fix=Fix.unsafe(
                "start with the oldest record",
                Set(source, "starting_position", "TRIM_HORIZON"),
                why="the function works on all records that are still there",
            ),
            evidence="time",
        )
        yield from found(
            source.service.one_of("sqs", "mq") & position.is_set(),
            subject=source,
            at=position,
            message=f"the messages{of_source(source)} have no starting position, but `{ours(source)}` states one: {_REFUSED}",
            help="leave the starting position out",
            fix=Fix.safe("leave it out", Unset(source, "starting_position")),
            evidence="queue",
        )
