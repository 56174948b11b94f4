"""Parts of an API that are declared apart."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

SHOP = "  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}\n"
OTHER = "  Other: {Type: AWS::ApiGateway::RestApi, Properties: {Name: other}}\n"
ORDERS = "  Orders: {Type: AWS::Lambda::Function, Properties: {Role: arn:aws:iam::111122223333:role/orders}}\n"


def _stage(api: str, deployed: str, head: str = "") -> str:
    return (
        f"{head}\nResources:\n{SHOP}{OTHER}"
        f"  Deployment: {{Type: AWS::ApiGateway::Deployment, Properties: {{RestApiId: {deployed}}}}}\n"
        "  Live: {Type: AWS::ApiGateway::Stage, Properties: {StageName: live, DeploymentId: !Ref Deployment, "
        f"RestApiId: {api}}}}}\n"
    )


def _route(authorization: str, form: str, more: str = "", authorizer: str = "AuthorizerId: !Ref Callers") -> str:
    return (
        f"Resources:\n{SHOP}"
        f"  Callers: {{Type: AWS::ApiGateway::Authorizer, Properties: {{RestApiId: !Ref Shop, Type: {form}{more}}}}}\n"
        "  Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Shop, HttpMethod: GET, ResourceId: "
        f"!GetAtt Shop.RootResourceId, AuthorizationType: {authorization}, {authorizer}}}}}\n"
    )


def test_a_stage_and_its_deployment_are_of_one_api() -> None:
    assert len(judge("SK808", _stage("!Ref Shop", "!Ref Other")).fails) == 1
    assert not judge("SK808", _stage("!Ref Shop", "!Ref Shop")).findings


def test_a_condition_decides_which_api() -> None:
    head = "Parameters: {S: {Type: String}}\nConditions: {Is: !Equals [!Ref S, a]}"
    (told,) = judge("SK808", _stage("!Ref Shop", "!If [Is, !Ref Shop, !Ref Other]", head)).fails
    assert told.message.endswith("when S is not a")


def test_which_api_a_parameter_names_is_not_known() -> None:
    verdict = judge("SK808", _stage("!Ref Shop", "!Ref Api", "Parameters: {Api: {Type: String}}"))
    assert [f.verdict for f in verdict.findings] == ["unsure"]
    assert not judge("SK808", _stage("!Ref Api", "!Ref Api", "Parameters: {Api: {Type: String}}")).findings


@pytest.mark.parametrize(
    ("authorization", "form", "fails"),
    [
        ("CUSTOM", "TOKEN", 0),
        ("CUSTOM", "REQUEST", 0),
        ("CUSTOM", "COGNITO_USER_POOLS", 1),
        ("COGNITO_USER_POOLS", "COGNITO_USER_POOLS", 0),
        ("COGNITO_USER_POOLS", "TOKEN", 1),
    ],
)
def test_a_route_asks_for_what_its_authorizer_is(authorization: str, form: str, fails: int) -> None:
    assert len(judge("SK808", _route(authorization, form)).fails) == fails


def test_an_http_route_asks_for_what_its_authorizer_is() -> None:
    text = (
        "Resources:\n  Shop: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}\n"
        "  Callers: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Shop, AuthorizerType: REQUEST}}\n"
        "  Get: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Shop, RouteKey: GET /, "
        "AuthorizationType: JWT, AuthorizerId: !Ref Callers}}\n"
    )
    assert len(judge("SK808", text).fails) == 1
    assert not judge("SK808", text.replace("JWT", "CUSTOM")).findings


def test_a_route_that_asks_names_one() -> None:
    assert len(judge("SK808", _route("CUSTOM", "TOKEN", authorizer="OperationName: get")).fails) == 1
    assert not judge("SK808", _route("AWS_IAM", "TOKEN", authorizer="OperationName: get")).findings
    assert not judge("SK808", _route("NONE", "TOKEN", authorizer="OperationName: get")).findings


def test_an_authorizer_remembers_for_an_hour_at_most() -> None:
    assert len(judge("SK808", _route("CUSTOM", "TOKEN", ", AuthorizerResultTtlInSeconds: 3601")).fails) == 1
    assert not judge("SK808", _route("CUSTOM", "TOKEN", ", AuthorizerResultTtlInSeconds: 3600")).findings


@pytest.mark.parametrize(
    ("properties", "fails"),
    [
        ("Description: a", 1),
        ("Name: a", 0),
        ("Body: {openapi: 3.0.1, info: {title: a}, paths: {}}", 0),
        ("BodyS3Location: {Bucket: a, Key: b}", 0),
    ],
)
def test_an_api_has_a_name_or_a_definition(properties: str, fails: int) -> None:
    text = f"Resources:\n  Shop: {{Type: AWS::ApiGateway::RestApi, Properties: {{{properties}}}}}\n"
    assert len(judge("SK808", text).fails) == fails


def test_parts_are_compared_in_terraform() -> None:
    text = """
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }
resource "aws_api_gateway_rest_api" "other" { name = "other" }
resource "aws_api_gateway_deployment" "live" { rest_api_id = aws_api_gateway_rest_api.other.id }
resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  stage_name    = "live"
  deployment_id = aws_api_gateway_deployment.live.id
}
"""
    assert len(judge("SK808", text).fails) == 1
    assert not judge("SK808", text.replace("_api.other.id", "_api.shop.id")).findings


def test_what_frameworks_make_fits() -> None:
    sam = (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n"
        "      StageName: live\n      MethodSettings: [{HttpMethod: '*', ResourcePath: '/*', LoggingLevel: INFO}]\n"
        "      Auth: {Authorizers: {Pool: {UserPoolArn: !GetAtt Users.Arn}}, DefaultAuthorizer: Pool}\n"
        "  Users: {Type: AWS::Cognito::UserPool}\n"
        "  F: {Type: AWS::Serverless::Function, Properties: {Events: {G: {Type: Api, Properties: "
        "{Path: /, Method: get, RestApiId: !Ref Api}}}}}\n"
    )
    service = (
        "service: shop\nprovider: {name: aws, runtime: python3.13}\nfunctions:\n  check: {handler: app.check}\n"
        "  orders: {handler: app.handler, events: [{http: {path: /, method: get, authorizer: check}}]}\n"
    )
    for text in (sam, service):
        for code in ("SK808", "SK809", "SK810"):
            assert not judge(code, text).findings


# ------------------------------------------------------------------------------------------------------ method settings


def _setting(setting: str) -> str:
    return (
        f"Resources:\n{SHOP}  Live: {{Type: AWS::ApiGateway::Stage, Properties: {{StageName: live, RestApiId: !Ref Shop, "
        f"MethodSettings: [{{{setting}}}]}}}}\n"
    )


@pytest.mark.parametrize(
    ("setting", "fails"),
    [
        ("HttpMethod: GET, ResourcePath: /a", 1),
        ("HttpMethod: GET, ResourcePath: a, MetricsEnabled: true", 1),
        ("HttpMethod: GET, ResourcePath: /a, MetricsEnabled: true", 0),
        ("HttpMethod: '*', ResourcePath: '*', MetricsEnabled: true", 0),
    ],
)
def test_settings_set_something_of_a_path(setting: str, fails: int) -> None:
    assert len(judge("SK809", _setting(setting)).fails) == fails


# -------------------------------------------------------------------------------------------------- two definitions


@pytest.mark.parametrize(("more", "fails"), [("", 1), (", Mode: overwrite", 1), (", Mode: merge", 0)])
def test_a_definition_replaces_what_is_beside_it(more: str, fails: int) -> None:
    body = "Body: {openapi: 3.0.1, info: {title: a}, paths: {}}"
    text = _route("CUSTOM", "TOKEN").replace("Properties: {Name: shop}", f"Properties: {{{body}{more}}}")
    verdict = judge("SK810", text)
    assert len(verdict.fails) == fails
    assert all(len(f.related) == 2 for f in verdict.fails)
