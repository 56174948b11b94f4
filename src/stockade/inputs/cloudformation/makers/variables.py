"""The parameters and outputs of a template, and the credentials in it: where secrets may stand beside resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.model.app import Output, Variable
from stockade.text.node import Mapping

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering

_AUTHENTICATION = "AWS::CloudFormation::Authentication"


def lower_parameters(lowering: Lowering) -> None:
    """A record for each parameter."""
    from stockade.inputs.cloudformation.lower import Declared

    table = lowering.table("Parameter")
    for section in lowering.template.parameters.values():
        if type(section.body) is Mapping:
            found = Declared(section, table.type, section.body, (), section.body)
            base = lowering.base(found, suffix="/Parameter", table=table.type, at=(), block=section.body)
            lowering.add(Variable(**(base | lowering.fields(table, section.body))))


def lower_outputs(lowering: Lowering) -> None:
    """A record for each output."""
    from stockade.inputs.cloudformation.lower import Declared

    table = lowering.table("Output")
    for section in lowering.template.outputs.values():
        body = section.body
        if type(body) is Mapping and lowering.evaluator.may_exist(body):
            exists = lowering.evaluator.exists(body, lowering.exists)
            found = Declared(section, table.type, body, exists, body)
            base = lowering.base(found, suffix="/Output", table=table.type, at=(), block=body)
            with lowering.evaluator.assuming(exists):
                lowering.add(Output(**(base | lowering.fields(table, body))))


def lower_credentials(lowering: Lowering, found: Declared) -> None:
    """A record for each of the credentials in a resource's metadata."""
    metadata = found.body.get("Metadata")
    blocks = metadata.get(_AUTHENTICATION) if type(metadata) is Mapping else None
    for entry in blocks.entries if type(blocks) is Mapping else ():
        if type(entry.value) is Mapping:
            item = lowering.item(entry.value, (), entry.key.span, ("Metadata", _AUTHENTICATION, entry.key.raw))
            lowering.add_part(found, _AUTHENTICATION, item, suffix=f"/Credentials/{entry.key.raw}")
