"""A state machine that leaves no trace of what it did.

## What it does
Reports state machines without logs. For express workflows, of which Step Functions itself keeps nothing, everybody
hears of it; for standard ones, whose history stays for 90 days, only the pedantic persona does.

## Why is this bad?
Without logs nobody can tell which executions of an express workflow failed, where, and with what input: not for a
bug, and not for an incident.

## When it is fine
For standard workflows whose history is enough.

## Example
```yaml bad
Resources:
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/flow
      StateMachineType: EXPRESS
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
```
```yaml good
Resources:
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/flow
      StateMachineType: EXPRESS
      LoggingConfiguration:
        Level: ERROR
        Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:flow:*"}}]
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties: {Type: EXPRESS, Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Logging:
        Level: ERROR
        Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:flow:*"}}]
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
```
```hcl bad
resource "aws_sfn_state_machine" "flow" {
  name       = "flow"
  role_arn   = "arn:aws:iam::111122223333:role/flow"
  type       = "EXPRESS"
  definition = jsonencode({ StartAt = "Done", States = { Done = { Type = "Succeed" } } })
}
```
```hcl good
resource "aws_sfn_state_machine" "flow" {
  name       = "flow"
  role_arn   = "arn:aws:iam::111122223333:role/flow"
  type       = "EXPRESS"
  logging_configuration {
    level           = "ERROR"
    log_destination = "arn:aws:logs:eu-west-1:111122223333:log-group:flow:*"
  }
  definition = jsonencode({ StartAt = "Done", States = { Done = { Type = "Succeed" } } })
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Flow:
      Type: AWS::StepFunctions::StateMachine
      Properties:
        RoleArn: arn:aws:iam::111122223333:role/flow
        StateMachineType: EXPRESS
        Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Flow:
      Type: AWS::StepFunctions::StateMachine
      Properties:
        RoleArn: arn:aws:iam::111122223333:role/flow
        StateMachineType: EXPRESS
        LoggingConfiguration:
          Level: ERROR
          Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:flow:*"}}]
        Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
```

## Fix safety
Advice only: a log group is needed, and the state machine's role has to be allowed to deliver logs. AWS lists
`logs:CreateLogDelivery`, `logs:CreateLogStream`, `logs:GetLogDelivery`, `logs:UpdateLogDelivery`, `logs:DeleteLogDelivery`,
`logs:ListLogDeliveries`, `logs:PutLogEvents`, `logs:PutResourcePolicy`, `logs:DescribeResourcePolicies` and
`logs:DescribeLogGroups`, on `*`. Where a role that is known lacks some of them, the finding says so.

## References
- [Logs of Step Functions](https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html)
- [Standard and express workflows](https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.allows import may_call
from stockade.model.app import App, StateMachine
from stockade.model.intent import Fix
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format, names

# https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html, as of 2026-11-28
_DELIVERY = (
    "logs:CreateLogDelivery",
    "logs:CreateLogStream",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutLogEvents",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
)


@rule(
    "SK725",
    "unlogged-state-machine",
    severity=MEDIUM,
    since="0.1",
    controls=["OBSV-7", "FLEET-2"],
    maps={"aws-fsbp": ["StepFunctions.1"], "cwe": [778]},
    aliases=["CKV_AWS_285", "AWS-0119", "AwsSolutions-SF1", "stepfunctions_statemachine_logging_enabled"],
    applies="is called by no state machine of the scanned code",
    holds="the state machines that call it write logs",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every state machine for its logs."""
    del ctx
    for machine in app.of(StateMachine):
        express = machine.type_.is_("EXPRESS").is_yes
        yield from found(
            machine.log_level.is_("OFF"),
            subject=machine,
            at=machine if machine.log_level.is_set().is_no else machine.log_level,
            severity=MEDIUM if express else LOW,
            persona="regular" if express else "pedantic",
            message=f"nothing is kept of what the state machine `{machine}` does"
            if express
            else f"what the state machine `{machine}` does is kept for 90 days, and in no log",
            help=f"set `{by_format(machine, 'LoggingConfiguration', 'logging_configuration', sam='Logging')}` with "
            f"{by_format(machine, _GROUP, _GROUP_IN_TERRAFORM)} and the level ERROR or ALL, and leave execution data out where "
            f"it is sensitive{_also(app, machine)}",
            fix=Fix.advice("write logs"),
        )


_GROUP = "a log group in `Destinations`"
_GROUP_IN_TERRAFORM = "a log group in `log_destination` (its ARN and `:*`)"


def _also(app: App, machine: StateMachine) -> str:
    """What the role of a state machine lacks to deliver logs, where that is known."""
    role = machine.execution_role
    missing = [action for action in _DELIVERY if role is not None and may_call(app, role, action).is_no]
    if not missing:
        return ""
    who = "its role, in `Policies`," if role is None or role.generated else f"its role `{role}`"
    return f"; allow {who} to deliver logs: it lacks {names(missing, 2, 'action')}"
