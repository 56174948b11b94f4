"""Keys of routes, as HTTP and WebSocket APIs have them, and what integrations are asked by."""

from __future__ import annotations

from typing import Any

from stockade.model.value import Doubt, Hole, Known, Part, Text, Unknown, Value, When, one_of

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
