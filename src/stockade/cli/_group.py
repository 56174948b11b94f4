"""The group of all commands. Each is one module, imported when it is called."""

from __future__ import annotations

import importlib

import click

from stockade import __version__
from stockade.near import did_you_mean

_COMMANDS = (
    *("scan", "fix", "diff", "init", "baseline", "prove", "policy", "explain", "rules", "config"),
    *("completion", "update", "dev"),
)


class _Lazy(click.Group):
    """A group whose commands are modules, so that `--version` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order in which the help names them."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, of which only now the module is imported."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"stockade.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS:
            hint = did_you_mean(args[0], _COMMANDS) or f"there are {', '.join(_COMMANDS)}"
            ctx.fail(f"there is no command `{args[0]}`; {hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="stockade %(version)s")
def group() -> None:
    """Hardens AWS Lambda functions: finds what is wrong, says what it cannot tell, and writes the fix."""
