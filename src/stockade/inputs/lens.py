"""The two-way table between fields of the model and places in a source format.

A `Lens` says where a field of a model kind stands in a resource of a format, and how it is read. The same table lowers (reads),
fixes (writes), and documents (the matrix of fields and formats in the docs). What can't be said as a path is lowered by code
and says so (`by`); what a format can't express says why (`INEXPRESSIBLE` of the format); what is missing is `todo`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from stockade.model.app import Resource

Reading: TypeAlias = Literal["text", "integer", "number", "boolean", "texts"]


class Lens(Struct, frozen=True):
    """One field at one path below the resource's properties.

    `by` names the function that lowers the field where a path alone does not say it; `path` is then only used to write.
    """

    path: tuple[str, ...]
    read: Reading = "text"
    by: str = ""


class Table(Struct, frozen=True):
    """One resource type of a format: which kind of the model it makes, and its fields.

    `constants` are fields that the type itself decides (an `AWS::ApiGateway::RestApi` is an API of protocol REST).
    """

    type: str
    makes: type[Resource]
    fields: dict[str, Lens]
    constants: tuple[tuple[str, object], ...] = ()


def lens(path: str, read: Reading = "text", by: str = "") -> Lens:
    """A lens at a dotted path."""
    return Lens(tuple(path.split(".")), read, by)
