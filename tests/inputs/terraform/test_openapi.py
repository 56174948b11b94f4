"""OpenAPI definitions in the body of an API: as JSON or YAML, in a heredoc, by a function, from a file, or not known."""

from __future__ import annotations

import json

import pytest

from stockade.model.app import Api, App, Authorizer, Route
from stockade.model.value import File
from tests.inputs.terraform.support import app_of
from tests.inputs.terraform.test_makers_api import FUNCTION, at, only, shown, written

BODY = """{
  "openapi": "3.0.1",
  "security": [{"tokens": []}],
  "x-amazon-apigateway-policy": {"Statement": [
    {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}
  ]},
  "components": {"securitySchemes": {
    "tokens": {
      "type": "apiKey", "name": "Authorization", "in": "header",
      "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": "${aws_lambda_function.orders.invoke_arn}"}
    },
    "key": {"type": "apiKey", "name": "x-api-key", "in": "header"}
  }},
  "paths": {
    "/orders": {
      "parameters": [],
      "get": {"x-amazon-apigateway-integration": {"uri": "${aws_lambda_function.orders.invoke_arn}"}},
      "options": {"security": [], "x-amazon-apigateway-integration": {"type": "mock", "responses": {"default": {
        "responseParameters": {"method.response.header.Access-Control-Allow-Origin": "'*'"}}}}}
    },
    "/keys": {"x-amazon-apigateway-any-method": {"security": [{"key": []}]}}
  }
}
"""


def rest(body: str, more: str = "") -> str:
    return FUNCTION + f'resource "aws_api_gateway_rest_api" "shop" {{\n  name = "shop"\n  body = {body}\n}}\n{more}'


def http(body: str) -> str:
    return (
        FUNCTION
        + f'resource "aws_apigatewayv2_api" "shop" {{\n  name = "shop"\n  protocol_type = "HTTP"\n  body = {body}\n}}\n'
    )


def routes(app: App) -> dict[str, tuple[str, str | None]]:
    """What each route asks for, and which function it calls."""
    return {
        f"{r.method.show()} {r.path.show()}": (r.authorization.show(), r.function.address if r.function else None)
        for r in app.of(Route)
    }


EXPECTED = {
    "GET /orders": ("CUSTOM", "aws_lambda_function.orders"),
    "OPTIONS /orders": ("NONE", None),
    "ANY /keys": ("NONE", None),
}


def test_json_in_a_heredoc() -> None:
    app = app_of(rest(f"<<EOF\n{BODY}EOF"))
    assert routes(app) == EXPECTED
    api, authorizer = only(app, Api), only(app, Authorizer)
    assert authorizer.function is app.functions[0]
    assert (authorizer.form.show(), authorizer.ttl.show()) == ("TOKEN", "300 by default")
    assert shown(authorizer.identity_sources) == ["method.request.header.Authorization"]
    assert shown(api.cors_origins) == ["*"]
    assert [s.effect.show() for s in api.policy] == ["Allow"]
    keys = next(r for r in app.of(Route) if r.path.show() == "/keys")
    assert keys.api_key.is_true().is_yes
    assert app.gaps == ()


def test_every_part_of_a_heredoc_keeps_its_place() -> None:
    app = app_of(rest(f"<<EOF\n{BODY}EOF"))
    get = next(r for r in app.of(Route) if r.method.show() == "GET")
    assert isinstance(get.origin, File)
    text = get.origin.span.doc.text
    assert get.origin.span.start > text.index('"/orders"')
    assert written(get.path) == '"/orders"'
    assert written(get.authorization) == '[{"tokens": []}]'


def test_an_object_that_is_encoded() -> None:
    assert routes(app_of(rest(f"jsonencode({BODY})"))) == EXPECTED
    known = BODY.replace(
        "${aws_lambda_function.orders.invoke_arn}", "arn:aws:lambda:eu-west-1:111122223333:function:orders"
    )
    assert routes(app_of(rest(f"yamlencode({known})"))) == EXPECTED


def test_an_encoded_object_keeps_its_places() -> None:
    app = app_of(rest(f"jsonencode({BODY})"))
    get = next(r for r in app.of(Route) if r.method.show() == "GET")
    assert written(get.path) == '"/orders"'
    assert written(get.integration) == "aws_lambda_function.orders.invoke_arn"


YAML = """
  # it's a "comment
  openapi: 3.0.1
  paths:
    /orders:
      get:
        security:
          - jwt: [read]
        x-amazon-apigateway-integration:
          uri: arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations
      post:
        x-amazon-apigateway-integration: {type: aws_proxy, uri: ${arn}, timeoutInMillis: ${5}}
  components:
    securitySchemes:
      jwt:
        type: oauth2
        x-amazon-apigateway-authorizer:
          type: jwt
          identitySource: $request.header.Authorization
          jwtConfiguration: {audience: [shop], issuer: https://issuer.example.com}
"""


def test_yaml_with_references_in_plain_scalars() -> None:
    text = YAML.replace("${region}", "${var.region}").replace("${arn}", "${aws_lambda_function.orders.arn}")
    app = app_of(http(f"<<-EOF{text}  EOF") + 'variable "region" {}\n')
    assert routes(app) == {
        "GET /orders": ("JWT", "aws_lambda_function.orders"),
        "POST /orders": ("NONE by default", "aws_lambda_function.orders"),
    }
    authorizer = only(app, Authorizer)
    assert (authorizer.form.show(), authorizer.ttl.only()) == ("JWT", 0)
    assert shown(authorizer.providers) == ["https://issuer.example.com"]
    get = next(r for r in app.of(Route) if r.method.show() == "GET")
    assert shown(get.scopes) == ["read"]


def test_a_template_in_a_file() -> None:
    call = 'templatefile("${path.module}/api.yaml", { region = "eu-west-1", arn = aws_lambda_function.orders.arn })'
    app = app_of({"main.tf": http(call), "api.yaml": YAML})
    assert {k: v[1] for k, v in routes(app).items()} == {
        "GET /orders": "aws_lambda_function.orders",
        "POST /orders": "aws_lambda_function.orders",
    }


def test_a_file() -> None:
    scheme = {"type": "apiKey", "x-amazon-apigateway-authtype": "awsSigv4"}
    paths: object = {"/a": {"get": {"security": [{"sigv4": []}]}}}
    body = json.dumps({"swagger": "2.0", "paths": paths, "securityDefinitions": {"sigv4": scheme}})
    app = app_of({"main.tf": rest('file("api.json")'), "api.json": body})
    route = only(app, Route)
    assert (route.authorization.show(), route.path.show()) == ("AWS_IAM", "/a")
    assert isinstance(route.path.origin, File)


def test_a_definition_that_is_put_after_the_api() -> None:
    text = """
    resource "aws_api_gateway_rest_api_put" "shop" {
      rest_api_id = aws_api_gateway_rest_api.shop.id
      body        = jsonencode({ paths = { "/a" = { get = {} } } })
    }
    """
    app = app_of('resource "aws_api_gateway_rest_api" "shop" {\n  name = "shop"\n}\n' + text)
    assert list(routes(app)) == ["GET /a"]
    assert only(app, Route).api is only(app, Api)


def test_what_the_resource_states_wins_over_its_definition() -> None:
    body = """jsonencode({
      "x-amazon-apigateway-endpoint-configuration" = { disableExecuteApiEndpoint = true }
      paths = {}
    })"""
    assert only(app_of(rest(body)), Api).default_endpoint_disabled.is_true().is_yes
    stated = rest(body).replace('name = "shop"\n', 'name = "shop"\n  disable_execute_api_endpoint = false\n')
    assert only(app_of(stated), Api).default_endpoint_disabled.is_true().is_no


def test_security_may_depend_on_a_variable() -> None:
    body = """jsonencode({
      components = { securitySchemes = { iam = { type = "apiKey", "x-amazon-apigateway-authtype" = "awsSigv4" } } }
      paths      = { "/a" = { get = { security = var.open ? [] : [{ iam = [] }] } } }
    })"""
    app = app_of(rest(body, 'variable "open" { type = bool }\n'))
    cases = {" and ".join(p.text for p in when): v.show() for when, v in only(app, Route).authorization.leaves()}
    assert sorted(cases.values()) == ["AWS_IAM", "NONE"]
    assert len(cases) == 2


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("var.body", "unresolved"),
        ('"${var.body} and more"', "unresolved"),
        ('"nonsense"', "wrong-shape"),
        ("[]", "wrong-shape"),
    ],
)
def test_a_definition_that_is_not_known_hides_routes(body: str, kind: str) -> None:
    app = app_of(rest(body, 'variable "body" {}\n'))
    api = only(app, Api)
    assert [(g.kind, g.hides, g.kinds) for g in app.gaps if g.hides] == [(kind, True, ("route", "authorizer"))]
    assert api.routes.complete is False


def test_paths_that_are_not_known_hide_routes() -> None:
    app = app_of(rest('jsonencode({ paths = merge({ "/a" = { get = {} } }, var.more) })', 'variable "more" {}\n'))
    hidden = [g for g in app.gaps if g.hides]
    assert hidden
    assert all(g.kinds == ("route",) for g in hidden)
    app = app_of(rest('jsonencode({ paths = { "/a" = var.more, "/b" = "x" } })', 'variable "more" {}\n'))
    assert sorted(g.kind for g in app.gaps if g.hides) == ["unresolved", "wrong-shape"]


def test_a_path_may_have_an_unknown_part() -> None:
    app = app_of(rest('<<EOF\n{"paths": {"/${var.version}/orders": {"get": {}}}}\nEOF', 'variable "version" {}\n'))
    assert list(routes(app)) == ["GET /${var.version}/orders"]
    assert at(app, Route, "aws_api_gateway_rest_api.shop/GET /${var.version}/orders").api is only(app, Api)


def test_an_indented_heredoc_keeps_the_place_of_every_line() -> None:
    text = YAML.replace("${region}", "eu-west-1").replace("${arn}", "${aws_lambda_function.orders.arn}")
    get = next(r for r in app_of(http(f"<<-EOF{text}  EOF")).of(Route) if r.method.show() == "GET")
    assert written(get.path) == "/orders"
    assert written(get.authorization) == "- jwt: [read]"
    assert written(get.integration).startswith("arn:aws:apigateway:eu-west-1:")
    origin = get.method.origin
    assert isinstance(origin, File)
    assert origin.span.doc.text[: origin.span.start].splitlines()[-1].strip() == ""
