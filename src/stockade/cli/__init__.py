"""The command line: a thin shell over `stockade.api`. Each command is one module, imported when it is called."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from stockade import __version__
from stockade.errors import StockadeError

_COMMANDS = ("scan", "fix", "explain", "rules", "dev")


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
            import difflib

            near = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else f"; there are {', '.join(_COMMANDS)}"
            ctx.fail(f"there is no command `{args[0]}`{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="stockade %(version)s")
def group() -> None:
    """Hardens AWS Lambda functions: finds what is wrong, says what it cannot tell, and writes the fix."""


def main() -> NoReturn:
    """The console script."""
    # A command is one short piece of work that keeps what it makes; looking for garbage is a third of its time.
    gc.disable()
    try:
        code = group(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        _leave(stop.exit_code)  # here, where the exception still holds what was made: else it would be freed first
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        code = 130
    except StockadeError as error:
        click.echo(f"error: {error.message}", err=True)
        if error.hint:
            click.echo(f"  help: {error.hint}", err=True)
        code = error.exit_code
    except BrokenPipeError:
        # The reader went away (`| head`): not an error, and nothing more may be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:  # noqa: BLE001 - the last line of defence: people get a message, not a traceback
        code = _internal_error(error)
    _leave(code if isinstance(code, int) else 0)


def _leave(code: int) -> NoReturn:
    """End the process at once: freeing what a scan made, object by object, takes a tenth of its time."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = 0
    os._exit(code)


def _internal_error(error: Exception) -> int:
    """Say that Stockade itself failed, and how to help mend it."""
    import traceback

    if os.environ.get("STOCKADE_TRACEBACK"):
        traceback.print_exception(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    click.echo(f"error: Stockade itself failed: {type(error).__name__}: {error} ({place})", err=True)
    click.echo("  help: please report it; STOCKADE_TRACEBACK=1 prints the whole trace", err=True)
    return 2
