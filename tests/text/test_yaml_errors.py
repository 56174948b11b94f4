"""What is said about broken YAML, and what is read of it all the same."""

from __future__ import annotations

import pytest

from stockade.text.document import Document, Problem
from stockade.text.node import to_python
from stockade.text.yaml import read_yaml
from tests.support import runaway_guard


def read(text: str) -> tuple[list[object], tuple[Problem, ...]]:
    parsed = read_yaml(Document("t.yaml", text))
    return [to_python(root) for root in parsed.roots], parsed.problems


TEMPLATE = """\
Parameters:
  P: 1
Resources:
  Before:
    Type: X
  Broken:
    Type: Y
    Properties:
{}
  After:
    Type: Z
Outputs:
  O: 1
"""

CASES = [
    # what stands under Properties, the message's beginning, the place (line, column), a word of the remedy
    ("      A: 'x", "a quote opens here and is never closed", (9, 10), "close the quote"),
    ('      A: "x', "a quote opens here and is never closed", (9, 10), "close the quote"),
    ("      A: [1, 2", "the list that opens here with [ lacks a comma or its ]", (9, 10), "comma"),
    ("      A: {a: 1", "the mapping that opens here with { lacks a comma or its }", (9, 10), "comma"),
    ("\tA: 1", "a tab is used for indentation", (9, 1), "spaces"),
    ("      A: *", "a value that begins with * or & is read as an alias or an anchor", (9, 11), "quotes"),
    ("      A: @x", "a value can't begin with @", (9, 10), "quotes"),
    ("      A: `x`", "a value can't begin with `", (9, 10), "quotes"),
    ("      A: %x", "a value can't begin with %", (9, 10), "quotes"),
    ("      A: 1\n       B: 2", "a colon makes this a key, where there can't be one", (10, 9), "indentation"),
    ("      A: b: c", "a colon makes this a key, where there can't be one", (9, 11), "quotes"),
    ("      A: 1\n     B: 2", "this line fits nothing above it", (10, 6), "align"),
    ('      A: "x" y', "this line fits nothing above it", (9, 14), "quote"),
    ("      A: 1\n      B\n      C: 2", "a key without a colon and a space after it", (10, 7), "put ': ' after"),
    ('      A: "\\d"', "a backslash in a double-quoted text begins an escape", (9, 11), "backslash"),
    ("      A: - x", "a list item can't stand here", (9, 10), "line of its own"),
    ("      A:\n        - x\n        y: 1", "this line is neither an item of the list above", (11, 9), "'- '"),
    ("      A: | x", "text stands behind | or >", (9, 12), "next line"),
    ("      A: !x!y z", "a tag begins with a handle that is not declared", (9, 10), "single !"),
    ("      A: ]", "a value is missing here", (9, 10), "null"),
]


@pytest.mark.parametrize(("broken", "message", "place", "remedy"), CASES, ids=[case[0].strip() for case in CASES])
def test_an_error_in_a_resource_leaves_out_that_resource(
    broken: str, message: str, place: tuple[int, int], remedy: str
) -> None:
    roots, problems = read(TEMPLATE.format(broken))
    (problem,) = problems
    assert problem.message.startswith(message)
    assert problem.span is not None
    assert (problem.span.line, problem.span.column) == place
    assert remedy in problem.remedy
    assert problem.kind == "syntax"
    assert problem.skipped is not None
    last = 9 + broken.count("\n")
    assert problem.message.endswith(f"; Broken (lines 6-{last}) is left out")
    assert problem.skipped.text.startswith("Broken:")
    assert problem.skipped.text.endswith(broken.rstrip())
    assert roots == [
        {"Parameters": {"P": 1}, "Resources": {"Before": {"Type": "X"}, "After": {"Type": "Z"}}, "Outputs": {"O": 1}}
    ]


def test_spans_stay_true_around_what_is_left_out() -> None:
    doc = Document("t.yaml", TEMPLATE.format("      A: 'größe 𝄞").replace("\n", "\r\n"))
    parsed = read_yaml(doc)
    root = parsed.roots[0]
    outputs = root.get("Outputs")  # type: ignore[union-attr]
    assert outputs is not None
    assert outputs.span.text == "O: 1"


def test_several_errors_leave_out_several_resources() -> None:
    roots, problems = read(
        "Resources:\n" + "".join(f"  R{number}:\n    A: 'x\n  S{number}:\n    B: 1\n" for number in range(3))
    )
    assert [problem.skipped.line for problem in problems if problem.skipped] == [2, 6, 10]
    assert roots == [{"Resources": {f"S{number}": {"B": 1} for number in range(3)}}]


def test_a_block_left_out_by_mistake_comes_back() -> None:
    roots, problems = read("Resources:\n  A:\n    x: 'open\n  B:\n    y: 'z'\n  C:\n    w: 1\n")
    (problem,) = problems
    assert problem.message == "a quote opens here and is never closed; A (lines 2-3) is left out"
    assert roots == [{"Resources": {"B": {"y": "z"}, "C": {"w": 1}}}]


def test_an_error_in_a_section_without_entries_leaves_out_the_section() -> None:
    roots, problems = read("A: 1\nB: [\nC: 2\n")
    (problem,) = problems
    assert problem.message.endswith("; B (line 2) is left out")
    assert roots == [{"A": 1, "C": 2}]


def test_a_missing_space_is_blamed_on_its_line() -> None:
    roots, problems = read("A:1\nB: 2\nC: 3\n")
    (problem,) = problems
    assert problem.message.endswith("; line 1 is left out")
    assert roots == [{"B": 2, "C": 3}]


def test_an_error_in_one_document_leaves_the_others() -> None:
    roots, problems = read("a: 1\n---\nb: [\n---\nc: 3\n")
    assert len(problems) == 1
    assert {"a": 1} in roots
    assert {"c": 3} in roots


def test_a_list_as_the_root() -> None:
    roots, problems = read("- a: 1\n- b: 'x\n- c: 3\n")
    assert len(problems) == 1
    assert roots == [[{"a": 1}, {"c": 3}]]


@pytest.mark.parametrize(
    "text", ["'", "[", "{", "*", "&", "%", "@", "a: 'x", "- - '", "\t", "? [", "!", "|x", "---\n'", "a\nb: 1\n"]
)
def test_hopeless_files_are_a_problem(text: str) -> None:
    _, problems = read(text)
    if text != "!":
        assert problems
    for problem in problems:
        assert problem.remedy
        assert problem.span is not None


def test_broken_json_in_a_yaml_file_is_read_as_yaml() -> None:
    _, problems = read('{"a": [1, 2, "b": 3}\n')
    assert problems[0].message.startswith("the list that opens here with [ lacks a comma or its ]")


def test_a_large_broken_file_costs_a_few_readings() -> None:
    text = "Resources:\n" + "".join(f"  R{number}:\n    A: 'x\n    B: {'y' * 40}\n" for number in range(20_000))
    with runaway_guard():
        _, problems = read(text)
    assert 0 < len(problems) <= 50
