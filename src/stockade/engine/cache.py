"""Keeps what a scan said, and says it again while nothing has changed.

What is kept is what was printed, so it holds no more than a report does; it is readable for its user alone. The key is all that
was asked; with the result stands all that was looked at (`watched.World`), and it counts only if that is as it was: every file
by its content, every folder by its names, and what was looked for and was not there. When in doubt, there is no result.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

import stockade
from stockade.engine.digests import sha256
from stockade.engine.watched import World, kinds
from stockade.folders import cache_folder

_FORMAT = 1
_MOST = 200_000_000  # bytes that are kept in all
_ANY_ERROR = (OSError, msgspec.MsgspecError, ValueError, RecursionError)


class Output(Struct, frozen=True, array_like=True):
    """One report: its format, the file that it goes to (standard output without one), and its text."""

    form: str
    target: str
    text: str


class Told(Struct, frozen=True, array_like=True):
    """Everything that a scan said: its reports, what goes to standard error, and the exit code."""

    outputs: tuple[Output, ...]
    stats: str
    code: int


class _Kept(Struct, frozen=True, array_like=True):
    world: World
    told: Told


def key_of(asked: Iterable[object]) -> str:
    """The name of a result: of what was asked, the program that was asked, and the day."""
    import time

    parts = [_FORMAT, stockade.__version__, sys.version, sys.platform, time.strftime("%Y-%m-%d", time.gmtime())]
    text = repr([*parts, _program(), *asked])
    found: str = sha256()(text.encode("utf-8", "surrogateescape")).hexdigest()
    return found[:32]


def program_folders() -> tuple[str, ...]:
    """Where the program and its libraries are, of which the key of a result knows whether they are the same."""
    libraries = {
        str(Path(found).parent.parent) for module in (sys.modules["msgspec"], os) if (found := module.__file__)
    }
    return (str(Path(stockade.__file__).parent), *sorted(libraries))


def _program() -> object:
    """What tells one state of the program from another: of an installed one its libraries, else all of its files too."""
    package, *libraries = program_folders()
    found = [kinds(libraries), os.environ.get("STOCKADE_DATA", ""), kinds(_files(cache_folder() / "iam"))]
    return found if "site-packages" in package else [*found, kinds(_files(Path(package)))]


def _files(folder: Path) -> list[str]:
    """The files below a folder, but for those that Python makes of others."""
    found: list[str] = []
    for current, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        found += [os.path.join(current, name) for name in sorted(names)]  # noqa: PTH118 - of many files, each time
    return found


def _folder() -> Path:
    return cache_folder() / "results"


def fetch(key: str, ignoring: Iterable[str] = ()) -> Told | None:
    """What was said under a key, if it would be said again. `ignoring` are files that do not count."""
    path = _folder() / key
    try:
        data = path.read_bytes()
        if len(data) < 4 or zlib.crc32(data[4:]) != int.from_bytes(data[:4], "big"):
            return None
        kept = msgspec.msgpack.decode(data[4:], type=_Kept)
        if kept.world.changed(ignoring) is not None:
            return None
        os.utime(path)  # the longest unused goes first
    except _ANY_ERROR:
        return None
    return kept.told


def store(key: str, told: Told, world: World) -> None:
    """Keep what was said. That it can't be kept is no error: the next scan takes its time again."""
    folder = _folder()
    try:
        body = msgspec.msgpack.encode(_Kept(world, told))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = folder / f".{key}.{os.getpid()}"
        try:
            # Whole or not at all, and readable for its user alone.
            with os.fdopen(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
                out.write(zlib.crc32(body).to_bytes(4, "big") + body)
            made.replace(folder / key)
        finally:
            made.unlink(missing_ok=True)
        _prune(folder)
    except _ANY_ERROR:
        return


def _prune(folder: Path) -> None:
    with os.scandir(folder) as entries:
        found = sorted(((e.stat().st_mtime, e.stat().st_size, e.path) for e in entries), reverse=True)
    total = 0
    for _, size, path in found:
        total += size
        if total > _MOST:
            Path(path).unlink(missing_ok=True)
