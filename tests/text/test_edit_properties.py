"""An edit does what it says, and nothing else."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from stockade.text.comments import comments
from stockade.text.document import Document
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
from stockade.text.node import Mapping, Node, Parsed, Scalar, Sequence
from stockade.text.yaml import read_yaml
from tests.text.documents import KEYS, TEXTS, VALUES, json_documents, yaml_documents

Path = tuple[str | int, ...]

TAGGED: st.SearchStrategy[Tagged] = st.one_of(
    TEXTS.map(lambda text: Tagged("!Sub", text)),
    st.just(Tagged("!GetAtt", "Queue.Arn")),
    st.lists(TEXTS, max_size=3).map(lambda items: Tagged("!Join", ["", [*items]])),
    st.dictionaries(KEYS, TEXTS, min_size=1, max_size=2).map(lambda value: Tagged("!Transform", {**value})),
)
PLAIN = st.one_of(VALUES, TAGGED, st.lists(TAGGED, max_size=2), st.dictionaries(KEYS, TAGGED, max_size=2))


def read(doc: Document) -> Parsed:
    return read_json(doc) if doc.syntax == "json" else read_yaml(doc)


def shape(node: Node) -> Any:
    """The value of a tree, tags and types included."""
    if isinstance(node, Scalar):
        value: Any = (type(node.value).__name__, node.value)
    elif isinstance(node, Mapping):
        value = {entry.key.raw: shape(entry.value) for entry in node.entries}
    else:
        value = [shape(item) for item in node.items]
    return (node.tag, value) if node.tag else value


def wanted(value: Plain, syntax: str) -> Any:
    if isinstance(value, Tagged):
        inner = value.value
        if syntax == "yaml":
            return (value.tag, wanted(inner, syntax))
        if value.tag == "!GetAtt":
            assert isinstance(inner, str)
            return wanted({"Fn::GetAtt": list(inner.split(".", 1))}, syntax)
        return wanted({"Fn::" + value.tag[1:]: inner}, syntax)
    if isinstance(value, dict):
        return {key: wanted(item, syntax) for key, item in value.items()}
    if isinstance(value, list):
        return [wanted(item, syntax) for item in value]
    return (type(value).__name__, value)


def places(root: Node) -> list[tuple[Path, Node]]:
    found: list[tuple[Path, Node]] = []
    stack: list[tuple[Path, Node]] = [((), root)]
    while stack:
        path, node = stack.pop()
        found.append((path, node))
        if isinstance(node, Mapping):
            stack += [((*path, entry.key.raw), entry.value) for entry in node.entries]
        elif isinstance(node, Sequence):
            stack += [((*path, index), item) for index, item in enumerate(node.items)]
    return found


def put(tree: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    if isinstance(tree, tuple):
        return (tree[0], put(tree[1], path, value))
    copy: Any = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = put(tree[path[0]], path[1:], value)
    return copy


def look(tree: Any, path: Path) -> Any:
    """What stands at a path: of a collection with a tag, the collection."""
    for step in path:
        tree = inside(tree)[step]
    return inside(tree)


def inside(tree: Any) -> Any:
    return tree[1] if isinstance(tree, tuple) and isinstance(tree[1], dict | list) else tree


def put_inside(tree: Any, path: Path, collection: Any) -> Any:
    """As `put`, for what a collection holds, which keeps its tag."""
    whole = tree
    for step in path:
        whole = inside(whole)[step]
    return put(tree, path, (whole[0], collection) if inside(whole) is not whole else collection)


def written_scalars(doc: Document, root: Node) -> dict[Path, str]:
    return {path: node.span.text for path, node in places(root) if isinstance(node, Scalar)}


def check(doc: Document, root: Node, edit: Edit, expected: Any, path: Path, moved: Any = lambda path: path) -> None:
    """The edit gives the expected value; scalars and comments that it does not touch are as they were."""
    result = apply_edits(doc, [edit])
    again = Document(doc.path, result)
    parsed = read(again)
    problems = [problem for problem in parsed.problems if problem.kind != "duplicate-key"]
    assert not problems, (result, problems)
    assert shape(parsed.roots[0]) == expected, result
    assert again.bom == doc.bom
    if "\n" not in doc.text.replace("\r\n", ""):
        assert "\n" not in again.text.replace("\r\n", "") or "\r\n" not in doc.text, "line ends are mixed"
    before, after = written_scalars(doc, root), written_scalars(again, parsed.roots[0])
    for place, text in before.items():
        if place[: len(path)] == path and (len(path) < len(place) or place == path):
            continue
        new = after.get(moved(place))
        assert new == text or edit.span.contains(find(root, place).span.start), (place, text, new, result)
    kept = [comment.text for comment in comments(doc, root) if not edit.span.covers(comment.span)]
    left = [comment.text for comment in comments(again, *parsed.roots)]
    for text in kept:
        assert text in left, (text, result)
        left.remove(text)


def find(root: Node, path: Path) -> Node:
    node: Node | None = root
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
    assert node is not None
    return node


def pick(data: DataObject, text: str, suffix: str, kind: type | tuple[type, ...]) -> tuple[Document, Node, Path, Any]:
    doc = Document("t." + suffix, text)
    root = read(doc).roots[0]
    candidates = [(path, node) for path, node in places(root) if isinstance(node, kind)]
    assume(candidates)
    path, node = data.draw(st.sampled_from(candidates))
    return doc, root, path, node


def ids_under(node: Node) -> Counter[int]:
    counts = Counter(id(inner) for _, inner in places(node))
    for _, inner in places(node):
        for entry in inner.merges if isinstance(inner, Mapping) else ():
            counts.update(ids_under(entry.value))
    return counts


def is_lonely(root: Node, path: Path) -> bool:
    """Whether no alias elsewhere names what stands at a place or around it, so that an edit changes one place only."""
    everywhere = ids_under(root)
    if any(everywhere[id(find(root, path[:length]))] > 1 for length in range(len(path) + 1)):
        return False
    inside = ids_under(find(root, path))
    return all(everywhere[place] == count for place, count in inside.items())


ODD_START = "a: 1\nb:\n  "
ODD_BITS = [
    *"abx01:-,[]{}#&*!|>'\"\\ \n", ": ", "- ", "\n- ", "\n  ", "\na: ", "\n  b: ", "\n- c: ", " # n\n", "|\n  ",
    "|+\n  ", ">-\n  ", "'q'", '"r"', ", ", "&a ", "*a", "!T ", "<<: *a", "\r\n", "é", "---\n", "x: ", "\n    ",
]  # fmt: skip


def is_sound(text: str) -> bool:
    parsed = read_yaml(Document("t.yaml", text))
    return len(parsed.roots) == 1 and not parsed.problems


ODD_DOCUMENTS = (
    st.lists(st.sampled_from(ODD_BITS), min_size=1, max_size=14)
    .map(lambda bits: "a: 1\nb:\n  " + "".join(bits))
    .filter(is_sound)
)
DOCUMENTS = st.one_of(
    ODD_DOCUMENTS.map(lambda text: (text, "yaml")),
    yaml_documents().map(lambda text: (text, "yaml")),
    json_documents().map(lambda text: (text, "json")),
)
thorough = settings(
    max_examples=int(os.environ.get("STOCKADE_EXAMPLES", "60")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    deadline=None,
)


@given(st.data(), DOCUMENTS, PLAIN)
@thorough
def test_replacing_a_value(data: DataObject, document: tuple[str, str], value: Plain) -> None:
    doc, root, path, node = pick(data, *document, (Scalar, Mapping, Sequence))
    assume(is_lonely(root, path))
    try:
        edit = replace_node(doc, node, value)
    except EditError:
        assert document[0].startswith(ODD_START)  # `{a\nb}`: a key without a colon
        reject()
    assert edit == set_scalar(node, value)
    check(doc, root, edit, put(shape(root), path, wanted(value, doc.syntax)), path)


@given(st.data(), DOCUMENTS, KEYS, PLAIN)
@thorough
def test_inserting_an_entry(data: DataObject, document: tuple[str, str], key: str, value: Plain) -> None:
    doc, root, path, node = pick(data, *document, Mapping)
    assume(is_lonely(root, path))
    assert isinstance(node, Mapping)
    assume(node.tag is None)  # what a tag makes of its mapping is not compared as a mapping
    assume(node.get(key) is None)
    own = [entry.key.raw for entry in node.entries if not entry.merged]
    after = data.draw(st.one_of(st.none(), st.sampled_from(own))) if own else None
    edit = insert_entry(doc, node, key, value, after=after)
    tree = shape(root)
    inner = look(tree, path)
    check(doc, root, edit, put_inside(tree, path, inner | {key: wanted(value, doc.syntax)}), (*path, key))
    if after is not None:
        again = find(read(Document(doc.path, apply_edits(doc, [edit]))).roots[0], path)
        assert isinstance(again, Mapping)
        assert again.keys()[again.keys().index(after) + 1] == key


@given(st.data(), DOCUMENTS)
@thorough
def test_removing_an_entry(data: DataObject, document: tuple[str, str]) -> None:
    doc, root, path, node = pick(data, *document, Mapping)
    assert isinstance(node, Mapping)
    assume(node.entries)
    assume(not node.merges)
    key = data.draw(st.sampled_from(node.keys()))
    assume(is_lonely(root, path) and is_lonely(root, (*path, key)))
    edit = remove_entry(doc, node, key)
    tree = shape(root)
    inner = {name: value for name, value in look(tree, path).items() if name != key}
    check(doc, root, edit, put_inside(tree, path, inner), (*path, key))


@given(st.data(), DOCUMENTS, PLAIN)
@thorough
def test_inserting_an_item(data: DataObject, document: tuple[str, str], value: Plain) -> None:
    doc, root, path, node = pick(data, *document, Sequence)
    assume(is_lonely(root, path))
    assert isinstance(node, Sequence)
    edit = insert_item(doc, node, value)
    tree = shape(root)
    inner = look(tree, path)
    check(doc, root, edit, put_inside(tree, path, [*inner, wanted(value, doc.syntax)]), (*path, len(inner)))


@given(st.data(), DOCUMENTS)
@thorough
def test_removing_an_item(data: DataObject, document: tuple[str, str]) -> None:
    doc, root, path, node = pick(data, *document, Sequence)
    assert isinstance(node, Sequence)
    assume(node.items)
    index = data.draw(st.integers(0, len(node.items) - 1))
    assume(is_lonely(root, path) and is_lonely(root, (*path, index)))
    edit = remove_item(doc, node, index)
    tree = shape(root)
    inner = list(look(tree, path))
    del inner[index]

    def moved(place: Path) -> Path:
        at = len(path)
        if place[:at] == path and len(place) > at and isinstance(place[at], int) and place[at] > index:  # type: ignore[operator]
            return (*path, place[at] - 1, *place[at + 1 :])  # type: ignore[operator]
        return place

    check(doc, root, edit, put_inside(tree, path, inner), (*path, index), moved)
