from __future__ import annotations

from typing import Any

import pytest
import yaml

from stockade.text import yaml as reader
from stockade.text.document import Document
from stockade.text.node import UNRESOLVED_ALIAS, Mapping, Node, Scalar, Sequence, to_python, walk
from stockade.text.yaml import read_yaml
from tests.support import runaway_guard


def root_of(text: str) -> Node:
    parsed = read_yaml(Document("t.yaml", text))
    assert parsed.problems == ()
    assert len(parsed.roots) == 1
    return parsed.roots[0]


def mapping_of(text: str) -> Mapping:
    root = root_of(text)
    assert isinstance(root, Mapping)
    return root


def value_of(text: str, key: str = "a") -> Node:
    node = mapping_of(text).get(key)
    assert node is not None
    return node


PLAIN = [
    "", "~", "null", "Null", "NULL", "nULL", "yes", "Yes", "YES", "yES", "no", "on", "Off", "true", "True", "TRUE",
    "tRUE", "false", "y", "n",
    "0", "1", "-1", "+1", "00", "07", "08", "0o17", "0x1F", "0x", "0x_", "-0x1f", "0b101", "0b2", "0b_", "1_000",
    "1__0", "_1", "1_", "12:30",
    "190:20:30", "1:60", "0:0", "-1:30", "123456789012", "1" * 300, "1.5", "1.", ".5", "-.5", "+.5", "1e3", "1.0e3",
    "1.5e+3", "1.e+3", ".5e-1",
    "6.8523015e+5", "190:20:30.15", "-1:30.5", "1_000.5", "._5", ".", "..5", ".inf", "-.inf", "+.INF", ".Inf", ".iNF",
    "inf", ".NaN", ".nan", "nan",
    "2012-10-17", "2012-10-17 10:00:00", "=", "<", "1.2.3", "10.0.0.0/16", "0.0", "-0", "-0.0", "1e400", "1.0e+400",
    "0_", "0x1_f", "1:2:3:4",
]  # fmt: skip


@pytest.mark.parametrize("raw", PLAIN)
def test_plain_scalars_resolve_as_in_pyyaml(raw: str) -> None:
    node = value_of(f"a: {raw}")
    assert isinstance(node, Scalar)
    assert (node.raw, node.style, node.tag) == (raw, "plain", None)
    try:
        expected: Any = yaml.safe_load(f"a: {raw}")["a"]
    except (ValueError, yaml.YAMLError):  # `0x_` and `=`, on which PyYAML breaks
        expected = raw
    if not isinstance(expected, str | int | float | None):
        expected = raw  # a date
    assert type(node.value) is type(expected)
    assert node.value == expected or node.value != node.value


def test_numbers_that_nobody_means_stay_text() -> None:
    for raw in ("1" * 5000, "1:" + "0:" * 5000 + "1"):
        node = value_of(f"a: {raw}")
        assert isinstance(node, Scalar)
        assert node.value == raw


@pytest.mark.parametrize(
    ("written", "value", "tag"),
    [
        ("!!str 5", "5", None),
        ("!!str", "", None),
        ("!!int '5'", 5, None),
        ("!!int x", "x", None),
        ("!!float 5", 5.0, None),
        ("!!bool 'on'", True, None),
        ("!!bool 5", "5", None),
        ("!!null x", None, None),
        ("!!timestamp 2012-10-17", "2012-10-17", None),
        ("!!binary aGk=", "aGk=", "!!binary"),
        ("!!python/object/apply:os.system ls", "ls", "!!python/object/apply:os.system"),
        ("!Ref X", "X", "!Ref"),
        ("!Sub 5", "5", "!Sub"),
        ("!Ref", "", "!Ref"),
        ("!GetAtt 'A.B'", "A.B", "!GetAtt"),
        ("!<tag:x.org,2020:y> 5", "5", "!<tag:x.org,2020:y>"),
        ("! 5", 5, None),
        ("! '5'", "5", None),
    ],
)
def test_tags(written: str, value: object, tag: str | None) -> None:
    node = value_of(f"a: {written}\n")
    assert isinstance(node, Scalar)
    assert (node.value, type(node.value), node.tag) == (value, type(value), tag)
    assert node.span.text == written


def test_tags_of_collections() -> None:
    root = mapping_of("a: !If [x, !Ref y]\nb: !Transform\n  Name: z\nc: !!set {q}\nd: !!map {}\ne: !!omap\n- k: v\n")
    tags = [getattr(entry.value, "tag", "") for entry in root.entries]
    assert tags == ["!If", "!Transform", "!!set", None, "!!omap"]
    assert [entry.value.span.text for entry in root.entries] == [
        "!If [x, !Ref y]", "!Transform\n  Name: z", "!!set {q}", "!!map {}", "!!omap\n- k: v"
    ]  # fmt: skip


def test_a_tag_by_a_declared_handle() -> None:
    node = value_of("%TAG !e! tag:x,2000:\n---\na: !e!foo b\n")
    assert isinstance(node, Scalar)
    assert node.tag == "!<tag:x,2000:foo>"


@pytest.mark.parametrize(
    ("written", "raw", "style"),
    [
        ("b c", "b c", "plain"),
        ("'it''s'", "it's", "single"),
        ('"\\u00e9\\n"', "é\n", "double"),
        ("b\n  c", "b c", "plain"),
        ("|\n  x\n   y\n", "x\n y\n", "literal"),
        ("|-\n  x\n", "x", "literal"),
        ("|+\n  x\n\n", "x\n\n", "literal"),
        (">\n  x\n  y\n", "x y\n", "folded"),
        ("|2-  # note\n   x\n", " x", "literal"),
    ],
)
def test_styles_and_spans(written: str, raw: str, style: str) -> None:
    for rest in ("", "b: 1\n", "# end\n"):
        text = f"a: {written}" + ("\n" if not written.endswith("\n") else "") + rest
        node = value_of(text)
        assert isinstance(node, Scalar)
        assert (node.raw, node.style, node.value) == (raw, style, raw)
        assert node.span.text == (written.removesuffix("\n"))


def test_the_end_of_a_block_is_its_last_leaf() -> None:
    text = "a:\n  b:\n    - c\n\n# comment\n\nd: e\n"
    assert value_of(text).span.text == "b:\n    - c"
    assert value_of("a:\n- b\n-\nc: d\n").span.text == "- b\n-"
    assert value_of("a:\n  b:\n  c:\nd: 1\n").span.text == "b:\n  c:"
    assert value_of("a: &x !T\n  b: 1\nc: 2\n").span.text == "&x !T\n  b: 1"
    assert value_of("a: [b: 1, c]\n").span.text == "[b: 1, c]"


def test_a_single_pair_in_a_flow_sequence() -> None:
    node = value_of("a: [b: 1 , c]\n")
    assert isinstance(node, Sequence)
    assert node.items[0].span.text == "b: 1"


def test_values_that_are_not_written_have_empty_spans() -> None:
    root = mapping_of("a:\nb: \nc: {d, e: }\nf: [ ]\ng:\n  -\n")
    for entry, offset in zip(root.entries[:2], (2, 5), strict=True):
        assert (entry.value.span.start, entry.value.span.end) == (offset, offset)
    inner = root.get("c")
    assert isinstance(inner, Mapping)
    assert [(entry.span.text, to_python(entry.value)) for entry in inner.entries] == [("d", None), ("e: ", None)]


def test_offsets_count_characters_after_the_byte_order_mark() -> None:
    doc = Document("t.yaml", "\ufeffé𝄞: '𝄞'\r\n日本: x\r\n")
    root = read_yaml(doc).roots[0]
    assert isinstance(root, Mapping)
    assert [(entry.key.span.text, entry.value.span.text) for entry in root.entries] == [("é𝄞", "'𝄞'"), ("日本", "x")]
    assert (root.entries[1].value.span.line, root.entries[1].value.span.column) == (2, 5)


@pytest.mark.parametrize("raw", ["on", "2012-10-17", "200", "0x10", "null", "~", "1.0", "!Ref x", "&k x", "'q'"])
def test_keys_are_text(raw: str) -> None:
    root = mapping_of(f"{raw}: 1\n")
    name = {"!Ref x": "x", "&k x": "x", "'q'": "q"}.get(raw, raw)
    assert root.keys() == (name,)
    assert name in root
    assert root.get(name) is root.entries[0].value
    assert root.entries[0].key.span.text == raw


def test_explicit_keys() -> None:
    root = mapping_of("? a\n: b\n? c\n")
    assert to_python(root) == {"a": "b", "c": None}


def test_odd_keys_are_problems() -> None:
    parsed = read_yaml(Document("t.yaml", "[a, b]: 1\n? {x: y}\n: 2\nz: 3\n"))
    assert [problem.message for problem in parsed.problems] == ["a key is a list or a mapping"] * 2
    assert to_python(parsed.roots[0]) == {"[a, b]": 1, "{x: y}": 2, "z": 3}


def test_a_key_twice_is_a_problem_and_the_last_counts() -> None:
    doc = Document("t.yaml", "a: 1\nb: 2\na: 3\n")
    parsed = read_yaml(doc)
    (problem,) = parsed.problems
    assert (problem.kind, problem.message) == ("duplicate-key", "the key a is there twice in one mapping")
    assert problem.span is not None
    assert (problem.span.line, problem.span.text) == (3, "a")
    root = parsed.roots[0]
    assert isinstance(root, Mapping)
    assert to_python(root) == {"b": 2, "a": 3}
    assert [entry.span.text for entry in root.shadowed] == ["a: 1"]
    assert [entry.span.text for entry in root.written()] == ["a: 1", "b: 2", "a: 3"]


def test_aliases_share_the_node() -> None:
    root = mapping_of("a: &x {k: v}\nb: *x\nc: [*x, 1, *x]\n")
    shared = root.get("a")
    assert root.get("b") is shared
    entry = root.entry("b")
    assert entry is not None
    assert entry.alias is not None
    assert (entry.alias.text, entry.span.text, entry.value.span.text) == ("*x", "b: *x", "&x {k: v}")
    items = root.get("c")
    assert isinstance(items, Sequence)
    assert items.items[0] is shared
    assert [items.item_span(index).text for index in range(3)] == ["*x", "1", "*x"]
    assert items.span.text == "[*x, 1, *x]"
    assert len(list(walk(root))) == 5


def test_an_alias_as_key_and_an_anchor_used_again() -> None:
    root = mapping_of("a: &x k\n*x : 1\nb: &x 2\nc: *x\n")
    assert to_python(root) == {"a": "k", "k": 1, "b": 2, "c": 2}
    assert root.entries[1].span.text == "*x : 1"


def test_an_alias_without_an_anchor() -> None:
    parsed = read_yaml(Document("t.yaml", "a: *x\n"))
    (problem,) = parsed.problems
    assert problem.kind == "syntax"
    assert problem.message == "the alias *x has no anchor before it"
    root = parsed.roots[0]
    assert isinstance(root, Mapping)
    node = root.get("a")
    assert isinstance(node, Scalar)
    assert (node.value, node.tag) == ("*x", UNRESOLVED_ALIAS)


def test_anchors_end_with_their_document() -> None:
    parsed = read_yaml(Document("t.yaml", "a: &x 1\n---\nb: *x\n"))
    assert len(parsed.roots) == 2
    assert [problem.message for problem in parsed.problems] == ["the alias *x has no anchor before it"]


MERGES = """\
one: &one {a: 1, b: 1}
two: &two {b: 2, c: 2}
single: {<<: *one, b: 0}
list:
  <<: [*one, *two]
  d: 3
twice: {<<: *one, <<: *two}
nested: &nested
  <<: *one
  e: 4
deep: {<<: *nested, a: 5}
inline: {<<: {z: 1}}
quoted: {"<<": 1}
"""


def test_merges() -> None:
    root = mapping_of(MERGES)
    theirs = yaml.safe_load(MERGES)
    assert to_python(root) == theirs
    single = root.get("single")
    assert isinstance(single, Mapping)
    assert [(entry.key.raw, entry.merged) for entry in single.entries] == [("a", True), ("b", False)]
    source = root.get("one")
    assert isinstance(source, Mapping)
    merged = single.entry("a")
    assert merged is not None
    assert merged.value is source.get("a")
    assert merged.span.line == 1
    assert [entry.span.text for entry in single.merges] == ["<<: *one"]
    assert [entry.span.text for entry in single.written()] == ["<<: *one", "b: 0"]
    assert single.span.text == "{<<: *one, b: 0}"


def test_a_merge_of_something_else() -> None:
    parsed = read_yaml(Document("t.yaml", "a: {<<: 5, b: 1}\nc: {<<: [x]}\n"))
    assert [problem.message for problem in parsed.problems] == ["<< merges something that is not a mapping"] * 2
    assert to_python(parsed.roots[0]) == {"a": {"b": 1}, "c": {}}


def test_several_documents() -> None:
    parsed = read_yaml(Document("t.yaml", "%YAML 1.1\n---\na: 1\n...\n---\n- b\n---\n"))
    assert [to_python(root) for root in parsed.roots] == [{"a": 1}, ["b"], None]
    assert parsed.root is parsed.roots[0]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "\ufeff"])
def test_nothing_is_no_problem(text: str) -> None:
    parsed = read_yaml(Document("t.yaml", text))
    assert (parsed.roots, parsed.problems, parsed.root) == ((), (), None)


def test_json_is_yaml() -> None:
    text = '{\n\t"a": [1, 2.5, null, true],\n\t"b": {"c": "\\u00e9"}\n}\n'
    assert to_python(root_of(text)) == {"a": [1, 2.5, None, True], "b": {"c": "é"}}
    escaped = '{"a": "\\ud83d\\ude00", "' + "k" * 2000 + '": 1}'  # which libyaml refuses
    assert to_python(root_of(escaped)) == {"a": "😀", "k" * 2000: 1}


# ---------------------------------------------------------------------------------------------------------------------
# Limits


def laughs(levels: int, width: int = 9) -> str:
    lines = ["a0: &a0 [" + ", ".join(["x"] * width) + "]"]
    lines += [f"a{level}: &a{level} [" + ", ".join([f"*a{level - 1}"] * width) + "]" for level in range(1, levels)]
    return "\n".join(lines) + "\n"


def test_a_file_that_stands_for_too_much_is_refused() -> None:
    with runaway_guard():
        parsed = read_yaml(Document("t.yaml", laughs(30)))
    assert parsed.roots == ()
    (problem,) = parsed.problems
    assert problem.kind == "limit"
    assert problem.message == "stands for more than 5,000,000 values once its aliases are followed"
    assert read_yaml(Document("t.yaml", laughs(6))).problems == ()


def test_merges_are_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_EXPANDED", 5000)
    base = "b: &b {" + ", ".join(f"k{number}: 1" for number in range(100)) + "}\n"
    text = base + "".join(f"m{number}: {{<<: [*b, *b, *b]}}\n" for number in range(8))
    (problem,) = read_yaml(Document("t.yaml", text)).problems
    assert problem.kind == "limit"


def test_several_documents_share_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_EXPANDED", 1000)
    (problem,) = read_yaml(Document("t.yaml", "\n---\n".join([laughs(3, 8)] * 3))).problems
    assert problem.kind == "limit"


def test_an_anchor_inside_itself_is_refused() -> None:
    parsed = read_yaml(Document("t.yaml", "a: &x [1, *x]\nb: &y\n  c: *y\n"))
    assert [(problem.kind, problem.message) for problem in parsed.problems] == [
        ("limit", "the alias *x is inside what it stands for"),
        ("limit", "the alias *y is inside what it stands for"),
    ]
    assert to_python(parsed.roots[0]) == {"a": [1, "*x"], "b": {"c": "*y"}}


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 250 + "]" * 250,
        "a:\n" + "\n".join(" " * level + "k:" for level in range(1, 300)),
        "a: " + '{"k":' * 100_000,
        "a: " + "[" * 100_000,
    ],
    ids=["flow", "block", "open braces", "open brackets"],
)
def test_what_is_nested_too_deep_is_left_out(text: str) -> None:
    with runaway_guard():
        parsed = read_yaml(Document("t.yaml", f"x: 1\n{text}\n"))
    (problem,) = parsed.problems
    assert problem.kind == "limit"
    assert problem.message.startswith("is nested more than 200 levels deep; ")
    assert problem.skipped is not None
    assert to_python(parsed.roots[0]) in ({"x": 1}, {"x": 1, "a": None})


def test_depth_counts_through_aliases() -> None:
    half = "[" * 120 + "x" + "]" * 120
    text = f"x: 1\na: &a {half}\nb: " + "[" * 100 + "*a" + "]" * 100 + "\n"
    parsed = read_yaml(Document("t.yaml", text))
    assert [problem.kind for problem in parsed.problems] == ["limit"]
    root = parsed.roots[0]
    assert isinstance(root, Mapping)
    assert root.keys() == ("x", "a")


def test_control_characters_are_a_problem_and_the_rest_is_read() -> None:
    parsed = read_yaml(Document("t.yaml", "a: x\x07y\nb: \x7f\n"))
    (problem,) = parsed.problems
    assert problem.message == "holds the control character U+0007 (and 1 more), which YAML does not allow"
    assert problem.span is not None
    assert problem.span.column == 5
    assert to_python(parsed.roots[0]) == {"a": "x\ufffdy", "b": "\ufffd"}


def test_a_second_byte_order_mark_does_not_shift_what_follows() -> None:
    doc = Document("t.yaml", "\ufeff\ufeffa: b\n")
    parsed = read_yaml(doc)
    assert [problem.message for problem in parsed.problems] == [
        "holds the control character U+FEFF, which YAML does not allow"
    ]
    assert [entry.value.span.text for entry in parsed.roots[0].entries] == ["b"]  # type: ignore[union-attr]


def test_the_pure_python_loader_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        MERGES,
        "a: |  # c\n  x\n\nb: >+\n  y\n\nc: [1, {d: *z}]\ne: &z 'q'\nf: *z\n",
        "a: 'x\nb: 1\n",
        "R:\n  A: [1\n  B: 2\n",
    ]
    fast = [read_yaml(Document("t.yaml", text)) for text in texts]
    monkeypatch.setattr(reader, "_LOADER", yaml.SafeLoader)
    for text, expected in zip(texts, fast, strict=True):
        parsed = read_yaml(Document("t.yaml", text))
        assert [to_python(root) for root in parsed.roots] == [to_python(root) for root in expected.roots]
        assert [problem.kind for problem in parsed.problems] == [problem.kind for problem in expected.problems]
        ours = [node.span for root in parsed.roots for node in walk(root)]
        theirs = [node.span for root in expected.roots for node in walk(root)]
        assert [(span.start, span.end) for span in ours] == [(span.start, span.end) for span in theirs]


def test_the_pure_python_loader_never_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_LOADER", yaml.SafeLoader)
    for text in ('a: "\\UFFFFFFFF"\nb: 1\n', "a: \x01\n", 'a: "\\xZZ"\n', "[" * 500, "%YAML x\n---\na: 1\n"):
        assert read_yaml(Document("t.yaml", text)).problems
