"""The smaller resources of SAM: layers, capacity providers, applications, and those that are not looked into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs import nodes
from stockade.inputs.cloudformation.sam.functions import code_location
from stockade.inputs.cloudformation.sam.globals import PREFIX
from stockade.inputs.cloudformation.sam.roles import RoleDraft, trust_of
from stockade.model.app import Other
from stockade.model.value import Known
from stockade.text.node import Mapping

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering


def lower_layer(lowering: Lowering, found: Declared) -> None:
    """AWS::Serverless::LayerVersion; without a name it has its logical id's."""
    block = found.properties if type(found.properties) is Mapping and nodes.is_block(found.properties) else None
    fields: dict[str, Any] = {}
    content = block.entry("ContentUri") if block is not None else None
    if content is not None:
        fields |= code_location(lowering, content.value, content.key.span, bucket_field="")
    if block is None or not nodes.is_set(block.get("LayerName")):
        fields["name"] = Known(v=found.id, origin=lowering.evaluator.place(found.key_span))
    lowering.add_by_table(found, **fields)


def lower_capacity_provider(lowering: Lowering, found: Declared) -> None:
    """AWS::Serverless::CapacityProvider, with the role by which Lambda manages its instances, where none is named."""
    sam = lowering.sam
    block = found.properties if type(found.properties) is Mapping else None
    given = block.get("OperatorRole") if block is not None else None
    if sam is None or nodes.is_set(given):
        lowering.add_by_table(found)
        return
    own = lowering.reference(f"{found.id}OperatorRole", "Arn", lowering.evaluator.place(found.key_span))
    lowering.add_by_table(found, role=own)
    role = RoleDraft(sam, found, f"{found.id}OperatorRole")
    origin = sam.evaluator.place(found.key_span)
    role.attach("AWSLambdaManagedEC2ResourceOperator", origin)
    role.make(found.body.span, trust=trust_of("lambda.amazonaws.com", origin), fields={})


def lower_unknown(lowering: Lowering, found: Declared) -> None:
    """A resource type of SAM's that is not looked into."""
    lowering.add(Other(**lowering.base(found)))
    lowering.evaluator.gap(
        found.key_span,
        f"`{found.id}` ({found.type})",
        "what SAM makes of this resource type is not read",
        kind="unsupported",
        remedy="scan the processed template (`aws cloudformation get-template --template-stage Processed`)",
        hides=True,
    )


MAKERS = {
    PREFIX + "LayerVersion": lower_layer,
    PREFIX + "CapacityProvider": lower_capacity_provider,
    PREFIX + "MicrovmImage": lower_unknown,
    PREFIX + "NetworkConnector": lower_unknown,
    PREFIX + "WebFunction": lower_unknown,
}
