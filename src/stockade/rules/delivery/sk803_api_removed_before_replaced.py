"""A REST API or a deployment of one that Terraform removes before there is another one.

## What it does
Reports REST APIs and their deployments without `create_before_destroy`, where nothing in the module that depends on them has it
(Terraform then asks it of them too). For auditors: other tools' checklists ask for it. It is about Terraform only:
CloudFormation makes the new one first by itself.

## Why is this bad?
When one has to be replaced, Terraform removes it first. A deployment that a stage still points to can't be removed, so
that `apply` fails; an API is gone until the new one is there, with another address.

## When it is fine
Where a deployment is never replaced, as nothing in `triggers` changes.

## Example
```hcl bad
resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"
}

resource "aws_api_gateway_deployment" "shop" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
}
```
```hcl good
resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"

  lifecycle { create_before_destroy = true }
}

resource "aws_api_gateway_deployment" "shop" {
  rest_api_id = aws_api_gateway_rest_api.shop.id

  lifecycle { create_before_destroy = true }
}
```

## Fix safety
Advice only: a block `lifecycle` is not part of what Stockade writes.

## References
- [create_before_destroy](https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle)
- [Redeployment triggers](https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_deployment)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Api, App, Other, Resource, Stage
from stockade.model.intent import Fix
from stockade.model.value import NO, YES
from stockade.rules._base import INFO, Context, Outcome, found, rule

_API = "aws_api_gateway_rest_api"
_DEPLOYMENT = "aws_api_gateway_deployment"


@rule(
    "SK803",
    "api-removed-before-replaced",
    severity=INFO,
    confidence="medium",
    persona="auditor",
    since="0.1",
    controls=["DELV-2"],
    aliases=["CKV_AWS_217", "CKV_AWS_237"],
    applies="is behind no REST API that Terraform deploys",
    holds="Terraform makes a new API before it removes the old one",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask REST APIs and deployments of Terraform for their life cycle."""
    del ctx
    every: list[Resource] = [api for api in app.apis if api.type == _API]
    every += [other for other in app.of(Other) if other.type == _DEPLOYMENT]
    for resource in every:
        if resource.created_first is None:
            continue
        what = "the REST API" if resource.type == _API else "the deployment"
        yield from found(
            NO if resource.created_first or _asked_by_another(app, resource) else YES,
            subject=resource,
            at=resource,
            message=f"{what} `{resource}` is removed before there is another one",
            help="set `create_before_destroy` in its `lifecycle`",
            fix=Fix.advice("have the new one made first"),
        )


def _asked_by_another(app: App, resource: Resource) -> bool:
    """Whether something that depends on it has it, so that Terraform asks it of the resource too."""
    behind: list[Resource] = list(app.beside(resource, Stage))
    if isinstance(resource, Api):
        behind += [other for other in app.beside(resource, Other) if other.type == _DEPLOYMENT]
    return any(each.created_first for each in behind)
