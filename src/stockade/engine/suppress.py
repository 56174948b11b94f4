"""Inline suppressions: comments in YAML, `Metadata` in JSON (and in YAML, for those who like it).

    # stockade: ignore[public-function-url] until=2027-03-01 reason="the handler verifies the sender's signature"

A comment covers the line it ends or, on a line of its own, the block that begins on the next line. In `Metadata` of a resource:
`{"Stockade": {"Ignore": [{"rules": ["SK101"], "reason": "…", "until": "2027-03-01"}]}}` covers the resource.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from msgspec.structs import replace

from stockade.engine.findings import Finding, Suppression
from stockade.model.app import App
from stockade.rules._base import Rule
from stockade.text.comments import Comment
from stockade.text.document import Document, Span

_DIRECTIVE = re.compile(r"stockade:\s*ignore\[([^\]]*)\](.*)", re.IGNORECASE)
_OPTION = re.compile(r"""(until|reason|owner)=(?:"([^"]*)"|'([^']*)'|(\S+))""")


def parse_directive(comment: Comment, covers: Span) -> Suppression | None:
    """The suppression that a comment states."""
    found = _DIRECTIVE.search(comment.text)
    if found is None:
        return None
    options = {m.group(1): next(g for g in m.groups()[1:] if g is not None) for m in _OPTION.finditer(found.group(2))}
    return Suppression(
        source="inline",
        rules=tuple(word.strip() for word in found.group(1).split(",") if word.strip()),
        reason=options.get("reason", ""),
        until=options.get("until"),
        owner=options.get("owner", ""),
        span=comment.span,
        covers=covers,
    )


def is_expired(suppression: Suppression, today: datetime.date) -> bool:
    """Whether its last day is over."""
    if suppression.until is None:
        return False
    try:
        return datetime.date.fromisoformat(suppression.until) < today
    except ValueError:
        return True


def apply_suppressions(
    app: App, findings: list[Finding], rules: Sequence[Rule], today: datetime.date
) -> list[Finding]:
    """The findings, those that somebody suppressed marked as such."""
    del rules
    by_document: dict[int, list[Suppression]] = {}
    result: list[Finding] = []
    for finding in findings:
        span = finding.span
        if span is None:
            result.append(finding)
            continue
        known = by_document.get(id(span.doc))
        if known is None:
            known = by_document[id(span.doc)] = suppressions_of(app, span.doc)
        chosen = next((s for s in known if _covers(s, finding) and not is_expired(s, today)), None)
        result.append(finding if chosen is None else replace(finding, suppressed=chosen))
    return result


def _covers(suppression: Suppression, finding: Finding) -> bool:
    span = finding.span
    names = {finding.rule.code.lower(), finding.rule.name}
    return span is not None and suppression.covers.covers(span) and any(w.lower() in names for w in suppression.rules)


def suppressions_of(app: App, document: Document) -> list[Suppression]:
    """Every suppression that a document states."""
    if "stockade" not in document.text.lower():
        return []
    raise NotImplementedError(app)
