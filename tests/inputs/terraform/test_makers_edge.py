"""What stands in front of functions in Terraform, and what else calls them."""

from __future__ import annotations

import pytest

from stockade.model.app import (
    Distribution,
    GraphqlApi,
    GraphqlSource,
    IdentityPool,
    Listener,
    LoadBalancer,
    TargetGroup,
    UserPool,
)
from tests.inputs.terraform.support import app_of
from tests.inputs.terraform.test_makers_api import FUNCTION, at, only, shown

ARN = "${aws_lambda_function.orders.arn}"
BALANCER = (
    FUNCTION
    + """
resource "aws_lb" "shop" {
  name     = "shop"
  internal = %s
}
resource "aws_lb_target_group" "orders" {
  name        = "orders"
  target_type = "lambda"
}
resource "aws_lb_target_group_attachment" "orders" {
  target_group_arn = aws_lb_target_group.orders.arn
  target_id        = aws_lambda_function.orders.arn
}
"""
)
LISTENER = """
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.shop.arn
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  %s
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.orders.arn
  }
}
"""
LOGIN = """
  default_action {
    type = "authenticate-cognito"
    authenticate_cognito {
      user_pool_arn       = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/p"
      user_pool_client_id = "c"
      user_pool_domain    = "d"
    }
  }
"""


def test_a_load_balancer_with_a_function_behind_it() -> None:
    app = app_of(BALANCER % "false" + LISTENER % "")
    balancer, listener, group = only(app, LoadBalancer), only(app, Listener), only(app, TargetGroup)
    assert balancer.scheme.show() == "internet-facing"
    assert [r.target for _, r in listener.load_balancer.references()] == [balancer.key]
    assert (listener.protocol.show(), listener.tls_policy.show()) == ("HTTPS", "ELBSecurityPolicy-TLS13-1-2-2021-06")
    assert [r.target for v in listener.target_groups for _, r in v.references()] == [group.key]
    assert (group.form.show(), shown(group.targets)) == ("lambda", [ARN])
    assert [(i.via, i.public.is_yes) for i in app.functions[0].invokers] == [("alb", True)]


def test_one_that_is_internal_or_asks_people_to_log_in_is_not_public() -> None:
    for text in (BALANCER % "true" + LISTENER % "", BALANCER % "false" + LISTENER % LOGIN):
        assert [i.public.is_no for i in app_of(text).functions[0].invokers] == [True]


def test_it_may_depend_on_a_variable() -> None:
    app = app_of(BALANCER % "var.internal" + LISTENER % "" + 'variable "internal" { type = bool }\n')
    assert [i.public.truth for i in app.functions[0].invokers] == ["mixed"]
    app = app_of(BALANCER % "null" + LISTENER % "")
    assert only(app, LoadBalancer).scheme.is_set().is_no
    login = LOGIN.replace('"authenticate-cognito"', 'var.login ? "authenticate-cognito" : "fixed-response"')
    app = app_of(BALANCER % "false" + LISTENER % login + 'variable "login" { type = bool }\n')
    assert [i.public.truth for i in app.functions[0].invokers] == ["mixed"]


def test_a_rule_of_a_listener_is_one_for_some_requests() -> None:
    app = app_of(
        BALANCER % "false"
        + LISTENER % ""
        + """
        resource "aws_lb_listener_rule" "orders" {
          listener_arn = aws_lb_listener.https.arn
          action {
            type = "forward"
            forward {
              target_group {
                arn = aws_lb_target_group.orders.arn
              }
            }
          }
          condition {
            path_pattern {
              values = ["/orders"]
            }
          }
        }
        """
    )
    rule = at(app, Listener, "aws_lb_listener_rule.orders")
    assert (rule.protocol.show(), rule.load_balancer.show()) == ("HTTPS", "${aws_lb.shop.arn}")
    assert shown(rule.target_groups) == ["${aws_lb_target_group.orders.arn}"]


def test_a_listener_without_a_protocol() -> None:
    text = """
    resource "aws_%(lb)s" "b" {
      load_balancer_type = %(type)s
    }
    resource "aws_%(lb)s_listener" "l" {
      load_balancer_arn = aws_%(lb)s.b.arn
      default_action {
        type = "forward"
      }
    }
    """
    for lb in ("lb", "alb"):
        assert only(app_of(text % {"lb": lb, "type": "null"}), Listener).protocol.only() == "HTTP"
        assert only(app_of(text % {"lb": lb, "type": '"gateway"'}), Listener).protocol.only() is None


def test_a_distribution() -> None:
    app = app_of(
        FUNCTION
        + """
        resource "aws_cloudfront_distribution" "shop" {
          enabled    = true
          web_acl_id = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/1"
          origin {
            domain_name = "shop.example.com"
            origin_id   = "shop"
          }
          origin {
            domain_name = "api.example.com"
            origin_id   = "api"
          }
          default_cache_behavior {
            target_origin_id       = "shop"
            viewer_protocol_policy = "https-only"
            allowed_methods        = ["GET"]
            cached_methods         = ["GET"]
          }
          ordered_cache_behavior {
            path_pattern           = "/orders"
            target_origin_id       = "api"
            viewer_protocol_policy = "https-only"
            allowed_methods        = ["GET"]
            cached_methods         = ["GET"]
            lambda_function_association {
              event_type = "viewer-request"
              lambda_arn = aws_lambda_function.orders.qualified_arn
            }
          }
          viewer_certificate {
            minimum_protocol_version = "TLSv1.2_2021"
          }
        }
        """
    )
    distribution = only(app, Distribution)
    assert distribution.minimum_tls.show() == "TLSv1.2_2021"
    assert distribution.web_acl.is_set().is_yes
    assert shown(distribution.origins) == ["shop.example.com", "api.example.com"]
    assert [i.via for i in app.functions[0].invokers] == ["cloudfront"]


def test_a_distribution_takes_old_tls_unless_it_says_otherwise() -> None:
    app = app_of('resource "aws_cloudfront_distribution" "d" {\n  viewer_certificate {\n  }\n}\n')
    assert (only(app, Distribution).minimum_tls.only(), only(app, Distribution).minimum_tls.is_set().is_no) == (
        "TLSv1",
        True,
    )


def test_a_graphql_api_and_its_sources() -> None:
    app = app_of(
        FUNCTION
        + """
        resource "aws_appsync_graphql_api" "shop" {
          name                = "shop"
          authentication_type = "API_KEY"
          xray_enabled        = true
          additional_authentication_provider {
            authentication_type = "AWS_IAM"
          }
          additional_authentication_provider {
            authentication_type = "AWS_LAMBDA"
            lambda_authorizer_config {
              authorizer_uri = aws_lambda_function.orders.arn
            }
          }
          log_config {
            cloudwatch_logs_role_arn = "arn:aws:iam::111122223333:role/logs"
            field_log_level          = "ERROR"
          }
        }
        resource "aws_appsync_datasource" "orders" {
          api_id           = aws_appsync_graphql_api.shop.id
          name             = "orders"
          type             = "AWS_LAMBDA"
          service_role_arn = "arn:aws:iam::111122223333:role/source"
          lambda_config {
            function_arn = aws_lambda_function.orders.arn
          }
        }
        """
    )
    api, source = only(app, GraphqlApi), only(app, GraphqlSource)
    assert shown(api.auth) == ["API_KEY", "AWS_IAM", "AWS_LAMBDA"]
    assert (api.authorizer_function.show(), api.tracing.show(), api.log_level.show()) == (ARN, "true", "ERROR")
    assert (source.function_arn.show(), source.role.show()) == (ARN, "arn:aws:iam::111122223333:role/source")
    assert {i.via for i in app.functions[0].invokers} == {"appsync"}


_DIRECT = (
    "create_auth_challenge",
    "custom_message",
    "define_auth_challenge",
    "post_authentication",
    "post_confirmation",
    "pre_authentication",
    "pre_sign_up",
    "pre_token_generation",
    "user_migration",
    "verify_auth_challenge_response",
)
_BLOCKS = ("custom_email_sender", "custom_sms_sender", "pre_token_generation_config")


def test_every_trigger_of_a_user_pool() -> None:
    direct = "".join(f"    {name} = aws_lambda_function.orders.arn\n" for name in _DIRECT)
    blocks = "".join(
        f'    {name} {{\n      lambda_arn = aws_lambda_function.orders.arn\n      lambda_version = "V1_0"\n    }}\n'
        for name in _BLOCKS
    )
    app = app_of(
        FUNCTION
        + 'resource "aws_cognito_user_pool" "shop" {\n  name = "shop"\n  mfa_configuration = "ON"\n  lambda_config {\n'
        + '    kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/k"\n'
        + direct
        + blocks
        + "  }\n}\n"
    )
    pool = only(app, UserPool)
    assert shown(pool.triggers) == [ARN] * (len(_DIRECT) + len(_BLOCKS))
    assert pool.mfa.show() == "ON"


def test_an_identity_pool_takes_no_guests_unless_it_says_so() -> None:
    text = 'resource "aws_cognito_identity_pool" "p" {\n  identity_pool_name = "p"\n  %s\n}\n'
    plain = only(app_of(text % ""), IdentityPool)
    guests = only(app_of(text % "allow_unauthenticated_identities = true"), IdentityPool)
    assert (plain.guests.is_true().is_no, plain.guests.is_set().is_no) == (True, True)
    assert guests.guests.is_true().is_yes


# Of each type: the service's word, its manner, and the path of the blocks to the attribute that names the function.
_CALLERS = {
    "aws_appconfig_extension": ("appconfig", "sync", "action_point.action.uri"),
    "aws_bedrockagent_agent_action_group": ("bedrock", "sync", "action_group_executor.lambda"),
    "aws_codecommit_trigger": ("codecommit", "async", "trigger.destination_arn"),
    "aws_config_config_rule": ("config", "async", "source.source_identifier"),
    "aws_config_organization_custom_rule": ("config", "async", "lambda_function_arn"),
    "aws_connect_lambda_function_association": ("connect", "sync", "function_arn"),
    "aws_iot_authorizer": ("iot", "sync", "authorizer_function_arn"),
    "aws_lambda_invocation": ("terraform", "sync", "function_name"),
    "aws_lex_intent": ("lex", "sync", "fulfillment_activity.code_hook.uri"),
    "aws_s3control_object_lambda_access_point": (
        "s3",
        "sync",
        "configuration.transformation_configuration.content_transformation.aws_lambda.function_arn",
    ),
    "aws_ssm_maintenance_window_task": ("ssm", "async", "task_arn"),
    "aws_transfer_server": ("transfer", "sync", "function"),
    "aws_vpclattice_target_group_attachment": ("lattice", "sync", "target.id"),
}
_DESTINATIONS = (
    "elasticsearch",
    "extended_s3",
    "http_endpoint",
    "iceberg",
    "opensearch",
    "opensearchserverless",
    "redshift",
    "snowflake",
    "splunk",
)


def nested(path: str, value: str) -> str:
    """An attribute inside of blocks."""
    *blocks, attribute = path.split(".")
    return "".join(f"{block} {{\n" for block in blocks) + f"{attribute} = {value}\n" + "}\n" * len(blocks)


@pytest.mark.parametrize("type_", _CALLERS)
def test_what_else_calls_functions(type_: str) -> None:
    via, how, path = _CALLERS[type_]
    body = nested(path, "aws_lambda_function.orders.arn")
    app = app_of(FUNCTION + f'resource "{type_}" "it" {{\n{body}}}\n')
    assert [(i.via, i.how) for i in app.functions[0].invokers] == [(via, how)]


@pytest.mark.parametrize("destination", _DESTINATIONS)
def test_a_delivery_stream_has_what_it_delivers_transformed(destination: str) -> None:
    parameters = """
        parameters {
          parameter_name  = "NumberOfRetries"
          parameter_value = "3"
        }
        parameters {
          parameter_name  = "LambdaArn"
          parameter_value = "${aws_lambda_function.orders.arn}:$LATEST"
        }
    """
    blocks = f"{destination}_configuration {{\nprocessing_configuration {{\nprocessors {{\n{parameters}\n}}\n}}\n}}\n"
    app = app_of(FUNCTION + f'resource "aws_kinesis_firehose_delivery_stream" "it" {{\n{blocks}}}\n')
    assert [(i.via, i.how) for i in app.functions[0].invokers] == [("firehose", "sync")]


def test_a_pipeline_names_a_function_in_a_map() -> None:
    action = "configuration = { FunctionName = aws_lambda_function.orders.function_name }"
    app = app_of(FUNCTION + f'resource "aws_codepipeline" "it" {{\nstage {{\naction {{\n{action}\n}}\n}}\n}}\n')
    assert [(i.via, i.how) for i in app.functions[0].invokers] == [("codepipeline", "async")]


def test_a_stack_of_cloudformation_is_not_silently_left_out() -> None:
    text = 'resource "aws_cloudformation_stack" "s" {\n  name = "s"\n  %s\n}\n'
    inline = app_of(text % 'template_body = "{}"')
    elsewhere = app_of(text % 'template_url = "https://bucket.s3.amazonaws.com/t.yaml"')
    assert [(g.kind, g.hides) for g in inline.gaps] == [("unsupported", True)]
    assert [(g.kind, g.hides) for g in elsewhere.gaps] == [("not-fetched", True)]
