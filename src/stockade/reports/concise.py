"""`-f concise`: one line for each finding."""

from __future__ import annotations

from stockade.engine.findings import Result
from stockade.reports._shared import in_order, place
from stockade.text.snippet import clean


def render(result: Result) -> str:
    """All findings that nobody suppressed, a line each."""
    lines = []
    for finding in in_order(result.visible):
        word = finding.severity if finding.verdict == "fail" else "cannot tell"
        lines.append(clean(f"{place(finding)}: {word} {finding.rule.code} [{finding.rule.name}] {finding.message}"))
    return "".join(line + "\n" for line in lines)
