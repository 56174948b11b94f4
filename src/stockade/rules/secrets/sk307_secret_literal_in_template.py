"""A secret written into a template.

## What it does
Reports secrets in plain text where a template makes the thing that should keep them: the string of a Secrets Manager
secret, an SSM parameter of type `String`, the password of a database. An SSM parameter of type `String` that is filled
from a `NoEcho` parameter is told too: everybody who may read parameters reads it.

## Why is this bad?
The template is in version control, in the deployment bucket, and in CloudFormation's history: the secret is then kept
in all of these, and in Secrets Manager.

## When it is fine
For a first value that the rotation replaces at once, and that opens nothing until then.

## Example
```yaml bad
Resources:
  Db:
    Type: AWS::SecretsManager::Secret
    Properties:
      SecretString: '{"username": "orders", "password": "Tk4vW9qzR2m"}'
```
```yaml good
Resources:
  Db:
    Type: AWS::SecretsManager::Secret
    Properties:
      GenerateSecretString:
        SecretStringTemplate: '{"username": "orders"}'
        GenerateStringKey: password
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Db:
    Type: AWS::SecretsManager::Secret
    Properties:
      SecretString: '{"username": "orders", "password": "Tk4vW9qzR2m"}'
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
```
```hcl bad
resource "aws_secretsmanager_secret" "db" { name = "orders/db" }
resource "aws_secretsmanager_secret_version" "db" {
  secret_id     = aws_secretsmanager_secret.db.id
  secret_string = jsonencode({ username = "orders", password = "Tk4vW9qzR2m" })
}
```
```hcl good
resource "aws_secretsmanager_secret" "db" { name = "orders/db" }
ephemeral "aws_secretsmanager_random_password" "db" {}
resource "aws_secretsmanager_secret_version" "db" {
  secret_id                = aws_secretsmanager_secret.db.id
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.db.random_password
  secret_string_wo_version = 1
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
        SecretString: '{"username": "orders", "password": "Tk4vW9qzR2m"}'
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
        GenerateSecretString:
          SecretStringTemplate: '{"username": "orders"}'
          GenerateStringKey: password
```

## Fix safety
Advice only: the secret has to be changed, and made by Secrets Manager or put in by hand.

## References
- [Create a secret with CloudFormation](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html)
- [Dynamic references](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge.secrets import names_secret
from stockade.model.app import App, Database, Parameter, Resource, Secret
from stockade.model.intent import Fix
from stockade.model.sensitive import is_secret_input, plain_secrets
from stockade.model.value import NO, YES, Tri, Value
from stockade.rules._base import HIGH, MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.secrets._shared import severity_of, thing

_FIX = Fix.advice(
    "let Secrets Manager make the secret",
    why="whoever has seen the code has seen the secret, so that it must be changed as well",
)


@rule(
    "SK307",
    "secret-literal-in-template",
    severity=HIGH,
    since="0.1",
    controls=["SECR-1"],
    maps={"cwe": [312, 798]},
    aliases=["W2501", "W2010", "CKV2_AWS_34", "ssmEncryptedParameters", "CTL.LAMBDA.SECRETS.SSM.INSECURE.001"],
    applies="uses no secret, parameter or database of the scanned code",
    holds="no secret is written into what keeps it",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at what secrets, parameters and databases are given."""
    del ctx
    for secret in app.of(Secret):
        yield from _literal(secret, "password", secret.literal, YES, "the secret")
    for database in app.of(Database):
        yield from _literal(database, "password", database.password, YES, "the password of")
    for parameter in app.of(Parameter):
        name = parameter.name.only() or parameter.address
        last = str(name).rpartition("/")[2]
        plain = parameter.form.one_of("String", "StringList")
        yield from _literal(parameter, last, parameter.literal, plain, "the parameter")
        if names_secret(last):
            yield from found(
                plain & is_secret_input(parameter.literal),
                subject=parameter,
                at=parameter.literal,
                severity=MEDIUM,
                message=f"the parameter `{parameter}` keeps a secret as a `String`, unencrypted",
                help="keep it in Secrets Manager"
                + by_format(parameter, "; CloudFormation can't make a SecureString", ", or make it a `SecureString`"),
                fix=Fix.advice("keep it in Secrets Manager"),
                evidence="hidden",
            )


def _literal(subject: Resource, name: str, value: Value[str], unless: Tri, what: str) -> Iterator[Outcome]:
    clean = True
    for plain in plain_secrets(name, value):
        if plain.default is not None:
            continue  # secret-in-parameter-default
        clean = False
        yield from found(
            unless & plain.answer,
            subject=subject,
            at=plain.leaf,
            severity=severity_of(plain),
            confidence=plain.hit.confidence,
            message=f"{what} `{subject}` is written out in the {by_format(subject, 'template', 'code')}: {thing(plain)}",
            help="let Secrets Manager generate it, or "
            + by_format(
                subject,
                "refer to it with {{resolve:secretsmanager:…}}",
                "hand it from an ephemeral resource to a write-only argument",
            ),
            fix=_FIX,
            evidence="literal",
        )
    if clean:
        yield from found(NO, subject=subject, message="")
