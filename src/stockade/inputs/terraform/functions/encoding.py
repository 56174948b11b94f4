"""Functions that write and read texts of other formats: base64, CSV, JSON, YAML, URLs."""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace

from stockade.inputs.terraform import numbers
from stockade.inputs.terraform.functions import Call, Function
from stockade.inputs.terraform.functions._arguments import (
    any_marked,
    arity,
    data,
    lift,
    lit,
    marked,
    normal,
    pure,
    settled,
    spread,
    text,
    unknown_of,
)
from stockade.inputs.terraform.operators import is_marked
from stockade.inputs.terraform.terms import (
    Alt,
    Json,
    Lazy,
    Lit,
    NotKnown,
    Obj,
    Ref,
    Seq,
    Term,
    Txt,
    TxtPart,
    Unk,
    Wrong,
    each_case,
    text_of,
)
from stockade.inputs.terraform.types import STRING
from stockade.model.value import Doubt, Hole
from stockade.patterns import regex
from stockade.text.document import Span

_TOO_DEEP = Doubt("it is nested too deeply", "", "limit")
_MOST_NESTED = 150

# ------------------------------------------------------------------------------------------------------------------ base64


def unbase64(v: str) -> bytes:
    """The bytes that a text in base64 stands for; raises Wrong for what is none."""
    import base64
    import binascii

    try:
        return base64.b64decode(v.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        raise Wrong("it is not base64") from None


def _decoded(v: bytes) -> str:
    try:
        return v.decode()
    except UnicodeDecodeError:
        raise Wrong("what it encodes is no text in UTF-8") from None


def _base64decode(v: str) -> str:
    return _decoded(unbase64(v))


def _base64encode(v: str) -> str:
    from base64 import b64encode

    return b64encode(v.encode()).decode()


def _base64gzip(_: str) -> str:
    raise NotKnown(Doubt("how it is compressed depends on the program that does it", "", "compression"))


# The names that the Internet Assigned Numbers Authority has for encodings, of those that Python and Go both know.
_ENCODINGS = {
    **dict.fromkeys(("utf-8", "csutf8"), "utf-8"),
    **dict.fromkeys(("utf-16le", "csutf16le"), "utf-16-le"),
    **dict.fromkeys(("utf-16be", "csutf16be"), "utf-16-be"),
    **dict.fromkeys(("iso-8859-1", "iso_8859-1", "iso_8859-1:1987", "latin1", "l1", "ibm819", "cp819"), "latin-1"),
    **{f"windows-{number}": f"cp{number}" for number in range(1250, 1259)},
    **{f"iso-8859-{number}": f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **dict.fromkeys(("ibm437", "cp437", "437"), "cp437"),
    **dict.fromkeys(("ibm866", "cp866", "866"), "cp866"),
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "gb18030": "gb18030",
    "gbk": "gbk",
    "shift_jis": "shift_jis",
    "euc-jp": "euc_jp",
    "euc-kr": "euc_kr",
    "big5": "big5",
    "macintosh": "mac-roman",
}
_OTHER_ENCODING = Doubt("it is in an encoding that is not known here", "", "encoding")


def _codec(name: str) -> str:
    found = _ENCODINGS.get(name.lower())
    if found is not None:
        return found
    import codecs

    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        raise Wrong("it is no encoding that Terraform knows") from None
    if name.lower() in {"utf8", "us-ascii"}:
        raise Wrong("it is no encoding that Terraform knows")
    raise NotKnown(_OTHER_ENCODING)


def _textencodebase64(v: str, encoding: str) -> str:
    from base64 import b64encode

    if encoding.lower() in {"utf-16", "csutf16"}:
        return b64encode(b"\xfe\xff" + v.encode("utf-16-be")).decode()
    try:
        return b64encode(v.encode(_codec(encoding))).decode()
    except UnicodeEncodeError:
        raise Wrong(f"the text has characters that {encoding} does not have") from None


def _textdecodebase64(v: str, encoding: str) -> str:
    decoded = unbase64(v)
    codec = _codec(encoding)
    try:
        return decoded.decode(codec)
    except UnicodeDecodeError:
        if codec == "utf-8":
            raise Wrong("what it encodes is no text in UTF-8") from None
        raise NotKnown(Doubt(f"it holds what {encoding} does not have", "", "encoding")) from None


def _urlencode(v: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(v)


# --------------------------------------------------------------------------------------------------------------------- CSV


def _csvdecode(call: Call) -> Term:
    arity(call, 1, 1)
    try:
        source = data(call.args[0], STRING, call)
    except NotKnown as why:
        return unknown_of(call, why.doubt, "list")
    sensitive = any_marked(call.args)
    records = _records(source)
    if not records:
        raise Wrong("a CSV text has at least a line of names", call.span)
    names = records[0]
    if len(set(names)) < len(names):
        raise Wrong("two columns of the CSV text have one name", call.span)
    rows: list[Term] = []
    for record in records[1:]:
        if len(record) != len(names):
            raise Wrong("a line of the CSV text has not as many fields as the first", call.span)
        fields: dict[str, Term] = {
            normal(name): lit(field, call.span, sensitive=sensitive)
            for name, field in sorted(zip(names, record, strict=True))
        }
        rows.append(Obj(span=call.span, entries=fields, sensitive=sensitive))
    return Seq(span=call.span, items=tuple(rows), kind="list", sensitive=sensitive)


def _records(source: str) -> list[list[str]]:
    """The fields of each line, as Go reads them: quotes only around a whole field, doubled inside; no empty lines."""
    source = source.replace("\r\n", "\n")
    found: list[list[str]] = []
    at = 0
    while at < len(source):
        if source[at] == "\n":
            at += 1
            continue
        record: list[str] = []
        while True:
            field, at = _field(source, at)
            record.append(field)
            if at < len(source) and source[at] == ",":
                at += 1
                continue
            at += 1  # the end of the line
            break
        found.append(record)
    return found


_BARE = regex(r'[^,\n"]*')
_QUOTED = regex(r'"((?:[^"]|"")*)"')


def _field(source: str, at: int) -> tuple[str, int]:
    if source.startswith('"', at):
        quoted = _QUOTED.match(source, at)
        if quoted is None:
            raise Wrong("a quote in the CSV text is not closed")
        end = quoted.end()
        if end < len(source) and source[end] not in ",\n":
            raise Wrong("something stands behind a quoted field of the CSV text")
        return quoted[1].replace('""', '"'), end
    bare = _BARE.match(source, at)
    end = bare.end() if bare is not None else at
    if source.startswith('"', end):
        raise Wrong("a quote stands inside of a field of the CSV text")
    # A carriage return right before the end of the text is part of the end of the line.
    return source[at:end].removesuffix("\r") if end == len(source) else source[at:end], end


# -------------------------------------------------------------------------------------------------------------------- JSON


def _jsonencode(call: Call) -> Term:
    arity(call, 1, 1)
    return Json(span=call.span, inner=settled(call.args[0], call), sensitive=is_marked(call.args[0]))


def _jsondecode(call: Call) -> Term:
    arity(call, 1, 1)
    source = text(call.args[0], call)
    if type(source) is Json:
        return as_decoded(source.inner, call.span, sensitive=source.sensitive)
    if type(source) is Unk:
        made = unknown_of(call, source.doubt)
        return replace(made, name=source.name) if source.name.startswith("{{") else made
    if type(source) is Txt:
        parts = source.parts
    elif type(source) is Lit and isinstance(source.v, str):
        parts = (source.v,)
    else:
        raise Wrong("`jsondecode` takes a text", call.span)
    return _JsonReader(parts, call, source).read()


def as_decoded(term: Term, span: Span, *, sensitive: bool = False) -> Term:
    """What a term is after it was written as JSON and read again: lists become tuples, maps objects."""
    if type(term) is Seq:
        items = tuple(as_decoded(item, span, sensitive=sensitive) for item in term.items)
        return Seq(span=term.span, items=items, open=term.open, sensitive=sensitive)
    if type(term) is Lazy:
        term = term.whole()
    if type(term) is Obj:
        inner = {key: as_decoded(value, span, sensitive=sensitive) for key, value in term.entries.items()}
        return Obj(
            span=term.span, entries=inner, keys=term.keys, places=term.places, open=term.open, sensitive=sensitive
        )
    if type(term) is Alt:
        return each_case((term,), span, lambda got: as_decoded(got[0], span, sensitive=sensitive))
    return marked(term, sensitive=True) if sensitive else term


_JSON_SPACE = regex(r"[ \t\r\n]*")
_JSON_NUMBER = regex(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LONE = regex("[\ud800-\udfff]")
_STANDS_FOR = 0xF0000  # private characters stand for the parts that are not known


class _JsonReader:
    """Reads JSON whose texts, or whole values, may be known in part; each term has its place where the source is at hand."""

    def __init__(self, parts: tuple[TxtPart, ...], call: Call, source: Term) -> None:
        self.call = call
        self.sensitive = source.sensitive
        self.unknown = [part for part in parts if not isinstance(part, str)]
        numbers_ = iter(range(len(self.unknown)))
        self.text = "".join(part if isinstance(part, str) else chr(_STANDS_FOR + next(numbers_)) for part in parts)
        if self.unknown and any(isinstance(p, str) and re.search("[\U000f0000-\U000ffffd]", p) for p in parts):
            raise NotKnown(Doubt("it holds characters that stand for nothing", "", "encoding"))
        self.at = 0
        self.depth = 0
        # Where the text stands in its file as it is, each value has its own place.
        written = source.span.text
        start = written.find(self.text) if self.text and not self.unknown else -1
        self.offset = source.span.start + start if start >= 0 else None

    def read(self) -> Term:
        found = self._value()
        self._space()
        if self.at < len(self.text):
            raise self._bad()
        return found

    def _bad(self) -> Wrong:
        return Wrong("it is not JSON", self.call.span)

    def _span(self, start: int) -> Span:
        if self.offset is None:
            return self.call.span
        return self.call.args[0].span.doc.span(self.offset + start, self.offset + self.at)

    def _space(self) -> str:
        found = _JSON_SPACE.match(self.text, self.at)
        self.at = found.end() if found is not None else self.at
        return self.text[self.at : self.at + 1]

    def _value(self) -> Term:
        char = self._space()
        start = self.at
        if char == '"':
            return self._string()
        if char in {"{", "["}:
            self.depth += 1
            if self.depth > _MOST_NESTED:
                raise NotKnown(_TOO_DEEP)
            found = self._object() if char == "{" else self._array()
            self.depth -= 1
            return found
        for word, v in (("true", True), ("false", False), ("null", None)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return lit(v, self._span(start), sensitive=self.sensitive)
        number = _JSON_NUMBER.match(self.text, self.at)
        if number is not None:
            self.at = number.end()
            parsed = numbers.parse(number[0])
            if self.at < len(self.text) and self._part(self.text[self.at]) is not None:
                raise NotKnown(self._doubt(self.text[self.at]))
            return lit(parsed, self._span(start), sensitive=self.sensitive)
        part = self._part(char) if char else None
        if part is None:
            raise self._bad()
        self.at += 1
        name = part.name if isinstance(part, Hole) else ""
        return Unk(span=self._span(start), doubt=self._doubt(char), name=name, sensitive=self.sensitive)

    def _part(self, char: str) -> Ref | Hole | None:
        at = ord(char) - _STANDS_FOR
        return self.unknown[at] if 0 <= at < len(self.unknown) else None

    def _doubt(self, char: str) -> Doubt:
        part = self._part(char)
        if isinstance(part, Hole):
            return part.doubt
        shown = part.reference.shown if part is not None else "it"
        return Doubt(f"`{shown}` is known only after apply", cause="reference")

    def _raw(self) -> str:
        from json import JSONDecodeError, JSONDecoder

        try:
            found, self.at = JSONDecoder().raw_decode(self.text, self.at)
        except JSONDecodeError:
            raise self._bad() from None
        return _LONE.sub("\ufffd", str(found))

    def _string(self) -> Term:
        start = self.at
        found = self._raw()
        span = self._span(start)
        if not self.unknown or not any(self._part(char) is not None for char in found):
            return lit(found, span, sensitive=self.sensitive)
        pieces: list[TxtPart] = [self._part(char) or char for char in found]
        return text_of(pieces, span, sensitive=self.sensitive)

    def _array(self) -> Term:
        start = self.at
        self.at += 1
        items: list[Term] = []
        if self._space() == "]":
            self.at += 1
            return Seq(span=self._span(start), items=(), sensitive=self.sensitive)
        while True:
            items.append(self._value())
            char = self._space()
            self.at += 1
            if char == "]":
                return Seq(span=self._span(start), items=tuple(items), sensitive=self.sensitive)
            if char != ",":
                raise self._bad()

    def _object(self) -> Term:
        start = self.at
        self.at += 1
        entries: dict[str, Term] = {}
        keys: dict[str, Span] = {}
        opened: Doubt | None = None
        if self._space() == "}":
            self.at += 1
            return Obj(span=self._span(start), entries={}, sensitive=self.sensitive)
        while True:
            if self._space() != '"':
                raise self._bad()
            at = self.at
            key = self._raw()
            place = self._span(at)
            if self._space() != ":":
                raise self._bad()
            self.at += 1
            value = self._value()
            odd = next((char for char in key if self.unknown and self._part(char) is not None), None)
            if odd is not None:
                opened = self._doubt(odd)
            else:
                name = normal(key)
                entries[name] = value
                keys[name] = place
            char = self._space()
            self.at += 1
            if char == "}":
                return Obj(span=self._span(start), entries=entries, keys=keys, open=opened, sensitive=self.sensitive)
            if char != ",":
                raise self._bad()


# -------------------------------------------------------------------------------------------------------------------- YAML


def _yamldecode(call: Call) -> Term:
    arity(call, 1, 1)
    source = text(call.args[0], call)
    try:
        known: Any = data(source, STRING, call)
    except NotKnown as why:
        return unknown_of(call, why.doubt)
    from stockade.inputs.terraform.functions import _yaml  # which few configurations need

    return _yaml.read(known, call, source)


def _yamlencode(call: Call) -> Term:
    from stockade.inputs.terraform.functions import _yaml

    arity(call, 1, 1)

    def write(got: tuple[Term, ...]) -> Term:
        try:
            return lit(_yaml.write(got[0]), call.span, sensitive=any_marked(call.args))
        except NotKnown as why:
            return unknown_of(call, why.doubt, "string")

    return each_case((lift(settled(call.args[0], call), call.span, deep=True),), call.span, write)


FUNCTIONS: dict[str, Function] = {
    "base64decode": pure(_base64decode, (STRING,), "string"),
    "base64encode": spread(pure(_base64encode, (STRING,), "string"), deep=True),
    "base64gzip": pure(_base64gzip, (STRING,), "string"),
    "csvdecode": _csvdecode,
    "jsondecode": _jsondecode,
    "jsonencode": _jsonencode,
    "textdecodebase64": pure(_textdecodebase64, (STRING, STRING), "string"),
    "textencodebase64": pure(_textencodebase64, (STRING, STRING), "string"),
    "urlencode": pure(_urlencode, (STRING,), "string"),
    "yamldecode": _yamldecode,
    "yamlencode": _yamlencode,
}
