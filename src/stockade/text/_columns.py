"""Blanks, properties and columns of YAML, for the edits of it; what a node's place is, which `_place.py` finds."""

from __future__ import annotations

import re
from typing import NamedTuple

from stockade.patterns import regex

_SKIPPED = regex(r"(?:[\s\ufeff]|(?:(?<=\s)|^)#[^\r\n]*)*", re.MULTILINE)
_PROPERTIES = regex(r"(?:(?:&[0-9A-Za-z_-]+|![^\s,\[\]{}]*)[ \t]*)*")


class Place(NamedTuple):
    """A node's surroundings.

    Attributes:
        parent: `mapping`, `sequence` or `root`.
        flow: whether it stands inside braces or brackets.
        column: of the parent's keys or dashes, from 0; for the root and inside a flow 0.
        lead: the offset right after the colon or dash that the node stands behind; None where there is none.
        after: the offset at which ends what stands before the node: its key, or the item before it.
    """

    parent: str
    flow: bool
    column: int
    lead: int | None
    after: int


def after_properties(text: str, offset: int) -> int:
    """The offset of what a tag and an anchor at `offset` belong to."""
    match = _PROPERTIES.match(text, offset)
    return skip_blank(text, offset if match is None else match.end())


def column_of(text: str, offset: int) -> int:
    """How many characters, from 0, an offset is away from the beginning of its line."""
    return offset - (max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1)


def skip_blank(text: str, offset: int) -> int:
    """The offset of the next character that is neither white space nor in a comment."""
    match = _SKIPPED.match(text, offset)
    return offset if match is None else match.end()
