"""AWS::Lambda::*: what a table can't say."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from stockade.inputs import nodes
from stockade.inputs.cloudformation.cdk import asset
from stockade.inputs.cloudformation.evaluate import text
from stockade.inputs.event_services import BY_ARN, Stated, by_arguments, service_of_each, unknown_source
from stockade.inputs.intrinsic import intrinsic
from stockade.model.value import Default, Known, Text, Unknown, Value
from stockade.text.node import Mapping, Node, Scalar

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering
    from stockade.model.value import Origin


def lower_function(lowering: Lowering, found: Declared) -> None:
    """AWS::Lambda::Function."""
    _with_code(lowering, found, "Code")


def lower_event_source(lowering: Lowering, found: Declared) -> None:
    """AWS::Lambda::EventSourceMapping."""
    lowering.add_by_table(found, service=event_service(lowering, found))


def lower_layer(lowering: Lowering, found: Declared) -> None:
    """AWS::Lambda::LayerVersion."""
    _with_code(lowering, found, "Content")


def _with_code(lowering: Lowering, found: Declared, name: str) -> None:
    """A record whose code may be a path on disk, where else a mapping stands."""
    path = code_path(lowering, found, name)
    properties = found.properties
    if path and type(properties) is Mapping and type(properties.get(name)) is Scalar:
        found.properties = nodes.with_entries(properties, {name: None})
    lowering.add_by_table(found, **path)
    found.properties = properties


# The resource types that an event source mapping can read.
_TYPES = {
    "AWS::SQS::Queue": "sqs",
    "AWS::Kinesis::Stream": "kinesis",
    "AWS::Kinesis::StreamConsumer": "kinesis",
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::DynamoDB::GlobalTable": "dynamodb",
    "AWS::Serverless::SimpleTable": "dynamodb",
    "AWS::MSK::Cluster": "msk",
    "AWS::MSK::ServerlessCluster": "msk",
    "AWS::AmazonMQ::Broker": "mq",
    "AWS::DocDB::DBCluster": "documentdb",
}
# Properties that only one service takes.
_BLOCKS = {
    "SelfManagedEventSource": "kafka",
    "SelfManagedKafkaEventSourceConfig": "kafka",
    "AmazonManagedKafkaEventSourceConfig": "msk",
    "DocumentDBEventSourceConfig": "documentdb",
    "Queues": "mq",
    "ScalingConfig": "sqs",
}
_STREAM_ATTRIBUTES = {"StreamArn": "dynamodb", "QueueArn": "sqs", "ConsumerARN": "kinesis", "ConsumerArn": "kinesis"}


def event_service(lowering: Lowering, found: Declared) -> Value[str]:
    """The service that an event source mapping reads.

    By the ARN, by what it refers to, or by what only one service takes.
    """
    value = lowering.value_at(found.properties, "EventSourceArn")
    origin = value.origin if value is not None else lowering.evaluator.place(found.body.span, found.key_span)
    stated = found.properties
    certain = next((s for n, s in _BLOCKS.items() if type(stated) is Mapping and n in stated), None)

    def by_rest(leaf: Value[Any] | None) -> Value[str]:
        return Known(v=certain, origin=origin) if certain else _by_arguments(lowering, stated, leaf, origin)

    return service_of_each(value, origin, lambda leaf: _service_of(lowering, leaf), by_rest)


def _states(properties: Node | None, *names: str) -> bool | None:
    """Whether one of these properties is stated; None where that is not known."""
    if type(properties) is not Mapping or intrinsic(properties) is not None:
        return None
    nodes = [properties.get(name) for name in names]
    if all(node is None for node in nodes):
        return False
    return True if any(node is not None and intrinsic(node) is None for node in nodes) else None


def _by_arguments(lowering: Lowering, properties: Node | None, leaf: Value[Any] | None, origin: Origin) -> Value[str]:
    split = lowering.value_at(properties, "BisectBatchOnFunctionError", as_="boolean")
    stated = Stated(
        arn=None if leaf is None or isinstance(leaf, Default) else True,
        shards=_states(properties, "ParallelizationFactor", "TumblingWindowInSeconds"),
        given_up=_states(properties, "MaximumRecordAgeInSeconds", "MaximumRetryAttempts")
        or (split is not None and split.is_true().is_yes),
        topics=_states(properties, "Topics"),
        queues=_states(properties, "Queues"),
        database=_states(properties, "DocumentDBEventSourceConfig"),
        own_cluster=_states(properties, "SelfManagedEventSource"),
    )
    position = lowering.value_at(properties, "StartingPosition")
    doubt = unknown_source(leaf)
    if position is None and _states(properties, "StartingPosition") is not False:
        position = Unknown(doubt=doubt, origin=origin)
    return by_arguments(position, stated, doubt, origin)


def _service_of(lowering: Lowering, leaf: Value[Any]) -> str | None:
    for _, reference in leaf.references():
        declared = lowering.find(reference)
        if declared is not None and declared.type in _TYPES:
            return _TYPES[declared.type]
        if reference.attribute in _STREAM_ATTRIBUTES:
            return _STREAM_ATTRIBUTES[reference.attribute]
    start = (
        leaf.v
        if isinstance(leaf, Known)
        else "".join(p if isinstance(p, str) else "_" for p in leaf.parts)
        if isinstance(leaf, Text)
        else ""
    )
    pieces = str(start).split(":")
    return BY_ARN.get(pieces[2]) if len(pieces) > 5 and pieces[0] == "arn" else None


def code_path(lowering: Lowering, found: Declared, name: str) -> dict[str, Any]:
    """`Code` (or a layer's `Content`) as a path on disk.

    It is written so where `aws cloudformation package` starts from it, or the asset of the CDK that it names is there.
    """
    properties = found.properties
    written = properties.get(name) if type(properties) is Mapping else None
    where = asset(lowering.template, found.body, written)
    if where is not None and written is not None:
        folder = posixpath.dirname(lowering.template.name)
        return {
            "code_path": Known(v=posixpath.relpath(where, folder or "."), origin=lowering.evaluator.origin(written))
        }
    for case in lowering.evaluator.lookup(properties, (name,)):
        if type(case.node) is Scalar and case.node.value is not None and intrinsic(case.node) is None:
            value = text(lowering.evaluator.value(case.node))
            if isinstance(value, Known) and not str(value.v).startswith(("s3://", "https://")):
                return {"code_path": value}
    return {}


MAKERS = {
    "AWS::Lambda::Function": lower_function,
    "AWS::Lambda::EventSourceMapping": lower_event_source,
    "AWS::Lambda::LayerVersion": lower_layer,
}
