"""One violation each, hidden behind one feature of the Serverless Framework.

The fixtures follow a measurement of checkov (4 of 7 right). Each says in comments what is expected, and for which stage
(`twin`) the fault is not there.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stockade import api
from tests.support import TODAY

FOLDER = Path(__file__).parent / "fixtures" / "one_feature_serverless"


def verdicts(path: Path, stage: str = "") -> dict[tuple[str, str], str]:
    """The verdict of each rule on each function."""
    result = api.scan(path, stage=stage, today=TODAY, persona="auditor")
    return {(row.rule.name, row.function.address): row.verdict for row in result.rows}


def outcome(path: Path) -> tuple[bool, str]:
    """Whether a case is right, and what came out."""
    text = next(path.glob("serverless.*")).read_text(encoding="utf-8")
    expected = re.findall(r"^(?:#|//) expect: (\S+) (\S+) (\S+)$", text, re.MULTILINE)
    seen, safe = verdicts(path), verdicts(path, "safe")
    told = [
        f"{rule} on {function}: {seen.get((rule, function))}, safe {safe.get((rule, function))}"
        for rule, _, function in expected
    ]
    right = all(seen.get((r, f)) == v and safe.get((r, f)) not in {"fail", "unknown"} for r, v, f in expected)
    return right and bool(expected), "; ".join(told)


def test_all_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(path.name, *outcome(path)) for path in sorted(FOLDER.iterdir())]
    with capsys.disabled():
        print()  # noqa: T201 - the table is what this test is for
        for name, right, told in rows:
            print(f"  {'right' if right else 'WRONG'}  {name:20} {told}")  # noqa: T201
        print(f"  {sum(right for _, right, _ in rows)} of {len(rows)} right (checkov 3.3.30: 4 of 7)")  # noqa: T201
    assert len(rows) == 8
    assert [name for name, right, _ in rows if not right] == []
