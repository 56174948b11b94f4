"""Runs the command that was asked for, and turns whatever ends it into words and an exit code."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from stockade.cli import leave
from stockade.cli._group import group
from stockade.errors import StockadeError


def run() -> NoReturn:
    """Run it, and end the process."""
    try:
        code = group.main(standalone_mode=False, complete_var="_STOCKADE_COMPLETE")
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        leave(stop.exit_code)  # here, where the exception still holds what was made: else it would be freed first
    except click.ClickException as error:
        error.show()
        code = 2
    except click.Abort:
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
    leave(code if isinstance(code, int) else 0)


def _internal_error(error: Exception) -> int:
    """Say that Stockade itself failed, and how to help mend it."""
    import traceback
    from pathlib import Path

    if os.environ.get("STOCKADE_TRACEBACK"):
        traceback.print_exception(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    click.echo(f"error: Stockade itself failed: {type(error).__name__}: {error} ({place})", err=True)
    click.echo("  help: please report it; STOCKADE_TRACEBACK=1 prints the whole trace", err=True)
    return 2
