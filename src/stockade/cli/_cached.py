"""A scan that is said again, where nothing has changed since it was said."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from stockade.cli._configured import configuration
from stockade.engine.cache import Told, fetch, key_of, program_folders, store
from stockade.engine.watched import Recorder


def kept_or_asked(ask: Callable[[], Told], path: Path, targets: list[str], shape: Iterable[object]) -> Told:
    """What was said when the same was asked, or what is said now. `targets` are the files that reports go to."""
    parameters = click.get_current_context().params
    found = configuration()
    key = key_of(
        (
            sorted((name, repr(value)) for name, value in parameters.items()),
            sorted(os.environ.items()) if parameters.get("var_env") else (),
            str(Path.cwd()),
            os.path.realpath(path),
            found.settings,
            [file.read_bytes() for file in found.files],
            *shape,
        )
    )
    told = fetch(key, targets)
    if told is None:
        root = os.path.realpath(path)
        recorder = Recorder(
            [folder for folder in program_folders() if not f"{root}{os.sep}".startswith(f"{folder}{os.sep}")]
        )
        with recorder.recording():
            told = ask()
        world = recorder.world(targets)
        if world is not None:
            store(key, told, world)
    return told
