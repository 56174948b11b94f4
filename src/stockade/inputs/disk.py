"""What a configuration may see of the disk: files inside of the scanned root, each read once."""

from __future__ import annotations

import os
import posixpath
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

from stockade.model.value import Doubt
from stockade.text.document import Document, Problem, read_document


class Disk:
    """The files below one root, by their paths relative to it (POSIX, normalised)."""

    def __init__(self, root: Path, replaced: Mapping[str, str] | None = None) -> None:
        self.root = root
        self._root = str(root)
        self._real = os.path.realpath(root)
        self._replaced = replaced or {}
        self._documents: dict[str, Document | Problem] = {}
        self._folders: dict[str, tuple[str, ...]] = {}
        self._reals: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self._known_refusals: dict[str, Doubt | None] = {}
        self.read: list[Document] = []  # what was read for the evaluation, in order

    def document(self, path: str) -> Document | Problem:
        """A file's text, or why it can't be had."""
        known = self._documents.get(path)
        if known is None:
            refused = self.refused(path)
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

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the files right in a folder, in order; none where there is no such folder."""
        known = self._folders.get(folder)
        if known is None:
            found: list[str] = []
            if self.refused(folder) is None:
                try:
                    with os.scandir(self._path(folder)) as entries:
                        found = sorted(e.name for e in entries if _is_file(e))
                except OSError:
                    found = []
            known = self._folders[folder] = tuple(found)
        return known

    def is_folder(self, path: str) -> bool:
        """Whether there is such a folder inside of the root."""
        return self.refused(path) is None and os.path.isdir(self._path(path))

    def is_outside(self, path: str) -> bool:
        """Whether a path leads out of the root."""
        return self.refused(path) is not None

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

    def refused(self, path: str) -> Doubt | None:
        """Why a path is not looked at: it leads out of the root. None if it may be."""
        if path not in self._known_refusals:
            sys.audit("stockade.asked", self._path(path))  # what is looked for, for those who keep results
            self._known_refusals[path] = self._refusal(path)
        return self._known_refusals[path]

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


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is a file, a link that leads to one, or a pipe that has such a name: what can't be read says so when read.

    A link that leads nowhere or to itself is none.
    """
    try:
        return entry.is_file() or stat.S_ISFIFO(entry.stat().st_mode) or stat.S_ISSOCK(entry.stat().st_mode)
    except OSError:
        return False
