"""Makes newer facts about actions and operations of AWS's Service Reference, on the user's side.

The Service Reference is AWS's own machine-readable form of its Service Authorization Reference: an index of services, and a
JSON document for each. AWS states no terms for passing it on, so Stockade ships nothing of it: who wants it fetches it.

It says less than what is shipped, so it is laid over that. Actions, their access levels, resource types and condition keys, and
the templates of ARNs are the reference's. Dependent actions, whether a resource has to be named, which keys go with which
resource, and actions that take a resource in some uses only, stay as shipped, as do services that it leaves out. Of operations
it adds those that are new and says what those need of which that was not known; what is known of the others also tells on which
parameters it depends, and stays.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from stockade.errors import StockadeError
from stockade.knowledge.iam._actions import _Part as _Columns
from stockade.knowledge.iam._operations import _Part as _OperationColumns
from stockade.knowledge.iam._pack import FORMAT, Header, Pack, pack
from stockade.patterns import regex

T = TypeVar("T")

# What is less than this share of a service's actions is no newer state of it, but a part of a file.
_SHRUNK = 0.5
_NAME = regex(r"^[A-Za-z0-9][A-Za-z0-9_-]*$")


class BadReference(StockadeError):
    """What was fetched is no Service Reference, or not all of it."""


class _Named(Struct):
    name: str = field(name="Name")


class _Properties(Struct):
    is_list: bool = field(name="IsList", default=False)
    is_permission_management: bool = field(name="IsPermissionManagement", default=False)
    is_tagging_only: bool = field(name="IsTaggingOnly", default=False)
    is_write: bool = field(name="IsWrite", default=False)


class _Annotations(Struct):
    properties: _Properties | None = field(name="Properties", default=None)


class _Action(Struct):
    name: str = field(name="Name")
    keys: list[str] | None = field(name="ActionConditionKeys", default=None)
    annotations: _Annotations | None = field(name="Annotations", default=None)
    resources: list[_Named] | None = field(name="Resources", default=None)


class _Resource(Struct):
    name: str = field(name="Name")
    arns: list[str] | None = field(name="ARNFormats", default=None)
    keys: list[str] | None = field(name="ConditionKeys", default=None)


class _Key(Struct):
    name: str = field(name="Name")
    types: list[str] | None = field(name="Types", default=None)


class _Authorized(Struct):
    name: str = field(name="Name")
    service: str = field(name="Service", default="")


class _Sdk(Struct):
    name: str = field(name="Name", default="")
    package: str = field(name="Package", default="")


class _Operation(Struct):
    name: str = field(name="Name")
    authorized: list[_Authorized] | None = field(name="AuthorizedActions", default=None)
    sdk: list[_Sdk] | None = field(name="SDK", default=None)


class Document(Struct):
    """The reference of one service, of which only what is used is read. Services without actions have one, too."""

    name: str = field(name="Name")
    actions: list[_Action] | None = field(name="Actions", default=None)
    resources: list[_Resource] | None = field(name="Resources", default=None)
    keys: list[_Key] | None = field(name="ConditionKeys", default=None)
    operations: list[_Operation] | None = field(name="Operations", default=None)


class Listed(Struct):
    """A row of the index."""

    service: str
    url: str


class Change(Struct, frozen=True):
    """What newer facts say that those before did not.

    Attributes:
        services: how many services the reference has.
        new_services: those that were not known.
        added, removed: actions.
        changed: actions of which the access level or the resource types are others.
        operations: operations that were not known, or of which nothing was.
        kept: operations that the reference says something else of than what is shipped, which stays.
    """

    services: int
    new_services: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    operations: tuple[str, ...]
    kept: tuple[str, ...]


def parse_index(text: bytes) -> list[Listed]:
    """The services of the index and where their documents are."""
    return _decode(text, list[Listed], "the index")


def parse_document(text: bytes, what: str) -> Document:
    """The document of a service."""
    document = _decode(text, Document, what)
    if not all(map(_NAME.match, [document.name, *(one.name for one in document.actions or ())])):
        raise BadReference(f"{what} is no service's reference: it has names that no action has")
    return document


def _decode(text: bytes, shape: type[T], what: str) -> T:
    try:
        return msgspec.json.decode(text, type=shape)
    except msgspec.DecodeError as error:
        raise BadReference(f"{what} can't be read: {error}") from error


def build(documents: Iterable[Document], day: date, origin: str) -> tuple[dict[str, bytes], Change]:
    """The newer forms of the packs, by their names, and what is new in them.

    `origin` is where the documents came from, for the provenance. Raises `BadReference` where a service has lost most of its
    actions: nobody withdraws them like that, so something is missing.
    """
    shipped = Pack("iam.pack", Header, _Columns)
    before = shipped.parts()
    fresh: dict[str, Document] = {}
    for document in documents:
        prefix = document.name.lower()
        has, had = len(document.actions or ()), len(before[prefix].names) if prefix in before else 0
        if has < had * _SHRUNK:
            raise BadReference(f"the reference of {prefix} has {has} actions, where there were {had}")
        if prefix in fresh:
            raise BadReference(f"there are two references of {prefix}")
        if has:
            fresh[prefix] = document
    if not fresh:
        raise BadReference("nothing that was read has actions")
    parts: dict[str, Any] = {prefix: msgspec.structs.asdict(part) for prefix, part in before.items()}
    added, removed, changed = [], [], []
    for prefix, document in fresh.items():
        part = _merged(before.get(prefix), document)
        old = _seen(before.get(prefix))
        new = _seen(msgspec.convert(part, _Columns))
        added += [f"{prefix}:{new[name][0]}" for name in new.keys() - old.keys()]
        removed += [f"{prefix}:{old[name][0]}" for name in old.keys() - new.keys()]
        changed += [f"{prefix}:{new[name][0]}" for name in new.keys() & old.keys() if new[name][1:] != old[name][1:]]
        parts[prefix] = part
    known = {f"{prefix}:{name}".lower(): f"{prefix}:{name}" for prefix, part in parts.items() for name in part["names"]}
    operations = Pack("operations.pack", Header, _OperationColumns)
    calls, learnt, kept = _calls(operations, fresh, known)
    change = Change(
        len(fresh),
        tuple(sorted(fresh.keys() - before.keys())),
        *map(tuple, map(sorted, (added, removed, changed, learnt, kept))),
    )
    row = {
        "name": f"AWS Service Reference, {origin}", "version": "", "date": day.isoformat(), "licence": "facts",
    }  # fmt: skip
    return {
        "operations.pack": pack(
            laid_over(operations.header, {**row, "gives": "operations that were not known"}, day), calls
        ),
        "iam.pack": pack(
            laid_over(
                shipped.header, {**row, "gives": "actions, access levels, resource types, ARNs, condition keys"}, day
            ),
            dict(sorted(parts.items())),
        ),
    }, change


def laid_over(shipped: Header, source: Mapping[str, str], day: date) -> dict[str, Any]:
    """The header of what is laid over a pack that was shipped."""
    old = msgspec.to_builtins(shipped.provenance)
    return {
        "provenance": {**old, "as_of": day.isoformat(), "sources": [source, *old["sources"]]},
        "format": FORMAT,
    }


def _seen(part: _Columns | None) -> dict[str, tuple[str, str, frozenset[str]]]:
    """Of each action, by its name in lower case, what a change of is told: its name, access level and resource types."""
    if part is None:
        return {}
    return {
        name.lower(): (name, part.access[row], frozenset(part.types[use >> 1] for use in part.uses[row]))
        for row, name in enumerate(part.names)
    }


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _access(action: _Action, before: str) -> str:
    """The letter of an access level; of the properties that an action has, the one that says most about it."""
    said = action.annotations.properties if action.annotations else None
    if said is None:
        return before or "R"
    flags = (
        (said.is_permission_management, "P"),
        (said.is_tagging_only, "T"),
        (said.is_write, "W"),
        (said.is_list, "L"),
    )
    return next((letter for flag, letter in flags if flag), "R")


class _Old:
    """What is shipped of a service, by name."""

    def __init__(self, part: _Columns | None) -> None:
        self.part = part
        self.row = {} if part is None else {name.lower(): row for row, name in enumerate(part.names)}
        self.types = {} if part is None else {_plain(name): name for name in part.types}
        self.kinds = {} if part is None else dict(zip(part.keys, part.key_kinds, strict=True))

    def uses(self, name: str) -> dict[str, tuple[bool, list[str]]]:
        """The resource types of an action: whether each has to be named, and the keys that go with it."""
        row = self.row.get(name.lower())
        if self.part is None or row is None:
            return {}
        keys = self.part.use_keys.get(row, {})
        return {
            self.part.types[use >> 1]: (bool(use & 1), [self.part.keys[one] for one in keys.get(use >> 1, ())])
            for use in self.part.uses[row]
        }


class _Numbers(dict[str, int]):
    """Gives each different text a number, in the order of their coming."""

    def of(self, text: str) -> int:
        return self.setdefault(text, len(self))


def _merged(part: _Columns | None, document: Document) -> dict[str, Any]:
    """The columns of a service: what the reference has of it, laid over what is shipped."""
    old = _Old(part)
    types, keys = _Numbers(), _Numbers()
    resources = {old.types.get(_plain(one.name), one.name): one for one in document.resources or ()}
    for name in resources:
        types.of(name)
    actions = sorted(
        {one.name.lower(): one for one in document.actions or ()}.values(), key=lambda one: one.name.lower()
    )
    uses: list[list[int]] = []
    use_keys: dict[int, dict[int, list[int]]] = {}
    depends: dict[int, list[str]] = {}
    partial: list[int] = []
    levels = ""
    for row, action in enumerate(actions):
        before, at = old.uses(action.name), old.row.get(action.name.lower())
        used = []
        for one in action.resources or ():
            name = old.types.get(_plain(one.name), one.name)
            required, own_keys = before.get(name, (False, []))
            used.append(types.of(name) * 2 + required)
            if own_keys:
                use_keys.setdefault(row, {})[types.of(name)] = [keys.of(key) for key in own_keys]
        uses.append(used)
        if part is None or at is None:
            levels += _access(action, "")
            continue
        levels += _access(action, part.access[at])
        if at in part.depends:
            depends[row] = part.depends[at]
        if at in part.partial:
            partial.append(row)
    action_keys = [[keys.of(key) for key in dict.fromkeys(action.keys or ())] for action in actions]
    type_keys = [[keys.of(key) for key in resources[name].keys or ()] if name in resources else [] for name in types]
    kinds = {one.name: one.types[0] if one.types else "" for one in document.keys or ()}
    for name in kinds:
        keys.of(name)
    return {
        "title": document.name if part is None else part.title,
        "names": [action.name for action in actions],
        "access": levels,
        "uses": uses,
        "action_keys": action_keys,
        "use_keys": use_keys,
        "depends": depends,
        "partial": partial,
        "types": list(types),
        "arns": [", ".join(resources[name].arns or ()) if name in resources else "" for name in types],
        "type_keys": type_keys,
        "keys": list(keys),
        "key_kinds": [kinds.get(key) or old.kinds.get(key, "") for key in keys],
    }


def _calls(
    shipped: Pack[Header, _OperationColumns], documents: Mapping[str, Document], known: Mapping[str, str]
) -> tuple[dict[str, Any], list[str], list[str]]:
    """The operations with what the reference adds: the parts, what was learnt, and what stays though it says something else."""
    parts: dict[str, Any] = {}
    for name in shipped.header.parts:
        parts[name] = shipped.other(name, dict[str, Any])
    learnt, kept = [], []
    for document in documents.values():
        for operation in document.operations or ():
            said = [
                known[whole]
                for one in operation.authorized or ()
                if (whole := f"{one.service or document.name}:{one.name}".lower()) in known
            ]
            names = {one.name for one in operation.sdk or () if one.package == "Boto3" and one.name in parts}
            for service in sorted(names) if said else ():
                part = parts[service]
                row = part["names"].index(operation.name) if operation.name in part["names"] else None
                if row is not None and isinstance(part["rows"][row], list):
                    has = (part["needs"][one][0] or f"{part['prefix']}:{operation.name}" for one in part["rows"][row])
                    if not {need.lower() for need in has} <= {one.lower() for one in said}:
                        kept.append(f"{service}.{operation.name}")
                elif row is None or part["rows"][row] == "?":
                    if row is None:
                        row = len(part["names"])
                        part["names"].append(operation.name)
                        part["rows"].append("?")
                    needs = [[action, "", []] for action in dict.fromkeys(said)]
                    part["rows"][row] = list(range(len(part["needs"]), len(part["needs"]) + len(needs)))
                    part["needs"] += needs
                    learnt.append(f"{service}.{operation.name}")
    return parts, learnt, kept
