"""A web server behind an API that can't tell who calls it.

## What it does
Reports stages of REST APIs that hand requests on to a web server without a client certificate. For pedantic readers.
Stages whose routes call functions or other services of AWS only are fine: those calls are signed.

## Why is this bad?
The web server is on the internet. Without a certificate it can't tell the API from anybody else, so that whoever knows
its address passes by the API, its authorizers and its limits.

## When it is fine
Where the server knows the API by a secret header, or is reached through a VPC link.

## Example
```yaml bad
Resources:
  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !GetAtt Shop.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: "https://backend.example.com"}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Shop, DeploymentId: d1, StageName: prod}
```
```yaml good
Resources:
  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !GetAtt Shop.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: "https://backend.example.com"}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Shop, DeploymentId: d1, StageName: prod, ClientCertificateId: c1}
```
```hcl bad
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
  uri                     = "https://backend.example.com"
}

resource "aws_api_gateway_stage" "shop" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  deployment_id = "d1"
  stage_name    = "prod"
}
```
```hcl good
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
  uri                     = "https://backend.example.com"
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
  Resources:
    Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    Get:
      Type: AWS::ApiGateway::Method
      Properties:
        RestApiId: !Ref Shop
        ResourceId: !GetAtt Shop.RootResourceId
        HttpMethod: GET
        AuthorizationType: AWS_IAM
        Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: "https://backend.example.com"}
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
  Resources:
    Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    Get:
      Type: AWS::ApiGateway::Method
      Properties:
        RestApiId: !Ref Shop
        ResourceId: !GetAtt Shop.RootResourceId
        HttpMethod: GET
        AuthorizationType: AWS_IAM
        Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: "https://backend.example.com"}
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

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import any_of, given
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._shared import is_http, stage_name, stage_place, stages


@rule(
    "SK166",
    "backend-without-certificate",
    severity=LOW,
    persona="pedantic",
    since="0.2",
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
    holds="no web server is behind the stage, or it is shown a certificate",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every stage of a REST API with a web server behind it for its certificate."""
    del ctx
    for stage in stages(app):
        api = stage.api
        if api is None or is_http(stage) or api.protocol != "REST":
            continue
        outside = any_of(
            given(r.exists, r.integration.reads("https?://.*") & ~r.connection.is_("VPC_LINK")) for r in api.routes
        )
        yield from found(
            outside & ~stage.client_certificate.is_set(),
            subject=stage,
            at=stage_place(stage),
            message=f"{stage_name(stage)} hands requests on to a web server that can't tell it from other callers",
            help="make a client certificate, and name it in "
            + by_format(stage, "`ClientCertificateId`", "`client_certificate_id`"),
            fix=Fix.advice("show the server a client certificate"),
        )
