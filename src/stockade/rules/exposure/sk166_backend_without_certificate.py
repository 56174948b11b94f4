"""A web server behind an API that can't tell who calls it.

## What it does
Reports stages of REST APIs that hand requests on to a web server without a client certificate, where the server may be
the project's own: its host is a reference, a parameter or a stage variable, lies under a custom domain of the scanned
APIs, or is an address that load balancers and instances of AWS have. For pedantic readers. Stages whose routes call
functions or other services of AWS only are fine: those calls are signed.

## Why is this bad?
The web server is on the internet. Without a certificate it can't tell the API from anybody else, so that whoever knows
its address passes by the API, its authorizers and its limits.

## When it is fine
Where the server is somebody else's, knows the API by a secret header, or is reached through a VPC link.

## Example
```yaml bad
Parameters: {Backend: {Type: String}}
Resources:
  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !GetAtt Shop.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: !Sub "https://${Backend}"}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Shop, DeploymentId: d1, StageName: prod}
```
```yaml good
Parameters: {Backend: {Type: String}}
Resources:
  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !GetAtt Shop.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: !Sub "https://${Backend}"}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Shop, DeploymentId: d1, StageName: prod, ClientCertificateId: c1}
```
```hcl bad
variable "backend" {}
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }
resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_rest_api.shop.root_resource_id
  http_method   = "GET"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_integration" "get" {
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_rest_api.shop.root_resource_id
  http_method             = aws_api_gateway_method.get.http_method
  type                    = "HTTP_PROXY"
  integration_http_method = "GET"
  uri                     = "https://${var.backend}"
}

resource "aws_api_gateway_stage" "shop" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  deployment_id = "d1"
  stage_name    = "prod"
}
```
```hcl good
variable "backend" {}
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }
resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_rest_api.shop.root_resource_id
  http_method   = "GET"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_integration" "get" {
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_rest_api.shop.root_resource_id
  http_method             = aws_api_gateway_method.get.http_method
  type                    = "HTTP_PROXY"
  integration_http_method = "GET"
  uri                     = "https://${var.backend}"
}

resource "aws_api_gateway_stage" "shop" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  deployment_id = "d1"
  stage_name    = "prod"

  client_certificate_id = "c1"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Parameters: {Backend: {Type: String}}
  Resources:
    Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    Get:
      Type: AWS::ApiGateway::Method
      Properties:
        RestApiId: !Ref Shop
        ResourceId: !GetAtt Shop.RootResourceId
        HttpMethod: GET
        AuthorizationType: AWS_IAM
        Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: !Sub "https://${Backend}"}
    Stage:
      Type: AWS::ApiGateway::Stage
      Properties: {RestApiId: !Ref Shop, DeploymentId: d1, StageName: prod}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Parameters: {Backend: {Type: String}}
  Resources:
    Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    Get:
      Type: AWS::ApiGateway::Method
      Properties:
        RestApiId: !Ref Shop
        ResourceId: !GetAtt Shop.RootResourceId
        HttpMethod: GET
        AuthorizationType: AWS_IAM
        Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: !Sub "https://${Backend}"}
    Stage:
      Type: AWS::ApiGateway::Stage
      Properties: {RestApiId: !Ref Shop, DeploymentId: d1, StageName: prod, ClientCertificateId: c1}
```

## Fix safety
Advice only: the certificate has to be made, and the server has to ask for it.

## References
- [Generate and configure an SSL certificate for backend authentication](https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-client-side-ssl-authentication.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.model.app import App, Domain, Route
from stockade.model.intent import Fix
from stockade.model.value import PART, File, Tri, Value, any_of, given
from stockade.patterns import regex
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._shared import is_http, stage_name, stage_place, stages

_WEB = r"https?://.*"
_HOST = regex(r"https?://(?:[^/@]*@)?([^/:?#]+)")
# Hosts that are whatever is deployed: what is known by then only, a stage variable, an address.
_DEPLOYED = regex(rf".*(?:[{PART}*]|\$\{{stageVariables).*|\d+(?:\.\d+){{3}}")
# Those that load balancers, instances and environments get. Other names under `amazonaws.com` are services.
_SERVERS = regex(r".*\.(?:elb|compute|compute-1)\.amazonaws\.com(?:\.cn)?|.*\.elasticbeanstalk\.com")
_INPUT = regex(r"\b(?:parameter|variable) ")


@rule(
    "SK166",
    "backend-without-certificate",
    severity=LOW,
    persona="pedantic",
    since="0.1",
    controls=["INVK-6"],
    maps={"aws-fsbp": ["APIGateway.2"], "cwe": [295]},
    aliases=[
        "CKV2_AWS_51",
        "0b4869fc",
        "ed4c48b8",
        "APIGWSSLEnabled",
        "AC_AWS_0013",
        "apigateway_restapi_client_certificate_enabled",
        "clientCertificate",
        "APIGateway.2",
        "SSLEnabled",
    ],
    applies="is behind no stage of a REST API",
    holds="no web server of the project's own is behind the stage, or it is shown a certificate",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every stage of a REST API with a web server behind it for its certificate."""
    del ctx
    zones = tuple(
        {_zone(str(leaf.only())) for domain in app.of(Domain) for _, leaf in domain.name.leaves() if leaf.only()}
    )
    for stage in stages(app):
        api = stage.api
        if api is None or is_http(stage) or api.protocol != "REST":
            continue
        outside = any_of(
            given(route.exists, _may_be_own(route, zones) & ~route.connection.is_("VPC_LINK")) for route in api.routes
        )
        yield from found(
            outside & ~stage.client_certificate.is_set(),
            subject=stage,
            at=stage_place(stage),
            message=f"{stage_name(stage)} hands requests on to a web server that can't tell it from other callers",
            help="if the server is yours, make a client certificate, and name it in "
            + by_format(
                stage,
                "`ClientCertificateId`",
                "`client_certificate_id`",
                sam="`ClientCertificateId` of a stage that you declare as AWS::ApiGateway::Stage: SAM's own can't name it",
            ),
            fix=Fix.advice("show the server a client certificate, if it is yours"),
        )


def _may_be_own(route: Route, zones: tuple[str, ...]) -> Tri:
    """Whether a route leads to a web server that may be the project's own, as far as its host tells."""

    def own(text: str) -> bool:
        match = _HOST.match(text)
        host = match[1] if match is not None else ""
        under = any(host == zone or host.endswith("." + zone) for zone in zones)
        return bool(_DEPLOYED.fullmatch(host) or _SERVERS.fullmatch(host) or under)

    return any_of(
        given(when, leaf.reads(_WEB) if _is_input(leaf) else leaf.read_by(own))
        for when, leaf in route.integration.leaves()
    )


def _is_input(value: Value[str]) -> bool:
    """Whether a value, or a part of it, comes from a parameter or variable, which others may set to something else."""
    return isinstance(value.origin, File) and any(_INPUT.search(step.what) for step in value.origin.via)


def _zone(domain: str) -> str:
    """What a custom domain and its servers have in common: `shop.example` of `api.shop.example`."""
    parent = domain.partition(".")[2]
    registry = re.fullmatch(r"[a-z]{2,3}\.[a-z]{2}", parent) is not None  # as `co.uk` is
    return parent if "." in parent and not registry else domain
