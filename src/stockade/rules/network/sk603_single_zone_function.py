"""A function whose subnets are all in one availability zone.

## What it does
Reports functions that are attached to just one subnet, or to subnets that all name the same zone.

## Why is this bad?
When the zone is disturbed, or its subnet runs out of addresses, Lambda has no other place to start the function in, and
the invocations fail, although the service itself works.

## When it is fine
Where everything that the function talks to is in that zone too, so that it could do nothing elsewhere.

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
      VpcConfig: {SubnetIds: [subnet-0a1], SecurityGroupIds: [sg-1]}
```
```yaml bad
Resources:
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a}}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      VpcConfig: {SubnetIds: [!Ref A, !Ref B], SecurityGroupIds: [sg-1]}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1b}}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      VpcConfig: {SubnetIds: [!Ref A, !Ref B], SecurityGroupIds: [sg-1]}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"

  vpc_config {
    subnet_ids         = ["subnet-0a1"]
    security_group_ids = ["sg-0a1"]
  }
}
```
```hcl good
resource "aws_subnet" "private" {
  for_each          = { a = "10.0.0.0/24", b = "10.0.1.0/24" }
  vpc_id            = "vpc-0a1"
  cidr_block        = each.value
  availability_zone = "eu-west-1${each.key}"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"

  vpc_config {
    subnet_ids         = [for subnet in aws_subnet.private : subnet.id]
    security_group_ids = ["sg-0a1"]
  }
}
```
```yaml bad
service: shop
provider:
  name: aws
  runtime: python3.13
  vpc: {subnetIds: [subnet-0a1], securityGroupIds: [sg-1]}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: shop
provider:
  name: aws
  runtime: python3.13
  vpc: {subnetIds: [!Ref A, !Ref B], securityGroupIds: [sg-1]}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    A: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a}}
    B: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1b}}
```

## Fix safety
Advice only: a subnet in another zone has to be there, and for a function that mounts a file system a mount target in it.

## References
- [Giving functions access to a VPC](https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Function, Subnet
from stockade.model.diff import plain
from stockade.model.intent import Fix
from stockade.model.value import NO, Tri, Value, any_of, maybe, tri, yes
from stockade.rules._base import LOW, Context, Label, Outcome, found, rule
from stockade.rules.network._network import NO_VPC, attached, resolve, unattached


@rule(
    "SK603",
    "single-zone-function",
    severity=LOW,
    since="0.1",
    controls=["NETW-1"],
    maps={"aws-fsbp": ["Lambda.5"]},
    aliases=["awslambda_function_vpc_multi_az", "C.2", "Lambda.5"],
    applies=NO_VPC,
    holds="its subnets are in several availability zones",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Count the subnets of every function, and the zones that they are in."""
    del ctx
    yield from unattached(app)
    for function in attached(app):
        mounts = any_of(value.is_set() for value in function.file_systems).is_yes
        target = ", with a mount target of its file system there" if mounts else ""
        places = [value for value in function.subnets if not value.is_set().is_no]
        subnets = _subnets(app, places)
        zone = subnets[0].zone.show() if subnets else ""
        yield from found(
            _in_one(function, places, subnets),
            subject=function,
            at=places[0] if places else function,
            message=_said(function, len(places), zone),
            help=f"add a subnet in another availability zone{target}",
            fix=Fix.advice(f"add a subnet in another availability zone{target}"),
            related=tuple(
                Label(subnet.zone.origin, "in this zone") for subnet in subnets if subnet.zone.is_set().is_yes
            ),
        )


def _said(function: Function, count: int, zone: str) -> str:
    if count == 1:
        return f"`{function}` is attached to one subnet, and so to one availability zone"
    if zone:
        return f"all {count} subnets of `{function}` are in the availability zone `{zone}`"
    return f"the subnets of `{function}` may all be in one availability zone"


def _subnets(app: App, places: list[Value[str]]) -> list[Subnet]:
    """The subnets, if each place is just one of the application's."""
    found_ = [[subnet for _, subnet in resolve(app, value, Subnet)] for value in places]
    return [each[0] for each in found_] if all(len(each) == 1 for each in found_) else []


def _in_one(function: Function, places: list[Value[str]], subnets: list[Subnet]) -> Tri:
    if function.subnets.gaps:
        return Tri("maybe", (function.origin,), function.subnets.gaps)
    certain = [value for value in places if value.is_set().is_yes]
    if len(places) == 1:
        return places[0].is_set()
    if len(certain) < len(places):
        # Which of them are there depends on conditions: it is enough to know that two always are.
        return NO if len(certain) > 1 else maybe("how many subnets it has depends on conditions", function.origin)
    if len(subnets) > 1 and len({id(subnet) for subnet in subnets}) == 1:
        return yes(places[0].origin)
    if not subnets:
        why = "the zones of its subnets are not in the scanned code"
        return maybe(
            why, function.origin, remedy="scan the code that declares the network too", cause="network elsewhere"
        )
    zones = [subnet.zone for subnet in subnets]
    if any(zone.is_set().is_no for zone in zones):
        return maybe("AWS chooses the zones of its subnets", function.origin, remedy="name the zones", cause="network")
    written = [plain(zone) for zone in zones]
    if ("unknown", "") in written:
        return maybe("the zones of its subnets are not known", function.origin, cause="network")
    # Zones that are written in different ways are meant to be different ones.
    return tri(all(zone == written[0] for zone in written), *(zone.origin for zone in zones))
