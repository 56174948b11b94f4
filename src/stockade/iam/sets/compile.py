"""Statements as formulas."""

from __future__ import annotations

import marshal
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from stockade.iam.sets import globs
from stockade.iam.sets.clauses import (
    CLOSE,
    PLAIN_SYMBOL,
    SYMBOL,
    Clause,
    MalformedError,
    has_symbol,
    is_own,
    is_plain,
    name_of,
)
from stockade.iam.sets.formulas import EVERYTHING, NOTHING, And, Formula, Match, Not, Or
from stockade.iam.sets.keys import has_many, kinds
from stockade.iam.sets.literals import (
    ACTION,
    PRINCIPAL,
    RESOURCE,
    Domain,
    Literal,
    Operator,
    Presence,
    Text,
    UnsupportedError,
    among,
    beyond,
    condition,
    operator,
)
from stockade.patterns import regex

if TYPE_CHECKING:
    from stockade.model.value import Premise


class Atoms:
    """Gives every thing that is not known its mark."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.folded: dict[str, str] = {}
        self.fields = False  # a text was read in which the fields of ARNs matter

    def mark(self, name: str, *, colons: bool = True, own: bool = False, any_case: bool = False) -> str:
        """What stands for a thing, by its name; with `any_case` for what differs from it in the case of letters only, too.

        `own`: it is the name of one resource.
        """
        known = self.folded if any_case else self.names
        found = known.get(name)
        if found is None:
            found = known[name] = self._made(name, colons=colons, own=own, any_case=any_case)
        return found

    def _made(self, name: str, *, colons: bool, own: bool, any_case: bool) -> str:
        # What is told by case and what is not are two things, also of one name.
        number = len(self.names) + len(self.folded)
        if number >= globs.ATOMS:
            raise UnsupportedError(f"there are more than {globs.ATOMS:,} things like `{name}` that are not known")
        return globs.atom(number, colons=colons, name=own and not any_case)


class Samples(Atoms):
    """Gives every thing a text that it may be instead, to look for an example; to some things, that they are not there."""

    def __init__(self, values: Mapping[str, str | None]) -> None:
        super().__init__()
        self.values = values

    def is_missing(self, name: str) -> bool:
        """Whether a thing is taken not to be there."""
        return self.values.get(name, "") is None

    def forced(self) -> Formula:
        """What holds of requests in which the keys are as the samples say."""
        return Match(tuple(self._forced(name) for name in self.names if name.startswith("${")), "samples")

    def _forced(self, name: str) -> Literal:
        key = name[2:-1]
        if self.is_missing(name):
            return Literal(key, (Presence(key, present=False),), ())
        return Literal(key, (Text(key, globs.language((self.names[name],))),), ())

    def _made(self, name: str, *, colons: bool, own: bool, any_case: bool) -> str:
        del colons, own
        found = self.values.get(name) or "sample-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        return globs.either_case(found) if any_case else found


class Way(NamedTuple):
    """One of the ways to read what AWS's documentation leaves open.

    Attributes:
        flat: wildcards in resources know no fields. (Those of ARNs in conditions do, as AWS says.)
        whole: a statement that asks for the value of a key that the request has not does not apply. Else the one text that
            asks for it stands for nothing.
    """

    flat: bool
    whole: bool


WAYS = tuple(Way(flat=flat, whole=whole) for whole in (True, False) for flat in (False, True))


class Reading(NamedTuple):
    """How documents are read.

    Attributes:
        way: how what is left open is read.
        atoms: what stands for things that are not known.
        many: the keys that may have several values.
        variables: texts may ask for the values of keys.
    """

    way: Way
    atoms: Atoms
    many: frozenset[str]
    variables: bool = True

    def variable(self, key: str, *, any_case: bool = False) -> str:
        """What stands for the value of a key, as `${…}` in a policy asks for it."""
        return self.atoms.mark("${" + key + "}", any_case=any_case)

    def symbol(self, name: str, *, plain: bool, own: bool) -> str:
        """What stands for a thing that is known by its name."""
        return self.atoms.mark(name, colons=not plain, own=own)

    def resource(self, text: str) -> str:
        """The pattern of a `Resource` element."""
        pattern = globs.resource(text)
        if globs.FIELD in pattern or globs.ONE_IN_FIELD in pattern:
            self.atoms.fields = True
        return globs.glob(text) if self.way.flat else pattern

    def lacks(self, text: str) -> bool:
        """Whether a text asks for the value of a key that is taken not to be there, and so stands for nothing."""
        return (
            self.variables
            and "${" in text
            and isinstance(self.atoms, Samples)
            and any(self.atoms.is_missing("${" + key + "}") for key in _keys_in(text))
        )


class Statement(NamedTuple):
    """What a clause is about, as a formula."""

    allows: bool
    match: Formula


class Policy(NamedTuple):
    """The statements of one or more documents."""

    statements: tuple[Statement, ...]

    @property
    def allowed(self) -> Or:
        """What an Allow is about."""
        return Or(*(each.match for each in self.statements if each.allows))

    @property
    def denied(self) -> Or:
        """What a Deny is about."""
        return Or(*(each.match for each in self.statements if not each.allows))

    @property
    def formula(self) -> Formula:
        """What it allows by itself."""
        return And(self.allowed, Not(self.denied))


_VARIABLE = regex(r"\$\{([^{}]*)\}")
_ESCAPES = {"*", "?", "$"}


def _texts(value: object, what: str) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    out = []
    for each in listed:
        if type(each) is str:  # as nearly all are
            out.append(each)
        elif isinstance(each, bool):
            out.append("true" if each else "false")
        elif isinstance(each, str | float):
            out.append(str(each))
        elif isinstance(each, int):
            out.append(_digits(each, what))
        else:
            raise MalformedError(f"{what} is a text or a list of texts, and holds {type(each).__name__}")
    return tuple(out)


def _digits(number: int, what: str) -> str:
    try:
        return str(number)
    except ValueError:  # Python writes no number of thousands of digits
        raise MalformedError(f"{what} holds a number of more digits than anybody can mean") from None


@lru_cache(maxsize=65536)
def _plain(text: str) -> str:
    """Texts that hold what patterns use for themselves have no meaning here, and some take longer than anybody waits."""
    if globs.has_marks(text):
        raise UnsupportedError("a text holds characters of Unicode's private planes")
    if len(text) > _WILDCARDS and text.count("*") + text.count("?") > _WILDCARDS:
        raise UnsupportedError(f"a text has more than {_WILDCARDS:,} wildcards")
    return text


_WILDCARDS = 1000


def _keys_in(text: str) -> tuple[str, ...]:
    """The keys whose values a text asks for."""
    names = (match[1].strip() for match in _VARIABLE.finditer(text))
    return tuple(name.lower() for name in names if name not in _ESCAPES)


def _spelled(text: str, reading: Reading, make: Callable[[str], str]) -> str:
    """The pattern of a text, with atoms for its symbols and variables."""
    if not text.isascii() or len(text) > _WILDCARDS:
        _plain(text)
    asks = "${" in text and reading.variables
    if not asks and not has_symbol(text):
        return make(text)
    held: dict[str, str] = {}

    def hold(filling: str) -> str:
        if len(held) >= globs.HELD:
            raise UnsupportedError(f"a text has more than {globs.HELD:,} variables")
        mark = globs.holder(len(held))
        held[mark] = filling
        return mark

    def replace(match: re.Match[str]) -> str:
        name = match[1].strip()
        if "," in name:
            raise UnsupportedError(f"`{match[0]}` has a default, which is not looked at")
        any_case = make is globs.either_case
        return hold(name if name in _ESCAPES else reading.variable(name.lower(), any_case=any_case))

    text = SYMBOL.sub(
        lambda match: hold(reading.symbol(name_of(match), plain=is_plain(match), own=is_own(match))), text
    )
    pattern = make(_VARIABLE.sub(replace, text) if asks else text)
    for mark, filling in held.items():
        pattern = pattern.replace(mark, filling)
    return pattern


def _patterns(texts: Iterable[str], reading: Reading, make: Callable[[str], str]) -> tuple[str, ...]:
    if not reading.variables:
        return tuple(_spelled(text, reading, make) for text in texts)
    return tuple(_spelled(text, reading, make) for text in texts if not reading.lacks(text))


def policy(clauses: Iterable[Clause], reading: Reading) -> Policy:
    """Clauses as formulas. Raises MalformedError and UnsupportedError."""
    return Policy(tuple(_statement(clause, reading) for clause in clauses))


def _statement(clause: Clause, reading: Reading) -> Statement:
    reading = reading._replace(variables=clause.variables)
    premises = tuple(map(_premise, clause.when))
    most = Match((*_literals(clause.most, reading, clause.name), *premises), clause)
    if not clause.doubt:
        return Statement(clause.allows, most)
    key = DOUBT + clause.doubt + clause.mark
    doubt = Literal(key, (Presence(key, present=True),), (Presence(key, present=False),))
    perhaps = And(most, Match((doubt,), DOUBT))
    if clause.sure is None:
        return Statement(clause.allows, perhaps)
    sure = Match((*_literals(clause.sure, reading, clause.name), *premises), clause)
    return Statement(clause.allows, Or(sure, perhaps))


# Parts of requests that are none: what was assumed, and what is not known. No key begins so.
PREMISE, DOUBT = "premise ", "doubt "


def _premise(premise: Premise) -> Literal:
    key = PREMISE + premise.key
    value = globs.language((_plain(premise.value),))
    is_so, is_not = Text(key, value), Text(key, value, inside=False)
    return Literal(key, (is_so,), (is_not,)) if premise.holds else Literal(key, (is_not,), (is_so,))


def settled(formula: Formula, *, holds: bool = True) -> Formula:
    """The formula with every doubt taken as makes it harder to fulfil: what satisfies it does so whatever turns out to be."""
    if isinstance(formula, Match):
        if formula.tag is not DOUBT:
            return formula
        return NOTHING if holds else EVERYTHING
    if isinstance(formula, Not):
        return Not(settled(formula.of, holds=not holds))
    return type(formula)(*(settled(each, holds=holds) for each in formula.of))


class _Element:
    """A statement as it was written; two that say the same to the letter are equal."""

    __slots__ = ("element", "written")

    def __init__(self, element: Any, written: bytes) -> None:  # noqa: ANN401 - JSON
        self.element = element
        self.written = written

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Element) and self.written == other.written

    def __hash__(self) -> int:
        return hash(self.written)

    def mentions(self, word: bytes) -> bool:
        """Whether some text of it has a word, for certain where it has."""
        return word in self.written


def _written(element: object) -> _Element | None:
    """None for what is not made of the types of JSON alone."""
    try:
        # Types are told apart, so that `true` is not "true"; of version 2, since later ones write what is shared once.
        return _Element(element, marshal.dumps(element, 2))  # type: ignore[arg-type] # raises of what it does not know
    except ValueError:
        return None


def _literals(element: Mapping[str, Any], reading: Reading, tag: str) -> tuple[Literal, ...]:
    """What a statement asks; of one that was seen before, what was made of it then."""
    found = _written(element)
    if found is None or (reading.variables and found.mentions(b"${")) or found.mentions(_SYMBOLS):
        return _compiled(element, reading, tag)  # what variables stand for depends on the question
    try:
        literals, fields = _remembered(
            found, reading.way.flat, reading.many if found.mentions(b"Condition") else _NO_KEYS
        )
    except (MalformedError, UnsupportedError):
        return _compiled(element, reading, tag)  # which says of what statement it is so
    reading.atoms.fields |= fields
    return literals


_NO_KEYS: frozenset[str] = frozenset()
_SYMBOLS = CLOSE.encode()


@lru_cache(maxsize=16384)
def _remembered(
    found: _Element,
    flat: bool,  # noqa: FBT001
    many: frozenset[str],
) -> tuple[tuple[Literal, ...], bool]:
    """What a statement without variables asks, and whether the fields of ARNs matter in it."""
    atoms = Atoms()
    reading = Reading(Way(flat=flat, whole=True), atoms, many, variables=False)
    return _compiled(found.element, reading, ""), atoms.fields


def _compiled(element: Mapping[str, Any], reading: Reading, tag: str) -> tuple[Literal, ...]:
    literals: list[Literal] = []
    if "Principal" in element:
        literals.append(among(PRINCIPAL, globs.language(principals(element["Principal"], reading))))
    elif "NotPrincipal" in element:
        literals.append(beyond(PRINCIPAL, globs.language(principals(element["NotPrincipal"], reading))))
    # Actions have no variables: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    plain = reading._replace(variables=False)
    for key, part, how, make in (("Action", ACTION, plain, _action), ("Resource", RESOURCE, reading, reading.resource)):
        if key in element and f"Not{key}" in element:
            raise MalformedError(f"statement {tag} has both `{key}` and `Not{key}`")
        for prefix, literal in (("", among), ("Not", beyond)):
            if prefix + key in element:
                texts = _texts(element[prefix + key], f"`{prefix}{key}`")
                literals.append(literal(part, globs.language(_patterns(texts, how, make))))
    if not any(literal.part == ACTION for literal in literals):
        raise MalformedError(f"statement {tag} has neither `Action` nor `NotAction`")
    literals += _conditions(element.get("Condition") or {}, reading, tag)
    if reading.variables:
        for key in dict.fromkeys(key for name in _FILLED_IN for key in _keys_asked(element.get(name))):
            reading.variable(key)
            if reading.way.whole:
                literals.append(Literal(key, (Presence(key, present=True),), (Presence(key, present=False),)))
    order = {ACTION: 0, RESOURCE: 1, PRINCIPAL: 2}
    literals.sort(key=lambda literal: order.get(literal.part, 3))
    return tuple(literals)


def _conditions(block: object, reading: Reading, tag: str) -> Iterator[Literal]:
    """The literals of a `Condition` element."""
    if not isinstance(block, Mapping):
        raise MalformedError(f"`Condition` of statement {tag} is no object")
    for name, keys in block.items():
        how = operator(str(name))
        if how is None:
            raise UnsupportedError(f"there is no condition operator {name!r}")
        if not isinstance(keys, Mapping):
            raise MalformedError(f"`{name}` of statement {tag} is no object")
        for key, value in keys.items():
            yield _test(how, str(key), _texts(value, f"`{key}`"), reading)


def _keys_asked(element: object) -> Iterator[str]:
    """The keys whose values an element asks for, wherever it does."""
    if isinstance(element, str):
        yield from _keys_in(element)
    elif isinstance(element, list):
        for each in element:
            yield from _keys_asked(each)
    elif isinstance(element, Mapping):
        for each in element.values():
            yield from _keys_asked(each)


_FILLED_IN = ("Principal", "NotPrincipal", "Resource", "NotResource", "Condition")


def _action(text: str) -> str:
    return globs.glob(text.lower())


def _test(how: Operator, key: str, values: tuple[str, ...], reading: Reading) -> Literal:
    """The literal of one line of a condition."""
    typed = how.family in kinds(key.lower())
    makers: dict[str, Callable[[str], str]] = {
        "text-like": globs.glob,
        "arn": globs.arn,
        "text-any-case": globs.either_case,
        "bool": lambda text: text.strip().lower() if typed else globs.either_case(text.strip().lower()),
    }
    make = makers.get(how.family, str)
    spelled = _patterns(values, reading, make)
    if how.family in {"number", "date", "address", "null"} and any(map(globs.has_atom, spelled)):
        raise UnsupportedError(f"`{key}` is compared with a {how.family} that is not known")
    return condition(how, key, spelled, many=key.lower() in reading.many, typed=typed)


def domains(documents: Iterable[object]) -> dict[str, Domain]:
    """What the values of keys are, of those that are compared as numbers, dates or addresses, or are true or false."""
    out: dict[str, set[str]] = {}
    for how, key, _ in (test for document in documents for test in _tests_in(document)):
        if how.family != "null":
            out.setdefault(key, set()).add(how.family)
    found: dict[str, Domain] = {}
    for key, families in out.items():
        for domain in _DOMAINS:
            if domain in families:
                found[key] = domain
        if "bool" in kinds(key) and key not in found:
            found[key] = "bool"
    return found


_DOMAINS: tuple[Domain, ...] = ("number", "date", "address")


def keys_with_many(documents: Iterable[object]) -> frozenset[str]:
    """The keys of documents that may have several values: those that are known to, and unknown ones that are asked as if."""
    found = set()
    for how, key, _ in (test for document in documents for test in _tests_in(document)):
        many = has_many(key)
        if many or (many is None and how.quantifier):
            found.add(key)
    return frozenset(found)


def samples(documents: Iterable[object], names: Iterable[str]) -> list[dict[str, str | None]]:
    """What is worth trying for the values of keys.

    Any text, that they have none, what the documents compare them with, and what stands between the separators of resources.
    """
    documents = tuple(documents)
    compared: dict[str, list[str]] = {}
    for how, key, values in (test for document in documents for test in _tests_in(document)):
        if how.family in {"text", "text-like", "text-any-case", "arn"}:
            compared.setdefault("${" + key + "}", []).extend(
                value.replace("*", "").replace("?", globs.FILLER) for value in values if "${" not in value
            )
    names = list(names)
    out: list[dict[str, str | None]] = [{}, dict.fromkeys(names)]
    for name in names:
        out += [{name: value} for value in dict.fromkeys(compared.get(name, ())) if value]
    between = {
        part: None
        for document in documents
        for text in _resources_in(document)
        for part in globs.SEPARATORS.split(text)
        if part and not _OPEN.search(part)
    }
    for name in names:
        out += [{name: part} for part in between]
    return out[:_TRIES]


_TRIES = 16
_OPEN = regex(r"[*?$]")


def _resources_in(document: object) -> Iterator[str]:
    """The texts of the resources of a document, as far as it is one."""
    listed = document.get("Statement") if isinstance(document, Mapping) else None
    for element in listed if isinstance(listed, list) else [listed]:
        found = element.get("Resource") if isinstance(element, Mapping) else None
        yield from (each for each in (found if isinstance(found, list) else [found]) if isinstance(each, str))


def _tests_in(document: object) -> Iterator[tuple[Operator, str, tuple[str, ...]]]:
    """The operators, keys and values of a document, as far as it is one."""
    listed = document.get("Statement") if isinstance(document, Mapping) else None
    for element in listed if isinstance(listed, list) else [listed]:
        block = element.get("Condition") if isinstance(element, Mapping) else None
        if block:
            found = _written(block)
            yield from _tests_of(block) if found is None else _tests_remembered(found)


@lru_cache(maxsize=16384)
def _tests_remembered(found: _Element) -> tuple[tuple[Operator, str, tuple[str, ...]], ...]:
    return tuple(_tests_of(found.element))


def _tests_of(block: object) -> Iterator[tuple[Operator, str, tuple[str, ...]]]:
    for name, keys in block.items() if isinstance(block, Mapping) else ():
        how = operator(str(name))
        if how is not None and isinstance(keys, Mapping):
            yield from ((how, str(key).lower(), _texts(value, "a value")) for key, value in keys.items())


_ACCOUNT = regex(r"\d{12}|" + PLAIN_SYMBOL)
_ROOT = regex(r"arn:([^:]*):iam::([^:]*):root")
_ROLE = regex(r"arn:([^:]*):iam::([^:]*):role/(?:.*/)?([^/]+)")


def principals(element: object, reading: Reading) -> tuple[str, ...]:
    """The patterns of a `Principal` element: its kind, a bar, and who it is."""
    if element == "*":
        return (globs.ANY,)
    if not isinstance(element, Mapping):
        raise MalformedError("`Principal` is `*` or an object of kinds and names")
    out: list[str] = []
    for kind, names in element.items():
        for name in _texts(names, f"`{kind}`"):
            if not reading.lacks(name):
                out += _principal(str(kind), name, reading)
    return tuple(out)


def _of_account(text: str) -> str:
    """The pattern of everybody in an account, of whatever partition."""
    return globs.glob(text).replace(f"arn:{globs.ANY}:", f"arn:{globs.FIELD}:", 1)


def _principal(kind: str, name: str, reading: Reading) -> Iterable[str]:
    if kind == "AWS":
        if name == "*":
            yield globs.ANY
            return
        root = _ROOT.fullmatch(name)
        if root or _ACCOUNT.fullmatch(name):
            partition, account = root.groups() if root else ("*", name)
            for service in ("iam", "sts"):
                yield _spelled(f"AWS|arn:{partition}:{service}::{account}:*", reading, _of_account)
            return
        role = _ROLE.fullmatch(name)
        if role:
            yield _spelled(f"AWS|arn:{role[1]}:sts::{role[2]}:assumed-role/{role[3]}/", reading, str) + globs.ANY
    yield _spelled(f"{kind}|{name}", reading, str)
