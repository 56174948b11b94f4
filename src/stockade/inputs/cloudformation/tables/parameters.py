"""The sections `Parameters` and `Outputs`, and credentials, as CloudFormation's documentation describes them.

"Parameters section structure" and "Outputs section structure" in the User Guide, `AWS::CloudFormation::Authentication` in the
Template Reference (as of 2026-11-28).
"""

from __future__ import annotations

from stockade.inputs.lens import Table, lens
from stockade.model import app

TABLES: tuple[Table, ...] = (
    Table(
        "Parameter",
        app.Variable,
        {"form": lens("Type"), "default": lens("Default"), "hidden": lens("NoEcho", "boolean")},
    ),
    Table("Output", app.Output, {"value": lens("Value")}),
    Table(
        "AWS::CloudFormation::Authentication",
        app.Credentials,
        {"access_key": lens("accessKeyId"), "secret_key": lens("secretKey"), "password": lens("password")},
    ),
)
