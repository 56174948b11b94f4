"""The page that says what other tools find, and which rules hold it."""

from __future__ import annotations

from collections import Counter

from stockade import api
from stockade.knowledge import peers
from stockade.knowledge.peers import WORK, Row

_INTRODUCTION = """\
{rows} distinct controls that {tools} tools have about Lambda functions and what is around them, collected from their sources
as of {as_of}. {held} are held by rules, in every format in which they can be decided; of the others it is said what has to
be seen to hold them. The ids that a control has elsewhere are aliases of its rules: `stockade explain CKV_AWS_50` works, and
so it does for those that no rule holds. Rules marked *auditor* hold what only checklists ask for: they are shown with
`--persona auditor` alone."""


def page(source: str) -> str:
    """The page in Markdown; `source` is the comment at its head."""
    rows = peers.rows()
    held = [row for row in rows if row.held]
    auditors = frozenset(rule.name for rule in api.rules() if rule.persona == "auditor")
    lines = [
        f"<!-- {source} -->",
        "# What other tools find",
        "",
        _INTRODUCTION.format(rows=len(rows), tools=len(peers.tools()), as_of=peers.provenance().as_of, held=len(held)),
        "",
        "| Tool | Controls | Held | What is left has to be seen in |",
        "|---|---|---|---|",
        *_by_tool(rows),
        "",
        *(f"- *{kind}*: {what}" for kind, what in WORK.items() if any(row.later == kind for row in rows)),
        "",
    ]
    for letter, title in peers.sections().items():
        lines += [f"## {letter}. {title}", "", "| | Fails when | Held by | Known as |", "|---|---|---|---|"]
        lines += [_row(row, auditors) for row in rows if row.section == letter]
        lines.append("")
    return "\n".join(lines)


def _by_tool(rows: tuple[Row, ...]) -> list[str]:
    lines = []
    for tool, name in sorted(peers.tools().items(), key=lambda each: -sum(each[0] in row.ids for row in rows)):
        own = [row for row in rows if tool in row.ids]
        left = Counter(row.later for row in own if row.later is not None)
        said = ", ".join(f"{kind} {number}" for kind, number in left.most_common())
        lines.append(f"| {name} | {len(own)} | {sum(bool(row.held) for row in own)} | {said} |")
    return lines


def _row(row: Row, auditors: frozenset[str]) -> str:
    by = (
        ", ".join(f"[{name}](rules/{name}.md){' *auditor*' if name in auditors else ''}" for name in row.held)
        or f"*{row.later}*{f': {row.why}' if row.why else ''}"
    )
    ids = [id_ for each in row.ids.values() for id_ in each]
    shown = ", ".join(f"`{id_}`" for id_ in ids[:8]) + (f" and {len(ids) - 8} more" if len(ids) > 8 else "")
    return f"| {row.number} | {_cell(row.fails_when)} | {_cell(by)} | {_cell(shown)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
