"""`-f sarif`: SARIF 2.1.0, for code scanning of code hosts.

Levels and `security-severity` follow GitHub's bands: critical from 9.0, high from 7.0, medium from 4.0
(https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning).
"""

from __future__ import annotations

from typing import Any

import msgspec

from stockade import __version__
from stockade.engine.findings import Finding, Result, shown_span
from stockade.reports._shared import gap_place, in_order
from stockade.rules._base import Rule, Severity
from stockade.text.document import Span

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_SCORES: dict[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "0.0"}
_LEVELS: dict[Severity, str] = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}


def render(result: Result) -> str:
    """One run with all findings; suppressed ones are marked, gaps are notifications."""
    findings = in_order(list(result.reported))
    rules = [r for r in result.rules if result.covers(r)]
    index = {r.code: i for i, r in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "Stockade",
                "semanticVersion": __version__,
                "version": __version__,
                "rules": [_rule(r) for r in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the scanned folder"}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {
                        "level": "warning",
                        "message": {"text": f"{g.what}: {g.why}" + (f" ({g.remedy})" if g.remedy else "")},
                        **({"locations": [_location(g.span, None)]} if g.span is not None else {}),
                        "descriptor": {"id": f"gap/{g.kind}"},
                        "properties": {"place": gap_place(g)},
                    }
                    for g in result.gaps
                ],
            }
        ],
        "results": [_result(f, index[f.rule.code]) for f in findings],
    }
    data = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    body = rule.doc.strip().partition("\n")[2].strip()
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.title + "."},
        "help": {"text": body, "markdown": body},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "security-severity": _SCORES[rule.severity],
            "precision": {"high": "high", "medium": "medium", "low": "low"}[rule.confidence],
            "tags": ["security", *rule.controls, *(f"external/cwe/cwe-{n}" for n in rule.maps.get("cwe", ()))],
        },
    }


def _region(span: Span) -> dict[str, Any]:
    line, column = span.doc.position(span.start)
    end_line, end_column = span.doc.position(span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _location(span: Span, label: str | None, number: int | None = None) -> dict[str, Any]:
    from urllib.parse import quote

    place: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(span.doc.path), "uriBaseId": "SRCROOT"},
            "region": _region(span),
        }
    }
    if number is not None:
        place["id"] = number
    if label:
        place["message"] = {"text": label}
    return place


def _result(finding: Finding, index: int) -> dict[str, Any]:
    span = finding.span
    text = finding.message if finding.verdict == "fail" else f"cannot tell whether {finding.message}"
    reasons = "; ".join(d.why for d in finding.doubts)
    if reasons:
        text += f": {reasons}"
    if finding.help:
        text += f". Help: {finding.help}"
    related = [(s, label.text) for label in finding.related if (s := shown_span(label.origin)) is not None]
    data: dict[str, Any] = {
        "ruleId": finding.rule.code,
        "ruleIndex": index,
        "kind": "fail" if finding.verdict == "fail" else "open",
        "level": _LEVELS[finding.severity] if finding.verdict == "fail" else "none",
        "message": {"text": text},
        "locations": [_location(span, None)] if span is not None else [],
        "partialFingerprints": {"stockade/v1": finding.fingerprint},
        "properties": {
            "security-severity": _SCORES[finding.severity],
            "subject": finding.subject.address,
            "functions": [f.address for f in finding.functions],
        },
    }
    if related:
        data["relatedLocations"] = [_location(s, label, i) for i, (s, label) in enumerate(related, 1)]
    if finding.suppressed is not None:
        data["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": finding.suppressed.reason}]
    return data
