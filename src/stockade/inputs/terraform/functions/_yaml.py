"""YAML as Terraform reads and writes it.

It reads YAML 1.2's numbers, but the truth values of 1.1 (`yes`, `off`), times as texts, and `<<` as a merge. It writes every
text in double quotes, or as a block where it has several lines.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from stockade.inputs.terraform import numbers
from stockade.inputs.terraform.functions import Call
from stockade.inputs.terraform.functions._arguments import lit, normal
from stockade.inputs.terraform.terms import Lazy, Lit, NotKnown, Obj, Seq, Term, Wrong, plain, scalar_text
from stockade.model.value import Doubt
from stockade.patterns import regex

if TYPE_CHECKING:
    from yaml.nodes import Node

    from stockade.text.document import Span

_MOST_NODES = 200_000
_MOST_NESTED = 100
_TOO_LARGE = Doubt("what is written in YAML is too large", "", "limit")
_INFINITE = Doubt("the number is too large", "", "limit")
_ODD = Doubt("how Terraform writes a byte order mark in YAML is not known", "", "encoding")
_TAG = "tag:yaml.org,2002:"

# ------------------------------------------------------------------------------------------------------------------ reading


def read(source: str, call: Call, origin: Term) -> Term:
    """What a text in YAML says; raises Wrong for what is none."""
    import yaml

    try:
        tree = yaml.compose(source, Loader=_loader())
    except yaml.YAMLError as error:
        raise Wrong("it is not YAML, or not YAML that Terraform takes", call.span) from error
    except RecursionError:
        raise NotKnown(_TOO_LARGE) from None
    except ValueError as error:
        raise Wrong("it is not YAML", call.span) from error
    if tree is None:
        raise Wrong("it is an empty text, not YAML", call.span)
    written = origin.span.text
    at = written.find(source) if source else -1
    offset = origin.span.start + at if at >= 0 else None
    return _Reader(source, call, origin, offset).value(tree, ())


@cache
def _loader() -> Any:  # noqa: ANN401 - a class of the library
    import yaml

    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc,valid-type] # which of the two it is depends on how the library was built
        """Leaves it to us what a plain scalar means."""

        def resolve(self, kind: type, _: str, implicit: Any) -> str:  # noqa: ANN401 - see the library
            if kind is yaml.ScalarNode:
                return "plain" if implicit[0] else f"{_TAG}str"
            return f"{_TAG}seq" if kind is yaml.SequenceNode else f"{_TAG}map"

    return Loader


_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}
_DECIMAL = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITIES = regex(r"[-+]?\.(?:inf|Inf|INF)")
_NANS = frozenset({".nan", ".NaN", ".NAN"})
_DAY = regex(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_TIME = regex(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\.[0-9]*)?(Z|[-+][0-9]{2}:[0-9]{2})"
    r"| ([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\.[0-9]*)?)"
)


class _Reader:
    def __init__(self, source: str, call: Call, origin: Term, offset: int | None) -> None:
        self._source = source
        self._call = call
        self._origin = origin
        self._offset = offset
        self._sensitive = origin.sensitive
        self._count = 0

    def _span(self, node: Node) -> Span:
        if self._offset is None:
            return self._call.span
        start, end = self._offset + node.start_mark.index, self._offset + node.end_mark.index
        return self._origin.span.doc.span(start, end)

    def _bad(self, why: str) -> Wrong:
        return Wrong(f"Terraform does not take this YAML: {why}", self._call.span)

    def value(self, node: Node, within: tuple[Node, ...]) -> Term:
        import yaml

        self._count += 1
        if self._count > _MOST_NODES or len(within) > _MOST_NESTED:
            raise NotKnown(_TOO_LARGE)
        if any(node is outer for outer in within):
            raise self._bad("it refers to itself")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        inner = (*within, node)
        if isinstance(node, yaml.SequenceNode):
            if node.tag != f"{_TAG}seq":
                raise self._bad(f"the tag `{node.tag}`")
            items = tuple(self.value(item, inner) for item in node.value)
            return Seq(span=self._span(node), items=items, sensitive=self._sensitive)
        return self._mapping(node, inner)

    def _mapping(self, node: Node, within: tuple[Node, ...]) -> Term:
        if node.tag != f"{_TAG}map":
            raise self._bad(f"the tag `{node.tag}`")
        entries: dict[str, Term] = {}
        keys: dict[str, Span] = {}
        for key_node, value_node in node.value:
            value = self.value(value_node, within)
            if key_node.value == "<<" and key_node.tag in {"plain", f"{_TAG}str"}:
                if type(value) is not Obj:
                    raise self._bad("`<<` takes a map")
                entries.update(value.entries)
                keys.update(value.keys)
                continue
            key = self.value(key_node, within)
            name = scalar_text(key.v) if type(key) is Lit else None
            if name is None:
                raise self._bad("null and collections are no keys")
            name = normal(name)
            entries[name] = value
            keys[name] = key.span
        return Obj(span=self._span(node), entries=dict(sorted(entries.items())), keys=keys, sensitive=self._sensitive)

    def _scalar(self, node: Node) -> Term:
        v, tag = node.value, node.tag
        start = node.start_mark.index
        if self._source.startswith("!", start) and not self._source[start + 1 : start + 2].strip():
            raise self._bad("a tag without a name")
        if tag == "plain":
            meaning = _meaning(v)
        elif tag in {f"{_TAG}str", f"{_TAG}binary"}:
            meaning = v
        elif tag.startswith(_TAG) and tag.removeprefix(_TAG) in {"int", "float", "bool", "null", "timestamp"}:
            meaning = v if getattr(node, "style", None) else self._tagged(tag.removeprefix(_TAG), v)
        else:
            raise self._bad(f"the tag `{tag}`")
        return lit(meaning, self._span(node), sensitive=self._sensitive)

    def _tagged(self, kind: str, v: str) -> Any:  # noqa: ANN401 - a scalar
        if kind == "null":
            return None
        meaning = _meaning(v)
        if kind == "bool" and isinstance(meaning, bool):
            return meaning
        if kind in {"int", "float"} and not isinstance(meaning, bool | str) and meaning is not None:
            return meaning
        if kind == "timestamp" and (_DAY.fullmatch(v) or _TIME.fullmatch(v)):
            return meaning
        raise self._bad(f"`{v}` is no {kind}")


def _meaning(v: str) -> Any:  # noqa: ANN401 - a scalar
    if v in _WORDS:
        return _WORDS[v]
    if v[0] not in "0123456789+-.":
        return v
    if _DECIMAL.fullmatch(v):
        return numbers.parse(v)
    if re.fullmatch("0x[0-9a-fA-F]+", v) or re.fullmatch("0o[0-7]+", v):
        return int(v, 0)
    if _INFINITIES.fullmatch(v):
        raise NotKnown(_INFINITE)
    if v in _NANS:
        raise Wrong("Terraform does not take this YAML: `.nan` is no number")
    found = _DAY.fullmatch(v) or _TIME.fullmatch(v)
    return _moment(found) or v if found is not None else v


def _moment(found: re.Match[str]) -> str | None:
    """A time as Terraform writes it; None for a day that there is not."""
    from datetime import datetime

    groups = [*found.groups(), *[None] * 7]
    year, month, day = (int(group or 0) for group in groups[:3])
    clock = groups[3:6] if groups[3] is not None else groups[7:10]
    hour, minute, second = (int(group or 0) for group in clock)
    try:
        moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is written behind it
    except ValueError:
        return None
    zone = groups[6] if groups[3] is not None and groups[6] is not None else "Z"
    return f"{moment.isoformat()}{'Z' if zone in {'+00:00', '-00:00'} else zone}"


# ------------------------------------------------------------------------------------------------------------------ writing


def write(term: Term) -> str:
    """A term in YAML; raises NotKnown where a part of it is not known."""
    writer = _Writer()
    writer.node(term, indent=0, depth=0, inline=True)
    text = "".join(writer.pieces)
    if not text.endswith("\n"):
        text += "\n"
    plain_root = type(term) is Lit and not isinstance(term.v, str)
    return f"{text}...\n" if plain_root else text


_BREAKS = "\r\n\x85\u2028\u2029"
_WIDTH = 80


class _Writer:
    """Writes block style, two spaces for each level; lists in maps are not indented."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._column = 0

    def _put(self, text: str) -> None:
        if not text:
            return
        self.pieces.append(text)
        newline = text.rfind("\n")
        self._column = len(text) - newline - 1 if newline >= 0 else self._column + len(text)

    def _line(self, indent: int) -> None:
        """Goes on at an indentation, on a line of its own."""
        if self._column:
            self._put("\n")
        self._put(" " * indent)

    def node(self, term: Term, *, indent: int, depth: int, inline: bool) -> None:
        """A node; `inline`: it begins where the line is."""
        if depth > _MOST_NESTED:
            raise NotKnown(_TOO_LARGE)
        if type(term) is Lazy:
            term = term.whole()
        opened = term.open if type(term) is Seq or type(term) is Obj else None
        if opened is not None:
            raise NotKnown(opened)
        if type(term) is Seq:
            if not term.items:
                self._put("[]")
                return
            for at, item in enumerate(term.items):
                if at or not inline:
                    self._line(indent)
                self._put("- ")
                self.node(item, indent=indent + 2, depth=depth + 1, inline=True)
        elif type(term) is Obj:
            if not term.entries:
                self._put("{}")
                return
            for at, key in enumerate(sorted(term.entries)):
                if at or not inline:
                    self._line(indent)
                self._entry(key, term.entries[key], indent, depth)
        else:
            self._scalar(term, indent=indent)

    def _entry(self, key: str, value: Term, indent: int, depth: int) -> None:
        if len(key.encode()) > 128 or any(char in _BREAKS for char in key):
            raise NotKnown(Doubt("how a long key is written is not known", "", "limit"))
        self._put(self._quoted(key, indent=None) + ":")
        if type(value) is Lazy:
            value = value.whole()
        if type(value) is Seq and value.items:
            self.node(value, indent=indent, depth=depth + 1, inline=False)
        elif type(value) is Obj and value.entries:
            self.node(value, indent=indent + 2, depth=depth + 1, inline=False)
        else:
            self._put(" ")
            if type(value) is Seq or type(value) is Obj:
                self.node(value, indent=indent, depth=depth + 1, inline=True)
            else:
                self._scalar(value, indent=indent + 2)

    def _scalar(self, term: Term, *, indent: int) -> None:
        v = plain(term)
        if v is None:
            self._put("null")
        elif not isinstance(v, str):
            self._put(scalar_text(v) or "")
        elif "\ufeff" in v:
            raise NotKnown(_ODD)
        else:
            indent = max(indent, 2)
            if "\n" in v and _block_allowed(v):
                self._block(v, indent)
            else:
                self._put(self._quoted(v, indent=indent))

    def _block(self, v: str, indent: int) -> None:
        hint = "2" if v[0] == " " or v[0] in _BREAKS else ""
        keep = len(v) == 1 or v[-2] in _BREAKS
        chomp = "-" if v[-1] not in _BREAKS else "+" if keep else ""
        self._put(f"|{hint}{chomp}\n")
        fresh = True
        for char in v:
            if char in _BREAKS:
                self._put(char)
                fresh = True
            else:
                if fresh:
                    self._put(" " * indent)
                self._put(char)
                fresh = False

    def _quoted(self, v: str, *, indent: int | None) -> str:
        """A text in double quotes, folded at spaces beyond the width; keys (no indent) are not folded."""
        found = ['"']
        column = self._column + 1
        after_space = False
        for at, char in enumerate(v):
            escaped = _escape(char)
            if escaped is not None:
                found.append(escaped)
                column += len(escaped)
                after_space = False
            elif char == " ":
                if indent is not None and not after_space and column > _WIDTH and 0 < at < len(v) - 1:
                    found.append("\n" + " " * indent)
                    column = indent
                    if v[at + 1] == " ":
                        found.append("\\")
                        column += 1
                else:
                    found.append(" ")
                    column += 1
                after_space = True
            else:
                found.append(char)
                column += 1
                after_space = False
        found.append('"')
        return "".join(found)


_ESCAPES = {
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    '"': '\\"',
    "\\": "\\\\",
    "\x85": "\\N",
    "\u2028": "\\L",
    "\u2029": "\\P",
}


def _escape(char: str) -> str | None:
    """How a character is written in double quotes, or None for as it is."""
    if char in _ESCAPES:
        return _ESCAPES[char]
    if _printable(char):
        return None
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _printable(char: str) -> bool:
    code = ord(char)
    return code == 0x0A or 0x20 <= code <= 0x7E or code == 0x85 or 0xA0 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD


def _block_allowed(v: str) -> bool:
    if v.endswith(" ") or not all(map(_printable, v)):
        return False
    return not any(v[at] == " " and v[at + 1] in _BREAKS for at in range(len(v) - 1))
