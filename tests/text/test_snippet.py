from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.text.document import Document, Span
from stockade.text.snippet import Mark, clean, display_width, render_marks
from tests.support import runaway_guard

TEMPLATE = Document(
    "template.yaml",
    "Resources:\n  Url:\n    Type: AWS::Lambda::Url\n    Properties:\n      AuthType: NONE\n\n\n\n"
    "      Cors: {Origins: ['*'], Methods: [GET]}\n",
)


def mark(text: str, label: str = "", *, primary: bool = True, doc: Document = TEMPLATE) -> Mark:
    start = doc.text.index(text)
    return Mark(Span(doc, start, start + len(text)), label, primary)


def also(text: str, label: str = "", doc: Document = TEMPLATE) -> Mark:
    return mark(text, label, primary=False, doc=doc)


def test_one_mark() -> None:
    assert (
        render_marks([mark("NONE", "anyone can call this")])
        == """\
 --> template.yaml:5:17
  |
5 |       AuthType: NONE
  |                 ^^^^ anyone can call this"""
    )


def test_marks_without_labels() -> None:
    assert (
        render_marks([mark("NONE"), also("AuthType")])
        == """\
 --> template.yaml:5:17
  |
5 |       AuthType: NONE
  |       --------  ^^^^"""
    )


def test_far_lines_are_folded_and_one_line_between_is_shown() -> None:
    assert (
        render_marks([also("Resources", "here"), mark("Type", "there"), also("Cors", "far")])
        == """\
 --> template.yaml:3:5
  |
1 | Resources:
  | --------- here
2 |   Url:
3 |     Type: AWS::Lambda::Url
  |     ^^^^ there
...
9 |       Cors: {Origins: ['*'], Methods: [GET]}
  |       ---- far"""
    )


def test_labels_on_one_line_hang_from_right_to_left() -> None:
    assert (
        render_marks([mark("Origins", "b"), also("Cors", "a"), also("'*'", "c"), also("Methods", "d")])
        == """\
 --> template.yaml:9:14
  |
9 |       Cors: {Origins: ['*'], Methods: [GET]}
  |       ----   ^^^^^^^   ---   ------- d
  |       |      |         |
  |       |      |         c
  |       |      b
  |       a"""
    )


def test_marks_within_marks() -> None:
    assert (
        render_marks([mark("['*']", "the list"), also("'*'", "the item"), also("Origins: ['*']", "the entry")])
        == """\
 --> template.yaml:9:23
  |
9 |       Cors: {Origins: ['*'], Methods: [GET]}
  |              ---------^^^^^ the list
  |              |         |
  |              |         the item
  |              the entry"""
    )


def test_the_same_place_twice() -> None:
    assert (
        render_marks([mark("NONE", "one"), mark("NONE", "two")])
        == """\
 --> template.yaml:5:17
  |
5 |       AuthType: NONE
  |                 ^^^^ one
  |                 |
  |                 two"""
    )


def test_several_lines() -> None:
    text = "Type: AWS::Lambda::Url\n    Properties:\n"
    assert (
        render_marks([mark(text + "      AuthType", "all of it")])
        == """\
 --> template.yaml:3:5
  |
3 |     Type: AWS::Lambda::Url
  |     ^^^^^^^^^^^^^^^^^^^^^^ all of it (to line 5)"""
    )
    assert render_marks([mark(text)]).endswith("^^^^ to line 4")
    assert render_marks([mark("Url\n    Properties:\n")]).count("\n") == 3
    assert render_marks([mark("AuthType: NONE\n")]).endswith("^^^^^^^^^^^^^^")


def test_several_files() -> None:
    other = Document("src/app.py", "\n" * 120 + "import os\n")
    assert (
        render_marks([also("Url", "of this"), mark("os", "this", doc=other)])
        == """\
   --> src/app.py:121:8
    |
121 | import os
    |        ^^ this
   ::: template.yaml:2:3
    |
  2 |   Url:
    |   --- of this"""
    )


def test_context_and_indentation() -> None:
    assert (
        render_marks([mark("Type", "x")], context=1, indent=2)
        == """\
   --> template.yaml:3:5
    |
  2 |   Url:
  3 |     Type: AWS::Lambda::Url
    |     ^^^^ x
  4 |     Properties:"""
    )


@pytest.mark.parametrize(
    ("text", "start", "end", "lines"),
    [
        ("a: 1\n", 5, 5, ["2 |", "  | ^ here"]),
        ("a: 1", 4, 4, ["1 | a: 1", "  |     ^ here"]),
        ("a:\nb: 1\n", 2, 2, ["1 | a:", "  |   ^ here"]),
        ("", 0, 0, ["1 |", "  | ^ here"]),
        ("a\r\nb\r\n", 3, 4, ["2 | b", "  | ^ here"]),
        ("a\n", 1, 2, ["1 | a", "  |  ^ here"]),
    ],
)
def test_empty_spans_and_the_end_of_the_file(text: str, start: int, end: int, lines: list[str]) -> None:
    doc = Document("f", text)
    assert render_marks([Mark(Span(doc, start, end), "here", primary=True)]).split("\n")[2:] == lines


def test_wide_and_combining_characters_and_tabs() -> None:
    doc = Document("f", "\tä: 漢字 e\u0301x\tend")
    assert (
        render_marks([mark("字", "wide", doc=doc), also("x", "x", doc=doc), also("end", "e", doc=doc)])
        == """\
 --> f:1:6
  |
1 |     ä: 漢字 e\u0301x  end
  |          ^^  -  --- e
  |          |   |
  |          |   x
  |          wide"""
    )


def test_nothing_from_the_file_can_control_the_terminal() -> None:
    doc = Document("a\x1b]0;x\x07.yaml", "k\x1b[31m: \u202evil\x7f\u200b \x85\u2028x\ud800\n")
    shown = render_marks([Mark(Span(doc, 0, 1), "\x1b[0m\nlabel\r\u2066", primary=True)])
    assert (
        shown
        == """\
 --> a␛]0;x␇.yaml:1:1
  |
1 | k␛[31m: �vil␡� ��x�
  | ^ ␛[0m label �"""
    )


def test_a_joined_emoji_stays_whole() -> None:
    family = "👩\u200d👧"
    doc = Document("f", f"{family}: x")
    assert family in render_marks([mark("x", doc=doc)])


LONG = Document("f", "k: " + "a" * 100 + "TARGET" + "b" * 200 + " LATER\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TARGET", ["1 | …aaaaaaaaaaaaaaaaaTARGETbbbbbbbbbbb…", "  |                   ^^^^^^ x"]),
        ("k", ["1 | k: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…", "  | ^ x"]),
        ("LATER", ["1 | …bbbbbbbbbbbbbbbbbbbbbbbbbbbbb LATER", "  |                                ^^^^^ x"]),
        ("a" * 100, ["1 | k: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…", "  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ x"]),
    ],
)
def test_a_long_line_is_cut_around_the_mark(text: str, expected: list[str]) -> None:
    assert render_marks([mark(text, "x", doc=LONG)], width=40).split("\n")[2:] == expected


def test_a_line_of_a_megabyte_costs_what_is_shown_of_it() -> None:
    doc = Document("f.json", '{"a": "' + "x" * 1_000_000 + '", "TARGET": 1, "b": "' + "y" * 1_000_000 + '"}')
    with runaway_guard():
        shown = render_marks([mark("TARGET", "here", doc=doc), also('"a"', "there", doc=doc)], width=60).split("\n")
    assert shown[0] == "--> f.json:1:1000012".rjust(len(shown[0]))
    assert shown[2] == '1 | …xxxxxxxxxxxxxxxxxxxxxxx", "TARGET": 1, "b": "yyyyyyyyy…'
    assert shown[3].endswith("^^^^^^ here")


def test_colours_only_if_asked() -> None:
    marks = [mark("NONE", "x"), also("AuthType", "y")]
    plain, coloured = render_marks(marks), render_marks(marks, colour=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert "\x1b[1;31m^^^^\x1b[0m \x1b[1;31mx\x1b[0m" in coloured
    assert "\x1b[1;34m--------\x1b[0m" in coloured
    assert "\x1b[1;33m^^^^" in render_marks(marks, colour=True, tone="yellow")


def test_nothing_to_show() -> None:
    assert render_marks([]) == ""


def test_widths() -> None:
    assert display_width("ab") == 2
    assert display_width("漢e\u0301") == 3
    assert clean("a\r\n\tb\x00") == "a  b␀"


ODD = st.text(alphabet=st.sampled_from("ab \t\n\r漢é\u0301\u200d😀\x1b\u202e𝄞\u2028"), max_size=60)


@given(
    ODD,
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), ODD, st.booleans()), max_size=5),
    st.integers(0, 120),
)
@settings(deadline=None)
def test_any_text_can_be_shown(text: str, places: list[tuple[int, int, str, bool]], width: int) -> None:
    doc = Document("f", text)
    size = len(doc.text)
    marks = [Mark(Span(doc, min(a, b, size), min(max(a, b), size)), label, primary) for a, b, label, primary in places]
    shown = render_marks(marks, width=width)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", shown)
    for line in shown.split("\n"):
        assert line == line.rstrip()
        if re.match(r" *[0-9]+ \|", line):
            assert display_width(line) <= max(width, 25)
    if any(mark.primary for mark in marks):
        assert "^" in shown
