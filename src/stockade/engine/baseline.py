"""Findings that were there when somebody began to use Stockade, or decided to live with them for now.

A baseline is a JSON file with one finding a line, in order of path, rule and function, so that a difference of two reads well.
A finding is known by its fingerprint, if it concerns no more functions and is no more severe than it was: what was written
down is what people agreed to.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from stockade.engine.findings import SEVERITIES, Compared, Finding, Known
from stockade.errors import ConfigError, UsageError
from stockade.model.suppression import Suppression
from stockade.model.value import File
from stockade.rules._base import Rule
from stockade.text.document import Document, Problem, Span, read_document

FILE = "stockade-baseline.json"
VERSION = 1


class _Content(Struct, frozen=True, kw_only=True):
    schema_version: int
    findings: tuple[Known, ...]


class Baseline(Struct, frozen=True, kw_only=True):
    """A baseline, and the text that it was read from."""

    file: Path
    findings: tuple[Known, ...]
    document: Document


def read_baseline(file: Path) -> Baseline:
    """The baseline in a file. Raises UsageError where there is none, ConfigError where it can't be read."""
    if not file.exists():
        raise UsageError(f"there is no baseline `{file}`", hint="`stockade baseline write` makes one")
    document = read_document(file, file.as_posix())
    if isinstance(document, Problem):
        raise ConfigError(f"`{file}`: {document.message}", hint=document.remedy or "write it anew")
    try:
        content = msgspec.json.decode(document.text, type=_Content)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ConfigError(f"`{file}` is no baseline: {error}", hint="`stockade baseline write` makes one") from None
    if content.schema_version != VERSION:
        raise ConfigError(
            f"`{file}` is a baseline of version {content.schema_version}", hint="write it anew, or use a newer Stockade"
        )
    return Baseline(file=file, findings=content.findings, document=document)


def written(findings: Iterable[Known]) -> str:
    """The text of a baseline."""
    ordered = sorted(findings, key=lambda k: (k.path, k.rule, k.functions, k.fingerprint))
    lines = ",\n".join("    " + msgspec.json.encode(known).decode() for known in ordered)
    return (
        f'{{\n  "schema_version": {VERSION},\n  "findings": [{chr(10) + lines + chr(10) + "  " if lines else ""}]\n}}\n'
    )


def known_of(findings: Iterable[Finding], root: Path, file: Path) -> list[Known]:
    """What a baseline in `file` says of findings of a scan of `root`."""
    return [
        Known(
            fingerprint=finding.fingerprint,
            rule=finding.rule.code,
            severity=finding.severity,
            path=_path(finding, root, file),
            functions=tuple(sorted(f.address for f in finding.functions)),
            message=finding.message,
        )
        for finding in findings
    ]


def _folder(root: Path) -> Path:
    return (root if root.is_dir() else root.parent).resolve()


def _path(finding: Finding, root: Path, file: Path) -> str:
    span = finding.span
    origin = finding.subject.origin
    path = span.doc.path if span is not None else origin.span.doc.path if isinstance(origin, File) else "."
    return os.path.relpath(_folder(root) / path, file.resolve().parent).replace(os.sep, "/")


def apply_baseline(
    findings: Sequence[Finding], baseline: Baseline, root: Path, rules: Iterable[Rule]
) -> tuple[list[Finding], Compared]:
    """The findings, those of the baseline marked as such; and what of the baseline is gone.

    Only what this scan could have found can be gone: findings of other rules, or of files outside of `root`, are left alone.
    """
    by_name: dict[str, list[Known]] = defaultdict(list)
    for known in baseline.findings:
        by_name[known.fingerprint].append(known)
    shown = Document(
        os.path.relpath(baseline.file.resolve(), _folder(root)).replace(os.sep, "/"), baseline.document.text
    )
    result: list[Finding] = []
    met: set[str] = set()
    still = 0
    for finding in findings:
        candidates = by_name.get(finding.fingerprint, [])
        met |= {known.fingerprint for known in candidates}
        fitting = next((known for known in candidates if _is_known(finding, known)), None)
        if fitting is None or finding.suppressed is not None:
            result.append(finding)
            continue
        still += 1
        result.append(replace(finding, suppressed=_suppression(fitting, shown)))
    codes = {rule.code for rule in rules}
    base = baseline.file.resolve().parent
    gone = [
        known
        for known in baseline.findings
        if known.fingerprint not in met and known.rule in codes and _is_below(base / known.path, root)
    ]
    return result, Compared(file=str(baseline.file), still=still, gone=tuple(gone))


def _is_known(finding: Finding, known: Known) -> bool:
    no_worse = SEVERITIES.index(finding.severity) >= SEVERITIES.index(known.severity)
    return no_worse and {f.address for f in finding.functions} <= set(known.functions)


def _is_below(path: Path, root: Path) -> bool:
    normal = Path(os.path.normpath(path))
    return normal == root.resolve() or (root.is_dir() and normal.is_relative_to(root.resolve()))


def _suppression(known: Known, document: Document) -> Suppression:
    start = max(document.text.find(known.fingerprint), 0)
    span = Span(document, start, start + len(known.fingerprint))
    return Suppression(
        source="baseline",
        rules=(known.rule,),
        reason="it is in the baseline",
        until=None,
        owner="",
        span=span,
        covers=span,
    )
