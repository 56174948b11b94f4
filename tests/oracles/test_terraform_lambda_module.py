"""The examples of terraform-aws-modules/terraform-aws-lambda, against what Terraform plans for them.

`terraform/plans/facts` holds what was recorded of each example (`python -m scripts.oracles.record_lambda_module`): functions,
roles, policies, permissions and URLs with the attributes that rules ask for, and the statements of those policies whose text is
known only after apply. The module itself is none of ours: these tests run where STOCKADE_TERRAFORM names a folder of snapshots
with `terraform-aws-modules+terraform-aws-lambda` in it. What the examples call from the registry is not there, and not compared.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from stockade.model.kinds.identity import Policy
from stockade.model.policy import Statement
from tests.oracles.test_terraform_plans import Compare

FACTS = Path(__file__).parent / "terraform" / "plans" / "facts"
REPOSITORY = Path(os.environ.get("STOCKADE_TERRAFORM", "-")) / "terraform-aws-modules+terraform-aws-lambda"
EXAMPLES = sorted(file.stem for file in FACTS.glob("*.json"))

here = pytest.mark.snapshots


@cache
def planned(example: str) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((FACTS / f"{example}.json").read_text(encoding="utf-8"))
    [scene] = held["scenes"]
    found: dict[str, Any] = scene["resources"]
    return found


def _from_registry(example: str) -> set[str]:
    """The calls of an example whose modules are not in the repository."""
    texts = [file.read_text(encoding="utf-8") for file in (REPOSITORY / "examples" / example).glob("*.tf")]
    calls = re.findall(r'^module "([^"]+)" \{\s*source\s*=\s*"([^"]+)"', "\n".join(texts), re.MULTILINE)
    return {name for name, source in calls if not source.startswith(".")}


@cache
def evaluated(example: str) -> dict[str, dict[str, Any]]:
    """What we say of the resources whose types were recorded."""
    from stockade.inputs.given import Variables
    from stockade.inputs.terraform.disk import Disk
    from stockade.inputs.terraform.modules import anything_of
    from stockade.inputs.terraform.project import Project

    project = Project(Disk(REPOSITORY), Variables(workspace="default"))
    project.run([f"examples/{example}"])
    kinds = {held["type"] for name in EXAMPLES for held in planned(name).values()}
    elsewhere = _from_registry(example)
    found: dict[str, dict[str, Any]] = {}
    for root in project.roots:
        for declared in project.declared(root):
            called = re.match(r"module\.([\w-]+)", declared.address)
            if declared.type in kinds and not (called and called[1] in elsewhere):
                found[declared.address] = {name: anything_of(term) for name, term in declared.block.entries.items()}
    return found


def test_the_facts_hold_what_rules_ask_for() -> None:
    assert len(EXAMPLES) >= 15
    counted = Counter(held["type"] for example in EXAMPLES for held in planned(example).values())
    assert counted["aws_lambda_function"] >= 25
    assert counted["aws_iam_role"] >= 25
    assert counted["aws_iam_role_policy"] >= 30
    assert sum("statements" in held for example in EXAMPLES for held in planned(example).values()) >= 20


@here
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_same_resources(example: str) -> None:
    assert sorted(evaluated(example)) == sorted(planned(example))


@here
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_same_values(example: str) -> None:
    from stockade.inputs.terraform.modules import UNKNOWN

    kept: dict[str, set[str]] = {}
    for name in EXAMPLES:
        for held in planned(name).values():
            kept.setdefault(held["type"], set()).update(held["values"])
    wrong: list[str] = []
    for address, held in planned(example).items():
        # AWS's own policies are known to us by their names; Terraform asks AWS for them.
        known = {"policy"} if held["values"].get("policy") == {"$unknown": True} else set()
        asked = {name for name, value in held["values"].items() if value == {"$asked": True}} | known
        values = {name: value for name, value in held["values"].items() if name not in asked}
        ours = evaluated(example).get(address, {})
        mine = {name: value for name, value in ours.items() if name in kept[held["type"]] - asked}
        wrong += Compare(example, UNKNOWN, converts=True).instance(address, mine, {"values": values})
    assert not wrong, "\n".join(wrong)


@cache
def policies(example: str) -> dict[str, Policy]:
    from stockade.inputs.terraform.disk import Disk
    from stockade.inputs.terraform.read import read

    found = read(Disk(REPOSITORY), [f"examples/{example}"])
    return {held.address: held for held in found.resources if isinstance(held, Policy)}


@here
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_same_statements(example: str) -> None:
    wrong: list[str] = []
    for address, held in planned(example).items():
        if "statements" not in held:
            continue
        ours = policies(example).get(address)
        if ours is None:
            wrong.append(f"{address}: we have no such policy")
        elif len(ours.statements) != len(held["statements"]) or not ours.statements.complete:
            wrong.append(f"{address}: {len(ours.statements)} statements, and {len(held['statements'])} are planned")
        else:
            for index, (mine, other) in enumerate(zip(ours.statements, held["statements"], strict=True)):
                wrong += [f"{address}[{index}] {line}" for line in _differences(mine, other)]
    assert not wrong, "\n".join(wrong)


def _differences(ours: Statement, planned: dict[str, Any]) -> Iterator[str]:
    if ours.effect.only() != planned["effect"]:
        yield f"effect: we say {ours.effect.show()}, and {planned['effect']} is planned"
    if planned.get("sid") != (ours.sid.only() if ours.sid is not None else None):
        yield f"sid: {planned.get('sid')} is planned"
    for name in ("actions", "not_actions", "resources", "not_resources"):
        mine, other = getattr(ours, name), planned.get(name)
        if (mine is None) != (other is None):
            yield f"{name}: {'we alone have' if other is None else 'Terraform alone has'} it"
        elif isinstance(other, list):
            said = {value.only() for value in mine} - {None}
            known = {value for value in other if isinstance(value, str)}
            if len(known) == len(other) and (said != known or len(mine) != len(other)):
                yield f"{name}: we say {sorted(said)}, and {sorted(known)} is planned"
            elif not known <= said:
                yield f"{name}: we lack {sorted(known - said)}"
    conditions = sorted([one.operator, one.key] for one in ours.conditions)
    if conditions != planned.get("conditions", []):
        yield f"conditions: we say {conditions}, and {planned.get('conditions', [])} is planned"
