"""A function that is throttled unnoticed.

## What it does
Reports functions without an alarm on `Throttles`: their own, or one over all functions. For pedantic readers, since
alarms often stand in other code. A function that no alarm watches at all is reported by SK710.

## Why is this bad?
Lambda refuses invocations above the limit of concurrency: callers get errors, events wait and are dropped in the end.
It is also what an attempt to use up the concurrency looks like from within.

## When it is fine
Where alarms are made elsewhere, or another system watches the metrics. A function that only deployments invoke
(a macro, a custom resource) is not reported: it fails in front of whoever deploys.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  Failing:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Errors
      Dimensions: [{Name: FunctionName, Value: !Ref Orders}]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      AlarmActions: [!Ref Topic]
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  Watching:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Throttles
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
resource "aws_cloudwatch_metric_alarm" "watching" {
  alarm_name          = "orders-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.orders.function_name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:alarms"]
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
resource "aws_cloudwatch_metric_alarm" "watching" {
  alarm_name          = "orders-throttles"
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
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
  orders: {handler: app.handler}
resources:
  Resources:
    Failing:
      Type: AWS::CloudWatch::Alarm
      Properties:
        Namespace: AWS/Lambda
        MetricName: Errors
        Dimensions: [{Name: FunctionName, Value: !Ref OrdersLambdaFunction}]
        Statistic: Maximum
        Period: 60
        EvaluationPeriods: 1
        Threshold: 1
        ComparisonOperator: GreaterThanOrEqualToThreshold
        AlarmActions: [!Ref Topic]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Watching:
      Type: AWS::CloudWatch::Alarm
      Properties:
        Namespace: AWS/Lambda
        MetricName: Throttles
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
from stockade.rules._base import INFO, Context, Outcome, rule
from stockade.rules.observability._alarms import has_none, over_all, unwatched


@rule(
    "SK713",
    "no-throttle-alarm",
    severity=INFO,
    confidence="medium",
    persona="pedantic",
    since="0.1",
    controls=["OBSV-2"],
    maps={"cwe": [778]},
    aliases=["CTL.LAMBDA.ALARM.THROTTLES.001"],
    applies="its settings are not the team's to make",
    holds="an alarm watches throttles",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for an alarm on throttles of every function."""
    del ctx
    everywhere, errors = over_all(app, "Throttles"), over_all(app, "Errors")
    for function in app.functions:
        yield from unwatched(app, function, "Throttles", "throttles", everywhere, has_none(function, errors))
