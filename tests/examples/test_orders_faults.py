"""`examples/orders` against its own list of planted faults and good twins (`FAULTS.md`), which was written before the rules."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from msgspec import Struct

from stockade import api
from stockade.engine.findings import Finding, Result, shown_span
from tests.support import TODAY

ORDERS = Path(__file__).parents[2] / "examples" / "orders"

# What a later part of Stockade will find: these need the code, the package, or more of the account than a function's own.
NOT_YET = {
    "F25": "needs the handler's code",
    "F26": "needs the handler's code",
    "F27": "needs the handler's code",
    "F31": "samconfig.toml is read for parameters, and not yet scanned itself",
}
# Planted faults of resources beyond functions (FLEET-2), which have no rules yet.
LATER_CONTROLS = {"FLEET-2"}
# Rules of the same control as a twin which ask for more than what makes it good.
BEYOND = {
    "SK505": "a runtime that is current need not be the newest",
    "SK711": "logs that are deleted after a while need not be kept for a year",
    "SK150": "a function that nobody outside invokes needs no concurrency of its own",
}
# Good twins that only the handler's code can tell from bad ones.
NEEDS_CODE = {"G01": "the handler verifies the caller, which only its code shows"}


class Row(Struct, frozen=True):
    """One row of FAULTS.md."""

    id: str
    controls: tuple[str, ...]
    path: str
    line: int
    subjects: tuple[str, ...]


@cache
def rows() -> tuple[Row, ...]:
    """All rows about infrastructure."""
    found = []
    for line in (ORDERS / "FAULTS.md").read_text("utf-8").splitlines():
        cells = [c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) < 6 or not re.fullmatch(r"[FG]\d\d", cells[0]):
            continue
        path, _, number = cells[2].rpartition(":")
        if path.endswith((".yaml", ".toml")):
            controls = tuple(c.strip() for c in cells[1].split(","))
            found.append(Row(cells[0], controls, path, int(number), tuple(s.strip() for s in cells[3].split(","))))
    return tuple(found)


@cache
def result() -> Result:
    """The scan, as the strictest persona sees it."""
    return api.scan(ORDERS, persona="pedantic", today=TODAY)


def concerns(finding: Finding, row: Row) -> bool:
    """Whether a finding is about the place or the subject of a row."""
    spans = [finding.span, *(shown_span(label.origin) for label in finding.related)]
    if any(s is not None and s.doc.path == row.path and s.line <= row.line <= max(s.end_line, s.line) for s in spans):
        return True
    names = {finding.subject.address, *(s.address for s in finding.also), *(f.address for f in finding.functions)}
    return bool(names & set(row.subjects))


def at(finding: Finding, row: Row) -> bool:
    """Whether a finding points at the very line of a row."""
    span = finding.span
    return span is not None and span.doc.path == row.path and span.line == row.line


FAULTS = [r for r in rows() if r.id.startswith("F") and not set(r.controls) <= LATER_CONTROLS]
TWINS = [r for r in rows() if r.id.startswith("G") and not set(r.controls) <= LATER_CONTROLS]


@pytest.mark.parametrize("row", [r for r in FAULTS if r.id not in NOT_YET], ids=lambda r: f"{r.id}-{r.controls[0]}")
def test_every_planted_fault_is_found(row: Row) -> None:
    hits = [
        f
        for f in result().visible
        if f.verdict == "fail" and set(f.rule.controls) & set(row.controls) and concerns(f, row)
    ]
    assert hits, f"nothing says {row.controls} about {row.subjects} ({row.path}:{row.line})"


@pytest.mark.parametrize("row", [r for r in FAULTS if r.id in NOT_YET], ids=lambda r: r.id)
def test_what_is_not_found_yet_is_still_not_found(row: Row) -> None:
    """So that the list above is kept short."""
    hits = [
        f for f in result().visible if f.verdict == "fail" and set(f.rule.controls) & set(row.controls) and at(f, row)
    ]
    assert not hits, f"{row.id} is found now: take it off the list"


@pytest.mark.parametrize("row", [r for r in TWINS if r.id not in NEEDS_CODE], ids=lambda r: f"{r.id}-{r.controls[0]}")
def test_every_good_twin_stays_quiet(row: Row) -> None:
    wrong = [
        f
        for f in result().visible
        if f.verdict == "fail" and set(f.rule.controls) & set(row.controls) and at(f, row) and f.rule.code not in BEYOND
    ]
    assert not wrong, f"{wrong[0].rule.code} {wrong[0].message}"
