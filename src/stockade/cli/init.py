"""`stockade init`."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from stockade import api
from stockade.cli._output import write_text
from stockade.config.read import FILE
from stockade.engine.baseline import FILE as BASELINE
from stockade.engine.findings import Result
from stockade.errors import NothingToScan, UsageError
from stockade.patterns import regex
from stockade.reports._shared import plural, undecided

_INPUTS = {
    "cloudformation": "AWS SAM and CloudFormation templates",
    "terraform": "Terraform",
    "serverless": "the Serverless Framework",
}
_PARAMETER = regex(r"(--parameters|--var) ([\w:.-]+)=.*")
_TABLES = {"--parameters": "parameters", "--var": "var"}
_MOST = 12  # parameters that are named

_GITHUB = """\
# .github/workflows/stockade.yml
name: Stockade
on: pull_request
permissions: {contents: read, security-events: write}
jobs:
  scan:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with: {fetch-depth: 0} # so that there is something to compare with
      - uses: actions/setup-python@v6
        with: {python-version: "3.13"}
      - run: pip install stockade
      - run: stockade scan --since "origin/$GITHUB_BASE_REF" -f text -f sarif=stockade.sarif
      - uses: github/codeql-action/upload-sarif@v4
        if: always()
        with: {sarif_file: stockade.sarif}
"""
_GITLAB = """\
# .gitlab-ci.yml
stockade:
  image: python:3.13
  variables: {GIT_DEPTH: "0"} # so that there is something to compare with
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - pip install stockade
    - stockade scan --since "origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
"""
_OTHER = """\
# in a clone with its whole history, on a branch that is to go into main:
pip install stockade
stockade scan --since origin/main
"""


@click.command("init")
@click.argument("path", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--force", is_flag=True, help="Write it also where there is one already.")
@click.option("--dry-run", is_flag=True, help="Only show what would be written.")
def command(path: Path, *, force: bool, dry_run: bool) -> None:
    """Write a stockade.toml for the project at PATH, with what is found there, and propose a step for its CI."""
    file = path / FILE
    if file.exists() and not (force or dry_run):
        raise UsageError(
            f"there is a `{file}` already", hint="`--dry-run` shows what would be written, `--force` writes it"
        )
    try:
        result: Result | None = api.scan(path)
    except NothingToScan as nothing:
        result = None
        click.echo(f"{nothing.message}; {nothing.hint}", err=True)
    text = "\n".join(_configuration(path, result)) + "\n"
    if dry_run:
        write_text(text)
    else:
        try:
            file.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise UsageError(f"can't write `{file}`: {error.strerror}", hint="check the folder") from error
        click.echo(f"{file} is written", err=True)
    host, step = _host(path)
    click.echo(f"\nFor {host}, this would tell of what a change introduces:\n", err=True)
    click.echo(step, nl=False, err=True)


def _configuration(path: Path, result: Result | None) -> Iterator[str]:
    yield "# What is configured for Stockade. `stockade config show` names every setting, and where it comes from."
    if result is not None:
        yield from (f"# {line}" for line in _found(result))
    yield from (
        "",
        "# Who reads the report: regular; pedantic (also what is only advisable); auditor (also what only checklists ask for,",
        "# and what can't be decided).",
        'persona = "regular"',
        "",
        "# From which severity on the exit code is 1: critical, high, medium, low, info; or never.",
        'fail-on = "low"',
        "",
        "# What is not looked for, in the manner of a .gitignore.",
        '# exclude = ["legacy/"]',
        "",
        f"# To begin with what is new: `stockade baseline write --baseline {BASELINE}`, and then",
        f'# baseline = "{BASELINE}"',
    )
    environments = _environments(path, result)
    if environments:
        yield from ("", f"# Take parameters from samconfig.toml, which has {_listed(environments)}.")
        yield f'# config-env = "{environments[0]}"'
    yield from _parameters(result)
    yield from (
        "",
        "# Options of a rule; `stockade explain RULE` has them.",
        "# [rules.log-group-without-retention]",
        '# severity = "info"',
        "# days = 30",
        "",
        "# Findings that somebody decided to live with.",
        "# [[suppress]]",
        '# rule = "public-function-url"',
        '# function = "Webhook"',
        '# reason = "the handler verifies the sender\'s signature"',
        "# until = 2027-03-01",
    )


def _found(result: Result) -> Iterator[str]:
    inputs = Counter(f.site.input for f in result.app.functions if f.site is not None)
    of = _listed([f"{_INPUTS.get(name, name)} ({number})" for name, number in inputs.most_common()])
    yield f"Found here: {plural(len(result.app.functions), 'function')}" + (f": {of}." if of else ".")
    failed = Counter(f.severity for f in result.visible if f.verdict == "fail")
    if failed:
        yield f"Reported: {_listed([f'{number} {severity}' for severity, number in failed.items()])}."
    if result.gaps:
        yield f"{plural(len(result.gaps), 'thing')} could not be seen; `stockade scan` says what, and what to do."


def _parameters(result: Result | None) -> Iterator[str]:
    """What could be given, by the table that it belongs to: what decides most first."""
    wanted: dict[str, dict[str, int]] = {}
    for cause in undecided(result) if result is not None else ():
        match = _PARAMETER.fullmatch(cause.remedy)
        if match is not None:
            own = wanted.setdefault(_TABLES[match[1]], {})
            own[match[2]] = own.get(match[2], 0) + cause.verdicts
    for table, names in wanted.items():
        yield from ("", "# Values without which something can't be decided.", f"[{table}]")
        for name, verdicts in sorted(names.items(), key=lambda item: -item[1])[:_MOST]:
            key = name if name.replace("-", "").replace("_", "").isalnum() else f'"{name}"'
            yield f'# {key} = "…" # {plural(verdicts, "verdict")}'


def _environments(path: Path, result: Result | None) -> list[str]:
    """The environments of the `samconfig.toml` beside a template."""
    import tomllib

    names: dict[str, None] = {}
    folders = {os.path.dirname(s.document.path) for s in result.app.sources} if result is not None else set()  # noqa: PTH120 - of texts
    for folder in sorted(folders):
        try:
            data = tomllib.loads((path / folder / "samconfig.toml").read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            continue
        names |= dict.fromkeys(name for name, value in data.items() if isinstance(value, dict))
    return list(names)


def _host(path: Path) -> tuple[str, str]:
    """The code host of a project, and the step that it would need."""
    start = path.resolve()
    for folder in (start, *start.parents):
        remote = _text(folder / ".git" / "config")
        if (folder / ".gitlab-ci.yml").exists() or "gitlab" in remote:
            return "GitLab", _GITLAB
        if (folder / ".github").is_dir() or "github.com" in remote:
            return "GitHub", _GITHUB
        if (folder / ".git").exists():
            break
    return "a build", _OTHER


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
