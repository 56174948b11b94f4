"""Which log groups the role of a function lets it write to, as far as that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

from stockade.iam.allows import may_call, named_for, roles_of
from stockade.iam.reaching import anywhere, arn_of, reaches
from stockade.iam.resources import written
from stockade.model.app import App, Function, LogGroup, Resource
from stockade.model.names import Parts, parts_of
from stockade.model.value import NO, PART, Doubt, Hole, Origin, Tri, Value, When, conjoin, mix
from stockade.patterns import regex
from stockade.rules._words import join
from stockade.rules.observability._functions import LOG_WRITE, may_log

_MARKS = regex("[\ue000-\ue002]")  # what stands for the parts of a text that are not known, of whichever kind
_MADE = Doubt("the name is made when the stack is deployed", cause="name")
# How many letters CloudFormation leaves at least of the name of a resource, where it makes another one of it.
_LONGEST = 24
_FEW = 3
_GROUP = regex(r"arn:[^:]*:logs:[^:]*:[^:]*:log-group:([^:]*)(?::.*)?")


def group_limits(app: App, function: Function) -> tuple[str, ...] | None:
    """The names of the log groups that its roles let a function write to, as patterns; None where any may be meant.

    Each begins with a `/`, as no name does that CloudFormation makes.
    """
    found: list[str] = []
    for _, role in roles_of(function):
        named = named_for(app, role, LOG_WRITE)
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
    group = _Group((*anywhere("logs", f"log-group:{name}"),), name)
    return not may_log(app, function).is_no and not _reaches(app, function, group).is_no


class _Group(Struct, frozen=True, eq=False):
    """A log group: its ARN, what it is called, and what is known of the name of the function that it is named after."""

    arn: Parts
    shown: str
    names: Mapping[str, Parts] = MappingProxyType({})

    @property
    def streams(self) -> Parts:
        """The ARN of its streams."""
        return (*self.arn, ":log-stream:", Hole("stream", _MADE))


class Beyond(Struct, frozen=True, eq=False):
    """Whether the role of a function lets it write to other log groups only, in words."""

    answer: Tri
    group: str = ""  # its own one
    allowed: str = ""  # what it may write to
    at: Origin | None = None  # where that is written
    streamless: bool = False  # the group is allowed, and none of its streams


def writes_nowhere(app: App, function: Function) -> Tri:
    """Whether a function can't write its logs: its role allows no writing of logs, or not to its log group."""
    allowed = may_log(app, function)
    return ~allowed | (allowed & beyond_reach(app, function).answer)


def beyond_reach(app: App, function: Function) -> Beyond:
    """Whether what a role lets its function write to is not the log group of the function, as far as its name is known."""
    if any(role.generated for _, role in roles_of(function)):
        return Beyond(NO)  # the framework's to see to
    groups = _own_groups(app, function)
    answer = mix([(when, ~_reaches(app, function, group)) for when, group in groups])
    if answer.is_no:
        return Beyond(answer)
    named = [leaf for _, role in roles_of(function) for leaf in named_for(app, role, LOG_WRITE) or ()]
    group = next((group for when, group in groups if not answer.under(when).is_no), groups[0][1])
    whole = [leaf for leaf in named if reaches(app, leaf, group.arn, names=group.names).is_yes]
    limits = group_limits(app, function)
    return Beyond(
        answer,
        group.shown,
        shown(limits) if limits is not None else join(dict.fromkeys(f"`{leaf.show()}`" for leaf in named[:_FEW])),
        next((leaf.origin for leaf in whole or named), None),
        bool(whole) and not any(reaches(app, leaf, group.streams, names=group.names).is_yes for leaf in whole),
    )


def _reaches(app: App, function: Function, group: _Group) -> Tri:
    """Whether a role lets a function write to a log group.

    AWS's reference names the group as what streams are made in, and the guide wants what stands for the streams behind it there
    too: either will do.
    """
    cases = [
        (
            when,
            may_call(
                app,
                role,
                "logs:CreateLogStream",
                on=lambda leaf: reaches(app, leaf, group.arn, group.streams, names=group.names),
            )
            & may_call(app, role, LOG_WRITE, on=lambda leaf: reaches(app, leaf, group.streams, names=group.names)),
        )
        for when, role in roles_of(function)
    ]
    return mix(cases) if cases else Tri("maybe")


def _own_groups(app: App, function: Function) -> list[tuple[When, _Group]]:
    """The log groups that a function may be told to write to; where it is told nothing, the one of its name."""
    found: list[tuple[When, _Group]] = []
    for when, leaf in function.log_group_name.leaves():
        referred = [app.get(reference.target) for _, reference in leaf.refers()]
        if referred and isinstance(referred[0], LogGroup):
            group = referred[0]
            names = {group.key: _made(group)} if group.name.is_set().is_no else {}
            found.append((when, _Group(arn_of(group), str(group), names)))
        elif leaf.is_set().is_no:
            found += [(both, group) for own, group in _by_name(function) if (both := conjoin(when, own)) is not None]
        else:
            found.append((when, _Group(anywhere("logs", "log-group:", *parts_of(leaf)), leaf.show())))
    return found


def _by_name(function: Function) -> Iterator[tuple[When, _Group]]:
    """The groups that Lambda names after a function."""
    prefix = "log-group:/aws/lambda/"
    for when, leaf in function.name.leaves():
        if leaf.is_set().is_no:
            name = _made(function)
            yield when, _Group(anywhere("logs", prefix, *name), f"/aws/lambda/…{name[1]}…", {function.key: name})
        else:
            yield when, _Group(anywhere("logs", prefix, *parts_of(leaf)), f"/aws/lambda/{leaf.show()}")


def _made(resource: Resource) -> Parts:
    """The name that CloudFormation makes for a resource: of those of the stack and the resource, and letters of its own.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html (as of 2026-11-28).
    """
    own = resource.key.rpartition("#")[2][:_LONGEST]
    return (Hole("AWS::StackName", _MADE, plain=True), f"-{own}", Hole("made", _MADE, plain=True))


def _text(value: Value[str]) -> str | None:
    found = written(value)
    return None if found is None else _MARKS.sub(PART, found)
