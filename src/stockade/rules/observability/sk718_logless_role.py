"""A role that lets its function write no logs.

## What it does
Reports functions whose role is wholly known and allows neither to make log streams nor to write to them, or does so for
something else only than the function's log group: for the group of another function, for a bucket, or for the group without
the `:*` behind it that stands for its streams. In Terraform, the `arn` of an `aws_cloudwatch_log_group` has no `:*`; in
CloudFormation, `Arn` of an `AWS::Logs::LogGroup` has it. The group is the one that the function names in its
`LoggingConfig`, else `/aws/lambda/` and the function's name. Where a module makes the role, the place is what its caller
states that keeps the policy for logs away, or the call.

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
declared as well, which is unsafe where Lambda has made it already. Advice only where an input of a module decides.

## References
- [What permissions for logs name](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html)
- [Lambda execution role](https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.allows import roles_of
from stockade.model.app import App, Function, Resource
from stockade.model.intent import Add, Fix
from stockade.model.value import File, Origin, Tri, Via, given
from stockade.patterns import regex
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule, spared
from stockade.rules._words import by_format
from stockade.rules.observability._functions import has_log_group, may_log, not_ours
from stockade.rules.observability._groups import declare_group
from stockade.rules.observability._log_access import Beyond, beyond_reach

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
    holds="its role lets it write logs",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the role of every function whether it allows logs."""
    del ctx
    for function in app.functions:
        if other := not_ours(function):
            yield from spared(function, other)
            continue
        allowed = may_log(app, function)
        if not allowed.is_yes:
            at, help_, decides = _remedy(function)
            yield from found(
                ~allowed,
                subject=function,
                at=at,
                message=f"`{function}` writes no logs: its role does not allow it",
                help=help_,
                fix=Fix.advice(decides) if decides else _fix(function),
            )
        if allowed.truth in {"yes", "mixed"}:
            yield from _elsewhere(function, allowed, beyond_reach(app, function))


def _elsewhere(function: Function, allowed: Tri, beyond: Beyond) -> Iterator[Outcome]:
    """What the role allows is not the log group of the function."""
    setting = by_format(function, "`LoggingConfig`", "`logging_config`", "`logs`")
    why = f"it for {beyond.allowed} only, and its log group is `{beyond.group}`"
    help_ = f"allow the role to write to that group, or name one in {setting} that the role allows"
    if beyond.streamless:
        why = f"it on {beyond.allowed}, which is the log group and none of its streams"
        help_ = "name the group with `:*` behind it, which stands for its streams"
    yield from found(
        given(function.exists, allowed & beyond.answer),
        subject=function,
        at=function.log_group_name if function.log_group_name.is_set().is_yes else beyond.at,
        evidence="group",
        message=f"`{function}` writes no logs: its role allows {why}",
        help=help_,
        fix=Fix.advice("let the role and the log group fit"),
    )


_NEEDED = f"`{_POLICY.rpartition('/')[2]}`"
_ACTIONS = "logs:CreateLogStream and logs:PutLogEvents"
# What stands in a policy for logs: an action, or the name of one of AWS's policies that allow them.
_FOR_LOGS = regex(
    r"logs:(?:\*|Put.*|Create.*)|.*:policy/(?:service-role/AWSLambda\w*ExecutionRole|CloudWatch(?:Logs|Lambda)\w*)"
    r"|.*\bAWSLambda(?:Basic|VPCAccess)ExecutionRole"
)


def _remedy(function: Function) -> tuple[Resource | Origin, str, str]:
    """The place to show, what to do there, and, where an input decides, what it should be.

    Where a module makes the role, it is its caller who can change something: by an input that keeps the policy away, as far as
    one is known.
    """
    roles = [role for _, role in roles_of(function) if not role.generated]
    off = [each for role in roles for each in role.withheld if any(_FOR_LOGS.fullmatch(text) for text in each.texts)]
    if off:
        first = next((each for each in off if each.stated), off[0])
        wanted = f"set `{first.input}` to {'true' if first.wanted else 'false'}"
        return first.origin, f"{wanted}: the role then gets its policy for logs", wanted
    call = _call(roles[0]) if len(roles) == 1 else None
    if call is not None and call.span is not None:
        name = call.what.removeprefix("call of ")
        return File(call.span, call.span), f"let `{name}` give its role {_NEEDED}, or allow {_ACTIONS}", ""
    at = roles[0] if len(roles) == 1 and _call(function) is not None else function
    return at, f"attach {_NEEDED} to the role, or allow {_ACTIONS}", ""


def _call(made: Resource) -> Via | None:
    """The call of the module that makes something, if one does."""
    at = made.origin
    return next((via for via in at.via if via.is_call), None) if isinstance(at, File) else None


def _fix(function: Function) -> Fix:
    written = [role for _, role in roles_of(function) if not role.generated]
    if len(written) != 1:
        return Fix.advice("allow the role to write logs")
    allow = Add(written[0], "managed", _POLICY)
    if not has_log_group(function).is_no or function.log_group_name.is_set().is_yes:
        return Fix.safe("allow the role to write logs", allow)
    group = declare_group(function)
    return Fix.unsafe("allow the role to write logs, and declare the log group", allow, *group.intents, why=group.why)
