"""Finds the files of a tree that may be infrastructure code, and knows what each is by its content."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

# Folders that hold nothing that people write.
SKIPPED = frozenset({
    ".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".mypy_cache", ".ruff_cache", ".pytest_cache",
    ".aws-sam", ".serverless", ".terraform", "cdk.out", ".idea", ".vscode",
})  # fmt: skip
SUFFIXES = frozenset({".yaml", ".yml", ".json", ".template"})


def candidates(root: Path) -> Iterator[tuple[Path, str]]:
    """Every file below `root` (or `root` itself) that may be a template, with its path relative to the root."""
    if not root.is_dir():
        yield root, root.name
        return
    for folder, folders, files in os.walk(root, followlinks=False):
        folders[:] = sorted(f for f in folders if f not in SKIPPED)
        for name in sorted(files):
            if os.path.splitext(name)[1].lower() in SUFFIXES:
                path = Path(folder, name)
                yield path, path.relative_to(root).as_posix()
