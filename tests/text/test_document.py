from __future__ import annotations

import codecs
import hashlib
import os
import pathlib

import pytest

from stockade.text.document import Document, Problem, Span, decode_document, printable, read_document


def write(folder: pathlib.Path, data: bytes) -> pathlib.Path:
    path = folder / "f.yaml"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "text", "bom", "encoding"),
    [
        (b"a: \xc3\xa9\n", "a: é\n", False, "utf-8"),
        (codecs.BOM_UTF8 + b"a: 1\r\n", "a: 1\r\n", True, "utf-8"),
        (codecs.BOM_UTF16_LE + "a: 𝄞".encode("utf-16-le"), "a: 𝄞", True, "utf-16-le"),
        (codecs.BOM_UTF16_BE + "a: é".encode("utf-16-be"), "a: é", True, "utf-16-be"),
        (b"", "", False, "utf-8"),
        (codecs.BOM_UTF8 * 2 + b"x", "\ufeffx", True, "utf-8"),
    ],
)
def test_what_can_be_decoded(tmp_path: pathlib.Path, data: bytes, text: str, *, bom: bool, encoding: str) -> None:
    doc = read_document(write(tmp_path, data), "x/f.yaml")
    assert isinstance(doc, Document)
    assert (doc.path, doc.text, doc.bom, doc.encoding) == ("x/f.yaml", text, bom, encoding)
    assert doc.digest == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: 1\nb: \xff\n", "is not UTF-8: byte 0xff on line 2"),
        (b"a: \xe4\n", "is not UTF-8: byte 0xe4 on line 1"),
        (codecs.BOM_UTF16_LE + b"a\0\n\0b", "is not UTF-16: byte 0x62 on line 2"),
        (b"a\nb\0c", "holds a NUL byte (line 2), so it is not text"),
        ("a: é".encode("utf-16-le"), "is not UTF-8: byte 0xe9 on line 1"),
    ],
)
def test_what_cannot_be_decoded(tmp_path: pathlib.Path, data: bytes, message: str) -> None:
    problem = read_document(write(tmp_path, data), "f.yaml")
    assert isinstance(problem, Problem)
    assert (problem.message, problem.kind, problem.path, problem.span) == (message, "encoding", "f.yaml", None)
    assert "UTF-8" in problem.remedy


def test_a_file_above_the_limit_is_refused_with_the_limit(tmp_path: pathlib.Path) -> None:
    path = write(tmp_path, b"x" * 2048)
    assert isinstance(read_document(path, "f", max_bytes=2048), Document)
    problem = read_document(path, "f", max_bytes=1024)
    assert isinstance(problem, Problem)
    assert problem.kind == "too-large"
    assert problem.message == "is larger than 1 KiB, the limit for one file (2 KiB)"


def test_a_sparse_file_is_not_read_whole(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "big"
    with path.open("wb") as stream:
        stream.truncate(1 << 40)
    problem = read_document(path, "big")
    assert isinstance(problem, Problem)
    assert problem.kind == "too-large"
    assert "20 MiB" in problem.message


def test_what_is_no_readable_file(tmp_path: pathlib.Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    cases = {
        tmp_path: "is a directory, not a file",
        tmp_path / "fifo": "is a device, a socket or a pipe, not a file",
        pathlib.Path("/dev/zero"): "is a device, a socket or a pipe, not a file",
        tmp_path / "none": "can't be read: no such file or directory",
        tmp_path / "loop": "can't be read: too many levels of symbolic links",
        tmp_path / "a\0b": "can't be read: its name holds a null character",
        tmp_path / ("x" * 300): "can't be read: file name too long",
    }
    for path, message in cases.items():
        problem = read_document(path, "shown")
        assert isinstance(problem, Problem)
        assert problem.message.startswith(message)
        assert (problem.kind, problem.path) == ("unreadable", "shown")
        assert problem.remedy


def test_a_file_without_permission(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated, since nothing keeps root from reading."""
    path = write(tmp_path, b"x")

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    problem = read_document(path, "f")
    assert isinstance(problem, Problem)
    assert problem.message == "can't be read: permission denied"


def test_no_descriptor_is_left_open(tmp_path: pathlib.Path) -> None:
    before = len(list(pathlib.Path("/proc/self/fd").iterdir()))
    for path in (tmp_path, tmp_path / "none", write(tmp_path, b"\xff"), pathlib.Path("/dev/null")):
        read_document(path, "f")
    assert len(list(pathlib.Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize(
    ("path", "text", "syntax"),
    [
        ("a/b.yaml", "{", "yaml"),
        ("B.YML", "", "yaml"),
        ("x.json", "a: 1", "json"),
        ("samconfig.toml", "", "toml"),
        ("x.template", ' \n{"a": 1}', "json"),
        ("x.template", "a: 1", "yaml"),
        ("x.template.json", "", "json"),
        ("README", "", "text"),
        ("a.yaml/b", "", "text"),
        (".yaml", "", "yaml"),
        ("-", "[", "json"),
        ("-", "a: 1", "yaml"),
    ],
)
def test_the_syntax_is_guessed(path: str, text: str, syntax: str) -> None:
    assert Document(path, text).syntax == syntax
    assert Document(path, text, syntax="toml").syntax == "toml"


@pytest.mark.parametrize(
    ("text", "newline"),
    [("", "\n"), ("a\nb", "\n"), ("a\r\nb\r\n", "\r\n"), ("a\r\nb\nc\n", "\n"), ("a\r\nb\n", "\r\n")],
)
def test_the_dominant_line_end(text: str, newline: str) -> None:
    assert Document("f", text).newline == newline


def test_positions() -> None:
    doc = Document("f", "é𝄞\r\nb\n\rlast")
    assert [doc.position(offset) for offset in (0, 2, 3, 4, 5, 6, 7, 11)] == [
        (1, 1), (1, 3), (1, 4), (2, 1), (2, 2), (3, 1), (4, 1), (4, 5)
    ]  # fmt: skip
    assert doc.position(-5) == (1, 1)
    assert doc.position(99) == (4, 5)
    assert [doc.line_text(line) for line in range(6)] == ["", "é𝄞", "b", "", "last", ""]
    assert doc.line_count == 4
    assert (doc.offset(2, 2), doc.offset(1, 99), doc.offset(9), doc.line_start(4), doc.line_start(9)) == (
        5,
        2,
        11,
        7,
        11,
    )


@pytest.mark.parametrize(("text", "count"), [("", 1), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n\n", 2), ("a\r", 1)])
def test_line_count(text: str, count: int) -> None:
    assert Document("f", text).line_count == count


def test_spans() -> None:
    doc, other = Document("f", "ab\ncd\n"), Document("f", "ab\ncd\n")
    span = doc.span(1, 5)
    assert (span.text, span.line, span.column, span.end_line, span.end_column) == ("b\ncd", 1, 2, 2, 3)
    assert span.covers(Span(doc, 1, 5))
    assert span.covers(Span(doc, 2, 2))
    assert not span.covers(Span(doc, 0, 2))
    assert not span.covers(Span(other, 1, 5))
    assert [span.contains(offset) for offset in (0, 1, 4, 5)] == [False, True, True, False]
    assert Span(doc, 3, 3).contains(3)
    assert doc != other
    assert span != Span(other, 1, 5)
    assert len({doc, other, doc}) == 2
    assert len({span, doc.span(1, 5), other.span(1, 5)}) == 2


def test_a_document_made_with_a_byte_order_mark_has_one() -> None:
    doc = Document("f", "\ufeffx")
    assert (doc.text, doc.bom) == ("x", True)
    assert doc.digest == hashlib.sha256(codecs.BOM_UTF8 + b"x").hexdigest()


def test_a_lone_surrogate_can_be_written() -> None:
    assert Document("f", "").encode("a\ud800b") == "a\ufffdb".encode()


def test_bytes_of_an_archive_member() -> None:
    doc = decode_document(b'{"a": 1}', "x.zip!a", syntax="json")
    assert isinstance(doc, Document)
    assert doc.syntax == "json"


def test_printable() -> None:
    assert printable("a\x1b[31m\u202eb\n") == "a�[31m�b�"
    assert printable("x" * 100, 10) == "xxxxxxxxx…"
