"""Deployments of APIs, of which a stage serves one: what is changed in an API since is not in it.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_deployment (as of 2026-11-28): a new one
is made if `triggers` change, or something else of which the provider makes it anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.inputs.terraform.configuration import attribute
from stockade.inputs.terraform.spots import block_of, copy_of
from stockade.text.hcl import nodes as hcl

if TYPE_CHECKING:
    from stockade.inputs.terraform.lower import Declared

# What a deployment holds, with the deployment's type and its argument for the API.
_OF_REST = ("aws_api_gateway_deployment", "rest_api_id")
_OF_HTTP = ("aws_apigatewayv2_deployment", "api_id")
_HELD = {
    "aws_api_gateway_rest_api": _OF_REST,
    "aws_api_gateway_method": _OF_REST,
    "aws_api_gateway_integration": _OF_REST,
    "aws_apigatewayv2_api": _OF_HTTP,
    "aws_apigatewayv2_route": _OF_HTTP,
    "aws_apigatewayv2_integration": _OF_HTTP,
}
_MADE_ANEW_BY = ("triggers", "stage_description", "variables")


def stale(found: Declared) -> str:
    """What to do about the deployment of an API whose part is changed, where none is made by itself; empty where one is."""
    if found.type not in _HELD:
        return ""
    type_, argument = _HELD[found.type]
    own, declaration = attribute(block_of(found), argument), copy_of(found).declaration
    api = own.span.text if own is not None else f"{declaration.type}.{declaration.name}.id"
    for (other, name), block in copy_of(found).module.module.resources.items():
        named = attribute(block, argument)
        if other == type_ and named is not None and named.span.text == api and not _is_made_anew(block):
            return (
                f"`{type_}.{name}` has no `triggers`: the stage serves the API as it was until a new deployment is made, such "
                f"as by `terraform apply -replace={type_}.{name}`"
            )
    return ""


def _is_made_anew(block: hcl.Block) -> bool:
    """Whether something that may change makes a new deployment."""
    stated = [block.body.attributes.get(name) for name in _MADE_ANEW_BY]
    cycles = [inner.body.attributes.get("replace_triggered_by") for inner in block.body.of("lifecycle")]
    return any(one is not None and type(one.expr) is not hcl.Constant for one in (*stated, *cycles))
