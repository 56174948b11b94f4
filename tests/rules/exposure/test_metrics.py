"""SK164: a stage of which only sums are measured, which is enough where there is nothing to tell apart."""

from __future__ import annotations

import pytest

from tests.rules.support import judge


def sam(events: str, more: str = "") -> str:
    return f"""
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop: {{Type: AWS::Serverless::Api, Properties: {{StageName: prod{more}}}}}
  Orders:
    Type: AWS::Serverless::Function
    Properties: {{Runtime: python3.13, Handler: app.handler, CodeUri: src/, Events: {{{events}}}}}
"""


def event(name: str, method: str, path: str = "/") -> str:
    return f"{name}: {{Type: Api, Properties: {{RestApiId: !Ref Shop, Path: {path}, Method: {method}}}}}"


def methods(*names: str) -> str:
    written = "".join(
        f"""
  {name}:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !GetAtt Shop.RootResourceId
      HttpMethod: {name.upper()}
      AuthorizationType: AWS_IAM
      Integration: {{Type: MOCK}}"""
        for name in names
    )
    return f"""
Resources:
  Shop: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: shop}}}}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {{RestApiId: !Ref Shop, DeploymentId: d, StageName: prod}}{written}
"""


def definition(*names: str) -> str:
    paths = "".join(f"            {name}: {{x-amazon-apigateway-integration: {{type: mock}}}}\n" for name in names)
    return f"""
Resources:
  Shop:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: "3.0.1"
        paths:
          /orders:
{paths}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {{RestApiId: !Ref Shop, DeploymentId: d, StageName: prod}}
"""


def terraform(*names: str) -> str:
    written = "".join(
        f"""
resource "aws_api_gateway_method" "{name}" {{
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_rest_api.shop.root_resource_id
  http_method   = "{name.upper()}"
  authorization = "AWS_IAM"
}}
"""
        for name in names
    )
    return f"""
resource "aws_api_gateway_rest_api" "shop" {{ name = "shop" }}
resource "aws_api_gateway_stage" "prod" {{
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  deployment_id = "d"
  stage_name    = "prod"
}}
{written}"""


def service(*names: str) -> str:
    events = "".join(f"      - http: {{path: orders, method: {name}}}\n" for name in names)
    return f"""
service: shop
provider: {{name: aws, runtime: python3.13}}
functions:
  orders:
    handler: app.handler
    events:
{events}"""


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        (sam(event("One", "POST")), 0),
        (sam(event("One", "POST"), ", Cors: \"'*'\""), 0),
        (sam(f"{event('One', 'POST')}, {event('Two', 'GET')}"), 1),
        (sam(f"{event('One', 'POST')}, {event('Two', 'POST', '/two')}"), 1),
        (sam(event("One", "ANY")), 1),
        (sam("", ", DefinitionUri: s3://bucket/api.yaml"), 1),
        (methods("Get"), 0),
        (methods("Get", "Options"), 0),
        (methods("Get", "Put"), 1),
        (methods(), 1),
        (definition("get"), 0),
        (definition("get", "options"), 0),
        (definition("get", "put"), 1),
        (definition("x-amazon-apigateway-any-method"), 1),
        (terraform("get"), 0),
        (terraform("get", "options"), 0),
        (terraform("get", "put"), 1),
        (service("get"), 0),
        (service("get", "put"), 1),
    ],
)
def test_the_sum_of_one_method_is_its_number(text: str, fails: int) -> None:
    assert len(judge("SK164", text).fails) == fails
