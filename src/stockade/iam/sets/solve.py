"""Finds a cube of requests that satisfies a formula, or shows that there is none.

What has to hold and what must not are taken apart until only choices are left: a statement that must not match fails by one of
its literals, a union holds by one of its members. Choices that are settled by the cube are dropped, those with one way
left are taken, and the narrowest of the rest is tried way by way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

from stockade.iam.sets.cubes import Cube, Space, State
from stockade.iam.sets.formulas import And, Formula, Match, Not, Or
from stockade.iam.sets.index import Index
from stockade.iam.sets.literals import Constraint

Accept: TypeAlias = Callable[[Cube], Cube | None]


class _Way(NamedTuple):
    """One way to settle a choice: by a constraint, or by a formula that has to hold, or must not."""

    constraint: Constraint | None = None
    formula: Formula | None = None
    holds: bool = True


_Choice: TypeAlias = tuple[_Way, ...]


class _Work(NamedTuple):
    cube: Cube
    todo: tuple[tuple[Formula, bool], ...]
    choices: tuple[_Choice | Match, ...]  # a statement here must not match
    unions: tuple[Or, ...] = ()  # which must not hold; there is time for them when all that must match has been chosen


class Solver:
    """Solves formulas over one space; `accept` may narrow a cube that is consistent, or turn it down."""

    def __init__(self, space: Space, accept: Accept | None = None) -> None:
        self.space = space
        self.accept = accept
        self._known: dict[tuple[Match, tuple[State, ...]], list[_Way]] = {}
        self._indexes: dict[Or, Index] = {}

    def solve(self, formula: Formula) -> Cube | None:
        """A cube in which every request satisfies the formula; None where no request does.

        Raises OutOfBudgetError, and UnsupportedError where a key is compared in ways that exclude each other.
        """
        return next(self.cubes(formula), None)

    def cubes(self, formula: Formula) -> Iterator[Cube]:
        """Cubes that together hold every request that satisfies the formula; they may overlap."""
        stack = [_Work(Cube(), ((formula, True),), ())]
        while stack:
            work = self._settled(stack.pop())
            if work is None:
                continue
            if not work.choices:
                accepted = work.cube if self.accept is None else self.accept(work.cube)
                if accepted is not None:
                    yield accepted
                continue
            # What has to match says most about a request, so it comes before what must not.
            matching = [choice for choice in work.choices if _matches(choice)]
            chosen, ways = self._narrowest(work.cube, matching or work.choices)
            rest = tuple(choice for choice in work.choices if choice is not chosen)
            for way in reversed(ways):
                after = self._taken(work._replace(choices=rest), way)
                if after is not None:
                    stack.append(after)

    def _narrowest(self, cube: Cube, choices: Iterable[_Choice | Match]) -> tuple[_Choice | Match, list[_Way]]:
        """The choice with the fewest ways; none has fewer than two."""
        best: tuple[_Choice | Match, list[_Way]] | None = None
        for choice in choices:
            ways = self._ways(cube, choice)
            if len(ways) == 2:
                return choice, ways
            if best is None or len(ways) < len(best[1]):
                best = choice, ways
        if best is None:
            raise ValueError("there is nothing to choose")
        return best

    def _settled(self, work: _Work) -> _Work | None:
        """The work with everything done that leaves no choice; None where it can't be done."""
        while True:
            unfolded = self._unfolded(work)
            if unfolded is None:
                return None
            cube, _, choices, unions = unfolded
            if any(isinstance(choice, Match) and cube.surely(choice) for choice in choices):
                return None
            matching = any(map(_matches, choices))
            open_: list[_Choice | Match] = []
            todo: list[tuple[Formula, bool]] = []
            before = cube
            for choice in choices:
                if matching and not _matches(choice):
                    open_.append(choice)  # it is soon told with less work, by a smaller cube
                    continue
                self.space.words.budget.spend()
                ways = self._ways(cube, choice)
                if not ways:
                    return None
                if _SETTLED in ways:
                    continue
                if len(ways) > 1:
                    open_.append(choice)
                    continue
                way = ways[0]
                if way.formula is not None:
                    todo.append((way.formula, way.holds))
                elif way.constraint is not None:
                    narrowed = cube.with_(self.space, way.constraint)
                    if narrowed is None:
                        return None
                    cube = narrowed
            work = _Work(cube, tuple(todo), tuple(open_), unions)
            if cube is before and not todo and (not unions or any(map(_matches, open_))):
                return work

    def _unfolded(self, work: _Work) -> _Work | None:
        """The work with its formulas taken apart."""
        cube, choices, unions = work.cube, list(work.choices), list(work.unions)
        todo = list(work.todo)
        while todo or (unions and not any(map(_matches, choices))):
            if not todo:
                union = unions.pop()
                if not cube.held.isdisjoint(union.matches):
                    return None
                todo.extend((each, False) for each in self._near(cube, union))
                continue
            formula, holds = todo.pop()
            if isinstance(formula, Not):
                todo.append((formula.of, not holds))
            elif isinstance(formula, Match):
                if not holds:
                    choices.append(formula)
                    continue
                cube = cube.holding(formula)
                for literal in formula.literals:
                    if len(literal.yes) == 1:
                        narrowed = cube.with_(self.space, literal.yes[0])
                        if narrowed is None:
                            return None
                        cube = narrowed
                    else:
                        choices.append(tuple(map(_Way, literal.yes)))
            elif isinstance(formula, Or) and not holds:
                unions.append(formula)
            elif isinstance(formula, And) is holds or len(formula.of) == 1:
                todo.extend((each, holds) for each in formula.of)
            elif not formula.of:
                return None
            else:
                choices.append(tuple(_Way(None, each, holds) for each in formula.of))
        return _Work(cube, (), tuple(choices), tuple(unions))

    def _near(self, cube: Cube, union: Or) -> Iterable[Formula]:
        """The members of a union that a request of the cube may be in."""
        if len(union.matches) < _MANY:
            return union.of
        index = self._indexes.get(union)
        if index is None:
            index = self._indexes[union] = Index(each for each in union.of if isinstance(each, Match))
        return (*(each for each in union.of if not isinstance(each, Match)), *index.near(cube))

    def _taken(self, work: _Work, way: _Way) -> _Work | None:
        if way.formula is not None:
            return work._replace(todo=((way.formula, way.holds),))
        if way.constraint is None:
            return work
        cube = work.cube.with_(self.space, way.constraint)
        return None if cube is None else work._replace(cube=cube)

    def _ways(self, cube: Cube, choice: _Choice | Match) -> list[_Way]:
        """The ways that are left; `_SETTLED` among them where nothing has to be done any more."""
        if isinstance(choice, Match):
            return self._failures(cube, choice)
        ways = []
        for way in choice:
            if way.formula is not None:
                # Before anything is asked, next to nothing is impossible, and that comes out soon.
                if not cube.parts or self._possible(cube, way.formula, holds=way.holds):
                    ways.append(way)
                continue
            if way.constraint is None:
                return [_SETTLED]
            after = cube.with_(self.space, way.constraint)
            if after is cube:
                return [_SETTLED]
            if after is not None:
                ways.append(way)
        return ways

    def _failures(self, cube: Cube, match: Match) -> list[_Way]:
        """How a statement can be made not to match."""
        key = (match, tuple(cube.state(literal.part) for literal in match.literals))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._failing(cube, match)
        return known

    def _failing(self, cube: Cube, match: Match) -> list[_Way]:
        for literal in match.literals:
            if all(cube.with_(self.space, constraint) is None for constraint in literal.yes):
                return [_SETTLED]
        return [
            _Way(constraint)
            for literal in match.literals
            for constraint in literal.no
            if cube.with_(self.space, constraint) is not None
        ]

    def _possible(self, cube: Cube, formula: Formula, *, holds: bool) -> bool:
        """Whether a formula may hold, or may not, in a part of the cube: NO only where that is sure."""
        if isinstance(formula, Not):
            return self._possible(cube, formula.of, holds=not holds)
        if isinstance(formula, Match):
            if not holds:
                return bool(self._failures(cube, formula))
            return all(
                any(cube.with_(self.space, constraint) is not None for constraint in literal.yes)
                for literal in formula.literals
            )
        if isinstance(formula, Or) and not holds:
            if not cube.held.isdisjoint(formula.matches):
                return False
            near = self._near(cube, formula)
            if any(isinstance(each, Match) and cube.surely(each) for each in near):
                return False
            return all(self._possible(cube, each, holds=False) for each in near)
        test = all if isinstance(formula, And) is holds else any
        return test(self._possible(cube, each, holds=holds) for each in formula.of)


def _matches(choice: _Choice | Match) -> bool:
    """Whether a choice is one of statements of which one has to match."""
    return not isinstance(choice, Match) and any(way.formula is not None and way.holds for way in choice)


_SETTLED = _Way()
_MANY = 16  # statements, of which those that matter are looked up
