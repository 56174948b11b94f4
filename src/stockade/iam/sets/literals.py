"""What one element of a statement asks of one part of a request, and what its opposite asks.

A request has three texts (principal, action, resource) and condition keys, each absent or with values. An element such
as `"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}` becomes a literal: the alternatives under which it holds, and those
under which it does not. An alternative is about one part of the request only, and is one of the constraints of this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias
from typing import Literal as Choice

from stockade.iam.sets import globs, ranges

if TYPE_CHECKING:
    from stockade.iam.sets.globs import Language
    from stockade.iam.sets.ranges import Ranges

PRINCIPAL: Final = "principal"
ACTION: Final = "action"
RESOURCE: Final = "resource"
PARTS: Final = (PRINCIPAL, ACTION, RESOURCE)

Domain: TypeAlias = Choice["text", "number", "date", "address", "bool"]
Family: TypeAlias = Choice[
    "text", "text-like", "text-any-case", "arn", "number", "date", "address", "bool", "binary", "null"
]


class Text(NamedTuple):
    """The text of a part, or every value of a key, is in a language; not in it, where `inside` is false.

    Of a key it says that there are values too, and where `some` is true it asks it of one value only.
    """

    part: str
    language: Language
    inside: bool = True
    some: bool = False


class Within(NamedTuple):
    """As `Text`, of numbers, moments or addresses. What is outside of a set is a set again."""

    part: str
    domain: Domain
    values: Ranges
    some: bool = False


class Presence(NamedTuple):
    """A key is in the request, or is not."""

    part: str
    present: bool


Constraint: TypeAlias = Text | Within | Presence


class Literal(NamedTuple):
    """An element of a statement: it holds if one of `yes` does, and does not if one of `no` does."""

    part: str
    yes: tuple[Constraint, ...]
    no: tuple[Constraint, ...]


class UnsupportedError(Exception):
    """Something that is written has no meaning that is documented; the text says what."""


def among(part: str, language: Language) -> Literal:
    """The text of a part is in a language."""
    return Literal(part, (Text(part, language),), (Text(part, language, inside=False),))


def beyond(part: str, language: Language) -> Literal:
    """The text of a part is not in a language."""
    yes, no = among(part, language)[1:]
    return Literal(part, no, yes)


_FAMILIES: Final[dict[str, tuple[Family, str]]] = {
    "stringequals": ("text", "="),
    "stringnotequals": ("text", "!"),
    "stringequalsignorecase": ("text-any-case", "="),
    "stringnotequalsignorecase": ("text-any-case", "!"),
    "stringlike": ("text-like", "="),
    "stringnotlike": ("text-like", "!"),
    "arnequals": ("arn", "="),
    "arnlike": ("arn", "="),
    "arnnotequals": ("arn", "!"),
    "arnnotlike": ("arn", "!"),
    "binaryequals": ("binary", "="),
    "bool": ("bool", "="),
    "ipaddress": ("address", "="),
    "notipaddress": ("address", "!"),
    "null": ("null", "="),
    "numericequals": ("number", "="),
    "numericnotequals": ("number", "!"),
    "numericlessthan": ("number", "<"),
    "numericlessthanequals": ("number", "<="),
    "numericgreaterthan": ("number", ">"),
    "numericgreaterthanequals": ("number", ">="),
    "dateequals": ("date", "="),
    "datenotequals": ("date", "!"),
    "datelessthan": ("date", "<"),
    "datelessthanequals": ("date", "<="),
    "dategreaterthan": ("date", ">"),
    "dategreaterthanequals": ("date", ">="),
}


class Operator(NamedTuple):
    """A condition operator, taken apart: `quantifier` is "", "any" or "all", `sign` one of `= ! < <= > >=`."""

    family: Family
    sign: str
    quantifier: str
    if_exists: bool


def operator(name: str) -> Operator | None:
    """The operator of this name (any case); None where there is none.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    lower = name.lower()
    before, colon, word = lower.rpartition(":")
    if colon and before not in {"foranyvalue", "forallvalues"}:
        return None
    bare = word.removesuffix("ifexists")
    found = _FAMILIES.get(bare)
    if found is None or (found[0] == "null" and bare != word):
        return None
    return Operator(*found, before.removeprefix("for").removesuffix("value").removesuffix("values"), bare != word)


def condition(how: Operator, key: str, values: tuple[str, ...], *, many: bool, typed: bool) -> Literal:
    """The literal of one operator, key and list of values. The values are patterns already where the family has patterns.

    `many`: the key may have several values. An operator without a quantifier then asks for one that matches, which AWS
    leaves open; see `docs/iam.md`. `typed`: the key has no values but those of the operator's kind. Else a value that is no
    number (date, address) equals none, and is neither less nor more.
    """
    key = key.lower()
    if how.family == "null":
        return _null(key, values)
    negated = how.sign == "!"
    if how.family in {"number", "date", "address"}:
        domain: Domain = how.family
        inside = _numbers(domain, how.sign, values)
        outside = ranges.without(ranges.whole(addresses=domain == "address", typed=typed), inside)
        every_in: Constraint = Within(key, domain, inside)
        every_out: Constraint = Within(key, domain, outside)
        some_in: Constraint = Within(key, domain, inside, some=True)
        some_out: Constraint = Within(key, domain, outside, some=True)
    else:
        language = globs.language(values)
        every_in, every_out = Text(key, language), Text(key, language, inside=False)
        some_in, some_out = Text(key, language, some=True), Text(key, language, inside=False, some=True)
    absent = Presence(key, present=False)
    yes: tuple[Constraint, ...]
    no: tuple[Constraint, ...]
    if how.quantifier == "all":
        yes, no = ((absent, every_out), (some_in,)) if negated else ((absent, every_in), (some_out,))
        return Literal(key, yes, no)
    if how.quantifier == "any":
        yes, no = ((some_out,), (absent, every_in)) if negated else ((some_in,), (absent, every_out))
    elif negated:
        # "Not equal" is also true of what is not there; of several values, none may be equal.
        return Literal(key, (absent, every_out), (some_in if many else every_in,))
    else:
        yes, no = (some_in if many else every_in,), (absent, every_out)
    if how.if_exists:
        yes = (absent, *yes)
        no = tuple(each for each in no if each != absent)
    return Literal(key, yes, no)


def _null(key: str, values: tuple[str, ...]) -> Literal:
    words = {value.strip().lower() for value in values}
    if not words <= {"true", "false"}:
        raise UnsupportedError(f"`Null` compares with true or false, and not with {min(words)!r}")
    there, missing = Presence(key, present=True), Presence(key, present=False)
    yes = tuple(each for word, each in (("true", missing), ("false", there)) if word in words)
    no = tuple(each for word, each in (("true", missing), ("false", there)) if word not in words)
    return Literal(key, yes, no)


def _numbers(domain: Domain, sign: str, values: tuple[str, ...]) -> Ranges:
    """What the values of an operator stand for; of `!` what they exclude."""
    sets = []
    for value in values:
        if domain == "address":
            found = ranges.network(value)
            if found is None:
                raise UnsupportedError(f"{globs.show(value)!r} is no IP address and no range of them")
            sets.append(found)
            continue
        read = ranges.number(value) if domain == "number" else ranges.moment(value)
        if read is None:
            raise UnsupportedError(f"{globs.show(value)!r} is no {'number' if domain == 'number' else 'date'}")
        if sign in {"=", "!"}:
            sets.append(ranges.equal(read))
        elif sign[0] == "<":
            sets.append(ranges.below(read, also=sign == "<="))
        else:
            sets.append(ranges.above(read, also=sign == ">="))
    return ranges.union(tuple(sets))
