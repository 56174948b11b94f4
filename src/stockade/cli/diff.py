"""`stockade diff`."""

from __future__ import annotations

from typing import Any

import click

from stockade import api
from stockade.cli._options import parameter_options
from stockade.cli._output import terminal_width, wants_colour, write_bytes, write_text
from stockade.engine.findings import PERSONAS


@click.command("diff")
@click.argument("old")
@click.argument("new", default=".")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs (schemas/diff.schema.json).",
)
@click.option(
    "--persona",
    type=click.Choice(PERSONAS),
    default="regular",
    show_default=True,
    help="For whom findings are told: auditor also tells what only checklists ask for, and what could not be decided.",
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the text.",
)
@parameter_options
def command(old: str, new: str, *, form: str, persona: str, color: str, given: dict[str, Any]) -> None:
    """What changed from OLD to NEW (the current folder, if none is given), by what it means for security.

    Each is a folder or a template, or a revision of one: `git:REVISION` or `git:REVISION:PATH`. What opens is told first: what a
    scan finds now, and what functions may do that they could not do. Then what closes, and what is just another.

    Exit codes: 0 nothing opens, 1 something opens, 2 wrong use, 3 nothing to scan.
    """
    from stockade.reports._comparison import render_json, render_text

    found = api.diff(old, new, persona=persona, **given)
    if form == "json":
        write_bytes(render_json(found).encode())
    else:
        write_text(render_text(found, colour=wants_colour(color), width=terminal_width()))
    raise click.exceptions.Exit(1 if found.opens else 0)
