"""`-f csv`: a table, one row a finding, as RFC 4180 has it.

Spreadsheets take a cell that begins with certain signs for a formula, and scanned files may hold anything; such a cell gets an
apostrophe before it, which spreadsheets take for "this is text".
"""

from __future__ import annotations

import csv
import io

from stockade.engine.findings import Finding, Result
from stockade.engine.offers import Offers
from stockade.model.grades import Order
from stockade.reports._shared import folder_of, give, in_order, where
from stockade.text.snippet import clean

COLUMNS = (
    "verdict",
    "severity",
    "confidence",
    "rule",
    "name",
    "message",
    "resource",
    "kind",
    "functions",
    "path",
    "line",
    "column",
    "end_line",
    "end_column",
    "reasons",
    "help",
    "fix",
    "fix_safety",
    "suppressed",
    "fingerprint",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - their wide forms count too


def render(result: Result, *, sort: Order = "severity") -> str:
    """A heading, and all findings: what is shown, and what was suppressed."""
    folder = folder_of(result)
    offers = Offers(result)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for finding in in_order(result.reported, sort):
        table.writerow([_cell(value) for value in _row(finding, folder, offers)])
    return out.getvalue()


def _row(finding: Finding, folder: str, offers: Offers) -> list[str | int]:
    at = where(finding, folder)
    fix = offers.first(finding)
    suppressed = finding.suppressed
    return [
        finding.verdict,
        finding.severity,
        finding.confidence,
        finding.rule.code,
        finding.rule.name,
        finding.message,
        finding.subject.address,
        finding.subject.kind,
        "; ".join(function.address for function in finding.functions),
        at.path,
        *((at.line, at.column, at.end_line, at.end_column) if at.path else ("", "", "", "")),
        "; ".join(doubt.why + give(doubt.remedy) for doubt in finding.doubts),
        offers.help(finding),
        fix.title if fix is not None else "",
        fix.safety if fix is not None else "",
        suppressed.reason or "no reason given" if suppressed is not None else "",
        finding.fingerprint,
    ]


def _cell(value: str | int) -> str | int:
    if isinstance(value, int):
        return value
    text = clean(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
