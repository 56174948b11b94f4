"""Alarms and trails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.cloudformation.evaluate import text
from stockade.model.app import Alarm, Tag
from stockade.model.value import Doubt, Relation, Value
from stockade.text.node import Mapping, Node

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering


def lower_alarm(lowering: Lowering, found: Declared) -> None:
    """AWS::CloudWatch::Alarm: one record, or one for each metric that a computed alarm uses."""
    metrics = [item for item in lowering.items(found.properties, "Metrics") if "MetricStat" in item.node]
    if not metrics:
        lowering.add_by_table(found, dimensions=_dimensions(lowering, found.properties, "Dimensions"))
        return
    shared = lowering.fields(lowering.table(found.type), found.properties)
    for index, item in enumerate(metrics):
        own = lowering.fields(lowering.table("AWS::CloudWatch::Alarm/Metrics"), item.node)
        dimensions = _dimensions(lowering, item.node, "MetricStat", "Metric", "Dimensions")
        base = lowering.base(found, suffix=f"/Metrics/{index}" if index else "", when=item.when)
        lowering.add(Alarm(**(base | shared | own), dimensions=dimensions))


def _dimensions(lowering: Lowering, block: Node | None, *path: str) -> Relation[Tag]:
    found: list[Tag] = []
    for item in lowering.items(block, *path):
        name, value = lowering.value_at(item.node, "Name"), lowering.value_at(item.node, "Value")
        if name is not None and value is not None:
            found.append(Tag(name, lowering.evaluator.under(item.when, value)))
    return Relation(tuple(found))


def lower_trail(lowering: Lowering, found: Declared) -> None:
    """AWS::CloudTrail::Trail: the data events of both kinds of selectors."""
    resources: list[Value[Any]] = []
    doubts: list[Doubt] = []

    def note(when: Any, node: Node | None) -> None:  # noqa: ANN401 - premises
        values = lowering.evaluator.texts(node)
        resources.extend(lowering.evaluator.under(when, text(v)) for v in values)
        doubts.extend(values.gaps)

    for selector in lowering.items(found.properties, "EventSelectors"):
        for data in lowering.items(selector.node, "DataResources"):
            note(data.when, data.node.get("Type"))
            note(data.when, data.node.get("Values"))
    for selector in lowering.items(found.properties, "AdvancedEventSelectors"):
        for condition in lowering.items(selector.node, "FieldSelectors"):
            name = condition.node.get("Field")
            if (
                type(condition.node) is Mapping
                and name is not None
                and getattr(name, "raw", "") in {"resources.type", "resources.ARN"}
            ):
                for operator in ("Equals", "StartsWith"):
                    note(condition.when, condition.node.get(operator))
    lowering.add_by_table(found, data_resources=Relation(tuple(resources), complete=not doubts, gaps=tuple(doubts)))


MAKERS = {"AWS::CloudWatch::Alarm": lower_alarm, "AWS::CloudTrail::Trail": lower_trail}
