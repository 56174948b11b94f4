"""What the events that Lambda polls have in common."""

from __future__ import annotations

import json

from stockade.inputs import nodes
from stockade.inputs.intrinsic import argument_of, intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.service import Event, Property, Service
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

# What it takes to reach a broker in a VPC.
NETWORK = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
)


def switched_on(service: Service, event: Event) -> Property:
    """Whether the mapping is on: what is written, or that it is."""
    return service.entry(event.block, "enabled") or nodes.flag(event.span, value=True)


def filters(service: Service, event: Event) -> Property:
    """`filterPatterns` as CloudFormation has them: texts of JSON."""
    entry = service.entry(event.block, "filterPatterns")
    if entry is None:
        return None
    if service.resolver.hole_of(entry.value) is not None:
        return Entry(entry.key, nodes.mapping(entry.value.span, {"Filters": entry.value}))
    patterns: list[Node] = [
        nodes.mapping(item.span, {"Pattern": as_json(item)}) for item in service.items(event.block, "filterPatterns")
    ]
    found = nodes.mapping(entry.value.span, {"Filters": nodes.sequence(entry.value.span, patterns)})
    return Entry(entry.key, found)


def as_json(node: Node) -> Node:
    """A node as a text of JSON, in which references stand as `Fn::Sub` has them."""
    tags: list[str] = []
    text = json.dumps(_plain(node, tags), separators=(",", ":"), ensure_ascii=False, default=str)
    return Scalar(node.span, text, text, "!Sub" if tags else None)


def _plain(node: Node, tags: list[str]) -> object:
    if type(node) is Mapping:
        return {entry.key.raw: _plain(entry.value, tags) for entry in node.entries}
    if type(node) is Sequence:
        return [_plain(item, tags) for item in node.items]
    if type(node) is not Scalar:
        return None
    if node.tag == "!Ref":
        tags.append(node.tag)
        return "${" + node.raw + "}"
    value = node.value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def reports_failures(service: Service, event: Event) -> Property:
    """`functionResponseType`, as the list that CloudFormation wants."""
    return listed(service.entry(event.block, "functionResponseType"))


def listed(entry: Entry | None) -> Property:
    """A list of the one thing that is written."""
    return None if entry is None else Entry(entry.key, nodes.sequence(entry.value.span, [entry.value]))


def set_(service: Service, event: Event, key: str) -> Entry | None:
    """What is written for a key, unless it is zero, empty or false."""
    return service.entry(event.block, key) if service.is_true(event.block, key) else None


def is_written(event: Event) -> bool:
    """Whether something is written for an event; of its mere type the framework makes nothing."""
    body = event.body
    if type(body) is Scalar:
        return nodes.is_set(body)
    return body.span is not event.key.span


def is_shaped(service: Service, event: Event) -> bool:
    """Whether an event that must be a mapping is one. What it would make is missing if not."""
    if not is_written(event):
        return False
    if type(event.body) is Mapping and intrinsic(event.body) is None:
        return True
    hole = service.resolver.hole_of(event.body)
    why = hole.doubt.why if hole is not None else "a mapping belongs here"
    remedy = hole.doubt.remedy if hole is not None else "correct it"
    kind = "unresolved" if hole is not None else "wrong-shape"
    what = f"the event `{event.type}` of `{event.function.key}`"
    service.gap(event.key, what, why, kind=kind, remedy=remedy, hides=True)
    return False


def arn_of(service: Service, event: Event) -> tuple[Node | None, Property]:
    """What is polled: the ARN, and the property that states it."""
    entry = service.entry(event.block, "arn")
    if entry is not None:
        return entry.value, entry
    if type(event.body) is Mapping and intrinsic(event.body) is None:
        is_incomplete(service, event, "arn")
        return None, None
    if not is_written(event):
        return None, None
    if type(event.body) is Sequence and event.body.tag is None:
        is_shaped(service, event)
        return None, None
    return event.body, Entry(event.key, event.body)


def is_incomplete(service: Service, event: Event, *keys: str) -> bool:
    """Whether an event lacks what it needs; that is noted."""
    missing = [key for key in keys if service.entry(event.block, key) is None]
    for key in missing:
        what = f"the event `{event.type}` of `{event.function.key}`"
        service.gap(event.key, what, f"`{key}` is missing", kind="wrong-shape", remedy="write it", hides=True)
    return bool(missing)


def last_name(arn: Node, separator: str = ":") -> str:
    """The name that the framework takes from the ARN of what is polled: its end, or what an expression is about."""
    call = intrinsic(arn)
    if call is None:
        return arn.raw.rpartition(separator)[2] if type(arn) is Scalar else ""
    target = nodes.target_of(arn)
    if target is not None:
        return target
    argument = argument_of(call)
    if call.name == "Fn::Join" and type(argument) is Sequence and len(argument.items) > 1:
        parts = argument.items[1]
        last = parts.items[-1] if type(parts) is Sequence and parts.items else None
        return last.raw if type(last) is Scalar else ""
    return argument.raw if type(argument) is Scalar else ""


def second_name(arn: Node) -> str:
    """The name behind the first slash of an ARN, or what an expression is about."""
    text = nodes.literal(arn)
    if text is not None:
        return text.partition("/")[2].partition("/")[0]
    call = intrinsic(arn)
    name = last_name(arn)
    return name.rpartition("/")[2] if call is not None and call.name == "Fn::Join" else name


def start_of(arn: Node | None) -> str:
    """What is known of how a text starts."""
    text = nodes.literal(arn)
    if text is not None:
        return text
    call = intrinsic(arn)
    argument = argument_of(call) if call is not None else None
    if call is None or argument is None:
        return ""
    if call.name == "Fn::Sub":
        template = argument.items[0] if type(argument) is Sequence and argument.items else argument
        return template.raw.partition("${")[0] if type(template) is Scalar else ""
    if call.name != "Fn::Join" or type(argument) is not Sequence or len(argument.items) < 2:
        return ""
    separator, parts = argument.items[0], argument.items[1]
    known: list[str] = []
    for part in parts.items if type(parts) is Sequence else ():
        text = nodes.literal(part)
        if text is None:
            known.append("")
            break
        known.append(text)
    return (separator.raw if type(separator) is Scalar else "").join(known)


def service_of(arn: Node | None) -> str:
    """The service in an ARN; empty where that is not known."""
    pieces = start_of(arn).split(":")
    return pieces[2] if len(pieces) > 3 and pieces[0] == "arn" else ""


def spelled(node: Node | None) -> str:
    """Every text of a node, for a logical id."""
    if type(node) is Scalar:
        return node.raw
    if type(node) is Mapping:
        return "".join(entry.key.raw + spelled(entry.value) for entry in node.entries)
    return "".join(spelled(item) for item in node.items) if type(node) is Sequence else ""


def id_for(service: Service, start: str, name: str, arn: Node) -> str:
    """A logical id as the framework makes it; a longer one where the same name may not mean the same source."""
    logical_id = start + naming.alnum(name)
    return (
        start + naming.alnum(spelled(arn)) if logical_id in service.resources and is_open(service, arn) else logical_id
    )


def is_open(service: Service, node: Node) -> bool:
    """Whether some of a node is not known."""
    if type(node) is Sequence:
        return any(is_open(service, item) for item in node.items)
    if type(node) is Mapping:
        return any(is_open(service, entry.value) for entry in node.entries)
    return service.resolver.hole_of(node) is not None


def access(span: Span, type_: str, uri: Node) -> Node:
    """One entry of `SourceAccessConfigurations`."""
    return nodes.mapping(span, {"Type": nodes.text(span, type_), "URI": uri})
