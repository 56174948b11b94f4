"""A secret without a key of your own.

## What it does
Reports secrets of Secrets Manager, and SSM parameters of the type `SecureString`, that are encrypted with the key
that AWS manages.

## Why is this bad?
The key of AWS is open to everybody in the account who may read secrets: only one policy decides. With a key of your
own two do, and other accounts can be let in, which the key of AWS rules out.

## When it is fine
Where the permissions to read secrets are narrow. Only the pedantic persona hears of it.

## Example
```yaml bad
Resources:
  Db:
    Type: AWS::SecretsManager::Secret
    Properties: {GenerateSecretString: {PasswordLength: 32}}
```
```yaml good
Resources:
  Db:
    Type: AWS::SecretsManager::Secret
    Properties: {GenerateSecretString: {PasswordLength: 32}, KmsKeyId: alias/secrets}
```
```hcl bad
resource "aws_secretsmanager_secret" "db" { name = "db" }
```
```hcl good
resource "aws_secretsmanager_secret" "db" {
  name       = "db"
  kms_key_id = "alias/secrets"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Db:
      Type: AWS::SecretsManager::Secret
      Properties: {GenerateSecretString: {PasswordLength: 32}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Db:
      Type: AWS::SecretsManager::Secret
      Properties: {GenerateSecretString: {PasswordLength: 32}, KmsKeyId: alias/secrets}
```

## Fix safety
Advice only: a key has to be made, and everybody who reads the secret needs it.

## References
- [Encryption in Secrets Manager](https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html)
- [SecureString parameters](https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Parameter, Secret
from stockade.rules._base import INFO, Context, Outcome, rule
from stockade.rules.secrets._keys import has_own_key, without_own_key


@rule(
    "SK316",
    "secret-without-own-key",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["SECR-5"],
    maps={"cwe": [311]},
    aliases=[
        "CKV_AWS_149", "CKV_AWS_337", "AWS-0098", "a2f548f2", "b0d3ef3f", "c8ae9ba9", "W77",
        "SECRETSMANAGER_USING_CMK", "secretsManagerEncrypted", "SMUsingKMS"],
    applies="uses no secret and no encrypted parameter of the scanned code",
    holds="its secrets are encrypted with a key of your own",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every secret for its key."""
    del ctx
    for secret in app.of(Secret):
        yield from without_own_key(secret, "the secret", has_own_key(secret.kms_key))
    for parameter in app.of(Parameter):
        plain = ~parameter.form.is_("SecureString")
        if plain.is_yes:
            continue
        yield from without_own_key(parameter, "the parameter", has_own_key(parameter.kms_key) | plain)
