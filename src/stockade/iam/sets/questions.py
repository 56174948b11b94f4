"""What can be asked of policies, and the answers: proved, refuted by a request, or not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct

from stockade.iam.sets import globs
from stockade.iam.sets.compile import (
    WAYS,
    Atoms,
    MalformedError,
    Policy,
    Reading,
    Samples,
    domains,
    keys_with_many,
    samples,
    statements,
)
from stockade.iam.sets.cubes import Cube, Space
from stockade.iam.sets.formulas import And, Formula, Not
from stockade.iam.sets.literals import ACTION, PARTS, PRINCIPAL, RESOURCE, UnsupportedError
from stockade.iam.sets.requests import Request, decide
from stockade.iam.sets.solve import Solver

Document: TypeAlias = Mapping[str, Any]
STEPS = 2_000_000


class Proved(Struct, frozen=True):
    """It holds, of every request."""


class Refuted(Struct, frozen=True):
    """It does not hold: of this request, for one."""

    witness: Request


class Unknown(Struct, frozen=True):
    """It could not be told, and why."""

    reason: str


Answer: TypeAlias = Proved | Refuted | Unknown
PROVED = Proved()


def implies(new: Document, old: Document, *, steps: int = STEPS) -> Answer:
    """Whether all that one policy allows is allowed by the other."""
    return _asked(
        {"new": new, "old": old},
        lambda policies: And(policies["new"].formula, Not(policies["old"].formula)),
        lambda says: says("new") == "allow" and says("old") != "allow",
        steps,
    )


def _asked(
    documents: Mapping[str, Document],
    formula: Callable[[Mapping[str, Policy]], Formula],
    holds: Callable[[Callable[[str], str]], bool],
    steps: int,
) -> Answer:
    """Looks for a request of a formula: none proves, one that the documents themselves confirm refutes."""
    budget = globs.Budget(steps)
    found: list[Answer] = []
    atoms = Atoms()
    try:
        many = keys_with_many(documents.values())
        for way in WAYS:
            # What the first reading came upon says whether another one can differ.
            if not found or ((atoms.fields or not way.flat) and (atoms.names or way.whole)):
                found.append(_read(documents, formula, holds, budget, Reading(way, atoms, many)))
    except (MalformedError, UnsupportedError) as error:
        return Unknown(str(error))
    except globs.OutOfBudgetError:
        return Unknown(f"it takes more than {steps:,} steps")
    if len({type(each) for each in found}) > 1:
        return next((each for each in found if isinstance(each, Unknown)), _BY_READING)
    return found[0]


_BY_READING = Unknown(
    "it depends on what AWS's documentation leaves open: whether wildcards in ARNs reach beyond colons, or what becomes of "
    "a statement that asks for the value of a key that a request has not"
)


def _read(
    documents: Mapping[str, Document],
    formula: Callable[[Mapping[str, Policy]], Formula],
    holds: Callable[[Callable[[str], str]], bool],
    budget: globs.Budget,
    reading: Reading,
) -> Answer:
    """The answer under one way to read documents."""
    way, atoms, many = reading.way, reading.atoms, reading.many
    policies = _policies(documents, reading)
    space = Space(globs.Words(budget), many, domains(documents.values()))
    cube = Solver(space).solve(formula(policies))
    if cube is None:
        return PROVED
    for values in samples(documents.values(), atoms.names) if atoms.names else ():
        sampled = Samples(values)
        policies = _policies(documents, Reading(way, sampled, many))
        cube = Solver(space).solve(And(formula(policies), sampled.forced()))
        if cube is not None:
            break
    if cube is None:
        return Unknown(f"it depends on what {_listed(list(atoms.names))} may be")
    request = request_of(cube, space)
    if not holds(lambda name: decide([documents[name]], request, flat=way.flat, whole=way.whole)):
        return Unknown("the example that was found does not stand up to being checked: please report it")
    return Refuted(request)


def _policies(documents: Mapping[str, Document], reading: Reading) -> Mapping[str, Policy]:
    return {name: statements(document, reading, f"{name}:") for name, document in documents.items()}


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
        if part not in PARTS and (values := space.example(part, state))
    }
    return Request(texts[ACTION], texts[RESOURCE], texts[PRINCIPAL] if PRINCIPAL in cube.parts else "", keys)
