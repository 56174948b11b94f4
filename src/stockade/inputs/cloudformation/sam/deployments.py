"""`DeploymentPreference`: the role with which CodeDeploy shifts traffic.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-deploymentpreference.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.inputs import nodes
from stockade.inputs.cloudformation.sam.expand import Deployment, Expansion
from stockade.inputs.cloudformation.sam.roles import RoleDraft, trust_of
from stockade.model.value import Known, Premise, When
from stockade.text.document import Span
from stockade.text.node import Mapping, Node

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared

_ROLE = "CodeDeployServiceRole"
_OFF = {"false", "False"}


def note_deployment(sam: Expansion, found: Declared, node: Node, key_span: Span) -> None:
    """Keep a function's preference; the role is made for all of them."""
    if type(node) is not Mapping or not nodes.is_block(node):
        return
    enabled = node.get("Enabled")
    if enabled is not None:
        value = sam.evaluator.value(enabled)
        if isinstance(value, Known) and str(value.v) in _OFF:
            return
    through = node.get("PassthroughCondition")
    passes = False
    if through is not None:
        value = sam.evaluator.value(through)
        passes = isinstance(value, Known) and str(value.v) in {"true", "True"}
    condition = nodes.literal(found.body.get("Condition")) if passes else None
    sam.deployments.append(Deployment(found, node.span, key_span, nodes.is_set(node.get("Role")), condition or ""))


def lower_deployments(sam: Expansion) -> None:
    """CodeDeploy's role, where some function leaves it to SAM."""
    first = next((d for d in sam.deployments if not d.has_role), None)
    if first is None:
        return
    role = RoleDraft(sam, _unconditional(sam, first), _ROLE)
    origin = sam.evaluator.place(first.span, first.key_span)
    role.attach("service-role/AWSCodeDeployRoleForLambda", origin)
    role.make(first.span, trust=trust_of("codedeploy.amazonaws.com", origin), fields={}, key_span=first.key_span)


def _unconditional(sam: Expansion, first: Deployment) -> Declared:
    """The owner of the role: there when one of the deployments is."""
    conditions = {d.condition: d.owner.exists for d in sam.deployments}
    exists: When = ()
    if "" not in conditions:
        if len(conditions) == 1:
            exists = next(iter(conditions.values()))
        else:
            shown = " or ".join(sorted(conditions))
            exists = (Premise("ServerlessCodeDeployCondition", f"{shown} holds", f"none of {shown} holds"),)
    return sam.owner_when(first.owner, exists)
