"""A VPC endpoint that the usual name of its service does not lead to.

## What it does
Reports interface endpoints of AWS services without private DNS: regular where a function in the endpoint's VPC has no other
way out, so that its calls get nowhere; else for pedantic readers. Endpoints of S3, DynamoDB and private APIs are not told:
these are for callers that name them.

## Why is this bad?
An SDK calls `sqs.eu-west-1.amazonaws.com`. Without private DNS that name still leads to the service's public addresses: past
the endpoint, its policy and its security groups, over a NAT gateway. Where there is none, the call hangs until the function
times out.

## When it is fine
Where a private hosted zone of your own leads the name there, as with endpoints that several VPCs share, or where the code
names the endpoint. Where a hosted zone stands beside the endpoint, or code may name it, the answer is unsure or pedantic.

## Example
```yaml bad
Resources:
  Queues:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-1
      ServiceName: !Sub com.amazonaws.${AWS::Region}.sqs
      VpcEndpointType: Interface
      SubnetIds: [subnet-1]
```
```yaml good
Resources:
  Queues:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-1
      ServiceName: !Sub com.amazonaws.${AWS::Region}.sqs
      VpcEndpointType: Interface
      SubnetIds: [subnet-1]
      PrivateDnsEnabled: true
```
```hcl bad
resource "aws_vpc_endpoint" "queues" {
  vpc_id            = "vpc-1"
  service_name      = "com.amazonaws.eu-west-1.sqs"
  vpc_endpoint_type = "Interface"
  subnet_ids        = ["subnet-1"]
}
```
```hcl good
resource "aws_vpc_endpoint" "queues" {
  vpc_id              = "vpc-1"
  service_name        = "com.amazonaws.eu-west-1.sqs"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = ["subnet-1"]
  private_dns_enabled = true
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Queues:
      Type: AWS::EC2::VPCEndpoint
      Properties:
        VpcId: vpc-1
        ServiceName: !Sub com.amazonaws.${AWS::Region}.sqs
        VpcEndpointType: Interface
        SubnetIds: [subnet-1]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Queues:
      Type: AWS::EC2::VPCEndpoint
      Properties:
        VpcId: vpc-1
        ServiceName: !Sub com.amazonaws.${AWS::Region}.sqs
        VpcEndpointType: Interface
        SubnetIds: [subnet-1]
        PrivateDnsEnabled: true
```

## Fix safety
Unsafe: everything in the VPC then calls the service through the endpoint, whose security groups and policy have to let it.
The VPC has to have DNS support and DNS hostnames.

## References
- [DNS names of interface endpoints](https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html#interface-endpoint-dns-hostnames)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Function, Other, Subnet, VpcEndpoint
from stockade.model.intent import Fix, Set
from stockade.model.value import NO, Tri, Value, any_of, given, maybe
from stockade.rules._base import LOW, MEDIUM, Context, Label, Outcome, found, rule
from stockade.rules._words import by_format, names
from stockade.rules.network._network import attached, is_isolated, resolve

# Services of AWS that have one name for everybody. Those of S3 and DynamoDB have gateways for that, and private DNS of
# API Gateway keeps a VPC from every public API:
# https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html (as of 2026-11-28)
_SERVICES = (
    r"(?:cn\.)?com\.amazonaws\.(?!vpce\.)[^.]+\.(?!(?:s3|s3express|s3-outposts|dynamodb|execute-api)(?:$|[.-])).+"
)
_ZONES = frozenset({"AWS::Route53::HostedZone", "aws_route53_zone", "AWS::Route53Profiles::ProfileAssociation"})


@rule(
    "SK614",
    "endpoint-without-private-dns",
    severity=LOW,
    confidence="medium",
    since="0.1",
    controls=["NETW-3"],
    aliases=["e9b7acf9"],
    applies="is in no VPC with an endpoint of the scanned code",
    holds="the usual names of services lead to their endpoints",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every interface endpoint whether its service's name leads to it."""
    del ctx
    for endpoint in app.of(VpcEndpoint):
        near = tuple(function for function in attached(app) if _is_near(app, function, endpoint))
        stuck = tuple(function for function in near if _needs(app, function, endpoint))
        gets_nowhere = (
            f", and {names(stuck, 3)} {'has' if len(stuck) == 1 else 'have'} no other way out" if stuck else ""
        )
        yield from found(
            endpoint.form.is_("Interface")
            & endpoint.service.reads(_SERVICES)
            & ~endpoint.private_dns.is_true()
            & ~_is_led_otherwise(app, endpoint),
            subject=endpoint,
            at=endpoint.private_dns if endpoint.private_dns.is_set().is_yes else endpoint,
            functions=stuck or near,
            severity=MEDIUM if stuck else LOW,
            persona=None if stuck else "pedantic",
            message=f"the usual name of its service does not lead to `{endpoint}`{gets_nowhere}",
            help=by_format(endpoint, "set `PrivateDnsEnabled` to true", "set `private_dns_enabled` to true"),
            fix=Fix.unsafe(
                "turn private DNS on",
                Set(endpoint, "private_dns", value=True),
                why="everything in the VPC then calls the service through the endpoint, whose security groups and policy "
                "have to let it; a VPC without DNS hostnames refuses",
            ),
            related=tuple(Label(f.origin, "no route leads out of its subnets") for f in stuck[:4]),
        )


def _is_near(app: App, function: Function, endpoint: VpcEndpoint) -> bool:
    """Whether a function is surely in the endpoint's VPC."""
    subnets = (subnet for value in function.subnets for _, subnet in resolve(app, value, Subnet))
    return any(_is_same(subnet.vpc_id, endpoint.vpc_id) for subnet in subnets)


def _needs(app: App, function: Function, endpoint: VpcEndpoint) -> bool:
    """Whether a function has no other way out, and nothing in its environment says that it names endpoints."""
    return is_isolated(app, function).is_yes and not any(
        "ENDPOINT" in variable.name.upper()
        or any(reference.target == endpoint.key for _, reference in variable.value.references())
        for variable in function.environment
    )


def _is_same(left: Value[str], right: Value[str]) -> bool:
    """Whether two values surely name one VPC."""
    targets = {reference.target for _, reference in left.refers()}
    return bool(targets & {reference.target for _, reference in right.refers()}) or left.where(right.is_).is_yes


def _is_led_otherwise(app: App, endpoint: VpcEndpoint) -> Tri:
    """Whether the name leads to another endpoint of the VPC, or may lead to this one by a hosted zone."""
    twins = any_of(
        given(other.exists, other.private_dns.is_true())
        for other in app.of(VpcEndpoint)
        if other is not endpoint
        and other.service.show() == endpoint.service.show()
        and _is_same(other.vpc_id, endpoint.vpc_id)
    )
    zones = [other for other in app.beside(endpoint, Other) if other.type in _ZONES]
    zone = maybe(f"whether `{zones[0]}` leads the name there is not looked at", zones[0].origin) if zones else NO
    return twins | zone
