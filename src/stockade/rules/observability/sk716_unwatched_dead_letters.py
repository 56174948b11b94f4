"""A dead-letter queue that nobody looks into.

## What it does
Reports dead-letter queues without an alarm on the number or the age of their messages. For pedantic readers, since
alarms often stand in other code.

## Why is this bad?
What ends there has failed for good, and is deleted after four days if nobody has set another time. An attempt to find
an input that breaks the function ends there too.

## When it is fine
Where alarms are made elsewhere, or something reads the queue.

## Example
```yaml bad
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Work:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}
```
```yaml good
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Work:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}

  Watching:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SQS
      MetricName: ApproximateNumberOfMessagesVisible
      Dimensions: [{Name: QueueName, Value: !GetAtt Failed.QueueName}]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      AlarmActions: [!Ref Topic]
```
```hcl bad
resource "aws_sqs_queue" "failed" { name = "failed" }

resource "aws_sqs_queue" "work" {
  name           = "work"
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.failed.arn, maxReceiveCount = 5 })
}
```
```hcl good
resource "aws_sqs_queue" "failed" { name = "failed" }

resource "aws_sqs_queue" "work" {
  name           = "work"
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.failed.arn, maxReceiveCount = 5 })
}

resource "aws_cloudwatch_metric_alarm" "watching" {
  alarm_name          = "orders-approximatenumberofmessagesvisible"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.failed.name }
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
    Failed: {Type: AWS::SQS::Queue}
    Work:
      Type: AWS::SQS::Queue
      Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Failed: {Type: AWS::SQS::Queue}
    Work:
      Type: AWS::SQS::Queue
      Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}

    Watching:
      Type: AWS::CloudWatch::Alarm
      Properties:
        Namespace: AWS/SQS
        MetricName: ApproximateNumberOfMessagesVisible
        Dimensions: [{Name: QueueName, Value: !GetAtt Failed.QueueName}]
        Statistic: Maximum
        Period: 60
        EvaluationPeriods: 1
        Threshold: 1
        ComparisonOperator: GreaterThanOrEqualToThreshold
        AlarmActions: [!Ref Topic]
```

## Fix safety
Advice only: whom the alarm tells is yours to choose.

## References
- [Available CloudWatch metrics for Amazon SQS](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Alarm, App, EventSource, Queue
from stockade.model.intent import Fix
from stockade.model.value import YES, Tri, Value, any_of, given
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._elsewhere import may_be_elsewhere

_METRICS = (
    "ApproximateNumberOfMessagesVisible",
    "ApproximateAgeOfOldestMessage",
    "NumberOfMessagesSent",
    "NumberOfMessagesReceived",
)


@rule(
    "SK716",
    "unwatched-dead-letters",
    severity=LOW,
    confidence="medium",
    persona="pedantic",
    since="0.1",
    controls=["OBSV-2", "OBSV-3"],
    maps={"cwe": [778]},
    applies="has no dead-letter queue in the scanned code",
    holds="an alarm watches its dead-letter queue, or something reads it",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for an alarm on every dead-letter queue."""
    del ctx
    read = {id(source.source) for source in app.of(EventSource)}
    for queue in app.of(Queue):
        if queue.dead_letter_of and id(queue) not in read:
            yield from found(
                ~any_of(given(alarm.exists, _watches(alarm, queue)) for alarm in app.of(Alarm))
                & ~may_be_elsewhere(app, queue, Alarm),
                subject=queue,
                at=queue,
                message=f"no alarm tells when something has failed for good and ends in `{queue}`",
                help=f"add an alarm on the metric `{_METRICS[0]}` of `AWS/SQS` for the queue",
                fix=Fix.advice("add an alarm on the number of messages"),
            )


def _watches(alarm: Alarm, queue: Queue) -> Tri:
    on = alarm.namespace.is_("AWS/SQS") & alarm.metric.one_of(*_METRICS)
    return on & alarm.dimensions.any(lambda one: one.key.is_("QueueName") & _names(one.value, queue))


def _names(value: Value[str], queue: Queue) -> Tri:
    if any(reference.target == queue.key for _, reference in value.references()):
        return YES
    return value.compare(queue.name, lambda mine, theirs: mine is not None and mine == theirs)
