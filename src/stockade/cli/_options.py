"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import click

from stockade.engine.findings import PERSONAS
from stockade.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])
Command: TypeAlias = Callable[..., None]

PERSONA_HELP = "regular; pedantic (also what is only advisable); auditor (also what can't be decided)."


def select_options(function: F) -> F:
    """Which rules: `--select`, `--ignore` and `--persona`."""
    for option in (
        click.option("--persona", default="regular", show_default=True, metavar="|".join(PERSONAS), help=PERSONA_HELP),
        click.option("--ignore", multiple=True, metavar="RULE", help="Not these rules; repeatable."),
        click.option(
            "--select",
            multiple=True,
            metavar="RULE",
            help="Only these rules: code, name, prefix or domain; repeatable.",
        ),
    ):
        function = option(function)
    return function


def parameter_options(function: Command) -> Command:
    """What is known of a deployment: handed to the command as `given`, the arguments of `stockade.api` that say so."""

    @click.option(
        "--parameters", multiple=True, metavar="NAME=VALUE", help="The value of a template parameter; repeatable."
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
    @wraps(function)
    def command(
        *arguments: object, parameters: tuple[str, ...], files: tuple[Path, ...], config_env: str, **options: object
    ) -> None:
        given = {"parameters": read_parameters(parameters), "parameter_files": files, "config_env": config_env}
        function(*arguments, given=given, **options)

    return command


def read_parameters(pairs: tuple[str, ...]) -> dict[str, str]:
    """The parameters of `--parameters NAME=VALUE …`."""
    given: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise UsageError(f"`--parameters {pair}` has no value", hint="write NAME=VALUE")
        given[name] = value
    return given
