"""`stockade explain`."""

from __future__ import annotations

import shutil
import sys

import click

from stockade import api
from stockade.cli._output import write_text
from stockade.config.describe import options_of
from stockade.engine.select import matching
from stockade.rules._base import Rule


@click.command("explain")
@click.argument("rule")
def command(rule: str) -> None:
    """Say what RULE (a code or a name) reports, why, and how to mend it."""
    text = "\n".join(_page(found) for found in matching(api.rules(), rule))
    long = text.count("\n") >= shutil.get_terminal_size().lines
    if long and sys.stdin.isatty() and sys.stdout.isatty():
        click.echo_via_pager(text)
    else:
        write_text(text)


def _page(rule: Rule) -> str:
    head, _, body = rule.doc.strip().partition("\n")
    facts = [
        f"severity {rule.severity}",
        f"confidence {rule.confidence}",
        f"persona {rule.persona}",
        f"controls {', '.join(rule.controls)}",
    ]
    if rule.aliases:
        facts.append(f"known elsewhere as {', '.join(rule.aliases)}")
    options = "".join(
        f"- {o.name} ({o.takes}{f', {o.default} by default' if o.default else ''}): {o.means}\n"
        for o in options_of(rule)
    )
    configured = f"\n## Options\nIn stockade.toml, under [rules.{rule.name}]:\n{options}"
    return f"{rule.code} {rule.name}: {head}\n\n{'; '.join(facts)}\n{body.rstrip()}\n{configured}"
