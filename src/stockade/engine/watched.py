"""What a piece of work looks at on the disk, and whether it is still the same.

Python says of every file that is opened and every folder that is listed (`sys.audit`), so nothing that reads has to keep
account of it. Where Stockade only asks whether there is something, it says so itself, as the event `stockade.asked`.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TypeAlias

from msgspec import Struct

from stockade.engine.digests import sha256

# Size, modification, change of status, inode: where all are the same, it is the same content.
Status: TypeAlias = tuple[int, int, int, int]
_GRAIN = 50_000_000  # nanoseconds in which a file may change without another time: a clock's tick, and some more
_SECOND = 1_000_000_000
_COARSE = 2 * _SECOND  # where file systems count whole seconds, or two


class Content(Struct, frozen=True, array_like=True):
    """A file as it was read; without a status, there was none that could be read."""

    status: Status | None
    digest: str = ""


class World(Struct, frozen=True):
    """All that was looked at.

    Attributes:
        files: what was read, by path.
        folders: what was listed, by path: the names in it, each with what it is.
        asked: of what it was only asked whether it is there, with what it is.
    """

    files: dict[str, Content]
    folders: dict[str, str]
    asked: dict[str, str]

    def changed(self, ignoring: Iterable[str] = ()) -> str | None:
        """Something that is not as it was; None if all is. `ignoring` are files that do not count."""
        ignored = frozenset(ignoring)
        for path, content in self.files.items():
            status = _status(path)
            if status == content.status:
                continue
            same_size = status is not None and content.status is not None and status[0] == content.status[0]
            if not (same_size and _digest(path) == content.digest):
                return path
        for path, listed in self.folders.items():
            if _listing(path, ignored) != listed:
                return path
        return next((path for path, kind in self.asked.items() if _kind(path) != kind), None)


class Recorder:
    """Hears of all that is looked at while it records. What lies in the folders `without` does not count."""

    def __init__(self, without: Iterable[str] = ()) -> None:
        self._without = tuple(folder + os.sep for folder in without)
        self._files: dict[str, tuple[Status | None, int]] = {}  # with the moment
        self._folders: dict[str, tuple[Status | None, int]] = {}
        self._asked: set[str] = set()

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record for a while; what was recorded before is forgotten."""
        self._files, self._folders, self._asked = {}, {}, set()
        _listen()
        _listening.append(self)
        try:
            yield
        finally:
            _listening.remove(self)

    def heard(self, event: str, arguments: tuple[object, ...]) -> None:
        """Note what was looked at."""
        first = arguments[0] if arguments else None
        if not isinstance(first, str | bytes | os.PathLike) or (event == "open" and _writes(arguments)):
            return
        path = os.path.abspath(os.fsdecode(first))  # noqa: PTH100 - of many thousand files, as it is asked for
        if path.startswith(self._without):
            return
        if event == "stockade.asked":
            self._asked.add(path)
        else:
            place = self._files if event == "open" else self._folders
            if path not in place:
                place[path] = (_status(path), time.time_ns())

    def world(self, ignoring: Iterable[str] = ()) -> World | None:
        """What was looked at; None if some of it may have changed meanwhile, or just before."""
        ignored = frozenset(ignoring)
        files = {path: kept for path, kept in self._files.items() if path not in ignored}
        contents = {path: Content(status, _digest(path) if status else "") for path, (status, _) in files.items()}
        folders = {path: _listing(path, ignored) for path in self._folders}
        for path, (status, moment) in (*files.items(), *self._folders.items()):
            if _status(path) != status or (status is not None and _is_fresh(status, moment)):
                return None
        return World(contents, folders, {path: _kind(path) for path in self._asked})


_EVENTS = frozenset({"open", "os.scandir", "os.listdir", "stockade.asked"})
_listening: list[Recorder] = []


@cache
def _listen() -> None:
    """Ask Python to say what is looked at: once for each process, since that can't be taken back and costs a little each time."""
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[object, ...]) -> None:
    if _listening and event in _EVENTS:
        for recorder in _listening:
            recorder.heard(event, arguments)


def _is_fresh(status: Status, moment: int) -> bool:
    """Whether a file changed so shortly before it was read that another change might have the same time."""
    latest = max(status[1], status[2])
    return moment - latest < (_GRAIN if latest % _SECOND else _COARSE)


def _writes(arguments: tuple[object, ...]) -> bool:
    mode, flags = (*arguments[1:3], None, None)[:2]
    if isinstance(mode, str):
        return any(sign in mode for sign in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


def _status(path: str) -> Status | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - as above
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _digest(path: str) -> str:
    digest = sha256()(b"")
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - as above
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    except OSError:
        return ""
    found: str = digest.hexdigest()
    return found


def _listing(path: str, ignored: frozenset[str]) -> str:
    """The names in a folder, each with what it is, as one short text."""
    try:
        with os.scandir(path) as entries:
            names = sorted(_entry(entry) for entry in entries if entry.path not in ignored)
    except OSError as error:
        return f"error {error.errno}"
    found: str = sha256()("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()
    return found


def _entry(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return f"{entry.name}\1{_kind(entry.path)}"
    return entry.name + ("\1d" if entry.is_dir() else "\1f" if entry.is_file() else "\1?")


def _kind(path: str) -> str:
    """What there is at a path: a file, a folder, a link and what it leads to, or nothing."""
    try:
        found = os.lstat(path)
    except (OSError, ValueError):
        return "nothing"
    if stat.S_ISLNK(found.st_mode):
        real = os.path.realpath(path)
        return f"link to {real}, {_kind(real) if real != path else 'itself'}"
    return {stat.S_IFREG: "file", stat.S_IFDIR: "folder"}.get(stat.S_IFMT(found.st_mode), "something else")


def kinds(paths: Iterable[str]) -> Mapping[str, Status | None]:
    """The status of files, for a key."""
    return {path: _status(path) for path in paths}
