"""`stream`: a stream of DynamoDB or Kinesis that Lambda polls, or that it is a consumer of.

Sources: serverless.com/framework/docs/providers/aws/events/streams and what `serverless package` 3.40.0 makes, as of 2026-11-28.
"""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.roles import grant, grant_alone
from stockade.inputs.serverless.service import Event, Function, Property, Service
from stockade.inputs.serverless.sources import (
    arn_of,
    filters,
    id_for,
    reports_failures,
    second_name,
    service_of,
    set_,
    switched_on,
)
from stockade.text.node import Entry, Mapping, Node, Scalar

_BATCH = 10
_TABLE = ("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams")
_STREAM = ("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:ListStreams")
_FANNED = ("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStreamSummary", "kinesis:ListShards")
_CONSUMER = ("kinesis:SubscribeToShard",)
_TOPIC = ("sns:Publish",)
_QUEUE = ("sqs:ListQueues", "sqs:SendMessage")
_COPIED = {
    "BisectBatchOnFunctionError": "bisectBatchOnFunctionError",
    "MaximumBatchingWindowInSeconds": "batchWindow",
    "MaximumRetryAttempts": "maximumRetryAttempts",
    "StartingPositionTimestamp": "startingPositionTimestamp",
    "TumblingWindowInSeconds": "tumblingWindowInSeconds",
}

# What a function's streams take, by the actions on them.
_Taken = dict[tuple[str, ...], list[Node]]


def _streams(service: Service, events: list[Event]) -> None:
    by_function: dict[str, tuple[Function, _Taken, _Taken]] = {}
    for event in events:
        _, taken, alone = by_function.setdefault(event.function.key, (event.function, {}, {}))
        _stream(service, event, taken, alone)
    for function, taken, alone in by_function.values():
        for actions, resources in taken.items():
            grant(service, function, actions, resources)
        for actions, resources in alone.items():
            grant_alone(service, function, actions, resources)


def _stream(service: Service, event: Event, taken: _Taken, alone: _Taken) -> None:
    block = event.block
    arn, source = arn_of(service, event)
    if arn is None:
        return
    type_ = _type(service, event, arn)
    consumer = set_(service, event, "consumer") if type_ != "dynamodb" else None
    if type_ == "dynamodb":
        taken.setdefault(_TABLE, []).append(arn)
        alone.setdefault(_TABLE, []).append(arn)
    elif type_ == "kinesis":
        taken.setdefault(_FANNED if consumer is not None else _STREAM, []).append(arn)
        alone.setdefault(_STREAM, []).append(arn)
    name = second_name(arn)
    if consumer is not None:
        source = _consumer(service, event, name, consumer, arn)
        taken.setdefault(_CONSUMER, []).append(source.value)
    properties: dict[str, Property] = {to: service.entry(block, key) for to, key in _COPIED.items()}
    properties |= {
        "BatchSize": set_(service, event, "batchSize") or Scalar(event.span, _BATCH, str(_BATCH)),
        "Enabled": switched_on(service, event),
        "EventSourceArn": source,
        "FunctionName": service.target(event.function, event.span),
        "ParallelizationFactor": set_(service, event, "parallelizationFactor"),
        "StartingPosition": set_(service, event, "startingPosition") or nodes.text(event.span, "TRIM_HORIZON"),
        "FunctionResponseTypes": reports_failures(service, event),
        "MaximumRecordAgeInSeconds": set_(service, event, "maximumRecordAgeInSeconds"),
        "DestinationConfig": _on_failure(service, event, taken),
        "FilterCriteria": filters(service, event),
    }
    start = f"{naming.normal(event.function.key)}EventSourceMapping{naming.upper_first(type_)}"
    logical_id = id_for(service, start, name, arn)
    service.make(logical_id, "AWS::Lambda::EventSourceMapping", properties, at=event)


def _type(service: Service, event: Event, arn: Node) -> str:
    """Whose stream it is: what is written, or what the ARN says."""
    type_ = service.text(event.block, "type") or service_of(arn)
    if type_ not in {"dynamodb", "kinesis"}:
        what = f"what the role of `{event.function.key}` is allowed on a stream"
        why = "it is not known whether the stream is DynamoDB's or Kinesis's"
        service.gap(event.key, what, why, kind="unresolved", remedy="write its `type`", hides=True)
        return "Stream"
    return type_


def _consumer(service: Service, event: Event, name: str, consumer: Entry, arn: Node) -> Entry:
    """The consumer that is read in place of the stream: one that is named, or one that is made."""
    value = consumer.value
    if not (type(value) is Scalar and value.tag is None and value.value is True):
        return consumer
    shown: Node = nodes.text(value.span, f"{event.function.key}{name}Consumer")
    mode = service.at(service.provider, "kinesis", "consumerNamingMode")
    spelled = f"{event.function.key}{name}Consumer"
    if mode is not None:
        shown = service.joined(value.span, f"{event.function.key}{name}", service.name, f"{service.stage}Consumer")
        spelled = nodes.literal(shown) or spelled
    logical_id = f"{naming.normal(spelled)}StreamConsumer"
    service.make(logical_id, "AWS::Kinesis::StreamConsumer", {"StreamARN": arn, "ConsumerName": shown}, at=event)
    return Entry(consumer.key, nodes.ref(value.span, logical_id))


def _on_failure(service: Service, event: Event, taken: _Taken) -> Property:
    """Where records go that were tried too often, and the right to write there."""
    entry = service.entry(event.block, "destinations")
    if entry is None:
        return None
    written = service.entry(entry.value, "onFailure")
    if written is None:
        return entry if service.resolver.hole_of(entry.value) is not None else None
    arn = service.entry(written.value, "arn") or written
    type_ = service.text(written.value, "type") if type(written.value) is Mapping else None
    type_ = type_ or service_of(arn.value)
    if type_ in {"sns", "sqs"}:
        taken.setdefault(_TOPIC if type_ == "sns" else _QUEUE, []).append(arn.value)
    else:
        what = f"what the role of `{event.function.key}` is allowed on `onFailure`"
        why = "it is not known whether it is a queue or a topic"
        service.gap(written.key, what, why, kind="unresolved", remedy="write its `type`", hides=True)
    led = service.mapping(arn.value.span, {"Destination": arn})
    return Entry(entry.key, nodes.mapping(entry.value.span, {"OnFailure": led}))


SHARED = {"stream": _streams}
