r"""Source lines with marks under them, in the manner of rustc.

     --> template.yaml:12:17
       |
     8 |   Url:
       |   --- of this function URL
    ...
    12 |       AuthType: NONE
       |                 ^^^^ anyone can call it

What comes from a file is shown without its control characters: a template cannot write to the reader's terminal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import msgspec
from msgspec.structs import replace

from stockade.patterns import regex
from stockade.text.document import Document, Span

TAB = 4
"""Every tab is shown as going on to the next multiple of so many columns."""
_LEAST_WIDTH = 20
_ELLIPSIS = "…"
_FOLD = "..."
_TONES = {"red": "\x1b[1;31m", "yellow": "\x1b[1;33m", "cyan": "\x1b[1;36m", "green": "\x1b[1;32m"}
_QUIET = "\x1b[1;34m"
_RESET = "\x1b[0m"
_JOINERS = frozenset("\u200c\u200d")
_REPLACEMENT = "\ufffd"
_BREAKS = regex(r"[\r\n]+")


class Mark(msgspec.Struct, frozen=True):
    """A span to underline, and what to say about it.

    Attributes:
        span: what to underline; an empty one gets a single sign.
        label: what stands beside the sign; may be empty.
        primary: whether this is the place the message is about (`^^^`) or one that helps to understand it (`---`).
    """

    span: Span
    label: str
    primary: bool


def render_marks(
    marks: Sequence[Mark],
    *,
    width: int = 100,
    colour: bool = False,
    indent: int = 0,
    tone: str = "red",
    context: int = 0,
) -> str:
    """The marked lines of one or several files, each file once; the one with the first primary mark first.

    Args:
        marks: what to show; in any order.
        width: how many columns a line of source may take, gutter included; labels are not cut.
        colour: whether to use ANSI colours.
        indent: how many columns to move everything to the right.
        tone: the colour of primary marks: `red`, `yellow`, `cyan` or `green`.
        context: how many lines to show before and after each marked line.

    Returns:
        Lines without a line end behind the last; empty if there are no marks.
    """
    if not marks:
        return ""
    groups: dict[Document, list[Mark]] = {}
    for mark in sorted(marks, key=lambda mark: not mark.primary):
        groups.setdefault(mark.span.doc, []).append(mark)
    shown = {doc: _lines_to_show(doc, group, context) for doc, group in groups.items()}
    digits = len(str(max(lines[-1] for lines in shown.values())))
    pen = _Pen(
        colour=colour,
        tone=_TONES.get(tone, _TONES["red"]),
        digits=digits,
        width=max(_LEAST_WIDTH, width - indent - digits - 3),
    )
    lines: list[str] = []
    for number, (doc, group) in enumerate(groups.items()):
        first = group[0].span
        line, column = doc.position(first.start)
        arrow = "-->" if number == 0 else ":::"
        lines.append(" " * digits + pen.quiet(arrow) + f" {clean(doc.path)}:{line}:{column}")
        lines.append(pen.gutter(""))
        lines += _render_file(doc, group, shown[doc], pen)
    return "\n".join((" " * indent + line).rstrip() for line in lines)


def clean(text: str) -> str:
    """A text as it may be shown: line breaks as spaces, control characters made visible and harmless."""
    if text.isprintable():  # nearly every text; no character of one is a control character
        return text
    return "".join(_cell(char) or char for char in _BREAKS.sub(" ", text).replace("\t", " "))


def display_width(text: str) -> int:
    """How many columns a terminal takes for a text without control characters."""
    return len(text) if text.isascii() else sum(_char_width(char) for char in text)


# ---------------------------------------------------------------------------------------------------------------------
# Characters


def _cell(char: str) -> str:
    """What to show in place of a character that must not reach the terminal as it is; empty for all others."""
    code = ord(char)
    if 0x20 <= code < 0x7F:
        return ""
    if code < 0x20:
        return chr(0x2400 + code)  # the picture of a control character
    if code == 0x7F:
        return "\u2421"
    category = unicodedata.category(char)
    if category in ("Cc", "Cs", "Zl", "Zp") or (category == "Cf" and char not in _JOINERS):
        return _REPLACEMENT  # among them the signs that turn the direction of writing
    return ""


def _char_width(char: str) -> int:
    if " " <= char <= "~":
        return 1
    if char in _JOINERS or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


class _Cells:
    """A source line as it is shown: for each character what is printed, and at which column it begins."""

    __slots__ = ("columns", "printed")

    columns: list[int]
    printed: list[str]

    def __init__(self, line: str) -> None:
        if line.isascii() and line.isprintable():
            self.printed = list(line)
            self.columns = list(range(len(line) + 1))
            return
        self.printed = []
        self.columns = [0]
        column = 0
        for char in line:
            if char == "\t":
                printed = " " * (TAB - column % TAB)
                column += len(printed)
            else:
                printed = _cell(char) or char
                column += _char_width(printed)
            self.printed.append(printed)
            self.columns.append(column)

    @property
    def width(self) -> int:
        return self.columns[-1]

    def column(self, index: int) -> int:
        """The column at which the character number `index` begins; beyond the end, that many columns beyond."""
        last = len(self.columns) - 1
        return self.columns[index] if index <= last else self.columns[last] + index - last

    def window(self, left: int, right: int) -> str:
        """What stands in the columns from `left` up to `right`; a wide character that is cut becomes a space."""
        if left <= 0 and right >= self.width:
            return "".join(self.printed)
        pieces: list[str] = []
        for index, printed in enumerate(self.printed):
            start, end = self.columns[index], self.columns[index + 1]
            if start >= left and end <= right and (start < right or end == start):
                pieces.append(printed)
            elif start < right and end > left:
                pieces.append(" " * (min(end, right) - max(start, left)))
        return "".join(pieces)


# ---------------------------------------------------------------------------------------------------------------------
# Lines


class _Pen:
    """Colours, and the gutter."""

    __slots__ = ("colour", "digits", "tone", "width")

    def __init__(self, *, colour: bool, tone: str, digits: int, width: int) -> None:
        self.colour = colour
        self.tone = tone
        self.digits = digits
        self.width = width

    def quiet(self, text: str) -> str:
        return f"{_QUIET}{text}{_RESET}" if self.colour and text else text

    def draw(self, text: str, *, primary: bool) -> str:
        if not self.colour or not text.strip():
            return text
        return f"{self.tone if primary else _QUIET}{text}{_RESET}"

    def gutter(self, number: int | str) -> str:
        return self.quiet(f"{number:>{self.digits}} |")

    def fold(self) -> str:
        return self.quiet(_FOLD)


class _Underline(msgspec.Struct, frozen=True):
    """A mark on one line, in columns of what is shown."""

    start: int
    end: int
    label: str
    primary: bool


def _line_of(doc: Document, mark: Mark) -> int:
    return doc.position(mark.span.start)[0]


def _lines_to_show(doc: Document, marks: list[Mark], context: int) -> list[int]:
    marked = sorted({_line_of(doc, mark) for mark in marks})
    last = max(doc.line_count, marked[-1])
    wanted: set[int] = set()
    for line in marked:
        wanted.update(range(max(1, line - context), min(last, line + context) + 1))
    lines: list[int] = []
    for line in sorted(wanted):
        if lines and line - lines[-1] == 2:
            lines.append(line - 1)
        lines.append(line)
    return lines


def _render_file(doc: Document, marks: list[Mark], shown: list[int], pen: _Pen) -> list[str]:
    by_line: dict[int, list[Mark]] = {}
    for mark in marks:
        by_line.setdefault(_line_of(doc, mark), []).append(mark)
    lines: list[str] = []
    previous: int | None = None
    for number in shown:
        if previous is not None and number > previous + 1:
            lines.append(pen.fold())
        previous = number
        lines += _render_line(doc, number, by_line.get(number, []), pen)
    return lines


def _render_line(doc: Document, number: int, marks: list[Mark], pen: _Pen) -> list[str]:
    """A source line, and what is said below it."""
    line = doc.line_text(number)
    base, stop = _stretch(doc.line_start(number), len(line), marks, pen.width)
    cells = _Cells(line[base:stop])
    underlines = [_underline(doc, number, mark, cells, base) for mark in marks]
    left, right = _window(cells, underlines, pen.width)
    source = cells.window(left, right)
    if left > 0 or base > 0:
        source = _ELLIPSIS + _cut_left(source)
    if right < cells.width or stop < len(line):
        source = _cut_right(source) + _ELLIPSIS
    moved = [_clip(underline, left, right) for underline in underlines]
    return [f"{pen.gutter(number)} {source}", *(f"{pen.gutter('')} {row}" for row in _rows(moved, pen))]


def _stretch(line_start: int, length: int, marks: list[Mark], width: int) -> tuple[int, int]:
    """Which of a line's characters are looked at: of a very long line (JSON on one line) only those near the marks."""
    if length <= 8 * width or not marks:
        return 0, min(length, 8 * width)
    wanted = [mark for mark in marks if mark.primary] or marks
    first = min(mark.span.start for mark in wanted) - line_start
    base = max(0, min(first, length) - 4 * width)
    return base, min(length, base + 8 * width)


def _cut_left(text: str) -> str:
    """Without what stands in the first column."""
    index = 0
    width = 0
    while index < len(text) and width < 1:
        width += _char_width(text[index])
        index += 1
    while index < len(text) and _char_width(text[index]) == 0:
        index += 1
    return " " * (width - 1) + text[index:]


def _cut_right(text: str) -> str:
    """Without what stands in the last column."""
    index = len(text)
    width = 0
    while index > 0 and width < 1:
        index -= 1
        width += _char_width(text[index])
    return text[:index] + " " * (width - 1)


def _underline(doc: Document, number: int, mark: Mark, cells: _Cells, base: int) -> _Underline:
    line_start = doc.line_start(number) + base
    start = cells.column(max(0, mark.span.start - line_start))
    end_line, end_column = doc.position(max(mark.span.end, mark.span.start))
    label = clean(mark.label)
    if end_line > number and not (end_line == number + 1 and end_column == 1):
        end = max(cells.width, start + 1)
        last = end_line if end_column > 1 else end_line - 1
        label = f"{label} (to line {last})" if label else f"to line {last}"
    elif end_line > number:
        end = max(cells.width, start + 1)
    else:
        end = max(cells.column(max(0, mark.span.end - line_start)), start + 1)
    return _Underline(start, end, label, mark.primary)


def _window(cells: _Cells, underlines: list[_Underline], room: int) -> tuple[int, int]:
    """The columns to show of a line, so that it fits and the marks are seen."""
    if cells.width <= room or not underlines:
        return 0, min(cells.width, room)
    wanted = [underline for underline in underlines if underline.primary] or underlines
    start, end = min(underline.start for underline in wanted), max(underline.end for underline in wanted)
    if end <= room - 1:
        return 0, room
    before = max(room - (end - start) - 2, room // 4) if end - start < room else room // 8
    left = max(0, min(start - min(before, room // 2), cells.width - room))
    return left, min(left + room, cells.width)


def _clip(underline: _Underline, left: int, right: int) -> _Underline:
    """An underline in the columns of a window; one that is outside of it becomes a sign at its edge."""
    width = max(1, right - left)
    start = min(max(underline.start - left, 0), width)
    end = min(max(underline.end - left, start + 1), max(width, start + 1))
    return replace(underline, start=start, end=end)


def _rows(underlines: list[_Underline], pen: _Pen) -> list[str]:
    """The lines below a source line: signs and labels, the last beside its sign, the others hanging below theirs."""
    if not underlines:
        return []
    ordered = sorted(
        dict.fromkeys(underlines), key=lambda underline: (underline.start, underline.end, underline.primary)
    )
    canvas = _Canvas()
    for primary in (False, True):
        for underline in ordered:
            if underline.primary is primary:
                canvas.put(
                    0, underline.start, ("^" if primary else "-") * (underline.end - underline.start), primary=primary
                )
    hanging = [underline for underline in ordered if underline.label]
    beside = max(ordered, key=lambda underline: (underline.end, underline.start, underline.primary))
    if beside.label:
        canvas.put(0, beside.end + 1, beside.label, primary=beside.primary)
        hanging.remove(beside)
    row = 1
    if hanging:
        for underline in hanging:
            canvas.put(row, underline.start, "|", primary=underline.primary)
        for place in range(len(hanging) - 1, -1, -1):
            row += 1
            underline = hanging[place]
            for other in hanging[:place]:
                if other.start < underline.start:
                    canvas.put(row, other.start, "|", primary=other.primary)
            canvas.put(row, underline.start, underline.label, primary=underline.primary)
    return canvas.lines(pen)


class _Canvas:
    """Rows of coloured characters, a column each; a wide character takes its own and leaves the next empty."""

    __slots__ = ("rows",)

    def __init__(self) -> None:
        self.rows: list[dict[int, tuple[str, bool | None]]] = []

    def put(self, row: int, column: int, text: str, *, primary: bool) -> None:
        while len(self.rows) <= row:
            self.rows.append({})
        cells = self.rows[row]
        for char in text:
            width = _char_width(char)
            if width == 0 and column - 1 in cells:
                before, _ = cells[column - 1]
                cells[column - 1] = (before + char, primary)
                continue
            cells[column] = (char, primary)
            for extra in range(1, width):
                cells[column + extra] = ("", primary)
            column += width

    def lines(self, pen: _Pen) -> list[str]:
        lines: list[str] = []
        for cells in self.rows:
            pieces: list[str] = []
            blank = (" ", None)
            columns = range(max(cells, default=-1) + 1)
            for tone, run in groupby((cells.get(column, blank) for column in columns), key=itemgetter(1)):
                text = "".join(char for char, _ in run)
                pieces.append(text if tone is None else pen.draw(text, primary=tone))
            lines.append("".join(pieces))
        return lines
