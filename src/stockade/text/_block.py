"""Inserting into, removing from and replacing in YAML's block style, where indentation is the syntax."""

from __future__ import annotations

import msgspec

from stockade.errors import EditError
from stockade.patterns import regex
from stockade.text._columns import Place, after_properties, column_of, skip_blank
from stockade.text._flow import Change, line_start
from stockade.text._render import (
    Manner,
    Plain,
    Tagged,
    after_dash,
    after_key,
    block_lines,
    is_block,
    manner_of,
    yaml_key,
    yaml_scalar,
)
from stockade.text.document import Document
from stockade.text.node import Mapping, Node, Scalar, Sequence

_ANCHOR = regex(r"(?:![^\s,\[\]{}]*\s+)?(&[0-9A-Za-z_-]+)")
_LINE_END = regex(r"\r\n|\r|\n|\Z")
_HEADER = regex(r"(?:[&!]\S*[ \t]+)*[|>](?P<indicators>[-+0-9]*)(?P<comment>[ \t]+#[^\r\n]*)?")


def anchor_of(node: Node) -> str:
    """The anchor that a node is written with, and a space; empty without one."""
    match = _ANCHOR.match(node.span.text) if node.span.text.startswith(("&", "!")) else None
    if match is None or (isinstance(node, Mapping) and not node.flow and _anchors_key(node)):
        return ""
    return f"{match.group(1)} "


def _anchors_key(mapping: Mapping) -> bool:
    """Whether the anchor at a block mapping's start is its first key's."""
    written = mapping.written()
    return bool(written) and written[0].key.span.start == mapping.span.start


# ---------------------------------------------------------------------------------------------------------------------
# Inserting


def insert_entry(doc: Document, mapping: Mapping, index: int, key: str, value: Plain) -> Change:
    """Insert an entry behind the written entry number `index`."""
    written = mapping.written()
    if not written:
        raise EditError(
            f"the mapping at line {mapping.span.line} of {doc.path} is not one that was read",
            hint="read the file again",
        )
    entry = written[index]
    column = column_of(doc.text, _start_of(doc.text, mapping))
    manner = _manner_before(doc, _line_end(doc.text, entry.span.end))
    first, rest = after_key(value, column, manner)
    name = yaml_key(key, manner, flow=False)
    return _insert_lines(
        doc,
        entry.value if entry.alias is None else None,
        entry.span.end,
        [" " * column + name + ":" + first, *rest],
        manner,
    )


def insert_item(doc: Document, sequence: Sequence, value: Plain) -> Change:
    """Insert an item at the end."""
    text = doc.text
    last = len(sequence.items) - 1
    if last < 0:
        raise EditError(
            f"the list at line {sequence.span.line} of {doc.path} is not one that was read", hint="read the file again"
        )
    column = column_of(text, _dash(doc, sequence, 0))
    end = sequence.item_span(last).end
    manner = _manner_before(doc, _line_end(text, end))
    first, rest = after_dash(value, column, manner)
    is_alias = any(place == last for place, _ in sequence.aliases)
    return _insert_lines(
        doc, None if is_alias else sequence.items[last], end, [" " * column + "-" + first, *rest], manner
    )


def _insert_lines(doc: Document, before: Node | None, end: int, lines: list[str], manner: Manner) -> Change:
    """Insert lines below the line on which what stands before them (`before`, which ends at `end`) ends."""
    text, newline = doc.text, manner.newline
    place = _line_end(text, end)
    added = newline + newline.join(lines)
    if place == len(text) and before is not None:
        leaf = _last_leaf(before)
        if isinstance(leaf, Scalar) and leaf.style in ("literal", "folded") and leaf.span.doc is doc:
            # Its last line has no end in the file, so it has none in the value: to be said once something follows.
            return Change(
                leaf.span.start, place, _without_line_end(leaf, text[leaf.span.start : place], manner) + added
            )
    return Change(place, place, added)


def _without_line_end(leaf: Scalar, written: str, manner: Manner) -> str:
    header = _HEADER.match(written)
    if header is None or leaf.raw.endswith("\n"):
        prefix = anchor_of(leaf) + (f"{leaf.tag} " if leaf.tag else "")
        return prefix + yaml_scalar(leaf.raw, manner, flow=False, style="double")
    digits = header["indicators"].strip("+-")
    return written[: header.start("indicators")] + digits + "-" + written[header.end("indicators") :]


def _manner_before(doc: Document, place: int) -> Manner:
    """The document's manner, without literal blocks if what follows `place` would become part of one."""
    manner = manner_of(doc)
    stop = skip_blank(doc.text, place)
    following = doc.text[place:stop]
    above = following if stop == len(doc.text) else following[: line_start(following, len(following))]
    if place == len(doc.text) or above.strip("\r\n") or "\ufeff" in above:
        return msgspec.structs.replace(manner, literals=False)
    return manner


# ---------------------------------------------------------------------------------------------------------------------
# Removing


def remove_entry(doc: Document, mapping: Mapping, index: int) -> Change:
    """Remove the written entry number `index`, which is not the only one."""
    text = doc.text
    written = mapping.written()
    entry = written[index]
    start = _key_start(text, mapping, index)
    before = written[index - 1] if index else None
    leaf = None if before is None or before.alias is not None else _last_leaf(before.value)
    column = column_of(text, _start_of(text, mapping))
    return _remove_lines(text, start, entry.span.end, leaf, column)


def remove_item(doc: Document, sequence: Sequence, index: int) -> Change:
    """Remove an item that is not the only one."""
    text = doc.text
    start = _dash(doc, sequence, index)
    aliased = {place for place, _ in sequence.aliases}
    leaf = _last_leaf(sequence.items[index - 1]) if index and index - 1 not in aliased else None
    return _remove_lines(text, start, sequence.item_span(index).end, leaf, column_of(text, start))


def _remove_lines(text: str, start: int, end: int, leaf: Node | None, column: int) -> Change:
    line_end = _line_end(text, end)
    next_line = _after_break(text, line_end)
    begin = line_start(text, start)
    if text[begin:start].strip():
        # The first of its collection, behind a dash: what comes next, a sibling or a comment, takes its place.
        place = next_line
        while place < len(text) and text[place].isspace():
            place += 1
        return Change(start, place, "")
    if isinstance(leaf, Scalar) and leaf.style in ("literal", "folded"):
        next_line = _after_what_falls_in(text, next_line, leaf, column)
    return Change(begin, next_line, "")


def _after_what_falls_in(text: str, place: int, leaf: Scalar, column: int) -> int:
    """Where to stop removing, so that no comment or empty line falls into a block scalar that then stands before it."""
    header = _HEADER.match(leaf.span.text)
    harm = header is None or "+" in header["indicators"]
    stop = place
    while stop < len(text):
        line_end = _line_end(text, stop)
        line = text[stop:line_end]
        content = line.strip()
        if content and not (content.startswith("#") and len(line) - len(line.lstrip()) > column):
            break
        harm = harm or bool(line)
        stop = _after_break(text, line_end)
    return stop if harm else place


# ---------------------------------------------------------------------------------------------------------------------
# Replacing


def replace(doc: Document, node: Node, value: Plain, place: Place) -> Change:
    """Write a value in the place of a node that stands in a block (or is the document itself)."""
    start, end = node.span.start, node.span.end
    style = node.style if isinstance(node, Scalar) and node.style in ("single", "double") else "plain"
    anchor = anchor_of(node)
    if place.parent == "root":
        return _replace_root(doc, node, value, anchor, style)
    if place.lead is None:
        raise EditError(
            f"the key at line {node.span.line} of {doc.path} has no colon", hint="write a colon behind it first"
        )
    text = doc.text
    between = text[place.lead : start]
    notes = between.rstrip() if "#" in between else ""
    tail_end = _line_end(text, end)
    tail = text[end:tail_end].rstrip()
    header = _HEADER.match(node.span.text) if isinstance(node, Scalar) and node.style in ("literal", "folded") else None
    manner = _manner_before(doc, tail_end)
    if notes and tail:  # comments before and behind the value: all of them go before
        notes += manner.newline + " " * (place.column + len(manner.unit)) + tail.strip()
        tail, end = "", tail_end
    remark = notes or ((header["comment"] or "") if header is not None else "")
    if "\n" in remark or "\r" in remark:
        manner = msgspec.structs.replace(manner, literals=False)
    first, rest = _written(value, place, manner, style, anchor, remark or tail)
    glue = " " if tail.startswith("#") else ""  # behind a closing quote a comment needs no space, elsewhere it does
    if not rest:
        if not remark and between.strip(" \t") == "" and between and first:
            return Change(start, end, first.removeprefix(" ") + glue)  # keeps values aligned that are
        return Change(place.lead, end, first + remark + glue)
    if not tail:
        end = tail_end  # white space would become part of a literal block's last line
    elif not remark:
        remark, end, glue = tail if tail[:1].isspace() else f" {tail}", tail_end, ""
    return Change(place.lead, end, manner.newline.join((first + remark, *rest)) + glue)


def _written(value: Plain, place: Place, manner: Manner, style: str, anchor: str, remark: str) -> tuple[str, list[str]]:
    """What follows the colon or the dash on its line, and the lines after it."""
    if place.parent == "mapping":
        first, rest = after_key(value, place.column, manner, style=style)
    elif is_block(value) and not isinstance(value, Tagged) and (anchor or remark):
        first, rest = (
            "",
            block_lines(value, place.column + 2, manner),
        )  # leaves the dash's line to the anchor or the comment
    else:
        first, rest = after_dash(value, place.column, manner, style=style)
    return (f" {anchor.rstrip()}{first}" if anchor else first), rest


def _replace_root(doc: Document, node: Node, value: Plain, anchor: str, style: str) -> Change:
    text = doc.text
    start, end = node.span.start, node.span.end
    manner = msgspec.structs.replace(_manner_before(doc, _line_end(text, end)), literals=False)
    begin = line_start(text, start)
    own_line = not text[begin:start].strip()
    glue = " " if text[end : end + 1] == "#" else ""
    if is_block(value) and not isinstance(value, Tagged):
        lines = block_lines(value, 0, manner)
        if anchor:
            lines.insert(0, anchor.rstrip())
        written = manner.newline.join(lines) + glue
        return Change(begin, end, written) if own_line else Change(start, end, manner.newline + written)
    first, rest = after_key(value, 0, manner, style=style)
    gap = " " if start > 0 and not text[start - 1].isspace() else ""
    if start == end and "#" in text[begin:start]:  # nothing but a comment, and no line below it
        gap = manner.newline
    return Change(start, end, gap + anchor + manner.newline.join((first.removeprefix(" "), *rest)) + glue)


# ---------------------------------------------------------------------------------------------------------------------


def _last_leaf(node: Node) -> Node | None:
    """What is written last in a node; None if that is an alias."""
    current: Node = node
    while True:
        if isinstance(current, Mapping) and not current.flow:
            written = current.written()
            if not written or written[-1].alias is not None:
                return None
            current = written[-1].value
        elif isinstance(current, Sequence) and not current.flow:
            last = len(current.items) - 1
            if last < 0 or any(place == last for place, _ in current.aliases):
                return None
            current = current.items[last]
        else:
            return current


def _start_of(text: str, mapping: Mapping) -> int:
    """Where a block mapping's first entry begins, behind the mapping's tag and anchor."""
    start = mapping.span.start
    return start if _anchors_key(mapping) else after_properties(text, start)


def _key_start(text: str, mapping: Mapping, index: int) -> int:
    """Where a written entry begins: at its question mark, if it has one."""
    written = mapping.written()
    place = skip_blank(text, written[index - 1].span.end) if index else _start_of(text, mapping)
    return place if text[place : place + 1] == "?" else written[index].key.span.start


def _dash(doc: Document, sequence: Sequence, index: int) -> int:
    """The offset of an item's dash."""
    text = doc.text
    place = (
        skip_blank(text, sequence.item_span(index - 1).end) if index else after_properties(text, sequence.span.start)
    )
    if text[place : place + 1] != "-":
        raise EditError(
            f"the list at line {sequence.span.line} of {doc.path} has no dash where one is expected",
            hint="edit it by hand",
        )
    return place


def _line_end(text: str, offset: int) -> int:
    match = _LINE_END.search(text, offset)
    return len(text) if match is None else match.start()


def _after_break(text: str, offset: int) -> int:
    match = _LINE_END.match(text, offset)
    return len(text) if match is None else match.end()
