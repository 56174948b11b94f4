"""Plain values to YAML or JSON text, in the manner of the file that they go into."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping as AbstractMapping
from typing import TypeAlias

import msgspec

from stockade.errors import EditError
from stockade.patterns import regex
from stockade.text._resolve import resolve_plain
from stockade.text.document import Document
from stockade.text.node import ScalarValue

_SAMPLE_LINES = 2000
"""How many lines are looked at to find out how a file is indented."""
_FLOW_WIDTH = 80
_LONGEST_KEY = 1000
"""YAML reads only shorter keys without a question mark."""


class Tagged(msgspec.Struct, frozen=True):
    """A value under a tag: `Tagged("!GetAtt", "Queue.Arn")`.

    In YAML it is written with the tag, in JSON as the intrinsic function in full: `{"Fn::GetAtt": ["Queue", "Arn"]}`.
    """

    tag: str
    value: Plain


Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | Tagged | None"


class Manner(msgspec.Struct, frozen=True):
    """How a file is written.

    Attributes:
        json: whether it is JSON.
        newline: its line end.
        unit: what one level of indentation is.
        indented_lists: whether a list in YAML is indented under its key.
        quoted: whether every text is quoted in double quotes (JSON that is read as YAML).
        compact: whether JSON is written without any space.
        literals: whether a text of several lines may become a literal block; not where what follows would fall into it.
    """

    json: bool
    newline: str
    unit: str
    indented_lists: bool = True
    quoted: bool = False
    compact: bool = False
    literals: bool = True


def manner_of(doc: Document) -> Manner:
    """How a document is written, by majority; found out once for all edits of it."""
    kept: Manner | None = doc.layout.get("manner")
    if kept is None:
        kept = doc.layout["manner"] = _find_manner(doc)
    return kept


def _find_manner(doc: Document) -> Manner:
    if doc.syntax == "json":
        colon = re.search(r'"[ \t]*:(\s?)', doc.text)
        compact = colon is not None and not colon.group(1)
        return Manner(json=True, newline=doc.newline, unit=_json_unit(doc.text), compact=compact)
    unit, indented = _yaml_habits(doc)
    return Manner(json=False, newline=doc.newline, unit=unit, indented_lists=indented)


def _json_unit(text: str) -> str:
    match = re.search(r"[{\[][ \t]*\r?\n([ \t]+)\S", text)
    if match is None:
        return "  "
    # The first opening bracket of an indented file stands at its own indentation; what is beyond that is one level.
    line = text.rfind("\n", 0, match.start()) + 1
    outer = re.match(r"[ \t]*", text[line : match.start() + 1])
    base = outer.group() if outer is not None else ""
    return match.group(1).removeprefix(base) or "  "


def _yaml_habits(doc: Document) -> tuple[str, bool]:
    steps: Counter[int] = Counter()
    lists: Counter[bool] = Counter()
    opening: int | None = None
    for number in range(1, min(doc.line_count, _SAMPLE_LINES) + 1):
        line = doc.line_text(number)
        content = line.lstrip(" ")
        if not content or content.startswith("#"):
            continue
        indent = len(line) - len(content)
        is_item = content.startswith("- ") or content == "-"
        if opening is not None and indent >= opening:
            if is_item:
                lists[indent > opening] += 1
            elif indent > opening:
                steps[indent - opening] += 1
        while content.startswith("- "):
            indent += 2
            content = content[2:]
        opening = indent if re.search(r"^[^#]*:\s*(?:#.*)?$", content) else None
    step = steps.most_common(1)[0][0] if steps else 2
    return " " * step, lists[True] >= lists[False]


# ---------------------------------------------------------------------------------------------------------------------
# Scalars

_NUMBER_SOMEWHERE = regex(
    r"""[-+]?(?:
        [0-9][0-9_]* | 0o[0-7]+ | 0b[01_]+ | 0x[0-9a-fA-F_]+
      | (?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?
      | [0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?
      | \.(?:inf|Inf|INF|nan|NaN|NAN)
      | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?
    )""",
    re.VERBOSE,
)
_ODD_WORDS = frozenset({"y", "Y", "n", "N", "=", "<<"})
_PLAIN_START = regex(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=]|-(?=[^\s,\[\]{}:-])")
_ESCAPED = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
_NOT_PLAIN = regex(f": |:$| #|{_ESCAPED}")
_NOT_PLAIN_IN_FLOW = regex(r"[,\[\]{}?]|:(?![^\s,\[\]{}\"'])")
_NEEDS_ESCAPE = regex(_ESCAPED)
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0", "\x1b": "\\e"}


def is_safe_plain(text: str, *, flow: bool) -> bool:
    """Whether a text can stand in YAML without quotes and is read as that text by YAML 1.1 and 1.2 alike."""
    return (
        text == text.strip()
        and _PLAIN_START.match(text) is not None
        and _NOT_PLAIN.search(text) is None
        and not (flow and _NOT_PLAIN_IN_FLOW.search(text))
        and text not in _ODD_WORDS
        and not text.startswith("...")
        and isinstance(resolve_plain(text), str)
        and _NUMBER_SOMEWHERE.fullmatch(text) is None
    )


def yaml_text(text: str, *, flow: bool, style: str = "plain") -> str:
    """A text as a YAML scalar on one line; `style` is how it would rather be quoted: `plain`, `single` or `double`."""
    if style == "plain" and is_safe_plain(text, flow=flow):
        return text
    if _NEEDS_ESCAPE.search(text) or style == "double" or (style == "plain" and "'" in text):
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + _NEEDS_ESCAPE.sub(_escape, escaped) + '"'
    return "'" + text.replace("'", "''") + "'"


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    if char in _ESCAPES:
        return _ESCAPES[char]
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"


def yaml_scalar(value: ScalarValue, manner: Manner, *, flow: bool, style: str = "plain") -> str:
    """Any scalar as YAML on one line."""
    if isinstance(value, str):
        return yaml_text(value, flow=flow, style="double" if manner.quoted else style)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return ".nan"
        if math.isinf(value):
            return ".inf" if value > 0 else "-.inf"
        text = repr(value)
        return text if "e" not in text or "." in text else text.replace("e", ".0e")
    return str(value)


def yaml_key(key: str, manner: Manner, *, flow: bool) -> str:
    """A key as YAML."""
    text = yaml_text(key, flow=flow, style="double" if manner.quoted else "plain")
    if len(text) > _LONGEST_KEY:
        raise EditError("a key is too long to be written", hint=f"use one of fewer than {_LONGEST_KEY} characters")
    return text


def json_scalar(value: ScalarValue) -> str:
    """Any scalar as JSON."""
    if isinstance(value, float) and not math.isfinite(value):
        raise EditError(f"JSON has no way to write {value}", hint="use a finite number, or a text")
    text = json.dumps(value, ensure_ascii=False)
    return _NEEDS_JSON_ESCAPE.sub("\ufffd", text)


_NEEDS_JSON_ESCAPE = regex("[\ud800-\udfff]")


# ---------------------------------------------------------------------------------------------------------------------
# Collections


def in_full(tagged: Tagged) -> Plain:
    """A tagged value as CloudFormation's function in full: `{"Ref": …}`, `{"Fn::GetAtt": […]}`."""
    name = tagged.tag.removeprefix("!")
    if not tagged.tag.startswith("!") or name.startswith(("!", "<")) or not name:
        raise EditError(f"JSON has no way to write the tag {tagged.tag}", hint="write the value without it")
    value = tagged.value
    if name in ("Ref", "Condition"):
        return {name: value}
    if name == "GetAtt" and isinstance(value, str):
        resource, dot, attribute = value.partition(".")
        value = [resource, attribute] if dot else [resource]
    return {f"Fn::{name}": value}


def render_flow(value: Plain, manner: Manner, *, base: str | None = None) -> str:
    """A value in braces and brackets.

    Args:
        value: the value.
        manner: how the file is written.
        base: the indentation of the line on which it begins, to write it over several lines; None to write it on one.
    """
    if isinstance(value, Tagged):
        if manner.json or isinstance(value.value, Tagged):
            return render_flow(in_full(value), manner, base=base)
        inner = "''" if value.value is None else render_flow(value.value, manner, base=base)
        return f"{value.tag} {inner}"
    if isinstance(value, AbstractMapping):
        colon = ":" if manner.compact else ": "
        parts = [
            (json_scalar(str(key)) if manner.json else yaml_key(str(key), manner, flow=True))
            + colon
            + render_flow(item, manner, base=None if base is None else base + manner.unit)
            for key, item in value.items()
        ]
        return _enclose("{", parts, "}", manner, base)
    if isinstance(value, list | tuple):
        inner_base = None if base is None else base + manner.unit
        return _enclose("[", [render_flow(item, manner, base=inner_base) for item in value], "]", manner, base)
    return json_scalar(value) if manner.json else yaml_scalar(value, manner, flow=True)


def _enclose(opener: str, parts: list[str], closer: str, manner: Manner, base: str | None) -> str:
    if base is None or not parts:
        return opener + ("," if manner.compact else ", ").join(parts) + closer
    inner = manner.newline + base + manner.unit
    return opener + inner + ("," + inner).join(parts) + manner.newline + base + closer


def is_block(value: Plain) -> bool:
    """Whether a value takes lines of its own in YAML's block style."""
    if isinstance(value, Tagged):
        return is_block(value.value) and not isinstance(value.value, Tagged)
    return isinstance(value, AbstractMapping | list | tuple) and bool(value)


def block_lines(value: Plain, column: int, manner: Manner) -> list[str]:
    """The lines of a non-empty list or mapping in block style, each indented to `column`, without line ends."""
    pad = " " * column
    if isinstance(value, Tagged):
        raise EditError("a tag can't begin a block", hint="put the tag before the value it belongs to")
    lines: list[str] = []
    if isinstance(value, AbstractMapping):
        for key, item in value.items():
            first, rest = after_key(item, column, manner)
            lines.append(pad + yaml_key(str(key), manner, flow=False) + ":" + first)
            lines += rest
    elif isinstance(value, list | tuple):
        for item in value:
            first, rest = after_dash(item, column, manner)
            lines.append(pad + "-" + first)
            lines += rest
    return lines


def after_key(value: Plain, column: int, manner: Manner, *, style: str = "plain") -> tuple[str, list[str]]:
    """What follows `key:` on its line, and the lines after it; `column` is the key's."""
    if isinstance(value, Tagged):
        return _after_tagged(value, column, manner, style=style)
    if is_block(value):
        is_list = isinstance(value, list | tuple)
        inner = column if is_list and not manner.indented_lists else column + len(manner.unit)
        return "", block_lines(value, inner, manner)
    return _scalar_after(value, column, manner, style=style)


def after_dash(value: Plain, column: int, manner: Manner, *, style: str = "plain") -> tuple[str, list[str]]:
    """What follows a list's dash on its line, and the lines after it; `column` is the dash's."""
    if isinstance(value, Tagged):
        return _after_tagged(value, column, manner, style=style)
    if is_block(value):
        lines = block_lines(value, column + 2, manner)
        return " " + lines[0][column + 2 :], lines[1:]
    return _scalar_after(value, column, manner, style=style)


def _after_tagged(value: Tagged, column: int, manner: Manner, *, style: str) -> tuple[str, list[str]]:
    inner = value.value
    if isinstance(inner, Tagged):  # YAML has no two tags on one value
        full = in_full(value)
        return after_key(full, column, manner, style=style)
    if isinstance(inner, list | tuple):
        flow = render_flow(inner, manner)
        if not inner or (len(flow) <= _FLOW_WIDTH and "\n" not in flow):
            return f" {value.tag} {flow}", []
    if is_block(inner):
        return f" {value.tag}", block_lines(inner, column + len(manner.unit), manner)
    if inner is None:
        return f" {value.tag} ''", []
    first, rest = _scalar_after(inner, column, manner, style=style)
    return f" {value.tag}{first}", rest


def _scalar_after(value: Plain, column: int, manner: Manner, *, style: str) -> tuple[str, list[str]]:
    if isinstance(value, str):
        lines = literal_lines(value, column + len(manner.unit))
        if lines is not None and manner.literals and style == "plain":
            return " " + lines[0], lines[1:]
        return " " + yaml_scalar(value, manner, flow=False, style=style), []
    if isinstance(value, AbstractMapping):
        return " {}", []
    if isinstance(value, list | tuple):
        return " []", []
    if isinstance(value, Tagged):
        raise EditError("a tag can't stand after a tag", hint="write the inner function in full")
    return " " + yaml_scalar(value, manner, flow=False, style=style), []


def literal_lines(text: str, column: int) -> list[str] | None:
    """A text of several lines as a literal block (`|`), or None if it is not one that a block shows faithfully."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    if (
        "\n" not in text
        or not body.strip()
        or not lines[-1]
        or lines[0][:1] in ("", " ")
        or any(
            line != line.rstrip() or line[:1] == "\t" or _NEEDS_ESCAPE.search(line.replace("\t", "")) for line in lines
        )
    ):
        return None
    header = "|" if text.endswith("\n") else "|-"
    return [header, *((" " * column + line) if line else "" for line in lines)]
