"""A key policy that lets others decrypt.

## What it does
Reports statements of key policies that let everybody (`*`, without a condition on the caller), or another account, use
or administer the key. The statement for the root of the own account, with which every key policy begins, is fine.

## Why is this bad?
The key is what keeps environment, queues and tables apart from the rest of the account and from other accounts. With
`kms:Decrypt` for all, only the permission on the data is left; with `kms:*` for all, anybody can lock you out.

## When it is fine
Data that is shared with another account on purpose; then let the statement name its role, and only `kms:Decrypt`.

## Example
```yaml bad
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
      KeyPolicy:
        Statement:
          - Effect: Allow
            Action: kms:*
            Resource: "*"
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
          - {Effect: Allow, Action: kms:Decrypt, Resource: "*", Principal: {AWS: "*"}}
```
```yaml good
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
      KeyPolicy:
        Statement:
          - Effect: Allow
            Action: kms:*
            Resource: "*"
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
          - Effect: Allow
            Action: kms:Decrypt
            Resource: "*"
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/orders"}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
      KeyPolicy:
        Statement:
          - Effect: Allow
            Action: kms:*
            Resource: "*"
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
          - {Effect: Allow, Action: kms:Decrypt, Resource: "*", Principal: {AWS: "*"}}
```
```hcl bad
data "aws_caller_identity" "current" {}
locals { owner = data.aws_caller_identity.current.account_id }
resource "aws_kms_key" "orders" {
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = "arn:aws:iam::${local.owner}:root" } },
      { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = "*" } },
    ]
  })
}
```
```hcl good
data "aws_caller_identity" "current" {}
locals { owner = data.aws_caller_identity.current.account_id }
resource "aws_kms_key" "orders" {
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = "arn:aws:iam::${local.owner}:root" } },
      {
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = "*"
        Principal = { AWS = "arn:aws:iam::${local.owner}:role/orders" }
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
  orders: {handler: app.handler, kmsKeyArn: !GetAtt Key.Arn}
resources:
  Resources:
    Key:
      Type: AWS::KMS::Key
      Properties:
        EnableKeyRotation: true
        KeyPolicy:
          Statement:
            - Effect: Allow
              Action: kms:*
              Resource: "*"
              Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
            - {Effect: Allow, Action: kms:Decrypt, Resource: "*", Principal: {AWS: "*"}}
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  orders: {handler: app.handler, kmsKeyArn: !GetAtt Key.Arn}
resources:
  Resources:
    Key:
      Type: AWS::KMS::Key
      Properties:
        EnableKeyRotation: true
        KeyPolicy:
          Statement:
            - Effect: Allow
              Action: kms:*
              Resource: "*"
              Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
            - {Effect: Allow, Action: kms:Decrypt, Resource: "*", Principal: {AWS: !GetAtt IamRoleLambdaExecution.Arn}}
```

## Fix safety
Advice only: who has to use the key is not written anywhere.

## References
- [Key policies](https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.conditions import limited
from stockade.iam.principals import account_number, account_of, is_foreign, is_own_root, principals
from stockade.iam.statements import takes_in
from stockade.model.app import App, Key
from stockade.model.intent import Fix
from stockade.model.policy import Principal, Statement
from stockade.model.value import NO, any_of, given
from stockade.rules._base import HIGH, MEDIUM, Context, Outcome, found, rule


@rule(
    "SK305",
    "wide-key-policy",
    severity=HIGH,
    since="0.1",
    controls=["SECR-5"],
    maps={"aws-fsbp": ["KMS.5"], "cwe": [284, 732]},
    aliases=[
        "CKV_AWS_33",
        "F76",
        "CTL.LAMBDA.ENCRYPT.KMS.POLICY.001",
        "7ebc9038",
        "da905474",
        "f6049677",
        "kms_key_not_publicly_accessible",
        "kmsKeyPolicy",
        "FG_R00252",
    ],
    applies="uses no customer managed key of the scanned code",
    holds="key policies name who may use the keys",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every statement of the key policies whom it lets in."""
    del ctx
    for key in app.of(Key):
        statements = [statement for policy in key.policies for statement in policy.statements]
        owners = _owners(statements)
        for statement in statements:
            for principal in principals(statement):
                yield from _one(key, statement, principal, owners)
        if not statements:
            yield from found(NO, subject=key, message="")


def _owners(statements: list[Statement]) -> set[str] | None:
    """The own account, where it is written as a number: it may change the policy. None where that is not told."""
    if any_of(is_own_root(p.value) for s in statements for p in principals(s)).is_yes:
        return set()
    admins = {
        account_number(principal.value)
        for statement in statements
        for principal in principals(statement)
        if not takes_in(statement, "kms:PutKeyPolicy").is_no
    }
    return admins or None


def _one(key: Key, statement: Statement, principal: Principal, owners: set[str] | None) -> Iterator[Outcome]:
    if principal.kind not in {"*", "AWS"}:
        return
    allows = given(statement.exists, statement.effect.is_("Allow"))
    uses = takes_in(statement, "kms:Decrypt", "kms:CreateGrant", "kms:PutKeyPolicy")
    everybody = principal.value.is_("*")
    known = owners is not None and account_number(principal.value) not in owners
    foreign = is_foreign(principal.value) if known else NO
    who = "everybody" if not everybody.is_no else account_of(principal.value)
    yield from found(
        allows & uses & (everybody | foreign) & ~limited(statement, "caller"),
        subject=key,
        at=principal.value,
        severity=HIGH if not everybody.is_no else MEDIUM,
        confidence="high" if not everybody.is_no else "medium",
        message=f"the policy of the key `{key}` lets {who} use it",
        help="name the roles that use the key, or limit the caller's account in a condition",
        fix=Fix.advice("name the roles that use the key"),
        evidence=principal.value.show(),
    )
