"""What a project has otherwise than the defaults: options of rules, severities, and findings that are not to be reported."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from stockade.engine.findings import Finding
from stockade.inputs.ignore import Patterns
from stockade.model.suppression import Audit, Suppression
from stockade.model.value import File
from stockade.rules._base import Severity


class Place(Struct, frozen=True, kw_only=True):
    """What is otherwise for the findings of some files. Rules are named by their codes.

    Attributes:
        files: which files.
        ignore: of which rules nothing is reported.
        select: of which rules alone something is; None for all.
        severity: what findings of a rule have there.
        said: what says so.
    """

    files: Patterns
    ignore: frozenset[str] = frozenset()
    select: frozenset[str] | None = None
    severity: Mapping[str, Severity] = {}
    said: Suppression


class Decision(Struct, frozen=True, kw_only=True):
    """Findings that somebody decided not to act on: of these rules, in these files, of this function.

    `audited`: that nothing falls under it is a fault, for all that it may be about is scanned.
    """

    rules: frozenset[str]
    files: Patterns | None = None
    function: str = ""
    audited: bool = True
    said: Suppression


class Tailoring(Struct, frozen=True, kw_only=True):
    """What the configuration says of rules and paths.

    Attributes:
        options: the options of rules, by the type that declares them.
        severity: the severity of a rule's findings, by its code.
        places: what is otherwise in some files; the later winning.
        decisions: what is not to be reported.
        exclude: what is not looked for.
    """

    options: Mapping[type[Struct], Any] = {}
    severity: Mapping[str, Severity] = {}
    places: tuple[Place, ...] = ()
    decisions: tuple[Decision, ...] = ()
    exclude: Patterns | None = None


PLAIN = Tailoring()


def with_severities(findings: Sequence[Finding], tailoring: Tailoring) -> list[Finding]:
    """The findings, as severe as they are configured to be."""
    if not tailoring.severity and not any(place.severity for place in tailoring.places):
        return list(findings)
    return [replace(finding, severity=_severity(finding, tailoring)) for finding in findings]


def _severity(finding: Finding, tailoring: Tailoring) -> Severity:
    severity = tailoring.severity.get(finding.rule.code, finding.severity)
    path = _path(finding)
    for place in tailoring.places:
        own = place.severity.get(finding.rule.code)
        if own is not None and place.files.cover(path):
            severity = own
    return severity


def apply_tailoring(
    findings: Sequence[Finding], tailoring: Tailoring, today: datetime.date
) -> tuple[list[Finding], tuple[Audit, ...]]:
    """The findings, those that the configuration suppresses marked as such; and what became of each of its decisions."""
    used: set[int] = set()
    result: list[Finding] = []
    for finding in findings:
        chosen = finding.suppressed or _of_place(finding, tailoring.places)
        for decision in tailoring.decisions:
            if _decides(decision, finding):
                used.add(id(decision))
                if not decision.said.is_expired(today):
                    chosen = chosen or decision.said
        result.append(finding if chosen is finding.suppressed else replace(finding, suppressed=chosen))
    return result, tuple(Audit(d.said, id(d) in used or not d.audited) for d in tailoring.decisions)


def _of_place(finding: Finding, places: Sequence[Place]) -> Suppression | None:
    code, path = finding.rule.code, _path(finding)
    for place in places:
        silent = code in place.ignore or (place.select is not None and code not in place.select)
        if silent and place.files.cover(path):
            return place.said
    return None


def _decides(decision: Decision, finding: Finding) -> bool:
    if finding.rule.code not in decision.rules:
        return False
    if decision.files is not None and not decision.files.cover(_path(finding)):
        return False
    if not decision.function:
        return True
    # What is so of several functions is only decided where each of them is meant.
    return bool(finding.functions) and all(fnmatchcase(f.address, decision.function) for f in finding.functions)


def _path(finding: Finding) -> str:
    """The file of a finding; of one without a place in a file, that of its subject."""
    span = finding.span
    if span is not None:
        return span.doc.path
    origin = finding.subject.origin
    return origin.span.doc.path if isinstance(origin, File) else ""
