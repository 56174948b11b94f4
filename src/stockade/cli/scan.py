"""`stockade scan`."""

from __future__ import annotations

from pathlib import Path

import click

from stockade import api
from stockade.engine.findings import SEVERITIES
from stockade.errors import UsageError

_FORMATS = ("text", "concise", "json", "matrix", "sarif")


@click.command("scan")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("-f", "--format", "formats", multiple=True, metavar="FORMAT[=FILE]", help=f"One of {', '.join(_FORMATS)}; repeatable.")
@click.option("--persona", default="regular", show_default=True, help="regular, pedantic or auditor (shows what can't be decided).")
@click.option("--select", multiple=True, metavar="RULE", help="Only these rules: code, name, prefix or domain; repeatable.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Not these rules; repeatable.")
@click.option("--parameters", multiple=True, metavar="NAME=VALUE", help="The value of a template parameter; repeatable.")
@click.option("--fail-on", default="low", show_default=True, type=click.Choice([*SEVERITIES, "never"]), help="Exit 1 from this severity on.")
def command(
    path: Path,
    formats: tuple[str, ...],
    persona: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    parameters: tuple[str, ...],
    fail_on: str,
) -> None:
    """Scan the infrastructure code below PATH."""
    given = {}
    for pair in parameters:
        name, sign, value = pair.partition("=")
        if not sign:
            raise UsageError(f"`--parameters {pair}` has no value", hint="write NAME=VALUE")
        given[name] = value
    result = api.scan(path, parameters=given, select=select, ignore=ignore, persona=persona)
    for wanted in formats or ("text",):
        name, _, target = wanted.partition("=")
        if name not in _FORMATS:
            raise UsageError(f"there is no format `{name}`", hint=f"use one of {', '.join(_FORMATS)}")
        text = _render(name, result)
        if target:
            Path(target).write_text(text, encoding="utf-8")
        else:
            click.echo(text, nl=False)
    bad = fail_on != "never" and any(
        f.verdict == "fail" and SEVERITIES.index(f.severity) <= SEVERITIES.index(fail_on) for f in result.shown  # type: ignore[arg-type]
    )
    raise click.exceptions.Exit(1 if bad else 0)


def _render(name: str, result: api.Result) -> str:
    import importlib

    rendered: str = importlib.import_module(f"stockade.reports.{name}").render(result)
    return rendered
