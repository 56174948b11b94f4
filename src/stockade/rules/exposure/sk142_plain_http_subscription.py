"""A subscription that delivers messages without encryption.

## What it does
Reports subscriptions of topics with the protocol `http`.

## Why is this bad?
Every message crosses the internet in the clear, with whatever it holds, and anybody on the way can read and change
it. The endpoint can't tell a changed message from one of SNS unless it checks each signature.

## When it is fine
Never: SNS delivers to `https` in the same way.

## Example
```yaml bad
Resources:
  Hook:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: http, Endpoint: "http://hooks.example.com/orders"}
  Topic: {Type: AWS::SNS::Topic}
```
```yaml good
Resources:
  Hook:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: https, Endpoint: "https://hooks.example.com/orders"}
  Topic: {Type: AWS::SNS::Topic}
```
```hcl bad
resource "aws_sns_topic" "news" { name = "news" }
resource "aws_sns_topic_subscription" "hook" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "http"
  endpoint  = "http://hooks.example.com/orders"
}
```
```hcl good
resource "aws_sns_topic" "news" { name = "news" }
resource "aws_sns_topic_subscription" "hook" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "https"
  endpoint  = "https://hooks.example.com/orders"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Hook:
      Type: AWS::SNS::Subscription
      Properties: {TopicArn: !Ref Topic, Protocol: http, Endpoint: "http://hooks.example.com/orders"}
    Topic: {Type: AWS::SNS::Topic}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Hook:
      Type: AWS::SNS::Subscription
      Properties: {TopicArn: !Ref Topic, Protocol: https, Endpoint: "https://hooks.example.com/orders"}
    Topic: {Type: AWS::SNS::Topic}
```

## Fix safety
Unsafe: the endpoint must serve TLS with a certificate that SNS trusts, and has to confirm the subscription again.

## References
- [HTTPS endpoints of SNS](https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Subscription
from stockade.model.intent import Fix, Set
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format


@rule(
    "SK142",
    "plain-http-subscription",
    severity=MEDIUM,
    since="0.1",
    controls=["FLEET-2"],
    maps={"cwe": [319]},
    aliases=["AwsSolutions-SNS3", "sns_subscription_not_using_http_endpoints", "snsSubscriptionHTTPSonly", "FG_R00052"],
    applies="uses no topic of the scanned code that others subscribe to",
    holds="no subscription of its topics delivers by plain HTTP",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every subscription for its protocol."""
    del ctx
    for subscription in app.of(Subscription):
        endpoint = subscription.endpoint.only()
        intents = [Set(subscription, "protocol", "https")]
        if isinstance(endpoint, str) and endpoint.startswith("http://"):
            intents.append(Set(subscription, "endpoint", "https" + endpoint.removeprefix("http")))
        topic = subscription.topic
        yield from found(
            subscription.protocol.is_("http"),
            subject=subscription,
            functions=topic.functions if topic is not None else subscription.functions,
            at=subscription.protocol,
            message=f"the messages of `{topic or subscription.topic_arn.show()}` go to `{subscription.endpoint.show()}` "
            "without encryption",
            help=f"subscribe with the {by_format(subscription, 'Protocol', 'protocol')} https",
            fix=Fix.unsafe(
                "deliver by https",
                *intents,
                why="the endpoint must serve TLS, and has to confirm the subscription again",
            ),
        )
