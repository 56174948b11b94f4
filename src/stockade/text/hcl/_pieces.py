"""The pieces of a template, between reading its text and making its tree of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal as Word
from typing import TypeAlias

from msgspec import Struct

from stockade.patterns import regex
from stockade.text.document import Span, printable
from stockade.text.hcl._scan import SPACE, Fault
from stockade.text.hcl.nodes import Chunk, Expr, Fill, If, Loop, Part

ESCAPE = regex(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|([$%])\4\{", re.DOTALL)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
ESCAPED_SEQUENCE = regex(r"([$%])\1\{")


class Literal:
    """A literal stretch: where it is written, what it says, and whether its characters stand there one by one."""

    __slots__ = ("end", "exact", "start", "text")

    def __init__(self, start: int, end: int, text: str, *, exact: bool) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.exact = exact

    def trim_left(self) -> None:
        """Remove the white space at its beginning, for a `~` before it."""
        self.cut(len(self.text) - len(self.text.lstrip(SPACE)))

    def trim_right(self) -> None:
        """Remove the white space at its end, for a `~` behind it."""
        text = self.text.rstrip(SPACE)
        if self.exact:
            self.end -= len(self.text) - len(text)
        self.text = text

    def cut(self, count: int) -> None:
        """Remove characters at its beginning."""
        self.text = self.text[count:]
        if self.exact:
            self.start += count


Directive: TypeAlias = Word["if", "else", "endif", "for", "endfor"]
DIRECTIVES: dict[str, Directive] = {"if": "if", "else": "else", "endif": "endif", "for": "for", "endfor": "endfor"}


class Control(Struct, frozen=True, eq=False):
    """A directive: `%{ if … }` and its like."""

    word: Directive
    start: int
    end: int
    expr: Expr | None = None
    key: str = ""
    value: str = ""


Piece: TypeAlias = Literal | Fill | Control


def composed(text: str) -> str:
    """A text as HCL keeps it: in Unicode's composed form."""
    if text.isascii():
        return text
    import unicodedata

    return unicodedata.normalize("NFC", text)


def unescape(raw: str, start: int) -> str:
    """What the characters between quotes say; `start` is the place of the first, for faults."""
    if "\\" not in raw and "{" not in raw:
        return raw

    def replace(match: re.Match[str]) -> str:
        short, long, char, sign = match.groups()
        if sign is not None:
            return f"{sign}{{"
        if char is None:
            code = int(short or long, 16)
            if code < 0x110000 and not 0xD800 <= code < 0xE000:
                return chr(code)
            message = f"{match.group()} is no character"
        elif char in ESCAPES:
            return ESCAPES[char]
        else:
            message = f"\\{printable(char)} is no escape of HCL"
        place = start + match.start()
        raise Fault(message, "write \\\\ for a backslash", place, place + len(match.group()))

    return ESCAPE.sub(replace, raw)


def unescape_lines(raw: str) -> str:
    """What the characters of a heredoc say: a backslash is a backslash."""
    return ESCAPED_SEQUENCE.sub(r"\1{", raw) if "{" in raw else raw


def dedent(pieces: Sequence[Piece]) -> None:
    """Remove the indentation of the least indented line from all lines, as `<<-` says.

    A literal ends where its line does. A line without anything counts only if something stands behind the white space. A
    line that follows on one whose end a `~` has removed is not seen as a line.
    """
    least: int | None = None
    found: list[Literal] = []
    at_start = True
    for piece in pieces:
        literal = piece if isinstance(piece, Literal) else None
        if at_start:
            at_start = False
            text = "" if literal is None else literal.text
            rest = text.lstrip(SPACE)
            if literal is None or rest or not text.endswith("\n"):
                indentation = len(text) - len(rest)
                least = indentation if least is None else min(least, indentation)
                if literal is not None:
                    found.append(literal)
        if literal is not None and literal.text.endswith("\n"):
            at_start = True
    if least:
        for literal in found:
            literal.cut(least)


class _Open(Struct, frozen=True, eq=False):
    """A directive that waits for its end, with what stood around it."""

    control: Control
    outside: list[Part]
    then: list[Part] | None


def grow(pieces: Sequence[Piece], span: Callable[[int, int], Span], deepest: int) -> tuple[Part, ...]:
    """The tree of a template. Raises Fault where directives don't match, or more than `deepest` of them are nested."""
    parts: list[Part] = []
    stack: list[_Open] = []
    run: list[Literal] = []
    for piece in pieces:
        if isinstance(piece, Literal):
            run.append(piece)
            continue
        if run:
            _flush(run, parts, span)
        if isinstance(piece, Fill):
            parts.append(piece)
            continue
        word = piece.word
        if word in ("if", "for"):
            if len(stack) >= deepest:
                raise Fault(
                    "directives are nested too deeply", "write it with fewer levels", piece.start, piece.end, "limit"
                )
            stack.append(_Open(piece, parts, None))
            parts = []
            continue
        opened = stack[-1] if stack else None
        _check(piece, opened)
        assert opened is not None and opened.control.expr is not None  # noqa: PT018, S101 - what _check has made sure of
        stack.pop()
        if word == "else":
            stack.append(_Open(opened.control, opened.outside, parts))
            parts = []
            continue
        whole = span(opened.control.start, piece.end)
        if word == "endif":
            then, otherwise = (parts, []) if opened.then is None else (opened.then, parts)
            made: Part = If(whole, opened.control.expr, tuple(then), tuple(otherwise))
        else:
            made = Loop(whole, opened.control.key, opened.control.value, opened.control.expr, tuple(parts))
        parts = opened.outside
        parts.append(made)
    if stack:
        left = stack[-1].control
        raise Fault(
            f"%{{ {left.word} }} is never ended", f"write %{{ end{left.word} }} behind it", left.start, left.end
        )
    if run:
        _flush(run, parts, span)
    return tuple(parts)


def _check(piece: Control, opened: _Open | None) -> None:
    wanted = "for" if piece.word == "endfor" else "if"
    if opened is None or opened.control.word != wanted:
        message, remedy = f"%{{ {piece.word} }} belongs to nothing", f"write %{{ {wanted} … }} before it, or remove it"
    elif piece.word == "else" and opened.then is not None:
        message, remedy = "there is a second %{ else } for one %{ if }", "remove it"
    else:
        return
    raise Fault(message, remedy, piece.start, piece.end)


def _flush(run: list[Literal], parts: list[Part], span: Callable[[int, int], Span]) -> None:
    text = "".join(literal.text for literal in run)
    if text:
        kept = [literal for literal in run if literal.text]
        exact = all(literal.exact for literal in kept) and all(
            before.end == after.start for before, after in pairwise(kept)
        )
        kept_text = composed(text)
        parts.append(Chunk(span(kept[0].start, kept[-1].end), kept_text, exact and kept_text == text))
    run.clear()
