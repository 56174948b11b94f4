"""A permission that allows more than to invoke the function.

## What it does
Reports permissions whose action has a wildcard, or is one that changes the function or its policy.

## Why is this bad?
A function's resource policy is for callers. With `lambda:*` the caller may also replace the code, read the
configuration with its environment, and give the permission away: who may do that owns the function and its role.

## When it is fine
A deployment account that updates the code gets that one action, for its own role, best in an identity policy.

## Example
```yaml bad
Resources:
  Caller:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:*
      Principal: arn:aws:iam::111122223333:role/shop
```
```yaml good
Resources:
  Caller:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:InvokeFunction
      Principal: arn:aws:iam::111122223333:role/shop
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  Caller:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Orders, Action: "*", Principal: !Ref AWS::AccountId}
```
```hcl bad
resource "aws_lambda_permission" "caller" {
  function_name = "orders"
  action        = "lambda:*"
  principal     = "arn:aws:iam::111122223333:role/shop"
}
```
```hcl good
resource "aws_lambda_permission" "caller" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "arn:aws:iam::111122223333:role/shop"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Parameters: {CarrierAccount: {Type: String}}
  Resources:
    ForCarrier:
      Type: AWS::Lambda::Permission
      Properties: {FunctionName: !Ref OrdersLambdaFunction, Action: "lambda:*", Principal: !Ref CarrierAccount}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Parameters: {CarrierAccount: {Type: String}}
  Resources:
    ForCarrier:
      Type: AWS::Lambda::Permission
      Properties:
        {FunctionName: !Ref OrdersLambdaFunction, Action: lambda:InvokeFunction, Principal: !Ref CarrierAccount}
```

## Fix safety
Unsafe: the caller may use one of the other actions.

## References
- [Actions of AddPermission](https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Permission
from stockade.model.intent import Fix, Set
from stockade.rules._base import HIGH, LOW, Context, Outcome, found, rule
from stockade.rules.exposure._shared import called

_WIDE = r"(?i)\*|lambda:\*|lambda:(?:Update|Put|Add|Remove|Delete|Create|Publish|Tag|Untag)[A-Za-z0-9]*\*?"
_READS = r"(?i)lambda:(?:Invoke\*|InvokeFunction\*|Get[A-Za-z0-9]*|List[A-Za-z0-9]*|Get\*|List\*)"
_FINE = r"(?i)lambda:GetFunction(?:Configuration)?|lambda:InvokeFunction|lambda:InvokeFunctionUrl|lambda:InvokeAsync"


@rule(
    "SK108",
    "wide-permission-action",
    severity=HIGH,
    since="0.1",
    controls=["INVK-2"],
    maps={"cwe": [250]},
    aliases=["W24", "75ec6890", "9b83114b", "LAMBDA_PERMISSION_INVOKE_FUNCTION_ACTION", "ad9dabc7"],
    applies="has no permission in its resource policy",
    holds="every permission allows invoking, and nothing else",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every permission for its action."""
    del ctx
    for permission in app.of(Permission):
        owns = permission.action.matches(_WIDE)
        yield from found(
            owns | (permission.action.matches(_READS) & ~permission.action.matches(_FINE)),
            subject=permission,
            at=permission.action,
            severity=LOW if owns.is_no else HIGH,
            message=(
                f"`{permission.principal.show()}` is allowed `{permission.action.show()}` on `{called(permission)}`, "
                + ("more than to invoke it" if owns.is_no else "so it may change the function too")
            ),
            help="allow lambda:InvokeFunction only",
            fix=Fix.unsafe(
                "allow invoking only",
                Set(permission, "action", "lambda:InvokeFunction"),
                why="the caller may use one of the other actions",
            ),
        )
