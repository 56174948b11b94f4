"""The values of a plan's text: read when they are asked for, each with its place in the text.

https://developer.hashicorp.com/terraform/internals/json-format, format 1.2, as of 2026-11-28.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TypeAlias

import msgspec
from msgspec import Raw

from stockade.inputs.terraform.terms import Lit, Obj, Seq, Term, Unk
from stockade.model.value import Doubt
from stockade.patterns import regex
from stockade.text.document import Document, Span

MAX_DEPTH = 80  # of collections inside of each other, in what one resource states
SHOW = "write it again with `terraform show -json PLAN > plan.json`"
_MOST_DIGITS = 40


# --------------------------------------------------------------------------------------------------------------- values

# The text is known to be right JSON where this is used.
# What an object has as null, it has not.
_TOKEN = regex(
    r'(?:[ \t\r\n,:]++|"[^"\\]*+"[ \t\r\n]*+:[ \t\r\n]*+null)*+'
    r'(?:"([^"\\]*+(?:\\.[^"\\]*+)*+)"|([{\[])|([}\]])|(true|false|null)|(-?[0-9][0-9.eE+-]*+))',
    re.DOTALL,
)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_DEEP = Doubt("it is nested too deeply", "simplify it", "limit")


class _Frame:
    __slots__ = ("entries", "items", "key", "key_span", "keys", "places", "start")

    def __init__(self, start: int, *, is_object: bool) -> None:
        self.start = start
        self.items: list[Term] | None = None if is_object else []
        self.entries: dict[str, Term] = {}
        self.keys: dict[str, Span] = {}
        self.places: dict[str, Span] = {}
        self.key: str | None = None
        self.key_span: Span | None = None

    def term(self, document: Document, end: int) -> Term:
        """The whole of it."""
        span = Span(document, self.start, end)
        if self.items is not None:
            return Seq(span=span, items=tuple(self.items))
        return Obj(span=span, entries=self.entries, keys=self.keys, places=self.places)

    def take(self, term: Term) -> None:
        """Add a value. What is null inside of an object is as good as not there."""
        if self.items is not None:
            self.items.append(term)
            return
        key, self.key = self.key, None
        if key is not None and self.key_span is not None and not (type(term) is Lit and term.v is None):
            self.entries[key] = term
            self.keys[key] = self.key_span
            self.places[key] = term.span


def read_values(document: Document, start: int) -> Term:
    """The value that stands at a place in a right JSON text: as a term in which every part has its place."""
    text = document.text
    at = start
    found = _TOKEN.match(text, at)
    if found is not None and found.lastindex in {1, 4, 5}:
        return _scalar(document, found)
    stack: list[_Frame] = []
    while (found := _TOKEN.match(text, at)) is not None:
        kind = found.lastindex
        begin, at = found.start(kind or 0), found.end()
        if kind == 1:
            term: Term = _scalar(document, found)
            top = stack[-1]
            if top.items is None and top.key is None and type(term) is Lit:
                top.key, top.key_span = str(term.v), term.span
                continue
        elif kind == 2:
            if len(stack) < MAX_DEPTH:
                stack.append(_Frame(begin, is_object=found[2] == "{"))
                continue
            at = _end_of(text, begin)
            term = Unk(span=Span(document, begin, at), doubt=_DEEP)
        elif kind == 3:
            if not stack:
                break
            term = stack.pop().term(document, at)
        else:
            term = _scalar(document, found)
        if not stack:
            return term
        stack[-1].take(term)
    return Unk(span=Span(document, start, start), doubt=Doubt("it can't be read", SHOW, "syntax"))


def _scalar(document: Document, token: re.Match[str]) -> Lit:
    kind = token.lastindex or 0
    begin, end = token.start(kind), token.end()
    if kind == 1:
        raw = token[1]
        word = raw if "\\" not in raw else str(msgspec.json.decode(f'"{raw}"'))
        return Lit(span=Span(document, begin - 1, end), v=word)
    return Lit(span=Span(document, begin, end), v=_WORDS[token[4]] if kind == 4 else _number(token[5]))


def _end_of(text: str, start: int) -> int:
    """Where the collection ends that begins at a place."""
    depth = 0
    at = start
    while (found := _TOKEN.match(text, at)) is not None:
        at = found.end()
        depth += (found.lastindex == 2) - (found.lastindex == 3)
        if depth == 0:
            return at
    return len(text)


def _number(text: str) -> int | Decimal:
    try:
        return int(text)
    except ValueError:
        number = Decimal(text)
        whole = number.is_finite() and abs(number.adjusted()) <= _MOST_DIGITS and number == number.to_integral_value()
        return int(number) if whole else number


class Attributes:
    """What an object states: where each of its attributes stands, of which one is read when somebody asks for it.

    Most of what a plan states of a resource is never looked at. What is null is as good as not there.
    """

    __slots__ = ("_document", "_read", "names")

    def __init__(self, document: Document, raw: Raw, at: int) -> None:
        self._document = document
        self._read: dict[str, Term] = {}
        self.names: dict[str, Stand] = {}  # everything that is stated, in the order of the text
        if at < 0:
            return
        text = document.text
        members = members_of(text, raw, at)
        if members is not None:
            self.names = {name: stand for name, stand in members.items() if text[stand[2]] != "n"}
            return
        whole = read_values(document, at)  # a name stands in it twice
        if type(whole) is Obj:
            self._read = dict(whole.entries)
            for name, term in whole.entries.items():
                self.names[name] = (whole.keys[name].start, whole.keys[name].end, term.span.start)

    def rename(self, old: str, new: str) -> None:
        """Have an attribute under another name, instead of what had that name."""
        if old in self.names:
            self.names[new] = self.names.pop(old)
            self._read.pop(new, None)
            if old in self._read:
                self._read[new] = self._read.pop(old)

    def get(self, name: str) -> Term | None:
        """One of them."""
        known = self._read.get(name)
        if known is None and name in self.names:
            known = self._read[name] = read_values(self._document, self.names[name][2])
        return known

    def is_zero(self, name: str) -> bool:
        """Whether one of them is what providers state where nothing was."""
        text, at = self._document.text, self.names[name][2]
        if text[at] in _NEVER_ZERO:
            return False
        if text[at] == '"':
            return text[at + 1] == '"'
        if text[at : at + 2] in _EMPTY:
            return True
        term = self.get(name)
        return term is not None and is_zero(term)

    def key(self, name: str) -> Span | None:
        """Where the name of one of them stands."""
        found = self.names.get(name)
        return None if found is None else Span(self._document, found[0], found[1])

    def place(self, name: str) -> Span | None:
        """Where one of them stands."""
        found = self.get(name)
        return None if found is None else found.span


_NEVER_ZERO = frozenset("tf123456789")
_EMPTY = frozenset({"[]", "{}"})


def is_zero(term: Term) -> bool:
    """Whether a value is what providers state where nothing was: an empty text or collection, zero, null."""
    if type(term) is Lit:
        return term.v is None or term.v == "" or (term.v == 0 and term.v is not False)
    if type(term) is Seq:
        return all(is_zero(item) for item in term.items)
    if type(term) is Obj:
        return all(is_zero(value) for value in term.entries.values())
    return False


# ------------------------------------------------------------------------------------------------------ finding places

# An entry as Terraform writes it: what is null is passed over. Of what is in brackets only the beginning is seen.
_ENTRY = regex(
    r'(?:,?"[^"\\]*+":null)*+,?"([^"\\]*+)":'
    r'(?:("[^"\\]*+(?:\\.[^"\\]*+)*+")|(true|false|-?[0-9][0-9.eE+-]*+|\[\]|\{\})|([{\[]))',
    re.DOTALL,
)
_CLOSING = regex(r'(?:,?"[^"\\]*+":null)*+\}')
# A key as anybody may write it, and what stands around it.
_KEY = regex(r'[ \t\r\n,]*+("(?:[^"\\]|\\.)*+")[ \t\r\n]*+:[ \t\r\n]*+', re.DOTALL)
_BETWEEN = regex(r"[ \t\r\n,]*+")
_END = regex(r"[ \t\r\n]*+\}[ \t\r\n]*+")
Stand: TypeAlias = (
    "tuple[int, int, int]"  # where the name of an entry stands, with its quotes, and where its value does
)


def members_of(text: str, raw: str | Raw, at: int) -> dict[str, Stand] | None:
    """Where the entries of an object stand that stands at a place; those that are null may be left out.

    None if it is no object, or one in which a name stands twice, so that its places can't be told this way.
    """
    end = len(text) if isinstance(raw, str) else at + length_of(raw, text)
    found: dict[str, Stand] = {}
    values: dict[str, Raw] | None = None  # asked for where the text alone does not show how long a value is
    start, at = at, at + 1
    while (entry := _ENTRY.match(text, at)) is not None:
        name, kind = entry[1], entry.lastindex or 0
        begin, at = entry.start(kind), entry.end()
        if kind == 4:
            values = _entries(raw) if values is None else values
            if values is None or name not in values:
                return None
            at = begin + length_of(values[name], text)
        if name in found:
            return None
        found[name] = (entry.start(1) - 1, entry.end(1) + 1, begin)
    closing = _CLOSING.match(text, at)
    return found if closing is not None and closing.end() == end else _members_slowly(text, raw, start, end)


def _members_slowly(text: str, raw: str | Raw, at: int, end: int) -> dict[str, Stand] | None:
    """The same, however the text is laid out."""
    found: dict[str, Stand] = {}
    at += 1
    for name, value in (_entries(raw) or {}).items():
        key = _KEY.match(text, at)
        if key is None or not _is_named(key[1], name):
            return None
        found[name] = (key.start(1), key.end(1), key.end())
        at = key.end() + length_of(value, text)
    closing = _END.match(text, at, end)
    return found if closing is not None and closing.end() == end else None


def _entries(raw: str | Raw) -> dict[str, Raw] | None:
    try:
        return msgspec.json.decode(raw, type=dict[str, Raw])
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None


def _is_named(quoted: str, name: str) -> bool:
    return quoted[1:-1] == name or ("\\" in quoted and msgspec.json.decode(quoted) == name)


def placed(text: str, items: list[Raw], at: int) -> Iterator[tuple[int, Raw]]:
    """The items of a list that stands at a place, each with where it stands."""
    at += 1
    for item in items:
        between = _BETWEEN.match(text, at)
        at = between.end() if between is not None else at
        yield at, item
        at += length_of(item, text)


def length_of(raw: Raw, text: str) -> int:
    """How many characters a piece of a text takes."""
    held = memoryview(raw)
    return held.nbytes if text.isascii() else len(str(held, "utf-8"))
