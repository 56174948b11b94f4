"""Sets of texts: unions of patterns, and a text that is in some and in none of others.

IAM knows four kinds of patterns: words, globs of conditions and actions, and two readings of globs in ARNs. All become
one: a text in which private marks stand for "anything", "one character", and both again "but no colon". So a set of texts
is a tuple of texts, and is regular: whether the intersection of some without others is empty is decided exactly.

A further mark, an atom, stands for one text that nobody knows yet: a reference to a resource, an account, a policy
variable. What is proved of sets with atoms holds whatever they turn out to be; a text that is found may need a particular one.
The argument, for `x` in every positive set and in no negative one under some values of the atoms: spell `x` as the run of one
positive pattern, the base, spells it, with an atom wherever that pattern has one. The other positive patterns take this
spelling in if an atom in it may stand for any text of theirs, and an atom of theirs for any text of it. No negative one does if
it takes in an atom only by the same atom or by "anything", since then it would take in `x`. So if no spelling is found for some
base, there is no such `x`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from heapq import heappop, heappush
from itertools import product
from math import prod
from typing import Final

from stockade.patterns import regex

# Marks are out of planes that Unicode leaves to private use: 15 for wildcards, 16 for atoms.
ANY: Final = "\U000f0000"  # any text
ONE: Final = "\U000f0001"  # one character
FIELD: Final = "\U000f0002"  # any text without a colon
ONE_IN_FIELD: Final = "\U000f0003"  # one character that is not a colon
_EITHER: Final = 0xF1000  # a letter in either case: this and the small letter's number
ATOMS: Final = 14_000  # there are no more
HELD: Final = 4_000  # nor more of what holds a place while a pattern is made
_HELD: Final = 0x10F000
_ATOM: Final = 0x100000  # an even number is an atom that may hold colons, an odd one is one that holds none
_NAME: Final = 0x108000  # from here on atoms are names of resources; two of them are two names
_WILD: Final = frozenset((ANY, ONE, FIELD, ONE_IN_FIELD))
_MARKED: Final = 0xF0000
FILLER: Final = "x"
_REMEMBERED: Final = 16
_APART: Final = 24


class OutOfBudgetError(Exception):
    """A question took more steps than it was given."""


class Budget:
    """How many steps are left: the same question takes the same number on every machine."""

    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Take steps off; raises OutOfBudgetError where there are none."""
        self.left -= steps
        if self.left < 0:
            raise OutOfBudgetError


def atom(number: int, *, colons: bool, name: bool = False) -> str:
    """The mark of an atom; `colons` says whether the text that it stands for may hold colons.

    A `name` is that of one resource among those of its kind, region and account, without slashes too.
    """
    return chr((_NAME if name else _ATOM) + 2 * number + (0 if colons else 1))


def holder(number: int) -> str:
    """What holds a place in a text while it is made into a pattern."""
    return chr(_HELD + number)


def either_case(pattern: str) -> str:
    """The pattern with its letters in any case."""
    return "".join(
        chr(_EITHER + ord(small))
        if ord(char) < _MARKED and len(small) == 1 and ord(small) < 0xE000 and small != big
        else char
        for char, small, big in ((char, char.lower(), char.upper()) for char in pattern)
    )


def has_atom(pattern: str) -> bool:
    """Whether a part of a pattern is not known."""
    return bool(pattern) and max(pattern) >= chr(_ATOM)


def has_marks(text: str) -> bool:
    """Whether a text holds characters that patterns use for themselves."""
    return bool(text) and ord(max(text)) >= _MARKED


def _in_field(char: str) -> bool:
    """Whether what an atom stands for has no colon."""
    return ord(char) & 1 == 1


@lru_cache(maxsize=65536)
def glob(text: str) -> str:
    """The pattern of a text in which `*` is anything and `?` one character, as in actions and `StringLike`."""
    return _canonical(text.replace("*", ANY).replace("?", ONE))


def _canonical(pattern: str) -> str:
    """One spelling for equal runs of wildcards: `**` is `*`, and `*?` is `?*`."""
    if ANY + ANY in pattern or ANY + ONE in pattern:
        parts: list[str] = []
        run = ""
        for char in (*pattern, ""):
            if char in {ANY, ONE} and char:
                run += char
                continue
            if run:
                parts.append(ONE * run.count(ONE) + (ANY if ANY in run else ""))
                run = ""
            parts.append(char)
        return "".join(parts)
    return pattern


@lru_cache(maxsize=65536)
def resource(text: str) -> str:
    """The pattern of a `Resource` element, field by field.

    AWS documents that wildcards stay inside of a field of the ARN, but for a `*` that ends one, which may reach beyond the
    colons behind it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    By the other reading colons are no matter, and it is a plain `glob()`.
    """
    if not text.startswith("arn:"):
        return glob(text)
    out = []
    for at, char in enumerate(text):
        if char == "*":
            out.append(ANY if at + 1 == len(text) or text[at + 1] == ":" else FIELD)
        else:
            out.append(ONE_IN_FIELD if char == "?" else char)
    return _resource_fields("".join(out))


def _resource_fields(pattern: str) -> str:
    """The sixth field is the rest: colons in it are no separators."""
    fields = pattern.split(":", 5)
    if len(fields) == 6:
        fields[5] = _canonical(fields[5].replace(FIELD, ANY).replace(ONE_IN_FIELD, ONE))
    return ":".join(fields)


@lru_cache(maxsize=65536)
def arn(text: str) -> str:
    """The pattern of an ARN condition: the six fields are compared one by one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
    """
    fields = text.split(":", 5)
    if len(fields) < 6:
        return glob(text)
    first = [field.replace("*", FIELD).replace("?", ONE_IN_FIELD) for field in fields[:5]]
    return ":".join((*first, glob(fields[5])))


@lru_cache(maxsize=65536)
def head(pattern: str) -> str:
    """What every text of a pattern begins with."""
    for at, char in enumerate(pattern):
        if ord(char) >= _MARKED:
            return pattern[:at]
    return pattern


@lru_cache(maxsize=65536)
def _tail(pattern: str) -> str:
    """What every text of a pattern ends with."""
    for at in range(len(pattern) - 1, -1, -1):
        if ord(pattern[at]) >= _MARKED:
            return pattern[at + 1 :]
    return pattern


# ------------------------------------------------------------------------------------------------------------- automata


class Machine:
    """The automaton of a union of patterns, all its states in one number.

    A state is how many characters of a pattern have been read; wildcards of any length are loops at a state.
    """

    __slots__ = (
        "accept",
        "any_",
        "atoms",
        "chars",
        "either",
        "field",
        "first",
        "lax",
        "letters",
        "one",
        "one_in_field",
        "spans",
    )

    def __init__(self, patterns: Iterable[str], *, lax: bool = False) -> None:
        self.chars: dict[str, int] = {}
        self.atoms: dict[str, int] = {}
        self.either: dict[str, int] = {}
        self.letters: dict[int, str] = {}  # by the state that reads them
        self.one = self.one_in_field = self.any_ = self.field = self.first = self.accept = 0
        self.spans: list[tuple[int, int]] = []
        self.lax = lax
        bit = 1
        for pattern in patterns:
            self.first |= bit
            low = bit
            for char in pattern:
                if char == ANY or (lax and ord(char) >= _ATOM and not _in_field(char)):
                    self.any_ |= bit
                elif char == FIELD or (lax and ord(char) >= _ATOM):
                    self.field |= bit
                else:
                    if char == ONE:
                        self.one |= bit
                    elif char == ONE_IN_FIELD:
                        self.one_in_field |= bit
                    elif ord(char) >= _ATOM:
                        self.atoms[char] = self.atoms.get(char, 0) | bit
                    elif ord(char) >= _EITHER:
                        small = chr(ord(char) - _EITHER)
                        self.either[char] = self.either.get(char, 0) | bit
                        for letter in (small, small.upper()):
                            self.chars[letter] = self.chars.get(letter, 0) | bit
                        self.letters[bit] = small + small.upper()
                    else:
                        self.letters[bit] = char
                        self.chars[char] = self.chars.get(char, 0) | bit
                    bit <<= 1
            self.accept |= bit
            bit <<= 1
            self.spans.append((low, bit))

    def step(self, states: int, char: str) -> int:
        """The states after one character: a plain one, an atom, or a wildcard that stands for all its texts at once."""
        if ord(char) < _MARKED:
            moved = self.chars.get(char, 0) | self.one
            if char == ":":
                return ((states & moved) << 1) | (states & self.any_)
            return ((states & (moved | self.one_in_field)) << 1) | (states & (self.any_ | self.field))
        if ord(char) >= _ATOM:
            if self.lax:
                return self._past(states, char)
            loops = self.any_ | self.field if _in_field(char) else self.any_
            return ((states & self.atoms.get(char, 0)) << 1) | (states & loops)
        if ord(char) >= _EITHER:
            moved = self.either.get(char, 0) | self.one | self.one_in_field
            return ((states & moved) << 1) | (states & (self.any_ | self.field))
        if char == ANY:
            return states & self.any_
        if char == FIELD:
            return states & (self.any_ | self.field)
        if char == ONE:
            return ((states & self.one) << 1) | (states & self.any_)
        return ((states & (self.one | self.one_in_field)) << 1) | (states & (self.any_ | self.field))

    def _past(self, states: int, char: str) -> int:
        """The states that whatever an atom stands for may have led to: later ones, but not beyond what is not in it."""
        stops = 0
        if _in_field(char):
            stops = self.chars.get(":", 0)
            if ord(char) >= _NAME:
                stops |= self.chars.get("/", 0)
        reached = 0
        for low, high in self.spans:
            mine = states & (high - low)
            while mine:
                bit = mine & -mine
                stop = stops & -bit & (high - low)
                found = (((stop & -stop) << 1) if stop else high) - bit
                reached |= found
                mine &= ~found
        return reached

    def read(self, states: int) -> Iterator[str]:
        """The characters that some state waits for."""
        while states:
            bit = states & -states
            states ^= bit
            yield from self.letters.get(bit, "")

    def accepts(self, word: str) -> bool:
        """Whether a word is in the union; of a pattern instead of a word, whether all its texts certainly are."""
        states = self.first
        for char in word:
            states = self.step(states, char)
            if not states:
                return False
        return bool(states & self.accept)


@lru_cache(maxsize=16384)
def _machine(patterns: tuple[str, ...], *, lax: bool = False) -> Machine:
    return Machine(patterns, lax=lax)


@lru_cache(maxsize=65536)
def _is_simple(pattern: str) -> bool:
    """Whether nothing but `*` stands for more than itself."""
    return not any(_MARKED <= ord(char) < _ATOM and char != ANY for char in pattern)


@lru_cache(maxsize=65536)
def _takes_in(pattern: str, word: str) -> bool:
    """Whether a pattern takes in a word, or certainly all texts of another pattern."""
    if not _is_simple(pattern):
        return _machine((pattern,)).accepts(word)
    first, *pieces = pattern.split(ANY)
    if not pieces:
        return pattern == word
    *middle, last = pieces
    if not word.startswith(first) or not word.endswith(last) or len(word) < len(first) + len(last):
        return False
    at, end = len(first), len(word) - len(last)
    for piece in middle:
        found = word.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


@lru_cache(maxsize=65536)
def _apart(one: str, other: str) -> bool:
    """Whether two patterns have no text in common, as far as their beginnings and ends say."""
    a, b = head(one), head(other)
    if not (a.startswith(b) or b.startswith(a)):
        return True
    if (len(a) == len(one) and len(b) < len(other)) or (len(b) == len(other) and len(a) < len(one)):
        word, pattern = (one, other) if len(a) == len(one) else (other, one)
        return not has_atom(pattern) and not _takes_in(pattern, word)
    a, b = _tail(one), _tail(other)
    return not (a.endswith(b) or b.endswith(a)) or (has_atom(one) and has_atom(other) and _names_apart(one, other))


def _names_apart(one: str, other: str) -> bool:
    """Whether two ARNs name two resources: all is alike up to names that differ, or up to parts that are written out."""
    for left, right in zip(SEPARATORS.split(one), SEPARATORS.split(other), strict=False):
        if left != right:
            if not has_marks(left) and not has_marks(right):
                return True
            break
        if not _WILD.isdisjoint(left):
            break
    fields, others = one.split(":", 5), other.split(":", 5)
    if (
        len(fields) < 6
        or len(others) < 6
        or any(char in _WILD for field in (*fields[:5], *others[:5]) for char in field)
    ):
        return False
    for left, right in zip(SEPARATORS.split(fields[5]), SEPARATORS.split(others[5]), strict=False):
        if left != right:
            return all(len(each) == 1 and ord(each) >= _NAME for each in (left, right))
    return False


SEPARATORS = regex("[:/]")


# ------------------------------------------------------------------------------------------------------------ languages


class Language:
    """A union of patterns. Two of the same patterns are the same object (`language()`)."""

    __slots__ = ("_heads", "_indexed", "_sorted", "atoms", "patterns", "plain", "whole")

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self.patterns = patterns
        self.whole = frozenset(patterns)
        most = max("".join(patterns), default="")
        self.atoms = has_atom(most)
        self.plain = not has_marks(most)
        self._indexed = False
        self._heads: dict[str, list[str]] = {}
        self._sorted: list[str] = []

    def __repr__(self) -> str:
        return f"Language({', '.join(map(show, self.patterns[:4]))}{', …' if len(self.patterns) > 4 else ''})"

    def _index(self) -> None:
        if not self._indexed:
            for pattern in self.patterns:
                self._heads.setdefault(head(pattern), []).append(pattern)
            self._sorted = sorted(self._heads)
            self._indexed = True

    def _above(self, text: str) -> Iterator[str]:
        """The patterns whose beginning is a beginning of a text."""
        self._index()
        if len(self._heads) <= 8:
            for begin, patterns in self._heads.items():
                if text.startswith(begin):
                    yield from patterns
            return
        for length in range(len(text) + 1):
            found = self._heads.get(text[:length])
            if found is not None:
                yield from found

    def accepts(self, word: str) -> bool:
        """Whether a word is in it; of a pattern, whether one pattern of it certainly takes in all its texts."""
        if word in self.whole or ANY in self.whole:
            return True
        return not self.plain and any(_takes_in(each, word) for each in self._above(head(word)) if each != word)

    def is_in(self, other: Language) -> bool:
        """Whether each pattern certainly is in one of another language's."""
        return self is other or _is_in(self, other)

    def near(self, pattern: str) -> tuple[str, ...]:
        """The patterns that may have a text in common with another one."""
        begin = head(pattern)
        found = [each for each in self._above(begin) if not _apart(each, pattern)]
        if begin != pattern:
            for at in range(bisect_left(self._sorted, begin), len(self._sorted)):
                each = self._sorted[at]
                if not each.startswith(begin):
                    break
                if each != begin:
                    found += [one for one in self._heads[each] if not _apart(one, pattern)]
        return tuple(found)


@lru_cache(maxsize=65536)
def _is_in(one: Language, other: Language) -> bool:
    return all(map(other.accepts, one.patterns))


@lru_cache(maxsize=16384)
def _language(patterns: tuple[str, ...]) -> Language:
    return Language(patterns)


def language(patterns: Iterable[str]) -> Language:
    """The union of patterns."""
    return _language(tuple(sorted(set(patterns))))


ALL: Final = language((ANY,))


def show(pattern: str) -> str:
    """A pattern as people write it; atoms are `${…}`."""
    out = []
    for char in pattern:
        if ord(char) >= _ATOM:
            out.append("${…}")
        else:
            plain = chr(ord(char) - _EITHER) if ord(char) >= _EITHER else char
            out.append("*" if char in {ANY, FIELD} else "?" if char in {ONE, ONE_IN_FIELD} else plain)
    return "".join(out)


# -------------------------------------------------------------------------------------------------------------- solving


class Words:
    """Answers whether texts are in some languages and in none of others, and remembers its answers."""

    __slots__ = ("_found", "_known", "budget")

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._known: dict[tuple[frozenset[Language], frozenset[Language]], str | None] = {}
        self._found: dict[frozenset[Language], list[str]] = {}

    def find(self, inside: Iterable[Language], outside: Iterable[Language] = ()) -> str | None:
        """A text that is in all of `inside` and in none of `outside`; None if there certainly is none.

        With atoms in the languages the text is a spelling (see the head of this module), and stands for no certain text.
        """
        pos = frozenset(inside) - {ALL} or frozenset((ALL,))
        key = (pos, frozenset(outside))
        if key in self._known:
            return self._known[key]
        found = self._known[key] = self._found_before(*key) or self._find(*key)
        if found is not None and not has_atom(found):
            words = self._found.setdefault(pos, [])
            if found not in words:
                words.insert(0, found)
                del words[_REMEMBERED:]
        return found

    def _found_before(self, inside: frozenset[Language], outside: frozenset[Language]) -> str | None:
        """A text that was found when less was to be kept out; the usual question is the last one with one more of that."""
        words = self._found.get(inside)
        if not words or any(each.atoms for each in (*inside, *outside)):
            return None
        self.budget.spend(len(words))
        return next((word for word in words if not any(each.accepts(word) for each in outside)), None)

    def _find(self, inside: frozenset[Language], outside: frozenset[Language]) -> str | None:
        ordered = sorted(inside, key=lambda each: (not each.plain, len(each.patterns), each.patterns))
        bases = [each for each in ordered if each.atoms] or ordered[:1]
        if len(bases) > 1 or bases[0] is not ordered[0]:
            bases = [*bases, *ordered[:1]]
        found = None
        for base in bases:
            rest = [each for each in ordered if each is not base]
            words = (self._one(each, rest, outside) for each in base.patterns)
            found = next((word for word in words if word is not None), None)
            if found is None:
                return None
        return found

    def _one(self, pattern: str, rest: list[Language], outside: frozenset[Language]) -> str | None:
        """A text of one pattern."""
        self.budget.spend(1 + len(outside))
        if any(each.accepts(pattern) for each in outside):
            return None
        also: list[tuple[str, ...]] = []
        for each in rest:
            if not each.atoms and each.accepts(pattern):
                continue
            near = each.near(pattern)
            if not near:
                return None
            also.append(near)
        self.budget.spend(len(also) + len(outside))
        if any(all(any(each.accepts(one) for each in outside) for one in near) for near in also):
            return None
        if not has_marks(pattern):
            return pattern if all(self._reads(near, pattern) for near in also) else None
        against = tuple(dict.fromkeys(near for each in outside for near in each.near(pattern)))
        if not also and not against:
            return _filled(pattern, FILLER)
        if not has_atom(pattern):
            for word in self._candidates(pattern, also):
                if all(self._reads(near, word) for near in ((pattern,), *also)) and not any(
                    _takes_in(each, word) for each in against
                ):
                    return word
        if prod(map(len, also)) > _APART:
            return self._search(pattern, also, against)
        # One pattern of each at a time makes many small walks out of one that is as large as their product.
        for chosen in product(*also):
            found = self._search(pattern, [(each,) for each in chosen], against)
            if found is not None:
                return found
        return None

    @staticmethod
    def _reads(patterns: tuple[str, ...], word: str) -> bool:
        if has_atom(word) or any(map(has_atom, patterns)):
            return _machine(patterns, lax=True).accepts(word)
        return any(_takes_in(each, word) for each in patterns)

    @staticmethod
    def _candidates(pattern: str, also: list[tuple[str, ...]]) -> Iterator[str]:
        for each in (pattern, *(near for patterns in also for near in patterns[:4])):
            if not has_atom(each):
                yield _filled(each, FILLER)
                yield _filled(each, "")

    def _search(self, pattern: str, also: list[tuple[str, ...]], against: tuple[str, ...]) -> str | None:
        """A text, by walking all automata at once: first to where the least is left to be read."""
        base = _machine((pattern,))
        others = [_machine(patterns, lax=True) for patterns in also]
        never = _machine(against)
        machines = (base, *others, never)
        used = {char for each in machines for char in each.chars}
        fresh = next(c for c in _fresh() if c not in used)
        colons = any(each.field | each.one_in_field for each in machines)
        wild = base.any_ | base.field | base.one | base.one_in_field
        start = tuple(each.first for each in machines)
        came: dict[tuple[int, ...], tuple[tuple[int, ...], str] | None] = {start: None}
        queue = [(0, 0, start)]
        ends = [each.accept.bit_length() for each in machines[:-1]]
        while queue:
            _, _, states = heappop(queue)
            if (
                states[0] & base.accept
                and not states[-1] & never.accept
                and all(mine & each.accept for mine, each in zip(states[1:-1], others, strict=True))
            ):
                return _spelled(came, states)
            mine = states[0]
            if mine & wild:
                letters = {c for each, state in zip(machines, states, strict=True) for c in each.read(state)}
                letters |= {fresh, ":"} if colons else {fresh}
            else:
                letters = set(base.read(mine))  # nothing else leads on
            steps = [(char, base.step(mine, char)) for char in sorted(letters, key=_order)]
            # An atom of the base is read by the base's own, and not by its wildcards, which spell plain characters.
            steps += [(char, moved) for char, bit in base.atoms.items() if (moved := (mine & bit) << 1)]
            self.budget.spend(4 + 2 * len(steps))
            for char, moved in steps:
                if not moved:
                    continue
                rest = [each.step(state, char) for each, state in zip(others, states[1:-1], strict=True)]
                if not all(rest):
                    continue
                after = (moved, *rest, never.step(states[-1], char))
                if after not in came:
                    came[after] = (states, char)
                    left = sum(end - state.bit_length() for end, state in zip(ends, after, strict=False))
                    heappush(queue, (left, len(came), after))
        return None


def _order(char: str) -> tuple[bool, str]:
    """Letters before signs, so that what is found looks like a name."""
    return not char.isalnum(), char


def _fresh() -> Iterator[str]:
    yield from "xyzabcdefghijklmnopqrstuvw0123456789XYZABCDEFGHIJKLMNOPQRSTUVW-_.~"
    yield from map(chr, range(0x3B1, 0xD000))


def _filled(pattern: str, filler: str) -> str:
    """A text of a pattern, with one text for each wildcard."""
    out = []
    for char in pattern:
        if char in _WILD:
            out.append(FILLER if char in {ONE, ONE_IN_FIELD} else filler)
        elif _EITHER <= ord(char) < _ATOM:
            out.append(chr(ord(char) - _EITHER))
        else:
            out.append(char)
    return "".join(out)


def _spelled(came: dict[tuple[int, ...], tuple[tuple[int, ...], str] | None], states: tuple[int, ...]) -> str:
    out = []
    step = came[states]
    while step is not None:
        states, char = step
        out.append(char)
        step = came[states]
    return "".join(reversed(out))
