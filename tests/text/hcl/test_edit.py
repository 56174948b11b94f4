"""Edits of HCL: what they write, and what they refuse."""

from __future__ import annotations

import pathlib
import subprocess
import textwrap
from decimal import Decimal
from typing import Any

import pytest

from stockade.errors import EditError
from stockade.text.document import Document
from stockade.text.edits import Edit, apply_edits
from stockade.text.hcl.edit import (
    Nested,
    Raw,
    append_block,
    each_alone,
    in_order,
    insert_attribute,
    insert_attributes,
    insert_block,
    insert_entry,
    insert_item,
    remove_attribute,
    remove_entry,
    remove_item,
    set_expr,
    set_value,
    source_of,
)
from stockade.text.hcl.nodes import Object, Template, Tuple
from tests.text.hcl.edits import CASES, UNFORMATTED, Case
from tests.text.hcl.trees import read


@pytest.mark.parametrize(
    ("case", "newline"),
    [
        pytest.param(case, newline, id=f"{case.name} {newline!r}")
        for case in CASES
        for newline in ("\n", "\r\n")
        if newline == "\n"
        or case.name != "a heredoc stays one"  # its text would have other ends of lines than asked for
    ],
)
def test_what_is_written(case: Case, newline: str) -> None:
    file = read(case.before.replace("\n", newline))
    assert file.problems == ()
    found = case.edit(file)
    result = apply_edits(file.document, found if isinstance(found, list) else [found])
    assert result.replace("\r\n", "\n") == case.after
    assert newline == "\n" or "\n" not in result.replace("\r\n", "")


@pytest.mark.terraform
def test_terraform_would_write_it_so_too(tmp_path: pathlib.Path) -> None:
    kept = [case for case in CASES if case.name not in UNFORMATTED]
    for index, case in enumerate(kept):
        (tmp_path / f"before{index}.tf").write_text(case.before, encoding="utf-8")
        (tmp_path / f"after{index}.tf").write_text(case.after, encoding="utf-8")
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-diff", "-no-color", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
    assert done.returncode == 0


def test_a_heredoc_with_windows_line_ends_becomes_a_text() -> None:
    file = read("x = <<EOT\r\none\r\nEOT\r\n")
    edit = set_value(file.document, file.body.attributes["x"].expr, "two\n")
    assert apply_edits(file.document, [edit]) == 'x = "two\\n"\r\n'


@pytest.mark.parametrize(
    ("value", "source"),
    [
        (None, "null"),
        (True, "true"),
        (-3, "-3"),
        (1.5, "1.5"),
        (1e-7, "0.0000001"),
        (Decimal("2.50"), "2.50"),
        ("a$b", '"a$b"'),
        ("$${x}", '"$$${x}"'),
        ("{x}", '"{x}"'),
        ([], "[]"),
        ({}, "{}"),
        ([1, ["a"]], '[1, ["a"]]'),
        ({"a": 1, "b c": {"für": 2}}, '{ a = 1, "b c" = { für = 2 } }'),
        (Raw("a.b[0]"), "a.b[0]"),
    ],
)
def test_sources(value: Any, source: str) -> None:
    assert source_of(value) == source


def test_sources_on_several_lines() -> None:
    assert source_of({"a": 1, "bcd": {"e": 1}, "f": 2}, "  ", inline=False) == (
        "{\n    a = 1\n    bcd = {\n      e = 1\n    }\n    f = 2\n  }"
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", object()])
def test_what_hcl_can_not_say(value: Any) -> None:
    with pytest.raises(EditError):
        source_of(value)


def test_a_comment_of_several_lines_behind_a_value_stays_whole() -> None:
    file = read("a {\n  x = 1 /* one\n  two */\n  y = 2\n}\n")
    body = file.body.blocks[0].body
    result = apply_edits(file.document, [insert_attribute(file.document, body, "z", 3, after="x")])
    assert result == "a {\n  x = 1 /* one\n  two */\n  z = 3\n  y = 2\n}\n"


def test_a_comment_in_a_block_on_one_line_stays() -> None:
    file = read("a { /* why */ x = 1 }\nb { /* why */ }\n")
    first, second = (block.body for block in file.body.blocks)
    result = apply_edits(
        file.document,
        [insert_attribute(file.document, first, "y", 2), insert_block(file.document, second, "c", (), {})],
    )
    assert result == "a {\n  /* why */ x = 1\n  y           = 2\n}\nb {\n  /* why */\n\n  c {}\n}\n"
    removed = apply_edits(file.document, [remove_attribute(file.document, first, "x")])
    assert removed.startswith("a { /* why */  }\n")


def test_comments_in_lists_stay() -> None:
    file = read("x = [\n  # first\n  1,\n  # second\n  2,\n]\ny = [ # none\n]\nz = [1 /* one */, 2]\n")
    doc = file.document
    lists = {name: attribute.expr for name, attribute in file.body.attributes.items()}
    x, y, z = lists["x"], lists["y"], lists["z"]
    assert isinstance(x, Tuple)
    assert isinstance(y, Tuple)
    assert isinstance(z, Tuple)
    assert apply_edits(doc, [remove_item(doc, x, 0)]).startswith("x = [\n  # first\n  # second\n  2,\n]\n")
    assert "y = [ # none\n  1\n]\n" in apply_edits(doc, [insert_item(doc, y, 1)])
    assert apply_edits(doc, [remove_item(doc, z, 0)]).endswith("z = [2]\n")
    assert apply_edits(doc, [remove_item(doc, z, 1)]).endswith("z = [1 /* one */]\n")


def test_edits_of_one_body_can_be_made_together() -> None:
    file = read("a {\n  xx = 1\n  yy = 2\n\n  b {\n    c = 1\n  }\n}\n")
    doc, body = file.document, file.body.blocks[0].body
    edits = [
        set_value(doc, body.attributes["xx"].expr, 3),
        insert_attribute(doc, body, "z", 4),
        insert_attribute(doc, body, "w", 5),
        insert_block(doc, body, "d", (), {"e": 1}),
        set_value(doc, body.blocks[0].body.attributes["c"].expr, value=False),
    ]
    assert apply_edits(doc, edits) == (
        "a {\n  xx = 3\n  yy = 2\n  z  = 4\n  w  = 5\n\n  b {\n    c = false\n  }\n\n  d {\n    e = 1\n  }\n}\n"
    )


def test_edits_that_move_the_same_lines() -> None:
    text = "a {\n  x  = 1 # one\n  yy = 2 # two\n}\n\nb {\n  c = 1\n}\n"
    file = read(text)
    doc, body = file.document, file.body.blocks[0].body

    def edits() -> list[Edit]:
        return [
            insert_attribute(doc, body, "longer", 3),
            set_value(doc, body.attributes["x"].expr, 1000),
            insert_attribute(doc, body, "longest", {"k": 1}),
            set_value(doc, file.body.blocks[1].body.attributes["c"].expr, 2),
        ]

    with pytest.raises(EditError):
        apply_edits(doc, edits())
    with each_alone([doc]):
        alone = edits()
    assert [edit.text for edit in in_order(doc, alone)][1:] == ["2"]
    assert apply_edits(doc, in_order(doc, alone)) == (
        "a {\n  x      = 1000 # one\n  yy     = 2    # two\n  longer = 3\n  longest = {\n    k = 1\n  }\n}\n\nb {\n  c = 2\n}\n"
    )
    assert in_order(doc, alone[3:]) == alone[3:]
    assert in_order(doc, []) == []
    with pytest.raises(EditError):
        in_order(doc, [alone[1], set_value(doc, body.attributes["x"].expr, "other")])
    assert "hcl-alone" not in doc.layout


# ------------------------------------------------------------------------------------------------------------- refusals


def test_what_is_refused() -> None:
    file, other = read("a {\n  x = [1]\n  y = { k = 1 }\n}\n"), read("a {\n  x = [1]\n}\n")
    doc, body = file.document, file.body.blocks[0].body
    x, y = body.attributes["x"].expr, body.attributes["y"].expr
    assert isinstance(x, Tuple)
    assert isinstance(y, Object)
    refused: list[Any] = [
        lambda: set_value(other.document, x, 1),
        lambda: insert_attribute(other.document, body, "z", 1),
        lambda: append_block(other.document, file.body, "b", (), {}),
        lambda: insert_attributes(doc, body, {"z": 1, "x": 1}),
        lambda: insert_attribute(doc, body, "z", 1, after="w"),
        lambda: remove_attribute(doc, body, "z"),
        lambda: insert_entry(doc, y, "k", 1),
        lambda: insert_entry(doc, y, "l", 1, after="m"),
        lambda: remove_entry(doc, y, "l"),
        lambda: remove_item(doc, x, 1),
        lambda: remove_item(doc, x, -1),
        lambda: set_expr(doc, x, "("),
        lambda: set_expr(doc, x, "1\nz = 2 3"),
        lambda: set_expr(doc, x.items[0], "1]"),
        lambda: insert_attribute(doc, body, "not a name", 1),
        lambda: insert_block(doc, body, "b", (), {"not a name": 1}),
        lambda: set_value(Document("x.yaml", "a: 1"), x, 1),
    ]
    for attempt in refused:
        with pytest.raises(EditError) as error:
            attempt()
        assert error.value.hint
    text = Document("main.txt", "x = 1\n")
    with pytest.raises(EditError):
        set_value(text, read("x = 1\n").body.attributes["x"].expr, 1)


def test_a_file_that_is_broken_elsewhere_can_be_edited() -> None:
    file = read('a {\n  x = 1\n}\n\nresource "b" {\n  y = [\n}\n\nc {\n  z = 1\n}\n')
    assert len(file.problems) == 1
    doc = file.document
    first, last = file.body.blocks
    result = apply_edits(
        doc, [set_value(doc, first.body.attributes["x"].expr, 2), insert_attribute(doc, last.body, "w", 3)]
    )
    assert result == 'a {\n  x = 2\n}\n\nresource "b" {\n  y = [\n}\n\nc {\n  z = 1\n  w = 3\n}\n'


# ----------------------------------------------------------------------------------------------------------------- JSON


JSON = textwrap.dedent("""\
    {
      "resource": {
        "aws_x": {
          "y": {
            "name": "n",
            "tags": {"a": "b"},
            "list": ["${var.l}"],
            "depends_on": ["aws_z.z"]
          }
        },
        "aws_z": {
          "z": {}
        }
      }
    }
    """)


def in_json(change: Any) -> str:
    from stockade.text.hcl.json import read_hcl_json

    file = read_hcl_json(Document("main.tf.json", JSON))
    assert file.problems == ()
    found = change(file.document, file.body, file.body.blocks[0].body)
    result = apply_edits(file.document, [found] if isinstance(found, Edit) else found)
    assert read_hcl_json(Document("main.tf.json", result)).problems == ()
    return result


def test_edits_of_json() -> None:
    from stockade.text.hcl.edit import Encoded, insert_members, remove_block

    def expr(body: Any, name: str) -> Any:
        return body.attributes[name].expr

    assert '"name": "$${x}",' in in_json(lambda d, f, b: set_value(d, expr(b, "name"), "${x}"))
    assert '"name": "${aws_q.q.name}",' in in_json(lambda d, f, b: set_value(d, expr(b, "name"), Raw("aws_q.q.name")))
    assert '"name": "${var.n}",' in in_json(lambda d, f, b: set_expr(d, expr(b, "name"), "var.n"))
    assert '"${jsonencode({ a = \\"b\\" })}"' in in_json(
        lambda d, f, b: set_value(d, expr(b, "name"), Encoded({"a": "b"}))
    )
    assert '["${var.l}", 5]' in in_json(lambda d, f, b: insert_item(d, expr(b, "list"), 5))
    assert '["aws_z.z", "aws_q.q"]' in in_json(lambda d, f, b: insert_item(d, expr(b, "depends_on"), Raw("aws_q.q")))
    assert '"list": [],' in in_json(lambda d, f, b: remove_item(d, expr(b, "list"), 0))
    assert '{"a": "b", "c": 1.5}' in in_json(lambda d, f, b: insert_entry(d, expr(b, "tags"), "c", Decimal("1.5")))
    assert '"tags": {},' in in_json(lambda d, f, b: remove_entry(d, expr(b, "tags"), "a"))
    added = in_json(lambda d, f, b: insert_attributes(d, b, {"p": 1, "q": [Raw("v")]}))
    assert '        "depends_on": ["aws_z.z"],\n        "p": 1,\n        "q": ["${v}"]\n' in added.replace(
        '[\n          "${v}"\n        ]', '["${v}"]'
    )
    both = in_json(lambda d, f, b: insert_members(d, b, {"p": 1}, {"nested": Nested({"r": True})}))
    assert '"p": 1,\n' in both
    assert '"nested": {' in both
    assert '"name"' not in in_json(lambda d, f, b: remove_attribute(d, b, "name"))
    more = in_json(lambda d, f, b: append_block(d, f, "resource", ("aws_x", "new"), {"s": Raw("a.b")}))
    assert '"new": {\n        "s": "${a.b}"\n      }' in more
    assert '"data": {' in in_json(lambda d, f, b: append_block(d, f, "data", ("aws_region", "now"), {}))
    assert '"aws_z"' not in in_json(lambda d, f, b: remove_block(d, f, f.blocks[1])).replace("aws_z.z", "")
    assert '"aws_x"' not in in_json(lambda d, f, b: remove_block(d, f, f.blocks[0]))
    for refused in (
        lambda d, f, b: append_block(d, f, "resource", ("aws_x", "y"), {}),
        lambda d, f, b: insert_attribute(d, b, "name", 1),
        lambda d, f, b: set_value(d, expr(b, "list").items[0].parts[0].expr, 1),
    ):
        with pytest.raises(EditError):
            in_json(refused)
    assert isinstance(read('x = "${a}"\n').body.attributes["x"].expr, Template)


def test_the_last_of_a_type_is_not_left_empty() -> None:
    from stockade.text.hcl.edit import remove_block
    from stockade.text.hcl.json import read_hcl_json

    doc = Document("main.tf.json", '{"resource": {"a": {"b": [{"x": 1}, {"x": 2}]}}, "locals": {}}')
    body = read_hcl_json(doc).body
    assert apply_edits(doc, [remove_block(doc, body, body.blocks[0])]) == (
        '{"resource": {"a": {"b": [{"x": 2}]}}, "locals": {}}'
    )
    doc = Document("main.tf.json", '{"resource": {"a": {"b": {"x": 1}}}, "locals": {}}')
    body = read_hcl_json(doc).body
    assert apply_edits(doc, [remove_block(doc, body, body.blocks[0])]) == '{"locals": {}}'
