"""Alarms that the plugin serverless-plugin-aws-alerts declares.

Source: its readme, and what it makes in release 1.7.5, as of 2026-11-28.
"""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.service import Function, Property, Service
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar

PLUGIN = "serverless-plugin-aws-alerts"
_ACTIONS = {"ok": "OKActions", "alarm": "AlarmActions", "insufficientData": "InsufficientDataActions"}
_USUAL: dict[str, dict[str, object]] = {
    "functionInvocations": {"metric": "Invocations", "threshold": 100, "statistic": "Sum"},
    "functionErrors": {"metric": "Errors", "threshold": 1, "statistic": "Sum"},
    "functionDuration": {"metric": "Duration", "threshold": 500, "statistic": "Average"},
    "functionThrottles": {"metric": "Throttles", "threshold": 1, "statistic": "Sum"},
}
_COMMON: dict[str, object] = {
    "namespace": "AWS/Lambda",
    "enabled": True,
    "actionsEnabled": True,
    "type": "static",
    "period": 60,
    "evaluationPeriods": 1,
    "datapointsToAlarm": 1,
    "comparisonOperator": "GreaterThanOrEqualToThreshold",
}
_COPIED = {
    "actionsEnabled": "ActionsEnabled",
    "description": "AlarmDescription",
    "evaluationPeriods": "EvaluationPeriods",
    "datapointsToAlarm": "DatapointsToAlarm",
    "comparisonOperator": "ComparisonOperator",
}
_STATISTICS = frozenset({"SampleCount", "Average", "Sum", "Minimum", "Maximum"})


def make_alarms(service: Service) -> None:
    """The alarms of every function, and the topics that they tell."""
    config = service.at(service.root, "custom", "alerts")
    if PLUGIN not in service.plugins or type(config) is not Mapping:
        return
    stages = [item.raw for item in service.items(config, "stages") if type(item) is Scalar]
    if stages and service.stage not in stages:
        return
    topics = _topics(service, service.block(config, "topics"))
    for function in service.functions:
        wanted = [
            *service.items(config, "alarms"),
            *service.items(config, "global"),
            *service.items(config, "function"),
        ]
        for item in (*wanted, *service.items(function.block, "alarms")):
            _alarm(service, function, config, item, topics)


def _topics(service: Service, block: Mapping) -> dict[str, dict[str, Node]]:
    """What each kind of change is told, by the name of a group of topics (the usual ones have none)."""
    found: dict[str, dict[str, Node]] = {}
    for entry in block.entries:
        if entry.key.raw in _ACTIONS:
            found.setdefault("", {})[entry.key.raw] = _topic(service, entry, "")
        elif type(entry.value) is Mapping:
            for inner in entry.value.entries:
                found.setdefault(entry.key.raw, {})[inner.key.raw] = _topic(service, inner, entry.key.raw)
    return found


def _topic(service: Service, entry: Entry, group: str) -> Node:
    value = entry.value
    topic = service.at(value, "topic") if type(value) is Mapping and intrinsic(value) is None else value
    if type(topic) is not Scalar or topic.tag is not None or topic.raw.startswith("arn:"):
        return topic if topic is not None else value
    logical_id = f"AwsAlerts{naming.upper_first(group)}{naming.upper_first(entry.key.raw)}"
    told: list[Node] = [
        service.mapping(n.span, {"Protocol": service.entry(n, "protocol"), "Endpoint": service.entry(n, "endpoint")})
        for n in service.items(value if type(value) is Mapping else None, "notifications")
    ]
    properties: dict[str, Property] = {"TopicName": topic, "Subscription": nodes.sequence(value.span, told)}
    service.make(logical_id, "AWS::SNS::Topic", properties, at=entry)
    return nodes.ref(value.span, logical_id)


def _definition(service: Service, config: Mapping, item: Node) -> tuple[str, dict[str, Node]] | None:
    """An alarm's name, and what is said of it: at the function, in the definitions, or by the plugin."""
    own = item if type(item) is Mapping and intrinsic(item) is None else Mapping(item.span, ())
    name = (
        service.text(own, "name") if own.entries else (item.raw if type(item) is Scalar and item.tag is None else None)
    )
    if name is None:
        return None
    usual = (_COMMON | _USUAL[name]) if name in _USUAL else {"enabled": True, "type": "static"}
    found: dict[str, Node] = {key: nodes.from_plain(value, item.span, {}) for key, value in usual.items()}
    for block in (service.block(config, "definitions", name), own):
        found |= {entry.key.raw: entry.value for entry in block.entries}
    return name, found


def _alarm(
    service: Service, function: Function, config: Mapping, item: Node, topics: dict[str, dict[str, Node]]
) -> None:
    stated = _definition(service, config, item)
    if stated is None:
        service.gap(
            item, f"an alarm of `{function.key}`", "its name is not known", kind="unresolved", remedy="write it out"
        )
        return
    name, said = stated
    logical_id = f"{naming.normal(function.key)}{naming.normal(name)}Alarm"
    switch = said.get("enabled")
    if type(switch) is Scalar and switch.value is False:
        service.resources.pop(logical_id, None)
        return
    properties: dict[str, Property] = {to: said.get(key) for key, to in _COPIED.items()}
    properties |= _actions(service, said, topics, item.span)
    properties["TreatMissingData"] = said.get("treatMissingData") or nodes.text(item.span, "missing")
    properties |= _metric(service, function, said, item.span)
    service.make(logical_id, "AWS::CloudWatch::Alarm", properties, at=Entry(Scalar(item.span, name, name), item))


def _actions(
    service: Service, said: dict[str, Node], topics: dict[str, dict[str, Node]], span: Span
) -> dict[str, Property]:
    found: dict[str, Property] = {}
    for key, to in _ACTIONS.items():
        told = [topics[""][key]] if key in topics.get("", {}) else []
        groups = service.items(
            Mapping(span, tuple(Entry(Scalar(span, k, k), v) for k, v in said.items())), f"{key}Actions"
        )
        told += [topics[g.raw][key] for g in groups if type(g) is Scalar and key in topics.get(g.raw, {})]
        found[to] = nodes.sequence(span, told)
    return found


def _metric(service: Service, function: Function, said: dict[str, Node], span: Span) -> dict[str, Property]:
    """What is measured: a metric of the function, or one that a filter makes of its logs."""
    metric, statistic = said.get("metric"), said.get("statistic")
    pattern = said.get("pattern")
    namespace = said.get("namespace") if pattern is None else service.stack_name(span)
    dimensions: Node = nodes.sequence(span, [])
    if pattern is not None and type(metric) is Scalar and metric.tag is None:
        metric = nodes.text(span, naming.upper_first(metric.raw) + function.id)
    elif pattern is None:
        dimensions = _dimensions(function, said, span)
    measured: dict[str, Property] = {"Namespace": namespace, "MetricName": metric, "Dimensions": dimensions}
    kind = said.get("type")
    if type(kind) is Scalar and kind.raw == "anomalyDetection":
        inner = service.mapping(span, dict(measured))
        stat: dict[str, Property] = {"Metric": inner, "Period": said.get("period"), "Stat": statistic}
        first: dict[str, Property] = {"Id": nodes.text(span, "m1"), "MetricStat": service.mapping(span, stat)}
        threshold = said.get("threshold")
        shown = threshold.raw if type(threshold) is Scalar else ""
        band = nodes.from_plain({"Id": "ad1", "Expression": f"ANOMALY_DETECTION_BAND(m1, {shown})"}, span, {})
        metrics = nodes.sequence(span, [service.mapping(span, first), band])
        return {"Metrics": metrics, "ThresholdMetricId": nodes.text(span, "ad1")}
    usual = type(statistic) is Scalar and statistic.raw in _STATISTICS
    return {
        **measured,
        "Threshold": said.get("threshold"),
        "Period": said.get("period"),
        "Statistic" if usual else "ExtendedStatistic": statistic,
    }


def _dimensions(function: Function, said: dict[str, Node], span: Span) -> Node:
    written = said.get("dimensions")
    kept = [
        item
        for item in getattr(written, "items", ())
        if not (type(item) is Mapping and nodes.literal(item.get("Name")) == "FunctionName")
    ]
    omitted = said.get("omitDefaultDimension")
    if not (type(omitted) is Scalar and omitted.value is True):
        own = {"Name": nodes.text(span, "FunctionName"), "Value": nodes.ref(span, function.id)}
        kept.append(nodes.mapping(span, own))
    return nodes.sequence(span, kept)
