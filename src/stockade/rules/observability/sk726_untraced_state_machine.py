"""A state machine that sends no traces of its own to X-Ray.

## What it does
Reports state machines without tracing. Where what calls such a state machine passes a trace on, it is part of that trace;
it begins none.

## Why is this bad?
A trace that ends at the state machine shows neither which of its steps was slow nor which function failed: what
called it and what it calls are two halves of one request.

## When it is fine
Where nobody looks at traces. Only the pedantic persona hears of it.

## Example
```yaml bad
Resources:
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/flow
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
```
```yaml good
Resources:
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/flow
      TracingConfiguration: {Enabled: true}
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties: {Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Tracing: {Enabled: true}
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
```
```hcl bad
resource "aws_sfn_state_machine" "flow" {
  name       = "flow"
  role_arn   = "arn:aws:iam::111122223333:role/flow"
  definition = jsonencode({ StartAt = "Done", States = { Done = { Type = "Succeed" } } })
}
```
```hcl good
resource "aws_sfn_state_machine" "flow" {
  name       = "flow"
  role_arn   = "arn:aws:iam::111122223333:role/flow"
  tracing_configuration { enabled = true }
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
        TracingConfiguration: {Enabled: true}
        Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
```

## Fix safety
Safe: without permission to write traces, none are written, and nothing else changes. Where the role is written here and may
not write them, the fix adds AWS's policy to it; SAM adds one to the roles that it makes.

## References
- [X-Ray and Step Functions](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.allows import may_call
from stockade.model.app import App, Role, StateMachine
from stockade.model.intent import Add, Fix, Set
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.observability._functions import XRAY, XRAY_POLICY


@rule(
    "SK726",
    "untraced-state-machine",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["OBSV-1"],
    maps={"cwe": [778]},
    aliases=["CKV_AWS_284", "AWS-0117", "AwsSolutions-SF2", "WS5000"],
    applies="is called by no state machine of the scanned code",
    holds="the state machines that call it send traces",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every state machine whether it traces."""
    del ctx
    for machine in app.of(StateMachine):
        yield from found(
            ~machine.tracing.is_true(),
            subject=machine,
            at=machine if machine.tracing.is_set().is_no else machine.tracing,
            message=f"the state machine `{machine}` sends no traces of its own to X-Ray",
            help=f"enable `{by_format(machine, 'TracingConfiguration', 'tracing_configuration', sam='Tracing')}`"
            + _also(app, machine),
            fix=_fix(app, machine),
        )


def _lacks(app: App, machine: StateMachine) -> Role | None:
    """The role of a state machine, where it is written here and may not write traces. SAM lets the roles that it makes do so."""
    role = machine.execution_role
    return role if role is not None and not role.generated and may_call(app, role, XRAY).is_no else None


def _also(app: App, machine: StateMachine) -> str:
    role = _lacks(app, machine)
    if role is not None:
        return f", and let `{role}` call `{XRAY}`, for example by the policy AWSXRayDaemonWriteAccess"
    return (
        f"; its role has to allow `{XRAY}`" if machine.execution_role is None and machine.role.is_set().is_yes else ""
    )


def _fix(app: App, machine: StateMachine) -> Fix:
    on = Set(machine, "tracing", True)  # noqa: FBT003 - a value
    role = _lacks(app, machine)
    if role is None:
        return Fix.safe("trace the state machine", on)
    return Fix.safe(
        "trace the state machine, and allow its role to write traces", on, Add(role, "managed", XRAY_POLICY)
    )
