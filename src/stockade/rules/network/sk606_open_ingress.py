"""A function's security group that lets traffic in.

## What it does
Reports rules for incoming traffic in security groups of functions: from every address, and, for pedantic readers, from
anywhere else. A group that a database or another such resource of the application shares is left out. One that is an
output may be given to what is not here, and is told more quietly: from every address to pedantic readers, else to
auditors.

## Why is this bad?
Nothing connects to a function through its network interface: Lambda invokes it in another way. A rule for incoming
traffic is of no use to the function, hides what is really allowed, and opens whatever else gets the group one day.

## When it is fine
Where the group is shared with something that does listen, and that this application does not show.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Orders
      VpcId: vpc-1
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      VpcConfig: {SubnetIds: [subnet-1, subnet-2], SecurityGroupIds: [!Ref Group]}
```
```yaml good
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Orders, VpcId: vpc-1}}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      VpcConfig: {SubnetIds: [subnet-1, subnet-2], SecurityGroupIds: [!Ref Group]}
```
```hcl bad
resource "aws_security_group" "orders" {
  vpc_id = "vpc-0a1"

  ingress {
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
```hcl good
resource "aws_security_group" "orders" { vpc_id = "vpc-0a1" }

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
    Group:
      Type: AWS::EC2::SecurityGroup
      Properties:
        GroupDescription: Orders
        VpcId: vpc-1
        SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
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
    Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Orders, VpcId: vpc-1}}
```

## Fix safety
Unsafe: what else has the group, and listens, can no longer be reached.

## References
- [Giving functions access to a VPC](https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Database, Output, SecurityGroup, TrafficRule
from stockade.model.intent import Fix, Remove
from stockade.model.value import NO, YES, File, any_of
from stockade.rules._base import LOW, Context, Outcome, Persona, found, rule
from stockade.rules._words import names
from stockade.rules.network._network import (
    NO_VPC,
    Door,
    door,
    everywhere,
    group_unseen,
    groups_of_functions,
    unattached,
)


@rule(
    "SK606",
    "open-ingress",
    severity=LOW,
    confidence="medium",
    since="0.1",
    controls=["NETW-2"],
    aliases=[
        "CKV_AWS_260",
        "AWS-0107",
        "CKV_AWS_24",
        "CKV_AWS_25",
        "CKV_AWS_277",
        "4728cd65",
        "4a1e6b34",
        "65905cec",
        "6e856af2",
        "W2",
        "W9",
        "W42",
        "EC2_SECURITY_GROUP_INGRESS_OPEN_TO_WORLD_RULE",
        "SECURITY_GROUP_INGRESS_ALL_PROTOCOLS_RULE",
        "AwsSolutions-EC23",
        "S6321",
        "FG_R00085",
        "FG_R00087",
        "EC2.13",
        "EC2.18",
        "EC2.19",
    ],
    applies=NO_VPC,
    holds="its security groups let no traffic in, or others that listen share them",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every security group that only functions have for its incoming rules."""
    del ctx
    yield from unattached(app)
    shared = {r.target for base in app.of(Database) for value in base.security_groups for _, r in value.references()}
    put_out = {r.target for output in app.of(Output) for _, r in output.value.references()}
    for group in groups_of_functions(app):
        if group.key in shared:
            yield from found(NO, subject=group, message="")
            continue
        world = door(group, "ingress", lambda one: any_of((everywhere(one, v6=False), everywhere(one, v6=True))))
        some = door(group, "ingress", lambda _: YES)
        let_in = world if world.rules else some
        yield from _tell(group, let_in, is_world=bool(world.rules), is_output=group.key in put_out)
    for function, answer in group_unseen(app):
        message = f"a security group of `{function}` that can't be seen may let traffic in"
        yield from found(answer, subject=function, at=function, message=message, evidence="unseen")


def _tell(group: SecurityGroup, let_in: Door, *, is_world: bool, is_output: bool) -> Iterator[Outcome]:
    first = let_in.rules[0] if let_in.rules else None
    # A block with several sources is several rules, and goes only as a whole.
    blocks = [one for one in group.rules if any(_same_block(one, own) for own in let_in.rules)]
    whole = all(any(one is own for own in let_in.rules) for one in blocks)
    source = "every address" if is_world else "other machines"
    personas: tuple[Persona, ...] = ("regular", "pedantic", "auditor")
    others = ", which is put out for others," if is_output else ""
    yield from found(
        let_in.answer,
        subject=group,
        at=group if first is None else first.origin,
        persona=personas[(not is_world) + is_output],
        message=f"`{group}`{others} lets traffic from {source} in, which {names(group.functions)} can't receive",
        help="remove the rules for incoming traffic" + (", or give the functions a group of their own" * is_output),
        fix=Fix.unsafe(
            "remove the rules for incoming traffic",
            *(Remove(group, "inline_rules", one.origin) for one in let_in.rules),
            why="what else has the group, and listens, can no longer be reached",
        )
        if whole
        else Fix.advice("remove the sources of incoming traffic"),
    )


def _same_block(one: TrafficRule, other: TrafficRule) -> bool:
    """Whether two rules were written as one block."""
    if not isinstance(one.origin, File) or not isinstance(other.origin, File):
        return one is other
    left, right = one.origin.span, other.origin.span
    return left.doc is right.doc and left.start == right.start and left.end == right.end
