"""`eventBridge`: rules on any bus, made by CloudFormation or, as older releases did, by a function of the framework.

Source: serverless.com/framework/docs/providers/aws/events/event-bridge and what `serverless package` 3.40.0 makes, as of
2026-11-28.
"""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.custom_resources import make_custom_resource, statement
from stockade.inputs.serverless.deliveries import is_written, refuse, state, transformer
from stockade.inputs.serverless.service import Event, Property, Service
from stockade.inputs.serverless.texts import as_json, digest, known, open_text
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Sequence

_LONGEST = 64  # characters of a rule's name and of a target's id
_KEPT = 31  # of a longer one, before the digest
_PRINCIPAL = "events.amazonaws.com"
_FUNCTION = "custom-resource-event-bridge"
_INSTEAD = ", unless `useCloudFormation: true` under `provider.eventBridge` leaves the rules to CloudFormation"
_RULE_ACTIONS = ["events:PutRule", "events:RemoveTargets", "events:PutTargets", "events:DeleteRule"]


def _make(service: Service, events: list[Event]) -> None:
    events = [event for event in events if is_written(event.body)]
    usable = [event for event in events if _usable(service, event)]
    if not _by_function(service):
        for event in usable:
            _rule(service, event, _position(event))
    elif usable:
        _custom(service, usable)


def _usable(service: Service, event: Event) -> bool:
    if nodes.is_block(event.body):
        return True
    refuse(service, event, "a mapping belongs here")
    return False


def _by_function(service: Service) -> bool:
    """Whether a function of the framework makes the rules: where there are options, and they do not ask for CloudFormation."""
    options = service.at(service.provider, "eventBridge")
    return nodes.is_block(options) and not service.is_true(options, "useCloudFormation")


def _position(event: Event) -> int:
    """The place of an event among all events of its function, from 1."""
    listed = event.function.block.get("events")
    for index, item in enumerate(listed.items if type(listed) is Sequence else (), 1):
        if type(item) is Mapping and item.entries and item.entries[0].key is event.key:
            return index
    return event.number


def _shortened(text: str, suffix: str) -> str:
    """A name that is short enough for EventBridge."""
    return text if len(text) <= _LONGEST else f"{text[: _KEPT - len(suffix)]}{digest(text)}-{suffix}"


def _name(service: Service, event: Event, position: int) -> Property:
    written = service.entry(event.block, "name")
    if written is not None:
        return written
    function = known(event.function.name)
    suffix = f"rule-{position}"
    if function is None:
        return service.joined(event.span, event.function.name, f"-{suffix}")
    return nodes.text(event.span, _shortened(f"{function}-{suffix}", suffix))


def _node(value: Property) -> Node | None:
    return value.value if isinstance(value, Entry) else value


def _target_id(service: Service, span: Span, name: Node) -> Node:
    text = known(name)
    if text is None:
        return service.joined(span, name, "-target")
    return nodes.text(span, _shortened(f"{text}-target", "target"))


# --------------------------------------------------------------------------------------------------- by CloudFormation


def _rule(service: Service, event: Event, position: int) -> None:
    block, span, key = event.block, event.span, event.function.key
    name = _name(service, event, position)
    shown = _node(name) or event.function.name
    bus = service.entry(block, "eventBus")
    named, made = _bus(service, bus)
    if made is not None and bus is not None:
        bus_id = f"{naming.normal(made)}EventBridgeEventBus"
        service.make(bus_id, "AWS::Events::EventBus", {"Name": Entry(bus.key, bus.value)}, at=event)
    default = bus is None or known(bus.value) == "default"
    properties: dict[str, Property] = {
        "Description": service.entry(block, "description"),
        "EventBusName": None if default or bus is None or named is None else Entry(bus.key, named),
        "EventPattern": service.entry(block, "pattern"),
        "Name": name,
        "ScheduleExpression": service.entry(block, "schedule"),
        "State": state(service, block, span),
        "Targets": nodes.sequence(span, [service.mapping(span, _target(service, event, shown))]),
    }
    function = known(event.function.name)
    stub = f"{function if function is not None else key}-rule-{position}"
    service.make(f"{naming.alnum(stub)}EventBridgeRule", "AWS::Events::Rule", properties, at=event)
    path = ["rule/", *((named, "/") if named is not None else ()), shown]
    service.permission(
        f"{naming.normal(key)}EventBridgeLambdaPermission{position}",
        event,
        _PRINCIPAL,
        SourceArn=service.joined(span, *_arn(span, "events"), *path),
    )


def _arn(span: Span, part: str) -> list[str | Node]:
    """The start of an ARN in this account."""
    return [
        "arn:",
        nodes.ref(span, "AWS::Partition"),
        f":{part}:",
        nodes.ref(span, "AWS::Region"),
        ":",
        nodes.ref(span, "AWS::AccountId"),
        ":",
    ]


def _bus(service: Service, entry: Entry | None) -> tuple[Node | None, str | None]:
    """The name of the bus, and whether it is to be made: the framework makes what is named, not what is referred to."""
    if entry is None or not nodes.is_set(entry.value):
        return None, None
    text = known(entry.value)
    parts = open_text(service, entry.value)
    if text is not None and text.startswith("arn"):
        name = text[text.find("/") + 1 :]
        return nodes.text(entry.value.span, name), None
    if text is not None:
        return entry.value, None if text == "default" else text
    if parts is not None and isinstance(parts[0], str) and parts[0].startswith("arn"):
        for index, part in enumerate(parts):
            if isinstance(part, str) and "/" in part:
                return service.joined(entry.value.span, part.partition("/")[2], *parts[index + 1 :]), None
    return entry.value, None


def _target(service: Service, event: Event, name: Node) -> dict[str, Property]:
    block, span = event.block, event.span
    target: dict[str, Property] = {
        "Arn": service.target(event.function, span),
        "Id": _target_id(service, span, name),
        "Input": _input(service, block),
        "InputPath": service.entry(block, "inputPath"),
        "InputTransformer": transformer(service, block),
    }
    retries = service.entry(block, "retryPolicy")
    if retries is not None and nodes.is_block(retries.value):
        own: dict[str, Property] = {
            "MaximumEventAgeInSeconds": service.entry(retries.value, "maximumEventAge"),
            "MaximumRetryAttempts": service.entry(retries.value, "maximumRetryAttempts"),
        }
        target["RetryPolicy"] = Entry(retries.key, service.mapping(retries.value.span, own))
    else:
        target["RetryPolicy"] = retries
    failed = service.entry(block, "deadLetterQueueArn")
    if failed is not None:
        target["DeadLetterConfig"] = Entry(failed.key, service.mapping(failed.value.span, {"Arn": failed}))
    return target


def _input(service: Service, block: Mapping) -> Property:
    entry = service.entry(block, "input")
    if entry is None or service.resolver.hole_of(entry.value) is not None:
        return entry
    return Entry(entry.key, as_json(service, entry.value))


# ------------------------------------------------------------------------------------------- by a function of the framework


def _custom(service: Service, events: list[Event]) -> None:
    first = events[0]
    span = first.span
    made = [event for event in events if _makes_bus(service, event)]
    statements: list[Node] = []
    if made:
        actions = ["events:CreateEventBus", "events:DeleteEventBus"]
        arn = service.joined(made[0].span, *_arn(span, "events"), "event-bus/*")
        statements.append(statement(made[0].span, actions, arn))
    statements.append(statement(span, _RULE_ACTIONS, service.joined(span, *_arn(span, "events"), "rule/*")))
    invoke = ["lambda:AddPermission", "lambda:RemovePermission"]
    options = service.entry(service.provider, "eventBridge")
    setting = service.entry(options.value, "useCloudFormation") if options is not None else None
    at = setting or options or Entry(first.key, first.body)
    any_function = service.joined(at.span, *_arn(at.span, "lambda"), "function:*")
    statements.append(statement(at.span, invoke, any_function))
    handler = make_custom_resource(service, _FUNCTION, "event-bridge/handler.handler", statements, at, instead=_INSTEAD)
    for event in events:
        _custom_rule(service, event, handler)


def _makes_bus(service: Service, event: Event) -> bool:
    """Whether the function has to be allowed to make buses: unless the default bus is meant, known or not."""
    bus = service.at(event.block, "eventBus")
    if bus is None or not nodes.is_set(bus):
        return False
    text = known(bus)
    return text is None or text[text.find("/") + 1 if text.startswith("arn") else 0 :] != "default"


def _custom_rule(service: Service, event: Event, handler: str) -> None:
    block, span, key = event.block, event.span, event.function.key
    position = _position(event)
    config: dict[str, Property] = {
        "RuleName": _name(service, event, position),
        "State": state(service, block, span),
        "EventBus": service.entry(block, "eventBus"),
        "Schedule": service.entry(block, "schedule"),
        "Pattern": service.entry(block, "pattern"),
        "Input": service.entry(block, "input"),
        "InputPath": service.entry(block, "inputPath"),
        "InputTransformer": transformer(service, block),
    }
    properties: dict[str, Property] = {
        "ServiceToken": nodes.get_att(span, handler, "Arn"),
        "FunctionName": event.function.name,
        "EventBridgeConfig": service.mapping(span, config),
    }
    service.make(f"{naming.normal(key)}CustomEventBridge{position}", "Custom::EventBridge", properties, at=event)


SHARED = {"eventBridge": _make}
