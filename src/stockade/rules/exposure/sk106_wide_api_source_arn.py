"""A permission for API Gateway that covers every API of the account.

## What it does
Reports permissions whose `execute-api` source ARN has a wildcard where the id of the API belongs.

## Why is this bad?
Whoever may make an API in the account, or add a route to one, can call the function through it, without the
authorizers, throttling and logs of the API that it was written for.

## When it is fine
Where one function has to serve APIs that do not exist yet, such as one that tenants make for themselves.

## Example
```yaml bad
Resources:
  FromApi:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:InvokeFunction
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:*/*/POST/orders
```
```yaml good
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: shop}
  FromApi:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:InvokeFunction
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/prod/POST/orders
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events:
        Post:
          Type: Api
          Properties: {Method: post, Path: /orders}
```
```hcl bad
data "aws_caller_identity" "current" {}

resource "aws_lambda_permission" "from_api" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "arn:aws:execute-api:eu-west-1:${data.aws_caller_identity.current.account_id}:*/*/POST/orders"
}
```
```hcl good
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }

resource "aws_lambda_permission" "from_api" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.shop.execution_arn}/prod/POST/orders"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    FromApis:
      Type: AWS::Lambda::Permission
      Properties:
        FunctionName: !Ref OrdersLambdaFunction
        Action: lambda:InvokeFunction
        Principal: apigateway.amazonaws.com
        SourceArn: arn:aws:execute-api:${aws:region}:${aws:accountId}:*/*/POST/orders
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: POST /orders
```

## Fix safety
Advice only: the ARN has to name the API, its stage, method and path.

## References
- [Control access to invoke an API](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Permission
from stockade.model.intent import Fix
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules.exposure._shared import API_GATEWAY, any_account, called, place

_EVERY_API = r"\*|arn:[^:]*:execute-api:(?:[^:]*:[^:]*:)?\*.*"


@rule(
    "SK106",
    "wide-api-source-arn",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-3"],
    maps={"cwe": [284]},
    aliases=["3ef8696c", "57b12981"],
    applies="has no permission for API Gateway",
    holds="permissions for API Gateway name the API",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every permission for API Gateway whether its source names the API."""
    del ctx
    for permission in app.of(Permission):
        concerned = permission.principal.reads(API_GATEWAY)
        if concerned.is_no:
            continue
        yield from found(
            concerned & any_account(permission),
            subject=permission,
            at=place(permission, permission.source_arn),
            message=f"every API of every account may invoke `{called(permission)}`",
            evidence="any account",
            told="SK103",
        )
        yield from found(
            concerned
            & permission.source_arn.is_set()
            & permission.source_arn.reads(_EVERY_API)
            & ~any_account(permission),
            subject=permission,
            at=permission.source_arn,
            message=f"every API of the account may invoke `{called(permission)}`: the source ARN names none of them",
            help="write the API's id in place of the wildcard",
            fix=Fix.advice("name the API in the source ARN, as in `…:${Api}/prod/POST/orders`"),
            passes="the source ARN names the API, or another rule tells of it",
        )
