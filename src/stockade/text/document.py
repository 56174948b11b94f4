"""A file's text, and places in it.

Offsets are counted in characters of `Document.text` everywhere inside Stockade; lines and columns are computed only
where a person, an editor or a report asks for them.
"""

from __future__ import annotations

import bisect
import codecs
import os
import stat
from itertools import accumulate
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from stockade.patterns import regex

if TYPE_CHECKING:
    import pathlib

MAX_BYTES = 20 * 1024 * 1024
"""The size in bytes from which `read_document` refuses a file, unless told otherwise."""

_BOM = "\ufeff"
_ANY_BREAK = regex(r"\r\n?|\n")
_SYNTAX_BY_SUFFIX = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".toml": "toml",
    ".tf": "hcl",
    ".tofu": "hcl",
    ".tfvars": "hcl",
    ".hcl": "hcl",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
}
_SNIFFED_SUFFIXES = frozenset({".template", ".cfn", ".cform", ".sam"})


class Document:
    r"""The decoded text of one file, with what is needed to name places in it and to write it back as it was.

    Two documents are equal only when they are the same object, so that a span is never mistaken for one in another
    reading of the file.

    Attributes:
        path: POSIX path relative to the scanned root; `-` for standard input.
        text: the text without a byte order mark, with the line ends that the file has.
        bom: whether the file began with a byte order mark.
        newline: the line end used most, `"\n"` or `"\r\n"`.
        syntax: `yaml`, `json`, `toml`, `hcl`, `typescript`, `javascript` or `text`; guessed from the path (and, for
            `.template`, the text) unless given.
        encoding: `utf-8`, `utf-16-le` or `utf-16-be`: how the bytes were decoded, and `encode` writes them.
        layout: what the edits of this document know about it, once there has been one; theirs alone.
    """

    __slots__ = ("_digest", "_starts", "bom", "encoding", "layout", "newline", "path", "syntax", "text")

    path: str
    text: str
    bom: bool
    newline: str
    syntax: str
    encoding: str
    layout: dict[str, Any]
    _digest: str | None
    _starts: list[int] | None

    def __init__(
        self,
        path: str,
        text: str,
        *,
        syntax: str | None = None,
        bom: bool = False,
        encoding: str = "utf-8",
    ) -> None:
        self.path = path
        self.bom = bom or text.startswith(_BOM)
        self.text = text.removeprefix(_BOM)
        self.encoding = encoding
        self.newline = _dominant_newline(self.text)
        self.syntax = syntax if syntax is not None else guess_syntax(path, self.text)
        self.layout = {}
        self._digest = None
        self._starts = None

    def __repr__(self) -> str:
        return f"Document({self.path!r}, {len(self.text)} characters, {self.syntax})"

    @property
    def digest(self) -> str:
        """The SHA-256 of the file's bytes, in hexadecimal."""
        if self._digest is None:
            import hashlib  # loads OpenSSL, which reading a file does without

            self._digest = hashlib.sha256(self.encode(_BOM + self.text if self.bom else self.text)).hexdigest()
        return self._digest

    @property
    def line_count(self) -> int:
        """How many lines the text has; an end of line at the very end does not begin another one. At least 1."""
        starts = self._line_starts()
        return max(1, len(starts) - (starts[-1] == len(self.text)))

    def encode(self, text: str) -> bytes:
        """The bytes to write for `text` in this file's encoding; a byte order mark there is to be is in `text`.

        A lone surrogate, which no encoding can hold, is written as U+FFFD.
        """
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError:
            return _LONE_SURROGATE.sub("\ufffd", text).encode(self.encoding)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column (both from 1, the column in characters) of an offset.

        An offset outside of the text is taken to the nearest end.
        """
        starts = self._line_starts()
        offset = min(max(offset, 0), len(self.text))
        line = bisect.bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def offset(self, line: int, column: int = 1) -> int:
        """The offset of a line and column (both from 1); beyond the line's end it is the line's end."""
        starts = self._line_starts()
        if line > len(starts):
            return len(self.text)
        start = starts[max(line, 1) - 1]
        return start + min(max(column, 1) - 1, len(self.line_text(max(line, 1))))

    def line_start(self, line: int) -> int:
        """The offset at which a line (from 1) begins; beyond the last line, the end of the text."""
        starts = self._line_starts()
        return starts[max(line, 1) - 1] if line <= len(starts) else len(self.text)

    def line_text(self, line: int) -> str:
        """The text of a line (from 1) without its end; empty for a line that does not exist."""
        starts = self._line_starts()
        if not 1 <= line <= len(starts):
            return ""
        end = starts[line] if line < len(starts) else len(self.text)
        return self.text[starts[line - 1] : end].rstrip("\r\n")

    def span(self, start: int, end: int) -> Span:
        """A span of this document."""
        return Span(self, start, end)

    def _line_starts(self) -> list[int]:
        starts = self._starts
        if starts is None:
            text = self.text
            if "\r" in text:
                starts = [0, *(match.end() for match in _ANY_BREAK.finditer(text))]
            else:
                starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))
                starts.pop()
            self._starts = starts
        return starts


_LONE_SURROGATE = regex("[\ud800-\udfff]")


class Span(msgspec.Struct, frozen=True, gc=False):
    """A stretch of a document, from `start` up to but not including `end`, in characters."""

    doc: Document
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text that the span covers."""
        return self.doc.text[self.start : self.end]

    @property
    def line(self) -> int:
        """The line, from 1, on which the span begins."""
        return self.doc.position(self.start)[0]

    @property
    def column(self) -> int:
        """The column, from 1 and in characters, at which the span begins."""
        return self.doc.position(self.start)[1]

    @property
    def end_line(self) -> int:
        """The line, from 1, of the first character after the span."""
        return self.doc.position(self.end)[0]

    @property
    def end_column(self) -> int:
        """The column, from 1 and in characters, of the first character after the span."""
        return self.doc.position(self.end)[1]

    def covers(self, other: Span) -> bool:
        """Whether `other` lies in the same document and wholly inside this span (or is the same)."""
        return other.doc is self.doc and self.start <= other.start and other.end <= self.end

    def contains(self, offset: int) -> bool:
        """Whether the character at `offset` belongs to the span; an empty span contains its own place."""
        return self.start <= offset < self.end or self.start == offset == self.end

    def __repr__(self) -> str:
        return f"Span({self.doc.path!r}, {self.start}, {self.end})"


class Problem(msgspec.Struct, frozen=True):
    """Something that keeps a file, or a part of it, from being read.

    It is a value, never raised: what could not be read has to reach the report.

    Attributes:
        message: what is wrong, in lower case and the present tense, without the place.
        remedy: what to do about it.
        span: where it is, when it has a place in the text.
        path: the file, as it is shown.
        kind: `unreadable`, `encoding`, `too-large`, `syntax`, `duplicate-key` or `limit`.
        skipped: what was left out of the reading because of it, if something was.
    """

    message: str
    remedy: str
    span: Span | None
    path: str
    kind: str
    skipped: Span | None = None

    KINDS: ClassVar[tuple[str, ...]] = ("unreadable", "encoding", "too-large", "syntax", "duplicate-key", "limit")


def guess_syntax(path: str, text: str) -> str:
    """The syntax a path promises: `yaml`, `json`, `toml`, `hcl`, `typescript`, `javascript` or `text`.

    Terraform's files are HCL, and JSON where their names end so (`.tf.json`). Only for names that promise nothing sure
    (`.template`) the text decides: JSON begins with a bracket.
    """
    name = path.rpartition("/")[2].lower()
    suffix = "." + name.rpartition(".")[2] if "." in name else ""
    known = _SYNTAX_BY_SUFFIX.get(suffix)
    if known is not None:
        return known
    if suffix in _SNIFFED_SUFFIXES or name == "-":
        return "json" if text.lstrip()[:1] in ("{", "[") else "yaml"
    return "text"


def read_document(path: pathlib.Path | str, shown: str, *, max_bytes: int = MAX_BYTES) -> Document | Problem:
    """Read a file; what keeps it from being read is the answer, not an exception.

    Args:
        path: where the file is.
        shown: how it is named to people: POSIX, relative to the scanned root.
        max_bytes: the size from which it is refused, without having been read whole.
    """
    try:
        # O_NONBLOCK: opening a FIFO without a writer would wait for ever otherwise.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except IsADirectoryError:
        return _not_a_file(shown, "is a directory")
    except (OSError, ValueError) as error:
        if path_is_directory(path):
            return _not_a_file(shown, "is a directory")
        return _unreadable(shown, error)
    try:
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if stat.S_ISDIR(status.st_mode):
                return _not_a_file(shown, "is a directory")
            if not stat.S_ISREG(status.st_mode):
                return _not_a_file(shown, "is a device, a socket or a pipe")
            if status.st_size > max_bytes:
                return _too_large(shown, status.st_size, max_bytes)
            data = stream.read(max_bytes + 1)
    except IsADirectoryError:  # what fdopen says of a directory's descriptor
        os.close(descriptor)
        return _not_a_file(shown, "is a directory")
    except OSError as error:
        return _unreadable(shown, error)
    return decode_document(data, shown, max_bytes=max_bytes)


def path_is_directory(path: pathlib.Path | str) -> bool:
    """Whether the path is a directory; a path that cannot be asked is none."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116 (a Path of any kind, errors included)
    except (OSError, ValueError):
        return False


def decode_document(
    data: bytes, shown: str, *, syntax: str | None = None, max_bytes: int = MAX_BYTES
) -> Document | Problem:
    """Make a document from bytes (of an archive's member, of standard input); like `read_document` it never raises.

    UTF-8 with and without byte order mark and UTF-16 with one are read; anything else is a problem.
    """
    if len(data) > max_bytes:
        return _too_large(shown, len(data), max_bytes)
    encoding, mark = "utf-8", 0
    for candidate, marker in (
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
    ):
        if data.startswith(marker):
            encoding, mark = candidate, len(marker)
            break
    try:
        text = data[mark:].decode(encoding)
    except UnicodeDecodeError as error:
        return _undecodable(shown, data[mark:], error, encoding)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return Problem(
            f"holds a NUL byte (line {line}), so it is not text",
            "save the file as UTF-8, or leave it out of the scan if it is a binary file",
            None,
            shown,
            "encoding",
        )
    document = Document(shown, text, syntax=syntax, encoding=encoding)
    document.bom = mark > 0
    document.text = text  # a second byte order mark is text: offsets must stay true to the file
    return document


def printable(text: str, most: int = 60) -> str:
    """A piece of a file's text fit for a message: short, and without control characters."""
    text = _CONTROL.sub("\ufffd", text)
    return text if len(text) <= most else text[: most - 1] + "…"


_CONTROL = regex("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def _dominant_newline(text: str) -> str:
    windows = text.count("\r\n")
    return "\r\n" if windows and windows * 2 >= text.count("\n") else "\n"


def _unreadable(shown: str, error: OSError | ValueError) -> Problem:
    # A ValueError is a path that no file can have; each Python words it in its own way.
    reason = (error.strerror or str(error)) if isinstance(error, OSError) else "its name holds a null character"
    remedies = {
        "FileNotFoundError": "check the spelling of the path",
        "PermissionError": "give the user that scans permission to read it, or leave it out of the scan",
    }
    return Problem(
        f"can't be read: {reason[:1].lower()}{reason[1:]}",
        remedies.get(type(error).__name__, "make the file readable, or leave it out of the scan"),
        None,
        shown,
        "unreadable",
    )


def _not_a_file(shown: str, what: str) -> Problem:
    return Problem(f"{what}, not a file", "name a file", None, shown, "unreadable")


def _too_large(shown: str, size: int, limit: int) -> Problem:
    return Problem(
        f"is larger than {_bytes(limit)}, the limit for one file ({_bytes(size)})",
        "leave it out of the scan, or raise the limit",
        None,
        shown,
        "too-large",
    )


def _bytes(count: int) -> str:
    for unit, size in (("MiB", 1024 * 1024), ("KiB", 1024)):
        if count >= size:
            return f"{count / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{count} bytes"


def _undecodable(shown: str, data: bytes, error: UnicodeDecodeError, encoding: str) -> Problem:
    before = data[: error.start]
    line = (before.count(b"\n") if encoding == "utf-8" else before.decode(encoding, "replace").count("\n")) + 1
    name = "UTF-8" if encoding == "utf-8" else "UTF-16"
    value = f"byte 0x{data[error.start]:02x}" if error.start < len(data) else "an end inside a character"
    return Problem(
        f"is not {name}: {value} on line {line}",
        "save the file as UTF-8, or leave it out of the scan if it is a binary file",
        None,
        shown,
        "encoding",
    )
