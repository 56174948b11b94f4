"""What changed between two states, for people and for programs: `stockade diff`."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import msgspec

from stockade import __version__
from stockade.engine.comparison import EFFECTS, Comparison, Effect, Shift
from stockade.reports._shared import plural
from stockade.reports.json import span_data
from stockade.reports.text import wrapped
from stockade.text.snippet import clean

_TONES: dict[Effect, str] = {"opens": "1;31", "closes": "1;32", "unknown": "1;33", "changes": "1"}
_HEADS: dict[Effect, str] = {
    "opens": "opens",
    "closes": "closes",
    "unknown": "can't be told any more",
    "changes": "changes",
}


def render_text(comparison: Comparison, *, colour: bool = False, width: int = 100) -> str:
    """The report for a person at a terminal: what opens first, each under the function that it concerns."""
    blocks: list[str] = []
    for effect in EFFECTS:
        shifts = sorted((s for s in comparison.shifts if s.effect == effect), key=_whose)
        if not shifts:
            continue
        head = _HEADS[effect]
        lines = [f"\x1b[{_TONES[effect]}m{head}\x1b[0m" if colour else head]
        for whose, group in groupby(shifts, key=_whose):
            lines.append(f"  {clean(whose)}")
            for shift in group:
                first, *rest = wrapped(f"{clean(shift.message)}{_about(shift)}", width - 6, "  ")
                lines += [f"    - {first}", *(f"      {line}" for line in rest)]
        blocks.append("\n".join(lines) + "\n")
    counts = {effect: sum(s.effect == effect for s in comparison.shifts) for effect in EFFECTS}
    said = [f"{number} {_HEADS[effect]}" for effect, number in counts.items() if number]
    gaps = [gap for gap in comparison.after.gaps if gap.hides]
    beside = f"; {plural(len(gaps), 'thing')} of {comparison.new} could not be seen" if gaps else ""
    blocks.append(f"{comparison.old} → {comparison.new}: {', '.join(said) or 'nothing changed'}{beside}\n")
    return "\n".join(blocks)


def _whose(shift: Shift) -> str:
    """The functions that a shift concerns; of what concerns none, its subject."""
    if not shift.functions:
        return shift.subject
    return (
        shift.functions[0] if len(shift.functions) == 1 else f"{shift.functions[0]} and {len(shift.functions) - 1} more"
    )


def _about(shift: Shift) -> str:
    parts = [f"{shift.severity} {shift.rule}"] if shift.rule else []
    if shift.span is not None:
        parts.append(f"{shift.span.doc.path}:{shift.span.line}")
    return f" ({', '.join(parts)})" if parts else ""


def render_json(comparison: Comparison) -> str:
    """The report for programs: `schemas/diff.schema.json`."""
    data = {
        "schema_version": 1,
        "tool": {"name": "stockade", "version": __version__},
        "old": comparison.old,
        "new": comparison.new,
        "changes": [_shift_data(shift) for shift in comparison.shifts],
        "counts": {effect: sum(s.effect == effect for s in comparison.shifts) for effect in EFFECTS},
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def _shift_data(shift: Shift) -> dict[str, Any]:
    return {
        "effect": shift.effect,
        "area": shift.area,
        "subject": shift.subject,
        "functions": list(shift.functions),
        "message": shift.message,
        "rule": shift.rule or None,
        "severity": shift.severity,
        "location": span_data(shift.span) if shift.span is not None else None,
    }
