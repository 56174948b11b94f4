"""What the page shows, small: texts that recur are kept once, and what functions have in common is told once."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from stockade import __version__
from stockade.engine.findings import SEVERITIES, Finding, Result, Row
from stockade.engine.offers import Offers
from stockade.model.app import Function, Role
from stockade.reports._screen import Screen
from stockade.reports._shared import (
    folder_of,
    from_here,
    gap_place,
    give,
    headline,
    home,
    in_order,
    not_shown,
    sentence,
    undecided,
    where,
)
from stockade.reports._source import Excerpt, Hunk, excerpts, heading, hunks
from stockade.reports.html._access import Grant, grants, invoker_words, unseen
from stockade.reports.text import marks_of, notes
from stockade.text.snippet import clean

_VERDICTS = ("fail", "unknown", "pass", "not_applicable")
_HERE = "\ue000"  # stands for the function's own name in a reason that many functions share
_CAUSES = 200


class Page:
    """The data of one page."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.folder = folder_of(result)
        self.screen = Screen(result.app, self.folder)
        self.offers = Offers(result)
        self.texts: dict[str, int] = {}
        self.paths: dict[str, int] = {}
        self.rules = {rule.code: number for number, rule in enumerate(result.rules)}
        self.functions = {id(function): number for number, function in enumerate(result.app.functions)}
        self.roles: dict[int, int] = {}
        self.role_data: list[dict[str, Any]] = []

    @property
    def title(self) -> str:
        """What was scanned."""
        root = Path(self.result.root)
        return clean(root.resolve().name if root.is_absolute() or not root.name else root.as_posix())

    def data(self) -> dict[str, Any]:
        """All of it; texts and paths are numbers into the lists at its end."""
        result = self.result
        findings = [self._finding(f) for f in in_order(result.reported)]
        reasons, usual, unusual = self._verdicts()
        functions = [self._function(f) for f in result.app.functions]
        return {
            "title": self.title,
            "headline": clean(headline(result)),
            "hidden": clean(not_shown(result)),
            "day": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
            "version": __version__,
            "persona": result.persona,
            "severities": SEVERITIES,
            "rules": [[rule.code, rule.name, rule.title, rule.severity] for rule in result.rules],
            "findings": findings,
            "functions": functions,
            "roles": self.role_data,
            "reasons": reasons,
            "usual": usual,
            "unusual": unusual,
            "gaps": [
                [clean(gap_place(g, self.folder)), "" if told else clean(g.what), clean(g.why + give(g.remedy))]
                for g in result.gaps
                for told in [bool(g.path) and g.what.strip("`") == g.path]
            ],
            "undecided": [
                [cause.verdicts, cause.functions, clean(cause.why + give(cause.remedy))]
                for cause in undecided(result)[:_CAUSES]
            ],
            "paths": list(self.paths),
            "texts": list(self.texts),
        }

    def _text(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))

    def _path(self, path: str) -> int:
        return self.paths.setdefault(path, len(self.paths))

    # ------------------------------------------------------------------------------------------------------- findings

    def _finding(self, finding: Finding) -> list[Any]:
        """A finding as a list, for there are many; what only some have is by name at its end."""
        at = where(finding, self.folder)
        more: dict[str, Any] = {}
        if finding.verdict != "fail":
            more["verdict"] = finding.verdict
        if finding.suppressed is not None:
            more["verdict"] = "suppressed"
            more["suppressed"] = self._text(clean(finding.suppressed.reason or "no reason given"))
        fix = self.offers.first(finding)
        change = hunks(self.offers.edits(finding), self.screen)
        if change and fix is not None:
            more |= {"fix": fix.safety, "change": [self._hunk(hunk) for hunk in change]}
        return [
            self.rules[finding.rule.code],
            SEVERITIES.index(finding.severity),
            self._text(clean(sentence(finding))),
            [self.functions[id(f)] for f in finding.functions if id(f) in self.functions],
            self._path(clean(at.path)) if at.path else None,
            at.line,
            [[self._text(kind), self._text(clean(text))] for kind, text in notes(finding, self.offers)],
            [self._excerpt(e) for e in excerpts(marks_of(finding, self.screen), self.screen)],
            more,
        ]

    def _excerpt(self, excerpt: Excerpt) -> list[Any]:
        """The file, the stretches of lines (the first number, and the texts), and what is marked on which line."""
        stretches: list[tuple[int, list[int]]] = []
        marks = []
        for line in excerpt.lines:
            if not stretches or line.number != stretches[-1][0] + len(stretches[-1][1]):
                stretches.append((line.number, []))
            stretches[-1][1].append(self._text(line.text))
            marks += [[line.number, a, b, self._text(label), int(primary)] for a, b, label, primary in line.marks]
        return [self._path(excerpt.path), stretches, marks]

    def _hunk(self, hunk: Hunk) -> list[Any]:
        signs = "".join(line[0] for line in hunk.lines)
        return [self._path(hunk.path), heading(hunk), signs, [self._text(line[1:]) for line in hunk.lines]]

    # ------------------------------------------------------------------------------------------------------ functions

    def _function(self, function: Function) -> dict[str, Any]:
        span = home(function)
        data: dict[str, Any] = {
            "name": clean(function.address),
            "runtime": self._text(clean(function.runtime.show())),
            "invokers": [[self._text(word) for word in invoker_words(i)] for i in function.invokers.items],
            "roles": [self._role(role) for role in _roles_of(function)],
        }
        if span is not None:
            data |= {"path": self._path(clean(from_here(self.folder, span.doc.path))), "line": span.line}
        doubts = [doubt.why for doubt in function.invokers.gaps]
        if function.role_unknown is not None:
            data["role_unknown"] = clean(function.role_unknown.why + give(function.role_unknown.remedy))
        if doubts:
            data["invokers_unknown"] = [clean(why) for why in dict.fromkeys(doubts)]
        return data

    def _role(self, role: Role) -> int:
        number = self.roles.get(id(role))
        if number is None:
            number = self.roles[id(role)] = len(self.role_data)
            self.role_data.append(
                {
                    "name": clean(role.address),
                    "generated": role.generated,
                    "shared": sum(1 for f in role.functions if id(f) in self.functions),
                    "boundary": clean(role.boundary.show()) if not role.boundary.is_null().is_yes else "",
                    "grants": [self._grant(grant) for grant in grants(role)],
                    "unseen": unseen(role),
                }
            )
        return number

    def _grant(self, grant: Grant) -> list[Any]:
        actions, resources, names = (
            [self._text(text) for text in texts] for texts in (grant.actions, grant.resources, grant.names)
        )
        service, by, when = self._text(grant.service), self._text(grant.by), self._text(grant.when)
        return [service, grant.effect, actions, resources, names, by, when]

    def _verdicts(self) -> tuple[list[list[Any]], list[int], list[list[int]]]:
        """The reasons that there are, each with its rule and verdict; the commonest of each rule; the others by function."""
        known: dict[tuple[int, int, int], int] = {}
        own: list[list[int]] = [[] for _ in self.functions]
        times: dict[int, Counter[int]] = defaultdict(Counter)
        for row in self.result.rows.by_function():
            if self.result.covers(row.rule):
                rule = self.rules[row.rule.code]
                number = known.setdefault((rule, _VERDICTS.index(row.verdict), self._reason(row)), len(known))
                own[self.functions[id(row.function)]].append(number)
                times[rule][number] += 1
        usual = {counts.most_common(1)[0][0] for counts in times.values()}
        unusual = [[number for number in numbers if number not in usual] for numbers in own]
        return [list(reason) for reason in known], sorted(usual), unusual

    def _reason(self, row: Row) -> int:
        return self._text(clean(row.reason.replace(f"`{row.function.address}`", _HERE)))


def _roles_of(function: Function) -> list[Role]:
    roles = [function.execution_role] if function.execution_role is not None else []
    return list({id(role): role for role in (*roles, *(role for _, role in function.role_cases))}.values())
