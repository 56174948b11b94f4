"""A role that lets its function write no logs.

## What it does
Reports functions whose role is wholly known and allows neither to make log streams nor to write to them, or does so for
other log groups only than the one that the function names in its `LoggingConfig`.

## Why is this bad?
Whatever the function does, and whatever somebody makes it do, leaves no line. Errors are counted, and nobody can tell
what they were.

## When it is fine
Where an extension sends the logs elsewhere, and they shall not be in CloudWatch.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
}

resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
}

resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.orders.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    role: Role
resources:
  Resources:
    Role:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Version: "2012-10-17"
          Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    role: Role
resources:
  Resources:
    Role:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Version: "2012-10-17"
          Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
        ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
```

## Fix safety
Safe where the log group is declared: the role may do more, and what it may do is write logs. Else the group is
declared as well, which is unsafe where Lambda has made it already.

## References
- [Lambda execution role](https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.allows import roles_of
from stockade.model.app import App, Function
from stockade.model.intent import Add, Fix
from stockade.model.value import given, yes
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule, spared
from stockade.rules._words import by_format
from stockade.rules.observability._functions import has_log_group, may_log, not_ours
from stockade.rules.observability._groups import declare_group
from stockade.rules.observability._log_access import forbidden_group, group_limits, shown

_POLICY = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


@rule(
    "SK718",
    "logless-role",
    severity=MEDIUM,
    since="0.1",
    controls=["ROLE-8", "OBSV-4"],
    maps={"cwe": [778]},
    aliases=["W58", "CTL.LAMBDA.LOG.001"],
    applies="its settings are not the team's to make",
    holds="nothing rules out that it writes logs",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the role of every function whether it allows logs."""
    del ctx
    for function in app.functions:
        if other := not_ours(function):
            yield from spared(function, other)
            continue
        yield from found(
            ~may_log(app, function),
            subject=function,
            at=function,
            message=f"`{function}` writes no logs: its role does not allow it",
            help=f"attach `{_POLICY.rpartition('/')[2]}` to the role, or allow logs:CreateLogStream and logs:PutLogEvents",
            fix=_fix(function),
        )
        if group := forbidden_group(app, function):
            limits = shown(group_limits(app, function) or ())
            setting = by_format(function, "`LoggingConfig`", "`logging_config`", "`logs`")
            yield from found(
                given(function.exists, yes(function.log_group_name.origin)),
                subject=function,
                at=function.log_group_name,
                evidence="group",
                message=f"`{function}` writes no logs: its role allows it for {limits} only, and its log group is `{group}`",
                help=f"allow the role to write to that group, or name one in {setting} that the role allows",
                fix=Fix.advice("let the role and the log group fit"),
            )


def _fix(function: Function) -> Fix:
    written = [role for _, role in roles_of(function) if not role.generated]
    if len(written) != 1:
        return Fix.advice("allow the role to write logs")
    allow = Add(written[0], "managed", _POLICY)
    if not has_log_group(function).is_no or function.log_group_name.is_set().is_yes:
        return Fix.safe("allow the role to write logs", allow)
    group = declare_group(function)
    return Fix.unsafe("allow the role to write logs, and declare the log group", allow, *group.intents, why=group.why)
