"""The parameters of a template, as inputs that may hold secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.model.app import Variable
from stockade.text.node import Mapping

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Lowering


def lower_parameters(lowering: Lowering) -> None:
    """A record for each parameter."""
    from stockade.inputs.cloudformation.lower import Declared

    table = lowering.table("Parameter")
    for section in lowering.template.parameters.values():
        if type(section.body) is Mapping:
            found = Declared(section, table.type, section.body, (), section.body)
            base = lowering.base(found, suffix="/Parameter", table=table.type, at=(), block=section.body)
            lowering.add(Variable(**(base | lowering.fields(table, section.body))))
