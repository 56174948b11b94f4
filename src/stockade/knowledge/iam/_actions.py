"""Actions, resource types and condition keys: AWS's Service Authorization Reference as data."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal, TypeAlias

from msgspec import Struct

from stockade.knowledge._data import Provenance
from stockade.knowledge.iam._overlay import newest
from stockade.knowledge.iam._pack import Header, Pack

AccessLevel: TypeAlias = Literal["List", "Read", "Write", "Permissions management", "Tagging"]

_ACCESS: dict[str, AccessLevel] = {
    "L": "List",
    "R": "Read",
    "W": "Write",
    "P": "Permissions management",
    "T": "Tagging",
}


class ResourceUse(Struct, frozen=True):
    """A type of resource that an action can be limited to.

    Attributes:
        name: the resource type, as `resource_type()` takes it.
        required: a statement must name one for the action to be allowed.
        condition_keys: keys that the request has when it is about such a resource.
    """

    name: str
    required: bool
    condition_keys: tuple[str, ...] = ()


class Action(Struct, frozen=True):
    """One action of one service.

    Attributes:
        name: the whole name in its own case, "s3:GetObject".
        service: the prefix, "s3".
        access: "List", "Read", "Write", "Permissions management" or "Tagging".
        resource_types: what it can be limited to; none means that only `*` works.
        condition_keys: the service's and the global keys that the request always can have.
        dependent_actions: what else the caller must be allowed to do, `iam:PassRole` for instance.
        partial: only some of its uses are about a resource; in the usual ones nothing but `*` works
            (`cloudwatch:PutMetricData`, which takes a resource for the metrics of a dataset alone).
    """

    name: str
    service: str
    access: AccessLevel
    resource_types: tuple[ResourceUse, ...]
    condition_keys: tuple[str, ...]
    dependent_actions: tuple[str, ...]
    partial: bool = False

    @property
    def verb(self) -> str:
        """The name without the service: "GetObject"."""
        return self.name.partition(":")[2]

    @property
    def resource_level(self) -> bool:
        """Whether the action can be limited to resources, in its usual uses at least."""
        return bool(self.resource_types) and not self.partial

    def __str__(self) -> str:
        return self.name


class ConditionKey(Struct, frozen=True):
    """A condition key of a service.

    Attributes:
        name: as it is written, with `${TagKey}` and the like for the part that varies.
        type: "String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "ArrayOfString" …; "" if that is not known.
    """

    name: str
    type: str


class _Part(Struct, frozen=True):
    """The columns of one service, as they are in the pack; rows of actions are sorted by name."""

    title: str
    names: list[str]
    access: str
    uses: list[list[int]]
    action_keys: list[list[int]]
    use_keys: dict[int, dict[int, list[int]]]
    depends: dict[int, list[str]]
    partial: list[int]
    types: list[str]
    arns: list[str]
    type_keys: list[list[int]]
    keys: list[str]
    key_kinds: list[str]


class Service:
    """One service: rows of the pack that become actions when they are asked for."""

    __slots__ = ("_made", "_part", "_row", "prefix")

    def __init__(self, prefix: str, part: _Part) -> None:
        self.prefix = prefix
        self._part = part
        self._row = {name.lower(): row for row, name in enumerate(part.names)}
        self._made: dict[int, Action] = {}

    @property
    def title(self) -> str:
        """What AWS calls the service."""
        return self._part.title

    def action(self, verb: str) -> Action | None:
        """The action with this name (any case), without the service."""
        row = self._row.get(verb.lower())
        return None if row is None else self._action(row)

    def actions(self) -> tuple[Action, ...]:
        """Every action, by name."""
        return tuple(map(self._action, range(len(self._part.names))))

    def matching(self, pattern: str) -> Iterator[Action]:
        """Every action that a pattern takes in; case does not count."""
        wanted = pattern.lower()
        return (self._action(row) for name, row in self._row.items() if fits(wanted, name))

    def resource_types(self) -> dict[str, str]:
        """Resource types with the templates of their ARNs."""
        return dict(zip(self._part.types, self._part.arns, strict=True))

    def resource_type_keys(self, name: str) -> tuple[str, ...]:
        """The condition keys that belong to a resource type."""
        try:
            row = self._part.types.index(name)
        except ValueError:
            return ()
        return tuple(self._part.keys[number] for number in self._part.type_keys[row])

    def condition_keys(self) -> tuple[ConditionKey, ...]:
        """The condition keys that its actions and resources use."""
        return tuple(map(ConditionKey, self._part.keys, self._part.key_kinds))

    def _action(self, row: int) -> Action:
        found = self._made.get(row)
        if found is None:
            part = self._part
            use_keys = part.use_keys.get(row, {})
            found = Action(
                name=f"{self.prefix}:{part.names[row]}",
                service=self.prefix,
                access=_ACCESS[part.access[row]],
                resource_types=tuple(
                    ResourceUse(
                        part.types[use >> 1],
                        bool(use & 1),
                        tuple(part.keys[number] for number in use_keys.get(use >> 1, ())),
                    )
                    for use in part.uses[row]
                ),
                condition_keys=tuple(part.keys[number] for number in part.action_keys[row]),
                dependent_actions=tuple(part.depends.get(row, ())),
                partial=row in part.partial,
            )
            self._made[row] = found
        return found


class _Reference:
    """The pack, and the services that were read from it."""

    def __init__(self, *, shipped: bool = False) -> None:
        self.pack: Pack[Header, _Part] = (Pack if shipped else newest)("iam.pack", Header, _Part)
        self._read: dict[str, Service] = {}

    def service(self, prefix: str) -> Service | None:
        """One service, read if it was not yet."""
        found = self._read.get(prefix)
        if found is None:
            part = self.pack.part(prefix)
            if part is None:
                return None
            found = self._read[prefix] = Service(prefix, part)
        return found

    def every(self) -> list[Service]:
        """All services; those that are missing are read in one pass."""
        if len(self._read) < len(self.pack.header.parts):
            for prefix, part in self.pack.parts().items():
                self._read.setdefault(prefix, Service(prefix, part))
        return [self._read[prefix] for prefix in self.pack.header.parts]


@cache
def _reference() -> _Reference:
    return _Reference()


def provenance() -> Provenance:
    """When the facts about actions held, and where they come from."""
    return _reference().pack.header.provenance


def services() -> tuple[str, ...]:
    """The prefix of every service that has actions ("s3", "lambda" …)."""
    return tuple(_reference().pack.header.parts)


def service(prefix: str) -> Service | None:
    """The service with this prefix (any case), or None."""
    return _reference().service(prefix.lower())


def actions(prefix: str) -> tuple[Action, ...]:
    """Every action of a service; none for a prefix that does not exist."""
    found = service(prefix)
    return () if found is None else found.actions()


def action(name: str) -> Action | None:
    """The action with this whole name (any case), or None. Wildcards are not expanded here."""
    prefix, colon, verb = name.partition(":")
    found = service(prefix) if colon else None
    return None if found is None else found.action(verb)


def resource_type(prefix: str, name: str) -> str | None:
    """The template of the ARN of a resource type, or None; `arn_templates()` has them apart where there are several.

    `${Partition}`, `${Region}`, `${Account}` and the resource's own parts are holes.
    """
    found = service(prefix)
    return None if found is None else found.resource_types().get(name)


def arn_templates(prefix: str, name: str) -> tuple[str, ...]:
    """The templates of the ARN of a resource type: several where AWS's reference has them, none for a type that it has not."""
    found = resource_type(prefix, name)
    return tuple(found.split(", ")) if found else ()


def fits(pattern: str, text: str) -> bool:
    """Whether an IAM pattern takes in a text: `*` stands for any text, `?` for one character. Case counts.

    Without an expression: policies hold many patterns, of which each is asked about a few texts.
    """
    if "?" in pattern:
        return _expression(pattern).fullmatch(text) is not None
    head, star, rest = pattern.partition("*")
    if not star:
        return pattern == text
    *middle, tail = rest.split("*")
    if not text.startswith(head) or not text.endswith(tail) or len(text) < len(head) + len(tail):
        return False
    at, end = len(head), len(text) - len(tail)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


@lru_cache(maxsize=1024)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern), re.DOTALL)


def is_pattern(name: str) -> bool:
    """Whether the name stands for more than itself."""
    return "*" in name or "?" in name


@lru_cache(maxsize=2048)
def expand(pattern: str) -> tuple[Action, ...]:
    """Every action that a pattern of a policy takes in, in the order of the services and their names.

    Case does not count, `*` stands for any text and `?` for one character, as in IAM. `*` alone is everything. A name
    without wildcards gives its one action, or none if there is no such action.
    """
    if pattern == "*":
        return tuple(found for one in _reference().every() for found in one.actions())
    prefix, colon, verb = pattern.partition(":")
    if not colon:
        return ()
    if not is_pattern(pattern):
        found = action(pattern)
        return () if found is None else (found,)
    if is_pattern(prefix):
        wanted = prefix.lower()
        chosen = [one for one in _reference().every() if fits(wanted, one.prefix)]
    else:
        one_service = service(prefix)
        chosen = [] if one_service is None else [one_service]
    return tuple(found for one in chosen for found in one.matching(verb))
