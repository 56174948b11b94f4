"""What many tests need: applications and scans of templates that are written in the test."""

from __future__ import annotations

import datetime
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from stockade import api
from stockade.engine.findings import Finding, Result

RUNAWAY = 60
"""Seconds of processor time: hundreds of times what any guarded test needs, and far less than a square of its input."""

TODAY = datetime.date(2026, 11, 21)


def scan_text(
    folder: Path,
    text: str,
    *,
    name: str = "template.yaml",
    select: tuple[str, ...] = (),
    persona: str = "auditor",
    **parameters: str,
) -> Result:
    """The scan of one template."""
    (folder / name).write_text(text, encoding="utf-8")
    return api.scan(folder, parameters=parameters, select=select, persona=persona, today=TODAY)


@contextmanager
def runaway_guard() -> Iterator[None]:
    """Fail what never ends, as what costs the square of its input does: all the other tests must still be run."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"not done after {RUNAWAY} seconds of processor time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, RUNAWAY)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def fails(result: Result, code: str) -> list[Finding]:
    """The faults that a rule found."""
    return [f for f in result.shown if f.rule.code == code and f.verdict == "fail"]


def verdicts(result: Result, code: str) -> dict[str, str]:
    """The verdict of a rule on each function."""
    return {row.function.address: row.verdict for row in result.rows if row.rule.code == code}
