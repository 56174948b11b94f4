"""A permission whose source ARN belongs to another service than its principal.

## What it does
Reports permissions for a service principal whose source ARN is of a type that this service never calls for. No service
calls for queues, streams and tables of others: Lambda reads them by itself, with the function's role.

## Why is this bad?
The condition is never true, so the permission allows nothing. The real caller is refused, or it gets in by another,
wider permission that somebody added when "it did not work". Where nobody is refused, since Lambda reads from the source
by itself or another permission lets the real caller in, this one is only dead: that is told as low.

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
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  notify: {handler: app.handler}
resources:
  Resources:
    Topic: {Type: AWS::SNS::Topic}
    FromTopic:
      Type: AWS::Lambda::Permission
      Properties:
        FunctionName: !Ref NotifyLambdaFunction
        Action: lambda:InvokeFunction
        Principal: events.amazonaws.com
        SourceArn: !Ref Topic
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  notify: {handler: app.handler}
resources:
  Resources:
    Topic: {Type: AWS::SNS::Topic}
    FromTopic:
      Type: AWS::Lambda::Permission
      Properties:
        FunctionName: !Ref NotifyLambdaFunction
        Action: lambda:InvokeFunction
        Principal: sns.amazonaws.com
        SourceArn: !Ref Topic
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
from stockade.model.value import NO, PART, Tri
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
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
_POLLED = "(?:dynamodb|kinesis|sqs)"


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
        if concerned.is_no:
            continue
        if permission.generated_by:  # the source and the principal are of one making
            yield from found(NO, subject=permission, message="")
            continue
        polled = _is_polled(permission)
        yield from found(
            concerned & _differs(permission),
            subject=permission,
            at=permission.source_arn,
            severity=LOW if polled or _lets_in(app, permission) else MEDIUM,
            message=(
                f"the permission `{permission}` for `{called(permission)}` can never apply: "
                f"`{permission.principal.show()}` does not call for `{permission.source_arn.show()}`"
                + (", which Lambda reads without one" if polled else "")
            ),
            help="make the principal the service that owns the source; what Lambda reads by itself needs no permission",
            fix=Fix.advice("correct the principal or the source ARN, or remove the permission"),
        )


def _is_polled(permission: Permission) -> bool:
    """Whether its source is one that nobody calls for, so that no caller misses the permission."""
    if type(permission.source) in _READ_BY_LAMBDA and permission.source_arn.reads(f"{PART}.*").is_yes:
        return True
    return permission.source_arn.reads(rf"arn:[^:]*:{_POLLED}:.*").is_yes


def _lets_in(app: App, permission: Permission) -> bool:
    """Whether another permission for the function is for the same source and the service that owns it."""
    return any(
        other is not permission
        and _same_function(other, permission)
        and not other.exists
        and other.action.one_of("lambda:InvokeFunction", "lambda:*", "*").is_yes
        and (
            other.source_arn.show() == permission.source_arn.show()
            if permission.source is None
            else other.source is permission.source
        )
        and (is_service(other) & ~_differs(other)).is_yes
        for other in app.of(Permission)
    )


def _same_function(one: Permission, other: Permission) -> bool:
    if one.function is not None or other.function is not None:
        return one.function is other.function
    return one.function_name.is_(other.function_name.show()).is_yes


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
            return permission.source_arn.reads(rf"arn:[^:]*:(?!{re.escape(own)}:){_POLLED}:.*")
        if kind in _SERVICE_OF and permission.source_arn.reads(f"{PART}.*").is_yes:
            return _SERVICE_OF[kind] != owner
        return permission.source_arn.reads(rf"arn:[^:]*:(?!{owner}:)[a-z0-9-]+:.*")

    return permission.principal.where_anywhere(of)
