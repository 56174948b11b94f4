"""`cognitoUserPool`: a trigger of a pool, which the framework makes or, by a custom resource, changes.

Sources: serverless.com/framework/docs/providers/aws/events/cognito-user-pool (versions 3 and 4) and what `serverless package`
3.40.0 makes, as of 2026-11-28.
"""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.custom_resources import declares, make_custom_resource, statement
from stockade.inputs.serverless.service import Event, Property, Service
from stockade.inputs.serverless.sources import is_incomplete, is_shaped, spelled
from stockade.text.node import Entry, Node, Scalar

_SENDERS = frozenset({"CustomSMSSender", "CustomEmailSender"})
_TOKENS = "PreTokenGeneration"
_CUSTOM = "custom-resource-existing-cup"
_HANDLER = "cognito-user-pool/handler.handler"
_INSTEAD = ", unless the pool's own `LambdaConfig` and an `AWS::Lambda::Permission` take the place of `existing: true`"
_POOLS = ("cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool", "cognito-idp:UpdateUserPool")


def _pools(service: Service, events: list[Event]) -> None:
    made: dict[str, list[Event]] = {}
    changed: dict[str, list[Event]] = {}
    for event in events:
        if not is_shaped(service, event) or is_incomplete(service, event, "pool", "trigger"):
            continue
        if service.is_true(event.block, "existing"):
            _is_known_to_exist(service, event)
            changed.setdefault(event.function.key, []).append(event)
        else:
            made.setdefault(spelled(service.at(event.block, "pool")), []).append(event)
    for name, own in made.items():
        _make(service, name, own)
    if changed:
        _change(service, list(changed.values()))


def _trigger(service: Service, event: Event) -> str:
    return spelled(service.at(event.block, "trigger"))


def _make(service: Service, name: str, events: list[Event]) -> None:
    """A pool that is made, with all of its triggers."""
    shown = naming.alnum(name)
    logical_id = f"CognitoUserPool{shown}"
    triggers: dict[str, Property] = {}
    for event in events:
        trigger = _trigger(service, event)
        target = service.target(event.function, event.span)
        version = service.entry(event.block, "lambdaVersion")
        if trigger in _SENDERS:
            triggers["KMSKeyID"] = service.entry(event.block, "kmsKeyId")
            triggers[trigger] = _versioned(service, event, target, version)
        elif trigger == _TOKENS and version is not None:  # version 4
            triggers[f"{trigger}Config"] = _versioned(service, event, target, version)
        else:
            triggers[trigger] = target
        permission = f"{naming.normal(event.function.key)}LambdaPermissionCognitoUserPool{shown}"
        permission += f"TriggerSource{naming.alnum(trigger)}"
        arn = nodes.get_att(event.span, logical_id, "Arn")
        service.permission(permission, event, "cognito-idp.amazonaws.com", SourceArn=arn)
    first = events[0]
    properties: dict[str, Property] = {
        "UserPoolName": service.entry(first.block, "pool"),
        "LambdaConfig": service.mapping(first.span, triggers),
    }
    service.make(logical_id, "AWS::Cognito::UserPool", properties, at=first)


def _versioned(service: Service, event: Event, target: Node, version: Property) -> Node:
    own: dict[str, Property] = {
        "LambdaArn": target,
        "LambdaVersion": version or nodes.text(event.span, "V1_0"),
    }
    return service.mapping(event.span, own)


# --------------------------------------------------------------------------------------------------- pools that are there


def _is_known_to_exist(service: Service, event: Event) -> None:
    entry = service.entry(event.block, "existing")
    if entry is not None and not (type(entry.value) is Scalar and entry.value.tag is None):
        what = f"the user pool of `{event.function.key}`"
        why = "it is not known whether it is there already, or made by the service"
        service.gap(
            entry.key, what, why, kind="unresolved", remedy="write `existing: true` or leave it out", hides=True
        )


def _change(service: Service, by_function: list[list[Event]]) -> None:
    """Pools that are there already: a function of the framework sets their triggers."""
    statements: list[Node] = []
    handler = naming.function_id(_CUSTOM)
    for events in by_function:
        first, function, span = events[0], events[0].function, events[0].span
        key = service.entry(first.block, "kmsKeyId")
        if key is not None and _trigger(service, first) in _SENDERS:
            statements.append(statement(span, ["kms:CreateGrant"], key.value))
        statements.append(statement(span, list(_POOLS), nodes.text(span, "*")))
        _custom(service, events, handler)
        start = "arn:${AWS::Partition}:lambda:*:*:function:"
        name = nodes.literal(function.name)
        known = nodes.sub(span, start + (name or ""))
        arn = known if name is not None else service.joined(span, nodes.sub(span, start), function.name)
        statements.append(statement(span, ["lambda:AddPermission", "lambda:RemovePermission"], arn))
    first = by_function[0][0]
    setting = service.entry(first.block, "existing") or Entry(first.key, first.body)
    any_role = nodes.sub(setting.span, "arn:${AWS::Partition}:iam::*:role/*")
    statements.append(statement(setting.span, ["iam:PassRole"], any_role))
    pools = [service.at(events[0].block, "pool") for events in by_function]
    declared = all(p is not None and declares(service, p, "AWS::Cognito::UserPool", "UserPoolName") for p in pools)
    make_custom_resource(service, _CUSTOM, _HANDLER, statements, setting, declared=declared, instead=_INSTEAD)


def _custom(service: Service, events: list[Event], handler: str) -> None:
    configs: list[Node] = []
    for event in events:
        sends = _trigger(service, event) in _SENDERS
        version = service.entry(event.block, "lambdaVersion")
        own: dict[str, Property] = {
            "Trigger": service.entry(event.block, "trigger"),
            "LambdaVersion": (version or nodes.text(event.span, "V1_0")) if sends else version,
            "KMSKeyID": service.entry(event.block, "kmsKeyId") if sends else None,
        }
        configs.append(service.mapping(event.span, own))
    first = events[0]
    properties: dict[str, Property] = {
        "ServiceToken": nodes.get_att(first.span, handler, "Arn"),
        "FunctionName": first.function.name,
        "UserPoolName": service.entry(first.block, "pool"),
        "UserPoolConfigs": nodes.sequence(first.span, configs),
    }
    logical_id = f"{naming.normal(first.function.key)}CustomCognitoUserPool1"
    service.make(logical_id, "Custom::CognitoUserPool", properties, at=first)


SHARED = {"cognitoUserPool": _pools}
