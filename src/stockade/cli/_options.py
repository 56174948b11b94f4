"""Options that several commands have."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import click

from stockade.cli._configured import configuration
from stockade.errors import UsageError
from stockade.model.grades import PERSONAS

F = TypeVar("F", bound=Callable[..., Any])
Command: TypeAlias = Callable[..., None]

PERSONA_HELP = (
    "regular; pedantic (also what is only advisable); "
    "auditor (also what only checklists ask for, and what can't be decided)."
)


def select_options(function: F) -> F:
    """Which rules: `--select`, `--ignore` and `--persona`."""
    for option in (
        click.option("--persona", default="regular", show_default=True, metavar="|".join(PERSONAS), help=PERSONA_HELP),
        click.option("--ignore", multiple=True, metavar="RULE", help="Not these rules, between commas; repeatable."),
        click.option(
            "--select",
            multiple=True,
            metavar="RULE",
            help="Only these rules, between commas: code, name, prefix or domain; repeatable.",
        ),
    ):
        function = option(function)
    return function


def parameter_options(function: Command) -> Command:
    """What is known of a deployment: handed to the command as `given`, the arguments of `stockade.api` that say so."""

    @click.option(
        "--parameters",
        multiple=True,
        metavar="NAME=VALUE",
        help="The value of a template parameter, or of ${param:…}; repeatable.",
    )
    @click.option(
        "--parameters-file",
        "files",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A file of template parameters, as the AWS CLI takes it; repeatable.",
    )
    @click.option(
        "--config-env", default="", metavar="NAME", help="Take the parameters of this environment from samconfig.toml."
    )
    @click.option(
        "--var", "variables", multiple=True, metavar="NAME=VALUE", help="The value of a Terraform variable; repeatable."
    )
    @click.option(
        "--var-file",
        "variable_files",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A file of Terraform variables (.tfvars); repeatable.",
    )
    @click.option("--workspace", default="", metavar="NAME", help="The Terraform workspace that is meant.")
    @click.option("--stage", default="", metavar="NAME", help="The stage of the Serverless Framework that is meant.")
    @click.option("--region", default="", metavar="NAME", help="The region that a service is deployed to.")
    @click.option(
        "--var-env",
        is_flag=True,
        help="Take values from the environment too: of TF_VAR_…, as Terraform does, and of ${env:…} of a serverless.yml.",
    )
    @wraps(function)
    def command(  # noqa: PLR0913 - an argument for each option
        *arguments: object,
        parameters: tuple[str, ...],
        files: tuple[Path, ...],
        config_env: str,
        variables: tuple[str, ...],
        variable_files: tuple[Path, ...],
        workspace: str,
        stage: str,
        region: str,
        var_env: bool,
        **options: object,
    ) -> None:
        settings = configuration().settings
        given = {
            "parameters": {**settings.parameters, **read_pairs("--parameters", parameters)},
            "parameter_files": files,
            "config_env": config_env,
            "variables": {**settings.var, **read_pairs("--var", variables)},
            "variable_files": variable_files,
            "workspace": workspace,
            "stage": stage,
            "region": region,
            "environment": dict(os.environ) if var_env else None,
        }
        function(*arguments, given=given, **options)

    return command


def read_pairs(option: str, pairs: tuple[str, ...]) -> dict[str, str]:
    """The values of a repeated option NAME=VALUE."""
    given: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise UsageError(f"`{option} {pair}` has no value", hint="write NAME=VALUE")
        given[name] = value
    return given
