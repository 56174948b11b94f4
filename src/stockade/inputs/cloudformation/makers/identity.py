"""AWS::IAM::*: roles and policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.intrinsic import intrinsic
from stockade.model.app import Other, Policy
from stockade.model.value import Doubt, Relation, conjoin
from stockade.text.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering


def lower_role(lowering: Lowering, found: Declared) -> None:
    """AWS::IAM::Role with its inline policies."""
    lowering.add_by_table(found, inline=inline_policies(lowering, found, found.properties))


def lower_holder(lowering: Lowering, found: Declared) -> None:
    """AWS::IAM::User and AWS::IAM::Group: the model has only their policies."""
    holder = lowering.add(Other(**lowering.base(found)))
    field = "users" if found.type == "AWS::IAM::User" else "groups"
    own: dict[str, Any] = {field: Relation((lowering.reference(found.id, "Ref", holder.origin),))}
    for index, item in enumerate(lowering.items(found.properties, "Policies")):
        lowering.add_part(found, "AWS::IAM::Role/Policies", item, suffix=f"/Policies/{index}", **own)


def inline_policies(lowering: Lowering, found: Declared, properties: Node | None) -> Relation[Policy]:
    """The inline policies of a role, group or user: a list of name and document."""
    policies: list[Policy] = []
    doubts: list[Doubt] = []
    for outer in lowering.evaluator.lookup(properties, ("Policies",)):
        node = outer.node
        if node is None:
            continue
        if type(node) is not Sequence or node.tag is not None:
            if intrinsic(node) is None and not (type(node) is Scalar and node.value is None):
                _odd(lowering, node, f"the inline policies of `{found.id}`", "they are not written as a list")
            doubts.append(Doubt("the inline policies are not written as a list", cause="policy"))
            continue
        for index, item in enumerate(node.items):
            for case in lowering.evaluator.cases(item):
                when = conjoin(outer.when, case.when)
                if when is None or case.node is None:
                    continue
                if type(case.node) is not Mapping or intrinsic(case.node) is not None:
                    if intrinsic(case.node) is None:
                        _odd(lowering, case.node, f"an inline policy of `{found.id}`", "it is not a mapping")
                    doubts.append(Doubt("an inline policy can't be read", cause="policy"))
                    continue
                written = lowering.item(case.node, when, outer.key_span, ("Properties", "Policies", index))
                suffix = f"/Policies/{index}" + ("" if not when else f"/{len(policies)}")
                policies.append(lowering.add_part(found, "AWS::IAM::Role/Policies", written, suffix=suffix))
    return Relation(tuple(policies), complete=not doubts, gaps=tuple(doubts))


def _odd(lowering: Lowering, node: Node, what: str, why: str) -> None:
    lowering.evaluator.gap(node, what, why, kind="wrong-shape", remedy="correct it")


MAKERS = {"AWS::IAM::Role": lower_role, "AWS::IAM::User": lower_holder, "AWS::IAM::Group": lower_holder}
