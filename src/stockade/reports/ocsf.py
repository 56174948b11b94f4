"""`-f ocsf`: events of the Open Cybersecurity Schema Framework 1.5, one JSON document a line, for data lakes.

Each is a Compliance Finding (class 2003): the outcome of a control that was evaluated on the configuration of a resource, as
AWS Security Hub sends its own controls too. A Detection Finding (2004) tells of something that happened, and a Vulnerability
Finding (2002) of a weakness of software that has an identifier of its own; a template has neither.
https://schema.ocsf.io/1.5.0/classes/compliance_finding
"""

from __future__ import annotations

import time
from typing import Any

import msgspec

from stockade import __version__
from stockade.engine.findings import Finding, Result
from stockade.engine.offers import Offers
from stockade.model.app import Resource
from stockade.reports._shared import folder_of, give, in_order, sentence, where
from stockade.rules._base import Confidence, Severity

VERSION = "1.5.0"
_SEVERITIES: dict[Severity, tuple[int, str]] = {
    "critical": (5, "Critical"),
    "high": (4, "High"),
    "medium": (3, "Medium"),
    "low": (2, "Low"),
    "info": (1, "Informational"),
}
_CONFIDENCES: dict[Confidence, tuple[int, str]] = {"high": (3, "High"), "medium": (2, "Medium"), "low": (1, "Low")}
_FSBP = "AWS Foundational Security Best Practices v1.0.0"


def render(result: Result) -> str:
    """All findings that are shown, and those that were suppressed, which say so."""
    now = int(time.time() * 1000)
    folder = folder_of(result)
    offers = Offers(result)
    encoder = msgspec.json.Encoder()
    lines = (encoder.encode(_event(f, folder, offers.help(f), now)) for f in in_order(result.reported))
    return b"".join(line + b"\n" for line in lines).decode()


def _event(finding: Finding, folder: str, help_: str, now: int) -> dict[str, Any]:
    rule, suppressed = finding.rule, finding.suppressed
    fault = finding.verdict == "fail"
    severity, severity_name = _SEVERITIES[finding.severity]
    confidence, confidence_name = _CONFIDENCES[finding.confidence]
    controls = [str(name) for name in rule.maps.get("aws-fsbp", ())]
    reasons = "; ".join(doubt.why + give(doubt.remedy) for doubt in finding.doubts)
    data: dict[str, Any] = {
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200301,
        "type_name": "Compliance Finding: Create",
        "time": now,
        "severity_id": severity,
        "severity": severity_name,
        "confidence_id": confidence,
        "confidence": confidence_name,
        "status_id": 1 if suppressed is None else 3,
        "status": "New" if suppressed is None else "Suppressed",
        "message": sentence(finding) if fault else f"cannot tell {sentence(finding)}",
        "metadata": {
            "version": VERSION,
            "product": {"name": "Stockade", "vendor_name": "Stockade", "version": __version__},
            "event_code": rule.code,
        },
        "finding_info": {
            "uid": finding.fingerprint,
            "title": rule.title,
            "desc": sentence(finding),
            "created_time": now,
            "types": ["Software and Configuration Checks"],
            "analytic": {"uid": rule.code, "name": rule.name, "type_id": 1, "type": "Rule"},
        },
        "compliance": {
            "control": rule.code,
            "standards": [_FSBP] if controls else ["Stockade"],
            "requirements": controls,
            "status_id": 3 if fault else 2,  # a warning is what missing information keeps from having a result
            "status": "Fail" if fault else "Warning",
            **({"status_detail": reasons} if reasons else {}),
        },
        "resources": [_resource(r) for r in _resources(finding)],
        "unmapped": _unmapped(finding, folder),
    }
    if suppressed is not None:
        data["comment"] = suppressed.reason
    if help_:
        data["remediation"] = {"desc": help_}
    return data


def _resources(finding: Finding) -> list[Resource]:
    every = (finding.subject, *finding.also, *finding.functions)
    return list({id(resource): resource for resource in every}.values())


def _resource(resource: Resource) -> dict[str, Any]:
    data = {"uid": resource.key, "name": resource.address, "type": resource.type or resource.kind}
    if resource.place is not None and resource.place.known:
        data["region"] = resource.place.region
    return data


def _unmapped(finding: Finding, folder: str) -> dict[str, Any]:
    """What the class has no attribute for: where the finding is in the source."""
    at = where(finding, folder)
    return {"location": {"path": at.path, "line": at.line, "column": at.column}} if at.path else {}
