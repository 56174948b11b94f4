"""The edits of HCL in a file of Terraform's JSON syntax: as edits of the JSON that the nodes were read from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from stockade.errors import EditError
from stockade.text import edit
from stockade.text.document import Document, Span
from stockade.text.edits import Edit
from stockade.text.hcl._render import Encoded, Filled, Nested, Raw, Value, source_of
from stockade.text.hcl.nodes import Block, Body, Constant, Expr, Object, Template, Tuple
from stockade.text.json import read_json
from stockade.text.node import Entry, Mapping, Node, Sequence, walk

_REFERENCES = frozenset({"depends_on", "ignore_changes", "provider", "providers", "replace_triggered_by"})
"""The arguments whose texts are expressions, not templates."""


def set_value(doc: Document, expr: Expr, value: Value) -> Edit:
    """See `stockade.text.hcl.edit.set_value`."""
    bare = not isinstance(expr, Constant | Template | Tuple | Object)
    return edit.replace_node(doc, _node(doc, expr.span), _plain(value, bare=bare))


def insert_item(doc: Document, sequence: Tuple, value: Value) -> Edit:
    """See `stockade.text.hcl.edit.insert_item`."""
    bare = bool(sequence.items) and not isinstance(sequence.items[0], Constant | Template | Tuple | Object)
    return edit.insert_item(doc, _sequence(doc, sequence), _plain(value, bare=bare))


def remove_item(doc: Document, sequence: Tuple, index: int) -> Edit:
    """See `stockade.text.hcl.edit.remove_item`."""
    return edit.remove_item(doc, _sequence(doc, sequence), index)


def insert_entry(doc: Document, mapping: Object, key: str, value: Value, after: str | None) -> Edit:
    """See `stockade.text.hcl.edit.insert_entry`."""
    return edit.insert_entry(doc, _mapping(doc, mapping.span), key, _plain(value), after=after)


def remove_entry(doc: Document, mapping: Object, key: str) -> Edit:
    """See `stockade.text.hcl.edit.remove_entry`."""
    return edit.remove_entry(doc, _mapping(doc, mapping.span), key)


def insert_entries(doc: Document, body: Body, values: dict[str, Any], after: str | None) -> Edit:
    """New arguments and blocks without labels, in one edit."""
    mapping = _body(doc, body)
    plain = {name: _plain(value, bare=name in _REFERENCES) for name, value in values.items()}
    if not mapping.written():
        return edit.replace_node(doc, mapping, plain)
    edits = [edit.insert_entry(doc, mapping, name, value, after=after) for name, value in plain.items()]
    return Edit(edits[0].span, "".join(one.text for one in edits))


def insert_block(doc: Document, body: Body, type_: str, labels: tuple[str, ...], content: dict[str, Any]) -> Edit:
    """A new block: where keys of its type and labels are there already, in them."""
    mapping = _body(doc, body)
    path = [type_, *labels]
    while path:
        entry = mapping.entry(path[0])
        if entry is None:
            value = _plain(Nested(content))
            for label in reversed(path[1:]):
                value = {label: value}
            return edit.insert_entry(doc, mapping, path[0], value)
        if not isinstance(entry.value, Mapping):
            break
        mapping = entry.value
        path = path[1:]
    raise EditError(
        f"{' '.join([type_, *labels])} is there already, at line {mapping.span.line} of {doc.path}",
        hint="make a list of it by hand",
    )


def remove_member(doc: Document, body: Body, name: str) -> Edit:
    """See `stockade.text.hcl.edit.remove_attribute`."""
    return edit.remove_entry(doc, _body(doc, body), name)


def remove_block(doc: Document, block: Block) -> Edit:
    """A block less, and with it the keys that only it had: Terraform takes no type without a name."""
    root = read_json(doc).root
    for node in () if root is None else walk(root):
        if isinstance(node, Sequence):
            for index, item in enumerate(node.items):
                if item.span == block.span and len(node.items) > 1:
                    return edit.remove_item(doc, node, index)
    path = [] if root is None else _path_to(root, block)
    if not path:
        raise EditError(f"{block.type} can't be removed from {doc.path}", hint="remove it by hand")
    mapping, key = path.pop()
    for _ in block.labels:
        if not path or len(mapping.written()) > 1:
            break
        mapping, key = path.pop()
    return edit.remove_entry(doc, mapping, key)


def _path_to(root: Node, block: Block) -> list[tuple[Mapping, str]]:
    """The objects and keys that lead to a block."""
    path: list[tuple[Mapping, str]] = []
    node = root
    while isinstance(node, Mapping):
        inner = next((entry for entry in node.written() if _holds(entry, block)), None)
        if inner is None:
            return []
        path.append((node, inner.key.raw))
        if inner.key.span == block.header:
            return path
        node = inner.value
    return []


def _holds(entry: Entry, block: Block) -> bool:
    return entry.span.covers(block.span)


def _plain(value: Any, *, bare: bool = False) -> Any:  # noqa: ANN401 - plain data
    """Plain data for JSON; texts are templates there, and an expression is one that is only filled in."""
    if isinstance(value, Raw):
        return value.source if bare else f"${{{value.source}}}"
    if isinstance(value, Filled):
        return "".join(str(_plain(part)) for part in value.parts)
    if isinstance(value, Encoded):
        return f"${{{source_of(value)}}}"
    if isinstance(value, Nested):
        return _plain(value.content)
    if isinstance(value, str):
        return value.replace("${", "$${").replace("%{", "%%{")
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, list):
        return [_plain(item, bare=bare) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item, bare=bare or key in _REFERENCES) for key, item in value.items()}
    return value


def _node(doc: Document, span: Span) -> Node:
    root = read_json(doc).root
    for node in () if root is None else walk(root):
        if node.span == span:
            return node
    raise EditError(
        f"what stands at line {span.line} of {doc.path} is a part of a text", hint="make the change by hand"
    )


def _mapping(doc: Document, span: Span) -> Mapping:
    node = _node(doc, span)
    if not isinstance(node, Mapping):
        raise EditError(f"there is no object at line {span.line} of {doc.path}", hint="make the change by hand")
    return node


def _sequence(doc: Document, sequence: Tuple) -> Sequence:
    node = _node(doc, sequence.span)
    if not isinstance(node, Sequence):
        raise EditError(f"there is no list at line {sequence.span.line} of {doc.path}", hint="make the change by hand")
    return node


def _body(doc: Document, body: Body) -> Mapping:
    """The object of a body: the file's, or the one whose braces the body stands between."""
    if body.span.start == 0 and body.span.end == len(doc.text):
        root = read_json(doc).root
        if isinstance(root, Mapping):
            return root
    return _mapping(doc, Span(doc, body.span.start - 1, body.span.end + 1))
