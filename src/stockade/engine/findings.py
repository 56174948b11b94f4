"""What a scan results in: findings, rows of the matrix, and counts."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

from stockade.model.app import App, Function, Gap, Resource
from stockade.model.intent import Fix
from stockade.model.value import Doubt, File, Origin, When
from stockade.rules._base import Confidence, Label, Rule, Severity
from stockade.text.document import Span

Verdict: TypeAlias = Literal["fail", "unsure"]
RowVerdict: TypeAlias = Literal["fail", "pass", "not_applicable", "unknown"]

SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")


class Suppression(Struct, frozen=True, eq=False, kw_only=True):
    """Someone's decision not to act on a finding. `until` is an ISO date; `used` is found out by the run."""

    source: str  # "inline", "metadata", …
    rules: tuple[str, ...]
    reason: str
    until: str | None
    span: Span
    covers: Span
    owner: str = ""


class Finding(Struct, frozen=True, eq=False, kw_only=True):
    """One fault, or one thing that could not be decided. `functions` are all that it concerns."""

    rule: Rule
    verdict: Verdict
    severity: Severity
    confidence: Confidence
    subject: Resource
    functions: tuple[Function, ...]
    origin: Origin
    message: str
    when: tuple[When, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    help: str = ""
    fixes: tuple[Fix, ...] = ()
    related: tuple[Label, ...] = ()
    evidence: str = ""
    fingerprint: str = ""
    suppressed: Suppression | None = None
    also: tuple[Resource, ...] = ()  # further subjects with the same root cause

    @property
    def span(self) -> Span | None:
        """The primary place, where it is in a file."""
        return self.origin.span if isinstance(self.origin, File) else None


class Row(Struct, frozen=True, eq=False):
    """The verdict of one rule on one function."""

    function: Function
    rule: Rule
    verdict: RowVerdict
    reason: str
    origin: Origin | None
    cause: str = ""


class Result(Struct, frozen=True, eq=False, kw_only=True):
    """Everything that a scan found out."""

    app: App
    root: str
    findings: tuple[Finding, ...]
    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]
    rules: tuple[Rule, ...]
    hidden: dict[str, int] = field(default_factory=dict)  # findings that the persona or `--show` hides, by why
    seconds: float = 0.0

    @property
    def shown(self) -> tuple[Finding, ...]:
        """Findings that nobody suppressed."""
        return tuple(f for f in self.findings if f.suppressed is None)
