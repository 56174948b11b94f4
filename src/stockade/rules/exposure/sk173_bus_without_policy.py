"""An event bus of your own without a resource policy.

## What it does
Reports event buses that no policy is attached to. For auditors: other tools' checklists ask for one. The default bus
of an account is not told.

## Why is this bad?
Who may put events on the bus is then said by the identity policies of the account alone, each by itself. No one place
says who the bus is for, and no denial there holds for all.

## When it is fine
Mostly: a bus without a policy takes events of its own account only.

## Example
```yaml bad
Resources:
  Orders: {Type: AWS::Events::EventBus, Properties: {Name: orders}}
```
```yaml good
Resources:
  Orders: {Type: AWS::Events::EventBus, Properties: {Name: orders}}
  Policy:
    Type: AWS::Events::EventBusPolicy
    Properties:
      EventBusName: !Ref Orders
      StatementId: partner
      Statement:
        Effect: Allow
        Principal: {AWS: arn:aws:iam::111122223333:root}
        Action: events:PutEvents
        Resource: !GetAtt Orders.Arn
```
```hcl bad
resource "aws_cloudwatch_event_bus" "orders" {
  name = "orders"
}
```
```hcl good
resource "aws_cloudwatch_event_bus" "orders" {
  name = "orders"
}

resource "aws_cloudwatch_event_bus_policy" "orders" {
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "events:PutEvents"
      Resource  = aws_cloudwatch_event_bus.orders.arn
    }]
  })
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Bus: {Type: AWS::Events::EventBus, Properties: {Name: orders}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Bus: {Type: AWS::Events::EventBus, Properties: {Name: orders}}
    Policy:
      Type: AWS::Events::EventBusPolicy
      Properties:
        EventBusName: !Ref Bus
        StatementId: partner
        Action: events:PutEvents
        Principal: "111122223333"
```

## Fix safety
Advice only: whom the bus is for is yours to say.

## References
- [Resource-based policies for EventBridge](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EventBus, Policy
from stockade.model.intent import Fix
from stockade.model.value import YES, any_of, given, maybe
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._elsewhere import may_be_elsewhere

_BESIDE = ("AWS::Events::EventBusPolicy", "aws_cloudwatch_event_bus_policy", "aws_cloudwatch_event_permission")


@rule(
    "SK173",
    "bus-without-policy",
    severity=INFO,
    persona="auditor",
    since="0.1",
    controls=["INVK-9"],
    maps={"aws-fsbp": ["EventBridge.3"]},
    aliases=["EventBridge.3"],
    applies="uses no event bus of the scanned code",
    holds="its event buses have policies",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every event bus for its policy."""
    del ctx
    loose = [policy for policy in app.of(Policy) if policy.type in _BESIDE and not policy.guards]
    for bus in app.of(EventBus):
        unknown = any_of(
            maybe(f"which event bus `{policy}` is put on is not known", policy.origin)
            for policy in loose
            if any(target.is_set().truth != "no" and not target.is_("default").is_yes for target in policy.targets)
        )
        stated = any_of(given(policy.exists, YES) for policy in bus.policies)
        yield from found(
            ~(stated | unknown | may_be_elsewhere(app, bus, Policy)),
            subject=bus,
            at=bus,
            message=f"the event bus `{bus}` has no policy",
            help="attach a policy that names who may put events on it",
            fix=Fix.advice("attach a policy"),
        )
