"""An edit of HCL does what it says, and nothing else; and what was in order stays so."""

from __future__ import annotations

import pathlib
import re
import subprocess
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from stockade.text.document import Document
from stockade.text.edits import Edit, apply_edits
from stockade.text.hcl.edit import (
    Nested,
    append_block,
    insert_attributes,
    insert_block,
    insert_entry,
    insert_item,
    remove_attribute,
    remove_block,
    remove_entry,
    remove_item,
    set_value,
    source_of,
)
from stockade.text.hcl.nodes import Attribute, Block, Body, Constant, Expr, HclFile, Object, ObjectEntry, Tuple
from stockade.text.hcl.read import read_hcl
from tests.text.hcl.evaluate import evaluate
from tests.text.hcl.test_read_properties import bodies
from tests.text.hcl.trees import children, shape, walk

T = TypeVar("T", bound=msgspec.Struct)

TEXTS = st.one_of(
    st.sampled_from(
        ["", "a", "two\nlines\n", 'say "x"', "back\\slash", "${x}", "%{ if }", "$${y}", "$", "é𝄞", "\t\r", "EOT\n"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)
KEYS = st.sampled_from(["a", "long_name", "x-y", "for", "with space", "1st", "ü", "q"])
VALUES = st.recursive(
    st.one_of(TEXTS, st.integers(-(10**20), 10**20), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)
NEWLINES = st.sampled_from(["\n", "\r\n"])
MANY = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@st.composite
def files(draw: st.DrawFn) -> HclFile:
    text = "".join(f'data "t" "n{index}" {{\n{draw(bodies())}}}\n' for index in range(draw(st.integers(1, 3))))
    return read_hcl(Document("main.tf", text.replace("\n", draw(NEWLINES))))


def composed(value: Any) -> Any:
    """A value as HCL keeps it."""
    import unicodedata

    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [composed(item) for item in value]
    if isinstance(value, dict):
        return {composed(key): composed(item) for key, item in value.items()}
    return value


def pick(data: st.DataObject, file: HclFile, kind: type[T], accept: Callable[[T], bool] = lambda _: True) -> T:
    found = [node for node in walk(file.body) if isinstance(node, kind) and accept(node)]
    assume(found)
    return data.draw(st.sampled_from(found))


def outline(file: HclFile, changed: msgspec.Struct | None = None) -> Any:
    """The tree without places; what stands in `changed` is left out."""

    def of(node: msgspec.Struct) -> Any:
        if node is changed:
            return "changed"
        return (type(node).__name__, own(node), [of(child) for child in children(node)])

    def own(node: msgspec.Struct) -> Any:
        return {
            field: getattr(node, field)
            for field in node.__struct_fields__
            if isinstance(getattr(node, field), str | int | bool) and field != "exact"
        }

    return of(file.body)


def path_to(root: msgspec.Struct, wanted: msgspec.Struct) -> list[int]:
    """By which children one comes to a node."""
    for index, child in enumerate(children(root)):
        if child is wanted:
            return [index]
        below = path_to(child, wanted)
        if below:
            return [index, *below]
    return []


def follow(root: msgspec.Struct, path: list[int]) -> Any:
    for index in path:
        root = list(children(root))[index]
    return root


def edited(file: HclFile, edit: Edit | list[Edit]) -> HclFile:
    """The file with an edit: readable, with its line ends, and with all comments that the edit does not reach."""
    edits = edit if isinstance(edit, list) else [edit]
    text = apply_edits(file.document, edits)
    again = read_hcl(Document("main.tf", text))
    assert not again.problems, (text, [problem.message for problem in again.problems])
    if "\r\n" in file.document.text:
        assert "\n" not in text.replace("\r\n", "")
    left = [comment.text for comment in again.comments]
    for comment in file.comments:
        if not any(one.span.start < comment.span.end and comment.span.start < one.span.end for one in edits):
            assert comment.text in left, (comment.text, text)
            left.remove(comment.text)
    return again


def unindented(text: str, value: Any) -> bool:
    """Whether a text would be written otherwise than it is asked for: a heredoc has the file's ends of lines."""
    return "\r\n" in text and isinstance(value, str)


@given(files(), VALUES, st.data())
@MANY
def test_a_value_is_replaced(file: HclFile, value: Any, data: st.DataObject) -> None:
    holders = [node for node in walk(file.body) if isinstance(node, Attribute | ObjectEntry)]
    assume(holders)
    holder = data.draw(st.sampled_from(holders))
    expr: Expr = holder.expr if isinstance(holder, Attribute) else holder.value
    again = edited(file, set_value(file.document, expr, value))
    new = follow(again.body, path_to(file.body, expr))
    assert evaluate(new, {}) == composed(value)
    assert outline(again, new) == outline(file, expr)


@given(files(), st.dictionaries(st.sampled_from(["n1", "another_one", "zz"]), VALUES, min_size=1), st.data())
@MANY
def test_arguments_are_added(file: HclFile, values: dict[str, Any], data: st.DataObject) -> None:
    body = pick(data, file, Body)
    assume(not set(values) & set(body.attributes))
    after = data.draw(st.sampled_from([None, *body.attributes]))
    again = edited(file, insert_attributes(file.document, body, values, after=after))
    new = follow(again.body, path_to(file.body, body))
    assert isinstance(new, Body)
    expected = list(body.attributes)
    place = expected.index(after) + 1 if after is not None else len(expected)
    assert list(new.attributes) == [*expected[:place], *values, *expected[place:]]
    for name, value in values.items():
        assert evaluate(new.attributes.pop(name).expr, {}) == composed(value)
    assert outline(again) == outline(file)


@given(
    files(),
    st.dictionaries(KEYS.filter(lambda key: " " not in key and key[0].isalpha()), VALUES, max_size=3),
    st.data(),
)
@MANY
def test_a_block_is_added(file: HclFile, content: dict[str, Any], data: st.DataObject) -> None:
    body = pick(data, file, Body)
    inner = data.draw(st.one_of(st.none(), st.just({"deep": 1})))
    whole = {**content, "nested": Nested(inner)} if inner is not None else content
    after = data.draw(st.sampled_from([None, *body.blocks]))
    write = append_block if body is file.body else insert_block
    again = edited(file, write(file.document, body, "new", ('l"',), whole, after=after))
    new = follow(again.body, path_to(file.body, body))
    assert isinstance(new, Body)
    place = body.blocks.index(after) + 1 if after is not None else len(body.blocks)
    made = new.blocks[place]
    assert (made.type, made.labels) == ("new", ('l"',))
    assert {name: evaluate(a.expr, {}) for name, a in made.body.attributes.items()} == composed(content)
    assert [block.type for block in made.body.blocks] == (["nested"] if inner is not None else [])
    others = [shape(block) for block in new.blocks if block is not made]
    assert others == [shape(block) for block in body.blocks]
    if body is not file.body:
        assert shape(new.attributes) == shape(body.attributes)


@given(files(), st.data())
@MANY
def test_an_argument_is_removed(file: HclFile, data: st.DataObject) -> None:
    body = pick(data, file, Body, lambda body: bool(body.attributes))
    name = data.draw(st.sampled_from(list(body.attributes)))
    again = edited(file, remove_attribute(file.document, body, name))
    body.attributes.pop(name)
    assert outline(again) == outline(file)


@given(files(), st.data())
@MANY
def test_a_block_is_removed(file: HclFile, data: st.DataObject) -> None:
    body = pick(data, file, Body, lambda body: bool(body.blocks))
    block = data.draw(st.sampled_from(body.blocks))
    again = edited(file, remove_block(file.document, body, block))
    new = follow(again.body, path_to(file.body, body))
    assert isinstance(new, Body)
    assert [shape(left) for left in new.blocks] == [shape(left) for left in body.blocks if left is not block]
    assert shape(new.attributes) == shape(body.attributes)


@given(files(), VALUES, st.data())
@MANY
def test_an_item_is_added(file: HclFile, value: Any, data: st.DataObject) -> None:
    sequence = pick(data, file, Tuple, lambda node: not _ends_in_heredoc(node))
    again = edited(file, insert_item(file.document, sequence, value))
    new = follow(again.body, path_to(file.body, sequence))
    assert isinstance(new, Tuple)
    assert [shape(item) for item in new.items[:-1]] == [shape(item) for item in sequence.items]
    assert evaluate(new.items[-1], {}) == composed(value)
    assert outline(again, new) == outline(file, sequence)


@given(files(), st.data())
@MANY
def test_an_item_is_removed(file: HclFile, data: st.DataObject) -> None:
    sequence = pick(data, file, Tuple, lambda node: bool(node.items) and not _has_heredoc(node))
    index = data.draw(st.integers(0, len(sequence.items) - 1))
    again = edited(file, remove_item(file.document, sequence, index))
    new = follow(again.body, path_to(file.body, sequence))
    assert isinstance(new, Tuple)
    left = [item for place, item in enumerate(sequence.items) if place != index]
    assert [shape(item) for item in new.items] == [shape(item) for item in left]
    assert outline(again, new) == outline(file, sequence)


@given(files(), VALUES, st.data())
@MANY
def test_an_entry_is_added(file: HclFile, value: Any, data: st.DataObject) -> None:
    mapping = pick(data, file, Object)
    known = [entry.key.value for entry in mapping.entries if isinstance(entry.key, Constant)]
    key = data.draw(KEYS)
    assume(key not in known)
    after = data.draw(st.sampled_from([None, *(key for key in known if isinstance(key, str))]))
    again = edited(file, insert_entry(file.document, mapping, key, value, after=after))
    new = follow(again.body, path_to(file.body, mapping))
    assert isinstance(new, Object)
    place = known.index(after) + 1 if after is not None and len(known) == len(mapping.entries) else None
    fresh = [entry for entry in new.entries if isinstance(entry.key, Constant) and entry.key.value == key]
    assert len(fresh) == 1
    assert place is None or new.entries[place] is fresh[0]
    assert evaluate(fresh[0].value, {}) == composed(value)
    assert [shape(entry) for entry in new.entries if entry is not fresh[0]] == [
        shape(entry) for entry in mapping.entries
    ]
    assert outline(again, new) == outline(file, mapping)


@given(files(), st.data())
@MANY
def test_an_entry_is_removed(file: HclFile, data: st.DataObject) -> None:
    mapping = pick(data, file, Object, lambda node: bool(_named(node)) and not _has_heredoc(node))
    gone = data.draw(st.sampled_from(_named(mapping)))
    assert isinstance(gone.key, Constant)
    again = edited(file, remove_entry(file.document, mapping, str(gone.key.value)))
    new = follow(again.body, path_to(file.body, mapping))
    assert isinstance(new, Object)
    assert [shape(entry) for entry in new.entries] == [shape(entry) for entry in mapping.entries if entry is not gone]
    assert outline(again, new) == outline(file, mapping)


def _named(mapping: Object) -> list[ObjectEntry]:
    return [e for e in mapping.entries if isinstance(e.key, Constant) and isinstance(e.key.value, str)]


def _has_heredoc(node: msgspec.Struct) -> bool:
    return any(getattr(inner, "heredoc", False) for inner in walk(node))


def _ends_in_heredoc(node: Tuple) -> bool:
    return bool(node.items) and _has_heredoc(node.items[-1])


@given(VALUES)
def test_what_is_written_of_a_value_says_it(value: Any) -> None:
    for source in (source_of(value), source_of(value, "  ", inline=False)):
        file = read_hcl(Document("main.tf", f"x = {source}\n"))
        assert not file.problems
        assert evaluate(file.body.attributes["x"].expr, {}) == composed(value)


# ------------------------------------------------------------------------------------------------------------ formatting


OPERATIONS: list[Callable[[HclFile, st.DataObject, Any], Edit]] = [
    lambda file, data, value: set_value(file.document, pick(data, file, Attribute).expr, value),
    lambda file, data, value: set_value(file.document, pick(data, file, ObjectEntry).value, value),
    lambda file, data, value: insert_attributes(
        file.document, pick(data, file, Block).body, {"new": value, "longer": 1}
    ),
    lambda file, data, value: insert_block(
        file.document, pick(data, file, Block).body, "new", (), {"x": value, "longer": 1, "in": Nested({"y": value})}
    ),
    lambda file, data, value: append_block(
        file.document, file.body, "new", ("l",), {"x": value, "longer": 1}, after=pick(data, file, Block, _at_top(file))
    ),
    lambda file, data, value: _without_member(file, data),
    lambda file, data, value: insert_item(
        file.document, pick(data, file, Tuple, lambda node: not _ends_in_heredoc(node)), value
    ),
    lambda file, data, value: insert_entry(file.document, pick(data, file, Object), "new", value),
]


def _at_top(file: HclFile) -> Callable[[Block], bool]:
    return lambda block: block in file.body.blocks


def _without_member(file: HclFile, data: st.DataObject) -> Edit:
    body = pick(data, file, Body, lambda body: bool(body.attributes))
    return remove_attribute(file.document, body, data.draw(st.sampled_from(list(body.attributes))))


def formatted(folder: pathlib.Path, texts: list[str]) -> list[str]:
    for index, text in enumerate(texts):
        (folder / f"{index}.tf").write_bytes(text.encode())
    subprocess.run(["terraform", "fmt", str(folder)], capture_output=True, check=True)
    return [(folder / f"{index}.tf").read_bytes().decode() for index in range(len(texts))]


@pytest.mark.terraform
def test_what_is_formatted_stays_formatted(tmp_path: pathlib.Path) -> None:
    written: list[str] = []

    @given(files(), st.sampled_from(OPERATIONS), VALUES, st.data())
    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def collect(
        file: HclFile, operation: Callable[[HclFile, st.DataObject, Any], Edit], value: Any, data: st.DataObject
    ) -> None:
        # Where something filled into a heredoc takes several lines, terraform itself loses count of the indentation.
        assume(not re.search(r"\$\{(?:\r?\n|<<)", file.document.text))
        (text,) = formatted(tmp_path, [file.document.text])
        again = read_hcl(Document("main.tf", text))
        written.append(apply_edits(again.document, [operation(again, data, value)]))

    collect()
    assert len(written) > 10
    for made, again in zip(written, formatted(tmp_path, written), strict=True):
        assert again == made
