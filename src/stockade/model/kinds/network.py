"""VPCs, subnets, routes, security groups, endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from msgspec import Struct

from stockade.model.kinds.base import CFN, NONE, NULL, Resource
from stockade.model.value import NO, Origin, Relation, Tri, Value, When, unset

if TYPE_CHECKING:
    from stockade.model.kinds.base import Site
    from stockade.model.policy import Statement


class Vpc(Resource, frozen=True, eq=False, kw_only=True):
    """A VPC."""

    kind: ClassVar[str] = "vpc"

    cidr: Value[str] = NULL


class Subnet(Resource, frozen=True, eq=False, kw_only=True):
    """A subnet. It is public when its route table leads to an internet gateway, isolated when no default route leads out.

    It is closed when no route at all leads beyond its VPC, neither to the internet nor to another network.
    """

    kind: ClassVar[str] = "subnet"

    vpc_id: Value[str] = NULL
    cidr: Value[str] = NULL
    zone: Value[str] = NULL
    public_ip: Value[bool] = unset(False, CFN + "aws-resource-ec2-subnet.html")
    # links
    public: Tri = NO
    isolated: Tri = NO
    closed: Tri = NO


class RouteTable(Resource, frozen=True, eq=False, kw_only=True):
    """A route table of a VPC."""

    kind: ClassVar[str] = "route-table"

    vpc_id: Value[str] = NULL
    propagates: Relation[Value[str]] = NONE  # VPN gateways that add their routes by themselves


class NetworkRoute(Resource, frozen=True, eq=False, kw_only=True):
    """One route of a route table; `target` is the gateway, NAT gateway, interface or endpoint it leads to."""

    kind: ClassVar[str] = "network-route"

    route_table: Value[str] = NULL
    destination: Value[str] = NULL
    gateway: Value[str] = NULL
    nat_gateway: Value[str] = NULL
    target: Value[str] = NULL


class SubnetRouteTable(Resource, frozen=True, eq=False, kw_only=True):
    """The association of a subnet with a route table."""

    kind: ClassVar[str] = "subnet-route-table"

    subnet: Value[str] = NULL
    route_table: Value[str] = NULL


class Gateway(Resource, frozen=True, eq=False, kw_only=True):
    """An internet gateway, egress-only internet gateway or NAT gateway: `form` is internet, egress-only or nat."""

    kind: ClassVar[str] = "gateway"

    form: str = "internet"
    subnet: Value[str] = NULL


class VpcEndpoint(Resource, frozen=True, eq=False, kw_only=True):
    """A VPC endpoint."""

    kind: ClassVar[str] = "vpc-endpoint"

    vpc_id: Value[str] = NULL
    service: Value[str] = NULL
    form: Value[str] = unset("Gateway", CFN + "aws-resource-ec2-vpcendpoint.html")
    policy: Relation[Statement] = NONE
    subnets: Relation[Value[str]] = NONE
    security_groups: Relation[Value[str]] = NONE
    route_tables: Relation[Value[str]] = NONE  # of those that a gateway endpoint adds its route to
    # Whether the service's usual name leads to it in its VPC. That nobody states it is false in CloudFormation:
    # https://github.com/awsdocs/aws-cloudformation-user-guide/pull/391 (as of 2026-11-28)
    private_dns: Value[bool] = unset(False, CFN + "aws-resource-ec2-vpcendpoint.html")


class TrafficRule(Struct, frozen=True, eq=False, kw_only=True):
    """One rule of a security group. `protocol` "-1" is every protocol; absent ports are every port."""

    origin: Origin
    site: Site | None = None
    direction: Literal["ingress", "egress"] = "egress"
    protocol: Value[str] = NULL
    from_port: Value[int] = NULL
    to_port: Value[int] = NULL
    cidr: Value[str] = NULL
    cidr6: Value[str] = NULL
    group: Value[str] = NULL
    prefix_list: Value[str] = NULL
    description: Value[str] = NULL
    exists: When = ()
    implied: bool = False  # AWS adds "allow all egress" to a group that states no egress


class SecurityGroup(Resource, frozen=True, eq=False, kw_only=True):
    """A security group with all its rules, also those declared as resources of their own."""

    kind: ClassVar[str] = "security-group"

    vpc_id: Value[str] = NULL
    description: Value[str] = NULL
    inline_rules: Relation[TrafficRule] = NONE
    # links
    rules: Relation[TrafficRule] = NONE


class SecurityGroupRule(Resource, frozen=True, eq=False, kw_only=True):
    """A rule of a security group that is declared as a resource of its own."""

    kind: ClassVar[str] = "security-group-rule"

    group_id: Value[str] = NULL
    rule: TrafficRule | None = None
