"""AWS::IAM::* resource types. Property names: AWS CloudFormation Template Reference, as of 2026-11-21."""

from __future__ import annotations

from stockade.inputs.lens import Table, lens
from stockade.model import app

TABLES: tuple[Table, ...] = (
    Table(
        "AWS::IAM::Role",
        app.Role,
        {
            "name": lens("RoleName"),
            "path": lens("Path"),
            "trust": lens("AssumeRolePolicyDocument", by="lower_statements"),
            "managed": lens("ManagedPolicyArns", "texts"),
            "boundary": lens("PermissionsBoundary"),
            "max_session": lens("MaxSessionDuration", "integer"),
            "inline": lens("Policies", by="lower_inline_policies"),
            "tags": lens("Tags", by="lower_tags"),
        },
    ),
)
