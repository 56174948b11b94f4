"""`schedule`: rules of EventBridge with a rate, or schedules of EventBridge Scheduler (`method: scheduler`).

Source: serverless.com/framework/docs/providers/aws/events/schedule and what `serverless package` 3.40.0 makes, as of 2026-11-28.
"""

from __future__ import annotations

import json

from stockade.inputs import nodes
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.custom_resources import statement
from stockade.inputs.serverless.deliveries import is_written, refuse, state, transformer
from stockade.inputs.serverless.roles import grant, has_own, trust
from stockade.inputs.serverless.service import Event, Function, Property, Service
from stockade.inputs.serverless.texts import as_json, known
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

_ARN = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:"
_INVOKE = ["lambda:InvokeFunction"]
_SCHEDULER = "scheduler.amazonaws.com"


def _make(service: Service, events: list[Event]) -> None:
    counts: dict[str, int] = {}
    scheduled: dict[str, Event] = {}
    for event in events:
        if not is_written(event.body):
            continue
        key = event.function.key
        by_scheduler = _by_scheduler(service, event)
        if by_scheduler:
            scheduled.setdefault(key, event)
        for rate in _rates(service, event):
            counts[key] = counts.get(key, 0) + 1
            (_schedule if by_scheduler else _rule)(service, event, rate, counts[key])
    if scheduled:
        _allow(service, list(scheduled.values()))


def _by_scheduler(service: Service, event: Event) -> bool:
    method = service.at(event.block, "method")
    hole = service.resolver.hole_of(method)
    if hole is not None and method is not None:
        what = f"by what `{event.function.key}` is scheduled"
        service.gap(method, what, hole.doubt.why, kind="unresolved", remedy=hole.doubt.remedy, hides=True)
    return known(method) == "scheduler"


def _rates(service: Service, event: Event) -> list[Property]:
    """The expressions, each of which becomes a rule: the body where it is a text, or `rate`, a text or a list of texts."""
    if not nodes.is_block(event.body):
        return list(event.body.items) if type(event.body) is Sequence and event.body.tag is None else [event.body]
    entry = service.entry(event.block, "rate")
    if entry is not None and (type(entry.value) is not Sequence or entry.value.tag is not None):
        return [entry]
    rates = service.items(event.block, "rate")
    if not rates:
        refuse(service, event, "it has no `rate`")
    return list(rates)


def _input(service: Service, block: Mapping) -> Property:
    """A text as it is; a block as JSON. A text in `body` is JSON already."""
    entry = service.entry(block, "input")
    if entry is None or not (nodes.is_block(entry.value) or nodes.is_list(entry.value)):
        return entry
    whole = entry.value
    body = whole.get("body") if type(whole) is Mapping else None
    if type(whole) is Mapping and type(body) is Scalar and body.tag is None and isinstance(body.value, str):
        try:
            inner = nodes.from_plain(json.loads(body.raw), body.span, {})
            return Entry(entry.key, as_json(service, nodes.with_entries(whole, {"body": inner})))
        except (ValueError, RecursionError):
            pass  # no JSON: the framework refuses it
    return Entry(entry.key, as_json(service, whole))


def _rule(service: Service, event: Event, rate: Property, number: int) -> None:
    block, span, key = event.block, event.span, event.function.key
    rule = f"{naming.normal(key)}EventsRuleSchedule{number}"
    target: dict[str, Property] = {
        "Input": _input(service, block),
        "InputPath": service.entry(block, "inputPath"),
        "InputTransformer": transformer(service, block),
        "Arn": service.target(event.function, span),
        "Id": nodes.text(span, f"{key}Schedule"),
    }
    properties: dict[str, Property] = {
        "ScheduleExpression": rate,
        "State": state(service, block, span),
        "Name": service.entry(block, "name"),
        "Description": service.entry(block, "description"),
        "Targets": nodes.sequence(span, [service.mapping(span, target)]),
    }
    service.make(rule, "AWS::Events::Rule", properties, at=event)
    service.permission(
        f"{naming.normal(key)}LambdaPermissionEventsRuleSchedule{number}",
        event,
        "events.amazonaws.com",
        SourceArn=nodes.get_att(span, rule, "Arn"),
    )


def _schedule(service: Service, event: Event, rate: Property, number: int) -> None:
    block, span = event.block, event.span
    target: dict[str, Property] = {
        "Arn": service.target(event.function, span),
        "RoleArn": _role(service, event.function),
        "Input": _input(service, block),
    }
    properties: dict[str, Property] = {
        "ScheduleExpression": rate,
        "State": state(service, block, span),
        "Target": service.mapping(span, target),
        "FlexibleTimeWindow": nodes.mapping(span, {"Mode": nodes.text(span, "OFF")}),
        "Name": service.entry(block, "name"),
        "Description": service.entry(block, "description"),
        "ScheduleExpressionTimezone": service.entry(block, "timezone"),
    }
    logical_id = f"{naming.normal(event.function.key)}SchedulerSchedule{number}"
    service.make(logical_id, "AWS::Scheduler::Schedule", properties, at=event)


def _role(service: Service, function: Function) -> Property:
    """The function's own role invokes it."""
    made = service.resources.get(function.id)
    body = made.value if made is not None else None
    properties = body.get("Properties") if type(body) is Mapping else None
    return properties.get("Role") if type(properties) is Mapping else None


def _allow(service: Service, events: list[Event]) -> None:
    """Scheduler may assume the roles of the functions that it schedules, and with them invoke these functions."""
    shared: list[Node] = []
    for event in events:
        method = service.at(event.block, "method") or event.body
        trust(service, event.function, _SCHEDULER, method.span)
        arns = [_arn(service, event, rest) for rest in ("", ":*")]
        if has_own(service, event.function):
            grant(service, event.function, _INVOKE, arns)
        else:
            shared += arns
    if shared:
        span = shared[0].span
        service.statements.append(statement(span, _INVOKE, nodes.sequence(span, shared)))


def _arn(service: Service, event: Event, rest: str) -> Node:
    name = event.function.name
    text = known(name)
    if text is not None:
        return nodes.sub(event.span, f"{_ARN}{text}{rest}")
    return service.joined(event.span, nodes.sub(event.span, _ARN), name, rest)


SHARED = {"schedule": _make}
