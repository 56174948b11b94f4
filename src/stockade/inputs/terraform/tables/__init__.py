"""What each resource type of the AWS provider is in the model: one table a type, by service.

A module of this folder states `TABLES`; all of them are found by walking the folder.
"""

from __future__ import annotations

from functools import cache

from stockade.inputs.lens import Table
from stockade.modules import modules


@cache
def tables() -> dict[str, Table]:
    """All tables by resource type (or by `type/part` for what is written inside of a resource)."""
    found: dict[str, Table] = {}
    for module in modules(__name__):
        for table in getattr(module, "TABLES", ()):
            if table.type in found:
                raise RuntimeError(f"two tables for {table.type}")
            found[table.type] = table
    return found
