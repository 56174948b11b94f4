"""A permission for a function URL that does not go with the URL's authentication.

## What it does
Reports permissions that open a function URL to everybody under auth type `NONE` while the URL asks for `AWS_IAM`, and
permissions for another account that hold whatever the URL's auth type is.

## Why is this bad?
Neither does harm today. But the day that somebody changes the one word `AuthType`, perhaps to try something out, the
function is public at once: the permission has been waiting for it. Two people have to err for an open URL; this one
has erred already.

## When it is fine
While a URL is moved from `NONE` to `AWS_IAM` and back may still be needed.

## Example
```yaml bad
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Orders.Arn, AuthType: AWS_IAM}
  OpenUrl:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Orders
      Action: lambda:InvokeFunctionUrl
      Principal: "*"
      FunctionUrlAuthType: NONE
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Role: !Sub "arn:aws:iam::${AWS::AccountId}:role/orders", Code: {ZipFile: ""}}
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
      FunctionUrlConfig: {AuthType: AWS_IAM}
  ForShop:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Orders
      Action: lambda:InvokeFunctionUrl
      Principal: "111122223333"
      FunctionUrlAuthType: AWS_IAM
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
}

resource "aws_lambda_function_url" "orders" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "AWS_IAM"
}

resource "aws_lambda_permission" "open_url" {
  function_name          = aws_lambda_function.orders.function_name
  action                 = "lambda:InvokeFunctionUrl"
  principal              = "*"
  function_url_auth_type = "NONE"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
}

resource "aws_lambda_function_url" "orders" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "AWS_IAM"
}

resource "aws_lambda_permission" "for_shop" {
  function_name          = aws_lambda_function.orders.function_name
  action                 = "lambda:InvokeFunctionUrl"
  principal              = "111122223333"
  function_url_auth_type = "AWS_IAM"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    url: {authorizer: aws_iam}
resources:
  Resources:
    OpenUrl:
      Type: AWS::Lambda::Permission
      Properties:
        FunctionName: !Ref OrdersLambdaFunction
        Action: lambda:InvokeFunctionUrl
        Principal: "*"
        FunctionUrlAuthType: NONE
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    url: {authorizer: aws_iam}
resources:
  Resources:
    ForShop:
      Type: AWS::Lambda::Permission
      Properties:
        FunctionName: !Ref OrdersLambdaFunction
        Action: lambda:InvokeFunctionUrl
        Principal: "111122223333"
        FunctionUrlAuthType: AWS_IAM
```

## Fix safety
Safe where the auth type is added: callers that sign are let in as before. Removing the permission for everybody is
advice.

## References
- [Control access to function URLs](https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Permission
from stockade.model.intent import Fix, Set
from stockade.model.value import any_of, given
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._shared import called, is_service


@rule(
    "SK128",
    "url-permission-mismatch",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-4"],
    maps={"cwe": [284]},
    applies="has no permission for its function URL",
    holds="the permission for the function URL goes with the URL's auth type",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every permission for a function URL whether it goes with the URL."""
    del ctx
    for permission in app.of(Permission):
        by_url = permission.action.is_("lambda:InvokeFunctionUrl")
        function = permission.function
        if by_url.is_no or function is None:
            continue
        urls = function.urls
        asks = any_of(given(u.exists, u.auth.is_("AWS_IAM")) for u in urls)
        open_ = any_of(given(u.exists, u.auth.is_("NONE")) for u in urls)
        yield from found(
            by_url & permission.principal.is_("*") & permission.url_auth.is_("NONE") & asks & ~open_,
            subject=permission,
            at=permission.url_auth,
            message=(
                f"the permission `{permission}` opens the URL of `{called(permission)}` to everybody as soon as its "
                "auth type becomes NONE"
            ),
            help="remove the permission; callers that sign get one of their own",
            fix=Fix.advice("remove the permission: the URL asks for IAM, so nobody uses it"),
            evidence="open",
        )
        yield from found(
            by_url & ~permission.principal.is_("*") & ~is_service(permission) & asks & ~permission.url_auth.is_set(),
            subject=permission,
            at=permission.action,
            severity=LOW,
            message=f"the permission `{permission}` for the URL of `{called(permission)}` holds for every auth type",
            help=f"set {by_format(permission, 'FunctionUrlAuthType', '`function_url_auth_type`')} to AWS_IAM",
            fix=Fix.safe("let it hold for AWS_IAM only", Set(permission, "url_auth", "AWS_IAM")),
            evidence="any auth type",
        )
