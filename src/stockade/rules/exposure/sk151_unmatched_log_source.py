"""A permission for CloudWatch Logs that never applies.

## What it does
Reports permissions for CloudWatch Logs whose source ARN is that of a log group without `:*` at its end. In Terraform,
the attribute `arn` of a log group is such an ARN.

## Why is this bad?
CloudWatch Logs calls on behalf of the streams of a group, with `:*` at the end of the ARN. A permission without it does
not apply: the subscription is refused, or the function is not called, and whatever it watches for is missed.

## When it is fine
Never: the permission allows nothing.

## Example
```yaml bad
Resources:
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: orders, RetentionInDays: 30}}
  Alarming:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: alarming
      Principal: logs.amazonaws.com
      SourceArn: !Sub arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:orders
```
```yaml good
Resources:
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: orders, RetentionInDays: 30}}
  Alarming:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: alarming
      Principal: logs.amazonaws.com
      SourceArn: !GetAtt Group.Arn
```
```hcl bad
resource "aws_cloudwatch_log_group" "orders" {
  name              = "orders"
  retention_in_days = 30
}

resource "aws_lambda_permission" "alarming" {
  action        = "lambda:InvokeFunction"
  function_name = "alarming"
  principal     = "logs.amazonaws.com"
  source_arn    = aws_cloudwatch_log_group.orders.arn
}
```
```hcl good
resource "aws_cloudwatch_log_group" "orders" {
  name              = "orders"
  retention_in_days = 30
}

resource "aws_lambda_permission" "alarming" {
  action        = "lambda:InvokeFunction"
  function_name = "alarming"
  principal     = "logs.amazonaws.com"
  source_arn    = "${aws_cloudwatch_log_group.orders.arn}:*"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: orders, RetentionInDays: 30}}
    Alarming:
      Type: AWS::Lambda::Permission
      Properties:
        Action: lambda:InvokeFunction
        FunctionName: alarming
        Principal: logs.amazonaws.com
        SourceArn: arn:aws:logs:eu-west-1:111122223333:log-group:orders
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: orders, RetentionInDays: 30}}
    Alarming:
      Type: AWS::Lambda::Permission
      Properties:
        Action: lambda:InvokeFunction
        FunctionName: alarming
        Principal: logs.amazonaws.com
        SourceArn: arn:aws:logs:eu-west-1:111122223333:log-group:orders:*
```

## Fix safety
Safe where the ARN is written out: the permission applies to the log group that it names, and to nothing else. Else advice.

## References
- [Log group subscriptions with Lambda](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, LogGroup, Permission
from stockade.model.intent import Fix, Set
from stockade.model.places import is_terraform
from stockade.model.value import NO, YES, Tri, any_of, given
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules.exposure._shared import called

_LOGS = r"logs\.(?:[^.]+\.)?amazonaws\.com(?:\.cn)?"
_WITHOUT_STREAMS = r"arn:[^:]*:logs:[^:]*:[^:]*:log-group:[^:*]+"


@rule(
    "SK151",
    "unmatched-log-source",
    severity=MEDIUM,
    since="0.2",
    controls=["INVK-1"],
    aliases=["lambda-permission-logs-missing-arn-asterisk"],
    applies="has no permission for CloudWatch Logs with a source ARN",
    holds="the source ARN of each permission takes in the streams of the log group",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every permission for CloudWatch Logs how its source ARN ends."""
    del ctx
    for permission in app.of(Permission):
        concerned = permission.principal.reads(_LOGS) & permission.source_arn.is_set()
        if concerned.is_no:
            continue
        source = permission.source_arn
        yield from found(
            concerned & (source.reads(_WITHOUT_STREAMS) | _is_bare(app, permission)),
            subject=permission,
            at=source,
            message=(
                f"the permission of CloudWatch Logs for `{called(permission)}` never applies: "
                f"`{source.show()}` takes in no stream of the log group"
            ),
            help="put `:*` behind the ARN of the log group",
            fix=_fix(permission),
        )


def _is_bare(app: App, permission: Permission) -> Tri:
    """Whether it is the ARN of a log group as Terraform has it, which ends with the group's name."""
    if not is_terraform(permission):
        return NO
    refers = permission.source_arn.refers()
    return any_of(given(when, YES) for when, ref in refers if isinstance(app.get(ref.target), LogGroup))


def _fix(permission: Permission) -> Fix:
    title = "put `:*` behind the ARN"
    written = permission.source_arn.only()
    if isinstance(written, str):
        return Fix.safe(title, Set(permission, "source_arn", f"{written}:*"))
    return Fix.advice(title)
