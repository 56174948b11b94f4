"""A cube: what several constraints leave of a request, part by part."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from stockade.iam.sets import ranges
from stockade.iam.sets.formulas import Match
from stockade.iam.sets.globs import ALL, Language, Words, language
from stockade.iam.sets.keys import kinds
from stockade.iam.sets.literals import PARTS, Constraint, Domain, Presence, Text, UnsupportedError, Within
from stockade.iam.sets.ranges import Ranges

_NONE: frozenset[Language] = frozenset()


class Side(NamedTuple):
    """The languages that a text is in, and those that it is not in."""

    inside: frozenset[Language] = _NONE
    outside: frozenset[Language] = _NONE

    def and_(self, language: Language, *, inside: bool) -> Side:
        """With one more of them."""
        if inside:
            return self if language is ALL else Side(self.inside | {language}, self.outside)
        return Side(self.inside, self.outside | {language})

    def with_(self, other: Side) -> Side:
        """What both ask."""
        return Side(self.inside | other.inside, self.outside | other.outside)


class Values(NamedTuple):
    """The values of a key: whether there are any, what every one is, and what one at least is each time."""

    present: bool | None = None
    every: Side = Side()
    some: tuple[Side, ...] = ()
    domain: Domain = "text"
    within: Ranges | None = None
    also: tuple[Ranges, ...] = ()


State: TypeAlias = Side | Values
FREE = Values()


class Space:
    """What constraints are checked with: how many values a key has and of which kind, and the texts that are there.

    A key that is compared as something else than a text has a domain.
    """

    __slots__ = ("_fit", "domains", "many", "words")

    def __init__(self, words: Words, many: frozenset[str], domains: dict[str, Domain]) -> None:
        self.words = words
        self.many = many
        self.domains = domains
        self._fit: dict[tuple[str, State], bool] = {}

    def fits(self, part: str, state: State) -> bool:
        """Whether a part of a request can be like this."""
        key = (part, state)
        known = self._fit.get(key)
        if known is None:
            known = self._fit[key] = self.example(part, state) is not None
        return known

    def example(self, part: str, state: State) -> tuple[str, ...] | None:
        """Values that a part may have; none for a key that is absent; None where it can't be."""
        if isinstance(state, Side):
            word = self.words.find(state.inside, state.outside)
            return None if word is None else (word,)
        if state.present is not True:
            return ()
        domain = self.domains.get(part, "text")
        if domain not in {"text", "bool"}:
            return self._numbers(part, state, domain)
        every = state.every if domain == "text" else state.every.and_(_TRUTHS, inside=True)
        if part not in self.many:
            for side in state.some:
                every = every.with_(side)
            word = self.words.find(every.inside, every.outside)
            return None if word is None else (word,)
        found = []
        for side in state.some or (Side(),):
            both = every.with_(side)
            word = self.words.find(both.inside, both.outside)
            if word is None:
                return None
            found.append(word)
        return tuple(dict.fromkeys(found))

    def _numbers(self, part: str, state: Values, domain: Domain) -> tuple[str, ...] | None:
        if state.within is not None:
            domain = state.domain
        typed = domain in kinds(part)
        within = state.within if state.within is not None else _whole(domain, typed=typed)
        if state.every != Side() or state.some:
            return self._both(part, state, domain, within)
        found = []
        sets = [within]
        if part in self.many:
            sets = [ranges.both(within, each) for each in state.also] or sets
        else:
            for each in state.also:
                sets = [ranges.both(sets[0], each)]
        for each in sets:
            if not each:
                return None
            found.append(_written(domain, each))
        return tuple(dict.fromkeys(found))

    def _both(self, part: str, state: Values, domain: Domain, within: Ranges) -> tuple[str, ...] | None:
        """A key that is compared both as text and as a number: decided where the texts are few."""
        typed = domain in kinds(part)
        side = state.every
        for each in state.some:
            side = side.with_(each)
        if state.within is None and not typed and (part not in self.many or len(state.some) < 2):
            word = self.words.find(side.inside, side.outside)
            return None if word is None else (word,)
        words = next((each.patterns for each in side.inside if each.plain), None)
        if words is None or part in self.many:
            raise UnsupportedError(f"`{part}` is compared both as a text and as a {domain}")
        for also in state.also:
            within = ranges.both(within, also)
        for word in words:
            if all(each.accepts(word) for each in side.inside) and not any(each.accepts(word) for each in side.outside):
                value = _read(domain, word)
                if value is None and not typed:
                    value = ranges.OTHER
                if value is not None and ranges.both(value, within):
                    return (word,)
        return None


_TRUTHS = language(("true", "false"))
_NO_NUMBER = "other"


def _whole(domain: Domain, *, typed: bool) -> Ranges:
    return ranges.whole(addresses=domain == "address", typed=typed)


def _read(domain: Domain, word: str) -> Ranges | None:
    if domain == "address":
        return ranges.lone_address(word)
    value = ranges.number(word) if domain == "number" else ranges.moment(word)
    return None if value is None else ranges.equal(value)


def _written(domain: Domain, values: Ranges) -> str:
    if ranges.both(values[:1], ranges.OTHER):
        return _NO_NUMBER
    value = ranges.pick(values)
    if domain == "address":
        return ranges.address(value)
    return ranges.day(value) if domain == "date" else ranges.shown(value)


class Cube:
    """What is asked of each part, and statements that were chosen to match. Adding to it makes another one."""

    __slots__ = ("held", "parts")

    def __init__(self, parts: dict[str, State] | None = None, held: frozenset[Match] = frozenset()) -> None:
        self.parts = parts or {}
        self.held = held

    def state(self, part: str) -> State:
        """What is asked of a part so far."""
        found = self.parts.get(part)
        return found if found is not None else Side() if part in PARTS else FREE

    def with_(self, space: Space, constraint: Constraint) -> Cube | None:
        """This and one more constraint; the same cube where it was in it already, None where nothing is left."""
        part = constraint.part
        before = self.state(part)
        after = _narrowed(before, constraint)
        if after is None:
            return None
        if after == before:
            return self
        if not space.fits(part, after):
            return None
        return Cube({**self.parts, part: after}, self.held)

    def holding(self, match: Match) -> Cube:
        """This, in which a statement matches; what it asks is another matter."""
        return Cube(self.parts, self.held | {match})

    def surely(self, match: Match) -> bool:
        """Whether a statement matches whatever is in the cube, as far as that can be seen without looking for a request."""
        if match in self.held:
            return True
        for literal in match.literals:
            state = self.state(literal.part)
            for constraint in literal.yes:
                if _is_in(state, constraint):
                    break
            else:
                return False
        return True


def _is_in(state: State, constraint: Constraint) -> bool:
    """Whether what is asked of a part says a constraint already."""
    if isinstance(state, Side):
        return isinstance(constraint, Text) and _said(state, constraint)
    if isinstance(constraint, Presence):
        return state.present is constraint.present
    if state.present is not True:
        return False
    if isinstance(constraint, Within):
        return constraint.values in state.also if constraint.some else state.within == constraint.values
    sides = state.some if constraint.some else (state.every,)
    return any(_said(side, constraint) for side in sides)


def _said(side: Side, constraint: Text) -> bool:
    language = constraint.language
    if constraint.inside:
        return language is ALL or language in side.inside or any(each.is_in(language) for each in side.inside)
    return language in side.outside or any(language.is_in(each) for each in side.outside)


def _narrowed(state: State, constraint: Constraint) -> State | None:
    if isinstance(state, Side):
        if not isinstance(constraint, Text):
            raise TypeError(f"{constraint.part} has a text, and is always there")
        return state.and_(constraint.language, inside=constraint.inside)
    wanted = constraint.present if isinstance(constraint, Presence) else True
    if state.present is not None and state.present is not wanted:
        return None
    state = state._replace(present=wanted)
    if isinstance(constraint, Text):
        if constraint.some:
            side = Side().and_(constraint.language, inside=constraint.inside)
            return state if side in state.some else state._replace(some=(*state.some, side))
        return state._replace(every=state.every.and_(constraint.language, inside=constraint.inside))
    if isinstance(constraint, Within):
        if state.within is not None and state.domain != constraint.domain:
            raise UnsupportedError(
                f"`{constraint.part}` is compared both as a {state.domain} and as a {constraint.domain}"
            )
        before = state.within if state.within is not None else _whole(constraint.domain, typed=False)
        state = state._replace(domain=constraint.domain, within=before)
        if constraint.some:
            return state if constraint.values in state.also else state._replace(also=(*state.also, constraint.values))
        within = ranges.both(before, constraint.values)
        return state._replace(within=within) if within else None
    return state
