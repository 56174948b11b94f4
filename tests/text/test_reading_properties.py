from __future__ import annotations

import json
import math
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.text.document import Document, Problem, decode_document
from stockade.text.json import read_json
from stockade.text.node import Mapping, Node, Parsed, Scalar, Sequence, to_python
from stockade.text.yaml import read_yaml
from tests.text.documents import json_documents, yaml_documents

YAML_BITS = st.lists(
    st.sampled_from([*"abx01:-?,[]{}#&*!|>'\"%@`\\ \t\n\r", "\r\n", "  ", "\n  ", "\n- ", ": ", "- ", "<<", "---\n",
    "...\n", "é", "𝄞",
                     "\ufeff", "\x85", "\u2028", "\x00", "\x1b", "!!str ", "!Ref ", "&a ", "*a", "%YAML 1.1\n",
                     "|\n  ", ">-\n ", "'", '"', "\\u00e9", "\\ud800"]),
    max_size=40,
).map("".join)  # fmt: skip
JSON_BITS = st.lists(
    st.sampled_from([*'{}[]:,"\\ \t\n01-.eE', "true", "null", "fals", "NaN", '"a"', '"b":', "//x\n", "/*", "*/", "'q'",
    "\\u12", "\\ud83d\\ude00", "\\ud800", "é", "\x00", "01"]),
    max_size=40,
).map("".join)  # fmt: skip


class RawKeys(yaml.CSafeLoader):
    """PyYAML as the oracle, with our differences: keys are text, dates are text, tags are inert."""

    def construct_mapping(self, node: Any, deep: bool = True) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        self.flatten_mapping(node)
        result: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ...
            if name is ...:
                raise yaml.YAMLError("a key that is no scalar")
            result[name] = self.construct_object(value, deep=deep)
        return result


def _inert(loader: RawKeys, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


RawKeys.add_constructor("tag:yaml.org,2002:map", RawKeys.construct_mapping)
RawKeys.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)
RawKeys.add_constructor("tag:yaml.org,2002:value", lambda loader, node: node.value)
RawKeys.add_multi_constructor("", _inert)


def same(ours: object, theirs: object) -> bool:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, float) and isinstance(theirs, float) and math.isnan(ours):
        return math.isnan(theirs)
    return type(ours) is type(theirs) and ours == theirs


def nodes_of(parsed: Parsed) -> list[Node]:
    found: list[Node] = []
    stack = list(parsed.roots)
    while stack:
        node = stack.pop()
        found.append(node)
        if isinstance(node, Mapping):
            for entry in node.entries:
                stack += (entry.key, entry.value)
        elif isinstance(node, Sequence):
            stack += node.items
    return found


@given(yaml_documents())
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_yaml_has_the_values_that_pyyaml_gives(text: str) -> None:
    parsed = read_yaml(Document("t.yaml", text))
    theirs = yaml.load(text, RawKeys)  # noqa: S506 (a SafeLoader)
    assert not [problem for problem in parsed.problems if problem.kind != "duplicate-key"]
    assert len(parsed.roots) == 1
    assert same(to_python(parsed.roots[0]), theirs)


@given(yaml_documents())
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_yaml_span_holds_its_value(text: str) -> None:
    doc = Document("t.yaml", text)
    for node in nodes_of(read_yaml(doc)):
        assert 0 <= node.span.start <= node.span.end <= len(doc.text)
        written = node.span.text
        assert written == written.strip() or (isinstance(node, Scalar) and node.style == "literal")
        if isinstance(node, Scalar) and node.style in ("single", "double", "plain"):
            again = yaml.load(written, RawKeys)  # noqa: S506 (a SafeLoader)
            assert same(node.value, again)
        elif isinstance(node, Mapping):
            assert all(node.span.covers(entry.span) for entry in node.written())
        elif isinstance(node, Sequence):
            assert all(node.span.covers(node.item_span(index)) for index in range(len(node.items)))


@given(json_documents())
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_json_has_the_values_that_python_gives(text: str) -> None:
    doc = Document("t.json", text)
    parsed = read_json(doc)
    assert parsed.problems == ()
    assert same(to_python(parsed.roots[0]), json.loads(doc.text))
    for node in nodes_of(parsed):
        assert same(to_python(node), json.loads(node.span.text))


@given(st.one_of(YAML_BITS, st.text(max_size=60)))
@settings(max_examples=400, deadline=None)
def test_reading_any_yaml_never_raises(text: str) -> None:
    doc = Document("t.yaml", text)
    parsed = read_yaml(doc)
    try:
        list(yaml.compose_all(doc.text, yaml.CSafeLoader))
    except yaml.YAMLError as error:
        refusal = str(error)
    else:
        refusal = ""
    if refusal:
        assert parsed.problems or "anchor" in refusal  # we let an anchor be used again
    else:
        assert all(problem.kind in ("duplicate-key", "syntax") for problem in parsed.problems)
        assert all(problem.skipped is None for problem in parsed.problems)
    for problem in parsed.problems:
        assert problem.kind in Problem.KINDS
        assert problem.message
        assert problem.remedy
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(doc.text)
    for node in nodes_of(parsed):
        assert 0 <= node.span.start <= node.span.end <= len(doc.text)


@given(st.one_of(JSON_BITS, st.text(max_size=60)))
@settings(max_examples=400, deadline=None)
def test_reading_any_json_never_raises_and_finds_every_error(text: str) -> None:
    doc = Document("t.json", text)
    parsed = read_json(doc)
    try:
        theirs = json.loads(doc.text)
    except json.JSONDecodeError:
        assert parsed.problems
    else:
        if not parsed.problems:
            assert same(to_python(parsed.roots[0]), theirs)
        else:  # what Python lets pass: NaN, a key twice, half a character
            assert (
                "NaN" in text
                or "Infinity" in text
                or "\\ud800" in text
                or any(problem.kind == "duplicate-key" for problem in parsed.problems)
            )
    for node in nodes_of(parsed):
        assert 0 <= node.span.start <= node.span.end <= len(doc.text)


@given(st.binary(max_size=80))
@settings(max_examples=200, deadline=None)
def test_decoding_any_bytes_never_raises(data: bytes) -> None:
    document = decode_document(data, "f.yaml")
    if isinstance(document, Document):
        marked = "\ufeff" + document.text if document.bom else document.text
        assert document.encode(marked) == data
        read_yaml(document)
        read_json(document)
    else:
        assert document.kind == "encoding"


@given(st.text(alphabet="ab\r\n\t é", max_size=40))
@settings(deadline=None)
def test_every_offset_has_a_line_and_a_column_that_lead_back(text: str) -> None:
    doc = Document("t.txt", text)
    for offset in range(len(doc.text) + 1):
        line, column = doc.position(offset)
        assert doc.line_start(line) + column - 1 == offset
    lines = [doc.line_text(line) for line in range(1, doc.line_count + 1)]
    expected = doc.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert lines == (expected[:-1] or [""] if expected[-1] == "" else expected)


@pytest.mark.parametrize("reader", [read_yaml, read_json])
def test_many_brackets_do_not_exhaust_the_stack(reader: Any) -> None:
    for opener in ("[", '{"a":', "- ", "? "):
        parsed = reader(Document("t", opener * 100_000))
        assert parsed.problems
