"""Secrets, parameters and keys. Attribute names: the schema of the AWS provider 5.100.0, as of 2026-11-28."""

from __future__ import annotations

from stockade.inputs.lens import Lens, Table, lens
from stockade.model import app
from stockade.model.value import unset

_DOCS = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
_OF_KEY: dict[str, Lens] = {
    "pending_window": lens("deletion_window_in_days", "integer"),
    "tags": lens("tags", "tags"),
}

TABLES: tuple[Table, ...] = (
    Table(
        "aws_secretsmanager_secret",
        app.Secret,
        {"name": lens("name"), "kms_key": lens("kms_key_id"), "tags": lens("tags", "tags")},
    ),
    Table(
        "aws_secretsmanager_secret_version",
        app.Secret,
        {"literal": lens("secret_string", also=("secret_string_wo", "secret_binary"))},
    ),
    Table(
        "aws_secretsmanager_secret_rotation",
        app.Rotation,
        {
            "secret_id": lens("secret_id"),
            "function_arn": lens("rotation_lambda_arn"),
            "days": lens("rotation_rules.automatically_after_days", "integer"),
            "expression": lens("rotation_rules.schedule_expression"),
        },
    ),
    Table(
        "aws_ssm_parameter",
        app.Parameter,
        {
            "name": lens("name"),
            "form": lens("type"),
            "literal": lens("value", also=("insecure_value", "value_wo")),
            "kms_key": lens("key_id"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_kms_key",
        app.Key,
        {
            "enabled": lens("is_enabled", "boolean"),
            "rotation": lens("enable_key_rotation", "boolean"),
            "spec": lens("customer_master_key_spec"),
            "usage": lens("key_usage"),
            **_OF_KEY,
        },
    ),
    Table(
        "aws_kms_replica_key",
        app.Key,
        {
            "enabled": lens("enabled", "boolean"),
            "rotation": lens("primary_key_arn", "boolean", by="lower_key"),
            **_OF_KEY,
        },
    ),
    *(
        Table(
            type_,
            app.Key,
            {"enabled": lens("enabled", "boolean"), **_OF_KEY},
            (("material", unset("EXTERNAL", _DOCS + type_.removeprefix("aws_"))),),
        )
        for type_ in ("aws_kms_external_key", "aws_kms_replica_external_key")
    ),
    Table("aws_kms_alias", app.KeyAlias, {"name": lens("name"), "target": lens("target_key_id")}),
)
