"""A permission that lets every AWS account invoke a function.

## What it does
Reports statements of a function's resource policy whose principal is `*`, unless an organisation limits them. A
source account or source ARN lowers the severity. Permissions for the function's URL are left to `public-function-url`
and `url-permission-mismatch`.

## Why is this bad?
`*` is every principal of every AWS account, and accounts are free. Whoever knows the function's ARN can run it with
any event, with its role, at your cost. An event that your own code never sends is what handlers are least prepared
for.

## When it is fine
With `PrincipalOrgID`, which keeps everybody outside your organisation out. A public endpoint is better an API or a
function URL, where callers can be throttled, filtered and logged.

## Example
```yaml bad
Resources:
  OpenToAll:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:InvokeFunction
      Principal: "*"
```
```yaml good
Resources:
  OpenToOurs:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:InvokeFunction
      Principal: "*"
      PrincipalOrgID: o-a1b2c3d4e5
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  OpenToAll:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: "*"}
```
```hcl bad
resource "aws_lambda_permission" "open_to_all" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "*"
}
```
```hcl good
resource "aws_lambda_permission" "open_to_ours" {
  function_name    = "orders"
  action           = "lambda:InvokeFunction"
  principal        = "*"
  principal_org_id = "o-a1b2c3d4e5"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    ForAll:
      Type: AWS::Lambda::Permission
      Properties: {FunctionName: !Ref OrdersLambdaFunction, Action: lambda:InvokeFunction, Principal: "*"}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    ForUs:
      Type: AWS::Lambda::Permission
      Properties:
        FunctionName: !Ref OrdersLambdaFunction
        Action: lambda:InvokeFunction
        Principal: "*"
        PrincipalOrgID: o-a1b2c3d4e5
```

## Fix safety
Advice only: which principals need the function is not written anywhere.

## References
- [Resource-based policies in Lambda](https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html)
- [Grant access to an organisation](https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-organization.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Permission
from stockade.model.intent import Fix
from stockade.rules._base import CRITICAL, MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._shared import called


@rule(
    "SK102",
    "public-permission",
    severity=CRITICAL,
    since="0.1",
    controls=["INVK-2"],
    maps={"aws-fsbp": ["Lambda.1"], "cwe": [284]},
    aliases=[
        "CKV_AWS_301",
        "F13",
        "e08ed7eb",
        "1d6e16f1",
        "LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED",
        "LAMBDA_NO_WILDCARD_PRINCIPAL",
        "LambdaFunctionPublicAccessProhibited",
        "FG_R00276",
        "awslambda_function_not_publicly_accessible",
        "lambdaPublicAccess",
        "B.1",
        "Lambda.1",
        "CT.LAMBDA.PR.2",
        "CTL.LAMBDA.INVOKE.PUBLIC.001",
        "PublicAccessProhibited",
    ],
    applies="has no permission in its resource policy",
    holds="every permission names who may invoke the function",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every permission for its principal and what limits it."""
    del ctx
    for permission in app.of(Permission):
        by_url = permission.action.is_("lambda:InvokeFunctionUrl") & permission.url_auth.is_("NONE")
        everybody = permission.principal.is_("*") & ~by_url & ~permission.via_url_only.is_true()
        limited = permission.source_arn.is_set() | permission.source_account.is_set()
        yield from found(
            everybody & ~permission.principal_org.is_set(),
            subject=permission,
            at=permission.principal,
            severity=MEDIUM if limited.is_yes else CRITICAL,
            message=(
                f"the permission `{permission}` lets any principal invoke `{called(permission)}`"
                + (", limited only by its source" if limited.is_yes else ", from every AWS account")
            ),
            help="name the account or service as principal, or add "
            + by_format(permission, "PrincipalOrgID", "`principal_org_id`"),
            fix=Fix.advice("name the account, role or service that has to invoke the function"),
            passes="the permission names its principal, or an organisation limits it",
        )
