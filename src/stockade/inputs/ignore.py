"""`.gitignore` files: which paths of a tree people do not keep.

https://git-scm.com/docs/gitignore: a pattern with a slash before its end is about paths from its file's folder, another
one about names at any depth; the last pattern that fits decides; what is inside of an ignored folder can't be taken
back in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

_MAX_BYTES = 1_000_000
_SIGNS = frozenset("*?[\\")


class _Pattern(Struct, frozen=True, eq=False):
    """What paths end with (`end`) and may be (`whole`), or the expression that they match: few patterns need one."""

    keeps: bool
    folders_only: bool
    end: str = ""
    whole: str = ""
    regex: re.Pattern[str] | None = None

    def fits(self, path: str) -> bool:
        if self.regex is not None:
            return self.regex.fullmatch(path) is not None
        return path == self.whole or (self.end != "" and path.endswith(self.end))


class Ignored:
    """The patterns that hold in one folder: those of its own `.gitignore` after those of the folders above."""

    __slots__ = ("_above", "_patterns", "_prefix")

    def __init__(self, above: Ignored | None, folder: str, prefix: str) -> None:
        """`prefix` is the folder's path from where asked paths start, empty or with a slash at its end."""
        self._above = above
        self._prefix = prefix
        self._patterns = _read(os.path.join(folder, ".gitignore"))

    def says(self, path: str, *, folder: bool) -> bool:
        """Whether a path is ignored; its folders were asked about before."""
        return self.verdict(path, folder=folder) is True

    def verdict(self, path: str, *, folder: bool) -> bool | None:
        """What the last pattern that fits says; None if none does."""
        if path.startswith(self._prefix):
            said = _says(self._patterns, path[len(self._prefix) :], folder=folder)
            if said is not None:
                return said
        return self._above.verdict(path, folder=folder) if self._above is not None else None


class Patterns:
    """Patterns that somebody gave, in the manner of a `.gitignore`: which paths they are about."""

    __slots__ = ("_patterns", "_prefix")

    def __init__(self, lines: Iterable[str], prefix: str = "") -> None:
        """`prefix` is the path that asked paths are relative to, from where the patterns start; with a slash at its end."""
        self._patterns = tuple(found for line in lines if (found := _compile(line)) is not None)
        self._prefix = prefix

    def name(self, path: str, *, folder: bool) -> bool:
        """Whether they are about just this file or folder, whatever they say of the folders above it."""
        return _says(self._patterns, self._prefix + path, folder=folder) is True

    def cover(self, path: str) -> bool:
        """Whether they are about a file, or a folder that it is in."""
        parts = (self._prefix + path).split("/")
        folders = ("/".join(parts[:count]) for count in range(1, len(parts)))
        return any(_says(self._patterns, folder, folder=True) for folder in folders) or self.name(path, folder=False)


def _says(patterns: tuple[_Pattern, ...], path: str, *, folder: bool) -> bool | None:
    """What the last pattern that fits says of a path: that it is meant, that it is not, or nothing."""
    for pattern in reversed(patterns):
        if (folder or not pattern.folders_only) and pattern.fits(path):
            return not pattern.keeps
    return None


def above(root: str) -> tuple[Ignored | None, str]:
    """What the `.gitignore` files above a folder say, up to the repository's; and the folder's path from there."""
    current = os.path.abspath(root)
    chain: list[str] = []
    top = None
    while True:
        chain.append(current)
        if os.path.exists(os.path.join(current, ".git")):
            top = current
            break
        parent = os.path.dirname(current)
        if parent == current:
            break
        current = parent
    if top is None:
        return None, ""
    found: Ignored | None = None
    for folder in reversed(chain[1:]):
        prefix = os.path.relpath(folder, top).replace(os.sep, "/")
        found = Ignored(found, folder, "" if prefix == "." else prefix + "/")
    here = os.path.relpath(chain[0], top).replace(os.sep, "/")
    return found, "" if here == "." else here + "/"


def _read(path: str) -> tuple[_Pattern, ...]:
    try:
        with open(path, "rb") as stream:
            data = stream.read(_MAX_BYTES)
    except OSError:
        return ()
    patterns: list[_Pattern] = []
    for line in data.decode("utf-8", "replace").lstrip("\ufeff").splitlines():
        pattern = _compile(line)
        if pattern is not None:
            patterns.append(pattern)
    return tuple(patterns)


@lru_cache(maxsize=1024)
def _compile(line: str) -> _Pattern | None:
    text = re.sub(r"(?<!\\)\s+$", "", line)
    if not text or text.startswith("#"):
        return None
    keeps = text.startswith("!")
    text = text[1:] if keeps else text
    folders_only = text.endswith("/")
    text = text.rstrip("/")
    if not text:
        return None
    anchored = "/" in text
    text = text.removeprefix("/")
    if not _SIGNS.intersection(text):
        return _Pattern(keeps, folders_only, "" if anchored else "/" + text, text)
    if text[0] == "*" and len(text) > 1 and not anchored and not _SIGNS.intersection(text[1:]):
        return _Pattern(keeps, folders_only, text[1:])
    try:
        regex = re.compile(_translate(text) if anchored else "(?:.*/)?" + _translate(text))
    except re.error:
        return None
    return _Pattern(keeps, folders_only, regex=regex)


def _translate(text: str) -> str:
    """A pattern as a regular expression."""
    result: list[str] = []
    i = 0
    while i < len(text):
        if text.startswith("**/", i) and (i == 0 or text[i - 1] == "/"):
            result.append("(?:.*/)?")
            i += 3
            continue
        if text.startswith("/**", i) and i + 3 == len(text):
            result.append("/.+")
            i += 3
            continue
        char = text[i]
        i += 1
        if char == "*":
            result.append("[^/]*")
        elif char == "?":
            result.append("[^/]")
        elif char == "\\" and i < len(text):
            result.append(re.escape(text[i]))
            i += 1
        elif char == "[":
            end = text.find("]", i + 1)
            if end < 0:
                result.append(r"\[")
            else:
                inside = text[i:end].replace("\\", "\\\\")
                result.append("[^" + inside[1:] + "]" if inside[:1] in {"!", "^"} else "[" + inside + "]")
                i = end + 1
        else:
            result.append(re.escape(char))
    return "".join(result)
