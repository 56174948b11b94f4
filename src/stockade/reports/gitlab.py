"""`-f gitlab`: the report of a SAST analyzer, for GitLab's merge requests and vulnerability report.

https://docs.gitlab.com/development/integrations/secure/#report

Suppressed findings are left out: GitLab has its own dismissals. What could not be told has the severity `Unknown`, which
GitLab has for that. What GitLab shows as Markdown is escaped, and the source is not copied into it.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import msgspec

from stockade import __version__
from stockade.engine.findings import Finding, Result
from stockade.engine.offers import Offers
from stockade.reports._markup import prose
from stockade.reports._shared import folder_of, gap_place, give, in_order, sentence, where
from stockade.rules._base import Rule
from stockade.text.snippet import clean

VERSION = (
    "15.0.7"  # of the schema: the oldest of version 15 that GitLab still takes, so that older installations do too
)
_SCHEMA = (
    "https://gitlab.com/gitlab-org/security-products/security-report-schemas"
    f"/-/raw/v{VERSION}/dist/sast-report-format.json"
)
_TOOL = {"id": "stockade", "name": "Stockade", "version": __version__, "vendor": {"name": "Stockade"}}
_LONGEST_NAME = 255
_LONGEST_SOLUTION = 7000


def render(result: Result) -> str:
    """One report with all findings that are shown."""
    end = datetime.datetime.now(tz=datetime.UTC)
    start = end - datetime.timedelta(seconds=result.seconds)
    folder = folder_of(result)
    offers = Offers(result)
    data = {
        "schema": _SCHEMA,
        "version": VERSION,
        "scan": {
            "analyzer": _TOOL,
            "scanner": _TOOL,
            "type": "sast",
            "start_time": f"{start:%Y-%m-%dT%H:%M:%S}",
            "end_time": f"{end:%Y-%m-%dT%H:%M:%S}",
            "status": "success",
            "messages": [
                {"level": "warn", "value": clean(f"{gap_place(g, folder)}: {g.what}: {g.why}{give(g.remedy)}")}
                for g in result.gaps
            ],
            "primary_identifiers": [_identifier(rule) for rule in result.rules if result.covers(rule)],
        },
        "vulnerabilities": [_vulnerability(f, folder, offers.help(f)) for f in in_order(result.visible)],
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def _identifier(rule: Rule) -> dict[str, str]:
    return {"type": "stockade_rule", "name": f"{rule.code} {rule.name}", "value": rule.code}


def _vulnerability(finding: Finding, folder: str, help_: str) -> dict[str, Any]:
    rule = finding.rule
    at = where(finding, folder)
    place = {"file": at.path, "start_line": at.line, "end_line": at.end_line} if at.path else {}
    details: dict[str, Any] = {}
    if finding.functions:
        names = [{"type": "text", "value": clean(function.address)} for function in finding.functions]
        details["functions"] = {"name": "Functions", "type": "list", "items": names}
    if finding.doubts:
        reasons = [{"type": "text", "value": clean(doubt.why + give(doubt.remedy))} for doubt in finding.doubts]
        details["reasons"] = {"name": "Why it can't be told", "type": "list", "items": reasons}
    data: dict[str, Any] = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"stockade:{finding.fingerprint}")),
        "name": rule.title[:_LONGEST_NAME],
        "description": prose(sentence(finding)),
        "severity": finding.severity.capitalize() if finding.verdict == "fail" else "Unknown",
        "identifiers": [
            _identifier(rule),
            *(
                {
                    "type": "cwe",
                    "name": f"CWE-{number}",
                    "value": str(number),
                    "url": f"https://cwe.mitre.org/data/definitions/{number}.html",
                }
                for number in rule.maps.get("cwe", ())
            ),
        ],
        "location": place,
        "details": details,
    }
    if help_:
        data["solution"] = clean(help_)[:_LONGEST_SOLUTION]
    if place:
        signature = {"algorithm": "hash", "value": finding.fingerprint}
        data["tracking"] = {"type": "source", "items": [{**place, "signatures": [signature]}]}
    return data
