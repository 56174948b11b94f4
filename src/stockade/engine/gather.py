"""Tells once what a whole file leaves out.

Forty functions of one template without tracing are one omission, and one finding. It is gathered after ignores
were applied, so that an ignore on one function takes just that function out.
"""

from __future__ import annotations

from collections import defaultdict

from msgspec.structs import replace

from stockade.engine.findings import Finding, fixes_of_all
from stockade.rules._words import names

_Key = tuple[str, str, str, str, str, str]


def gather(findings: list[Finding]) -> list[Finding]:
    """The findings, those of one file with one cause as one. What holds only on a condition stays apart."""
    groups: dict[_Key, list[Finding]] = defaultdict(list)
    keys = [_key(finding) for finding in findings]
    for key, finding in zip(keys, findings, strict=True):
        if key is not None:
            groups[key].append(finding)
    result: list[Finding] = []
    for key, finding in zip(keys, findings, strict=True):
        group = groups[key] if key is not None else [finding]
        if finding is group[0]:
            result.append(_one(group) if len(group) > 1 else finding)
    return result


def _key(finding: Finding) -> _Key | None:
    if not finding.together or finding.when or finding.suppressed is not None or finding.span is None:
        return None
    return (
        finding.rule.code,
        finding.verdict,
        finding.span.doc.path,
        finding.together,
        finding.severity,
        finding.persona,
    )


def _one(group: list[Finding]) -> Finding:
    first = group[0]
    functions = {id(f): f for finding in group for f in finding.functions}
    doubts = {d.why: d for finding in group for d in finding.doubts}
    subjects = {id(s): s for finding in group[1:] for s in (finding.subject, *finding.also)}
    return replace(
        first,
        functions=tuple(functions.values()),
        also=(*first.also, *(s for key, s in subjects.items() if key != id(first.subject))),
        message=first.together.format(names(functions.values(), 3)),
        doubts=tuple(doubts.values()),
        fixes=fixes_of_all(group),
    )
