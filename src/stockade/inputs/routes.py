"""Keys of routes, as HTTP and WebSocket APIs have them."""

from __future__ import annotations

from typing import Any

from stockade.model.value import Known, Part, Text, Value, When, one_of


def split_key(key: Value[Any]) -> tuple[Value[Any], Value[Any]]:
    """The method and the path of a route key such as `GET /orders`.

    Other keys (`$default`, `$connect`) are paths of any method.
    """
    methods: list[tuple[When, Value[Any]]] = []
    paths: list[tuple[When, Value[Any]]] = []
    for when, leaf in key.leaves():
        origin = leaf.origin
        method: Value[Any] = Known(v="ANY", origin=origin)
        path: Value[Any] = leaf
        parts: tuple[Part, ...] = leaf.parts if isinstance(leaf, Text) else (leaf.v,) if isinstance(leaf, Known) else ()
        first = parts[0] if parts and isinstance(parts[0], str) else ""
        if " " in first:
            word, _, rest = first.partition(" ")
            method = Known(v=word, origin=origin)
            rest = rest.strip()
            if len(parts) == 1:
                path = Known(v=rest, origin=origin)
            else:
                path = Text(parts=(rest, *parts[1:]) if rest else parts[1:], origin=origin)
        methods.append((when, method))
        paths.append((when, path))
    return one_of(methods, key.origin), one_of(paths, key.origin)
