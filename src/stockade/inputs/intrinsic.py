"""Calls of CloudFormation's intrinsic functions, as they are written."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from stockade.text.node import Mapping, Node, Scalar

# Short-form tags whose full form does not start with "Fn::".
_PLAIN = {"!Ref": "Ref", "!Condition": "Condition"}


class Intrinsic(Struct, frozen=True, eq=False):
    """A call of an intrinsic function: its full name (`Ref`, `Fn::Sub`, …) and its argument."""

    name: str
    argument: Node
    node: Node


def intrinsic(node: Node | None) -> Intrinsic | None:
    """The intrinsic function that this node calls, in its short or its full form."""
    if node is None:
        return None
    tag = node.tag
    if tag is not None:
        if tag in _PLAIN:
            return Intrinsic(_PLAIN[tag], node, node)
        if tag.startswith("!") and tag[1:2].isalpha():
            return Intrinsic("Fn::" + tag[1:], node, node)
        return None
    if type(node) is Mapping and len(node.entries) == 1:
        key = node.entries[0].key.raw
        if key == "Ref" or key.startswith("Fn::") or key == "Condition":
            return Intrinsic(key, node.entries[0].value, node)
    return None


def argument_of(call: Intrinsic) -> Node:
    """The argument of a call; of a short form, the node without its tag."""
    node = call.node
    if call.argument is node:
        if type(node) is Scalar:  # most are, and `replace` takes five times as long
            return Scalar(node.span, node.value, node.raw, None, node.style)
        return replace(node, tag=None)
    return call.argument
