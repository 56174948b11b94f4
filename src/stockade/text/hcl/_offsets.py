"""Which character of a text is written where."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from stockade.patterns import regex
from stockade.text.hcl._pieces import ESCAPE, ESCAPED_SEQUENCE, ESCAPES
from stockade.text.hcl.nodes import Chunk, Constant

_IN_JSON = regex(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPED_IN_JSON = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def offsets_of(node: Constant | Chunk, *, heredoc: bool = False) -> Sequence[int]:
    """Where each character of a text is written, and where it ends: with this, a place in the text is a place in the file.

    `heredoc` says of a chunk whether it is part of one; a constant knows it. Nothing for a constant that is no text.
    """
    span = node.span
    if isinstance(node, Constant):
        span, heredoc = node.inner or span, node.heredoc
    text = node.text if isinstance(node, Chunk) else node.value
    if not isinstance(text, str):
        return ()
    if node.exact:
        return range(span.start, span.start + len(text) + 1)
    written, starts = span.text, list(range(span.start, span.end))
    if span.doc.syntax == "json":
        written, starts = unescape_json(written, starts)
        written, starts = _replaced(written, starts, ESCAPED_SEQUENCE, _sequence)
    elif heredoc:
        written, starts = _replaced(written, starts, ESCAPED_SEQUENCE, _sequence)
    else:
        written, starts = _replaced(written, starts, ESCAPE, _escape)
    starts.append(span.end)
    offsets: list[int] = []
    place = 0
    last = len(written)
    for char in text:
        # What is written and not said is white space: an indentation, or what a `~` removes.
        while place < last and written[place] != char and written[place].isspace():
            place += 1
        offsets.append(starts[place])
        place = min(place + 1, last)
    offsets.append(starts[place] if offsets else span.start)
    return offsets


def unescape_json(written: str, starts: list[int]) -> tuple[str, list[int]]:
    """What a text in JSON says, and where each character of it is written, given that for what is between the quotes."""

    def said(match: re.Match[str]) -> str:
        high, low, code, char = match.groups()
        if high is not None:
            return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
        return _ESCAPED_IN_JSON.get(char, char) if code is None else chr(int(code, 16))

    return _replaced(written, starts, _IN_JSON, said)


def _sequence(match: re.Match[str]) -> str:
    return f"{match[1]}{{"


def _escape(match: re.Match[str]) -> str:
    short, long, char, sign = match.groups()
    if sign is not None:
        return f"{sign}{{"
    return ESCAPES.get(char, char) if char is not None else chr(int(short or long, 16))


def _replaced(
    written: str, starts: list[int], pattern: re.Pattern[str], said: Callable[[re.Match[str]], str]
) -> tuple[str, list[int]]:
    """Each match by what it says; the first character of that is where the match begins, another one at its end."""
    texts: list[str] = []
    places: list[int] = []
    position = 0
    for match in pattern.finditer(written):
        text = said(match)
        texts += (written[position : match.start()], text)
        places += starts[position : match.start()]
        position = match.end()
        places.append(starts[match.start()])
        places += starts[position - len(text) + 1 : position]
    texts.append(written[position:])
    return "".join(texts), places + starts[position:]
