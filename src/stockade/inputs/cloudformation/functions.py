"""AWS::Lambda::*: what a table can't say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.cloudformation.evaluate import text
from stockade.inputs.cloudformation.template import intrinsic
from stockade.model.value import Known, Relation, Value
from stockade.text.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering


def lower_function(lowering: Lowering, found: Declared) -> None:
    """AWS::Lambda::Function."""
    lowering.add_by_table(found, **shared_fields(lowering, found.properties), **code_path(lowering, found.properties))


def shared_fields(lowering: Lowering, properties: Node | None) -> dict[str, Any]:
    """What functions have in both dialects beyond their tables."""
    return {
        "environment": lowering.environment(properties, ("Environment", "Variables")),
        "file_systems": file_systems(lowering, properties),
        "tags": lowering.tags(properties),
    }


def file_systems(lowering: Lowering, properties: Node | None) -> Relation[Value[str]]:
    """The access points that are mounted."""
    arns: list[Value[str]] = []
    for case in lowering.evaluator.lookup(properties, ("FileSystemConfigs",)):
        for item in case.node.items if type(case.node) is Sequence else ():
            arn = lowering.value_at(item, "Arn")
            if arn is not None:
                arns.append(lowering.evaluator.under(case.when, arn))
    return Relation(tuple(arns))


def code_path(lowering: Lowering, properties: Node | None) -> dict[str, Any]:
    """`Code` as a path on disk, which is what `aws cloudformation package` starts from."""
    for case in lowering.evaluator.lookup(properties, ("Code",)):
        if type(case.node) is Scalar and case.node.value is not None and intrinsic(case.node) is None:
            value = text(lowering.evaluator.value(case.node))
            if isinstance(value, Known) and not str(value.v).startswith(("s3://", "https://")):
                return {"code_path": value}
    return {}


def is_block(node: Node | None) -> bool:
    """Whether a node is a plain mapping, not a call of an intrinsic function."""
    return type(node) is Mapping and intrinsic(node) is None


MAKERS = {"AWS::Lambda::Function": lower_function}
