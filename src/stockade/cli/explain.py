"""`stockade explain`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stockade import api
from stockade.cli import _explain_peers
from stockade.cli._configured import ConfiguredCommand, tailoring
from stockade.cli._options import parameter_options
from stockade.cli._output import terminal_width, wants_colour, write_text
from stockade.config.describe import options_of
from stockade.engine.select import matching
from stockade.errors import UsageError
from stockade.knowledge import peers
from stockade.patterns import regex
from stockade.rules._base import Rule

if TYPE_CHECKING:
    from stockade.engine.findings import Finding, Result

_FINGERPRINT = regex(r"(?=[0-9a-f]*[0-9])[0-9a-f]{4,20}(-\d+)?")
_PLACE = regex(r"(.+):(\d+)(?::\d+)?")


@click.command("explain", cls=ConfiguredCommand)
@click.argument("what")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@parameter_options
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the text.",
)
def command(what: str, path: Path, *, given: dict[str, Any], color: str) -> None:
    """Say what WHAT is about: a rule, a control of another tool, or a finding.

    A rule goes by its code, its name, or what another tool calls it: its page says what it reports, why, and how to mend
    it. Of an id of another tool that no rule holds, it is said what it means there, and why none does. A finding of the
    scan of PATH goes by the beginning of its fingerprint (`-f json` has them), or by its place, FILE:LINE: what is told is
    how it comes to be so, whom it concerns, and what a fix would change.
    """
    elsewhere = peers.short(what)
    if any(elsewhere in rule.aliases for rule in api.rules()):
        _page_out("\n".join(_page(found) for found in matching(api.rules(), elsewhere)))
        return
    other = _explain_peers.page(what)
    if other:
        _page_out(other + "\n")
        return
    if _FINGERPRINT.fullmatch(what) or _PLACE.fullmatch(what):
        from stockade.reports._evidence import render

        result = api.scan(path, persona="auditor", tailoring=tailoring(path), gathered=False, **given)
        found = _named(result, what)
        colour, width = wants_colour(color), terminal_width()
        _page_out("\n".join(render(result, finding, colour=colour, width=width) for finding in found))
        return
    _page_out("\n".join(_page(found) for found in matching(api.rules(), what)))


def _named(result: Result, what: str) -> list[Finding]:
    """The findings that are meant."""
    place = _PLACE.fullmatch(what)
    if place is None:
        found = [finding for finding in result.findings if finding.fingerprint.startswith(what)]
    else:
        file, line = Path(place[1]).as_posix(), int(place[2])
        found = [
            finding
            for finding in result.findings
            if finding.span is not None
            and finding.span.line == line
            and (finding.span.doc.path == file or file.endswith(f"/{finding.span.doc.path}"))
        ]
    if not found:
        near = [f"{f.fingerprint} ({f.rule.name})" for f in result.findings[:3]]
        hint = f"there are {len(result.findings)}, such as {', '.join(near)}" if near else "nothing was found there"
        raise UsageError(f"there is no finding `{what}` in {result.root}", hint=hint)
    return found


def _page_out(text: str) -> None:
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
