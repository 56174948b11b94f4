"""`sns`: a topic that a function subscribes to.

Sources: serverless.com/framework/docs/providers/aws/events/sns and what `serverless package` 3.40.0 makes, as of 2026-11-28.
"""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.service import Event, Property, Service
from stockade.inputs.serverless.sources import is_incomplete, is_open, is_written, last_name, set_, spelled, start_of
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

_TOPIC = "AWS::SNS::Topic"
_SUBSCRIPTION = "AWS::SNS::Subscription"
_REGION = 3  # where the parts of an ARN say it
_PARTS = 6


def _topics(service: Service, events: list[Event]) -> None:
    made: dict[str, tuple[Event, dict[str, Property], list[Node]]] = {}
    for event in filter(is_written, events):
        arn, name = _named(service, event)
        if arn is None and name is None:
            is_incomplete(service, event, "arn")
            continue
        shown = naming.alnum(_shown(arn, name))
        function = naming.normal(event.function.key)
        if arn is not None and is_open(service, arn.value) and f"{function}SnsSubscription{shown}" in service.resources:
            shown = naming.alnum(spelled(arn.value))
        redrive = _redrive(service, event, arn, f"{shown}To{function}DLQPolicy")
        subscription = f"{function}SnsSubscription{shown}"
        source = arn.value if arn is not None else _arn(service, event, name)
        if arn is not None:
            _subscribe(service, event, subscription, arn, redrive)
        else:
            topic = f"SNSTopic{shown}"
            _, _, subscribed = made.setdefault(topic, (event, _topic(service, event, name), []))
            if redrive is not None or service.is_true(event.block, "filterPolicy"):
                _subscribe(service, event, subscription, nodes.ref(event.span, topic), redrive)
            else:
                subscribed.append(service.mapping(event.span, _subscriber(service, event)))
        service.permission(f"{function}LambdaPermission{shown}SNS", event, "sns.amazonaws.com", SourceArn=source)
    for topic, (event, properties, subscribed) in made.items():
        own = nodes.sequence(event.span, subscribed) if subscribed else None
        service.make(topic, _TOPIC, properties | {"Subscription": own}, at=event)


def _named(service: Service, event: Event) -> tuple[Entry | None, Entry | None]:
    """The ARN of the topic, or else its name."""
    if nodes.is_block(event.body):
        return set_(service, event, "arn"), set_(service, event, "topicName")
    entry = Entry(event.key, event.body)
    start = start_of(event.body)
    if start.startswith("arn:"):
        return entry, None
    if start or intrinsic(event.body) is None:
        return (None, entry) if type(event.body) is not Sequence else (None, None)
    hole = service.resolver.hole_of(event.body)
    what = f"the topic of `{event.function.key}`"
    why = hole.doubt.why if hole is not None else "it may be a name, by which a topic is made, or an ARN"
    service.gap(event.key, what, why, kind="unresolved", remedy=hole.doubt.remedy if hole else "", hides=True)
    return entry, None


def _shown(arn: Entry | None, name: Entry | None) -> str:
    """The topic's name in logical ids."""
    if name is not None:
        return spelled(name.value)
    return last_name(arn.value) if arn is not None else ""


def _arn(service: Service, event: Event, name: Entry | None) -> Node:
    parts: list[str | Node] = ["arn:", nodes.ref(event.span, "AWS::Partition"), ":sns:"]
    parts += [
        nodes.ref(event.span, "AWS::Region"),
        ":",
        nodes.ref(event.span, "AWS::AccountId"),
        ":",
        name.value if name else "",
    ]
    return service.joined(event.span, *parts)


def _topic(service: Service, event: Event, name: Entry | None) -> dict[str, Property]:
    return {
        "TopicName": name,
        "DisplayName": set_(service, event, "displayName"),
        "KmsMasterKeyId": service.entry(event.block, "kmsMasterKeyId"),
    }


def _subscriber(service: Service, event: Event) -> dict[str, Property]:
    endpoint = service.target(event.function, event.span)
    return {"Endpoint": endpoint, "Protocol": nodes.text(event.span, "lambda")}


def _subscribe(service: Service, event: Event, logical_id: str, topic: Property, redrive: Property) -> None:
    region = None
    if isinstance(topic, Entry) and topic.key.raw == "arn":
        pieces = (nodes.literal(topic.value) or "").split(":")
        if len(pieces) > _REGION and pieces[_REGION] != service.region:
            region = nodes.text(topic.value.span, pieces[_REGION])
    properties: dict[str, Property] = {
        **_subscriber(service, event),
        "TopicArn": topic,
        "FilterPolicy": service.entry(event.block, "filterPolicy"),
        "FilterPolicyScope": service.entry(event.block, "filterPolicyScope"),
        "RedrivePolicy": redrive,
        "Region": region,
    }
    service.make(logical_id, _SUBSCRIPTION, properties, at=event)


def _redrive(service: Service, event: Event, arn: Entry | None, policy_id: str) -> Property:
    """Where messages go that could not be delivered; its policy lets SNS write there."""
    entry = set_(service, event, "redrivePolicy")
    if entry is None:
        return None
    target, url = _dead_letters(service, entry.value)
    if target is None:
        hole = service.resolver.hole_of(entry.value)
        why = hole.doubt.why if hole is not None else "it names no queue"
        what = f"the dead-letter queue of `{event.function.key}`"
        service.gap(entry.key, what, why, kind="unresolved", hides=True)
        return entry
    span = entry.value.span
    # The framework states no topic where it makes the topic itself.
    topic = nodes.mapping(span, {"aws:SourceArn": arn.value if arn is not None else None})
    statement: dict[str, Node] = {
        "Effect": nodes.text(span, "Allow"),
        "Principal": nodes.from_plain({"Service": "sns.amazonaws.com"}, span, {}),
        "Action": nodes.text(span, "sqs:SendMessage"),
        "Resource": target,
        "Condition": nodes.mapping(span, {"ArnEquals": topic}),
    }
    document: dict[str, Node] = {
        "Version": nodes.text(span, "2012-10-17"),
        "Id": nodes.text(span, policy_id),
        "Statement": nodes.sequence(span, [nodes.mapping(span, statement)]),
    }
    properties: dict[str, Property] = {
        "PolicyDocument": nodes.mapping(span, document),
        "Queues": nodes.sequence(span, [url] if url is not None else []),
    }
    service.make(policy_id, "AWS::SQS::QueuePolicy", properties, at=event)
    return Entry(entry.key, nodes.mapping(span, {"deadLetterTargetArn": target}))


def _dead_letters(service: Service, block: Node) -> tuple[Node | None, Node | None]:
    """The ARN and the URL of the queue."""
    arn = service.at(block, "deadLetterTargetArn")
    if arn is not None:
        pieces = (nodes.literal(arn) or "").split(":")
        if len(pieces) < 6:
            return arn, arn
        region, account, name = pieces[-3:]
        suffix = nodes.ref(arn.span, "AWS::URLSuffix")
        return arn, service.joined(arn.span, f"https://sqs.{region}.", suffix, f"/{account}/{name}")
    queue = service.at(block, "deadLetterTargetRef")
    if type(queue) is Scalar:
        if queue.tag is not None:
            return queue, queue
        return nodes.get_att(queue.span, queue.raw, "Arn"), nodes.ref(queue.span, queue.raw)
    imported = service.at(block, "deadLetterTargetImport")
    if type(imported) is Mapping:
        found = {key: service.at(imported, key) for key in ("arn", "url")}
        both = {
            key: None if at is None else nodes.mapping(at.span, {"Fn::ImportValue": at}) for key, at in found.items()
        }
        return both["arn"], both["url"]
    return None, None


SHARED = {"sns": _topics}
