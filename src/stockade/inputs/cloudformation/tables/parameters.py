"""The `Parameters` section, as the CloudFormation User Guide describes it ("Parameters section structure")."""

from __future__ import annotations

from stockade.inputs.lens import Table, lens
from stockade.model import app

TABLES: tuple[Table, ...] = (
    Table(
        "Parameter",
        app.Variable,
        {"form": lens("Type"), "default": lens("Default"), "hidden": lens("NoEcho", "boolean")},
    ),
)
