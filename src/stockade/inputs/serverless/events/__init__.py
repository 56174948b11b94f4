"""What the events of functions make. One module for each service that invokes functions; `EVENTS` says for which types."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless.service import Event, Function, Service
from stockade.modules import modules
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

# Makes what one event becomes.
Make: TypeAlias = "Callable[[Service, Event], None]"
# Makes what all events of a type become together (an API).
MakeAll: TypeAlias = "Callable[[Service, list[Event]], None]"


@cache
def single() -> dict[str, Make]:
    """The makers of single events, by type."""
    return {type_: make for module in modules(__name__) for type_, make in getattr(module, "EVENTS", {}).items()}


@cache
def shared() -> dict[str, MakeAll]:
    """The makers of what the events of a type become together."""
    return {type_: make for module in modules(__name__) for type_, make in getattr(module, "SHARED", {}).items()}


def make_events(service: Service) -> None:
    """Everything that the events of all functions become."""
    together: dict[str, list[Event]] = {}
    for function in service.functions:
        for event in read_events(service, function):
            if event.type in shared():
                together.setdefault(event.type, []).append(event)
            elif event.type in single():
                single()[event.type](service, event)
            else:
                why = "no event of this type is known: a plugin may make something of it"
                remedy = "scan what `serverless package` makes"
                what = f"the event `{event.type}` of `{function.key}`"
                service.gap(event.key, what, why, kind="unsupported", remedy=remedy, hides=True)
    for type_, events in together.items():
        shared()[type_](service, events)


def read_events(service: Service, function: Function) -> list[Event]:
    """The events of a function: each an item of its list, with the type as its key."""
    written = service.at(function.block, "events")
    if written is None:
        return []
    if type(written) is not Sequence or written.tag is not None:
        hole = service.resolver.hole_of(written)
        why = hole.doubt.why if hole is not None else "they are not a list"
        remedy = hole.doubt.remedy if hole is not None else "correct them"
        service.gap(written, f"the events of `{function.key}`", why, kind="unresolved", remedy=remedy, hides=True)
        return []
    found: list[Event] = []
    counts: dict[str, int] = {}
    for item in written.items:
        for entry in _entries(service, function, item):
            type_ = entry.key.raw
            counts[type_] = counts.get(type_, 0) + 1
            found.append(Event(function, type_, entry.value, entry.key, counts[type_]))
    return found


def _entries(service: Service, function: Function, item: Node) -> tuple[Entry, ...]:
    if type(item) is Mapping and intrinsic(item) is None:
        return item.entries[:1]
    if type(item) is Scalar and item.tag is None and item.value is not None:
        return (Entry(item, Mapping(item.span, ())),)  # a type without properties: `- alexaSkill`
    hole = service.resolver.hole_of(item)
    why = hole.doubt.why if hole is not None else "a mapping with the type of the event belongs here"
    service.gap(item, f"an event of `{function.key}`", why, kind="unresolved", remedy="correct it", hides=True)
    return ()
