"""A policy of a resource that allows every action.

## What it does
Reports statements of the policies of queues, topics, buckets, secrets, repositories, tables, streams and buses that
allow a service, a role or an account every action (`*`, `sqs:*`), or all actions but some (`NotAction`). The own
account's root is fine, for it only hands the decision to the account's own policies; statements for everybody are
told by the rules about these.

## Why is this bad?
Who only sends gets the right to read, to purge, to delete the resource, and to change the very policy that should
limit it. A `NotAction` grows with every action that AWS adds.

## When it is fine
For a role that administers the resource.

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
          Action: sqs:*
          Resource: !GetAtt Queue.Arn
          Principal: {Service: sns.amazonaws.com}
          Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}
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
          Principal: {Service: sns.amazonaws.com}
          Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}
```
```hcl bad
resource "aws_sns_topic" "news" { name = "news" }
resource "aws_sns_topic_policy" "news" {
  arn = aws_sns_topic.news.arn
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      NotAction = "sns:DeleteTopic"
      Resource  = aws_sns_topic.news.arn
      Principal = { AWS = "arn:aws:iam::111122223333:role/orders" }
    }]
  })
}
```
```hcl good
resource "aws_sns_topic" "news" { name = "news" }
resource "aws_sns_topic_policy" "news" {
  arn = aws_sns_topic.news.arn
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.news.arn
      Principal = { AWS = "arn:aws:iam::111122223333:role/orders" }
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
            Action: sqs:*
            Resource: !GetAtt Queue.Arn
            Principal: {Service: sns.amazonaws.com}
            Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}
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
            Principal: {Service: sns.amazonaws.com}
            Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}
```

## Fix safety
Advice only: which actions are needed is not written anywhere.

## References
- [Action](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
- [NotAction](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.principals import principals
from stockade.model.app import App, Bucket, Key, Policy, Resource
from stockade.model.intent import Fix
from stockade.model.policy import Statement
from stockade.model.value import NO, YES, Origin, Tri, any_of, given
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import join

_EVERY_ACTION = r"\*|[a-z0-9-]+:\*"
# A role or user by name, a service, or another account: the root of an account hands on to the account's policies.
_ROOT = r"\d{12}|\*|arn:[^:]*:iam::[^:]*:root"


@rule(
    "SK141",
    "wide-resource-policy",
    severity=LOW,
    since="0.1",
    controls=["ROLE-2", "FLEET-2"],
    maps={"cwe": [250, 732]},
    aliases=[
        "CKV_AWS_72", "AWS-0097", "816ea8cf", "5ea624e4", "818f38ed", "F15", "F20", "W18", "W19", "W20",
    ],
    applies="uses nothing of the scanned code that has a policy of its own",
    holds="the policies of what it uses name the actions that they allow",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the policies of resources for statements that name no actions."""
    del ctx
    for policy in app.of(Policy):
        if policy.form != "resource" or any(isinstance(guarded, Key) for guarded in policy.guards):
            continue
        for subject in policy.guards or (policy,):
            if not len(policy.statements):
                yield from found(NO, subject=subject, message="")
            for statement in policy.statements:
                who = [p.value for p in principals(statement)]
                answer, what, at = _wide(statement)
                shown = join(f"`{value.show()}`" for value in who[:2])
                yield from found(
                    given(statement.exists, statement.effect.is_("Allow"))
                    & answer
                    & any_of(~value.reads(_ROOT) for value in who),
                    subject=subject,
                    at=at,
                    message=f"{shown} may do {what} with {_on(statement, subject)}",
                    help="name the actions that are needed",
                    fix=Fix.advice("name the actions that are needed"),
                    evidence=f"{what} {shown}",
                    passes="it names actions, or is for the account itself",
                )


def _on(statement: Statement, subject: Resource) -> str:
    """What a statement is about, in words: a resource, or of a bucket only what lies in it."""
    named = statement.resources.items if statement.resources is not None else ()
    inside = isinstance(subject, Bucket) and named and all(value.reads(r"[^/]+/.+").is_yes for value in named)
    return f"the objects of `{subject}`" if inside else f"`{subject}`"


def _wide(statement: Statement) -> tuple[Tri, str, Origin]:
    """Whether a statement is for every action, or all but some; in words, and where."""
    if statement.not_actions is not None:
        left_out = statement.not_actions.items
        return YES, "everything but what it names", left_out[0].origin if left_out else statement.origin
    for value in statement.actions.items if statement.actions is not None else ():
        if not value.matches(_EVERY_ACTION).is_no:
            return value.matches(_EVERY_ACTION), "everything", value.origin
    return NO, "", statement.origin
