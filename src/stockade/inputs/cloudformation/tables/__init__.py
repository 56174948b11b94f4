"""What each CloudFormation resource type is in the model: one table a type, by service."""

from __future__ import annotations

from functools import cache

from stockade.inputs.lens import Table


@cache
def tables() -> dict[str, Table]:
    """All tables by resource type."""
    from stockade.inputs.cloudformation.tables import functions, identity, sam

    found: dict[str, Table] = {}
    for module in (functions, identity, sam):
        for table in module.TABLES:
            if table.type in found:
                raise RuntimeError(f"two tables for {table.type}")
            found[table.type] = table
    return found
