"""A log group with more subscriptions than it takes.

## What it does
Reports log groups with more than two subscription filters.

## Why is this bad?
A log group takes two. CloudWatch Logs refuses the third, and the deployment is rolled back; which two are made is a
matter of chance.

## When it is fine
Never: it can't be deployed.

## Example
```yaml bad
Resources:
  One:
    Type: AWS::Logs::SubscriptionFilter
    Properties: {LogGroupName: shop, FilterPattern: a, DestinationArn: !ImportValue logs}
  Two:
    Type: AWS::Logs::SubscriptionFilter
    Properties: {LogGroupName: shop, FilterPattern: b, DestinationArn: !ImportValue logs}
  Three:
    Type: AWS::Logs::SubscriptionFilter
    Properties: {LogGroupName: shop, FilterPattern: c, DestinationArn: !ImportValue logs}
```
```yaml good
Resources:
  One:
    Type: AWS::Logs::SubscriptionFilter
    Properties: {LogGroupName: shop, FilterPattern: a, DestinationArn: !ImportValue logs}
  Two:
    Type: AWS::Logs::SubscriptionFilter
    Properties: {LogGroupName: shop, FilterPattern: b, DestinationArn: !ImportValue logs}
```
```hcl bad
resource "aws_cloudwatch_log_subscription_filter" "shop" {
  count           = 3
  name            = "shop-${count.index}"
  log_group_name  = "shop"
  filter_pattern  = ""
  destination_arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/logs"
}
```
```hcl good
resource "aws_cloudwatch_log_subscription_filter" "shop" {
  count           = 2
  name            = "shop-${count.index}"
  log_group_name  = "shop"
  filter_pattern  = ""
  destination_arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/logs"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    One:
      Type: AWS::Logs::SubscriptionFilter
      Properties: {LogGroupName: shop, FilterPattern: a, DestinationArn: !ImportValue logs}
    Two:
      Type: AWS::Logs::SubscriptionFilter
      Properties: {LogGroupName: shop, FilterPattern: b, DestinationArn: !ImportValue logs}
    Three:
      Type: AWS::Logs::SubscriptionFilter
      Properties: {LogGroupName: shop, FilterPattern: c, DestinationArn: !ImportValue logs}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    One:
      Type: AWS::Logs::SubscriptionFilter
      Properties: {LogGroupName: shop, FilterPattern: a, DestinationArn: !ImportValue logs}
    Two:
      Type: AWS::Logs::SubscriptionFilter
      Properties: {LogGroupName: shop, FilterPattern: b, DestinationArn: !ImportValue logs}
```

## Fix safety
Advice only: which of them is needed is yours to say.

## References
- [CloudWatch Logs quotas](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from stockade.model.app import App, LogSubscription
from stockade.model.intent import Fix
from stockade.model.value import NO, YES, given
from stockade.rules._base import MEDIUM, Context, Label, Outcome, found, rule

_MOST = 2  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html (as of 2026-11-28)


@rule(
    "SK741",
    "crowded-log-group",
    severity=MEDIUM,
    since="0.2",
    controls=["OBSV-4"],
    aliases=["E2529"],
    applies="is never asked: subscriptions are of log groups",
    holds="its log group has no more subscriptions than it takes",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Count the subscriptions of every log group."""
    del ctx
    groups: dict[tuple[str, str], list[LogSubscription]] = defaultdict(list)
    for subscription in app.of(LogSubscription):
        references = [reference.target for _, reference in subscription.log_group.refers()]
        named = subscription.log_group.only()
        if references or isinstance(named, str):
            scope = subscription.key.partition("#")[0]
            groups[scope, references[0] if references else str(named)].append(subscription)
    for own in groups.values():
        last = own[-1]
        # Those that are only there under premises may never be there at once.
        always = [one for one in own if not one.exists]
        yield from found(
            given(last.exists, YES) if len(always) > _MOST else NO,
            subject=last,
            at=last,
            message=f"the log group `{last.log_group.show()}` has {len(own)} subscription filters, and takes {_MOST}",
            help="send the logs to one stream, and have all consumers read that",
            fix=Fix.advice("send the logs to one stream"),
            related=tuple(Label(one.origin, "another one") for one in own[:-1]),
        )
