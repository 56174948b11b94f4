"""Nodes that a framework makes: each stands, for the reader, where the user's own block stands.

What SAM or the Serverless Framework generates is written as nodes of the CloudFormation that it becomes, and lowered by the
same tables and makers as what users write: so generated and written resources can't differ in meaning, and a finding points
at the user's line.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from typing import Any

from stockade.inputs.intrinsic import intrinsic
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

Plain = Any


def text(span: Span, value: str) -> Scalar:
    """A plain text."""
    return Scalar(span, value, value)


def flag(span: Span, *, value: bool) -> Scalar:
    """True or false."""
    return Scalar(span, value, "true" if value else "false")


def ref(span: Span, logical_id: str) -> Scalar:
    """`!Ref`."""
    return Scalar(span, logical_id, logical_id, "!Ref")


def get_att(span: Span, logical_id: str, attribute: str) -> Scalar:
    """`!GetAtt`."""
    shown = f"{logical_id}.{attribute}"
    return Scalar(span, shown, shown, "!GetAtt")


def sub(span: Span, value: str, names: MappingABC[str, Node] | None = None) -> Node:
    """`!Sub`, with names of its own or without."""
    if not names:
        return Scalar(span, value, value, "!Sub")
    return Sequence(span, (text(span, value), mapping(span, names)), "!Sub")


def sequence(span: Span, items: list[Node]) -> Sequence:
    """A list."""
    return Sequence(span, tuple(items))


def conditional(span: Span, branches: tuple[Node, ...]) -> Sequence:
    """`!If` of a condition's name and two values."""
    return Sequence(span, branches, "!If")


def mapping(span: Span, entries: MappingABC[str, Node | None]) -> Mapping:
    """A mapping; what is None is left out."""
    return Mapping(span, tuple(Entry(Scalar(span, k, k), v) for k, v in entries.items() if v is not None))


def with_entries(node: Mapping, extra: MappingABC[str, Node | None]) -> Mapping:
    """A mapping with some of its entries set; what is None is taken out."""
    kept = tuple(e for e in node.entries if e.key.raw not in extra)
    added = tuple(Entry(_key(node, k, v), v) for k, v in extra.items() if v is not None)
    return Mapping(node.span, kept + added, node.tag, node.flow)


def _key(node: Mapping, name: str, value: Node) -> Scalar:
    entry = node.entry(name)
    return entry.key if entry is not None else Scalar(value.span, name, name)


def renamed(node: Mapping, names: MappingABC[str, str]) -> Mapping:
    """A mapping with other names for some of its keys."""
    return Mapping(
        node.span,
        tuple(
            e if (new := names.get(e.key.raw)) is None else Entry(Scalar(e.key.span, new, new), e.value)
            for e in node.entries
        ),
        node.tag,
        node.flow,
    )


def from_plain(value: Plain, span: Span, holes: MappingABC[str, Node]) -> Node:
    """Nodes of plain data. `{"Ref": name}` and a text `${name}` stand for what `holes` gives for the name."""
    if isinstance(value, str):
        if value.startswith("${") and value.endswith("}") and value[2:-1] in holes:
            return holes[value[2:-1]]
        return Scalar(span, value, value)
    if isinstance(value, list | tuple):
        return Sequence(span, tuple(from_plain(v, span, holes) for v in value))
    if isinstance(value, dict):
        if len(value) == 1:
            name, inner = next(iter(value.items()))
            if name == "Ref" and isinstance(inner, str):
                found = holes.get(inner)
                return found if found is not None else Scalar(span, inner, inner, "!Ref")
            if name == "Fn::Sub" and isinstance(inner, str):
                used = {k: v for k, v in holes.items() if "${" + k + "}" in inner}
                return sub(span, inner, used)
        return Mapping(span, tuple(Entry(Scalar(span, k, k), from_plain(v, span, holes)) for k, v in value.items()))
    raw = "true" if value is True else "false" if value is False else "" if value is None else str(value)
    return Scalar(span, value, raw)


def is_block(node: Node | None) -> bool:
    """Whether a node is a plain mapping, not a call of an intrinsic function."""
    return type(node) is Mapping and intrinsic(node) is None


def is_list(node: Node | None) -> bool:
    """Whether a node is a plain list."""
    return type(node) is Sequence and node.tag is None


def literal(node: Node | None) -> str | None:
    """The text of a node that is a plain, non-empty value."""
    return node.raw if type(node) is Scalar and node.tag is None and node.value is not None else None


def is_set(node: Node | None) -> bool:
    """Whether something is written there, in the sense in which the frameworks' own code asks: not null, not empty, not false."""
    if node is None:
        return False
    if type(node) is Scalar:
        return node.tag is not None or bool(node.value)
    if type(node) is Mapping:
        return bool(node.entries)
    return node.tag is not None or bool(node.items)  # type: ignore[union-attr]


def target_of(node: Node | None) -> str | None:
    """The logical id that a node refers to by `Ref` or `GetAtt`, or None."""
    call = intrinsic(node)
    if call is None or call.name not in {"Ref", "Fn::GetAtt"}:
        return None
    argument = call.argument
    if type(argument) is Scalar:
        return argument.raw.partition(".")[0] if call.name == "Fn::GetAtt" else argument.raw
    if type(argument) is Sequence and argument.items and type(argument.items[0]) is Scalar:
        return argument.items[0].raw
    return None


def shape(node: Node) -> object:
    """What a node says, for comparing."""
    if type(node) is Mapping:
        return (node.tag, frozenset((e.key.raw, shape(e.value)) for e in node.entries))
    if type(node) is Sequence:
        return (node.tag, tuple(shape(item) for item in node.items))
    return (node.tag, node.raw) if type(node) is Scalar else None
