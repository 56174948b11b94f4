"""Where a node stands in its YAML file: in what, behind what, at which column.

Nodes do not know their parents, and edits need them, so the events are gone through once more up to the node. An edit
is rare; a tree that knows everything about its layout would be paid for by every reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from stockade.errors import EditError
from stockade.text._columns import Place, after_properties, column_of, skip_blank
from stockade.text.document import Document
from stockade.text.node import Mapping, Node, Scalar, Sequence

_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Open:
    __slots__ = ("column", "count", "flow", "is_mapping", "last_end")

    def __init__(self, *, is_mapping: bool, flow: bool, column: int, last_end: int) -> None:
        self.is_mapping = is_mapping
        self.flow = flow
        self.column = column
        self.count = 0
        self.last_end = last_end


class _Inside(NamedTuple):
    """What a node stands in, as it was when the node began."""

    is_mapping: bool
    flow: bool
    column: int
    last_end: int


_KINDS: tuple[tuple[type[Any], type[Any]], ...] = (
    (Scalar, ScalarEvent),
    (Mapping, MappingStartEvent),
    (Sequence, SequenceStartEvent),
)


def find_place(node: Node) -> Place:
    """The surroundings of a node that was read from a YAML file.

    Raises:
        EditError: there is no such node in its document, or a syntax error stands before it.
    """
    doc, start = node.span.doc, node.span.start
    wanted = next(event for kind, event in _KINDS if isinstance(node, kind))
    places, broken_from = _places(doc)
    if (start, wanted) in places:
        return _place(doc.text, places[start, wanted])
    if broken_from is not None and broken_from <= start:
        raise EditError(
            f"{doc.path} can't be edited: it has a syntax error before line {node.span.line}",
            hint="correct the error first",
        )
    raise EditError(
        f"{doc.path} has no such value at line {node.span.line}", hint="read the file again before editing it"
    )


_Places: TypeAlias = tuple[dict[tuple[int, type[Any]], _Inside | None], int | None]


def _places(doc: Document) -> _Places:
    """What every value of a document stands in, by its start and kind; and from where on a syntax error hides the rest.

    Made once for all edits of a document, which keeps it: looking for each value by itself would cost the square of the
    document's length.
    """
    kept: _Places | None = doc.layout.get("places")
    if kept is None:
        kept = doc.layout["places"] = _find_places(doc)
    return kept


def _find_places(doc: Document) -> _Places:
    found: dict[tuple[int, type[Any]], _Inside | None] = {}
    loader: Any = None
    reached = 0
    try:
        loader = _LOADER(doc.text)
        for event, inside in _walk(loader, doc.text):
            reached = event.start_mark.index
            found.setdefault((reached, event.__class__), inside)
    except yaml.YAMLError:
        return found, reached
    finally:
        if loader is not None:
            loader.dispose()
    return found, None


def _walk(loader: Any, text: str) -> Iterator[tuple[Any, _Inside | None]]:  # noqa: ANN401
    """Every value (no keys) with what it stands in."""
    stack: list[_Open] = []
    while True:
        event = loader.get_event()
        if event is None:
            return
        kind = event.__class__
        if kind in (MappingEndEvent, SequenceEndEvent):
            closed = stack.pop()
            if stack:
                stack[-1].last_end = event.end_mark.index if closed.flow else closed.last_end
            continue
        if kind is DocumentEndEvent:
            stack.clear()
            continue
        if kind not in (ScalarEvent, AliasEvent, MappingStartEvent, SequenceStartEvent):
            continue
        inside = stack[-1] if stack else None
        if inside is None:
            yield event, None
        else:
            if not (inside.is_mapping and inside.count % 2 == 0):
                yield event, _Inside(inside.is_mapping, inside.flow, inside.column, inside.last_end)
            inside.count += 1
        if kind in (ScalarEvent, AliasEvent):
            if inside is not None:
                inside.last_end = event.end_mark.index
            continue
        begin = event.start_mark.index
        after = begin if event.anchor is None and event.tag is None else after_properties(text, begin)
        is_mapping, flow = kind is MappingStartEvent, bool(event.flow_style)
        stack.append(
            _Open(is_mapping=is_mapping, flow=flow, column=0 if flow else column_of(text, after), last_end=after)
        )


def _place(text: str, inside: _Inside | None) -> Place:
    if inside is None:
        return Place("root", flow=False, column=0, lead=None, after=0)
    parent = "mapping" if inside.is_mapping else "sequence"
    indicator = skip_blank(text, inside.last_end)
    wanted = ":" if inside.is_mapping else "-"
    lead = None
    if text[indicator : indicator + 1] == wanted and (inside.is_mapping or not inside.flow):
        lead = indicator + 1
    return Place(parent, inside.flow, inside.column, lead, inside.last_end)
