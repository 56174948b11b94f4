"""An event that is dropped when its target can not be reached.

## What it does
Reports targets of EventBridge rules and schedules without a dead-letter queue.

## Why is this bad?
EventBridge tries for 24 hours at most, and gives up at once when the target is gone or a permission is missing. Then
the event is gone too, and only a metric tells how many there were.

## When it is fine
Where an event comes again, or may be lost. What comes by a schedule every hour or more often comes again while
EventBridge would still be trying, and is not reported. That a function fails on an event is another matter, which
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
Advice only. For a rule, the queue needs a policy that lets EventBridge send. A schedule sends with the role that it
calls its target with, so that role needs `sqs:SendMessage` on the queue. The queue can't be a FIFO queue.

## References
- [Dead-letter queues of rules](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html)
- [Dead-letter queues of schedules](https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EventRule, Role, Schedule, Target
from stockade.model.intent import Fix
from stockade.model.value import NO, given
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._failures import comes_again
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
                given(target.exists, ~target.dead_letter.is_set())
                & ~sender.state.is_("DISABLED")
                & ~comes_again(sender),
                subject=sender,
                at=target.origin,
                message=f"an event of `{sender}` that does not reach `{told(app, target.arn)}` is dropped",
                help=_help(app, sender, target),
                fix=Fix.advice("keep events that are not delivered in a queue"),
                evidence=str(number),
            )
        if not len(sender.targets):
            yield from found(NO, subject=sender, message="")


def _help(app: App, sender: EventRule | Schedule, target: Target) -> str:
    """Who may send to the queue: EventBridge by the queue's policy, for a rule; the role of a schedule, by its own."""
    setting = _setting(sender)
    by_sam = by_format(sender, "", "", sam="SAM")
    if isinstance(sender, EventRule):
        made = "; with `Type: SQS` SAM makes the queue and its policy" if by_sam else ""
        return f"name a queue in {setting}, whose policy lets EventBridge send{made}"
    # https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html (as of 2026-11-28)
    roles = [role for _, r in target.role.references() if isinstance(role := app.get(r.target), Role)]
    if by_sam and roles and all(role.generated for role in roles):
        return f"name a queue in {setting}, or let SAM make one (`Type: SQS`): it allows the role that it makes to send there"
    whose = f"its role `{roles[0]}`" if len(roles) == 1 else "its role"
    return f"name a queue in {setting}, and allow {whose} `sqs:SendMessage` on it"


def _setting(sender: EventRule | Schedule) -> str:
    """Where the queue is named: SAM has it in the event, and the framework in events with a pattern."""
    made = (
        "`deadLetterQueueArn` of the event" if isinstance(sender, EventRule) and sender.pattern.is_set().is_yes else ""
    )
    where = "the `aws_cloudwatch_event_target`" if isinstance(sender, EventRule) else "the target"
    return by_format(
        sender,
        "`DeadLetterConfig` of the target",
        f"`dead_letter_config` of {where}",
        made or "`DeadLetterConfig` of the target, under `resources.extensions`",
        sam="`DeadLetterConfig` of the event",
    )
