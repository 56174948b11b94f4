"""A security group that is open for IPv6.

## What it does
Reports security groups of functions that allow all outgoing traffic to `::/0`. It is worse for a dual-stack function, which
can use the rule today, than for one that gets IPv6 some day. Where the whole network is in the code and no route leads
to the internet or another network, it is for pedantic readers.

## Why is this bad?
The limits on IPv4 are no limits at all, once the same addresses can be reached over IPv6. Such rules are easily
overlooked, since most checks look at `0.0.0.0/0` alone.

## When it is fine
Where the network limits outgoing IPv6 in another place.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Orders
      VpcId: vpc-1
      SecurityGroupEgress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
        - {IpProtocol: -1, CidrIpv6: '::/0'}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      VpcConfig: {SubnetIds: [subnet-1, subnet-2], SecurityGroupIds: [!Ref Group], Ipv6AllowedForDualStack: true}
```
```yaml good
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Orders
      VpcId: vpc-1
      SecurityGroupEgress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIpv6: '::/0'}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      VpcConfig: {SubnetIds: [subnet-1, subnet-2], SecurityGroupIds: [!Ref Group], Ipv6AllowedForDualStack: true}
```
```hcl bad
resource "aws_security_group" "orders" { vpc_id = "vpc-0a1" }

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.orders.id
  cidr_ipv6         = "::/0"
  ip_protocol       = "-1"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"

  vpc_config {
    subnet_ids                  = ["subnet-0a1", "subnet-0b2"]
    security_group_ids          = [aws_security_group.orders.id]
    ipv6_allowed_for_dual_stack = true
  }
}
```
```hcl good
resource "aws_security_group" "orders" { vpc_id = "vpc-0a1" }

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.orders.id
  cidr_ipv6         = "::/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"

  vpc_config {
    subnet_ids                  = ["subnet-0a1", "subnet-0b2"]
    security_group_ids          = [aws_security_group.orders.id]
    ipv6_allowed_for_dual_stack = true
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    vpc: {subnetIds: [subnet-1, subnet-2], securityGroupIds: [!Ref Group], ipv6AllowedForDualStack: true}
resources:
  Resources:
    Group:
      Type: AWS::EC2::SecurityGroup
      Properties:
        {GroupDescription: Orders, VpcId: vpc-1, SecurityGroupEgress: [{IpProtocol: -1, CidrIpv6: '::/0'}]}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    vpc: {subnetIds: [subnet-1, subnet-2], securityGroupIds: [!Ref Group], ipv6AllowedForDualStack: true}
resources:
  Resources:
    Group:
      Type: AWS::EC2::SecurityGroup
      Properties:
        GroupDescription: Orders
        VpcId: vpc-1
        SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIpv6: '::/0'}]
```

## Fix safety
Advice only: what the function calls has to be known. Where others have the group too, give the function one of its own.

## References
- [Inbound and outbound IPv6 traffic](https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-ipv6)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import any_of
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import names
from stockade.rules.network._network import (
    NO_VPC,
    group_unseen,
    groups_of_functions,
    is_closed,
    no_way_out,
    open_egress,
    own_group,
    unattached,
)


@rule(
    "SK605",
    "open-ipv6-egress",
    severity=MEDIUM,
    since="0.1",
    controls=["NETW-4"],
    applies=NO_VPC,
    holds="its security groups limit outgoing IPv6",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every security group of functions for its outgoing IPv6 rules."""
    del ctx
    yield from unattached(app)
    for group in groups_of_functions(app):
        out = open_egress(group, v6=True)
        written = next((one for one in out.rules if not one.implied), None)
        dual = any_of(function.ipv6.is_true() for function in group.functions).is_yes
        who, own = names(group.functions), own_group(app, group)
        closed = all(is_closed(app, function) for function in group.functions)
        yield from found(
            out.answer,
            subject=group,
            at=group if written is None else written.origin,
            severity=MEDIUM if dual and not closed else LOW,
            persona="pedantic" if closed else None,
            message=f"the security group of {who} lets out all IPv6 traffic, though from the subnets "
            f"{no_way_out(app, group.functions)}: `{group}` allows it"
            if closed
            else f"{who} can reach every port of every IPv6 address: `{group}` allows it"
            if dual
            else f"once {who} has IPv6, every port of every IPv6 address is open to it: `{group}` allows it",
            help=own or "limit outgoing IPv6 as IPv4 has to be limited",
            fix=Fix.advice(
                "give the function a group of its own" if own else "limit outgoing IPv6 as IPv4 has to be limited"
            ),
        )
    for function, answer in group_unseen(app):
        message = f"a security group of `{function}` that can't be seen may allow all outgoing IPv6 traffic"
        yield from found(answer, subject=function, at=function, message=message, evidence="unseen")
