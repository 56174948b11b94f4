"""Revisions of git: their files, and what became of them since. Nothing but reading is asked of git, and nothing is fetched."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path, PurePosixPath

from stockade.errors import UsageError

_MAX_FILE = 20 * 1024 * 1024
_MAX_FILES = 50_000
_MAX_TOTAL = 1_000_000_000


def git(*arguments: str, given: bytes | None = None, at: Path | None = None) -> bytes:
    """What git says, asked in a folder or, without one, in the current one. Raises UsageError."""
    try:
        # Of a partial clone, what is not there is not fetched: no network unless asked.
        environment = {**os.environ, "GIT_NO_LAZY_FETCH": "1"}
        done = subprocess.run(  # noqa: S603 - git, with arguments that are revisions and paths
            ["git", *(("-C", str(at)) if at is not None else ()), *arguments],  # noqa: S607 - wherever it is installed
            input=given,
            capture_output=True,
            check=False,
            env=environment,
        )
    except FileNotFoundError:
        raise UsageError("git is not installed", hint="revisions are read by it; or name two folders") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise UsageError(
            f"git could not read the revision: {said[-1] if said else 'no reason given'}", hint="see `git log`"
        )
    return done.stdout


def write_revision(revision: str, path: str, folder: Path, at: Path | None = None) -> None:
    """The files of a revision below a path, as they are stored: no filter, hook or attribute of the repository is followed.

    The path, and where they are written, is relative to `at` or, without it, to the current folder.
    """
    if revision.startswith("-") or ".." in PurePosixPath(path).parts or PurePosixPath(path).is_absolute():
        raise UsageError(
            f"`git:{revision}:{path}` is no revision with a path inside of it", hint="write git:REVISION:PATH"
        )
    listed = git("ls-tree", "-r", "-l", "-z", revision, "--", path, at=at)
    entries = []
    total = 0
    for line in listed.split(b"\0"):
        head, tab, name = line.partition(b"\t")
        fields = head.split()
        # Neither links nor submodules, and nothing that is larger than what is read of a folder.
        if tab and fields[1] == b"blob" and fields[0] != b"120000" and fields[3].isdigit():
            size = int(fields[3])
            if size <= _MAX_FILE:
                total += size
                entries.append((fields[2], _inside(folder, os.fsdecode(name))))
    if len(entries) > _MAX_FILES or total > _MAX_TOTAL:
        raise UsageError(
            f"`git:{revision}:{path}` has more than {_MAX_FILES:,} files, or than {_MAX_TOTAL:,} bytes",
            hint="name a folder in it",
        )
    digests = b"\n".join(digest for digest, _ in entries) + b"\n"
    stored = git("cat-file", "--batch", given=digests, at=at) if entries else b""
    start = 0
    for _, target in entries:
        end = stored.index(b"\n", start)
        said = stored[start:end].split()
        if len(said) != 3:
            raise UsageError(
                f"`git:{revision}:{path}` is not wholly in this clone", hint="fetch the revision with its files"
            )
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(stored[end + 1 : end + 1 + int(said[2])])
        except OSError as error:
            raise UsageError(f"can't write `{target.name}` of the revision: {error.strerror}") from None
        start = end + 1 + int(said[2]) + 1


def _inside(folder: Path, name: str) -> Path:
    """Where a file of a revision is written; git makes no such names, but somebody else may."""
    parts = PurePosixPath(name).parts
    if not parts or parts[0] == "/" or ".." in parts:
        raise UsageError(f"the revision holds a file `{name}`, which is outside of it", hint="see `git ls-tree`")
    return folder.joinpath(*parts)
