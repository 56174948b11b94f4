"""JSON to nodes, with offsets, reading on after what is wrong.

One regular expression finds each token; nothing recurses. What JSON does not allow but people write (comments, a trailing comma, `NaN`, single
quotes) is a problem and is read as it is meant.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from stockade.text.document import Document, Problem, Span
from stockade.text.node import Entry, Mapping, Node, Parsed, Scalar, ScalarValue, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MAX_DEPTH", "Parsed", "read_json"]

MAX_DEPTH = 200
"""How deep arrays and objects may be nested; what is deeper is refused, so that every walker may recurse."""
MAX_PROBLEMS = 50
"""How many problems of one file are told apart; those after are counted."""

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
        "([^"\\\x00-\x1f]*)"                                # 1 a string without anything special
      | ([{}\[\]:,])                                        # 2
      | (-?(?:0|[1-9][0-9]*)(?![\w.+-]))                    # 3 an integer
      | (-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![\w.+-]))  # 4 another number
      | (true|false|null)\b                                 # 5
      | ("(?:[^"\\\r\n]|\\[^\r\n])*")                       # 6 a string with escapes or control characters
      | ("(?:[^"\\\r\n]|\\[^\r\n]|\\(?=[\r\n]|$))*)         # 7 a string that is not closed on its line
      | ('(?:[^'\\\r\n]|\\[^\r\n])*')                       # 8 single quotes
      | (//[^\r\n]*|\#[^\r\n]*|/\*.*?(?:\*/|$(?![\s\S])))   # 9 a comment
      | ([-+]?(?:NaN|Infinity)\b)                           # 10
      | ([^\s{}\[\]:,"'/\#]+)                               # 11 a word, or a number that JSON does not know
      | (\S)                                                # 12
      | ($(?![\s\S]))                                       # 13 the end
    )""",
    re.VERBOSE | re.DOTALL,
)
_CONSTANTS: dict[str, ScalarValue] = {"true": True, "false": False, "null": None}
_ESCAPE = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]?))")
_SIMPLE_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CONTROL = re.compile(r"[\x00-\x1f]")
_CLOSER = {"{": "}", "[": "]"}


def read_json(doc: Document) -> Parsed:
    """Read a JSON file: one root, or none if there is nothing to read."""
    return _Reader(doc).read()


class _Frame:
    """An object or array that is being read; a key waits in `key` until its value comes."""

    __slots__ = ("children", "comma", "is_object", "key", "keys", "start")

    def __init__(self, start: int, *, is_object: bool) -> None:
        self.start = start
        self.is_object = is_object
        self.children: list[Node] = []
        self.keys: list[Scalar] = []
        self.key: Scalar | None = None
        self.comma: int | None = None
        """Where the comma is that nothing has followed yet."""


class _Text(NamedTuple):
    """A string token."""

    value: str
    start: int
    end: int


class _Reader:
    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self.text = doc.text
        self.problems: list[Problem] = []
        self.unsaid = 0
        self.stack: list[_Frame] = []
        self.root: Node | None = None

    def read(self) -> Parsed:
        self._tokens()
        if self.unsaid:
            end = len(self.text)
            self.problems.append(
                self._problem(f"{self.unsaid} more problems follow", "correct the first ones", end, end)
            )
        roots = () if self.root is None else (self.root,)
        return Parsed(roots, tuple(sorted(self.problems, key=lambda problem: problem.span.start if problem.span else 0)))

    # -- tokens ------------------------------------------------------------------------------------------------------

    def _tokens(self) -> None:  # noqa: C901, PLR0912, PLR0915 (the hot loop: one pass, few calls)
        doc, text = self.doc, self.text
        match_at = _TOKEN.match
        stack = self.stack
        frame: _Frame | None = None
        position = 0
        key: Scalar | None
        while True:
            match = match_at(text, position)
            if match is None:  # only ever for a text that ends in white space
                break
            kind = match.lastindex or 0
            position = match.end()
            start = match.start(kind)
            if kind == 2:
                mark = text[start]
                if mark == ":":
                    self._colon(frame, start)
                    continue
                if mark == ",":
                    self._comma(frame, start)
                    continue
                if mark in "{[":
                    if frame is None and self.root is not None:
                        break
                    if len(stack) >= MAX_DEPTH:
                        self._say(f"is nested more than {MAX_DEPTH} levels deep", "write it with fewer levels", start, start + 1, kind="limit")
                        break
                    if frame is not None:
                        self._make_room(frame, start)
                    frame = _Frame(start, is_object=mark == "{")
                    stack.append(frame)
                    continue
                frame = self._close(mark, start)
                continue
            if kind == 13:
                break
            if kind == 9:
                self._say("a comment, which JSON does not allow", "remove it", start, position)
                if text.startswith("/*", start) and not text.endswith("*/", start + 2, position):
                    self._say("a comment opens here and is never closed", "close it with */", start, start + 2)
                continue
            if kind == 1:
                raw: str = match.group(1)
                value: ScalarValue = raw
                start -= 1
            elif kind == 3:
                raw = match.group(3)
                value = self._integer(raw, start, position)
            else:
                raw, value = self._token(kind, match.group(kind), start, position)
            scalar = Scalar(Span(doc, start, position), value, raw, None, "json")
            if frame is None:
                if self.root is not None:
                    break
                self.root = scalar
            elif frame.is_object and frame.key is None:
                if kind not in (1, 6, 7, 8, 11):
                    self._say("a key has to be a text", "put it in double quotes", start, position)
                if frame.comma is None and frame.keys:
                    self._say("a comma is missing before this", "put a comma between two entries", start, position)
                frame.comma = None
                frame.key = scalar
                colon = match_at(text, position)
                if colon is not None and colon.lastindex == 2 and text[colon.end() - 1] == ":":
                    position = colon.end()
                else:
                    self._say("a colon is missing after this key", "put a colon between a key and its value", start, position)
            elif frame.is_object:
                key = frame.key
                if key is not None:
                    frame.keys.append(key)
                    frame.children.append(scalar)
                    frame.key = None
            else:
                if frame.comma is None and frame.children:
                    self._say("a comma is missing before this", "put a comma between two values", start, position)
                frame.comma = None
                frame.children.append(scalar)
        self._finish(position)
'''
'''
