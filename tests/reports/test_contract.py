"""The reports for machines hold what they promise: on our own templates and, where it is there, on a sample of real ones."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from stockade import api
from stockade.engine.findings import PERSONAS
from stockade.errors import NothingToScan
from stockade.reports import json as json_report
from stockade.reports import matrix, text
from tests.reports.consumers import CONSUMERS
from tests.reports.contract import ROOT, breaches
from tests.reports.formats import rendered
from tests.support import TODAY

SUFFIXES = {".yaml", ".yml", ".json"}
OWN = [
    ROOT / "examples" / "orders",
    *sorted(p for p in (ROOT / "tests" / "fixtures").rglob("*") if p.suffix in SUFFIXES),
]
SAMPLE = 60


def corpus() -> list[Path]:
    """Real templates, spread evenly over all that there are."""
    folder = os.environ.get("STOCKADE_CORPUS")
    if not folder:
        return []
    every = sorted(p for p in Path(folder).rglob("*") if p.suffix in SUFFIXES and p.is_file())
    return every[:: max(1, len(every) // SAMPLE)][:SAMPLE]


def check(path: Path, persona: str) -> None:
    """Scan a path and hold all its reports against what they promise."""
    try:
        result = api.scan(path, persona=persona, today=TODAY)
    except NothingToScan:
        return
    report = json.loads(json_report.render(result))
    rows = [json.loads(line) for line in matrix.render(result).splitlines()]
    assert breaches(report, rows, path if path.is_dir() else path.parent) == []
    if persona == PERSONAS[-1]:  # it sees what all others do
        assert {name: wrong for name, read in CONSUMERS.items() if (wrong := read(rendered(result, name)))} == {}
        assert "\x1b" not in text.render(result)


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("path", OWN, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_own_templates(path: Path, persona: str) -> None:
    check(path, persona)


@pytest.mark.corpus
@pytest.mark.parametrize("path", corpus(), ids=lambda p: "/".join(p.parts[-3:]))
def test_real_templates(path: Path) -> None:
    for persona in PERSONAS:
        check(path, persona)
