"""VPCs and what is in them. Attribute names: the schema of the AWS provider 5.100.0, as of 2026-11-28."""

from __future__ import annotations

from stockade.inputs.lens import Lens, Table, lens
from stockade.model import app
from stockade.model.value import unset

_DOCS = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
_TAGS: dict[str, Lens] = {"tags": lens("tags", "tags")}
# Where a route may lead, beside gateways.
_ROUTE_TARGETS = (
    "egress_only_gateway_id",
    "vpc_peering_connection_id",
    "vpc_endpoint_id",
    "network_interface_id",
    "core_network_arn",
)
_OTHER_TARGETS = ("local_gateway_id", "carrier_gateway_id")
# One rule of Terraform is a rule of the model for each of its sources.
_TRAFFIC: dict[str, Lens] = {
    "protocol": lens("protocol"),
    "from_port": lens("from_port", "integer"),
    "to_port": lens("to_port", "integer"),
    "cidr": lens("cidr_blocks", by="traffic_rules"),
    "cidr6": lens("ipv6_cidr_blocks", by="traffic_rules"),
    "prefix_list": lens("prefix_list_ids", by="traffic_rules"),
    "description": lens("description"),
}
_OWN_TRAFFIC: dict[str, Lens] = {
    "protocol": lens("ip_protocol"),
    "from_port": lens("from_port", "integer"),
    "to_port": lens("to_port", "integer"),
    "cidr": lens("cidr_ipv4"),
    "cidr6": lens("cidr_ipv6"),
    "group": lens("referenced_security_group_id"),
    "prefix_list": lens("prefix_list_id"),
    "description": lens("description"),
}


def _route(
    type_: str, cidr: str, cidr6: str, *targets: str, table: str = "route_table_id", by: str = "lower_route"
) -> Table:
    return Table(
        type_,
        app.NetworkRoute,
        {
            "route_table": lens(table, by=by),
            "destination": lens(cidr, also=(cidr6, "destination_prefix_list_id")),
            "gateway": lens("gateway_id"),
            "nat_gateway": lens("nat_gateway_id"),
            "target": lens("transit_gateway_id", also=targets),
        },
    )


TABLES: tuple[Table, ...] = (
    Table("aws_vpc", app.Vpc, {"cidr": lens("cidr_block"), **_TAGS}),
    Table("aws_default_vpc", app.Vpc, _TAGS),
    Table(
        "aws_subnet",
        app.Subnet,
        {
            "vpc_id": lens("vpc_id"),
            "cidr": lens("cidr_block", also=("ipv6_cidr_block",)),
            "zone": lens("availability_zone", also=("availability_zone_id",)),
            "public_ip": lens("map_public_ip_on_launch", "boolean"),
            **_TAGS,
        },
    ),
    Table(
        "aws_default_subnet",
        app.Subnet,
        {"zone": lens("availability_zone"), "public_ip": lens("map_public_ip_on_launch", "boolean"), **_TAGS},
        (("public_ip", unset(True, _DOCS + "default_subnet")),),  # noqa: FBT003 - it is the value
    ),
    Table(
        "aws_route_table",
        app.RouteTable,
        {"vpc_id": lens("vpc_id"), "propagates": lens("propagating_vgws", "texts"), **_TAGS},
    ),
    Table(
        "aws_default_route_table",
        app.RouteTable,
        {
            "vpc_id": lens("default_route_table_id", by="lower_default_route_table"),
            "propagates": lens("propagating_vgws", "texts"),
            **_TAGS,
        },
    ),
    _route(
        "aws_route_table/route",
        "cidr_block",
        "ipv6_cidr_block",
        *_ROUTE_TARGETS,
        *_OTHER_TARGETS,
        table="vpc_id",
        by="inline_routes",
    ),
    _route(
        "aws_default_route_table/route",
        "cidr_block",
        "ipv6_cidr_block",
        *_ROUTE_TARGETS,
        "instance_id",
        table="default_route_table_id",
        by="inline_routes",
    ),
    _route("aws_route", "destination_cidr_block", "destination_ipv6_cidr_block", *_ROUTE_TARGETS, *_OTHER_TARGETS),
    Table(
        "aws_route_table_association",
        app.SubnetRouteTable,
        {"subnet": lens("subnet_id"), "route_table": lens("route_table_id")},
    ),
    Table(
        "aws_main_route_table_association",
        app.SubnetRouteTable,
        {"subnet": lens("vpc_id", by="main_table_of"), "route_table": lens("route_table_id")},
    ),
    Table("aws_internet_gateway", app.Gateway, _TAGS, (("form", "internet"),)),
    Table("aws_egress_only_internet_gateway", app.Gateway, _TAGS, (("form", "egress-only"),)),
    Table("aws_nat_gateway", app.Gateway, {"subnet": lens("subnet_id"), **_TAGS}, (("form", "nat"),)),
    Table(
        "aws_vpc_endpoint",
        app.VpcEndpoint,
        {
            "vpc_id": lens("vpc_id"),
            "service": lens("service_name"),
            "form": lens("vpc_endpoint_type"),
            "policy": lens("policy", "statements"),
            "subnets": lens("subnet_ids", "texts", also=("subnet_configuration.subnet_id",)),
            "security_groups": lens("security_group_ids", "texts"),
            "route_tables": lens("route_table_ids", "texts"),
            "private_dns": lens("private_dns_enabled", "boolean"),
            **_TAGS,
        },
        (("private_dns", unset(False, _DOCS + "vpc_endpoint#private_dns_enabled-1")),),  # noqa: FBT003 - it is the value
    ),
    Table("aws_vpc_endpoint_private_dns", app.VpcEndpoint, {"private_dns": lens("private_dns_enabled", "boolean")}),
    Table("aws_vpc_endpoint_policy", app.VpcEndpoint, {"policy": lens("policy", "statements")}),
    Table("aws_vpc_endpoint_subnet_association", app.VpcEndpoint, {"subnets": lens("subnet_id", "texts")}),
    Table(
        "aws_vpc_endpoint_security_group_association",
        app.VpcEndpoint,
        {"security_groups": lens("security_group_id", "texts")},
    ),
    Table(
        "aws_vpc_endpoint_route_table_association", app.VpcEndpoint, {"route_tables": lens("route_table_id", "texts")}
    ),
    *(
        Table(
            type_,
            app.SecurityGroup,
            {
                "name": lens("name"),
                "vpc_id": lens("vpc_id"),
                "description": lens("description"),
                "inline_rules": lens("ingress", by="lower_security_group", also=("egress",)),
                **_TAGS,
            }
            if type_ == "aws_security_group"
            else {
                "vpc_id": lens("vpc_id"),
                "inline_rules": lens("ingress", by="lower_security_group", also=("egress",)),
                **_TAGS,
            },
            (("description", unset("Managed by Terraform", _DOCS + "security_group")),)
            if type_ == "aws_security_group"
            else (),
        )
        for type_ in ("aws_security_group", "aws_default_security_group")
    ),
    *(
        Table(
            f"{type_}/{part}",
            app.TrafficRule,
            {**_TRAFFIC, "group": lens("security_groups", by="traffic_rules", also=("self",))},
            (("direction", part),),
        )
        for type_ in ("aws_security_group", "aws_default_security_group")
        for part in ("ingress", "egress")
    ),
    Table(
        "aws_security_group_rule",
        app.SecurityGroupRule,
        {"group_id": lens("security_group_id"), "rule": lens("protocol", by="lower_group_rule")},
    ),
    Table(
        "aws_security_group_rule/rule",
        app.TrafficRule,
        {
            **_TRAFFIC,
            "direction": lens("type", by="lower_group_rule"),
            "group": lens("source_security_group_id", by="traffic_rules", also=("self",)),
        },
    ),
    *(
        Table(
            f"aws_vpc_security_group_{part}_rule",
            app.SecurityGroupRule,
            {
                "group_id": lens("security_group_id"),
                "rule": lens("ip_protocol", by="lower_own_rule"),
                **_TAGS,
            },
        )
        for part in ("ingress", "egress")
    ),
    *(
        Table(f"aws_vpc_security_group_{part}_rule/rule", app.TrafficRule, _OWN_TRAFFIC, (("direction", part),))
        for part in ("ingress", "egress")
    ),
)
