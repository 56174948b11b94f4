"""Text for Markdown that comes from scanned files: it can't be anything but text.

Punctuation becomes numeric references, which neither Markdown nor HTML nor a table takes for its own. What code hosts look for
in the text afterwards (mentions, issues, links) is broken by a character without width. Code is looked through by neither.
"""

from __future__ import annotations

import re

from stockade.patterns import regex
from stockade.text.snippet import clean

_PUNCTUATION = regex(r"[\\`*_{}\[\]<>|&~#!+$^\"]")
_SIGNS = regex(r"[@#!~$^](?=\w)|(?<=\b[Gg][Hh])-(?=\d)|(?i:\bwww)(?=\.)|(?<=[A-Za-z]):(?=//)")
_HASH = regex(r"\b[0-9a-fA-F]{7,40}\b")
_CODE = regex(r"`([^`]+)`")
_APART = "\u200b"


def prose(text: str) -> str:
    """A sentence of ours: what stands between backticks becomes code."""
    pieces = _CODE.split(clean(text))
    return "".join(code(piece) if number % 2 else plain(piece) for number, piece in enumerate(pieces))


def plain(text: str) -> str:
    """A text as text."""
    text = _SIGNS.sub(lambda found: found[0] + _APART, clean(text))
    text = _HASH.sub(lambda found: found[0][:3] + _APART + found[0][3:], text)
    return _references(text)


def code(text: str) -> str:
    """A text as code."""
    return f"<code>{_references(clean(text))}</code>"


def _references(text: str) -> str:
    return _PUNCTUATION.sub(lambda found: f"&#{ord(found[0])};", text)


def fence(lines: list[str], language: str) -> list[str]:
    """Lines as a block of code, whatever is in them."""
    longest = max((len(run[0]) for line in lines for run in re.finditer(r"`+", line)), default=0)
    ticks = "`" * max(3, longest + 1)
    return [ticks + language, *lines, ticks]
