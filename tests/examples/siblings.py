"""What is compared of an example that says in another format what `examples/orders` says in SAM."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from stockade import api
from stockade.engine.findings import Finding, Result, shown_span
from stockade.engine.run import say
from tests.examples.test_orders_faults import BEYOND, LATER_CONTROLS, NEEDS_CODE, NOT_YET, ORDERS
from tests.examples.test_orders_faults import rows as sam_rows
from tests.support import TODAY

EXAMPLES = ORDERS.parent
STAGES = ("dev", "prod")

Told: TypeAlias = tuple[str, str, str, str, str, frozenset[str], str]


class Difference(Struct, frozen=True):
    """A rule that says something else of some functions than it does in SAM, and why that is right."""

    rule: str
    functions: tuple[str, ...]
    sam: str
    here: str
    why: str


@cache
def sam(stage: str) -> Result:
    """The scan of the example in SAM for one stage."""
    return api.scan(ORDERS, persona="pedantic", today=TODAY, parameters={"Stage": stage})


def told(result: Result, addresses: Mapping[tuple[str, str], str] | None = None) -> Counter[Told]:
    """What the findings of a scan say: the rule, the verdict, how grave it is, the kind and address of the resource, for
    which functions, and when. Each address is looked up, if there is something to look it up in.

    Each resource of a finding counts by itself: one place of a module is one cause in all functions that are made by it, and
    in SAM each function has a place of its own.
    """
    counted: Counter[Told] = Counter()
    for finding in result.visible:
        for subject in (finding.subject, *finding.also):
            named = [(subject.kind, subject.address), *((f.kind, f.address) for f in subject.functions)]
            address, *functions = [a if addresses is None else addresses[kind, a] for kind, a in named]
            when = say(finding.when).replace("`var.stage`", "Stage")
            counted[
                finding.rule.code,
                finding.verdict,
                finding.severity,
                subject.kind,
                address,
                frozenset(functions),
                when,
            ] += 1
    return counted


def assert_same(wanted: Counter[Told], found: Counter[Told]) -> None:
    """Show what is in one of them only."""
    assert (sorted((wanted - found).elements(), key=str), sorted((found - wanted).elements(), key=str)) == ([], [])


def but(findings: Counter[Told], functions: Mapping[str, str], differences: Iterable[Difference]) -> Counter[Told]:
    """The findings without those that are stated to be in one format only; `functions` are the addresses by those in SAM."""
    stated = {(d.rule, frozenset({functions[name]})) for d in differences for name in d.functions}
    return Counter({one: count for one, count in findings.items() if (one[0], one[5]) not in stated})


def verdicts(result: Result) -> dict[tuple[str, str], str]:
    """The verdict of every rule on every function."""
    return {(row.rule.code, row.function.address): row.verdict for row in result.rows}


def assert_verdicts(sam: Result, here: Result, functions: Mapping[str, str], differences: Iterable[Difference]) -> None:
    """Every rule says the same of every function, but for what is stated; `functions` are the addresses here by those in SAM."""
    wanted = {(code, functions[name]): verdict for (code, name), verdict in verdicts(sam).items()}
    found = verdicts(here)
    differing = {
        key: (wanted.get(key), found.get(key))
        for key in wanted.keys() | found.keys()
        if wanted.get(key) != found.get(key)
    }
    assert differing == {(d.rule, functions[name]): (d.sam, d.here) for d in differences for name in d.functions}


class Place(Struct, frozen=True):
    """One row of the table in an example's FAULTS.md."""

    id: str
    path: str
    line: int
    addresses: tuple[str, ...]
    anchor: str


@cache
def places(folder: Path) -> dict[str, Place]:
    """All its rows, by id."""
    found = {}
    for text in (folder / "FAULTS.md").read_text("utf-8").splitlines():
        cells = [c.strip() for c in text.split("|")[1:-1]]
        if len(cells) == 4 and re.fullmatch(r"[FG]\d\d", cells[0]):
            path, _, number = cells[1].rpartition(":")
            addresses = tuple(re.findall(r"`([^`]+)`", cells[2]))
            assert cells[0] not in found
            found[cells[0]] = Place(cells[0], path, int(number), addresses, cells[3].strip("`"))
    return found


CONTROLS = {row.id: set(row.controls) for row in sam_rows()}
FAULTS = sorted(i for i, c in CONTROLS.items() if i.startswith("F") and i not in NOT_YET and not c <= LATER_CONTROLS)
TWINS = sorted(i for i, c in CONTROLS.items() if i.startswith("G") and i not in NEEDS_CODE and not c <= LATER_CONTROLS)


def assert_anchored(folder: Path, place: Place) -> None:
    """The anchor of a row is on its line."""
    assert place.anchor in (folder / place.path).read_text("utf-8").splitlines()[place.line - 1]


def _fails(results: Iterable[Result], row: str) -> list[Finding]:
    """What the scans say about the controls of a row."""
    return [f for r in results for f in r.visible if f.verdict == "fail" and set(f.rule.controls) & CONTROLS[row]]


def _concerns(finding: Finding, place: Place) -> bool:
    """Whether a finding names the line of a row, or is about its resource."""
    spans = [finding.span, *(shown_span(label.origin) for label in finding.related)]
    spans += [via.span for via in getattr(finding.origin, "via", ())]
    if any(s is not None and s.doc.path == place.path and s.line <= place.line <= s.end_line for s in spans):
        return True
    names = {finding.subject.address, *(s.address for s in finding.also), *(f.address for f in finding.functions)}
    return bool(names & set(place.addresses))


def assert_found(place: Place, *results: Result) -> None:
    """A planted fault is found in one of the scans."""
    found = any(_concerns(f, place) for f in _fails(results, place.id))
    assert found, f"nothing says {CONTROLS[place.id]} about {place.addresses}"


def assert_quiet(place: Place, *results: Result) -> None:
    """No scan reports a good twin: no finding points at its line."""
    wrong = [
        f"{f.rule.code} {f.message}"
        for f in _fails(results, place.id)
        if f.span is not None and (f.span.doc.path, f.span.line) == (place.path, place.line) and f.rule.code not in BEYOND
    ]
    assert wrong == []
