"""What Terraform's configurations and functions may see of the disk."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stockade.inputs import disk
from stockade.inputs.terraform.terms import NotKnown, Wrong
from stockade.model.value import Doubt
from stockade.text.document import Document, Problem
from stockade.text.hcl.nodes import HclFile

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_FILE = 20 * 1024 * 1024
MAX_LISTED = 20_000


class Disk(disk.Disk):
    """The files below one root, as Terraform's configurations and functions ask for them."""

    def __init__(self, root: Path, replaced: Mapping[str, str] | None = None) -> None:
        super().__init__(root, replaced)
        self._parsed: dict[tuple[str, str], HclFile] = {}
        self._listed: dict[str, list[str]] = {}

    def parsed(self, path: str, reading: str, read: Callable[[Document], HclFile]) -> HclFile | Problem:
        """A file read as `reading` says (`hcl`, `json`, `template`), once."""
        known = self._parsed.get((path, reading))
        if known is None:
            document = self.document(path)
            if isinstance(document, Problem):
                return document
            known = self._parsed[path, reading] = read(document)
        return known

    def text(self, path: str) -> Document:
        """A file for `file` and its kin: raises Wrong where there is none, NotKnown where it is refused."""
        refused = self.refused(path)
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
        refused = self.refused(path)
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
        refused = self.refused(folder)
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
