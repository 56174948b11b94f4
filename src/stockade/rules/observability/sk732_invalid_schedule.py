"""A schedule that EventBridge does not take, or that is over.

## What it does
Reports schedule expressions of rules and schedules that do not follow EventBridge's grammar: five fields instead of
six, no `?` among the days, `rate(1 minutes)`, a month 13. An expression whose last year is past is told too.

## Why is this bad?
EventBridge refuses it, and the deployment fails; a schedule that is over is taken, and never comes. What the function
should have done each night is then not done, and nothing fails.

## When it is fine
Never.

## Example
```yaml bad
Resources:
  Nightly:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: cron(0 2 * * *)}
```
```yaml good
Resources:
  Nightly:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: cron(0 2 * * ? *)}
```
```hcl bad
resource "aws_cloudwatch_event_rule" "nightly" { schedule_expression = "rate(1 minutes)" }
```
```hcl good
resource "aws_cloudwatch_event_rule" "nightly" { schedule_expression = "rate(1 minute)" }
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
      Properties: {ScheduleExpression: cron(0 2 * * *)}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Nightly:
      Type: AWS::Events::Rule
      Properties: {ScheduleExpression: cron(0 2 * * ? *)}
```

## Fix safety
Safe where what was meant can be told: the year and the `?` are added, the unit is put right.

## References
- [Schedule expressions of rules](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html)
- [Schedules of EventBridge Scheduler](https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge.schedules import fault_of, mended
from stockade.model.app import App, EventRule, Resource, Schedule
from stockade.model.intent import Fix, Set
from stockade.model.value import Value
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule


@rule(
    "SK732",
    "invalid-schedule",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-9"],
    aliases=["E3027"],
    applies="is called by no schedule",
    holds="its schedules are valid, and come",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Read every schedule expression as EventBridge does."""
    for event_rule in app.of(EventRule):
        yield from _one(event_rule, "schedule", event_rule.schedule, ctx.today.year)
    for schedule in app.of(Schedule):
        yield from _one(schedule, "expression", schedule.expression, ctx.today.year)


def _one(subject: Resource, field: str, value: Value[str], year: int) -> Iterator[Outcome]:
    if value.is_set().is_no:
        return  # it waits for events
    by_scheduler = isinstance(subject, Schedule)

    def why(text: object) -> str:
        return fault_of(str(text), scheduler=by_scheduler, year=year)

    told = next((fault for _, leaf in value.leaves() if leaf.only() is not None and (fault := why(leaf.only()))), "")
    whole = value.only()
    instead = mended(str(whole)) if whole is not None and told else ""
    right = bool(instead) and not why(instead)
    yield from found(
        value.is_set() & value.where(lambda text: text is not None and bool(why(text))),
        subject=subject,
        at=value,
        message=f"the schedule `{value.show()}` of `{subject}` never comes: {told or 'it is not valid'}",
        help=f"write {instead}" if right else "see the forms that EventBridge takes",
        fix=Fix.safe(f"write {instead}", Set(subject, field, instead)) if right else Fix.advice("correct the schedule"),
    )
