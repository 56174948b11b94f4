"""Functions of times. What time it is, is not known."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from stockade.inputs.terraform import numbers
from stockade.inputs.terraform.functions import Call, Function
from stockade.inputs.terraform.functions._arguments import arity, pure
from stockade.inputs.terraform.terms import NotKnown, Term, Unk, Wrong
from stockade.inputs.terraform.types import STRING
from stockade.model.value import Doubt
from stockade.patterns import regex

_STAMP = regex(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)
_FAR = Doubt("it lies too far away", "", "limit")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _parsed(v: str) -> tuple[datetime, int]:
    """A time, and how many nanoseconds it is behind the second; raises Wrong for what is none by RFC 3339."""
    found = _STAMP.fullmatch(v)
    if found is None:
        raise Wrong(f"`{v}` is no time by RFC 3339")
    year, month, day, hour, minute, second = (int(group) for group in found.groups()[:6])
    zone: timezone = UTC
    if found[8]:
        hours, minutes = int(found[9]), int(found[10])
        if hours > 23 or minutes > 59:
            raise Wrong(f"`{v}` is no time by RFC 3339")
        offset = timedelta(hours=hours, minutes=minutes)
        zone = timezone(-offset if found[8] == "-" else offset)
    nanoseconds = int((found[7] or "0")[:9].ljust(9, "0"))
    if year == 0:
        raise NotKnown(_FAR)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone), nanoseconds
    except ValueError:
        raise Wrong(f"`{v}` is no time by RFC 3339") from None


def _zone(moment: datetime, colon: str, zero: str) -> str:
    offset = moment.utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    if minutes == 0:
        return zero
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{colon}{rest:02}"


def _written(moment: datetime) -> str:
    return f"{moment.year:04}-{moment:%m-%dT%H:%M:%S}" + _zone(moment, ":", "Z")


# -------------------------------------------------------------------------------------------------------------- formatdate

_TOKEN = regex(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'", re.DOTALL)


def _formatdate(form: str, v: str) -> str:
    moment, _ = _parsed(v)
    found: list[str] = []
    for token in _TOKEN.finditer(form):
        text = token[0]
        if token[2]:
            found.append(_field(text, moment))
        elif text == "'":
            raise Wrong("a quote in the format of the time is not closed")
        elif token[1] is not None:
            found.append("'" if text == "''" else token[1].replace("''", "'"))
        else:
            found.append(text)
    return "".join(found)


def _field(text: str, moment: datetime) -> str:
    month, day = _MONTHS[moment.month - 1], _DAYS[moment.weekday()]
    hour = moment.hour % 12 or 12
    half = "AM" if moment.hour < 12 else "PM"
    fields = {
        "YYYY": f"{moment.year:04}",
        "YY": f"{moment.year % 100:02}",
        "MMMM": month,
        "MMM": month[:3],
        "MM": f"{moment.month:02}",
        "M": str(moment.month),
        "DD": f"{moment.day:02}",
        "D": str(moment.day),
        "EEEE": day,
        "EEE": day[:3],
        "hh": f"{moment.hour:02}",
        "h": str(moment.hour),
        "HH": f"{hour:02}",
        "H": str(hour),
        "AA": half,
        "aa": half.lower(),
        "mm": f"{moment.minute:02}",
        "m": str(moment.minute),
        "ss": f"{moment.second:02}",
        "s": str(moment.second),
        "ZZZZZ": _zone(moment, ":", "+00:00"),
        "ZZZZ": _zone(moment, "", "+0000"),
        "ZZZ": _zone(moment, "", "UTC"),
        "Z": _zone(moment, ":", "Z"),
    }
    found = fields.get(text)
    if found is None:
        raise Wrong(f"`{text}` is no part of a time")
    return found


# ---------------------------------------------------------------------------------------------------------- reckoning times

_UNITS = {
    "ns": 1,
    "us": 10**3,
    "\u00b5s": 10**3,
    "\u03bcs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_DURATION = regex(r"([0-9]*)(?:\.([0-9]*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)")
_LONGEST = 2**63 - 1


def duration(v: str) -> int:
    """A duration in nanoseconds (`1h30m`); raises Wrong for what is none."""
    rest = v[1:] if v[:1] in {"+", "-"} else v
    if rest == "0":
        return 0
    total, at = 0, 0
    while at < len(rest):
        found = _DURATION.match(rest, at)
        if found is None or not (found[1] or found[2]):
            raise Wrong(f"`{v}` is no duration")
        unit = _UNITS[found[3]]
        fraction = found[2] or ""
        total += int(found[1] or "0") * unit + int(fraction or "0") * unit // 10 ** len(fraction)
        if total > _LONGEST:
            raise Wrong(f"`{v}` is too long a duration")
        at = found.end()
    if not rest:
        raise Wrong(f"`{v}` is no duration")
    return -total if v[0] == "-" else total


def _timeadd(v: str, by: str) -> str:
    moment, nanoseconds = _parsed(v)
    seconds = (nanoseconds + duration(by)) // 10**9
    try:
        return _written(moment + timedelta(seconds=seconds))
    except OverflowError:
        raise NotKnown(_FAR) from None


def _timecmp(a: str, b: str) -> int:
    left, right = _parsed(a), _parsed(b)
    return (left > right) - (left < right)


def _now(call: Call) -> Term:
    arity(call, 0, 0)
    doubt = Doubt("it is the time at which Terraform runs", "", "time")
    return Unk(span=call.span, doubt=doubt, name="timestamp()", kind="string")


FUNCTIONS: dict[str, Function] = {
    "formatdate": pure(_formatdate, (STRING, STRING), "string"),
    "plantimestamp": _now,
    "timeadd": pure(_timeadd, (STRING, STRING), "string"),
    "timecmp": pure(_timecmp, (STRING, STRING), "number", bits=numbers.COUNTED),
    "timestamp": _now,
}
