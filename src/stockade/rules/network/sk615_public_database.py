"""A database, broker or cache with an address of the internet.

## What it does
Reports databases of RDS and Redshift, brokers of Amazon MQ and clusters of Amazon MSK that are publicly accessible.

## Why is this bad?
Functions reach it from inside of the VPC, so that the address serves others only: whoever finds it may try passwords, and
faults of the engine are open to everyone. Then a security group is all that stands between, and one rule too wide is enough.

## When it is fine
Where clients outside of AWS must reach it, by addresses that the security group names, and there is no VPN.

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
      StorageEncrypted: true
      PubliclyAccessible: true
```
```yaml good
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBInstanceClass: db.t4g.micro
      AllocatedStorage: "20"
      MasterUsername: orders
      ManageMasterUserPassword: true
      StorageEncrypted: true
      PubliclyAccessible: false
```
```hcl bad
resource "aws_mq_broker" "orders" {
  broker_name         = "orders"
  engine_type         = "RabbitMQ"
  engine_version      = "3.13"
  host_instance_type  = "mq.m7g.medium"
  publicly_accessible = true
}
```
```hcl good
resource "aws_mq_broker" "orders" {
  broker_name        = "orders"
  engine_type        = "RabbitMQ"
  engine_version     = "3.13"
  host_instance_type = "mq.m7g.medium"
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
      Type: AWS::AmazonMQ::Broker
      Properties:
        BrokerName: orders
        EngineType: RABBITMQ
        HostInstanceType: mq.m7g.medium
        DeploymentMode: SINGLE_INSTANCE
        PubliclyAccessible: true
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Orders:
      Type: AWS::AmazonMQ::Broker
      Properties:
        BrokerName: orders
        EngineType: RABBITMQ
        HostInstanceType: mq.m7g.medium
        DeploymentMode: SINGLE_INSTANCE
        PubliclyAccessible: false
```

## Fix safety
Unsafe: clients outside of the VPC lose their way to it, and a broker is made anew. For clusters of MSK, advice only.

## References
- [Hiding a DB instance from the internet](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html)
- [Security best practices for Amazon MQ](https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/using-amazon-mq-securely.html)
- [Public access to clusters of Amazon MSK](https://docs.aws.amazon.com/msk/latest/developerguide/public-access.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Database
from stockade.model.intent import Fix, Set
from stockade.model.value import Tri, maybe
from stockade.rules._base import HIGH, Context, Outcome, found, rule
from stockade.rules._words import by_format

# CloudFormation leaves it to RDS, Terraform's argument is false by default:
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html (as of 2026-11-28).
_INSTANCE = "AWS::RDS::DBInstance"
_BY_NETWORK = maybe(
    "RDS gives it an address of the internet if its VPC has an internet gateway", cause="service default"
)
_WORDS = {"mq": "the broker", "msk": "the cluster", "redshift": "the warehouse"}


@rule(
    "SK615",
    "public-database",
    severity=HIGH,
    since="0.1",
    controls=["FLEET-2", "NETW-1"],
    maps={"aws-fsbp": ["RDS.2", "MQ.6", "Redshift.1"], "cwe": [668]},
    aliases=[
        *("CKV_AWS_17", "CKV_AWS_69", "CKV_AWS_87", "AWS-0180", "AWS-0072", "F22", "rds_instance_no_public_access"),
        *("mq_broker_not_publicly_accessible", "redshift_cluster_public_access", "RDS_INSTANCE_PUBLIC_ACCESS_CHECK"),
    ],
    applies="uses no database or broker of the scanned code",
    holds="its databases and brokers have no address of the internet",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every database whether it is publicly accessible."""
    del ctx
    for database in app.of(Database):
        what = _WORDS.get(database.form, "the database")
        title = "give it addresses of the VPC only"
        yield from found(
            _is_public(database),
            subject=database,
            at=database.publicly_accessible,
            message=f"{what} `{database}` has an address of the internet",
            help="turn its public access off, and let people in by a VPN"
            if database.form == "msk"
            else f"set `{by_format(database, 'PubliclyAccessible', 'publicly_accessible')}` to false; people come in by a VPN",
            fix=Fix.advice(title)
            if database.form == "msk"
            else Fix.unsafe(
                title,
                Set(database, "publicly_accessible", value=False),
                why="clients outside of the VPC lose their way to it"
                + (", and the broker is made anew" if database.form == "mq" else ""),
            ),
        )


def _is_public(database: Database) -> Tri:
    """Whether it has an address of the internet; of an instance of RDS that says nothing, the network decides."""
    stated = database.publicly_accessible
    if database.type != _INSTANCE:
        return stated.is_true()
    return stated.is_true() | (~stated.is_set() & _BY_NETWORK)
