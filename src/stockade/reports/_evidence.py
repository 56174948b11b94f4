"""What one finding rests on, from what is written to whom it concerns: `stockade explain FINGERPRINT`."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.engine.findings import Finding, Result
from stockade.engine.offers import Offers
from stockade.engine.run import say
from stockade.model.app import Function
from stockade.model.value import File, Origin, Via
from stockade.reports._screen import Screen
from stockade.reports._shared import folder_of, plural
from stockade.reports._source import hunks, unified
from stockade.reports.text import one, wrapped
from stockade.text.snippet import clean

_MOST_FUNCTIONS = 12
_DIFF = {"+": "32", "-": "31", "@": "36"}


def render(result: Result, finding: Finding, *, colour: bool = False, width: int = 100) -> str:
    """The finding whole, how it came to be so, whom it concerns, and what would change."""
    return "\n".join(_Evidence(result, finding, colour=colour, width=width).lines()) + "\n"


class _Evidence:
    def __init__(self, result: Result, finding: Finding, *, colour: bool, width: int) -> None:
        self.result = result
        self.finding = finding
        self.colour = colour
        self.width = width
        self.screen = Screen(result.app, folder_of(result))
        self.offers = Offers(result)

    def lines(self) -> Iterator[str]:
        """All of it."""
        finding = self.finding
        yield one(self.result, finding, colour=self.colour, width=self.width).rstrip("\n")
        sections = (
            ("how it comes to be so", self._chain()),
            ("whom it concerns", self._concerned()),
            ("why it is bad", iter([_why(finding)])),
            ("what is known of it", self._facts()),
        )
        for title, found in sections:
            rows = [row for row in found if row]
            if rows:
                yield ""
                yield self._paint(title, "1")
                for row in rows:
                    first, *rest = wrapped(clean(row), self.width - 2, "  ")
                    yield from (f"  {line}" for line in (first, *rest))
        difference = unified(hunks(self.offers.edits(finding), self.screen))
        if difference:
            yield ""
            yield self._paint("what `stockade fix` would change", "1")
            for line in difference:
                yield f"  {self._paint(line, _DIFF[line[0]]) if line[:1] in _DIFF else line}"

    def _chain(self) -> Iterator[str]:
        """The steps from where a value is written to where it holds."""
        finding = self.finding
        steps = list(_steps(finding.origin)) + [
            step for step in _steps(finding.subject.origin) if step not in set(_steps(finding.origin))
        ]
        yield f"it is decided at {self._place(finding.origin)}"
        for what, via in steps:
            where = f", at {self._at(via)}" if via.span is not None and not via.hidden else ""
            yield f"through the {what}{where}"
        for related in finding.related:
            yield f"{related.text}: {self._place(related.origin)}"
        if finding.when:
            yield f"it is so when {say(finding.when)}"
        for doubt in finding.doubts:
            yield f"not known: {doubt.why}{f'; {doubt.remedy}' if doubt.remedy else ''}"

    def _place(self, origin: Origin) -> str:
        if not isinstance(origin, File):
            return "a default of the service, since nothing is written"
        span = origin.span
        return f"{self.screen.span(span).doc.path}:{span.line}:{span.column}"

    def _at(self, via: Via) -> str:
        return f"{self.screen.span(via.span).doc.path}:{via.span.line}" if via.span is not None else ""

    def _concerned(self) -> Iterator[str]:
        functions = self.finding.functions
        for function in functions[:_MOST_FUNCTIONS]:
            yield f"{function}: {_invoked(function)}; {_role(function)}"
        if len(functions) > _MOST_FUNCTIONS:
            yield f"and {plural(len(functions) - _MOST_FUNCTIONS, 'more function')}"
        if not functions:
            yield f"no function that is known: {self.finding.subject.kind} {self.finding.subject.address}"

    def _facts(self) -> Iterator[str]:
        finding, rule = self.finding, self.finding.rule
        yield f"fingerprint {finding.fingerprint}, confidence {finding.confidence}, for the persona {finding.persona}"
        maps = [f"{name} {', '.join(map(str, values))}" for name, values in rule.maps.items()]
        yield f"controls {', '.join((*rule.controls, *maps))}"
        if rule.aliases:
            yield f"known elsewhere as {', '.join(rule.aliases)}"
        kept = finding.suppressed
        if kept is not None:
            where = f", at {kept.span.doc.path}:{kept.span.line}" if kept.source != "baseline" else ""
            yield f"suppressed ({kept.source}{where}): {kept.reason or 'without a reason'}"
        yield f"`stockade explain {rule.code}` tells about the rule"

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text


def _steps(origin: Origin) -> Iterator[tuple[str, Via]]:
    if isinstance(origin, File):
        yield from ((via.what, via) for via in origin.via)


def _invoked(function: Function) -> str:
    ways = dict.fromkeys(
        each.via + (" by anyone" if each.public.is_yes else "" if each.public.is_no else " perhaps by anyone")
        for each in function.invokers.items
    )
    return f"invoked by {', '.join(ways)}" if ways else "invoked by nothing that is known"


def _role(function: Function) -> str:
    if function.execution_role is not None:
        return f"acts as {function.execution_role}"
    unknown = function.role_unknown
    return f"its role is not known: {unknown.why}" if unknown is not None else "has no role of its own here"


def _why(finding: Finding) -> str:
    """The first paragraph of the rule's reason."""
    _, _, after = finding.rule.doc.partition("## Why is this bad?\n")
    return " ".join(after.partition("\n\n")[0].partition("\n## ")[0].split())
