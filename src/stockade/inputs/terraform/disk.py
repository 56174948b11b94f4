"""What Terraform's configurations and functions may see of the disk: files inside of the scanned root, each read once."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stockade.inputs.terraform.terms import NotKnown, Wrong
from stockade.model.value import Doubt
from stockade.text.document import Document, Problem, read_document
from stockade.text.hcl.nodes import HclFile

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_FILE = 20 * 1024 * 1024
MAX_LISTED = 20_000


class Disk:
    """The files below one root, by their paths relative to it (POSIX, normalised)."""

    def __init__(self, root: Path, replaced: Mapping[str, str] | None = None) -> None:
        self.root = root
        self._root = str(root)
        self._real = os.path.realpath(root)
        self._replaced = replaced or {}
        self._documents: dict[str, Document | Problem] = {}
        self._parsed: dict[tuple[str, str], HclFile] = {}
        self._folders: dict[str, tuple[str, ...]] = {}
        self._reals: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self._refusals: dict[str, Doubt | None] = {}
        self._listed: dict[str, list[str]] = {}
        self.read: list[Document] = []  # what was read for the evaluation, in order

    # ------------------------------------------------------------------------------------------------- for configurations

    def document(self, path: str) -> Document | Problem:
        """A file's text, or why it can't be had."""
        known = self._documents.get(path)
        if known is None:
            refused = self._refused(path)
            if refused is not None:
                known = Problem(refused.why, refused.remedy, None, path, "unreadable")
            else:
                known = read_document(self._path(path), path)
                if isinstance(known, Document) and path in self._replaced:
                    known = Document(
                        path, self._replaced[path], syntax=known.syntax, bom=known.bom, encoding=known.encoding
                    )
            self._documents[path] = known
        return known

    def parsed(self, path: str, reading: str, read: Callable[[Document], HclFile]) -> HclFile | Problem:
        """A file read as `reading` says (`hcl`, `json`, `template`), once."""
        known = self._parsed.get((path, reading))
        if known is None:
            document = self.document(path)
            if isinstance(document, Problem):
                return document
            known = self._parsed[path, reading] = read(document)
        return known

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the files right in a folder, in order; none where there is no such folder."""
        known = self._folders.get(folder)
        if known is None:
            found: list[str] = []
            if self._refused(folder) is None:
                try:
                    with os.scandir(self._path(folder)) as entries:
                        found = sorted(e.name for e in entries if _is_file(e))
                except OSError:
                    found = []
            known = self._folders[folder] = tuple(found)
        return known

    def is_folder(self, path: str) -> bool:
        """Whether there is such a folder inside of the root."""
        return self._refused(path) is None and os.path.isdir(self._path(path))

    def is_outside(self, path: str) -> bool:
        """Whether a path leads out of the root."""
        return self._refused(path) is not None

    def real(self, path: str) -> str:
        """A path without symbolic links, as long as it lies inside of the root: a folder has one name only."""
        known = self._reals.get(path)
        if known is None:
            known = path
            if not self.is_outside(path):
                real = self._without_links(posixpath.normpath(path))
                known = real.removeprefix(self._real).replace(os.sep, "/").strip("/")
            self._reals[path] = known
        return known

    def _refused(self, path: str) -> Doubt | None:
        """Why a path is not looked at: it leads out of the root."""
        if path not in self._refusals:
            self._refusals[path] = self._refusal(path)
        return self._refusals[path]

    def _refusal(self, path: str) -> Doubt | None:
        normal = posixpath.normpath(path)
        outside = Doubt(
            f"`{path}` lies outside of the scanned folder, and nothing is read there",
            "scan the folder that holds both",
            "outside the root",
        )
        if normal.startswith("../") or normal == ".." or posixpath.isabs(normal) or "\0" in path:
            return outside
        try:
            real = self._without_links(normal)
        except (OSError, ValueError):  # a path that no file system has: too long, half a character
            return outside
        if real != self._real and not real.startswith(self._real + os.sep):
            return outside
        return None

    def _without_links(self, path: str) -> str:
        """Where a path (normalised) leads; what lies in one folder has its way to there in common."""
        real, at = self._real, ""
        for part in path.split("/") if path != "." else ():
            at = f"{at}/{part}" if at else part
            known = self._links.get(at)
            if known is None:
                known = os.path.join(real, part)
                try:
                    if stat.S_ISLNK(os.lstat(known).st_mode):
                        known = os.path.realpath(known)
                except OSError:
                    pass  # there is nothing there, or it can't be asked: so it is no link
                self._links[at] = known
            real = known
        return real

    def _path(self, path: str) -> str:
        return os.path.join(self._root, path)

    # ------------------------------------------------------------------------------------------------------- for functions

    def text(self, path: str) -> Document:
        """A file for `file` and its kin: raises Wrong where there is none, NotKnown where it is refused."""
        refused = self._refused(path)
        if refused is not None:
            raise NotKnown(refused)
        full = self.root / posixpath.normpath(path)
        if not full.exists() and path not in self._replaced:
            raise Wrong(f"there is no file `{path}`")
        found = self.document(posixpath.normpath(path))
        if isinstance(found, Problem):
            raise NotKnown(Doubt(f"`{path}` {found.message}", found.remedy, found.kind))
        return found

    def raw(self, path: str) -> bytes:
        """A file's bytes, in the manner of `text`."""
        refused = self._refused(path)
        if refused is not None:
            raise NotKnown(refused)
        full = self.root / posixpath.normpath(path)
        try:
            status = full.stat()
            if not stat.S_ISREG(status.st_mode):
                raise Wrong(f"`{path}` is no file")
            if status.st_size > MAX_FILE:
                raise NotKnown(Doubt(f"`{path}` is too large to be read", "", "too-large"))
            return full.read_bytes()
        except FileNotFoundError:
            raise Wrong(f"there is no file `{path}`") from None
        except OSError as error:
            raise NotKnown(Doubt(f"`{path}` can't be read: {error.strerror}", "", "unreadable")) from None

    def listing(self, folder: str) -> list[str]:
        """Every file below a folder, relative to it; raises NotKnown where it is refused or there are too many."""
        refused = self._refused(folder)
        if refused is not None:
            raise NotKnown(refused)
        known = self._listed.get(folder)
        if known is not None:
            return known
        base = self.root / posixpath.normpath(folder)
        found: list[str] = []
        for current, folders, files in os.walk(base):
            folders.sort()
            relative = os.path.relpath(current, base).replace(os.sep, "/")
            found += [name if relative == "." else f"{relative}/{name}" for name in sorted(files)]
            if len(found) > MAX_LISTED:
                raise NotKnown(Doubt(f"`{folder}` holds too many files", "", "limit"))
        self._listed[folder] = found = sorted(found)
        return found


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is a file, a link that leads to one, or a pipe that has such a name: what can't be read says so when read.

    A link that leads nowhere or to itself is none.
    """
    try:
        return entry.is_file() or stat.S_ISFIFO(entry.stat().st_mode) or stat.S_ISSOCK(entry.stat().st_mode)
    except OSError:
        return False
