"""A role that a service may take for whatever it is passed to.

## What it does
Reports roles with which a service calls functions (EventBridge Scheduler, Pipes, Step Functions, AppSync) whose
trust policy names the service and no source, neither `aws:SourceArn` nor `aws:SourceAccount`. Roles of functions are
not meant: Lambda needs no such condition.

## Why is this bad?
A service acts for all of its customers. These take a role only for whom may pass it (`iam:PassRole`), which nobody can do from
another account; so this is for the pedantic persona. A condition on the source keeps the service from taking the role for
another resource of the account, and does not rely on its asking who passed the role (the confused deputy).

## When it is fine
Where the service does not say for whom it acts.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  Nightly:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate(1 day)
      FlexibleTimeWindow: {Mode: "OFF"}
      Target: {Arn: !GetAtt Orders.Arn, RoleArn: !GetAtt NightlyRole.Arn}
  NightlyRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: scheduler.amazonaws.com}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  Nightly:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate(1 day)
      FlexibleTimeWindow: {Mode: "OFF"}
      Target: {Arn: !GetAtt Orders.Arn, RoleArn: !GetAtt NightlyRole.Arn}
  NightlyRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          Effect: Allow
          Action: sts:AssumeRole
          Principal: {Service: scheduler.amazonaws.com}
          Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_scheduler_schedule" "nightly" {
  schedule_expression = "rate(1 day)"
  flexible_time_window { mode = "OFF" }
  target {
    arn      = aws_lambda_function.orders.arn
    role_arn = aws_iam_role.nightly.arn
  }
}
resource "aws_iam_role" "nightly" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "scheduler.amazonaws.com" } }]
  })
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
resource "aws_scheduler_schedule" "nightly" {
  schedule_expression = "rate(1 day)"
  flexible_time_window { mode = "OFF" }
  target {
    arn      = aws_lambda_function.orders.arn
    role_arn = aws_iam_role.nightly.arn
  }
}
resource "aws_iam_role" "nightly" {
  assume_role_policy = jsonencode({ Statement = [{
    Effect    = "Allow"
    Action    = "sts:AssumeRole"
    Principal = { Service = "scheduler.amazonaws.com" }
    Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:scheduler:*:111122223333:schedule-group/default" } }
  }] })
}
```
```yaml bad
service: orders
provider: {name: aws, runtime: python3.13}
functions: {orders: {handler: app.handler}}
resources:
  Resources:
    Nightly:
      Type: AWS::Scheduler::Schedule
      Properties:
        ScheduleExpression: rate(1 day)
        FlexibleTimeWindow: {Mode: "OFF"}
        Target: {Arn: !GetAtt OrdersLambdaFunction.Arn, RoleArn: !GetAtt NightlyRole.Arn}
    NightlyRole:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: scheduler.amazonaws.com}}
```
```yaml good
service: orders
provider: {name: aws, runtime: python3.13}
functions: {orders: {handler: app.handler}}
resources:
  Resources:
    Nightly:
      Type: AWS::Scheduler::Schedule
      Properties:
        ScheduleExpression: rate(1 day)
        FlexibleTimeWindow: {Mode: "OFF"}
        Target: {Arn: !GetAtt OrdersLambdaFunction.Arn, RoleArn: !GetAtt NightlyRole.Arn}
    NightlyRole:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Statement:
            Effect: Allow
            Action: sts:AssumeRole
            Principal: {Service: scheduler.amazonaws.com}
            Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}
```

## Fix safety
Unsafe where the role is used from other accounts: add `aws:SourceAccount` with the own account. It is told as advice.

## References
- [Cross-service confused deputy prevention](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention)
- [Confused deputy in EventBridge Scheduler](https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.conditions import has_key
from stockade.iam.principals import principals, service_named
from stockade.model.app import App, Function, GraphqlSource, Pipe, Resource, Role, Schedule, StateMachine
from stockade.model.intent import Fix
from stockade.model.value import Value, any_of, given
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import is_made
from stockade.rules.identity._roles import names

# Services that take roles to call functions, and say for which resource. To give one of their resources a role takes
# iam:PassRole, as AWS's own policies for their administrators show:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html (as of 2026-11-21)
_SERVICES = ("scheduler.amazonaws.com", "pipes.amazonaws.com", "states.amazonaws.com", "appsync.amazonaws.com")


@rule(
    "SK214",
    "service-trust-without-source",
    severity=LOW,
    persona="pedantic",
    since="0.1",
    controls=["ROLE-10"],
    maps={"cwe": [441]},
    aliases=["iam_role_cross_service_confused_deputy_prevention"],
    applies="is called through no role of a service",
    holds="the roles with which services call the function are limited to a source",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at the roles of what calls functions."""
    del ctx
    for role, functions in _callers(app):
        for statement in role.trust:
            allows = given(statement.exists, statement.effect.is_("Allow"))
            bound = has_key(statement, "aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths")
            named = [p for p in principals(statement) if p.kind == "Service"]
            for principal in named:
                asked = any_of(service_named(principal.value, service) for service in _SERVICES)
                if asked.is_no:
                    continue
                yield from found(
                    allows & asked & ~bound,
                    subject=role,
                    at=principal.value,
                    message=f"`{principal.value.show()}` may take `{role}` for whatever in the account it is passed to, "
                    f"and so call {names(functions)}",
                    help="add the condition StringEquals aws:SourceAccount with your account, or ArnLike aws:SourceArn",
                    fix=Fix.advice("add a condition on aws:SourceAccount"),
                    functions=functions,
                    evidence=principal.value.show(),
                )


def _callers(app: App) -> Iterator[tuple[Role, tuple[Function, ...]]]:
    """The roles, as far as they are written, with which other resources call functions, and those functions."""
    by_role: dict[int, tuple[Role, dict[int, Function]]] = {}

    def note(owner: Resource, value: Value[str]) -> None:
        for _, reference in value.references():
            role = app.get(reference.target)
            if isinstance(role, Role) and not (role.generated or is_made(role)) and owner.functions:
                by_role.setdefault(id(role), (role, {}))[1].update({id(f): f for f in owner.functions})

    for machine in app.of(StateMachine):
        note(machine, machine.role)
    for pipe in app.of(Pipe):
        note(pipe, pipe.role)
    for source in app.of(GraphqlSource):
        note(source, source.role)
    for schedule in app.of(Schedule):
        for target in schedule.targets:
            note(schedule, target.role)
    for role, functions in by_role.values():
        yield role, tuple(functions.values())
