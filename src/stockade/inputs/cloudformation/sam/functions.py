"""AWS::Serverless::Function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.inputs.cloudformation.functions import is_block, shared_fields
from stockade.model.app import Url

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering
    from stockade.model.app import Function


def lower_function(lowering: Lowering, found: Declared) -> None:
    """A function with everything that SAM makes of it."""
    function = lowering.add_by_table(found, **shared_fields(lowering, found.properties))
    lower_url(lowering, found, function)  # type: ignore[arg-type]


def lower_url(lowering: Lowering, found: Declared, function: Function) -> None:
    """`FunctionUrlConfig`."""
    table = lowering._tables["AWS::Serverless::Function/FunctionUrlConfig"]  # noqa: SLF001
    for case in lowering.evaluator.lookup(found.properties, ("FunctionUrlConfig",)):
        if case.node is None or not is_block(case.node):
            continue
        base = lowering.base(
            found,
            suffix="Url",
            table=table.type,
            at=("Properties", "FunctionUrlConfig"),
            span=case.node.span,
            key_span=case.key_span,
            when=case.when,
            address=f"{found.id}Url",
        )
        target = lowering.reference(found.id, "Ref", function.origin)
        lowering.add(Url(**base, **lowering.fields(table, case.node), function_name=target))


MAKERS = {"AWS::Serverless::Function": lower_function}
