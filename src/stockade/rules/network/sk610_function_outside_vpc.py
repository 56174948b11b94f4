"""A function outside the VPC of the database that it is given.

## What it does
Reports functions that are attached to no VPC, but whose environment holds the address of a database, cache or broker
that is reached through one. Functions that are given no such address need no VPC, and are fine.

## Why is this bad?
Either the function can't connect, and every invocation waits until its timeout; or somebody has opened the database to
the internet so that it can.

## When it is fine
Where the address is only shown or handed on, or the database is reached through its Data API.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Environment: {Variables: {DATABASE_HOST: !GetAtt Database.Endpoint.Address}}
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, DBInstanceClass: db.t4g.micro, ManageMasterUserPassword: true}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Environment: {Variables: {DATABASE_HOST: !GetAtt Database.Endpoint.Address}}
      VpcConfig: {SubnetIds: [subnet-1, subnet-2], SecurityGroupIds: [sg-1]}
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, DBInstanceClass: db.t4g.micro, ManageMasterUserPassword: true}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment { variables = { DATABASE_HOST = aws_db_instance.orders.address } }
}
resource "aws_db_instance" "orders" {
  engine                      = "postgres"
  instance_class              = "db.t4g.micro"
  manage_master_user_password = true
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment { variables = { DATABASE_HOST = aws_db_instance.orders.address } }
  vpc_config {
    subnet_ids         = ["subnet-1", "subnet-2"]
    security_group_ids = ["sg-1"]
  }
}
resource "aws_db_instance" "orders" {
  engine                      = "postgres"
  instance_class              = "db.t4g.micro"
  manage_master_user_password = true
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    environment: {DATABASE_HOST: !GetAtt Database.Endpoint.Address}
resources:
  Resources:
    Database:
      Type: AWS::RDS::DBInstance
      Properties: {Engine: postgres, DBInstanceClass: db.t4g.micro, ManageMasterUserPassword: true}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    environment: {DATABASE_HOST: !GetAtt Database.Endpoint.Address}
    vpc: {subnetIds: [subnet-1, subnet-2], securityGroupIds: [sg-1]}
resources:
  Resources:
    Database:
      Type: AWS::RDS::DBInstance
      Properties: {Engine: postgres, DBInstanceClass: db.t4g.micro, ManageMasterUserPassword: true}
```

## Fix safety
Advice only: which subnets and security groups are right is yours to say.

## References
- [Giving Lambda functions access to resources in a VPC](https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Database, EnvVar, Function
from stockade.model.intent import Fix
from stockade.model.value import Tri, given
from stockade.rules._base import MEDIUM, Context, Label, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.network._network import is_attached

_ADDRESSES = ("endpoint", "address", "host", "bootstrap", "url")


@rule(
    "SK610",
    "function-outside-vpc",
    severity=MEDIUM,
    confidence="medium",
    since="0.1",
    controls=["NETW-1"],
    aliases=[
        "CKV_AWS_117",
        "W89",
        "LAMBDA_INSIDE_VPC",
        "LambdaInsideVPC",
        "AC_AWS_0486",
        "awslambda_function_inside_vpc",
        "lambdaVpcConfig",
        "C.1",
        "Lambda.3",
        "CT.LAMBDA.PR.3",
        "CTL.LAMBDA.VPC.SENSITIVE.001",
    ],
    applies="is given no address of a database that is reached through a VPC",
    holds="is attached to a VPC, or its database is reached over the internet",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function that is given a database's address for its VPC."""
    del ctx
    for function in app.functions:
        for variable, database in _databases(app, function):
            yield from found(
                given(variable.exists, ~is_attached(function)) & _is_inside(database),
                subject=function,
                at=variable.value,
                message=f"`{function}` is given the address of `{database}`, which is reached through a VPC, and is in none",
                help="attach the function to private subnets of that VPC"
                + by_format(function, " with `VpcConfig`", " with `vpc_config`", " with `vpc`"),
                fix=Fix.advice("attach the function to the VPC"),
                related=(Label(database.origin, "it is declared here"),),
                evidence=variable.name,
            )


def _is_inside(database: Database) -> Tri:
    """Whether a database is reached through a VPC. A search domain is where it has security groups."""
    if database.form == "opensearch":
        return ~database.security_groups.is_empty()
    return ~database.publicly_accessible.is_true()


def _databases(app: App, function: Function) -> Iterator[tuple[EnvVar, Database]]:
    """The variables of a function that hold the address of a database of the application."""
    for variable in function.environment:
        for _, reference in variable.value.references():
            database = app.get(reference.target)
            told = f"{reference.attribute} {reference.shown.rpartition('.')[2]}".lower()
            if isinstance(database, Database) and any(word in told for word in _ADDRESSES):
                yield variable, database
