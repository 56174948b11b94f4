"""A VPC endpoint that leads to everybody's resources.

## What it does
Reports endpoints of S3, DynamoDB, SQS, SNS, Secrets Manager, Parameter Store, KMS, STS, Lambda and CloudWatch Logs
without a policy. For pedantic readers.

## Why is this bad?
Without a policy the endpoint lets everything through: somebody who runs code in the VPC can send data into a bucket or
queue of an account of their own, over the one way out that was left open.

## When it is fine
Where the functions in the VPC have a NAT gateway as well, so that the endpoint is not the way out. It is quiet where the code
shows that: each private subnet of the endpoint, or of its route tables, has a default route that leads out.

## Example
```yaml bad
Resources:
  Storage:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-1
      ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
      RouteTableIds: [rtb-1]
```
```yaml good
Resources:
  Storage:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-1
      ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
      RouteTableIds: [rtb-1]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::orders/*"}
```
```hcl bad
resource "aws_vpc_endpoint" "storage" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
}
```
```hcl good
resource "aws_vpc_endpoint" "storage" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::orders/*" }]
  })
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Storage:
      Type: AWS::EC2::VPCEndpoint
      Properties:
        VpcId: vpc-1
        ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
        RouteTableIds: [rtb-1]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Storage:
      Type: AWS::EC2::VPCEndpoint
      Properties:
        VpcId: vpc-1
        ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
        RouteTableIds: [rtb-1]
        PolicyDocument:
          Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::orders/*"}
```

## Fix safety
Advice only: what the functions need to reach is yours to say.

## References
- [Control access to VPC endpoints using endpoint policies](https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, RouteTable, Subnet, SubnetRouteTable, VpcEndpoint
from stockade.model.intent import Fix
from stockade.model.value import NO, YES, Tri, all_of, any_of, given
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.network._network import attached, resolve

# Services whose endpoints take a policy, and that functions call.
_SERVICES = r".*\.(?:s3|dynamodb|sqs|sns|secretsmanager|ssm|kms|sts|lambda|logs)"


@rule(
    "SK611",
    "endpoint-without-policy",
    severity=LOW,
    persona="pedantic",
    since="0.1",
    controls=["NETW-3"],
    maps={"cwe": [284]},
    applies="is never asked: endpoints are no function's",
    holds="every endpoint has a policy, or is not the way out",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every endpoint for its policy."""
    del ctx
    used = {id(endpoint) for function in attached(app) for endpoint in app.beside(function, VpcEndpoint)}
    for endpoint in app.of(VpcEndpoint):
        who = "the functions need" if id(endpoint) in used else "is used from the VPC"
        yield from found(
            endpoint.service.reads(_SERVICES) & endpoint.policy.is_empty() & ~_has_another_way(app, endpoint),
            subject=endpoint,
            at=endpoint,
            message=f"`{endpoint}` lets calls through to the resources of every account",
            help=f"allow what {who}, or your organisation's resources (aws:ResourceOrgID), in "
            + by_format(endpoint, "`PolicyDocument`", "`policy`"),
            fix=Fix.advice("give the endpoint a policy"),
        )


def _has_another_way(app: App, endpoint: VpcEndpoint) -> Tri:
    """Whether a default route leads out of each private subnet that the endpoint is for; NO where that is not known."""
    tables = {id(table) for value in endpoint.route_tables for _, table in resolve(app, value, RouteTable)}
    subnets = [subnet for value in endpoint.subnets for _, subnet in resolve(app, value, Subnet)]
    for association in app.of(SubnetRouteTable) if tables else ():
        if any(id(table) in tables for _, table in resolve(app, association.route_table, RouteTable)):
            subnets += [subnet for _, subnet in resolve(app, association.subnet, Subnet)]
    ways = [~subnet.isolated for subnet in subnets if not subnet.public.is_yes]
    answer = all_of(ways) if ways else NO
    return any_of(given(when, YES) for when, case in answer.split() if case.is_yes)
