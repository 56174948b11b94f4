"""`-f markdown`: a comment for a pull request: what anyone can reach and what is gravest first, the rest folded in.

What comes from scanned files is escaped (`_markup.py`), and source text is seen through a `Screen`. The first line is hidden
where it is shown; a bot knows its own comment by it, and replaces it. A code host takes comments up to a size, so the least
grave findings are left out beyond that, and counted.
"""

from __future__ import annotations

from msgspec import Struct

from stockade.engine.findings import Finding, Result
from stockade.engine.offers import Offers
from stockade.model.grades import Order
from stockade.reports._markup import code, fence, plain, prose
from stockade.reports._screen import Screen
from stockade.reports._shared import (
    Group,
    counted,
    folder_of,
    gap_place,
    give,
    grouped,
    headline,
    in_order,
    not_shown,
    place,
    plural,
    sentence,
    undecided_rows,
    word_of,
)
from stockade.reports._source import hunks, unified
from stockade.reports.text import marks_of, notes
from stockade.text.snippet import clean, render_marks

MARKER = "<!-- stockade: report -->"
LONGEST = 65_536  # characters of a comment on GitHub
_ROWS = 10  # of the table
_NAMES = 12
_GAPS = 5
_LONGEST_BLOCK = 6_000  # characters of one finding
_WIDTH = 100
_LONGEST_SENTENCE = 600
_LONGEST_NAME = 120
_GROUP = 120  # what the elements and counts of a group take


class _Told(Struct, frozen=True):
    """A finding with what is said about it."""

    finding: Finding
    text: str


def render(result: Result, *, sort: Order = "severity", group_by: Order = "function") -> str:
    """The comment, ending with an empty line."""
    return _Report(result, sort, group_by).render()


class _Report:
    """One comment."""

    def __init__(self, result: Result, sort: Order, group_by: Order) -> None:
        self.result = result
        self.sort = sort
        self.group_by: Order = group_by
        self.folder = folder_of(result)
        self.screen = Screen(result.app, self.folder)
        self.offers = Offers(result)

    def render(self) -> str:
        worst = in_order(self.result.visible)
        head = "\n\n".join(
            [MARKER, f"### Stockade: {plain(headline(self.result))}", *self._open(), *self._table(worst)]
        )
        foot = "\n\n".join([*self._gaps(), *self._end()])
        room = LONGEST - len(head) - len(foot) - 400  # for the line about what is left out
        told, left = self._told(worst, room)
        blocks = [head, *self._groups(told)]
        if left:
            counts = counted(left) or "cannot tell"
            blocks.append(f"*{plural(len(left), 'finding')} more ({counts}), the least grave, had no room here.*")
        return "\n\n".join([*blocks, foot] if foot else blocks) + "\n"

    def _open(self) -> list[str]:
        """The functions that anyone can invoke: where an attacker begins."""
        names = [
            f.address for f in self.result.app.functions if any(invoker.public.is_yes for invoker in f.invokers.items)
        ]
        if not names:
            return []
        shown = ", ".join(code(_short(name, _LONGEST_NAME)) for name in names[:_NAMES]) + (
            f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
        )
        return [f"**Anyone on the internet can invoke** {shown}."]

    def _table(self, findings: list[Finding]) -> list[str]:
        if not findings:
            return []
        rows = ["| Severity | Finding | Where |", "|---|---|---|"]
        for finding in findings[:_ROWS]:
            word = word_of(finding)
            shown = f"**{word}**" if word in {"critical", "high"} else word
            rows.append(f"| {shown} | {_sentence(finding)} ({finding.rule.code}) | {self._place(finding)} |")
        if len(findings) > _ROWS:
            rows.append(f"| | and {len(findings) - _ROWS:,} more below | |")
        return ["\n".join(rows)]

    def _told(self, findings: list[Finding], room: int) -> tuple[list[_Told], list[Finding]]:
        """The findings that have room, the gravest first, and those that have none."""
        told: list[_Told] = []
        names: set[str] = set()
        for number, finding in enumerate(findings):
            text = self._finding(finding)
            title = grouped([finding], self.group_by, self.folder)[0].title
            room -= len(text) + 2 + (0 if title in names else len(plain(title)) + _GROUP)
            if room < 0:
                return told, findings[number:]
            names.add(title)
            told.append(_Told(finding, text))
        return told, []

    def _groups(self, told: list[_Told]) -> list[str]:
        texts = {id(each.finding): each.text for each in told}
        ordered = in_order([each.finding for each in told], self.sort)
        return [self._group(group, texts) for group in grouped(ordered, self.group_by, self.folder)]

    def _group(self, group: Group, texts: dict[int, str]) -> str:
        summary = f"<summary><b>{plain(group.title)}</b>: {group.counts}</summary>"
        return "\n\n".join([f"<details>{summary}", *(texts[id(f)] for f in group.findings), "</details>"])

    def _finding(self, finding: Finding) -> str:
        """One finding whole; of a very long one, without its source."""
        parts = [f"**{word_of(finding)}: {_sentence(finding)}** ({finding.rule.code} {finding.rule.name})"]
        marks = marks_of(finding, self.screen)
        if marks:
            parts.append("\n".join(fence(render_marks(marks, width=_WIDTH).splitlines(), "text")))
        said = [f"- {kind}: {prose(text)}" for kind, text in notes(finding, self.offers)]
        parts += ["\n".join(said)] if said else []
        change = unified(hunks(self.offers.edits(finding), self.screen))
        parts += ["\n".join(fence(change, "diff"))] if change else []
        whole = "\n\n".join(parts)
        return whole if len(whole) <= _LONGEST_BLOCK else f"{parts[0]}\n\n{self._place(finding)}"

    def _place(self, finding: Finding) -> str:
        where = place(finding, self.folder)
        return code(where if len(where) <= 2 * _LONGEST_NAME else "…" + where[-2 * _LONGEST_NAME :])

    def _gaps(self) -> list[str]:
        gaps = self.result.gaps
        if not gaps:
            return []
        lines = []
        for gap in gaps[:_GAPS]:
            where = ": ".join(part for part in (gap_place(gap, self.folder), gap.what) if part)
            why = gap.why + give(gap.remedy)
            lines.append(f"- {prose(_short(where, _LONGEST_SENTENCE))}: {prose(_short(why, _LONGEST_SENTENCE))}")
        lines += [f"- and {len(gaps) - _GAPS:,} more"] if len(gaps) > _GAPS else []
        summary = f"<summary>{plural(len(gaps), 'thing')} could not be seen</summary>"
        return [f"<details>{summary}", "\n".join(lines), "</details>"]

    def _end(self) -> list[str]:
        undecided = undecided_rows(self.result)
        said = [f"not shown: {not_shown(self.result)}"] if not_shown(self.result) else []
        if undecided:
            said.append(f"{plural(undecided, 'verdict on a function', 'verdicts on functions')} could not be decided")
        return [f"<sub>{plain(clean('; '.join(said)))}</sub>"] if said else []


def _sentence(finding: Finding) -> str:
    return prose(_short(sentence(finding), _LONGEST_SENTENCE))


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
