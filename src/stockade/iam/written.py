"""A policy as it was written, whatever it was written in: the tree that every input fills and one reader reads.

Each input knows how its format says a block, a list, a text that is partly known, and what depends on conditions; what a
policy may look like is known to `reader.py` alone. So a fault is found in the same way in a JSON file, a template and in
Terraform, and keeps the place that the input gave it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from msgspec import Struct

from stockade.model.value import Doubt, Known, Origin, Value, When, conjoin


class Leaf(Struct, frozen=True, eq=False):
    """A single value; of a known one the Python type says what JSON would call it."""

    value: Value[Any]

    @property
    def origin(self) -> Origin:
        """Where it is."""
        return self.value.origin


class Open(Struct, frozen=True, eq=False):
    """Something that is not known, and that may be a single value or a whole list."""

    value: Value[Any]
    doubt: Doubt

    @property
    def origin(self) -> Origin:
        """Where it is."""
        return self.value.origin


class Broken(Struct, frozen=True, eq=False):
    """A text that ought to hold JSON and does not."""

    origin: Origin
    doubt: Doubt
    syntax: bool = True  # it is meant to be JSON; else it is no document at all


class Entry(Struct, frozen=True, eq=False):
    """A key with its value; `at` is the place of the value, with that of the key. Nothing may be there (`AWS::NoValue`)."""

    name: str
    at: Origin
    node: Tree | None


class Block(Struct, frozen=True, eq=False):
    """Keys with values, each once: of a key that is there twice the last, and the others in `shadowed`.

    `open` says why there may be more keys than are known.
    """

    origin: Origin
    entries: tuple[Entry, ...]
    shadowed: tuple[Entry, ...] = ()
    open: Doubt | None = None

    def entry(self, name: str) -> Entry | None:
        """The entry of a key."""
        return next((entry for entry in self.entries if entry.name == name), None)


class Items(Struct, frozen=True, eq=False):
    """A list; `open` says why there may be more in it than is known."""

    origin: Origin
    items: tuple[Tree | None, ...]
    open: Doubt | None = None


class Choice(Struct, frozen=True, eq=False):
    """One of several, each under its premises, which together leave nothing out."""

    origin: Origin
    options: tuple[tuple[When, Tree | None], ...]


Tree: TypeAlias = Leaf | Open | Broken | Block | Items | Choice


def options(tree: Tree | None, when: When = ()) -> Iterator[tuple[When, Tree]]:
    """What may be there, each with its premises; what may be absent is left out."""
    if tree is None:
        return
    if type(tree) is not Choice:
        yield when, tree
        return
    for case, option in tree.options:
        both = conjoin(when, case)
        if both is not None:
            yield from options(option, both)


def from_json(node: Any, origin: Origin) -> Tree:  # noqa: ANN401 - JSON is anything
    """The tree of what was read out of JSON, all of it at one place."""
    if isinstance(node, dict):
        return Block(origin, tuple(Entry(str(key), origin, from_json(value, origin)) for key, value in node.items()))
    if isinstance(node, list):
        return Items(origin, tuple(from_json(item, origin) for item in node))
    return Leaf(Known(v=node, origin=origin))
