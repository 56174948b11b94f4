"""Routes of APIs: keys of HTTP and WebSocket APIs, validators of REST APIs, and what integrations are asked by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from stockade.inputs.convert import boolean
from stockade.model.value import (
    Default,
    Doubt,
    Hole,
    Known,
    Part,
    Text,
    Unknown,
    Value,
    When,
    any_of,
    conjoin,
    one_of,
)

Flags = Iterable[Value[Any] | None]

INVOCATION_HEADER = "integration.request.header.X-Amz-Invocation-Type"
"""The parameter of an integration that asks Lambda for a manner of invocation."""


def split_key(key: Value[Any]) -> tuple[Value[Any], Value[Any]]:
    """The method and the path of a route key such as `GET /orders`.

    Other keys (`$default`, `$connect`) are paths of any method.
    """
    methods: list[tuple[When, Value[Any]]] = []
    paths: list[tuple[When, Value[Any]]] = []
    for when, leaf in key.leaves():
        method, path = _split(leaf)
        methods.append((when, method))
        paths.append((when, path))
    return one_of(methods, key.origin), one_of(paths, key.origin)


def _split(key: Value[Any]) -> tuple[Value[Any], Value[Any]]:
    parts: tuple[Part, ...] = key.parts if isinstance(key, Text) else (key.v,) if isinstance(key, Known) else ()
    for index, part in enumerate(parts):
        if isinstance(part, str) and " " in part:
            before, _, rest = part.partition(" ")
            return _text((*parts[:index], before), key), _text((rest.strip(), *parts[index + 1 :]), key)
    if isinstance(key, Known) or (parts and str(parts[0]).startswith("$")):
        return Known(v="ANY", origin=key.origin), key
    # The method may be in what is not known.
    hole = next((part.doubt for part in parts if isinstance(part, Hole)), None)
    doubt = key.doubt if isinstance(key, Unknown) else hole or Doubt("the route key is known only after deployment")
    return Unknown(doubt=doubt, origin=key.origin), key


def _text(parts: tuple[Part, ...], key: Value[Any]) -> Value[Any]:
    kept = tuple(part for part in parts if part != "")
    if all(isinstance(part, str) for part in kept):
        return Known(v="".join(str(part) for part in kept), origin=key.origin)
    return Text(parts=kept, origin=key.origin)


def that_checks(validator: Value[Any], flags_of: Callable[[Value[Any]], Flags | None]) -> Value[Any]:
    """The validator of a method, where it checks anything: one whose flags are all off is none.

    `flags_of` gives the flags of the one that a value names; None where it is not here, and so taken to check something.
    """
    options: list[tuple[When, Value[Any]]] = []
    for when, leaf in validator.leaves():
        flags = flags_of(leaf)
        if flags is None:
            options.append((when, leaf))
            continue
        none: Value[Any] = Default(v=None, origin=leaf.origin)
        # It may turn out that it checks nothing, so that there is none; what else is not known counts as stated.
        doubt = Doubt("whether the validator checks anything is not known", cause="after apply")
        unsure: Value[Any] = Unknown(doubt=doubt, origin=leaf.origin)
        for inner, case in any_of(boolean(flag).is_true() for flag in flags if flag is not None).split():
            both = conjoin(when, inner)
            if both is not None:
                options.append((both, leaf if case.is_yes else none if case.is_no else unsure))
    return one_of(options, validator.origin)
