from __future__ import annotations

from typing import Any

import pytest

from stockade.text.document import Document
from stockade.text.json import MAX_PROBLEMS, read_json
from stockade.text.node import Mapping, Scalar, Sequence, to_python
from tests.support import runaway_guard


def read(text: str) -> tuple[list[Any], list[tuple[str, int, str]]]:
    """The roots, and of each problem its kind, its offset and its message."""
    parsed = read_json(Document("t.json", text))
    problems = []
    for problem in parsed.problems:
        assert problem.span is not None
        assert problem.remedy
        problems.append((problem.kind, problem.span.start, problem.message))
    return [to_python(root) for root in parsed.roots], problems


def test_a_tree_with_its_spans() -> None:
    doc = Document("t.json", '\ufeff{"a": [1, "é\\n𝄞"],\r\n "b" : {} }\r\n')
    (root,) = read_json(doc).roots
    assert isinstance(root, Mapping)
    assert root.flow
    assert [entry.span.text for entry in root.entries] == ['"a": [1, "é\\n𝄞"]', '"b" : {}']
    items = root.get("a")
    assert isinstance(items, Sequence)
    text = items.items[1]
    assert isinstance(text, Scalar)
    assert (text.value, text.raw, text.style, text.span.text, text.tag) == ("é\n𝄞", "é\n𝄞", "json", '"é\\n𝄞"', None)
    entry = root.entry("b")
    assert entry is not None
    assert (entry.key.span.line, entry.key.span.column) == (2, 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("-0", 0), ("12", 12), ("-1.5", -1.5), ("1e3", 1000.0), ("1E-2", 0.01), ("1.0", 1.0), ("true", True),
        ("null", None), ('""', ""),
        ('"\\u00e9\\ud83d\\ude00\\"\\\\\\/\\b\\f\\n\\r\\t"', 'é😀"\\/\b\f\n\r\t'), ("[]", []), ("{}", {}),
        (" [ 1 , [ ] ] ", [1, []]), ('"//"', "//"), ('"\u2028"', "\u2028"),
    ],
)  # fmt: skip
def test_valid_json(text: str, value: object) -> None:
    roots, problems = read(text)
    assert problems == []
    assert roots == [value]
    assert type(roots[0]) is type(value)


@pytest.mark.parametrize(
    ("text", "roots", "problems"),
    [
        ("", [], [("syntax", 0, "holds nothing")]),
        (" \n ", [], [("syntax", 3, "holds nothing")]),
        ('{"a": 1,}', [{"a": 1}], [("syntax", 7, "a comma with nothing after it")]),
        ("[1, 2,]", [[1, 2]], [("syntax", 5, "a comma with nothing after it")]),
        ("[1,, 2]", [[1, 2]], [("syntax", 3, "a comma without a value before it")]),
        ("[,1]", [[1]], [("syntax", 1, "a comma without a value before it")]),
        ("[1 2]", [[1, 2]], [("syntax", 3, "a comma is missing before this")]),
        ("[1 [2]]", [[1, [2]]], [("syntax", 3, "a comma is missing before this")]),
        ('{"a": 1 "b": 2}', [{"a": 1, "b": 2}], [("syntax", 8, "a comma is missing before this")]),
        ('{"a" 1}', [{"a": 1}], [("syntax", 5, "a colon is missing before this")]),
        ('{"a" [1]}', [{"a": [1]}], [("syntax", 5, "a colon is missing before this")]),
        ('{"a"}', [{}], [("syntax", 1, "the key a has no value")]),
        ('{"a":}', [{}], [("syntax", 1, "the key a has no value")]),
        ('{"a":, "b": 1}', [{"b": 1}], [("syntax", 1, "the key a has no value"), ("syntax", 5,
        "a comma without a value before it")]),
        ('{"a":: 1}', [{"a": 1}], [("syntax", 5, "a colon without a key before it")]),
        ("[1: 2]", [[1, 2]], [("syntax", 2, "a colon without a key before it"), ("syntax", 4,
        "a comma is missing before this")]),
        ("{a: 1}", [{"a": 1}], [("syntax", 1, "a key has to be a text")]),
        ("{1: 1}", [{"1": 1}], [("syntax", 1, "a key has to be a text")]),
        ("{'a': 'b'}", [{"a": "b"}], [("syntax", 1, "a text in single quotes"), ("syntax", 6,
        "a text in single quotes")]),
        ("[NaN, -Infinity]", [["NaN", float("-inf")]], [("syntax", 1, "NaN is no JSON number"), ("syntax", 6,
        "-Infinity is no JSON number")]),
        ("[01]", [["01"]], [("syntax", 1, "01 is neither a text, a number, true, false nor null")]),
        ("[True]", [["True"]], [("syntax", 1, "True is neither a text, a number, true, false nor null")]),
        ("[1] // x", [[1]], [("syntax", 4, "a comment, which JSON does not allow")]),
        ("# x\n[/* y */ 1]", [[1]], [("syntax", 0, "a comment, which JSON does not allow"), ("syntax", 5,
        "a comment, which JSON does not allow")]),
        ("[1] /* x", [[1]], [("syntax", 4, "a comment opens here and is never closed")]),
        ("[1", [[1]], [("syntax", 0, "[ opens here and is never closed")]),
        ('{"a": [1', [{"a": [1]}], [("syntax", 0, "{ opens here and is never closed"), ("syntax", 6,
        "[ opens here and is never closed")]),
        ('{"a": [1}', [{"a": [1]}], [("syntax", 6, "[ opens here and is not closed before }")]),
        ("[1]]", [[1]], [("syntax", 3, "] belongs to nothing")]),
        ("[1}", [[1]], [("syntax", 0, "[ opens here and is never closed"), ("syntax", 2, "} belongs to nothing")]),
        ('{"a": "b,\n "c": 1}', [{"a": "b", "c": 1}], [("syntax", 6,
        "a quote opens here and is not closed on its line")]),
        ('["a\tb"]', [["a\tb"]], [("syntax", 3, "the control character \\u0009 stands in a text as it is")]),
        ('["\\q"]', [["\\q"]], [("syntax", 2, "\\q is no escape of JSON")]),
        ('["\\u12"]', [["\\u12"]], [("syntax", 2, "\\u is no escape of JSON")]),
        ('["\\ud800x"]', [["\ufffdx"]], [("syntax", 2, "\\ud800 is half of a character")]),
        ("{} {}", [{}], [("syntax", 3, "something follows the value that the file holds")]),
        ("1 2", [1], [("syntax", 2, "something follows the value that the file holds")]),
        ('{"a": 1, "a": 2}', [{"a": 2}], [("duplicate-key", 9, "the key a is there twice in one object")]),
        (":", [], [("syntax", 0, ": belongs to nothing")]),
        ("\x00", ["\x00"], [("syntax", 0, "\ufffd is neither a text, a number, true, false nor null")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_rest_is_read(
    text: str, roots: list[Any], problems: list[tuple[str, int, str]]
) -> None:
    found, said = read(text)
    assert said == problems
    assert repr(found) == repr(roots).replace("'NaN'", "nan")


def test_a_key_twice_keeps_the_first_as_shadowed() -> None:
    (root,) = read_json(Document("t.json", '{"a": 1, "b": 2, "a": 3}')).roots
    assert isinstance(root, Mapping)
    assert root.keys() == ("b", "a")
    assert [entry.span.text for entry in root.shadowed] == ['"a": 1']


def test_too_deep_is_left_out_without_further_complaint() -> None:
    parsed = read_json(Document("t.json", '{"x": 1, "y": ' + "[" * 300 + "]" * 300 + "}"))
    (problem,) = parsed.problems
    assert problem.kind == "limit"
    assert problem.message == "is nested more than 200 levels deep"
    assert problem.skipped is not None
    assert parsed.roots[0].get("x") is not None  # type: ignore[union-attr]


def test_a_number_of_too_many_digits_stays_text() -> None:
    roots, problems = read("[" + "9" * 5000 + "]")
    assert roots == [["9" * 5000]]
    assert [kind for kind, _, _ in problems] == ["limit"]


def test_problems_are_counted_after_the_first_ones() -> None:
    _, problems = read("[" + "01, " * 200 + "1]")
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[-1][2] == "150 more problems are not shown"


@pytest.mark.parametrize("part", ['"\\', "/*", "/", "'", '"\\u', '"a" ', "\\", "*/ /*", '"\x01', "1.", "-", "/* *"])
def test_time_grows_with_the_text(part: str) -> None:
    with runaway_guard():
        read("[" + part * 400_000)
