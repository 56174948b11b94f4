"""What fixing results in: the new texts, what was done, and what was refused."""

from __future__ import annotations

from msgspec import Struct

from stockade.engine.findings import Finding, Result
from stockade.model.intent import Fix
from stockade.text.document import Document


class Done(Struct, frozen=True, eq=False):
    """A fix that was verified."""

    finding: Finding
    fix: Fix


class Refused(Struct, frozen=True, eq=False):
    """A fix that was not carried out, and why."""

    finding: Finding
    fix: Fix
    why: str


class Change(Struct, frozen=True, eq=False, kw_only=True):
    """What fixing results in: the new text of each changed file by path, what was done and what was refused."""

    before: dict[str, Document]
    after: dict[str, str]
    done: tuple[Done, ...]
    refused: tuple[Refused, ...]
    result: Result  # the scan of the changed text
