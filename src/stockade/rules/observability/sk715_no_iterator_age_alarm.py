"""A stream that is read too late unnoticed.

## What it does
Reports functions that read Kinesis or DynamoDB streams without an alarm on `IteratorAge`. For pedantic readers, since
alarms often stand in other code.

## Why is this bad?
One record that can't be worked on holds up its shard. Nothing fails for long: the function is called again and again,
and what waits behind the record expires after a day.

## When it is fine
Where alarms are made elsewhere, or another system watches the metrics.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events:
        Ch: {Type: Kinesis, Properties: {Stream: "arn:aws:kinesis:eu-west-1:111122223333:stream/s", StartingPosition: LATEST}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events:
        Ch: {Type: Kinesis, Properties: {Stream: "arn:aws:kinesis:eu-west-1:111122223333:stream/s", StartingPosition: LATEST}}
  Watching:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: IteratorAge
      Dimensions: [{Name: FunctionName, Value: !Ref Orders}]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      AlarmActions: [!Ref Topic]
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_lambda_event_source_mapping" "changes" {
  function_name     = aws_lambda_function.orders.arn
  event_source_arn  = "arn:aws:kinesis:eu-west-1:111122223333:stream/s"
  starting_position = "LATEST"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_lambda_event_source_mapping" "changes" {
  function_name     = aws_lambda_function.orders.arn
  event_source_arn  = "arn:aws:kinesis:eu-west-1:111122223333:stream/s"
  starting_position = "LATEST"
}

resource "aws_cloudwatch_metric_alarm" "watching" {
  alarm_name          = "orders-iteratorage"
  namespace           = "AWS/Lambda"
  metric_name         = "IteratorAge"
  dimensions          = { FunctionName = aws_lambda_function.orders.function_name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:alarms"]
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - stream: arn:aws:kinesis:eu-west-1:111122223333:stream/s
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - stream: arn:aws:kinesis:eu-west-1:111122223333:stream/s
resources:
  Resources:
    Watching:
      Type: AWS::CloudWatch::Alarm
      Properties:
        Namespace: AWS/Lambda
        MetricName: IteratorAge
        Dimensions: [{Name: FunctionName, Value: !Ref OrdersLambdaFunction}]
        Statistic: Maximum
        Period: 60
        EvaluationPeriods: 1
        Threshold: 1
        ComparisonOperator: GreaterThanOrEqualToThreshold
        AlarmActions: [!Ref Topic]
```

## Fix safety
Advice only: the threshold, and whom the alarm tells, are yours to choose.

## References
- [Types of metrics for Lambda functions](https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.rules._base import LOW, Context, Outcome, rule, spared
from stockade.rules.observability._alarms import over_all, unwatched

_STREAMS = ("kinesis", "dynamodb")


@rule(
    "SK715",
    "no-iterator-age-alarm",
    severity=LOW,
    confidence="medium",
    persona="pedantic",
    since="0.1",
    controls=["OBSV-2"],
    maps={"cwe": [778]},
    aliases=["CTL.LAMBDA.ALARM.ITERATORAGE.001"],
    applies="reads from no Kinesis or DynamoDB stream",
    holds="an alarm watches the age of records",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for an alarm on the age of records of every function that reads a stream."""
    del ctx
    everywhere = over_all(app, "IteratorAge")
    for function in app.functions:
        if any(not source.service.one_of(*_STREAMS).is_no for source in function.event_sources):
            yield from unwatched(app, function, "IteratorAge", "the age of records", everywhere)
        elif function.event_sources.complete:
            yield from spared(function)
