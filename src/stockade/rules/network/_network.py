"""The networks of functions: their subnets and security groups, and what traffic those let through."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from stockade.model.app import (
    App,
    Database,
    Function,
    NetworkRoute,
    Output,
    R,
    RouteTable,
    SecurityGroup,
    Subnet,
    SubnetRouteTable,
    TrafficRule,
    VpcEndpoint,
)
from stockade.model.value import NO, YES, Doubt, Relation, Tri, Value, all_of, any_of, given
from stockade.rules._base import Outcome, spared
from stockade.rules._words import join, names

NO_VPC = "is not attached to a VPC"
# https://www.rfc-editor.org/rfc/rfc1918, and the shared addresses of RFC 6598, which VPCs may have too
_PRIVATE = (
    r"10\..*/(?:[89]|[12]\d|3[0-2])|172\.(?:1[6-9]|2\d|3[01])\..*/(?:1[2-9]|2\d|3[0-2])"
    r"|192\.168\..*/(?:1[6-9]|2\d|3[0-2])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\..*/(?:[12]\d|3[0-2])"
)
# The services that have gateway endpoints, which put a route into the tables of subnets:
# https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html (as of 2026-11-28)
_BY_GATEWAY = {"s3": "S3", "dynamodb": "DynamoDB"}
_ELSEWHERE = "scan the code that declares the network too"


def is_attached(function: Function) -> Tri:
    """Whether a function is attached to a VPC."""
    if function.subnets.gaps:
        return YES
    return any_of(subnet.is_set() for subnet in function.subnets)


def attached(app: App) -> Iterator[Function]:
    """The functions that may be attached to a VPC."""
    for function in app.functions:
        if not is_attached(function).is_no:
            yield function


def unattached(app: App) -> Iterator[Outcome]:
    """The rule has nothing to say of the functions outside of any VPC."""
    for function in app.functions:
        if is_attached(function).is_no:
            yield from spared(function)


def resolve(app: App, value: Value[str], kind: type[R]) -> Iterator[tuple[Tri, R]]:
    """The resources of the application that a value is, each with the answer to whether it is."""
    for when, reference in value.refers():
        found = app.get(reference.target)
        if isinstance(found, kind):
            yield given(when, YES), found


def outside(app: App, values: Relation[Value[str]], kind: type[R], what: str) -> tuple[Doubt, ...]:
    """Why some of these subnets or security groups can't be looked at."""
    doubts = {doubt.why: doubt for doubt in values.gaps}
    for value in values:
        if not value.is_set().is_no and not any(True for _ in resolve(app, value, kind)):
            doubt = Doubt(
                f"the {what} `{value.show()}` is not part of the scanned code", _ELSEWHERE, "network elsewhere"
            )
            doubts.setdefault(doubt.why, doubt)
    return tuple(doubts.values())


def unseen(doubts: tuple[Doubt, ...], at: Function) -> Tri:
    """MAYBE for these reasons; NO for none."""
    return Tri("maybe", (at.origin,), doubts) if doubts else NO


# ----------------------------------------------------------------------------------------------------------- ways out


def is_isolated(app: App, function: Function) -> Tri:
    """Whether no default route leads out of the VPC from any of a function's subnets."""
    return _of_subnets(app, function, lambda subnet: subnet.isolated)


def is_closed(app: App, function: Function) -> bool:
    """Whether it is certain that no route leads from a function's subnets beyond their VPC, but those of gateway endpoints."""
    if not function.subnets.items or app.unread(function, {NetworkRoute.kind, SubnetRouteTable.kind}) is not None:
        return False
    return _of_subnets(app, function, lambda subnet: subnet.closed).is_yes


def no_way_out(app: App, functions: tuple[Function, ...]) -> str:
    """That the subnets of functions are closed, in words: a gateway endpoint is a route out all the same, to one service."""
    tables: dict[int, RouteTable] = {}
    subnets = {id(s) for f in functions for value in f.subnets for _, s in resolve(app, value, Subnet)}
    for association in app.of(SubnetRouteTable):
        if any(id(subnet) in subnets for _, subnet in resolve(app, association.subnet, Subnet)):
            tables |= {id(table): table for _, table in resolve(app, association.route_table, RouteTable)}
    ways: dict[str, None] = {}
    for endpoint in app.of(VpcEndpoint):
        named = [id(table) for value in endpoint.route_tables for _, table in resolve(app, value, RouteTable)]
        if any(table in tables for table in named):
            service = next((w for s, w in _BY_GATEWAY.items() if not endpoint.service.reads(rf".*\.{s}").is_no), "")
            ways[f"through the endpoint `{endpoint}` to {service or 'its service'}"] = None
    if ways:
        return f"a route leads beyond the VPC only {join(ways)}"
    return "no route leads to the internet or to another network"


def own_group(app: App, group: SecurityGroup) -> str:
    """That a group is not the functions' alone, with what to do then; empty where nothing of the code shows that.

    To narrow it would take from others what they need.
    """
    others = [base for base in app.of(Database) for value in base.security_groups if _is_for(app, value, group)]
    outputs = [output for output in app.of(Output) if _is_for(app, output.value, group)]
    if not others and not outputs:
        return ""
    why = f"{names(others, of='resource')} {'have' if len(others) > 1 else 'has'} `{group}` too" if others else ""
    if outputs:
        why += (" and " if why else "") + f"`{group}` is put out as {names(outputs, of='output')}, for others to use"
    each = "each" if len(group.functions) > 1 else "the"
    return f"give {each} function a group of its own that lets out only what it calls: {why}"


def _is_for(app: App, value: Value[str], group: SecurityGroup) -> bool:
    return any(app.get(reference.target) is group for _, reference in value.references())


def _of_subnets(app: App, function: Function, question: Callable[[Subnet], Tri]) -> Tri:
    doubts = outside(app, function.subnets, Subnet, "subnet")
    if doubts:
        return unseen(doubts, function)
    subnets = (pair for value in function.subnets for pair in resolve(app, value, Subnet))
    return all_of(~here | question(subnet) for here, subnet in subnets)


# -------------------------------------------------------------------------------------------------- security groups


class Door(Struct, frozen=True, eq=False):
    """The rules of a security group that let a kind of traffic through, with the answer to whether they do."""

    answer: Tri
    rules: tuple[TrafficRule, ...]


def every_port(rule: TrafficRule) -> Tri:
    """Whether a rule is for all ports of TCP at least."""
    every = rule.protocol.where(lambda v: str(v) == "-1")
    tcp = rule.protocol.where(lambda v: str(v).lower() in {"6", "tcp"})
    low = rule.from_port.where(lambda v: v is not None and int(v) <= 1)
    high = rule.to_port.where(lambda v: v is not None and int(v) >= 65535)
    return every | (tcp & low & high)


def everywhere(rule: TrafficRule, *, v6: bool) -> Tri:
    """Whether a rule is for every address."""
    return rule.cidr6.where(lambda v: _all_of_v6(str(v))) if v6 else rule.cidr.is_("0.0.0.0/0")


def inside(app: App, function: Function) -> Tri:
    """Whether the security groups of a function let it reach private addresses and other groups only."""
    if not function.security_groups.complete or not len(function.security_groups):
        return NO
    answer: Tri = YES
    for value in function.security_groups:
        found = [group for _, group in resolve(app, value, SecurityGroup)]
        if not found:
            return NO
        answer = answer & all_of(~door(group, "egress", _leads_outside).answer for group in found)
    return answer


def _leads_outside(rule: TrafficRule) -> Tri:
    """Whether a rule is for addresses that are not private. A list of prefixes may hold any."""
    v4 = ~rule.cidr.is_null() & ~rule.cidr.matches(_PRIVATE)
    v6 = ~rule.cidr6.is_null() & ~rule.cidr6.matches("(?i)f[cd].*")
    return v4 | v6 | rule.prefix_list.is_set()


def _all_of_v6(text: str) -> bool:
    address, _, bits = text.partition("/")
    return bits == "0" and not address.strip("0:")


def open_egress(group: SecurityGroup, *, v6: bool) -> Door:
    """The rules that let a function reach every port of every address."""
    return door(group, "egress", lambda rule: every_port(rule) & everywhere(rule, v6=v6))


def door(group: SecurityGroup, direction: str, question: Callable[[TrafficRule], Tri]) -> Door:
    """The rules of one direction of which something is so."""
    answer: Tri = NO
    found: list[TrafficRule] = []
    for rule in group.rules:
        if rule.direction != direction:
            continue
        own = given(rule.exists, question(rule))
        answer = answer | own
        if own.truth in {"yes", "mixed"}:
            found.append(rule)
    if not group.rules.complete:
        answer = answer | Tri("maybe", (group.origin,), group.rules.gaps)
    return Door(answer, tuple(found))


def groups_of_functions(app: App) -> Iterator[SecurityGroup]:
    """The security groups of the application that functions have."""
    for group in app.of(SecurityGroup):
        if group.functions:
            yield group


def group_unseen(app: App) -> Iterator[tuple[Function, Tri]]:
    """The functions that have security groups which can't be looked at, each with why."""
    for function in attached(app):
        doubts = outside(app, function.security_groups, SecurityGroup, "security group")
        if doubts:
            yield function, unseen(doubts, function)
