"""What can be asked of policies, and the answers: proved, refuted by a request, or not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from stockade.iam.sets import globs
from stockade.iam.sets.access import Access, alone
from stockade.iam.sets.clauses import Clause, Clauses, Document, MalformedError, concrete, documents, texts_in
from stockade.iam.sets.compile import (
    DOUBT,
    PREMISE,
    WAYS,
    Atoms,
    Reading,
    Samples,
    Way,
    domains,
    keys_with_many,
    policy,
    samples,
    settled,
)
from stockade.iam.sets.cubes import Cube, Space
from stockade.iam.sets.formulas import EVERYTHING, And, Formula, Not
from stockade.iam.sets.literals import ACTION, PARTS, PRINCIPAL, RESOURCE, UnsupportedError
from stockade.iam.sets.requests import Request, decide, is_allowed
from stockade.iam.sets.solve import Accept, Solver
from stockade.knowledge import iam as facts

if TYPE_CHECKING:
    from stockade.model.value import When

STEPS = 2_000_000


class Proved(Struct, frozen=True):
    """It holds, of every request.

    Attributes:
        assumes: of what values it was taken that they hold no wildcard.
        of: the day whose actions it holds of, where an action that AWS may add could be otherwise; else nothing.
    """

    assumes: tuple[str, ...] = ()
    of: str = ""


class Later:
    """What is found when somebody asks for it. It makes no difference between answers."""

    __slots__ = ("find",)

    def __init__(self, find: Callable[[], Mapping[str, tuple[Clause, ...]]] = dict) -> None:
        self.find = find

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Later)

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "…"


class Refuted(Struct, frozen=True):
    """It does not hold: of this request, for one.

    Attributes:
        witness: the request.
        where: what things are taken to be in it that are known only by their names.
        when: the premises under which it is so, in words.
        matching: what finds `statements`.
    """

    witness: Request
    where: Mapping[str, str] = field(default_factory=dict)
    when: tuple[str, ...] = ()
    matching: Later = field(default_factory=Later)

    @property
    def statements(self) -> Mapping[str, tuple[Clause, ...]]:
        """By the name of each policy that was asked about, the statements that match the request."""
        return self.matching.find()


class Unknown(Struct, frozen=True):
    """It could not be told, and why. `symbols`: what it depends on, where that is nothing but what these stand for."""

    reason: str
    symbols: tuple[str, ...] = ()


Answer: TypeAlias = Proved | Refuted | Unknown
Says: TypeAlias = Mapping[str, bool]


class Setting(Struct, frozen=True, kw_only=True):
    """What requests are asked about.

    Attributes:
        given: what holds of all of them.
        accept: narrows what was found to requests that there can be; None where every text is an action and a resource.
        likely: texts that symbols may stand for, by name, to be tried when an example is looked for.
        assumed: what symbols are taken not to hold, in words, by name.
        steps: how long to look.
    """

    given: Formula = EVERYTHING
    accept: Callable[[Space], Accept] | None = None
    likely: Mapping[str, str] = field(default_factory=dict)
    assumed: Mapping[str, str] = field(default_factory=dict)
    steps: int = STEPS


OPEN = Setting()


def implies(new: Document, old: Document, *, steps: int = STEPS) -> Answer:
    """Whether all that one document allows is allowed by the other."""
    try:
        accesses = alone(new, "new"), alone(old, "old")
    except MalformedError as error:
        return Unknown(str(error))
    return within(*accesses, Setting(steps=steps))


def within(new: Access, old: Access, setting: Setting = OPEN) -> Answer:
    """Whether all that is allowed by some policies is allowed by others."""
    return ask(
        {"new": new, "old": old},
        lambda allowed: And(allowed["new"], Not(allowed["old"])),
        lambda says: says["new"] and not says["old"],
        setting,
    )


def apart(left: Access, right: Access, setting: Setting = OPEN) -> Answer:
    """Whether there is nothing that both allow."""
    return ask(
        {"left": left, "right": right},
        lambda allowed: And(allowed["left"], allowed["right"]),
        lambda says: says["left"] and says["right"],
        setting,
    )


def nothing(access: Access, setting: Setting = OPEN) -> Answer:
    """Whether nothing of what the setting is about is allowed."""
    return ask({"it": access}, lambda allowed: allowed["it"], lambda says: says["it"], setting)


def ask(
    parties: Mapping[str, Access],
    formula: Callable[[Mapping[str, Formula]], Formula],
    holds: Callable[[Says], bool],
    setting: Setting = OPEN,
) -> Answer:
    """Looks for a request of a formula of what each party allows: none proves, one that is confirmed refutes.

    `holds` says the formula once more, of one request, and is asked of the policies themselves before anything is refuted.
    """
    try:
        return _Question(parties, formula, holds, setting).answer()
    except (MalformedError, UnsupportedError) as error:
        return Unknown(str(error))
    except globs.OutOfBudgetError:
        return Unknown(f"it takes more than {setting.steps:,} steps")


class _Question:
    """One question under all ways to read what AWS leaves open."""

    def __init__(
        self,
        parties: Mapping[str, Access],
        formula: Callable[[Mapping[str, Formula]], Formula],
        holds: Callable[[Says], bool],
        setting: Setting,
    ) -> None:
        self.parties = parties
        self.formula = formula
        self.holds = holds
        self.setting = setting
        self.clauses = tuple(clause for access in parties.values() for clause in access.every())
        asking = tuple(documents(clause for clause in self.clauses if "Condition" in clause.most))
        self.many = keys_with_many(asking)
        self.domains = domains(asking)
        self.doubts = tuple(dict.fromkeys(clause.doubt for clause in self.clauses if clause.doubt))
        self.budget = globs.Budget(setting.steps)

    def answer(self) -> Answer:
        """The answer, if it is the same under every reading."""
        found: list[Answer] = []
        atoms = Atoms()
        for way in WAYS:
            # What the first reading came upon says whether another one can differ.
            variables = any(name.startswith("${") for name in (*atoms.names, *atoms.folded))
            if found and ((way.flat and not atoms.fields) or not (way.whole or variables)):
                continue
            answer = self._under(way, atoms)
            if isinstance(answer, Unknown):
                return answer
            found.append(answer)
        return found[0] if len({type(each) for each in found}) == 1 else _BY_READING

    def _under(self, way: Way, atoms: Atoms) -> Answer:
        """The answer under one reading."""
        formula = self._read(Reading(way, atoms, self.many))
        variables = [name for name in dict.fromkeys((*atoms.names, *atoms.folded)) if name.startswith("${")]
        found = self._found(formula)
        if found is None:
            assumed = self.setting.assumed
            return Proved(tuple(dict.fromkeys(assumed[name] for name in atoms.names if name in assumed)))
        if self.doubts:
            found = self._found(settled(formula))
            if found is None:
                return Unknown(f"it depends on what is not known: {'; '.join(self.doubts[:3])}")
        if not atoms.names:
            return self._confirmed(*found, {}, way)
        likely = self._likely(atoms.names)
        for values in samples(self.documents, variables):
            sampled = Samples({**likely, **values})
            found = self._found(And(settled(self._read(Reading(way, sampled, self.many))), sampled.forced()))
            if found is not None:
                missing = dict.fromkeys(name for name in variables if sampled.is_missing(name))
                return self._confirmed(*found, {**sampled.names, **missing}, way)
        return Unknown(f"it depends on what {_listed(list(atoms.names))} may be", tuple(atoms.names))

    @property
    def documents(self) -> tuple[Document, ...]:
        """What the clauses are about at most."""
        return tuple(documents(self.clauses))

    def _read(self, reading: Reading) -> Formula:
        allowed = {
            name: access.formula(lambda clauses: policy(clauses, reading)) for name, access in self.parties.items()
        }
        return And(self.formula(allowed), self.setting.given)

    def _found(self, formula: Formula) -> tuple[Cube, Space] | None:
        space = Space(globs.Words(self.budget), self.many, self.domains)
        accept = self.setting.accept
        cube = Solver(space, None if accept is None else accept(space)).solve(formula)
        return None if cube is None else (cube, space)

    def _likely(self, names: Iterable[str]) -> dict[str, str]:
        """What symbols may stand for: an account is no example where it is written too."""
        written = [text for document in self.documents for text in texts_in(document)]
        account = next((each for each in _ACCOUNTS if not any(each in text for text in written)), _ACCOUNTS[0])
        likely = self.setting.likely
        return {name: likely[name].replace(ACCOUNT, account) for name in names if name in likely}

    def _confirmed(self, cube: Cube, space: Space, values: Mapping[str, str | None], way: Way) -> Answer:
        """The example, if the policies themselves bear it out."""
        request = request_of(cube, space)
        premises = {
            part[len(PREMISE) :]: found[0]
            for part, state in cube.parts.items()
            if part.startswith(PREMISE) and (found := space.example(part, state))
        }

        def is_there(when: When) -> bool:
            return all((premises.get(each.key) == each.value) is each.holds for each in when)

        def known(name: str) -> str:
            return values.get(name) or name

        value = known if values else None

        # With nothing in doubt, what statements are about at least and at most is the same.
        for most in (False, True) if self.doubts else (True,):
            read = partial(concrete, value=value, holds=is_there, most=most)
            says = {
                name: is_allowed(access, request, read, flat=way.flat, whole=way.whole)
                for name, access in self.parties.items()
            }
            if not self.holds(says):
                return Unknown("the example that was found does not stand up to being checked: please report it")
        when = (
            each.text if (premises[each.key] == each.value) is each.holds else each.text_not
            for clause in self.clauses
            for each in clause.when
            if each.key in premises
        )
        where = {name: text for name, text in values.items() if text is not None and not name.startswith("${")}
        read = partial(concrete, value=value, holds=is_there, most=True)
        matching = Later(partial(_matching, self.parties, request, read, way))
        return Refuted(request, where, tuple(dict.fromkeys(when)), matching)


def _matching(
    parties: Mapping[str, Access], request: Request, read: Callable[[Clauses], list[Document]], way: Way
) -> Mapping[str, tuple[Clause, ...]]:
    """By the name of each policy, the statements that match a request."""

    def matters(access: Access, clause: Clause) -> bool:
        if decide(read((clause,)), request, flat=way.flat, whole=way.whole) == "none":
            return False
        if not (clause.allows and access.resource_decides and any(clause is each for each in access.resource or ())):
            return True
        # One that hands it on to the account does not where the account's policies give nothing.
        return is_allowed(replace(access, resource=(clause,)), request, read, flat=way.flat, whole=way.whole)

    return {
        name: tuple(clause for clause in access.every() if matters(access, clause)) for name, access in parties.items()
    }


# The account of what symbols may stand for: one that no policy names, as AWS's documentation uses them.
ACCOUNT = "\uf8f3"
_ACCOUNTS = ("111122223333", "444455556666", "777788889999", "123456789012", "210987654321")
_BY_READING = Unknown(
    "it depends on what AWS's documentation leaves open: whether wildcards of resources reach beyond colons, or what becomes of "
    "a statement that asks for the value of a key that a request has not"
)


def _listed(names: list[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def request_of(cube: Cube, space: Space) -> Request:
    """A request of a cube."""
    texts = {}
    for part in PARTS:
        found = space.example(part, cube.state(part))
        texts[part] = found[0] if found else ""
    keys = {
        part: values
        for part, state in cube.parts.items()
        if part not in PARTS and not part.startswith((PREMISE, DOUBT)) and (values := space.example(part, state))
    }
    named = facts.action(texts[ACTION])
    action = named.name if named is not None else texts[ACTION]
    return Request(action, texts[RESOURCE], texts[PRINCIPAL] if PRINCIPAL in cube.parts else "", keys)
