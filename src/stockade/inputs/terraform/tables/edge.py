"""What stands in front of functions, or in front of APIs: load balancers, CloudFront, AppSync, Cognito, web ACLs.

Attribute names: the schema of the AWS provider 5.100.0, as of 2026-11-28.
"""

from __future__ import annotations

from stockade.inputs.lens import Lens, Table, lens
from stockade.model import app
from stockade.model.value import unset

_DOCS = "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/"

_LISTENER: dict[str, Lens] = {
    "load_balancer": lens("load_balancer_arn"),
    "protocol": lens("protocol"),
    "tls_policy": lens("ssl_policy"),
    "target_groups": lens(
        "default_action.target_group_arn", "texts", also=("default_action.forward.target_group.arn",)
    ),
    "authenticates": lens("default_action.type", "boolean", by="lower_listener"),
}
_RULE: dict[str, Lens] = {
    "load_balancer": lens("listener_arn", by="lower_listener_rule"),
    "protocol": lens("listener_arn", by="lower_listener_rule"),
    "tls_policy": lens("listener_arn", by="lower_listener_rule"),
    "target_groups": lens("action.target_group_arn", "texts", also=("action.forward.target_group.arn",)),
    "authenticates": lens("action.type", "boolean", by="lower_listener_rule"),
    "tags": lens("tags", "tags"),
}
_TARGET_GROUP: dict[str, Lens] = {
    "name": lens("name"),
    "form": lens("target_type"),
    "tags": lens("tags", "tags"),
}
_BALANCER: dict[str, Lens] = {
    "name": lens("name"),
    "scheme": lens("internal", by="lower_balancer"),
    "security_groups": lens("security_groups", "texts"),
    "tags": lens("tags", "tags"),
}
_EDGE_FUNCTION = "lambda_function_association.lambda_arn"


def _both(
    type_: str, makes: type, fields: dict[str, Lens], constants: tuple[tuple[str, object], ...] = ()
) -> tuple[Table, Table]:
    """The tables of a type of load balancers, which has two names."""
    return Table(f"aws_lb{type_}", makes, fields, constants), Table(f"aws_alb{type_}", makes, fields, constants)


TABLES: tuple[Table, ...] = (
    *_both("", app.LoadBalancer, _BALANCER),
    *_both("_listener", app.Listener, _LISTENER | {"tags": lens("tags", "tags")}),
    *_both("_listener_rule", app.Listener, _RULE),
    *_both(
        "_target_group",
        app.TargetGroup,
        _TARGET_GROUP,
        (("form", unset("instance", _DOCS + "lb_target_group#target_type-1")),),
    ),
    *_both("_target_group_attachment", app.TargetGroup, {"targets": lens("target_id", "texts")}),
    Table(
        "aws_wafv2_web_acl",
        app.WebAcl,
        {"name": lens("name"), "acl_rules": lens("rule", by="lower_web_acl"), "tags": lens("tags", "tags")},
    ),
    Table(
        "aws_wafv2_web_acl/rule",
        app.AclRule,
        {
            "managed": lens("statement.managed_rule_group_statement.name"),
            "group": lens("statement.rule_group_reference_statement.arn"),
            "counts": lens("override_action.count", by="lower_web_acl"),
            "counted": lens(
                "statement.managed_rule_group_statement.rule_action_override.name", "texts", by="lower_web_acl"
            ),
        },
    ),
    Table(
        "aws_wafv2_web_acl_association",
        app.WebAclAssociation,
        {"acl": lens("web_acl_arn"), "target": lens("resource_arn")},
    ),
    Table(
        "aws_wafregional_web_acl_association",
        app.WebAclAssociation,
        {"acl": lens("web_acl_id"), "target": lens("resource_arn")},
    ),
    Table(
        "aws_cloudfront_distribution",
        app.Distribution,
        {
            "minimum_tls": lens("viewer_certificate.minimum_protocol_version"),
            "web_acl": lens("web_acl_id"),
            "origins": lens("origin.domain_name", "texts"),
            "edge_functions": lens(
                f"default_cache_behavior.{_EDGE_FUNCTION}",
                "texts",
                also=(f"ordered_cache_behavior.{_EDGE_FUNCTION}",),
            ),
            "tags": lens("tags", "tags"),
        },
        (("minimum_tls", unset("TLSv1", _DOCS + "cloudfront_distribution#minimum_protocol_version-1")),),
    ),
    Table(
        "aws_appsync_graphql_api",
        app.GraphqlApi,
        {
            "name": lens("name"),
            "auth": lens(
                "authentication_type", "texts", also=("additional_authentication_provider.authentication_type",)
            ),
            "visibility": lens("visibility"),
            "tracing": lens("xray_enabled", "boolean"),
            "log_role": lens("log_config.cloudwatch_logs_role_arn"),
            "log_level": lens("log_config.field_log_level"),
            "authorizer_function": lens("lambda_authorizer_config.authorizer_uri", by="lower_graphql_api"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_appsync_datasource",
        app.GraphqlSource,
        {
            "name": lens("name"),
            "api_id": lens("api_id"),
            "function_arn": lens("lambda_config.function_arn"),
            "role": lens("service_role_arn"),
        },
    ),
    Table(
        "aws_cognito_user_pool",
        app.UserPool,
        {
            "name": lens("name"),
            "triggers": lens(
                "lambda_config.create_auth_challenge",
                "texts",
                also=(
                    "lambda_config.custom_message",
                    "lambda_config.define_auth_challenge",
                    "lambda_config.post_authentication",
                    "lambda_config.post_confirmation",
                    "lambda_config.pre_authentication",
                    "lambda_config.pre_sign_up",
                    "lambda_config.pre_token_generation",
                    "lambda_config.user_migration",
                    "lambda_config.verify_auth_challenge_response",
                    "lambda_config.custom_email_sender.lambda_arn",
                    "lambda_config.custom_sms_sender.lambda_arn",
                    "lambda_config.pre_token_generation_config.lambda_arn",
                ),
            ),
            "mfa": lens("mfa_configuration"),
            "minimum_length": lens("password_policy.minimum_length", "integer"),
            "threat_protection": lens("user_pool_add_ons.advanced_security_mode"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_cognito_identity_pool",
        app.IdentityPool,
        {
            "name": lens("identity_pool_name"),
            "guests": lens("allow_unauthenticated_identities", "boolean"),
            "tags": lens("tags", "tags"),
        },
        (
            (
                "guests",
                unset(False, _DOCS + "cognito_identity_pool#allow_unauthenticated_identities-1"),  # noqa: FBT003 - it is the value
            ),
        ),
    ),
)
