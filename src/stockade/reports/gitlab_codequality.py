"""`-f gitlab-codequality`: what GitLab's merge requests show beside the changed lines, in all its editions.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import msgspec

from stockade.engine.findings import Result
from stockade.reports._shared import folder_of, in_order, sentence, where
from stockade.rules._base import Severity
from stockade.text.snippet import clean

_SEVERITIES: dict[Severity, str] = {
    "critical": "blocker",
    "high": "critical",
    "medium": "major",
    "low": "minor",
    "info": "info",
}


def render(result: Result) -> str:
    """An entry for each finding; one in no file is put where the scan began, since GitLab wants a path."""
    folder = folder_of(result)
    found = []
    for finding in in_order(result.visible):
        at = where(finding, folder)
        fault = finding.verdict == "fail"
        found.append(
            {
                "type": "issue",
                "check_name": f"{finding.rule.code} {finding.rule.name}",
                "description": clean(sentence(finding) if fault else f"cannot tell {sentence(finding)}"),
                "categories": ["Security"],
                "severity": _SEVERITIES[finding.severity] if fault else "info",
                "fingerprint": finding.fingerprint,
                "location": {"path": at.path or folder or ".", "lines": {"begin": at.line, "end": at.end_line}},
            }
        )
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"
