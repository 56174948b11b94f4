"""An event bus that everybody may put events on.

## What it does
Reports statements of an event bus's policy that let every AWS account put events on it or make rules on it.
Conditions and denials are counted: an organisation in `aws:PrincipalOrgID` makes it quiet.

## Why is this bad?
Everybody is every account of AWS, and accounts are free. Events from outside look like your own to every rule that
matches on source and detail, which anybody can choose but for sources that begin with `aws.`; the functions behind
the rules act on them.

## When it is fine
With a condition on the organisation; such statements are not reported.

## Example
```yaml bad
Resources:
  Policy:
    Type: AWS::Events::EventBusPolicy
    Properties: {StatementId: all, Action: events:PutEvents, Principal: "*"}
```
```yaml good
Resources:
  Policy:
    Type: AWS::Events::EventBusPolicy
    Properties:
      StatementId: ours
      Action: events:PutEvents
      Principal: "*"
      Condition: {Type: StringEquals, Key: aws:PrincipalOrgID, Value: o-a1b2c3d4e5}
```
```hcl bad
resource "aws_cloudwatch_event_permission" "all" {
  principal    = "*"
  statement_id = "all"
}
```
```hcl good
resource "aws_cloudwatch_event_permission" "ours" {
  principal    = "*"
  statement_id = "ours"
  condition {
    key   = "aws:PrincipalOrgID"
    type  = "StringEquals"
    value = "o-a1b2c3d4e5"
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Policy:
      Type: AWS::Events::EventBusPolicy
      Properties: {StatementId: all, Action: events:PutEvents, Principal: "*"}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Policy:
      Type: AWS::Events::EventBusPolicy
      Properties:
        StatementId: ours
        Action: events:PutEvents
        Principal: "*"
        Condition: {Type: StringEquals, Key: aws:PrincipalOrgID, Value: o-a1b2c3d4e5}
```

## Fix safety
Advice only: who has to be let in is not written anywhere.

## References
- [Permissions for event buses](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EventBus
from stockade.rules._base import HIGH, Context, Outcome, rule
from stockade.rules.exposure._policies import Ways, public

_WAYS: Ways = ((("events:PutEvents",), "put events on"), (("events:PutRule", "events:PutTargets"), "make rules on"))


@rule(
    "SK132",
    "public-bus-policy",
    severity=HIGH,
    since="0.1",
    controls=["INVK-9", "FLEET-2"],
    maps={"cwe": [284, 732]},
    aliases=["AwsSolutions-EVB1", "eventbridge_bus_exposed", "eventBusPublicAccess"],
    applies="uses no event bus of the scanned code",
    holds="the policies of event buses let nobody in whom they don't name",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the policies of event buses for everybody."""
    del ctx
    yield from public(
        app,
        kinds=(EventBus,),
        types=("AWS::Events::EventBusPolicy", "aws_cloudwatch_event_bus_policy", "aws_cloudwatch_event_permission"),
        noun=lambda _: "the event bus",
        ways=_WAYS,
        severity=lambda _: HIGH,
        help_="name the accounts, or add the condition StringEquals aws:PrincipalOrgID",
    )
