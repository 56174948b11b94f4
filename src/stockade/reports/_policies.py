"""What is wrong with policies, for people and for programs: `stockade policy validate`."""

from __future__ import annotations

from typing import Any

import msgspec

from stockade import __version__
from stockade.engine.findings import shown_span
from stockade.engine.policies import Checked, Checks
from stockade.engine.run import say
from stockade.iam.validate import CLASSES, Class, grade_of
from stockade.model.policy import Fault
from stockade.reports._screen import Screen
from stockade.reports._shared import folder_of_root, gap_place, give, plural
from stockade.reports.json import gap_data, origin_data
from stockade.reports.text import wrapped
from stockade.text.document import Span
from stockade.text.snippet import Mark, clean, render_marks

_WORDS: dict[Class, str] = {
    "ERROR": "error",
    "SECURITY_WARNING": "security warning",
    "WARNING": "warning",
    "SUGGESTION": "suggestion",
}
_COLOURS: dict[Class, str] = {"ERROR": "1;31", "SECURITY_WARNING": "1;35", "WARNING": "1;33", "SUGGESTION": "1;36"}
_TONES: dict[Class, str] = {"ERROR": "red", "SECURITY_WARNING": "red", "WARNING": "yellow", "SUGGESTION": "cyan"}
_MOST = 60  # faults of one policy that are shown in full
_LONG = 200  # characters of a place that are underlined: of a whole policy, its beginning is enough
TYPES = {
    "identity": "an identity policy",
    "resource": "a policy on a resource",
    "trust": "a role's trust policy",
    "scp": "a service control policy",
    "rcp": "a resource control policy",
}


def visible(policy: Checked, show: Class) -> list[Fault]:
    """What is to be shown of a policy: faults of this class and graver ones."""
    worst = CLASSES.index(show)
    return [fault for fault in policy.faults if CLASSES.index(grade_of(fault.id)) <= worst]


def render_text(checks: Checks, *, show: Class = "SUGGESTION", colour: bool = False, width: int = 100) -> str:
    """The report for a person at a terminal."""
    blocks: list[str] = []
    screens = {root: Screen(app, folder_of_root(root)) for root, app in checks.apps}
    for policy in checks.policies:
        found = visible(policy, show)
        blocks += [
            _fault(fault, policy, screens.get(policy.root), colour=colour, width=max(width, 40))
            for fault in found[:_MOST]
        ]
        if len(found) > _MOST:
            blocks.append(f"… and {len(found) - _MOST:,} more in {_name(policy)} (`-f json` lists all)\n")
    blocks += _gaps(checks)
    blocks.append(_summary(checks, show, width))
    return "\n".join(blocks)


def _fault(fault: Fault, policy: Checked, screen: Screen | None, *, colour: bool, width: int) -> str:
    grade = grade_of(fault.id)
    when = f"when {say((fault.when,))}" if fault.when else ""
    head = f"{_WORDS[grade]}[{fault.id}]:"
    message = f"{fault.message} {when}".rstrip()
    first, *rest = wrapped(f"{head} {clean(message)}", width, "  ")
    if colour:
        first = f"\x1b[{_COLOURS[grade]}m{head}\x1b[0m" + first[len(head) :]
    lines = [first, *rest]
    span = shown_span(fault.origin)
    marks = []
    if span is not None:
        marks.append(
            Mark(_shown(_short(span), screen), f"in `{policy.address}`" if policy.address else "", primary=True)
        )
        for remark in fault.related:
            where = shown_span(remark.origin)
            if where is not None and where != span:
                marks.append(Mark(_shown(_short(where), screen), remark.text, primary=False))
        lines.append(render_marks(marks, width=width, colour=colour, tone=_TONES[grade]))
    gutter = " " * (max((len(str(mark.span.line)) for mark in marks), default=2) + 1)
    if fault.help:
        start = f"{gutter}= help: "
        body, *more = wrapped(clean(fault.help), width - len(start))
        lines += [start + body, *(" " * len(start) + line for line in more)]
    return "\n".join(lines) + "\n"


def _shown(span: Span, screen: Screen | None) -> Span:
    """The place as it may be shown: a file that is a policy is shown as it is, a template without its secrets."""
    return span if screen is None else screen.span(span)


def _short(span: Span) -> Span:
    """A place, of which a whole policy or statement is marked at its beginning only."""
    text = span.doc.text[span.start : min(span.end, span.start + _LONG)]
    line = text.partition("\n")[0].rstrip("\r")
    return Span(span.doc, span.start, min(span.end, span.start + max(len(line), 1)))


def _gaps(checks: Checks) -> list[str]:
    lines = [
        f"  {': '.join(part for part in (gap_place(gap), clean(gap.what)) if part)}: {clean(gap.why)}{give(gap.remedy)}"
        for gap in checks.gaps
    ]
    if not lines:
        return []
    shown = lines[:6] + ([f"  and {len(lines) - 6} more (`-f json` lists all)"] if len(lines) > 6 else [])
    return ["\n".join([f"{plural(len(lines), 'thing')} could not be seen:", *shown]) + "\n"]


def _name(policy: Checked) -> str:
    return f"`{policy.address}` of {policy.path}" if policy.address else policy.path


def _summary(checks: Checks, show: Class, width: int) -> str:
    counts = {grade: number for grade, number in checks.counts().items() if number}
    parts = [plural(number, _WORDS[grade]) for grade, number in counts.items()]
    text = f"{', '.join(parts) or 'nothing wrong'} in {plural(len(checks.policies), 'policy', 'policies')}"
    if not checks.policies:
        text = "no policy was found" + (", and what could not be seen may hold some" if checks.may_hide_some else "")
    lines = wrapped(text, width, "  ")
    hidden = [n for grade, n in counts.items() if CLASSES.index(grade) > CLASSES.index(show)]
    if hidden:
        lines += wrapped(f"not shown: {sum(hidden)} below {_WORDS[show]}", width, "  ")
    guessed = [policy for policy in checks.policies if policy.guessed]
    kinds = {policy.type for policy in guessed}
    for kind in sorted(kinds):
        those = [policy.path for policy in guessed if policy.type == kind]
        named = those[0] if len(those) == 1 else f"{len(those)} files"
        lines += wrapped(f"{clean(named)}: taken for {TYPES[kind]} by what it says; `--type` says it", width, "  ")
    unknown = sum(len(policy.doubts) for policy in checks.policies if policy.statements or policy.doubts)
    if unknown:
        lines += wrapped(
            f"{plural(unknown, 'part')} of policies could not be told, and {_were(unknown)} not checked", width, "  "
        )
    return "\n".join(lines) + "\n"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def render_json(checks: Checks, *, show: Class = "SUGGESTION") -> str:
    """The report for programs: `schemas/policy-checks.schema.json`."""
    data = {
        "schema_version": 1,
        "tool": {"name": "stockade", "version": __version__},
        "policies": [_policy_data(policy, show) for policy in checks.policies],
        "gaps": [gap_data(gap) for gap in checks.gaps],
        "counts": dict(checks.counts()),
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def _policy_data(policy: Checked, show: Class) -> dict[str, Any]:
    return {
        "path": policy.path,
        "address": policy.address or None,
        "type": policy.type,
        "resource_type": policy.resource_type or None,
        "type_was_guessed": policy.guessed,
        "faults": [_fault_data(fault) for fault in visible(policy, show)],
        "not_checked": [{"why": doubt.why, "remedy": doubt.remedy or None} for doubt in policy.doubts],
    }


def _fault_data(fault: Fault) -> dict[str, Any]:
    return {
        "id": fault.id,
        "class": grade_of(fault.id),
        "message": fault.message,
        "help": fault.help or None,
        "when": say((fault.when,)) if fault.when else None,
        "location": origin_data(fault.origin),
        "related": [{"location": origin_data(r.origin), "label": r.text} for r in fault.related],
        "instead": fault.instead,
    }
