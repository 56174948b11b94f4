"""`iot` and `iotFleetProvisioning`: what things report, and things that want to be registered.

Sources: the pages on these events at serverless.com/framework/docs/providers/aws/events and what `serverless package` 3.40.0
makes, as of 2026-11-28.
"""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.service import Event, Property, Service
from stockade.inputs.serverless.sources import as_json, is_incomplete, is_shaped, set_
from stockade.text.node import Entry, Node, Scalar

_PRINCIPAL = "iot.amazonaws.com"


def _rule(service: Service, event: Event) -> None:
    if not is_shaped(service, event):
        return
    is_incomplete(service, event, "sql")
    function, span = naming.normal(event.function.key), event.span
    logical_id = f"{function}IotTopicRule{event.number}"
    invoked = nodes.mapping(span, {"FunctionArn": service.target(event.function, span)})
    payload: dict[str, Property] = {
        "RuleDisabled": _disabled(service, event),
        "Sql": _line(service, event, "sql"),
        "Actions": nodes.sequence(span, [nodes.mapping(span, {"Lambda": invoked})]),
        "Description": _line(service, event, "description"),
        "AwsIotSqlVersion": _line(service, event, "sqlVersion"),
    }
    properties: dict[str, Property] = {
        "TopicRulePayload": service.mapping(span, payload),
        "RuleName": _line(service, event, "name"),
    }
    service.make(logical_id, "AWS::IoT::TopicRule", properties, at=event)
    parts: list[str | Node] = ["arn:", nodes.ref(span, "AWS::Partition"), ":iot:", nodes.ref(span, "AWS::Region"), ":"]
    parts += [nodes.ref(span, "AWS::AccountId"), ":rule/", nodes.ref(span, logical_id)]
    arn = service.joined(span, *parts)
    service.permission(f"{function}LambdaPermissionIotTopicRule{event.number}", event, _PRINCIPAL, SourceArn=arn)


def _disabled(service: Service, event: Event) -> Property:
    entry = service.entry(event.block, "enabled")
    if entry is None or type(entry.value) is not Scalar or entry.value.tag is not None:
        return entry or nodes.flag(event.span, value=False)
    return Entry(entry.key, nodes.flag(entry.value.span, value=entry.value.value is False))


def _line(service: Service, event: Event, key: str) -> Entry | None:
    """A text without its line breaks."""
    entry = set_(service, event, key)
    text = nodes.literal(entry.value) if entry is not None else None
    if entry is None or text is None or "\n" not in text:
        return entry
    return Entry(entry.key, nodes.text(entry.value.span, text.replace("\r\n", "").replace("\n", "")))


def _fleet(service: Service, event: Event) -> None:
    if not is_shaped(service, event):
        return
    is_incomplete(service, event, "provisioningRoleArn", "templateBody")
    function, span = naming.normal(event.function.key), event.span
    template = service.entry(event.block, "templateBody")
    properties: dict[str, Property] = {
        "Enabled": service.entry(event.block, "enabled") or nodes.flag(span, value=True),
        "PreProvisioningHook": nodes.mapping(span, {"TargetArn": service.target(event.function, span)}),
        "ProvisioningRoleArn": service.entry(event.block, "provisioningRoleArn"),
        "TemplateBody": None if template is None else Entry(template.key, as_json(template.value)),
        "TemplateName": set_(service, event, "templateName"),
    }
    service.make(f"{function}IotProvisioningTemplate", "AWS::IoT::ProvisioningTemplate", properties, at=event)
    service.permission(f"{function}LambdaPermissionIotProvisioningTemplate", event, _PRINCIPAL)


EVENTS = {"iot": _rule, "iotFleetProvisioning": _fleet}
