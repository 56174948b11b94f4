"""Values that know where they came from and may be unknown, and the three-valued answers to questions about them.

A `Value` is never read directly: a rule asks it a question (`is_`, `one_of`, `at_least`, `where`, …) and gets a `Tri`.
`==` and `bool()` raise on both, so that "I don't know" can't slip through as "no".

A value that depends on a condition is a `OneOf`; the answer to a question about it keeps the cases apart, each with the
premises under which it holds, so that a finding can say *when* it is true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Generic, Literal, NoReturn, TypeAlias, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from stockade.text.document import Span

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

# More cases than this are no longer kept apart: the answer becomes "maybe", which is always sound.
MAX_CASES = 48
MAX_LEFT = 400


# --------------------------------------------------------------------------------------------------- where it came from


# How a step through the default of an input (a template's parameter, a module's variable) is worded; its name follows.
DEFAULTS_OF_INPUTS = ("default of parameter ", "default of variable ")


class Via(Struct, frozen=True, eq=False, gc=False):
    """One step on the way from what was written to what holds: a parameter, SAM Globals, a module call, a construct."""

    what: str
    span: Span | None = None
    hidden: bool = False  # the source asks that what came this way is not shown: it is a secret

    @property
    def is_call(self) -> bool:
        """Whether it is the call of a module, which says who uses what is written rather than where it was written."""
        return self.what.startswith("call of ")

    @property
    def input_name(self) -> str:
        """The name of the input whose default this is; empty if it is none."""
        start = next((s for s in DEFAULTS_OF_INPUTS if self.what.startswith(s)), None)
        return self.what.removeprefix(start) if start is not None else ""


class File(Struct, frozen=True, eq=False):
    """A place in a file: `span` is the value, `key_span` its key (or the resource's name)."""

    span: Span
    key_span: Span | None = None
    via: tuple[Via, ...] = ()

    @property
    def path(self) -> str:
        """The file, relative to the scanned root."""
        return self.span.doc.path


class Api(Struct, frozen=True, eq=False):
    """A reply of the AWS API."""

    service: str
    operation: str
    region: str
    account: str
    json_path: str
    at: str
    via: tuple[Via, ...] = ()


class Archive(Struct, frozen=True, eq=False):
    """A member of a deployment package or layer."""

    digest: str
    member: str
    span: Span | None = None
    via: tuple[Via, ...] = ()


class ServiceDefault(Struct, frozen=True, eq=False):
    """Nothing was written; `source` names the AWS page that states what holds then."""

    source: str
    via: tuple[Via, ...] = ()


Origin: TypeAlias = File | Api | Archive | ServiceDefault


# ---------------------------------------------------------------------------------------------------------------- doubt


class Doubt(Struct, frozen=True, gc=False):
    """Why something can't be told, and what the user could give so that it can."""

    why: str
    remedy: str = ""
    cause: str = "unresolved"  # a short, stable word for ranking causes in `scan --stats`


# ------------------------------------------------------------------------------------------------------------- premises


class Premise(Struct, frozen=True, gc=False):
    """One assumption: that `key` (a condition, a parameter) is `value`, or, where `holds` is false, that it is not.

    `text` says the assumption as a person would, `text_not` its opposite. `unread` says what was not read that decides it:
    then nobody can tell whether it can hold at all beside others.
    """

    key: str
    text: str
    text_not: str
    value: str = "true"
    holds: bool = True
    unread: Doubt | None = None

    def negated(self) -> Premise:
        """The opposite assumption."""
        return Premise(self.key, self.text_not, self.text, self.value, not self.holds, self.unread)

    def contradicts(self, other: Premise) -> bool:
        """Whether both can't be true at once."""
        if self.key != other.key:
            return False
        if self.value == other.value:
            return self.holds != other.holds
        return self.holds and other.holds

    def same(self, other: Premise) -> bool:
        """Whether it is the same assumption, however it is worded."""
        return self.key == other.key and self.value == other.value and self.holds == other.holds


When: TypeAlias = tuple[Premise, ...]


def conjoin(left: When, right: When) -> When | None:
    """Both sets of premises together, or None if they contradict each other."""
    if not left:
        return right
    if not right:
        return left
    extra = []
    for premise in right:
        if any(premise.contradicts(have) for have in left):
            return None
        if not any(premise.same(have) for have in left):
            extra.append(premise)
    return (*left, *extra) if extra else left


def at_once(*premises: When) -> bool:
    """Whether all of these premises can hold together."""
    together: When | None = ()
    for when in premises:
        together = conjoin(together, when) if together is not None else None
    return together is not None


def otherwise(when: When) -> list[When]:
    """What is left when these premises do not all hold, as disjoint sets of premises (none if there are no premises)."""
    return [(*when[:i], premise.negated()) for i, premise in enumerate(when)]


def remaining(cases: Iterable[When], without: Iterable[When]) -> list[When]:
    """What is left of some cases where none of others holds, as sets of premises.

    Of very many the first: whoever asks wants to know whether there is any.
    """
    left = list(cases)
    for when in without:
        left = [both for case in left for other in otherwise(when) if (both := conjoin(case, other)) is not None]
        left = left[:MAX_LEFT]
    return left


# ------------------------------------------------------------------------------------------------------------------ Tri

Truth: TypeAlias = Literal["yes", "no", "maybe", "mixed"]


class Tri(Struct, frozen=True, eq=False):
    """YES, NO or MAYBE; or a mixture, one answer for each set of premises.

    `because` holds the origins that decided the answer. Combine with `&`, `|` and `~`.
    """

    truth: Truth
    because: tuple[Origin, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    cases: tuple[tuple[When, Tri], ...] = ()

    def __bool__(self) -> NoReturn:
        raise TypeError("a Tri has three values: use found(), is_yes, is_no or the operators & | ~")

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("a Tri is not compared: use is_yes, is_no or the operators & | ~")

    __hash__ = None  # type: ignore[assignment]

    @property
    def is_yes(self) -> bool:
        """Whether it is YES under all premises."""
        return self.truth == "yes"

    @property
    def is_no(self) -> bool:
        """Whether it is NO under all premises."""
        return self.truth == "no"

    def split(self) -> Iterator[tuple[When, Tri]]:
        """Every case with its premises; one case without premises where nothing depends on any."""
        if self.truth == "mixed":
            yield from self.cases
        else:
            yield (), self

    def __and__(self, other: Tri) -> Tri:
        if self.truth == "mixed" or other.truth == "mixed":
            return _cross(self, other, Tri.__and__)
        if self.truth == "no":
            return self
        if other.truth == "no":
            return other
        if self.truth == "maybe" or other.truth == "maybe":
            return Tri("maybe", _union(self.because, other.because), _told(self.doubts, other.doubts))
        return Tri("yes", _union(self.because, other.because)) if other.because else self

    def __or__(self, other: Tri) -> Tri:
        if self.truth == "mixed" or other.truth == "mixed":
            return _cross(self, other, Tri.__or__)
        if self.truth == "yes":
            return self
        if other.truth == "yes":
            return other
        if self.truth == "maybe" or other.truth == "maybe":
            return Tri("maybe", _union(self.because, other.because), _told(self.doubts, other.doubts))
        if not self.because and not other.doubts:
            return other  # as in a chain that began with NO
        return Tri("no", _union(self.because, other.because)) if other.because else self

    def __invert__(self) -> Tri:
        if self.truth == "mixed":
            return Tri("mixed", cases=tuple((when, ~tri) for when, tri in self.cases))
        return Tri(_FLIPPED[self.truth], self.because, self.doubts)

    def under(self, when: When) -> Tri:
        """What remains of the answer when these premises hold (cases that contradict them fall away)."""
        if self.truth != "mixed" or not when:
            return self
        return mix([(left, tri) for left, tri in self.cases if conjoin(left, when) is not None])


_FLIPPED: dict[Truth, Truth] = {"yes": "no", "no": "yes", "maybe": "maybe"}


def _union(left: tuple[Origin, ...], right: tuple[Origin, ...]) -> tuple[Origin, ...]:
    if not left:
        return right
    if not right or left is right:
        return left
    if len(left) == 1 and len(right) == 1:  # what most are
        return left if left[0] is right[0] else left + right
    return left + tuple(o for o in right if not any(o is have for have in left))


def _told(left: tuple[Doubt, ...], right: tuple[Doubt, ...]) -> tuple[Doubt, ...]:
    """The doubts of both, each once: with many premises they would double with every answer."""
    if not left or left is right:
        return right
    if not right:
        return left
    return tuple(dict.fromkeys(left + right))


def _cross(left: Tri, right: Tri, combine: Callable[[Tri, Tri], Tri]) -> Tri:
    cases: list[tuple[When, Tri]] = []
    for when_left, tri_left in left.split():
        for when_right, tri_right in right.split():
            when = conjoin(when_left, when_right)
            if when is not None:
                cases.append((when, combine(tri_left, tri_right)))
    return mix(cases)


def mix(cases: list[tuple[When, Tri]]) -> Tri:
    """One answer out of answers that hold under different premises."""
    if len(cases) == 1 and not cases[0][0] and cases[0][1].truth != "mixed":
        return cases[0][1]
    flat: list[tuple[When, Tri]] = []
    for when, tri in cases:
        for inner, leaf in tri.split():
            both = conjoin(when, inner)
            if both is not None:
                flat.append((both, leaf))
    if not flat:
        return Tri("no")
    truths = {tri.truth for _, tri in flat}
    if len(truths) == 1:
        because: tuple[Origin, ...] = ()
        doubts: tuple[Doubt, ...] = ()
        for _, tri in flat[:MAX_CASES]:
            because = _union(because, tri.because)
            doubts = _told(doubts, tri.doubts)
        return Tri(truths.pop(), because, doubts)
    if len(flat) > MAX_CASES:
        return Tri("maybe", doubts=(Doubt("it depends on too many conditions at once", cause="conditions"),))
    return Tri("mixed", cases=tuple(flat))


YES = Tri("yes")
NO = Tri("no")


def yes(*because: Origin) -> Tri:
    """YES, decided by these origins."""
    return Tri("yes", because)


def no(*because: Origin) -> Tri:
    """NO, decided by these origins."""
    return Tri("no", because)


def maybe(why: str, *because: Origin, remedy: str = "", cause: str = "unresolved") -> Tri:
    """MAYBE, for this reason."""
    return Tri("maybe", because, (Doubt(why, remedy, cause),))


def tri(truth: bool | None, *because: Origin, doubt: Doubt | None = None) -> Tri:  # noqa: FBT001 - it is the value itself
    """A Tri of a Python truth value; None is MAYBE and wants a doubt."""
    if truth is None:
        return Tri("maybe", because, (doubt or Doubt("not decided"),))
    return Tri("yes" if truth else "no", because)


def given(when: When, answer: Tri) -> Tri:
    """The answer where these premises hold, and NO where they do not."""
    return mix([(when, answer), *((other, NO) for other in otherwise(when))]) if when else answer


def any_of(answers: Iterable[Tri]) -> Tri:
    """YES if one of them is; NO for none at all."""
    result = NO
    for answer in answers:
        result = result | answer
        if result.truth == "yes":
            break
    return result


def all_of(answers: Iterable[Tri]) -> Tri:
    """YES if all of them are, and for none at all."""
    result = YES
    for answer in answers:
        result = result & answer
        if result.truth == "no":
            break
    return result


# -------------------------------------------------------------------------------------------------------- parts of text


class Reference(Struct, frozen=True, gc=False):
    """A reference to `attribute` of another resource of the application, by that resource's key.

    `attribute` is in AWS terms: "Ref" (the identifier that the resource is referred to by), "Arn", "Name", …
    `shown` is how the source writes it.
    """

    target: str
    attribute: str
    shown: str


class Hole(Struct, frozen=True, gc=False):
    """An unknown part of a text. Two holes of one name are the same unknown.

    `plain` says that it is a non-empty text with neither a wildcard nor a colon, such as a region or an account id.
    """

    name: str
    doubt: Doubt
    plain: bool = False


Part: TypeAlias = str | Reference | Hole


# How every input calls a region that is not known, and one that stands for any.
_REGION, _ANY_REGION = "AWS::Region", "us-east-1"

# Stands for one part of a text that is known only after deployment, in the patterns of `Value.reads`. It is neither a
# wildcard nor a separator.
PART = "\ue000"


def _part_regex(part: Part) -> str:
    if isinstance(part, str):
        return re.escape(part)
    if isinstance(part, Hole):
        return "[^*?:]+" if part.plain else ".*"
    return "[^*?]+"


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


@lru_cache(maxsize=4096)
def _text_regex(parts: tuple[Part, ...]) -> re.Pattern[str]:
    return re.compile("".join(_part_regex(p) for p in parts), re.DOTALL)


# --------------------------------------------------------------------------------------------------------------- values


class Value(Struct, Generic[T_co], frozen=True, eq=False, kw_only=True):
    """A value of the model. See the module's docstring; the subclasses are all there are."""

    origin: Origin

    def __bool__(self) -> NoReturn:
        raise TypeError("a Value may be unknown: ask it with is_(), is_set(), where(), …")

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("a Value may be unknown: ask it with is_(), or compare models with same_as()")

    __hash__ = None  # type: ignore[assignment]

    # -- questions ----------------------------------------------------------------------------------------------------

    def where(self, test: Callable[[Any], bool | Tri]) -> Tri:
        """Whether `test` holds of the value, for every value that it may have. MAYBE where it is not known."""
        raise NotImplementedError

    def is_(self, wanted: object) -> Tri:
        """Whether it equals `wanted` (text is compared as it is; see `matches` for more)."""
        return self.where(lambda v: bool(v == wanted and isinstance(v, bool) == isinstance(wanted, bool)))

    def one_of(self, *wanted: object) -> Tri:
        """Whether it equals one of these."""
        return self.where(lambda v: v in wanted)

    def at_least(self, bound: float) -> Tri:
        """Whether it is a number of at least `bound`."""
        return self.where(lambda v: isinstance(v, int | float) and v >= bound)

    def at_most(self, bound: float) -> Tri:
        """Whether it is a number of at most `bound`."""
        return self.where(lambda v: isinstance(v, int | float) and v <= bound)

    def starts_with(self, *prefixes: str) -> Tri:
        """Whether it is a text that starts with one of these."""
        return self.where(lambda v: isinstance(v, str) and v.startswith(prefixes))

    def ends_with(self, *suffixes: str) -> Tri:
        """Whether it is a text that ends with one of these."""
        return self.where(lambda v: isinstance(v, str) and v.endswith(suffixes))

    def contains(self, needle: str) -> Tri:
        """Whether it is a text that holds `needle`."""
        return self.where(lambda v: isinstance(v, str) and needle in v)

    def matches(self, pattern: str) -> Tri:
        """Whether the whole of it matches the regular expression."""
        compiled = _compiled(pattern)
        return self.where(lambda v: isinstance(v, str) and compiled.fullmatch(v) is not None)

    def reads(self, pattern: str) -> Tri:
        """Whether the whole of it, as far as it is written, matches the regular expression.

        For questions about the shape of a text (wildcards, separators, segments of an ARN): a reference, region or
        account id in it reads as the one character `PART`, so `arn:aws:sns:${AWS::Region}:*:a` is `arn:aws:sns:§:*:a`.
        MAYBE where a part that is not known could be a wildcard, and it matters.
        """
        compiled = _compiled(pattern)
        return self.read_by(lambda text: compiled.fullmatch(text) is not None)

    def read_by(self, test: Callable[[str], bool]) -> Tri:
        """Whether `test` holds of it as far as it is written, with `PART` for what is not known (see `reads`)."""
        return self.where(lambda v: isinstance(v, str) and test(v))

    def where_anywhere(self, test: Callable[[Any], bool | Tri]) -> Tri:
        """Whether `test`, for which regions make no difference, holds of it, whatever region stands in it."""
        return self.where(test)

    def resolves(self, pattern: str) -> Tri:
        """Whether a part of it is looked up at deployment under a name that the regular expression matches.

        The name is that of the unknown part: a dynamic reference (`{{resolve:ssm:/app/latest}}`), a parameter.
        """
        return no(self.origin)

    def runs_on(self) -> Tri:
        """MAYBE where nothing is known of what follows a reference in it, not even whether anything does; else NO."""
        return no(self.origin)

    def compare(self, other: Value[Any], test: Callable[[Any, Any], bool]) -> Tri:
        """Whether `test` holds of this value and another one, for all that they may be."""
        return self.where(lambda mine: other.where(lambda theirs: test(mine, theirs)))

    def is_true(self) -> Tri:
        """Whether it is the boolean true."""
        return self.where(lambda v: v is True)

    def is_set(self) -> Tri:
        """Whether it was written at all (a service default is not)."""
        return yes(self.origin)

    def is_null(self) -> Tri:
        """Whether nothing holds: neither written nor a default."""
        return self.where(lambda v: v is None)

    # -- for messages, links and inputs; not for deciding -------------------------------------------------------------

    def leaves(self) -> Iterator[tuple[When, Value[T_co]]]:
        """Every value that it may be, with the premises under which it is."""
        yield (), self

    def references(self) -> Iterator[tuple[When, Reference]]:
        """The references in it."""
        return iter(())

    def refers(self) -> Iterator[tuple[When, Reference]]:
        """The references that it *is* (a text of one reference and nothing else)."""
        return iter(())

    def only(self) -> T_co | None:
        """The one thing that it is, or None where that is not known. For what a fix writes, never for deciding."""
        return None

    def show(self) -> str:
        """For people: what it is, as near as it is known."""
        raise NotImplementedError


class Known(Value[T], Generic[T], frozen=True, eq=False, kw_only=True):
    """A value that was written."""

    v: T

    def where(self, test: Callable[[Any], bool | Tri]) -> Tri:
        answer = test(self.v)
        if isinstance(answer, Tri):
            return answer
        return Tri("yes" if answer else "no", (self.origin,))

    def only(self) -> T | None:
        return self.v

    def show(self) -> str:
        return _show(self.v)


class Default(Value[T], Generic[T], frozen=True, eq=False, kw_only=True):
    """What the service does when nothing is written. `v` is None where there is no such thing."""

    v: T

    def where(self, test: Callable[[Any], bool | Tri]) -> Tri:
        answer = test(self.v)
        if isinstance(answer, Tri):
            return answer
        return Tri("yes" if answer else "no", (self.origin,))

    def is_set(self) -> Tri:
        return no(self.origin)

    def only(self) -> T | None:
        return self.v

    def show(self) -> str:
        return "not set" if self.v is None else f"{_show(self.v)} by default"


class Text(Value[str], frozen=True, eq=False, kw_only=True):
    """A text of which parts are references or unknown."""

    parts: tuple[Part, ...]

    def _doubt(self) -> Doubt:
        for part in self.parts:
            if isinstance(part, Hole):
                return part.doubt
        shown = self.show()
        return Doubt(f"`{shown}` is known only after deployment", cause="reference")

    def where(self, test: Callable[[Any], bool | Tri]) -> Tri:
        return Tri("maybe", (self.origin,), (self._doubt(),))

    def _could(self, possible: bool, certain: bool = False) -> Tri:  # noqa: FBT001, FBT002 - two facts about one text
        if certain:
            return yes(self.origin)
        if possible:
            return Tri("maybe", (self.origin,), (self._doubt(),))
        return no(self.origin)

    def is_(self, wanted: object) -> Tri:
        return self._could(isinstance(wanted, str) and _text_regex(self.parts).fullmatch(wanted) is not None)

    def one_of(self, *wanted: object) -> Tri:
        regex = _text_regex(self.parts)
        return self._could(any(isinstance(w, str) and regex.fullmatch(w) for w in wanted))

    def at_least(self, bound: float) -> Tri:
        return self.where(lambda _: False)

    def starts_with(self, *prefixes: str) -> Tri:
        first = self.parts[0]
        if not isinstance(first, str):
            return self._could(possible=True)
        certain = first.startswith(prefixes)
        return self._could(any(p.startswith(first) for p in prefixes), certain)

    def ends_with(self, *suffixes: str) -> Tri:
        last = self.parts[-1]
        if not isinstance(last, str):
            # A reference or a region never ends in a wildcard.
            plain = isinstance(last, Reference) or last.plain
            return self._could(not (plain and all(s[-1:] in {"*", "?"} for s in suffixes)))
        certain = last.endswith(suffixes)
        return self._could(any(s.endswith(last) for s in suffixes), certain)

    def contains(self, needle: str) -> Tri:
        certain = any(isinstance(p, str) and needle in p for p in self.parts)
        safe = all(isinstance(p, str | Reference) or p.plain for p in self.parts)
        return self._could(not (safe and needle in {"*", "?"}), certain)

    def matches(self, pattern: str) -> Tri:
        return self.where(lambda _: False)

    def read_by(self, test: Callable[[str], bool]) -> Tri:
        if len(self.parts) == 1 and isinstance(self.parts[0], Hole) and not self.parts[0].plain:
            return self.where(lambda _: False)
        answers = {test(self._read_with(stand)) for stand in (PART, "*")}
        if len(answers) > 1:
            open_ = tuple(p.doubt for p in self.parts if isinstance(p, Hole) and not p.plain)
            return Tri("maybe", (self.origin,), open_)
        return tri(answers.pop(), self.origin)

    def where_anywhere(self, test: Callable[[Any], bool | Tri]) -> Tri:
        if not all(isinstance(p, str) or (isinstance(p, Hole) and p.name == _REGION) for p in self.parts):
            return self.where(test)
        return Known(v="".join(p if isinstance(p, str) else _ANY_REGION for p in self.parts), origin=self.origin).where(
            test
        )

    def resolves(self, pattern: str) -> Tri:
        compiled = _compiled(pattern)
        return tri(any(isinstance(p, Hole) and compiled.fullmatch(p.name) for p in self.parts), self.origin)

    def runs_on(self) -> Tri:
        behind = [
            part.doubt
            for before, part in pairwise(self.parts)
            if isinstance(before, Reference) and isinstance(part, Hole) and not part.plain
        ]
        return Tri("maybe", (self.origin,), tuple(behind)) if behind else no(self.origin)

    def _read_with(self, stand: str) -> str:
        """The text with `PART` for what is not known, and `stand` for what may even be a wildcard."""
        return "".join(
            p if isinstance(p, str) else stand if isinstance(p, Hole) and not p.plain else PART for p in self.parts
        )

    def references(self) -> Iterator[tuple[When, Reference]]:
        for part in self.parts:
            if isinstance(part, Reference):
                yield (), part

    def refers(self) -> Iterator[tuple[When, Reference]]:
        if len(self.parts) == 1 and isinstance(self.parts[0], Reference):
            yield (), self.parts[0]

    def show(self) -> str:
        return "".join(
            p if isinstance(p, str) else f"${{{p.shown if isinstance(p, Reference) else p.name}}}" for p in self.parts
        )


class OneOf(Value[T], Generic[T], frozen=True, eq=False, kw_only=True):
    """One of several values, each under its premises; together the premises leave nothing out."""

    options: tuple[tuple[When, Value[T]], ...]

    def _ask(self, question: Callable[[Value[T]], Tri]) -> Tri:
        return mix([(when, question(option)) for when, option in self.options])

    def where(self, test: Callable[[Any], bool | Tri]) -> Tri:
        return self._ask(lambda v: v.where(test))

    def is_(self, wanted: object) -> Tri:
        return self._ask(lambda v: v.is_(wanted))

    def one_of(self, *wanted: object) -> Tri:
        return self._ask(lambda v: v.one_of(*wanted))

    def at_least(self, bound: float) -> Tri:
        return self._ask(lambda v: v.at_least(bound))

    def at_most(self, bound: float) -> Tri:
        return self._ask(lambda v: v.at_most(bound))

    def starts_with(self, *prefixes: str) -> Tri:
        return self._ask(lambda v: v.starts_with(*prefixes))

    def ends_with(self, *suffixes: str) -> Tri:
        return self._ask(lambda v: v.ends_with(*suffixes))

    def contains(self, needle: str) -> Tri:
        return self._ask(lambda v: v.contains(needle))

    def matches(self, pattern: str) -> Tri:
        return self._ask(lambda v: v.matches(pattern))

    def read_by(self, test: Callable[[str], bool]) -> Tri:
        return self._ask(lambda v: v.read_by(test))

    def where_anywhere(self, test: Callable[[Any], bool | Tri]) -> Tri:
        return self._ask(lambda v: v.where_anywhere(test))

    def resolves(self, pattern: str) -> Tri:
        return self._ask(lambda v: v.resolves(pattern))

    def runs_on(self) -> Tri:
        return self._ask(lambda v: v.runs_on())

    def is_set(self) -> Tri:
        return self._ask(lambda v: v.is_set())

    def leaves(self) -> Iterator[tuple[When, Value[T]]]:
        for when, option in self.options:
            for inner, leaf in option.leaves():
                both = conjoin(when, inner)
                if both is not None:
                    yield both, leaf

    def references(self) -> Iterator[tuple[When, Reference]]:
        for when, leaf in self.leaves():
            for _, reference in leaf.references():
                yield when, reference

    def refers(self) -> Iterator[tuple[When, Reference]]:
        for when, leaf in self.leaves():
            for _, reference in leaf.refers():
                yield when, reference

    def show(self) -> str:
        shown = list(dict.fromkeys(leaf.show() for _, leaf in self.leaves()))
        return " or ".join(shown[:4]) + (" or …" if len(shown) > 4 else "")


class Unknown(Value[T], Generic[T], frozen=True, eq=False, kw_only=True):
    """A value that can't be told. `name` makes two unknowns of one name the same unknown.

    `among`: all that it can be, where that is known; what holds of all of them holds of it.
    """

    doubt: Doubt
    name: str = ""
    among: tuple[T, ...] = ()

    def where(self, test: Callable[[Any], bool | Tri]) -> Tri:
        answers = [tri(answer, self.origin) if isinstance(answer := test(v), bool) else answer for v in self.among]
        if answers and len(told := {answer.truth for answer in answers}) == 1 and told <= {"yes", "no"}:
            return answers[0]
        return Tri("maybe", (self.origin,), (self.doubt,))

    def is_set(self) -> Tri:
        # What is known only after apply may turn out to be null; an input without a value is taken to be given one.
        return self.where(lambda _: False) if self.doubt.cause == "after apply" else yes(self.origin)

    def resolves(self, pattern: str) -> Tri:
        return tri(re.fullmatch(pattern, self.name, re.DOTALL) is not None, self.origin)

    def show(self) -> str:
        return f"${{{self.name}}}" if self.name else "unknown"


def _show(v: object) -> str:
    if v is True or v is False:
        return "true" if v else "false"
    return str(v)


def one_of(options: list[tuple[When, Value[Any]]], origin: Origin) -> Value[Any]:
    """One value out of several under premises; a single one without premises is itself."""
    if len(options) == 1 and not options[0][0]:
        return options[0][1]
    return OneOf(options=tuple(options), origin=origin)


def unset(v: T, source: str) -> Default[T]:
    """The service's default for a field that nobody wrote; `source` is the AWS page that says so."""
    return Default(v=v, origin=ServiceDefault(source))


# ------------------------------------------------------------------------------------------------------------- relation


class Relation(Struct, Generic[T], frozen=True, eq=False):
    """A set that says whether it is all of it. "There is none" is only known of a complete one.

    `gaps` says what may be missing, in words.
    """

    items: tuple[T, ...] = ()
    complete: bool = True
    gaps: tuple[Doubt, ...] = ()

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> NoReturn:
        raise TypeError("a Relation may be incomplete: ask it with any(), none() or is_empty()")

    def any(self, question: Callable[[T], Tri]) -> Tri:
        """Whether one of them is so; MAYBE if none is, and some are not known."""
        answer = any_of(question(item) for item in self.items)
        return (
            answer if self.complete else answer | Tri("maybe", (), self.gaps or (Doubt("not all of them are known"),))
        )

    def all(self, question: Callable[[T], Tri]) -> Tri:
        """Whether every one is so."""
        return ~self.any(lambda item: ~question(item))

    def is_empty(self) -> Tri:
        """Whether there is none."""
        if self.items:
            return NO
        return YES if self.complete else Tri("maybe", (), self.gaps or (Doubt("not all of them are known"),))


NOTHING: Relation[Any] = Relation()
