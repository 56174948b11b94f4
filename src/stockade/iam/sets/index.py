"""Which of many statements a cube may have to do with, told by how the patterns of their actions and resources begin."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from stockade.iam.sets.cubes import Cube, Side
from stockade.iam.sets.formulas import Match
from stockade.iam.sets.globs import Language, head
from stockade.iam.sets.literals import ACTION, RESOURCE, Text

_FEW = 64  # patterns that are looked up one by one


class Index:
    """Statements by what they begin with."""

    __slots__ = ("_parts", "matches")

    def __init__(self, matches: Iterable[Match]) -> None:
        self.matches = tuple(matches)
        self._parts = tuple((part, _Part(self.matches, part)) for part in (ACTION, RESOURCE))

    def near(self, cube: Cube) -> Iterable[Match]:
        """All statements that a request of the cube may match, and perhaps others, in their order."""
        fewest: set[int] | None = None
        for part, index in self._parts:
            state = cube.parts.get(part)
            for language in state.inside if isinstance(state, Side) else ():
                found = index.near(language)
                if found is not None and (fewest is None or len(found) < len(fewest)):
                    fewest = found
        return self.matches if fewest is None else [self.matches[at] for at in sorted(fewest)]


class _Part:
    """Statements by the beginnings of what they say of one part."""

    __slots__ = ("_always", "_heads", "_sorted")

    def __init__(self, matches: tuple[Match, ...], part: str) -> None:
        self._always: set[int] = set()
        self._heads: dict[str, set[int]] = {}
        for at, match in enumerate(matches):
            language = next(_languages(match, part), None)
            if language is None:
                self._always.add(at)
            else:
                for pattern in language.patterns:
                    self._heads.setdefault(head(pattern), set()).add(at)
        self._sorted = sorted(self._heads)

    def near(self, language: Language) -> set[int] | None:
        if len(language.patterns) > _FEW:
            return None
        out = set(self._always)
        for pattern in language.patterns:
            begin = head(pattern)
            for length in range(len(begin)):
                out |= self._heads.get(begin[:length], set())
            for at in range(bisect_left(self._sorted, begin), len(self._sorted)):
                if not self._sorted[at].startswith(begin):
                    break
                out |= self._heads[self._sorted[at]]
        return out


def _languages(match: Match, part: str) -> Iterator[Language]:
    """The languages that a statement wants a part to be in."""
    for literal in match.literals:
        if literal.part == part and len(literal.yes) == 1:
            constraint = literal.yes[0]
            if isinstance(constraint, Text) and constraint.inside:
                yield constraint.language
