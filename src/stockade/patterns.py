"""Regular expressions that are compiled when they are first used.

Compiling is slow beside matching, a scan uses a third of the expressions that its modules hold, and importing them all
is a part of every start. So no module compiles one while it is imported.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("match", "fullmatch", "search", "finditer", "findall", "split", "sub", "subn", "groups", "groupindex")


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The expression, which is not compiled yet."""
    return cast("re.Pattern[str]", _Written(pattern, flags))


class _Used:
    """An expression that has been used: its methods are those of the compiled one, found without a detour."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __repr__(self) -> str:
        return f"regex({self.pattern!r}, {self.flags})"


class _Written(_Used):
    """One that has not; asking for anything but its text compiles it."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the compiled expression has
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for each in _METHODS:
            setattr(self, each, getattr(compiled, each))
        self.__class__ = _Used  # type: ignore[assignment] # which looks nothing up before it gives what is there
        return getattr(self, name)
