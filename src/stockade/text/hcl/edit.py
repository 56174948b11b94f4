"""Edits of HCL: what to replace in a file's text, so that everything else stays as it is.

Each function answers with an `Edit`, as `stockade.text.edit` does for YAML and JSON; `apply_edits` there applies several. What
is written looks as `terraform fmt` writes it, and a group of aligned arguments stays aligned. A change that can't be made is an
`EditError`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from msgspec import Struct

from stockade.errors import EditError
from stockade.text.document import Document, Span
from stockade.text.edit import Edit
from stockade.text.hcl.nodes import Block, Body, Constant, Expr, Object, Tuple

__all__ = [
    "Encoded",
    "Nested",
    "Raw",
    "append_block",
    "insert_attributes",
    "insert_block",
    "insert_entry",
    "insert_item",
    "insert_members",
    "remove_attribute",
    "remove_block",
    "remove_item",
    "set_expr",
    "set_value",
    "source_of",
]

_STEP = "  "
_NAME = re.compile(r"[A-Za-z_][\w-]*\Z")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


class Raw(Struct, frozen=True):
    """An expression as its source: a reference, a call."""

    source: str


class Encoded(Struct, eq=False):
    """An object that is written as the text of its JSON: a call of `jsonencode`."""

    value: dict[str, Any]


class Nested(Struct, eq=False):
    """A nested block, by its arguments and the blocks inside of it."""

    content: dict[str, Any]


Value: TypeAlias = "Raw | Encoded | str | bool | int | float | Decimal | list[Value] | dict[str, Value] | None"


def source_of(value: Any, indent: str = "", *, inline: bool = True) -> str:  # noqa: ANN401 - plain data
    """Plain data as an expression; objects on one line, or with `inline` off an entry a line."""
    if isinstance(value, Raw):
        return value.source
    if isinstance(value, Encoded):
        return f"jsonencode({source_of(value.value, indent, inline=False)})"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{_quoted(value)}"'
    if isinstance(value, list):
        return f"[{', '.join(source_of(item) for item in value)}]"
    if isinstance(value, dict):
        if not value:
            return "{}"
        pairs = [(key if _NAME.match(key) else f'"{_quoted(key)}"', item) for key, item in value.items()]
        if inline:
            return "{ " + ", ".join(f"{key} = {source_of(item)}" for key, item in pairs) + " }"
        inner = indent + _STEP
        width = max(len(key) for key, _ in pairs)
        lines = [f"{inner}{key.ljust(width)} = {source_of(item, inner, inline=False)}" for key, item in pairs]
        return "{\n" + "\n".join(lines) + f"\n{indent}}}"
    return str(value)


def _quoted(text: str) -> str:
    return text.translate(_ESCAPES).replace("${", "$${").replace("%{", "%%{")


# ------------------------------------------------------------------------------------------------------------ expressions


def set_expr(doc: Document, expr: Expr, source: str) -> Edit:
    """Write another expression in the place of one."""
    _check(doc, expr.span)
    return Edit(expr.span, source)


def set_value(doc: Document, expr: Expr, value: Any) -> Edit:  # noqa: ANN401 - plain data
    """Write plain data in the place of an expression."""
    _check(doc, expr.span)
    text = source_of(value, _indentation(doc, expr.span.start), inline=not isinstance(value, dict))
    if type(expr) is Constant and expr.heredoc and doc.text[expr.span.end - 1 : expr.span.end] == "\n":
        text += "\n"
    return Edit(expr.span, _lines(doc, text))


def insert_item(doc: Document, sequence: Tuple, value: Any) -> Edit:  # noqa: ANN401 - plain data
    """Write a new item at the end of a list."""
    _check(doc, sequence.span)
    source = source_of(value)
    if not sequence.items:
        return Edit(sequence.span, f"[{source}]")
    last = sequence.items[-1].span
    if "\n" not in sequence.span.text:
        return Edit(Span(doc, last.end, last.end), f", {source}")
    indent = _indentation(doc, last.start)
    after = _after_comma(doc, last.end, sequence.span.end)
    comma = "" if after is not None else ","
    if after is None or comma:
        return Edit(Span(doc, last.end, last.end), _lines(doc, f",\n{indent}{source}"))
    return Edit(Span(doc, after, after), _lines(doc, f"\n{indent}{source},"))


def remove_item(doc: Document, sequence: Tuple, index: int) -> Edit:
    """Remove an item of a list, with its line where it has one of its own."""
    _check(doc, sequence.span)
    if not 0 <= index < len(sequence.items):
        raise EditError(
            f"there is no item {index} in the list at line {sequence.span.line} of {doc.path}", hint="count from 0"
        )
    if len(sequence.items) == 1:
        return Edit(sequence.span, "[]")
    return Edit(_without(doc, sequence.span, [item.span for item in sequence.items], index), "")


def insert_entry(doc: Document, mapping: Object, key: str, value: Any) -> Edit:  # noqa: ANN401 - plain data
    """Write a new entry at the end of an object."""
    _check(doc, mapping.span)
    name = key if _NAME.match(key) else f'"{_quoted(key)}"'
    if not mapping.entries:
        return Edit(mapping.span, f"{{ {name} = {source_of(value)} }}")
    last = mapping.entries[-1]
    if "\n" not in mapping.span.text:
        return Edit(Span(doc, last.span.end, last.span.end), f", {name} = {source_of(value)}")
    if any(entry.span.doc is not doc for entry in mapping.entries):
        raise EditError(f"the object at line {mapping.span.line} is not one of {doc.path}", hint="edit its own file")
    marks = [(entry.key.span, entry.span) for entry in mapping.entries]
    comma = _after_comma(doc, last.span.end, mapping.span.end) is not None
    return _appended(doc, marks, {name: value}, comma=comma)


# ------------------------------------------------------------------------------------------------------------------ bodies


def insert_attributes(doc: Document, body: Body, values: dict[str, Any]) -> Edit:
    """Write new arguments behind the last one of a block."""
    _check(doc, body.span)
    for name in values:
        if name in body.attributes:
            raise EditError(
                f"{name} is there already, at line {body.span.line} of {doc.path}", hint="replace its value instead"
            )
    if "\n" not in body.span.text:
        return _opened(doc, body, list(values.items()), [])
    own = sorted(body.attributes.values(), key=lambda a: a.span.start)
    if own:
        return _appended(doc, [(a.name_span, a.span) for a in own], values)
    indent = _inner(doc, body)
    start = body.span.start
    written = "".join(f"\n{line}" for line in _arguments(values, indent)) + ("\n" if body.blocks else "")
    return Edit(Span(doc, start, start), _lines(doc, written))


def insert_members(doc: Document, body: Body, values: dict[str, Any], blocks: dict[str, Nested]) -> list[Edit]:
    """Write new arguments and nested blocks into a block."""
    _check(doc, body.span)
    if "\n" not in body.span.text:
        inner = [(name, (), block.content) for name, block in blocks.items()]
        return [_opened(doc, body, list(values.items()), inner)]
    edits = [insert_attributes(doc, body, values)] if values else []
    return edits + [insert_block(doc, body, name, (), block.content) for name, block in blocks.items()]


def insert_block(doc: Document, body: Body, type_: str, labels: tuple[str, ...], content: dict[str, Any]) -> Edit:
    """Write a new nested block at the end of a block."""
    _check(doc, body.span)
    if "\n" not in body.span.text:
        return _opened(doc, body, [], [(type_, labels, content)])
    indent = _inner(doc, body)
    close = body.span.end
    line = doc.text.rfind("\n", 0, close) + 1
    empty = not body.attributes and not body.blocks and not doc.text[body.span.start : close].strip()
    written = ("" if empty else "\n") + _block(type_, labels, content, indent) + "\n"
    return Edit(Span(doc, line, line), _lines(doc, written))


def append_block(
    doc: Document,
    body: Body,
    type_: str,
    labels: tuple[str, ...],
    content: dict[str, Any],
    *,
    after: Block | None = None,
) -> Edit:
    """Write a new block at the top of a file, behind another one or at the end."""
    _check(doc, body.span)
    at = _end_of_line(doc, after.span.end) if after is not None else len(doc.text.rstrip())
    text = _block(type_, labels, content, "")
    tail = "" if at < len(doc.text) else "\n"
    lead = "\n\n" if doc.text[:at].strip() else ""
    return Edit(Span(doc, at, at), _lines(doc, lead + text + tail))


def remove_attribute(doc: Document, body: Body, name: str) -> Edit:
    """Remove an argument, with its line and the comment on it."""
    found = body.attributes.get(name)
    if found is None:
        raise EditError(
            f"there is no {name} at line {body.span.line} of {doc.path}", hint="check the spelling of the name"
        )
    _check(doc, found.span)
    if "\n" not in body.span.text:
        return Edit(body.span, "")
    return Edit(_whole_lines(doc, found.span), "")


def remove_block(doc: Document, body: Body, block: Block) -> Edit:
    """Remove a block with its lines, and the blank line before or behind it."""
    _check(doc, block.span)
    if "\n" not in body.span.text:
        return Edit(body.span, "")
    span = _whole_lines(doc, block.span)
    start, end = span.start, span.end
    text = doc.text
    blank = re.compile(r"[ \t]*\r?\n")
    behind = blank.match(text, end)
    at_top = not text[:start].strip() or text[:start].rstrip().endswith("{")
    before = re.search(r"\n([ \t]*\r?\n)\Z", text[:start])
    if before is not None and (behind is not None or end >= len(text) or text[end:].lstrip().startswith("}")):
        start -= len(before.group(1))
    elif behind is not None and at_top:
        end = behind.end()
    return Edit(Span(doc, start, end), "")


# ----------------------------------------------------------------------------------------------------------------- helpers


def _check(doc: Document, span: Span) -> None:
    if span.doc is not doc:
        raise EditError(f"a part of {span.doc.path} can't be edited in {doc.path}", hint="edit its own file")
    if doc.syntax != "hcl":
        raise EditError(f"{doc.path} is not written in HCL", hint="edit it by hand")


def _lines(doc: Document, text: str) -> str:
    return text.replace("\n", doc.newline) if doc.newline != "\n" else text


def _indentation(doc: Document, at: int) -> str:
    """The white space at the beginning of the line of a place."""
    start = doc.text.rfind("\n", 0, at) + 1
    found = re.match(r"[ \t]*", doc.text[start:at])
    return found[0] if found is not None else ""


def _inner(doc: Document, body: Body) -> str:
    """The indentation of what stands in a body."""
    starts = [a.span.start for a in body.attributes.values()] + [b.span.start for b in body.blocks]
    return _indentation(doc, min(starts)) if starts else _indentation(doc, body.span.end) + _STEP


def _end_of_line(doc: Document, at: int) -> int:
    end = doc.text.find("\n", at)
    if end < 0:
        return len(doc.text)
    return end - 1 if doc.text[end - 1 : end] == "\r" else end


def _whole_lines(doc: Document, span: Span) -> Span:
    start = doc.text.rfind("\n", 0, span.start) + 1
    end = doc.text.find("\n", max(span.end - 1, span.start))
    return Span(doc, start, len(doc.text) if end < 0 else end + 1)


def _after_comma(doc: Document, at: int, limit: int) -> int | None:
    """Behind the comma that follows a place, if one does."""
    found = re.compile(r"\s*,").match(doc.text, at, limit)
    return found.end() if found is not None else None


def _without(doc: Document, whole: Span, spans: list[Span], index: int) -> Span:
    """What to remove so that an item of a list is gone, with one comma."""
    span = spans[index]
    if "\n" not in whole.text or (index and "\n" not in doc.text[spans[index - 1].end : span.start]):
        if index:
            return Span(doc, spans[index - 1].end, span.end)
        return Span(doc, span.start, spans[1].start)
    lines = _whole_lines(doc, Span(doc, span.start, _after_comma(doc, span.end, whole.end) or span.end))
    others = [s for n, s in enumerate(spans) if n != index]
    if any(lines.start < s.end and s.start < lines.end for s in others) or lines.start < whole.start:
        return (
            Span(doc, span.start, spans[index + 1].start)
            if index + 1 < len(spans)
            else Span(doc, spans[index - 1].end, span.end)
        )
    return lines


def _appended(doc: Document, marks: list[tuple[Span, Span]], values: dict[str, Any], *, comma: bool = False) -> Edit:
    """New `name = value` on lines behind the last of several, aligned with those right above."""
    last = marks[-1][1]
    indent = _indentation(doc, last.start)
    sources = {name: source_of(v, indent, inline=not isinstance(v, dict)) for name, v in values.items()}
    tail = "," if comma else ""
    end = _end_of_line(doc, last.end)
    short = [name for name, source in sources.items() if "\n" not in source]
    group = _group(doc, marks) if short else []
    columns = [doc.text.index("=", key.end) - key.start for key, _ in group if "=" in doc.text[key.end : key.end + 200]]
    aligned = bool(group) and len(columns) == len(group) and len(set(columns)) == 1
    have = columns[0] - 1 if aligned else 0
    width = max([have, *(len(name) for name in short)]) if aligned or len(short) > 1 else 0

    def line(name: str, source: str) -> str:
        padded = name.ljust(width) if "\n" not in source else name
        return f"\n{indent}{padded} = {source}{tail}"

    written = _lines(doc, "".join(line(name, source) for name, source in sources.items()))
    if not aligned or width == have:
        return Edit(Span(doc, end, end), written)
    # The group moves to the right, to stay aligned.
    first = group[0][0].start
    pieces: list[str] = []
    at = first
    for key, _ in group:
        pieces += [doc.text[at : key.end], " " * (width - (key.end - key.start) + 1)]
        at = doc.text.index("=", key.end)
    return Edit(Span(doc, first, end), "".join([*pieces, doc.text[at:end], written]))


def _arguments(values: dict[str, Any], indent: str) -> list[str]:
    """Arguments as `terraform fmt` writes them, a line each, aligned."""
    sources = [(n, source_of(v, indent, inline=not isinstance(v, dict))) for n, v in values.items()]
    width = max((len(n) for n, s in sources if "\n" not in s), default=0)
    lines: list[str] = []
    for name, source in sources:
        lines += f"{indent}{name if chr(10) in source else name.ljust(width)} = {source}".split("\n")
    return lines


def _group(doc: Document, marks: list[tuple[Span, Span]]) -> list[tuple[Span, Span]]:
    """Those of the marked ones, up to the last, that stand on single lines one below the other."""
    group: list[tuple[Span, Span]] = []
    line = None
    for key, span in reversed(marks):
        first, end = span.line, doc.position(max(span.end - 1, span.start))[0]
        if first != end or (line is not None and first != line - 1):
            break
        group.insert(0, (key, span))
        line = first
    return group


def _opened(
    doc: Document,
    body: Body,
    attributes: list[tuple[str, Any]],
    blocks: Sequence[tuple[str, tuple[str, ...], dict[str, Any]]],
) -> Edit:
    """A body on one line becomes one of several lines, with more in it."""
    outer = _indentation(doc, body.span.start)
    inner = outer + _STEP
    own = [(a.name, doc.text[a.expr.span.start : a.expr.span.end]) for a in body.attributes.values()]
    pairs = own + [(n, source_of(v, inner, inline=not isinstance(v, dict))) for n, v in attributes]
    width = max((len(n) for n, _ in pairs), default=0)
    lines = [f"{inner}{n.ljust(width)} = {source}" for n, source in pairs]
    lines += [inner + doc.text[b.span.start : b.span.end] for b in body.blocks]
    for type_, labels, content in blocks:
        lines += ([""] if lines else []) + _block(type_, labels, content, inner).split("\n")
    return Edit(body.span, _lines(doc, "\n" + "\n".join(lines) + f"\n{outer}"))


def _block(type_: str, labels: tuple[str, ...], content: dict[str, Any], indent: str) -> str:
    """A block as `terraform fmt` writes it."""
    head = " ".join([type_, *(f'"{label}"' for label in labels)])
    if not content:
        return f"{indent}{head} {{}}"
    inner = indent + _STEP
    lines = [f"{indent}{head} {{"]
    lines += _arguments({n: v for n, v in content.items() if not isinstance(v, Nested)}, inner)
    for name, value in content.items():
        if isinstance(value, Nested):
            lines += ([""] if len(lines) > 1 else []) + _block(name, (), value.content, inner).split("\n")
    return "\n".join([*lines, f"{indent}}}"])
