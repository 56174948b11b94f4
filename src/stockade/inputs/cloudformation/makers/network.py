"""Security groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.inputs.intrinsic import intrinsic
from stockade.model.app import SecurityGroupRule, TrafficRule
from stockade.model.value import Default, Doubt, Relation, ServiceDefault
from stockade.text.node import Mapping

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Item, Lowering

_IMPLIED = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html"


def lower_security_group(lowering: Lowering, found: Declared) -> None:
    """AWS::EC2::SecurityGroup; AWS lets a group that states no egress reach everything."""
    rules: list[TrafficRule] = []
    doubts: list[Doubt] = []
    for part in ("SecurityGroupIngress", "SecurityGroupEgress"):
        rules += [_rule(lowering, found, part, item) for item in lowering.items(found.properties, part)]
        why = f"`{part}` is known only when the stack is deployed"
        cases = lowering.evaluator.lookup(found.properties, (part,))
        doubts += [Doubt(why, cause="reference") for c in cases if c.node is not None and intrinsic(c.node) is not None]
    # An empty list is as good as none: AWS keeps the rule that it adds.
    if not doubts and not any(rule.direction == "egress" for rule in rules):
        origin = ServiceDefault(_IMPLIED)
        place = lowering.evaluator.place(found.body.span, found.key_span)
        rules.append(
            TrafficRule(
                origin=place,
                direction="egress",
                protocol=Default(v="-1", origin=origin),
                cidr=Default(v="0.0.0.0/0", origin=origin),
                implied=True,
            )
        )
    lowering.add_by_table(found, inline_rules=Relation(tuple(rules), complete=not doubts, gaps=tuple(doubts)))


def _rule(lowering: Lowering, found: Declared, part: str, item: Item) -> TrafficRule:
    table = f"AWS::EC2::SecurityGroup/{part}"
    site = lowering.base(found, table=table, at=item.at, key_span=item.key_span, block=item.node)["site"]
    rule: TrafficRule = lowering.struct(table, item, site=site)
    return rule


def lower_group_rule(lowering: Lowering, found: Declared) -> None:
    """AWS::EC2::SecurityGroupIngress and AWS::EC2::SecurityGroupEgress."""
    part = found.type.rpartition("::")[2]
    rule: TrafficRule | None = None
    if type(found.properties) is Mapping:
        item = lowering.item(found.properties, found.exists, found.key_span, ("Properties",))
        rule = lowering.struct(f"AWS::EC2::SecurityGroup/{part}", item, site=lowering.base(found)["site"])
    base = lowering.base(found)
    lowering.add(SecurityGroupRule(**base, **lowering.fields(lowering.table(found.type), found.properties), rule=rule))


MAKERS = {
    "AWS::EC2::SecurityGroup": lower_security_group,
    "AWS::EC2::SecurityGroupIngress": lower_group_rule,
    "AWS::EC2::SecurityGroupEgress": lower_group_rule,
}
