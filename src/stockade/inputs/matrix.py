"""Where each field of the model stands in each format: what the docs show, and a test keeps complete."""

from __future__ import annotations

from collections import defaultdict

from msgspec import Struct

from stockade.inputs.cloudformation import matrix as cloudformation


class Row(Struct, frozen=True):
    """One field of one kind, with its place in each format in words."""

    kind: str
    field: str
    places: dict[str, str]


def matrix() -> list[Row]:
    """Every field of the model by kind, in the order of the model."""
    places: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in cloudformation.rows():
        places[row.kind, row.field][row.format].append(_words(row))
    return [
        Row(kind, field, {format_: "; ".join(dict.fromkeys(texts)) for format_, texts in by_format.items()})
        for (kind, field), by_format in places.items()
    ]


def _words(row: cloudformation.Row) -> str:
    if row.how == "path":
        return f"{row.type}: `{row.path}`"
    if row.how == "code":
        return f"{row.type}: `{row.path}` (by code)"
    if row.how == "constant":
        return f"{row.type}: the type itself"
    if row.how == "implied":
        return f"implied: {row.why}"
    return f"— {row.why}" if row.why else row.how
