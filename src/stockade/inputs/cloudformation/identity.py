"""AWS::IAM::*: roles and policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.inputs.cloudformation.evaluate import text
from stockade.inputs.cloudformation.policies import lower_statements
from stockade.inputs.cloudformation.template import intrinsic
from stockade.model.app import Policy
from stockade.model.value import Doubt, Relation, conjoin
from stockade.text.node import Mapping, Node, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering


def lower_role(lowering: Lowering, found: Declared) -> None:
    """AWS::IAM::Role with its trust policy and inline policies."""
    properties = found.properties
    trust = next((c.node for c in lowering.evaluator.lookup(properties, ("AssumeRolePolicyDocument",)) if c.node), None)
    lowering.add_by_table(
        found,
        trust=lower_statements(lowering.evaluator, trust),
        inline=inline_policies(lowering, found, properties),
        tags=lowering.tags(properties),
    )


def inline_policies(lowering: Lowering, found: Declared, properties: Node | None) -> Relation[Policy]:
    """The inline policies of a role, group or user: a list of name and document."""
    policies: list[Policy] = []
    doubts: list[Doubt] = []
    for outer in lowering.evaluator.lookup(properties, ("Policies",)):
        node = outer.node
        if node is None:
            continue
        if type(node) is not Sequence or node.tag is not None:
            doubts.append(Doubt("the inline policies are not written as a list", cause="policy"))
            continue
        for index, item in enumerate(node.items):
            for case in lowering.evaluator.cases(item):
                when = conjoin(outer.when, case.when)
                if when is None or case.node is None:
                    continue
                if type(case.node) is not Mapping or intrinsic(case.node) is not None:
                    doubts.append(Doubt("an inline policy can't be read", cause="policy"))
                    continue
                name = lowering.value_at(case.node, "PolicyName")
                fields = lowering.base(
                    found,
                    suffix=f"/Policies/{index}" + ("" if not when else f"/{len(policies)}"),
                    table="AWS::IAM::Role/Policies",
                    at=("Properties", "Policies", index),
                    span=case.node.span,
                    when=when,
                    block=case.node,
                )
                if name is not None:
                    fields["name"] = text(name)
                document = case.node.get("PolicyDocument")
                policies.append(
                    lowering.add(Policy(**fields, form="inline", statements=lower_statements(lowering.evaluator, document)))
                )
    return Relation(tuple(policies), complete=not doubts, gaps=tuple(doubts))


MAKERS = {"AWS::IAM::Role": lower_role}
