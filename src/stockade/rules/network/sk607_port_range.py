"""A rule of a function's security group that is for many ports.

## What it does
Reports rules of security groups of functions that are for a range of ports, but not for all of them. For pedantic
readers; SK604 to SK606 report rules for all ports.

## Why is this bad?
A function calls few services, each at one port. Every further port is one more service that somebody who runs code in
the function can reach.

## When it is fine
For services that use a range: passive FTP, a cluster whose nodes listen at ports of their own.

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
      VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [!Ref Group]}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of orders
      VpcId: vpc-1
      SecurityGroupEgress:
        - {IpProtocol: tcp, FromPort: 8000, ToPort: 9000, CidrIp: 10.0.0.0/16, Description: services}
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
      VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [!Ref Group]}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of orders
      VpcId: vpc-1
      SecurityGroupEgress:
        - {IpProtocol: tcp, FromPort: 8443, ToPort: 8443, CidrIp: 10.0.0.0/16, Description: orders API}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = [aws_security_group.orders.id]
  }
}
resource "aws_security_group" "orders" {
  description = "of orders"
  vpc_id      = "vpc-1"

  egress {
    protocol    = "tcp"
    from_port   = 8000
    to_port     = 9000
    cidr_blocks = ["10.0.0.0/16"]
    description = "services"
  }
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = [aws_security_group.orders.id]
  }
}
resource "aws_security_group" "orders" {
  description = "of orders"
  vpc_id      = "vpc-1"

  egress {
    protocol    = "tcp"
    from_port   = 8443
    to_port     = 8443
    cidr_blocks = ["10.0.0.0/16"]
    description = "services"
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    vpc: {subnetIds: [subnet-1], securityGroupIds: [!Ref Group]}
resources:
  Resources:
    Group:
      Type: AWS::EC2::SecurityGroup
      Properties:
        GroupDescription: of orders
        VpcId: vpc-1
        SecurityGroupEgress:
          - {IpProtocol: tcp, FromPort: 8000, ToPort: 9000, CidrIp: 10.0.0.0/16, Description: services}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    vpc: {subnetIds: [subnet-1], securityGroupIds: [!Ref Group]}
resources:
  Resources:
    Group:
      Type: AWS::EC2::SecurityGroup
      Properties:
        GroupDescription: of orders
        VpcId: vpc-1
        SecurityGroupEgress:
          - {IpProtocol: tcp, FromPort: 8443, ToPort: 8443, CidrIp: 10.0.0.0/16, Description: orders API}
```

## Fix safety
Advice only: which ports are needed is yours to say.

## References
- [Security group rules](https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, TrafficRule
from stockade.model.intent import Fix
from stockade.model.value import Tri
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._words import names
from stockade.rules.network._network import NO_VPC, door, every_port, group_unseen, groups_of_functions, unattached

_DIRECTIONS = ("ingress", "egress")
_ALL = (
    "the rules of its security groups are for one port each, beside those for every port, which other rules are about"
)


@rule(
    "SK607",
    "port-range",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["NETW-2"],
    maps={"cwe": [1327]},
    aliases=[
        "dae9c373",
        "87482183",
        "W27",
        "W29",
        "SECURITY_GROUP_INGRESS_PORT_RANGE_RULE",
        "SECURITY_GROUP_EGRESS_PORT_RANGE_RULE",
    ],
    applies=NO_VPC,
    holds="the rules of its security groups are for one port each",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every security group of functions for its ports."""
    del ctx
    yield from unattached(app)
    for group in groups_of_functions(app):
        every = any(door(group, direction, every_port).rules for direction in _DIRECTIONS)
        for direction in _DIRECTIONS:
            wide = door(group, direction, _is_range)
            first = wide.rules[0] if wide.rules else None
            ports = f"{first.from_port.show()} to {first.to_port.show()}" if first is not None else "many"
            yield from found(
                wide.answer,
                subject=group,
                at=group if first is None else first.origin,
                message=f"`{group}`, of {names(group.functions)}, lets the ports {ports} through ({direction})",
                help="name the ports that are needed",
                fix=Fix.advice("name the ports that are needed"),
                evidence=direction,
                passes=_ALL if every else "",
            )
    for function, answer in group_unseen(app):
        message = f"a security group of `{function}` that can't be seen may be for many ports"
        yield from found(answer, subject=function, at=function, message=message, evidence="unseen")


def _is_range(rule_: TrafficRule) -> Tri:
    with_ports = rule_.protocol.where(lambda v: str(v).lower() in {"tcp", "udp", "6", "17"})
    several = rule_.from_port.compare(
        rule_.to_port, lambda low, high: low is not None and high is not None and low < high
    )
    return with_ports & several & ~every_port(rule_)
