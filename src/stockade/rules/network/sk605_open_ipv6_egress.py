"""A security group that is closed for IPv4 and open for IPv6.

## What it does
Reports security groups of dual-stack functions that allow all outgoing traffic to `::/0`, while they limit IPv4. Groups
that are open for both are told of once, by `open-egress`; a function without IPv6 can't use such a rule.

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

## Fix safety
Advice only: what the function calls has to be known.

## References
- [Inbound and outbound IPv6 traffic](https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-ipv6)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import any_of
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule, spared
from stockade.rules._words import names
from stockade.rules.network._network import group_unseen, groups_of_functions, is_attached, open_egress


@rule(
    "SK605",
    "open-ipv6-egress",
    severity=MEDIUM,
    since="0.1",
    controls=["NETW-4"],
    applies="is not attached to a VPC with IPv6",
    holds="its security groups limit outgoing IPv6 as they limit IPv4",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every security group of dual-stack functions for its outgoing rules."""
    del ctx
    for function in app.functions:
        if is_attached(function).is_no or function.ipv6.is_true().is_no:
            yield from spared(function)
    for group in groups_of_functions(app):
        able = tuple(function for function in group.functions if not function.ipv6.is_true().is_no)
        if not able:
            continue
        dual = any_of(function.ipv6.is_true() for function in able)
        out, out6 = open_egress(group, v6=False), open_egress(group, v6=True)
        yield from found(
            dual & out6.answer & ~out.answer,
            subject=group,
            functions=able,
            at=out6.rules[0].origin if out6.rules else group,
            message=f"{names(able)} can reach every port of every IPv6 address: `{group}` limits IPv4 only",
            help="limit outgoing IPv6 as IPv4 is limited",
            fix=Fix.advice("limit outgoing IPv6 as IPv4 is limited"),
            passes="" if out.answer.is_no else "its security groups treat IPv6 as they treat IPv4",
        )
    for function, answer in group_unseen(app):
        if not function.ipv6.is_true().is_no:
            message = f"a security group of `{function}` that can't be seen may allow all outgoing IPv6 traffic"
            yield from found(
                function.ipv6.is_true() & answer, subject=function, at=function, message=message, evidence="unseen"
            )
