"""API Gateway, both generations: what a table can't say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.routes import INVOCATION_HEADER, split_key, that_checks
from stockade.inputs.terraform.choices import as_unset, under
from stockade.model.app import MethodSetting, Other, Route, Stage
from stockade.model.value import (
    Default,
    Doubt,
    Hole,
    Known,
    Part,
    Reference,
    Relation,
    Text,
    Unknown,
    Value,
    When,
    conjoin,
    one_of,
    unset,
)

if TYPE_CHECKING:
    from stockade.inputs.terraform.lower import Declared, Lowering, Named

_PROVIDER = "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/"
_DEEPEST = 40  # AWS allows fewer parts of a path


# -------------------------------------------------------------------------------------------------------------- REST
# APIs


def lower_rest_api(lowering: Lowering, found: Declared) -> None:
    """aws_api_gateway_rest_api: with its definition, its policy, and the CORS of its OPTIONS methods."""
    from stockade.inputs.terraform.makers._openapi import lower_definition, lower_preflight

    fields = lowering.fields(found, lowering.table(found.type), found.block)
    lowering.join(found, "aws_api_gateway_rest_api_policy", "rest_api_id", fields)
    said = lower_preflight(lowering, found)
    own = lowering.reference(found, "Ref", found.places.block(found.span, found.key_span))
    puts = lowering.naming("aws_api_gateway_rest_api_put", "rest_api_id", found)
    for by in (found, *puts):
        said |= lower_definition(lowering, by, own, http=False)
    has_body = bool(puts) or "body" in found.block.entries
    # What the resource states wins over its definition.
    lowering.add_by_table(found, **(said | fields | {"body": has_body}))


def lower_method(lowering: Lowering, found: Declared) -> None:
    """aws_api_gateway_method: its path is that of the resource which it belongs to, and its integration joins it."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    own = lowering.alike("aws_api_gateway_integration", ("rest_api_id", "resource_id", "http_method"), found)
    lowering.join_all(found, "aws_api_gateway_integration", own, fields)
    if not own:
        # API Gateway deploys no method without one, so it is declared or made in another way.
        doubt = Doubt(
            f"no integration in the scanned code is known to be that of `{found.address}`",
            "scan the code that makes it too, or declare it as an `aws_api_gateway_integration`",
            "integration elsewhere",
        )
        fields["integration"] = Unknown(doubt=doubt, origin=found.places.block(found.span, found.key_span))
    resource = lowering.value_at(found, found.block, "resource_id")
    if resource is not None:
        fields["path"] = _path(lowering, resource, 0)
    validator = lowering.value_at(found, found.block, "request_validator_id")
    if validator is not None:
        fields["validator"] = that_checks(validator, lambda leaf: _flags(lowering, leaf))
    lowering.add_by_table(found, **fields)


def _flags(lowering: Lowering, validator: Value[Any]) -> list[Value[Any] | None] | None:
    """What the validator that a value names checks; None where it is not in the scanned code."""
    for _, declared in lowering.resolve(validator, "aws_api_gateway_request_validator"):
        names = ("validate_request_body", "validate_request_parameters")
        return [lowering.value_at(declared, declared.block, name, as_="boolean") for name in names]
    return None


def _path(lowering: Lowering, resource: Value[Any], depth: int) -> Value[Any]:
    """The path of the API resource that a value names; where that can't be told, the value itself."""
    options: list[tuple[When, Value[Any]]] = []
    for when, leaf in resource.leaves():
        reference = next((reference for _, reference in leaf.refers()), None)
        for inner, path in _path_of(lowering, leaf, reference, depth).leaves():
            both = conjoin(when, inner)
            if both is not None:
                options.append((both, path))
    return one_of(options, resource.origin)


def _path_of(lowering: Lowering, leaf: Value[Any], reference: Reference | None, depth: int) -> Value[Any]:
    if reference is None:
        return leaf
    if reference.attribute == "RootResourceId":
        return Known(v="/", origin=leaf.origin)
    declared = lowering.find(reference)
    if declared is None or declared.type != "aws_api_gateway_resource" or depth > _DEEPEST:
        return leaf
    part = lowering.value_at(declared, declared.block, "path_part")
    parent = lowering.value_at(declared, declared.block, "parent_id")
    if part is None or parent is None:
        return leaf
    above = _path(lowering, parent, depth + 1)
    options: list[tuple[When, Value[Any]]] = []
    for when, start in above.leaves():
        for inner, last in part.leaves():
            both = conjoin(when, inner)
            if both is not None:
                options.append((both, _below(start, last)))
    return one_of(options, part.origin)


def _below(start: Value[Any], last: Value[Any]) -> Value[Any]:
    """One path below another one."""
    pieces = _parts(start)
    if not isinstance(start, Known) and len(pieces) == 1 and isinstance(pieces[0], Reference):
        pieces = ("…",)  # a resource that is declared elsewhere
    if pieces[-1:] != ("/",):
        pieces += ("/",)
    pieces += _parts(last)
    parts: list[Part] = []
    for piece in pieces:
        if isinstance(piece, str) and parts and isinstance(parts[-1], str):
            parts[-1] += piece
        else:
            parts.append(piece)
    if len(parts) == 1 and isinstance(parts[0], str):
        return Known(v=parts[0], origin=last.origin)
    return Text(parts=tuple(parts), origin=last.origin)


def _parts(value: Value[Any]) -> tuple[Part, ...]:
    if isinstance(value, Text):
        return value.parts
    if isinstance(value, Known):
        return (str(value.v),)
    doubt = value.doubt if isinstance(value, Unknown) else Doubt("it is not stated")
    return (Hole(value.name if isinstance(value, Unknown) and value.name else "part of the path", doubt),)


def lower_api_policy(lowering: Lowering, found: Declared) -> None:
    """aws_api_gateway_rest_api_policy, which joins its API."""
    lowering.add_joined(found, "rest_api_id", "aws_api_gateway_rest_api")


def lower_part(lowering: Lowering, found: Declared) -> None:
    """A resource that states fields of another one's record."""
    lowering.add(Other(**lowering.base(found)))


def lower_stage(lowering: Lowering, found: Declared) -> None:
    """aws_api_gateway_stage, with what aws_api_gateway_method_settings say of all methods."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    settings = _settings(lowering, found)
    fields = _with_settings(lowering, found, fields) | deployed(lowering, found)
    lowering.add_by_table(found, **(fields | {"method_settings": settings}))


def lower_http_stage(lowering: Lowering, found: Declared) -> None:
    """aws_apigatewayv2_stage."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    lowering.add_by_table(found, **(fields | deployed(lowering, found)))


def deployed(lowering: Lowering, found: Declared) -> dict[str, Any]:
    """The API of the deployment that a stage names, where that is in the configuration."""
    value = lowering.value_at(found, found.block, "deployment_id")
    options: list[tuple[When, Value[Any]]] = []
    for type_, attribute in (("aws_api_gateway_deployment", "rest_api_id"), ("aws_apigatewayv2_deployment", "api_id")):
        for when, owner in lowering.resolve(value, type_) if value is not None else ():
            named = lowering.value_at(owner, owner.block, attribute)
            leaves = named.leaves() if named is not None else ()
            options += [(both, leaf) for inner, leaf in leaves if (both := conjoin(when, inner)) is not None]
    return {"deployed_api": one_of(options, options[0][1].origin)} if options else {}


def _settings(lowering: Lowering, found: Declared) -> Relation[MethodSetting]:
    """Every aws_api_gateway_method_settings of a stage."""
    made: list[MethodSetting] = []
    for named in lowering.alike("aws_api_gateway_method_settings", ("rest_api_id", "stage_name"), found):
        path = lowering.value_at(named.by, named.by.block, "method_path")
        items = list(lowering.items(named.by, named.by.block, "settings"))
        sets = not items or any(item.block.entries for item in items)
        origin = named.by.places.block(named.by.span, named.by.key_span)
        stated = {} if path is None else {"path": path}
        made.append(MethodSetting(origin=origin, sets=sets, exists=named.when, **stated))
    return Relation(tuple(made))


def _with_settings(lowering: Lowering, found: Declared, fields: dict[str, Any]) -> dict[str, Any]:
    settings = lowering.alike("aws_api_gateway_method_settings", ("rest_api_id", "stage_name"), found)
    of_all = [s for s in settings if _of_all(lowering, s)]
    lowering.join_all(found, "aws_api_gateway_method_settings", of_all, fields)
    if of_all:
        by = of_all[0].by
        fields["settings_at"] = by.places.block(by.span, by.key_span)
    for name in ("throttle_rate", "throttle_burst"):
        if name in fields:
            fields[name] = as_unset(fields[name], -1, -1.0)  # the provider's word for no limit
    return fields


def _of_all(lowering: Lowering, named: Named) -> bool:
    path = lowering.value_at(named.by, named.by.block, "method_path")
    return isinstance(path, Known) and str(path.v).lstrip("/") in {"*/*", "*"}


def lower_deployment(lowering: Lowering, found: Declared) -> None:
    """aws_api_gateway_deployment; one that has a `stage_name` (as it could before version 6) makes a stage."""
    lowering.add(Other(**lowering.base(found)))
    name = lowering.value_at(found, found.block, "stage_name")
    # An empty name was how one asked for no stage.
    if name is None or name.where(lambda v: v in {None, ""}).is_yes:
        return
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    lowering.add(Stage(**(lowering.base(found, suffix="/stage") | _with_settings(lowering, found, fields))))


def lower_authorizer(lowering: Lowering, found: Declared) -> None:
    """aws_api_gateway_authorizer: its one source of identity may be a list with commas."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    sources: Relation[Value[Any]] = fields["identity_sources"]
    listed: list[Value[Any]] = []
    for value in sources:
        if isinstance(value, Known):
            listed += [Known(v=part.strip(), origin=value.origin) for part in str(value.v).split(",")]
        else:
            listed.append(value)
    fields["identity_sources"] = Relation(tuple(listed), sources.complete, sources.gaps)
    lowering.add_by_table(found, **fields)


def lower_domain(lowering: Lowering, found: Declared) -> None:
    """A custom domain name with the APIs that are mapped to it."""
    apis: list[Value[Any]] = []
    doubts: list[Doubt] = []
    for type_ in ("aws_api_gateway_base_path_mapping", "aws_apigatewayv2_api_mapping"):
        for named in lowering.named(type_, "domain_name", found):
            mapped = lowering.texts_at(named.by, named.by.block, "api_id")
            apis += [under(named.when, api) for api in mapped]
            doubts += mapped.gaps
    lowering.add_by_table(found, apis=Relation(tuple(apis), complete=not doubts, gaps=tuple(doubts)))


# ------------------------------------------------------------------------------------------------ HTTP and WebSocket
# APIs


def lower_http_api(lowering: Lowering, found: Declared) -> None:
    """aws_apigatewayv2_api; `target` makes a route and a stage at once."""
    from stockade.inputs.terraform.makers._openapi import lower_definition

    fields = lowering.fields(found, lowering.table(found.type), found.block)
    kind = lowering.value_at(found, found.block, "protocol_type")
    protocol = "WEBSOCKET" if isinstance(kind, Known) and str(kind.v).upper() == "WEBSOCKET" else "HTTP"
    own = lowering.reference(found, "Ref", found.places.block(found.span, found.key_span))
    said = lower_definition(lowering, found, own, http=True)
    api = lowering.add_by_table(found, **(said | fields | {"protocol": protocol}))
    target = lowering.value_at(found, found.block, "target")
    if target is None or target.is_null().is_yes:
        return
    key = lowering.value_at(found, found.block, "route_key")
    method, path = split_key(Known(v="$default", origin=api.origin) if key is None else key)
    table = "aws_apigatewayv2_api/target"
    lowering.add(
        Route(
            **lowering.base(found, suffix="/target", table=table, address=f"{found.address}/target"),
            api_id=own,
            method=method,
            path=path,
            integration=target,
        )
    )
    lowering.add(
        Stage(
            **lowering.base(found, suffix="/stage", table=table, address=f"{found.address}/$default"),
            api_id=own,
            name=Default(v="$default", origin=api.origin),
            auto_deploy=Default(v=True, origin=api.origin),
        )
    )


def lower_route(lowering: Lowering, found: Declared) -> None:
    """aws_apigatewayv2_route: what it calls is what its integration calls."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    key = lowering.value_at(found, found.block, "route_key")
    if key is not None:
        fields["method"], fields["path"] = split_key(key)
    target = lowering.value_at(found, found.block, "target")
    if target is not None:
        fields["integration"] = _integration(lowering, target)
        fields |= _stated(lowering, target)
    lowering.add_by_table(found, **fields)


def _stated(lowering: Lowering, target: Value[Any]) -> dict[str, Any]:
    """How API Gateway gets to the integration that a target names, and for how long it waits there."""
    for _, reference in target.references():
        declared = lowering.find(reference)
        if declared is not None and declared.type == "aws_apigatewayv2_integration":
            block = declared.block
            said = {
                "connection": lowering.value_at(declared, block, "connection_type"),
                "invocation": lowering.value_at(declared, block, "request_parameters", INVOCATION_HEADER),
                "timeout": lowering.value_at(declared, block, "timeout_milliseconds", as_="integer"),
            }
            return {name: value for name, value in said.items() if value is not None}
    return {}


def _integration(lowering: Lowering, target: Value[Any]) -> Value[Any]:
    """What the integration calls that a target (`integrations/…`) names."""
    options: list[tuple[When, Value[Any]]] = []
    for when, leaf in target.leaves():
        uri: Value[Any] = leaf
        for _, reference in leaf.references():
            declared = lowering.find(reference)
            if declared is not None and declared.type == "aws_apigatewayv2_integration":
                uri = _called(lowering, declared, leaf)
        options += [(both, inner) for w, inner in uri.leaves() if (both := conjoin(when, w)) is not None]
    return one_of(options, options[0][1].origin) if options else target


def _called(lowering: Lowering, integration: Declared, target: Value[Any]) -> Value[Any]:
    uri = lowering.value_at(integration, integration.block, "integration_uri")
    if uri is not None:
        return uri
    # What has no URI is a mock, or does something of AWS's (`SQS-SendMessage`) and says what in its parameters.
    kind = lowering.value_at(integration, integration.block, "integration_type")
    if kind is not None and kind.is_("MOCK").is_yes:
        return Default(v=None, origin=kind.origin)
    subtype = lowering.value_at(integration, integration.block, "integration_subtype")
    return target if subtype is None else subtype


def lower_http_authorizer(lowering: Lowering, found: Declared) -> None:
    """aws_apigatewayv2_authorizer: where a function decides by sources of identity, the provider asks to remember it."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    form = fields.get("form")
    asks = form is not None and form.is_("REQUEST").is_yes and fields.get("identity_sources") is not None
    if asks and isinstance(fields["ttl"], Default) and len(fields["identity_sources"]) and _of_http(lowering, found):
        fields["ttl"] = unset(300, _PROVIDER + "apigatewayv2_authorizer#authorizer_result_ttl_in_seconds-1")
    lowering.add_by_table(found, **fields)


def _of_http(lowering: Lowering, found: Declared) -> bool:
    """Whether it belongs to an HTTP API, as far as is known."""
    api = lowering.value_at(found, found.block, "api_id")
    for _, owner in lowering.resolve(api, "aws_apigatewayv2_api") if api is not None else ():
        kind = lowering.value_at(owner, owner.block, "protocol_type")
        if kind is not None and kind.is_("HTTP").is_no:
            return False
    return True


MAKERS = {
    "aws_api_gateway_rest_api": lower_rest_api,
    "aws_api_gateway_rest_api_policy": lower_api_policy,
    "aws_api_gateway_method": lower_method,
    "aws_api_gateway_integration": lower_part,
    "aws_api_gateway_stage": lower_stage,
    "aws_api_gateway_method_settings": lower_part,
    "aws_api_gateway_deployment": lower_deployment,
    "aws_api_gateway_authorizer": lower_authorizer,
    "aws_api_gateway_domain_name": lower_domain,
    "aws_apigatewayv2_api": lower_http_api,
    "aws_apigatewayv2_route": lower_route,
    "aws_apigatewayv2_stage": lower_http_stage,
    "aws_apigatewayv2_authorizer": lower_http_authorizer,
    "aws_apigatewayv2_domain_name": lower_domain,
}
