"""A permission that lets another account invoke a function.

## What it does
Reports permissions whose principal is an account id, or a principal of an account, that is written out as digits.

## Why is this bad?
The other account's administrators decide who of them may use the permission; you are not asked. A number says neither
whose account it is nor whether it still is: closed accounts, left vendors and copied examples stay in policies for
years.

## When it is fine
A known partner or another account of yours. Say so in an ignore with a reason; or take the number from a parameter or
mapping that names its owner, and limit accounts of your own by `PrincipalOrgID`.

## Example
```yaml bad
Resources:
  ForPartner:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:InvokeFunction
      Principal: "111122223333"
```
```yaml good
Resources:
  ForOurselves:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:InvokeFunction
      Principal: !Ref AWS::AccountId
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  ForPartner:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: "arn:aws:iam::111122223333:root"}
```
```hcl bad
resource "aws_lambda_permission" "for_partner" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "arn:aws:iam::111122223333:root"
}
```
```hcl good
data "aws_caller_identity" "current" {}

resource "aws_lambda_permission" "for_ourselves" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = data.aws_caller_identity.current.account_id
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    ForPartner:
      Type: AWS::Lambda::Permission
      Properties:
        {FunctionName: !Ref OrdersLambdaFunction, Action: lambda:InvokeFunction, Principal: "111122223333"}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    ForOurselves:
      Type: AWS::Lambda::Permission
      Properties:
        {FunctionName: !Ref OrdersLambdaFunction, Action: lambda:InvokeFunction, Principal: "${aws:accountId}"}
```

## Fix safety
Advice only: whether the account is trusted is not written in the template.

## References
- [Grant access to other accounts](https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-cross-account.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from stockade.iam.principals import is_of
from stockade.model.app import App, Permission
from stockade.model.intent import Fix
from stockade.model.value import PART
from stockade.rules._base import LOW, MEDIUM, AccountId, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._shared import SERVICE, called

_FOREIGN = r"\d{12}|arn:[^:]*:(?:iam|sts)::\d{12}:.*"
_OWN = rf"{PART}|arn:[^:]*:(?:iam|sts)::{PART}:.*|{PART}.*"


class Options(Struct, frozen=True):
    """What can be configured."""

    accounts: Annotated[
        tuple[AccountId, ...],
        Meta(description="accounts that may invoke functions: those that are known"),
    ] = ()


@rule(
    "SK105",
    "foreign-account-permission",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-2"],
    maps={"cwe": [284]},
    aliases=["CT.LAMBDA.PV.2", "CTL.LAMBDA.POLICY.CROSSACCOUNT.001"],
    applies="has no permission for an account, role or user",
    holds="no permission is for an account that is written as a number, and not configured as known",
    options=Options,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every permission whether its principal is an account written out."""
    known = ctx.options_of(Options).accounts
    for permission in app.of(Permission):
        principal = permission.principal
        service = principal.reads(SERVICE)
        if (service | principal.is_("*")).is_yes:
            continue
        org = permission.principal_org.is_set()
        yield from found(
            principal.matches(_FOREIGN) & ~principal.reads(_OWN) & ~is_of(principal, known),
            subject=permission,
            at=principal,
            severity=LOW if org.is_yes else MEDIUM,
            message=f"the account of `{principal.show()}` may invoke `{called(permission)}`; nothing says whose it is",
            help=f"take the account from a {by_format(permission, 'parameter', 'variable')} that names its owner, "
            "or ignore this and give the owner",
            fix=Fix.advice("say whose account it is, or remove the permission"),
        )
