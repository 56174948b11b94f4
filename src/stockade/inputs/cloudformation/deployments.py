"""Deployments of APIs, of which a stage serves one: what is changed in an API since is not in it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html (as of 2026-11-28):
a deployment that is declared stays as it is until it has another logical id. SAM and the Serverless Framework give it one.
"""

from __future__ import annotations

from stockade.inputs.cloudformation.evaluate import Evaluator
from stockade.model.app import Api, Resource, Route
from stockade.text.node import Mapping, Scalar

# What a deployment holds, with the deployment's type and its property for the API.
_OF_REST = ("AWS::ApiGateway::Deployment", "RestApiId")
_OF_HTTP = ("AWS::ApiGatewayV2::Deployment", "ApiId")
_HELD = {
    "AWS::ApiGateway::RestApi": _OF_REST,
    "AWS::ApiGateway::Method": _OF_REST,
    "AWS::ApiGatewayV2::Api": _OF_HTTP,
    "AWS::ApiGatewayV2::Route": _OF_HTTP,
}


def stale(resource: Resource) -> str:
    """What to do about the deployment of an API whose part is changed, where none is made by itself; empty where one is."""
    site = resource.site
    api = resource if isinstance(resource, Api) else resource.api if isinstance(resource, Route) else None
    if site is None or api is None or site.type not in _HELD or not isinstance(site.context, Evaluator) or site.made:
        return ""
    evaluator, (type_, name) = site.context, _HELD[site.type]
    for logical_id, section in evaluator.template.resources.items():
        if not isinstance(section.body, Mapping):
            continue
        declared, properties = section.body.get("Type"), section.body.get("Properties")
        named = properties.get(name) if isinstance(properties, Mapping) else None
        if named is None or not isinstance(declared, Scalar) or declared.raw != type_:
            continue
        if any(reference.target == api.key for _, reference in evaluator.value(named).references()):
            return (
                f"the stage serves the API as it was until a new deployment is made, such as by another logical id for "
                f"`{logical_id}`"
            )
    return ""
