"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from stockade.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])


def parameters_option(function: F) -> F:
    """`--parameters NAME=VALUE`."""
    return click.option(
        "--parameters", multiple=True, metavar="NAME=VALUE", help="The value of a template parameter; repeatable."
    )(function)


def read_parameters(pairs: tuple[str, ...]) -> dict[str, str]:
    """The parameters of `--parameters NAME=VALUE …`."""
    given: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise UsageError(f"`--parameters {pair}` has no value", hint="write NAME=VALUE")
        given[name] = value
    return given
