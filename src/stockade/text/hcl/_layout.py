"""How HCL is laid out in lines: what stands below each other in columns, and is moved when one of the lines changes.

`terraform fmt` cuts a line into up to three cells: what stands before its first `=`, the value with that sign (if the value is
whole on the line), and a comment at its end. Values of lines that follow on each other stand below each other, and so do
comments. A heredoc counts as part of the line that it begins on.
https://developer.hashicorp.com/terraform/language/style, as of 2026-11-28.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from stockade.patterns import regex
from stockade.text.hcl._scan import QUOTED_LITERAL, Markers

_TOKEN = regex(
    r"""[ \t]*+(?:
        (?P<newline>\r?\n)
      | (?P<comment>\#[^\n]*+|//[^\n]*+)
      | /\*(?s:.*?)(?:\*/|\Z)
      | <<-?(?P<heredoc>[^\W\d][\w-]*+)\r?\n
      | (?P<quote>")
      | (?P<open>[{\[(])
      | (?P<close>~?\}|[\])])
      | (?P<equals>=(?![=>]))
      | (?P<other>[=!<>]=|=>|[^\s"\#/={}\[\]()<!>~]++|(?s:.))
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_BODY_LITERAL = regex(r"(?:[^$%]++|\$\$\{|%%\{|[$%](?!\{))*+")


class Line(Struct, gc=False):
    """A line, with the offsets of its cells in the text; -1 where there is none.

    Attributes:
        start: where it begins.
        end: where the next one begins.
        first: its first token.
        equals: the `=` whose value is whole on the line.
        opened: a `=` whose value goes on in other lines.
        comment: the comment at its end; not one that has the line for itself.
    """

    start: int
    end: int = 0
    first: int = -1
    equals: int = -1
    opened: int = -1
    comment: int = -1


def lines_of(text: str) -> list[Line]:
    """The lines of a text that begins and ends between two items."""
    lines: list[Line] = []
    line = Line(0)
    sign, balance = -1, 0
    for kind, start, end in _tokens(text):
        if kind == "newline":
            _close(lines, line, end, sign, balance)
            line, sign, balance = Line(end), -1, 0
        elif kind == "comment":
            if line.first < 0:
                line.first = start
            else:
                line.comment = start
        elif kind == "equals" and line.first >= 0 and sign < 0:
            sign = start
        else:
            if line.first < 0:
                line.first = start
            if sign >= 0:
                balance += (kind == "open") - (kind == "close")
    if line.start < len(text):
        _close(lines, line, len(text), sign, balance)
    return lines


def _close(lines: list[Line], line: Line, end: int, sign: int, balance: int) -> None:
    line.end = end
    if balance == 0:
        line.equals = sign
    else:
        line.opened = sign
    lines.append(line)


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each token; what a template fills in is opened and closed like a bracket."""
    end = len(text)
    markers = Markers(text)
    stack: list[tuple[str, int]] = [
        ("code", 0)
    ]  # code with its open braces, `"`, or the marker of a heredoc with its place
    position = 0
    while True:
        mode, place = stack[-1]
        if mode == "code":
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup == "end":
                return
            kind = match.lastgroup or "other"
            position = match.end()
            start = match.start(kind) if match.lastgroup else match.start()
            if kind == "heredoc":
                yield "other", start, position
                stack.append((match["heredoc"], position))
            elif kind == "quote":
                yield "other", start, position
                stack.append(('"', position))
            else:
                yield kind, start, position
                if text[start] == "{":
                    stack[-1] = ("code", place + 1)
                elif text[position - 1] == "}":
                    stack[-1] = ("code", place - 1)
                    if place == 0 and len(stack) > 1:
                        stack.pop()
            continue
        stop = end
        if mode == '"':
            literal = QUOTED_LITERAL.match(text, position)
        else:
            stop = markers.after(mode, position, end)
            stop = end if stop < 0 else stop
            literal = _BODY_LITERAL.match(text, position, stop)
        position = position if literal is None else literal.end()
        if position < stop and text[position] in "$%":
            yield "open", position, position + 2
            position += 2
            stack.append(("code", 0))
            continue
        stack.pop()
        if mode == '"':
            position += text.startswith('"', position)
        elif stop < end:
            position = text.index(mode, stop) + len(mode)


# ------------------------------------------------------------------------------------------------------------- alignment


class Order(Struct, frozen=True):
    """Whether values, and comments, stand as `terraform fmt` would have them."""

    values: bool
    comments: bool


def order_of(text: str, lines: Sequence[Line]) -> Order:
    """Whether lines that follow on each other are in order."""
    gaps = {line.start: _gap(text, line.equals) for line in lines}
    values = all(
        gaps[line.start] == wanted for chain in _chains(lines, _has_value) for line, wanted in _value_gaps(text, chain)
    )
    comments = all(
        _gap(text, line.comment) == wanted
        for chain in _chains(lines, _has_comment)
        for line, wanted in _comment_gaps(text, chain, gaps)
    )
    return Order(values, comments)


def ordered(text: str, lines: Sequence[Line], order: Order, touched: Callable[[Line], bool]) -> str:
    """The text with its lines put in order, where they were (`order`); lines that are `touched` always among themselves."""
    gaps = {line.start: _gap(text, line.equals) for line in lines}
    for chain in _chains(lines, _has_value):
        mine = [touched(line) for line in chain]
        if order.values or all(mine):
            gaps |= {line.start: wanted for line, wanted in _value_gaps(text, chain)}
        elif any(mine):
            columns = {line.equals - line.start for line, own in zip(chain, mine, strict=True) if not own}
            column = columns.pop() if len(columns) == 1 else 0
            for line, own in zip(chain, mine, strict=True):
                if own:
                    gaps[line.start] = max(column - _width(text, line), 1)
    shifts: dict[int, int] = {line.equals: gaps[line.start] for line in lines if line.equals >= 0}
    shifts |= {line.opened: 1 for line in lines if line.opened >= 0 and order.values and touched(line)}
    for chain in _chains(lines, _has_comment):
        if order.comments:
            shifts |= {line.comment: wanted for line, wanted in _comment_gaps(text, chain, gaps)}
    pieces: list[str] = []
    position = 0
    for place in sorted(shifts):
        pieces += (text[position : place - _gap(text, place)], " " * shifts[place])
        position = place
    return "".join([*pieces, text[position:]])


def _has_value(line: Line) -> bool:
    return line.equals >= 0


def _has_comment(line: Line) -> bool:
    return line.comment >= 0


def _chains(lines: Sequence[Line], belongs: Callable[[Line], bool]) -> Iterator[list[Line]]:
    chain: list[Line] = []
    for line in lines:
        if belongs(line):
            chain.append(line)
        elif chain:
            yield chain
            chain = []
    if chain:
        yield chain


def _gap(text: str, place: int) -> int:
    """How many blanks stand before a place."""
    start = place
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    return place - start


def _width(text: str, line: Line) -> int:
    """How far what stands before the value reaches, with the indentation."""
    return len(text[line.start : line.equals].rstrip(" \t"))


def _value_gaps(text: str, chain: Sequence[Line]) -> list[tuple[Line, int]]:
    widths = [_width(text, line) for line in chain]
    return [(line, max(widths) - width + 1) for line, width in zip(chain, widths, strict=True)]


def _comment_gaps(text: str, chain: Sequence[Line], gaps: dict[int, int]) -> list[tuple[Line, int]]:
    widths: list[int] = []
    for line in chain:
        width = len(text[line.start : line.comment].rstrip(" \t"))
        if line.equals >= 0:
            width += gaps[line.start] - _gap(text, line.equals)
        widths.append(width)
    return [(line, max(widths) - width + 1) for line, width in zip(chain, widths, strict=True)]


def line_at(lines: Sequence[Line], offset: int) -> int:
    """The number of the line that an offset is in; the end of the text is in the last line."""
    return max(bisect_right(lines, offset, key=lambda line: line.start) - 1, 0)
