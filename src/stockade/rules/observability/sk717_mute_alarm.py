"""An alarm that tells nobody.

## What it does
Reports alarms without an action, and those whose actions are switched off. An alarm that a composite alarm watches is
fine if that one has actions.

## Why is this bad?
The alarm goes red on a page that nobody is looking at.

## When it is fine
Where the alarm is only shown on a dashboard, or another system asks for its state.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  Watching:
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
      MetricName: Errors
      Dimensions: [{Name: FunctionName, Value: !Ref Orders}]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      AlarmActions: ["arn:aws:sns:eu-west-1:111122223333:alarms"]
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
  alarm_actions       = []
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
```yaml bad
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
        MetricName: Errors
        Dimensions: [{Name: FunctionName, Value: orders}]
        Statistic: Maximum
        Period: 60
        EvaluationPeriods: 1
        Threshold: 1
        ComparisonOperator: GreaterThanOrEqualToThreshold
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
        MetricName: Errors
        Dimensions: [{Name: FunctionName, Value: orders}]
        Statistic: Maximum
        Period: 60
        EvaluationPeriods: 1
        Threshold: 1
        ComparisonOperator: GreaterThanOrEqualToThreshold
        AlarmActions: ["arn:aws:sns:eu-west-1:111122223333:alarms"]
```

## Fix safety
Unsafe where the actions are switched off: somebody is told from then on. Else advice.

## References
- [Using Amazon CloudWatch alarms](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Alarm, App
from stockade.model.intent import Fix, Set
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format


@rule(
    "SK717",
    "mute-alarm",
    severity=LOW,
    since="0.1",
    controls=["OBSV-2"],
    maps={"aws-fsbp": ["CloudWatch.15", "CloudWatch.17"], "cwe": [778]},
    aliases=[
        "CKV_AWS_319",
        "CloudWatchAlarmAction",
        "CLOUDWATCH_ALARM_ACTION_CHECK",
        "FG_R00240",
        "cloudwatch_alarm_actions_enabled",
        "CloudWatch.15",
        "CloudWatch.17",
    ],
    applies="has no alarm in the scanned code",
    holds="its alarms tell somebody",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every alarm for its actions. One over several metrics has several records."""
    del ctx
    seen: set[str] = set()
    for alarm in app.of(Alarm):
        if alarm.address in seen:
            continue
        seen.add(alarm.address)
        none = alarm.actions.is_empty()
        off = alarm.actions_enabled.is_(wanted=False)
        yield from found(
            none,
            subject=alarm,
            at=alarm,
            message=f"the alarm `{alarm}` tells nobody: it has no action",
            help="name a topic in " + by_format(alarm, "`AlarmActions`", "`alarm_actions`") + _blind(alarm),
            fix=Fix.advice("have the alarm tell somebody"),
            evidence="none",
        )
        yield from found(
            off & ~none,
            subject=alarm,
            at=alarm.actions_enabled,
            message=f"the alarm `{alarm}` tells nobody: its actions are switched off",
            help="switch its actions on",
            fix=Fix.unsafe(
                "switch its actions on", Set(alarm, "actions_enabled", value=True), why="somebody is told from then on"
            ),
            evidence="off",
        )


# Namespaces whose metrics are there for one resource each, so that an alarm without dimensions gets no data:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html (as of 2026-11-28).
_OF_ONE = frozenset({"AWS/ApplicationELB", "AWS/ES", "AWS/Events", "AWS/Kinesis", "AWS/SNS", "AWS/SQS", "AWS/States"})


def _blind(alarm: Alarm) -> str:
    """For the help: that an alarm gets no data, and what it lacks."""
    lacking = any(alarm.namespace.is_(name).is_yes for name in _OF_ONE) and alarm.dimensions.is_empty().is_yes
    return ", and the resource in its dimensions: without them this metric has no data" if lacking else ""
