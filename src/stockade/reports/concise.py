"""`-f concise`: one line for each finding."""

from __future__ import annotations

from stockade.engine.findings import Result
from stockade.model.grades import Order
from stockade.reports._shared import folder_of, in_order, place, sentence, word_of
from stockade.text.snippet import clean


def render(result: Result, *, sort: Order = "severity") -> str:
    """All findings that nobody suppressed, a line each."""
    folder = folder_of(result)
    lines = []
    for finding in in_order(result.visible, sort):
        said = f"{finding.rule.code} [{finding.rule.name}] {sentence(finding)}"
        lines.append(clean(f"{place(finding, folder)}: {word_of(finding)} {said}"))
    return "".join(line + "\n" for line in lines)
