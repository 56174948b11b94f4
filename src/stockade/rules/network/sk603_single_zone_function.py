"""A function whose subnets are all in one availability zone.

## What it does
Reports functions that are attached to just one subnet, or to subnets that all name the same zone. Where it is the
default of a parameter or variable that names one subnet, the finding says so. A default that is no subnet's id, such as
`SUBNET_IDS`, only stands for what is given later, and so for nothing that can be counted.

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

from collections import defaultdict
from collections.abc import Iterator

from stockade.model.app import App, Function, Subnet
from stockade.model.diff import plain
from stockade.model.intent import Fix
from stockade.model.value import NO, File, Tri, Value, Via, any_of, given, maybe, tri, yes
from stockade.rules._base import LOW, Context, Label, Outcome, found, rule
from stockade.rules._words import names
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
    sharing: dict[tuple[object, ...], list[Function]] = defaultdict(list)
    for function in attached(app):
        sharing[_written(function)].append(function)
    for functions in sharing.values():
        yield from _told(app, functions)


def _told(app: App, functions: list[Function]) -> Iterator[Outcome]:
    """One finding for all functions that have their subnets from the same places: a parameter, Globals."""
    function = functions[0]
    mounts = any(any_of(value.is_set() for value in each.file_systems).is_yes for each in functions)
    target = ", with a mount target of its file system there" if mounts else ""
    places = _places(function)
    subnets = _subnets(app, places)
    zone = subnets[0].zone.show() if subnets else ""
    at = places[0] if places else function
    for each in functions:
        yield from found(
            _in_one(app, each, places, subnets),
            subject=each,
            at=at,
            message=_said(functions, places, zone),
            help=f"add a subnet in another availability zone{target}",
            fix=Fix.advice(f"add a subnet in another availability zone{target}"),
            related=tuple(
                Label(subnet.zone.origin, "in this zone") for subnet in subnets if subnet.zone.is_set().is_yes
            )
            + _others(functions),
        )


def _others(functions: list[Function]) -> tuple[Label, ...]:
    """Where else the same subnets are taken from the parameter that says them."""
    origins = [places[0].origin for function in functions if (places := _places(function))]
    by_span = {(at.path, at.span.start): at for at in origins if isinstance(at, File)}
    return tuple(Label(at, "and here") for at in list(by_span.values())[1:])


def _places(function: Function) -> list[Value[str]]:
    return [value for value in function.subnets if not value.is_set().is_no]


def _written(function: Function) -> tuple[object, ...]:
    """Where the subnets of a function come from: the same for functions that share a parameter, or Globals."""
    places = _places(function)
    if function.subnets.gaps or not places:
        return (id(function),)
    return tuple(_source(value) for value in places)


def _source(value: Value[str]) -> object:
    at = value.origin
    if not isinstance(at, File):
        return id(value)
    via = _default(value)
    span = at.span if via is None or via.span is None else via.span
    if not _is_known(value) and value.show().startswith("${") and not any(True for _ in value.references()):
        return at.path, value.show()  # a parameter that has no default
    return at.path, span.doc.path, span.start, span.end


def _default(value: Value[str]) -> Via | None:
    """The default of a parameter or variable that a value is."""
    return next((via for via in value.origin.via if via.input_name), None) if _is_known(value) else None


def _is_known(value: Value[str]) -> bool:
    return value.where(lambda v: isinstance(v, str)).is_yes


def _said(functions: list[Function], places: list[Value[str]], zone: str) -> str:
    who, many = names(functions, 3), len(functions) > 1
    if len(places) == 1:
        via = _default(places[0])
        kind = "variable" if via is not None and "variable" in via.what.split() else "parameter"
        by = f", by the default of the {kind} `{via.input_name}`" if via is not None else ""
        return f"{who} {'are' if many else 'is'} attached to one subnet{by}, and so to one availability zone"
    if zone:
        return f"all {len(places)} subnets of {who} are in the availability zone `{zone}`"
    return f"the subnets of {who} may all be in one availability zone"


def _is_subnet(app: App, value: Value[str]) -> Tri:
    """Whether a value is one subnet. Some texts only hold the place of what is given later, and some references are to lists."""
    return any_of(given(when, _leaf(app, leaf)) for when, leaf in value.leaves())


def _leaf(app: App, leaf: Value[str]) -> Tri:
    if leaf.is_set().is_no:
        return NO
    if _is_known(leaf):
        if leaf.starts_with("subnet-").is_yes:
            return yes(leaf.origin)
        via = _default(leaf)
        remedy = f"say what `{via.input_name}` is given" if via is not None else ""
        return maybe(f"`{leaf.show()}` is not the id of a subnet", leaf.origin, remedy=remedy, cause="placeholder")
    for _, reference in leaf.refers():
        if not isinstance(app.get(reference.target), Subnet):
            return maybe(f"how many subnets `{leaf.show()}` is can't be told", leaf.origin, cause="network elsewhere")
    return leaf.is_set()


def _subnets(app: App, places: list[Value[str]]) -> list[Subnet]:
    """The subnets, if each place is just one of the application's."""
    found_ = [[subnet for _, subnet in resolve(app, value, Subnet)] for value in places]
    return [each[0] for each in found_] if all(len(each) == 1 for each in found_) else []


def _in_one(app: App, function: Function, places: list[Value[str]], subnets: list[Subnet]) -> Tri:
    if function.subnets.gaps:
        return Tri("maybe", (function.origin,), function.subnets.gaps)
    certain = [value for value in places if value.is_set().is_yes]
    if len(places) == 1:
        return _is_subnet(app, places[0])
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
