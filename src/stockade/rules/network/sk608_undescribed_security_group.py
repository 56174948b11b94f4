"""A security group that nobody has described.

## What it does
Reports security groups of functions, and their rules, without a description, or with the one that Terraform puts there.
For pedantic readers.

## Why is this bad?
Nobody dares to remove a rule of which nobody knows what it was for, so that it stays when the need has gone.

## When it is fine
Where the code beside it says what it is for.

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
        - {IpProtocol: tcp, FromPort: 8443, ToPort: 8443, CidrIp: 10.0.0.0/16}
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
          - {IpProtocol: tcp, FromPort: 8443, ToPort: 8443, CidrIp: 10.0.0.0/16}
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
Advice only: what it is for is yours to say.

## References
- [Security group rules](https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, SecurityGroup
from stockade.model.intent import Fix
from stockade.model.value import Tri
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.network._network import NO_VPC, door, group_unseen, groups_of_functions, unattached

_BY_TERRAFORM = "Managed by Terraform"


@rule(
    "SK608",
    "undescribed-security-group",
    severity=INFO,
    persona="pedantic",
    since="0.2",
    controls=["NETW-2"],
    maps={"cwe": [1053]},
    aliases=[
        "CKV_AWS_23",
        "AWS-0099",
        "AWS-0124",
        "68eb4bf3",
        "cb3f5ed6",
        "5e6c9c68",
        "W36",
        "SECURITY_GROUP_DESCRIPTION_RULE",
        "AwsSolutions-EC27",
    ],
    applies=NO_VPC,
    holds="its security groups and their rules are described",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every security group of functions for its description, and those of its rules."""
    del ctx
    yield from unattached(app)
    for group in groups_of_functions(app):
        yield from found(
            _undescribed(group),
            subject=group,
            at=group,
            message=f"nothing says what `{group}` is for",
            help="describe it" + by_format(group, " in `GroupDescription`", " in `description`"),
            fix=Fix.advice("describe it"),
            evidence="group",
        )
        for direction in ("ingress", "egress"):
            silent = door(group, direction, lambda one: ~one.description.reads(".+"))
            rules = [one for one in silent.rules if not one.implied]
            if rules or silent.answer.truth == "maybe":
                yield from found(
                    silent.answer,
                    subject=group,
                    at=rules[0].origin if rules else group,
                    message=f"nothing says what {_count(len(rules))} of `{group}` for {direction} {_are(len(rules))} for",
                    help="give each rule a description",
                    fix=Fix.advice("give each rule a description"),
                    evidence=direction,
                )
    for function, answer in group_unseen(app):
        message = f"a security group of `{function}` that can't be seen may have no description"
        yield from found(answer, subject=function, at=function, message=message, evidence="unseen")


def _undescribed(group: SecurityGroup) -> Tri:
    return ~group.description.is_set() | group.description.one_of(_BY_TERRAFORM, "")


def _count(rules: int) -> str:
    return "a rule" if rules < 2 else f"{rules} rules"


def _are(rules: int) -> str:
    return "is" if rules < 2 else "are"
