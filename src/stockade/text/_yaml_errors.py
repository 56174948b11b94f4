"""What to say about a YAML syntax error, and how to read around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from stockade.patterns import regex
from stockade.text.document import Document, Problem, Span

if TYPE_CHECKING:
    import yaml


class Failure(NamedTuple):
    """Why a reading stopped.

    Attributes:
        kind: `syntax` or `limit`.
        problem: PyYAML's words, or ours for a limit.
        context: what was being read, in PyYAML's words.
        offset: where it stopped.
        opened: where what was being read began, if that is known.
        whole: whether no part of the file can be used.
    """

    kind: str
    problem: str
    context: str
    offset: int
    opened: int | None
    whole: bool = False

    @classmethod
    def of(cls, error: yaml.MarkedYAMLError) -> Failure:
        """From PyYAML's exception."""
        mark, context_mark = error.problem_mark, error.context_mark
        opened = None if context_mark is None else context_mark.index
        offset = opened or 0 if mark is None else mark.index
        return cls("syntax", error.problem or "", error.context or "", offset, opened)

    @property
    def blamed(self) -> int:
        """The offset of what has to be mended: where an unclosed thing opens, else where reading stopped."""
        if self.opened is not None and ("scanning" in self.context or "flow" in self.context):
            return self.opened
        return self.offset


# ---------------------------------------------------------------------------------------------------------------------
# In plain words


class _Words(NamedTuple):
    pattern: str
    message: str
    remedy: str
    at_opening: bool = False


_WORDS = (
    _Words(
        r"while scanning a quoted scalar \| found unexpected (end of stream|document)",
        "a quote opens here and is never closed",
        "close the quote",
        at_opening=True,
    ),
    _Words(
        r"flow sequence",
        "the list that opens here with [ lacks a comma or its ]",
        "put a comma between its items, and ] after the last",
        at_opening=True,
    ),
    _Words(
        r"flow mapping",
        "the mapping that opens here with { lacks a comma or its }",
        "put a comma between its entries, and } after the last",
        at_opening=True,
    ),
    _Words(
        r"while scanning an? (alias|anchor)",
        "a value that begins with * or & is read as an alias or an anchor, and this is none",
        "put the value in quotes",
    ),
    _Words(
        r"could not find expected ':'",
        "a key without a colon and a space after it",
        "put ': ' after the key; or, if it belongs to the text above, indent it or put that text in quotes",
        at_opening=True,
    ),
    _Words(
        r"mapping values are not allowed",
        "a colon makes this a key, where there can't be one",
        "check the indentation of this line and the one before; put a text that holds ': ' in quotes; "
        "write a space after a key's colon",
    ),
    _Words(
        r"(escape|hexdecimal|hexadecimal)",
        "a backslash in a double-quoted text begins an escape that YAML does not know",
        "write \\\\ for a backslash, or use single quotes",
    ),
    _Words(
        r"found a tab character|found character '\\t'",
        "a tab is used for indentation",
        "indent with spaces",
    ),
    _Words(
        r"block sequence entries are not allowed",
        "a list item can't stand here",
        "put each '- ' on a line of its own, under the key",
    ),
    _Words(
        r"did not find expected '-' indicator|block collection",
        "this line is neither an item of the list above nor aligned with anything else",
        "begin each item with '- ', all of them at the same indentation",
    ),
    _Words(
        r"did not find expected key|while parsing a block mapping",
        "this line fits nothing above it",
        "align it with the keys that it belongs to; check that a quote, a bracket or a colon before it is not missing",
    ),
    _Words(
        r"expected comment or (a )?line break",
        "text stands behind | or > on the same line",
        "begin the text on the next line, indented",
    ),
    _Words(
        r"<?document start>?",
        "something follows the end of the document",
        "check its indentation; write '---' before a second document",
    ),
    _Words(r"node content", "a value is missing here", "write the value, or null"),
    _Words(r"tag handle", "a tag begins with a handle that is not declared", "write the tag with a single !"),
)


def explain(doc: Document, failure: Failure, skipped: tuple[int, int] | None) -> Problem:
    """The problem that a failure is for people, with what was left out because of it."""
    if failure.kind == "limit":
        message, remedy, offset = failure.problem, "split the file, or write it with fewer levels", failure.offset
        if failure.whole:
            remedy = "write the values out, or use fewer aliases of aliases"
    else:
        message, remedy, offset = _words(doc, failure)
    span = _token_at(doc, offset)
    left_out: Span | None = None
    if skipped is not None:
        left_out = Span(doc, *skipped)
        message += f"; {_name_of(left_out)} left out"
    return Problem(message, remedy, span, doc.path, failure.kind, left_out)


def _words(doc: Document, failure: Failure) -> tuple[str, str, int]:
    char = doc.text[failure.offset : failure.offset + 1]
    if "cannot start any token" in failure.problem:
        if char == "\t":
            return "a tab is used for indentation", "indent with spaces", failure.offset
        return f"a value can't begin with {char}", "put the value in quotes", failure.offset
    said = f"{failure.context} | {failure.problem}"
    for words in _WORDS:
        if re.search(words.pattern, said):
            at_opening = words.at_opening and failure.opened is not None
            return words.message, words.remedy, failure.blamed if at_opening else failure.offset
    return f"is not valid YAML: {failure.problem}", "correct the line", failure.offset


def _token_at(doc: Document, offset: int) -> Span:
    """The word at an offset, to have something to underline; at the text's end, the end of the last line with text."""
    text = doc.text
    offset = min(offset, len(text))
    if not text[offset:].strip():
        offset = len(text.rstrip())
        return Span(doc, offset, offset)
    match = re.compile(r"[\t ]+|[\w.:$/-]+|.").match(text, offset)
    return Span(doc, offset, offset if match is None else match.end())


def _name_of(span: Span) -> str:
    first = span.text.strip()
    match = re.match(r"""["']?([\w:.\-/ ]{1,60}?)["']?\s*:(?:\s|$)""", first)
    name = f"{match.group(1)} " if match else ""
    last_line = span.doc.position(max(span.start, span.end - 1))[0]
    if last_line == span.line:
        return f"{name}(line {span.line}) is" if name else f"line {span.line} is"
    return f"{name}(lines {span.line}-{last_line}) is" if name else f"lines {span.line}-{last_line} are"


# ---------------------------------------------------------------------------------------------------------------------
# Reading around it

_LINE = regex(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_NOT_BREAK = regex(r"[^\r\n]")
_MISSING_SPACE = regex(r"\s*(?:- )?[\w-]+:[^\s]")


class _Line(NamedTuple):
    start: int
    end: int
    indent: int
    """How far it is indented; -1 for a line that says nothing about structure: empty, or only a comment."""
    begins_document: bool


def blank_out(text: str, failure: Failure, *, to_end: bool) -> tuple[str, tuple[int, int] | None]:
    """The text with the block that holds the failure overwritten by spaces, and where that block is.

    The block is the entry of a top-level section (a resource) that holds the failure; or the section; or, if these
    are blank already or `to_end` is set, everything from the section on. None when there is nothing left to blank.
    """
    lines = _lines(text)
    place = _line_at(lines, failure.blamed)
    if "mapping values" in failure.problem and place > 0:
        before = place - 1
        while before > 0 and lines[before].indent < 0:
            before -= 1
        same = lines[before].indent == lines[place].indent
        if same and _MISSING_SPACE.match(text[lines[before].start : lines[before].end]):
            place = before
    for start, end in _candidates(text, lines, place, to_end=to_end):
        block = text[start:end]
        if block.strip():
            trimmed_start = start + len(block) - len(block.lstrip())
            blanked = text[:start] + _NOT_BREAK.sub(" ", block) + text[end:]
            return blanked, (trimmed_start, start + len(block.rstrip()))
    return text, None


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    position = 0
    while position < len(text) or not lines:
        match = _LINE.match(text, position)
        end = len(text) if match is None else match.end()
        content = text[position:end]
        stripped = content.lstrip(" \t")
        indent = len(content[: len(content) - len(stripped)].expandtabs(8))
        bare = stripped.strip()
        if not bare or bare.startswith("#"):
            indent = -1
        marker = content.startswith(("---", "...")) and not content[3:4].strip()
        lines.append(_Line(position, end, indent, marker))
        position = end
    return lines


def _line_at(lines: list[_Line], offset: int) -> int:
    """The line that holds an offset, or the last before it that has text."""
    place = next((number for number, line in enumerate(lines) if offset < line.end), len(lines) - 1)
    while place > 0 and lines[place].indent < 0:
        place -= 1
    return place


def _candidates(text: str, lines: list[_Line], place: int, *, to_end: bool) -> list[tuple[int, int]]:
    """Blocks around a line, from small to large, as offsets."""
    first, last = place, place
    while first > 0 and not lines[first].begins_document:
        first -= 1
    if lines[first].begins_document and first < place:
        first += 1
    while last + 1 < len(lines) and not lines[last + 1].begins_document:
        last += 1

    def begins_section(number: int) -> bool:
        line = lines[number]
        return line.indent == 0 and not text.startswith(("- ", "-\n", "-\r", "}", "]"), line.start)

    head = place
    while head > first and not begins_section(head):
        head -= 1
    tail = place
    while tail < last and not begins_section(tail + 1):
        tail += 1
    found: list[tuple[int, int]] = []
    if not to_end:
        inner = [number for number in range(head + 1, tail + 1) if lines[number].indent >= 0]
        if head < place and inner:
            level = lines[inner[0]].indent
            begin, finish = place, place
            while begin > head + 1 and not 0 <= lines[begin].indent <= level:
                begin -= 1
            while finish < tail and not 0 <= lines[finish + 1].indent <= level:
                finish += 1
            found.append((lines[begin].start, lines[finish].end))
        found.append((lines[head].start, lines[tail].end))
    found.append((lines[head].start, lines[last].end))
    found.append((lines[first].start, lines[last].end))
    found.append((0, len(text)))
    return found
