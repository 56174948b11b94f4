"""A queue or topic to which a service may send for anybody.

## What it does
Reports statements of the policies of queues and topics that let S3, SNS or EventBridge send, without saying on behalf
of which bucket, topic, rule or account (`aws:SourceArn`, `aws:SourceAccount`). Medium where a function uses the queue or
topic, else low.

## Why is this bad?
The service acts for every customer of AWS: somebody else's bucket or rule can be told to send to your queue, and the
service finds that it may. What it sends is then taken for your own by the function behind the queue.

## When it is fine
With the condition; such statements are not reported. Neither are those that let EventBridge publish to a topic, with a
condition or without: its guide says that none can be used there. The connectors of SAM write one all the same, and events
arrive, so that one which is there is no fault.

## Example
```yaml bad
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Statement:
          Effect: Allow
          Action: sqs:SendMessage
          Resource: !GetAtt Queue.Arn
          Principal: {Service: s3.amazonaws.com}
```
```yaml good
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Statement:
          Effect: Allow
          Action: sqs:SendMessage
          Resource: !GetAtt Queue.Arn
          Principal: {Service: s3.amazonaws.com}
          Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}
```
```hcl bad
resource "aws_sqs_queue" "work" { name = "work" }
resource "aws_sqs_queue_policy" "work" {
  queue_url = aws_sqs_queue.work.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.work.arn
      Principal = { Service = "events.amazonaws.com" }
    }]
  })
}
```
```hcl good
resource "aws_cloudwatch_event_rule" "nightly" { schedule_expression = "rate(1 day)" }
resource "aws_sqs_queue" "work" { name = "work" }
resource "aws_sqs_queue_policy" "work" {
  queue_url = aws_sqs_queue.work.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.work.arn
      Principal = { Service = "events.amazonaws.com" }
      Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.nightly.arn } }
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
    Queue: {Type: AWS::SQS::Queue}
    Policy:
      Type: AWS::SQS::QueuePolicy
      Properties:
        Queues: [!Ref Queue]
        PolicyDocument:
          Statement:
            Effect: Allow
            Action: sqs:SendMessage
            Resource: !GetAtt Queue.Arn
            Principal: {Service: s3.amazonaws.com}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Queue: {Type: AWS::SQS::Queue}
    Policy:
      Type: AWS::SQS::QueuePolicy
      Properties:
        Queues: [!Ref Queue]
        PolicyDocument:
          Statement:
            Effect: Allow
            Action: sqs:SendMessage
            Resource: !GetAtt Queue.Arn
            Principal: {Service: s3.amazonaws.com}
            Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}
```

## Fix safety
Advice only: conditions are written by hand.

## References
- [The confused deputy problem](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)
- [Destinations of S3 notifications](https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html)
- [Policies for EventBridge's targets](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html)
- [The connector from a rule to a topic](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html)
- [Encrypted topics and event sources](https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.conditions import limited
from stockade.iam.principals import EVENTS, principals, service_named
from stockade.model.app import App, Queue, Resource, Topic
from stockade.model.intent import Fix
from stockade.model.policy import Statement
from stockade.model.value import NO, Value, any_of, given
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
from stockade.rules.exposure._policies import may_do, policies_of

# Services that send for whoever tells them to, and say for which resource; see the references.
_SERVICES = {
    "s3.amazonaws.com": "bucket of any account",
    "sns.amazonaws.com": "topic of any account",
    EVENTS: "rule of any account",
}
_TOPIC_TYPES = ("AWS::SNS::TopicPolicy", "aws_sns_topic_policy")
_TYPES = ("AWS::SQS::QueuePolicy", "aws_sqs_queue_policy", *_TOPIC_TYPES)


@rule(
    "SK140",
    "service-policy-without-source",
    severity=LOW,
    since="0.1",
    controls=["INVK-9"],
    maps={"cwe": [441]},
    applies="uses no queue or topic of the scanned code that has a policy",
    holds="services send to its queues and topics for named sources only",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the policies of queues and topics what services are let in for."""
    del ctx
    for policy, guarded in policies_of(app, (Queue, Topic), _TYPES):
        for subject in guarded or (policy,):
            asked = False
            for statement in policy.statements:
                for principal in principals(statement):
                    if principal.kind == "Service" and may_do(statement, "sqs:SendMessage", "sns:Publish"):
                        asked = True
                        at_topic = isinstance(subject, Topic) or policy.type in _TOPIC_TYPES
                        yield from _one(subject, statement, principal.value, at_topic=at_topic)
            if not asked:
                yield from found(NO, subject=subject, message="")


def _one(subject: Resource, statement: Statement, principal: Value[str], *, at_topic: bool) -> Iterator[Outcome]:
    answers = {
        whose: service_named(principal, service)
        for service, whose in _SERVICES.items()
        if not (at_topic and service == EVENTS)
    }
    whose = next((word for word, answer in answers.items() if not answer.is_no), "")
    allows = given(statement.exists, statement.effect.is_("Allow"))
    yield from found(
        allows & any_of(answers.values()) & ~limited(statement, "caller"),
        subject=subject,
        at=principal,
        severity=MEDIUM if subject.functions else LOW,
        message=f"`{principal.show()}` may send to `{subject}` for a {whose}",
        help="add the condition ArnEquals aws:SourceArn, or StringEquals aws:SourceAccount with your account",
        fix=Fix.advice("add a condition on aws:SourceArn"),
        evidence=principal.show(),
        passes="EventBridge's guide allows for no condition in the policy of a topic"
        if at_topic and service_named(principal, EVENTS).is_yes and limited(statement, "caller").is_no
        else "a condition says for which source",
    )
