"""API Gateway, both generations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.cloudformation.cdk import asset
from stockade.inputs.cloudformation.embedded import macro_call
from stockade.inputs.cloudformation.makers._openapi import lower_openapi, lower_preflight
from stockade.inputs.convert import text
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.openapi import DEFINED
from stockade.inputs.routes import INVOCATION_HEADER, split_key, that_checks
from stockade.model.app import AclRule, MethodSetting, Other, Route, Stage
from stockade.model.value import (
    Default,
    Doubt,
    Known,
    Origin,
    Relation,
    Text,
    Unknown,
    Value,
    When,
    conjoin,
    one_of,
    otherwise,
)
from stockade.text.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.evaluate import Case
    from stockade.inputs.cloudformation.lower import Declared, Lowering

_ELSEWHERE = "scan the definition too: write it into the template, or name a local file"


# -------------------------------------------------------------------------------------------------------------- REST
# APIs


def lower_rest_api(lowering: Lowering, found: Declared) -> None:
    """AWS::ApiGateway::RestApi, with the routes of an OpenAPI body, and the CORS of its OPTIONS methods."""
    preflight = lower_preflight(lowering, found)
    bodies = (lowering.evaluator.lookup(found.properties, (name,)) for name in ("Body", "BodyS3Location"))
    has_body = any(case.node is not None for cases in bodies for case in cases)
    said = preflight | body_fields(lowering, found, "Body", http=False)
    lowering.add_by_table(found, **(said | {"body": has_body}))


def body_fields(lowering: Lowering, found: Declared, name: str, *, http: bool) -> dict[str, Any]:
    """What an API's OpenAPI definition says of the API; its routes and authorizers become records."""
    fields: dict[str, Any] = {}
    for case in lowering.evaluator.lookup(found.properties, (name,)):
        node = case.node
        if node is None or (type(node) is Scalar and node.value is None):
            continue
        if type(node) is Mapping and "Fn::Transform" in node:
            _included(lowering, found, node, fields)
        body = lowering.evaluator.included(node)
        if type(body) is Mapping and intrinsic(body) is None:
            fields.update(_defined(lowering, found, body, case, http=http))
        elif intrinsic(node) is None:
            lowering.evaluator.gap(
                node, f"`{name}` of `{found.id}`", "a mapping belongs here", kind="wrong-shape", hides=True
            )
    for case in lowering.evaluator.lookup(found.properties, ("BodyS3Location",)):
        where = asset(lowering.template, found.body, case.node)
        local = lowering.evaluator.local
        held = local(where) if where is not None and local is not None else None
        if type(held) is Mapping:
            fields.update(_defined(lowering, found, held, case, http=http))
        elif case.node is not None:
            lowering.evaluator.gap(
                case.node,
                f"the definition of the API `{found.id}`",
                "it is an object in S3, and nothing is fetched",
                kind="not-fetched",
                remedy=_ELSEWHERE,
                hides=True,
                kinds=DEFINED,
                api=lowering.evaluator.key(found.id),
            )
    return fields


def _defined(lowering: Lowering, found: Declared, body: Mapping, case: Case, *, http: bool) -> dict[str, Any]:
    """What a definition says of its API, where no property says it."""
    own = lowering.reference(found.id, "Ref", lowering.evaluator.origin(case.node or body, case.key_span))
    said = lower_openapi(lowering, found, body, own, http=http, when=case.when)
    fields = {name: value for name, value in said.items() if not _states(found, name)}
    title = lowering.value_at(body, "info", "title")
    if title is not None and not case.when and not _states(found, "name"):
        fields["name"] = title
    return fields


_DEPLOYMENTS = frozenset({"AWS::ApiGateway::Deployment", "AWS::ApiGatewayV2::Deployment"})
# Fields that a property states as well as the definition, where the property wins.
_PROPERTIES = {
    "name": "Name",
    "policy": "Policy",
    "cors_origins": "CorsConfiguration",
    "cors_methods": "CorsConfiguration",
}


def _states(found: Declared, field: str) -> bool:
    name = _PROPERTIES.get(field)
    return name is not None and type(found.properties) is Mapping and name in found.properties


def _included(lowering: Lowering, found: Declared, node: Mapping, fields: dict[str, Any]) -> None:
    where = lowering.value_at(macro_call(node).get("Fn::Transform"), "Parameters", "Location")
    unknown: Value[Any] = Unknown(doubt=lowering.evaluator.doubt_of_macro(), origin=lowering.evaluator.origin(node))
    fields["definition"] = unknown if where is None else where
    if lowering.evaluator.included(node) is node:
        lowering.evaluator.gap(
            node,
            f"the definition of the API `{found.id}`",
            "it is included when the stack is deployed",
            kind="macro",
            remedy=_ELSEWHERE,
            hides=True,
            kinds=DEFINED,
            api=lowering.evaluator.key(found.id),
        )


def lower_method(lowering: Lowering, found: Declared) -> None:
    """AWS::ApiGateway::Method: its path is that of the resource which it belongs to."""
    fields: dict[str, Any] = {}
    value = lowering.value_at(found.properties, "ResourceId")
    if value is not None:
        fields["path"] = _path(lowering, value, 0)
    validator = lowering.value_at(found.properties, "RequestValidatorId")
    if validator is not None:
        fields["validator"] = that_checks(validator, lambda leaf: _flags(lowering, leaf))
    lowering.add_by_table(found, **fields)


def _flags(lowering: Lowering, validator: Value[Any]) -> list[Value[Any] | None] | None:
    """What the validator that a value refers to checks; None where it is not in the template."""
    for _, reference in validator.refers():
        declared = lowering.find(reference)
        if declared is not None and declared.type == "AWS::ApiGateway::RequestValidator":
            names = ("ValidateRequestBody", "ValidateRequestParameters")
            return [lowering.value_at(declared.properties, name, as_="boolean") for name in names]
    return None


def _path(lowering: Lowering, value: Value[Any], depth: int) -> Value[Any]:
    """The path of the API resource that a value names."""
    for _, reference in value.refers():
        if reference.attribute == "RootResourceId":
            return Known(v="/", origin=value.origin)
        declared = lowering.find(reference)
        if declared is None or declared.type != "AWS::ApiGateway::Resource" or depth > 30:
            break
        part, parent = (
            lowering.value_at(declared.properties, "PathPart"),
            lowering.value_at(declared.properties, "ParentId"),
        )
        if part is None or parent is None:
            break
        above = _path(lowering, parent, depth + 1)
        start = above if isinstance(above, Known | Text) else Known(v="…", origin=value.origin)
        slash = "" if isinstance(start, Known) and start.v == "/" else "/"
        return lowering.evaluator.concat([start, slash, part], declared.section.entry.key)
    return value


def lower_stage(lowering: Lowering, found: Declared) -> None:
    """AWS::ApiGateway::Stage."""
    fields = stage_settings(lowering, found.properties) | deployed(lowering, found, "RestApiId")
    lowering.add_by_table(found, **fields, method_settings=_settings(lowering, found.properties))


def lower_http_stage(lowering: Lowering, found: Declared) -> None:
    """AWS::ApiGatewayV2::Stage."""
    lowering.add_by_table(found, **deployed(lowering, found, "ApiId"))


def deployed(lowering: Lowering, found: Declared, api: str) -> dict[str, Any]:
    """The API of the deployment that a stage names, where that is in the template."""
    value = lowering.value_at(found.properties, "DeploymentId")
    options: list[tuple[When, Value[Any]]] = []
    for when, reference in value.references() if value is not None else ():
        declared = lowering.find(reference)
        named = lowering.value_at(declared.properties, api) if declared is not None else None
        if named is not None and declared is not None and declared.type in _DEPLOYMENTS:
            options += [(both, leaf) for inner, leaf in named.leaves() if (both := conjoin(when, inner)) is not None]
    return {"deployed_api": one_of(options, options[0][1].origin)} if options else {}


def _settings(lowering: Lowering, properties: Node | None) -> Relation[MethodSetting]:
    """Every entry of `MethodSettings`."""
    found: list[MethodSetting] = []
    for item in lowering.items(properties, "MethodSettings"):
        stated = {
            field: value
            for field, name in (("path", "ResourcePath"), ("method", "HttpMethod"))
            if (value := lowering.value_at(item.node, name)) is not None
        }
        sets = any(key not in {"ResourcePath", "HttpMethod"} for key in item.node.keys())  # noqa: SIM118 - no dict
        origin = lowering.evaluator.origin(item.node)
        found.append(MethodSetting(origin=origin, sets=sets, exists=item.when, **stated))
    return Relation(tuple(found))


def stage_settings(lowering: Lowering, properties: Node | None) -> dict[str, Any]:
    """What `MethodSettings` say of all methods of a stage."""
    table = lowering.table("AWS::ApiGateway::Stage/MethodSettings")
    stated: list[tuple[When, dict[str, Any]]] = []
    places: list[Origin] = []
    for item in lowering.items(properties, "MethodSettings"):
        path, method = lowering.value_at(item.node, "ResourcePath"), lowering.value_at(item.node, "HttpMethod")
        if _is(path, "/*", "*") and _is(method, "*"):
            stated.append((item.when, lowering.fields(table, item.node)))
            places.append(lowering.evaluator.origin(item.node))
    names = {name for _, fields in stated for name in fields}
    chosen: dict[str, Any] = {name: _choose(name, stated) for name in sorted(names)}
    return chosen | {"settings_at": places[0]} if places else chosen


def _is(value: Value[Any] | None, *texts: str) -> bool:
    return isinstance(value, Known) and value.v in texts


def _choose(name: str, stated: list[tuple[When, dict[str, Any]]]) -> Value[Any]:
    default: Value[Any] = dict(
        zip(Stage.__struct_fields__[-len(Stage.__struct_defaults__) :], Stage.__struct_defaults__, strict=True)
    )[name]
    options: list[tuple[When, Value[Any]]] = []
    rest: list[When] = [()]
    for when, fields in stated:
        for left in rest:
            both = conjoin(left, when)
            if both is not None:
                options += [
                    (w, leaf)
                    for inner, leaf in fields.get(name, default).leaves()
                    if (w := conjoin(both, inner)) is not None
                ]
        rest = [w for left in rest for other in otherwise(when) if (w := conjoin(left, other)) is not None]
    options += [(when, default) for when in rest]
    origin = next((value.origin for _, value in options if not isinstance(value, Default)), default.origin)
    return one_of(options, origin)


def lower_deployment(lowering: Lowering, found: Declared) -> None:
    """AWS::ApiGateway::Deployment; one that has a `StageName` makes a stage.

    Of an API that is declared elsewhere the stage may be there already: what this does not say of it, others may.
    """
    lowering.add(Other(**lowering.base(found)))
    name = lowering.value_at(found.properties, "StageName")
    if name is None or (isinstance(name, Default) and name.v is None):
        return
    table = lowering.table("AWS::ApiGateway::Deployment/StageDescription")
    block = next(iter(lowering.block(found.properties, "StageDescription")), None)
    base = lowering.base(found, suffix="/StageDescription", table=table.type, at=("Properties", "StageDescription"))
    fields: dict[str, Any] = {}
    if block is not None:
        fields = lowering.fields(table, block.node) | stage_settings(lowering, block.node)
    api = lowering.value_at(found.properties, "RestApiId")
    if api is not None:
        fields["api_id"] = api
        if block is None and all(lowering.find(reference) is None for _, reference in api.references()):
            return
    lowering.add(Stage(**(base | fields | {"name": name})))


def lower_domain(lowering: Lowering, found: Declared) -> None:
    """A custom domain name with the APIs that are mapped to it."""
    own = lowering.value_at(found.properties, "DomainName")
    apis: list[Value[Any]] = []
    for type_, field in (
        ("AWS::ApiGateway::BasePathMapping", "RestApiId"),
        ("AWS::ApiGateway::BasePathMappingV2", "RestApiId"),
        ("AWS::ApiGatewayV2::ApiMapping", "ApiId"),
    ):
        for mapping in lowering.of_type(type_):
            named = lowering.value_at(mapping.properties, "DomainName")
            if named is None:
                named = lowering.value_at(mapping.properties, "DomainNameArn")
            same = named is not None and own is not None and named.show() == own.show()
            api = lowering.value_at(mapping.properties, field)
            if api is not None and (same or lowering.refers_to(named, found)):
                apis.append(lowering.evaluator.under(mapping.exists, api))
    lowering.add_by_table(found, apis=Relation(tuple(apis)))


# ------------------------------------------------------------------------------------------------ HTTP and WebSocket
# APIs


def lower_http_api(lowering: Lowering, found: Declared) -> None:
    """AWS::ApiGatewayV2::Api; `Target` makes a route and a stage at once."""
    kind = lowering.value_at(found.properties, "ProtocolType")
    protocol = "WEBSOCKET" if isinstance(kind, Known) and str(kind.v).upper() == "WEBSOCKET" else "HTTP"
    api = lowering.add_by_table(found, **({"protocol": protocol} | body_fields(lowering, found, "Body", http=True)))
    target = lowering.value_at(found.properties, "Target")
    if target is None:
        return
    own = lowering.reference(found.id, "Ref", api.origin)
    key = lowering.value_at(found.properties, "RouteKey")
    method, path = split_key(Known(v="$default", origin=api.origin) if key is None else key)
    lowering.add(
        Route(
            **lowering.base(found, suffix="/Target", table="AWS::ApiGatewayV2::Api/Target"),
            api_id=own,
            method=method,
            path=path,
            integration=target,
        )
    )
    lowering.add(
        Stage(
            **lowering.base(found, suffix="/Stage", table="AWS::ApiGatewayV2::Api/Target"),
            api_id=own,
            name=Default(v="$default", origin=api.origin),
            auto_deploy=Default(v=True, origin=api.origin),
        )
    )


def lower_route(lowering: Lowering, found: Declared) -> None:
    """AWS::ApiGatewayV2::Route: what it calls is what its integration calls."""
    fields: dict[str, Any] = {}
    key = lowering.value_at(found.properties, "RouteKey")
    if key is not None:
        fields["method"], fields["path"] = split_key(key)
    target = lowering.value_at(found.properties, "Target")
    if target is not None:
        fields["integration"] = _integration(lowering, target)
        fields |= _stated(lowering, target)
    lowering.add_by_table(found, **fields)


def _stated(lowering: Lowering, target: Value[Any]) -> dict[str, Any]:
    """How API Gateway gets to the integration that a target names, and for how long it waits there."""
    for _, reference in target.references():
        declared = lowering.find(reference)
        if declared is not None and declared.type == "AWS::ApiGatewayV2::Integration":
            said = {
                "connection": lowering.value_at(declared.properties, "ConnectionType"),
                "invocation": lowering.value_at(declared.properties, "RequestParameters", INVOCATION_HEADER),
                "timeout": lowering.value_at(declared.properties, "TimeoutInMillis", as_="integer"),
            }
            return {name: value for name, value in said.items() if value is not None}
    return {}


def _integration(lowering: Lowering, target: Value[Any]) -> Value[Any]:
    options: list[tuple[When, Value[Any]]] = []
    for when, reference in target.references():
        declared = lowering.find(reference)
        if declared is not None and declared.type == "AWS::ApiGatewayV2::Integration":
            uri = lowering.value_at(declared.properties, "IntegrationUri")
            if uri is not None:
                options += [(w, leaf) for inner, leaf in uri.leaves() if (w := conjoin(when, inner)) is not None]
    return one_of(options, options[0][1].origin) if options else target


# ------------------------------------------------------------------------------------------------------- load balancers

_AUTHENTICATING = {"authenticate-cognito", "authenticate-oidc", "jwt-validation"}


def lower_listener(lowering: Lowering, found: Declared) -> None:
    """AWS::ElasticLoadBalancingV2::Listener."""
    lowering.add_by_table(found, **_authenticates(lowering, found, "DefaultActions"))


def lower_listener_rule(lowering: Lowering, found: Declared) -> None:
    """AWS::ElasticLoadBalancingV2::ListenerRule: a listener for some requests, with what its listener states."""
    fields = _authenticates(lowering, found, "Actions")
    value = lowering.value_at(found.properties, "ListenerArn")
    for listener in lowering.of_type("AWS::ElasticLoadBalancingV2::Listener"):
        if lowering.refers_to(value, listener):
            stated = lowering.fields(lowering.table(listener.type), listener.properties)
            fields |= {k: v for k, v in stated.items() if k in {"load_balancer", "protocol", "tls_policy"}}
    lowering.add_by_table(found, **fields)


def _authenticates(lowering: Lowering, found: Declared, name: str) -> dict[str, Any]:
    """Whether one of a listener's actions asks who calls: yes where one does, unknown where one may."""
    perhaps: Value[Any] | None = None
    for item in lowering.items(found.properties, name):
        kind = lowering.value_at(item.node, "Type")
        if isinstance(kind, Unknown):
            perhaps = kind
        elif kind is not None and not isinstance(kind, Known):
            doubt = next(iter(kind.is_("authenticate-oidc").doubts), Doubt("the type of an action is not known"))
            perhaps = Unknown(doubt=doubt, origin=kind.origin)
        if isinstance(kind, Known) and kind.v in _AUTHENTICATING:
            yes: Value[Any] = Known(v=True, origin=kind.origin)
            no: Value[Any] = Default(v=False, origin=kind.origin)
            if not item.when:
                return {"authenticates": yes}
            return {"authenticates": one_of([(item.when, yes), *((w, no) for w in otherwise(item.when))], kind.origin)}
    return {} if perhaps is None else {"authenticates": perhaps}


# ----------------------------------------------------------------------------------------------------------- web ACLs

_BLOCKING = ("Block", "Captcha", "Challenge")


def lower_web_acl(lowering: Lowering, found: Declared) -> None:
    """AWS::WAFv2::WebACL, with what of its managed groups only counts."""
    rules: list[AclRule] = []
    for item in lowering.items(found.properties, "Rules"):
        counted = [
            lowering.evaluator.under(inner.when, text(lowering.evaluator.value(name)))
            for part in ("ExcludedRules", "RuleActionOverrides")
            for inner in lowering.items(item.node, "Statement", "ManagedRuleGroupStatement", part)
            if (name := inner.node.get("Name")) is not None and not _blocks(inner.node.get("ActionToUse"))
        ]
        rules.append(lowering.struct("AWS::WAFv2::WebACL/Rules", item, counted=Relation(tuple(counted))))
    cases = lowering.evaluator.lookup(found.properties, ("Rules",))
    why = "`Rules` is known only when the stack is deployed"
    odd = [c.node for c in cases if c.node is not None and intrinsic(c.node) is not None]
    odd += [i for c in cases if type(c.node) is Sequence for i in c.node.items if not _is_rule(lowering, i)]
    doubts = tuple(Doubt(why, cause="reference") for _ in odd[:1])
    lowering.add_by_table(found, acl_rules=Relation(tuple(rules), complete=not doubts, gaps=doubts))


def _is_rule(lowering: Lowering, node: Node) -> bool:
    """Whether a rule of a list can be looked at in all its cases."""
    return all(c.node is None or intrinsic(c.node) is None for c in lowering.evaluator.cases(node))


def _blocks(action: Node | None) -> bool:
    return type(action) is Mapping and any(action.get(name) is not None for name in _BLOCKING)


MAKERS = {
    "AWS::ApiGateway::RestApi": lower_rest_api,
    "AWS::ApiGateway::Method": lower_method,
    "AWS::ApiGateway::Stage": lower_stage,
    "AWS::ApiGateway::Deployment": lower_deployment,
    "AWS::ApiGateway::DomainName": lower_domain,
    "AWS::ApiGateway::DomainNameV2": lower_domain,
    "AWS::ApiGatewayV2::Api": lower_http_api,
    "AWS::ApiGatewayV2::Route": lower_route,
    "AWS::ApiGatewayV2::Stage": lower_http_stage,
    "AWS::ApiGatewayV2::DomainName": lower_domain,
    "AWS::ElasticLoadBalancingV2::Listener": lower_listener,
    "AWS::ElasticLoadBalancingV2::ListenerRule": lower_listener_rule,
    "AWS::WAFv2::WebACL": lower_web_acl,
}
