"""A database that is not encrypted.

## What it does
Reports databases of RDS and Aurora, DocumentDB, Neptune, OpenSearch and DAX, and replication groups of ElastiCache, without
encryption at rest. What is restored from a snapshot, or copied from another database, is as that is: whether it is encrypted
can't be told here. Instances of a cluster are told of with that.

## Why is this bad?
What functions write there lies as it was written, and so do its backups and snapshots: one that is shared by mistake can be
read by whoever takes it, with no key that could be refused. Encryption can't be turned on later: it takes a copy of everything.

## When it is fine
For caches that can be made again, and for databases of tests with made-up data.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBInstanceClass: db.t4g.micro
      AllocatedStorage: "20"
      MasterUsername: orders
      ManageMasterUserPassword: true
```
```yaml good
Resources:
  Orders:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: aurora-postgresql
      MasterUsername: orders
      ManageMasterUserPassword: true
      StorageEncrypted: true
  First:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: aurora-postgresql
      DBInstanceClass: db.serverless
      DBClusterIdentifier: !Ref Orders
```
```hcl bad
resource "aws_db_instance" "orders" {
  engine                      = "postgres"
  instance_class              = "db.t4g.micro"
  allocated_storage           = 20
  username                    = "orders"
  manage_master_user_password = true
}
```
```hcl good
resource "aws_db_instance" "orders" {
  engine                      = "postgres"
  instance_class              = "db.t4g.micro"
  allocated_storage           = 20
  username                    = "orders"
  manage_master_user_password = true
  storage_encrypted           = true
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Orders:
      Type: AWS::DocDB::DBCluster
      Properties: {MasterUsername: orders, ManageMasterUserPassword: true}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Orders:
      Type: AWS::DocDB::DBCluster
      Properties: {MasterUsername: orders, ManageMasterUserPassword: true, StorageEncrypted: true}
```

## Fix safety
Advice only: the change makes a new, empty database in place of the old one.

## References
- [Encrypting resources of RDS](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html)
- [Encrypting data at rest in DocumentDB](https://docs.aws.amazon.com/documentdb/latest/developerguide/encryption-at-rest.html)
- [At-rest encryption in ElastiCache](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Database
from stockade.model.intent import Fix
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format

# Of what the model knows as databases, those whose storage is encrypted only if somebody says so, and the setting's name.
_SETTING = {
    "rds": ("StorageEncrypted", "storage_encrypted"),
    "documentdb": ("StorageEncrypted", "storage_encrypted"),
    "neptune": ("StorageEncrypted", "storage_encrypted"),
    "opensearch": ("EncryptionAtRestOptions.Enabled", "encrypt_at_rest.enabled"),
    "dax": ("SSESpecification.SSEEnabled", "server_side_encryption.enabled"),
    "elasticache": ("AtRestEncryptionEnabled", "at_rest_encryption_enabled"),
}
# A cluster of ElastiCache by itself has no encryption at rest, and a serverless cache always has.
_OTHERS = frozenset(
    {
        *("AWS::ElastiCache::CacheCluster", "AWS::ElastiCache::ServerlessCache"),
        *("aws_elasticache_cluster", "aws_elasticache_serverless_cache"),
    }
)


@rule(
    "SK341",
    "unencrypted-database",
    severity=MEDIUM,
    since="0.1",
    controls=["FLEET-2"],
    maps={"aws-fsbp": ["RDS.3", "RDS.27", "DocumentDB.1", "Neptune.1", "ES.1", "Opensearch.1"], "cwe": [311]},
    aliases=[
        *("CKV_AWS_16", "CKV_AWS_96", "CKV_AWS_74", "CKV_AWS_44", "CKV_AWS_47", "CKV_AWS_29", "CKV_AWS_5"),
        *(
            "AWS-0080",
            "AWS-0079",
            "AWS-0021",
            "AWS-0076",
            "AWS-0081",
            "AWS-0045",
            "AWS-0048",
            "F26",
            "F27",
            "F25",
            "F30",
        ),
        *(
            "AwsSolutions-RDS2",
            "RDS_STORAGE_ENCRYPTED",
            "rds_instance_storage_encrypted",
            "rds_cluster_storage_encrypted",
        ),
    ],
    applies="uses no database of the scanned code whose storage could be unencrypted",
    holds="the databases that it uses are encrypted",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every database whether its storage is encrypted."""
    del ctx
    for database in app.of(Database):
        setting = _SETTING.get(database.form)
        if setting is None or database.type in _OTHERS or database.cluster.is_set().is_yes:
            continue
        yield from found(
            ~database.encrypted.is_true(),
            subject=database,
            at=database.encrypted if database.encrypted.is_set().is_yes else database,
            message=f"the storage of `{database}` is not encrypted",
            help=f"set `{by_format(database, *setting)}` to true before there is anything in it",
            fix=Fix.advice(
                "make a new database that is encrypted",
                why="the change makes a new, empty database in place of the old one",
            ),
        )
