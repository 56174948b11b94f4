"""JSON to nodes, with offsets, reading on after what is wrong.

One regular expression finds each token; nothing recurses. What JSON does not allow but people write (comments, a
trailing comma, `NaN`, single quotes, a missing comma) is a problem and is read as it is meant.
"""

from __future__ import annotations

import re

from stockade.patterns import regex
from stockade.text.document import Document, Problem, Span, printable
from stockade.text.node import MAX_DEPTH, Entry, Mapping, Node, Parsed, Scalar, ScalarValue, Sequence

__all__ = ["MAX_PROBLEMS", "Parsed", "read_json"]

MAX_PROBLEMS = 50
"""How many problems of one file are told apart; those after are counted."""

_WHITE = " \t\r\n"  # what is white space in JSON: Python knows more of it
_TOKEN = regex(
    r"""[ \t\r\n]*+(?:
        "(?P<string>[^"\\\x00-\x1f]*+)"
      | (?P<mark>[{}\[\]:,])
      | (?P<integer>-?(?:0|[1-9][0-9]*+)(?![\w.+-]))
      | (?P<constant>(?:true|false|null)\b)
      | (?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?(?![\w.+-]))
      | (?P<escaped>"(?:[^"\\\r\n]++|\\[^\r\n])*+")
      | (?P<unclosed>"[^\r\n]*+)
      | (?P<single>'(?:[^'\\\r\n]++|\\[^\r\n])*+')
      | (?P<comment>//[^\r\n]*+|\#[^\r\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?)
      | (?P<special>[-+]?(?:NaN|Infinity)\b)
      | (?P<word>[^\s{}\[\]:,"'/\#]++)
      | (?P<other>\S|[^ \t\r\n])
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_STRING, _MARK, _INTEGER, _CONSTANT = (_TOKEN.groupindex[name] for name in ("string", "mark", "integer", "constant"))
_CONSTANTS: dict[str, ScalarValue] = {"true": True, "false": False, "null": None}
_ESCAPE = regex(
    r"\\(?:u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})|u(?P<code>[0-9a-fA-F]{4})|(?P<char>.?))"
)
_ESCAPED = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "'": "'"}
_CONTROL = regex(r"[\x00-\x1f]")
_CLOSERS = {"{": "}", "[": "]"}


def read_json(doc: Document) -> Parsed:
    """Read a JSON file: one root, or none if there is nothing to read."""
    return _Reader(doc).read()


class _Frame:
    """An object or array that is being read."""

    __slots__ = ("children", "colon", "comma", "is_object", "key", "keys", "start")

    def __init__(self, start: int, *, is_object: bool) -> None:
        self.start = start
        self.is_object = is_object
        self.children: list[Node] = []
        self.keys: list[Scalar] = []
        self.key: Scalar | None = None  # one that waits for its value
        self.colon = False  # whether the waiting key has its colon
        self.comma: int | None = None  # where the comma is that nothing has followed yet


class _Reader:
    """One pass over one text."""

    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self.text = doc.text
        self.problems: list[Problem] = []
        self.unsaid = 0
        self.limited = (
            False  # whether reading stopped at a limit, so that brackets are open through no fault of the file's
        )
        self.stack: list[_Frame] = []
        self.root: Node | None = None

    def read(self) -> Parsed:
        end = self._tokens()
        while self.stack:
            start = self.stack[-1].start
            opener = self.text[start]
            if not self.limited:
                self._say(
                    f"{opener} opens here and is never closed", f"close it with {_CLOSERS[opener]}", start, start + 1
                )
            self._close(end)
        if self.root is None and not self.problems:
            self._say("holds nothing", "write a JSON value, or remove the file", end, end)
        if self.unsaid:
            self.problems.append(
                Problem(
                    f"{self.unsaid} more problems are not shown",
                    "correct those that are shown first",
                    Span(self.doc, end, end),
                    self.doc.path,
                    "syntax",
                )
            )
        self.problems.sort(key=lambda problem: problem.span.start if problem.span is not None else 0)
        return Parsed(() if self.root is None else (self.root,), tuple(self.problems))

    def _tokens(self) -> int:
        """Read token after token; the answer is where reading stopped."""
        doc, text, stack = self.doc, self.text, self.stack
        match_at = _TOKEN.match
        position = 0
        value: ScalarValue
        while True:
            match = match_at(text, position)
            kind = 0 if match is None else match.lastindex
            if match is None or kind is None:
                return position
            position = match.end()
            if kind == _STRING:
                value = raw = match[_STRING]
                start = position - len(raw) - 2
            elif kind == _MARK:
                if not self._mark(text[position - 1], position - 1):
                    return position
                continue
            elif kind == _CONSTANT:
                raw = match[_CONSTANT]
                value = _CONSTANTS[raw]
                start = position - len(raw)
            else:
                name = match.lastgroup or "end"
                start = match.start(kind)
                if name == "end":
                    return start
                if name == "comment":
                    self._comment(start, position)
                    continue
                if name == "unclosed":
                    position = self._end_of_unclosed(start, position)
                raw, value = self._scalar(name, text[start:position], start, position)
            scalar = Scalar(Span(doc, start, position), value, raw, None, "json")
            if stack:
                frame = stack[-1]
                if frame.key is not None and frame.colon:
                    frame.keys.append(frame.key)
                    frame.children.append(scalar)
                    frame.key = frame.comma = None
                    continue
                if not frame.is_object and (frame.comma is not None or not frame.children):
                    frame.children.append(scalar)
                    frame.comma = None
                    continue
            if not self._place(scalar):
                return position

    # -- structure ---------------------------------------------------------------------------------------------------

    def _mark(self, mark: str, start: int) -> bool:
        """Take one of `{}[]:,`; False when reading cannot go on."""
        frame = self.stack[-1] if self.stack else None
        if mark in "{[":
            if len(self.stack) >= MAX_DEPTH:
                self._say(
                    f"is nested more than {MAX_DEPTH} levels deep",
                    "write it with fewer levels",
                    start,
                    start + 1,
                    kind="limit",
                    skipped=Span(self.doc, start, len(self.text.rstrip(_WHITE))),
                )
                self.limited = True
                return False
            if frame is None and self.root is not None:
                return self._second_root(start)
            self.stack.append(_Frame(start, is_object=mark == "{"))
        elif frame is None:
            self._say(f"{mark} belongs to nothing", "remove it", start, start + 1)
        elif mark == ":":
            if frame.key is None or frame.colon:
                self._say("a colon without a key before it", "write a key, or remove the colon", start, start + 1)
            frame.colon = True
        elif mark == ",":
            self._drop_key(frame)
            if frame.comma is not None or not frame.children:
                self._say("a comma without a value before it", "remove it", start, start + 1)
            if frame.children:
                frame.comma = start
        else:
            self._closer(mark, start)
        return True

    def _closer(self, mark: str, start: int) -> None:
        """Close the collection that a closing bracket is meant for, and those inside it that lack theirs."""
        if not any(_CLOSERS[self.text[frame.start]] == mark for frame in self.stack):
            self._say(f"{mark} belongs to nothing", "remove it", start, start + 1)
            return
        while _CLOSERS[self.text[self.stack[-1].start]] != mark:
            opener = self.stack[-1].start
            wanted = _CLOSERS[self.text[opener]]
            self._say(
                f"{self.text[opener]} opens here and is not closed before {mark}",
                f"close it with {wanted}",
                opener,
                opener + 1,
            )
            self._close(start)
        self._close(start + 1)

    def _close(self, end: int) -> None:
        frame = self.stack.pop()
        self._drop_key(frame)
        if frame.comma is not None:
            self._say("a comma with nothing after it", "remove it", frame.comma, frame.comma + 1)
        span = Span(self.doc, frame.start, end)
        node: Node
        if frame.is_object:
            entries: dict[str, Entry] = {}
            shadowed: list[Entry] = []
            for key, value in zip(frame.keys, frame.children, strict=True):
                if key.raw in entries:
                    shadowed.append(entries.pop(key.raw))
                    self._say(
                        f"the key {printable(key.raw)} is there twice in one object",
                        "remove one of the two; until then the last one counts, as for AWS",
                        key.span.start,
                        key.span.end,
                        kind="duplicate-key",
                    )
                entries[key.raw] = Entry(key, value)
            node = Mapping(span, tuple(entries.values()), None, flow=True, shadowed=tuple(shadowed))
        else:
            node = Sequence(span, tuple(frame.children), None, flow=True)
        self._place(node)

    def _place(self, node: Node) -> bool:
        """Put a value where it belongs; False when reading cannot go on."""
        start, end = node.span.start, node.span.end
        if not self.stack:
            if self.root is not None:
                return self._second_root(start)
            self.root = node
            return True
        frame = self.stack[-1]
        if frame.is_object and frame.key is not None:
            if not frame.colon:
                self._say("a colon is missing before this", "put a colon between a key and its value", start, end)
            frame.keys.append(frame.key)
            frame.children.append(node)
            frame.key = None
        else:
            if frame.children and frame.comma is None:
                self._say("a comma is missing before this", "put a comma between two values", start, end)
            if not frame.is_object:
                frame.children.append(node)
            elif isinstance(node, Scalar):
                if self.text[start] not in "\"'":
                    self._say("a key has to be a text", "put it in double quotes", start, end)
                frame.key, frame.colon = node, False
            else:
                self._say("a key has to be a text", "put a key and a colon before it", start, start + 1)
        frame.comma = None
        return True

    def _drop_key(self, frame: _Frame) -> None:
        """Let go of a key that got no value."""
        if frame.key is not None:
            span = frame.key.span
            self._say(
                f"the key {printable(frame.key.raw)} has no value",
                "write a colon and the value, or remove the key",
                span.start,
                span.end,
            )
            frame.key = None

    def _second_root(self, start: int) -> bool:
        end = len(self.text.rstrip(_WHITE))
        self._say(
            "something follows the value that the file holds",
            "remove it: a JSON file holds one value",
            start,
            start + 1,
            skipped=Span(self.doc, start, end),
        )
        return False

    # -- scalars -----------------------------------------------------------------------------------------------------

    def _scalar(self, name: str, token: str, start: int, end: int) -> tuple[str, ScalarValue]:
        """What an unusual token stands for: its text, and its value."""
        if name == "integer":
            try:
                return token, int(token)
            except ValueError:  # more digits than Python converts
                self._say("a number with too many digits", "write it as a text", start, end, kind="limit")
                return token, token
        if name == "number":
            return token, float(token)
        if name in ("escaped", "single", "unclosed"):
            if name == "single":
                self._say("a text in single quotes", "use double quotes", start, end)
            elif name == "unclosed":
                self._say("a quote opens here and is not closed on its line", 'close the text with "', start, start + 1)
            text = self._unescape(token[1:] if name == "unclosed" else token[1:-1], start + 1)
            return text, text
        if name == "special":
            self._say(f"{token} is no JSON number", "write a number, a text or null", start, end)
            return token, float(token.replace("Infinity", "inf"))
        if self._wants_key():
            return token, token  # said by _place
        self._say(
            f"{printable(token, 40)} is neither a text, a number, true, false nor null",
            "put it in double quotes",
            start,
            end,
        )
        return token, token

    def _wants_key(self) -> bool:
        frame = self.stack[-1] if self.stack else None
        return frame is not None and frame.is_object and frame.key is None

    def _unescape(self, text: str, start: int) -> str:
        """The text of a string between its quotes; what it may not hold is said and kept."""
        control = _CONTROL.search(text)
        if control is not None:
            place = start + control.start()
            code = f"\\u{ord(control.group()):04x}"
            self._say(f"the control character {code} stands in a text as it is", f"write {code}", place, place + 1)
        if "\\" not in text:
            return text

        def replace(match: re.Match[str]) -> str:
            high, low, code, char = match.group("high", "low", "code", "char")
            place = start + match.start()
            if high is not None:
                return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
            if code is not None:
                number = int(code, 16)
                if 0xD800 <= number <= 0xDFFF:
                    self._say(
                        f"\\u{code} is half of a character",
                        "write both halves; it is read as U+FFFD until then",
                        place,
                        place + 6,
                    )
                    return "\ufffd"
                return chr(number)
            if char not in _ESCAPED or char == "'":
                self._say(
                    f"\\{printable(char)} is no escape of JSON",
                    "write \\\\ for a backslash",
                    place,
                    place + 1 + len(char),
                )
            return _ESCAPED.get(char, f"\\{char}")

        return _ESCAPE.sub(replace, text)

    def _end_of_unclosed(self, start: int, end: int) -> int:
        """Where a text without its closing quote is meant to end: before the commas and brackets that end its line."""
        return start + max(1, len(self.text[start:end].rstrip(" \t,]}")))

    def _comment(self, start: int, end: int) -> None:
        token = self.text[start:end]
        if token.startswith("/*") and (len(token) < 4 or not token.endswith("*/")):
            self._say("a comment opens here and is never closed", "remove it: JSON has no comments", start, start + 2)
        else:
            self._say("a comment, which JSON does not allow", "remove it", start, end)

    def _say(
        self, message: str, remedy: str, start: int, end: int, *, kind: str = "syntax", skipped: Span | None = None
    ) -> None:
        if len(self.problems) >= MAX_PROBLEMS:
            self.unsaid += 1
            return
        self.problems.append(Problem(message, remedy, Span(self.doc, start, end), self.doc.path, kind, skipped))
