"""A subscription whose endpoint is not what its protocol says.

## What it does
Reports subscriptions of topics whose protocol and endpoint do not go together: `lambda` with the ARN of a queue, `sqs`
with the URL of one, `https` with an `http` address.

## Why is this bad?
SNS refuses it, and the deployment fails. What looks like a typing error in a review is a function that hears of
nothing.

## When it is fine
Never.

## Example
```yaml bad
Resources:
  News: {Type: AWS::SNS::Topic}
  Work:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref News
      Protocol: sqs
      Endpoint: https://sqs.eu-west-1.amazonaws.com/111122223333/work
```
```yaml good
Resources:
  News: {Type: AWS::SNS::Topic}
  Work:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref News
      Protocol: sqs
      Endpoint: arn:aws:sqs:eu-west-1:111122223333:work
```
```hcl bad
resource "aws_sns_topic" "news" { name = "news" }
resource "aws_sns_topic_subscription" "work" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "lambda"
  endpoint  = "arn:aws:sqs:eu-west-1:111122223333:work"
}
```
```hcl good
resource "aws_sns_topic" "news" { name = "news" }
resource "aws_sns_topic_subscription" "work" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "lambda"
  endpoint  = "arn:aws:lambda:eu-west-1:111122223333:function:work"
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
    Work:
      Type: AWS::SNS::Subscription
      Properties:
        TopicArn: !Ref News
        Protocol: sqs
        Endpoint: https://sqs.eu-west-1.amazonaws.com/111122223333/work
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    News: {Type: AWS::SNS::Topic}
    Work:
      Type: AWS::SNS::Subscription
      Properties:
        TopicArn: !Ref News
        Protocol: sqs
        Endpoint: arn:aws:sqs:eu-west-1:111122223333:work
```

## Fix safety
Advice only: which of both is wrong is not written anywhere.

## References
- [Subscribe](https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Function, Queue, Subscription
from stockade.model.intent import Fix
from stockade.model.value import NO, YES, Tri, any_of, given
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule

# What an endpoint begins with, by protocol: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html, as of 2026-11.
_STARTS = {
    "sqs": ("arn:aws:sqs:", "arn:aws-cn:sqs:", "arn:aws-us-gov:sqs:"),
    "lambda": ("arn:aws:lambda:", "arn:aws-cn:lambda:", "arn:aws-us-gov:lambda:"),
    "firehose": ("arn:aws:firehose:", "arn:aws-cn:firehose:", "arn:aws-us-gov:firehose:"),
    "http": ("http://",),
    "https": ("https://",),
}
# What an endpoint is by protocol, and the attributes that are no ARN.
_KINDS: dict[str, type[Queue | Function]] = {"sqs": Queue, "lambda": Function}
_NO_ARNS = frozenset({"Ref", "QueueName", "QueueUrl", "FunctionName"})


@rule(
    "SK736",
    "mismatched-subscription",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-9"],
    aliases=["W3694", "snsValidSubscribers"],
    applies="is subscribed to no topic of the scanned code",
    holds="its subscriptions name what their protocol asks for",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Compare the endpoint of every subscription with its protocol."""
    del ctx
    for subscription in app.of(Subscription):
        wrong = any_of(
            subscription.protocol.is_(protocol) & _is_other(app, subscription, protocol, starts)
            for protocol, starts in _STARTS.items()
        )
        yield from found(
            wrong,
            subject=subscription,
            at=subscription.endpoint,
            message=f"`{subscription.endpoint.show()}` is no endpoint of the protocol `{subscription.protocol.show()}`",
            help="name the ARN of a queue, function or delivery stream, or the address, that the protocol asks for",
            fix=Fix.advice("correct the protocol or the endpoint"),
        )


def _is_other(app: App, subscription: Subscription, protocol: str, starts: tuple[str, ...]) -> Tri:
    """Whether an endpoint is known to be something else than a protocol asks for."""
    answers = []
    for when, leaf in subscription.endpoint.leaves():
        named = [(app.get(reference.target), reference.attribute) for _, reference in leaf.references()]
        wanted = _KINDS.get(protocol)
        if wanted is not None and any(isinstance(each, Queue | Function) for each, _ in named):
            fits = [isinstance(each, wanted) and attribute not in _NO_ARNS for each, attribute in named]
            answers.append(given(when, NO if any(fits) else YES))
        elif named:
            answers.append(NO)
        else:
            answers.append(given(when, leaf.is_set() & ~leaf.starts_with(*starts)))
    return any_of(answers)
