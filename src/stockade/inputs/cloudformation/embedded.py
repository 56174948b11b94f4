"""Nodes that nobody wrote as such: blocks inside JSON texts, and calls that stand for something else."""

from __future__ import annotations

import json
from typing import Any

from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

MAX_EMBEDDED = 1_000_000  # characters


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
    return tree(data, text.span, is_sub=is_sub, own=own)


def tree(data: Any, span: Span, *, is_sub: bool = False, own: Node | None = None) -> Node:  # noqa: ANN401 - any JSON
    """Plain data as nodes that all have one span."""
    if isinstance(data, dict):
        entries = (Entry(_scalar(str(k), span), tree(v, span, is_sub=is_sub, own=own)) for k, v in data.items())
        return Mapping(span, tuple(entries), flow=True)
    if isinstance(data, list):
        return Sequence(span, tuple(tree(item, span, is_sub=is_sub, own=own) for item in data), flow=True)
    if is_sub and isinstance(data, str) and "${" in data:
        inner = _scalar(data, span)
        return (
            Sequence(span, (inner, own), tag="!Sub", flow=True)
            if own is not None
            else Scalar(span, data, data, tag="!Sub")
        )
    return _scalar(data, span)


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
