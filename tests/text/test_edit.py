from __future__ import annotations

from collections.abc import Callable

import pytest

from stockade.text.document import Document, Span
from stockade.text.edit import (
    EditError,
    Plain,
    Tagged,
    insert_entry,
    insert_item,
    remove_entry,
    remove_item,
    replace_node,
    set_scalar,
)
from stockade.text.edits import Edit, apply_edits
from stockade.text.json import read_json
from stockade.text.node import Mapping, Node, Scalar, Sequence, to_python
from stockade.text.yaml import read_yaml

Path = tuple[str | int, ...]


def open_at(text: str, path: Path, name: str) -> tuple[Document, Node]:
    doc = Document(name, text)
    node: Node | None = (read_json(doc) if doc.syntax == "json" else read_yaml(doc)).roots[0]
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
    assert node is not None
    return doc, node


def edited(text: str, path: Path, edit: Callable[[Document, Node], Edit], name: str = "t.yaml") -> str:
    doc, node = open_at(text, path, name)
    return apply_edits(doc, [edit(doc, node)])


def put(text: str, path: Path, value: Plain, name: str = "t.yaml") -> str:
    return edited(text, path, lambda _, node: set_scalar(node, value), name)


def add(text: str, path: Path, key: str, value: Plain, *, after: str | None = None, name: str = "t.yaml") -> str:
    def edit(doc: Document, node: Node) -> Edit:
        assert isinstance(node, Mapping)
        return insert_entry(doc, node, key, value, after=after)

    return edited(text, path, edit, name)


def drop(text: str, path: Path, key: str | int, name: str = "t.yaml") -> str:
    def edit(doc: Document, node: Node) -> Edit:
        if isinstance(node, Mapping):
            assert isinstance(key, str)
            return remove_entry(doc, node, key)
        assert isinstance(node, Sequence)
        assert isinstance(key, int)
        return remove_item(doc, node, key)

    return edited(text, path, edit, name)


def append(text: str, path: Path, value: Plain, name: str = "t.yaml") -> str:
    def edit(doc: Document, node: Node) -> Edit:
        assert isinstance(node, Sequence)
        return insert_item(doc, node, value)

    return edited(text, path, edit, name)


# ---------------------------------------------------------------------------------------------------------------------
# Scalars

QUOTED = [
    "on", "Yes", "no", "OFF", "true", "null", "~", "y", "N", "0123", "0o17", "0x1F", "1e3", "1.5", "12:30", "1_000",
    ".5", ".inf", "+1", "-1", "007",
    "2012-10-17", "2012-10-17T10:00:00Z", "", " a", "a ", "a: b", "a:", "a #b", "#a", "- a", "-", "?", "? a", ": a",
    "*", "&a", "!x", "@x", "`x`", "%x",
    "{a}", "[a]", "'a", '"a', "|", ">", "=", "<<", "---", "...", "a\nb", "a\tb", "\x07", "\u2028", "\ufeffa", "a\r\nb",
    ", a",
]  # fmt: skip
UNQUOTED = ["AWS_IAM", "arn:aws:s3:::b/*", "s3:Get*", "10.0.0.0/16", "python3.12", "a b", "é日本", "https://x.y/z?a=b#c",
"${A}", "1.2.3", "a'b", 'a"b', "-x", "a, b", "nodejs20.x"]  # fmt: skip


@pytest.mark.parametrize("text", QUOTED)
@pytest.mark.parametrize(("before", "path"), [("a: b  # c\n", ("a",)), ("a: [b]  # c\n", ("a", 0))])
def test_texts_that_yaml_would_misread_are_quoted(text: str, before: str, path: Path) -> None:
    after = put(before, path, text)
    if "\n" in text and path == ("a",):
        assert after == "a: |-  # c\n  a\n  b\n" or "\r" in text
        return
    _, node = open_at(after, path, "t.yaml")
    assert isinstance(node, Scalar)
    assert (node.value, node.style != "plain") == (text, True)
    assert after.endswith("  # c\n")


@pytest.mark.parametrize("text", UNQUOTED)
def test_texts_that_need_no_quotes_get_none(text: str) -> None:
    assert put("a: b\n", ("a",), text) == f"a: {text}\n"


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("a: 'b'  # c\n", "d", "a: 'd'  # c\n"),
        ('a: "b"\n', "d", 'a: "d"\n'),
        ("a: 'b'\n", "it's", "a: 'it''s'\n"),
        ('a: "b"\n', 'say "x\\y"\n', 'a: "say \\"x\\\\y\\"\\n"\n'),
        ("a: 'b'\n", "x\x1b\n", 'a: "x\\e\\n"\n'),
        ("a: 'b'\n", True, "a: true\n"),
        ("a: b\n", "it's: x", 'a: "it\'s: x"\n'),
        ("a:     b # c\n", "d", "a:     d # c\n"),
        ("a: |  # c\n  b\n\nd: 1\n", "e", "a: e  # c\n\nd: 1\n"),
        ("a: |\n  b\nd: 1\n", "x\ny\n", "a: |\n  x\n  y\nd: 1\n"),
        ("a: b  # c\nd: 1\n", "x\n\n  y", "a: |-  # c\n  x\n\n    y\nd: 1\n"),
        ("a: b\n", "x\ny", "a: |-\n  x\n  y\n"),
        ("a: b", "x\ny", 'a: "x\\ny"'),
        ("a: b\n   # deeper\n", "x\ny", 'a: "x\\ny"\n   # deeper\n'),
        ("a: b\n      \nc: 1\n", "x\ny", 'a: "x\\ny"\n      \nc: 1\n'),
        ("a: !Ref b\n", "c", "a: c\n"),
        ("a: &x b\nc: *x\n", "d", "a: &x d\nc: *x\n"),
        ("a: &x !Ref b\nc: *x\n", "d", "a: &x d\nc: *x\n"),
        ("a:\n", 5, "a: 5\n"),
        ("a:  # c\n", None, "a: null  # c\n"),
        ("a: b\r\n", 1.5, "a: 1.5\r\n"),
        ("a: b\n", float("inf"), "a: .inf\n"),
        ("a: b\n", 1e20, "a: 1.0e+20\n"),
        ("a:\n  b: 1 # x\n  # y\n", "c", "a: c # x\n  # y\n"),
        ("a: # x\n  # y\n  b\n", "c", "a: c # x\n  # y\n"),
        ("a: # x\n  b # y\n", "c", "a: c # x\n  # y\n"),
        ("? a\n: b\n", "c", "? a\n: c\n"),
        ("{a, b}\n", "c", "{a: c, b}\n"),
        ('{"a":"b"}\n', "c", '{"a": "c"}\n'),
        ("a: b\n", Tagged("!GetAtt", "Queue.Arn"), "a: !GetAtt Queue.Arn\n"),
        ("a: 'b'\n", Tagged("!Sub", "${A}-b: c"), "a: !Sub '${A}-b: c'\n"),
        ("a: b\n", Tagged("!Ref", None), "a: !Ref ''\n"),
        ("a: b\n", Tagged("!Join", [",", ["x", Tagged("!Ref", "Z")]]), "a: !Join [',', [x, !Ref Z]]\n"),
        ("a: b\n", Tagged("!Base64", Tagged("!Sub", "x")), "a:\n  Fn::Base64: !Sub x\n"),
    ],
)
def test_scalars_in_yaml(before: str, value: Plain, after: str) -> None:
    assert put(before, ("a",), value) == after


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("on", '"on"'),
        ("é\n\x07\ud800", '"é\\n\\u0007\ufffd"'),
        (1.5, "1.5"),
        (None, "null"),
        ([], "[]"),
        ({"a": [1, "x"]}, '{"a": [1, "x"]}'),
        (Tagged("!Ref", "X"), '{"Ref": "X"}'),
        (Tagged("!Condition", "X"), '{"Condition": "X"}'),
        (Tagged("!GetAtt", "Queue.Arn"), '{"Fn::GetAtt": ["Queue", "Arn"]}'),
        (Tagged("!GetAtt", "Stack.Outputs.X"), '{"Fn::GetAtt": ["Stack", "Outputs.X"]}'),
        (Tagged("!GetAtt", ["Queue", "Arn"]), '{"Fn::GetAtt": ["Queue", "Arn"]}'),
        (Tagged("!Sub", "${A}"), '{"Fn::Sub": "${A}"}'),
        (Tagged("!Base64", Tagged("!Ref", "X")), '{"Fn::Base64": {"Ref": "X"}}'),
    ],
)
def test_values_in_json(value: Plain, written: str) -> None:
    assert put('{"a": "b", "c": 1}', ("a",), value, "t.json") == f'{{"a": {written}, "c": 1}}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Tagged("!!binary", "x"), Tagged("x", "y")])
def test_what_json_cannot_say_is_refused(value: Plain) -> None:
    with pytest.raises(EditError):
        put('{"a": "b"}', ("a",), value, "t.json")


# ---------------------------------------------------------------------------------------------------------------------
# Collections

TEMPLATE = """\
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      FunctionUrlConfig:
        AuthType: NONE  # open
      Policies:
        - Statement: []
        # the last
      Tags: {}

  Other: {a: 1, b: [x, y]}  # flow
"""


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (
            ("Resources", "Fn", "Properties", "FunctionUrlConfig", "AuthType"),
            {"a": ["b", {"c": 1, "d": {}}], "e": []},
            "AuthType: NONE  # open\n",
            (
                "AuthType:  # open\n          a:\n            - b\n            - c: 1\n"
                "              d: {}\n          e: []\n"
            ),
        ),
        (("Resources", "Fn", "Properties", "Policies", 0), "x", "- Statement: []\n", "- x\n"),
        (
            ("Resources", "Fn", "Properties", "Policies", 0),
            ["x", ["y1"]],
            "- Statement: []\n",
            "- - x\n          - - y1\n",
        ),
        (("Resources", "Fn", "Properties", "Tags"), {"k": "v"}, "Tags: {}\n", "Tags:\n        k: v\n"),
        (("Resources", "Other", "b"), {"c": ["z", "a, b"]}, "[x, y]", "{c: [z, 'a, b']}"),
        (("Resources", "Other"), ["z"], "Other: {a: 1, b: [x, y]}  # flow\n", "Other:  # flow\n    - z\n"),
    ],
)
def test_replacing_collections_in_yaml(path: Path, value: Plain, old: str, new: str) -> None:
    assert put(TEMPLATE, path, value) == TEMPLATE.replace(old, new)


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("a: 1\n", ["x"], "- x\n"),
        ("--- a\n", {"b": 1}, "--- \nb: 1\n"),
        ("---\n- a\n# c\n", "x", "---\nx\n# c\n"),
        ("---\n- a\n", "x\ny", '---\n"x\\ny"\n'),
        ("&x [*x2]\n".replace("*x2", "1"), {"a": 1}, "&x\na: 1\n"),
    ],
)
def test_replacing_the_root(before: str, value: Plain, after: str) -> None:
    assert put(before, (), value) == after


@pytest.mark.parametrize(
    ("before", "path", "key", "value", "after"),
    [
        ("a: 1\n", (), "b", 2, "a: 1\nb: 2\n"),
        ("a: 1", (), "b", 2, "a: 1\nb: 2"),
        ("a: 1\r\n", (), "b", {"c": [1]}, "a: 1\r\nb:\r\n  c:\r\n    - 1\r\n"),
        ("a: 1  # x\n# y\n", (), "b", 2, "a: 1  # x\nb: 2\n# y\n"),
        ("a:\n    b: 1\nc: 2\n", ("a",), "d", {"e": "f"}, "a:\n    b: 1\n    d:\n        e: f\nc: 2\n"),
        ("a:\n- b: 1\n  c: 2\n", ("a", 0), "d", ["x"], "a:\n- b: 1\n  c: 2\n  d:\n  - x\n"),
        ("- - b: 1\n", (0, 0), "d", 2, "- - b: 1\n    d: 2\n"),
        ("a: {}\n", ("a",), "b", 1, "a:\n  b: 1\n"),
        ("a: {}  # c\nd: 1\n", ("a",), "b", 1, "a:  # c\n  b: 1\nd: 1\n"),
        ("a: !T {}\n", ("a",), "b", 1, "a: !T\n  b: 1\n"),
        ("a: [{}, 1]\n", ("a", 0), "b", 1, "a: [{b: 1}, 1]\n"),
        ("a: { # c\n  }\n", ("a",), "b", 1, "a: {b: 1 # c\n  }\n"),
        ("a: {b: 1}\n", ("a",), "c", {"d": ["x"]}, "a: {b: 1, c: {d: [x]}}\n"),
        ("a: {b: 1,}\n", ("a",), "c", 2, "a: {b: 1, c: 2,}\n"),
        ("a: {\n  b: 1,  # x\n  c: 2  # y\n}\n", ("a",), "d", 3, "a: {\n  b: 1,  # x\n  c: 2,\n  d: 3  # y\n}\n"),
        ('a: {"b": "x"}\n', ("a",), "c", "y", 'a: {"b": "x", "c": "y"}\n'),
        ("a: {b: !Ref }\n", ("a",), "c", 1, "a: {b: !Ref , c: 1 }\n"),
        ("a: [b: 1, c]\n", ("a", 0), "d", 2, "a: [{b: 1, d: 2}, c]\n"),
        ("a: |\n  x", (), "b", 1, "a: |-\n  x\nb: 1"),
        ("a: |+2\n  x", (), "b", 1, "a: |2-\n  x\nb: 1"),
        ("a: |+\n  x\n\n", (), "b", 1, "a: |+\n  x\n\nb: 1\n"),
        ("a: |\n  x\n\n\nc: 1\n", (), "b", 1, "a: |\n  x\n\n\nc: 1\nb: 1\n"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", ("c",), "d", 1, "a: &x {b: 1}\nc:\n  <<: *x\n  d: 1\n"),
        ("? a\n: b\n", (), "c", 1, "? a\n: b\nc: 1\n"),
        ("a: 1\n", (), "on", "off", "a: 1\n'on': 'off'\n"),
        ("a: 1\n", (), "200", "x", "a: 1\n'200': x\n"),
    ],
)
def test_inserting_entries_in_yaml(before: str, path: Path, key: str, value: Plain, after: str) -> None:
    assert add(before, path, key, value) == after


def test_inserting_behind_an_entry() -> None:
    assert add("a: 1\nb: |\n  x\n\nc: 3\n", (), "k", 1, after="b") == "a: 1\nb: |\n  x\nk: 1\n\nc: 3\n"
    assert add("a:\n  x: [1,\n    2]  # y\nc: 3\n", (), "k", 1, after="a") == "a:\n  x: [1,\n    2]  # y\nk: 1\nc: 3\n"
    assert add("{a: 1, b: 2}\n", (), "k", 1, after="a") == "{a: 1, k: 1, b: 2}\n"
    assert add('{"a": 1, "b": 2}', (), "k", 1, after="a", name="t.json") == '{"a": 1, "k": 1, "b": 2}'


@pytest.mark.parametrize(
    ("before", "path", "key", "after"),
    [
        ("a: 1\nb: 2  # x\nc: 3\n", (), "b", "a: 1\nc: 3\n"),
        ("a: 1\nb: 2", (), "b", "a: 1\n"),
        ("# top\na: 1\n# of b\nb:\n  - x\n  - y  # z\n\n# end\n", (), "b", "# top\na: 1\n# of b\n\n# end\n"),
        ("a: 1\n", (), "a", "{}\n"),
        ("a:\n  b: 1  # x\n", ("a",), "b", "a: {}  # x\n"),
        ("a: !T\n  b: 1\nc: 1\n", ("a",), "b", "a: !T {}\nc: 1\n"),
        ("- a: 1  # x\n  b: 2\n", (0,), "a", "- b: 2\n"),
        ("- a: 1\n  # of b\n  b: 2\n", (0,), "a", "- # of b\n  b: 2\n"),
        ("- a: 1\n  b: 2\n- c\n", (0,), "b", "- a: 1\n- c\n"),
        ("{a: 1, b: 2, c: 3}\n", (), "a", "{b: 2, c: 3}\n"),
        ("{a: 1, b: 2, c: 3}\n", (), "c", "{a: 1, b: 2}\n"),
        ("{a: 1}\n", (), "a", "{}\n"),
        ("{\n  a: 1, # x\n  b: 2, # y\n}\n", (), "a", "{\n   # x\n  b: 2, # y\n}\n"),
        ("{\n  a: 1, # x\n  b: 2, # y\n}\n", (), "b", "{\n  a: 1, # x\n   # y\n}\n"),
        ("[a: 1, b]\n", (0,), "a", "[{}, b]\n"),
        ("a: |\n  x\nb: 1\n   # deep\nc: 1\n", (), "b", "a: |\n  x\nc: 1\n"),
        ("a: |+\n  x\nb: 1\n\nc: 1\n", (), "b", "a: |+\n  x\nc: 1\n"),
        ("a: |\n  x\nb: 1\n\nc: 1\n", (), "b", "a: |\n  x\n\nc: 1\n"),
        ("a: 1\r\nb: 2\r\nc: 3\r\n", (), "b", "a: 1\r\nc: 3\r\n"),
        ("? a\n: 1\n? b\n: 2\n", (), "b", "? a\n: 1\n"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n  d: 1\n", ("c",), "<<", "a: &x {b: 1}\nc:\n  d: 1\n"),
    ],
)
def test_removing_entries_in_yaml(before: str, path: Path, key: str, after: str) -> None:
    assert drop(before, path, key) == after


@pytest.mark.parametrize(
    ("before", "path", "value", "after"),
    [
        (
            "a:\n  - 1\n  - 2  # x\nb: 1\n",
            ("a",),
            {"c": 1, "d": 2},
            "a:\n  - 1\n  - 2  # x\n  - c: 1\n    d: 2\nb: 1\n",
        ),
        ("a:\n- 1\nb: 1\n", ("a",), ["x"], "a:\n- 1\n- - x\nb: 1\n"),
        ("- |\n  x", (), "y", "- |-\n  x\n- 'y'"),
        ("a: []\n", ("a",), {"b": 1}, "a:\n  - b: 1\n"),
        ("a: [1]\n", ("a",), "x, y", "a: [1, 'x, y']\n"),
        ('a: ["x"]\n', ("a",), "y", 'a: ["x", "y"]\n'),
        ("a: [\n  1,\n  2\n]\n", ("a",), 3, "a: [\n  1,\n  2,\n  3\n]\n"),
        ("a: &x 1\nb:\n  - *x\n", ("b",), 2, "a: &x 1\nb:\n  - *x\n  - 2\n"),
        ("a: !If\n  - x\n", ("a",), Tagged("!Ref", "AWS::NoValue"), "a: !If\n  - x\n  - !Ref AWS::NoValue\n"),
    ],
)
def test_inserting_items_in_yaml(before: str, path: Path, value: Plain, after: str) -> None:
    assert append(before, path, value) == after


@pytest.mark.parametrize(
    ("before", "path", "index", "after"),
    [
        ("a:\n  - 1  # x\n  - 2\n", ("a",), 0, "a:\n  - 2\n"),
        ("a:\n  - 1\n  # y\n  - b: 1\n    c: 2\nd: 1\n", ("a",), 1, "a:\n  - 1\n  # y\nd: 1\n"),
        ("a:\n  - 1  # x\nb: 1\n", ("a",), 0, "a: []  # x\nb: 1\n"),
        ("- - 1\n  - 2\n", (0,), 0, "- - 2\n"),
        ("[1, 2, 3]\n", (), 1, "[1, 3]\n"),
        ("[1, 2, 3]\n", (), 2, "[1, 2]\n"),
        ("[1]\n", (), 0, "[]\n"),
        ("- \n- 2\n", (), 0, "- 2\n"),
        ("a: &x 1\nb: [*x, 2]\n", ("b",), 0, "a: &x 1\nb: [2]\n"),
    ],
)
def test_removing_items_in_yaml(before: str, path: Path, index: int, after: str) -> None:
    assert drop(before, path, index) == after


JSON = """\
{
    "a": {"b": 1},
    "c": {},
    "d": [
        1,
        {
            "e": 2
        }
    ]
}
"""


def test_json_keeps_its_indentation() -> None:
    assert add(JSON, (), "z", {"k": [1]}, name="t.json") == JSON.replace(
        "    ]\n}\n", '    ],\n    "z": {\n        "k": [\n            1\n        ]\n    }\n}\n'
    )
    assert add(JSON, ("a",), "z", {"k": [1]}, name="t.json") == JSON.replace('"b": 1', '"b": 1, "z": {"k": [1]}')
    assert add(JSON, ("c",), "z", Tagged("!Ref", "X"), name="t.json") == JSON.replace(
        "{},", '{\n        "z": {\n            "Ref": "X"\n        }\n    },'
    )
    assert add(JSON, ("d", 1), "f", 3, after="e", name="t.json") == JSON.replace(
        '"e": 2', '"e": 2,\n            "f": 3'
    )
    assert append(JSON, ("d",), "x", "t.json") == JSON.replace("        }\n    ]", '        },\n        "x"\n    ]')
    assert put(JSON, ("d", 0), ["x"], "t.json") == JSON.replace("        1,", '        [\n            "x"\n        ],')
    assert put(JSON, ("a",), ["x"], "t.json") == JSON.replace('{"b": 1}', '["x"]')
    assert drop(JSON, (), "c", "t.json") == JSON.replace('    "c": {},\n', "")
    assert drop(JSON, (), "d", "t.json") == '{\n    "a": {"b": 1},\n    "c": {}\n}\n'
    assert drop(JSON, ("a",), "b", "t.json") == JSON.replace('{"b": 1}', "{}")
    assert drop(JSON, ("d",), 0, "t.json") == JSON.replace("        1,\n", "")


def test_json_with_tabs_and_without_any_space() -> None:
    assert add('{\n\t"a": 1\n}', (), "b", [2], name="t.json") == '{\n\t"a": 1,\n\t"b": [\n\t\t2\n\t]\n}'
    assert add('{"a":1}', (), "b", {"c": [2, 3]}, name="t.json") == '{"a":1,"b":{"c":[2,3]}}'
    assert add("{}", (), "b", {"c": 1}, name="t.json") == '{"b": {"c": 1}}'
    assert drop('{"a":1,"b":2}', (), "b", "t.json") == '{"a":1}'


# ---------------------------------------------------------------------------------------------------------------------
# Applying, and refusing


def test_edits_are_applied_together() -> None:
    doc = Document("t.yaml", "\ufeffa: 1\nb: 2\nc: 3\n")
    root = read_yaml(doc).roots[0]
    assert isinstance(root, Mapping)
    nodes = {entry.key.raw: entry.value for entry in root.entries}
    edits = [
        set_scalar(nodes["c"], 30),
        insert_entry(doc, root, "d", 4),
        insert_entry(doc, root, "e", 5),
        remove_entry(doc, root, "b"),
        set_scalar(nodes["a"], 10),
        set_scalar(nodes["a"], 10),
    ]
    assert apply_edits(doc, edits) == "\ufeffa: 10\nc: 30\nd: 4\ne: 5\n"
    assert apply_edits(doc, []) == "\ufeffa: 1\nb: 2\nc: 3\n"


def test_edits_that_touch_each_other_are_refused() -> None:
    doc, other = Document("t.yaml", "abcdef"), Document("t.yaml", "abcdef")
    edit = Edit(Span(doc, 1, 4), "x")
    for overlapping in (Edit(Span(doc, 2, 2), "y"), Edit(Span(doc, 3, 6), ""), Edit(Span(doc, 1, 4), "y")):
        with pytest.raises(EditError, match=r"two edits of t\.yaml touch the same text, at line 1"):
            apply_edits(doc, [edit, overlapping])
    assert apply_edits(doc, [edit, Edit(Span(doc, 4, 4), "y"), Edit(Span(doc, 1, 1), "z")]) == "azxyef"
    with pytest.raises(EditError, match="can't be made in"):
        apply_edits(other, [edit])
    for start, end in ((5, 7), (-1, 2), (3, 2)):
        with pytest.raises(EditError, match="outside"):
            apply_edits(doc, [Edit(Span(doc, start, end), "")])


def test_what_cannot_be_done_is_refused() -> None:
    doc = Document("t.yaml", "a: &x {b: 1}\nc:\n  <<: *x\n  d: 1\ne: 1\ne: 2\n")
    root = read_yaml(doc).roots[0]
    assert isinstance(root, Mapping)
    inner = root.get("c")
    assert isinstance(inner, Mapping)
    refusals: list[tuple[Callable[[], object], str]] = [
        (lambda: insert_entry(doc, root, "a", 1), "a is there already"),
        (lambda: insert_entry(doc, root, "z", 1, after="q"), "there is no q"),
        (lambda: insert_entry(doc, inner, "z", 1, after="b"), "b comes from a merge"),
        (lambda: remove_entry(doc, inner, "b"), "b comes from a merge"),
        (lambda: remove_entry(doc, root, "q"), "there is no q"),
        (lambda: remove_entry(doc, root, "e"), "e is there twice"),
        (lambda: insert_entry(doc, root, "k" * 2000, 1), "too long"),
        (lambda: replace_node(Document("u.yaml", doc.text), root, 1), "can't be edited in u.yaml"),
        (lambda: replace_node(doc, Scalar(Span(doc, 4, 4), 1, "1"), 1), "no such value"),
        (lambda: insert_entry(doc, Mapping(Span(doc, 0, 3), ()), "z", 1), "not one that was read"),
    ]
    for refused, message in refusals:
        with pytest.raises(EditError, match=message) as caught:
            refused()
        assert caught.value.hint


def test_items_that_are_not_there() -> None:
    with pytest.raises(EditError, match="no item 1"):
        drop("- a\n", (), 1)
    with pytest.raises(EditError, match="no item -1"):
        drop("- a\n", (), -1)


def test_a_file_with_an_error_before_the_place_is_not_edited() -> None:
    doc = Document("t.yaml", "a: 'x\nb: {c: 1}\n")
    with pytest.raises(EditError, match="syntax error"):
        replace_node(doc, Scalar(Span(doc, 13, 14), 1, "1"), 2)


def test_a_file_in_another_syntax_is_not_edited() -> None:
    doc = Document("t.toml", "a = 1\n")
    with pytest.raises(EditError, match="neither YAML nor JSON"):
        set_scalar(Scalar(Span(doc, 4, 5), 1, "1"), 2)


def test_an_alias_is_edited_where_its_anchor_is() -> None:
    text = "a: &x {k: 1}\nb: *x\n"
    after = put(text, ("b", "k"), 2)
    assert after == "a: &x {k: 2}\nb: *x\n"
    assert to_python(read_yaml(Document("t.yaml", after)).roots[0]) == {"a": {"k": 2}, "b": {"k": 2}}
