"""One violation each, hidden behind one feature of CloudFormation or SAM: what every peer misses some of.

The fixtures follow a measurement of checkov (8 of 19 right). Each says in comments what is expected: rule, verdict,
function; and with which parameters (`twin`) the fault is not there, so that a rule that always fails does not pass.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stockade import api
from tests.support import TODAY

FOLDER = Path(__file__).parent / "fixtures" / "one_feature"
CASES = sorted([*(p for p in FOLDER.iterdir() if p.suffix == ".yaml"), *(p for p in FOLDER.iterdir() if p.is_dir())])


def verdicts(path: Path, **parameters: str) -> dict[tuple[str, str], str]:
    """The verdict of each rule on each function."""
    result = api.scan(path, parameters=parameters, today=TODAY, persona="auditor")
    found: dict[tuple[str, str], str] = {}
    for row in result.rows:
        key = (row.rule.name, row.function.address)
        if found.get(key) != "fail":
            found[key] = row.verdict
    return found


def outcome(path: Path) -> tuple[bool, str]:
    """Whether a case is right, and what came out."""
    text = (path / "template.yaml" if path.is_dir() else path).read_text(encoding="utf-8")
    seen = verdicts(path)
    told = []
    right = True
    for rule, verdict, function in re.findall(r"^# expect: (\S+) (\S+) (\S+)$", text, re.MULTILINE):
        got = seen.get((rule, function), "no verdict")
        told.append(f"{rule} on {function}: {got}")
        right = right and got == verdict
        for twin in re.findall(r"^# twin: (.+)$", text, re.MULTILINE):
            other = verdicts(path, **dict([twin.split("=", 1)])).get((rule, function), "no verdict")
            told.append(f"with {twin}: {other}")
            right = right and other != "fail"
    return right and bool(told), "; ".join(told)


def test_nineteen_of_nineteen(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(path.stem, *outcome(path)) for path in CASES]
    with capsys.disabled():
        print()  # noqa: T201 - the table is what this test is for
        for name, right, told in rows:
            print(f"  {'right' if right else 'WRONG'}  {name:34} {told}")  # noqa: T201
        print(f"  {sum(right for _, right, _ in rows)} of {len(rows)} right (checkov 3.3.30: 8 of 19)")  # noqa: T201
    assert len(rows) == 19
    assert [name for name, right, _ in rows if not right] == []
