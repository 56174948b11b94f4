"""Which file an import means: as Node.js and TypeScript look for it, inside of the scanned root.

https://www.typescriptlang.org/docs/handbook/modules/reference.html and https://www.typescriptlang.org/tsconfig/#paths, as of
2026-11-28.
"""

from __future__ import annotations

import posixpath

from stockade.inputs.disk import Disk
from stockade.text.document import Document
from stockade.text.json import read_json
from stockade.text.node import Mapping, Node, Scalar, Sequence

SUFFIXES = (".ts", ".mts", ".cts", ".js", ".mjs", ".cjs")
_TRIED = ("", *SUFFIXES, ".json")
# TypeScript names the file that it will be compiled to.
_COMPILED = {".js": ".ts", ".mjs": ".mts", ".cjs": ".cts"}
_CONFIGURATIONS = ("tsconfig.json", "tsconfig.paths.json", "jsconfig.json")
_EXTENDS = 8  # how many configurations may build upon each other


class Paths:
    """Finds the files that the modules of one service import."""

    def __init__(self, disk: Disk, folder: str) -> None:
        self.disk = disk
        self.folder = folder
        self._known: tuple[list[str], list[tuple[str, list[str]]]] | None = None

    def find(self, specifier: str, importer: str) -> str | None:
        """The path of the file that `importer` means by a specifier; None if there is none."""
        if specifier.startswith(("./", "../")) or specifier in {".", ".."}:
            return self._file(posixpath.join(posixpath.dirname(importer), specifier))
        bases, aliases = self._aliases()
        # The one with the longest text before its asterisk counts.
        matching = [(pattern, targets) for pattern, targets in aliases if _matches(pattern, specifier) is not None]
        for pattern, targets in sorted(matching, key=lambda p: -len(p[0].partition("*")[0])):
            middle = _matches(pattern, specifier) or ""
            for target in targets:
                found = self._file(target.replace("*", middle, 1))
                if found is not None:
                    return found
        for base in bases:
            found = self._file(posixpath.join(base, specifier))
            if found is not None:
                return found
        return None

    def is_package(self, specifier: str) -> bool:
        """Whether a specifier means a package, as far as its spelling says."""
        if specifier.startswith((".", "/")):
            return False
        return not any(_matches(pattern, specifier) is not None for pattern, _ in self._aliases()[1] if pattern != "*")

    def _file(self, path: str) -> str | None:
        path = posixpath.normpath(path)
        for candidate in (path, posixpath.join(path, "index")):
            folder, name = posixpath.split(candidate)
            if self.disk.refused(candidate) is not None:
                continue
            names = self.disk.names(folder)
            for suffix in _TRIED:
                if name + suffix in names and (suffix or name.endswith(_TRIED[1:])):
                    return f"{candidate}{suffix}"
            stem, suffix = posixpath.splitext(name)
            if suffix in _COMPILED and stem + _COMPILED[suffix] in names:
                return posixpath.join(folder, stem + _COMPILED[suffix])
        return None

    # --------------------------------------------------------------------------------------------- configuration

    def _aliases(self) -> tuple[list[str], list[tuple[str, list[str]]]]:
        """The folders in which names are looked for, and the patterns of names with what they mean."""
        if self._known is None:
            self._known = ([], [])
            for name in _CONFIGURATIONS:
                if name in self.disk.names(self.folder):
                    self._read(posixpath.join(self.folder, name), _EXTENDS)
        return self._known

    def _read(self, path: str, left: int) -> None:
        document = self.disk.document(path)
        root = read_json(document).root if isinstance(document, Document) else None  # with comments, if it has any
        if type(root) is not Mapping or self._known is None:
            return
        folder = posixpath.dirname(path)
        options = root.get("compilerOptions")
        if type(options) is Mapping:
            base = options.get("baseUrl")
            based = _join(folder, base.raw) if type(base) is Scalar else folder
            if type(base) is Scalar:
                self._known[0].append(based)
            paths = options.get("paths")
            for entry in paths.entries if type(paths) is Mapping else ():
                targets = [_join(based, target) for target in _texts(entry.value)]
                self._known[1].append((entry.key.raw, targets))
        for other in _texts(root.get("extends")):
            wanted = _join(folder, other if other.endswith(".json") else f"{other}.json")
            if (
                other.startswith(".")
                and left
                and posixpath.basename(wanted) in self.disk.names(posixpath.dirname(wanted))
            ):
                self._read(wanted, left - 1)


def _matches(pattern: str, specifier: str) -> str | None:
    """What the asterisk of a pattern stands for in a specifier; None where it does not match."""
    before, star, after = pattern.partition("*")
    if not star:
        return "" if pattern == specifier else None
    if len(specifier) < len(before) + len(after) or not (specifier.startswith(before) and specifier.endswith(after)):
        return None
    return specifier[len(before) : len(specifier) - len(after)]


def _join(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))


def _texts(node: Node | None) -> list[str]:
    """The texts of a list, or one text alone."""
    items = node.items if type(node) is Sequence else (node,)
    return [item.raw for item in items if type(item) is Scalar]
