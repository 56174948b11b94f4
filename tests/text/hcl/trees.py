"""What the tests of HCL share: going through trees, and saying what is in them without the places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from stockade.text.document import Document, Span
from stockade.text.hcl.nodes import Body, Expr, HclFile, Item
from stockade.text.hcl.read import read_hcl


def read(text: str, path: str = "main.tf") -> HclFile:
    return read_hcl(Document(path, text))


def expression(source: str) -> Expr:
    """The value of an argument that is written so; there must be nothing wrong with it."""
    file = read(f"x = {source}\n")
    assert not file.problems, file.problems
    return file.body.attributes["x"].expr


def children(node: msgspec.Struct) -> Iterator[msgspec.Struct]:
    """The nodes right inside of a node."""
    for field in node.__struct_fields__:
        value = getattr(node, field)
        if isinstance(value, dict):
            yield from value.values()
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, msgspec.Struct))
        elif isinstance(value, msgspec.Struct) and not isinstance(value, Span):
            yield value


def walk(node: msgspec.Struct) -> Iterator[msgspec.Struct]:
    yield node
    for child in children(node):
        yield from walk(child)


def depth(node: msgspec.Struct) -> int:
    """How deep a tree is."""
    return 1 + max((depth(child) for child in children(node)), default=0)


def shape(node: Any) -> Any:
    """A tree without places: the name of each node's class, and its fields."""
    if isinstance(node, msgspec.Struct):
        fields = {
            field: shape(getattr(node, field))
            for field in node.__struct_fields__
            if not isinstance(getattr(node, field), Span) and field not in ("document", "problems", "comments", "exact")
        }
        return (type(node).__name__, fields)
    if isinstance(node, tuple):
        return [shape(item) for item in node]
    if isinstance(node, dict):
        return {key: shape(value) for key, value in node.items()}
    return node


def names(body: Body) -> dict[str, Any]:
    """What a body holds, by name: the source of its arguments, and its blocks."""
    found: dict[str, Any] = {name: attribute.expr.span.text for name, attribute in body.attributes.items()}
    for block in body.blocks:
        found.setdefault(" ".join((block.type, *block.labels)), []).append(names(block.body))
    return found


def check_places(file: HclFile) -> None:
    """Every node lies in its document and inside of the node around it, and siblings do not overlap."""
    text = file.document.text
    for problem in file.problems:
        for span in (problem.span, problem.skipped):
            assert span is None or 0 <= span.start <= span.end <= len(text)
    for comment in file.comments:
        assert comment.span.text.startswith(("#", "//", "/*"))
    _check_inside(file.body)


def _check_inside(node: msgspec.Struct) -> None:
    outer = place(node)
    assert 0 <= outer.start <= outer.end <= len(outer.doc.text)
    for field in node.__struct_fields__:
        value = getattr(node, field)
        if isinstance(value, Span):
            assert outer.covers(value), (node, field)
    last = outer.start
    for inner, child in sorted(((place(child), child) for child in children(node)), key=lambda pair: pair[0].start):
        assert outer.covers(inner), (node, child)
        assert inner.start >= last or isinstance(child, Item), (node, child)
        last = inner.end
        _check_inside(child)


def place(node: msgspec.Struct) -> Span:
    """Where a node is written."""
    span = node.span  # type: ignore[attr-defined] # every node of the tree has one
    assert isinstance(span, Span)
    return span
