"""Log groups, alarms and trails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.terraform.choices import as_unset, under
from stockade.inputs.terraform.walk import open_at
from stockade.model.app import Alarm
from stockade.model.value import Doubt, Relation, Value

if TYPE_CHECKING:
    from stockade.inputs.terraform.lower import Declared, Lowering
    from stockade.inputs.terraform.walk import Item


def lower_log_group(lowering: Lowering, found: Declared) -> None:
    """aws_cloudwatch_log_group; the provider's word for keeping events for ever is 0 days."""
    retention = lowering.value_at(found, found.block, "retention_in_days", as_="integer")
    lowering.add_by_table(found, **({} if retention is None else {"retention": as_unset(retention, 0)}))


def lower_alarm(lowering: Lowering, found: Declared) -> None:
    """aws_cloudwatch_metric_alarm: one record, or one for each metric that a computed alarm uses."""
    queries = list(lowering.items(found, found.block, "metric_query"))
    metrics = [item for item in queries if any(lowering.items(found, item.block, "metric"))]
    if not metrics:
        doubts = tuple(open_at(found.block, "metric_query"))
        unseen: dict[str, Any] = {"dimensions": Relation((), complete=False, gaps=doubts)} if doubts else {}
        lowering.add_by_table(found, **unseen)
        return
    shared = lowering.fields(found, lowering.table(found.type), found.block)
    part = lowering.table("aws_cloudwatch_metric_alarm/metric_query")
    for index, item in enumerate(metrics):
        own = lowering.fields(found, part, item.block)
        base = lowering.base(found, suffix=f"/metric_query/{index}" if index else "", when=item.when)
        lowering.add(Alarm(**(base | shared | own)))


def lower_trail(lowering: Lowering, found: Declared) -> None:
    """aws_cloudtrail: the data events of both kinds of selectors."""
    resources: list[Value[Any]] = []
    doubts: list[Doubt] = []

    def note(item: Item, name: str) -> None:
        values = lowering.texts_at(found, item.block, name)
        resources.extend(under(item.when, value) for value in values)
        doubts.extend(values.gaps)

    for data in lowering.items(found, found.block, "event_selector", "data_resource"):
        note(data, "type")
        note(data, "values")
    for condition in lowering.items(found, found.block, "advanced_event_selector", "field_selector"):
        field = lowering.value_at(found, condition.block, "field")
        if field is not None and not field.one_of("resources.type", "resources.ARN").is_no:
            note(condition, "equals")
            note(condition, "starts_with")
    for path in (("event_selector",), ("event_selector", "data_resource"), ("advanced_event_selector",)):
        doubts += open_at(found.block, *path)
    lowering.add_by_table(found, data_resources=Relation(tuple(resources), complete=not doubts, gaps=tuple(doubts)))


MAKERS = {
    "aws_cloudwatch_log_group": lower_log_group,
    "aws_cloudwatch_metric_alarm": lower_alarm,
    "aws_cloudtrail": lower_trail,
}
