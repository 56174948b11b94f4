"""Which log groups each function writes to.

A function that names no group writes to `/aws/lambda/` and its name, in its own region; at the edge to
`/aws/lambda/us-east-1.` and its name, in the region of whoever asks.
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html,
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html (as of 2026-11-28).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import force_setattr

from stockade.model import app as m
from stockade.model.names import in_full, may_be_same, parts_of
from stockade.model.places import is_terraform, one_scope, scope_of, together
from stockade.model.value import (
    Doubt,
    File,
    Hole,
    Part,
    Reference,
    Relation,
    Tri,
    Unknown,
    Value,
    When,
    at_once,
)

_PREFIX = "/aws/lambda/"
_EDGE = "us-east-1."

Targets = Callable[[Value[Any], Any], Iterator[tuple[When, Any]]]
_Key = tuple[Any, ...]


def link_log_groups(app: m.App, targets: Targets) -> None:
    """Set `log_groups` of every function."""
    _Groups(app, targets).link()


class _Groups:
    def __init__(self, app: m.App, targets: Targets) -> None:
        self.app = app
        self.targets = targets
        self.groups: dict[int, list[m.LogGroup]] = defaultdict(list)
        self.doubts: dict[int, list[Doubt]] = defaultdict(list)
        self.named: dict[_Key, list[tuple[When, m.Function]]] = defaultdict(list)

    def link(self) -> None:
        functions = self.app.functions
        for function in functions:
            for when, leaf in function.name.leaves():
                for key in self._keys(leaf):
                    self.named[key].append((when, function))
            for _, group in self.targets(function.log_group_name, m.LogGroup):
                self._note(function, group, together(function, group))
        unowned = [group for group in self.app.of(m.LogGroup) if not self._find_owners(group)]
        for function in functions:
            own = tuple(self.groups[id(function)])
            doubts = [] if own else self.doubts[id(function)]
            hidden = self.app.hidden_from(function, {m.LogGroup.kind}) if self.app.hides else None
            doubts += [hidden] if hidden is not None else []
            if not own and not doubts:
                doubts += self._possible(function, unowned)
            force_setattr(function, "log_groups", Relation(own, complete=not doubts, gaps=tuple(doubts)))

    def _note(self, function: m.Function, group: m.LogGroup, same_place: Tri) -> None:
        if same_place.is_yes:
            if not any(g is group for g in self.groups[id(function)]):
                self.groups[id(function)].append(group)
        elif not same_place.is_no:
            self.doubts[id(function)] += same_place.doubts

    # ------------------------------------------------------------------------------------------------------ by the name

    def _find_owners(self, group: m.LogGroup) -> bool:
        """Give a group to the functions that write to it; whether there are any, as far as is known."""
        found = False
        for when, leaf in group.name.leaves():
            rest = _without(parts_of(leaf), _PREFIX)
            own = _without(rest, _EDGE)
            at_edge, name = bool(own), own or rest
            owners = self._owners(group, when, name, at_edge=at_edge) if name else []
            judged = [(function, _EVERYWHERE if at_edge else together(function, group)) for function in owners]
            sure = [(function, where) for function, where in judged if where.is_yes]
            for function, where in sure or judged:
                self._note(function, group, where)
            found = found or any(not where.is_no for _, where in judged)
        return found

    def _owners(self, group: m.LogGroup, when: When, name: tuple[Part, ...], *, at_edge: bool) -> list[m.Function]:
        """The functions of this name; of several, those that are there beside it and declared nearest to it."""
        if len(name) == 1 and isinstance(name[0], Reference):
            found = self.app.get(name[0].target)
            found = found.function if isinstance(found, m.Alias | m.Version) else found
            if isinstance(found, m.Function):
                return [found]
        key = _key(in_full(self.app, name))
        open_ = any(isinstance(part, Hole) and not part.plain for part in name)
        owners: dict[int, m.Function] = {}
        for own, function in self.named.get(key, ()):
            if (
                at_once(function.exists, own, when, group.exists)
                and (not open_ or one_scope(function, group))
                and (at_edge or not together(function, group).is_no)
            ):
                owners[id(function)] = function
        return _nearest(list(owners.values()), group)

    # ---------------------------------------------------------------------------------------------------------- by doubt

    def _possible(self, function: m.Function, groups: list[m.LogGroup]) -> list[Doubt]:
        """Why one of the groups that belong to nobody may be this function's: a name that isn't known."""
        for group in groups:
            if scope_of(group) != scope_of(function) or together(function, group).is_no:
                continue
            for _, leaf in group.name.leaves():
                for _, own in function.name.leaves():
                    doubt = _may_be(in_full(self.app, parts_of(leaf)), _in_lambda(in_full(self.app, parts_of(own))))
                    if doubt is not None:
                        why = f"whether `{group.address}` is its log group can't be told: {doubt.why}"
                        return [Doubt(why, doubt.remedy, doubt.cause)]
        return []

    # -------------------------------------------------------------------------------------------------------- what is said

    def _keys(self, leaf: Value[Any]) -> list[_Key]:
        """What a function's name is known by: its text, or the unknown that it is."""
        if isinstance(leaf, Unknown) and not leaf.name:
            return [(("hole", place),) for place in _written_at(leaf)]
        parts = parts_of(leaf)
        return [_key(in_full(self.app, parts))] if parts else []


_EVERYWHERE = Tri("yes")


def _in_lambda(name: tuple[Part, ...]) -> tuple[Part, ...]:
    """The name of the log group of a function of this name."""
    if name and isinstance(name[0], str):
        return (_PREFIX + name[0], *name[1:])
    return (_PREFIX, *name)


def _key(parts: tuple[Part, ...]) -> _Key:
    return tuple(
        ("hole", p.name) if isinstance(p, Hole) else ("ref", p.target, p.attribute) if isinstance(p, Reference) else p
        for p in parts
    )


def _written_at(leaf: Unknown[Any]) -> Iterator[str]:
    """The places of an unknown without a name, as such a one is called inside of texts."""
    origin = leaf.origin
    if isinstance(origin, File):
        for span in (origin.span, *(via.span for via in origin.via)):
            if span is not None:
                yield f"{span.doc.path}:{span.start}"


def _without(parts: tuple[Part, ...], prefix: str) -> tuple[Part, ...]:
    """Parts of a text without what it starts with; nothing if it does not."""
    if not parts or not isinstance(parts[0], str) or not parts[0].startswith(prefix):
        return ()
    left = parts[0][len(prefix) :]
    return (left, *parts[1:]) if left else parts[1:]


def _may_be(group: tuple[Part, ...], name: tuple[Part, ...]) -> Doubt | None:
    """Why two texts, of which a part isn't known, may be the same; None where they can't be, or nothing is open.

    A reference is no such part: what it refers to is something else than what is written.
    """
    open_ = [p for text in (group, name) for p in text if isinstance(p, Hole) and not p.plain]
    if not group or not open_:
        return None
    return open_[0].doubt if may_be_same(group, name) else None


def _nearest(functions: list[m.Function], group: m.LogGroup) -> list[m.Function]:
    """Those of several functions of one name that are declared nearest to a group."""
    if len(functions) < 2:
        return functions
    distances = [_distance(function, group) for function in functions]
    least = min(distances)
    return [function for function, distance in zip(functions, distances, strict=True) if distance == least]


def _distance(one: m.Resource, other: m.Resource) -> tuple[bool, int, int, bool]:
    """How far two resources are declared from each other: by root module or template, folder, module, and file."""
    folders, modules = [], []
    for resource in (one, other):
        origin = resource.origin
        folders.append(origin.path.split("/")[:-1] if isinstance(origin, File) else [])
        modules.append(resource.key.partition("#")[2].split(".")[:-2] if is_terraform(resource) else [])
    in_one_file = (
        isinstance(one.origin, File) and isinstance(other.origin, File) and one.origin.path == other.origin.path
    )
    return (
        scope_of(one) != scope_of(other),
        _steps(folders[0], folders[1]),
        _steps(modules[0], modules[1]),
        not (in_one_file or is_terraform(one)),  # all files of a module are one
    )


def _steps(left: list[str], right: list[str]) -> int:
    """The steps from one path to another."""
    shared = 0
    for mine, theirs in zip(left, right, strict=False):
        if mine != theirs:
            break
        shared += 1
    return len(left) + len(right) - 2 * shared


__all__ = ["link_log_groups"]
