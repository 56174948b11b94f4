"""What the events that services deliver to functions have in common."""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless.service import Event, Property, Service
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar


def is_written(node: Node) -> bool:
    """Whether an event says something: the framework skips those that are null, false or empty texts."""
    return not (type(node) is Scalar and node.tag is None and node.value in (None, 0, "", False))


def is_off(node: Node | None) -> bool:
    """Whether false is written; the framework takes the text for it too."""
    return type(node) is Scalar and node.tag is None and node.raw.lower() == "false"


def state(service: Service, block: Mapping, span: Span) -> Property:
    """Whether a rule is on: by `enabled`, which is as unknown as what is written there."""
    entry = service.entry(block, "enabled")
    if entry is None:
        return nodes.text(span, "ENABLED")
    if intrinsic(entry.value) is not None:
        return entry
    shown = "DISABLED" if is_off(entry.value) else "ENABLED"
    return Entry(entry.key, nodes.text(entry.value.span, shown))


def transformer(service: Service, block: Mapping) -> Property:
    """`inputTransformer` in CloudFormation's words."""
    entry = service.entry(block, "inputTransformer")
    if entry is None or type(entry.value) is not Mapping or intrinsic(entry.value) is not None:
        return entry
    names = {"inputTemplate": "InputTemplate", "inputPathsMap": "InputPathsMap"}
    return Entry(entry.key, nodes.renamed(entry.value, names))


def refuse(service: Service, event: Event, why: str, *, hides: bool = True) -> None:
    """Note an event of which nothing can be made: because it is not known, or is no such thing."""
    hole = service.resolver.hole_of(event.body)
    what = f"an event `{event.type}` of `{event.function.key}`"
    if hole is not None:
        service.gap(event.key, what, hole.doubt.why, kind="unresolved", remedy=hole.doubt.remedy, hides=hides)
    else:
        service.gap(event.key, what, why, kind="wrong-shape", remedy="correct it", hides=hides)
