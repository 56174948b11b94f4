"""`stockade scan --watch`: scan again whenever something that was looked at changes."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click

from stockade.engine.cache import program_folders
from stockade.engine.watched import Recorder, World
from stockade.errors import StockadeError

_PAUSE = 0.5  # seconds between two looks
_REST = 0.2  # for which nothing may change before the next scan begins: who saves several files is let finish


def keep_scanning(targets: Iterable[str]) -> NoReturn:
    """Scan as the command line says, again and again. `targets` are the files that reports go to."""
    from stockade.cli._group import group

    arguments = [word for word in sys.argv[1:] if word != "--watch"]
    here = str(Path.cwd())
    recorder = Recorder(
        [folder for folder in program_folders() if not f"{here}{os.sep}".startswith(f"{folder}{os.sep}")]
    )
    reason = ""
    while True:
        if sys.stdout.isatty():
            click.clear()
        if reason:
            click.echo(f"{time.strftime('%H:%M:%S')} {reason}", err=True)
        with recorder.recording():
            try:
                group.main([*arguments, "--no-cache"], standalone_mode=False)
            except click.ClickException as error:
                error.show()
            except StockadeError as error:
                click.echo(f"error: {error.message}\n  help: {error.hint}", err=True)
        sys.stdout.flush()
        world = recorder.world(targets)
        click.echo("watching for changes; Ctrl-C ends it", err=True)
        reason = _wait(world, targets)


def _wait(world: World | None, targets: Iterable[str]) -> str:
    """Wait until something is not as it was; returns what, in words."""
    while world is not None:
        time.sleep(_PAUSE)
        changed = world.changed(targets)
        if changed is not None:
            time.sleep(_REST)
            return f"{os.path.relpath(changed)} has changed"
    time.sleep(_PAUSE)
    return "something was written while it was read"
