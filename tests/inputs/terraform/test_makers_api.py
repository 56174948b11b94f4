"""API Gateway in Terraform: what routes, stages, authorizers and domains are, however they are split into resources."""

from __future__ import annotations

from typing import TypeVar

from stockade.inputs.terraform.lower import Declared, Lowering
from stockade.inputs.terraform.places import Owners, Places
from stockade.inputs.terraform.terms import Lit, Obj, Ref, Term, Txt
from stockade.model.app import Api, App, Authorizer, Domain, Resource, Route, Stage, UsagePlan
from stockade.model.value import File, Reference, Value
from stockade.text.document import Document, Span
from tests.inputs.terraform.support import app_of

R = TypeVar("R", bound=Resource)

FUNCTION = """
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
}
"""
REST = (
    FUNCTION
    + """
resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"
}
resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  parent_id   = aws_api_gateway_rest_api.shop.root_resource_id
  path_part   = "orders"
}
resource "aws_api_gateway_resource" "order" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  parent_id   = aws_api_gateway_resource.orders.id
  path_part   = "{id}"
}
"""
)
HTTP = (
    FUNCTION
    + """
resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_integration" "orders" {
  api_id           = aws_apigatewayv2_api.shop.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.orders.invoke_arn
}
"""
)


def only(app: App, kind: type[R]) -> R:
    found = list(app.of(kind))
    assert len(found) == 1, found
    return found[0]


def at(app: App, kind: type[R], address: str) -> R:
    return next(r for r in app.of(kind) if r.address == address)


def shown(values: object) -> list[str]:
    return [v.show() for v in values if isinstance(v, Value)]  # type: ignore[attr-defined]


def written(value: Value[object]) -> str:
    """The text at a value's place."""
    origin = value.origin
    assert isinstance(origin, File)
    return origin.span.doc.text[origin.span.start : origin.span.end]


# ------------------------------------------------------------------------------------------------------------ REST APIs


def test_a_method_has_the_path_of_its_resource_and_the_uri_of_its_integration() -> None:
    app = app_of(
        REST
        + """
        resource "aws_api_gateway_method" "get" {
          rest_api_id   = aws_api_gateway_rest_api.shop.id
          resource_id   = aws_api_gateway_resource.order.id
          http_method   = "GET"
          authorization = "AWS_IAM"
        }
        resource "aws_api_gateway_method" "root" {
          rest_api_id      = aws_api_gateway_rest_api.shop.id
          resource_id      = aws_api_gateway_rest_api.shop.root_resource_id
          http_method      = "ANY"
          authorization    = "NONE"
          api_key_required = true
        }
        resource "aws_api_gateway_integration" "get" {
          rest_api_id             = aws_api_gateway_rest_api.shop.id
          resource_id             = aws_api_gateway_method.get.resource_id
          http_method             = aws_api_gateway_method.get.http_method
          type                    = "AWS_PROXY"
          integration_http_method = "POST"
          uri                     = aws_lambda_function.orders.invoke_arn
        }
        """
    )
    get, root = at(app, Route, "aws_api_gateway_method.get"), at(app, Route, "aws_api_gateway_method.root")
    assert (get.path.show(), get.method.show(), get.authorization.show()) == ("/orders/{id}", "GET", "AWS_IAM")
    assert get.function is only(app, type(app.functions[0]))
    assert written(get.integration) == "aws_lambda_function.orders.invoke_arn"
    assert (root.path.show(), root.api_key.show()) == ("/", "true")
    assert [d.why for d in root.integration.is_("x").doubts] == [
        "no integration in the scanned code is known to be that of `aws_api_gateway_method.root`"
    ]
    assert [r.address for r in only(app, Api).routes] == [get.address, root.address]


def test_a_function_is_found_in_a_uri_that_is_put_together() -> None:
    app = app_of(
        REST
        + """
        variable "region" {}
        resource "aws_api_gateway_method" "get" {
          rest_api_id   = aws_api_gateway_rest_api.shop.id
          resource_id   = aws_api_gateway_resource.order.id
          http_method   = "GET"
          authorization = "NONE"
        }
        resource "aws_api_gateway_integration" "get" {
          rest_api_id = aws_api_gateway_rest_api.shop.id
          resource_id = aws_api_gateway_resource.order.id
          http_method = "GET"
          type        = "AWS_PROXY"
          uri         = "arn:aws:apigateway:${var.region}:lambda:path/2015-03-31/functions/${local.arn}/invocations"
        }
        locals {
          arn = aws_lambda_function.orders.arn
        }
        """
    )
    assert only(app, Route).function is app.functions[0]


def test_methods_of_a_map_join_their_own_integrations() -> None:
    app = app_of(
        REST
        + """
        locals {
          methods = { GET = "NONE", POST = "AWS_IAM" }
        }
        resource "aws_api_gateway_method" "all" {
          for_each      = local.methods
          rest_api_id   = aws_api_gateway_rest_api.shop.id
          resource_id   = aws_api_gateway_resource.orders.id
          http_method   = each.key
          authorization = each.value
        }
        resource "aws_api_gateway_integration" "all" {
          for_each    = local.methods
          rest_api_id = aws_api_gateway_rest_api.shop.id
          resource_id = aws_api_gateway_resource.orders.id
          http_method = aws_api_gateway_method.all[each.key].http_method
          type        = "HTTP_PROXY"
          uri         = "https://example.com/${each.key}"
        }
        """
    )
    assert {r.method.show(): (r.authorization.show(), r.integration.show()) for r in app.of(Route)} == {
        "GET": ("NONE", "https://example.com/GET"),
        "POST": ("AWS_IAM", "https://example.com/POST"),
    }


def test_an_integration_that_is_there_only_sometimes_holds_only_then() -> None:
    app = app_of(
        REST
        + """
        variable "on" { type = bool }
        resource "aws_api_gateway_method" "get" {
          rest_api_id   = aws_api_gateway_rest_api.shop.id
          resource_id   = aws_api_gateway_resource.orders.id
          http_method   = "GET"
          authorization = "NONE"
        }
        resource "aws_api_gateway_integration" "get" {
          count       = var.on ? 1 : 0
          rest_api_id = aws_api_gateway_rest_api.shop.id
          resource_id = aws_api_gateway_resource.orders.id
          http_method = aws_api_gateway_method.get.http_method
          type        = "HTTP"
          uri         = "https://example.com"
        }
        """
    )
    assert sorted(leaf.show() for _, leaf in only(app, Route).integration.leaves()) == [
        "https://example.com",
        "not set",
    ]


def test_a_parent_elsewhere_leaves_the_rest_of_the_path() -> None:
    app = app_of(
        """
        variable "parent" {}
        resource "aws_api_gateway_resource" "orders" {
          rest_api_id = "abc"
          parent_id   = var.parent
          path_part   = "orders"
        }
        resource "aws_api_gateway_method" "get" {
          rest_api_id   = "abc"
          resource_id   = aws_api_gateway_resource.orders.id
          http_method   = "GET"
          authorization = "NONE"
        }
        """
    )
    assert only(app, Route).path.show() == "${var.parent}/orders"


def test_parents_in_a_circle_end() -> None:
    app = app_of(
        """
        resource "aws_api_gateway_resource" "a" {
          rest_api_id = "abc"
          parent_id   = aws_api_gateway_resource.b.id
          path_part   = "a"
        }
        resource "aws_api_gateway_resource" "b" {
          rest_api_id = "abc"
          parent_id   = aws_api_gateway_resource.a.id
          path_part   = "b"
        }
        resource "aws_api_gateway_method" "get" {
          rest_api_id   = "abc"
          resource_id   = aws_api_gateway_resource.a.id
          http_method   = "GET"
          authorization = "NONE"
        }
        """
    )
    assert only(app, Route).path.show().endswith("/b/a")


def test_the_options_methods_say_what_a_rest_api_answers_to_preflight_requests() -> None:
    app = app_of(
        REST
        + """
        resource "aws_api_gateway_method" "options" {
          rest_api_id   = aws_api_gateway_rest_api.shop.id
          resource_id   = aws_api_gateway_resource.orders.id
          http_method   = "OPTIONS"
          authorization = "NONE"
        }
        resource "aws_api_gateway_integration_response" "options" {
          rest_api_id = aws_api_gateway_rest_api.shop.id
          resource_id = aws_api_gateway_resource.orders.id
          http_method = aws_api_gateway_method.options.http_method
          status_code = "200"
          response_parameters = {
            "method.response.header.Access-Control-Allow-Origin"      = "'*'"
            "method.response.header.Access-Control-Allow-Methods"     = "'GET, POST'"
            "method.response.header.access-control-allow-credentials" = "'true'"
            "method.response.header.Access-Control-Max-Age"           = "'600'"
            "method.response.header.X-Other"                          = "'y'"
          }
        }
        resource "aws_api_gateway_integration_response" "get" {
          rest_api_id         = aws_api_gateway_rest_api.shop.id
          resource_id         = aws_api_gateway_resource.orders.id
          http_method         = "GET"
          status_code         = "200"
          response_parameters = { "method.response.header.Access-Control-Allow-Origin" = "'https://shop.example.com'" }
        }
        """
    )
    api = only(app, Api)
    assert shown(api.cors_origins) == ["*"]
    assert shown(api.answer_origins) == ["https://shop.example.com"]
    assert shown(api.cors_methods) == ["GET", "POST"]
    assert api.cors_credentials.is_true().is_yes
    assert api.cors_max_age.is_(600).is_yes


def test_a_policy_of_its_own_is_the_apis() -> None:
    app = app_of(
        REST
        + """
        resource "aws_api_gateway_rest_api_policy" "shop" {
          rest_api_id = aws_api_gateway_rest_api.shop.id
          policy = jsonencode({
            Statement = [{ Effect = "Deny", Principal = "*", Action = "execute-api:Invoke", Resource = "*" }]
          })
        }
        """
    )
    statements = list(only(app, Api).policy)
    assert [s.effect.show() for s in statements] == ["Deny"]
    assert written(statements[0].effect) == '"Deny"'


def test_a_policy_of_an_api_that_is_not_known_is_told() -> None:
    text = 'variable "api" {}\nresource "aws_api_gateway_rest_api_policy" "p" {\n  rest_api_id = var.api\n  policy = "{}"\n}\n'
    assert [g.kind for g in app_of(text).gaps] == ["join"]


def test_what_a_rest_api_states() -> None:
    app = app_of(
        """
        resource "aws_api_gateway_rest_api" "shop" {
          name                         = "shop"
          disable_execute_api_endpoint = true
          endpoint_configuration {
            types            = ["PRIVATE"]
            vpc_endpoint_ids = ["vpce-1"]
          }
        }
        """
    )
    api = only(app, Api)
    assert (api.protocol, api.endpoint_type.show(), shown(api.vpc_endpoints)) == ("REST", "PRIVATE", ["vpce-1"])
    assert api.default_endpoint_disabled.is_true().is_yes


STAGE = (
    REST
    + """
resource "aws_api_gateway_deployment" "shop" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
}
resource "aws_api_gateway_stage" "prod" {
  rest_api_id          = aws_api_gateway_rest_api.shop.id
  deployment_id        = aws_api_gateway_deployment.shop.id
  stage_name           = %s
  xray_tracing_enabled = true
}
resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  stage_name  = %s
  method_path = "%s"
  settings {
    logging_level          = "INFO"
    data_trace_enabled     = true
    throttling_rate_limit  = 50
    throttling_burst_limit = -1
  }
}
variable "stage" {}
"""
)


def test_settings_of_all_methods_are_those_of_the_stage() -> None:
    for name in ('"prod"', "var.stage", '"${var.stage}-eu"'):
        stage = only(app_of(STAGE % (name, "aws_api_gateway_stage.prod.stage_name", "*/*")), Stage)
        assert stage.execution_log_level.show() == "INFO"
        assert stage.data_trace.is_true().is_yes
        assert stage.throttle_rate.is_(50.0).is_yes
        assert stage.throttle_burst.is_set().is_no  # -1 is the provider's word for no limit
        assert stage.metrics.is_set().is_no


def test_settings_of_some_methods_or_of_another_stage_are_not() -> None:
    for text in (
        STAGE % ('"prod"', "aws_api_gateway_stage.prod.stage_name", "orders/GET"),
        STAGE % ('"prod"', '"test"', "*/*"),
        STAGE % ('"prod"', "var.stage", "*/*"),
    ):
        assert only(app_of(text), Stage).execution_log_level.is_set().is_no


def test_a_deployment_with_a_stage_name_makes_a_stage() -> None:
    text = 'resource "aws_api_gateway_deployment" "d" {\n  rest_api_id = "abc"\n  %s\n}\n'
    stage = only(app_of(text % 'stage_name = "prod"\n  variables = { A = "1" }'), Stage)
    assert (stage.name.show(), [v.name for v in stage.variables]) == ("prod", ["A"])
    assert list(app_of(text % "").of(Stage)) == []
    assert list(app_of(text % 'stage_name = ""').of(Stage)) == []


def test_an_authorizer_of_a_rest_api_takes_tokens_unless_it_says_otherwise() -> None:
    text = 'resource "aws_api_gateway_authorizer" "a" {\n  name = "a"\n  rest_api_id = "abc"\n  %s\n}\n'
    plain = only(app_of(text % ""), Authorizer)
    assert (plain.form.is_("TOKEN").is_yes, plain.form.is_set().is_no) == (True, True)
    assert plain.ttl.is_(300).is_yes
    assert shown(plain.identity_sources) == ["method.request.header.Authorization by default"]
    stated = only(
        app_of(
            text % 'type = "REQUEST"\n  authorizer_result_ttl_in_seconds = 0\n'
            '  identity_source = "method.request.header.A, method.request.querystring.b"'
        ),
        Authorizer,
    )
    assert (stated.form.show(), stated.ttl.show()) == ("REQUEST", "0")
    assert shown(stated.identity_sources) == ["method.request.header.A", "method.request.querystring.b"]


def test_domains_know_the_apis_that_are_mapped_to_them() -> None:
    app = app_of(
        REST
        + """
        resource "aws_api_gateway_domain_name" "shop" {
          domain_name     = "api.example.com"
          security_policy = "TLS_1_2"
          endpoint_configuration {
            types = ["REGIONAL"]
          }
          mutual_tls_authentication {
            truststore_uri = "s3://trust/store.pem"
          }
        }
        resource "aws_api_gateway_base_path_mapping" "shop" {
          api_id      = aws_api_gateway_rest_api.shop.id
          domain_name = aws_api_gateway_domain_name.shop.domain_name
        }
        resource "aws_apigatewayv2_domain_name" "other" {
          domain_name = "other.example.com"
          domain_name_configuration {
            certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/1"
            endpoint_type   = "REGIONAL"
            security_policy = "TLS_1_2"
          }
        }
        resource "aws_apigatewayv2_api_mapping" "other" {
          api_id      = aws_api_gateway_rest_api.shop.id
          domain_name = "other.example.com"
          stage       = "prod"
        }
        """
    )
    assert sorted(d.address for d in only(app, Api).domains) == [
        "aws_api_gateway_domain_name.shop",
        "aws_apigatewayv2_domain_name.other",
    ]
    shop, other = (
        at(app, Domain, "aws_api_gateway_domain_name.shop"),
        at(app, Domain, "aws_apigatewayv2_domain_name.other"),
    )
    assert (shop.tls_policy.show(), shop.endpoint_type.show()) == ("TLS_1_2", "REGIONAL")
    assert shop.mutual_tls.show() == "s3://trust/store.pem"
    assert (other.tls_policy.show(), other.endpoint_type.show()) == ("TLS_1_2", "REGIONAL")


def test_a_usage_plan() -> None:
    app = app_of(
        REST
        + """
        resource "aws_api_gateway_usage_plan" "shop" {
          name = "shop"
          api_stages {
            api_id = aws_api_gateway_rest_api.shop.id
            stage  = "prod"
          }
          throttle_settings {
            rate_limit  = 2.5
            burst_limit = 5
          }
          quota_settings {
            limit  = 1000
            period = "DAY"
          }
        }
        """
    )
    plan = only(app, UsagePlan)
    assert [r.target for v in plan.apis for _, r in v.references()] == [only(app, Api).key]
    assert (plan.throttle_rate.show(), plan.throttle_burst.show(), plan.quota.show()) == ("2.5", "5", "1000")


# ---------------------------------------------------------------------------------------------- HTTP and WebSocket APIs


def test_a_route_of_an_http_api_calls_what_its_integration_calls() -> None:
    app = app_of(
        HTTP
        + """
        resource "aws_apigatewayv2_authorizer" "jwt" {
          api_id           = aws_apigatewayv2_api.shop.id
          name             = "jwt"
          authorizer_type  = "JWT"
          identity_sources = ["$request.header.Authorization"]
          jwt_configuration {
            issuer   = "https://issuer.example.com"
            audience = ["shop"]
          }
        }
        resource "aws_apigatewayv2_route" "get" {
          api_id               = aws_apigatewayv2_api.shop.id
          route_key            = "GET /orders"
          target               = "integrations/${aws_apigatewayv2_integration.orders.id}"
          authorization_type   = "JWT"
          authorizer_id        = aws_apigatewayv2_authorizer.jwt.id
          authorization_scopes = ["read"]
        }
        """
    )
    route = only(app, Route)
    assert (route.method.show(), route.path.show(), route.authorization.show()) == ("GET", "/orders", "JWT")
    assert shown(route.scopes) == ["read"]
    assert route.function is app.functions[0]
    authorizer = only(app, Authorizer)
    assert [r.target for _, r in route.authorizer.references()] == [authorizer.key]
    assert (authorizer.form.show(), shown(authorizer.providers)) == ("JWT", ["https://issuer.example.com"])
    assert authorizer.ttl.is_(0).is_yes


def test_a_route_without_authorization_has_none() -> None:
    app = app_of(HTTP + 'resource "aws_apigatewayv2_route" "r" {\n  api_id = "abc"\n  route_key = "$default"\n}\n')
    route = only(app, Route)
    assert route.authorization.is_("NONE").is_yes
    assert route.authorization.is_set().is_no
    assert (route.method.show(), route.path.show()) == ("ANY", "$default")


def test_the_method_of_a_key_that_is_not_known_is_not_known() -> None:
    app = app_of(
        'variable "key" {}\nresource "aws_apigatewayv2_route" "r" {\n  api_id = "abc"\n  route_key = var.key\n}\n'
    )
    assert only(app, Route).method.is_("ANY").truth == "maybe"
    app = app_of(
        'variable "verb" {}\nresource "aws_apigatewayv2_route" "r" {\n  api_id = "abc"\n  route_key = "${var.verb} /orders"\n}\n'
    )
    route = only(app, Route)
    assert (route.method.show(), route.path.show()) == ("${var.verb}", "/orders")


def test_routes_by_service_call_no_function() -> None:
    app = app_of(
        HTTP
        + """
        resource "aws_apigatewayv2_integration" "queue" {
          api_id              = aws_apigatewayv2_api.shop.id
          integration_type    = "AWS_PROXY"
          integration_subtype = "SQS-SendMessage"
        }
        resource "aws_apigatewayv2_route" "queue" {
          api_id    = aws_apigatewayv2_api.shop.id
          route_key = "POST /orders"
          target    = "integrations/${aws_apigatewayv2_integration.queue.id}"
        }
        """
    )
    route = only(app, Route)
    assert (route.integration.show(), route.function) == ("SQS-SendMessage", None)


def test_an_integration_is_chosen_by_a_condition() -> None:
    app = app_of(
        HTTP
        + """
        variable "beta" { type = bool }
        resource "aws_apigatewayv2_integration" "web" {
          api_id           = aws_apigatewayv2_api.shop.id
          integration_type = "HTTP_PROXY"
          integration_uri  = "https://example.com"
        }
        resource "aws_apigatewayv2_route" "r" {
          api_id    = aws_apigatewayv2_api.shop.id
          route_key = "GET /orders"
          target    = "integrations/${var.beta ? aws_apigatewayv2_integration.web.id : aws_apigatewayv2_integration.orders.id}"
        }
        """
    )
    assert sorted(leaf.show() for _, leaf in only(app, Route).integration.leaves()) == [
        "${aws_lambda_function.orders.invoke_arn}",
        "https://example.com",
    ]


def test_quick_create_makes_a_route_and_a_stage() -> None:
    text = (
        FUNCTION
        + """
    resource "aws_apigatewayv2_api" "shop" {
      name          = "shop"
      protocol_type = "HTTP"
      target        = aws_lambda_function.orders.arn
      %s
    }
    """
    )
    app = app_of(text % "")
    route, stage = only(app, Route), only(app, Stage)
    assert (route.method.show(), route.path.show(), route.function) == ("ANY", "$default", app.functions[0])
    assert (stage.name.only(), stage.auto_deploy.only(), stage.api) == ("$default", True, only(app, Api))
    assert only(app_of(text % 'route_key = "POST /orders"'), Route).path.show() == "/orders"
    assert list(app_of(HTTP).of(Route)) == []


def test_what_an_http_api_and_its_stage_state() -> None:
    app = app_of(
        """
        resource "aws_apigatewayv2_api" "shop" {
          name                         = "shop"
          protocol_type                = "HTTP"
          disable_execute_api_endpoint = true
          cors_configuration {
            allow_origins     = ["https://shop.example.com"]
            allow_methods     = ["GET"]
            allow_headers     = ["x-a"]
            allow_credentials = true
            max_age           = 600
          }
        }
        resource "aws_cloudwatch_log_group" "access" {
          name = "access"
        }
        resource "aws_apigatewayv2_stage" "prod" {
          api_id      = aws_apigatewayv2_api.shop.id
          name        = "prod"
          auto_deploy = true
          stage_variables = { A = "1" }
          access_log_settings {
            destination_arn = aws_cloudwatch_log_group.access.arn
            format          = "$context.requestId"
          }
          default_route_settings {
            throttling_rate_limit    = 50
            throttling_burst_limit   = 100
            detailed_metrics_enabled = true
          }
        }
        """
    )
    api, stage = only(app, Api), only(app, Stage)
    assert api.protocol == "HTTP"
    assert api.default_endpoint_disabled.is_true().is_yes
    assert [shown(v) for v in (api.cors_origins, api.cors_methods, api.cors_headers)] == [
        ["https://shop.example.com"],
        ["GET"],
        ["x-a"],
    ]
    assert api.cors_credentials.is_true().is_yes
    assert api.cors_max_age.is_(600).is_yes
    assert stage.api is api
    assert (stage.throttle_rate.show(), stage.throttle_burst.show()) == ("50.0", "100")
    assert (stage.metrics.show(), stage.auto_deploy.show()) == ("true", "true")
    assert (stage.access_log.show(), stage.access_log_format.show()) == (
        "${aws_cloudwatch_log_group.access.arn}",
        "$context.requestId",
    )
    assert [v.name for v in stage.variables] == ["A"]


def test_a_websocket_api_says_so() -> None:
    app = app_of('resource "aws_apigatewayv2_api" "a" {\n  name = "a"\n  protocol_type = "WEBSOCKET"\n}\n')
    assert only(app, Api).protocol == "WEBSOCKET"


def test_the_provider_asks_to_remember_what_an_authorizer_said() -> None:
    text = """
    resource "aws_apigatewayv2_api" "shop" {
      name          = "shop"
      protocol_type = "%s"
    }
    resource "aws_apigatewayv2_authorizer" "a" {
      api_id          = aws_apigatewayv2_api.shop.id
      name            = "a"
      authorizer_type = "REQUEST"
      %s
    }
    """
    sources = 'identity_sources = ["$request.header.Authorization"]'
    ttl = [
        only(app_of(text % case), Authorizer).ttl
        for case in (
            ("HTTP", sources),
            ("HTTP", ""),
            ("WEBSOCKET", sources),
            ("HTTP", sources + "\n authorizer_result_ttl_in_seconds = 0"),
        )
    ]
    assert [v.only() for v in ttl] == [300, 0, 0, 0]
    assert [v.is_set().is_yes for v in ttl] == [False, False, False, True]


def test_a_web_acl_stands_in_front_of_a_stage() -> None:
    app = app_of(
        STAGE % ('"prod"', '"prod"', "*/*")
        + """
        resource "aws_wafv2_web_acl_association" "a" {
          resource_arn = aws_api_gateway_stage.prod.arn
          web_acl_arn  = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/1"
        }
        """
    )
    assert [a.address for a in only(app, Stage).web_acls] == ["aws_wafv2_web_acl_association.a"]


def test_an_integration_may_refer_to_what_its_method_states() -> None:
    """As a plan that stands alone has it: the reference is all that is known."""
    document = Document("plan.json", "{}")
    place = Span(document, 0, len(document.text))

    def instance(type_: str, **attributes: Term) -> Declared:
        block = Obj(span=place, entries=dict(attributes))
        places = Places(Owners())
        return Declared(type_, f"{type_}.get", scope="", block=block, span=place, key_span=place, places=places)

    def text(words: str) -> Term:
        return Lit(span=place, v=words)

    def refers(target: str, attribute: str, shown: str) -> Term:
        return Txt(span=place, parts=(Ref(Reference(target, attribute, shown)),))

    resource = refers("#aws_api_gateway_resource.orders", "Ref", "aws_api_gateway_resource.orders.id")
    method = instance("aws_api_gateway_method", rest_api_id=text("abc"), resource_id=resource, http_method=text("GET"))
    integration = instance(
        "aws_api_gateway_integration",
        rest_api_id=text("abc"),
        resource_id=refers(method.key, "ResourceId", "aws_api_gateway_method.get.resource_id"),
        http_method=text("GET"),
        uri=text("https://example.com"),
    )
    routes = [r for r in Lowering([method, integration]).run() if isinstance(r, Route)]
    assert [r.integration.show() for r in routes] == ["https://example.com"]
