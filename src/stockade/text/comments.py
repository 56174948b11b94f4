"""The comments of a YAML file. JSON has none."""

from __future__ import annotations

import bisect
import re

import msgspec

from stockade.patterns import regex
from stockade.text.document import Document, Span
from stockade.text.node import Mapping, Node, Scalar, Sequence

_CANDIDATE = regex(r"(?:^|(?<=[ \t\ufeff\"'\]},]))#[^\r\n\x85\u2028\u2029]*", re.MULTILINE)
_REST_OF_HEADER = regex(r"[^\r\n]*")


class Comment(msgspec.Struct, frozen=True):
    """A comment.

    Attributes:
        span: from the number sign to the last character that is not white space.
        text: what it says, without the number sign and the white space around it.
        own_line: whether nothing else stands on its line.
    """

    span: Span
    text: str
    own_line: bool


def comments(doc: Document, *roots: Node) -> tuple[Comment, ...]:
    """The comments of a document, in order.

    Args:
        doc: the document; one in JSON has no comments.
        roots: all the nodes that were read from it. A number sign inside of a text of theirs begins no comment.
    """
    if doc.syntax == "json" or "#" not in doc.text:
        return ()
    text = doc.text
    quoted = _quoted(doc, roots)
    starts = [start for start, _ in quoted]
    found: list[Comment] = []
    match = _CANDIDATE.search(text)
    while match is not None:
        start = match.start()
        place = bisect.bisect_right(starts, start) - 1
        if place >= 0 and start < quoted[place][1]:  # inside of a text; behind it a comment may follow
            match = _CANDIDATE.search(text, quoted[place][1])
            continue
        end = start + len(match.group().rstrip())
        before = text[max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1 : start]
        found.append(Comment(Span(doc, start, end), text[start + 1 : end].strip(), not before.strip()))
        match = _CANDIDATE.search(text, match.end())
    return tuple(found)


def _quoted(doc: Document, roots: tuple[Node, ...]) -> list[tuple[int, int]]:
    """The stretches of texts that may hold a number sign, in order."""
    stretches: set[tuple[int, int]] = set()
    stack: list[Node] = list(roots)
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if isinstance(node, Scalar):
            if (node.style != "plain" or "#" in node.raw) and node.span.doc is doc:
                stretches.add(_stretch(node))
            continue
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Sequence):
            stack += node.items
        elif isinstance(node, Mapping):
            for entries in (node.entries, node.shadowed, node.merges):
                for entry in entries:
                    stack += (entry.key, entry.value)
    return sorted(stretches)


def _stretch(scalar: Scalar) -> tuple[int, int]:
    start, end = scalar.span.start, scalar.span.end
    if scalar.style in ("literal", "folded"):
        header = _REST_OF_HEADER.match(scalar.span.doc.text, start)
        if header is not None:
            start = header.end()  # `|  # a comment may stand here`
    return start, end
