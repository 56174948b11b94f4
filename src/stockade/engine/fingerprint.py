"""Names for findings that survive moved lines, renamed files and reordered templates.

A fingerprint is made of the rule, the subject's kind and address and the finding's evidence, never of a line or a path. Equal
findings of one scan (two templates with the same logical ids) are told apart by their order by path.
"""

from __future__ import annotations

from collections import defaultdict

from msgspec.structs import replace

from stockade.engine.digests import sha256
from stockade.engine.findings import Finding


def with_fingerprints(findings: list[Finding]) -> list[Finding]:
    """The findings with their fingerprints, in the same order."""
    seen: dict[str, list[int]] = defaultdict(list)
    digest = sha256()
    for index, finding in enumerate(findings):
        subject = finding.subject
        text = f"{finding.rule.code}\0{subject.kind}\0{subject.address}\0{finding.evidence}"
        seen[digest(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]].append(index)
    result = list(findings)
    for name, indexes in seen.items():
        by_place = sorted(indexes, key=lambda i: (span.doc.path, span.start) if (span := findings[i].span) else ("", 0))
        for number, index in enumerate(by_place):
            result[index] = replace(findings[index], fingerprint=name if number == 0 else f"{name}-{number + 1}")
    return result
