"""`alexaSkill` and `alexaSmartHome`: skills of Alexa.

Sources: the pages on these events at serverless.com/framework/docs/providers/aws/events and what `serverless package` 3.40.0
makes, as of 2026-11-28.
"""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.events import Make
from stockade.inputs.serverless.service import Event, Property, Service
from stockade.inputs.serverless.sources import is_written, set_
from stockade.text.node import Entry, Node, Scalar, Sequence


def _skill(kind: str, principal: str) -> Make:
    def make(service: Service, event: Event) -> None:
        if not is_written(event):
            return
        token: Property = set_(service, event, "appId")
        if not nodes.is_block(event.body) and not (type(event.body) is Sequence and event.body.tag is None):
            token = Entry(event.key, event.body)
        logical_id = f"{naming.normal(event.function.key)}LambdaPermission{kind}{event.number}"
        service.permission(logical_id, event, principal, EventSourceToken=token, Action=_action(service, event))

    return make


def _action(service: Service, event: Event) -> Node:
    """The framework switches a skill off by an action that does not exist."""
    enabled = service.at(event.block, "enabled")
    if enabled is not None and not (type(enabled) is Scalar and enabled.tag is None):
        return enabled
    off = type(enabled) is Scalar and enabled.value is False
    return nodes.text(event.span, "lambda:DisableInvokeFunction" if off else "lambda:InvokeFunction")


EVENTS = {
    "alexaSkill": _skill("AlexaSkill", "alexa-appkit.amazon.com"),
    "alexaSmartHome": _skill("AlexaSmartHome", "alexa-connectedhome.amazon.com"),
}
