"""`stockade fix`."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import click

from stockade import api
from stockade.cli._configured import ConfiguredCommand, tailoring
from stockade.cli._options import parameter_options, select_options
from stockade.cli._output import wants_colour, write_text
from stockade.errors import UsageError
from stockade.patterns import regex
from stockade.reports._shared import plural
from stockade.text.snippet import clean

_LINE = regex(r"[^\n]*\n|[^\n]+")  # as `patch` counts lines, which knows no other end
_COLOURS = {"+": "32", "-": "31", "@": "36"}


@click.command("fix", cls=ConfiguredCommand)
@click.argument("path", type=click.Path(path_type=Path), default=".")
@select_options
@click.option("--unsafe", is_flag=True, help="Also fixes after which something that works today may stop working.")
@click.option("--write", "write", is_flag=True, help="Change the files. Without it, only the difference is shown.")
@parameter_options
def command(
    path: Path,
    *,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    unsafe: bool,
    write: bool,
    persona: str,
    given: dict[str, Any],
) -> None:
    """Show, or with --write make, the edits that remove findings below PATH.

    Every edit is verified before it is shown: the changed text is read and scanned again.
    """
    change = api.fix(
        path, select=select, ignore=ignore, unsafe=unsafe, persona=persona, tailoring=tailoring(path), **given
    )
    for shown, text in sorted(change.after.items()):
        document = change.before[shown]
        old = ("\ufeff" if document.bom else "") + document.text
        write_text("".join(_shown(line) for line in difference(old, text, shown)))
        if write:
            target = path / shown if path.is_dir() else path.parent / shown
            try:
                target.write_bytes(document.encode(text))
            except OSError as error:
                raise UsageError(f"can't write `{target}`: {error.strerror}", hint="check its permissions") from error
    for item in change.done:
        _say(f"{'fixed' if write else 'would fix'} {item.finding.rule.code}: {item.finding.message}: {item.fix.title}")
    held = [r for r in change.refused if r.fix.safety == "unsafe" and not unsafe]
    for refusal in change.refused:
        if refusal not in held:
            _say(f"left {refusal.finding.rule.code}: {refusal.finding.message}: {refusal.why}")
    if held:
        codes = ", ".join(dict.fromkeys(r.finding.rule.code for r in held))
        _say(
            f"left {plural(len(held), 'unsafe fix', 'unsafe fixes')} of {codes}: something may stop working (--unsafe shows them)"
        )
    if not change.done and not change.refused:
        _say("nothing to fix")
    if change.done and not write:
        _say("(nothing was written; --write does)")


def _say(text: str) -> None:
    click.echo(clean(text), err=True)


def difference(old: str, new: str, path: str) -> list[str]:
    """The unified difference; a last line without an end gets the mark that `patch` knows."""
    lines = difflib.unified_diff(_LINE.findall(old), _LINE.findall(new), f"a/{path}", f"b/{path}")
    return [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]


def _shown(line: str) -> str:
    """A line of a difference: on a terminal coloured and without control characters, else byte for byte."""
    if not wants_colour("auto"):
        return line
    code = "1" if line.startswith(("---", "+++")) else _COLOURS.get(line[0], "0")
    return f"\x1b[{code}m{clean(line.rstrip(chr(10)))}\x1b[0m\n"
