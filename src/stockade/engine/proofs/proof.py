"""A question with its answer, as reports tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from stockade.iam.sets.clauses import Clause, shown
from stockade.iam.sets.derived import Excess
from stockade.iam.sets.questions import Answer, Refuted, Unknown
from stockade.iam.sets.requests import Request

Verdict: TypeAlias = Literal["proved", "refuted", "unknown"]


class Example(Struct, frozen=True, kw_only=True):
    """One request that shows it.

    Attributes:
        request: the request.
        where: what things are taken to be in it that are known only by their names.
        when: the premises under which it is so.
        statements: the statements that match it, by the name of what they belong to.
    """

    request: Request
    where: Mapping[str, str] = field(default_factory=dict)
    when: tuple[str, ...] = ()
    statements: Mapping[str, tuple[Clause, ...]] = field(default_factory=dict)


class Part(Struct, frozen=True, kw_only=True):
    """A part of what differs: what one statement allows that nothing on the other side does.

    Attributes:
        statement: the statement.
        actions: its actions that do; none for what `NotAction` leaves.
        resources: its resources; none for what `NotResource` leaves, or where it names none.
        conditions: its conditions, as JSON has them.
        whole: nothing of it is allowed on the other side.
        examples: of patterns of which a part is allowed there, the actions that are not allowed at all.
        example: one request.
    """

    statement: Clause
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, object]
    whole: bool
    examples: tuple[str, ...]
    example: Example


class Proof(Struct, frozen=True, kw_only=True):
    """A question with its answer.

    Attributes:
        question: what was asked, as a sentence that may be true.
        otherwise: of a refuted question, what is so instead, as a sentence; empty where that goes without saying.
        verdict: "proved": it is true of every request; "refuted": it is not, of the example; or "unknown".
        why: of "unknown" why, else what there is to say beside.
        example: what refutes it.
        parts: of questions about what differs, all that does.
        items: the same question of parts of the whole, each with its answer: functions, roles.
        statements: of questions about statements, those that the answer is about.
        document: of `minimise`, the policy.
        assumes: what was taken to be so.
        of: the day whose actions it holds of, where an action that AWS may add could be otherwise; else nothing.
    """

    question: str
    verdict: Verdict
    otherwise: str = ""
    why: str = ""
    example: Example | None = None
    parts: tuple[Part, ...] = ()
    items: tuple[Proof, ...] = ()
    statements: tuple[Clause, ...] = ()
    document: Mapping[str, object] | None = None
    assumes: tuple[str, ...] = ()
    of: str = ""


def proof_of(question: str, answer: Answer, labels: Mapping[str, str] | None = None) -> Proof:
    """A question with an answer; `labels` gives the sides of the question the names that people gave them."""
    if isinstance(answer, Unknown):
        return Proof(question=question, verdict="unknown", why=answer.reason)
    if isinstance(answer, Refuted):
        return Proof(question=question, verdict="refuted", example=example_of(answer, labels or {}))
    return Proof(question=question, verdict="proved", assumes=answer.assumes, of=answer.of)


def example_of(answer: Refuted, labels: Mapping[str, str]) -> Example:
    """The request of a refutation."""
    request = answer.witness
    # Only what the example speaks of is to be explained.
    said = " ".join(
        (request.resource, request.principal, *(text for values in request.keys.values() for text in values))
    )
    where = {name: text for name, text in answer.where.items() if text in said and text != name}
    statements = {}
    for name, clauses in answer.statements.items():
        written = tuple(clause for clause in clauses if clause.name)
        if written:
            statements[labels.get(name, name)] = written
    spelled = {
        key.lower(): key for clauses in answer.statements.values() for clause in clauses for key in _keys(clause)
    }
    request = replace(request, keys={spelled.get(key, key): values for key, values in request.keys.items()})
    return Example(request=request, where=where, when=answer.when, statements=statements)


def _keys(clause: Clause) -> Iterator[str]:
    """The condition keys of a statement, as they are written there."""
    block = clause.most.get("Condition")
    for keys in block.values() if isinstance(block, Mapping) else ():
        yield from map(str, keys) if isinstance(keys, Mapping) else ()


def part_of(excess: Excess, labels: Mapping[str, str]) -> Part:
    """A part of a difference."""
    conditions = excess.clause.most.get("Condition") or {}
    return Part(
        statement=excess.clause,
        actions=excess.actions,
        resources=tuple(map(shown, excess.resources)),
        conditions=conditions,
        whole=excess.whole,
        examples=excess.examples,
        example=example_of(excess.witness, labels),
    )


def together(question: str, items: tuple[Proof, ...], why: str = "") -> Proof:
    """One answer of many: refuted if one is, else unknown if one is."""
    verdicts = {item.verdict for item in items}
    verdict: Verdict = "refuted" if "refuted" in verdicts else "unknown" if "unknown" in verdicts else "proved"
    assumes = tuple(dict.fromkeys(each for item in items for each in item.assumes))
    of = next((item.of for item in items if item.of), "")
    return Proof(
        question=question, verdict=verdict, why=why, items=items, assumes=assumes, of=of if verdict == "proved" else ""
    )
