"""An event that is dropped when its target can not be reached.

## What it does
Reports targets of EventBridge rules and schedules without a dead-letter queue.

## Why is this bad?
EventBridge tries for 24 hours at most, and gives up at once when the target is gone or a permission is missing. Then
the event is gone too, and only a metric tells how many there were.

## When it is fine
Where an event comes again, or may be lost. That a function fails on an event is another matter, which
`async-without-failure-destination` is about; so only the pedantic persona hears of this one.

## Example
```yaml bad
Resources:
  Nightly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 day)
      Targets: [{Id: orders, Arn: "arn:aws:lambda:eu-west-1:111122223333:function:orders"}]
```
```yaml good
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Nightly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 day)
      Targets:
        - Id: orders
          Arn: "arn:aws:lambda:eu-west-1:111122223333:function:orders"
          DeadLetterConfig: {Arn: !GetAtt Failed.Arn}
```
```hcl bad
resource "aws_cloudwatch_event_rule" "nightly" { schedule_expression = "rate(1 day)" }
resource "aws_cloudwatch_event_target" "orders" {
  rule = aws_cloudwatch_event_rule.nightly.name
  arn  = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
}
```
```hcl good
resource "aws_sqs_queue" "failed" { name = "failed" }
resource "aws_cloudwatch_event_rule" "nightly" { schedule_expression = "rate(1 day)" }
resource "aws_cloudwatch_event_target" "orders" {
  rule = aws_cloudwatch_event_rule.nightly.name
  arn  = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
  dead_letter_config { arn = aws_sqs_queue.failed.arn }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Nightly:
      Type: AWS::Events::Rule
      Properties:
        ScheduleExpression: rate(1 day)
        Targets: [{Id: orders, Arn: "arn:aws:lambda:eu-west-1:111122223333:function:orders"}]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Failed: {Type: AWS::SQS::Queue}
    Nightly:
      Type: AWS::Events::Rule
      Properties:
        ScheduleExpression: rate(1 day)
        Targets:
          - Id: orders
            Arn: "arn:aws:lambda:eu-west-1:111122223333:function:orders"
            DeadLetterConfig: {Arn: !GetAtt Failed.Arn}
```

## Fix safety
Advice only: the queue needs a policy that lets EventBridge send.

## References
- [Dead-letter queues of rules](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html)
- [Dead-letter queues of schedules](https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EventRule, Schedule
from stockade.model.intent import Fix
from stockade.model.value import NO, given
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._words import by_format, told


@rule(
    "SK723",
    "target-without-dead-letter",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["OBSV-3"],
    aliases=["ES4000", "EventBusDLQ"],
    applies="is the target of no rule and no schedule",
    holds="events that do not reach it are kept",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every target of rules and schedules for a dead-letter queue."""
    del ctx
    senders: tuple[EventRule | Schedule, ...] = (*app.of(EventRule), *app.of(Schedule))
    for sender in senders:
        for number, target in enumerate(sender.targets):
            yield from found(
                given(target.exists, ~target.dead_letter.is_set()) & ~sender.state.is_("DISABLED"),
                subject=sender,
                at=target.origin,
                message=f"an event of `{sender}` that does not reach `{told(app, target.arn)}` is dropped",
                help=f"set `{by_format(sender, 'DeadLetterConfig', 'dead_letter_config')}` of the target to a queue that lets "
                "EventBridge send",
                fix=Fix.advice("keep events that are not delivered in a queue"),
                evidence=str(number),
            )
        if not len(sender.targets):
            yield from found(NO, subject=sender, message="")
