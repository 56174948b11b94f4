"""A rule that crashed.

## What it does
Says that one of Stockade's rules failed on this application. All other rules ran; the verdicts of the failed one are "cannot
tell" for every function.

## Why is this bad?
Something was not checked. It is a fault of Stockade, never of the template: whatever a template holds, a rule must cope with it.

## When it is fine
Never. Please report it, with the template if you can share it.

## Fix safety
None.

## References
- [How Stockade treats what it can't tell](../unknown.md)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, SourceFile
from stockade.model.value import YES, ServiceDefault
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule


@rule(
    "SK905",
    "crashed-rule",
    severity=MEDIUM,
    since="0.1",
    controls=["DELV-2"],
    applies="no rule crashed",
    holds="no rule crashed",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Tell of every crash in this run."""
    subject_origin = app.functions[0].origin if app.functions else ServiceDefault("")
    for crash in ctx.crashes:
        yield from found(
            YES,
            subject=SourceFile(address=crash.what, key=crash.what, type="rule", origin=subject_origin),
            message=f"{crash.what} crashed: {crash.why}",
            help=crash.remedy,
            evidence=crash.what,
        )
