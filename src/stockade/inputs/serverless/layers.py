"""Layers that a service declares."""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.service import Property, Service
from stockade.text.node import Mapping, Scalar


def make_layers(service: Service) -> None:
    """Everything below `layers`."""
    for entry in service.block(service.root, "layers").entries:
        block, key = entry.value, entry.key.raw
        if type(block) is not Mapping:
            continue
        logical_id = naming.layer_id(key)
        own = service.entry(block, "name")
        artifact = service.at(block, "package", "artifact")
        properties: dict[str, Property] = {
            "Content": artifact if artifact is not None else service.entry(block, "path"),
            "LayerName": own or nodes.text(entry.key.span, key),
            "Description": service.entry(block, "description"),
            "LicenseInfo": service.entry(block, "licenseInfo"),
            "CompatibleRuntimes": service.entry(block, "compatibleRuntimes"),
            "CompatibleArchitectures": service.entry(block, "compatibleArchitectures"),
        }
        service.make(logical_id, "AWS::Lambda::LayerVersion", properties, at=entry)
        for account in service.items(block, "allowedAccounts"):
            shown = account.raw.replace("*", "Wild") if type(account) is Scalar else "Account"
            allowed: dict[str, Property] = {
                "Action": nodes.text(account.span, "lambda:GetLayerVersion"),
                "LayerVersionArn": nodes.ref(account.span, logical_id),
                "Principal": account,
            }
            service.make(
                f"{naming.normal(key)}{shown}LambdaLayerPermission",
                "AWS::Lambda::LayerVersionPermission",
                allowed,
                at=entry,
            )
