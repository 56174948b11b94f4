"""`stockade dev`: for those who work on Stockade itself."""

from __future__ import annotations

import re
from pathlib import Path

import click

from stockade.errors import UsageError


@click.group("dev")
def command() -> None:
    """For work on Stockade itself: new rules, generated documentation."""


@command.command("docs")
@click.option(
    "--into", type=click.Path(path_type=Path), default="docs", show_default=True, help="The documentation's folder."
)
def docs(into: Path) -> None:
    """Write the pages that are made of the code: rules, command line, formats, schemas."""
    from stockade.cli._docs import write_pages

    for page in write_pages(into):
        click.echo(page)


@command.command("readme")
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    default="README.md",
    show_default=True,
    help="The file to bring up to date.",
)
@click.option("--check", is_flag=True, help="Only say whether it is up to date; exit with 1 if not.")
def readme(file: Path, *, check: bool) -> None:
    """Make the README's blocks of output anew, or those of another page; run it in the repository's folder."""
    from stockade.cli._readme import rerun, updated

    old = file.read_text(encoding="utf-8")
    new = updated(old) if file.name == "README.md" else rerun(old)
    if new == old:
        click.echo(f"{file} is up to date")
        return
    if check:
        click.echo(f"{file} is out of date: run `stockade dev readme`", err=True)
        raise click.exceptions.Exit(1)
    file.write_text(new, encoding="utf-8", newline="\n")
    click.echo(f"wrote {file}")


@command.command("new-rule")
@click.argument("domain")
@click.argument("name")
@click.option(
    "--rules",
    "folder",
    type=click.Path(path_type=Path),
    default="src/stockade/rules",
    show_default=True,
    help="Where rules are.",
)
def new_rule(domain: str, name: str, folder: Path) -> None:
    """Begin a rule in DOMAIN (exposure, identity, …) called NAME (kebab-case, naming the bad pattern).

    It gets the next free code of its domain. Its examples are its tests.
    """
    from stockade import api
    from stockade.rules import DOMAINS

    digit = next((number for number, word in DOMAINS.items() if word == domain), None)
    if digit is None:
        raise UsageError(f"there is no domain `{domain}`", hint=f"use one of {', '.join(DOMAINS.values())}")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", name):
        raise UsageError(
            f"`{name}` is no rule name", hint="kebab-case, naming the bad pattern, such as `public-function-url`"
        )
    taken = next((r for r in api.rules() if r.name == name), None)
    if taken is not None:
        raise UsageError(f"{taken.code} is called {taken.name} already", hint="names are never used again")
    own = [int(r.code[2:]) for r in api.rules() if r.code[2] == str(digit) and len(r.code) == 5]
    code = f"SK{max(own, default=digit * 100) + 1}"
    path = folder / domain / f"{code.lower()}_{name.replace('-', '_')}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_TEMPLATE.format(code=code, name=name), encoding="utf-8")
    click.echo(f"wrote {path}")
    click.echo(f"next: write its page and its check, then run\n  scripts/test tests/rules -k {code}")


_TEMPLATE = '''"""Say in one line what is wrong.

## What it does
Reports …

## Why is this bad?
…

## When it is fine
…

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Example:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Example:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Tracing: Active
```

## Fix safety
…

## References
- …
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule


@rule(
    "{code}",
    "{name}",
    severity=MEDIUM,
    since="0.1",
    controls=["OBSV-1"],
    applies="is not a function",
    holds="say what a pass means",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function."""
    del ctx
    for function in app.functions:
        yield from found(
            function.tracing.is_("PassThrough"),
            subject=function,
            message=f"`{{function}}` …",
            help="…",
        )
'''
