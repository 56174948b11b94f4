"""What several reports say in the same way: order, counts, what could not be told."""

from __future__ import annotations

from collections import Counter, defaultdict

from msgspec import Struct

from stockade.engine.findings import SEVERITIES, Finding, Result
from stockade.model.app import Gap
from stockade.model.value import Doubt


def in_order(findings: tuple[Finding, ...] | list[Finding]) -> list[Finding]:
    """The worst first, then by place."""

    def key(finding: Finding) -> tuple[int, str, int, str]:
        span = finding.span
        place = (span.doc.path, span.start) if span is not None else ("", 0)
        return SEVERITIES.index(finding.severity), place[0], place[1], finding.rule.code

    return sorted(findings, key=key)


def place(finding: Finding) -> str:
    """The place of a finding for people, such as `template.yaml:14:19`."""
    span = finding.span
    if span is None:
        return finding.subject.address
    line, column = span.doc.position(span.start)
    return f"{span.doc.path}:{line}:{column}"


def gap_place(gap: Gap) -> str:
    """The place of a gap for people."""
    if gap.span is None:
        return gap.path
    line, column = gap.span.doc.position(gap.span.start)
    return f"{gap.span.doc.path}:{line}:{column}"


class Undecided(Struct, frozen=True):
    """One cause of verdicts that could not be told, with how many there are and what to give."""

    why: str
    remedy: str
    cause: str
    verdicts: int
    functions: int


def undecided(result: Result) -> list[Undecided]:
    """Why verdicts could not be told, the commonest cause first. Counts rows of the matrix."""
    rows: Counter[tuple[str, str]] = Counter()
    functions: dict[tuple[str, str], set[int]] = defaultdict(set)
    remedies = _remedies(result)
    for row in result.rows:
        if row.verdict == "unknown" and result.covers(row.rule):
            key = (row.reason, row.cause)
            rows[key] += 1
            functions[key].add(id(row.function))
    return [
        Undecided(why, remedies.get(why, ""), cause, count, len(functions[why, cause]))
        for (why, cause), count in sorted(rows.items(), key=lambda item: (-item[1], item[0]))
    ]


def _remedies(result: Result) -> dict[str, str]:
    doubts: list[Doubt] = [d for f in result.findings for d in f.doubts]
    doubts += [f.role_unknown for f in result.app.functions if f.role_unknown is not None]
    doubts += [Doubt(f"{g.what}: {g.why}", g.remedy) for g in result.gaps]
    return {d.why: d.remedy for d in doubts if d.remedy}


def plural(number: int, word: str, words: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {word if number == 1 else words or word + 's'}"


