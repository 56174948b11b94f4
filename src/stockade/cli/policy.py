"""`stockade policy`."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from stockade.cli._options import parameter_options
from stockade.cli._output import terminal_width, wants_colour, write_bytes, write_text
from stockade.cli._suggest import Choice
from stockade.errors import UsageError
from stockade.iam.validate.catalogue import Class
from stockade.model.policy import PolicyType

_TYPES = ("identity", "resource", "trust", "scp", "rcp")
_FORMATS = ("text", "json")
_GRADES: dict[str, Class] = {
    "error": "ERROR",
    "security-warning": "SECURITY_WARNING",
    "warning": "WARNING",
    "suggestion": "SUGGESTION",
}


@click.group("policy")
def command() -> None:
    """Says what is wrong with IAM policies, wherever they are written."""


@command.command("validate")
@click.argument("paths", nargs=-1, metavar="[FILE… | FOLDER | -]")
@click.option(
    "--type",
    "type_",
    type=Choice(_TYPES),
    help="What kind of policy the files hold; told from what they say, if it is not given.",
)
@click.option(
    "--resource-type",
    default="",
    metavar="TYPE",
    help="The type of the resource that a policy is on, such as AWS::S3::Bucket.",
)
@click.option(
    "-f", "--format", "format_", type=Choice(_FORMATS), default="text", show_default=True, help="Who it is for."
)
@click.option(
    "--show",
    type=Choice(list(_GRADES)),
    default="suggestion",
    show_default=True,
    help="Show what is of this class or graver.",
)
@click.option(
    "--fail-on",
    type=Choice([*_GRADES, "never"]),
    default="warning",
    show_default=True,
    help="Exit with 1 if something is of this class or graver.",
)
@parameter_options
@click.option(
    "--color",
    type=Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the text.",
)
def validate(  # noqa: PLR0913 - an argument for each option
    paths: tuple[str, ...],
    *,
    type_: PolicyType | None,
    resource_type: str,
    format_: str,
    show: str,
    fail_on: str,
    given: dict[str, Any],
    color: str,
) -> None:
    """Check policies as IAM Access Analyzer does, under its ids, without an account or a network.

    A FILE is a policy in JSON or YAML, or what `aws iam get-role-policy` and the like print; `-` is standard input. Of a
    FOLDER, or of a template or configuration, every policy that it declares is checked: those of roles, their trust
    policies, and those on resources.

    Exit codes: 0 nothing, 1 something of `--fail-on` or graver, 2 wrong use, 3 no policy was found.
    """
    from stockade import api
    from stockade.iam.validate import CLASSES, grade_of

    reports = importlib.import_module("stockade.reports._policies")
    if not paths and sys.stdin.isatty():
        raise UsageError("no file is named", hint="name policies, a folder, or `-` for standard input")
    stdin = sys.stdin.buffer.read() if "-" in paths or not paths else None
    checks = api.validate(paths or ("-",), type=type_, resource_type=resource_type, stdin=stdin, **given)
    least = _GRADES[show]
    if format_ == "json":
        write_bytes(reports.render_json(checks, show=least).encode())
    else:
        write_text(reports.render_text(checks, show=least, colour=wants_colour(color), width=terminal_width()))
    worst = CLASSES.index(_GRADES[fail_on]) if fail_on != "never" else -1
    bad = any(CLASSES.index(grade_of(fault.id)) <= worst for fault in checks.faults)
    raise click.exceptions.Exit(1 if bad else 0 if checks.policies else 3)
