"""One violation each, hidden behind one feature of Terraform: what every peer misses some of.

The fixtures follow a measurement of checkov (20 of 29 right, 7 of the others reported as passed). Each says in comments what
is expected of its functions: rule, verdict, address. Below a `twin` stands what is expected of the same module with another
value of a variable; where there is none, a sibling in the module is good, so that a rule that always fails does not pass.

That the expectations are true is not our word: `terraform plan` was recorded for every scene (scripts/oracles), and a reading
of the planned values that knows nothing of Stockade must say the same.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from stockade import api
from tests.support import TODAY

FOLDER = Path(__file__).parent / "fixtures" / "one_feature_terraform"
PLANS = Path(__file__).parent / "oracles" / "terraform" / "plans" / "one_feature"
CASES = sorted(path for path in FOLDER.iterdir() if path.is_dir())


class Scene(NamedTuple):
    """What is expected with some values of variables: verdicts by rule and function."""

    variables: dict[str, str]
    expected: dict[tuple[str, str], str]


def scenes(case: Path) -> list[Scene]:
    """The case as it is, and its twins."""
    found = [Scene({}, {})]
    for line in (case / "main.tf").read_text(encoding="utf-8").splitlines():
        if twin := re.fullmatch(r"# twin: (\w+)=(.+)", line):
            found.append(Scene({twin[1]: twin[2]}, {}))
        elif expect := re.fullmatch(r"# expect: (\S+) (\S+) (\S+)", line):
            found[-1].expected[expect[1], expect[3]] = expect[2]
    return found


def verdicts(case: Path, variables: dict[str, str]) -> dict[tuple[str, str], str]:
    """The verdict of each rule on each function; the worst where a function has several rows."""
    found: dict[tuple[str, str], str] = {}
    for row in api.scan(case, variables=variables, today=TODAY, persona="auditor").rows:
        key = (row.rule.name, row.function.address)
        if found.get(key) != "fail":
            found[key] = row.verdict
    return found


def outcome(case: Path) -> tuple[bool, str]:
    """Whether a case is right in all its scenes, and what came out."""
    told = []
    right = True
    for scene in scenes(case):
        seen = verdicts(case, scene.variables)
        given = "".join(f" with {name}={value}" for name, value in scene.variables.items())
        for (rule, function), verdict in scene.expected.items():
            got = seen.get((rule, function), "no verdict")
            told.append(f"{rule} on {function}{given}: {got}" + ("" if got == verdict else f", not {verdict}"))
            right = right and got == verdict
    return right, "; ".join(told)


def test_twenty_nine_of_twenty_nine(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(case.name, *outcome(case)) for case in CASES]
    with capsys.disabled():
        print()  # noqa: T201 - the table is what this test is for
        for name, right, told in rows:
            print(f"  {'right' if right else 'WRONG'}  {name:26} {told}")  # noqa: T201
        print(f"  {sum(right for _, right, _ in rows)} of {len(rows)} right (checkov 3.3.30: 20 of 29)")  # noqa: T201
    assert len(rows) == 29
    assert [name for name, right, _ in rows if not right] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_case_has_a_good_side_and_a_bad_one(case: Path) -> None:
    said = {verdict for scene in scenes(case) for verdict in scene.expected.values()}
    assert "fail" in said
    assert said & {"pass", "not_applicable"}
    assert all(scene.expected for scene in scenes(case))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_plan_says_what_is_expected(case: Path) -> None:
    recorded = json.loads((PLANS / f"{case.name}.json").read_text(encoding="utf-8"))["scenes"]
    assert [scene["variables"] for scene in recorded] == [scene.variables for scene in scenes(case)]
    for scene, planned in zip(scenes(case), recorded, strict=True):
        for (rule, function), verdict in scene.expected.items():
            assert judged(planned["resources"], rule, function) == verdict, (rule, function, scene.variables)


def judged(resources: dict[str, Any], rule: str, function: str) -> str:
    """What the planned values say of a function. In the fixtures a role is named as its function is."""
    own = resources[function]["values"]
    name = own["function_name"]

    def of(kind: str, by: str) -> list[dict[str, Any]]:
        return [held["values"] for held in resources.values() if held["type"] == kind and held["values"][by] == name]

    if rule == "public-function-url":
        modes = [url["authorization_type"] for url in of("aws_lambda_function_url", "function_name")]
        return _verdict(["bad" if mode == "NONE" else "good" for mode in modes], none="not_applicable")
    if rule == "star-action":
        actions = [
            action
            for policy in of("aws_iam_role_policy", "role")
            for statement in _list(policy["policy"]["$json"]["Statement"])
            for action in _list(statement["Action"])
        ]
        return _verdict(["bad" if action == "*" else "good" for action in actions], none="pass")
    if rule == "admin-managed-policy":
        policies = [held["policy_arn"] for held in of("aws_iam_role_policy_attachment", "role")]
        return _verdict(["bad" if arn.endswith("/AdministratorAccess") else "good" for arn in policies], none="pass")
    if rule == "secret-in-environment":
        names = [each for block in own.get("environment", []) for each in block["variables"]]
        return _verdict(["bad" if "PASSWORD" in each else "good" for each in names], none="not_applicable")
    wanted = {"service-permission-without-source": {"source_arn", "source_account"}}.get(rule, {"source_account"})
    assert rule in {"service-permission-without-source", "s3-permission-without-account"}
    permissions = [held for held in of("aws_lambda_permission", "function_name") if "amazonaws" in held["principal"]]
    return _verdict(["good" if wanted & held.keys() else "bad" for held in permissions], none="not_applicable")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _verdict(parts: list[str], *, none: str) -> str:
    if not parts:
        return none
    return "fail" if "bad" in parts else "pass"
