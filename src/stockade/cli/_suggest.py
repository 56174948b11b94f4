"""What people may have meant, where they named something that there is not. Of options and commands, click itself says it."""

from __future__ import annotations

from typing import Any

import click

from stockade.near import did_you_mean


class Choice(click.Choice[Any]):
    """One of several words; of another one, the nearest is named."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - as click has it
        """The word, or an error that names the nearest."""
        if value not in self.choices:
            words = [str(choice) for choice in self.choices]
            hint = did_you_mean(str(value), words) or f"there are {', '.join(words)}"
            self.fail(f"there is no `{value}`; {hint}", param, ctx)
        return super().convert(value, param, ctx)
