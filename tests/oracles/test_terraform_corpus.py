"""Public Terraform, read whole: nothing raises, and every function that a file declares is in the model or in a gap.

The folders are snapshots of public repositories below the one that STOCKADE_TERRAFORM names.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from stockade import api
from tests.support import TODAY

ROOT = Path(os.environ.get("STOCKADE_TERRAFORM", "-"))
FOLDERS = sorted(p for p in ROOT.iterdir() if p.is_dir()) if ROOT.is_dir() else []
_DECLARED = re.compile(r'^\s*resource\s+"aws_lambda_function"\s+"([^"]+)"', re.MULTILINE)
MOST_UNDECIDED = 0.08

pytestmark = pytest.mark.snapshots


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_every_function_is_seen(folder: Path) -> None:
    app = api.load(folder)
    seen = {
        (function.site.document.path, function.address.rpartition(".")[2].partition("[")[0])
        for function in app.functions
        if function.site is not None
    }
    gaps = {gap.path for gap in app.gaps}
    for path in folder.rglob("*.tf"):
        shown = path.relative_to(folder).as_posix()
        if ".terraform/" in shown:
            continue
        for name in _DECLARED.findall(path.read_text(encoding="utf-8", errors="replace")):
            assert (shown, name) in seen or shown in gaps, f"{shown}: {name}"


def test_little_can_not_be_told() -> None:
    undecided = decided = 0
    for folder in FOLDERS:
        for row in api.scan(folder, today=TODAY).rows:
            if row.function.site is not None and row.function.site.input == "terraform":
                undecided += row.verdict == "unknown"
                decided += row.verdict != "unknown"
    assert undecided <= MOST_UNDECIDED * (undecided + decided)
