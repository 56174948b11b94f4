"""What can be configured. From these types come the check of a configuration, its documentation and its schema."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

from stockade.model.grades import Order, Persona, Severity

Words: TypeAlias = tuple[str, ...]


class PerPath(Struct, rename="kebab", frozen=True, kw_only=True):
    """What is otherwise for the findings of some files."""

    path: Annotated[str, Meta(min_length=1, description="which files, as a `.gitignore` would say it")]
    ignore: Annotated[Words, Meta(description="rules of which nothing is reported there")] = ()
    select: Annotated[Words, Meta(description="the only rules of which something is reported there")] = ()
    severity: Annotated[dict[str, Severity], Meta(description="the severity of what a rule finds there, by rule")] = {}


class Suppress(Struct, rename="kebab", frozen=True, kw_only=True):
    """Findings that somebody decided not to act on. All that is said of them has to fit."""

    rule: Annotated[str, Meta(min_length=1, description="which rules: codes or names, between commas")]
    path: Annotated[str, Meta(description="in which files, as a `.gitignore` would say it; without it, in all")] = ""
    function: Annotated[
        str, Meta(description="of which function, by its address; `*` stands for any characters; without it, of all")
    ] = ""
    reason: Annotated[str, Meta(description="why: without one, it is a finding (`ignore-without-reason`)")] = ""
    owner: Annotated[str, Meta(description="who decided")] = ""
    until: Annotated[datetime.date | None, Meta(description="the last day on which it holds")] = None


class Settings(Struct, rename="kebab", frozen=True, kw_only=True):
    """Everything that can be configured."""

    persona: Annotated[Persona, Meta(description="who reads the report: as `--persona`")] = "regular"
    show: Annotated[Severity, Meta(description="findings are shown from this severity on: as `--show`")] = "info"
    fail_on: Annotated[
        Severity | Literal["never"], Meta(description="the exit code is 1 from this severity on: as `--fail-on`")
    ] = "low"
    select: Annotated[Words, Meta(description="only these rules: codes, names, prefixes of codes, domains")] = ()
    ignore: Annotated[Words, Meta(description="not these rules")] = ()
    format: Annotated[Words, Meta(description="the reports, each as `FORMAT` or `FORMAT=FILE`: as `-f`")] = ("text",)
    sort: Annotated[Order, Meta(description="the order of findings: as `--sort`")] = "severity"
    group_by: Annotated[Order | None, Meta(description="what findings are told together by: as `--group-by`")] = None
    honor: Annotated[Words, Meta(description="tools whose suppressions count too: as `--honor`")] = ()
    strict: Annotated[bool, Meta(description="the exit code is 4 if something could not be seen: as `--strict`")] = (
        False
    )
    exclude: Annotated[
        Words, Meta(description="what is not looked for below the scanned folder, in the manner of a `.gitignore`")
    ] = ()
    parameters: Annotated[dict[str, str], Meta(description="values of template parameters: as `--parameters`")] = {}
    parameters_file: Annotated[Words, Meta(description="files of template parameters: as `--parameters-file`")] = ()
    config_env: Annotated[str, Meta(description="the environment in `samconfig.toml`: as `--config-env`")] = ""
    var: Annotated[dict[str, str], Meta(description="values of Terraform's variables: as `--var`")] = {}
    var_file: Annotated[Words, Meta(description="files of Terraform's variables: as `--var-file`")] = ()
    workspace: Annotated[str, Meta(description="Terraform's workspace: as `--workspace`")] = ""
    stage: Annotated[str, Meta(description="the stage of the Serverless Framework: as `--stage`")] = ""
    region: Annotated[str, Meta(description="the region of a service: as `--region`")] = ""
    baseline: Annotated[str, Meta(description="a file of findings that are known: as `--baseline`")] = ""
    cache: Annotated[bool, Meta(description="reuse the result of the last scan if nothing has changed")] = True
    rules: Annotated[
        dict[str, dict[str, Any]], Meta(description="by rule: its `severity`, and options of its own")
    ] = {}
    per_path: Annotated[tuple[PerPath, ...], Meta(description="what is otherwise for the findings of some files")] = ()
    suppress: Annotated[tuple[Suppress, ...], Meta(description="findings that somebody decided not to act on")] = ()


PATHS = frozenset({"parameters-file", "var-file", "baseline", "format"})
"""The settings that name files: relative to the folder of the configuration that says so."""
WRITTEN = frozenset({"baseline", "format"})
"""Of these, those that name files that are written: a project may only name such of its own."""
NOT_IN_ENVIRONMENT = frozenset({"cache", "parameters", "var", "rules", "per-path", "suppress"})
"""The settings that no variable of the environment has: tables, and `cache`, whose variable names a folder."""
