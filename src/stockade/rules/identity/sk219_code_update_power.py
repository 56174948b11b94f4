"""The right to change any function.

## What it does
Reports statements of an execution role that may make functions, change their code or configuration, or change who may
invoke them, and name no functions.

## Why is this bad?
Code of one's own in another function is that function's role, its secrets and its network. From the weakest function of
the account one gets to the strongest.

The right to make functions alone weighs less: it changes none that is there, and takes `iam:PassRole` to give the new
one a role.

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

from collections.abc import Iterator

from stockade.model.app import App
from stockade.rules._base import HIGH, MEDIUM, Context, Outcome, rule
from stockade.rules.identity._roles import APPLIES, Fault, few, on_wide_resource, tell


@rule(
    "SK219",
    "code-update-power",
    severity=HIGH,
    since="0.1",
    controls=["ROLE-3", "ROLE-11"],
    maps={"cwe": [269]},
    aliases=["c583f0f9", "fa62ac4f", "CTL.LAMBDA.UPDATECODE.SCOPE.001"],
    applies=APPLIES,
    holds="no statement changes functions that it does not name",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement of every execution role."""
    del ctx
    yield from tell(app, ("code-update",), _tell, "no statement changes functions that it does not name")


_NEW = frozenset({"lambda:CreateFunction"})
_CALLERS = frozenset(
    {
        "lambda:AddPermission",
        "lambda:CreateFunctionUrlConfig",
        "lambda:PutResourcePolicy",
        "lambda:UpdateFunctionUrlConfig",
    }
)


def _deed(names: tuple[str, ...]) -> str:
    """What the worst of these actions lets one do."""
    done = set(names)
    if done <= _NEW:
        return "make functions of any name"
    if done <= _NEW | _CALLERS:
        return "let others invoke any function of the account"
    return "change any function of the account"


def _tell(fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    # Who may only make functions harms none that is there, and needs `iam:PassRole` as well, which has a rule of its own.
    severity = MEDIUM if set(charge.named) <= _NEW else HIGH
    yield from on_wide_resource(
        fault,
        severity=severity,
        message=f"{fault.who} may {_deed(charge.named)} ({few(charge.named)}{charge.on})",
        help="name the functions, or begin their names with a prefix of your own",
        advice="name the functions that may be changed",
    )
