"""Active tracing with a role that may not write traces.

## What it does
Reports functions whose tracing is active, while no policy of their role allows `xray:PutTraceSegments`. Roles that SAM
makes are allowed to by SAM.

## Why is this bad?
Lambda checks the role when the function is deployed, and refuses. Taken away later, the traces stop without a word.

## When it is fine
Where a policy that is not in the scanned code allows it.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      TracingConfig: {Mode: Active}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      TracingConfig: {Mode: Active}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess]
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, Tracing: Active}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
  tracing_config { mode = "Active" }
}
resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy_attachment" "orders" {
  role       = aws_iam_role.orders.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
  tracing_config { mode = "Active" }
}
resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy_attachment" "orders" {
  role       = aws_iam_role.orders.name
  policy_arn = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
}
```
```yaml bad
service: shop
provider:
  name: aws
  runtime: python3.13
  tracing: {lambda: true}
  iam: {role: !GetAtt Role.Arn}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Role:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
        ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
```
```yaml good
service: shop
provider:
  name: aws
  runtime: python3.13
  tracing: {lambda: true}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Safe: the role may write traces, and nothing else.

## References
- [Execution role permissions for X-Ray](https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.allows import roles_of
from stockade.model.app import App
from stockade.model.intent import Add, Fix
from stockade.rules._base import MEDIUM, Context, Label, Outcome, found, rule, spared
from stockade.rules.observability._functions import XRAY, XRAY_POLICY, may_trace


@rule(
    "SK702",
    "tracing-without-permission",
    severity=MEDIUM,
    confidence="medium",
    since="0.1",
    controls=["OBSV-1"],
    applies="is not traced",
    holds="its role may write traces",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the role of every traced function."""
    del ctx
    for function in app.functions:
        traced = function.tracing.is_("Active")
        if traced.is_no:
            yield from spared(function)
            continue
        written = [role for _, role in roles_of(function) if not role.generated]
        role = written[0] if written else None
        who = f"`{role}`" if role else "its role"
        allow = (
            f"let `{role}` call `{XRAY}`, for example by the policy AWSXRayDaemonWriteAccess"
            if role
            else f"allow `{XRAY}`"
        )
        yield from found(
            traced & ~may_trace(app, function),
            subject=function,
            at=role or function.tracing,
            message=f"`{function}` can't be deployed: tracing is active, and {who} may not write traces",
            help=allow,
            fix=Fix.safe("allow the role to write traces", Add(role, "managed", XRAY_POLICY))
            if role
            else Fix.advice(allow),
            related=(Label(function.tracing.origin, "traces are asked for here"),) if role else (),
            evidence=str(role or ""),
        )
