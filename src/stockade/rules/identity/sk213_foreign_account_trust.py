"""A role that another account may take.

## What it does
Reports trust policies of execution roles that let another account take the role, unless an external id, the
organisation or the caller's ARN is demanded. An account out of a parameter may be one's own: that can't be told.

## Why is this bad?
The permissions of the function are then as safe as the other account. Without an external id, a service provider who
holds roles of many customers can be talked into using yours (the confused deputy).

## When it is fine
Tools that take the role from an account of one's own organisation; say so with `aws:PrincipalOrgID`.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: {AWS: "arn:aws:iam::999988887777:root"}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: {AWS: "arn:aws:iam::999988887777:root"}
            Condition: {StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, Role: !GetAtt Role.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: {AWS: "999988887777"}
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
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::999988887777:root" } },
    ]
  })
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
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "arn:aws:iam::999988887777:root" }
        Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }
      },
    ]
  })
}
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  orders: {handler: app.handler, role: OrdersRole}
resources:
  Resources:
    OrdersRole:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Statement:
            - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
            - Effect: Allow
              Action: sts:AssumeRole
              Principal: {AWS: "arn:aws:iam::999988887777:root"}
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  orders: {handler: app.handler, role: OrdersRole}
resources:
  Resources:
    OrdersRole:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Statement:
            - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
            - Effect: Allow
              Action: sts:AssumeRole
              Principal: {AWS: "arn:aws:iam::999988887777:root"}
              Condition: {StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}}
```

## Fix safety
Advice only: who has to take the role is not written anywhere.

## References
- [The confused deputy problem](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)
- [Access to accounts of third parties](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from stockade.iam.conditions import has_key, limited
from stockade.iam.principals import account_of, is_foreign, is_of, principals
from stockade.model.app import App, Role
from stockade.model.intent import Fix
from stockade.model.policy import Statement
from stockade.model.value import NO, Value, given
from stockade.patterns import regex
from stockade.rules._base import MEDIUM, AccountId, Context, Outcome, found, rule
from stockade.rules.identity._roles import APPLIES, elsewhere, hidden_trust, survey, whose

_ARGUMENT = regex(r"argument .+ of module\.")


class Options(Struct, frozen=True):
    """What can be configured."""

    accounts: Annotated[
        tuple[AccountId, ...],
        Meta(description="accounts that may take roles: those that are known"),
    ] = ()


@rule(
    "SK213",
    "foreign-account-trust",
    severity=MEDIUM,
    confidence="medium",
    since="0.1",
    controls=["ROLE-10"],
    maps={"cwe": [441, 284]},
    aliases=["09c35abf", "85138beb", "FG_R00255"],
    applies=APPLIES,
    holds="no other account may take the role, but under conditions or where it is configured as known",
    options=Options,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every principal of the trust policies for its account."""
    known = ctx.options_of(Options).accounts
    for role in survey(app).roles:
        quiet = True
        for statement in role.trust:
            for outcome in _one(role, statement, known):
                quiet = False
                yield outcome
        if quiet:
            yield from found(NO, subject=role, message="")
    yield from hidden_trust(app)
    yield from elsewhere(app, "has a role that somebody else may take")


def _one(role: Role, statement: Statement, known: tuple[str, ...]) -> Iterator[Outcome]:
    limits = has_key(statement, "sts:ExternalId") | limited(statement, "caller")
    allows = given(statement.exists, statement.effect.is_("Allow"))
    every = principals(statement)
    services = any(principal.kind == "Service" for principal in every)
    for principal in every:
        if principal.kind != "AWS":
            continue
        apart = _apart(principal.value, shared=services)
        yield from found(
            allows & is_foreign(principal.value) & ~limits & ~is_of(principal.value, known),
            subject=role,
            at=principal.value,
            message=f"{account_of(principal.value)} may take `{role}`{whose(role)}",
            help=f"demand an external id (sts:ExternalId) or the organisation (aws:PrincipalOrgID){apart}",
            fix=Fix.advice(
                "demand an external id or the organisation in a condition"
                + (" of a statement of its own" if apart else "")
            ),
            evidence=principal.value.show(),
            passes="conditions limit who may take the role",
        )


def _apart(value: Value[str], *, shared: bool) -> str:
    """Where to demand it: a condition is on all principals of its statement, and a service sends no external id.

    Who hands a principal to a module has no say in the conditions of the statement that the module makes of it.
    """
    if shared:
        return ", in a statement of its own: a condition on this one would shut the service out"
    handed = any(via.what.endswith(" in the module") or _ARGUMENT.match(via.what) for via in value.origin.via)
    return ", in a statement of its own" if handed else ""
