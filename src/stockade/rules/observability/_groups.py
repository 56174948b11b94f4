"""The fix that declares the log group of a function."""

from __future__ import annotations

from stockade.model.app import Function, LogGroup
from stockade.model.intent import Fix, Here, Joined, New, Set, To
from stockade.rules.observability._log_access import room

_WHY = "the function writes to another group from then on, which its role must allow and what reads the logs must know"
_IS_THERE = "where the function has run before, Lambda has made that group already, and it has to be imported first"


def declare_group(function: Function, limits: tuple[str, ...] | None = None) -> Fix:
    """Declare the log group of a function, with a retention. `limits`: what the role allows to write to (`group_limits`)."""
    return _in_terraform(function) if function.type.startswith("aws_") else _elsewhere(function, limits)


def _in_terraform(function: Function) -> Fix:
    """The group that Lambda writes to by itself, by its name: roles and readers of the logs know it."""
    own = {"name": Joined(("/aws/lambda/", To(function, "Ref"))), "retention": 90}
    group = New(LogGroup, f"{function.address.rpartition('.')[2]}Logs", own, function)
    return Fix.unsafe("declare the log group, with a retention", group, why=_IS_THERE)


def _elsewhere(function: Function, limits: tuple[str, ...] | None) -> Fix:
    """A new group, for a template can't take over the one that Lambda has made."""
    name = f"{function.address.rpartition('.')[2]}Logs"
    own: dict[str, object] = {"retention": 90}
    title = "declare a log group with a retention, and name it"
    if limits is not None:
        start = room(limits)
        if start is None:
            return Fix.advice(f"{title}, with a name that the role allows")
        own |= {"name": Joined((start, Here("stack"), f"-{name}"))}
    group = New(LogGroup, name, own, function)
    return Fix.unsafe(title, group, Set(function, "log_group_name", To(group, "Ref")), why=_WHY)
