"""The `Parameters` section. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html"""

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
