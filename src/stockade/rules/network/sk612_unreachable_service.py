"""A function that can't reach the service of what it is given.

## What it does
Reports functions in subnets from which no route leads out of the VPC, whose environment names a table, bucket, queue,
topic, stream, secret, parameter or state machine of the scanned code, and without an endpoint for that service.

## Why is this bad?
AWS's APIs are outside of the VPC. The call waits for an answer until the function's timeout, every time; what people
then open in a hurry is mostly more than an endpoint.

## When it is fine
Where the function only hands the name on, or the endpoint is shared from another VPC.

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
      Environment: {Variables: {TOKEN: !Ref Secret}}
      VpcConfig: {SubnetIds: [!Ref Inner], SecurityGroupIds: [sg-1]}
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Inner: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
  Secret: {Type: AWS::SecretsManager::Secret}
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
      Environment: {Variables: {TOKEN: !Ref Secret}}
      VpcConfig: {SubnetIds: [!Ref Inner], SecurityGroupIds: [sg-1]}
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Inner: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
  Secret: {Type: AWS::SecretsManager::Secret}
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      VpcEndpointType: Interface
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.secretsmanager"
      SubnetIds: [!Ref Inner]
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment { variables = { TOKEN = aws_secretsmanager_secret.token.arn } }
  vpc_config {
    subnet_ids         = [aws_subnet.inner.id]
    security_group_ids = ["sg-1"]
  }
}
resource "aws_vpc" "shop" { cidr_block = "10.0.0.0/16" }

resource "aws_subnet" "inner" {
  vpc_id     = aws_vpc.shop.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_secretsmanager_secret" "token" { name = "token" }
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment { variables = { TOKEN = aws_secretsmanager_secret.token.arn } }
  vpc_config {
    subnet_ids         = [aws_subnet.inner.id]
    security_group_ids = ["sg-1"]
  }
}
resource "aws_vpc" "shop" { cidr_block = "10.0.0.0/16" }

resource "aws_subnet" "inner" {
  vpc_id     = aws_vpc.shop.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_secretsmanager_secret" "token" { name = "token" }

resource "aws_vpc_endpoint" "secrets" {
  vpc_id            = aws_vpc.shop.id
  vpc_endpoint_type = "Interface"
  service_name      = "com.amazonaws.eu-west-1.secretsmanager"
  subnet_ids        = [aws_subnet.inner.id]
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    environment: {TOKEN: !Ref Secret}
    vpc: {subnetIds: [!Ref Inner], securityGroupIds: [sg-1]}
resources:
  Resources:
    Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    Inner: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
    Secret: {Type: AWS::SecretsManager::Secret}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    environment: {TOKEN: !Ref Secret}
    vpc: {subnetIds: [!Ref Inner], securityGroupIds: [sg-1]}
resources:
  Resources:
    Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
    Inner: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
    Secret: {Type: AWS::SecretsManager::Secret}
    Endpoint:
      Type: AWS::EC2::VPCEndpoint
      Properties:
        VpcId: !Ref Vpc
        VpcEndpointType: Interface
        ServiceName: !Sub "com.amazonaws.${AWS::Region}.secretsmanager"
        SubnetIds: [!Ref Inner]
```

## Fix safety
Advice only: whether an endpoint or a NAT gateway is right depends on what else is called.

## References
- [Connect Lambda to AWS services with VPC endpoints](https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import (
    App,
    Bucket,
    EnvVar,
    Function,
    Parameter,
    Queue,
    Resource,
    Secret,
    StateMachine,
    Stream,
    Table,
    Topic,
    VpcEndpoint,
)
from stockade.model.intent import Fix
from stockade.model.value import any_of, given
from stockade.rules._base import MEDIUM, Context, Label, Outcome, found, rule
from stockade.rules.network._network import NO_VPC, attached, is_isolated, unattached

_SERVICES: dict[type[Resource], str] = {
    Bucket: "s3",
    Parameter: "ssm",
    Queue: "sqs",
    Secret: "secretsmanager",
    StateMachine: "states",
    Stream: "kinesis-streams",
    Table: "dynamodb",
    Topic: "sns",
}


@rule(
    "SK612",
    "unreachable-service",
    severity=MEDIUM,
    confidence="medium",
    since="0.1",
    controls=["NETW-3"],
    aliases=["CTL.LAMBDA.VPC.ENDPOINTS.001"],
    applies=NO_VPC,
    holds="a route or an endpoint leads to what it is given",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function in a VPC how it reaches what its environment names."""
    del ctx
    yield from unattached(app)
    for function in attached(app):
        isolated = is_isolated(app, function)
        for variable, named in _named(app, function):
            service = _SERVICES[type(named)]
            endpoint = any_of(
                given(one.exists, one.service.reads(rf".*\.{service}(?:-fips)?")) for one in app.of(VpcEndpoint)
            )
            yield from found(
                given(variable.exists, isolated) & ~endpoint,
                subject=function,
                at=variable.value,
                message=f"`{function}` is given `{named}`, and nothing leads from its subnets to {service}",
                help=f"add an endpoint for `{service}` to the VPC, or a NAT gateway",
                fix=Fix.advice(f"add an endpoint for `{service}`"),
                related=(Label(named.origin, "this is what it is given"),),
                evidence=service,
            )


def _named(app: App, function: Function) -> Iterator[tuple[EnvVar, Resource]]:
    seen: set[str] = set()
    for variable in function.environment:
        for _, reference in variable.value.references():
            named = app.get(reference.target)
            if named is not None and type(named) in _SERVICES and _SERVICES[type(named)] not in seen:
                seen.add(_SERVICES[type(named)])
                yield variable, named
