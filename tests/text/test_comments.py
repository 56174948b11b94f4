from __future__ import annotations

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from stockade.text.comments import comments
from stockade.text.document import Document
from stockade.text.json import read_json
from stockade.text.yaml import read_yaml
from tests.text.documents import yaml_documents


def found(text: str) -> list[tuple[str, int, bool]]:
    doc = Document("t.yaml", text)
    return [(comment.text, comment.span.line, comment.own_line) for comment in comments(doc, *read_yaml(doc).roots)]


def test_where_comments_are() -> None:
    assert found("# one\na: 1  # two\n  #three\nb:   #\n  c: x#y # four \n") == [
        ("one", 1, True),
        ("two", 2, False),
        ("three", 3, True),
        ("", 4, False),
        ("four", 5, False),
    ]


def test_the_span_is_the_comment_without_white_space_behind_it() -> None:
    doc = Document("t.yaml", "a: 1 \t#  two  \t\r\n")
    (comment,) = comments(doc, *read_yaml(doc).roots)
    assert comment.span.text == "#  two"
    assert comment.text == "two"


@pytest.mark.parametrize(
    "written",
    [
        "'x # y'",
        '"x # y"',
        "'x\n  # y'",
        '"x\n  # y"',
        "|\n  # y\n  z",
        ">\n  z\n  # y",
        "x#y",
        "'#' ",
        "{b: '# c', \"# d\": 1}",
        "['# a', '#']",
    ],
)
def test_a_number_sign_in_a_text_is_no_comment(written: str) -> None:
    assert [
        text
        for text, _, _ in found(
            f"k: {written} # real\n"
            if "\n  z" not in written and "#" in written and written[0] not in "|>"
            else f"k: {written}\n# real\n"
        )
    ] == ["real"]


def test_a_comment_behind_a_text_that_holds_a_number_sign() -> None:
    assert found("a: 'x #y'  # z\n") == [("z", 1, False)]


def test_a_comment_in_the_header_of_a_block() -> None:
    assert found("a: |  # why\n  # text\n# after\n") == [("why", 1, False), ("after", 3, True)]


def test_comments_of_all_documents() -> None:
    assert [text for text, _, _ in found("a: 1 # a\n---\nb: '#' # b\n")] == ["a", "b"]


def test_texts_in_shadowed_and_merged_entries_count() -> None:
    assert found("a: 'x # 1'\na: 'x # 2'\nb: {<<: {c: 'x # 3'}, c: 1}\n") == []


def test_json_has_no_comments() -> None:
    doc = Document("t.json", '{"a": " # x"} # y')
    assert comments(doc, *read_json(doc).roots) == ()


@given(yaml_documents())
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_without_its_comments_a_document_says_the_same(text: str) -> None:
    doc = Document("t.yaml", text)
    stripped = doc.text
    for comment in reversed(comments(doc, *read_yaml(doc).roots)):
        start, end = comment.span.start, comment.span.end
        if comment.own_line:  # with its line, which would belong to a text that keeps its last line breaks
            start = max(stripped.rfind("\n", 0, start), stripped.rfind("\r", 0, start)) + 1
            end += len(stripped[end:]) - len(stripped[end:].lstrip(" \t"))
            end += 2 if stripped.startswith("\r\n", end) else 1
        stripped = stripped[:start] + stripped[end:]
    assert list(map(repr, yaml.parse(doc.text, yaml.CSafeLoader))) == list(
        map(repr, yaml.parse(stripped, yaml.CSafeLoader))
    )
    again = Document("t.yaml", stripped)
    assert comments(again, *read_yaml(again).roots) == ()
