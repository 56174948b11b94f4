"""From what was written to what a field wants: numbers, truth values, texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stockade.model.value import Default, Doubt, Known, OneOf, Unknown, Value

WRONG_SHAPE = "wrong shape"


def integer(value: Value[Any]) -> Value[Any]:
    """The value as a whole number; CloudFormation takes numbers in quotes too."""
    return _typed(value, _to_int, "a whole number")


def number(value: Value[Any]) -> Value[Any]:
    """The value as a number."""
    return _typed(value, _to_float, "a number")


def boolean(value: Value[Any]) -> Value[Any]:
    """The value as a truth value; CloudFormation takes "true" and "false" in quotes too."""
    return _typed(value, _to_bool, "true or false")


def text(value: Value[Any]) -> Value[Any]:
    """The value as a text."""
    if type(value) is Known and type(value.v) is str:  # nearly every one
        return value
    return _typed(value, lambda v: None if isinstance(v, list) else str(v), "a text")


def mapped(value: Value[Any], change: Callable[[Any], Any]) -> Value[Any]:
    """The value with each known text changed; what is not wholly known stays as it is."""
    if isinstance(value, Known):
        return Known(v=change(value.v), origin=value.origin)
    if isinstance(value, OneOf):
        return OneOf(options=tuple((w, mapped(v, change)) for w, v in value.options), origin=value.origin)
    return value


def _to_int(v: object) -> int | None:
    try:
        return int(str(v).strip())
    except ValueError:
        number_ = _to_float(v)
        return int(number_) if number_ is not None and number_ == int(number_) else None


def _to_float(v: object) -> float | None:
    try:
        found = float(str(v).strip())
    except ValueError:
        return None
    return found if abs(found) != float("inf") and found == found else None  # noqa: PLR0124 - NaN is unequal to itself


def _to_bool(v: object) -> bool | None:
    word = str(v).strip().lower()
    # YAML 1.1's yes/no/on/off reach CloudFormation as booleans.
    return {
        "true": True,
        "false": False,
        "yes": True,
        "no": False,
        "on": True,
        "off": False,
        "1": True,
        "0": False,
    }.get(word)


def _typed(value: Value[Any], convert: Callable[[Any], Any], expected: str) -> Value[Any]:
    if isinstance(value, Known):
        if value.v is None:
            return Default(v=None, origin=value.origin)
        converted = convert(value.v)
        if converted is None:
            shown = "a list" if isinstance(value.v, list) else f"`{value.v}`"
            return Unknown(doubt=Doubt(f"{expected} belongs here, not {shown}", cause=WRONG_SHAPE), origin=value.origin)
        return (
            value
            if type(converted) is type(value.v) and converted == value.v
            else Known(v=converted, origin=value.origin)
        )
    if isinstance(value, OneOf):
        return OneOf(options=tuple((w, _typed(v, convert, expected)) for w, v in value.options), origin=value.origin)
    return value
