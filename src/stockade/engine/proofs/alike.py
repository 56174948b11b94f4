"""Which resources of two applications are one, where their formats differ and so their addresses."""

from __future__ import annotations

import re
from typing import TypeAlias

from stockade.iam.sets.modelled import Names, shared_addresses
from stockade.model.app import App, Resource

Alike: TypeAlias = dict[str, tuple[str, str]]


def alike_in(old: App, new: App) -> Alike:
    """Resources of two trees that are one, by a name for both: of one kind, called alike, and there once in each."""
    if {each.key for each in old.resources} & {each.key for each in new.resources}:
        return {}  # one format, where the keys say what is what
    sides = [_by_word(app) for app in (old, new)]
    return {
        f"{kind} {word}": (sides[0][kind, word], sides[1][kind, word])
        for kind, word in sides[0]
        if (kind, word) in sides[1]
    }


def _fixed(old: App, new: App) -> dict[str, str]:
    """What is taken to be so of both, where one of them says it: the region, which then is one of AWS's common ones."""
    regions = {
        each.place.region for app in (old, new) for each in app.resources if each.place is not None and each.place.known
    }
    return {"AWS::Region": regions.pop(), "AWS::Partition": "aws"} if len(regions) == 1 else {}


def _by_word(app: App) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], list[str]] = {}
    for each in app.resources:
        found.setdefault((each.kind, _word(each)), []).append(each.key)
    return {name: keys[0] for name, keys in found.items() if len(keys) == 1}


def _word(resource: Resource) -> str:
    """What a resource is called, without the words of its kind: `orders` for `OrdersTable` and `aws_dynamodb_table.orders`."""
    own = re.sub(r"\[\"?([^\]\"]*)\"?\]", r".\1.", resource.address)
    segments = [
        each
        for each in own.split(".")
        if each not in {"", "module", "this", "main", "0"} and not each.startswith("aws_")
    ]
    words = (
        re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", " ".join(segments[-1:]))
        .replace("_", " ")
        .replace("-", " ")
        .lower()
        .split()
    )
    kinds = {*resource.kind.split("-"), "lambda", "fn"}
    return " ".join(word.rstrip("s") for word in words if word.rstrip("s") not in kinds and word not in kinds)


def counterpart(key: str, alike: Alike) -> str:
    """What a resource of the second application is in the first; nothing where it is not there."""
    return next((theirs for theirs, ours in alike.values() if ours == key), "")


def ours_of(key: str, alike: Alike) -> str:
    """What a resource of the first application is in the second; nothing where it is not there."""
    return next((ours for theirs, ours in alike.values() if theirs == key), "")


def names_of(old: App, new: App, alike: Alike, folders: tuple[str, str]) -> tuple[Names, Names]:
    """The symbols of two applications, the same for what is alike."""
    fixed = _fixed(old, new) if alike else {}
    shared = shared_addresses(old, new)
    before = Names(
        old, folder=folders[0], shared=shared, alike={theirs: name for name, (theirs, _) in alike.items()}, fixed=fixed
    )
    after = Names(
        new, folder=folders[1], shared=shared, alike={ours: name for name, (_, ours) in alike.items()}, fixed=fixed
    )
    return before, after
