"""What the network of each subnet and security group lets through: where its routes lead, and the rules of both forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import force_setattr

from stockade.model import app as m
from stockade.model.places import scope_of
from stockade.model.value import Relation, Tri, Value, When, any_of, given, maybe, no, yes

Targets = Callable[[Value[Any], Any], Iterator[tuple[When, Any]]]
One = Callable[[Value[Any], Any], Any]

# A VPN gateway that adds routes by itself.
_PROPAGATION = frozenset({"AWS::EC2::VPNGatewayRoutePropagation", "aws_vpn_gateway_route_propagation"})

# Destinations of a route that takes everything.
_ANYWHERE = ("0.0.0.0/0", "::/0")


def link_networks(app: m.App, targets: Targets, one: One) -> None:
    """Set what subnets and security groups let through."""
    _subnets(app, one)
    _groups(app, targets)


def _subnets(app: m.App, one: One) -> None:
    tables: dict[int, list[m.RouteTable]] = defaultdict(list)
    # The templates and root modules with routes of which it can't be told to which subnets they are.
    loose = {scope_of(other) for other in app.of(m.Other) if other.type in _PROPAGATION}
    for association in app.of(m.SubnetRouteTable):
        subnet, table = one(association.subnet, m.Subnet), one(association.route_table, m.RouteTable)
        if subnet is not None and table is not None:
            tables[id(subnet)].append(table)
        else:
            loose.add(scope_of(association))
    routes: dict[int, list[m.NetworkRoute]] = defaultdict(list)
    for route in app.of(m.NetworkRoute):
        table = one(route.route_table, m.RouteTable)
        if table is not None:
            routes[id(table)].append(route)
        else:
            loose.add(scope_of(route))
    for subnet in app.of(m.Subnet):
        answer: Tri
        own_routes = [route for table in tables[id(subnet)] for route in routes[id(table)]]
        leaves = any_of(given(route.exists, route.destination.one_of(*_ANYWHERE)) for route in own_routes)
        if tables[id(subnet)]:
            answer = any_of(given(route.exists, _leads_out(app, route)) for route in own_routes)
        elif one(subnet.vpc_id, m.Vpc) is not None:
            # It has the main route table of a VPC that is made here, and a template can't add a route to that.
            answer = no(subnet.origin)
        else:
            answer = maybe("its route table is not in the scanned code", subnet.origin, cause="network")
        force_setattr(subnet, "public", answer)
        force_setattr(subnet, "isolated", ~leaves if answer.truth != "maybe" else answer)
        beyond = any_of(given(route.exists, ~route.gateway.is_("local")) for route in own_routes)
        grows = any(table.propagates.items or not table.propagates.complete for table in tables[id(subnet)])
        if grows or scope_of(subnet) in loose or answer.truth == "maybe" or one(subnet.vpc_id, m.Vpc) is None:
            beyond = maybe("not all of the network is in the scanned code", subnet.origin, cause="network")
        force_setattr(subnet, "closed", ~beyond)


def _leads_out(app: m.App, route: m.NetworkRoute) -> Tri:
    anywhere = route.destination.one_of(*_ANYWHERE)
    for _, reference in route.gateway.references():
        found = app.get(reference.target)
        if isinstance(found, m.Gateway) and found.form == "internet":
            return anywhere & yes(route.origin)
    return anywhere & (route.gateway.starts_with("igw-"))


def _groups(app: m.App, targets: Targets) -> None:
    rules: dict[int, list[m.TrafficRule]] = defaultdict(list)
    for record in app.of(m.SecurityGroupRule):
        for _, group in targets(record.group_id, m.SecurityGroup):
            if record.rule is not None:
                rules[id(group)].append(record.rule)
    for group in app.of(m.SecurityGroup):
        inline = group.inline_rules
        own = [*inline, *rules[id(group)]]
        if any(r.direction == "egress" and not r.implied for r in rules[id(group)]):
            # A stated egress rule replaces the one that AWS adds to a group without any.
            own = [r for r in own if not r.implied]
        force_setattr(group, "rules", Relation(tuple(own), inline.complete, inline.gaps))
