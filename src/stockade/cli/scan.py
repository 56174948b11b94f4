"""`stockade scan`."""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from typing import Any

import click

from stockade.cli._configured import ConfiguredCommand, tailoring
from stockade.cli._options import parameter_options, select_options
from stockade.cli._output import terminal_width, wants_colour, write_bytes, write_text
from stockade.cli._suggest import Choice
from stockade.engine.cache import Output, Told
from stockade.errors import UsageError
from stockade.model.grades import ORDERS, SEVERITIES, Order, Severity
from stockade.near import did_you_mean

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
@click.option(
    "--since",
    default="",
    metavar="REV",
    help="Only what is new since a revision of git: a branch counts from where the two parted.",
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
@click.option(
    "--cache/--no-cache", default=True, show_default=True, help="Say again what was said, if nothing has changed since."
)
@click.option("--watch", is_flag=True, help="Scan again whenever something changes, until interrupted.")
def command(
    path: Path,
    *,
    formats: tuple[str, ...],
    stats: bool,
    color: str,
    cache: bool,
    watch: bool,
    **asked: Any,  # noqa: ANN401 - the rest is handed on
) -> None:
    """Scan the infrastructure code below PATH (the current folder, if none is given).

    Exit codes: 0 nothing found, 1 findings, 2 wrong use, 3 nothing to scan, 4 (with --strict) something could not be
    seen.
    """
    wanted = _outputs(formats)
    targets = [str(target.absolute()) for _, target in wanted if target is not None]
    if watch:
        from stockade.cli._watch import keep_scanning

        keep_scanning(targets)
    colour, width = wants_colour(color), terminal_width()

    def ask() -> Told:
        return _ask(path, wanted, colour=colour, width=width, stats=stats, **asked)

    if cache and not asked["since"]:
        from stockade.cli._cached import kept_or_asked

        told = kept_or_asked(ask, path, targets, (colour, width))
    else:
        told = ask()
    for output in told.outputs:
        if output.target:
            _save(Path(output.target), output.text)
        elif output.form in {"text", "concise"}:
            write_text(output.text)
        else:
            write_bytes(output.text.encode())
    click.echo(told.stats, nl=False, err=True)
    raise click.exceptions.Exit(told.code)


def _ask(  # noqa: PLR0913 - an argument for each option
    path: Path,
    wanted: list[tuple[str, Path | None]],
    *,
    colour: bool,
    width: int,
    stats: bool,
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
    since: str,
    no_ignores: bool,
    honor: tuple[str, ...],
    full: bool,
) -> Told:
    """Scan, and render every report."""
    from stockade import api

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
        since=since,
        **given,
    )
    arranged: dict[str, dict[str, Any]] = {
        "text": {"sort": sort, "group_by": group_by},
        "concise": {"sort": sort},
        "markdown": {"sort": sort, "group_by": group_by or "function"},
        "csv": {"sort": sort},
    }
    outputs = []
    for name, target in wanted:
        module = importlib.import_module(f"stockade.reports.{name.replace('-', '_')}")
        render = partial(module.render, result, **arranged.get(name, {}))
        people = name == "text" and target is None
        text = render(colour=colour, width=width, full=full) if people else render()
        outputs.append(Output(name, str(target or ""), text))
    told = ""
    if stats:
        from stockade.reports.stats import render as render_stats

        told = render_stats(result)
    worst = SEVERITIES.index(_severity(fail_on)) if fail_on != "never" else -1
    bad = any(f.verdict == "fail" and SEVERITIES.index(f.severity) <= worst for f in result.visible)
    return Told(tuple(outputs), told, 1 if bad else 4 if strict and result.gaps else 0)


def _severity(word: str) -> Severity:
    return next(s for s in SEVERITIES if s == word)


def _outputs(formats: tuple[str, ...]) -> list[tuple[str, Path | None]]:
    found: list[tuple[str, Path | None]] = []
    for word in formats or ("text",):
        name, sign, target = word.partition("=")
        if name not in FORMATS:
            hint = did_you_mean(name, FORMATS) or f"use one of {', '.join(FORMATS)}"
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
