"""A permission whose source ARN belongs to another service than its principal.

## What it does
Reports permissions for a service principal whose source ARN is of a type that this service never calls for. No service
calls for queues, streams and tables of others: Lambda reads them by itself, with the function's role.

## Why is this bad?
The condition is never true, so the permission allows nothing. The real caller is refused, or it gets in by another,
wider permission that somebody added when "it did not work".

## When it is fine
Never; at best nobody needs the permission, and it can go.

## Example
```yaml bad
Resources:
  Topic:
    Type: AWS::SNS::Topic
  FromTopic:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:InvokeFunction
      Principal: events.amazonaws.com
      SourceArn: !Ref Topic
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Topic:
    Type: AWS::SNS::Topic
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  FromTopic:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Orders
      Action: lambda:InvokeFunction
      Principal: sns.amazonaws.com
      SourceArn: !Ref Topic
```
```hcl bad
resource "aws_sns_topic" "orders" { name = "orders" }

resource "aws_lambda_permission" "from_topic" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_sns_topic.orders.arn
}
```
```hcl good
resource "aws_sns_topic" "orders" { name = "orders" }

resource "aws_lambda_permission" "from_topic" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.orders.arn
}
```

## Fix safety
Advice only: either the principal or the source ARN is wrong.

## References
- [Use Lambda with other services](https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.knowledge import lambda_
from stockade.model.app import (
    Api,
    App,
    Bucket,
    EventBus,
    EventRule,
    IotRule,
    LogGroup,
    Permission,
    Queue,
    Secret,
    Stream,
    Table,
    TargetGroup,
    Topic,
    UserPool,
)
from stockade.model.intent import Fix
from stockade.model.value import PART, Tri
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules.exposure._shared import called, is_service

_SERVICE_OF = {
    Api: "execute-api",
    Bucket: "s3",
    EventBus: "events",
    EventRule: "events",
    IotRule: "iot",
    LogGroup: "logs",
    Queue: "sqs",
    Secret: "secretsmanager",
    Stream: "kinesis",
    Table: "dynamodb",
    TargetGroup: "elasticloadbalancing",
    Topic: "sns",
    UserPool: "cognito-idp",
}
_READ_BY_LAMBDA = frozenset({Queue, Stream, Table})


@rule(
    "SK129",
    "source-owner-mismatch",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-1"],
    aliases=["W3664"],
    applies="has no permission for a service with a source ARN",
    holds="the service of each permission is the one that its source ARN belongs to",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every permission whether its principal and its source belong together."""
    del ctx
    for permission in app.of(Permission):
        concerned = is_service(permission) & permission.source_arn.is_set()
        if concerned.is_no or permission.generated_by:
            continue
        yield from found(
            concerned & _differs(permission),
            subject=permission,
            at=permission.source_arn,
            message=(
                f"the permission `{permission}` for `{called(permission)}` can never apply: "
                f"`{permission.principal.show()}` does not call for `{permission.source_arn.show()}`"
            ),
            help="make the principal the service that owns the source; what Lambda reads by itself needs no permission",
            fix=Fix.advice("correct the principal or the source ARN, or remove the permission"),
        )


def _differs(permission: Permission) -> Tri:
    def of(principal: object) -> bool | Tri:
        row = lambda_.invoker(str(principal))
        owner = row.source_arn.split(":")[2] if row is not None and row.source_arn else ""
        kind = type(permission.source)
        if not owner:
            # Lambda reads these itself, with the function's role: nobody calls for them.
            own = str(principal).partition(".")[0]
            if kind in _READ_BY_LAMBDA and permission.source_arn.reads(f"{PART}.*").is_yes:
                return _SERVICE_OF[kind] != own
            return permission.source_arn.reads(rf"arn:[^:]*:(?!{re.escape(own)}:)(?:dynamodb|kinesis|sqs):.*")
        if kind in _SERVICE_OF and permission.source_arn.reads(f"{PART}.*").is_yes:
            return _SERVICE_OF[kind] != owner
        return permission.source_arn.reads(rf"arn:[^:]*:(?!{owner}:)[a-z0-9-]+:.*")

    return permission.principal.where(of)
