"""Tells once what a whole file leaves out, and what one program writes into the templates of several environments.

Forty functions of one template without tracing are one omission, and one finding. So is a construct of the CDK that is
synthesised for five stages. It is gathered after ignores were applied, so that an ignore on one function takes just that
function out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from stockade.engine.findings import Finding, fixes_of_all
from stockade.model.app import Gap, Missing, Unsupported
from stockade.model.value import File
from stockade.rules._words import names

_Key = tuple[object, ...]


def gather(findings: list[Finding]) -> list[Finding]:
    """The findings, those with one cause as one. What holds only on a condition stays apart."""
    return _together(_together(findings, _key, _one), _twin_key, _first_of_twins)


def untold(gaps: Iterable[Gap], findings: Iterable[Finding]) -> tuple[Gap, ...]:
    """The gaps of which no finding tells: that of a name of nothing says why the value is not known."""
    told: set[tuple[str, int]] = set()
    for finding in findings:
        if isinstance(finding.subject, Missing | Unsupported) and finding.verdict == "fail":
            origins = (finding.origin, *(label.origin for label in finding.related))
            told |= {(o.path, o.span.start) for o in origins if isinstance(o, File)}
    return tuple(
        gap
        for gap in gaps
        if gap.hides
        or gap.span is None
        or gap.kind not in {"undefined", "expression", "unsupported", "wrong-shape"}
        or (gap.path, gap.span.start) not in told
    )


def _together(
    findings: list[Finding], key_of: Callable[[Finding], _Key | None], one: Callable[[list[Finding]], Finding]
) -> list[Finding]:
    groups: dict[_Key, list[Finding]] = defaultdict(list)
    keys = [key_of(finding) for finding in findings]
    for key, finding in zip(keys, findings, strict=True):
        if key is not None:
            groups[key].append(finding)
    result: list[Finding] = []
    for key, finding in zip(keys, findings, strict=True):
        group = groups[key] if key is not None else [finding]
        if finding is group[0]:
            result.append(one(group) if len(group) > 1 else finding)
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


def _twin_key(finding: Finding) -> _Key | None:
    """What findings in templates that are made alike have in common, if they have the same cause in each of them."""
    subjects = (finding.subject, *finding.also)
    if finding.suppressed is not None or not all(subject.twin for subject in subjects):
        return None
    premises = frozenset(p.text for when in finding.when for p in when)
    twins = frozenset(subject.twin for subject in subjects)
    evidence = finding.evidence
    for named in (*subjects, *finding.functions):
        evidence = evidence.replace(named.address, named.twin)
    return finding.rule.code, finding.verdict, finding.severity, finding.persona, premises, twins, evidence


def _first_of_twins(group: list[Finding]) -> Finding:
    first = group[0]
    subjects = {id(s): s for finding in group for s in (finding.subject, *finding.also)}
    functions = {id(f): f for finding in group for f in finding.functions}
    return replace(
        first,
        functions=tuple(functions.values()),
        also=tuple(s for s in subjects.values() if s is not first.subject),
        fixes=fixes_of_all(group),
    )
