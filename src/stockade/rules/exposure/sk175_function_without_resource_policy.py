"""A function without a resource policy.

## What it does
Reports functions that no permission of the scanned code is for. For auditors: other tools' checklists ask for one. Where
a permission names a function that can't be told, it may be this one's, and the answer is unsure.

## Why is this bad?
Who may invoke the function is then said by the identity policies of the account alone: no one place says who it is for.

## When it is fine
Mostly: without a resource policy only identities of the own account can invoke it, and of those only the ones that a policy
allows it. Queues and streams that Lambda reads, Step Functions and EventBridge Scheduler invoke it by roles, and a function
URL with IAM authorization answers to callers of the own account, all without such a policy.

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
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  FromBilling:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Orders
      Action: lambda:InvokeFunction
      Principal: arn:aws:iam::111122223333:role/billing
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "app.zip"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_lambda_permission" "from_billing" {
  function_name = aws_lambda_function.orders.function_name
  action        = "lambda:InvokeFunction"
  principal     = "arn:aws:iam::111122223333:role/billing"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events: [{http: GET /orders}]
```

## Fix safety
Advice only: who is to invoke it is yours to say, and a permission that nobody needs is worse than none.

## References
- [Resource-based IAM policies in Lambda](https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Function, Permission
from stockade.model.intent import Fix
from stockade.model.names import may_be_same, parts_of
from stockade.model.places import could_name
from stockade.model.value import NO, YES, Tri, Value, any_of, given, maybe
from stockade.rules._base import INFO, Context, Outcome, found, rule, spared
from stockade.rules._elsewhere import may_be_elsewhere
from stockade.rules.exposure._shared import called


@rule(
    "SK175",
    "function-without-resource-policy",
    severity=INFO,
    persona="auditor",
    since="0.1",
    controls=["INVK-1"],
    aliases=["AC_AWS_0484"],
    applies="is made by a framework for itself",
    holds="a permission says who may invoke it",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for a permission for every function."""
    del ctx
    loose = [permission for permission in app.of(Permission) if permission.function is None]
    for function in app.functions:
        if function.framework_owned:
            yield from spared(function)
            continue
        stated = any_of(given(permission.exists, YES) for permission in function.permissions)
        other = any_of(_may_be_for(permission, function) for permission in loose)
        yield from found(
            ~(stated | other | may_be_elsewhere(app, function, Permission)),
            subject=function,
            at=function,
            message=f"`{function}` has no resource policy",
            together="{} have no resource policies",
            help="if somebody beside the roles of its account is to invoke it, declare a permission for that",
            fix=Fix.advice("declare a permission for whoever is to invoke it"),
        )


def _may_be_for(permission: Permission, function: Function) -> Tri:
    """Whether a permission of which it is not known for sure which function it is for, is for this one."""
    if not could_name(permission, function):
        return NO
    answers: list[Tri] = []
    for when, leaf in permission.function_name.leaves():
        targets = {reference.target for _, reference in leaf.references()}
        if function.key in targets:
            answers.append(given(when, YES))
        # One that refers to something says what it is; that there is no such function here was found out before.
        elif not targets and _is_open(leaf) and _fits(leaf, function):
            why = f"which function the permission for `{called(permission)}` is for is not known"
            answers.append(given(when, maybe(why, permission.origin)))
    return given(permission.exists, any_of(answers))


def _is_open(leaf: Value[str]) -> bool:
    """Whether a name is not known; what refers to nothing that there is, is no function's."""
    return any(doubt.cause != "undefined" for doubt in leaf.where(lambda _: True).doubts)


def _fits(leaf: Value[str], function: Function) -> bool:
    """Whether what is written of a name that is not known leaves room for a function's, or for its ARN."""
    parts = parts_of(leaf)
    names = [name for _, own in function.name.leaves() if (name := parts_of(own))]
    return not leaf.starts_with("arn:").is_no or not names or any(may_be_same(parts, name) for name in names)
