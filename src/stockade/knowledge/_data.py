"""How a data file is found, decoded and kept, and what each says about its own origin.

Modules that decode do without `from __future__ import annotations`: msgspec would compile and evaluate each annotation of
what it decodes, at every start.
"""

from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec

_FOLDER = Path(__file__).with_name("data")

_T = TypeVar("_T")


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One place that facts were taken from.

    Attributes:
        name: the package, project or documentation page.
        version: the release that was read, or "" for a page.
        date: the day that the release was made or the page was read.
        licence: the SPDX identifier of the data's licence, or "facts" for single facts restated in our own words.
        gives: which of the facts come from here.
    """

    name: str
    version: str
    date: date
    licence: str
    gives: str


class Provenance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the facts of a data file held, and where they come from.

    Attributes:
        as_of: the day of the newest source; nothing later than this is known.
        sources: what the file was made from.
        notes: what a reader has to know about the limits of the data.
    """

    as_of: date
    sources: tuple[Source, ...]
    notes: str = ""


def read_bytes(name: str) -> bytes:
    """The content of one file of the `data` folder."""
    return (_FOLDER / name).read_bytes()


def path_of(name: str) -> Path:
    """Where one file of the `data` folder is."""
    return _FOLDER / name


def read_json(name: str, shape: type[_T]) -> _T:
    """Decode one JSON file of the `data` folder, and check it against the shape that the accessor promises."""
    return msgspec.json.decode(read_bytes(name), type=shape)
