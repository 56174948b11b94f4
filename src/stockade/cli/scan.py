"""`stockade scan`."""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from typing import Any

import click

from stockade import api
from stockade.cli._configured import ConfiguredCommand, tailoring
from stockade.cli._options import parameter_options, select_options
from stockade.cli._output import terminal_width, wants_colour, write_bytes, write_text
from stockade.cli._suggest import Choice
from stockade.engine.findings import SEVERITIES
from stockade.errors import UsageError, nearest
from stockade.reports._shared import ORDERS, Order
from stockade.rules._base import Severity

# What each format is, for the help and the documentation.
FORMATS = {
    "text": "for people: the source with the places marked, what to do, and a summary",
    "concise": "a line for each finding",
    "json": "everything that was found and what could not be told (schemas/report.schema.json)",
    "matrix": "JSON lines, a verdict for every function and rule (schemas/matrix.schema.json)",
    "sarif": "SARIF 2.1.0, for code scanning of code hosts",
    "github": "annotations of GitHub Actions, on the lines of a pull request",
    "gitlab": "a SAST report for GitLab (security report schema 15)",
    "gitlab-codequality": "a Code Quality report for GitLab",
    "junit": "JUnit XML for build servers, a case for every function and rule",
    "markdown": "a comment for a pull request, the gravest first, with what to do folded in",
    "html": "one page for a browser that needs nothing else: findings, and each function with what invokes it",
    "csv": "a table, one row a finding",
    "ocsf": "OCSF 1.5 Compliance Findings, one JSON document a line",
}
EXIT_CODES = {
    0: "nothing was found at or above --fail-on",
    1: "something was found",
    2: "wrong use, or a fault of Stockade's own",
    3: "there was nothing to scan",
    4: "with --strict: something could not be seen, and nothing was found",
    130: "interrupted",
}


@click.command("scan", cls=ConfiguredCommand)
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help=f"One of {', '.join(FORMATS)}; to standard output, or to FILE. Repeatable, each with its own file.",
)
@select_options
@parameter_options
@click.option(
    "--show",
    default="info",
    show_default=True,
    type=Choice(SEVERITIES),
    help="Show findings from this severity on.",
)
@click.option(
    "--fail-on",
    default="low",
    show_default=True,
    type=Choice([*SEVERITIES, "never"]),
    help="Exit with 1 if a finding that is shown has this severity or a worse one.",
)
@click.option(
    "--sort",
    default="severity",
    show_default=True,
    type=Choice(ORDERS),
    help="The order of findings in text, concise, markdown and csv.",
)
@click.option(
    "--group-by",
    type=Choice(ORDERS),
    help="Tell findings together that have this in common, in text and markdown (there, by function without it).",
)
@click.option("--strict/--no-strict", help="Exit with 4 if something could not be seen and nothing else is wrong.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Findings in this file are known: they are counted, and not shown (see `stockade baseline`).",
)
@click.option("--no-ignores", is_flag=True, help="Do as if there were no `stockade: ignore` anywhere.")
@click.option(
    "--honor",
    multiple=True,
    metavar="TOOLS",
    help="Also take what was suppressed for other tools: cdk-nag, cfn-lint, cfn-nag, checkov, guard, trivy, or all.",
)
@click.option("--full", is_flag=True, help="Show every finding whole in the text, however many of one rule there are.")
@click.option(
    "--stats",
    is_flag=True,
    help="Also print the verdicts by rule and every cause of undecided ones, to standard error.",
)
@click.option(
    "--color",
    type=Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the text.",
)
def command(  # noqa: PLR0913 - an argument for each option
    path: Path,
    *,
    formats: tuple[str, ...],
    persona: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    given: dict[str, Any],
    show: Severity,
    fail_on: str,
    sort: Order,
    group_by: Order | None,
    strict: bool,
    baseline: Path | None,
    no_ignores: bool,
    honor: tuple[str, ...],
    full: bool,
    stats: bool,
    color: str,
) -> None:
    """Scan the infrastructure code below PATH (the current folder, if none is given).

    Exit codes: 0 nothing found, 1 findings, 2 wrong use, 3 nothing to scan, 4 (with --strict) something could not be
    seen.
    """
    wanted = _outputs(formats)
    result = api.scan(
        path,
        select=select,
        ignore=ignore,
        persona=persona,
        show=show,
        honor_suppressions=not no_ignores,
        honor=honor,
        tailoring=tailoring(path),
        baseline=baseline,
        **given,
    )
    arranged: dict[str, dict[str, Any]] = {
        "text": {"sort": sort, "group_by": group_by},
        "concise": {"sort": sort},
        "markdown": {"sort": sort, "group_by": group_by or "function"},
        "csv": {"sort": sort},
    }
    for name, target in wanted:
        render = partial(
            importlib.import_module(f"stockade.reports.{name.replace('-', '_')}").render,
            result,
            **arranged.get(name, {}),
        )
        if target is not None:
            _save(target, render())
        elif name == "text":
            write_text(render(colour=wants_colour(color), width=terminal_width(), full=full))
        elif name == "concise":
            write_text(render())
        else:
            write_bytes(render().encode())
    if stats:
        from stockade.reports.stats import render as render_stats

        click.echo(render_stats(result), nl=False, err=True)
    worst = SEVERITIES.index(_severity(fail_on)) if fail_on != "never" else -1
    bad = any(f.verdict == "fail" and SEVERITIES.index(f.severity) <= worst for f in result.visible)
    raise click.exceptions.Exit(1 if bad else 4 if strict and result.gaps else 0)


def _severity(word: str) -> Severity:
    return next(s for s in SEVERITIES if s == word)


def _outputs(formats: tuple[str, ...]) -> list[tuple[str, Path | None]]:
    found: list[tuple[str, Path | None]] = []
    for word in formats or ("text",):
        name, sign, target = word.partition("=")
        if name not in FORMATS:
            hint = nearest(name, FORMATS) or f"use one of {', '.join(FORMATS)}"
            raise UsageError(f"there is no format `{name}`", hint=hint)
        if sign and not target:
            raise UsageError(f"`-f {word}` names no file", hint=f"write {name}=FILE, or {name} for standard output")
        found.append((name, Path(target) if target else None))
    if sum(target is None for _, target in found) > 1:
        raise UsageError(
            "only one format can go to standard output", hint="give the others a file, such as -f sarif=out.sarif"
        )
    return found


def _save(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"can't write `{target}`: {error.strerror}", hint="check the folder and its permissions"
        ) from error
