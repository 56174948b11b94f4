"""What many tests need: applications and scans of templates that are written in the test."""

from __future__ import annotations

import datetime
from pathlib import Path

from stockade import api
from stockade.engine.findings import Finding, Result

TODAY = datetime.date(2026, 11, 21)


def scan_text(
    folder: Path,
    text: str,
    *,
    name: str = "template.yaml",
    select: tuple[str, ...] = (),
    persona: str = "auditor",
    **parameters: str,
) -> Result:
    """The scan of one template."""
    (folder / name).write_text(text, encoding="utf-8")
    return api.scan(folder, parameters=parameters, select=select, persona=persona, today=TODAY)


def fails(result: Result, code: str) -> list[Finding]:
    """The faults that a rule found."""
    return [f for f in result.shown if f.rule.code == code and f.verdict == "fail"]


def verdicts(result: Result, code: str) -> dict[str, str]:
    """The verdict of a rule on each function."""
    return {row.function.address: row.verdict for row in result.rows if row.rule.code == code}
