"""Security groups, route tables and who uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.convert import mapped
from stockade.inputs.terraform.choices import under
from stockade.inputs.terraform.walk import open_at
from stockade.model.app import NetworkRoute, Other, RouteTable, SecurityGroupRule, SubnetRouteTable, TrafficRule
from stockade.model.value import (
    Default,
    Doubt,
    Known,
    Reference,
    Relation,
    ServiceDefault,
    Text,
    Unknown,
    Value,
    When,
    conjoin,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stockade.inputs.terraform.lower import Declared, Lowering
    from stockade.inputs.terraform.walk import Item
    from stockade.model.value import Origin

_VPCS = ("aws_vpc", "aws_default_vpc")
# The attributes by which a VPC names its main route table.
_MAIN_TABLE = frozenset({"MainRouteTableId", "DefaultRouteTableId"})
_DEFAULT_VPC = "https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html"


# -------------------------------------------------------------------------------------------------------- security groups


def lower_security_group(lowering: Lowering, found: Declared) -> None:
    """aws_security_group and aws_default_security_group.

    Terraform takes away the rule for all egress that AWS gives to a new group: what is not stated is not allowed.
    """
    rules: list[TrafficRule] = []
    doubts: list[Doubt] = []
    own = lowering.reference(found, "Ref", found.places.block(found.span, found.key_span))
    for part in ("ingress", "egress"):
        for item in lowering.items(found, found.block, part):
            rules += traffic_rules(lowering, found, f"{found.type}/{part}", item, own)
        doubts += open_at(found.block, part)
    lowering.add_by_table(found, inline_rules=Relation(tuple(rules), complete=not doubts, gaps=tuple(doubts)))


# The field of a rule that each of Terraform's lists of sources and destinations is.
_SOURCES = {
    "cidr_blocks": "cidr",
    "ipv6_cidr_blocks": "cidr6",
    "prefix_list_ids": "prefix_list",
    "security_groups": "group",
    "source_security_group_id": "group",
}


def traffic_rules(
    lowering: Lowering,
    found: Declared,
    part: str,
    item: Item,
    own: Value[str],
    **more: Any,  # noqa: ANN401 - the fields of any rule
) -> list[TrafficRule]:
    """The rules that one block is: one for each source or destination. `own` is the group that they are of."""
    fields = lowering.fields(found, lowering.table(part), item.block) | more
    if "protocol" in fields:
        fields["protocol"] = _protocol(fields["protocol"])
    fields["origin"] = found.places.block(item.block.span)
    fields["site"] = lowering.base(found, table=part, item=item)["site"]
    return [
        TrafficRule(**(fields | {field: value, "exists": when}))
        for when, field, value in _sources(lowering, found, item, own)
    ]


def _sources(
    lowering: Lowering, found: Declared, item: Item, own: Value[str]
) -> Iterator[tuple[When, str, Value[Any]]]:
    for name, field in _SOURCES.items():
        values = lowering.texts_at(found, item.block, name)
        for value in values:
            yield item.when, field, value
        for doubt in values.gaps:
            at = item.block.places.get(name, item.block.span)
            yield item.when, field, Unknown(doubt=doubt, origin=found.places.origin(at, at, item.block.keys.get(name)))
    itself = lowering.value_at(found, item.block, "self", as_="boolean")
    for when, leaf in itself.leaves() if itself is not None else ():
        both = conjoin(item.when, when)
        if both is not None and isinstance(leaf, Known) and leaf.v is True:
            yield both, "group", own


def _protocol(value: Value[Any]) -> Value[Any]:
    """A protocol in the model's words: the provider takes "all" for -1, and any case."""
    return mapped(value, lambda v: "-1" if str(v).lower() == "all" else str(v).lower())


def lower_group_rule(lowering: Lowering, found: Declared) -> None:
    """aws_security_group_rule: a record for each source or destination."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    group = fields.get("group_id")
    own: Value[Any] = group if isinstance(group, Value) else Default(v=None, origin=found.places.block(found.span))
    stated = lowering.value_at(found, found.block, "type")
    rules: list[TrafficRule] = []
    part = "aws_security_group_rule/rule"
    for when, leaf in stated.leaves() if stated is not None else ():
        direction = leaf.v if isinstance(leaf, Known) else ""
        if direction in {"ingress", "egress"}:
            item = lowering.whole(found, when)
            rules += traffic_rules(lowering, found, part, item, own, direction=direction)
        else:
            why = leaf.doubt.why if isinstance(leaf, Unknown) else "ingress or egress belongs here"
            lowering.gap(found, found.key_span, "`type`", why, kind="join", remedy="write it")
    _add_rules(lowering, found, rules, fields)


def lower_own_rule(lowering: Lowering, found: Declared) -> None:
    """aws_vpc_security_group_ingress_rule and aws_vpc_security_group_egress_rule."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    rule: TrafficRule = lowering.struct(found, f"{found.type}/rule", lowering.whole(found))
    site = lowering.base(found, table=f"{found.type}/rule")["site"]
    copied = {name: getattr(rule, name) for name in TrafficRule.__struct_fields__}
    made = TrafficRule(**(copied | {"protocol": _protocol(rule.protocol), "site": site}))
    _add_rules(lowering, found, [made], fields)


def _add_rules(lowering: Lowering, found: Declared, rules: list[TrafficRule], fields: dict[str, Any]) -> None:
    if not rules:
        lowering.add(SecurityGroupRule(**lowering.base(found), **fields))
    for index, rule in enumerate(rules):
        # What a rule has for itself of premises is beside those of its resource.
        there = conjoin(found.exists, rule.exists)
        copied = {name: getattr(rule, name) for name in TrafficRule.__struct_fields__}
        own = TrafficRule(**(copied | {"exists": found.exists if there is None else there}))
        base = lowering.base(found, suffix=f"/{index}" if index else "", when=rule.exists)
        lowering.add(SecurityGroupRule(**base, **fields, rule=own))


# ----------------------------------------------------------------------------------------------------------- route tables


def lower_route_table(lowering: Lowering, found: Declared) -> None:
    """aws_route_table, with the routes that are written inside of it."""
    lowering.add_by_table(found)
    inline_routes(lowering, found)


def inline_routes(lowering: Lowering, found: Declared) -> None:
    """The routes inside of a route table; those that are not known make any destination possible."""
    origin = found.places.block(found.span, found.key_span)
    table = lowering.reference(found, "Ref", origin)
    for index, item in enumerate(lowering.items(found, found.block, "route")):
        lowering.add_part(found, f"{found.type}/route", item, suffix=f"/route/{index}", route_table=table)
    for index, doubt in enumerate(open_at(found.block, "route")):
        unknown: Value[Any] = Unknown(doubt=doubt, origin=origin)
        base = lowering.base(found, suffix=f"/route/?{index}", table=f"{found.type}/route")
        lowering.add(NetworkRoute(**base, route_table=table, destination=unknown, gateway=unknown))


def lower_route(lowering: Lowering, found: Declared) -> None:
    """aws_route."""
    lowering.add_by_table(found, **_named_table(lowering, found))


def lower_association(lowering: Lowering, found: Declared) -> None:
    """aws_route_table_association; that of a gateway is no concern of subnets."""
    lowering.add_by_table(found, **_named_table(lowering, found))


def _named_table(lowering: Lowering, found: Declared) -> dict[str, Any]:
    """The route table that is named; a VPC's main one is a record of its own, or the resource that takes it over."""
    value = lowering.value_at(found, found.block, "route_table_id")
    if value is None:
        return {}
    options: list[tuple[When, Value[Any]]] = []
    for when, leaf in value.leaves():
        reference = next((r for _, r in leaf.references() if r.attribute in _MAIN_TABLE), None)
        vpc = None if reference is None else lowering.find(reference)
        if reference is None or vpc is None or vpc.type not in _VPCS:
            options.append((when, leaf))
            continue
        taken = lowering.naming("aws_default_route_table", "default_route_table_id", vpc)
        key = taken[0].key if taken else vpc.key + "/main"
        options.append((when, Text(parts=(Reference(key, "Ref", reference.shown),), origin=leaf.origin)))
    return {"route_table": one_of(options, value.origin)}


def lower_default_route_table(lowering: Lowering, found: Declared) -> None:
    """aws_default_route_table: the main route table of its VPC, which all subnets without another one have."""
    value = lowering.value_at(found, found.block, "default_route_table_id")
    vpcs = [] if value is None else [vpc for _, vpc in lowering.resolve(value, *_VPCS)]
    origin = found.places.block(found.span, found.key_span)
    fields = {"vpc_id": lowering.reference(vpcs[0], "Ref", origin)} if len(vpcs) == 1 else {}
    lowering.add_by_table(found, **fields)
    inline_routes(lowering, found)
    for vpc in vpcs:
        if not lowering.naming("aws_main_route_table_association", "vpc_id", vpc):
            main_table_of(lowering, found, vpc, lowering.reference(found, "Ref", origin))


def lower_main_association(lowering: Lowering, found: Declared) -> None:
    """aws_main_route_table_association: the subnets of the VPC without another table have this one."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    value = lowering.value_at(found, found.block, "vpc_id")
    lowering.add(Other(**lowering.base(found)))
    if "route_table" in fields:
        for _, vpc in [] if value is None else lowering.resolve(value, *_VPCS):
            main_table_of(lowering, found, vpc, fields["route_table"])


def main_table_of(lowering: Lowering, found: Declared, vpc: Declared, table: Value[str]) -> None:
    """The subnets of a VPC that have its main route table, which `found` says is this one."""
    for index, named in enumerate(lowering.named("aws_subnet", "vpc_id", vpc)):
        if not lowering.naming("aws_route_table_association", "subnet_id", named.by):
            _associate(lowering, found, named.by, table, f"/subnets/{index}")


def _associate(lowering: Lowering, found: Declared, subnet: Declared, table: Value[str], suffix: str) -> None:
    base = lowering.base(found, suffix=suffix, when=subnet.exists)
    own = lowering.reference(subnet, "Ref", found.places.block(found.span, found.key_span))
    lowering.add(SubnetRouteTable(**base, subnet=own, route_table=table))


# ------------------------------------------------------------------------------------------------------ VPCs and subnets


def lower_vpc(lowering: Lowering, found: Declared) -> None:
    """aws_vpc and aws_default_vpc; the main route table is a record where routes are added to it, or where AWS adds one."""
    vpc = lowering.add_by_table(found)
    if lowering.naming("aws_default_route_table", "default_route_table_id", found):
        return
    is_default = found.type == "aws_default_vpc"
    users = [
        *lowering.naming("aws_route", "route_table_id", found),
        *lowering.naming("aws_route_table_association", "route_table_id", found),
    ]
    if is_default or users:
        table = _main_table(lowering, found, vpc.origin, way_out=is_default)
        if not lowering.naming("aws_main_route_table_association", "vpc_id", found):
            main_table_of(lowering, found, found, table)


def _main_table(lowering: Lowering, found: Declared, origin: Origin, *, way_out: bool) -> Value[str]:
    """The main route table as a record; that of a default VPC leads to the internet."""
    base = lowering.base(found, suffix="/main")
    lowering.add(RouteTable(**base, vpc_id=lowering.reference(found, "Ref", origin)))
    shown = f"{found.address}.main_route_table_id"
    table: Value[str] = Text(parts=(Reference(base["key"], "Ref", shown),), origin=origin)
    if way_out:
        default = ServiceDefault(_DEFAULT_VPC)
        lowering.add(
            NetworkRoute(
                **lowering.base(found, suffix="/main/route"),
                route_table=table,
                destination=Default(v="0.0.0.0/0", origin=default),
                gateway=Default(v="igw-", origin=default),
            )
        )
    return table


def lower_default_subnet(lowering: Lowering, found: Declared) -> None:
    """aws_default_subnet: it has the main route table of the default VPC, if no other one."""
    subnet = lowering.add_by_table(found)
    if lowering.naming("aws_route_table_association", "subnet_id", found):
        return
    tables = [
        table
        for vpc in lowering.of_type("aws_default_vpc")
        for table in lowering.naming("aws_default_route_table", "default_route_table_id", vpc)
    ]
    if tables:
        table = lowering.reference(tables[0], "Ref", subnet.origin)
    else:
        table = _main_table(lowering, found, subnet.origin, way_out=True)
    _associate(lowering, found, found, table, "/main/subnet")


def lower_endpoint(lowering: Lowering, found: Declared) -> None:
    """aws_vpc_endpoint, with its policy, subnets, security groups, route tables and DNS that are stated beside it."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    lowering.join(found, "aws_vpc_endpoint_private_dns", "vpc_endpoint_id", fields)
    lowering.join(found, "aws_vpc_endpoint_policy", "vpc_endpoint_id", fields)
    for field, type_, argument in (
        ("subnets", "aws_vpc_endpoint_subnet_association", "subnet_id"),
        ("security_groups", "aws_vpc_endpoint_security_group_association", "security_group_id"),
        ("route_tables", "aws_vpc_endpoint_route_table_association", "route_table_id"),
    ):
        own: Relation[Any] = fields.get(field, Relation())
        items, doubts = list(own), list(own.gaps)
        for named in lowering.named(type_, "vpc_endpoint_id", found):
            more = lowering.texts_at(named.by, named.by.block, argument)
            items += [under(named.when, value) for value in more]
            doubts += more.gaps
        fields[field] = Relation(tuple(items), complete=not doubts, gaps=tuple(doubts))
    lowering.add_stated(found, fields)


def lower_endpoint_part(lowering: Lowering, found: Declared) -> None:
    """What an endpoint has as a resource of its own."""
    lowering.add_joined(found, "vpc_endpoint_id", "aws_vpc_endpoint")


MAKERS = {
    "aws_vpc": lower_vpc,
    "aws_default_vpc": lower_vpc,
    "aws_default_subnet": lower_default_subnet,
    "aws_route_table": lower_route_table,
    "aws_default_route_table": lower_default_route_table,
    "aws_route": lower_route,
    "aws_route_table_association": lower_association,
    "aws_main_route_table_association": lower_main_association,
    "aws_vpc_endpoint": lower_endpoint,
    "aws_vpc_endpoint_policy": lower_endpoint_part,
    "aws_vpc_endpoint_private_dns": lower_endpoint_part,
    "aws_vpc_endpoint_subnet_association": lower_endpoint_part,
    "aws_vpc_endpoint_security_group_association": lower_endpoint_part,
    "aws_vpc_endpoint_route_table_association": lower_endpoint_part,
    "aws_security_group": lower_security_group,
    "aws_default_security_group": lower_security_group,
    "aws_security_group_rule": lower_group_rule,
    "aws_vpc_security_group_ingress_rule": lower_own_rule,
    "aws_vpc_security_group_egress_rule": lower_own_rule,
}
