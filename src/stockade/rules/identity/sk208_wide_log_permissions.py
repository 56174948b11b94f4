"""Log permissions beyond the function's own group.

## What it does
Reports log actions whose resources are every log group, or those of all functions. Writing alone is low; reading,
deleting and forwarding the logs of others is medium. `AWSLambdaBasicExecutionRole`, which is the same as the three
writing actions on `*`, is told to the pedantic persona only.

## Why is this bad?
Logs hold what other functions were given, tokens and addresses among it. Who may write to any group can forge its
entries, who may delete them can wipe his traces.

## When it is fine
Writing to all groups is what AWS's own policy allows; it is the least of a role's faults. SAM gives that policy to every
role that it makes (in a template that it has processed these are told by their tag), so that statements about the logs of such a
function add nothing, and can be left out.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: [logs:CreateLogStream, logs:PutLogEvents], Resource: "*"}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
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
        - PolicyName: orders
          PolicyDocument:
            Statement: {Effect: Allow, Action: [logs:CreateLogStream, logs:PutLogEvents], Resource: "*"}
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
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" }]
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
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.orders.arn}:*"
    }]
  })
}
resource "aws_cloudwatch_log_group" "orders" { name = "/aws/lambda/orders" }
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, Action: [logs:CreateLogStream, logs:PutLogEvents], Resource: "*"}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  orders: {handler: app.handler}
```

## Fix safety
Advice only. Functions whose log group is declared need no `logs:CreateLogGroup`.

## References
- [Sending function logs to CloudWatch Logs](https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.managed import attached
from stockade.model.app import App, Function, Role
from stockade.model.intent import Fix
from stockade.model.value import NO, given, yes
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format, is_made, is_of_sam
from stockade.rules.identity._roles import APPLIES, Fault, consequences, few, others, survey, who

_FINE = "its own statements let it write to no log groups but those that they name"
_LEAVE_OUT = "leave them out: the framework allows its functions to write to their own groups"
_GIVEN = "leave them out: SAM gives the role that it makes `AWSLambdaBasicExecutionRole`, beside which they add nothing"
_TWO = "`logs:CreateLogStream` and `logs:PutLogEvents`"
_WRITES = {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}


@rule(
    "SK208",
    "wide-log-permissions",
    severity=LOW,
    since="0.1",
    controls=["ROLE-4"],
    maps={"cwe": [250]},
    applies=APPLIES,
    holds=_FINE,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement about logs, and AWS's policies for writing them."""
    del ctx
    known = survey(app)
    guilty: set[int] = set()
    own: dict[int, tuple[Role, str]] = {}
    for fault in known.faults.get("logs", ()):
        guilty |= {id(role) for role in fault.roles}
        yield from fault.told(_tell(fault))
    yield from consequences(app, "logs", guilty)
    for role, one in known.attached:
        if not one.writes_logs or id(role) in guilty:
            continue
        if _is_given(role, one.name):
            own.setdefault(id(role), (role, one.name))
            continue
        guilty.add(id(role))
        yield from found(
            given(one.when, yes(one.leaf.origin)),
            subject=role,
            at=one.leaf,
            message=f"{who(role.functions, (role,))} may write to every log group of the account through `{one.name}`",
            help=_declare(role.functions, _TWO)
            if _is_unnamed(role.functions)
            else f"declare the log group, and allow {_TWO} on it alone",
            fix=Fix.advice("declare the log group, and allow writing to it alone"),
            persona="pedantic",
            evidence=one.name,
        )
    for role, name in own.values():
        if id(role) not in guilty and not any(unseen.role is role for unseen in known.unseen):
            guilty.add(id(role))
            maker = "the framework" if is_made(role) else "SAM"
            fine = f"{maker} makes its role, and gives it `{name}`; nothing beside that writes logs"
            yield from found(NO, subject=role, message="", passes=fine)
    yield from others(app, guilty, _FINE, ("logs",))


def _is_given(role: Role, policy: str) -> bool:
    """Whether who makes the role gives it one of AWS's policies by itself: SAM always, the other framework for a VPC."""
    return policy == "AWSLambdaVPCAccessExecutionRole" if is_made(role) else is_of_sam(role)


def _is_given_logs(role: Role) -> bool:
    """Whether SAM makes the role, and so lets it write to every log group, whatever its statements say."""
    return is_of_sam(role) and any(
        one.writes_logs and not one.when for value in role.managed for one in attached(value)
    )


def _tell(fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    beyond = [name for name in charge.named if name not in _WRITES]
    named = beyond or list(charge.named)
    spare = not beyond and all(_is_given_logs(role) for role in fault.roles)
    where = "the log groups of all functions" if charge.breadth == "part" else "every log group"
    functions = tuple({id(f): f for role in fault.roles for f in role.functions}.values())
    named_as = _declare(functions, few(named) if beyond else _TWO) if _is_unnamed(functions) else _name_it(functions)
    yield from found(
        charge.answer,
        subject=fault.policy,
        at=charge.resource_at or charge.at,
        severity=MEDIUM if beyond and charge.breadth != "part" and not charge.weak else LOW,
        message=f"{fault.who} may call {few(named)} on {where}",
        help=_GIVEN if spare else by_format(fault.policy, named_as, named_as, "" if beyond else _LEAVE_OUT),
        fix=Fix.advice("leave them out" if spare else "name the function's own log group"),
        related=fault.action_label,
        persona="pedantic" if charge.is_slight or named == ["logs:CreateLogGroup"] else None,
        evidence=f"{','.join(charge.patterns)} on {charge.resource}",
    )


def _is_unnamed(functions: tuple[Function, ...]) -> bool:
    """Whether CloudFormation names one of the functions, and so its log group: a policy of its role can't refer to either.

    The role would wait for the function, and the function waits for the role.
    """
    return any(f.name.is_set().is_no and f.log_group_name.is_set().is_no for f in functions)


def _declare(functions: tuple[Function, ...], actions: str) -> str:
    """What to do where the log group has no name that could be written."""
    setting = by_format(functions[0], "`LoggingConfig`", "`logging_config`", "`logs: {logGroup: …}`")
    if len(functions) > 1:
        return (
            f"declare a log group for each function, name it in {setting} of the function, and allow {actions} on these alone; "
            "or give the functions names first"
        )
    return (
        f"declare a log group, name it in {setting} of the function, and allow {actions} on it alone; "
        "or give the function a name first"
    )


def _name_it(functions: tuple[Function, ...]) -> str:
    """The group that the function writes to, as a policy names it: with `:*`, which stands for its streams."""
    own = functions[0] if len(functions) == 1 else None
    if own is not None and own.log_group_name.is_set().is_yes and len(own.log_groups) == 1:
        return f"name the function's own log group `{own.log_groups.items[0]}`, and with `:*` the streams in it"
    stated = own.log_group_name.only() if own is not None else None
    name = own.name.only() if own is not None else None
    by_default = f"/aws/lambda/{name if isinstance(name, str) else 'NAME'}"
    group = stated if isinstance(stated, str) else by_default
    whose = "each function's" if len(functions) > 1 else "the function's"
    return f"name {whose} own group, and with `:*` the streams in it: `log-group:{group}:*`"
