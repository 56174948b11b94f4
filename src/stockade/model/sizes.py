"""How long values are, as far as they are written."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from stockade.model.names import parts_of
from stockade.model.value import Value

# What a part that is known only later is taken to be at most: the longest ARNs and host names are shorter.
_LATER = 512


class Size(Struct, frozen=True):
    """A size in bytes, of a value that may be one of several or that is not wholly known."""

    least: int
    most: int


def size(value: Value[Any]) -> Size:
    """How many bytes a value has as text."""
    sizes = [_size(leaf) for _, leaf in value.leaves()]
    return Size(min(one.least for one in sizes), max(one.most for one in sizes))


def _size(leaf: Value[Any]) -> Size:
    known = leaf.only()
    if known is not None:
        exact = len(str(known).encode())
        return Size(exact, exact)
    parts = parts_of(leaf)
    least = sum(len(part.encode()) for part in parts if isinstance(part, str))
    return Size(least, least + _LATER * sum(not isinstance(part, str) for part in parts))
