"""A topic that logs no deliveries.

## What it does
Reports SNS topics that log what became of messages for none of the protocols they deliver to. For auditors: other tools'
checklists ask for it, though AWS took it out of its own (SNS.2).

## Why is this bad?
Whether a message arrived, how long that took, and why an endpoint refused it is then only counted, and not known of a
single message.

## When it is fine
Mostly: CloudWatch counts what failed anyway, and a dead-letter queue keeps the messages (`subscription-without-dead-letter`).

## Example
```yaml bad
Resources:
  Orders: {Type: AWS::SNS::Topic, Properties: {TopicName: orders}}
```
```yaml good
Resources:
  Orders:
    Type: AWS::SNS::Topic
    Properties:
      DeliveryStatusLogging:
        - Protocol: lambda
          FailureFeedbackRoleArn: arn:aws:iam::111122223333:role/sns-logs
```
```hcl bad
resource "aws_sns_topic" "orders" {
  name = "orders"
}
```
```hcl good
resource "aws_sns_topic" "orders" {
  name                             = "orders"
  lambda_failure_feedback_role_arn = "arn:aws:iam::111122223333:role/sns-logs"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Orders: {Type: AWS::SNS::Topic, Properties: {TopicName: orders}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Orders:
      Type: AWS::SNS::Topic
      Properties:
        DeliveryStatusLogging:
          - Protocol: lambda
            FailureFeedbackRoleArn: arn:aws:iam::111122223333:role/sns-logs
```

## Fix safety
Advice only: it needs a role with which SNS may write logs.

## References
- [Amazon SNS message delivery status](https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Topic
from stockade.model.intent import Fix
from stockade.rules._base import INFO, Context, Outcome, found, rule


@rule(
    "SK743",
    "unlogged-deliveries",
    severity=INFO,
    persona="auditor",
    since="0.1",
    controls=["OBSV-3"],
    maps={"cwe": [778]},
    aliases=["SNS.2"],
    applies="uses no topic of the scanned code",
    holds="its topics log deliveries",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every topic whether it logs deliveries for any protocol."""
    del ctx
    for topic in app.of(Topic):
        yield from found(
            ~topic.delivery_log_roles.any(lambda role: role.is_set()),
            subject=topic,
            at=topic,
            message=f"the topic `{topic}` logs no deliveries",
            help="name a role with which SNS logs failed deliveries",
            fix=Fix.advice("log failed deliveries"),
        )
