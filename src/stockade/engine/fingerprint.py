"""Names for findings that survive moved lines, renamed files and reordered templates.

A fingerprint is made of the rule, the subject's kind and address and the finding's evidence, never of a line or a path. Equal
findings of one scan (two templates with the same logical ids) are told apart by their order by path.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from msgspec.structs import replace

from stockade.engine.findings import Finding


@cache
def _sha256() -> Callable[[bytes], Any]:
    """SHA-256 as Python itself has it; `hashlib` loads OpenSSL, which takes longer than all fingerprints of a scan."""
    for name in ("_sha2", "_sha256"):  # from 3.12 on, and before
        try:
            found: Callable[[bytes], Any] = import_module(name).sha256
        except (ImportError, AttributeError):
            continue
        return found
    import hashlib

    return hashlib.sha256


def with_fingerprints(findings: list[Finding]) -> list[Finding]:
    """The findings with their fingerprints, in the same order."""
    seen: dict[str, list[int]] = defaultdict(list)
    sha256 = _sha256()
    for index, finding in enumerate(findings):
        subject = finding.subject
        text = f"{finding.rule.code}\0{subject.kind}\0{subject.address}\0{finding.evidence}"
        seen[sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]].append(index)
    result = list(findings)
    for digest, indexes in seen.items():
        by_place = sorted(indexes, key=lambda i: (span.doc.path, span.start) if (span := findings[i].span) else ("", 0))
        for number, index in enumerate(by_place):
            result[index] = replace(findings[index], fingerprint=digest if number == 0 else f"{digest}-{number + 1}")
    return result
