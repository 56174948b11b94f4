"""`-f text`: findings as a compiler would show them, then what could not be told, then the counts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from textwrap import wrap

from stockade.engine.findings import SEVERITIES, Finding, Result, shown_span
from stockade.engine.offers import Offers
from stockade.model.app import Function
from stockade.model.grades import Order
from stockade.model.intent import Fix
from stockade.model.value import File, Via
from stockade.reports._screen import Screen, is_reference
from stockade.reports._shared import (
    Undecided,
    call_of,
    folder_of,
    gap_place,
    give,
    grouped,
    headline,
    home,
    in_order,
    not_shown,
    place,
    plural,
    sentence,
    undecided,
    undecided_rows,
    word_of,
)
from stockade.text.document import Span
from stockade.text.snippet import Mark, clean, render_marks

_COLOURS = {"critical": "1;35", "high": "1;31", "medium": "1;33", "low": "1;36", "info": "1;34", "cannot tell": "1;90"}
_TONES = {"critical": "red", "high": "red", "medium": "yellow", "low": "cyan", "info": "cyan"}
_BOLD = "1"
_QUIET = "1;34"
_NARROWEST = 40
_LEAST_ROOM = 20  # for words beside something else
_MOST_CAUSES = 5
# Where the value of an attribute may be written in Terraform; the place is shown beside the attribute.
_WRITTEN_ELSEWHERE = ("argument ", "local value ", "value of variable ")
_INSIDE = " in the module"
_MOST_GAPS = 6
_MOST_OTHERS = 3  # further subjects that are marked in the source
_MOST_THINGS = 3  # places of one kind of gap
_ROOM_FOR_FILES = 28
_MOST_FUNCTIONS = 30  # up to so many, each has its line in the table of functions
_WORST_FUNCTIONS = 10  # of more than that, so many have
# In a long report, what is less than high is shown whole once for each rule, and in one line each after that.
_LONG = 30
_SEVERAL = 4
_ALWAYS_WHOLE = frozenset({"critical", "high"})


def render(
    result: Result,
    *,
    colour: bool = False,
    width: int = 100,
    full: bool = False,
    sort: Order = "severity",
    group_by: Order | None = None,
) -> str:
    """The report for a person at a terminal. `full` shows every finding whole, however many there are."""
    report = _Report(result, colour=colour, width=max(width, _NARROWEST), full=full)
    return report.render(sort, group_by)


def one(result: Result, finding: Finding, *, colour: bool = False, width: int = 100) -> str:
    """One finding of a result, whole."""
    return _Report(result, colour=colour, width=max(width, _NARROWEST), full=True).finding(finding, [])


class _Report:
    """One report, for one terminal."""

    def __init__(self, result: Result, *, colour: bool, width: int, full: bool) -> None:
        self.result = result
        self.colour = colour
        self.width = width
        self.full = full
        self.screen = Screen(result.app, folder_of(result))
        self.offers = Offers(result)

    def render(self, sort: Order, group_by: Order | None) -> str:
        """All of it."""
        findings = in_order(self.result.visible, sort)
        fold = not self.full and len(findings) > _LONG
        blocks: list[str] = []
        for group in grouped(findings, group_by, self.screen.folder):
            if group.title:
                blocks.append(self._paint(clean(f"== {group.title}: {group.counts}"), _BOLD) + "\n")
            blocks += [self.finding(own[0], own[1:]) for own in _folded(group.findings, fold=fold)]
        blocks += [part for part in (self._functions(), self._gaps(), self._undecided()) if part]
        blocks.append(self._counts())
        return "\n".join(blocks)

    # ------------------------------------------------------------------------------------------------------ one finding

    def finding(self, finding: Finding, others: list[Finding]) -> str:
        """One finding; `others` of its rule are told below it, a line each."""
        word = word_of(finding)
        lines = self._head(f"{word}[{finding.rule.code}]:", _COLOURS[word], sentence(finding), finding.rule.name)
        marks = marks_of(finding, self.screen)
        if marks:
            tone = _TONES[finding.severity] if finding.verdict == "fail" else "cyan"
            lines.append(render_marks(marks, width=self.width, colour=self.colour, tone=tone))
        gutter = " " * (max((len(str(mark.span.line)) for mark in marks), default=2) + 1)
        for kind, text in notes(finding, self.offers):
            lines += self._note(gutter, kind, text)
        if others:
            more = self._paint(f"{len(others)} more of the same rule", _BOLD)
            lines.append(f"{gutter}{self._paint('=', _QUIET)} {more}:")
            lines += [line for other in others for line in self._other(gutter, other)]
        return "\n".join(lines) + "\n"

    def _head(self, word: str, code: str, message: str, name: str) -> list[str]:
        first, *rest = wrapped(f"{word} {clean(message)} ({name})", self.width, "  ")
        if self.colour:
            # Painted after it was wrapped: what paints takes no room.
            first = self._paint(word, code) + self._paint(first[len(word) :], _BOLD)
            rest = [self._paint(line, _BOLD) for line in rest]
        return [first, *rest]

    def _other(self, gutter: str, finding: Finding) -> list[str]:
        text = f"{place(finding, self.screen.folder)}: {finding.message}"
        return [gutter + "  " + line for line in wrapped(clean(text), self.width - len(gutter) - 2, "  ")]

    def _note(self, gutter: str, kind: str, text: str) -> list[str]:
        first, *rest = wrapped(clean(text), self.width - len(gutter) - len(kind) - 4)
        head = f"{gutter}{self._paint('=', _QUIET)} {self._paint(kind, _BOLD)}: {first}"
        return [head, *(" " * (len(gutter) + len(kind) + 4) + line for line in rest)]

    # ------------------------------------------------------------------------------------------------------ the summary

    def _functions(self) -> str:
        """Which function has what: a table, the worst first."""
        found: dict[int, Counter[str]] = defaultdict(Counter)
        for finding in self.result.visible:
            if finding.verdict == "fail":
                for function in finding.functions:
                    found[id(function)][finding.severity] += 1
        functions = [f for f in self.result.app.functions if id(f) in found]
        if len(functions) < 2:
            return ""
        functions.sort(key=lambda f: [-found[id(f)][s] for s in SEVERITIES])
        shown = functions[: _MOST_FUNCTIONS if len(functions) <= _MOST_FUNCTIONS else _WORST_FUNCTIONS]
        columns = [s for s in SEVERITIES if any(found[id(f)][s] for f in shown)]
        names = [clean(f.address) for f in shown]
        files = [clean(_file_of(f)) for f in shown]
        first = max(len("function"), *map(len, names))
        head = f"{'function':<{first}}" + "".join(f"  {self._paint(c, _COLOURS[c])}" for c in columns)
        left = self.width - first - sum(len(c) + 2 for c in columns) - 2
        if left < -2:
            return ""  # there is no room for it
        several = len({_file_of(f) for f in functions}) > 1
        # Where there is no room for the files beside, those of functions with one name stand below.
        fits = several and left >= min(max(map(len, files)), _ROOM_FOR_FILES)
        alike = Counter(names)
        lines = [head + ("  file" if fits else "")]
        for name, file, function in zip(names, files, shown, strict=True):
            cells = "".join(f"  {found[id(function)][c] or '·':>{len(c)}}" for c in columns)
            file_shown = file if len(file) <= left else "…" + file[len(file) - left + 1 :]
            lines.append(f"{name:<{first}}{cells}" + (f"  {file_shown}" if fits else ""))
            if several and not fits and alike[name] > 1:
                lines.append(f"  in {file}")
        more = len(functions) - len(shown)
        if more:
            lines.append(f"and {plural(more, 'more function')} with findings")
        return "\n".join(lines) + "\n"

    def _gaps(self) -> str:
        gaps = self.result.gaps
        if not gaps:
            return ""
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for gap in gaps:
            where = gap_place(gap, self.screen.folder)
            what = "" if gap.path and gap.what.strip("`") == gap.path else gap.what
            groups[gap.why, gap.remedy].append(": ".join(part for part in (where, what) if part))
        lines = [self._paint(f"{plural(len(gaps), 'thing')} could not be seen:", _BOLD)]
        for (why, remedy), things in list(groups.items())[:_MOST_GAPS]:
            if len(things) == 1:
                lines += self._indented(f"{things[0]}: {why}{give(remedy)}", 2)
                continue
            for thing in things[:_MOST_THINGS]:
                lines += self._indented(thing, 2)
            if len(things) > _MOST_THINGS:
                lines.append(f"  and {len(things) - _MOST_THINGS} more")
            lines += self._indented(f"= of each: {why}{give(remedy)}", 4)
        if len(groups) > _MOST_GAPS:
            left = sum(len(things) for things in list(groups.values())[_MOST_GAPS:])
            reasons = plural(len(groups) - _MOST_GAPS, "other reason")
            lines.append(f"  and {left} more, for {reasons} (`-f json` lists all)")
        return "\n".join(lines) + "\n"

    def _indented(self, text: str, indent: int) -> list[str]:
        return [" " * indent + line for line in wrapped(clean(text), self.width - indent, "  ")]

    def _undecided(self) -> str:
        total = undecided_rows(self.result)
        if not total:
            return ""
        lines = [
            self._paint(
                f"{plural(total, 'verdict on a function', 'verdicts on functions')} could not be decided:", _BOLD
            )
        ]
        causes = _causes(self.result)
        for count, text in causes[:_MOST_CAUSES]:
            first, *rest = wrapped(clean(text), self.width - 9)
            lines.append(f"  {count:>5}  {first}")
            lines += [" " * 9 + line for line in rest]
        if len(causes) > _MOST_CAUSES:
            lines.append(f"         and for {plural(len(causes) - _MOST_CAUSES, 'other reason')} (`--stats` lists all)")
        return "\n".join(lines) + "\n"

    def _counts(self) -> str:
        result = self.result
        failed = [f for f in result.visible if f.verdict == "fail"]
        counts = Counter(f.severity for f in failed)
        lines = wrapped(headline(result), self.width, "  ")
        for severity in SEVERITIES:
            part = f"{counts[severity]} {severity}"
            lines = [line.replace(part, self._paint(part, _COLOURS[severity])) for line in lines]
        hidden = not_shown(result)
        if hidden:
            lines += wrapped(f"not shown: {hidden}", self.width, "  ")
        gone = len(result.baseline.gone) if result.baseline is not None else 0
        if gone:
            text = f"{plural(gone, 'finding')} of the baseline {'is' if gone == 1 else 'are'} gone (`stockade baseline prune`)"
            lines += wrapped(text, self.width, "  ")
        mendable: Counter[str] = Counter(
            fix.safety for f in failed if (fix := self.offers.first(f)) is not None and fix.safety != "advice"
        )
        if mendable:
            lines += wrapped(_offer(mendable, result.root), self.width, "  ")
        if failed:
            code = in_order(failed)[0].rule.code
            lines += wrapped(f"`stockade explain {code}` tells more about a rule", self.width, "  ")
        return "\n".join(lines) + "\n"

    # ------------------------------------------------------------------------------------------------------------ ink

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text


def marks_of(finding: Finding, screen: Screen) -> list[Mark]:
    """The places that a finding shows, each with a word on it."""
    span = finding.span
    if span is None:
        return []
    label, cause = _cause(finding, span)
    marks = [Mark(screen.span(span), label, primary=True)]
    if cause is not None and cause.span is not None:
        said = cause.what if cause.what.endswith(_INSIDE) else f"the {cause.what}"
        marks.append(Mark(screen.span(cause.span), said, primary=False))
    call = call_of(finding)
    if call is not None and call.span is not None and (cause is None or cause.span != call.span):
        marks.append(Mark(screen.span(call.span), f"the {call.what}", primary=False))
    for related in finding.related:
        where = shown_span(related.origin)
        if where is not None:
            marks.append(Mark(screen.span(where), related.text, primary=False))
    # Further functions of which the same is so; what else was merged into the finding has the same place.
    others = [where for s in finding.also if (where := shown_span(s.origin)) is not None and where != span]
    if finding.together and len(others) <= _MOST_OTHERS:
        marks += [Mark(screen.span(where), "and this", primary=False) for where in others]
    return marks


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Lines of a text; words, commands and paths stay whole."""
    room = max(width, _LEAST_ROOM)
    words = text.split(" ")
    if text.isprintable() and all(words):
        # Nothing but words with one space between them, as nearly always: the same as below, in a tenth of the time.
        lines = words[:1]
        for word in words[1:]:
            if len(lines[-1]) + 1 + len(word) <= room:
                lines[-1] += f" {word}"
            else:
                lines.append(indent + word)
        return lines
    return wrap(text, room, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]


def _file_of(function: Function) -> str:
    place = home(function)
    return place.doc.path if place is not None else ""


def _folded(findings: list[Finding], *, fold: bool) -> list[list[Finding]]:
    """Findings that are shown together: one by one or, of a rule with much to say in a long report, below its first."""
    groups: dict[object, list[Finding]] = {}
    for index, finding in enumerate(findings):
        alone = not fold or (finding.verdict == "fail" and finding.severity in _ALWAYS_WHOLE)
        key = index if alone else (finding.verdict, finding.severity, finding.rule.code)
        groups.setdefault(key, []).append(finding)
    return [part for group in groups.values() for part in ([group] if len(group) >= _SEVERAL else [[f] for f in group])]


def _cause(finding: Finding, span: Span) -> tuple[str, Via | None]:
    """What to write beside the primary place about where its value comes from, and that place, if it is to be shown."""
    via = finding.origin.via if isinstance(finding.origin, File) else ()
    if not via:
        return "", None
    last = next((v for v in reversed(via) if not v.is_call), via[-1])
    if last.input_name:
        # Of a text that only uses the parameter among other things, the default is not the cause.
        return "", last if is_reference(span) and last.span is not None and not last.hidden else None
    written = last.is_call or last.what.startswith(_WRITTEN_ELSEWHERE) or last.what.endswith(_INSIDE)
    if last.span is not None and not last.hidden and written:
        return "", last
    return f"from {last.what}", None


def notes(finding: Finding, offers: Offers) -> list[tuple[str, str]]:
    """What is said below the source: why it can't be told, of what else it is so, what to do, what Stockade can do."""
    said = [("because", d.why + give(d.remedy)) for d in finding.doubts]
    unnamed = [s for s in finding.also if f"`{s.address}`" not in finding.message]
    if unnamed:
        shown = ", ".join(f"`{s.address}`" for s in unnamed[:6])
        more = f" and {len(unnamed) - 6} more" if len(unnamed) > 6 else ""
        said.append(("also", f"the same holds for {shown}{more}"))
    help_ = offers.help(finding)
    offered = offers.fixes(finding)
    # What a rule has a fix for, but can't be written there, is said by hand and why.
    by_hand = offered[0].why if offered and offered[0] is not finding.fixes[0] and offered[0].safety == "advice" else ""
    fixes = [f for f in offered if f.safety != "advice" or not help_]
    first = next((f for f in fixes if f.safety != "advice"), None)
    if first is not None:
        help_ = help_.removeprefix(f"{first.title}; ")  # which is said by the fix
    told_by_fix = first is not None and _says_the_same(help_, first)
    if help_ and not told_by_fix:
        said.append(("help", f"{help_}; {by_hand}" if by_hand else help_))
    for fix in fixes:
        kind = {"safe": "fix", "unsafe": "unsafe fix", "advice": "help"}[fix.safety]
        title = help_ if fix is first and told_by_fix else fix.title
        why = fix.safety != "advice" or (by_hand and fix is offered[0])
        said.append((kind, f"{title}; {fix.why}" if fix.why and why else title))
    return said


def _says_the_same(text: str, fix: Fix) -> bool:
    """Whether a text has all the words that matter of a fix's title, and hardly any other."""
    words, own = _words(text), _words(fix.title)
    return bool(own) and own <= words and len(words) <= len(own) + 3


def _words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[\w-]{4,}", text)}


def _causes(result: Result) -> list[tuple[int, str]]:
    """Why verdicts could not be told, in sentences. What the same remedy helps against is one sentence."""
    found: list[tuple[int, str]] = []
    parameters: dict[str, frozenset[int]] = {}
    alike: dict[tuple[str, str], list[Undecided]] = defaultdict(list)
    for reason in undecided(result):
        name = _parameter(reason.remedy)
        if name and "no default" in reason.why:
            parameters[name] = parameters.get(name, frozenset()) | reason.rows
        else:
            alike[reason.cause, reason.remedy or reason.why].append(reason)
    for reasons in alike.values():
        more = f" (and {plural(len(reasons) - 1, 'other reason')})" if len(reasons) > 1 else ""
        rows = frozenset[int]().union(*(r.rows for r in reasons))
        found.append((len(rows), reasons[0].why + more + give(reasons[0].remedy)))
    if parameters:
        names = list(parameters)
        options = " ".join(f"--parameters {n}=…" for n in names[:3]) + (" …" if len(names) > 3 else "")
        text = f"{_list(f'`{n}`' for n in names)} {'has' if len(names) == 1 else 'have'} no default; give {options}"
        rows = frozenset[int]().union(*parameters.values())
        found.append((len(rows), f"the {'parameter' if len(names) == 1 else 'parameters'} {text}"))
    return sorted(found, key=lambda item: -item[0])


def _parameter(remedy: str) -> str:
    match = re.fullmatch(r"--parameters ([\w:]+)=.*", remedy)
    return match[1] if match else ""


def _list(words: Iterable[str]) -> str:
    every = list(words)
    if len(every) > 4:
        return f"{', '.join(every[:3])} and {len(every) - 3} more"
    return " and ".join([", ".join(every[:-1]), every[-1]]) if len(every) > 1 else "".join(every)


def _offer(mendable: Counter[str], root: str) -> str:
    """What `stockade fix` could do."""
    command = f"`stockade fix {root}`" if root != "." else "`stockade fix`"
    safe, unsafe = mendable["safe"], mendable["unsafe"]
    if safe and unsafe:
        return f"{command} has edits for {safe} of them, and with `--unsafe` for {unsafe} more"
    return (
        f"{command} has edits for {safe} of them"
        if safe
        else f"{command} with `--unsafe` has edits for {unsafe} of them"
    )
