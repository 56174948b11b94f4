"""A security group that lets a function reach every port of every address.

## What it does
Reports security groups of functions that allow all outgoing traffic to `0.0.0.0/0` (and `::/0`), written or implied:
AWS adds such a rule to a group that states no egress. Medium where anyone on the internet can invoke, else low. Where the
whole network is in the code and no route leads to the internet or another network, the group lets out what has nowhere to go
yet, but to a service through a gateway endpoint: that is for pedantic readers.

## Why is this bad?
Who gets code to run in the function, through a flaw or a bad dependency, can send what it reads to any machine, and
probe the network that the function stands in. Most functions call a database and a few HTTPS addresses.

## When it is fine
Where the network limits outgoing traffic in another place, such as a firewall or a proxy behind the NAT gateway.

## Example
```yaml bad
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Orders, VpcId: vpc-1}}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip},
       VpcConfig: {SubnetIds: [subnet-1, subnet-2], SecurityGroupIds: [!Ref Group]}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Orders
      VpcId: vpc-1
      SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      VpcConfig: {SubnetIds: [subnet-1, subnet-2], SecurityGroupIds: [!Ref Group]}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: Orders, VpcId: vpc-1, SecurityGroupEgress: [{IpProtocol: -1, CidrIp: 0.0.0.0/0}]}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      VpcConfig: {SubnetIds: [subnet-1, subnet-2], SecurityGroupIds: [!Ref Group]}
```
```hcl bad
resource "aws_security_group" "orders" {
  vpc_id = "vpc-0a1"

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"

  vpc_config {
    subnet_ids         = ["subnet-0a1", "subnet-0b2"]
    security_group_ids = [aws_security_group.orders.id]
  }
}
```
```hcl good
resource "aws_security_group" "orders" {
  vpc_id = "vpc-0a1"

  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"

  vpc_config {
    subnet_ids         = ["subnet-0a1", "subnet-0b2"]
    security_group_ids = [aws_security_group.orders.id]
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    vpc: {subnetIds: [subnet-1, subnet-2], securityGroupIds: [!Ref Group]}
resources:
  Resources:
    Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Orders, VpcId: vpc-1}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    vpc: {subnetIds: [subnet-1, subnet-2], securityGroupIds: [!Ref Group]}
resources:
  Resources:
    Group:
      Type: AWS::EC2::SecurityGroup
      Properties:
        GroupDescription: Orders
        VpcId: vpc-1
        SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
```

## Fix safety
Advice only: what the function calls has to be known. A group that others have too, or that an output hands on, is not to be
narrowed for the function's sake: give that a group of its own.

## References
- [Security group rules](https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
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

_ONLY = "allow only what the function calls: HTTPS, and the ports of its databases in their security groups"


@rule(
    "SK604",
    "open-egress",
    severity=LOW,
    since="0.1",
    controls=["NETW-2"],
    aliases=[
        "CKV_AWS_382",
        "AWS-0104",
        "66f2d8f9",
        "1cc2fbd7",
        "ee464fc2",
        "W5",
        "W40",
        "F1000",
        "EC2_SECURITY_GROUP_EGRESS_OPEN_TO_WORLD_RULE",
        "SECURITY_GROUP_EGRESS_ALL_PROTOCOLS_RULE",
        "C.3",
    ],
    applies=NO_VPC,
    holds="its security groups limit outgoing traffic",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every security group of functions for its outgoing rules."""
    del ctx
    yield from unattached(app)
    for group in groups_of_functions(app):
        out = open_egress(group, v6=False)
        implied = any(one.implied for one in out.rules)
        first = next((one for one in out.rules if not one.implied), None)
        who, own = names(group.functions), own_group(app, group)
        closed = all(is_closed(app, function) for function in group.functions)
        public = any(invoker.public.is_yes for function in group.functions for invoker in function.invokers)
        why = f"`{group}` states no egress, so that AWS allows all of it" if implied else f"`{group}` allows it"
        yield from found(
            out.answer,
            subject=group,
            at=group if first is None else first.origin,
            severity=MEDIUM if public and not closed else LOW,
            persona="pedantic" if closed else None,
            message=f"the security group of {who} lets out all traffic to every address, though from the subnets "
            f"{no_way_out(app, group.functions)}: {why}"
            if closed
            else f"{who} can reach every port of every address: {why}",
            help=own or _ONLY,
            fix=Fix.advice(
                "give the function a group of its own"
                if own
                else "allow only the ports and addresses that the function calls"
            ),
        )
    for function, answer in group_unseen(app):
        message = f"a security group of `{function}` that can't be seen may allow all outgoing traffic"
        yield from found(answer, subject=function, at=function, message=message, evidence="unseen")
