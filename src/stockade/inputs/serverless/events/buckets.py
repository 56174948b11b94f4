"""`s3`: what happens in a bucket, which the framework makes or, by a custom resource, changes.

Sources: serverless.com/framework/docs/providers/aws/events/s3 and what `serverless package` 3.40.0 makes, as of 2026-11-28.
"""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.custom_resources import declares, make_custom_resource, statement
from stockade.inputs.serverless.service import Event, Function, Property, Service
from stockade.inputs.serverless.sources import is_incomplete, is_written, set_, spelled
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

_EVENT = "s3:ObjectCreated:*"
_CUSTOM = "custom-resource-existing-s3"
_DEFINED = (
    "AccessControl",
    "BucketEncryption",
    "LoggingConfiguration",
    "PublicAccessBlockConfiguration",
    "Tags",
    "VersioningConfiguration",
)
_HANDLER = "s3/handler.handler"
_INSTEAD = (
    ", unless the bucket's own `NotificationConfiguration` and an `AWS::Lambda::Permission` take the place of"
    " `existing: true`; the permission, and the role if it is written here, then have to name the bucket by its name and not by"
    " `Ref`, which would be a circle"
)


def _buckets(service: Service, events: list[Event]) -> None:
    made: dict[str, list[tuple[Event, Entry]]] = {}
    changed: dict[str, list[tuple[Event, Entry]]] = {}
    for event in filter(is_written, events):
        entry = _bucket(service, event)
        if entry is None:
            is_incomplete(service, event, "bucket")
        elif service.is_true(event.block, "existing"):
            changed.setdefault(event.function.key, []).append((event, entry))
        else:
            made.setdefault(spelled(entry.value), []).append((event, entry))
    for reference, own in made.items():
        _make(service, reference, own)
    if changed:
        _change(service, list(changed.values()))


def _bucket(service: Service, event: Event) -> Entry | None:
    """The bucket's name, or the key of its definition."""
    if nodes.is_block(event.body):
        return set_(service, event, "bucket")
    return Entry(event.key, event.body) if type(event.body) is not Sequence or event.body.tag is not None else None


def _make(service: Service, reference: str, events: list[tuple[Event, Entry]]) -> None:
    """A bucket that is made, with everything that it notifies."""
    first, written = events[0]
    definitions = service.entry(service.provider, "s3")
    defined = service.entry(definitions.value, reference) if definitions is not None else None
    block = service.block(definitions.value, reference) if definitions is not None and defined is not None else None
    name = service.entry(block, "name") or written
    shown = naming.alnum(reference)
    notified = nodes.sequence(first.span, [_notification(service, event) for event, _ in events])
    properties: dict[str, Property] = {"BucketName": name}
    own: dict[str, Property] = {"LambdaConfigurations": notified}
    for entry in block.entries if block is not None else ():
        if entry.key.raw == "notificationConfiguration":
            own |= {e.key.raw: e for e in service.block(block, entry.key.raw).entries}
        elif entry.key.raw != "name":
            properties[naming.upper_first(entry.key.raw)] = entry
    properties |= _unknown(service, defined or definitions)
    properties["NotificationConfiguration"] = service.mapping(first.span, own)
    service.make(f"S3Bucket{shown}", "AWS::S3::Bucket", properties, at=defined or first)
    for event, _ in events:
        span = event.span
        arn = service.joined(span, "arn:", nodes.ref(span, "AWS::Partition"), ":s3:::", name.value)
        permission = f"{naming.normal(event.function.key)}LambdaPermission{shown}S3"
        account = nodes.ref(span, "AWS::AccountId")
        service.permission(permission, event, "s3.amazonaws.com", SourceArn=arn, SourceAccount=account)


def _unknown(service: Service, definition: Entry | None) -> dict[str, Property]:
    """What a definition that is not known may say of a bucket."""
    if definition is None or service.resolver.hole_of(definition.value) is None:
        return {}
    return dict.fromkeys(_DEFINED, definition)


def _event(service: Service, event: Event) -> Property:
    return set_(service, event, "event") or nodes.text(event.span, _EVENT)


def _rules(service: Service, event: Event) -> list[Entry]:
    """What narrows the event down: each rule is a mapping of one entry."""
    items = service.items(event.block, "rules")
    return [item.entries[0] for item in items if type(item) is Mapping and item.entries and nodes.is_block(item)]


def _notification(service: Service, event: Event) -> Node:
    rules: list[Node] = [
        service.mapping(rule.span, {"Name": nodes.text(rule.key.span, rule.key.raw), "Value": rule.value})
        for rule in _rules(service, event)
    ]
    found: dict[str, Property] = {
        "Event": _event(service, event),
        "Function": service.target(event.function, event.span),
    }
    if rules:
        listed = nodes.mapping(event.span, {"Rules": nodes.sequence(event.span, rules)})
        found["Filter"] = nodes.mapping(event.span, {"S3Key": listed})
    return service.mapping(event.span, found)


# ------------------------------------------------------------------------------------------------- buckets that are there


def _change(service: Service, by_function: list[list[tuple[Event, Entry]]]) -> None:
    """Buckets that are there already: a function of the framework sets what they notify."""
    statements: list[Node] = []
    handler = naming.function_id(_CUSTOM)
    for pairs in by_function:
        events = [event for event, _ in pairs]
        first, bucket = pairs[0]
        for event in events:
            _is_known_to_exist(service, event)
        span = first.span
        parts: list[Node] = [nodes.text(span, "arn"), nodes.ref(span, "AWS::Partition")]
        parts += [nodes.text(span, "s3"), nodes.text(span, ""), nodes.text(span, ""), bucket.value]
        arn = Sequence(span, (nodes.text(span, ":"), nodes.sequence(span, parts)), "!Join")
        statements.append(statement(span, ["s3:PutBucketNotification", "s3:GetBucketNotification"], arn))
        _custom(service, first.function, bucket, events, handler)
    first, _ = by_function[0][0]
    setting = service.entry(first.block, "existing") or Entry(first.key, first.body)
    any_function = nodes.sub(setting.span, "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*")
    statements.append(statement(setting.span, ["lambda:AddPermission", "lambda:RemovePermission"], any_function))
    declared = all(
        declares(service, b.value, "AWS::S3::Bucket", "BucketName") for pairs in by_function for _, b in pairs
    )
    make_custom_resource(service, _CUSTOM, _HANDLER, statements, setting, declared=declared, instead=_INSTEAD)


def _is_known_to_exist(service: Service, event: Event) -> None:
    entry = service.entry(event.block, "existing")
    if entry is not None and not (type(entry.value) is Scalar and entry.value.tag is None):
        what = f"the bucket of `{event.function.key}`"
        why = "it is not known whether it is there already, or made by the service"
        service.gap(
            entry.key, what, why, kind="unresolved", remedy="write `existing: true` or leave it out", hides=True
        )


def _custom(service: Service, function: Function, bucket: Entry, events: list[Event], handler: str) -> None:
    configs: list[Node] = []
    for event in events:
        rules: list[Node] = [
            nodes.mapping(rule.span, {naming.upper_first(rule.key.raw): rule.value}) for rule in _rules(service, event)
        ]
        own: dict[str, Property] = {"Event": _event(service, event), "Rules": nodes.sequence(event.span, rules)}
        configs.append(service.mapping(event.span, own))
    first = events[0]
    properties: dict[str, Property] = {
        "ServiceToken": nodes.get_att(first.span, handler, "Arn"),
        "FunctionName": function.name,
        "BucketName": bucket,
        "BucketConfigs": nodes.sequence(first.span, configs),
    }
    service.make(f"{naming.normal(function.key)}CustomS31", "Custom::S3", properties, at=first)


SHARED = {"s3": _buckets}
