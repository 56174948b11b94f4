"""Compares models: what two applications, or one before and after an edit, differ in.

Values are compared by what they hold, never by where they came from. A service default equals the same value written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from stockade.model.app import LINKS, App, Resource, Site
from stockade.model.policy import Condition, Principal, Statement
from stockade.model.value import (
    Api,
    Archive,
    Default,
    File,
    Hole,
    Known,
    OneOf,
    Premise,
    Reference,
    Relation,
    ServiceDefault,
    Text,
    Tri,
    Unknown,
    Value,
    When,
    conjoin,
)
from stockade.patterns import regex

Plain: TypeAlias = Any

# What only a place tells apart from others is named by it; an edit before the place moves it.
_OFFSET = regex(r"(?<=:)\d+|(?<=block at )\d+|(?<=condition at )\d+")

# Fields that say where a record is rather than what it is, that linking derives from other fields, or that list as they are
# written what other fields say for all (`method_settings`).
PLACES = frozenset(
    {
        "address",
        "created_first",
        "functions",
        "key",
        "method_settings",
        "origin",
        "origins_again",
        "origins_forgotten",
        "pins",
        "place",
        "settings_at",
        "site",
        "tags",
        "type",
        "withheld",
    }
)


_ORIGINS = frozenset({"origin", "operator_origin"})  # and in what a record is made of


class Difference(Struct, frozen=True):
    """One field of one resource that is not the same; a whole resource where `field` is empty."""

    address: str
    kind: str
    field: str
    before: str
    after: str
    key: str = ""


def plain(item: Any) -> Plain:  # noqa: ANN401, PLR0911 - anything that a record can hold, each in its own way
    """What a part of a record holds, as comparable data without places."""
    if isinstance(item, Known | Default):
        return plain(item.v) if not isinstance(item.v, str | int | float | bool | None) else item.v
    if isinstance(item, Text):
        return ("text", tuple(plain(p) for p in item.parts))
    if isinstance(item, OneOf):
        leaves = tuple(sorted(((plain(when), plain(leaf)) for when, leaf in item.leaves()), key=repr))
        return ("one of", leaves) if len({repr(leaf) for _, leaf in leaves}) > 1 else leaves[0][1]
    if isinstance(item, Unknown):
        return ("unknown", _OFFSET.sub("", item.name), item.among)
    if isinstance(item, Reference):
        return ("reference", item.target.rpartition("#")[2], item.attribute)
    if isinstance(item, Hole):
        return ("hole", _OFFSET.sub("", item.name))
    if isinstance(item, Premise):
        return (_OFFSET.sub("", item.key), item.value, item.holds)
    if isinstance(item, Relation):
        members = tuple(plain(i) for i in item.items)
        return ("set", members, item.complete)
    if isinstance(item, list | tuple):
        return tuple(plain(i) for i in item)
    if isinstance(item, Resource):
        return ("resource", item.kind, item.address)
    if isinstance(item, File | Api | Archive | ServiceDefault | Site | Tri):
        return None
    if isinstance(item, Statement | Condition | Principal | Struct):
        return tuple((f, plain(getattr(item, f))) for f in type(item).__struct_fields__ if f not in _ORIGINS)
    return item


def own_fields(resource: Resource) -> dict[str, Plain]:
    """The fields of a record that were lowered (not those that linking sets), comparable."""
    return {
        name: plain(value)
        for name in type(resource).__struct_fields__
        if name not in PLACES and (isinstance(value := getattr(resource, name), Value) or name not in LINKS)
    }


def differences(before: App, after: App) -> Iterator[Difference]:
    """Every field of every resource in which two models of one source differ; resources are matched by their keys."""
    new = {r.key: r for r in after.resources}
    for old in before.resources:
        other = new.pop(old.key, None)
        if other is None or type(other) is not type(old):
            yield Difference(old.address, old.kind, "", "there", "gone", old.key)
            continue
        left, right = own_fields(old), own_fields(other)
        for name in left.keys() | right.keys():
            if left.get(name) != right.get(name):
                yield Difference(old.address, old.kind, name, repr(left.get(name)), repr(right.get(name)), old.key)
    for added in new.values():
        yield Difference(added.address, added.kind, "", "not there", "there", added.key)


def same_as(left: App, right: App) -> bool:
    """Whether two models of one source hold the same."""
    return next(differences(left, right), None) is None


def changed_cases(before: Value[Any], after: Value[Any]) -> Iterator[When]:
    """The cases in which a value is not what it was before, told without places."""
    for when, old in before.leaves():
        for other, new in after.leaves():
            both = conjoin(*placeless([when, other]))
            if both is not None and plain(old) != plain(new):
                yield both


def placeless(cases: Iterable[When]) -> list[When]:
    """Cases whose premises are told apart by no place, so that those of a text before and after an edit can be compared."""
    return [tuple(replace(p, key=_OFFSET.sub("", p.key)) for p in when) for when in cases]
