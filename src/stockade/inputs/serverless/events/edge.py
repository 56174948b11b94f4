"""`cloudFront`: functions that run at the edge, before and behind the cache of one distribution.

Sources: serverless.com/framework/docs/providers/aws/events/cloudfront and what `serverless package` 3.40.0 makes, as of
2026-11-28.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from stockade.inputs import nodes
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.roles import grant, has_own, trust
from stockade.inputs.serverless.service import Event, Function, Property, Service
from stockade.inputs.serverless.sources import is_shaped, set_, spelled
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

_DISTRIBUTION = "CloudFrontDistribution"
_PRINCIPAL = "edgelambda.amazonaws.com"
_MEMORY = 128  # MB, where the function states nothing
_TIMEOUT = 5  # seconds
_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"  # CloudFront's own policy `CachingOptimized`
_OLD_CACHING = ("ForwardedValues", "MaxTTL", "MinTTL", "DefaultTTL")
_LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:TagResource")


def _distribution(service: Service, events: list[Event]) -> None:
    _cache_policies(service)
    shaped = [event for event in events if is_shaped(service, event)]
    if not shaped:
        return
    origins: dict[str, Mapping] = {}
    behaviors: dict[tuple[str, str], Mapping] = {}
    default = ""
    for event in shaped:
        _function(service, event.function)
        origin_id, origin = _origin(service, event)
        origins[origin_id] = _extended(origins[origin_id], origin) if origin_id in origins else origin
        if service.is_true(event.block, "isDefaultOrigin"):
            default = origin_id
        pattern = spelled(service.at(event.block, "pathPattern"))
        behavior = _behavior(service, event, origin_id)
        known = behaviors.get((pattern, origin_id))
        behaviors[pattern, origin_id] = behavior if known is None else _extended(known, behavior)
    _permissions(service, shaped)
    first = shaped[0]
    _make(service, first, list(origins.values()), behaviors, default or next(iter(origins)))


def _cache_policies(service: Service) -> None:
    for entry in service.block(service.provider, "cloudFront", "cachePolicies").entries:
        span, key = entry.value.span, entry.key.raw
        name = service.prefixed(span, f"-{key}")
        config = nodes.with_entries(entry.value, {"Name": name}) if type(entry.value) is Mapping else entry.value
        properties: dict[str, Property] = {"CachePolicyConfig": config}
        service.make(_cache_policy_id(key), "AWS::CloudFront::CachePolicy", properties, at=entry)


def _cache_policy_id(name: str) -> str:
    return f"CloudFrontCachePolicy{naming.normal(name)}"


# ---------------------------------------------------------------------------------------------------------- functions


def _function(service: Service, function: Function) -> None:
    """At the edge there are no variables and no VPC; each function is published, small, and outlives its stack."""
    made = service.resources.get(function.id)
    properties = made.value.get("Properties") if made is not None and type(made.value) is Mapping else None
    if made is None or type(made.value) is not Mapping or type(properties) is not Mapping:
        return
    span = function.entry.key.span
    changed: dict[str, Node | None] = {"VpcConfig": None, "Environment": None}
    for key, name, usual in (("memorySize", "MemorySize", _MEMORY), ("timeout", "Timeout", _TIMEOUT)):
        if not service.is_true(function.block, key):
            changed[name] = Scalar(span, usual, str(usual))
    body: dict[str, Node | None] = {
        "Properties": nodes.with_entries(properties, changed),
        "DeletionPolicy": nodes.text(span, "Retain"),
    }
    service.resources[function.id] = Entry(made.key, nodes.with_entries(made.value, body))
    version = _version_id(function)
    if version not in service.resources:
        published: dict[str, Property] = {
            "FunctionName": nodes.ref(span, function.id),
            "Description": service.entry(function.block, "description"),
        }
        service.make(version, "AWS::Lambda::Version", published, at=function)


def _version_id(function: Function) -> str:
    return f"{naming.normal(function.key)}LambdaVersion"


def _permissions(service: Service, events: list[Event]) -> None:
    span = events[0].span
    trusting: set[str] = set()
    shared = False
    for event in events:
        function = event.function
        parts: list[str | Node] = ["arn:", nodes.ref(event.span, "AWS::Partition"), ":cloudfront::"]
        parts += [nodes.ref(event.span, "AWS::AccountId"), ":distribution/", nodes.ref(event.span, _DISTRIBUTION)]
        arn = service.joined(event.span, *parts)
        version = nodes.ref(event.span, _version_id(function))
        permission = f"{function.id}InvokePermission"
        service.permission(permission, event, _PRINCIPAL, FunctionName=version, SourceArn=arn)
        own = has_own(service, function)
        if (own and function.key not in trusting) or (not own and not shared):
            trust(service, function, _PRINCIPAL, event.span)
            grant(service, function, _LOGS, [nodes.sub(span, "arn:${AWS::Partition}:logs:*:*:*")])
        trusting.add(function.key)
        shared = shared or not own


# --------------------------------------------------------------------------------------------------------- distribution


def _origin(service: Service, event: Event) -> tuple[str, Mapping]:
    """Where a distribution takes its contents from: a URL, or a mapping as CloudFormation has it."""
    entry = service.entry(event.block, "origin")
    if entry is None:
        return "custom/", nodes.mapping(event.span, {"Id": nodes.text(event.span, "custom/")})
    value, span = entry.value, entry.value.span
    properties: dict[str, Property]
    if nodes.is_block(value):
        properties = {e.key.raw: e for e in service.block(event.block, "origin").entries}
    elif nodes.literal(value) is not None:
        properties = _of_url(nodes.literal(value) or "", entry)
    else:
        properties = {"DomainName": entry}
    kind = "s3" if properties.get("S3OriginConfig") is not None else "custom"
    name = f"{kind}/{_shown(properties.get('DomainName'))}{_shown(properties.get('OriginPath'))}"
    properties["Id"] = nodes.text(span, name)
    return name, service.mapping(span, properties)


def _of_url(text: str, entry: Entry) -> dict[str, Property]:
    span = entry.value.span
    try:
        url = urlsplit(text)
        host = url.hostname or ""
    except ValueError:
        return {"DomainName": entry}
    found: dict[str, Property] = {"DomainName": Entry(entry.key, nodes.text(span, host))}
    if len(url.path) > 1:
        found["OriginPath"] = nodes.text(span, url.path)
    if url.scheme == "s3":
        found["S3OriginConfig"] = Mapping(span, ())
    else:
        config = {"OriginProtocolPolicy": nodes.text(span, "match-viewer")}
        found["CustomOriginConfig"] = nodes.mapping(span, config)
    return found


def _shown(value: Property) -> str:
    return spelled(value.value if isinstance(value, Entry) else value)


def _behavior(service: Service, event: Event, origin_id: str) -> Mapping:
    """What happens to requests for a path."""
    span, block = event.span, event.block
    written = {e.key.raw: e for e in service.block(block, "behavior").entries}
    properties: dict[str, Property] = {"ViewerProtocolPolicy": nodes.text(span, "allow-all"), **written}
    policy = service.at(block, "cachePolicy")
    named = service.at(policy, "name")
    if policy is not None:
        known = nodes.ref(span, _cache_policy_id(spelled(named))) if named is not None else policy
        properties["CachePolicyId"] = service.entry(policy, "id") or known
    elif not any(key in written for key in ("CachePolicyId", *_OLD_CACHING)):
        properties["CachePolicyId"] = nodes.text(span, _OPTIMIZED)
    association: dict[str, Property] = {
        "EventType": service.entry(block, "eventType"),
        "LambdaFunctionARN": nodes.ref(span, _version_id(event.function)),
        "IncludeBody": service.entry(block, "includeBody"),
    }
    properties["TargetOriginId"] = nodes.text(span, origin_id)
    properties["LambdaFunctionAssociations"] = nodes.sequence(span, [service.mapping(span, association)])
    properties["PathPattern"] = set_(service, event, "pathPattern")
    return service.mapping(span, properties)


def _extended(known: Mapping, further: Mapping) -> Mapping:
    """A mapping with what another one adds to it: new entries, and new items of lists."""
    entries = {entry.key.raw: entry for entry in known.entries}
    for entry in further.entries:
        own = entries.get(entry.key.raw)
        if own is None:
            entries[entry.key.raw] = entry
        elif type(own.value) is Sequence and type(entry.value) is Sequence:
            shapes = [nodes.shape(item) for item in own.value.items]
            added = tuple(item for item in entry.value.items if nodes.shape(item) not in shapes)
            entries[entry.key.raw] = Entry(own.key, Sequence(own.value.span, (*own.value.items, *added), own.value.tag))
        elif type(own.value) is Mapping and type(entry.value) is Mapping:
            entries[entry.key.raw] = Entry(own.key, _extended(own.value, entry.value))
    return Mapping(known.span, tuple(entries.values()))


def _make(
    service: Service, first: Event, origins: list[Mapping], behaviors: dict[tuple[str, str], Mapping], default: str
) -> None:
    span = first.span
    usual = [behavior for (pattern, _), behavior in behaviors.items() if not pattern]
    others: list[Node] = [*usual[1:], *(behavior for (pattern, _), behavior in behaviors.items() if pattern)]
    main = usual[0] if usual else None
    if main is None:  # a distribution needs one: as the first, but without a path and without functions
        without = {"PathPattern": None, "LambdaFunctionAssociations": None}
        written = next(iter(behaviors.values()))
        main = nodes.with_entries(written, {**without, "TargetOriginId": nodes.text(span, default)})
    config: dict[str, Property] = {
        "Comment": service.joined(span, service.name, f" {service.stage}"),
        "Enabled": nodes.flag(span, value=True),
        "DefaultCacheBehavior": main,
        "Origins": nodes.sequence(span, list(origins)),
        "CacheBehaviors": nodes.sequence(span, others) if others else None,
    }
    properties: dict[str, Property] = {"DistributionConfig": service.mapping(span, config)}
    service.make(_DISTRIBUTION, "AWS::CloudFront::Distribution", properties, at=first)


SHARED = {"cloudFront": _distribution}
