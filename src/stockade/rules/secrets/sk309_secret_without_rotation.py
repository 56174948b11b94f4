"""A secret that is never rotated.

## What it does
Reports secrets of Secrets Manager without a rotation schedule in the scanned code.

## Why is this bad?
A secret that leaked without anybody knowing is good until it is changed. What is never changed by routine can't be
changed in a hurry either: nobody knows what breaks.

## When it is fine
For the key of a third party that has no interface to change it. What reads the secret by a dynamic reference
(`{{resolve:secretsmanager:…}}`) has the value of the last deployment, and must be deployed again after each rotation.
Secrets Manager has functions that rotate passwords of databases, and of little else: for a user of a message broker, say,
the schedule needs a rotation function of one's own. RDS can manage its own master password, which is rotated without a schedule.

## Example
```yaml bad
Resources:
  Db:
    Type: AWS::SecretsManager::Secret
    Properties:
      GenerateSecretString:
        SecretStringTemplate: '{"username": "orders"}'
        GenerateStringKey: password
```
```yaml good
Resources:
  Db:
    Type: AWS::SecretsManager::Secret
    Properties:
      GenerateSecretString:
        SecretStringTemplate: '{"username": "orders"}'
        GenerateStringKey: password
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties:
      SecretId: !Ref Db
      HostedRotationLambda: {RotationType: PostgreSQLSingleUser}
      RotationRules: {AutomaticallyAfterDays: 30}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Db:
    Type: AWS::SecretsManager::Secret
    Properties:
      GenerateSecretString:
        SecretStringTemplate: '{"username": "orders"}'
        GenerateStringKey: password
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Db:
    Type: AWS::SecretsManager::Secret
    Properties:
      GenerateSecretString:
        SecretStringTemplate: '{"username": "orders"}'
        GenerateStringKey: password
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties:
      SecretId: !Ref Db
      HostedRotationLambda: {RotationType: PostgreSQLSingleUser}
      RotationRules: {AutomaticallyAfterDays: 30}
```
```hcl bad
resource "aws_secretsmanager_secret" "db" { name = "orders/db" }
```
```hcl good
resource "aws_secretsmanager_secret" "db" { name = "orders/db" }
resource "aws_secretsmanager_secret_rotation" "db" {
  secret_id           = aws_secretsmanager_secret.db.id
  rotation_lambda_arn = "arn:aws:lambda:eu-west-1:111122223333:function:rotate"
  rotation_rules { automatically_after_days = 30 }
}
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Db:
      Type: AWS::SecretsManager::Secret
      Properties:
        GenerateSecretString: {SecretStringTemplate: '{"username": "orders"}', GenerateStringKey: password}
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Db:
      Type: AWS::SecretsManager::Secret
      Properties:
        GenerateSecretString: {SecretStringTemplate: '{"username": "orders"}', GenerateStringKey: password}
    Rotation:
      Type: AWS::SecretsManager::RotationSchedule
      Properties:
        SecretId: !Ref Db
        HostedRotationLambda: {RotationType: PostgreSQLSingleUser}
        RotationRules: {AutomaticallyAfterDays: 30}
```

## Fix safety
Advice only: the rotation needs a function that knows what the secret opens.

## References
- [Rotate secrets](https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html)
- [Rotation functions](https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_available-rotation-templates.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.model.app import App, Database, EventSource, Rotation, Secret
from stockade.model.intent import Fix
from stockade.model.value import NO, YES, Tri, Value, maybe
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._elsewhere import may_be_elsewhere


@rule(
    "SK309",
    "secret-without-rotation",
    severity=LOW,
    confidence="medium",
    since="0.1",
    controls=["SECR-4"],
    maps={"aws-fsbp": ["SecretsManager.1"], "cwe": [262, 324]},
    aliases=[
        "CKV2_AWS_57",
        "AwsSolutions-SMG4",
        "SECRETSMANAGER_ROTATION_ENABLED_CHECK",
        "secretsmanager_automatic_rotation_enabled",
        "secretRotationEnabled",
    ],
    applies="uses no secret of the scanned code",
    holds="its secrets are rotated",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every secret for its rotation."""
    del ctx
    # A schedule may name the attachment of a secret to its database instead of the secret.
    loose = any(rotation.secret is None for rotation in app.of(Rotation))
    for secret in app.of(Secret):
        own: Tri = secret.rotations.is_empty()
        elsewhere = maybe("a rotation schedule does not say which secret it is for", secret.origin) if loose else NO
        yield from found(
            own & (~elsewhere if loose else YES) & ~may_be_elsewhere(app, secret, Rotation),
            subject=secret,
            at=secret,
            message=f"the secret `{secret}` is never rotated",
            help=_help(app, secret),
            fix=Fix.advice("add a rotation schedule"),
        )


def _help(app: App, secret: Secret) -> str:
    passwords = [database.password for database in app.of(Database)]
    if any(_is_of(value, secret) for value in passwords):
        help_ = "add a rotation schedule, or let the database manage its own password"
    elif broker := _broker(app, secret):
        help_ = (
            f"add a rotation schedule with a rotation function of your own: {broker} logs in to its broker with it, and "
            "Secrets Manager has none for brokers"
        )
    else:
        help_ = (
            "add a rotation schedule; Secrets Manager has rotation functions for passwords of databases, and most else "
            "needs one of your own"
        )
    variables = [variable.value for function in app.functions for variable in function.environment]
    if any(_resolves(value, secret) for value in (*passwords, *variables)):
        help_ += "; what reads the secret by a dynamic reference must be deployed again after each rotation"
    return help_


def _broker(app: App, secret: Secret) -> str:
    """The event source that opens a message broker with a secret, in words; empty where none is known to."""
    for source in app.of(EventSource):
        if any(_is_of(value, secret) for value in source.access):
            return f"the event source `{source}`"
    return ""


def _is_of(value: Value[str], secret: Secret) -> bool:
    """Whether a value is read from a secret."""
    return _resolves(value, secret) or any(reference.target == secret.key for _, reference in value.references())


def _resolves(value: Value[str], secret: Secret) -> bool:
    """Whether a value is looked up in a secret when it is deployed."""
    named = rf"\{{\{{resolve:secretsmanager:\$\{{{re.escape(secret.address)}(?:\.\w+)?\}}.*"
    return not value.resolves(named).is_no
