"""Secrets, parameters and keys. Property names: AWS CloudFormation Template Reference, as of 2026-11-21."""

from __future__ import annotations

from stockade.inputs.lens import Table, lens
from stockade.model import app

TABLES: tuple[Table, ...] = (
    Table(
        "AWS::SecretsManager::Secret",
        app.Secret,
        {
            "name": lens("Name"),
            "kms_key": lens("KmsKeyId"),
            "literal": lens("SecretString"),
            "generated": lens("GenerateSecretString", "boolean", by="lower_secret"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::SecretsManager::RotationSchedule",
        app.Rotation,
        {
            "secret_id": lens("SecretId"),
            "function_arn": lens("RotationLambdaARN"),
            "days": lens("RotationRules.AutomaticallyAfterDays", "integer"),
            "expression": lens("RotationRules.ScheduleExpression"),
        },
    ),
    Table(
        "AWS::SSM::Parameter",
        app.Parameter,
        {
            "name": lens("Name"),
            "form": lens("Type"),
            "literal": lens("Value"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::KMS::Key",
        app.Key,
        {
            "enabled": lens("Enabled", "boolean"),
            "rotation": lens("EnableKeyRotation", "boolean"),
            "spec": lens("KeySpec"),
            "usage": lens("KeyUsage"),
            "material": lens("Origin"),
            "pending_window": lens("PendingWindowInDays", "integer"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::KMS::ReplicaKey",
        app.Key,
        {
            "enabled": lens("Enabled", "boolean"),
            "rotation": lens("PrimaryKeyArn", "boolean", by="lower_key"),
            "pending_window": lens("PendingWindowInDays", "integer"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table("AWS::KMS::Alias", app.KeyAlias, {"name": lens("AliasName"), "target": lens("TargetKeyId")}),
)
