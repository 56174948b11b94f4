"""Characters as Terraform counts them: what a person takes for one, which may be several of Unicode's.

By the rules of https://www.unicode.org/reports/tr29/ for extended grapheme clusters, with the classes that Terraform has
(`_grapheme_table.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache

_BREAK, _JOIN, _PREPEND, _PICTURE, _FLAG, _LEAD, _VOWEL, _TAIL, _LEAD_VOWEL, _SYLLABLE, _OTHER = range(11)
_JOINER = "\u200d"
# What a part of a Korean syllable may stand before.
_KOREAN = {
    _LEAD: {_LEAD, _VOWEL, _LEAD_VOWEL, _SYLLABLE},
    _VOWEL: {_VOWEL, _TAIL},
    _LEAD_VOWEL: {_VOWEL, _TAIL},
    _TAIL: {_TAIL},
    _SYLLABLE: {_TAIL},
}
_JOINED_ON = {_PICTURE, _FLAG, *_KOREAN}


def length(text: str) -> int:
    """How many characters a text has."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    return len(graphemes(text))


def graphemes(text: str) -> list[str]:
    """The characters of a text."""
    if text.isascii() and "\r\n" not in text:
        return list(text)
    found: list[str] = []
    start = 0
    last = _BREAK
    flags = 0  # how many regional indicators stand in a row
    picture = False  # whether a picture may be joined on: to one, and in Terraform to a flag or part of a syllable too
    for at, char in enumerate(text):
        kind = _kind(char)
        if at and not _together(last, kind, text[at - 1], char, odd=flags % 2 == 1, picture=picture):
            found.append(text[start:at])
            start = at
            flags = 0
        flags = flags + 1 if kind == _FLAG else 0
        picture = kind in _JOINED_ON or (picture and kind == _JOIN)
        last = kind
    if text:
        found.append(text[start:])
    return found


def _together(last: int, kind: int, before: str, char: str, *, odd: bool, picture: bool) -> bool:
    if _BREAK in {last, kind}:
        return before == "\r" and char == "\n"
    if kind == _JOIN or last == _PREPEND:
        return True
    if kind == _PICTURE:
        return picture and before == _JOINER
    if kind == _FLAG:
        return last == _FLAG and odd
    return kind in _KOREAN.get(last, ())


def _kind(char: str) -> int:
    code = ord(char)
    if code < 0x300:
        if code < 0x20 or 0x7F <= code < 0xA0 or code == 0xAD:
            return _BREAK
        return _PICTURE if code in {0xA9, 0xAE} else _OTHER
    korean = _korean(code)
    if korean != _OTHER:
        return korean
    if 0x1F1E6 <= code <= 0x1F1FF:
        return _FLAG
    starts, ends, kinds = _table()
    at = bisect_right(starts, code) - 1
    return kinds[at] if at >= 0 and code <= ends[at] else _OTHER


def _korean(code: int) -> int:
    if 0xAC00 <= code <= 0xD7A3:
        return _LEAD_VOWEL if (code - 0xAC00) % 28 == 0 else _SYLLABLE
    if 0x1100 <= code <= 0x11FF:
        return _LEAD if code < 0x1160 else _VOWEL if code < 0x11A8 else _TAIL
    if 0xA960 <= code <= 0xA97C:
        return _LEAD
    if 0xD7B0 <= code <= 0xD7FB:
        return _VOWEL if code <= 0xD7C6 else _TAIL if code >= 0xD7CB else _OTHER
    return _OTHER


@cache
def _table() -> tuple[list[int], list[int], list[int]]:
    from stockade.inputs.terraform.functions import _grapheme_table as table

    found: list[tuple[int, int, int]] = []
    for words, kind in (
        (table.JOINS, _JOIN),
        (table.CONTROLS, _BREAK),
        (table.PREPENDS, _PREPEND),
        (table.PICTURES, _PICTURE),
    ):
        for word in words.split():
            low, _, high = word.partition("-")
            found.append((int(low, 16), int(high or low, 16), kind))
    found.sort()
    return [low for low, _, _ in found], [high for _, high, _ in found], [kind for _, _, kind in found]
