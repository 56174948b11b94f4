"""Plain data as the source of HCL."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any, TypeAlias

from msgspec import Struct

from stockade.errors import EditError
from stockade.patterns import regex
from stockade.text.document import Document
from stockade.text.hcl._layout import Order, lines_of, ordered
from stockade.text.hcl.nodes import Constant
from stockade.text.hcl.read import read_expression

WIDTH = 100
"""How long a line may be for a list with objects in it to stay on one line."""

_NAME = regex(r"[^\W\d][\w-]*\Z")
_ESCAPED = regex(r'["\\\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]|[$%](?=\{)')
_SEQUENCE = regex(r"([$%])(?=\{)\{")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "$": "$$", "%": "%%"}


class Raw(Struct, frozen=True):
    """An expression as its source: a reference, a call."""

    source: str


class Filled(Struct, frozen=True):
    """A text with expressions in it."""

    parts: tuple[str | Raw, ...]


class Encoded(Struct, eq=False):
    """An object that is written as the text of its JSON: a call of `jsonencode`."""

    value: dict[str, Any]


class Nested(Struct, eq=False):
    """A nested block, by its arguments and the blocks inside of it."""

    content: dict[str, Any]


Value: TypeAlias = "Raw | Filled | Encoded | str | bool | int | float | Decimal | list[Value] | dict[str, Value] | None"


class Manner(Struct, frozen=True):
    """How values are written.

    Attributes:
        unit: one level of indentation.
        wide: whether an object may take several lines.
        listed: whether a list takes a line for each item.
    """

    unit: str = "  "
    wide: bool = False
    listed: bool = False


def source_of(value: Any, indent: str = "", *, inline: bool = True) -> str:  # noqa: ANN401 - plain data
    """Plain data as an expression; objects on one line, or with `inline` off an entry a line."""
    source = written(value, indent, Manner(wide=not inline))
    lines = lines_of(source)
    return ordered(source, lines, Order(values=True, comments=True), lambda _: True)


def written(value: Any, indent: str, manner: Manner) -> str:  # noqa: ANN401 - plain data
    """Plain data as an expression, before its lines are put in order. `indent` is that of the line it begins on."""
    if isinstance(value, Raw):
        return value.source
    if isinstance(value, Filled):
        parts = (quoted(p)[1:-1] if isinstance(p, str) else f"${{{p.source}}}" for p in value.parts)
        return f'"{"".join(parts)}"'
    if isinstance(value, Encoded):
        return f"jsonencode({written(value.value, indent, manner)})"
    if isinstance(value, list):
        return _list(value, indent, manner)
    if isinstance(value, dict):
        if not value:
            return "{}"
        if not manner.wide:
            return "{ " + ", ".join(f"{key_of(k)} = {written(v, '', manner)}" for k, v in value.items()) + " }"
        inner = indent + manner.unit
        entries = (f"{inner}{key_of(k)} = {written(v, inner, manner)}\n" for k, v in value.items())
        return "{\n" + "".join(entries) + f"{indent}}}"
    return _scalar(value)


def _list(value: list[Any], indent: str, manner: Manner) -> str:
    short = Manner(manner.unit)
    line = f"[{', '.join(written(item, '', short) for item in value)}]"
    long = manner.wide and len(indent) + len(line) > WIDTH and any(isinstance(item, dict | list) for item in value)
    if not value or not (manner.listed or long):
        return line
    inner = indent + manner.unit
    wide = Manner(manner.unit, wide=long)
    return "[\n" + "".join(f"{inner}{written(item, inner, wide)},\n" for item in value) + f"{indent}]"


def _scalar(value: Any) -> str:  # noqa: ANN401 - plain data
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal) and math.isfinite(value):
        return format(Decimal(str(value)), "f")
    raise EditError(f"{value!r} can't be written in HCL", hint="write a text, a number, a list or an object")


def quoted(text: str) -> str:
    """A text in quotes."""

    def escape(match: re.Match[str]) -> str:
        char = match.group()
        if "\ud800" <= char <= "\udfff":
            raise EditError("half of a character can't be written", hint="write whole characters")
        return _ESCAPES.get(char) or f"\\u{ord(char):04x}"

    return f'"{_ESCAPED.sub(escape, text)}"'


def key_of(key: str, *, in_quotes: bool = False) -> str:
    """The key of an entry: bare if it can be, and is not to be `in_quotes`."""
    return quoted(key) if in_quotes or key == "for" or _NAME.match(key) is None else key


def heredoc(doc: Document, expr: Constant, value: str) -> str | None:
    """Another text in the manner of a heredoc; None if it can't be written so."""
    if doc.newline != "\n" or not value.endswith("\n") or "\r" in value or expr.inner is None:
        return None
    opening = doc.text[expr.span.start : expr.inner.start].rstrip()
    closing = doc.text[expr.inner.end : expr.span.end]
    lines = [line for line in expr.inner.text.split("\n") if line.strip()]
    indent = ""
    if opening.startswith("<<-"):
        indent = min((line[: len(line) - len(line.lstrip(" \t"))] for line in lines), key=len, default="")
    said = _SEQUENCE.sub(r"\1\1{", value)
    body = "".join(f"{indent}{line}\n" if line else "\n" for line in said.split("\n")[:-1])
    source = f"{opening}\n{body}{closing}"
    again, problems = read_expression(Document("x.tf", f"{source}\n"), 0, len(source) + 1)
    return source if not problems and isinstance(again, Constant) and again.value == value else None


def block_lines(type_: str, labels: tuple[str, ...], content: dict[str, Any], indent: str, unit: str) -> list[str]:
    """A block, before its lines are put in order."""
    head = " ".join([type_, *(quoted(label) for label in labels)])
    if not content:
        return [f"{indent}{head} {{}}"]
    inner = indent + unit
    lines = [f"{indent}{head} {{"]
    nested = {name: value for name, value in content.items() if isinstance(value, Nested)}
    for name, value in content.items():
        if name not in nested:
            lines += f"{inner}{name} = {written(value, inner, Manner(unit, wide=True))}".split("\n")
    for name, block in nested.items():
        lines += [*([""] if len(lines) > 1 else []), *block_lines(name, (), block.content, inner, unit)]
    return [*lines, f"{indent}}}"]
