"""`-f sarif`: SARIF 2.1.0, for code scanning of code hosts.

Levels and `security-severity` follow GitHub's bands: critical from 9.0, high from 7.0, medium from 4.0. Its limits are
kept:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit

Paths are relative to the folder that the scan was started in, which for a build is the checkout. Regions count
characters (`unicodeCodePoints`), and no source text is copied into the report, so that no secret is.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from urllib.parse import quote

import msgspec

from stockade import __version__
from stockade.engine.findings import Finding, Result
from stockade.engine.offers import Offers
from stockade.reports._shared import elsewhere, folder_of, from_here, gap_place, give, in_order
from stockade.rules._base import Rule, Severity
from stockade.text.document import Span

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_SCORES: dict[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0"}
_LEVELS: dict[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}

# GitHub refuses a file with more.
MOST_RESULTS = 25_000
MOST_TAGS = 10
MOST_RELATED = 99  # with the primary one, a hundred places of a result are shown
LONGEST_TEXT = 1024

# Where a suppression is said: beside what it is about; everything else is outside of the code.
_KIND = {"inline": "inSource", "metadata": "inSource"}


def render(result: Result) -> str:
    """One run with all findings; suppressed ones are marked, gaps are notifications."""
    return _Run(result).render()


class _Run:
    """The run of one scan."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.folder = folder_of(result)
        self.offers = Offers(result)
        self.rules = [r for r in result.rules if result.covers(r)]
        self.index = {r.code: i for i, r in enumerate(self.rules)}

    def render(self) -> str:
        findings = in_order(list(self.result.reported))
        run = {
            "tool": {
                "driver": {
                    "name": "Stockade",
                    "semanticVersion": __version__,
                    "version": __version__,
                    "rules": [_rule(r) for r in self.rules],
                }
            },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {_ROOT: {"description": {"text": "the folder that the scan was started in"}}},
            "invocations": [
                {"executionSuccessful": True, "toolExecutionNotifications": self._notifications(len(findings))}
            ],
            "results": [self._result(f) for f in findings[:MOST_RESULTS]],
        }
        data = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
        return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"

    def _notifications(self, findings: int) -> list[dict[str, Any]]:
        said: list[dict[str, Any]] = [
            {
                "level": "warning",
                "message": {"text": f"{g.what}: {g.why}{give(g.remedy)}"},
                **({"locations": [self._location(g.span, None)]} if g.span is not None else {}),
                "descriptor": {"id": f"gap/{g.kind}"},
                "properties": {"place": gap_place(g, self.folder)},
            }
            for g in self.result.gaps
        ]
        if findings > MOST_RESULTS:
            left = findings - MOST_RESULTS
            text = f"{left} findings, the least severe, are left out: code hosts take {MOST_RESULTS} a run"
            said.append({"level": "warning", "message": {"text": text}, "descriptor": {"id": "limit/results"}})
        return said

    def _artifact(self, path: str) -> dict[str, Any]:
        return {"uri": quote(from_here(self.folder, path)), "uriBaseId": _ROOT}

    def _location(self, span: Span, label: str | None, number: int | None = None) -> dict[str, Any]:
        place: dict[str, Any] = {
            "physicalLocation": {"artifactLocation": self._artifact(span.doc.path), "region": region(span)}
        }
        if number is not None:
            place["id"] = number
        if label:
            place["message"] = {"text": label}
        return place

    def _result(self, finding: Finding) -> dict[str, Any]:
        span = finding.span
        related = elsewhere(finding)
        data: dict[str, Any] = {
            "ruleId": finding.rule.code,
            "ruleIndex": self.index[finding.rule.code],
            "kind": "fail" if finding.verdict == "fail" else "open",
            "level": _LEVELS[finding.severity] if finding.verdict == "fail" else "none",
            "message": {"text": _message(finding, self.offers.help(finding))},
            "locations": [self._location(span, None)] if span is not None else [],
            "partialFingerprints": {"stockade/v1": finding.fingerprint},
            "properties": {
                "severity": finding.severity,
                "subject": finding.subject.address,
                "functions": [f.address for f in finding.functions],
            },
        }
        if related:
            data["relatedLocations"] = [
                self._location(s, text, i) for i, (s, text) in enumerate(related[:MOST_RELATED], 1)
            ]
        fix = self._fix(finding)
        if fix is not None:
            data["fixes"] = [fix]
        if finding.suppressed is not None:
            data["suppressions"] = [
                {
                    "kind": _KIND.get(finding.suppressed.source, "external"),
                    "status": "accepted",
                    "justification": finding.suppressed.reason,
                }
            ]
        return data

    def _fix(self, finding: Finding) -> dict[str, Any] | None:
        """The edits of a finding's fix; None where it is advice, or can't be written."""
        fix = self.offers.first(finding)
        edits = self.offers.edits(finding)
        if fix is None or not edits:
            return None
        changes: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for document, edit in edits:
            replacement = {"deletedRegion": region(edit.span), "insertedContent": {"text": edit.text}}
            changes[document.path].append(replacement)
        title = f"{fix.title} ({fix.safety}: {fix.why})" if fix.why else f"{fix.title} ({fix.safety})"
        return {
            "description": {"text": title},
            "artifactChanges": [
                {"artifactLocation": self._artifact(path), "replacements": replacements}
                for path, replacements in changes.items()
            ],
        }


def _message(finding: Finding, help_text: str) -> str:
    text = finding.message if finding.verdict == "fail" else f"cannot tell whether {finding.message}"
    reasons = "; ".join(d.why for d in finding.doubts)
    if reasons:
        text += f": {reasons}"
    help_ = f". Help: {help_text}" if help_text else ""
    room = LONGEST_TEXT - len(help_)
    return (text if len(text) <= room else text[: room - 1] + "…") + help_


def _rule(rule: Rule) -> dict[str, Any]:
    body = rule.doc.strip().partition("\n")[2].strip()
    for word in ("bad", "good"):
        for language in ("yaml", "json", "hcl"):
            body = body.replace(f"```{language} {word}", f"```{language}")
    properties: dict[str, Any] = {
        "precision": rule.confidence,
        "tags": ["security", *(f"external/cwe/cwe-{n}" for n in rule.maps.get("cwe", ())), *rule.controls][:MOST_TAGS],
    }
    if rule.severity in _SCORES:
        properties["security-severity"] = _SCORES[rule.severity]
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.title + "."},
        "help": {"text": body, "markdown": body},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": properties,
    }


def region(span: Span) -> dict[str, Any]:
    """A place: lines and columns count characters from 1, and the end is exclusive."""
    line, column = span.doc.position(span.start)
    end_line, end_column = span.doc.position(span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
