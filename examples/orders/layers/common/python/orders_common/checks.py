"""Just enough of a schema language for our events: names, types, limits. Unknown names are refused.

    ORDER = {"customer": (str, {"max": 64}), "lines": (list, {"max": 50, "items": LINE})}
    order = checks.validate(body, ORDER)
"""

from __future__ import annotations

import re
from typing import Any

Schema = dict[str, tuple[type, dict[str, Any]]]


class Invalid(ValueError):
    """The message may be shown to the caller: it names the field, never its value."""


def validate(value: Any, schema: Schema, path: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Invalid(f"{path or 'body'} must be an object")
    unknown = sorted(set(value) - set(schema))
    if unknown:
        raise Invalid(f"unknown field {_join(path, str(unknown[0])[:40])}")
    clean: dict[str, Any] = {}
    for name, (kind, limits) in schema.items():
        where = _join(path, name)
        if value.get(name) is None:
            if limits.get("optional"):
                continue
            raise Invalid(f"{where} is missing")
        clean[name] = _field(value[name], kind, limits, where)
    return clean


def _field(value: Any, kind: type, limits: dict[str, Any], where: str) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Invalid(f"{where} must be of type {kind.__name__}")
    if kind is int and not limits.get("min", 0) <= value <= limits.get("max", 10**9):
        raise Invalid(f"{where} is out of range")
    if kind in (str, list) and len(value) > limits.get("max", 256):
        raise Invalid(f"{where} is too long")
    if kind is str and "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        raise Invalid(f"{where} has the wrong form")
    if kind is list and "items" in limits:
        return [validate(item, limits["items"], f"{where}[{i}]") for i, item in enumerate(value)]
    if kind is dict and "fields" in limits:
        return validate(value, limits["fields"], where)
    return value


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
