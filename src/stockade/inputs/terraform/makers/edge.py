"""Load balancers, AppSync and stacks of CloudFormation: what a table can't say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.convert import mapped
from stockade.inputs.terraform.choices import either, under
from stockade.inputs.terraform.walk import lookup, open_at
from stockade.model.app import AclRule, Other
from stockade.model.value import Default, Doubt, Known, Relation, Unknown, Value, unset

if TYPE_CHECKING:
    from stockade.inputs.terraform.lower import Declared, Lowering

_LISTENER = "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/lb_listener#protocol-1"
_AUTHENTICATING = ("authenticate-cognito", "authenticate-oidc", "jwt-validation")
_LISTENERS = ("aws_lb_listener", "aws_alb_listener")
_BALANCERS = ("aws_lb", "aws_alb")


# ------------------------------------------------------------------------------------------------------- load balancers


def lower_balancer(lowering: Lowering, found: Declared) -> None:
    """aws_lb: one that is not internal faces the internet."""
    internal = lowering.value_at(found, found.block, "internal", as_="boolean")
    fields: dict[str, Any] = {}
    if internal is not None:
        scheme = mapped(internal, lambda v: "internal" if v else "internet-facing")
        unstated = isinstance(scheme, Default) and scheme.v is None
        fields = {} if unstated else {"scheme": scheme}
    lowering.add_by_table(found, **fields)


def lower_listener(lowering: Lowering, found: Declared) -> None:
    """aws_lb_listener."""
    fields = _authenticates(lowering, found, "default_action")
    if lowering.value_at(found, found.block, "protocol") is None and _is_application(lowering, found):
        fields["protocol"] = unset("HTTP", _LISTENER)
    lowering.add_by_table(found, **fields)


def _is_application(lowering: Lowering, found: Declared) -> bool:
    """Whether a listener is that of an application load balancer, as far as is known."""
    balancer = lowering.value_at(found, found.block, "load_balancer_arn")
    for _, owner in lowering.resolve(balancer, *_BALANCERS) if balancer is not None else ():
        kind = lowering.value_at(owner, owner.block, "load_balancer_type")
        if kind is not None and not kind.one_of(None, "application").is_yes:
            return False
    return True


def lower_listener_rule(lowering: Lowering, found: Declared) -> None:
    """aws_lb_listener_rule: a listener for some requests, with what its listener states."""
    fields = _authenticates(lowering, found, "action")
    value = lowering.value_at(found, found.block, "listener_arn")
    for _, listener in lowering.resolve(value, *_LISTENERS) if value is not None else ():
        stated = lowering.fields(listener, lowering.table(listener.type), listener.block)
        fields |= {k: v for k, v in stated.items() if k in {"load_balancer", "protocol", "tls_policy"}}
    lowering.add_by_table(found, **fields)


def _authenticates(lowering: Lowering, found: Declared, name: str) -> dict[str, Any]:
    answer: Value[Any] | None = None
    for item in lowering.items(found, found.block, name):
        kind = lowering.value_at(found, item.block, "type")
        if kind is None:
            continue
        asks = mapped(kind, lambda v: v in _AUTHENTICATING)
        if not asks.is_true().is_no and (answer is None or not isinstance(asks, Unknown)):
            before = Default(v=False, origin=asks.origin) if answer is None else answer
            answer = either(item.when, asks, before)
    doubts = open_at(found.block, name)
    if answer is None and doubts:
        answer = Unknown(doubt=doubts[0], origin=found.places.block(found.span, found.key_span))
    return {} if answer is None else {"authenticates": answer}


def lower_target_group(lowering: Lowering, found: Declared) -> None:
    """aws_lb_target_group with what is attached to it."""
    targets: list[Value[Any]] = []
    doubts: list[Doubt] = []
    for type_ in ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment"):
        for named in lowering.named(type_, "target_group_arn", found):
            attached = lowering.texts_at(named.by, named.by.block, "target_id")
            targets += [under(named.when, target) for target in attached]
            doubts += attached.gaps
    lowering.add_by_table(found, targets=Relation(tuple(targets), complete=not doubts, gaps=tuple(doubts)))


def lower_attachment(lowering: Lowering, found: Declared) -> None:
    """A resource that states a field of another one's record."""
    lowering.add(Other(**lowering.base(found)))


# -------------------------------------------------------------------------------------------------------------- AppSync


def lower_graphql_api(lowering: Lowering, found: Declared) -> None:
    """aws_appsync_graphql_api: any of its ways to authenticate may be a function."""
    places = (
        (found.block, ()),
        *((i.block, i.when) for i in lowering.items(found, found.block, "additional_authentication_provider")),
    )
    fields: dict[str, Any] = {}
    for block, when in places:
        uri = lowering.value_at(found, block, "lambda_authorizer_config", "authorizer_uri")
        if uri is not None and not uri.is_null().is_yes:
            fields["authorizer_function"] = under(when, uri)
            break
    lowering.add_by_table(found, **fields)


# ------------------------------------------------------------------------------------------------------- CloudFormation


def lower_stack(lowering: Lowering, found: Declared) -> None:
    """A stack of CloudFormation inside of a configuration, whose resources are not read with it."""
    lowering.add(Other(**lowering.base(found)))
    for case in lookup(found.block, ("template_body",)):
        if case.term is not None and case.term.span.doc is found.span.doc:
            lowering.gap(
                found,
                case.span,
                "the CloudFormation template",
                "a template that is written into a configuration is not read",
                kind="unsupported",
                remedy="keep the template in a file of its own, which is then scanned too",
                hides=True,
            )
            return
    for name in ("template_url", "application_id"):
        for case in lookup(found.block, (name,)):
            if case.term is not None:
                lowering.gap(
                    found,
                    case.span,
                    "the CloudFormation template",
                    "it is kept elsewhere, and nothing is fetched",
                    kind="not-fetched",
                    remedy="scan the template too",
                    hides=True,
                )
                return


# ----------------------------------------------------------------------------------------------------------- web ACLs

_GROUP = ("statement", "managed_rule_group_statement")


def lower_web_acl(lowering: Lowering, found: Declared) -> None:
    """aws_wafv2_web_acl, with what of its managed groups only counts."""
    rules: list[AclRule] = []
    doubts = open_at(found.block, "rule")
    for item in lowering.items(found, found.block, "rule"):
        at = found.places.block(item.block.span)
        counts: Value[Any] = unset(None, "")
        for inner in lowering.items(found, item.block, "override_action", "count"):
            counts = either(inner.when, Known(v="count", origin=at), counts)
        counted: list[Value[Any]] = []
        for inner in lowering.items(found, item.block, *_GROUP, "rule_action_override"):
            name = lowering.value_at(found, inner.block, "name")
            ways = ("block", "captcha", "challenge")
            if name is not None and not any(
                any(True for _ in lowering.items(found, inner.block, "action_to_use", way)) for way in ways
            ):
                counted.append(under(inner.when, name))
        counted_ = Relation(tuple(counted))
        rules.append(lowering.struct(found, f"{found.type}/rule", item, counts=counts, counted=counted_))
    if (stated := lowering.value_at(found, found.block, "rule_json")) is not None and not stated.is_set().is_no:
        doubts = [*doubts, Doubt("rules that are stated as JSON are not looked at", cause="unsupported resource")]
    lowering.add_by_table(found, acl_rules=Relation(tuple(rules), complete=not doubts, gaps=tuple(doubts)))


MAKERS = {
    "aws_wafv2_web_acl": lower_web_acl,
    **dict.fromkeys(_BALANCERS, lower_balancer),
    **dict.fromkeys(_LISTENERS, lower_listener),
    **dict.fromkeys(("aws_lb_listener_rule", "aws_alb_listener_rule"), lower_listener_rule),
    **dict.fromkeys(("aws_lb_target_group", "aws_alb_target_group"), lower_target_group),
    **dict.fromkeys(("aws_lb_target_group_attachment", "aws_alb_target_group_attachment"), lower_attachment),
    "aws_appsync_graphql_api": lower_graphql_api,
    **dict.fromkeys(
        (
            "aws_cloudformation_stack",
            "aws_cloudformation_stack_set",
            "aws_serverlessapplicationrepository_cloudformation_stack",
        ),
        lower_stack,
    ),
}
