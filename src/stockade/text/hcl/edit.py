"""Edits of HCL: what to replace in a file's text, so that everything else stays as it is.

Each function answers with an `Edit`, as `stockade.text.edit` does for YAML and JSON; `apply_edits` there applies several. What
is written looks as `terraform fmt` writes it, in the file's own indentation; values and comments that stand below each other
still do so afterwards, if they did before. A change that can't be made is an `EditError`.

A file in Terraform's JSON syntax is edited in the same terms, where JSON can say it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from stockade.errors import EditError
from stockade.patterns import regex
from stockade.text.document import Document, Span
from stockade.text.edits import Edit, apply_edits
from stockade.text.hcl import _edit_json
from stockade.text.hcl._layout import Line, Order, line_at, lines_of, order_of, ordered
from stockade.text.hcl._parse import Parser
from stockade.text.hcl._render import (
    Encoded,
    Filled,
    Manner,
    Nested,
    Raw,
    Value,
    block_lines,
    heredoc,
    key_of,
    source_of,
    written,
)
from stockade.text.hcl.nodes import Attribute, Block, Body, Constant, Expr, Object, ObjectEntry, Template, Tuple
from stockade.text.hcl.read import read_hcl

__all__ = [
    "Encoded",
    "Filled",
    "Nested",
    "Raw",
    "Value",
    "append_block",
    "each_alone",
    "in_order",
    "insert_attribute",
    "insert_attributes",
    "insert_block",
    "insert_entry",
    "insert_item",
    "insert_members",
    "remove_attribute",
    "remove_block",
    "remove_entry",
    "remove_item",
    "set_expr",
    "set_value",
    "source_of",
]

_Renderer: TypeAlias = Callable[[str | None], str]
"""Writes what is inserted, given the indentation of its line, or None on a line with others."""

_NewBlock: TypeAlias = tuple[str, tuple[str, ...], dict[str, Any]]

_COMMENT = r"\#[^\n]*|//[^\n]*|/\*(?s:.*?)\*/"
_TO_COMMA = regex(rf"(?:\s|{_COMMENT})*,")
_REST_OF_ITEM = regex(r"[ \t]*,?[ \t]*(?:(?:#|//)[^\n]*)?\r?(?=\n|\Z)")
_BLANK = regex(r"[ \t]*\r?\n")
_INDENT = regex(r"[ \t]*")


# ------------------------------------------------------------------------------------------------------------ expressions


def set_expr(doc: Document, expr: Expr, source: str) -> Edit:
    """Write another expression, given as its source, in the place of one.

    Raises:
        EditError: the expression is not one of this document as it was read, or the new one can't stand there.
    """
    _check(doc, expr.span)
    if doc.syntax == "json":
        return _edit_json.set_value(doc, expr, Raw(source))
    return _edit(doc, expr.span.start, _value_end(doc, expr), source)


def set_value(doc: Document, expr: Expr, value: Value) -> Edit:
    """Write plain data in the place of an expression; a heredoc stays one if it can.

    Raises:
        EditError: the expression is not one of this document as it was read, or the value can't be written there.
    """
    _check(doc, expr.span)
    if doc.syntax == "json":
        return _edit_json.set_value(doc, expr, value)
    start, end = expr.span.start, _value_end(doc, expr)
    if isinstance(expr, Constant) and expr.heredoc and isinstance(value, str):
        kept = heredoc(doc, expr, value)
        if kept is not None:
            return _edit(doc, start, expr.span.end, kept)
    spread = "\n" in expr.span.text and not (isinstance(expr, Constant) and expr.heredoc)
    wide = spread or (isinstance(value, dict | Encoded) and _REST_OF_ITEM.match(doc.text, end) is not None)
    manner = Manner(_unit(doc), wide=wide, listed=spread and isinstance(expr, Tuple))
    return _edit(doc, start, end, written(value, _indentation(doc, start), manner))


def insert_item(doc: Document, sequence: Tuple, value: Value) -> Edit:
    """Write a new item at the end of a list.

    Raises:
        EditError: the list is not one of this document as it was read, or the item can't be written there.
    """
    _check(doc, sequence.span)
    if doc.syntax == "json":
        return _edit_json.insert_item(doc, sequence, value)
    spans = [item.span for item in sequence.items]
    wide = bool(spans) and any(isinstance(item, Object) and "\n" in item.span.text for item in sequence.items)

    def render(indent: str | None) -> str:
        return written(value, indent or "", Manner(_unit(doc), wide=wide and indent is not None))

    return _insert(doc, sequence.span, spans, len(spans) - 1, render, separator=",")


def remove_item(doc: Document, sequence: Tuple, index: int) -> Edit:
    """Remove an item of a list, with its lines and the comment behind it.

    Raises:
        EditError: there is no such item, or the list is not one of this document as it was read.
    """
    _check(doc, sequence.span)
    if not 0 <= index < len(sequence.items):
        raise EditError(
            f"there is no item {index} in the list at line {sequence.span.line} of {doc.path}", hint="count from 0"
        )
    if doc.syntax == "json":
        return _edit_json.remove_item(doc, sequence, index)
    return _remove(doc, sequence.span, [item.span for item in sequence.items], index)


def insert_entry(doc: Document, mapping: Object, key: str, value: Value, *, after: str | None = None) -> Edit:
    """Write a new entry into an object, behind the entry `after` or else at the end.

    Raises:
        EditError: the key is there already, `after` is not, or the entry can't be written there.
    """
    _check(doc, mapping.span)
    entries = mapping.entries
    if any(_key(entry) == key for entry in entries):
        raise EditError(
            f"{key} is there already, at line {mapping.span.line} of {doc.path}", hint="replace its value instead"
        )
    if doc.syntax == "json":
        return _edit_json.insert_entry(doc, mapping, key, value, after)
    index = len(entries) - 1 if after is None else _index_of(doc, mapping, after)
    name = key_of(key, in_quotes=bool(entries) and not any(entry.bare for entry in entries) and _all_quoted(entries))
    sign = " = "
    if entries:
        last = entries[index]
        between = doc.text[last.key.span.end : last.value.span.start]
        sign = between if between.strip() == ":" else " = "

    def render(indent: str | None) -> str:
        return name + sign + written(value, indent or "", Manner(_unit(doc), wide=indent is not None))

    return _insert(doc, mapping.span, [entry.span for entry in entries], index, render, separator="")


def remove_entry(doc: Document, mapping: Object, key: str) -> Edit:
    """Remove an entry of an object, with its lines and the comment behind it.

    Raises:
        EditError: there is no such entry, or the object is not one of this document as it was read.
    """
    _check(doc, mapping.span)
    index = _index_of(doc, mapping, key)
    if doc.syntax == "json":
        return _edit_json.remove_entry(doc, mapping, key)
    return _remove(doc, mapping.span, [entry.span for entry in mapping.entries], index)


# ----------------------------------------------------------------------------------------------------------------- bodies


def insert_attribute(doc: Document, body: Body, name: str, value: Value, *, after: str | None = None) -> Edit:
    """Write a new argument into a body, behind the argument `after` or else behind the last one.

    Raises:
        EditError: the name is there already, `after` is not, or the argument can't be written there.
    """
    return insert_attributes(doc, body, {name: value}, after=after)


def insert_attributes(doc: Document, body: Body, values: dict[str, Any], *, after: str | None = None) -> Edit:
    """Write new arguments into a body, one below the other: `insert_attribute` for several.

    Raises:
        EditError: a name is there already, `after` is not, or the arguments can't be written there.
    """
    _check_new(doc, body, values)
    if doc.syntax == "json":
        return _edit_json.insert_entries(doc, body, values, after)
    previous = max(body.attributes.values(), key=lambda attribute: attribute.span.end, default=None)
    if after is not None:
        previous = _attribute(doc, body, after)
    if _is_one_line(doc, body):
        return _opened(doc, body, values, [])
    indent = _member_indent(doc, body)
    lines = _arguments(doc, values, indent)
    if previous is not None:
        return _below(doc, previous.span.end, lines)
    if _is_file(doc, body):
        at = 0 if body.blocks else len(doc.text)
        lead = "\n" if at and not doc.text.endswith("\n") else ""
        return _edit(doc, at, at, lead + "".join(f"{line}\n" for line in lines) + ("\n" if body.blocks else ""))
    return _below(doc, body.span.start, lines + ([""] if body.blocks else []))


def insert_block(
    doc: Document,
    body: Body,
    type_: str,
    labels: tuple[str, ...],
    content: dict[str, Any],
    *,
    after: Block | None = None,
) -> Edit:
    """Write a new nested block into a body, behind the block `after` or else at the end.

    Args:
        doc: the document.
        body: the body.
        type_: the block's type.
        labels: its labels.
        content: its arguments, and as `Nested` the blocks in it.
        after: the block behind which it is written.

    Raises:
        EditError: the block can't be written there.
    """
    _check(doc, body.span)
    if doc.syntax == "json":
        return _edit_json.insert_block(doc, body, type_, labels, content)
    if _is_one_line(doc, body):
        return _opened(doc, body, {}, [(type_, labels, content)])
    indent = _member_indent(doc, body)
    lines = block_lines(type_, labels, content, indent, _unit(doc))
    if after is not None:
        return _below(doc, after.span.end, ["", *lines, *_blank_behind(doc, after.span.end, in_body=True)])
    close = body.span.end
    line = _line_start(doc, close)
    if doc.text[line:close].strip():  # something stands before the closing brace
        outer = _indentation(doc, close)
        return _edit(doc, close, close, "".join(f"\n{text}" for text in ["", *lines]) + f"\n{outer}")
    before = doc.text[body.span.start : line]
    lead = [] if not before.strip() or re.search(r"\n[ \t]*\r?\n\Z", before) else [""]
    return _edit(doc, line, line, "".join(f"{text}\n" for text in [*lead, *lines]))


def insert_members(doc: Document, body: Body, values: dict[str, Any], blocks: dict[str, Nested]) -> list[Edit]:
    """Write new arguments and nested blocks into a body.

    Raises:
        EditError: a name is there already, or something can't be written there.
    """
    _check_new(doc, body, values)
    if doc.syntax == "json":
        # One entry behind the other: as two edits they would be written at one place, without a comma between them.
        return [_edit_json.insert_entries(doc, body, {**values, **blocks}, None)]
    new: list[_NewBlock] = [(name, (), block.content) for name, block in blocks.items()]
    if values and new:
        if _is_one_line(doc, body):
            return [_opened(doc, body, values, new)]
        if not body.attributes and not body.blocks:
            indent = _member_indent(doc, body)
            lines = _arguments(doc, values, indent)
            for type_, labels, content in new:
                lines += ["", *block_lines(type_, labels, content, indent, _unit(doc))]
            return [_below(doc, body.span.start, lines)]
    elif len(new) > 1 and _is_one_line(doc, body):
        return [_opened(doc, body, {}, new)]
    edits = [insert_attributes(doc, body, values)] if values else []
    return edits + [insert_block(doc, body, type_, labels, content) for type_, labels, content in new]


def append_block(
    doc: Document,
    body: Body,
    type_: str,
    labels: tuple[str, ...],
    content: dict[str, Any],
    *,
    after: Block | None = None,
) -> Edit:
    """Write a new block at the top of a file, behind another one or at the end, with a blank line before it.

    Raises:
        EditError: the block can't be written there.
    """
    _check(doc, body.span)
    if doc.syntax == "json":
        return _edit_json.insert_block(doc, body, type_, labels, content)
    lines = block_lines(type_, labels, content, "", _unit(doc))
    if after is not None:
        return _below(doc, after.span.end, ["", *lines, *_blank_behind(doc, after.span.end, in_body=False)])
    at = len(doc.text.rstrip())
    lead = "\n\n" if at else ""
    return _edit(doc, at, at, lead + "\n".join(lines) + ("" if at < len(doc.text) else "\n"))


def remove_attribute(doc: Document, body: Body, name: str) -> Edit:
    """Remove an argument, with its lines and the comment behind it; one above it stays.

    Raises:
        EditError: there is no such argument.
    """
    _check(doc, body.span)
    found = _attribute(doc, body, name)
    if doc.syntax == "json":
        return _edit_json.remove_member(doc, body, name)
    return _edit(doc, *_member_lines(doc, body, found.span), "")


def remove_block(doc: Document, body: Body, block: Block) -> Edit:
    """Remove a block with its lines and the comment behind it, and the blank line before or behind it.

    Raises:
        EditError: the block is not one of this document as it was read.
    """
    _check(doc, body.span)
    _check(doc, block.span)
    if doc.syntax == "json":
        return _edit_json.remove_block(doc, block)
    return _edit(doc, *_member_lines(doc, body, block.span), "")


# ------------------------------------------------------------------------------------------------------- writing a change


def _edit(doc: Document, start: int, end: int, text: str) -> Edit:
    """The edit that replaces a stretch, and moves what stands below each other if it did so before.

    Raises:
        EditError: the file could not be read any more with it.
    """
    text = text.replace("\r\n", "\n").replace("\n", doc.newline)
    _verify(doc, start, end, text)
    alone = Edit(Span(doc, start, end), text)
    return alone if doc.layout.get("hcl-alone") else _moved(doc, *_reach(doc, alone), [alone])[0]


def in_order(doc: Document, edits: Iterable[Edit]) -> list[Edit]:
    """Edits that were made alone (`each_alone`), together with what they move: what stood below each other still does.

    Raises:
        EditError: two of them touch the same text.
    """
    own = sorted(dict.fromkeys(edits), key=lambda edit: (edit.span.start, edit.span.end))
    apply_edits(doc, own)
    if doc.syntax != "hcl":
        return own
    made: list[Edit] = []
    group: list[Edit] = []
    first = last = 0
    for edit in own:
        begin, end = _reach(doc, edit)
        if group and begin > last:
            made += _moved(doc, first, last, group)
            group = []
        first, last = (begin, end) if not group else (min(first, begin), max(last, end))
        group.append(edit)
    return made + (_moved(doc, first, last, group) if group else [])


def _reach(doc: Document, edit: Edit) -> tuple[int, int]:
    """The first and the last line that an edit may move: those that follow on each other and have values or comments."""
    lines = _lines(doc)
    first, last = line_at(lines, edit.span.start), line_at(lines, edit.span.end)
    while first > 0 and (lines[first - 1].equals >= 0 or lines[first - 1].comment >= 0):
        first -= 1
    while last + 1 < len(lines) and (lines[last + 1].equals >= 0 or lines[last + 1].comment >= 0):
        last += 1
    return first, last


def _moved(doc: Document, first: int, last: int, edits: list[Edit]) -> list[Edit]:
    """Edits of some lines, with what they move; as they are if that is nothing, otherwise as one."""
    lines = _lines(doc)
    begin, stop = (lines[first].start, lines[last].end) if lines else (0, len(doc.text))
    old = doc.text[begin:stop]
    after = ""
    changed: list[tuple[int, int]] = []
    position = begin
    for edit in edits:
        after += doc.text[position : edit.span.start]
        changed.append((len(after), len(after) + len(edit.text)))
        after += edit.text
        position = edit.span.end
    after += doc.text[position:stop]
    order = order_of(old, lines_of(old)) if lines else Order(values=True, comments=True)

    def touched(line: Line) -> bool:
        return any(line.start < end and start < line.end for start, end in changed)

    made = ordered(after, lines_of(after), order, touched)
    if made == after:
        return edits
    # Lines before and behind those that move are not part of the edit.
    was, now = old.splitlines(keepends=True), made.splitlines(keepends=True)
    while was and now and was[0] == now[0]:
        begin += len(was.pop(0))
        now.pop(0)
    while was and now and was[-1] == now[-1]:
        stop -= len(was.pop())
        now.pop()
    return [Edit(Span(doc, begin, stop), "".join(now))]


@contextmanager
def each_alone(docs: Iterable[Document]) -> Iterator[None]:
    """Edits that move nothing but what they change, so that several of neighbouring lines can be made at once.

    What they would have moved is moved by `in_order`, for all of them together.
    """
    kept = list(docs)
    for doc in kept:
        doc.layout["hcl-alone"] = True
    try:
        yield
    finally:
        for doc in kept:
            doc.layout.pop("hcl-alone", None)


def _value_end(doc: Document, expr: Expr) -> int:
    """The end of a value; blanks behind a heredoc's marker are part of that."""
    end = expr.span.end
    if isinstance(expr, Constant | Template) and expr.heredoc:
        match = _INDENT.match(doc.text, end)
        end = end if match is None else match.end()
    return end


def _lines(doc: Document) -> list[Line]:
    kept: list[Line] | None = doc.layout.get("hcl-lines")
    if kept is None:
        kept = doc.layout["hcl-lines"] = lines_of(doc.text)
    return kept


def _verify(doc: Document, start: int, end: int, text: str) -> None:
    """See to it that what is at the top of the file and changed can still be read."""
    tops: list[tuple[int, int]] | None = doc.layout.get("hcl-tops")
    if tops is None:
        body = read_hcl(doc).body
        members: list[Block | Attribute] = [*body.blocks, *body.attributes.values()]
        tops = doc.layout["hcl-tops"] = sorted((member.span.start, member.span.end) for member in members)
    first, last = start, end
    for top in tops:
        if top[0] < end and start < top[1]:
            first, last = min(first, top[0]), max(last, top[1])
    old, new = doc.text[first:last], doc.text[first:start] + text + doc.text[end:last]
    if _faults(doc, new) > _faults(doc, old):
        raise EditError(
            f"this can't be written at line {doc.position(start)[0]} of {doc.path}", hint="make the change by hand"
        )


def _faults(doc: Document, text: str) -> int:
    piece = Document(doc.path, f"{text}\n", syntax="hcl")
    parser = Parser(piece, piece.text, 0, len(piece.text))
    parser.file()
    return len(parser.all_problems())


# ------------------------------------------------------------------------------------------------- lists and objects


def _insert(
    doc: Document,
    whole: Span,
    spans: list[Span],
    after: int,
    render: _Renderer,
    *,
    separator: str,
) -> Edit:
    """One more item or entry behind the one with the number `after`. `separator` ends an item where a line does not."""
    text = doc.text
    close = whole.end - 1
    if not spans:
        return _first(doc, whole, render)
    span = spans[after]
    is_last = after == len(spans) - 1
    comma = _TO_COMMA.match(text, span.end, close)
    behind = span.end if comma is None else comma.end()
    rest = text[behind : close if is_last else spans[after + 1].start]
    if "\n" not in rest:  # the next one, or the closing bracket, is on the same line
        if is_last:
            return _edit(doc, span.end, span.end, f", {render(None)}")
        lead = "" if comma is not None else ","
        return _edit(doc, behind, behind, f"{lead} {render(None)},")
    indent = _indentation(doc, span.start)
    if text[_line_start(doc, span.start) : span.start].strip():  # it is not the first on its line
        indent = _indentation(doc, close) + _unit(doc)
    end = _end_of_line(doc, behind)
    new = f"\n{indent}{render(indent)}"
    if comma is not None:
        return _edit(doc, end, end, f"{new},")
    if not separator:
        return _edit(doc, end, end, new)
    return _edit(doc, span.end, end, separator + text[span.end : end] + new)


def _first(doc: Document, whole: Span, render: _Renderer) -> Edit:
    """The first one between two brackets."""
    text, close = doc.text, whole.end - 1
    inner = text[whole.start + 1 : close]
    spaced = " " if text[close] == "}" else ""
    if not inner.strip(" \t") or "\n" not in inner:
        kept = f"{inner.strip()} " if inner.strip() else ""
        return _edit(doc, whole.start + 1, close, f"{spaced}{kept}{render(None)}{spaced}")
    outer = _indentation(doc, close)
    indent = outer + _unit(doc)
    kept = inner.rstrip()
    return _edit(doc, whole.start + 1 + len(kept), close, f"\n{indent}{render(indent)}\n{outer}")


def _remove(doc: Document, whole: Span, spans: list[Span], index: int) -> Edit:
    """An item or entry less, and with it one comma."""
    text, close, span = doc.text, whole.end - 1, spans[index]
    comma = _TO_COMMA.match(text, span.end, close)
    behind = span.end if comma is None else comma.end()
    if len(spans) == 1 and not (text[whole.start + 1 : span.start] + text[behind:close]).strip():
        return _edit(doc, whole.start + 1, close, "")
    start, end = _line_start(doc, span.start), _end_of_line(doc, behind)
    tail = text[behind:end].strip()
    alone = not text[start : span.start].strip() and start > whole.start and end < close
    if alone and (not tail or tail.startswith(("#", "//", "/*"))):
        end = _next_line(doc, behind)
        if index and index == len(spans) - 1 and comma is None:
            # The one before becomes the last, and the last one had no comma.
            earlier = _TO_COMMA.match(text, spans[index - 1].end, start)
            if earlier is not None:
                return _edit(doc, earlier.end() - 1, end, text[earlier.end() : start])
        return _edit(doc, start, end, "")
    if index + 1 < len(spans):
        following = spans[index + 1].start
        if not text[behind:following].strip():
            if "\n" not in text[behind:following]:
                return _edit(doc, span.start, following, "")
            # The line ends here: the blank before goes, too.
            return _edit(doc, len(text[: span.start].rstrip(" \t")), behind, "")
        return _edit(doc, span.start, behind, "")
    if index:
        earlier = _TO_COMMA.match(text, spans[index - 1].end, span.start)
        if earlier is not None and not text[earlier.end() : span.start].strip():
            if comma is None:
                return _edit(doc, earlier.end() - 1, span.end, "")
            return _edit(doc, earlier.end(), behind, "")
    return _edit(doc, span.start, behind, "")


def _key(entry: ObjectEntry) -> object:
    return entry.key.value if isinstance(entry.key, Constant) else None


def _all_quoted(entries: tuple[ObjectEntry, ...]) -> bool:
    return all(isinstance(entry.key, Constant) and isinstance(entry.key.value, str) for entry in entries)


def _index_of(doc: Document, mapping: Object, key: str) -> int:
    for index, entry in enumerate(mapping.entries):
        if _key(entry) == key:
            return index
    raise EditError(
        f"there is no {key} in the object at line {mapping.span.line} of {doc.path}",
        hint="check the spelling of the key",
    )


# ------------------------------------------------------------------------------------------------------ members of bodies


def _check_new(doc: Document, body: Body, values: dict[str, Any]) -> None:
    _check(doc, body.span)
    for name in values:
        if name in body.attributes:
            raise EditError(
                f"{name} is there already, at line {body.attributes[name].span.line} of {doc.path}",
                hint="replace its value instead",
            )


def _attribute(doc: Document, body: Body, name: str) -> Attribute:
    found = body.attributes.get(name)
    if found is None:
        raise EditError(
            f"there is no {name} at line {body.span.line} of {doc.path}", hint="check the spelling of the name"
        )
    return found


def _is_file(doc: Document, body: Body) -> bool:
    return doc.text[body.span.end : body.span.end + 1] != "}" and body.span.end == len(doc.text)


def _is_one_line(doc: Document, body: Body) -> bool:
    return "\n" not in body.span.text and not _is_file(doc, body)


def _arguments(doc: Document, values: dict[str, Any], indent: str) -> list[str]:
    manner = Manner(_unit(doc), wide=True)
    return [f"{indent}{name} = {written(value, indent, manner)}" for name, value in values.items()]


def _opened(
    doc: Document,
    body: Body,
    values: dict[str, Any],
    blocks: Sequence[_NewBlock],
) -> Edit:
    """A body on one line becomes one of several lines, with more in it."""
    outer = _indentation(doc, body.span.start)
    indent = outer + _unit(doc)
    held = body.span.text.strip()
    lines = [f"{indent}{held}"] if held else []
    lines += _arguments(doc, values, indent)
    for type_, labels, content in blocks:
        lines += [*([""] if lines else []), *block_lines(type_, labels, content, indent, _unit(doc))]
    return _edit(doc, body.span.start, body.span.end, "".join(f"\n{line}" for line in lines) + f"\n{outer}")


def _below(doc: Document, offset: int, lines: list[str]) -> Edit:
    """New lines below the one that an offset is in."""
    end = _end_of_line(doc, offset)
    return _edit(doc, end, end, "".join(f"\n{line}" for line in lines))


def _blank_behind(doc: Document, offset: int, *, in_body: bool) -> list[str]:
    """A blank line, if what follows on the line of an offset is not one, nor the end."""
    rest = doc.text[_next_line(doc, offset) :]
    if not rest.strip() or _BLANK.match(rest) is not None or (in_body and rest.lstrip().startswith("}")):
        return []
    return [""]


def _member_lines(doc: Document, body: Body, span: Span) -> tuple[int, int]:
    """What to remove for a member of a body to be gone: its lines, and one of two blank lines that would meet."""
    text = doc.text
    if _is_one_line(doc, body):
        rest = text[body.span.start : span.start] + text[span.end : body.span.end]
        return (span.start, span.end) if rest.strip() else (body.span.start, body.span.end)
    start, end = _line_start(doc, span.start), _end_of_line(doc, span.end)
    if text[start : span.start].strip() or _BLANK.match(text[end:] + "\n") is None:
        return span.start, span.end
    end = _next_line(doc, span.end)
    before, behind = text[body.span.start : start], text[end : body.span.end]
    blank_before = (
        re.search(r"(?:\A|\n)([ \t]*\r?\n)\Z", before) if before.count("\n") > 1 or _is_file(doc, body) else None
    )
    blank_behind = _BLANK.match(behind)
    if blank_before is not None and (blank_behind is not None or not behind.strip()):
        start -= len(blank_before[1])
    elif blank_behind is not None and not before.strip():
        end += blank_behind.end()
    return start, end


# ---------------------------------------------------------------------------------------------------------------- helpers


def _check(doc: Document, span: Span) -> None:
    if span.doc is not doc:
        raise EditError(f"a part of {span.doc.path} can't be edited in {doc.path}", hint="edit its own file")
    if doc.syntax not in ("hcl", "json"):
        raise EditError(f"{doc.path} is not written in HCL", hint="edit it by hand")


def _line_start(doc: Document, offset: int) -> int:
    return doc.text.rfind("\n", 0, offset) + 1


def _end_of_line(doc: Document, offset: int) -> int:
    """Where the line ends that an offset is in, before its end of line; a comment of several lines is part of it."""
    end = _next_line(doc, offset)
    end -= doc.text.endswith("\n", 0, end)
    return end - doc.text.endswith("\r", 0, end)


def _next_line(doc: Document, offset: int) -> int:
    """Where the line begins that follows the one that an offset is in."""
    lines = _lines(doc)
    return lines[line_at(lines, offset)].end if lines else len(doc.text)


def _indentation(doc: Document, offset: int) -> str:
    """The white space at the beginning of the line of an offset."""
    match = _INDENT.match(doc.text, _line_start(doc, offset), offset)
    return "" if match is None else match.group()


def _member_indent(doc: Document, body: Body) -> str:
    """The indentation of what stands in a body."""
    if _is_file(doc, body):
        return ""
    members: list[Attribute | Block] = [*body.attributes.values(), *body.blocks]
    if members:
        return _indentation(doc, min(member.span.start for member in members))
    return _indentation(doc, body.span.end) + _unit(doc)


def _unit(doc: Document) -> str:
    """What one level of indentation is in this file."""
    kept: str | None = doc.layout.get("hcl-unit")
    if kept is None:
        kept = "  "
        for line in _lines(doc):
            if line.first > line.start and "\n" not in doc.text[line.start : line.first]:
                kept = doc.text[line.start : line.first]
                break
        doc.layout["hcl-unit"] = kept
    return kept
