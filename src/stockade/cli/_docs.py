"""The pages of the documentation that are made of the code."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import click

from stockade import api
from stockade.engine.select import domain_of
from stockade.rules import DOMAINS
from stockade.rules._base import Rule

_SOURCE = "made by `stockade dev docs`; edit the code, not this page"


def write_pages(into: Path) -> list[Path]:
    """Write all generated pages below a folder; returns their paths."""
    pages = {"rules/index.md": _rules_index(), "cli.md": _cli(), "formats.md": _formats()}
    pages |= {f"rules/{r.name}.md": _rule_page(r) for r in api.rules()}
    written = []
    for name, text in pages.items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        written.append(path)
    for stale in (into / "rules").glob("*.md"):
        if f"rules/{stale.name}" not in pages:
            stale.unlink()
    return written


def _rules_index() -> str:
    lines = [f"<!-- {_SOURCE} -->", "# Rules", ""]
    by_domain: dict[str, list[Rule]] = defaultdict(list)
    for rule in api.rules():
        by_domain[domain_of(rule)].append(rule)
    number = {name: digit for digit, name in DOMAINS.items()}
    for domain in sorted(by_domain, key=number.__getitem__):
        lines += [f"## {domain.capitalize()} (SK{number[domain]}xx)", "", "| Code | Name | Severity | Controls | What it reports |", "|---|---|---|---|---|"]
        for r in by_domain[domain]:
            persona = "" if r.persona == "regular" else f" ({r.persona})"
            lines.append(f"| {r.code} | [{r.name}]({r.name}.md) | {r.severity}{persona} | {', '.join(r.controls)} | {r.title} |")
        lines.append("")
    return "\n".join(lines)


def _rule_page(rule: Rule) -> str:
    head, _, body = rule.doc.strip().partition("\n")
    facts = [
        ("Code", f"`{rule.code}`"),
        ("Severity", rule.severity),
        ("Confidence", rule.confidence),
        ("Persona", rule.persona),
        ("Since", rule.since),
        ("Controls", ", ".join(rule.controls)),
        *((framework, ", ".join(map(str, values))) for framework, values in rule.maps.items()),
        *((("Known elsewhere as", ", ".join(f"`{a}`" for a in rule.aliases)),) if rule.aliases else ()),
        ("Source", f"`{rule.module.replace('.', '/')}.py`"),
    ]
    table = "\n".join(f"| {key} | {value} |" for key, value in facts)
    page = body.replace("```yaml bad", '```yaml title="bad"').replace("```yaml good", '```yaml title="good"')
    page = page.replace("```json bad", '```json title="bad"').replace("```json good", '```json title="good"')
    return f"<!-- {_SOURCE} -->\n# {rule.name}\n\n{head}\n\n| | |\n|---|---|\n{table}\n\n{page.strip()}\n"


def _cli() -> str:
    from stockade.cli import group

    lines = [f"<!-- {_SOURCE} -->", "# Command line", ""]
    context = click.Context(group, info_name="stockade")
    lines += ["```text", group.get_help(context), "```", ""]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            raise RuntimeError(f"no command {name}")
        inner = click.Context(command, info_name=name, parent=context)
        lines += [f"## stockade {name}", "", "```text", command.get_help(inner), "```", ""]
        if isinstance(command, click.Group):
            for sub in command.list_commands(inner):
                found = command.get_command(inner, sub)
                if found is not None:
                    deeper = click.Context(found, info_name=sub, parent=inner)
                    lines += [f"### stockade {name} {sub}", "", "```text", found.get_help(deeper), "```", ""]
    return "\n".join(lines)


def _formats() -> str:
    """The matrix of model fields and formats."""
    from stockade.inputs.matrix import matrix

    rows = matrix()
    lines = [
        f"<!-- {_SOURCE} -->",
        "# Where each field of the model stands in each format",
        "",
        "Every field of the model is read from, and written to, the place that is named here. A dash with a reason means that the",
        "format can't say it.",
        "",
    ]
    kinds: dict[str, list[tuple[str, dict[str, str]]]] = defaultdict(list)
    formats: list[str] = []
    for row in rows:
        kinds[row.kind].append((row.field, row.places))
        formats = formats or list(row.places)
    for kind, fields in kinds.items():
        lines += [f"## {kind}", "", f"| Field | {' | '.join(formats)} |", "|---" * (len(formats) + 1) + "|"]
        lines += [f"| `{field}` | {' | '.join(places[f].replace('|', chr(92) + '|') for f in formats)} |" for field, places in fields]
        lines.append("")
    return "\n".join(lines)
