"""`cloudwatchEvent`: a rule on the default bus; `cloudwatchLog`: a subscription of a log group.

Source: serverless.com/framework/docs/providers/aws/events/cloudwatch-event and cloudwatch-log, and what `serverless package`
3.40.0 makes, as of 2026-11-28.
"""

from __future__ import annotations

from itertools import takewhile

from stockade.inputs import nodes
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.deliveries import is_written, refuse, state, transformer
from stockade.inputs.serverless.service import Event, Function, Property, Service
from stockade.inputs.serverless.texts import as_json, known
from stockade.patterns import regex
from stockade.text.node import Entry, Mapping, Node

_ESCAPED = regex(r"""\\(["'\\])""")
_MANY = "the subscriptions of this function are of log groups whose names are not all known"


def _events(service: Service, events: list[Event]) -> None:
    counts: dict[str, int] = {}
    for event in events:
        if is_written(event.body):
            counts[event.function.key] = counts.get(event.function.key, 0) + 1
            _event(service, event, counts[event.function.key])


def _event(service: Service, event: Event, number: int) -> None:
    if not nodes.is_block(event.body):
        refuse(service, event, "a mapping belongs here")
        return
    block, span, key = event.block, event.span, event.function.key
    rule = f"{naming.normal(key)}EventsRuleCloudWatchEvent{number}"
    given = service.entry(block, "input")
    target: dict[str, Property] = {
        "Input": None if given is None else Entry(given.key, _input(service, given.value)),
        "InputPath": service.entry(block, "inputPath"),
        "InputTransformer": transformer(service, block),
        "Arn": service.target(event.function, span),
        "Id": nodes.text(span, f"{key}CloudWatchEvent"),
    }
    properties: dict[str, Property] = {
        "EventPattern": service.entry(block, "event"),
        "State": state(service, block, span),
        "Description": service.entry(block, "description"),
        "Name": service.entry(block, "name"),
        "Targets": nodes.sequence(span, [service.mapping(span, target)]),
    }
    service.make(rule, "AWS::Events::Rule", properties, at=event)
    service.permission(
        f"{naming.normal(key)}LambdaPermissionEventsRuleCloudWatchEvent{number}",
        event,
        "events.amazonaws.com",
        SourceArn=nodes.get_att(span, rule, "Arn"),
    )


def _input(service: Service, node: Node) -> Node:
    """A text as it is; a block as JSON, from which the framework takes what stands for ends of lines."""
    if nodes.is_block(node) or nodes.is_list(node):
        node = as_json(service, node)
    text = known(node)
    return node if text is None else nodes.text(node.span, text.replace("\\n", "").replace("\r", ""))


# ---------------------------------------------------------------------------------------------------------------- logs


def _logs(service: Service, events: list[Event]) -> None:
    by_function: dict[str, list[Event]] = {}
    for event in events:
        if is_written(event.body):
            by_function.setdefault(event.function.key, []).append(event)
    for own in by_function.values():
        groups = [_log(service, event, number) for number, event in enumerate(own, 1)]
        _allow(service, own[0].function, own[-1], [group for group in groups if group is not None])


def _log(service: Service, event: Event, number: int) -> Node | None:
    """One subscription; gives the name of its log group."""
    block, span = event.block, event.span
    group = service.at(block, "logGroup") if nodes.is_block(event.body) else event.body
    if group is None or nodes.is_list(group):
        refuse(service, event, "it names no log group")
        return None
    properties: dict[str, Property] = {
        "LogGroupName": service.entry(block, "logGroup") or group,
        "FilterPattern": _filter(service, block) or nodes.text(span, ""),
        "DestinationArn": service.target(event.function, span),
    }
    logical_id = f"{naming.normal(event.function.key)}LogsSubscriptionFilterCloudWatchLog{number}"
    service.make(logical_id, "AWS::Logs::SubscriptionFilter", properties, at=event)
    return group


def _filter(service: Service, block: Mapping) -> Property:
    """The pattern, with quotes that are escaped twice escaped once, as the framework has it."""
    entry = service.entry(block, "filter")
    text = known(entry.value) if entry is not None else None
    if entry is None or text is None or not 0 <= text.find("\\") < text.find('"'):
        return entry
    return Entry(entry.key, nodes.text(entry.value.span, _ESCAPED.sub(r"\1", text)))


def _alike(letters: tuple[str, ...]) -> bool:
    return len(set(letters)) == 1


def _allow(service: Service, function: Function, event: Event, groups: list[Node]) -> None:
    """One permission for all subscriptions of a function: for the log groups whose names start alike."""
    if not groups:
        return
    span = event.span
    names = [known(group) for group in groups]
    start: Node = groups[0]
    if len(groups) > 1:
        texts = [name for name in names if name is not None]
        shared = "".join(letters[0] for letters in takewhile(_alike, zip(*texts, strict=False)))
        if len(texts) == len(groups):
            start = nodes.text(span, shared if shared.endswith("*") else f"{shared}*")
        else:
            start = service.hole(span, "log groups", _MANY)
    arn = service.joined(
        span,
        "arn:",
        nodes.ref(span, "AWS::Partition"),
        ":logs:",
        nodes.ref(span, "AWS::Region"),
        ":",
        nodes.ref(span, "AWS::AccountId"),
        ":log-group:",
        start,
        ":*",
    )
    service.permission(
        f"{naming.normal(function.key)}LambdaPermissionLogsSubscriptionFilterCloudWatchLog",
        event,
        "logs.amazonaws.com",
        Principal=service.joined(span, "logs.", nodes.ref(span, "AWS::Region"), ".amazonaws.com"),
        SourceArn=arn,
    )


SHARED = {"cloudwatchEvent": _events, "cloudwatchLog": _logs}
