"""`-f concise`: one line for each finding."""

from __future__ import annotations

from stockade.engine.findings import Result
from stockade.reports._shared import folder_of, in_order, place
from stockade.text.snippet import clean


def render(result: Result) -> str:
    """All findings that nobody suppressed, a line each."""
    folder = folder_of(result)
    lines = []
    for finding in in_order(result.visible):
        word = finding.severity if finding.verdict == "fail" else "cannot tell"
        whether = "" if finding.verdict == "fail" else "whether "
        said = f"{finding.rule.code} [{finding.rule.name}] {whether}{finding.message}"
        lines.append(clean(f"{place(finding, folder)}: {word} {said}"))
    return "".join(line + "\n" for line in lines)
