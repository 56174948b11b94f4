"""A topic that everybody may publish or subscribe to.

## What it does
Reports statements of a topic's policy that let every AWS account publish to it or subscribe to it. Conditions and
denials are counted: the policy that SNS gives new topics, for `*` with the own account as `AWS:SourceOwner`, is
quiet.

## Why is this bad?
Everybody is every account of AWS, and accounts are free. Who may publish decides what every subscriber, functions
among them, is given; who may subscribe reads along from then on, and nothing in your account shows it but a list of
subscriptions.

## When it is fine
With a condition on the source or the organisation; such statements are not reported.

## Example
```yaml bad
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Policy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement: {Effect: Allow, Action: [sns:Publish, sns:Subscribe], Resource: !Ref Topic, Principal: {AWS: "*"}}
```
```yaml good
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Policy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          Effect: Allow
          Action: sns:Publish
          Resource: !Ref Topic
          Principal: {Service: s3.amazonaws.com}
          Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}
```
```hcl bad
resource "aws_sns_topic" "news" { name = "news" }
data "aws_iam_policy_document" "news" {
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.news.arn]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
resource "aws_sns_topic_policy" "news" {
  arn    = aws_sns_topic.news.arn
  policy = data.aws_iam_policy_document.news.json
}
```
```hcl good
resource "aws_sns_topic" "news" { name = "news" }
data "aws_iam_policy_document" "news" {
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.news.arn]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/orders"]
    }
  }
}
resource "aws_sns_topic_policy" "news" {
  arn    = aws_sns_topic.news.arn
  policy = data.aws_iam_policy_document.news.json
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Topic: {Type: AWS::SNS::Topic}
    Policy:
      Type: AWS::SNS::TopicPolicy
      Properties:
        Topics: [!Ref Topic]
        PolicyDocument:
          Statement: {Effect: Allow, Action: [sns:Publish, sns:Subscribe], Resource: !Ref Topic, Principal: {AWS: "*"}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Topic: {Type: AWS::SNS::Topic}
    Policy:
      Type: AWS::SNS::TopicPolicy
      Properties:
        Topics: [!Ref Topic]
        PolicyDocument:
          Statement:
            Effect: Allow
            Action: sns:Publish
            Resource: !Ref Topic
            Principal: {Service: s3.amazonaws.com}
            Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}
```

## Fix safety
Advice only: who has to be let in is not written anywhere.

## References
- [Access control in SNS](https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.opened import Open
from stockade.model.app import App, Topic
from stockade.rules._base import CRITICAL, HIGH, Context, Outcome, Severity, rule
from stockade.rules.exposure._policies import Ways, may_do, public

_WAYS: Ways = ((("sns:Publish",), "publish to"), (("sns:Subscribe",), "subscribe to"))


@rule(
    "SK131",
    "public-topic-policy",
    severity=HIGH,
    since="0.1",
    controls=["INVK-9", "FLEET-2"],
    maps={"aws-fsbp": ["SNS.4"], "cwe": [284, 732]},
    aliases=[
        "CKV_AWS_169", "F18", "F8", "b26d2b7e", "ae53ce91", "sns_topics_not_publicly_accessible", "topicPolicies",
    ],
    applies="uses no topic of the scanned code",
    holds="the policies of its topics let nobody in whom they don't name",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the policies of topics for everybody."""
    del ctx
    yield from public(
        app,
        kinds=(Topic,),
        types=("AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy", "aws_sns_topic_policy"),
        noun=lambda _: "the topic",
        ways=_WAYS,
        severity=_severity,
        help_="name who publishes and who subscribes (for EventBridge its service, which takes no condition here), or add a "
        "condition on aws:SourceArn or aws:PrincipalOrgID",
    )


def _severity(one: Open) -> Severity:
    return CRITICAL if may_do(one.statement, "sns:SetTopicAttributes", "sns:AddPermission") else HIGH
