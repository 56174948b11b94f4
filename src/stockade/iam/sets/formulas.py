"""Sets of requests as formulas over statements."""

from __future__ import annotations

from typing import TypeAlias

from stockade.iam.sets.literals import Literal


class Match:
    """The requests that one statement is about: all its literals hold. `tag` is whatever the asker knows it by."""

    __slots__ = ("_hash", "literals", "tag")

    def __init__(self, literals: tuple[Literal, ...], tag: object = None) -> None:
        self.literals = literals
        self.tag = tag
        self._hash = hash(literals)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Match) and self.literals == other.literals

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Match({self.tag or self.literals})"


class And:
    """What is in every one of them; of none, every request."""

    __slots__ = ("of",)

    def __init__(self, *of: Formula) -> None:
        self.of = of


class Or:
    """What is in one of them at least; of none, no request."""

    __slots__ = ("matches", "of")

    def __init__(self, *of: Formula) -> None:
        self.of = of
        self.matches = frozenset(each for each in of if isinstance(each, Match))


class Not:
    """What is not in it."""

    __slots__ = ("of",)

    def __init__(self, of: Formula) -> None:
        self.of = of


Formula: TypeAlias = Match | And | Or | Not

EVERYTHING = And()
NOTHING = Or()
