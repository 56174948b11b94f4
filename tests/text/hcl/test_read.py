"""The reader of HCL: what is where, and what it says."""

from __future__ import annotations

import textwrap
from decimal import Decimal
from typing import Any

import pytest

from stockade.text.document import Document, decode_document
from stockade.text.hcl.nodes import (
    Attr,
    Binary,
    Call,
    Chunk,
    Conditional,
    Constant,
    Expr,
    Fill,
    For,
    If,
    Index,
    Item,
    Loop,
    Name,
    Object,
    Paren,
    Splat,
    Template,
    Tuple,
    Unary,
)
from stockade.text.hcl.read import offsets_of, read_expression, read_hcl, read_template
from tests.text.hcl.trees import check_places, expression, names, read, walk

FILE = textwrap.dedent("""\
    # The queue's function.
    resource "aws_lambda_function" "worker" {
      function_name = "worker"
      timeout       = 30 # seconds
      role          = aws_iam_role.worker.arn

      environment {
        variables = {
          TABLE = aws_dynamodb_table.t.name
          "X-Y" : "z",
        }
      }
      tracing_config { mode = "Active" }
      ephemeral_storage {}
    }

    locals {
    }
    """)


def constant(expr: Expr) -> Constant:
    assert isinstance(expr, Constant)
    return expr


# --------------------------------------------------------------------------------------------------------------- bodies


def test_a_block_with_everything_in_it() -> None:
    file = read(FILE)
    assert file.problems == ()
    block, other = file.body.blocks
    assert (block.type, block.labels) == ("resource", ("aws_lambda_function", "worker"))
    assert block.header.text == 'resource "aws_lambda_function" "worker"'
    assert block.span.text.startswith('resource "aws_lambda_function"')
    assert block.span.text.endswith("ephemeral_storage {}\n}")
    assert block.body.span.text == block.span.text.split("{", 1)[1][:-1]
    assert list(block.body.attributes) == ["function_name", "timeout", "role"]
    timeout = block.body.attributes["timeout"]
    assert timeout.span.text == "timeout       = 30"
    assert timeout.name_span.text == "timeout"
    assert constant(timeout.expr).value == 30
    assert [nested.type for nested in block.body.blocks] == ["environment", "tracing_config", "ephemeral_storage"]
    tracing, storage = block.body.blocks[1:]
    assert tracing.span.text == 'tracing_config { mode = "Active" }'
    assert tracing.body.span.text == ' mode = "Active" '
    assert tracing.body.attributes["mode"].span.text == 'mode = "Active"'
    assert storage.body.span.text == ""
    assert block.body.of("environment")[0].body.attributes["variables"].expr.span.text.startswith("{\n      TABLE")
    assert (other.type, other.labels, other.body.span.text) == ("locals", (), "\n")
    assert file.body.span.text == FILE
    check_places(file)


@pytest.mark.parametrize(
    ("header", "labels"),
    [
        ('a "b" "c"', ("b", "c")),
        ("a b c", ("b", "c")),
        ('a"b"c', ("b", "c")),
        (r'a "b\"\u00e9"', ('b"é',)),
        ('a ""', ("",)),
        ('a "$${b}"', ("${b}",)),
        ('a /* x */ "b"', ("b",)),
        ("a", ()),
        ("größe-1 _x", ("_x",)),
    ],
)
@pytest.mark.parametrize("body", ["{}", "{ x = 1 }", "{\n  x = 1\n}", "{ # y\n}", "{ /* y */ x = 1 /* z */ }"])
def test_headers(header: str, labels: tuple[str, ...], body: str) -> None:
    file = read(f"{header} {body}\n")
    assert file.problems == ()
    (block,) = file.body.blocks
    assert block.labels == labels
    assert block.header.text == header
    assert block.span.text == f"{header} {body}"
    check_places(file)


def test_arguments_of_a_file_of_values() -> None:
    file = read('a = 1\n"b" = 2\nc = [\n  "x",\n]\nd={}', "prod.tfvars")
    assert {name: a.expr.span.text for name, a in file.body.attributes.items()} == {
        "a": "1",
        "c": '[\n  "x",\n]',
        "d": "{}",
    }
    assert len(file.problems) == 1


def test_of_two_arguments_of_one_name_the_first_counts() -> None:
    file = read("a {\n  b = 1\n  b = 2\n}\n")
    assert names(file.body) == {"a": [{"b": "1"}]}
    (problem,) = file.problems
    assert (problem.kind, problem.message) == ("duplicate-key", "b is there twice")
    assert problem.span is not None
    assert (problem.span.line, problem.span.text) == (3, "b")


def test_an_empty_file() -> None:
    for text in ("", "\n", "  \n\t\n", "# only this", "/* and\nthis */\n"):
        file = read(text)
        assert (file.problems, file.body.attributes, file.body.blocks) == ((), {}, ())


def test_a_byte_order_mark_is_not_part_of_the_text() -> None:
    document = decode_document('﻿a = "é"\n'.encode(), "main.tf")
    assert isinstance(document, Document)
    file = read_hcl(document)
    assert file.body.attributes["a"].span.text == 'a = "é"'
    assert file.body.attributes["a"].span.start == 0


def test_spans_count_characters() -> None:
    file = read('a = "größe 𝄞"\nb = ["日本", c]\n')
    assert file.body.attributes["a"].expr.span.text == '"größe 𝄞"'
    b = file.body.attributes["b"].expr
    assert isinstance(b, Tuple)
    assert [item.span.text for item in b.items] == ['"日本"', "c"]


# ---------------------------------------------------------------------------------------------------------- expressions


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("null", None),
        ("true", True),
        ("false", False),
        ("0", 0),
        ("12", 12),
        ("1e3", 1000),
        ("2.0", 2),
        ("1.25", Decimal("1.25")),
        ("1E-2", Decimal("0.01")),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ('"a"', "a"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "[{}]", "({})", "f({})", "{{ k = {} }}", "[ {} /* x */ ]"])
def test_constants(source: str, value: object, around: str) -> None:
    found = [n for n in walk(expression(around.format(source))) if isinstance(n, Constant) and n.span.text == source]
    assert [(type(node.value), node.value) for node in found] == [(type(value), value)]


def test_texts_know_where_their_characters_stand() -> None:
    plain = constant(expression('"a b"'))
    assert (plain.value, plain.inner and plain.inner.text, plain.exact, plain.heredoc) == ("a b", "a b", True, False)
    escaped = constant(expression(r'"a\nb"'))
    assert (escaped.value, escaped.inner and escaped.inner.text, escaped.exact) == ("a\nb", r"a\nb", False)
    heredoc = constant(expression('<<EOT\n{"a": 1}\nEOT'))
    assert heredoc.span.text == '<<EOT\n{"a": 1}\nEOT'
    assert (heredoc.inner and heredoc.inner.text, heredoc.exact, heredoc.heredoc) == ('{"a": 1}\n', True, True)
    indented = constant(expression("<<-EOT\n    a\n      b\n    EOT"))
    assert (indented.value, indented.exact) == ("a\n  b\n", False)
    assert (indented.inner and indented.inner.text) == "    a\n      b\n"
    level = constant(expression("<<-EOT\na\n  b\nEOT"))
    assert (level.value, level.exact) == ("a\n  b\n", True)


def test_texts_are_composed_as_terraform_composes_them() -> None:
    text = constant(expression('"e\u0301"'))
    assert (text.value, text.exact) == ("\u00e9", False)


def test_paths() -> None:
    expr = expression("a.b[c].d.0[*].e.*.f[1]")
    assert isinstance(expr, Splat)
    assert expr.full
    assert expr.span.text == "a.b[c].d.0[*].e.*.f[1]"
    assert expr.of.span.text == "a.b[c].d.0"
    number = expr.of
    assert isinstance(number, Attr)
    assert (number.name, number.name_span.text) == ("0", "0")
    d = number.of
    assert isinstance(d, Attr)
    assert d.name_span.text == "d"
    index = d.of
    assert isinstance(index, Index)
    assert index.span.text == "a.b[c]"
    assert isinstance(index.key, Name)
    each = expr.each
    assert isinstance(each, Index)
    splat = each.of
    assert isinstance(splat, Splat)
    assert not splat.full
    assert isinstance(splat.each, Attr)
    assert isinstance(splat.each.of, Item)
    assert isinstance(splat.of, Attr)
    assert isinstance(splat.of.of, Item)
    assert splat.of.of.span.text == "[*]"


def test_calls() -> None:
    call = expression("provider::aws::arn_parse (\n  a,\n  b...\n)")
    assert isinstance(call, Call)
    assert (call.name, call.name_span.text, call.expand) == (
        "provider::aws::arn_parse",
        "provider::aws::arn_parse",
        True,
    )
    assert [arg.span.text for arg in call.args] == ["a", "b"]
    bare = expression("timestamp()")
    assert isinstance(bare, Call)
    assert (bare.args, bare.expand) == ((), False)


def test_operators_and_conditions() -> None:
    expr = expression("!a && -b + 1 >= (c) ? d : e")
    assert isinstance(expr, Conditional)
    both = expr.condition
    assert isinstance(both, Binary)
    assert (both.op, both.span.text) == ("&&", "!a && -b + 1 >= (c)")
    assert isinstance(both.left, Unary)
    assert both.left.op == "!"
    compared = both.right
    assert isinstance(compared, Binary)
    assert (compared.op, compared.left.span.text) == (">=", "-b + 1")
    assert isinstance(compared.right, Paren)
    assert compared.right.inner.span.text == "c"


def test_objects() -> None:
    expr = expression(
        '{\n  a = 1\n  "b" : 2, (c) = 3\n  "d${e}" = 4\n  5 = 6\n  true = 7\n  f.g = 8\n  /* x */ h = 9\n}'
    )
    assert isinstance(expr, Object)
    assert [entry.span.text for entry in expr.entries] == [
        "a = 1",
        '"b" : 2',
        "(c) = 3",
        '"d${e}" = 4',
        "5 = 6",
        "true = 7",
        "f.g = 8",
        "h = 9",
    ]
    assert [entry.bare for entry in expr.entries] == [True, False, False, False, False, True, False, True]
    kinds = [type(entry.key).__name__ for entry in expr.entries]
    assert kinds == ["Constant", "Constant", "Paren", "Template", "Constant", "Constant", "Attr", "Constant"]
    values = [entry.key.value for entry in expr.entries if isinstance(entry.key, Constant)]
    assert values == ["a", "b", 5, "true", "h"]


def test_loops() -> None:
    expr = expression("{ for k, v in a : k => v... if v != null }")
    assert isinstance(expr, For)
    assert (expr.key, expr.value, expr.grouped) == ("k", "v", True)
    assert expr.collection.span.text == "a"
    assert expr.result_key is not None
    assert expr.condition is not None
    assert (expr.result_key.span.text, expr.result.span.text, expr.condition.span.text) == ("k", "v", "v != null")
    listed = expression("[for v in a : v]")
    assert isinstance(listed, For)
    assert (listed.key, listed.value, listed.result_key, listed.condition) == ("", "v", None, None)


def test_for_is_a_name_elsewhere() -> None:
    assert isinstance(expression("[format]"), Tuple)
    assert isinstance(expression("{ for_each = 1 }"), Object)
    assert isinstance(expression("for"), Name)


# ------------------------------------------------------------------------------------------------------------ templates


def test_a_template_of_one_thing_stays_a_template() -> None:
    expr = expression('"${var.a}"')
    assert isinstance(expr, Template)
    (fill,) = expr.parts
    assert isinstance(fill, Fill)
    assert (fill.span.text, fill.expr.span.text) == ("${var.a}", "var.a")


def test_a_literal_of_which_nothing_is_left_still_makes_a_text() -> None:
    expr = expression("<<EOT\n${a ~}\nEOT")
    assert isinstance(expr, Template)
    assert [type(part).__name__ for part in expr.parts] == ["Fill", "Chunk"]


def test_chunks_with_strip_markers() -> None:
    expr = expression('"a  ${~ b ~}  c ${d} e\\n"')
    assert isinstance(expr, Template)
    chunks = [part for part in expr.parts if isinstance(part, Chunk)]
    assert [(chunk.text, chunk.span.text, chunk.exact) for chunk in chunks] == [
        ("a", "a", True),
        ("c ", "c ", True),
        (" e\n", r" e\n", False),
    ]


def test_directives() -> None:
    source = '"%{ if a ~} b %{ else }c%{ for k, v in d }${v}%{ endfor }%{ endif }"'
    expr = expression(source)
    assert isinstance(expr, Template)
    (branch,) = expr.parts
    assert isinstance(branch, If)
    assert branch.span.text == source[1:-1]
    assert branch.condition.span.text == "a"
    assert [part.text for part in branch.then if isinstance(part, Chunk)] == ["b "]
    chunk, loop = branch.otherwise
    assert isinstance(chunk, Chunk)
    assert isinstance(loop, Loop)
    assert (loop.key, loop.value, loop.collection.span.text) == ("k", "v", "d")
    assert loop.span.text == "%{ for k, v in d }${v}%{ endfor }"
    assert [type(part).__name__ for part in loop.body] == ["Fill"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_heredoc_with_things_to_fill_in(newline: str) -> None:
    source = "<<-EOT\n    a ${b}\n      c\n  EOT".replace("\n", newline)
    expr = expression(source)
    assert isinstance(expr, Template)
    assert expr.heredoc
    assert expr.span.text == source
    first, fill, last = expr.parts
    assert isinstance(first, Chunk)
    assert isinstance(last, Chunk)
    assert (first.text, first.span.text, first.exact) == ("a ", "a ", True)
    assert fill.span.text == "${b}"
    assert (last.text, last.exact) == (f"{newline}  c{newline}", False)


@pytest.mark.parametrize(
    "source",
    [
        r'"a\tb\"c\\ \u00e9\U0001F600$${d}"',
        "<<EOT\na $${b}\n  c\nEOT",
        "<<-EOT\n    a $${b}\n\n      c\n    EOT",
        '"plain"',
        '""',
        "<<EOT\nEOT",
    ],
)
def test_a_place_in_a_text_is_a_place_in_the_file(source: str) -> None:
    text = constant(expression(source))
    assert isinstance(text.value, str)
    offsets = offsets_of(text)
    assert len(offsets) == len(text.value) + 1
    assert list(offsets) == sorted(offsets)
    written = text.span.doc.text
    for char, offset in zip(text.value, offsets, strict=False):
        assert written[offset] in (char, "\\") or (char == "{" and written[offset] == "{"), (char, written[offset:])
    assert text.inner is not None
    if text.value:
        assert offsets[-1] == text.inner.end


def test_places_in_chunks() -> None:
    expr = expression('<<-EOT\n    "a\\n": "${b}"\n      $${c}\n    EOT')
    assert isinstance(expr, Template)
    last = expr.parts[2]
    assert isinstance(last, Chunk)
    offsets = offsets_of(last, heredoc=True)
    text = expr.span.doc.text
    assert last.text == '"\n  ${c}\n'
    assert text[offsets[last.text.index("c")]] == "c"
    assert text[offsets[last.text.index("$")] :].startswith("$${c}")
    assert offsets_of(constant(expression("5"))) == ()


# ------------------------------------------------------------------------------------------------------------- comments


def test_comments() -> None:
    text = textwrap.dedent("""\
        # one
        a = 1 // two
        /* three
           four */
        b = [ # five #
          "#not", /* six */ "x // not",
        ]
        c = <<EOT
        # not
        EOT
        /**/
        d {
          #
          e = "${ f /* seven */ }" # eight
        } # nine""")
    file = read(text)
    assert file.problems == ()
    assert [(comment.text, comment.own_line) for comment in file.comments] == [
        ("one", True),
        ("two", False),
        ("three\n   four", True),
        ("five #", False),
        ("six", False),
        ("", True),
        ("", True),
        ("seven", False),
        ("eight", False),
        ("nine", False),
    ]
    assert [comment.span.text for comment in file.comments][:3] == ["# one", "// two", "/* three\n   four */"]


def test_comments_with_windows_line_ends() -> None:
    file = read("# one \r\na = 1 # two\r\n/* three */\r\n")
    assert [(comment.text, comment.span.text, comment.own_line) for comment in file.comments] == [
        ("one", "# one", True),
        ("two", "# two", False),
        ("three", "/* three */", True),
    ]


# -------------------------------------------------------------------------------------------------- stretches, templates


def test_an_expression_in_a_stretch_of_a_document() -> None:
    document = Document("policy.txt", "before f(\n a\n) after")
    expr, problems = read_expression(document, 7, 14)
    assert problems == ()
    assert isinstance(expr, Call)
    assert expr.span.text == "f(\n a\n)"
    assert expr.args[0].span.text == "a"


@pytest.mark.parametrize("text", ["", "a b", "a +", "(", "a\n\nb", '"'])
def test_a_stretch_that_is_no_expression(text: str) -> None:
    document = Document("policy.txt", f"<{text}>")
    expr, problems = read_expression(document, 1, 1 + len(text))
    assert type(expr).__name__ == "Broken"
    (problem,) = problems
    assert problem.skipped is not None
    assert problem.skipped.text == text


def test_a_file_that_is_a_template() -> None:
    text = '#!/bin/sh\n%{ for v in vs ~}\necho "${v}" \\n $${HOME} $\n%{ endfor ~}\n$'
    file = read_template(Document("run.sh.tftpl", text))
    assert file.problems == ()
    expr = file.body.attributes["template"].expr
    assert isinstance(expr, Template)
    first, loop, last = expr.parts
    assert isinstance(first, Chunk)
    assert isinstance(loop, Loop)
    assert isinstance(last, Chunk)
    assert (first.text, last.text) == ("#!/bin/sh\n", "$")
    assert [part.text for part in loop.body if isinstance(part, Chunk)] == ['echo "', '" \\n ${HOME} $\n']


def test_a_file_that_is_a_template_without_anything_to_fill_in() -> None:
    text = '{"a": "\\n"}\n\n'
    expr = constant(read_template(Document("p.json.tpl", text)).body.attributes["template"].expr)
    assert (expr.value, expr.exact, expr.span.text) == (text, True, text)
    assert constant(read_template(Document("e.tpl", "")).body.attributes["template"].expr).value == ""


def test_a_broken_template() -> None:
    file = read_template(Document("t.tpl", "a ${b\nc"))
    assert type(file.body.attributes["template"].expr).__name__ == "Broken"
    (problem,) = file.problems
    assert problem.span is not None
    assert (problem.message, problem.span.text) == ("what ${ opens goes on where it has to end", "c")
    (problem,) = read_template(Document("t.tpl", "a ${b")).problems
    assert problem.span is not None
    assert (problem.message, problem.span.text) == ("${ opens here and is never closed", "${")


def test_what_is_read_is_of_the_document_that_was_given() -> None:
    file = read(FILE)
    spans: list[Any] = [getattr(node, "span", None) for node in walk(file.body)]
    assert all(span.doc is file.document for span in spans)
