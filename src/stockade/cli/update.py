"""`stockade update`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stockade.cli._output import write_text
from stockade.errors import UsageError

if TYPE_CHECKING:
    from stockade.knowledge.iam.refresh import Change

_FEW = 20


@click.group("update")
def command() -> None:
    """Fetch newer data. Nothing else of Stockade uses the network."""


@command.command("iam")
@click.option("--check", is_flag=True, help="Only say how old the data is, and where it is from; fetches nothing.")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, path_type=Path),
    help="A file or a folder with the reference's documents, in place of the network.",
)
@click.option(
    "--managed",
    type=click.Path(exists=True, path_type=Path),
    help="A file or a folder with AWS's managed policies, as the AWS CLI prints them; then they alone are made newer.",
)
@click.option(
    "--url",
    envvar="STOCKADE_IAM_URL",
    show_envvar=True,
    help="Where the index of the reference is, if not at AWS.",
)
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), default=20.0, show_default=True, help="Seconds to wait for an answer."
)
def iam(*, check: bool, source: Path | None, managed: Path | None, url: str | None, timeout: float) -> None:
    """Fetch AWS's Service Reference: actions, resource types and condition keys of today.

    What it says is laid over the data that Stockade was shipped with, and kept in the cache (`STOCKADE_CACHE`) until another
    version of Stockade brings other data. `STOCKADE_DATA=shipped` leaves it alone. Either all of it is fetched, or nothing
    is changed.

    Managed policies are only to be had with an account: `--managed` takes what
    `aws iam get-account-authorization-details --filter AWSManagedPolicy` prints, or files of which each holds what
    `aws iam get-policy` and `aws iam get-policy-version` print together.
    """
    if check:
        write_text(_state())
        return
    from stockade.knowledge.iam import fetch, refresh
    from stockade.knowledge.iam._overlay import replace_overlay

    if managed is not None:
        if source is not None or url is not None:
            raise UsageError("`--managed` is about other data than `--from` and `--url`", hint="run it twice")
        write_text(_managed(managed) + _state())
        return
    if source is not None:
        documents, day = fetch.from_files(source)
        origin = str(source)
    else:
        origin = url or fetch.URL
        documents, day = fetch.from_network(origin, timeout)
    packs, change = refresh.build(documents, day, origin)
    replace_overlay(packs, day)
    write_text(_told(change) + _state())


def _managed(path: Path) -> str:
    """Keep newer managed policies, and say what is new."""
    from stockade.knowledge.iam import refresh_managed
    from stockade.knowledge.iam._overlay import replace_overlay

    policies, day = refresh_managed.from_files(path)
    packs, change = refresh_managed.build(policies, day, str(path))
    replace_overlay(packs, day)
    return _listed(
        f"{change.read} managed policies read",
        (
            (change.added, "new policies"),
            (change.changed, "policies with a newer version"),
            (change.older, "policies of which a newer version is known, and stays"),
        ),
    )


def _told(change: Change) -> str:
    """What is new, in a few lines."""
    return _listed(
        f"{change.services} services read",
        (
            (change.new_services, "new services"),
            (change.added, "actions added"),
            (change.removed, "actions removed"),
            (change.changed, "actions with another access level or other resources"),
            (change.operations, "operations understood"),
            (change.kept, "operations of which the reference says something else; what was known stays"),
        ),
    )


def _listed(first: str, rows: tuple[tuple[tuple[str, ...], str], ...]) -> str:
    lines = [first]
    for names, what in rows:
        if names:
            more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
            lines.append(f"{len(names)} {what}: {', '.join(names[:_FEW])}{more}")
    if len(lines) == 1:
        lines.append("nothing is new")
    return "\n".join(lines) + "\n"


def _state() -> str:
    """How old the data is, where it is from, and what of the cache is not used, with the reason."""
    from datetime import UTC, datetime

    from stockade.knowledge import iam as known
    from stockade.knowledge.iam._overlay import unused

    today = datetime.now(tz=UTC).date()
    lines = []
    for what, told in (
        ("actions", known.provenance()),
        ("operations", known.operations_provenance()),
        ("managed policies", known.managed_provenance()),
        ("trails", known.trail_provenance()),
    ):
        age = (today - told.as_of).days
        old = f"{age} days old" if age > 0 else "of today"
        lines.append(
            f"{what}: of {told.as_of}, {old}; from {', '.join(f'{s.name} {s.version}'.strip() for s in told.sources)}"
        )
    lines += unused()
    return "\n".join(lines) + "\n"


__all__ = ["command"]
