"""Answers as proofs that can be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from stockade.engine.proofs.proof import Example, Part, Proof, Verdict
from stockade.iam.sets.clauses import Clause, shown
from stockade.iam.sets.derived import Excess
from stockade.iam.sets.questions import Answer, Refuted, Unknown


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
