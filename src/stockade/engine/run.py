"""Runs rules over an application: outcomes become findings, and one verdict for every function and rule.

A rule that crashes becomes a finding of its own (SK905), its verdicts become "cannot tell", and the run goes on.
"""

from __future__ import annotations

import traceback
from collections import defaultdict
from collections.abc import Iterable

from msgspec.structs import replace

from stockade.engine.findings import SEVERITIES, Finding, Row, RowVerdict
from stockade.model.app import App, Function, Gap
from stockade.model.value import Doubt, File, Origin, Tri, When, given
from stockade.rules._base import Context, Outcome, Rule

_RANK: dict[RowVerdict, int] = {"fail": 3, "unknown": 2, "pass": 1, "not_applicable": 0}


def run_rules(app: App, rules: Iterable[Rule], context: Context) -> tuple[list[Finding], list[Row], list[Gap]]:
    """All findings of these rules, and a row for each function and rule."""
    findings: list[Finding] = []
    rows: list[Row] = []
    crashes: list[Gap] = []
    hidden_in = _hidden(app)
    for rule in rules:
        try:
            outcomes = list(rule.check(app, context))
        except Exception as error:  # noqa: BLE001 - a crash of one rule must not end the run; it is reported
            crash = _crash(rule, error)
            crashes.append(crash)
            if not rule.is_meta:
                why = f"the rule crashed: {crash.why}"
                doubts = (Doubt(why, crash.remedy, "rule crashed"),)
                rows += [Row(f, rule, "unknown", why, f.origin, "rule crashed", doubts) for f in app.functions]
            continue
        best: dict[int, Row] = {}
        for outcome in outcomes:
            finding, row = _judge(rule, outcome)
            if finding is not None:
                findings.append(finding)
            for function in outcome.functions:
                have = best.get(id(function))
                if have is None or _RANK[row.verdict] > _RANK[have.verdict]:
                    best[id(function)] = row if row.function is function else replace(row, function=function)
        for function in () if rule.is_meta else app.functions:
            own = best.get(id(function))
            if own is None:
                doubt = hidden_in.get(_path(function)) if hidden_in else None
                if doubt is None:
                    own = Row(function, rule, "not_applicable", rule.applies, function.origin)
                else:
                    reason = f"{rule.applies} as far as can be seen; {doubt.why}"
                    own = Row(function, rule, "unknown", reason, function.origin, doubt.cause, (doubt,))
            rows.append(own)
    return _merge(findings), rows, crashes


def _path(function: Function) -> str:
    return function.origin.path if isinstance(function.origin, File) else ""


def _hidden(app: App) -> dict[str, Doubt]:
    """Per file, why resources may exist there that are not in the model."""
    return {g.path: Doubt(f"{g.what}: {g.why}", g.remedy, g.kind) for g in app.gaps if g.hides and g.path}


def _crash(rule: Rule, error: Exception) -> Gap:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    why = f"{type(error).__name__}: {error} ({frame.filename.rpartition('/')[2]}:{frame.lineno})"
    return Gap(
        what=f"the rule {rule.code} ({rule.name})",
        why=why,
        kind="rule-crashed",
        remedy="this is a fault of Stockade; please report it with the template",
        affects=("*",),
    )


def _judge(rule: Rule, outcome: Outcome) -> tuple[Finding | None, Row]:
    answer = given(outcome.subject.exists, outcome.answer)
    bad = [(when, tri) for when, tri in answer.split() if tri.truth == "yes"]
    unsure = [(when, tri) for when, tri in answer.split() if tri.truth == "maybe"]
    function = outcome.functions[0] if outcome.functions else None
    if not bad and not unsure:
        where = _first(outcome, [tri for _, tri in outcome.answer.split()])
        fine = outcome.passes or (rule.applies if outcome.spares else rule.holds)
        return None, Row(function, rule, "not_applicable" if outcome.spares else "pass", fine, where)  # type: ignore[arg-type]
    chosen = bad or unsure
    origin = _first(outcome, [tri for _, tri in chosen])
    existing = outcome.subject.exists
    whens = tuple(
        left for when, _ in chosen if (left := tuple(p for p in when if not any(p.same(e) for e in existing)))
    )
    if len(whens) < len(chosen):
        whens = ()  # it is so whatever the conditions are
    doubts = () if bad else tuple({d.why: d for _, tri in unsure for d in tri.doubts}.values())
    message = outcome.message + (f" when {say(whens)}" if bad and whens else "")
    finding = Finding(
        rule=rule,
        verdict="fail" if bad else "unsure",
        severity=outcome.severity or rule.severity,
        confidence=outcome.confidence or rule.confidence,
        persona=outcome.persona or rule.persona,
        subject=outcome.subject,
        functions=outcome.functions,
        origin=origin,
        message=message,
        when=whens,
        doubts=doubts,
        help=outcome.help,
        fixes=outcome.fixes,
        related=outcome.related,
        evidence=outcome.evidence,
        together=outcome.together,
    )
    if bad:
        return finding, Row(function, rule, "fail", message, origin)  # type: ignore[arg-type]
    reason = "; ".join(d.why for d in doubts) or "it is not known"
    cause = doubts[0].cause if doubts else "unresolved"
    return finding, Row(function, rule, "unknown", reason, origin, cause, doubts)  # type: ignore[arg-type]


def say(whens: tuple[When, ...]) -> str:
    """Premises in words: "Stage is not prod and Region is eu-west-1, or …"."""
    parts = list(dict.fromkeys(" and ".join(p.text for p in when) for when in whens))
    return ", or when ".join(parts[:3]) + (", or in other cases" if len(parts) > 3 else "")


def _first(outcome: Outcome, answers: list[Tri]) -> Origin:
    if outcome.at is not None and isinstance(outcome.at, File):
        return outcome.at
    for answer in answers:
        for origin in answer.because:
            if isinstance(origin, File):
                return origin
    return outcome.subject.origin


def _merge(findings: list[Finding]) -> list[Finding]:
    """One root cause, one finding: what one written place causes in several subjects is told once."""
    groups: dict[tuple[str, str, str, int, int, str], list[Finding]] = defaultdict(list)
    order: list[tuple[str, str, str, int, int, str]] = []
    for index, finding in enumerate(findings):
        span = finding.span
        own = isinstance(finding.subject.origin, File) and span is finding.subject.origin.span
        key = (
            (finding.rule.code, finding.verdict, "", index, 0, "")
            if span is None or own
            else (finding.rule.code, finding.verdict, span.doc.path, span.start, span.end, finding.evidence)
        )
        if key not in groups:
            order.append(key)
        groups[key].append(finding)
    merged: list[Finding] = []
    for key in order:
        group = groups[key]
        first = group[0]
        if len(group) > 1:
            subjects = {id(f.subject): f.subject for f in group}
            functions = {id(fn): fn for f in group for fn in f.functions}
            first = replace(
                first,
                severity=min((f.severity for f in group), key=SEVERITIES.index),
                functions=tuple(functions.values()),
                also=tuple(s for s in subjects.values() if s is not first.subject),
            )
        merged.append(first)
    return merged
