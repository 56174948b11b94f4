"""Messages that are dropped when a subscriber can not be reached.

## What it does
Reports subscriptions of topics without a dead-letter queue. For endpoints by HTTP everybody hears of it; for queues
and functions, which SNS tries to reach for 23 days, only the pedantic persona does.

## Why is this bad?
An endpoint by HTTP is tried for an hour, about fifty times. If it is down longer, or answers with an error of the
client, the message is gone, and nothing says which one it was.

## When it is fine
Where a message may be lost.

## Example
```yaml bad
Resources:
  News: {Type: AWS::SNS::Topic}
  Hook:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref News, Protocol: https, Endpoint: "https://hooks.example.com/orders"}
```
```yaml good
Resources:
  News: {Type: AWS::SNS::Topic}
  Failed: {Type: AWS::SQS::Queue}
  Hook:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref News
      Protocol: https
      Endpoint: "https://hooks.example.com/orders"
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn}
```
```hcl bad
resource "aws_sns_topic" "news" { name = "news" }
resource "aws_sns_topic_subscription" "hook" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "https"
  endpoint  = "https://hooks.example.com/orders"
}
```
```hcl good
resource "aws_sns_topic" "news" { name = "news" }
resource "aws_sqs_queue" "failed" { name = "failed" }
resource "aws_sns_topic_subscription" "hook" {
  topic_arn      = aws_sns_topic.news.arn
  protocol       = "https"
  endpoint       = "https://hooks.example.com/orders"
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.failed.arn })
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    News: {Type: AWS::SNS::Topic}
    Hook:
      Type: AWS::SNS::Subscription
      Properties: {TopicArn: !Ref News, Protocol: https, Endpoint: "https://hooks.example.com/orders"}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    News: {Type: AWS::SNS::Topic}
    Failed: {Type: AWS::SQS::Queue}
    Hook:
      Type: AWS::SNS::Subscription
      Properties:
        TopicArn: !Ref News
        Protocol: https
        Endpoint: "https://hooks.example.com/orders"
        RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn}
```

## Fix safety
Advice only: the queue needs a policy that lets SNS send. What stands in a topic's own list of subscriptions takes no
dead-letter queue: it has to become a subscription of its own first.

## References
- [Dead-letter queues of SNS](https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html)
- [Subscriptions in a topic's own list](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-sns-topic-subscription.html)
- [How SNS tries again](https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Subscription
from stockade.model.intent import Fix
from stockade.rules._base import INFO, LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format, is_made, told

# Mail and text messages are sent once, and take no dead-letter queue that would help.
_KEPT = ("http", "https", "sqs", "lambda", "firehose")
# A topic's own list of subscriptions takes an endpoint and a protocol only.
_TOPIC = "AWS::SNS::Topic"
_INSIDE = "make it an `AWS::SNS::Subscription` of its own, with `RedrivePolicy` set to a queue that lets SNS send"


@rule(
    "SK724",
    "subscription-without-dead-letter",
    severity=LOW,
    since="0.1",
    controls=["OBSV-3"],
    aliases=["ES7000", "SNSRedrivePolicy"],
    applies="is subscribed to no topic of the scanned code, nor uses one of which messages can be kept",
    holds="messages that can't be delivered are kept",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every subscription for a dead-letter queue."""
    del ctx
    for subscription in app.of(Subscription):
        kept = subscription.protocol.one_of(*_KEPT)
        if kept.is_no:
            continue
        web = subscription.protocol.one_of("http", "https").is_yes
        topic = subscription.topic
        owned = topic.functions if topic is not None else ()
        inside = subscription.type == _TOPIC and not is_made(subscription)
        yield from found(
            kept & ~subscription.dead_letter.is_set(),
            subject=subscription,
            functions=subscription.functions or owned,
            at=subscription.endpoint if inside else subscription,
            severity=LOW if web else INFO,
            persona="regular" if web else "pedantic",
            message=f"a message of `{topic or told(app, subscription.topic_arn)}` that does not reach "
            f"`{told(app, subscription.endpoint)}` is dropped",
            help=_INSIDE if inside else _help(subscription),
            fix=Fix.advice("keep messages that are not delivered in a queue"),
        )


def _help(subscription: Subscription) -> str:
    key = by_format(subscription, "`RedrivePolicy`", "`redrive_policy`", "`redrivePolicy` of the event")
    return f"set {key} to a queue that lets SNS send"
