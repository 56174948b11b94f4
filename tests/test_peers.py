"""Every control that another tool has is held by a rule, or it is said what has to be seen to hold it; row by row."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from stockade.knowledge import peers
from stockade.knowledge.peers import Row
from stockade.rules import all_rules
from stockade.rules._base import Rule

RULES: dict[str, Rule] = {rule.name: rule for rule in all_rules()}
ALIASES = {alias for rule in all_rules() for alias in rule.aliases}
LETTERS = "ABCDEFGHIJKLMN"
# Tools whose ids are written in full; others are known by what is told apart in their long names.
EXACT = {
    *(
        "checkov",
        "trivy",
        "kics",
        "cfn-nag",
        "cdk-nag",
        "cfn-lint",
        "regula",
        "stave",
        "cloudsploit",
        "serverless-rules",
    )
}


@pytest.mark.parametrize("row", peers.rows(), ids=lambda row: f"{row.number}-{row.section}")
def test_a_row_is_held_or_it_is_said_by_what(row: Row) -> None:
    assert row.ids, "a row that no tool has is none"
    assert set(row.ids) <= set(peers.tools())
    if row.later is not None:
        assert not row.held, "what rules hold needs nothing else"
        return
    assert row.held, f"no rule holds: {row.fails_when}"
    assert set(row.held) <= set(RULES), "a rule is called otherwise, or was lost"
    missing = [id_ for tool in EXACT & row.ids.keys() for id_ in row.ids[tool] if id_ not in ALIASES]
    assert not missing, f"no rule names {missing} among its aliases"


def test_rows_are_numbered_and_in_sections() -> None:
    assert [row.number for row in peers.rows()] == list(range(1, len(peers.rows()) + 1))
    assert "".join(dict.fromkeys(row.section for row in peers.rows())) == LETTERS
    assert list(peers.sections()) == list(LETTERS)


def test_coverage_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """For whoever runs it with `-s`: how much of what each tool has is held."""
    have: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for row in peers.rows():
        for tool in row.ids:
            have[tool] += 1
            held[tool] += bool(row.held)
    lines = [
        f"{row.number:4} {row.section} {', '.join(row.held) or f'({row.later})'}: {row.fails_when}"
        for row in peers.rows()
    ]
    lines += [f"{peers.tools()[tool]:24} {held[tool]:4} of {number:4}" for tool, number in have.most_common()]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert sum(held.values()) > 0
