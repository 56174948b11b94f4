"""The right to change any function.

## What it does
Reports statements of an execution role that may make functions, change their code or configuration, or change who may
invoke them, and name no functions.

## Why is this bad?
Code of one's own in another function is that function's role, its secrets and its network. From the weakest function of
the account one gets to the strongest.

The right to make functions alone weighs less: it changes none that is there, and takes `iam:PassRole` to give the new
one a role. Where it is certain that all policies of the role together pass none to Lambda, no function can be made at all, and
only the pedantic persona hears of a permission that does nothing yet.

## When it is fine
A deployment or canary tool written as a function. Even there the functions have a prefix.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: lambda:UpdateFunctionCode, Resource: "*"}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement:
            - Effect: Allow
              Action: lambda:UpdateFunctionCode
              Resource: "arn:aws:lambda:*:111122223333:function:orders-*"
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
            Statement: {Effect: Allow, Action: lambda:UpdateFunctionCode, Resource: "*"}
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
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_policy" "orders" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "lambda:UpdateFunctionCode", Resource = "*" }] })
}
resource "aws_iam_policy_attachment" "orders" {
  name       = "orders"
  roles      = [aws_iam_role.orders.name]
  policy_arn = aws_iam_policy.orders.arn
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
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_policy" "orders" {
  policy = jsonencode({ Statement = [{
    Effect   = "Allow"
    Action   = "lambda:UpdateFunctionCode"
    Resource = "arn:aws:lambda:*:111122223333:function:orders-*"
  }] })
}
resource "aws_iam_policy_attachment" "orders" {
  name       = "orders"
  roles      = [aws_iam_role.orders.name]
  policy_arn = aws_iam_policy.orders.arn
}
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, Action: lambda:UpdateFunctionCode, Resource: "*"}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - Effect: Allow
          Action: lambda:UpdateFunctionCode
          Resource: "arn:aws:lambda:*:111122223333:function:orders-*"
functions:
  orders: {handler: app.handler}
```

## Fix safety
Advice only: which functions it changes is not written in the statement.

## References
- [Identity-based policies for Lambda](https://docs.aws.amazon.com/lambda/latest/dg/access-control-identity-based.html)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from stockade.model.app import App, Role
from stockade.rules._base import HIGH, LOW, MEDIUM, Context, Outcome, rule
from stockade.rules.identity._roles import APPLIES, Brought, Fault, few, has, on_wide_resource, tell

if TYPE_CHECKING:
    from stockade.iam.effective import Effective


_FINE = "no statement changes functions that it does not name"


@rule(
    "SK219",
    "code-update-power",
    severity=HIGH,
    since="0.1",
    controls=["ROLE-3", "ROLE-11"],
    maps={"cwe": [269]},
    aliases=["c583f0f9", "fa62ac4f", "CTL.LAMBDA.UPDATECODE.SCOPE.001"],
    applies=APPLIES,
    holds=_FINE,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement of every execution role."""
    del ctx
    effective: list[Effective] = []

    def passes_none(role: Role) -> bool:
        if not effective:
            from stockade.iam.effective import Effective  # few roles need the engine, which takes a while to load

            effective.append(Effective(app))
        return effective[0].passes_none_to(role, "lambda.amazonaws.com")

    def idle(one: Brought) -> bool:
        return bool(one.actions) and _only_new(one.actions) and all(map(passes_none, one.roles))

    yield from tell(app, ("code-update",), partial(_tell, passes_none), _FINE, slight=idle)


_NEW = frozenset({"lambda:CreateFunction"})
_CALLERS = frozenset(
    {
        "lambda:AddPermission",
        "lambda:CreateFunctionUrlConfig",
        "lambda:PutResourcePolicy",
        "lambda:UpdateFunctionUrlConfig",
    }
)

_REVOKERS = frozenset({"lambda:RemovePermission", "lambda:RemoveLayerVersionPermission"})


def _only_new(names: tuple[str, ...]) -> bool:
    return set(names) - _REVOKERS <= _NEW


def _deed(names: tuple[str, ...]) -> str:
    """What the worst of these actions lets one do."""
    done = set(names) - _REVOKERS
    if done <= _NEW:
        return "make functions of any name"
    if done <= _NEW | _CALLERS:
        return "let others invoke any function of the account"
    return "change any function of the account"


def _tell(passes_none: Callable[[Role], bool], fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    only_new = _only_new(charge.named)
    idle = only_new and all(map(passes_none, fault.roles))
    # Who may only make functions harms none that is there, and needs `iam:PassRole` as well, which has a rule of its own.
    severity = LOW if idle else MEDIUM if only_new else HIGH
    said = (
        f"{fault.who} {has(fault.policy.functions)} a permission to make functions of any name"
        if idle
        else f"{fault.who} may {_deed(charge.named)}"
    )
    but = ", which is of no use without `iam:PassRole`, and no role may be passed to Lambda" if idle else ""
    for outcome in on_wide_resource(
        fault,
        severity=severity,
        message=f"{said} ({few(charge.named)}{charge.on}){but}",
        help="leave it out" if idle else "name the functions, or begin their names with a prefix of your own",
        advice="leave the permission out" if idle else "name the functions that may be changed",
    ):
        yield replace(outcome, persona="pedantic") if idle else outcome
