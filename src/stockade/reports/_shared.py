"""What several reports say in the same way: order, places, counts, what could not be told."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from msgspec import Struct

from stockade.engine.findings import SEVERITIES, Finding, Result, shown_span
from stockade.model.app import Function, Gap
from stockade.model.grades import Order
from stockade.model.value import Doubt, File, Via
from stockade.text.document import Span


def in_order(findings: tuple[Finding, ...] | list[Finding], order: Order = "severity") -> list[Finding]:
    """Faults before what could not be told; of each the worst first, then by place. Other orders come before that."""

    def key(finding: Finding) -> tuple[Any, ...]:
        span = finding.span
        path, start = (span.doc.path, span.start) if span is not None else ("", 0)
        worst = (finding.verdict != "fail", SEVERITIES.index(finding.severity), path, start, finding.rule.code)
        if order == "file":
            return (path, start, *worst)
        if order == "function":
            return (not finding.functions, _names(finding), *worst)
        return (finding.rule.code, *worst) if order == "rule" else worst

    return sorted(findings, key=key)


class Group(Struct, frozen=True):
    """Findings that are told together, under what they have in common, with how many there are of each severity."""

    title: str
    counts: str
    findings: list[Finding]


def grouped(findings: list[Finding], by: Order | None, folder: str = "") -> list[Group]:
    """Findings by what they have in common; the groups in the order of the first finding of each.

    A finding on several functions is told once, in a group of those functions.
    """
    if by is None:
        return [Group("", "", findings)] if findings else []
    groups: dict[Any, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[_common(finding, by)].append(finding)
    return [
        Group(
            _title(own[0], by, folder),
            f"{len(own):,}" if by == "severity" else counted(own) or f"{len(own):,} undecided",
            own,
        )
        for own in groups.values()
    ]


def _common(finding: Finding, by: Order) -> object:
    if by == "severity":
        return word_of(finding)
    if by == "rule":
        return finding.rule.code
    if by == "file":
        return finding.span.doc.path if finding.span is not None else ""
    return tuple(sorted(id(function) for function in finding.functions))


def _title(finding: Finding, by: Order, folder: str) -> str:
    if by == "severity":
        return word_of(finding)
    if by == "rule":
        return f"{finding.rule.code} {finding.rule.name}"
    if by == "file":
        return from_here(folder, finding.span.doc.path) if finding.span is not None else "in no file"
    names = _names(finding)
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return shown or "other resources"


def _names(finding: Finding) -> list[str]:
    return sorted(function.address for function in finding.functions)


def word_of(finding: Finding) -> str:
    """The severity of a fault; of anything else, that it can't be told."""
    return finding.severity if finding.verdict == "fail" else "cannot tell"


def sentence(finding: Finding) -> str:
    """What a finding says."""
    return finding.message if finding.verdict == "fail" else f"whether {finding.message}"


def counted(findings: tuple[Finding, ...] | list[Finding]) -> str:
    """The faults by severity, as "12 high, 3 low"; empty if there are none."""
    counts = Counter(f.severity for f in findings if f.verdict == "fail")
    return ", ".join(f"{counts[s]} {s}" for s in SEVERITIES if counts[s])


def headline(result: Result) -> str:
    """What was found in what, in one line."""
    failed = [f for f in result.visible if f.verdict == "fail"]
    what = plural(len(failed), "finding") if failed else "no findings"
    others = any(s.hcl is not None for s in result.app.sources) or any(
        one.site is not None and one.site.input != "cloudformation" for one in result.app.resources
    )
    files = plural(len(result.app.sources), "file" if others else "template")
    functions = plural(len(result.app.functions), "function")
    own = sum(1 for function in result.app.functions if function.framework_owned)
    functions += f" ({own} of a framework's own)" if own else ""
    seen = f"{functions} of {files}" if result.app.functions else f"{files} {_why_none(result)}"
    parts = f"{what}: {counted(failed)}" if failed else what
    return f"{parts} in {seen}, {plural(len(result.rules), 'rule')}"


def _why_none(result: Result) -> str:
    """What is to be said of files of which no function is known."""
    hidden = any(gap.hides and gap.concerns({Function.kind}) for gap in result.app.gaps)
    return "of which no function could be read" if hidden else "without functions"


def not_shown(result: Result) -> str:
    """How many findings are not shown, and why; empty if all are."""
    kept = [f.suppressed for f in result.findings if f.suppressed is not None]
    known = sum(each.source == "baseline" for each in kept)
    foreign = Counter(each.source for each in kept if each.is_foreign)
    whose = ", ".join(f"{number} for {tool}" for tool, number in sorted(foreign.items()))
    hidden = [f"{len(kept) - known} suppressed{f' ({whose})' if whose else ''}"] if len(kept) > known else []
    hidden += [f"{known} in the baseline"] if known else []
    if result.since is not None:
        parted = f", where it parted from `{result.since.revision}`" if result.since.is_base else ""
        hidden.append(f"{result.since.there} that were there already at {result.since.commit}{parted}")
    return ", ".join(hidden + [f"{number} {why}" for why, number in result.hidden.items() if number])


def folder_of(result: Result) -> str:
    """What stands before every path of a scan so that it can be opened from the current folder; empty for that folder.

    A scan names files relative to its root; an editor, a terminal and a code host want them relative to where they are.
    A root outside of the current folder that was named in full is left out: every line would begin with it.
    """
    return folder_of_root(result.root)


def folder_of_root(name: str) -> str:
    """As `folder_of`, of the root by its name."""
    root = Path(name)
    folder = root if root.is_dir() else root.parent
    if folder.is_absolute():
        here, inside = Path.cwd().resolve(), folder.resolve()
        if not inside.is_relative_to(here):
            return ""
        folder = inside.relative_to(here)
    shown = posixpath.normpath(folder.as_posix())
    return "" if shown == "." else shown


def from_here(folder: str, path: str) -> str:
    """The path of a scanned file, from the current folder on."""
    return posixpath.join(folder, path) if folder else path


class Where(Struct, frozen=True):
    """The place of a finding for programs: lines and columns count from 1, the end is exclusive; no path, if in no file."""

    path: str = ""
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


def where(finding: Finding, folder: str) -> Where:
    """The place of a finding, from the current folder on."""
    span = finding.span
    if span is None:
        return Where()
    return Where(from_here(folder, span.doc.path), *span.doc.position(span.start), *span.doc.position(span.end))


def place(finding: Finding, folder: str = "") -> str:
    """The place of a finding for people, such as `template.yaml:14:19`."""
    span = finding.span
    if span is None:
        return finding.subject.address
    line, column = span.doc.position(span.start)
    return f"{from_here(folder, span.doc.path)}:{line}:{column}"


def gap_place(gap: Gap, folder: str = "") -> str:
    """The place of a gap for people."""
    if gap.span is None:
        return from_here(folder, gap.path) if gap.path else ""
    line, column = gap.span.doc.position(gap.span.start)
    return f"{from_here(folder, gap.span.doc.path)}:{line}:{column}"


class Undecided(Struct, frozen=True):
    """One cause of verdicts that could not be told, with which of them rest on it (by number) and what to give."""

    why: str
    remedy: str
    cause: str
    rows: frozenset[int]
    functions: int

    @property
    def verdicts(self) -> int:
        """How many verdicts rest on it."""
        return len(self.rows)


def undecided(result: Result) -> list[Undecided]:
    """Why verdicts could not be told, the commonest cause first. A verdict with two reasons counts for both."""
    rows: dict[tuple[str, str], set[int]] = defaultdict(set)
    functions: dict[tuple[str, str], set[int]] = defaultdict(set)
    remedies: dict[tuple[str, str], str] = {}
    for number, row in enumerate(result.rows.unknown()):
        if result.covers(row.rule):
            for doubt in row.doubts or (Doubt(row.reason, cause=row.cause),):
                key = (doubt.why, doubt.cause)
                rows[key].add(number)
                functions[key].add(id(row.function))
                remedies[key] = remedies.get(key) or doubt.remedy
    return [
        Undecided(key[0], remedies[key], key[1], frozenset(found), len(functions[key]))
        for key, found in sorted(rows.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def undecided_rows(result: Result) -> int:
    """How many verdicts could not be told."""
    return sum(1 for row in result.rows.unknown() if result.covers(row.rule))


def elsewhere(finding: Finding) -> list[tuple[Span, str]]:
    """The other places that bear on a finding, with what each is: also where its value comes from, or goes on to."""
    found = [(span, label.text) for label in finding.related if (span := shown_span(label.origin)) is not None]
    vias = list(finding.origin.via) if isinstance(finding.origin, File) else []
    call = call_of(finding)
    if call is not None and not any(via.span == call.span for via in vias):
        vias.append(call)
    found += [(via.span, via.what) for via in vias if via.span is not None]
    return found


def home(function: Function) -> Span | None:
    """Where a function belongs: its name or, of one that a module makes, the first of the calls that lead to it.

    With its address this tells it from every other function, also where several root modules call one module.
    """
    origin = function.origin
    if not isinstance(origin, File):
        return None
    calls = [via.span for via in origin.via if via.is_call and via.span is not None]
    if calls:
        return calls[-1]
    return origin.key_span if origin.key_span is not None else origin.span


def call_of(finding: Finding) -> Via | None:
    """The call of the module that made what a finding is about, where the finding stands in another file."""
    origin, here = finding.subject.origin, finding.span
    calls = [v for v in origin.via if v.is_call] if isinstance(origin, File) else []
    nearest = calls[0] if calls else None
    told = nearest is None or nearest.span is None or (here is not None and nearest.span.doc is here.doc)
    return None if told else nearest


def give(remedy: str) -> str:
    """A remedy as the end of a sentence: an option is given, everything else is said as it is."""
    if not remedy:
        return ""
    return f"; give {remedy}" if remedy.startswith("-") else f"; {remedy}"


def plural(number: int, word: str, words: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {word if number == 1 else words or word + 's'}"
