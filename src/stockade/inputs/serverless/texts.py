"""Texts that are made of blocks: JSON of what is written, and names that end in a digest."""

from __future__ import annotations

import hashlib
import json

from stockade.inputs.intrinsic import argument_of, intrinsic
from stockade.inputs.serverless.service import Service
from stockade.text.node import Mapping, Node, Scalar, Sequence

MAX_NODES = 20_000  # of one text: what is far too long for AWS ends here

_Pieces = list["str | Node"]


def known(node: Node | None) -> str | None:
    """A text that is known, an empty one too."""
    return node.raw if type(node) is Scalar and node.tag is None and node.value is not None else None


def digest(text: str) -> str:
    """The MD5 digest that the framework ends long names with."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def as_json(service: Service, node: Node) -> Node:
    """A block as the text that `JSON.stringify` makes of it, with holes where something in it is not known."""
    pieces: _Pieces = []
    budget = [MAX_NODES]
    _write(service, node, pieces, budget)
    if budget[0] < 0:
        return service.resolver.limit(node)
    return service.joined(node.span, *pieces)


def _write(service: Service, node: Node, pieces: _Pieces, budget: list[int]) -> None:
    budget[0] -= 1
    if budget[0] < 0:
        return
    if service.resolver.hole_of(node) is not None:
        pieces.append(node)
        return
    text = open_text(service, node)
    call = intrinsic(node) if node.tag is not None else None
    if text is not None:
        pieces.append('"')
        pieces.extend(json.dumps(part, ensure_ascii=False)[1:-1] if isinstance(part, str) else part for part in text)
        pieces.append('"')
    elif call is not None:
        pieces.append("{" + json.dumps(call.name) + ":")
        argument = argument_of(call)
        if call.name == "Fn::GetAtt" and type(argument) is Scalar:
            pieces.append(json.dumps(argument.raw.split(".", 1), separators=(",", ":")))
        else:
            _write(service, argument, pieces, budget)
        pieces.append("}")
    elif type(node) is Mapping:
        for index, entry in enumerate(node.entries):
            pieces.append(("," if index else "{") + json.dumps(entry.key.raw, ensure_ascii=False) + ":")
            _write(service, entry.value, pieces, budget)
        pieces.append("}" if node.entries else "{}")
    elif type(node) is Sequence:
        for index, item in enumerate(node.items):
            pieces.append("," if index else "[")
            _write(service, item, pieces, budget)
        pieces.append("]" if node.items else "[]")
    elif type(node) is Scalar:
        pieces.append(_scalar(node))


def _scalar(node: Scalar) -> str:
    value = node.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def open_text(service: Service, node: Node | None) -> list[str | Node] | None:
    """The parts of a text in which a variable stands that only the deployment knows; None of anything else."""
    if type(node) is not Sequence or node.tag != "!Join" or len(node.items) != 2:
        return None
    separator, parts = node.items
    if known(separator) != "" or type(parts) is not Sequence:
        return None
    if not any(service.resolver.hole_of(part) is not None for part in parts.items):
        return None
    return [known(part) if type(part) is Scalar and part.tag is None else part for part in parts.items]  # type: ignore[misc]
