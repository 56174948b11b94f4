"""Logs that everybody may write to or read.

## What it does
Reports resource policies of CloudWatch Logs, and of destinations of subscriptions, that allow everybody something and
have no condition that limits the caller.

## Why is this bad?
Whoever may write to a log group can bury what happened under lines of their own, forge lines, and have you pay for
them. Whoever may subscribe reads everything that functions log.

## When it is fine
Never, without a condition on the account, the organisation or the source.

## Example
```yaml bad
Resources:
  Policy:
    Type: AWS::Logs::ResourcePolicy
    Properties:
      PolicyName: logs
      PolicyDocument: >-
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
        "Action": "logs:PutLogEvents", "Resource": "*"}]}
```
```yaml good
Resources:
  Policy:
    Type: AWS::Logs::ResourcePolicy
    Properties:
      PolicyName: logs
      PolicyDocument: >-
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "es.amazonaws.com"},
        "Action": "logs:PutLogEvents", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}]}
```
```hcl bad
resource "aws_cloudwatch_log_resource_policy" "logs" {
  policy_name = "logs"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "logs:PutLogEvents"
      Resource  = "*"
    }]
  })
}
```
```hcl good
resource "aws_cloudwatch_log_resource_policy" "logs" {
  policy_name = "logs"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "es.amazonaws.com" }
      Action    = "logs:PutLogEvents"
      Resource  = "*"
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
    Policy:
      Type: AWS::Logs::ResourcePolicy
      Properties:
        PolicyName: logs
        PolicyDocument: >-
          {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"},
          "Action": "logs:PutLogEvents", "Resource": "*"}]}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Policy:
      Type: AWS::Logs::ResourcePolicy
      Properties:
        PolicyName: logs
        PolicyDocument: >-
          {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "es.amazonaws.com"},
          "Action": "logs:PutLogEvents", "Resource": "*"}]}
```

## Fix safety
Advice only: who needs access is yours to say.

## References
- [Overview of managing access to CloudWatch Logs](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.conditions import limited
from stockade.model.app import App, Policy
from stockade.model.intent import Fix
from stockade.model.policy import Statement
from stockade.model.value import NO, Tri, given
from stockade.rules._base import HIGH, Context, Outcome, found, rule

_TYPES = frozenset(
    {
        "AWS::Logs::ResourcePolicy",
        "AWS::Logs::Destination",
        "aws_cloudwatch_log_resource_policy",
        "aws_cloudwatch_log_destination_policy",
    }
)


@rule(
    "SK719",
    "public-log-policy",
    severity=HIGH,
    since="0.2",
    controls=["OBSV-4"],
    maps={"cwe": [284, 732]},
    aliases=["db0ec4c4", "cloudwatch_log_group_not_publicly_accessible"],
    applies="is never asked: the policies are for all log groups of the account",
    holds="nobody but named callers may use the logs",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every policy of CloudWatch Logs whom it lets in."""
    del ctx
    for policy in app.of(Policy):
        if policy.type not in _TYPES:
            continue
        for statement in policy.statements:
            yield from found(
                given(statement.exists, statement.effect.is_("Allow"))
                & _everybody(statement)
                & ~limited(statement, "caller"),
                subject=policy,
                at=statement.origin,
                message=f"`{policy}` lets every AWS account use the logs that it is for",
                help="name the service or account that needs it, and demand the source's account (aws:SourceAccount)",
                fix=Fix.advice("name who needs it"),
            )
        if not policy.statements.complete:
            gaps = Tri("maybe", (policy.origin,), policy.statements.gaps)
            message = f"`{policy}` lets every AWS account use the logs that it is for"
            yield from found(gaps, subject=policy, at=policy, message=message, evidence="unseen")


def _everybody(statement: Statement) -> Tri:
    return statement.principals.any(lambda p: p.value.is_("*")) if statement.principals is not None else NO
