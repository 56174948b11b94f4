"""Sets of numbers, moments and IP addresses, as unions of intervals.

A bound is a number and whether the interval begins (or ends) just behind it, so that every interval is half open and open and
closed ends are one thing. IPv4 addresses are numbers from 0 on, IPv6 addresses from 2**64 on: neither is ever the other.
"""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Final, TypeAlias

from stockade.patterns import regex

Bound: TypeAlias = tuple[Fraction | float, int]
Interval: TypeAlias = tuple[Bound, Bound]
Ranges: TypeAlias = tuple[Interval, ...]

_INFINITY: Final = float("inf")
LINE: Final[Ranges] = (((-_INFINITY, 0), (_INFINITY, 0)),)
_V6: Final = 2**64
ADDRESSES: Final[Ranges] = (
    ((Fraction(0), 0), (Fraction(2**32), 0)),
    ((Fraction(_V6), 0), (Fraction(_V6 + 2**128), 0)),
)
# What is no number (moment, address) at all, where a key may have such values.
OTHER: Final[Ranges] = (((_INFINITY, 1), (_INFINITY, 2)),)


def whole(*, addresses: bool, typed: bool) -> Ranges:
    """All there is: with what is none of it, unless `typed`."""
    most = ADDRESSES if addresses else LINE
    return most if typed else most + OTHER


def equal(value: Fraction) -> Ranges:
    """One number."""
    return (((value, 0), (value, 1)),)


def below(value: Fraction, *, also: bool) -> Ranges:
    """What is less than a number; `also` the number itself."""
    return (((-_INFINITY, 0), (value, 1 if also else 0)),)


def above(value: Fraction, *, also: bool) -> Ranges:
    """What is more than a number; `also` the number itself."""
    return (((value, 0 if also else 1), (_INFINITY, 0)),)


def union(sets: tuple[Ranges, ...]) -> Ranges:
    """What is in any of them."""
    out: list[Interval] = []
    for low, high in sorted(interval for each in sets for interval in each):
        if out and low <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return tuple(out)


def both(one: Ranges, other: Ranges) -> Ranges:
    """What is in both."""
    out = []
    for low, high in one:
        for begin, end in other:
            start, stop = max(low, begin), min(high, end)
            if start < stop:
                out.append((start, stop))
    return tuple(out)


def without(one: Ranges, other: Ranges) -> Ranges:
    """What is in the first only."""
    out = list(one)
    for begin, end in other:
        left: list[Interval] = []
        for low, high in out:
            if end <= low or high <= begin:
                left.append((low, high))
                continue
            if low < begin:
                left.append((low, begin))
            if end < high:
                left.append((end, high))
        out = left
    return tuple(out)


def pick(ranges: Ranges) -> Fraction:
    """A number of a set that is not empty, a whole one where its first interval has one."""
    (low, after), (high, _) = ranges[0]
    if low == -_INFINITY:
        return Fraction(0) if high == _INFINITY else Fraction(high) - 1
    start = Fraction(low)
    if not after:
        return start
    whole = Fraction(int(start) + 1)
    if (whole, 0) < ranges[0][1]:
        return whole
    return start + 1 if high == _INFINITY else (start + Fraction(high)) / 2


# ------------------------------------------------------------------------------------------------------- what is written


_NUMBER: Final = regex(r"[+-]?[0-9]{1,400}(\.[0-9]{0,400})?([eE][+-]?[0-9]{1,3})?")
_SECONDS: Final = regex(r"-?[0-9.]+")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def number(text: str) -> Fraction | None:
    """A number as policies write it; None where it is none, or one of more digits than anybody needs."""
    text = text.strip()
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def moment(text: str) -> Fraction | None:
    """Seconds since 1970 of a date in one of the forms of ISO 8601 that AWS takes, or of a number; None where it is neither.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
    """
    text = text.strip()
    if len(text) in {4, 7} and text[:4].isdecimal() and text[4:5] in {"", "-"}:
        text += "-01-01" if len(text) == 4 else "-01"
    elif _SECONDS.fullmatch(text):
        return number(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return Fraction(
        ((found if found.tzinfo else found.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1), 10**6
    )


@lru_cache(maxsize=4096)
def network(text: str) -> Ranges | None:
    """The addresses of an IP address or a range of them in CIDR notation; None where it is neither."""
    try:
        found = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    offset = 0 if found.version == 4 else _V6
    first = offset + int(found.network_address)
    return (((Fraction(first), 0), (Fraction(first + found.num_addresses), 0)),)


def lone_address(text: str) -> Ranges | None:
    """One address, as a request has it; None where a text is none."""
    return None if "/" in text or text != text.strip() else network(text)


def address(value: Fraction) -> str:
    """The address that a number stands for."""
    if value < _V6:
        return str(ipaddress.IPv4Address(int(value)))
    return str(ipaddress.IPv6Address(int(value) - _V6))


def shown(value: Fraction) -> str:
    """A number as policies write it: all numbers that are written, and what lies halfway between two, end somewhere."""
    digits = 0
    while (value * 10**digits).denominator != 1 and digits < _DIGITS:
        digits += 1
    whole = str(abs(int(value * 10**digits))).rjust(digits + 1, "0")
    text = f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole
    return f"-{text}" if value < 0 else text


_DIGITS: Final = 1000


def day(value: Fraction) -> str:
    """A moment as policies write it; its seconds, where the calendar has no such year or the clock no such moment."""
    microseconds = value * 10**6
    try:
        if microseconds.denominator == 1:
            return (_EPOCH + timedelta(microseconds=int(microseconds))).isoformat().replace("+00:00", "Z")
    except OverflowError:
        pass  # a year that the calendar has not
    return shown(value)
