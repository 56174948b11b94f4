"""Commands whose options can be configured: what `stockade.toml` says is what an option is without being given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from stockade.config.read import Configuration
    from stockade.engine.tailor import Tailoring

_KEY = "stockade.configuration"


class ConfiguredCommand(click.Command):
    """A command about a PATH. What is configured for it stands for the options that are not given."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as click has them
        super().__init__(*arguments, **options)
        self.params += [
            click.Option(
                ["--config"],
                type=click.Path(path_type=Path),
                metavar="FILE",
                expose_value=False,
                help="Read this in place of the project's stockade.toml or pyproject.toml.",
            ),
            click.Option(
                ["--no-config"], is_flag=True, expose_value=False, help="Do as if nothing were configured anywhere."
            ),
        ]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the configuration of the PATH that is asked about, before anything else is made of the arguments."""
        if not (ctx.resilient_parsing or {"-h", "--help"} & set(args)):
            given, _, _ = self.make_parser(ctx).parse_args(args=list(args))
            if not given.get("no_config"):
                self._configure(ctx, given.get("path"), given.get("config"))
        return super().parse_args(ctx, args)

    def _configure(self, ctx: click.Context, path: object, file: object) -> None:
        from stockade.config.read import read_configuration

        place = Path(path if isinstance(path, str) else ".")
        found = read_configuration(place, file=Path(file) if isinstance(file, str) else None)
        ctx.meta[_KEY] = found
        ctx.default_map = {}
        for option in self.params:
            for name in (word.removeprefix("--") for word in option.opts):
                value = getattr(found.settings, name.replace("-", "_"), None) if name in found.origins else None
                if value is not None and not isinstance(value, dict):
                    ctx.default_map[option.name] = value


def configuration() -> Configuration:
    """What is configured for the command that is running."""
    from stockade.config.read import Configuration
    from stockade.config.settings import Settings

    found = click.get_current_context().meta.get(_KEY)
    return found if isinstance(found, Configuration) else Configuration(settings=Settings())


def tailoring(path: Path) -> Tailoring:
    """What is configured about rules and paths, for a scan of a path."""
    from stockade.config.tailor import tailor
    from stockade.rules import all_rules

    return tailor(configuration(), all_rules(), path)
