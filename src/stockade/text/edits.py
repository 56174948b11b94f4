"""An edit of a text, and how edits are made: what the writers of every format have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from stockade.errors import EditError
from stockade.text.document import Document, Span

if TYPE_CHECKING:
    from collections.abc import Iterable


class Edit(msgspec.Struct, frozen=True):
    """The text that is to stand where `span` stands; an empty span inserts, an empty text removes."""

    span: Span
    text: str


def apply_edits(doc: Document, edits: Iterable[Edit]) -> str:
    """The document's text with all edits made, with its byte order mark if it has one.

    Edits at the same place are made in the order given; the very same edit twice is made once.

    Raises:
        EditError: an edit is of another document or outside of it, or two of them touch the same text.
    """
    ordered = sorted(dict.fromkeys(edits), key=lambda edit: (edit.span.start, edit.span.end))
    pieces: list[str] = ["\ufeff"] if doc.bom else []
    position = 0
    for edit in ordered:
        start, end = edit.span.start, edit.span.end
        if edit.span.doc is not doc:
            raise EditError(
                f"an edit of {edit.span.doc.path} can't be made in {doc.path}",
                hint="make each file's edits by themselves",
            )
        if not 0 <= start <= end <= len(doc.text):
            raise EditError(f"an edit lies outside of {doc.path}", hint="read the file again before editing it")
        if start < position:
            raise EditError(
                f"two edits of {doc.path} touch the same text, at line {edit.span.line}",
                hint="make one, read again, make the other",
            )
        pieces += (doc.text[position:start], edit.text)
        position = end
    pieces.append(doc.text[position:])
    return "".join(pieces)


def deepest_first(edit: Edit) -> tuple[int, int]:
    """A key to sort by: of two insertions at the same place, the one indented deeper belongs to the block that ends there."""
    first = next((line for line in edit.text.splitlines() if line.strip()), "")
    return edit.span.start, len(first.lstrip()) - len(first)
