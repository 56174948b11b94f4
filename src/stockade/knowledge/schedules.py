"""Schedule expressions of EventBridge: what is wrong with one, and what was meant.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html and
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html, as of 2026-11.
"""

from __future__ import annotations

from stockade.patterns import regex

_RATE = regex(r"rate\(\s*(\d+)\s+([a-z]+)\s*\)")
_CRON = regex(r"cron\((.*)\)")
_AT = regex(r"at\(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\)")
_UNITS = ("minute", "hour", "day")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# By field: what it is called, the lowest and the highest value, and names that stand for values from the lowest on.
_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minutes", 0, 59, ()),
    ("hours", 0, 23, ()),
    ("day of month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of week", 1, 7, _DAYS),
    ("year", 1970, 2199, ()),
)
_DAY_OF_MONTH, _DAY_OF_WEEK, _YEAR = 2, 4, 5


def fault_of(expression: str, *, scheduler: bool = False, year: int = 0) -> str:
    """What is wrong with an expression; nothing where it is fine.

    `scheduler`: it is one of EventBridge Scheduler, not of a rule. `year`: the present one, to find what is over.
    """
    text = expression.strip()
    if found := _RATE.fullmatch(text):
        return _fault_of_rate(int(found[1]), found[2], scheduler=scheduler)
    if found := _CRON.fullmatch(text):
        return _fault_of_cron(found[1].split(), year)
    if _AT.fullmatch(text):
        return "" if scheduler else "`at()` is for EventBridge Scheduler, not for rules"
    known = "`rate()`, `cron()` or `at()`" if scheduler else "`rate()` or `cron()`"
    return f"it is neither of the form of {known}" if not scheduler else f"it is of none of the forms {known}"


def comes_hourly(expression: str) -> bool:
    """Whether what comes by an expression comes at least every hour, whatever the day."""
    text = expression.strip()
    if found := _RATE.fullmatch(text):
        unit = found[2].rstrip("s")
        return (unit == "minute" and 0 < int(found[1]) <= 60) or (unit == "hour" and int(found[1]) == 1)
    found = _CRON.fullmatch(text)
    fields = found[1].split() if found else []
    return len(fields) == len(_FIELDS) and all(field in {"*", "?", "*/1", "0/1"} for field in fields[1:])


def mended(expression: str) -> str:
    """What was most likely meant; nothing where that can't be told."""
    text = expression.strip()
    if found := _RATE.fullmatch(text):
        unit = found[2].rstrip("s")
        return f"rate({found[1]} {unit}{'' if int(found[1]) == 1 else 's'})" if unit in _UNITS and int(found[1]) else ""
    found = _CRON.fullmatch(text)
    fields = found[1].split() if found else text.split()
    if len(fields) == len(_FIELDS) - 1:
        fields = [*fields, "*"]
    if len(fields) != len(_FIELDS) or (found is None and any(part.isdigit() for part in fields[_DAY_OF_WEEK])):
        return ""  # days of the week are counted from 1 here, and from 0 elsewhere
    if "?" not in (fields[_DAY_OF_MONTH], fields[_DAY_OF_WEEK]):
        free = [at for at in (_DAY_OF_WEEK, _DAY_OF_MONTH) if fields[at] == "*"]
        if not free:
            return ""
        fields[free[0]] = "?"
    written = f"cron({' '.join(fields)})"
    return "" if fault_of(written) else written


def _fault_of_rate(number: int, unit: str, *, scheduler: bool) -> str:
    if unit.rstrip("s") not in _UNITS or unit.endswith("ss"):
        return f"`{unit}` is no unit: minutes, hours and days are"
    if not number:
        return "a rate of zero never comes"
    if (number == 1) == unit.endswith("s") and not scheduler:
        return f"after {number} stands `{unit.rstrip('s')}{'' if number == 1 else 's'}`"
    return ""


def _fault_of_cron(fields: list[str], year: int) -> str:
    if len(fields) != len(_FIELDS):
        return f"cron has six fields here, with the year as the last, and it has {len(fields)}"
    for field, (name, low, high, names) in zip(fields, _FIELDS, strict=True):
        for part in field.split(","):
            if not _is_valid(part, name, low, high, names):
                return f"`{part}` is no {name}"
    both = [fields[_DAY_OF_MONTH], fields[_DAY_OF_WEEK]]
    if "?" not in both:
        return "one of the day of month and the day of week has to be `?`"
    if both == ["?", "?"]:
        return "only one of the day of month and the day of week may be `?`"
    last = [int(part) for part in fields[_YEAR].replace("-", ",").split(",") if part.isdigit()]
    if year and last and len(last) == len(fields[_YEAR].replace("-", ",").split(",")) and max(last) < year:
        return f"it ended in {max(last)}"
    return ""


def _is_valid(part: str, name: str, low: int, high: int, names: tuple[str, ...]) -> bool:
    """Whether one part of a field is a value, a range, a step, or one of the signs that the field takes."""
    if part == "*" or (part == "?" and name.startswith("day")):
        return True
    if name == "day of month" and (part in {"L", "LW"} or (part.endswith("W") and part[:-1].isdigit())):
        return part in {"L", "LW"} or low <= int(part[:-1]) <= high
    if name == "day of week":
        day, sign, nth = part.partition("#")
        if sign:
            return _value(day, low, high, names) and nth in {"1", "2", "3", "4", "5"}
        if part.endswith("L"):
            return part == "L" or _value(part[:-1], low, high, names)
    start, step, every = part.partition("/")
    if step and not (every.isdigit() and int(every)):
        return False
    first, dash, last = start.partition("-")
    if dash:
        return _value(first, low, high, names) and _value(last, low, high, names)
    return start == "*" or _value(start, low, high, names)


def _value(text: str, low: int, high: int, names: tuple[str, ...]) -> bool:
    return text.upper() in names or (text.isdigit() and low <= int(text) <= high)
