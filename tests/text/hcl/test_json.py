"""Terraform's JSON syntax, read into the tree of HCL."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stockade.text.document import Document
from stockade.text.hcl.json import read_hcl_json
from stockade.text.hcl.nodes import (
    Attr,
    Binary,
    Block,
    Broken,
    Call,
    Chunk,
    Constant,
    Expr,
    Fill,
    HclFile,
    Index,
    Name,
    Object,
    Template,
    Tuple,
)
from stockade.text.hcl.read import MAX_DEPTH, offsets_of
from tests.text.hcl.evaluate import evaluate
from tests.text.hcl.record import ask
from tests.text.hcl.trees import walk

LOCALS = r"""{
  "locals": [
    {
      "x0": "x${upper(\"q\\n\")}y",
      "x1": "$${z} %%{",
      "x2": {"k${1 + 1}": "v", "n": 1e2, "d": -2.50, "e": {"f": [true, null]}}
    },
    {
      "x3": "${[1, 2]}",
      "x4": null,
      "x5": "\u00e9 \ud83d\ude00 ${local.x3[0]}\/",
      "x6": "%{ if true ~}\n  yes\n%{ endif ~}\n",
      "x7": "a\tb$",
      "x8": "<<EOT\n${local.x4 == null ? \"n\" : \"}\"}",
      "x9": ""
    }
  ]
}
"""
VALUES = [
    "xQ\ny",
    "${z} %{",
    {"d": -2.5, "e": {"f": [True, None]}, "k2": "v", "n": 100},
    [1, 2],
    None,
    "é 😀 1/",
    "  yes\n",
    "a\tb$",
    "<<EOT\nn",
    "",
]
"""What Terraform 1.11.4 says of them."""


def read(text: str, path: str = "main.tf.json") -> HclFile:
    return read_hcl_json(Document(path, text))


def block(file: HclFile, type_: str, *labels: str) -> Block:
    (found,) = [block for block in file.body.blocks if (block.type, block.labels) == (type_, labels)]
    return found


def value(expr: Expr) -> Any:
    assert isinstance(expr, Constant)
    return expr.value


def as_float(found: Any) -> Any:
    return json.loads(json.dumps(found, default=float))


def test_values_are_those_that_terraform_gives() -> None:
    file = read(LOCALS)
    assert file.problems == ()
    known: dict[str, Any] = {}
    for block in file.body.blocks:
        for name, attribute in block.body.attributes.items():
            known[name] = evaluate(attribute.expr, {"local": known})
    assert as_float(list(known.values())) == VALUES


@pytest.mark.terraform
def test_terraform_still_says_so() -> None:
    assert ask(LOCALS, len(VALUES), name="main.tf.json") == VALUES


def test_blocks_and_labels() -> None:
    file = read("""{
      "//": "who wrote this",
      "resource": {
        "aws_sqs_queue": {"a": {"name": "a"}, "b": [{"name": "b1"}, {"name": "b2"}], "c": null},
        "aws_sns_topic": [{"d": {"name": "d"}}]
      },
      "data": [{"aws_region": {"now": {}}}],
      "terraform": {"required_version": "~> 1.5", "backend": {"s3": {"bucket": "${x}"}}},
      "resource": {"aws_sqs_queue": {"e": {"//": "a comment", "name": "e"}}}
    }""")
    assert file.problems == ()
    found = [(block.type, *block.labels) for block in file.body.blocks]
    assert found == [
        ("resource", "aws_sqs_queue", "a"),
        ("resource", "aws_sqs_queue", "b"),
        ("resource", "aws_sqs_queue", "b"),
        ("resource", "aws_sns_topic", "d"),
        ("data", "aws_region", "now"),
        ("terraform",),
        ("resource", "aws_sqs_queue", "e"),
    ]
    a = file.body.blocks[0]
    assert a.span.text == '"a": {"name": "a"}'
    assert a.header.text == '"a"'
    assert a.body.span.text == '"name": "a"'
    name = a.body.attributes["name"]
    assert (name.span.text, name.name_span.text, name.expr.span.text) == ('"name": "a"', "name", '"a"')
    second = file.body.blocks[2]
    assert second.span.text == '{"name": "b2"}'
    backend = file.body.blocks[5].body.of("backend")[0]
    assert backend.labels == ("s3",)
    assert value(backend.body.attributes["bucket"].expr) == "${x}"
    assert [(comment.text, comment.own_line) for comment in file.comments] == [
        ("who wrote this", True),
        ("a comment", False),
    ]


def test_what_texts_are() -> None:
    file = read(r"""{
      "variable": {
        "v": {"type": "list(object({a = string}))", "default": ["${x}", {"${y}": "%{z}"}], "description": "${d}",
              "validation": {"condition": "${length(var.v) > 1}", "error_message": "no"}}
      },
      "output": {"o": {"value": "${aws_x.y.arn}", "description": "${d}", "depends_on": ["aws_x.y"]}},
      "module": {"m": {"source": "./${m}", "version": "1", "providers": {"aws": "aws.east", "aws.x": "aws.y"}, "n": "${n}"}},
      "provider": {"aws": [{"alias": "east", "region": "${var.r}"}]},
      "moved": {"from": "aws_x.a", "to": "aws_x.y"}
    }""")
    assert file.problems == ()
    v = block(file, "variable", "v").body
    assert isinstance(v.attributes["type"].expr, Call)
    assert [value(node) for node in walk(v.attributes["default"].expr) if isinstance(node, Constant)] == [
        "${x}",
        "${y}",
        "%{z}",
    ]
    assert value(v.attributes["description"].expr) == "${d}"
    (validation,) = v.of("validation")
    condition = validation.body.attributes["condition"].expr
    assert isinstance(condition, Template)
    (fill,) = condition.parts
    assert isinstance(fill, Fill)
    assert isinstance(fill.expr, Binary)
    o = block(file, "output", "o").body
    assert isinstance(o.attributes["value"].expr, Template)
    (needed,) = o.attributes["depends_on"].expr.items  # type: ignore[attr-defined]
    assert isinstance(needed, Attr)
    assert needed.span.text == "aws_x.y"
    m = block(file, "module", "m").body
    assert value(m.attributes["source"].expr) == "./${m}"
    providers = m.attributes["providers"].expr
    assert isinstance(providers, Object)
    assert [(type(e.key).__name__, e.bare, e.value.span.text) for e in providers.entries] == [
        ("Constant", True, "aws.east"),
        ("Attr", False, "aws.y"),
    ]
    assert isinstance(block(file, "provider", "aws").body.attributes["region"].expr, Template)
    assert isinstance(block(file, "moved").body.attributes["from"].expr, Attr)


def test_what_texts_of_a_resource_are() -> None:
    file = read(r"""{
      "resource": {"aws_x": {"y": {
        "provider": "aws.east",
        "depends_on": ["aws_z.z[0]", "module.m"],
        "count": "${2}",
        "lifecycle": {"ignore_changes": ["tags[\"a\"]", "b"], "create_before_destroy": true,
                      "precondition": {"condition": "${true}", "error_message": "x"}},
        "provisioner": [{"local-exec": {"command": "${c}", "when": "destroy"}}],
        "dynamic": {"rule": {"for_each": "${var.rules}", "iterator": "r", "content": {"name": "${r.value}",
          "dynamic": {"inner": [{"for_each": [1], "content": {}}]}}}},
        "environment": {"variables": {"A": "${b}"}}
      }}}
    }""")
    assert file.problems == ()
    y = block(file, "resource", "aws_x", "y").body
    assert isinstance(y.attributes["provider"].expr, Attr)
    depends = y.attributes["depends_on"].expr
    assert isinstance(depends, Tuple)
    assert [type(item) for item in depends.items] == [Index, Attr]
    assert isinstance(y.attributes["environment"].expr, Object)
    (lifecycle,) = y.of("lifecycle")
    ignored = lifecycle.body.attributes["ignore_changes"].expr
    assert isinstance(ignored, Tuple)
    tags, b = ignored.items
    assert isinstance(tags, Index)
    assert (tags.span.text, value(tags.key)) == (r"tags[\"a\"]", "a")
    assert isinstance(b, Name)
    assert value(lifecycle.body.attributes["create_before_destroy"].expr) is True
    assert [inner.type for inner in lifecycle.body.blocks] == ["precondition"]
    (provisioner,) = y.of("provisioner")
    assert provisioner.labels == ("local-exec",)
    assert isinstance(provisioner.body.attributes["when"].expr, Name)
    (dynamic,) = y.of("dynamic")
    assert dynamic.labels == ("rule",)
    assert isinstance(dynamic.body.attributes["iterator"].expr, Name)
    (content,) = dynamic.body.of("content")
    assert isinstance(content.body.attributes["name"].expr, Template)
    (inner_dynamic,) = content.body.of("dynamic")
    assert inner_dynamic.labels == ("inner",)
    assert [nested.type for nested in inner_dynamic.body.blocks] == ["content"]


def test_a_file_of_values_is_text_only() -> None:
    file = read('{"a": "${b}", "c": {"d": [1, 2.0, 0.5]}, "//": "x", "resource": {}}', "prod.tfvars.json")
    assert file.problems == ()
    assert list(file.body.attributes) == ["a", "c", "resource"]
    assert value(file.body.attributes["a"].expr) == "${b}"
    numbers = [node.value for node in walk(file.body.attributes["c"].expr) if isinstance(node, Constant)]
    assert [(type(number).__name__, str(number)) for number in numbers] == [
        ("str", "d"),
        ("int", "1"),
        ("int", "2"),
        ("Decimal", "0.5"),
    ]


def test_places_in_texts_with_escapes() -> None:
    text = r'{"locals": {"a": "\u00e9\n${upper(\"b\\n\")} \"c\" $${d}", "e": "\"f\""}}'
    file = read(text)
    expr = file.body.blocks[0].body.attributes["a"].expr
    assert isinstance(expr, Template)
    first, fill, last = expr.parts
    assert isinstance(first, Chunk)
    assert isinstance(fill, Fill)
    assert isinstance(last, Chunk)
    assert (first.text, first.span.text, first.exact) == ("é\n", r"\u00e9\n", False)
    assert (fill.span.text, fill.expr.span.text) == (r"${upper(\"b\\n\")}", r"upper(\"b\\n\")")
    assert (last.text, last.span.text, last.exact) == (' "c" ${d}', r" \"c\" $${d}", False)
    offsets = offsets_of(last)
    assert text[offsets[last.text.index("c")]] == "c"
    assert text[offsets[last.text.index("d")]] == "d"
    assert text[offsets[last.text.index('"')] :].startswith(r"\"c")
    constant = file.body.blocks[0].body.attributes["e"].expr
    assert isinstance(constant, Constant)
    assert [text[offset] for offset in offsets_of(constant)] == ["\\", "f", "\\", '"']


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ('{"locals": {"a": "${b"}}', "${ opens here and is never closed", "${"),
        ('{"locals": {"a": "\\t${b c}"}}', "what ${ opens goes on where it has to end", "c"),
        ('{"output": {"a": {"depends_on": ["a b"]}}}', "the expression ends before this", "b"),
        ('{"resource": {"a": 5}}', "an object with the labels of blocks is missing here", "5"),
        ('{"locals": 5}', "the block locals is no object", "5"),
        ('{"locals": [{}, 5]}', "the block locals is no object", "5"),
        ("5", "an object with arguments and blocks is missing here", "5"),
        ('{"locals": {"a": 1, "a": 2}}', "a is there twice", "a"),
        ('{"locals": {"a": ' + "1" * 2000 + "}}", "a number has more than 1000 digits", "1" * 2000),
    ],
)
def test_what_is_wrong_is_said_at_its_place(text: str, message: str, place: str) -> None:
    file = read(text)
    (problem,) = file.problems
    assert problem.span is not None
    assert (problem.message, problem.span.text) == (message, place)
    if message == "a is there twice":
        assert (problem.kind, problem.span.start) == ("duplicate-key", text.rindex('"a"') + 1)
        assert value(file.body.blocks[0].body.attributes["a"].expr) == 1
    else:
        assert problem.skipped is not None


def test_faults_of_json_are_said() -> None:
    file = read('{"locals": {"a": 1 "b": "x\\q${y}"}')
    assert {problem.kind for problem in file.problems} == {"syntax"}
    assert len(file.problems) == 3
    assert list(file.body.blocks[0].body.attributes) == ["a", "b"]
    for text in ("", "[", "nothing", '{"a"'):
        assert read(text).problems
    assert isinstance(read('{"locals": {"a": NaN}}').body.blocks[0].body.attributes["a"].expr, Broken)


def test_deep_nesting() -> None:
    file = read('{"locals": {"a": ' + "[" * 150 + "]" * 150 + ', "b": 1}}')
    assert [problem.kind for problem in file.problems] == ["limit"]
    assert list(file.body.blocks[0].body.attributes) == ["a", "b"]
    deep = read('{"locals": {"a": ' + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1) + "}}")
    assert deep.problems == ()
    assert read('{"resource": ' * 5000 + "1" + "}" * 5000).problems
