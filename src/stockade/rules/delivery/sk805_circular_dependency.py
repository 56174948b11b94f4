"""Resources that wait for each other.

## What it does
Reports circles of resources each of which refers to the next one, or depends on it, the last on the first: in templates
by `Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn`, in modules of Terraform also by way of local values and data sources. What is
there only in some cases (a branch of `Fn::If`), and what SAM makes several resources of, is not followed.

## Why is this bad?
None of them can be made first, so CloudFormation and Terraform refuse all of it.

## When it is fine
Never: it can't be deployed.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt OrdersRole.Arn
  OrdersRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: retry
          PolicyDocument:
            Statement: [{Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt Orders.Arn}]
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt OrdersRole.Arn
  OrdersRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
  Retry:
    Type: AWS::IAM::RolePolicy
    Properties:
      RoleName: !Ref OrdersRole
      PolicyName: retry
      PolicyDocument:
        Statement: [{Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt Orders.Arn}]
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
}

resource "aws_iam_role" "orders" {
  name               = "orders"
  description        = "of ${aws_lambda_function.orders.arn}"
  assume_role_policy = "{}"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
}

resource "aws_iam_role" "orders" {
  name               = "orders"
  description        = "of the function that takes orders"
  assume_role_policy = "{}"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Work: {Type: AWS::SQS::Queue, DependsOn: Later}
    Later: {Type: AWS::SQS::Queue, DependsOn: Work}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Work: {Type: AWS::SQS::Queue, DependsOn: Later}
    Later: {Type: AWS::SQS::Queue}
```

## Fix safety
Advice only: which of the references can go, or move to a resource of its own, is for the reader to say.

## References
- [Circular dependencies](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html)
- [How Terraform orders what it makes](https://developer.hashicorp.com/terraform/internals/graph)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Circle
from stockade.model.intent import Fix
from stockade.model.value import NO, YES
from stockade.rules._base import MEDIUM, Context, Label, Outcome, found, rule

_FIX = Fix.advice("break the circle", why="a reference can often move to a resource of its own, such as a policy")


@rule(
    "SK805",
    "circular-dependency",
    severity=MEDIUM,
    since="0.1",
    controls=["DELV-2"],
    aliases=["E3004"],
    applies="stands in no template or module whose references could be followed",
    holds="nothing that it needs waits for it",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Tell each circle once, with the place in each resource that says so."""
    del ctx
    bad: set[int] = set()
    for circle in app.of(Circle):
        bad |= {id(function) for function in circle.functions}
        first, *others = circle.uses
        names = [f"`{name}`" for name in circle.members]
        chain = " waits for ".join([*names, names[0]]) if len(names) > 1 else f"{names[0]} waits for itself"
        yield from found(
            YES,
            subject=circle,
            at=first.origin,
            message=f"{chain}, so that none of it can be made"
            if len(names) > 1
            else f"{chain}, so that it can't be made",
            help="remove one of the references, or move it to a resource of its own",
            fix=_FIX,
            related=tuple(Label(use.origin, f"{name} waits here") for name, use in zip(names[1:], others, strict=True)),
        )
    for function in app.functions:
        # Where something may be that was not read, the row says so by itself.
        if id(function) not in bad and app.unread(function, {Circle.kind}) is None:
            yield from found(NO, subject=function, message="")
