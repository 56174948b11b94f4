"""A function whose log group nobody declares.

## What it does
Reports functions for which no log group is declared and none is named. What a whole template leaves out is told once.
It does not apply where the role is wholly known and lets the function write no logs: for that it needs both
`logs:CreateLogStream` and `logs:PutLogEvents`.

## Why is this bad?
Lambda makes the group itself at the first invocation: without a retention, so that every line is kept and paid for, for
ever; without a key of yours; and it stays behind when the function is deleted. The role must be allowed to create
groups for it. Where it is not (`logs:CreateLogGroup`), Lambda makes none, and every line is lost unless somebody has
made the group elsewhere; the message says so then.

## When it is fine
Where something outside of this code sets the retention of all groups of the account.

Most functions leave their group to Lambda, so that most applications have this finding. It is told to everybody all the
same, once for a file and of low severity: what is logged is kept for ever by nobody's decision, secrets and addresses with it.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, LoggingConfig: {LogGroup: !Ref Logs}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 90}}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/aws/lambda/${Orders}", RetentionInDays: 90}}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
      Policies:
        - PolicyName: logs
          PolicyDocument:
            Statement: {Effect: Allow, Action: [logs:CreateLogStream, logs:PutLogEvents], Resource: "*"}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_cloudwatch_log_group" "orders" {
  name              = "/aws/lambda/${aws_lambda_function.orders.function_name}"
  retention_in_days = 90
}
```
```yaml bad
service: shop
provider:
  name: aws
  runtime: python3.13
  iam: {role: "arn:aws:iam::111122223333:role/orders"}
functions:
  orders: {handler: app.handler, disableLogs: true}
```
```yaml good
service: shop
provider:
  name: aws
  runtime: python3.13
  iam: {role: "arn:aws:iam::111122223333:role/orders"}
  logRetentionInDays: 90
functions:
  orders: {handler: app.handler}
```

## Fix safety
Unsafe. In Terraform, the group gets the name that Lambda takes by itself: where the function has run before, it is there
already, and has to be imported. Elsewhere the function writes to another group from then on, with a name within those that
the role is limited to, if it is; what reads the old group (subscriptions, dashboards) has to move too.

## References
- [Configuring CloudWatch log groups](https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html)
- [Required IAM permissions](https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html#monitoring-cloudwatchlogs-prereqs)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Function, LogGroup
from stockade.model.value import Tri
from stockade.rules._base import LOW, Context, Outcome, found, rule, spared
from stockade.rules._elsewhere import may_be_elsewhere
from stockade.rules._words import by_format
from stockade.rules.observability._functions import has_log_group, may_log, may_make_group, not_ours, not_ruled_out
from stockade.rules.observability._groups import declare_group
from stockade.rules.observability._log_access import group_limits, shown


@rule(
    "SK705",
    "undeclared-log-group",
    severity=LOW,
    since="0.1",
    controls=["OBSV-4"],
    aliases=["S6294", "lambdaLogGroups", "D.1", "CTL.LAMBDA.LOG.MISSING.001"],
    applies="its settings are not the team's to make",
    holds="its log group is declared, or named and kept elsewhere",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for the log group of every function."""
    del ctx
    for function in app.functions:
        if other := not_ours(function):
            yield from spared(function, other)
            continue
        undeclared = (
            ~has_log_group(function) & ~function.log_group_name.is_set() & ~may_be_elsewhere(app, function, LogGroup)
        )
        writes = not_ruled_out(may_log(app, function))
        if writes.is_no and not undeclared.is_no:
            yield from spared(function, "its role lets it write no logs, so that there are none to keep")
            continue
        makes = may_make_group(app, function)
        if not makes.is_no:
            yield from _undeclared(
                app,
                function,
                undeclared & writes & makes,
                f"the logs of `{function}` are kept for ever: nothing declares its log group",
                "the logs of {} are kept for ever: nothing declares their log groups",
            )
        if not makes.is_yes:
            yield from _undeclared(
                app,
                function,
                undeclared & writes & ~makes,
                f"the logs of `{function}` are lost unless its log group is made elsewhere: nothing declares it, "
                "and its role may not make it",
                "the logs of {} are lost unless their log groups are made elsewhere: nothing declares them, "
                "and their roles may not make them",
                evidence="lost",
            )


def _undeclared(
    app: App, function: Function, answer: Tri, message: str, together: str, *, evidence: str = ""
) -> Iterator[Outcome]:
    name = function.name.only()
    limits = group_limits(app, function) if not answer.is_no else None
    within = f" (with a name within {shown(limits)}, which the role is limited to)" if limits is not None else ""
    yield from found(
        answer,
        subject=function,
        at=function,
        message=message,
        together=together,
        evidence=evidence,
        help=by_format(
            function,
            f"declare a log group with a retention{within}, and name it in the function's `LoggingConfig`",
            f"declare the log group `/aws/lambda/{name}`, with a retention"
            if isinstance(name, str)
            else "declare a log group with a retention, named `/aws/lambda/` and the function's name",
            "leave `disableLogs` out, so that the log group is made, and set `logRetentionInDays`",
        ),
        fix=declare_group(function, limits),
    )
