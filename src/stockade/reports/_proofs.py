"""Proofs as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

import msgspec

from stockade.engine.proofs.proof import Example, Part, Proof
from stockade.iam.sets.clauses import Clause, shown

_WORDS = {"proved": "proved", "refuted": "refuted", "unknown": "not known"}
_TONES = {"proved": "\x1b[1;32m", "refuted": "\x1b[1;31m", "unknown": "\x1b[1;33m"}
_RESET = "\x1b[0m"
_LABEL = 14
_SHOWN = 6


def render(proof: Proof, *, colour: bool = False, width: int = 100) -> str:
    """For people: the answer, what shows it, and what it rests on."""
    return "".join(line + "\n" for line in _lines(proof, colour, width))


def _head(proof: Proof, colour: bool) -> str:  # noqa: FBT001 - as the caller was told
    word, said = _WORDS[proof.verdict], proof.question
    if proof.verdict == "refuted" and proof.otherwise:
        word, said = "found", proof.otherwise
    return f"{_TONES[proof.verdict]}{word}{_RESET}: {said}" if colour else f"{word}: {said}"


def _lines(proof: Proof, colour: bool, width: int) -> Iterator[str]:  # noqa: FBT001 - as the caller was told
    yield _head(proof, colour)
    yield from _body(proof, width)
    for item in proof.items:
        if item.verdict == "proved":
            continue
        yield ""
        yield "  " + _head(item, colour)
        yield from ("  " + line if line else "" for line in _body(item, width - 2))
    if proof.items:
        yield ""
        counts = {verdict: sum(item.verdict == verdict for item in proof.items) for verdict in _WORDS}
        said = [f"{count} {_WORDS[verdict]}" for verdict, count in counts.items() if count]
        yield f"  of {len(proof.items)}: {', '.join(said)}"
    for each in proof.assumes:
        yield from _row("assuming", each, width)
    if proof.of:
        yield from _row(
            "note", f"it holds of the actions that AWS had on {proof.of}; others may be added (--future)", width
        )


def _body(proof: Proof, width: int) -> Iterator[str]:
    if proof.why:
        yield from _row("because" if proof.verdict == "unknown" else "note", proof.why, width)
    if proof.parts:
        for part in proof.parts:
            yield from _part(part, width)
    if proof.example is not None:
        yield from _example(proof.example, width)
    for clause in proof.statements:
        yield from _row("statement", clause.name + _place(clause), width)


def _example(example: Example, width: int) -> Iterator[str]:
    request = example.request
    yield from _row("for example", f"{request.action} on {request.resource}", width)
    if request.principal:
        yield from _row("by", request.principal.partition("|")[2], width)
    for key, values in request.keys.items():
        yield from _row("with", f"{key} = {', '.join(values)}", width)
    if example.when:
        yield from _row("when", ", ".join(example.when), width)
    # Regions and accounts are read off the ARN.
    where = {name: text for name, text in example.where.items() if not name.startswith("AWS::")}
    if where:
        yield from _row("where", ", ".join(f"<{name}> is {text}" for name, text in where.items()), width)
    sides = example.statements
    for side, clauses in sides.items():
        for clause in clauses:
            of = f"  (of {side})" if len(sides) > 1 else ""
            yield from _row("allowed by" if clause.allows else "denied by", f"{clause.name}{_place(clause)}{of}", width)


def _part(part: Part, width: int) -> Iterator[str]:
    not_actions = part.statement.most.get("NotAction")
    actions = ", ".join(part.actions) or f"all but {_listed(not_actions)}"
    not_resources = part.statement.most.get("NotResource")
    resources = ", ".join(part.resources) or (f"all but {_listed(not_resources)}" if not_resources else "")
    yield from _row("new", f"{actions} on {resources}" if resources else actions, width)
    if not part.whole:
        shown_ = part.examples[:_SHOWN]
        more = f" and {len(part.examples) - len(shown_)} more" if len(part.examples) > len(shown_) else ""
        yield from _row("", f"in part: {', '.join(shown_)}{more}" if shown_ else "in part", width)
    for operator, keys in part.conditions.items():
        for key, values in keys.items() if isinstance(keys, dict) else ():
            yield from _row("", f"if {key} {operator} {_listed(values)}", width)
    yield from _row("", f"by {part.statement.name}{_place(part.statement)}", width)


def _listed(values: object) -> str:
    return shown(", ".join(map(str, values)) if isinstance(values, list) else str(values))


def _place(clause: Clause) -> str:
    return f"  {clause.at}" if clause.at is not None else ""


def _row(label: str, text: str, width: int) -> Iterator[str]:
    first, *rest = wrap(text, max(width - _LABEL - 2, 40), break_long_words=False, break_on_hyphens=False) or [""]
    yield f"  {label:<{_LABEL}}{first}"
    for line in rest:
        yield " " * (_LABEL + 2) + line


# ------------------------------------------------------------------------------------------------------------- JSON


def render_json(proof: Proof) -> str:
    """For programs: everything, as `schemas/proof.schema.json` describes it."""
    return msgspec.json.format(msgspec.json.encode({"schema_version": 1, **_data(proof)}), indent=2).decode() + "\n"


def _data(proof: Proof) -> dict[str, Any]:
    return {
        "question": proof.question,
        "otherwise": proof.otherwise,
        "verdict": proof.verdict,
        "why": proof.why,
        "example": None if proof.example is None else _example_data(proof.example),
        "parts": [_part_data(part) for part in proof.parts],
        "items": [_data(item) for item in proof.items],
        "statements": [_clause_data(clause) for clause in proof.statements],
        "document": proof.document,
        "assumes": list(proof.assumes),
        "actions_as_of": proof.of or None,
    }


def _example_data(example: Example) -> dict[str, Any]:
    request = example.request
    return {
        "action": request.action,
        "resource": request.resource,
        "principal": request.principal.partition("|")[2] or None,
        "keys": {key: list(values) for key, values in request.keys.items()},
        "when": list(example.when),
        "where": dict(example.where),
        "statements": {
            side: [_clause_data(clause) for clause in clauses] for side, clauses in example.statements.items()
        },
    }


def _part_data(part: Part) -> dict[str, Any]:
    return {
        "statement": _clause_data(part.statement),
        "actions": list(part.actions),
        "resources": list(part.resources),
        "conditions": {operator: dict(keys) for operator, keys in part.conditions.items() if isinstance(keys, dict)},
        "whole": part.whole,
        "examples": list(part.examples),
        "example": _example_data(part.example),
    }


def _clause_data(clause: Clause) -> dict[str, Any]:
    at = clause.at
    location = None if at is None else {"path": at.path, "line": at.line, "column": at.column}
    return {"name": clause.name, "effect": "Allow" if clause.allows else "Deny", "location": location}
