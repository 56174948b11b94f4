"""Documents for the text layer's properties: YAML and JSON written in every manner that people write them.

The layout here is chosen at random and has nothing to do with how `stockade.text` writes.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

WORDS = st.sampled_from(
    ["alpha", "Beta", "c", "Type", "Properties", "x-y", "Fn::Sub", "größe", "日本", "𝄞clef", "a b", "1st"]
)
TEXTS = st.one_of(
    WORDS,
    st.sampled_from([
        "", " ", "on", "no", "Null", "~", "012", "1e3", "0x1F", "12:30:45", "2012-10-17", "3.", ".5", "=", "<<", "-",
        "- a", "?", ": x",
        "a: b", "a:", "a #b", "#a", "*", "&a", "!x", "@", "`", "%", "{a}", "[a]", "a,b", "it's", 'say "hi"',
        "back\\slash", "tab\there",
        "two\nlines", "ends\n", "blank\n\nline\n", " lead", "trail ", "arn:aws:s3:::b/*", "s3:*", "${A}", "a\r\nb",
        "\x07", "\ufeffx", "\u2028",
        "é́", "y", "N", "---", "...", "|", ">", "'", '"', "a'b\"c", "{{resolve:ssm:x}}", "https://x.y/z?q=1#f",
        "line\n  deeper\nback\n",
        "\nstarts empty", "many\n\n\n", "  \n x", "null", "0o17", "+1", "-0", "1_000", "!Ref x",
    ]),
    st.text(max_size=8).filter(lambda text: not any(0xD800 <= ord(char) <= 0xDFFF for char in text)),
)  # fmt: skip
SCALARS = st.one_of(
    TEXTS,
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
)
KEYS = st.one_of(
    WORDS, st.sampled_from(["on", "200", "2012-10-17", "a: b", "it's", "", "#", "x,y", "null", "- z", "{"])
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)
COMMENT = st.sampled_from(["# note", "#", '# it\'s "quoted" {[', "# größe: 𝄞", "#- x: y"])


class _Writer:
    """Writes one document, drawing every choice of layout."""

    def __init__(self, draw: DrawFn) -> None:
        self.draw = draw
        self.step = draw(st.integers(1, 4))
        self.indentless = draw(st.booleans())
        self.anchors: list[str] = []
        self.mappings: list[str] = []  # those of the anchors that name mappings
        self.named = 0
        self.lines: list[str] = []

    def chance(self, one_in: int = 4) -> bool:
        return self.draw(st.integers(1, one_in)) == 1

    def plain_ok(self, text: str, *, flow: bool) -> bool:
        return (
            text.isascii()
            and bool(text)
            and text[0].isalpha()
            and all(char.isalnum() or char in " :-_./" for char in text)
            and ": " not in text
            and text[-1] not in ": "
            and text.lower() not in {"on", "no", "null", "y", "n", "yes", "off", "true", "false"}
            and not (flow and ":" in text)
        )

    def scalar(self, value: Any, *, flow: bool, key: bool = False) -> str:
        if value is None:
            return self.draw(st.sampled_from(["null", "~", "Null"]))
        if isinstance(value, bool):
            return self.draw(st.sampled_from(["true", "Yes", "on"] if value else ["false", "no", "OFF"]))
        if isinstance(value, int):
            return str(value)
        if isinstance(value, float):
            text = repr(value)
            return text if "e" not in text or "." in text else text.replace("e", ".0e")
        if self.plain_ok(value, flow=flow) and not self.chance(3):
            return str(value)
        printable = all(char.isprintable() and char != "\ufeff" for char in value)
        if printable and (key or "\n" not in value) and not self.chance(3):
            return "'" + value.replace("'", "''") + "'"
        return '"' + "".join(self.escaped(char) for char in value) + '"'

    def escaped(self, char: str) -> str:
        if char in '"\\':
            return "\\" + char
        if char.isprintable() and char != "\ufeff":
            return char
        return f"\\U{ord(char):08x}"

    def flow(self, value: Any) -> str:
        space = self.draw(st.sampled_from(["", " ", "\t", "  "]))
        if isinstance(value, dict):
            parts = [f"{self.flow_key(key)}{space}: {self.flow(item)}" for key, item in value.items()]
            return "{" + space + f",{space} ".join(parts) + (", " if parts and self.chance() else space) + "}"
        if isinstance(value, list):
            return "[" + space + f"{space}, ".join(self.flow(item) for item in value) + space + "]"
        return self.scalar(value, flow=True)

    def flow_key(self, key: str) -> str:
        return self.scalar(key, flow=True, key=True)

    def tail(self) -> str:
        return f"  {self.draw(COMMENT)}" if self.chance() else ""

    def between(self, column: int) -> None:
        if self.chance(6):
            self.lines.append(" " * self.draw(st.integers(0, 3)) if self.chance() else "")
        if self.chance(6):
            self.lines.append(" " * (column if self.chance(2) else self.draw(st.integers(0, 12))) + self.draw(COMMENT))

    def literal(self, text: str, column: int) -> list[str] | None:
        body = text.removesuffix("\n")
        lines = body.split("\n")
        if (
            "\n" not in text
            or not lines[0]
            or lines[0][0] in " \t"
            or not lines[-1].strip()
            or any(not all(char.isprintable() and char != "\ufeff" for char in line) for line in lines)
            or any(line and not line.strip() for line in lines)
        ):
            return None
        chomp = "" if text.endswith("\n") else "-"
        if text.endswith("\n") and self.chance(3):
            chomp = "+"
        return [f"|{chomp}{self.tail()}", *(" " * column + line if line else "" for line in lines)]

    def after(self, lead: str, value: Any, column: int, *, dash: bool) -> None:
        """Write a value behind `key:` or `-`, which `lead` ends in; `column` is the key's or the dash's."""
        anchor = ""
        if self.chance(8):
            self.named += 1
            anchor = f" &a{self.named}"
        if isinstance(value, dict | list) and value and not self.chance(3):
            inner = column + self.step
            if isinstance(value, list) and not dash and self.indentless and lead.endswith(":"):
                inner = column
            if dash and not anchor and not self.chance(4):
                self.block(value, column + 2, lead=lead + " ")
            else:
                self.lines.append(lead + anchor + self.tail())
                self.block(value, max(inner, column + 1) if dash else inner)
        else:
            lines = self.literal(value, column + self.step) if isinstance(value, str) and self.chance(2) else None
            if value is None and self.chance(2):
                self.lines.append(lead + anchor + self.tail())
            elif lines is not None:
                self.lines.append(f"{lead}{anchor} {lines[0]}")
                self.lines += lines[1:]
            else:
                written = self.flow(value) if isinstance(value, dict | list) else self.scalar(value, flow=False)
                gap = " " * self.draw(st.integers(1, 3))
                self.lines.append(lead + anchor + gap + written + self.tail())
        if anchor:
            self.anchors.append(anchor.strip()[1:])
            if isinstance(value, dict):
                self.mappings.append(anchor.strip()[1:])

    def block(self, value: Any, column: int, lead: str | None = None) -> None:
        """Write a collection's lines; the first goes on the line that `lead` begins, if there is one."""
        items: list[tuple[str, Any, bool]] = (
            [(self.scalar(key, flow=False, key=True) + ":", item, False) for key, item in value.items()]
            if isinstance(value, dict)
            else [("-", item, True) for item in value]
        )
        merged = False
        for number, (start, item, dash) in enumerate(items):
            if number or lead is None:
                self.between(column)
                lead = " " * column
            if self.anchors and self.chance(6):
                alias = self.draw(st.sampled_from(self.anchors))
                self.lines.append(f"{lead}{start} *{alias}{self.tail()}")
            else:
                self.after(lead + start, item, column, dash=dash)
            lead = None
            if isinstance(value, dict) and self.mappings and self.chance(6) and "<<" not in value and not merged:
                merged = True
                self.lines.append(f"{' ' * column}<<: *{self.draw(st.sampled_from(self.mappings))}{self.tail()}")


@st.composite
def yaml_documents(draw: DrawFn) -> str:
    """The text of a YAML document whose root is a mapping or a sequence."""
    value = draw(
        st.one_of(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.lists(VALUES, min_size=1, max_size=4))
    )
    writer = _Writer(draw)
    if writer.chance(6):
        writer.lines.append("---")
    if writer.chance(10):
        writer.lines.append(writer.flow(value))
    else:
        writer.between(0)
        writer.block(value, 0)
    writer.between(0)
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    text = newline.join(writer.lines)
    if not writer.chance(4):
        text += newline * draw(st.integers(1, 2))
    return ("\ufeff" if writer.chance(8) else "") + text


@st.composite
def json_documents(draw: DrawFn) -> str:
    """The text of a JSON document whose root is an object or an array."""
    value = draw(
        st.one_of(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.lists(VALUES, min_size=1, max_size=4))
    )
    indent = draw(st.sampled_from([None, 0, 1, 2, 4, "\t"]))
    separators = draw(st.sampled_from([None, (",", ":"), (" , ", " : ")]))
    text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=draw(st.booleans()))
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    text = text.replace("\n", newline)
    if draw(st.booleans()):
        text += newline
    return ("\ufeff" if draw(st.integers(1, 8)) == 1 else "") + text
