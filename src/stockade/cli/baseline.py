"""`stockade baseline`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from stockade import api
from stockade.cli._configured import ConfiguredCommand, configuration, tailoring
from stockade.cli._options import parameter_options, select_options
from stockade.cli._output import write_text
from stockade.engine.baseline import FILE, known_of, read_baseline, written
from stockade.engine.findings import Known
from stockade.errors import UsageError
from stockade.reports._shared import plural
from stockade.text.snippet import clean

_FILE = click.option(
    "--baseline",
    "file",
    type=click.Path(path_type=Path),
    default=FILE,
    show_default=True,
    metavar="FILE",
    help="Its file.",
)


@click.group("baseline")
def command() -> None:
    """Findings that are known: they are counted, not shown, and fail nothing. `scan --baseline FILE` uses them."""


@command.command("write", cls=ConfiguredCommand)
@click.argument("path", type=click.Path(path_type=Path), default=".")
@_FILE
@select_options
@parameter_options
def write(
    path: Path,
    *,
    file: Path,
    persona: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    given: dict[str, Any],
) -> None:
    """Write down all that a scan of PATH reports now."""
    result = api.scan(
        path, persona=persona, select=select, ignore=ignore, tailoring=tailoring(path), gathered=False, **given
    )
    known = known_of(result.visible, path, file)
    _save(file, known)
    click.echo(f"{plural(len(known), 'finding')} written to {file}", err=True)
    if not configuration().settings.baseline:
        click.echo(f'`baseline = "{file.name}"` in stockade.toml, or `scan --baseline {file}`, uses it', err=True)


@command.command("show", cls=ConfiguredCommand)
@click.argument("path", type=click.Path(path_type=Path), default=".")
@_FILE
def show(path: Path, *, file: Path) -> None:
    """List what is in the baseline of the project at PATH, by file."""
    del path  # its configuration names the file
    lines: list[str] = []
    at = ""
    for known in read_baseline(file).findings:
        if known.path != at:
            at = known.path
            lines.append(("\n" if lines else "") + at)
        lines.append(clean(f"  {known.severity} {known.rule} {known.message}"))
    write_text("".join(f"{line}\n" for line in lines) or "nothing is in it\n")


@command.command("prune", cls=ConfiguredCommand)
@click.argument("path", type=click.Path(path_type=Path), default=".")
@_FILE
@select_options
@parameter_options
def prune(
    path: Path,
    *,
    file: Path,
    persona: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    given: dict[str, Any],
) -> None:
    """Take out what a scan of PATH finds no more."""
    baseline = read_baseline(file)
    result = api.scan(
        path, persona=persona, select=select, ignore=ignore, tailoring=tailoring(path), baseline=file, **given
    )
    gone = result.baseline.gone if result.baseline is not None else ()
    for known in gone:
        click.echo(clean(f"gone: {known.path}: {known.rule} {known.message}"), err=True)
    if gone:
        _save(file, [known for known in baseline.findings if known not in gone])
    click.echo(
        f"{plural(len(gone), 'finding')} taken out, {len(baseline.findings) - len(gone)} left in {file}", err=True
    )


def _save(file: Path, findings: list[Known]) -> None:
    try:
        file.write_text(written(findings), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"can't write `{file}`: {error.strerror}", hint="check the folder and its permissions"
        ) from error
