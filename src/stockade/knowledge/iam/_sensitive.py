"""Which actions matter to somebody who holds a function's role, and why."""

from functools import cache

from msgspec import Struct

from stockade.knowledge._data import Provenance, read_json
from stockade.knowledge.iam._actions import Action, fits, is_pattern


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """Actions that are dangerous for the same reason.

    Attributes:
        name: "secret-read", "credentials", "permissions", "code-execution", "data-read", "configuration-read",
            "destruction", "audit" or "exposure".
        why: what each of its actions does, as the end of a sentence that begins with the action.
        actions: their whole names.
    """

    name: str
    why: str
    actions: tuple[str, ...]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    groups: tuple[Group, ...]
    execution: tuple[str, ...]


@cache
def _file() -> _File:
    return read_json("sensitive.json", _File)


@cache
def _groups() -> dict[str, Group]:
    return {group.name: group for group in _file().groups}


@cache
def execution_actions() -> frozenset[str]:
    """What any function may need of the service itself, in lower case: logs, traces, network interfaces, polling."""
    return frozenset(name.lower() for name in _file().execution)


@cache
def _by_action() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for group in _groups().values():
        for name in group.actions:
            key = name.lower()
            found[key] = (*found.get(key, ()), group.name)
    return found


def sensitive_groups() -> dict[str, Group]:
    """The groups by their name; our own judgement over AWS's Service Authorization Reference."""
    return _groups()


def sensitive(action: Action | str) -> tuple[str, ...]:
    """The groups that an action is in; none for an ordinary action. Patterns have to be expanded first."""
    return _by_action().get(str(action).lower(), ())


def sensitive_in(pattern: str) -> dict[str, tuple[str, ...]]:
    """The sensitive actions that a pattern of a policy takes in, by their groups.

    Reads no service, so that asking about `*` costs little.
    """
    if not is_pattern(pattern):
        return dict.fromkeys(sensitive(pattern), (pattern,))
    wanted = pattern.lower()
    found = {
        group.name: tuple(name for name in group.actions if fits(wanted, name.lower())) for group in _groups().values()
    }
    return {name: names for name, names in found.items() if names}


def is_secret_read(action: Action | str) -> bool:
    """Whether the action returns a secret in plain text, or opens what was encrypted (`kms:Decrypt`)."""
    return "secret-read" in sensitive(action)


def is_execution_need(action: Action | str) -> bool:
    """Whether any function may need the action of the service itself, whatever its code does.

    Logs, traces, the network interfaces of a VPC function, polling an event source. AWS's own execution-role policies
    allow these on every resource.
    """
    return str(action).lower() in execution_actions()
