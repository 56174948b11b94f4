"""The two-way table between fields of the model and places in a source format.

A `Lens` says where a field of a model kind stands in a resource of a format, and how it is read. The same table lowers
(reads), fixes (writes), and documents (the matrix of fields and formats in the docs). What can't be said as a path is
lowered by code and says so (`by`); what a format can't express says why (`INEXPRESSIBLE` of the format); what is
missing is `todo`.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import force_setattr

# texts: a list of texts. json: a block whose text is kept as JSON. statements: a policy document. variables: a mapping
# from name to text. tags: a mapping from name to text, or a list of Key and Value.
Reading: TypeAlias = Literal["text", "integer", "number", "boolean", "json", "texts", "statements", "variables", "tags"]
Kind: TypeAlias = type[Any]
LISTS: frozenset[str] = frozenset({"texts", "statements", "variables", "tags"})


class Lens(Struct, frozen=True):
    """One field at one path below the resource's properties.

    A step `*` is every item of a list, a step of digits the item at that place. `also` are further paths: of a list
    their items are added, of a single value the first that is written counts. `by` names the function that lowers the
    field where a path alone does not say it; `path` is then only used to write. `item` says what marks the item that a
    step `*` writes into, such as the method setting for all methods of all paths.
    """

    path: tuple[str, ...]
    read: Reading = "text"
    by: str = ""
    also: tuple[tuple[str, ...], ...] = ()
    item: tuple[tuple[str, str], ...] = ()


class Table(Struct, frozen=True):
    """One resource type of a format: which kind of the model it makes, and its fields.

    `constants` are fields that the type itself decides (an `AWS::ApiGateway::RestApi` is an API of protocol REST).
    """

    type: str
    makes: Kind  # a kind of the model, or a record that is part of one
    fields: dict[str, Lens]
    constants: tuple[tuple[str, object], ...] = ()
    _by_first_step: dict[str, list[tuple[str, Lens]]] | None = None

    def first_steps(self) -> set[str]:
        """The properties that it says anything of."""
        return {path[0] for found in self.fields.values() for path in (found.path, *found.also)}

    def by_first_step(self) -> dict[str, list[tuple[str, Lens]]]:
        """The fields that are read by their path, by the first step of it."""
        known = self._by_first_step
        if known is None:
            known = {}
            for name, found in self.fields.items():
                if not found.by:
                    for first in dict.fromkeys(path[0] for path in (found.path, *found.also)):
                        known.setdefault(first, []).append((name, found))
            force_setattr(self, "_by_first_step", known)
        return known


def lens(
    path: str, read: Reading = "text", by: str = "", also: tuple[str, ...] = (), item: tuple[tuple[str, str], ...] = ()
) -> Lens:
    """A lens at a dotted path."""
    return Lens(tuple(path.split(".")), read, by, tuple(tuple(p.split(".")) for p in also), item)
