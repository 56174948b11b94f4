"""A function in a public subnet.

## What it does
Reports functions that are attached to a subnet whose route table leads to an internet gateway.

## Why is this bad?
A function's network interface has no public address, so that the gateway is of no use to it: calls to the internet, and
to AWS services without an endpoint in the VPC, hang until they time out. Public subnets are also where internet-facing
machines are, whose network rules are the loosest.

## When it is fine
For a function that calls nothing but addresses inside the VPC. Private subnets do the same for it. Where all of its
security groups let it reach private addresses and other groups only, it is told to pedantic readers; where that depends
on what is not known, such as a parameter, it is of low severity.

## Example
```yaml bad
Resources:
  Gateway: {Type: AWS::EC2::InternetGateway}
  Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
  Out:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  Use: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Public, RouteTableId: !Ref Table}}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip},
       VpcConfig: {SubnetIds: [!Ref Public], SecurityGroupIds: [sg-1]}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: subnet-public}}
  Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.1.0/24}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
  Out:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}
  Use: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Private, RouteTableId: !Ref Table}}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      {Runtime: python3.13, Handler: app.handler, CodeUri: src/,
       VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: [sg-1]}}
```
```hcl bad
resource "aws_internet_gateway" "main" { vpc_id = "vpc-0a1" }

resource "aws_subnet" "public" {
  vpc_id     = "vpc-0a1"
  cidr_block = "10.0.0.0/24"
}

resource "aws_route_table" "public" {
  vpc_id = "vpc-0a1"

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:1"

  vpc_config {
    subnet_ids         = [aws_subnet.public.id]
    security_group_ids = ["sg-0a1"]
  }
}
```
```hcl good
resource "aws_subnet" "private" {
  vpc_id     = "vpc-0a1"
  cidr_block = "10.0.1.0/24"
}

resource "aws_route_table" "private" { vpc_id = "vpc-0a1" }

resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:1"

  vpc_config {
    subnet_ids         = [aws_subnet.private.id]
    security_group_ids = ["sg-0a1"]
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    vpc: {subnetIds: [!Ref Public], securityGroupIds: [sg-1]}
resources:
  Resources:
    Gateway: {Type: AWS::EC2::InternetGateway}
    Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24}}
    Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
    Out:
      Type: AWS::EC2::Route
      Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
    Use: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Public, RouteTableId: !Ref Table}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    vpc: {subnetIds: [!Ref Private], securityGroupIds: [sg-1]}
resources:
  Resources:
    Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.1.0/24}}
    Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
    Use: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Private, RouteTableId: !Ref Table}}
```

## Fix safety
Advice only: private subnets need a NAT gateway or endpoints for what the function calls.

## References
- [Internet access for functions in a VPC](https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Subnet
from stockade.model.intent import Fix
from stockade.model.value import NO, Tri, Value
from stockade.rules._base import LOW, MEDIUM, Context, Label, Outcome, found, rule
from stockade.rules._words import names
from stockade.rules.network._network import NO_VPC, attached, inside, outside, resolve, unattached, unseen


@rule(
    "SK602",
    "function-in-public-subnet",
    severity=MEDIUM,
    since="0.1",
    controls=["NETW-1"],
    aliases=["CTL.LAMBDA.VPC.SUBNET.001"],
    applies=NO_VPC,
    holds="none of its subnets leads to an internet gateway",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every subnet of every function where it leads."""
    del ctx
    yield from unattached(app)
    for function in attached(app):
        answer: Tri = NO
        public: list[Subnet] = []
        first: Value[str] | None = None
        for value in function.subnets:
            for here, subnet in resolve(app, value, Subnet):
                own = here & subnet.public
                answer = answer | own
                if own.truth in {"yes", "mixed"}:
                    public.append(subnet)
                    first = value if first is None else first
        answer = answer | unseen(outside(app, function.subnets, Subnet, "subnet"), function)
        which = names(public, 3, "subnet") if public else "subnets"
        few = "a public subnet" if len(public) == 1 else "public subnets"
        within = inside(app, function)
        yield from found(
            answer,
            subject=function,
            at=function if first is None else first,
            severity=MEDIUM if within.is_no else LOW,
            persona="pedantic" if within.is_yes else None,
            message=f"`{function}` is in {few}, {which}, where it can't reach the internet"
            if public
            else f"`{function}` may be in a public subnet",
            help="attach it to private subnets, with a NAT gateway or endpoints for what it calls",
            fix=Fix.advice("attach it to private subnets, with a NAT gateway or endpoints for what it calls"),
            related=tuple(Label(subnet.origin, "its route table leads to an internet gateway") for subnet in public),
            evidence=",".join(sorted(str(subnet) for subnet in public)),
        )
