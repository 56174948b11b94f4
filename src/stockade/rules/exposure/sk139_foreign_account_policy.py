"""A resource that another account may use.

## What it does
Reports statements of the policies of queues, topics, buses, buckets, secrets, tables, streams, repositories and file
systems that let in an account that is written as a number, without a condition on an organisation. A number that the
statement's own resources have too is your own account. Keys have a rule of their own, and so have functions.

## Why is this bad?
Nothing says whose account it is, and nobody notices when it is sold, closed or taken over. It uses what the policy
allows with roles of its own, which you don't see.

## When it is fine
For a partner or another team on purpose: take the account from a parameter whose name says whose it is, or ignore the
finding with a reason.

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
          Principal: {AWS: arn:aws:iam::444455556666:root}
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
          Principal: {AWS: arn:aws:iam::444455556666:root}
          Condition: {StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}}
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
      Principal = { AWS = "arn:aws:iam::444455556666:root" }
    }]
  })
}
```
```hcl good
data "aws_caller_identity" "current" {}
resource "aws_sqs_queue" "work" { name = "work" }
resource "aws_sqs_queue_policy" "work" {
  queue_url = aws_sqs_queue.work.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.work.arn
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/sender" }
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
            Principal: {AWS: arn:aws:iam::444455556666:root}
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
            Principal: {AWS: arn:aws:iam::444455556666:root}
            Condition: {StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}}
```

## Fix safety
Advice only: whether the account has to be let in is not written anywhere.

## References
- [Cross-account resource access](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.conditions import has_key
from stockade.iam.principals import account_number, account_of, is_foreign, principals
from stockade.model.app import App, Key, Policy, Resource
from stockade.model.intent import Fix
from stockade.model.policy import Principal, Statement
from stockade.model.value import NO, Tri, given
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, Severity, found, rule

_WORST = ("secret", "repository")


@rule(
    "SK139",
    "foreign-account-policy",
    severity=LOW,
    confidence="medium",
    since="0.1",
    controls=["FLEET-2"],
    maps={"cwe": [284]},
    aliases=[
        "CKV_AWS_385", "sqsCrossAccount", "snsCrossAccount", "eventBusCrossAccount", "eventbridge_bus_cross_account_access",
        "dynamodb_table_cross_account_access", "eventbridge_schema_registry_cross_account_access",
    ],
    applies="uses nothing of the scanned code that has a policy of its own",
    holds="no policy of what it uses lets in an account that is written as a number",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the policies of resources for accounts that are written out."""
    del ctx
    for policy in app.of(Policy):
        if policy.form != "resource" or any(isinstance(guarded, Key) for guarded in policy.guards):
            continue
        for subject in policy.guards or (policy,):
            clean = True
            for statement in policy.statements:
                for principal in principals(statement):
                    if principal.kind == "AWS" and not is_foreign(principal.value).is_no:
                        clean = False
                        yield from _one(subject, policy, statement, principal)
            if clean:
                yield from found(NO, subject=subject, message="")


def _one(subject: Resource, policy: Policy, statement: Statement, principal: Principal) -> Iterator[Outcome]:
    allows = given(policy.exists, given(statement.exists, statement.effect.is_("Allow")))
    org = has_key(statement, "aws:PrincipalOrgID", "aws:PrincipalOrgPaths")
    severity: Severity = MEDIUM if subject.kind in _WORST else LOW
    fine = _is_own(statement, account_number(principal.value)) | org | _takes_logs(statement)
    yield from found(
        allows & is_foreign(principal.value) & ~fine,
        subject=subject,
        at=principal.value,
        severity=severity,
        message=f"{account_of(principal.value)} may use `{subject}`; nothing says whose account it is",
        help="take the account from an input whose name says whose it is, or add the condition StringEquals aws:PrincipalOrgID",
        fix=Fix.advice("say whose account it is, or remove the statement"),
        evidence=account_number(principal.value),
        passes="the account is the own one or AWS's, or an organisation is asked for",
    )


def _is_own(statement: Statement, number: str) -> Tri:
    """Whether the resources of a statement are of the account with this number."""
    if not number or statement.resources is None:
        return NO
    return statement.resources.any(lambda value: value.reads(rf".*:{number}:.*"))


def _takes_logs(statement: Statement) -> Tri:
    """Whether it is for the logs that load balancers deliver, in older regions with accounts of AWS.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """
    if statement.resources is None or statement.actions is None:
        return NO
    return statement.actions.all(lambda value: value.is_("s3:PutObject")) & statement.resources.any(
        lambda value: value.reads(r".*/AWSLogs/.*")
    )
