"""Names as texts of which parts may be unknown: their parts, and whether two may be the same."""

from __future__ import annotations

from typing import Any

from stockade.model.value import Hole, Known, Part, Text, Unknown, Value


def parts_of(leaf: Value[Any]) -> tuple[Part, ...]:
    """A name as parts of a text; nothing for one that isn't stated, or is none."""
    if isinstance(leaf, Known):
        return (leaf.v,) if isinstance(leaf.v, str) and leaf.v else ()
    if isinstance(leaf, Text):
        return leaf.parts
    return (Hole(leaf.name, leaf.doubt),) if isinstance(leaf, Unknown) else ()


def may_be_same(left: tuple[Part, ...], right: tuple[Part, ...]) -> bool:
    """Whether two texts may be the same, as far as their beginnings and ends are written."""
    starts = [text[0] if isinstance(text[0], str) else "" for text in (left, right)]
    ends = [text[-1] if isinstance(text[-1], str) else "" for text in (left, right)]
    return (starts[0].startswith(starts[1]) or starts[1].startswith(starts[0])) and (
        ends[0].endswith(ends[1]) or ends[1].endswith(ends[0])
    )
