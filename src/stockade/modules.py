"""What the modules of a package hold, for the registries that are built by walking a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType


def modules(package: str) -> Iterator[ModuleType]:
    """Every module and package right in a package, by name; not those whose name begins with `_`."""
    for folder in import_module(package).__path__:
        with os.scandir(folder) as entries:
            names = {
                entry.name.removesuffix(".py") for entry in entries if entry.name.endswith(".py") or entry.is_dir()
            }
        for name in sorted(names):
            if not name.startswith("_"):
                yield import_module(f"{package}.{name}")
