"""What a scan results in: findings, rows of the matrix, and counts."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from stockade.model import grades
from stockade.model.app import App, Function, Gap, Resource
from stockade.model.intent import Fix
from stockade.model.suppression import Suppression
from stockade.model.value import Doubt, File, Origin, When
from stockade.rules._base import Confidence, Label, Persona, Rule, Severity
from stockade.text.document import Span

Verdict: TypeAlias = Literal["fail", "unsure"]
RowVerdict: TypeAlias = Literal["fail", "pass", "not_applicable", "unknown"]

PERSONAS = grades.PERSONAS
SEVERITIES = grades.SEVERITIES


def shown_span(origin: Origin | None) -> Span | None:
    """The place to show for an origin: what was written; of a whole block, its name."""
    if not isinstance(origin, File):
        return None
    span = origin.span
    # Asking for lines would cost more, and this is asked of every finding several times.
    if origin.key_span is not None and span.doc.text.find("\n", span.start, span.end) >= 0:
        return origin.key_span
    return span


class Known(Struct, frozen=True, kw_only=True):
    """One finding of a baseline. `path` is relative to the baseline's folder."""

    fingerprint: str
    rule: str
    severity: Severity
    path: str
    functions: tuple[str, ...]
    message: str


class Compared(Struct, frozen=True, kw_only=True):
    """What became of a baseline in a scan: how many of its findings are still there, and those that are not."""

    file: str
    still: int
    gone: tuple[Known, ...]


class Since(Struct, frozen=True, kw_only=True):
    """What a tree was compared with.

    Attributes:
        revision: as it was asked for.
        commit: the commit that it was compared with.
        is_base: that is not the revision itself, but where the two parted.
        there: how many findings that would be shown were there already.
    """

    revision: str
    commit: str
    is_base: bool
    there: int = 0


class Finding(Struct, frozen=True, eq=False, kw_only=True):
    """One fault, or one thing that could not be decided. `functions` are all that it concerns."""

    rule: Rule
    verdict: Verdict
    severity: Severity
    confidence: Confidence
    persona: Persona
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
    together: str = ""  # see `Outcome`

    @property
    def span(self) -> Span | None:
        """The primary place, where it is in a file."""
        return shown_span(self.origin)


def fixes_of_all(group: Sequence[Finding]) -> tuple[Fix, ...]:
    """One fix that does for several findings what each one's fix does for it. It is as unsafe as the least safe of them."""
    firsts = [finding.fixes[0] for finding in group if finding.fixes]
    if len(firsts) < len(group):
        return group[0].fixes
    worst = max(firsts, key=lambda fix: ("safe", "unsafe", "advice").index(fix.safety))
    intents = tuple(intent for fix in firsts for intent in fix.intents)
    return (replace(worst, intents=() if worst.safety == "advice" else intents),)


class Row(Struct, frozen=True, eq=False):
    """The verdict of one rule on one function. `doubts` are why it could not be decided, where it could not."""

    function: Function
    rule: Rule
    verdict: RowVerdict
    reason: str
    origin: Origin | None
    cause: str = ""
    doubts: tuple[Doubt, ...] = ()


class Rows(Sequence[Row]):
    """A row for every function and rule, in the order of the rules."""

    @abstractmethod
    def by_function(self) -> Iterator[Row]:
        """Every row, those of one function after the other, in the order of the rules."""

    @abstractmethod
    def unknown(self) -> Iterator[Row]:
        """The rows that could not be decided."""


class Result(Struct, frozen=True, eq=False, kw_only=True):
    """Everything that a scan found out."""

    app: App
    root: str
    findings: tuple[Finding, ...]
    rows: Rows
    gaps: tuple[Gap, ...]
    rules: tuple[Rule, ...]
    persona: str = "regular"
    show: Severity = "info"  # findings below it are counted, not shown
    baseline: Compared | None = None
    since: Since | None = None
    seconds: float = 0.0

    @property
    def hidden(self) -> dict[str, int]:
        """How many findings are not shown, by why."""
        undecided = sum(1 for f in self.shown if f.verdict == "unsure")  # also of rules that only checklists ask for
        quiet = [f for f in self.shown if f.verdict == "fail" and not self._of_persona(f)]
        own = Counter(f.persona for f in quiet if f.subject.framework_owned and f.rule.persona != "auditor")
        checklists = sum(1 for f in quiet if f.persona == "auditor") - own["auditor"]
        low = sum(1 for f in self.shown if f.verdict == "fail" and self._of_persona(f) and not self._high_enough(f))
        return {
            "that can't be told (--persona auditor)": 0 if self.persona == "auditor" else undecided,
            "for stricter personas (--persona pedantic)": len(quiet) - own.total() - checklists,
            "of what a framework makes for itself (--persona pedantic)": own["pedantic"],
            "that would be advisable for what a framework makes for itself (--persona auditor)": own["auditor"],
            "that only checklists ask for (--persona auditor)": checklists,
            f"below {self.show}": low,
        }

    def covers(self, rule: Rule) -> bool:
        """Whether the persona of this scan wants to hear of the rule."""
        return PERSONAS.index(rule.persona) <= PERSONAS.index(self.persona)

    def _of_persona(self, finding: Finding) -> bool:
        return PERSONAS.index(finding.persona) <= PERSONAS.index(self.persona)

    def _high_enough(self, finding: Finding) -> bool:
        return SEVERITIES.index(finding.severity) <= SEVERITIES.index(self.show)

    @property
    def visible(self) -> tuple[Finding, ...]:
        """What the persona and `show` let a person see."""
        personas = PERSONAS[: PERSONAS.index(self.persona) + 1]
        severities = SEVERITIES[: SEVERITIES.index(self.show) + 1]
        auditor = self.persona == "auditor"
        return tuple(
            f
            for f in self.findings
            if f.suppressed is None
            and f.persona in personas
            and f.severity in severities
            and (f.verdict == "fail" or auditor)
        )

    @property
    def reported(self) -> tuple[Finding, ...]:
        """What reports for machines list: all that is visible, and what was suppressed, marked as such."""
        seen = {id(f) for f in self.visible}
        return tuple(f for f in self.findings if id(f) in seen or (f.suppressed is not None and self._of_persona(f)))

    @property
    def shown(self) -> tuple[Finding, ...]:
        """Findings that nobody suppressed."""
        return tuple(f for f in self.findings if f.suppressed is None)
