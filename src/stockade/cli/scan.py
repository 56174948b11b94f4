"""`stockade scan`."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from pathlib import Path

import click

from stockade import api
from stockade.cli._options import parameters_option, read_parameters
from stockade.engine.findings import SEVERITIES
from stockade.errors import UsageError
from stockade.rules._base import Severity

FORMATS = ("text", "concise", "json", "matrix", "sarif")


@click.command("scan")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help=f"One of {', '.join(FORMATS)}; to standard output, or to FILE. Repeatable, each with its own file.",
)
@click.option(
    "--persona",
    default="regular",
    show_default=True,
    metavar="PERSONA",
    help="regular; pedantic (also what is only advisable); auditor (also what can't be decided).",
)
@click.option("--select", multiple=True, metavar="RULE", help="Only these rules: code, name, prefix or domain; repeatable.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Not these rules; repeatable.")
@parameters_option
@click.option("--show", default="info", show_default=True, type=click.Choice(SEVERITIES), help="Show findings from this severity on.")
@click.option(
    "--fail-on",
    default="low",
    show_default=True,
    type=click.Choice([*SEVERITIES, "never"]),
    help="Exit with 1 if there is a finding from this severity on.",
)
@click.option("--strict", is_flag=True, help="Exit with 4 if something could not be seen and nothing else is wrong.")
@click.option("--no-ignores", is_flag=True, help="Do as if there were no `stockade: ignore` anywhere.")
@click.option("--stats", is_flag=True, help="Also print the verdicts by rule and every cause of undecided ones, to standard error.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True, help="Colour the text.")
def command(
    path: Path,
    *,
    formats: tuple[str, ...],
    persona: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    parameters: tuple[str, ...],
    show: Severity,
    fail_on: str,
    strict: bool,
    no_ignores: bool,
    stats: bool,
    color: str,
) -> None:
    """Scan the infrastructure code below PATH (the current folder, if none is given).

    Exit codes: 0 nothing found, 1 findings, 2 wrong use, 3 nothing to scan, 4 (with --strict) something could not be seen.
    """
    wanted = _outputs(formats)
    result = api.scan(
        path,
        parameters=read_parameters(parameters),
        select=select,
        ignore=ignore,
        persona=persona,
        show=show,
        honor_suppressions=not no_ignores,
    )
    for name, target in wanted:
        if target is None:
            click.echo(_render(name, result, color=color), nl=False, color=True)
        else:
            _save(target, _render(name, result, color="never"))
    if stats:
        from stockade.reports.stats import render as render_stats

        click.echo(render_stats(result), nl=False, err=True)
    bad = fail_on != "never" and any(
        f.verdict == "fail" and SEVERITIES.index(f.severity) <= SEVERITIES.index(_severity(fail_on)) for f in result.visible
    )
    raise click.exceptions.Exit(1 if bad else 4 if strict and result.gaps else 0)


def _severity(word: str) -> Severity:
    return next(s for s in SEVERITIES if s == word)


def _outputs(formats: tuple[str, ...]) -> list[tuple[str, Path | None]]:
    found: list[tuple[str, Path | None]] = []
    for word in formats or ("text",):
        name, sign, target = word.partition("=")
        if name not in FORMATS:
            import difflib

            near = difflib.get_close_matches(name, FORMATS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"use one of {', '.join(FORMATS)}"
            raise UsageError(f"there is no format `{name}`", hint=hint)
        if sign and not target:
            raise UsageError(f"`-f {word}` names no file", hint=f"write {name}=FILE, or {name} for standard output")
        found.append((name, Path(target) if target else None))
    if sum(target is None for _, target in found) > 1:
        raise UsageError("only one format can go to standard output", hint="give the others a file, such as -f sarif=out.sarif")
    return found


def _render(name: str, result: api.Result, *, color: str) -> str:
    module = importlib.import_module(f"stockade.reports.{name}")
    if name == "text":
        rendered: str = module.render(result, colour=_wants_colour(color), width=shutil.get_terminal_size((100, 24)).columns)
    else:
        rendered = module.render(result)
    return rendered


def _wants_colour(color: str) -> bool:
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _save(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"can't write `{target}`: {error.strerror}", hint="check the folder and its permissions") from error
