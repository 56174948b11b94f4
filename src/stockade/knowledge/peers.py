"""What other tools find: a row for each distinct control, with the ids that it has elsewhere, and which rules hold it."""

from functools import cache
from typing import Literal

import msgspec

from stockade.knowledge._data import Provenance, read_json
from stockade.patterns import regex

_UUID = regex(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Later = Literal["account", "code", "package", "iam", "runtime"]

# What each kind of work has to see that a template doesn't show.
WORK: dict[Later, str] = {
    "account": "what is deployed: resources that are gone, what was called, what a console made",
    "code": "the handler's code",
    "package": "the deployment package, layer or image",
    "iam": "what a role may do in all, in chains of roles and over several functions",
    "runtime": "what the function does while it runs",
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


def called(word: str) -> tuple[Row, ...]:
    """The rows of which a tool has this id, however it is capitalised, or written in full: `AVD-AWS-0190`, KICS' UUIDs."""
    return _by_id().get(short(word).casefold(), ())


def short(word: str) -> str:
    """An id of another tool as the rows have it."""
    bare = word.strip()
    if bare.casefold().startswith("avd-"):
        return bare[len("avd-") :]
    return bare.partition("-")[0] if _UUID.fullmatch(bare) else bare


@cache
def _by_id() -> dict[str, tuple[Row, ...]]:
    known: dict[str, tuple[Row, ...]] = {}
    for row in rows():
        for id_ in dict.fromkeys(id_.casefold() for ids in row.ids.values() for id_ in ids):
            known[id_] = (*known.get(id_, ()), row)
    return known


def sections() -> dict[str, str]:
    """The titles of the sections, by their letters."""
    return _file().sections


def tools() -> dict[str, str]:
    """What each tool calls itself, by the word for it in the rows."""
    return _file().tools
