"""What the events that Lambda polls have in common."""

from __future__ import annotations

import json

from stockade.inputs import nodes
from stockade.inputs.intrinsic import argument_of, intrinsic
from stockade.inputs.serverless.service import Event, Property, Service
from stockade.text.node import Node, Scalar, Sequence, to_python


def switched_on(service: Service, event: Event) -> Property:
    """Whether the mapping is on: what is written, or that it is."""
    return service.entry(event.block, "enabled") or nodes.flag(event.span, value=True)


def filters(service: Service, event: Event) -> Property:
    """`filterPatterns` as CloudFormation has them: texts of JSON."""
    entry = service.entry(event.block, "filterPatterns")
    if entry is None:
        return None
    patterns: list[Node] = []
    for item in service.items(event.block, "filterPatterns"):
        text = json.dumps(to_python(item), separators=(",", ":"))
        patterns.append(nodes.mapping(item.span, {"Pattern": Scalar(item.span, text, text)}))
    return nodes.mapping(entry.value.span, {"Filters": nodes.sequence(entry.value.span, patterns)})


def reports_failures(service: Service, event: Event) -> Property:
    """`functionResponseType`, as the list that CloudFormation wants."""
    entry = service.entry(event.block, "functionResponseType")
    return None if entry is None else nodes.sequence(entry.value.span, [entry.value])


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
