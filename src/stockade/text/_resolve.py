"""What a plain YAML scalar means: YAML 1.1's implicit types as PyYAML's SafeLoader has them; dates stay text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stockade.patterns import regex

if TYPE_CHECKING:
    from stockade.text.node import ScalarValue

_WORDS: dict[str, ScalarValue] = {"": None, "~": None}
for _word, _value in (
    ("null", None),
    ("yes", True),
    ("no", False),
    ("true", True),
    ("false", False),
    ("on", True),
    ("off", False),
):
    for _spelling in (_word, _word.capitalize(), _word.upper()):
        _WORDS[_spelling] = _value
for _spelling in ("nan", "NaN", "NAN"):
    _WORDS[f".{_spelling}"] = float("nan")
for _spelling in ("inf", "Inf", "INF"):
    _WORDS[f".{_spelling}"] = _WORDS[f"+.{_spelling}"] = float("inf")
    _WORDS[f"-.{_spelling}"] = float("-inf")

_NUMBER_STARTS = frozenset("-+.0123456789")
_INT = regex(
    r"""(?P<sign>[-+]?)(?:
        0b(?P<binary>[01_]+)
      | 0x(?P<hex>[0-9a-fA-F_]+)
      | 0(?P<octal>[0-7_]+)
      | (?P<decimal>0|[1-9][0-9_]*)
      | (?P<sixty>[1-9][0-9_]*(?::[0-5]?[0-9])+)
    )""",
    re.VERBOSE | re.ASCII,
)
_FLOAT = regex(
    r"""(?P<sign>[-+]?)(?:
        (?P<sixty>[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)
      | (?P<decimal>[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?)
    )
    | (?P<bare>\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)""",
    re.VERBOSE | re.ASCII,
)
_LONGEST_NUMBER = 400
"""A longer row of digits is no number that anybody meant, and converting it costs more than linear time."""


def resolve_plain(raw: str) -> ScalarValue:
    """The value of a plain scalar without a tag."""
    if raw in _WORDS:
        return _WORDS[raw]
    if raw[0] not in _NUMBER_STARTS or len(raw) > _LONGEST_NUMBER:
        return raw
    match = _INT.fullmatch(raw)
    if match is not None:
        return _integer(match, raw)
    match = _FLOAT.fullmatch(raw)
    if match is not None:
        return _float(match, raw)
    return raw


def resolve_tagged(kind: str, raw: str) -> ScalarValue:
    """The value of a scalar with one of YAML's own tags (`str`, `int`, `float`, `bool`, `null`, `timestamp`).

    A text that the tag does not fit stays text.
    """
    if kind == "null":
        return None
    if kind == "bool":
        value = _WORDS.get(raw)
        return value if isinstance(value, bool) else raw
    if kind in ("int", "float") and raw and len(raw) <= _LONGEST_NUMBER:
        value = resolve_plain(raw)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return raw
        return float(value) if kind == "float" else value
    return raw


def _integer(match: re.Match[str], raw: str) -> ScalarValue:
    parts = match.groupdict()
    digits = (parts[match.lastgroup or "decimal"] or "").replace("_", "")
    try:
        match match.lastgroup:
            case "binary":
                number = int(digits, 2)
            case "hex":
                number = int(digits, 16)
            case "octal":
                number = int(digits or "0", 8)
            case "sixty":
                number = 0
                for part in digits.split(":"):
                    number = number * 60 + int(part)
            case _:
                number = int(digits)
    except ValueError:  # `0x_`: digits that are none
        return raw
    return -number if parts["sign"] == "-" else number


def _float(match: re.Match[str], raw: str) -> ScalarValue:
    parts = match.groupdict()
    if parts["bare"] is not None:
        return float(parts["bare"].replace("_", ""))
    sign = -1.0 if parts["sign"] == "-" else 1.0
    if parts["sixty"] is not None:
        number = 0.0
        for part in parts["sixty"].replace("_", "").split(":"):
            try:
                number = number * 60 + float(part)
            except ValueError:
                return raw
        return sign * number
    return sign * float(parts["decimal"].replace("_", ""))
