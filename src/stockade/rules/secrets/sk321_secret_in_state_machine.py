"""A secret in plain text in the definition of a state machine.

## What it does
Reports texts of a state machine's definition, and of what is substituted into it, that look like secrets by their
form or by the key that they stand under. Paths and expressions (`$.password`) are none.

## Why is this bad?
The definition is shown to everybody who may look at the state machine, and the input of each step with the secret in
it is kept in the history of every execution, and in its logs.

## When it is fine
For values that only look like secrets: ignore the finding with a reason.

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
            Parameters: {FunctionName: pay, Payload: {password: Tk4vW9qzR2mXy7Lp}}
            End: true
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
            Parameters: {FunctionName: pay, Payload: {secretName: orders/payment}}
            End: true
```
```hcl bad
resource "aws_sfn_state_machine" "flow" {
  name     = "flow"
  role_arn = "arn:aws:iam::111122223333:role/flow"
  definition = jsonencode({
    StartAt = "Pay"
    States = {
      Pay = {
        Type       = "Task"
        Resource   = "arn:aws:states:::lambda:invoke"
        Parameters = { FunctionName = "pay", Payload = { password = "Tk4vW9qzR2mXy7Lp" } }
        End        = true
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
        Type       = "Task"
        Resource   = "arn:aws:states:::lambda:invoke"
        Parameters = { FunctionName = "pay", Payload = { secretName = "orders/payment" } }
        End        = true
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
              Parameters: {FunctionName: pay, Payload: {password: Tk4vW9qzR2mXy7Lp}}
              End: true
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
              Parameters: {FunctionName: pay, Payload: {secretName: orders/payment}}
              End: true
```

## Fix safety
Advice only: the secret has to be changed, and read by the function that needs it.

## References
- [Security of Step Functions](https://docs.aws.amazon.com/step-functions/latest/dg/security.html)
- [Connections for HTTP tasks, which keep credentials](https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, StateMachine
from stockade.model.intent import Fix
from stockade.model.sensitive import plain_secrets
from stockade.model.value import NO, Doubt, Tri, given
from stockade.rules._base import HIGH, Context, Outcome, found, rule
from stockade.rules.secrets._shared import severity_of, thing

_FIX = Fix.advice(
    "let the function read the secret",
    why="whoever has seen the code has seen the secret, so that it must be changed as well",
)
# Paths, intrinsic functions and JSONata: what is only known when the state machine runs.
_EXPRESSIONS = ("$", "States.", "{%")


@rule(
    "SK321",
    "secret-in-state-machine",
    severity=HIGH,
    since="0.1",
    controls=["SECR-1"],
    maps={"cwe": [312, 798]},
    aliases=["stepfunctions_statemachine_no_secrets_in_definition"],
    applies="is called by no state machine of the scanned code",
    holds="no definition of a state machine that calls it holds a secret",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at every text of the definitions."""
    del ctx
    for machine in app.of(StateMachine):
        clean = True
        for one in machine.texts:
            for plain in plain_secrets(one.name, one.value):
                if plain.leaf.starts_with(*_EXPRESSIONS).is_yes:
                    continue
                clean = False
                yield from found(
                    given(one.exists, plain.answer),
                    subject=machine,
                    at=plain.leaf,
                    severity=severity_of(plain),
                    confidence=plain.hit.confidence,
                    message=f"`{one.name}` in the definition of `{machine}` is {thing(plain)} in plain text",
                    help="let the function read it from Secrets Manager, and change it",
                    fix=_FIX,
                    evidence=one.name,
                )
        if not machine.texts.complete:
            doubts = machine.texts.gaps or (Doubt("its definition is not wholly known", cause="definition elsewhere"),)
            yield from found(
                Tri("maybe", (machine.origin,), doubts),
                subject=machine,
                message=f"the definition of `{machine}` holds a secret in plain text",
                evidence="unseen",
            )
        elif clean:
            yield from found(NO, subject=machine, message="")
