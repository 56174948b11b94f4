"""`-f json`: the contract of `schemas/report.schema.json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from stockade import __version__
from stockade.engine.findings import Finding, Result, shown_span
from stockade.engine.offers import Offers
from stockade.model.app import Gap
from stockade.model.intent import Fix
from stockade.model.value import Origin
from stockade.reports._shared import elsewhere, undecided
from stockade.text.document import Document, Span
from stockade.text.edits import Edit


def render(result: Result) -> str:
    """The whole report as one JSON document."""
    rows = _row_verdicts(result)
    offers = Offers(result)
    data = {
        "schema_version": 1,
        "tool": {"name": "stockade", "version": __version__},
        "findings": [finding_data(f, rows, offers) for f in result.reported],
        "gaps": [gap_data(g) for g in result.gaps],
        "stats": stats_data(result),
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def span_data(span: Span | None) -> dict[str, Any] | None:
    """A place: lines and columns count from 1, the end is exclusive."""
    if span is None:
        return None
    line, column = span.doc.position(span.start)
    end_line, end_column = span.doc.position(span.end)
    return {"path": span.doc.path, "line": line, "column": column, "end_line": end_line, "end_column": end_column}


def origin_data(origin: Origin | None) -> dict[str, Any] | None:
    """The place of an origin, where it is in a file."""
    return span_data(shown_span(origin))


_START = {"line": 1, "column": 1, "end_line": 1, "end_column": 1}
_ROW = {"fail": "fail", "unsure": "unknown"}


def _row_verdicts(result: Result) -> dict[tuple[int, str], str]:
    return {(id(row.function), row.rule.code): row.verdict for row in result.rows}


def finding_data(finding: Finding, rows: dict[tuple[int, str], str], offers: Offers) -> dict[str, Any]:
    """One finding.

    `function` is only named where its row of the matrix says the same: a doubt about a function that fails for another
    reason does not decide that row.
    """
    functions = [f.address for f in finding.functions]
    decides = len(functions) == 1 and rows.get((id(finding.functions[0]), finding.rule.code)) == _ROW[finding.verdict]
    return {
        "rule": {"code": finding.rule.code, "name": finding.rule.name},
        "verdict": finding.verdict,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "persona": finding.persona,
        "controls": list(finding.rule.controls),
        "subject": {
            "kind": finding.subject.kind,
            "address": finding.subject.address,
            "function": functions[0] if decides else None,
            "functions": functions,
            "also": [s.address for s in finding.also],
        },
        "location": origin_data(finding.origin),
        "related": [{**place, "label": text} for s, text in elsewhere(finding) if (place := span_data(s)) is not None],
        "message": finding.message,
        "when": [[p.text for p in when] for when in finding.when],
        "reasons": [d.why for d in finding.doubts],
        "help": offers.help(finding),
        "fixes": [
            fix_data(fix, offers.edits(finding) if index == 0 else ())
            for index, fix in enumerate(offers.fixes(finding))
        ],
        "fingerprint": finding.fingerprint,
        "suppressed": None
        if finding.suppressed is None
        else {
            "source": finding.suppressed.source,
            "reason": finding.suppressed.reason,
            "owner": finding.suppressed.owner,
            "until": finding.suppressed.until,
            "location": span_data(finding.suppressed.span),
        },
    }


def fix_data(fix: Fix, edits: Sequence[tuple[Document, Edit]]) -> dict[str, Any]:
    """One fix, with the edits that would carry it out; `stockade fix` verifies them, a report does not."""
    shown = [{"location": span_data(edit.span), "text": edit.text} for _, edit in edits]
    return {"title": fix.title, "safety": fix.safety, "why": fix.why, "edits": shown}


def gap_data(gap: Gap) -> dict[str, Any]:
    """One gap."""
    return {
        "what": gap.what,
        "why": gap.why,
        "kind": gap.kind,
        "location": span_data(gap.span) or ({"path": gap.path, **_START} if gap.path else None),
        "affects": list(gap.affects),
        "remedy": gap.remedy,
    }


def stats_data(result: Result) -> dict[str, Any]:
    """Counts of the scan."""
    verdicts = {"fail": 0, "pass": 0, "not_applicable": 0, "unknown": 0}
    for row in result.rows:
        if result.covers(row.rule):
            verdicts[row.verdict] += 1
    return {
        "files": len(result.app.sources),
        "functions": len(result.app.functions),
        "resources": len(result.app.resources),
        "rules": len(result.rules),
        "persona": result.persona,
        "verdicts": verdicts,
        "undecided": [
            {"why": c.why, "remedy": c.remedy, "cause": c.cause, "verdicts": c.verdicts, "functions": c.functions}
            for c in undecided(result)
        ],
        "hidden": result.hidden,
        "baseline": None
        if result.baseline is None
        else {
            "file": result.baseline.file,
            "still": result.baseline.still,
            "gone": [msgspec.to_builtins(known) for known in result.baseline.gone],
        },
        "seconds": round(result.seconds, 3),
    }
