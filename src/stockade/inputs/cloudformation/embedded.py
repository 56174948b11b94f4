"""Nodes that nobody wrote as such: blocks inside JSON texts, and calls that stand for something else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from stockade.inputs.intrinsic import argument_of, intrinsic
from stockade.patterns import regex
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

MAX_EMBEDDED = 1_000_000  # characters
_MAX_JOINS = 20  # one in the other
_MARK = "\uf8ff"  # around the number of a call that stands in a joined text; nobody writes it
_MARKED = regex(f"{_MARK}(\\d+){_MARK}")
_QUOTE = regex(r'\\.|"')


def embedded_json(text: Scalar, *, is_sub: bool, own: Node | None = None) -> Node | None:
    """The tree of a JSON text, every node with the span of the text; None if it is no JSON.

    Inside `Fn::Sub` a text with `${…}` becomes a call of `Fn::Sub` with the same variables (`own`).
    """
    if len(text.raw) > MAX_EMBEDDED:
        return None
    try:
        data = json.loads(text.raw)
    except (ValueError, RecursionError):
        return None
    return tree(data, text.span, (lambda written: _sub(written, text.span, own)) if is_sub else None)


def joined_json(node: Node) -> Node | None:
    """The tree of a JSON text that `Fn::Join` puts together of texts and calls; None if it is no JSON.

    A call stands where its value will be; a text that it is a part of becomes a call of `Fn::Join`.
    """
    pieces = list(_pieces(node))
    if not pieces or not isinstance(pieces[0], str) or pieces[0].lstrip()[:1] not in {"{", "["}:
        return None
    calls: list[Node] = []
    written: list[str] = []
    quoted = False
    for piece in pieces:
        if isinstance(piece, str):
            quoted ^= sum(found[0] == '"' for found in _QUOTE.finditer(piece)) % 2 == 1
            written.append(piece)
        else:
            mark = f"{_MARK}{len(calls)}{_MARK}"
            written.append(mark if quoted else f'"{mark}"')
            calls.append(piece)
    whole = "".join(written)
    if len(whole) > MAX_EMBEDDED or whole.count(_MARK) != 2 * len(calls):
        return None

    def with_calls(held: str) -> Node:
        parts = _MARKED.split(held)  # every second one is the number of a call
        found = [
            calls[int(part)] if i % 2 else _scalar(part, node.span) for i, part in enumerate(parts) if i % 2 or part
        ]
        if len(found) == 1:
            return found[0]
        arguments = (_scalar("", node.span), Sequence(node.span, tuple(found), flow=True))
        return call("Fn::Join", Sequence(node.span, arguments, flow=True), node.span)

    try:
        data = json.loads(whole)
    except (ValueError, RecursionError):
        return None
    return None if _in_keys(data) else tree(data, node.span, with_calls)


def _pieces(node: Node, depth: int = 0) -> Iterator[str | Node]:
    """What is put together, one after the other; the node itself where that is not written out."""
    written = intrinsic(node) if node.tag is not None or type(node) is Mapping else None
    if written is None and type(node) is Scalar:
        yield node.raw
        return
    argument = argument_of(written) if written is not None and written.name == "Fn::Join" else None
    if type(argument) is Sequence and len(argument.items) == 2 and depth < _MAX_JOINS:
        delimiter, items = argument.items
        if type(delimiter) is Scalar and delimiter.tag is None and type(items) is Sequence and items.tag is None:
            for index, item in enumerate(items.items):
                if index and delimiter.raw:
                    yield delimiter.raw
                yield from _pieces(item, depth + 1)
            return
    yield node


def _in_keys(data: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a key has a call in it: nodes have texts as keys."""
    stack = [data]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if any(_MARK in key for key in item):
                return True
            stack += item.values()
        elif isinstance(item, list):
            stack += item
    return False


def tree(data: Any, span: Span, filled: Callable[[str], Node] | None = None) -> Node:  # noqa: ANN401 - any JSON
    """Plain data as nodes that all have one span; `filled` says what texts stand for."""
    if isinstance(data, dict):
        entries = (Entry(_scalar(str(k), span), tree(v, span, filled)) for k, v in data.items())
        return Mapping(span, tuple(entries), flow=True)
    if isinstance(data, list):
        return Sequence(span, tuple(tree(item, span, filled) for item in data), flow=True)
    return filled(data) if filled is not None and isinstance(data, str) else _scalar(data, span)


def _sub(written: str, span: Span, own: Node | None) -> Node:
    """A text inside of `Fn::Sub`."""
    inner = _scalar(written, span)
    if "${" not in written:
        return inner
    if own is not None:
        return Sequence(span, (inner, own), tag="!Sub", flow=True)
    return Scalar(span, written, written, tag="!Sub")


def call(name: str, argument: Node, span: Span) -> Mapping:
    """A call of an intrinsic function in its full form."""
    return Mapping(span, (Entry(_scalar(name, span), argument),), flow=True)


def macro_call(block: Mapping) -> Mapping:
    """The `Fn::Transform` beside other keys of a block, as a call of its own."""
    entry = block.entry("Fn::Transform")
    return Mapping(entry.span, (entry,)) if entry is not None else block


def _scalar(value: Any, span: Span) -> Scalar:  # noqa: ANN401 - any JSON
    raw = "" if value is None else "true" if value is True else "false" if value is False else str(value)
    return Scalar(span, value, raw, style="json")
