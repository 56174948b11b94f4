"""A state machine that Step Functions refuses.

## What it does
Reads definitions of state machines as Step Functions does when they are created: `StartAt` and every `Next`, `Default`, `Catch`
and choice have to lead to a state beside them, every state has to be of a known type, to have what its type needs, and to lead on
or to end, something has to lead to every state, and one of them has to end the whole. What Parallel and Map hold is read alike.

## Why is this bad?
Step Functions refuses it, and the deployment is rolled back.

## When it is fine
Never: it can't be deployed.

## Example
```yaml bad
Resources:
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/flow
      Definition:
        StartAt: Pay
        States:
          Pay:
            Type: Task
            Resource: arn:aws:states:::lambda:invoke
            Parameters: {FunctionName: pay}
            Next: Shipp
          Ship: {Type: Succeed}
```
```yaml good
Resources:
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/flow
      Definition:
        StartAt: Pay
        States:
          Pay:
            Type: Task
            Resource: arn:aws:states:::lambda:invoke
            Parameters: {FunctionName: pay}
            Next: Ship
          Ship: {Type: Succeed}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Wait
        States:
          Wait: {Type: Wait, Seconds: 60}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Wait
        States:
          Wait: {Type: Wait, Seconds: 60, End: true}
```
```hcl bad
resource "aws_sfn_state_machine" "flow" {
  name     = "flow"
  role_arn = "arn:aws:iam::111122223333:role/flow"
  definition = jsonencode({
    StartAt = "Pay"
    States = {
      Pay = {
        Type     = "Task"
        Resource = "arn:aws:lambda:eu-west-1:111122223333:function:pay"
        Next     = "Ship"
      }
    }
  })
}
```
```hcl good
resource "aws_sfn_state_machine" "flow" {
  name     = "flow"
  role_arn = "arn:aws:iam::111122223333:role/flow"
  definition = jsonencode({
    StartAt = "Pay"
    States = {
      Pay = {
        Type     = "Task"
        Resource = "arn:aws:lambda:eu-west-1:111122223333:function:pay"
        End      = true
      }
    }
  })
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
        Definition:
          StartAt: Pay
          States:
            Pay:
              Type: Task
              Resource: arn:aws:states:::lambda:invoke
              Parameters: {FunctionName: pay}
              Next: Shipp
            Ship: {Type: Succeed}
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
        Definition:
          StartAt: Pay
          States:
            Pay:
              Type: Task
              Resource: arn:aws:states:::lambda:invoke
              Parameters: {FunctionName: pay}
              Next: Ship
            Ship: {Type: Succeed}
```

## Fix safety
Advice only: where the flow is meant to go is known to who wrote it.

## References
- [What Step Functions refuses](https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html)
- [States and their fields](https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html)
- [The language](https://states-language.net/spec.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, StateMachine
from stockade.model.intent import Fix
from stockade.model.states import check_definition
from stockade.model.value import NO, YES, Tri, given
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule


@rule(
    "SK744",
    "invalid-state-machine",
    severity=MEDIUM,
    since="0.1",
    controls=["DELV-2"],
    aliases=["E3601"],
    applies="is called by no state machine whose definition is in the scanned code",
    holds="Step Functions takes the definition of every state machine that calls it",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Read every definition that is written out."""
    del ctx
    for machine in app.of(StateMachine):
        if machine.definition is None:
            continue
        checked = check_definition(machine.definition)
        for fault in checked.faults:
            yield from found(
                given(fault.when, YES),
                subject=machine,
                at=fault.at,
                message=f"the definition of `{machine}` is refused: {fault.message}",
                help=fault.help,
                fix=Fix.advice("correct the definition"),
                evidence=fault.id,
            )
        if checked.doubts and not checked.faults:
            yield from found(
                Tri("maybe", (machine.origin,), checked.doubts),
                subject=machine,
                message=f"the definition of `{machine}` is refused",
                evidence="unseen",
            )
        elif not checked.faults:
            yield from found(NO, subject=machine, message="")
