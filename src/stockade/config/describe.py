"""What can be configured, in words: from the types that declare it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import FieldInfo, fields

from stockade.config.settings import PerPath, Settings, Suppress
from stockade.model.grades import SEVERITIES
from stockade.rules._base import Rule

_WORDS: dict[object, str] = {str: "text", int: "number", float: "number", bool: "true or false", datetime.date: "date"}


class Described(Struct, frozen=True):
    """One setting or option: its name, the values that it takes, its default as TOML has it, and what it means."""

    name: str
    takes: str
    default: str
    means: str


def described(kind: type[Struct]) -> list[Described]:
    """Everything that a type declares, in its order."""
    hints = get_type_hints(kind, include_extras=True)
    return [
        Described(field.encode_name, _type(hints[field.name]), _default(field), _meaning(hints[field.name]))
        for field in fields(kind)
    ]


def options_of(rule: Rule) -> list[Described]:
    """What can be configured of a rule: its severity, and options of its own."""
    severities = ", ".join(f"`{word}`" for word in SEVERITIES)
    own = described(rule.options) if rule.options is not None else []
    return [Described("severity", severities, "", "the severity of all that it finds"), *own]


def schema(rules: Iterable[Rule]) -> dict[str, Any]:
    """The JSON Schema of a configuration, with the options of these rules."""
    made = msgspec.json.schema(Settings)
    definitions = made["$defs"]
    severity = {"description": "the severity of all that it finds", "enum": list(SEVERITIES)}
    options: dict[str, Any] = {}
    for rule in rules:
        own: dict[str, Any] = {"severity": severity}
        if rule.options is not None:
            ((declared,), found) = msgspec.json.schema_components([rule.options])
            own |= found[declared["$ref"].rpartition("/")[2]]["properties"]
        entry = {"description": rule.title, "type": "object", "properties": own, "additionalProperties": False}
        options |= {rule.code: entry, rule.name: entry}
    # Whole domains and prefixes of codes have nothing but a severity.
    others = {"type": "object", "properties": {"severity": severity}, "additionalProperties": False}
    definitions["Settings"]["properties"]["rules"] |= {"properties": options, "additionalProperties": others}
    for name in ("Settings", PerPath.__name__, Suppress.__name__):
        definitions[name]["additionalProperties"] = False
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "stockade.toml", **made}


def _meaning(hint: Any) -> str:  # noqa: ANN401 - a type, of which there are many kinds
    return next((m.description or "" for m in get_args(hint)[1:] if isinstance(m, Meta)), "")


def _default(field: FieldInfo) -> str:
    value = field.default_factory() if callable(field.default_factory) else field.default
    if field.required or value in ({}, None, ()):
        return ""
    return msgspec.json.encode(value).decode()


def _type(hint: Any) -> str:  # noqa: ANN401 - as above
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _type(inner[0])
    if hint in _WORDS:
        return _WORDS[hint]
    if origin is tuple:
        return "list of tables" if _is_table(inner[0]) else f"list of {_type(inner[0])}s"
    if origin is dict:
        return f"table of {_type(inner[1])}s" if inner[1] in _WORDS else "table"
    words = [_type(part) if not isinstance(part, str) else f"`{part}`" for part in inner if part is not type(None)]
    return ", ".join(words)


def _is_table(hint: Any) -> bool:  # noqa: ANN401 - as above
    return isinstance(hint, type) and issubclass(hint, Struct)
