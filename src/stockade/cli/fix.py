"""`stockade fix`."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from stockade import api
from stockade.cli._options import parameters_option, read_parameters


@click.command("fix")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--select", multiple=True, metavar="RULE", help="Only these rules: code, name, prefix or domain; repeatable.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Not these rules; repeatable.")
@click.option("--unsafe", is_flag=True, help="Also fixes after which something that works today may stop working.")
@click.option("--write", "write", is_flag=True, help="Change the files. Without it, only the difference is shown.")
@click.option("--persona", default="regular", show_default=True, help="regular, pedantic or auditor.")
@parameters_option
def command(
    path: Path,
    *,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    unsafe: bool,
    write: bool,
    persona: str,
    parameters: tuple[str, ...],
) -> None:
    """Show, or with --write make, the edits that remove findings below PATH. Every edit is verified before it is shown."""
    change = api.fix(
        path, parameters=read_parameters(parameters), select=select, ignore=ignore, unsafe=unsafe, persona=persona
    )
    for shown, text in sorted(change.after.items()):
        document = change.before[shown]
        old = ("\ufeff" if document.bom else "") + document.text
        for line in difflib.unified_diff(
            old.splitlines(keepends=True), text.splitlines(keepends=True), f"a/{shown}", f"b/{shown}"
        ):
            click.echo(line, nl=not line.endswith(("\n", "\r")))
        if write:
            target = path / shown if path.is_dir() else path
            target.write_bytes(document.encode(text))
    for item in change.done:
        click.echo(f"{'fixed' if write else 'would fix'} {item.finding.rule.code}: {item.finding.message}: {item.fix.title}", err=True)
    for refusal in change.refused:
        click.echo(f"left {refusal.finding.rule.code}: {refusal.finding.message}: {refusal.why}", err=True)
    if not change.done and not change.refused:
        click.echo("nothing to fix", err=True)
    if change.done and not write:
        click.echo("(nothing was written; --write does)", err=True)
