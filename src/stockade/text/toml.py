"""Where the keys of a TOML document stand. What it says is read by `tomllib`, which keeps no places.

Only documents that `tomllib` has read are walked here, so nothing has to be checked once more.
"""

from __future__ import annotations

from typing import TypeAlias

from stockade.patterns import regex
from stockade.text.document import Document, Span

Path: TypeAlias = tuple[str | int, ...]

_BLANK = regex(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = regex(r"[A-Za-z0-9_-]+")
_PLAIN = regex(r"[^,\]}#\r\n]*[^,\]}#\s]")
_ESCAPED = regex(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_SIGNS = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


def places(document: Document) -> dict[Path, Span]:
    """The place of each key, by its path; of a list's items, which have no key, that of their value."""
    walk = _Walk(document)
    walk.run()
    return walk.found


class _Walk:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.at = 0
        self.found: dict[Path, Span] = {}
        self._lists: dict[Path, int] = {}  # the number of tables in each `[[list]]` so far

    def run(self) -> None:
        table: Path = ()
        self._blank()
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self._heading()
            else:
                self._pair(table)
            self._blank()

    def _blank(self) -> None:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _note(self, path: Path, start: int, end: int) -> None:
        self.found.setdefault(path, Span(self.document, start, end))

    def _heading(self) -> Path:
        """A `[table]` or one more of a `[[list]]`; returns its path."""
        several = self.text.startswith("[[", self.at)
        self.at += 2 if several else 1
        start = self.at
        path: Path = ()
        keys = self._keys()
        end = self.at
        for index, key in enumerate(keys):
            path = (*path, key)
            last = index == len(keys) - 1
            if last and several:
                self._lists[path] = self._lists.get(path, 0) + 1
            if path in self._lists:
                self._note(path, start, end)
                path = (*path, self._lists[path] - 1)
            self._note(path, start, end)
        self.at = self.text.find("]]" if several else "]", self.at) + (2 if several else 1)
        return path

    def _pair(self, table: Path) -> None:
        start = self.at
        path = table
        for key in self._keys():
            path = (*path, key)
            self._note(path, start, self.at)
        self.at = self.text.index("=", self.at) + 1
        self._value(path)

    def _keys(self) -> list[str]:
        """The parts of a dotted key; afterwards the walk stands at the end of the last one."""
        keys = [self._key()]
        while True:
            end = self.at
            self._space()
            if not self.text.startswith(".", self.at):
                self.at = end
                return keys
            self.at += 1
            keys.append(self._key())

    def _space(self) -> None:
        while self.text[self.at : self.at + 1] in {" ", "\t"}:
            self.at += 1

    def _key(self) -> str:
        self._space()
        if self.text[self.at] in {'"', "'"}:
            return self._string()
        match = _BARE.match(self.text, self.at)
        if match is None:
            raise AssertionError(self.at)  # tomllib has read it
        self.at = match.end()
        return match[0]

    def _string(self) -> str:
        quote = self.text[self.at]
        mark = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        self.at += len(mark)
        start = self.at
        while not self.text.startswith(mark, self.at):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        if len(mark) == 3:
            while self.text.startswith(quote, self.at + 3):  # as many as two more belong to the text
                self.at += 1
        inside = self.text[start : self.at]
        self.at += len(mark)
        if quote == "'" or "\\" not in inside:
            return inside
        return _ESCAPED.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _SIGNS.get(m[3], m[3]), inside)

    def _value(self, path: Path) -> None:
        self._blank()
        sign = self.text[self.at]
        if sign in {'"', "'"}:
            self._string()
        elif sign == "[":
            self._list(path)
        elif sign == "{":
            self._inline(path)
        else:
            match = _PLAIN.match(self.text, self.at)
            self.at = match.end() if match else self.at

    def _list(self, path: Path) -> None:
        self.at += 1
        index = 0
        self._blank()
        while not self.text.startswith("]", self.at):
            start = self.at
            self._value((*path, index))
            self._note((*path, index), start, self.at)
            index += 1
            self._blank()
            self.at += self.text.startswith(",", self.at)
            self._blank()
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        self._blank()
        while not self.text.startswith("}", self.at):
            self._pair(path)
            self._blank()
            self.at += self.text.startswith(",", self.at)
            self._blank()
        self.at += 1
