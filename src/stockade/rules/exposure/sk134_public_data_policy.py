"""A secret, table, stream or file system that everybody may use.

## What it does
Reports statements of the policies of secrets, tables, streams, file systems, search domains and log destinations that
let in everybody. Conditions and denials are counted. Of file systems, a statement for `*` that holds only for mounts
through a mount target (`elasticfilesystem:AccessedViaMountTarget`) is quiet: the network decides there.

## Why is this bad?
These policies reach across accounts: with one line, what a function keeps is readable from every account of AWS,
whatever the roles of your own account say.

## When it is fine
With a condition on the organisation, the account or the network; such statements are not reported.

## Example
```yaml bad
Resources:
  Db: {Type: AWS::SecretsManager::Secret}
  Policy:
    Type: AWS::SecretsManager::ResourcePolicy
    Properties:
      SecretId: !Ref Db
      ResourcePolicy:
        Statement: {Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: "*", Principal: "*"}
```
```yaml good
Resources:
  Db: {Type: AWS::SecretsManager::Secret}
  Policy:
    Type: AWS::SecretsManager::ResourcePolicy
    Properties:
      SecretId: !Ref Db
      ResourcePolicy:
        Statement:
          Effect: Allow
          Action: secretsmanager:GetSecretValue
          Resource: "*"
          Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/orders"}
```
```hcl bad
resource "aws_secretsmanager_secret" "db" { name = "db" }
data "aws_iam_policy_document" "db" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
resource "aws_secretsmanager_secret_policy" "db" {
  secret_arn = aws_secretsmanager_secret.db.arn
  policy     = data.aws_iam_policy_document.db.json
}
```
```hcl good
resource "aws_secretsmanager_secret" "db" { name = "db" }
data "aws_iam_policy_document" "db" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/orders"]
    }
  }
}
resource "aws_secretsmanager_secret_policy" "db" {
  secret_arn = aws_secretsmanager_secret.db.arn
  policy     = data.aws_iam_policy_document.db.json
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
    Policy:
      Type: AWS::SecretsManager::ResourcePolicy
      Properties:
        SecretId: !Ref Db
        ResourcePolicy:
          Statement: {Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: "*", Principal: "*"}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Db: {Type: AWS::SecretsManager::Secret}
    Policy:
      Type: AWS::SecretsManager::ResourcePolicy
      Properties:
        SecretId: !Ref Db
        ResourcePolicy:
          Statement:
            Effect: Allow
            Action: secretsmanager:GetSecretValue
            Resource: "*"
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/orders"}
```

## Fix safety
Advice only: who has to be let in is not written anywhere.

## References
- [Policies of secrets](https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html)
- [Policies of tables](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-examples.html)
- [Policies of file systems](https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.conditions import has_key
from stockade.iam.opened import Open
from stockade.model.app import App, Database, FileSystem, Resource, Secret, Stream, Table
from stockade.model.value import NO, Tri
from stockade.rules._base import CRITICAL, HIGH, Context, Outcome, rule
from stockade.rules.exposure._policies import Ways, public

_KINDS = (Secret, Table, Stream, FileSystem, Database)
_NOUNS = {
    "secret": "the secret",
    "table": "the table",
    "stream": "the stream",
    "file-system": "the file system",
    "database": "the domain",
}
_TYPES = (
    "AWS::SecretsManager::ResourcePolicy", "AWS::Kinesis::ResourcePolicy", "AWS::Logs::ResourcePolicy",
    "AWS::EventSchemas::RegistryPolicy", "aws_schemas_registry_policy",
    "aws_secretsmanager_secret_policy", "aws_kinesis_resource_policy", "aws_dynamodb_resource_policy",
    "aws_cloudwatch_log_resource_policy", "aws_efs_file_system_policy", "aws_opensearch_domain_policy",
    "aws_elasticsearch_domain_policy",
)  # fmt: skip
_WAYS: Ways = (
    (
        ("secretsmanager:GetSecretValue", "dynamodb:GetItem", "kinesis:GetRecords", "elasticfilesystem:ClientMount",
         "es:ESHttpGet"),
        "read",
    ),
    (
        ("secretsmanager:PutSecretValue", "dynamodb:PutItem", "kinesis:PutRecord", "elasticfilesystem:ClientWrite",
         "es:ESHttpPut", "logs:PutLogEvents"),
        "write to",
    ),
)  # fmt: skip


@rule(
    "SK134",
    "public-data-policy",
    severity=HIGH,
    since="0.1",
    controls=["FLEET-2", "SECR-1"],
    maps={"cwe": [284, 732]},
    aliases=[
        "fa00ce45", "fae52418", "db0ec4c4", "secretsmanager_not_publicly_accessible", "efs_not_publicly_accessible",
        "cloudwatch_log_group_not_publicly_accessible", "secretsmanager_has_restrictive_resource_policy",
    ],
    applies="uses no secret, table, stream or file system of the scanned code",
    holds="the policies of what it keeps let nobody in whom they don't name",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the policies of what keeps data for everybody."""
    del ctx
    yield from public(
        app,
        kinds=_KINDS,
        types=_TYPES,
        noun=_noun,
        ways=_WAYS,
        severity=lambda one: CRITICAL if isinstance(one.guarded, Secret) else HIGH,
        help_="name the roles or accounts that need it, or add the condition StringEquals aws:PrincipalOrgID",
        unless=_by_network,
    )


def _noun(resource: Resource) -> str:
    return _NOUNS.get(resource.kind, "what is guarded by")


def _by_network(one: Open) -> Tri:
    """A file system is reached by its mount targets only, which stand in a network of their own."""
    mounted = has_key(one.statement, "elasticfilesystem:AccessedViaMountTarget")
    return mounted if isinstance(one.guarded, FileSystem) else NO
