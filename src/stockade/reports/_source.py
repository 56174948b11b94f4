"""Source text in reports that show it outside of a terminal: marked lines, and fixes as differences.

All of it is seen through a `Screen`, so that no secret is in it, and has no control characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from stockade.reports._screen import Screen
from stockade.text.document import Document, Span
from stockade.text.edits import Edit, apply_edits, deepest_first
from stockade.text.snippet import Mark, clean

_AROUND = 2  # lines before and after what is marked or changed
_APART = 8  # lines between two edits from which on they are told apart
_WIDEST = 240  # of a longer line, only what is about the mark is shown
_BEFORE = 60


class Line(Struct, frozen=True):
    """A line of a document, with what is marked of it: from and to (in characters), the word on it, whether it is the place."""

    number: int
    text: str
    marks: tuple[tuple[int, int, str, bool], ...] = ()


class Excerpt(Struct, frozen=True):
    """Lines of one document, in their order; where numbers are left out, so are lines."""

    path: str
    lines: tuple[Line, ...]


class Hunk(Struct, frozen=True):
    """One part of a difference: where it begins before and after, and its lines, each with its sign before it."""

    path: str
    old: int
    new: int
    lines: tuple[str, ...]


def excerpts(marks: Sequence[Mark], screen: Screen) -> list[Excerpt]:
    """The marked lines with some around them, by document, the one with the primary mark first.

    The marks are of documents as the screen shows them.
    """
    groups: dict[int, list[Mark]] = {}
    for mark in sorted(marks, key=lambda m: not m.primary):
        groups.setdefault(id(mark.span.doc), []).append(mark)
    return [Excerpt(clean(own[0].span.doc.path), tuple(_lines(own, screen))) for own in groups.values()]


def _lines(marks: list[Mark], screen: Screen) -> Iterator[Line]:
    doc = marks[0].span.doc
    by_line: dict[int, list[Mark]] = {}
    for mark in marks:
        by_line.setdefault(mark.span.line, []).append(mark)
    last = doc.line_count
    wanted = {n for line in by_line for n in range(max(1, line - _AROUND), min(last, line + _AROUND) + 1)}
    for number in sorted(wanted):
        text = screen.line(doc, number)
        start = doc.line_start(number)
        own = by_line.get(number, [])
        places = [(m.span.start - start, min(m.span.end - start, len(text)), clean(m.label), m.primary) for m in own]
        left = max(0, places[0][0] - _BEFORE) if places and len(text) > _WIDEST else 0
        shown = clean(text[left : left + _WIDEST])
        head = "…" if left else ""
        moved = len(head) - left
        found = tuple((a + moved, max(b + moved, a + moved + 1), label, primary) for a, b, label, primary in places)
        yield Line(number, head + shown + ("…" if left + _WIDEST < len(text) else ""), found)


def hunks(edits: Sequence[tuple[Document, Edit]], screen: Screen) -> list[Hunk]:
    """What edits change, as far as it can be seen through a screen."""
    by_document: dict[int, list[Edit]] = {}
    for document, edit in edits:
        by_document.setdefault(id(document), []).append(edit)
    return [hunk for own in by_document.values() for hunk in _of_document(own, screen)]


def _of_document(edits: list[Edit], screen: Screen) -> Iterator[Hunk]:
    seen = sorted(
        (Edit(screen.span(edit.span), screen.hide(edit.text)) for edit in dict.fromkeys(edits)),
        key=deepest_first,
    )
    near: list[list[Edit]] = []
    for edit in seen:
        if near and edit.span.line - near[-1][-1].span.end_line <= _APART:
            near[-1].append(edit)
        else:
            near.append([edit])
    moved = 0
    for part in near:
        for hunk in _of_part(part, screen, moved):
            moved = hunk.new + sum(line[0] != "-" for line in hunk.lines)
            moved -= hunk.old + sum(line[0] != "+" for line in hunk.lines)
            yield hunk


def _of_part(edits: list[Edit], screen: Screen, moved: int) -> Iterator[Hunk]:
    """The difference that edits make which are near each other: only the lines about them are compared."""
    doc = edits[0].span.doc
    first = max(1, edits[0].span.line - _AROUND)
    last = min(doc.line_count, max(edit.span.end_line for edit in edits) + _AROUND)
    start = doc.line_start(first)
    before = Document(doc.path, "".join(_whole_lines(doc, first, last, screen)), syntax=doc.syntax)
    shifted = [Edit(Span(before, e.span.start - start, e.span.end - start), e.text) for e in edits]
    old, new = _split(before.text), _split(apply_edits(before, shifted))
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_AROUND):
        lines: list[str] = []
        for tag, a, b, c, d in group:
            if tag == "equal":
                lines += [" " + _cut(line) for line in old[a:b]]
            else:
                lines += ["-" + _cut(line) for line in old[a:b]]
                lines += ["+" + _cut(line) for line in new[c:d]]
        yield Hunk(clean(doc.path), first + group[0][1], first + moved + group[0][3], tuple(lines))


def _whole_lines(doc: Document, first: int, last: int, screen: Screen) -> Iterator[str]:
    """Lines with their ends, as long as they are in the document."""
    for number in range(first, last + 1):
        line = screen.line(doc, number)
        end = doc.line_start(number + 1) if number < doc.line_count else len(doc.text)
        yield line + doc.text[doc.line_start(number) + len(line) : end]


def _split(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]


def _cut(line: str) -> str:
    return clean(line) if len(line) <= _WIDEST else clean(line[:_WIDEST]) + "…"


def unified(found: Sequence[Hunk]) -> list[str]:
    """Hunks as the lines of a unified difference."""
    lines: list[str] = []
    path = None
    for hunk in found:
        if hunk.path != path:
            path = hunk.path
            lines += [f"--- a/{path}", f"+++ b/{path}"]
        lines += [heading(hunk), *hunk.lines]
    return lines


def heading(hunk: Hunk) -> str:
    """The line above a hunk that says where it is."""
    old, new = (sum(line[0] != sign for line in hunk.lines) for sign in "+-")
    return f"@@ -{hunk.old},{old} +{hunk.new},{new} @@"
