"""Files of environment variables beside a service, which the framework reads where `useDotenv` is set."""

from __future__ import annotations

import re

from stockade.patterns import regex
from stockade.text.document import Document, Span
from stockade.text.node import Node, Scalar

_NAME = r"^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*"
_VALUE = r"""(?:"((?:\\.|[^"\\])*)"|'([^']*)'|`([^`]*)`|([^\n\r#]*?))"""
_LINE = regex(_NAME + _VALUE + r"[ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE)
_DOUBLE = 2  # the group of a value in double quotation marks, in which alone line breaks are written out


def read(document: Document) -> dict[str, Node]:
    """The variables of a file, each with its place."""
    found: dict[str, Node] = {}
    for match in _LINE.finditer(document.text):
        group = next((i for i in (2, 3, 4, 5) if match[i] is not None), 5)
        value = match[group] or ""
        if group == _DOUBLE:
            value = value.replace("\\n", "\n").replace('\\"', '"')
        start, end = match.span(group)
        found[match[1]] = Scalar(Span(document, start, end), value, value)
    return found
