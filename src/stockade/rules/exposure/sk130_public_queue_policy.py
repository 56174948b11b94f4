"""A queue that everybody may use.

## What it does
Reports statements of a queue's policy that let every AWS account send, read or delete its messages. Conditions and
denials are counted: a statement for `*` that only one topic, account, organisation or network can make use of is
quiet.

## Why is this bad?
Everybody is every account of AWS, and accounts are free. Who may send to a queue decides what the function behind it
is given, at your cost; who may read from it takes messages away before the function sees them.

## When it is fine
With a condition on `aws:SourceArn`, `aws:SourceAccount` or `aws:PrincipalOrgID`; such statements are not reported.

## Example
```yaml bad
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Statement: {Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Queue.Arn, Principal: "*"}
```
```yaml good
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Statement:
          Effect: Allow
          Action: sqs:SendMessage
          Resource: !GetAtt Queue.Arn
          Principal: "*"
          Condition: {ArnEquals: {aws:SourceArn: !Ref Topic}}
```
```hcl bad
resource "aws_sqs_queue" "work" { name = "work" }
data "aws_iam_policy_document" "work" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.work.arn]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
resource "aws_sqs_queue_policy" "work" {
  queue_url = aws_sqs_queue.work.id
  policy    = data.aws_iam_policy_document.work.json
}
```
```hcl good
resource "aws_sqs_queue" "work" { name = "work" }
resource "aws_sns_topic" "work" { name = "work" }
data "aws_iam_policy_document" "work" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.work.arn]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.work.arn]
    }
  }
}
resource "aws_sqs_queue_policy" "work" {
  queue_url = aws_sqs_queue.work.id
  policy    = data.aws_iam_policy_document.work.json
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
          Statement: {Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Queue.Arn, Principal: "*"}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Queue: {Type: AWS::SQS::Queue}
    Topic: {Type: AWS::SNS::Topic}
    Policy:
      Type: AWS::SQS::QueuePolicy
      Properties:
        Queues: [!Ref Queue]
        PolicyDocument:
          Statement:
            Effect: Allow
            Action: sqs:SendMessage
            Resource: !GetAtt Queue.Arn
            Principal: "*"
            Condition: {ArnEquals: {aws:SourceArn: !Ref Topic}}
```

## Fix safety
Advice only: who has to be let in is not written anywhere.

## References
- [Policies of SQS](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-using-identity-based-policies.html)
- [Send only from one source](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-least-privilege-policy.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.opened import Open
from stockade.model.app import App, Queue
from stockade.rules._base import CRITICAL, HIGH, Context, Outcome, Severity, rule
from stockade.rules.exposure._policies import Ways, may_do, public

_WAYS: Ways = (
    (("sqs:SendMessage",), "send messages to"),
    (("sqs:ReceiveMessage",), "read"),
    (("sqs:DeleteMessage", "sqs:PurgeQueue"), "delete messages of"),
)


@rule(
    "SK130",
    "public-queue-policy",
    severity=HIGH,
    since="0.1",
    controls=["INVK-9", "FLEET-2"],
    maps={"aws-fsbp": ["SQS.3"], "cwe": [284, 732]},
    aliases=[
        "CKV_AWS_168", "CKV_AWS_387", "CKV_AWS_283", "F21", "F7", "abb06e5f", "730675f9", "9b6a3f5b",
        "sqs_queues_not_publicly_accessible", "sqsPublicAccess", "FG_R00049"],
    applies="uses no queue of the scanned code",
    holds="the policies of its queues let nobody in whom they don't name",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the policies of queues for everybody."""
    del ctx
    yield from public(
        app,
        kinds=(Queue,),
        types=("AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy", "aws_sqs_queue_policy"),
        noun=lambda _: "the queue",
        ways=_WAYS,
        severity=_severity,
        help_="name the service or role that sends, and add a condition on aws:SourceArn",
    )


def _severity(one: Open) -> Severity:
    return CRITICAL if may_do(one.statement, "sqs:SetQueueAttributes", "sqs:AddPermission") else HIGH
