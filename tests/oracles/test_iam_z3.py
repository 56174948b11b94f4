"""The same questions put to z3, whose formulas are written from AWS's documentation."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from stockade.iam.sets.questions import Answer, Proved, Refuted, implies
from stockade.knowledge import iam as facts
from tests.oracles.iam.pairs import Maker
from tests.oracles.iam.smt import Told, ask_z3

NAMES: dict[type[Answer], Told] = {Proved: "proved", Refuted: "refuted"}


def agrees(new: dict[str, Any], old: dict[str, Any]) -> bool:
    """Whether z3 decides the question at all; what both decide has to be the same."""
    told = ask_z3(new, old, milliseconds=400)
    ours = NAMES.get(type(implies(new, old)), "depends on the reading")
    assert told in {None, ours}, (new, old)
    return told is not None


@pytest.mark.parametrize("part", range(2))
def test_z3_agrees_on_generated_pairs(part: int) -> None:
    pairs = [Maker(f"z3/{number}", plain=True).pair() for number in range(part * 30, (part + 1) * 30)]
    assert sum(agrees(*pair) for pair in pairs) >= 12


def test_z3_agrees_on_policies_of_aws() -> None:
    decided = 0
    for name in facts.managed_policies()[7::80]:
        found = facts.managed_policy(name)
        assert found is not None
        if "${" in str(found.document):
            continue
        document = copy.deepcopy(found.document)
        listed = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
        document["Statement"] = listed
        if len(listed) > 4:
            continue
        wider = copy.deepcopy(document)
        for statement in wider["Statement"]:
            if statement["Effect"] == "Allow":
                statement.pop("Condition", None)
        decided += agrees(document, wider)
        decided += agrees(wider, {**document, "Statement": listed[1:]})
    assert decided >= 10
