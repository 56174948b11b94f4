"""Which log groups the role of a function lets it write to, as far as that is known."""

from __future__ import annotations

import re

from stockade.iam.allows import named_for, roles_of
from stockade.iam.resources import written
from stockade.model.app import App, Function, LogGroup
from stockade.model.value import PART, Value
from stockade.patterns import regex
from stockade.rules.observability._functions import may_log

_MARKS = regex("[\ue000-\ue002]")  # what stands for the parts of a text that are not known, of whichever kind
_GROUP = regex(r"arn:[^:]*:logs:[^:]*:[^:]*:log-group:([^:]*)(?::.*)?")


def group_limits(app: App, function: Function) -> tuple[str, ...] | None:
    """The names of the log groups that its roles let a function write to, as patterns; None where any may be meant.

    Each begins with a `/`, as no name does that CloudFormation makes.
    """
    found: list[str] = []
    for _, role in roles_of(function):
        named = named_for(app, role, "logs:PutLogEvents")
        if named is None:
            return None
        for value in named:
            text = _text(value)
            match = _GROUP.fullmatch(text) if text is not None else None
            if match is None or not match[1].startswith("/"):
                return None
            found.append(match[1])
    return tuple(dict.fromkeys(found)) or None


def room(limits: tuple[str, ...]) -> str | None:
    """The beginning that a name of one's own may have within such limits; None where there is none that is known."""
    open_ = [limit[:-1] for limit in limits if limit.endswith("*") and not set(limit[:-1]) & {"*", "?", PART}]
    return min(open_, key=len, default=None)


def shown(limits: tuple[str, ...]) -> str:
    """For people: what the role is limited to."""
    return " or ".join(f"`{limit.replace(PART, '…')}`" for limit in limits[:3])


def may_write_to(app: App, function: Function, name: str) -> bool:
    """Whether nothing that is known rules out that a function writes to the log group of this name."""
    limits = group_limits(app, function)
    return not may_log(app, function).is_no and (limits is None or any(_may_fit(name, limit) for limit in limits))


def forbidden_group(app: App, function: Function) -> str:
    """The log group that a function names and its role surely does not let it write to, for people; empty if there is none."""
    if any(role.generated for _, role in roles_of(function)):
        return ""  # the framework's to see to
    limits = group_limits(app, function)
    leaves = list(function.log_group_name.leaves())
    if limits is None or len(leaves) != 1 or not function.log_group_name.is_set().is_yes:
        return ""
    group = next((app.get(reference.target) for _, reference in leaves[0][1].refers()), None)
    if group is None:
        return function.log_group_name.show() if _outside(function.log_group_name, limits) else ""
    if not isinstance(group, LogGroup) or group.exists:
        return ""
    nameless = group.name.is_set().is_no and not group.type.startswith("aws_")
    return str(group) if nameless or (group.name.is_set().is_yes and _outside(group.name, limits)) else ""


def _text(value: Value[str]) -> str | None:
    found = written(value)
    return None if found is None else _MARKS.sub(PART, found)


def _outside(name: Value[str], limits: tuple[str, ...]) -> bool:
    """Whether a name is surely within none of the limits."""
    text = _text(name)
    return text is not None and not any(_may_fit(text, limit) for limit in limits)


def _may_fit(name: str, limit: str) -> bool:
    if PART not in name:
        pattern = "".join(".*" if c in {"*", PART} else "." if c == "?" else re.escape(c) for c in limit)
        return re.fullmatch(pattern, name) is not None
    ours, theirs = name.partition(PART)[0], re.split(rf"[*?{PART}]", limit, maxsplit=1)[0]
    return ours.startswith(theirs) or theirs.startswith(ours)
