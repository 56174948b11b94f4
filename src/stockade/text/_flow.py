"""Inserting into and removing from what is written with braces and brackets: JSON, and YAML's flow style."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from stockade.errors import EditError
from stockade.text._columns import after_properties, skip_blank
from stockade.text._render import Manner
from stockade.text.document import Document
from stockade.text.node import Mapping, Node, Scalar, Sequence

Renderer: TypeAlias = Callable[[str | None], str]
"""Renders what is inserted, given the indentation of its line, or None for one line."""


class Change(NamedTuple):
    """What to write instead of the text between two offsets."""

    start: int
    end: int
    text: str


class Part(NamedTuple):
    """An entry or item, from start to end; `bare` if it ends in a tag without a value, which would swallow a comma."""

    start: int
    end: int
    bare: bool


def entry_parts(mapping: Mapping) -> list[Part]:
    """Where a mapping's entries are written."""
    return [Part(entry.span.start, entry.span.end, _is_bare(entry.value)) for entry in mapping.written()]


def item_parts(sequence: Sequence) -> list[Part]:
    """Where a sequence's items are written."""
    spans = [sequence.item_span(index) for index in range(len(sequence.items))]
    return [Part(span.start, span.end, _is_bare(item)) for span, item in zip(spans, sequence.items, strict=True)]


def _is_bare(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.raw and node.tag is not None


def insert(
    doc: Document, collection: Mapping | Sequence, parts: list[Part], after: int, render: Renderer, manner: Manner
) -> Change:
    """Insert behind the part number `after`; into an empty collection if there are no parts."""
    text = doc.text
    opener, closer = brackets(doc, collection)
    if not parts:
        inner = text[opener + 1 : closer]
        if "#" in inner:
            return Change(opener + 1, opener + 1, render(None) + ("" if inner[:1].isspace() else " "))
        if manner.json and not manner.compact and "\n" in text:
            base = indentation_at(text, opener)
            inside = manner.newline + base + manner.unit
            return Change(opener + 1, closer, inside + render(base + manner.unit) + manner.newline + base)
        return Change(opener + 1, closer, render(None))
    part = parts[after]
    gap = " " if part.bare else ""
    lead = text[line_start(text, part.start) : part.start]
    if lead.strip():
        return Change(part.end, part.end, f"{gap}," + ("" if manner.compact else " ") + render(None))
    return Change(part.end, part.end, f"{gap},{manner.newline}{lead}{render(lead)}")


def remove(doc: Document, collection: Mapping | Sequence, parts: list[Part], index: int) -> Change:
    """Remove a part with its comma; a comment beside it stays."""
    text = doc.text
    part = parts[index]
    comma = skip_blank(text, part.end)
    has_comma = text[comma : comma + 1] == ","
    if len(parts) == 1:
        opener, closer = brackets(doc, collection)
        if "#" in text[opener + 1 : part.start] or "#" in text[part.end : closer]:
            return Change(part.start, comma + 1 if has_comma else part.end, "")
        return Change(opener + 1, closer, "")
    if index + 1 < len(parts):
        following = parts[index + 1].start
        if "#" in text[part.end : following]:
            return Change(part.start, comma + 1, "")
        return Change(part.start, following, "")
    before = parts[index - 1].end
    if "#" in text[before : part.start]:
        return Change(part.start, comma + 1 if has_comma else part.end, "")
    return Change(before, part.end, "")


def brackets(doc: Document, collection: Mapping | Sequence) -> tuple[int, int]:
    """The offsets of a flow collection's brackets."""
    text = doc.text
    closer = collection.span.end - 1
    opener = collection.span.start
    if text[opener : opener + 1] not in ("{", "["):
        opener = after_properties(text, opener)
    expected = "{}" if isinstance(collection, Mapping) else "[]"
    if text[opener : opener + 1] + text[closer : closer + 1] != expected:
        raise EditError(
            f"{doc.path} has no brackets around the value at line {collection.span.line}",
            hint="put brackets around it first",
        )
    return opener, closer


def line_start(text: str, offset: int) -> int:
    """Where the line of an offset begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def indentation_at(text: str, offset: int) -> str:
    """The white space with which the line of an offset begins."""
    start = line_start(text, offset)
    end = start
    while end < offset and text[end] in " \t":
        end += 1
    return text[start:end]
