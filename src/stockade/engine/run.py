"""Runs rules over an application: outcomes become findings, and one verdict for every function and rule.

A rule that crashes becomes a finding of its own (SK905), its verdicts become "cannot tell", and the run goes on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias, overload

from msgspec.structs import replace

from stockade.engine.findings import PERSONAS, SEVERITIES, Finding, Row, Rows, fixes_of_all, shown_span
from stockade.model.app import App, Function, Gap, Resource, Role
from stockade.model.intent import Fix, Set
from stockade.model.value import Doubt, File, Origin, Tri, When, given
from stockade.patterns import regex
from stockade.rules._base import Context, Outcome, Persona, Rule
from stockade.rules._words import is_made


def run_rules(
    app: App, rules: Iterable[Rule], context: Context, persona: str = "auditor"
) -> tuple[list[Finding], Rows, list[Gap]]:
    """All findings of these rules, and a row for each function and rule.

    In the rows, what only personas stricter than `persona` hear of is not asked for.
    """
    strictness = PERSONAS.index(persona)
    findings: list[Finding] = []
    crashes: list[Gap] = []
    rows = _Rows(app)
    places = {id(function): index for index, function in enumerate(app.functions)}
    alike: dict[tuple[int, str], Outcome] = {}
    for rule in rules:
        app.asked.clear()
        try:
            outcomes = list(rule.check(app, context))
        except Exception as error:  # noqa: BLE001 - a crash of one rule must not end the run; it is reported
            crash = _crash(rule, error)
            crashes.append(crash)
            if not rule.is_meta:
                doubt = Doubt(f"the rule crashed: {crash.why}", crash.remedy, "rule crashed")
                rows.add(rule, [None] * len(places), frozenset(), set(), doubt)
            continue
        best: Best = [None] * len(places)
        bad: set[int] = set()
        hushed: set[int] = set()  # the functions of which what is bad is for stricter personas only
        for outcome in outcomes:
            finding = None if outcome.answer.truth == "no" else _finding(rule, outcome)
            rank, stricter = _PASS, False
            if finding is not None:
                if not outcome.told:
                    findings.append(finding)
                if PERSONAS.index(finding.persona) > max(strictness, PERSONAS.index(rule.persona)):
                    finding, stricter = None, True
            if finding is not None:
                bad.add(id(outcome.subject))
                rank = _FAIL if finding.verdict == "fail" else _UNKNOWN
            said: Said = outcome if finding is None else (outcome, finding)
            if outcome.spares and len(outcome.functions) == 1:  # what many rules say of a function is kept once
                said = alike.setdefault((id(outcome.functions[0]), outcome.passes), outcome)
            for index in {places.get(id(function)) for function in outcome.functions} - {None}:
                _decide(best, index, said, rank, hushed if stricter else None)
        if not rule.is_meta:
            asked = frozenset(app.asked) | frozenset(rule.asks)
            if bad and app.hides:
                _unsettle(rule, app, best, bad, asked)
            rows.add(rule, best, asked, bad, None)
    return _merge(findings, app), rows, crashes


_PASS, _UNKNOWN, _FAIL = 1, 2, 3

# What decides the verdict of a rule on a function, by the function's place in the application. There is one for every rule
# and function, so it is kept small: just the outcome where all is well, with the finding that it makes where not.
Said: TypeAlias = Outcome | tuple[Outcome, Finding]
Best: TypeAlias = list[Said | None]


def _decide(best: Best, index: int | None, said: Said, rank: int, hushed: set[int] | None) -> None:
    """Let an outcome decide on a function if it is worse than the others.

    Where none is bad for this persona, the one decides that tells what is bad for stricter ones (`hushed`: of which functions
    one does; None where this one does not).
    """
    if index is None:
        return
    have = _rank(best[index])
    if rank > have or (rank == have and hushed is not None and index not in hushed):
        best[index] = said
        if hushed is not None:
            hushed.add(index)


def _rank(said: Said | None) -> int:
    if said is None:
        return 0
    if not isinstance(said, tuple):
        return _PASS
    return _FAIL if said[1].verdict == "fail" else _UNKNOWN


def _unsettle(rule: Rule, app: App, best: Best, bad: set[int], asked: frozenset[str]) -> None:
    """Undecided instead of a pass, where a function may use something besides, that is not as it should be.

    `bad`: the `id()` of each subject that the rule says something of.
    """
    for index, function in enumerate(app.functions):
        said = best[index]
        if not isinstance(said, Outcome) or said.spares or said.subject is function:
            continue
        doubts = tuple(why for number, why in app.possible(function, asked).items() if number in bad)
        if doubts:
            unsure = Outcome(
                answer=Tri("maybe", (), doubts), subject=function, message=rule.title, functions=(function,)
            )
            finding = _finding(rule, unsure)
            best[index] = unsure if finding is None else (unsure, finding)


class _Rows(Rows):
    """One row for every function and rule, made when it is asked for: most reports want only a few of them."""

    def __init__(self, app: App) -> None:
        self._functions = app.functions
        self._app = app
        self._runs: list[tuple[Rule, Best, frozenset[str], set[int], Doubt | None]] = []

    def add(self, rule: Rule, best: Best, asked: frozenset[str], bad: set[int], crashed: Doubt | None) -> None:
        """Keep what a rule said: by function the outcome that decides, the kinds it looked at, what is bad, or why it failed."""
        self._runs.append((rule, best, asked, bad, crashed))

    def __len__(self) -> int:
        return len(self._runs) * len(self._functions)

    def __iter__(self) -> Iterator[Row]:
        for run in self._runs:
            for index in range(len(self._functions)):
                yield self._row(index, *run)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return list(self)[index]
        place = range(len(self))[index]
        return self._row(place % len(self._functions), *self._runs[place // len(self._functions)])

    def by_function(self) -> Iterator[Row]:
        """Every row, those of one function after the other."""
        for index in range(len(self._functions)):
            for run in self._runs:
                yield self._row(index, *run)

    def unknown(self) -> Iterator[Row]:
        """The rows that could not be decided."""
        for run in self._runs:
            _, best, _, _, crashed = run
            undecided = any(_rank(said) == _UNKNOWN for said in best)
            if not undecided and not self._app.hides and crashed is None:
                continue
            for index, said in enumerate(best):
                if crashed is not None or (self._app.hides if said is None else _rank(said) == _UNKNOWN):
                    row = self._row(index, *run)
                    if row.verdict == "unknown":
                        yield row

    def _row(
        self, index: int, rule: Rule, best: Best, asked: frozenset[str], bad: set[int], crashed: Doubt | None
    ) -> Row:
        function = self._functions[index]
        if crashed is not None:
            return Row(function, rule, "unknown", crashed.why, function.origin, crashed.cause, (crashed,))
        said = best[index]
        if said is None:
            doubt = self._app.hidden_from(function, asked) if self._app.hides else None
            if doubt is None:
                return Row(function, rule, "not_applicable", rule.applies, function.origin)
            if self._app.hidden_from(function, asked, bad) is None:
                reason = f"{rule.applies} as far as can be seen, and what it may be behind is as it should be"
                return Row(function, rule, "not_applicable", reason, function.origin)
            reason = f"{rule.applies} as far as can be seen; {doubt.why}"
            return Row(function, rule, "unknown", reason, function.origin, doubt.cause, (doubt,))
        outcome, finding = said if isinstance(said, tuple) else (said, None)
        if finding is None:
            where = _first(outcome, [tri for _, tri in outcome.answer.split()])
            stricter = _only_for_stricter(rule, outcome)
            fine = stricter or outcome.passes or (rule.applies if outcome.spares else rule.holds)
            # What is bad, and not asked for, is no pass: who reads that takes it for a promise that it is not so.
            return Row(function, rule, "not_applicable" if stricter or outcome.spares else "pass", fine, where)
        if finding.verdict == "fail":
            told = f" (`{outcome.told}` tells of the cause)" if outcome.told else ""
            return Row(function, rule, "fail", finding.message + told, _nearest(function, finding))
        cause = finding.doubts[0].cause if finding.doubts else "unresolved"
        return Row(function, rule, "unknown", _unknown(finding), finding.origin, cause, finding.doubts)


def _nearest(function: Function, finding: Finding) -> Origin:
    """Of the places that a finding names, the one in the function's own block; else the first."""
    if len(finding.functions) > 1 and isinstance(function.origin, File):
        for origin in (finding.origin, *(label.origin for label in finding.related)):
            if isinstance(origin, File) and function.origin.span.covers(origin.span):
                return origin
    return finding.origin


def _crash(rule: Rule, error: Exception) -> Gap:
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    why = f"{type(error).__name__}: {error} ({frame.filename.rpartition('/')[2]}:{frame.lineno})"
    return Gap(
        what=f"the rule {rule.code} ({rule.name})",
        why=why,
        kind="rule-crashed",
        remedy="this is a fault of Stockade; please report it with the template",
        affects=("*",),
    )


def _finding(rule: Rule, outcome: Outcome) -> Finding | None:
    """The finding that an outcome makes, or None if all is well."""
    existing = outcome.subject.exists
    answer = given(existing, outcome.answer) if existing else outcome.answer
    # That a function is there at all goes without saying; that its URL is only there in one stage does not.
    granted = outcome.functions[0].exists if outcome.functions else existing
    cases = [(tuple(p for p in when if not any(p.same(e) for e in granted)), tri) for when, tri in answer.split()]
    bad = [(when, tri) for when, tri in cases if tri.truth == "yes"]
    unread: tuple[Doubt, ...] = ()
    if len(bad) < len(cases):
        # What was not read may decide that such a case can't be; that the subject itself is there is no such case.
        doubts = [tuple(p.unread for p in when if p.unread and not any(p.same(e) for e in existing)) for when, _ in bad]
        unread = tuple(doubt for own in doubts for doubt in own)
        bad = [case for case, own in zip(bad, doubts, strict=True) if not own]
    chosen = bad or [(when, tri) for when, tri in cases if tri.truth == "maybe" or (unread and tri.truth == "yes")]
    if not chosen:
        return None
    origin = _first(outcome, [tri for _, tri in chosen])
    own = _frameworks_own(outcome.subject, origin)
    persona = outcome.persona or rule.persona
    whens = tuple(when for when, _ in chosen if when)
    if len(whens) < len(chosen):
        whens = ()  # it is so whatever the conditions are
    return Finding(
        rule=rule,
        verdict="fail" if bad else "unsure",
        severity=outcome.severity or rule.severity,
        confidence=outcome.confidence or rule.confidence,
        persona=_stricter(persona) if own else persona,
        subject=outcome.subject,
        functions=outcome.functions,
        origin=origin,
        message=outcome.message + (f" when {say(whens)}" if bad and whens else ""),
        when=whens,
        doubts=()
        if bad
        else tuple({d.why: d for d in (*unread, *(d for _, tri in chosen for d in tri.doubts))}.values()),
        help=f"it is not yours to change: {own}{_upgrade(outcome.subject)}" if own else outcome.help,
        fixes=() if own else tuple(_when(fix, outcome.subject, whens) for fix in outcome.fixes),
        related=outcome.related,
        evidence=outcome.evidence,
        together=outcome.together,
    )


def _stricter(persona: Persona) -> Persona:
    """The persona that wants to know a little more than this one."""
    return PERSONAS[min(PERSONAS.index(persona) + 1, len(PERSONAS) - 1)]


def _frameworks_own(subject: Resource, origin: Origin) -> str:
    """Why nobody can change what a framework makes for itself; empty of anything else.

    It is told to those who want to know more than others who are told of the like. What the CDK's library brings along may
    use policies of the user's, which stand in the template as resources of their own: what is wrong there is the user's.
    """
    if not subject.framework_owned or is_made(subject) or not isinstance(origin, File):
        return subject.framework_owned
    roles = [subject] if isinstance(subject, Role) else []
    if isinstance(subject, Function):
        roles = [role for _, role in subject.role_cases] + ([subject.execution_role] if subject.execution_role else [])
    for policy in (policy for role in roles for policy in role.policies):
        if not policy.framework_owned and isinstance(policy.origin, File) and policy.origin.span.covers(origin.span):
            return ""
    return subject.framework_owned


def _upgrade(subject: Resource) -> str:
    """What may help all the same: what the CDK's library brings along is as the version is that a stack was made with."""
    return (
        ""
        if is_made(subject)
        else "; a later version of `aws-cdk-lib` may make it otherwise: upgrade, and synthesize again"
    )


def _when(fix: Fix, subject: Resource, whens: tuple[When, ...]) -> Fix:
    """The fix, whose settings of the subject itself know in which cases it is as the finding says."""
    intents = tuple(
        replace(i, when=whens or ((),)) if isinstance(i, Set) and i.resource is subject else i for i in fix.intents
    )
    return replace(fix, intents=intents)


def say(whens: tuple[When, ...]) -> str:
    """Premises in words: "Stage is not prod and Region is eu-west-1, or …"."""
    parts = list(dict.fromkeys(" and ".join(p.text for p in when) for when in whens))
    return ", or when ".join(parts[:3]) + (", or in other cases" if len(parts) > 3 else "")


def _only_for_stricter(rule: Rule, outcome: Outcome) -> str:
    """Why an outcome that is bad, or not known, does not count, with what it is; empty where all is well."""
    told = None if outcome.answer.truth == "no" else _finding(rule, outcome)
    if told is None:
        return ""
    asked = f"is asked for by the {told.persona} persona only"
    return f"{asked}: {told.message}" if told.verdict == "fail" else f"{asked}, and not known; {_unknown(told)}"


def _unknown(finding: Finding) -> str:
    return "; ".join(doubt.why for doubt in finding.doubts) or "it is not known"


def _first(outcome: Outcome, answers: list[Tri]) -> Origin:
    if outcome.at is not None and isinstance(outcome.at, File):
        return outcome.at
    for answer in answers:
        for origin in answer.because:
            if isinstance(origin, File):
                return origin
    return outcome.subject.origin


# Names that `_alike` put its sign for, in a row.
_NAMES = regex(r"`\*`(?: \(\d+ of that name\))?(?:(?:, | and )(?:`\*`(?: \(\d+ of that name\))?|\d+ more(?: \w+)?))*")
_MARKED = regex(r"`([^`]+)`")
_REFERENCE = regex(r"\$\{[^{}]+\}")  # to what is not among the resources


def _merge(findings: list[Finding], app: App) -> list[Finding]:
    """One root cause, one finding: what one written place causes in several subjects is told once.

    Only where it is the same that it causes: a block of a module is one place for all who call the module, and each may
    make something else of it.
    """
    groups: dict[tuple[str, str, str, int, int, str], list[Finding]] = defaultdict(list)
    order: list[tuple[str, str, str, int, int, str]] = []
    for index, finding in enumerate(findings):
        span = finding.span
        own = span is not None and span is shown_span(finding.subject.origin)
        # What is so of a whole block is told once for all instances of the block, unless `gather` does so in other words.
        alone = span is None or (own and (finding.together or finding.suppressed is not None))
        evidence = finding.evidence
        if own:
            evidence += "".join(f"|{p.key}={p.value}={p.holds}" for when in finding.when for p in when)
        key: tuple[str, str, str, int, int, str] = (
            (finding.rule.code, finding.verdict, "", index, 0, "")
            if alone or span is None
            else (finding.rule.code, finding.verdict, span.doc.path, span.start, span.end, evidence)
        )
        if key not in groups:
            order.append(key)
        groups[key].append(finding)
    merged: list[Finding] = []
    for group in _by_what_they_say([groups[key] for key in order], app):
        first = group[0]
        if len(group) > 1:
            subjects = {id(f.subject): f.subject for f in group}
            functions = {id(fn): fn for f in group for fn in f.functions}
            first = replace(
                first,
                severity=min((f.severity for f in group), key=SEVERITIES.index),
                functions=tuple(functions.values()),
                also=tuple(s for s in subjects.values() if s is not first.subject),
                fixes=fixes_of_all(group),
            )
        merged.append(first)
    return merged


def _by_what_they_say(groups: list[list[Finding]], app: App) -> Iterator[list[Finding]]:
    """The groups, each parted by the messages of its findings, but for what these name."""
    names: set[str] | None = None
    for group in groups:
        if len({finding.message for finding in group}) == 1:
            yield group
            continue
        if names is None:
            names = {str(resource) for resource in app.resources}
        parts: dict[str, list[Finding]] = defaultdict(list)
        for finding in group:
            parts[_alike(finding.message, names)].append(finding)
        yield from parts.values()


def _alike(message: str, names: set[str]) -> str:
    """A message without the names of resources, and without how many of them it lists."""
    text = _MARKED.sub(
        lambda found: "`*`" if found[1] in names or _REFERENCE.fullmatch(found[1]) else found[0], message
    )
    return _NAMES.sub("`*`", text)
