"""A function's resource policy with very many statements.

## What it does
Reports functions for which more than ten permissions are written. For pedantic readers. Those that a framework makes of
events do not count.

## Why is this bad?
Nobody reads a long policy. One permission that is too wide, or that was meant for a day, hides among the others; and
the policy as a whole may not be longer than 20 KB.

## When it is fine
Where each permission is for a caller of its own.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  P10:
    Type: AWS::Lambda::Permission
    Properties: &all {Action: lambda:InvokeFunction, FunctionName: !Ref Orders, Principal: "444455556610"}
  P11: {Type: AWS::Lambda::Permission, Properties: *all}
  P12: {Type: AWS::Lambda::Permission, Properties: *all}
  P13: {Type: AWS::Lambda::Permission, Properties: *all}
  P14: {Type: AWS::Lambda::Permission, Properties: *all}
  P15: {Type: AWS::Lambda::Permission, Properties: *all}
  P16: {Type: AWS::Lambda::Permission, Properties: *all}
  P17: {Type: AWS::Lambda::Permission, Properties: *all}
  P18: {Type: AWS::Lambda::Permission, Properties: *all}
  P19: {Type: AWS::Lambda::Permission, Properties: *all}
  P20: {Type: AWS::Lambda::Permission, Properties: *all}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  P10:
    Type: AWS::Lambda::Permission
    Properties: &all {Action: lambda:InvokeFunction, FunctionName: !Ref Orders, Principal: "444455556610"}
  P11: {Type: AWS::Lambda::Permission, Properties: *all}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_lambda_permission" "orders" {
  count         = 12
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::orders-${count.index}"
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
resource "aws_lambda_permission" "orders" {
  count         = 2
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::orders-${count.index}"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    P10:
      Type: AWS::Lambda::Permission
      Properties: &all {Action: lambda:InvokeFunction, FunctionName: !Ref OrdersLambdaFunction, Principal: "444455556610"}
    P11: {Type: AWS::Lambda::Permission, Properties: *all}
    P12: {Type: AWS::Lambda::Permission, Properties: *all}
    P13: {Type: AWS::Lambda::Permission, Properties: *all}
    P14: {Type: AWS::Lambda::Permission, Properties: *all}
    P15: {Type: AWS::Lambda::Permission, Properties: *all}
    P16: {Type: AWS::Lambda::Permission, Properties: *all}
    P17: {Type: AWS::Lambda::Permission, Properties: *all}
    P18: {Type: AWS::Lambda::Permission, Properties: *all}
    P19: {Type: AWS::Lambda::Permission, Properties: *all}
    P20: {Type: AWS::Lambda::Permission, Properties: *all}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    P10:
      Type: AWS::Lambda::Permission
      Properties: &all {Action: lambda:InvokeFunction, FunctionName: !Ref OrdersLambdaFunction, Principal: "444455556610"}
```

## Fix safety
Advice only: which callers are still there has to be looked up.

## References
- [Viewing resource-based IAM policies in Lambda](https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import tri
from stockade.rules._base import INFO, Context, Outcome, found, rule

_MANY = 10


@rule(
    "SK152",
    "crowded-resource-policy",
    severity=INFO,
    persona="pedantic",
    since="0.2",
    controls=["INVK-2"],
    aliases=["CTL.LAMBDA.POLICY.ACCUMULATED.001"],
    applies="has no permission that is written as such",
    holds="few permissions are written for it",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Count the permissions that are written for every function."""
    del ctx
    for function in app.functions:
        written = [permission for permission in function.permissions if not permission.generated_by]
        if written:
            yield from found(
                tri(len(written) > _MANY, function.origin),
                subject=function,
                at=function,
                message=f"the resource policy of `{function}` has {len(written)} statements, more than anybody reads",
                help="remove those that nobody needs, and put several sources of one caller into one with a wildcard",
                fix=Fix.advice("remove those that nobody needs"),
            )
