"""`stockade explain`."""

from __future__ import annotations

import click

from stockade import api
from stockade.engine.select import matching


@click.command("explain")
@click.argument("rule")
def command(rule: str) -> None:
    """Say what RULE (a code or a name) reports, why, and how to mend it."""
    for found in matching(api.rules(), rule):
        head, _, body = found.doc.strip().partition("\n")
        facts = [
            f"severity {found.severity}" + (" (by context)" if "context" in body.lower() else ""),
            f"confidence {found.confidence}",
            f"persona {found.persona}",
            f"controls {', '.join(found.controls)}",
        ]
        if found.aliases:
            facts.append(f"known elsewhere as {', '.join(found.aliases)}")
        click.echo(f"{found.code} {found.name}: {head}\n\n{'; '.join(facts)}\n{body.rstrip()}\n")
