"""`-f text`: findings as a compiler would show them, then what could not be told, then the counts."""

from __future__ import annotations

from collections import Counter
from textwrap import wrap

from stockade.engine.findings import SEVERITIES, Finding, Result, shown_span
from stockade.model.value import File
from stockade.reports._shared import gap_place, in_order, plural, undecided
from stockade.text.snippet import Mark, clean, render_marks

_COLOURS = {"critical": "1;35", "high": "1;31", "medium": "1;33", "low": "1;36", "info": "1;34", "cannot tell": "1;90"}
_MOST_CAUSES = 5
_MOST_GAPS = 10


def render(result: Result, *, colour: bool = False, width: int = 100) -> str:
    """The report for a person at a terminal."""
    blocks = [_finding(f, colour=colour, width=width) for f in in_order(result.visible)]
    blocks.append(_summary(result, colour=colour))
    return "\n".join(blocks)


def _paint(text: str, code: str, *, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def _finding(finding: Finding, *, colour: bool, width: int) -> str:
    word = finding.severity if finding.verdict == "fail" else "cannot tell"
    head = _paint(f"{word}[{finding.rule.code}]", _COLOURS[word], colour=colour)
    message = finding.message if finding.verdict == "fail" else f"whether {finding.message}"
    lines = [f"{head}: {_paint(clean(message), '1', colour=colour)}"]
    marks = []
    span = finding.span
    if span is not None:
        marks.append(Mark(span, _label(finding), primary=True))
    for label in finding.related:
        where = shown_span(label.origin)
        if where is not None:
            marks.append(Mark(where, label.text, primary=False))
    if marks:
        lines.append(render_marks(marks, width=width, colour=colour))
    notes = [("because", d.why + (f" (give {d.remedy})" if d.remedy else "")) for d in finding.doubts]
    if finding.also:
        names = ", ".join(f"`{s.address}`" for s in finding.also[:6])
        more = f" and {len(finding.also) - 6} more" if len(finding.also) > 6 else ""
        notes.append(("also", f"the same holds for {names}{more}"))
    if finding.help:
        notes.append(("help", finding.help))
    for fix in finding.fixes:
        if fix.safety == "advice":
            notes.append(("advice", fix.title))
        else:
            why = f" ({fix.safety}: {fix.why})" if fix.why else f" ({fix.safety})"
            flag = " --unsafe" if fix.safety == "unsafe" else ""
            notes.append(("fix", f"{fix.title}{why}; see it with `stockade fix{flag} --select {finding.rule.code}`"))
    for kind, text in notes:
        first, *rest = wrap(clean(text), max(width - len(kind) - 7, 30)) or [""]
        lines.append(f"   {_paint('=', '1;34', colour=colour)} {_paint(kind, '1', colour=colour)}: {first}")
        lines += [" " * (len(kind) + 7) + line for line in rest]
    return "\n".join(lines) + "\n"


def _label(finding: Finding) -> str:
    via = finding.origin.via if isinstance(finding.origin, File) else ()
    return f"from {via[-1].what}" if via else ""


def _summary(result: Result, *, colour: bool) -> str:
    lines: list[str] = []
    gaps = result.gaps
    if gaps:
        lines.append(_paint(f"{plural(len(gaps), 'thing')} could not be seen:", "1", colour=colour))
        for gap in gaps[:_MOST_GAPS]:
            where = gap_place(gap)
            text = f"  {where + ': ' if where and where != gap.what else ''}{gap.what}: {gap.why}"
            lines.append(clean(text + (f" ({gap.remedy})" if gap.remedy else "")))
        if len(gaps) > _MOST_GAPS:
            lines.append(f"  and {len(gaps) - _MOST_GAPS} more (`-f json` lists all)")
        lines.append("")
    causes = undecided(result)
    if causes:
        total = sum(c.verdicts for c in causes)
        lines.append(_paint(f"{plural(total, 'verdict')} could not be decided:", "1", colour=colour))
        for cause in causes[:_MOST_CAUSES]:
            give = f"; give {cause.remedy}" if cause.remedy else ""
            lines.append(clean(f"  {cause.verdicts:>5} in {plural(cause.functions, 'function')}: {cause.why}{give}"))
        if len(causes) > _MOST_CAUSES:
            lines.append(f"        and {plural(len(causes) - _MOST_CAUSES, 'other cause')} (`--stats` lists all)")
        lines.append("")
    failed = [f for f in result.shown if f.verdict == "fail"]
    counts = Counter(f.severity for f in failed)
    parts = [_paint(f"{counts[s]} {s}", _COLOURS[s], colour=colour) for s in SEVERITIES if counts[s]]
    functions = plural(len(result.app.functions), "function")
    files = plural(len(result.app.sources), "template")
    what = plural(len(failed), "finding")
    lines.append(f"{what}{': ' + ', '.join(parts) if parts else ''} in {functions} of {files}, {len(result.rules)} rules")
    hidden = []
    suppressed = sum(1 for f in result.findings if f.suppressed is not None)
    if suppressed:
        hidden.append(f"{suppressed} suppressed")
    for why, number in result.hidden.items():
        if number:
            hidden.append(f"{number} {why}")
    if hidden:
        lines.append(f"not shown: {', '.join(hidden)}")
    return "\n".join(lines) + "\n"


