"""A security group that nothing uses.

## What it does
Reports security groups that no resource of the scanned code has, no rule of another group names and no output hands on.
For auditors: other tools' checklists ask for it. Where something stands beside a group that Stockade does not look into,
such as a server, whether it uses the group can't be told.

## Why is this bad?
A group that is left over is taken for one that protects something, and is attached to the next thing that needs one,
with whatever its rules let through.

## When it is fine
Where code that is not scanned attaches it by its name or a tag.

## Example
```yaml bad
Resources:
  Left:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: of the old workers, VpcId: vpc-1}
```
```yaml good
Resources:
  Workers:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: of the workers, VpcId: vpc-1}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {S3Bucket: b, S3Key: a.zip}
      VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [!GetAtt Workers.GroupId]}
```
```hcl bad
resource "aws_security_group" "left" {
  description = "of the old workers"
  vpc_id      = "vpc-1"
}
```
```hcl good
resource "aws_security_group" "workers" {
  description = "of the workers"
  vpc_id      = "vpc-1"
}

output "workers" {
  value = aws_security_group.workers.id
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Left:
      Type: AWS::EC2::SecurityGroup
      Properties: {GroupDescription: of the old workers, VpcId: vpc-1}
```
```yaml good
service: shop
provider:
  name: aws
  runtime: python3.13
  vpc: {subnetIds: [subnet-1], securityGroupIds: [!GetAtt Workers.GroupId]}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Workers:
      Type: AWS::EC2::SecurityGroup
      Properties: {GroupDescription: of the workers, VpcId: vpc-1}
```

## Fix safety
Advice only: code that is not scanned may use it.

## References
- [Delete a security group](https://docs.aws.amazon.com/vpc/latest/userguide/deleting-security-groups.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import KINDS, App, Other, Output, Resource, SecurityGroup, SecurityGroupRule
from stockade.model.intent import Fix
from stockade.model.value import NO, YES, Doubt, Tri, Value
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._stated import referred, stated

# Services whose resources have no security group, by what their types are called in every format.
_WITHOUT = (
    "accessanalyzer",
    "acm",
    "apigateway",
    "appsync",
    "backup",
    "budgets",
    "certificatemanager",
    "cloudfront",
    "cloudtrail",
    "cloudwatch",
    "cognito",
    "dynamodb",
    "ecr",
    "eip",
    "events",
    "flowlog",
    "guardduty",
    "iam",
    "kms",
    "logs",
    "networkacl",
    "resourcegroups",
    "route53",
    "s3",
    "scheduler",
    "secretsmanager",
    "servicediscovery",
    "sfn",
    "sns",
    "sqs",
    "ssm",
    "stepfunctions",
    "vpcdhcp",
    "vpcgatewayattachment",
    "waf",
)


@rule(
    "SK613",
    "unused-security-group",
    severity=INFO,
    confidence="medium",
    persona="auditor",
    since="0.1",
    controls=["NETW-2"],
    maps={"cwe": [1164]},
    aliases=["CKV2_AWS_5", "4849211b"],
    applies="is attached to no security group that nothing uses",
    holds="something uses the security group",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for whatever names every security group."""
    del ctx
    with app.aside():  # it is about groups; that something else may use one is told of the group
        named = _named(app)
    every = {kind.kind for kind in KINDS}
    for group in app.of(SecurityGroup):
        if group.type == "aws_default_security_group":
            continue  # it takes over the group that a VPC has anyway, which can't be removed
        with app.aside():
            hidden = None if group.key in named else _elsewhere(app, group) or app.unread(group, every)
        yield from found(
            NO if group.key in named else YES if hidden is None else Tri("maybe", (), (hidden,)),
            subject=group,
            at=group,
            message=f"nothing here uses the security group `{group}`",
            help="remove it, or say in an ignore who uses it",
            fix=Fix.advice("remove it if nobody needs it"),
        )


def _elsewhere(app: App, group: SecurityGroup) -> Doubt | None:
    """Why something that is not known, or not looked at, may use a group."""
    for other in app.beside(group, Other):
        if not _has_none(other.type):
            return Doubt(
                f"which security groups `{other}` ({other.type}) has is not looked at", cause="unsupported resource"
            )
    for resource in app.resources:
        for value in stated(resource):
            # What a parameter or variable hands in is from outside, so no group of this code.
            for doubt in () if any(value.references()) else value.is_("").doubts:
                if _may_hold(resource, value) and doubt.cause not in {"parameter", "variable"}:
                    return doubt
    return None


def _has_none(type_: str) -> bool:
    """Whether it is certain that a type of resource has no security groups: not its service, nor what of it is in a VPC."""
    kind = type_.lower().replace("_", "").replace(":", "").removeprefix("aws").removeprefix("ec2")
    return kind.startswith(_WITHOUT) and "vpclink" not in kind and "endpoint" not in kind


def _may_hold(resource: Resource, value: Value[str]) -> bool:
    """Whether a value that is not known may name a security group."""
    groups = getattr(resource, "security_groups", ())
    return isinstance(resource, Output) or any(value is one for one in groups)


def _named(app: App) -> frozenset[str]:
    """The keys of all that other resources name."""
    keys: set[str] = set()
    for resource in app.resources:
        of = resource.key
        if isinstance(resource, SecurityGroupRule):
            of = next((reference.target for _, reference in resource.group_id.references()), of)
        targets = referred(resource)
        keys |= targets - {of}
    return frozenset(keys)
