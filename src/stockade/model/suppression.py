"""Someone's decision not to act on a finding, and what became of it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from stockade.text.document import Span


class Suppression(Struct, frozen=True, eq=False, kw_only=True):
    """What somebody says not to report: a comment, metadata, the configuration or a baseline.

    `span` is where it says so, `covers` the part of that file which a comment or metadata is about. `source` is "inline",
    "metadata", "config", "per-path" or "baseline", or the tool that it was written for. `within` are texts of which a finding
    has to name one.
    """

    source: str
    rules: tuple[str, ...]  # codes and names, as written
    reason: str
    until: str | None  # the last day, in ISO form as written
    owner: str
    span: Span
    covers: Span
    within: tuple[str, ...] = ()

    @property
    def is_foreign(self) -> bool:
        """Whether it was written for another tool."""
        return self.source not in {"inline", "metadata", "config", "per-path", "baseline"}

    def is_expired(self, today: datetime.date) -> bool:
        """Whether its last day is over, or is no date at all."""
        if self.until is None:
            return False
        try:
            return datetime.date.fromisoformat(self.until) < today
        except ValueError:
            return True


class Audit(Struct, frozen=True, eq=False):
    """A suppression, and whether a finding fell under it in this run. `unknown` are words in it that name no rule."""

    suppression: Suppression
    used: bool
    unknown: tuple[str, ...] = ()
