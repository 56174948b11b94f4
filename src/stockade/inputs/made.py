"""What a framework makes of its own configuration: a template of CloudFormation, in nodes that stand in the user's files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from msgspec import Struct

from stockade.model.app import Gap, Source
from stockade.model.value import Doubt
from stockade.text.document import Document
from stockade.text.edit import Plain, Tagged
from stockade.text.node import Mapping, Node, walk


class Hole(Struct, frozen=True):
    """What a `Ref` of the made template stands for where only the deployment can say: how it is written, and why."""

    shown: str
    doubt: Doubt


class Pointer(Tagged, frozen=True):
    """A reference to a resource of a kind (`queue`)."""

    kind: str = ""


def as_it_is(value: Plain) -> Plain:
    """A value that is called the same by a framework and by CloudFormation."""
    return value


class Place(Struct, frozen=True, eq=False):
    """Where a property of a made resource is written: a path in the user's own block, and how a value is written there.

    `makes`: what the framework makes, by logical id, where the property refers to a resource and is written there. `beside`:
    what has to be said along with it, so that it counts and brings nothing else; each a path in the block and a value.
    """

    document: Document
    block: Mapping
    path: tuple[str | int, ...]
    said: Callable[[Any], Any] = as_it_is
    makes: str = ""
    beside: tuple[tuple[tuple[str | int, ...], Any], ...] = ()


class Made(Struct, frozen=True, eq=False, kw_only=True):
    """One application of a framework.

    Attributes:
        document, root: its configuration, and the template that it becomes.
        holes: what is not known in the template, by the name that a `Ref` says.
        addresses: what people call resources, by logical id, where that is not the logical id.
        generated: permissions and roles that nobody wrote as such, by logical id, with what they are made for.
        framework: the framework's own resources, by logical id, with why people can't change them.
        included: the paths of further files that it is made of; `sources` is what is in them.
        hidden: whether resources may be missing.
        place: where a property (by its path from the resource) is written, or is to be; None where it is the user's own.
        roots: the user's own nodes, from the top.
        owned: the `id()` of every node that stands in the user's files.
    """

    input: str
    document: Document
    root: Mapping
    holes: dict[str, Hole]
    addresses: dict[str, str]
    generated: dict[str, str]
    framework: dict[str, str]
    included: frozenset[str]
    sources: tuple[Source, ...]
    hidden: bool
    gaps: tuple[Gap, ...]
    place: Callable[[str, tuple[str | int, ...]], Place | None]
    roots: Callable[[], Iterable[Node]]
    owned: Callable[[], frozenset[int]]


def owned_by(roots: Callable[[], Iterable[Node]]) -> Callable[[], frozenset[int]]:
    """The nodes below some roots, found out when somebody asks."""

    @cache
    def nodes() -> frozenset[int]:
        return frozenset(id(node) for root in roots() for node in walk(root))

    return nodes
