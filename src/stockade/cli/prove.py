"""`stockade prove`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stockade import api
from stockade.cli._options import Command, parameter_options
from stockade.cli._output import terminal_width, wants_colour, write_bytes, write_text
from stockade.cli._suggest import Choice

if TYPE_CHECKING:
    from stockade.engine.proofs.proof import Proof

# What a question ends with.
EXIT_CODES = {
    0: "proved: it is so of every request",
    1: "refuted: there is a request of which it is not so, and it is shown",
    2: "wrong use, or a fault of Stockade's own",
    3: "there was nothing to scan",
    4: "it could not be told",
    130: "interrupted",
}
_EXITS = {"proved": 0, "refuted": 1, "unknown": 4}


@click.group("prove")
def command() -> None:
    """Decide what policies allow: proved of every request, or refuted by one that is shown.

    A POLICY is a file (JSON, YAML, or Markdown with one in it), - for standard input, the ARN or name of one of AWS's
    managed policies, or PATH#FUNCTION for what the role of a function (or a role) of a tree may do.

    Exit codes: 0 proved, 1 refuted, 2 wrong use, 3 nothing to scan, 4 it could not be told.
    """


def _shown(function: Command) -> Command:
    """What all questions have: how the answer is shown, and what is known of a deployment."""
    for option in (
        parameter_options,
        click.option(
            "--color",
            type=Choice(["auto", "always", "never"]),
            default="auto",
            show_default=True,
            help="Colour the text.",
        ),
        click.option(
            "-f",
            "--format",
            "form",
            type=Choice(["text", "json"]),
            default="text",
            show_default=True,
            help="For people, or for programs (schemas/proof.schema.json).",
        ),
    ):
        function = option(function)
    return function


def _future(function: Command) -> Command:
    wrapped: Command = click.option("--future", is_flag=True, help="Of actions, too, that AWS does not have yet.")(
        function
    )
    return wrapped


def _granting(function: Command) -> Command:
    for option in (
        click.option(
            "--resource",
            "resources",
            multiple=True,
            default=("*",),
            show_default=True,
            metavar="ARN",
            help="On these resources, as a policy would name them; repeatable.",
        ),
        click.option(
            "--action",
            "actions",
            multiple=True,
            required=True,
            metavar="ACTION",
            help="These actions, as a policy would name them; repeatable.",
        ),
    ):
        function = option(function)
    return function


def _tell(proof: Proof, form: str, color: str) -> None:
    from stockade.reports._proofs import render, render_json

    if form == "json":
        write_bytes(render_json(proof).encode())
    else:
        write_text(render(proof, colour=wants_colour(color), width=terminal_width()))
    raise click.exceptions.Exit(_EXITS[proof.verdict])


@command.command("implies")
@click.argument("new")
@click.argument("old")
@_future
@_shown
def implies(new: str, old: str, *, future: bool, form: str, color: str, given: dict[str, Any]) -> None:
    """All that the policy NEW allows is allowed by the policy OLD."""
    _tell(api.implies(new, old, future=future, **given), form, color)


@command.command("equivalent")
@click.argument("left")
@click.argument("right")
@_future
@_shown
def equivalent(left: str, right: str, *, future: bool, form: str, color: str, given: dict[str, Any]) -> None:
    """The policies LEFT and RIGHT allow the same."""
    _tell(api.equivalent(left, right, future=future, **given), form, color)


@command.command("disjoint")
@click.argument("left")
@click.argument("right")
@_future
@_shown
def disjoint(left: str, right: str, *, future: bool, form: str, color: str, given: dict[str, Any]) -> None:
    """There is nothing that the policies LEFT and RIGHT both allow."""
    _tell(api.disjoint(left, right, future=future, **given), form, color)


@command.command("difference")
@click.argument("new")
@click.argument("old")
@_future
@_shown
def difference(new: str, old: str, *, future: bool, form: str, color: str, given: dict[str, Any]) -> None:
    """The policy NEW allows nothing beyond the policy OLD; everything that it does is listed."""
    _tell(api.difference(new, old, future=future, **given), form, color)


@command.command("grants")
@click.argument("policy")
@_granting
@_shown
def grants(
    policy: str, *, actions: tuple[str, ...], resources: tuple[str, ...], form: str, color: str, given: dict[str, Any]
) -> None:
    """The POLICY allows every request for some actions on some resources."""
    _tell(api.grants(policy, actions, resources, **given), form, color)


@command.command("access-not-granted")
@click.argument("policy")
@_granting
@_shown
def access_not_granted(
    policy: str, *, actions: tuple[str, ...], resources: tuple[str, ...], form: str, color: str, given: dict[str, Any]
) -> None:
    """The POLICY allows no request for some actions on some resources."""
    _tell(api.access_not_granted(policy, actions, resources, **given), form, color)


@command.command("no-public-access")
@click.argument("policy")
@_shown
def no_public_access(policy: str, *, form: str, color: str, given: dict[str, Any]) -> None:
    """The POLICY of a resource allows nothing to somebody whom it does not name."""
    _tell(api.no_public_access(policy, **given), form, color)


@command.command("no-new-access")
@click.argument("old")
@click.argument("new")
@_future
@_shown
def no_new_access(old: str, new: str, *, future: bool, form: str, color: str, given: dict[str, Any]) -> None:
    """Nothing is allowed by NEW that was not by OLD.

    Each is a POLICY, a folder or template with functions (whose roles, resource policies and trusts are compared one by
    one), or a revision of one in git: git:REVISION or git:REVISION:PATH. Formats may differ.
    """
    _tell(api.no_new_access(old, new, future=future, **given), form, color)


@command.command("redundant")
@click.argument("policy")
@_shown
def redundant(policy: str, *, form: str, color: str, given: dict[str, Any]) -> None:
    """Every statement of the POLICY makes a difference; those that make none are listed."""
    _tell(api.redundant(policy, **given), form, color)


@command.command("minimise")
@click.argument("policy")
@_shown
def minimise(policy: str, *, form: str, color: str, given: dict[str, Any]) -> None:
    """Write the POLICY without the statements, actions and resources that make no difference.

    Exit codes: 0 nothing could be left out, 1 something was.
    """
    proof = api.minimise(policy, **given)
    if form == "json":
        _tell(proof, form, color)
    import json

    write_text(json.dumps(proof.document, indent=2) + "\n")
    raise click.exceptions.Exit(_EXITS[proof.verdict])


@command.command("can")
@click.argument("who")
@click.argument("action")
@click.argument("resource", default="*")
@_shown
def can(who: str, action: str, resource: str, *, form: str, color: str, given: dict[str, Any]) -> None:
    """WHO (a POLICY, mostly PATH#FUNCTION) may never do ACTION on RESOURCE: an ARN with wildcards, or an address of the tree."""
    _tell(api.can(who, action, resource, **given), form, color)


@command.command("who-can")
@click.argument("action")
@click.argument("resource", default="*")
@click.option(
    "--in", "path", type=click.Path(path_type=Path), default=".", show_default=True, metavar="PATH", help="The tree."
)
@_shown
def who_can(action: str, resource: str, *, path: Path, form: str, color: str, given: dict[str, Any]) -> None:
    """No function of a tree may do ACTION on RESOURCE; those that may are listed, each with a request."""
    _tell(api.who_can(path, action, resource, **given), form, color)
