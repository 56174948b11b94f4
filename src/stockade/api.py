"""The public Python interface of Stockade. Everything else is private and may change.

    from pathlib import Path
    from stockade import api

    result = api.scan(Path("examples/orders"))
    for finding in result.shown:
        print(finding.rule.code, finding.message)
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from stockade.engine.findings import Finding, Result
from stockade.engine.fingerprint import with_fingerprints
from stockade.engine.run import run_rules
from stockade.engine.select import select_rules
from stockade.engine.suppress import apply_suppressions
from stockade.inputs.load import load as _load
from stockade.model.app import App
from stockade.rules import all_rules
from stockade.rules._base import Context, Rule

__all__ = ["App", "Finding", "Result", "Rule", "load", "rules", "scan"]


def load(path: Path, *, parameters: Mapping[str, str] | None = None) -> App:
    """The application that the files below `path` declare.

    `parameters` are values of template parameters, as `--parameters` gives them. Raises `StockadeError` (NothingToScan,
    UsageError); what is wrong with the files themselves is in `App.gaps`.
    """
    return _load(path, parameters)


def rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    return all_rules()


def scan(
    path: Path,
    *,
    parameters: Mapping[str, str] | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    persona: str = "regular",
    today: datetime.date | None = None,
    honor_suppressions: bool = True,
) -> Result:
    """Scan the files below `path` with the selected rules.

    `select` and `ignore` take codes, names, code prefixes ("SK1") and domains ("exposure"). `today` is the date that dated facts
    are compared with. The result holds all findings, also suppressed ones and ones that could not be decided.
    """
    started = time.perf_counter()
    chosen = select_rules(all_rules(), select, ignore, persona)
    app = load(path, parameters=parameters)
    context = Context(today=today or datetime.datetime.now(tz=datetime.UTC).date())
    findings, rows, crashes = run_rules(app, chosen, context)
    findings = with_fingerprints(findings)
    if honor_suppressions:
        findings = apply_suppressions(app, findings, chosen, context.today)
    return Result(
        app=app,
        root=str(path),
        findings=tuple(findings),
        rows=tuple(rows),
        gaps=(*app.gaps, *crashes),
        rules=chosen,
        seconds=time.perf_counter() - started,
    )
