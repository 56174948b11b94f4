"""What other tools find: a row for each distinct control, with the ids that it has elsewhere, and which rules hold it."""

from functools import cache
from typing import Literal

import msgspec

from stockade.knowledge._data import Provenance, read_json

Later = Literal["account", "code", "package", "iam", "runtime", "declined"]

# What each kind of work has to see that a template doesn't show.
WORK: dict[Later, str] = {
    "account": "what is deployed: resources that are gone, what was called, what a console made",
    "code": "the handler's code",
    "package": "the deployment package, layer or image",
    "iam": "what a role may do in all, in chains of roles and over several functions",
    "runtime": "what the function does while it runs",
    "declined": "no fault, by itself",
}


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One control.

    Attributes:
        number: its number among all rows.
        section: the letter of its section.
        fails_when: what is bad.
        ids: by tool, what it is called there.
        held: the names of the rules that hold it.
        later: what has to be seen to hold it, where no rule does.
        why: more about that.
    """

    number: int
    section: str
    fails_when: str
    ids: dict[str, tuple[str, ...]]
    held: tuple[str, ...] = ()
    later: Later | None = None
    why: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    sections: dict[str, str]
    tools: dict[str, str]
    rows: tuple[Row, ...]


@cache
def _file() -> _File:
    return read_json("peers.json", _File)


def provenance() -> Provenance:
    """When the ids were collected."""
    return _file().provenance


def rows() -> tuple[Row, ...]:
    """Every row, by its number."""
    return _file().rows


def sections() -> dict[str, str]:
    """The titles of the sections, by their letters."""
    return _file().sections


def tools() -> dict[str, str]:
    """What each tool calls itself, by the word for it in the rows."""
    return _file().tools
