"""AWS::Lambda::*: what a table can't say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.cloudformation.evaluate import text
from stockade.inputs.cloudformation.template import intrinsic
from stockade.model.value import Doubt, Known, Text, Unknown, Value, one_of
from stockade.text.node import Mapping, Node, Scalar

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering


def lower_function(lowering: Lowering, found: Declared) -> None:
    """AWS::Lambda::Function."""
    lowering.add_by_table(found, **code_path(lowering, found.properties))


def lower_event_source(lowering: Lowering, found: Declared) -> None:
    """AWS::Lambda::EventSourceMapping."""
    lowering.add_by_table(found, service=event_service(lowering, found))


def lower_layer(lowering: Lowering, found: Declared) -> None:
    """AWS::Lambda::LayerVersion."""
    lowering.add_by_table(found, **code_path(lowering, found.properties, "Content"))


# The service in an ARN, and what the model calls it.
_SERVICES = {
    "sqs": "sqs",
    "kinesis": "kinesis",
    "dynamodb": "dynamodb",
    "kafka": "msk",
    "mq": "mq",
    "rds": "documentdb",
}
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
    if value is not None:
        options = [(when, _service_of(lowering, leaf)) for when, leaf in value.leaves()]
        if all(service for _, service in options):
            return one_of([(when, Known(v=str(service), origin=origin)) for when, service in options], origin)
    if type(found.properties) is Mapping:
        for name, service in _BLOCKS.items():
            if name in found.properties:
                return Known(v=service, origin=origin)
    doubt = Doubt("the ARN of the event source is not known", cause="event source")
    return Unknown(doubt=doubt, origin=origin)


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
    return _SERVICES.get(pieces[2]) if len(pieces) > 5 and pieces[0] == "arn" else None


def code_path(lowering: Lowering, properties: Node | None, name: str = "Code") -> dict[str, Any]:
    """`Code` (or a layer's `Content`) as a path on disk, which is what `aws cloudformation package` starts from."""
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
