"""`-f junit`: JUnit XML, which every build server reads: a suite for each file, a case for each function and rule.

A case fails where the rule found a fault that is shown. It is skipped, with the reason, where that could not be told, where the
finding is suppressed or not asked for, and where another rule tells of the cause. A rule that has nothing to say of a function
makes no case. Faults that concern no function have cases of their own. Nothing is in it that the schema of Jenkins does not know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from stockade.engine.findings import Finding, Result, Row
from stockade.engine.offers import Offers
from stockade.model.app import Function
from stockade.patterns import regex
from stockade.reports._shared import folder_of, from_here, home, in_order, place, sentence, where
from stockade.text.snippet import clean

_NO_XML = regex("[\ufffe\uffff]")


class _Case(Struct):
    """One test case: what stands in it, and whether that is a failure or a reason to skip it."""

    suite: str
    classname: str
    name: str
    kind: str = ""
    body: str = ""


def render(result: Result) -> str:
    """All suites."""
    suites: dict[str, list[_Case]] = defaultdict(list)
    for case in _Cases(result).every():
        suites[case.suite].append(case)
    every = [case for cases in suites.values() for case in cases]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="stockade" {_counts(every)}>']
    for name, cases in suites.items():
        skipped = sum(case.kind == "skipped" for case in cases)
        lines.append(f'<testsuite name={_attribute(name)} {_counts(cases)} skipped="{skipped}">')
        lines += map(_written, cases)
        lines.append("</testsuite>")
    return "\n".join([*lines, "</testsuites>", ""])


def _counts(cases: list[_Case]) -> str:
    return f'tests="{len(cases)}" failures="{sum(case.kind == "failure" for case in cases)}" errors="0"'


def _written(case: _Case) -> str:
    head = f"<testcase classname={_attribute(case.classname)} name={_attribute(case.name)}"
    return f"{head}>{case.body}</testcase>" if case.body else f"{head}/>"


def _attribute(text: str) -> str:
    return quoteattr(_text(text))


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", clean(text))


class _Cases:
    """The cases of one result."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.folder = folder_of(result)
        self.offers = Offers(result)
        shown = {id(finding) for finding in result.visible}
        self.failing: dict[tuple[int, str], list[Finding]] = defaultdict(list)
        self.quiet: dict[tuple[int, str], list[Finding]] = defaultdict(list)
        for finding in result.findings:
            for function in finding.functions if finding.verdict == "fail" else ():
                kept = self.failing if id(finding) in shown else self.quiet
                kept[id(function), finding.rule.code].append(finding)

    def every(self) -> Iterator[_Case]:
        for row in self.result.rows.by_function():
            asked = row.verdict != "not_applicable" or (id(row.function), row.rule.code) in self.quiet
            if asked and self.result.covers(row.rule):
                yield self._of_row(row)
        for finding in in_order(self.result.visible):
            if finding.verdict == "fail" and (finding.rule.is_meta or not finding.functions):
                suite = where(finding, self.folder).path or "stockade"
                name = f"{finding.rule.code} {finding.rule.name}"
                yield _Case(suite, finding.subject.address, name, "failure", self._failure([finding]))

    def _of_row(self, row: Row) -> _Case:
        suite = self._suite(row.function)
        case = _Case(suite, row.function.address, f"{row.rule.code} {row.rule.name}")
        own = self.failing.get((id(row.function), row.rule.code))
        if own:
            case.kind, case.body = "failure", self._failure(own)
        elif row.verdict != "pass":
            hushed = self.quiet.get((id(row.function), row.rule.code), [])
            ignored = [f.suppressed for f in hushed if f.suppressed is not None]
            why = row.reason
            if row.verdict == "fail" and ignored:
                why = f"suppressed: {ignored[0].reason or 'no reason given'}"
            elif row.verdict == "fail" and hushed:
                why = f"not asked for: {hushed[0].severity}: {row.reason}"
            case.kind, case.body = "skipped", f"<skipped message={_attribute(why)}/>"
        return case

    def _suite(self, function: Function) -> str:
        span = home(function)
        return from_here(self.folder, span.doc.path) if span is not None else "stockade"

    def _failure(self, findings: list[Finding]) -> str:
        first = findings[0]
        lines = []
        for finding in findings:
            lines.append(f"{place(finding, self.folder)}: {finding.severity}: {sentence(finding)}")
            help_ = self.offers.help(finding)
            lines += [f"help: {help_}"] if help_ else []
        body = "\n".join(escape(_text(line)) for line in lines)
        return f'<failure message={_attribute(sentence(first))} type="{first.severity}">{body}</failure>'
