"""OpenAPI definitions in templates, and what the OPTIONS methods of a REST API say of its CORS."""

from __future__ import annotations

from pathlib import Path

from stockade.model.app import App, Route
from tests.inputs.cloudformation.support import cases, read, shown


def api(folder: Path, body: str, before: str = "") -> App:
    indented = "\n".join(f"        {line}" for line in body.strip("\n").splitlines())
    return read(
        folder,
        f"{before}Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Body:\n{indented}\n",
    )


def test_options_methods_say_what_is_answered_to_preflight_requests(tmp_path: Path) -> None:
    app = read(
        tmp_path,
        """
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Other: {Type: AWS::ApiGateway::RestApi, Properties: {Name: other}}
  Options:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: OPTIONS
      AuthorizationType: NONE
      Integration:
        Type: MOCK
        IntegrationResponses:
          - StatusCode: 200
            ResponseParameters:
              method.response.header.Access-Control-Allow-Origin: "'*'"
              method.response.header.Access-Control-Allow-Methods: "'GET,POST'"
              method.response.header.Access-Control-Max-Age: "'600'"
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        IntegrationResponses:
          - StatusCode: 200
            ResponseParameters: {method.response.header.Access-Control-Allow-Origin: "'https://shop.example.com'"}
""",
    )
    own, other = app.apis
    assert [v.show() for v in own.cors_origins] == ["*"]
    assert [v.show() for v in own.cors_methods] == ["GET", "POST"]
    assert own.cors_max_age.is_(600).is_yes
    assert [v.show() for v in own.answer_origins] == ["https://shop.example.com"]
    assert other.cors_origins.is_empty().is_yes


def test_an_options_method_that_is_there_only_sometimes(tmp_path: Path) -> None:
    app = read(
        tmp_path,
        """
Parameters: {Stage: {Type: String}}
Conditions: {IsDev: !Equals [!Ref Stage, dev]}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Options:
    Type: AWS::ApiGateway::Method
    Condition: IsDev
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: OPTIONS
      AuthorizationType: NONE
      Integration:
        IntegrationResponses:
          - ResponseParameters: {method.response.header.Access-Control-Allow-Origin: "'*'"}
""",
    )
    assert app.apis[0].cors_origins.any(lambda v: v.is_("*")).truth == "mixed"


def test_security_may_depend_on_a_condition(tmp_path: Path) -> None:
    app = api(
        tmp_path,
        """
securityDefinitions: {iam: {type: apiKey, x-amazon-apigateway-authtype: awsSigv4}}
paths:
  /orders:
    get:
      security: !If [IsProd, [{iam: []}], []]
""",
        "Parameters: {Stage: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Stage, prod]}\n",
    )
    assert cases(app.of(Route)[0].authorization) == {"Stage is prod": "AWS_IAM", "Stage is not prod": "NONE"}


def test_an_operation_of_a_service_has_no_uri(tmp_path: Path) -> None:
    app = api(
        tmp_path, "paths: {/orders: {post: {x-amazon-apigateway-integration: {integrationSubtype: SQS-SendMessage}}}}"
    )
    assert shown(app.of(Route)[0].integration) == "SQS-SendMessage"


def test_a_macro_among_the_paths_hides_routes(tmp_path: Path) -> None:
    app = api(tmp_path, "paths: {/orders: {get: {}}, 'Fn::Transform': {Name: Other}}")
    assert [(g.kind, g.kinds) for g in app.gaps if g.hides] == [("unresolved", ("route",))]


def test_a_definition_names_its_api(tmp_path: Path) -> None:
    app = read(
        tmp_path,
        """
Transform: AWS::Serverless-2016-10-31
Resources:
  Named: {Type: AWS::Serverless::HttpApi, Properties: {Name: shop}}
  Titled:
    Type: AWS::ApiGateway::RestApi
    Properties: {Body: {openapi: 3.0.1, info: {title: catalogue, version: "1"}, paths: {}}}
  Both:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: stock, Body: {openapi: 3.0.1, info: {title: other, version: "1"}, paths: {}}}
""",
    )
    assert {api.address: api.name.show() for api in app.apis} == {
        "Named": "shop",
        "Titled": "catalogue",
        "Both": "stock",
    }
