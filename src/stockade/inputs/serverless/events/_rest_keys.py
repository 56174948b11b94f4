"""API keys and usage plans.

Sources: serverless.com/framework/docs/providers/aws/events/apigateway#setting-api-keys-for-your-rest-api and what
`serverless package` 3.40.0 makes, as of 2026-11-28.
"""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.events._rest_api import Api
from stockade.inputs.serverless.service import Property
from stockade.text.node import Entry, Mapping, Node, Sequence

_PLAN = "ApiGatewayUsagePlan"
_QUOTA = {"Limit": "limit", "Offset": "offset", "Period": "period"}
_THROTTLE = {"BurstLimit": "burstLimit", "RateLimit": "rateLimit"}


def make_keys(api: Api) -> None:
    """Keys, usage plans, and which key counts in which plan."""
    service = api.service
    keys, plans = service.entry(api.config, "apiKeys"), service.entry(api.config, "usagePlan")
    if keys is None and plans is None:
        return
    names = _plans(api, plans, keys)
    if keys is None:
        return
    if type(keys.value) is not Sequence or keys.value.tag is not None:
        hole = service.resolver.hole_of(keys.value)
        why = hole.doubt.why if hole is not None else "a list belongs here"
        remedy = hole.doubt.remedy if hole is not None else "correct it"
        service.gap(keys.value, "the API keys", why, kind="unresolved", remedy=remedy)
        return
    number = 0
    for item in keys.value.items:
        plan = item.entries[0] if type(item) is Mapping and item.entries and intrinsic(item) is None else None
        if plan is not None and plan.key.raw in names:
            name = naming.upper_first(plan.key.raw)
            number = 0
            for own in service.items(item, plan.key.raw):
                number += 1
                _key(api, own, f"{name}{number}", _PLAN + name)
        else:
            number += 1
            _key(api, item, str(number), _PLAN)


def _plans(api: Api, plans: Entry | None, keys: Entry | None) -> set[str]:
    service = api.service
    if plans is None or type(plans.value) is not Sequence or plans.value.tag is not None:
        _plan(api, _PLAN, "", plans or keys, plans)
        return set()
    named: dict[str, Entry] = {}
    for item in plans.value.items:
        if type(item) is Mapping and item.entries and intrinsic(item) is None:
            named[item.entries[0].key.raw] = item.entries[0]
        elif not (nodes.literal(item) is None and intrinsic(item) is None):
            service.gap(item, "a usage plan", "a mapping belongs here", kind="wrong-shape", remedy="correct it")
    for name, entry in named.items():
        _plan(api, _PLAN + naming.upper_first(name), f"-{name}", entry, entry)
    return set(named)


def _plan(api: Api, logical_id: str, name: str, at: Entry | None, stated: Entry | None) -> None:
    service = api.service
    span = at.value.span if at is not None else api.at.span
    block = stated.value if stated is not None else None
    stages: dict[str, Node | None] = {"ApiId": api.id(span), "Stage": nodes.text(span, service.stage)}
    parts: dict[str, Property] = {}
    for key, to, names in (("quota", "Quota", _QUOTA), ("throttle", "Throttle", _THROTTLE)):
        part = service.entry(block, key) if service.is_true(block, key) else None
        if part is None:
            unknown = block is not None and intrinsic(block) is not None
            parts[to] = block if unknown else None
        elif intrinsic(part.value) is not None:
            parts[to] = part
        else:
            own: dict[str, Property] = {to_: service.entry(part.value, from_) for to_, from_ in names.items()}
            parts[to] = Entry(part.key, service.mapping(part.value.span, own))
    properties: dict[str, Property] = {
        "ApiStages": nodes.sequence(span, [nodes.mapping(span, stages)]),
        "UsagePlanName": service.joined(span, service.name, f"{name}-{service.stage}"),
        **parts,
    }
    service.make(logical_id, "AWS::ApiGateway::UsagePlan", properties, at=at)


def _key(api: Api, item: Node, number: str, plan: str) -> None:
    service, span = api.service, item.span
    block = nodes.is_block(item)
    stage: dict[str, Node | None] = {"RestApiId": api.id(span), "StageName": nodes.text(span, service.stage)}
    properties: dict[str, Property] = {
        "Enabled": service.entry(item, "enabled") or nodes.flag(span, value=True),
        "Name": service.entry(item, "name") if block else item,
        "Value": service.entry(item, "value"),
        "Description": service.entry(item, "description"),
        "CustomerId": service.entry(item, "customerId"),
        "StageKeys": nodes.sequence(span, [nodes.mapping(span, stage)]),
    }
    key = nodes.text(span, f"ApiGatewayApiKey{number}")
    at = Entry(key, item)
    service.make(key.raw, "AWS::ApiGateway::ApiKey", properties, at=at)
    joined: dict[str, Property] = {
        "KeyId": nodes.ref(span, key.raw),
        "KeyType": nodes.text(span, "API_KEY"),
        "UsagePlanId": nodes.ref(span, plan),
    }
    service.make(f"ApiGatewayUsagePlanKey{number}", "AWS::ApiGateway::UsagePlanKey", joined, at=at)
