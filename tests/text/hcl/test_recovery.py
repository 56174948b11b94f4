"""What is wrong in a file is said at its place, and everything else is read."""

from __future__ import annotations

import pytest

from stockade.text.document import Document
from stockade.text.hcl.nodes import Broken
from stockade.text.hcl.read import MAX_DEPTH, MAX_PROBLEMS, read_hcl, read_template
from tests.support import runaway_guard
from tests.text.hcl.trees import check_places, depth, names, read, walk

BEFORE = 'resource "x" "before" {\n  a = 1\n}\n\n'
AFTER = '\nresource "y" "after" {\n  b = 2\n}\n'
AROUND = {"resource x before": [{"a": "1"}], "resource y after": [{"b": "2"}]}


@pytest.mark.parametrize(
    ("broken", "message", "place"),
    [
        ('resource "a" "b" {\n  c = [1, 2\n  d = 3\n}\n', "a comma is missing before this", "d"),
        ('resource "a" "b" {\n  c {\n    d = 1\n}\n', "{ opens here and is never closed", "{"),
        ('resource "a" "b" {\n  c = {\n    d = 1\n}\n', "{ opens here and is never closed", "{"),
        ('resource "a" "b" {\n  c = foo(1\n}\n', "a comma is missing before this", "}"),
        ('resource "a" "b" {\n  c = <<EOT\n  d\n  EOT)\n}\n', "the heredoc EOT opens here and is never closed", "<<"),
        ('resource "a" "b"\n{\n  c = 1\n}\n', "resource is followed by neither = nor {", ""),
        ('resource "a" "b" {\n  c 1\n}\n', "c is followed by neither = nor {", "1"),
        ('resource "a" "b" {\n  c = 1; d = 2\n}\n', "a semicolon ends nothing here", ";"),
        ('resource "a" "b" {\n  "c" = 1\n}\n', "neither an argument nor a block begins here", '"c"'),
        ('resource "a" "${b}" {\n}\n', "a label holds something to fill in", '"${b}"'),
        ('resource "a" "b" { c = 1, d = 2 }\n', "a block on one line goes on behind its only argument", ","),
        ('resource "a" "b" { c { } }\n', "a block on one line holds something else than an argument", "{"),
        ('resource "a" "b" {\n  c = "x" d = "y"\n}\n', "an argument ends before this, on the same line", "d"),
        ('resource "a" "b" {\n  c = ]\n}\n', "] stands where a value has to begin", "]"),
        ("resource\n", "resource is followed by neither = nor {", ""),
        ("?!\n", "neither an argument nor a block begins here", "?"),
    ],
)
def test_a_broken_block_is_left_out_and_the_rest_is_read(broken: str, message: str, place: str) -> None:
    file = read(BEFORE + broken + AFTER)
    assert names(file.body) == AROUND
    (problem,) = file.problems
    assert (problem.message, problem.kind) == (message, "syntax")
    assert problem.span is not None
    assert problem.span.text == place
    assert problem.skipped is not None
    assert problem.skipped.text.strip() == broken.strip()
    assert problem.skipped.covers(problem.span)
    assert problem.remedy
    check_places(file)


def test_a_brace_too_many_leaves_out_the_block_that_it_makes_doubtful() -> None:
    broken = 'resource "a" "b" {\n  c {\n  }\n  }\n  d = 1\n  e {\n  }\n}\n'
    file = read(BEFORE + broken + AFTER)
    assert names(file.body) == AROUND
    (problem,) = file.problems
    assert problem.message == "} belongs to nothing"
    assert problem.skipped is not None
    assert problem.skipped.text == broken.rstrip("\n")
    assert read("}\n" + AFTER).body.blocks[0].labels == ("y", "after")


@pytest.mark.parametrize(
    ("value", "message", "place"),
    [
        ("", "a value is missing at the end of the line", ""),
        ("'x'", "a text stands in single quotes", "'"),
        ("`x`", "a text stands in backticks", "`"),
        ("“x”", "a text stands in curly quotes", "“"),
        ('"x', "a quote opens here and is not closed on its line", '"'),
        ('"${x"', "${ opens here and is never closed", "${"),
        ('"${x y}"', "what ${ opens goes on where it has to end", "y"),
        ('"${}"', "} stands where a value has to begin", "}"),
        (r'"\q"', r"\q is no escape of HCL", r"\q"),
        (r'"a\ud800"', r"\ud800 is no character", r"\ud800"),
        (r'"\u12"', r"\u is no escape of HCL", r"\u"),
        ('"%{ x }"', "there is no such directive", "x"),
        ('"%{ if x }"', "%{ if } is never ended", "%{ if x }"),
        ('"%{ endif }"', "%{ endif } belongs to nothing", "%{ endif }"),
        ('"%{ for a in b }%{ endif }"', "%{ endif } belongs to nothing", "%{ endif }"),
        ('"%{ if a }%{ else }%{ else }%{ endif }"', "there is a second %{ else } for one %{ if }", "%{ else }"),
        ("foo(1 2)", "a comma is missing before this", "2"),
        ("foo(,)", ", stands where a value has to begin", ","),
        ("foo(a... b)", "something follows on the last argument", "b"),
        ("a::b", "the arguments of a::b are missing", ""),
        ("a::1()", "the name of a function is missing behind ::", "1"),
        ("[1, 2 3]", "a comma is missing before this", "3"),
        ("{ a = 1 b = 2 }", "an entry ends before this", "b"),
        ("{ a = \n }", "a value is missing at the end of the line", ""),
        ("{ a }", "a key has no value", "}"),
        ("x.", "a name is missing behind the dot", ""),
        ("x.0.1", "two old-style indexes follow on each other", "0.1"),
        ("(1 2)", "the parentheses go on where they have to end", "2"),
        ("x[1 2]", "the index goes on where it has to end", "2"),
        ("x ? 1", "the value for when the condition is false is missing", ""),
        ("1 +", "a value is missing at the end of the line", ""),
        ("1 & 2", "& is no operator", "&"),
        ("1.2.3", "1.2.3 is no number", "1.2.3"),
        ("0x1F", "an argument ends before this, on the same line", "x1F"),
        ("1 2", "an argument ends before this, on the same line", "2"),
        ("[for x : y]", "`in` is missing in the loop", ":"),
        ("[for x in y z]", "a colon is missing before this", "z"),
        ("[for 1 in y : z]", "a name is missing in the loop", "1"),
        ("[for x in y : x => z]", "a loop in brackets makes no keys", "[for x in y : x => z]"),
        ("{for x in y : z}", "a loop in braces has no key", "{for x in y : z}"),
        ("[for x in y : z w]", "the loop goes on where it has to end", "w"),
        ("<< EOT", "a heredoc begins here without a marker", "<"),
    ],
)
def test_a_value_whose_end_is_sure_is_broken_alone(value: str, message: str, place: str) -> None:
    file = read(f'resource "a" "b" {{\n  c = {value}\n  d = 1\n  e {{\n  }}\n}}\n' + AFTER)
    block = file.body.blocks[0]
    if value == "<< EOT":  # what follows may be the heredoc's text
        assert block.labels == ("y", "after")
    else:
        assert isinstance(block.body.attributes["c"].expr, Broken)
        assert block.body.attributes["c"].expr.span.text.rstrip() == value
        assert block.body.attributes["d"].expr.span.text == "1"
        assert [nested.type for nested in block.body.blocks] == ["e"]
    assert file.body.blocks[-1].labels == ("y", "after")
    (problem,) = file.problems
    assert (problem.message, problem.kind) == (message, "syntax")
    assert problem.span is not None
    assert problem.span.text == place
    assert problem.skipped is not None
    check_places(file)


def test_blocks_on_one_line_are_all_read() -> None:
    file = read("a {} b {}\nc {}\n")
    assert [block.type for block in file.body.blocks] == ["a", "b", "c"]
    (problem,) = file.problems
    assert (problem.message, problem.skipped) == ("a block ends before this, on the same line", None)


def test_a_heredoc_that_ends_the_file() -> None:
    file = read("a = <<EOT\nx\nEOT", "a.tfvars")
    assert names(file.body) == {"a": "<<EOT\nx\nEOT"}
    (problem,) = file.problems
    assert (problem.message, problem.skipped) == ("the marker of a heredoc ends the file without an end of line", None)


def test_a_comment_that_is_never_closed_takes_the_rest() -> None:
    file = read(f"{BEFORE}x = 1 /* {AFTER}")
    assert list(names(file.body)) == ["x", "resource x before"]
    assert isinstance(file.body.attributes["x"].expr, Broken)
    (problem,) = file.problems
    assert problem.message == "a comment opens here and is never closed"
    assert problem.span is not None
    assert problem.span.text == "/*"


def test_values_of_a_broken_file_of_values() -> None:
    text = "a = 1\nb = [\n  1,\nc = 2\nd = {\n  x = 1 2\n}\ne = 3\n"
    file = read(text, "x.tfvars")
    assert {name: a.expr.span.text for name, a in file.body.attributes.items()} == {
        "a": "1",
        "c": "2",
        "d": "{\n  x = 1 2\n}",
        "e": "3",
    }
    assert [problem.skipped and problem.skipped.text for problem in file.problems] == [
        "b = [\n  1,\n",
        "{\n  x = 1 2\n}",
    ]


def test_comments_in_what_is_broken_are_kept_and_texts_are_no_comments() -> None:
    text = 'a {\n  # one\n  b 1 # two\n  c = "# three"\n  d = "${x} # four"\n  e = <<EOT\n# five\nEOT\n}\n# six\n'
    assert [comment.text for comment in read(text).comments] == ["one", "two", "six"]


def test_several_broken_blocks_that_are_not_closed() -> None:
    text = "".join(
        f'resource "a" "x{index}" {{\n  b {{\n    c = {index}\n}}\n\n{AFTER.replace("after", f"y{index}")}\n'
        for index in range(5)
    )
    file = read(text)
    assert [block.labels[1] for block in file.body.blocks] == [f"y{index}" for index in range(5)]
    assert [problem.message for problem in file.problems] == ["{ opens here and is never closed"] * 5
    check_places(file)


# --------------------------------------------------------------------------------------------------------------- limits


@pytest.mark.parametrize(
    "source",
    [
        "(" * 10_000,
        "(" * 10_000 + "1" + ")" * 10_000,
        "[" * 10_000 + "]" * 10_000,
        "{ a = " * 10_000 + "1" + "}" * 10_000,
        "f(" * 10_000 + ")" * 10_000,
        '"${' * 10_000 + "1" + '}"' * 10_000,
        "!" * 10_000 + "a",
        "- " * 10_000 + "1",
        "a ? 1 : " * 10_000 + "2",
        "1" + " + 1" * 10_000,
        "a" + ".b" * 10_000,
        "a" + "[0]" * 10_000,
        "a" + "[*]" * 10_000,
        '"' + "%{ if a }" * 10_000 + "%{ endif }" * 10_000 + '"',
        "[for a in " * 10_000 + "b" + " : c]" * 10_000,
    ],
)
def test_deep_nesting_is_a_problem_and_the_rest_is_read(source: str) -> None:
    file = read(f"{BEFORE}a {{\n  b = {source}\n}}\n{AFTER}")
    assert "limit" in {problem.kind for problem in file.problems}
    assert [block.labels[1] for block in file.body.blocks if block.type == "resource"] == ["before", "after"]
    assert depth(file.body) <= 2 * MAX_DEPTH + 10


def test_deep_blocks() -> None:
    file = read("a {\n" * 300 + "}\n" * 300 + AFTER)
    assert "limit" in {problem.kind for problem in file.problems}
    assert file.body.blocks[-1].labels == ("y", "after")


def test_what_is_just_not_too_deep() -> None:
    depth = MAX_DEPTH - 1
    assert read("a = " + "[" * depth + "1" + "]" * depth + "\n").problems == ()
    assert read("a = 1" + " + 1" * depth + "\n").problems == ()
    assert read("a {\n" * depth + "}\n" * depth).problems == ()


def test_from_deep_inside_of_other_calls() -> None:
    def call(more: int) -> int:
        if more:
            return call(more - 1)
        return len(read("a = " + "(" * 90 + "1" + ")" * 90 + "\nb = 2\n").problems)

    assert call(700) == 1
    assert call(0) == 0


@pytest.mark.parametrize("number", ["1" * 1001, "1e5000", "1e-5000", "1e999999999999999999999", "0." + "1" * 2000])
def test_numbers_with_too_many_digits(number: str) -> None:
    file = read(f"a = {number}\nb = 1\n")
    assert isinstance(file.body.attributes["a"].expr, Broken)
    assert [problem.kind for problem in file.problems] == ["limit"]


def test_many_problems_are_counted() -> None:
    file = read("a = 1 2\n" * 500)
    assert len(file.problems) == MAX_PROBLEMS + 1
    assert file.problems[-1].message.endswith("more problems are not shown")
    skipped = file.problems[-1].skipped
    assert skipped is not None
    assert skipped.end == len("a = 1 2\n" * 500) - 1


def test_a_file_with_nothing_but_faults_is_given_up() -> None:
    file = read('resource "a" "b" {\n' * 20_000)
    assert file.body.blocks == ()
    assert file.problems[-1].skipped is not None
    assert file.problems[-1].skipped.end == len(file.document.text)


@pytest.mark.parametrize(
    "piece",
    [
        "x = 1 # c\n",
        "x = <<EOT\n",
        "x = [\n",
        'x = "${\n',
        "{",
        "[",
        "/*",
        '"',
        "\n",
        "}\n",
        "a {\n",
        "a {\n x = [\n}\n",
        "b = 1 2\n",
        'resource "a" "b" {\n x = "\n}\n',
        'r "a" {\n' + "  x = 1\n" * 50,
        "x = <<A\n${<<A\nA\n}\nA\n",
        "# x\n\n\n",
        "/**/",
        "a b",
        "=",
    ],
)
def test_the_cost_is_that_of_the_length(piece: str) -> None:
    count = 400_000 // len(piece)
    text = "".join([piece.replace("EOT", f"E{index}") for index in range(count)]) if "EOT" in piece else piece * count
    with runaway_guard():
        read_hcl(Document("main.tf", text))
        read_template(Document("main.tftpl", text))


def test_nothing_is_lost_of_a_large_file() -> None:
    block = (
        'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  timeout       = 30\n  tags = { a = "b" }\n}\n\n'
    )
    count = 5_000_000 // len(block)
    file = read(block * count)
    assert len(file.body.blocks) == count
    assert file.problems == ()


def test_every_text_is_read_in_some_way() -> None:
    for text in ("\0", "a = \0", "\r", "a = 1\rb = 2", "\ufeff\ufeffa = 1", "a = \ud800", "￾", "\\", "a = 1\\\n"):
        file = read(text)
        assert all(node is not None for node in walk(file.body))
        check_places(file)
