"""Everything that Stockade raises on purpose.

StockadeError            each has a `hint` (what to do) and an `exit_code`
├── UsageError           an option, argument, rule name or parameter that can't be right
├── ConfigError          a configuration file that can't be right
├── NothingToScan        no input was found
├── EditError            an edit that can't be made (overlap, no such place)
└── FixError             a fix that can't be carried out or does not hold its promise

What is wrong with the *input* is never raised: it is a `Problem` of the text layer and a `Gap` of the model.
"""

from __future__ import annotations


class StockadeError(Exception):
    """An anticipated error: shown to people as a message and a hint, without a traceback."""

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(StockadeError):
    """An option, argument, rule name or parameter that can't be right."""


class ConfigError(StockadeError):
    """A configuration file that can't be right."""


class NothingToScan(StockadeError):
    """No input was found; `looked_for` is part of the hint."""

    exit_code = 3


class EditError(StockadeError):
    """An edit that can't be made."""


class FixError(StockadeError):
    """A fix that can't be carried out, or does not hold what it promises."""
