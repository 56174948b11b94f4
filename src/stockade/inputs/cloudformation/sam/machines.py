"""AWS::Serverless::StateMachine.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs import nodes
from stockade.inputs.cloudformation.makers.messaging import definition_calls, definition_texts, definition_tree
from stockade.inputs.cloudformation.sam.events import dead_letter, emit, rule_properties, schedule, target
from stockade.inputs.cloudformation.sam.expand import STATE_MACHINE, Event, Expansion
from stockade.inputs.cloudformation.sam.roles import RoleDraft, trust_of
from stockade.inputs.cloudformation.tables import tables
from stockade.text.node import Mapping, Node

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering

_START: tuple[dict[str, Any], ...] = ({"Action": "states:StartExecution", "Effect": "Allow", "Resource": "${target}"},)


def lower_machine(lowering: Lowering, found: Declared) -> None:
    """A state machine with its role and events."""
    sam = lowering.sam
    if sam is None:  # pragma: no cover - it is there as soon as a template has a resource of SAM's
        return
    block = found.properties if type(found.properties) is Mapping and nodes.is_block(found.properties) else None
    inside = _with_definition(sam, block) or found.properties
    calls = definition_calls(lowering, inside)
    fields: dict[str, Any] = {
        "calls": calls,
        "texts": definition_texts(lowering, inside, calls),
        "definition": definition_tree(lowering, inside),
    }
    own_role = block is None or not nodes.is_set(block.get("Role"))
    origin = sam.evaluator.place(found.key_span)
    if own_role:
        fields["role"] = sam.reference(f"{found.id}Role", "Arn", origin)
    lowering.add_by_table(found, **fields)
    if own_role:
        _role(sam, found, block)
    if block is None:
        return
    for event in sam.events.get(found.id, ()):
        _event(sam, found, block, event)


def _with_definition(sam: Expansion, block: Mapping | None) -> Mapping | None:
    """The properties with the definition that `DefinitionUri` names, if that is a file that can be read."""
    uri = nodes.literal(block.get("DefinitionUri")) if block is not None else None
    if block is None or uri is None or "://" in uri:
        return None
    inside = sam.evaluator.file(uri)
    if inside is None:
        return None
    return nodes.with_entries(block, {"Definition": inside, "DefinitionUri": None})


def _role(sam: Expansion, found: Declared, block: Mapping | None) -> None:
    role = RoleDraft(sam, found, f"{found.id}Role")
    fields: dict[str, Any] = {}
    if block is not None:
        policies = block.entry("Policies")
        if policies is not None:
            role.policies(policies.value, policies.key.span)
        tracing = block.get("Tracing")
        enabled = tracing.get("Enabled") if type(tracing) is Mapping else None
        if nodes.literal(enabled) == "true" or getattr(enabled, "value", None) is True:
            role.attach(
                "AWSXrayWriteOnlyAccess",
                sam.evaluator.origin(enabled) if enabled is not None else found_origin(sam, found),
            )
        fields = sam.lowering.fields(tables()[f"{STATE_MACHINE}/Role"], block)
    made = role.make(found.body.span, trust=trust_of("states.amazonaws.com", found_origin(sam, found)), fields=fields)
    sam.write_at(made, found, f"{STATE_MACHINE}/Role", ("Properties",), found.key_span)


def found_origin(sam: Expansion, found: Declared) -> Any:  # noqa: ANN401 - an origin
    """Where a resource is."""
    return sam.evaluator.place(found.key_span)


def _event(sam: Expansion, found: Declared, block: Mapping, event: Event) -> None:
    span = event.span
    alias = nodes.literal(block.get("AutoPublishAlias"))
    through = nodes.is_set(block.get("UseAliasAsEventTarget")) and alias
    arn = nodes.ref(span, f"{found.id}Alias{alias}" if through else found.id)
    if event.type == "ScheduleV2":
        schedule(sam, event, arn, _START, "StartExecutionPolicy")
    elif event.type in {"Schedule", "CloudWatchEvent", "EventBridgeRule"}:
        given: Node | None = event.get("RoleArn") if event.type == "Schedule" else None
        if given is None:
            given = _event_role(sam, block, event, arn, "events.amazonaws.com")
        queue = dead_letter(sam, event, policy=True)
        made = target(event, arn, queue, given)
        emit(sam, event, "", "AWS::Events::Rule", rule_properties(event, made), site=True)
    elif event.type == "Api":
        if event.properties.entries:
            _event_role(sam, block, event, arn, "apigateway.amazonaws.com")
    else:
        sam.evaluator.gap(
            event.entry.key.span,
            f"the event `{event.name}` of `{found.id}`",
            f"SAM knows no event type `{event.type}` of state machines",
            kind="unsupported",
            remedy="correct its `Type`",
            hides=True,
        )


def _event_role(sam: Expansion, block: Mapping, event: Event, arn: Node, principal: str) -> Node:
    """The role with which a service starts the state machine."""
    role_id = f"{event.id}Role"
    draft = RoleDraft(sam, event.owner, role_id)
    draft.statements(_START, event.span, {"target": arn}, form="generated", name=f"{role_id}StartExecutionPolicy")
    origin = sam.evaluator.place(event.span, event.entry.key.span)
    boundary = sam.lowering.value_at(block, "PermissionsBoundary")
    draft.make(
        event.span,
        trust=trust_of(principal, origin),
        fields={} if boundary is None else {"boundary": boundary},
        key_span=event.entry.key.span,
    )
    return nodes.get_att(event.span, role_id, "Arn")


MAKERS = {STATE_MACHINE: lower_machine}
