"""Functions whose errors wake nobody.

## What it does
Reports functions without an alarm on `Errors`: their own, one over all functions, or one that computes with the metric.
For pedantic readers, since alarms often stand in other code; what a whole template leaves out is told once.

## Why is this bad?
A function that fails, also because somebody tries things out on it, is noticed by its users first, and an event that is
dropped by nobody at all.

## When it is fine
Where alarms are made elsewhere, or another system watches the logs. A function that only deployments invoke
(a macro, a custom resource) is not reported: it fails in front of whoever deploys.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
```
```yaml good
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
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      AlarmActions: [!Ref Topic]
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
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
resource "aws_cloudwatch_metric_alarm" "failing" {
  alarm_name          = "orders-failing"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.orders.function_name }
  statistic           = "Sum"
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
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
plugins: [serverless-plugin-aws-alerts]
custom:
  alerts:
    topics: {alarm: "arn:aws:sns:eu-west-1:111122223333:alarms"}
    alarms: [functionErrors]
functions:
  orders: {handler: app.handler}
```

## Fix safety
Advice only: the threshold, and whom the alarm tells, are yours to choose.

## References
- [Types of metrics for Lambda functions](https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.rules._base import LOW, Context, Outcome, rule
from stockade.rules.observability._alarms import over_all, unwatched


@rule(
    "SK710",
    "no-error-alarm",
    severity=LOW,
    confidence="medium",
    persona="pedantic",
    since="0.1",
    controls=["OBSV-2"],
    maps={"cwe": [778]},
    aliases=["CTL.LAMBDA.ALARM.ERRORS.001"],
    applies="its settings are not the team's to make",
    holds="an alarm watches its errors",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for an alarm on the errors of every function."""
    del ctx
    everywhere = over_all(app, "Errors")
    for function in app.functions:
        yield from unwatched(app, function, "Errors", "the errors", everywhere)
