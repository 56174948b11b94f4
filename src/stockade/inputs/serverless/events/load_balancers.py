"""`alb`: rules of a load balancer's listener, and target groups that lead to functions.

Source: serverless.com/framework/docs/providers/aws/events/alb and what `serverless package` 3.40.0 makes, as of 2026-11-28.
"""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.deliveries import is_written, refuse
from stockade.inputs.serverless.service import Event, Property, Service
from stockade.inputs.serverless.texts import digest, known
from stockade.patterns import regex
from stockade.text.node import Entry, Mapping, Node

_LISTENER = regex(r"^arn:aws[\w-]*:elasticloadbalancing:.+:listener/app/[\w-]+/([\w-]+)/([\w-]+)$")
_PRINCIPAL = "elasticloadbalancing.amazonaws.com"
_LONGEST = 32  # characters of a target group's name
_COGNITO = {
    "UserPoolArn": "userPoolArn",
    "UserPoolClientId": "userPoolClientId",
    "UserPoolDomain": "userPoolDomain",
}
_OIDC = {
    "AuthorizationEndpoint": "authorizationEndpoint",
    "ClientId": "clientId",
    "ClientSecret": "clientSecret",
    "Issuer": "issuer",
    "TokenEndpoint": "tokenEndpoint",
    "UserInfoEndpoint": "userInfoEndpoint",
}
_EITHER = {
    "AuthenticationRequestExtraParams": "requestExtraParams",
    "Scope": "scope",
    "SessionCookieName": "sessionCookieName",
    "SessionTimeout": "sessionTimeout",
}
_HEALTH = {
    "HealthCheckPath": ("path", "/"),
    "HealthCheckIntervalSeconds": ("intervalSeconds", 35),
    "HealthCheckTimeoutSeconds": ("timeoutSeconds", 30),
    "HealthyThresholdCount": ("healthyThresholdCount", 5),
    "UnhealthyThresholdCount": ("unhealthyThresholdCount", 5),
}
_CONDITIONS = {
    "path": ("path-pattern", ""),
    "host": ("host-header", "HostHeaderConfig"),
    "method": ("http-request-method", "HttpRequestMethodConfig"),
}
_ADDRESSES = {"ip": ("source-ip", "SourceIpConfig")}


def _make(service: Service, events: list[Event]) -> None:
    for event in events:
        if nodes.is_block(event.body):
            _event(service, event)
        elif is_written(event.body):
            refuse(service, event, "a mapping belongs here")


def _event(service: Service, event: Event) -> None:
    block, span, function = event.block, event.span, event.function
    start = naming.normal(function.key)
    balancer = _balancer(service, block)
    several = service.is_true(block, "multiValueHeaders")
    group = f"{start}Alb{'MultiValue' if several else ''}TargetGroup{balancer}"
    _target_group(service, event, group, balancer, several=several)
    priority = service.text(block, "priority")
    properties: dict[str, Property] = {
        "Actions": _actions(service, event, group),
        "Conditions": nodes.sequence(span, _conditions(service, service.at(block, "conditions"))),
        "ListenerArn": service.entry(block, "listenerArn"),
        "Priority": service.entry(block, "priority"),
    }
    logical_id = f"{start}AlbListenerRule{priority if priority is not None else event.number}"
    service.make(logical_id, "AWS::ElasticLoadBalancingV2::ListenerRule", properties, at=event)
    service.permission(f"{start}LambdaPermissionAlb", event, _PRINCIPAL, SourceArn=nodes.ref(span, group))
    service.permission(f"{start}LambdaPermissionRegisterTarget", event, _PRINCIPAL)


def _balancer(service: Service, block: Mapping) -> str:
    """What the framework names a load balancer by: its id, or the logical id of the listener."""
    listener = service.at(block, "listenerArn")
    text = known(listener)
    if text is not None:
        found = _LISTENER.match(text)
        return found[1] if found is not None else ""
    return nodes.target_of(listener) or ""


# -------------------------------------------------------------------------------------------------------- target groups


def _target_group(service: Service, event: Event, logical_id: str, balancer: str, *, several: bool) -> None:
    block, span, function = event.block, event.span, event.function
    tag = service.joined(span, service.name, f"-{function.key}-{balancer}-{service.stage}")
    headers = service.entry(block, "multiValueHeaders")
    attribute: dict[str, Property] = {
        "Key": nodes.text(span, "lambda.multi_value_headers.enabled"),
        "Value": headers or nodes.flag(span, value=False),
    }
    target = nodes.mapping(span, {"Id": service.target(function, span)})
    properties: dict[str, Property] = {
        "TargetType": nodes.text(span, "lambda"),
        "Targets": nodes.sequence(span, [target]),
        "Name": service.entry(block, "targetGroupName") or _group_name(service, event, balancer, several=several),
        "Tags": nodes.sequence(span, [nodes.mapping(span, {"Key": nodes.text(span, "Name"), "Value": tag})]),
        "TargetGroupAttributes": nodes.sequence(span, [service.mapping(span, attribute)]),
    }
    properties |= _health(service, event)
    service.make(logical_id, "AWS::ElasticLoadBalancingV2::TargetGroup", properties, at=event)


def _group_name(service: Service, event: Event, balancer: str, *, several: bool) -> Property:
    prefix = service.at(service.provider, "alb", "targetGroupPrefix")
    start, name = known(prefix) if prefix is not None else "", known(service.name)
    if start is None or name is None:
        why = "it is made of names that are known only when the service is deployed"
        return service.hole(event.span, "the target group's name", why)
    middle = "multi-value-" if several else ""
    whole = digest(f"{name}-{event.function.key}-{balancer}-{middle}{service.stage}")
    return nodes.text(event.span, (start + whole)[:_LONGEST])


def _health(service: Service, event: Event) -> dict[str, Property]:
    """Health checks, which are off unless they are asked for."""
    entry = service.entry(event.block, "healthCheck")
    if entry is None or not service.is_true(event.block, "healthCheck"):
        return {"HealthCheckEnabled": nodes.flag(event.span, value=False)}
    span = entry.value.span
    if service.resolver.hole_of(entry.value) is not None:
        return {"HealthCheckEnabled": entry}
    found: dict[str, Property] = {"HealthCheckEnabled": Entry(entry.key, nodes.flag(span, value=True))}
    for name, (key, usual) in _HEALTH.items():
        found[name] = service.entry(entry.value, key) or nodes.from_plain(usual, span, {})
    code = service.at(entry.value, "matcher", "httpCode")
    found["Matcher"] = nodes.mapping(span, {"HttpCode": code if code is not None else nodes.text(span, "200")})
    return found


# ------------------------------------------------------------------------------------------------------- listener rules


def _actions(service: Service, event: Event, group: str) -> Node:
    span = event.span
    actions = [
        _authenticate(service, authorizer, order)
        for order, authorizer in enumerate(service.items(event.block, "authorizer"), 1)
    ]
    forward: dict[str, Property] = {
        "Type": nodes.text(span, "forward"),
        "TargetGroupArn": nodes.ref(span, group),
        "Order": nodes.from_plain(len(actions) + 1, span, {}) if actions else None,
    }
    return nodes.sequence(span, [*actions, service.mapping(span, forward)])


def _authenticate(service: Service, named: Node, order: int) -> Node:
    """What an authorizer of `provider.alb.authorizers` becomes; of an unknown kind where it is not known."""
    span = named.span
    name = known(named)
    declared = service.at(service.provider, "alb", "authorizers", name) if name is not None else named
    if declared is None:
        outer = service.at(service.provider, "alb", "authorizers") or service.at(service.provider, "alb")
        hole = service.resolver.hole_of(outer)
        why = hole.doubt.why if hole is not None else "no authorizer of this name is declared"
        declared = service.hole(span, f"authorizer {name}", why)
    number = nodes.from_plain(order, span, {})
    if not nodes.is_block(declared):
        return nodes.mapping(span, {"Type": declared, "Order": number})
    kind = service.entry(declared, "type")
    cognito = kind is not None and known(kind.value) == "cognito"
    names = (_COGNITO if cognito else _OIDC) | _EITHER
    config: dict[str, Property] = {to: service.entry(declared, key) for to, key in names.items()}
    config["OnUnauthenticatedRequest"] = service.entry(declared, "onUnauthenticatedRequest") or nodes.text(span, "deny")
    if not cognito and config["ClientSecret"] is None:
        config["UseExistingClientSecret"] = nodes.flag(span, value=True)
    shown: Property = nodes.text(span, f"authenticate-{'cognito' if cognito else 'oidc'}")
    if kind is not None and intrinsic(kind.value) is not None:
        shown = kind
    action: dict[str, Property] = {
        "Type": shown,
        "Order": number,
        f"Authenticate{'Cognito' if cognito else 'Oidc'}Config": service.mapping(declared.span, config),
    }
    return service.mapping(span, action)


def _conditions(service: Service, block: Node | None) -> list[Node]:
    found = _simple(service, block, _CONDITIONS)
    for header in service.items(block, "header"):
        config: dict[str, Property] = {
            "HttpHeaderName": service.entry(header, "name"),
            "Values": service.entry(header, "values"),
        }
        own: dict[str, Property] = {
            "Field": nodes.text(header.span, "http-header"),
            "HttpHeaderConfig": service.mapping(header.span, config),
        }
        found.append(service.mapping(header.span, own))
    query = service.entry(block, "query")
    if query is not None:
        span = query.value.span
        pairs: list[Node] = [
            nodes.mapping(e.span, {"Key": nodes.text(e.key.span, e.key.raw), "Value": e.value})
            for e in service.block(block, "query").entries
        ]
        values = nodes.mapping(span, {"Values": nodes.sequence(span, pairs)})
        found.append(nodes.mapping(span, {"Field": nodes.text(span, "query-string"), "QueryStringConfig": values}))
    return found + _simple(service, block, _ADDRESSES)


def _simple(service: Service, block: Node | None, fields: dict[str, tuple[str, str]]) -> list[Node]:
    """Conditions that are lists of values."""
    found: list[Node] = []
    for key, (field, config) in fields.items():
        entry = service.entry(block, key)
        if entry is None:
            continue
        values: dict[str, Property] = {"Values": Entry(entry.key, _listed(service, entry.value))}
        own: dict[str, Property] = {"Field": nodes.text(entry.key.span, field)}
        own |= {config: service.mapping(entry.value.span, values)} if config else values
        found.append(service.mapping(entry.span, own))
    return found


def _listed(service: Service, node: Node) -> Node:
    """A list: what is written, or a list of the one value that is; as it is where nobody knows which."""
    if nodes.is_list(node) or service.resolver.hole_of(node) is not None:
        return node
    return nodes.sequence(node.span, [node])


SHARED = {"alb": _make}
