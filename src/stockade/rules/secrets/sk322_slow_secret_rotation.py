"""A secret that is rotated less than every 90 days.

## What it does
Reports rotation schedules of secrets with more than 90 days between two rotations.

## Why is this bad?
A secret that leaks opens its door until it changes. With a rotation that works, a shorter time costs nothing more; a
long one is mostly left from a time when it was done by hand.

## When it is fine
Where whoever takes the secret can't follow faster.

## Example
```yaml bad
Resources:
  Db: {Type: AWS::SecretsManager::Secret}
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties:
      SecretId: !Ref Db
      RotationLambdaARN: arn:aws:lambda:eu-west-1:111122223333:function:rotate
      RotationRules: {AutomaticallyAfterDays: 365}
```
```yaml good
Resources:
  Db: {Type: AWS::SecretsManager::Secret}
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties:
      SecretId: !Ref Db
      RotationLambdaARN: arn:aws:lambda:eu-west-1:111122223333:function:rotate
      RotationRules: {AutomaticallyAfterDays: 30}
```
```hcl bad
resource "aws_secretsmanager_secret" "db" { name = "db" }
resource "aws_secretsmanager_secret_rotation" "db" {
  secret_id           = aws_secretsmanager_secret.db.id
  rotation_lambda_arn = "arn:aws:lambda:eu-west-1:111122223333:function:rotate"
  rotation_rules { automatically_after_days = 365 }
}
```
```hcl good
resource "aws_secretsmanager_secret" "db" { name = "db" }
resource "aws_secretsmanager_secret_rotation" "db" {
  secret_id           = aws_secretsmanager_secret.db.id
  rotation_lambda_arn = "arn:aws:lambda:eu-west-1:111122223333:function:rotate"
  rotation_rules { automatically_after_days = 30 }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Db: {Type: AWS::SecretsManager::Secret}
    Rotation:
      Type: AWS::SecretsManager::RotationSchedule
      Properties:
        SecretId: !Ref Db
        RotationLambdaARN: arn:aws:lambda:eu-west-1:111122223333:function:rotate
        RotationRules: {AutomaticallyAfterDays: 365}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Db: {Type: AWS::SecretsManager::Secret}
    Rotation:
      Type: AWS::SecretsManager::RotationSchedule
      Properties:
        SecretId: !Ref Db
        RotationLambdaARN: arn:aws:lambda:eu-west-1:111122223333:function:rotate
        RotationRules: {AutomaticallyAfterDays: 30}
```

## Fix safety
Unsafe: the next rotation may come soon, and whoever keeps the secret for longer fails then.

## References
- [Rotation schedules](https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Rotation
from stockade.model.intent import Fix, Set
from stockade.model.value import Value
from stockade.patterns import regex
from stockade.rules._base import LOW, Context, Outcome, found, rule

_MOST = 90
_DAYS = regex(r"rate\(\s*(\d+)\s+days?\s*\)")


@rule(
    "SK322",
    "slow-secret-rotation",
    severity=LOW,
    since="0.1",
    controls=["SECR-4"],
    maps={"aws-fsbp": ["SecretsManager.4"], "cwe": [262, 324]},
    aliases=["CKV_AWS_304", "secretsmanager_secret_rotated_periodically"],
    applies="uses no secret of the scanned code that is rotated",
    holds="its secrets are rotated every 90 days or sooner",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every rotation schedule for its days."""
    del ctx
    for rotation in app.of(Rotation):
        by_rate = rotation.expression.is_set().is_yes
        value: Value[int] | Value[str] = rotation.expression if by_rate else rotation.days
        slow = rotation.expression.where(_is_slow) if by_rate else rotation.days.at_least(_MOST + 1)
        yield from found(
            value.is_set() & slow,
            subject=rotation,
            at=value,
            message=f"`{rotation.secret or rotation.secret_id.show()}` is rotated every {_shown(value)} only",
            help="rotate it every 30 days",
            fix=Fix.unsafe(
                "rotate it every 30 days",
                Set(rotation, "expression", "rate(30 days)") if by_rate else Set(rotation, "days", 30),
                why="the next rotation may come soon, and whoever keeps the secret for longer fails then",
            ),
        )


def _is_slow(expression: object) -> bool:
    found_ = _DAYS.fullmatch(str(expression).strip())
    return found_ is not None and int(found_[1]) > _MOST


def _shown(value: Value[int] | Value[str]) -> str:
    found_ = _DAYS.search(value.show())
    return f"{found_[1] if found_ is not None else value.show()} days"
