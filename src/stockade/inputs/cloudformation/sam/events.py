"""The events of functions that other services push: permissions, rules, schedules, subscriptions.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from stockade.inputs import nodes
from stockade.inputs.cloudformation.evaluate import text
from stockade.inputs.cloudformation.sam.expand import (
    Caller,
    Event,
    Expansion,
    suffixed,
)
from stockade.inputs.cloudformation.sam.mappings import PULLED, lower_mapping
from stockade.inputs.cloudformation.sam.roles import RoleDraft, trust_of
from stockade.model.value import Value
from stockade.text.document import Span
from stockade.text.node import Mapping, Node, Scalar

_SNS_POLICY: tuple[dict[str, Any], ...] = (
    {
        "Action": "sqs:SendMessage",
        "Effect": "Allow",
        "Principal": "*",
        "Resource": "${queue}",
        "Condition": {"ArnEquals": {"aws:SourceArn": "${topic}"}},
    },
)
_RULE_POLICY: tuple[dict[str, Any], ...] = (
    {
        "Action": "sqs:SendMessage",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Resource": "${queue}",
        "Condition": {"ArnEquals": {"aws:SourceArn": "${rule}"}},
    },
)

Push: TypeAlias = "Callable[[Expansion, Event, Caller], None]"


def lower_event(sam: Expansion, event: Event, caller: Caller, role: RoleDraft | None) -> None:
    """One event of a function."""
    if event.type in PULLED:
        lower_mapping(sam, event, caller, role)
        return
    push = PUSHED.get(event.type)
    if push is None:
        sam.evaluator.gap(
            event.entry.key.span,
            f"the event `{event.name}` of `{event.owner.id}`",
            f"SAM knows no event type `{event.type}`",
            kind="unsupported",
            remedy="correct its `Type`",
            hides=True,
        )
        return
    push(sam, event, caller)
    if role is not None and event.type == "SNS" and _through_queue(event):
        role.feature("event:SQS", event.span, {})


def emit(
    sam: Expansion, event: Event, suffix: str, type_: str, properties: dict[str, Node | None], *, site: bool = False
) -> list[Any]:
    """Make a resource for an event, at the user's block."""
    return sam.emit(
        event.owner,
        event.id + suffix,
        type_,
        nodes.mapping(event.span, properties),
        span=event.span,
        key_span=event.entry.key.span,
        table=f"{event.owner.type}/Events/{event.type}" if site else "",
        at=event.base,
    )


def value_of(sam: Expansion, node: Node, key_span: Span | None = None) -> Value[str]:
    """A text."""
    return text(sam.evaluator.value(node, key_span))


# ---------------------------------------------------------------------------------------------------------------- rules


def state_of(event: Event) -> Node | None:
    """The state of a rule: `State`, or `Enabled` as SAM reads it (whatever is not literally false)."""
    enabled = event.get("Enabled")
    if enabled is not None and not (type(enabled) is Scalar and enabled.value is None and enabled.tag is None):
        on = nodes.is_set(enabled) and nodes.literal(enabled) != "false"
        return nodes.text(enabled.span, "ENABLED" if on else "DISABLED")
    state = event.get("State")
    return state if nodes.is_set(state) else None


def dead_letter(sam: Expansion, event: Event, *, policy: bool) -> Node | None:
    """The dead-letter queue of a rule or schedule: the one that is given, or one that SAM makes."""
    block = event.get("DeadLetterConfig")
    if type(block) is not Mapping or not nodes.is_block(block):
        return None
    arn = block.get("Arn")
    if arn is not None:
        return arn
    logical_id = nodes.literal(block.get("QueueLogicalId")) or f"{event.id}Queue"
    span = block.span
    queue = nodes.get_att(span, logical_id, "Arn")
    key_span = event.entry.key.span
    sam.emit(event.owner, logical_id, "AWS::SQS::Queue", Mapping(span, ()), span=span, key_span=key_span)
    if policy:
        document = nodes.from_plain(
            {"Version": "2012-10-17", "Statement": list(_RULE_POLICY)},
            span,
            {"queue": queue, "rule": nodes.get_att(span, event.id, "Arn")},
        )
        body = {"PolicyDocument": document, "Queues": nodes.sequence(span, [nodes.ref(span, logical_id)])}
        sam.emit(
            event.owner,
            f"{event.id}QueuePolicy",
            "AWS::SQS::QueuePolicy",
            nodes.mapping(span, body),
            span=span,
            key_span=key_span,
        )
    return queue


def target(event: Event, arn: Node, queue: Node | None, role: Node | None = None) -> Node:
    """The target of a rule or schedule."""
    return nodes.mapping(
        event.span,
        {
            "Arn": arn,
            "RoleArn": role,
            "Input": event.get("Input"),
            "InputPath": event.get("InputPath"),
            "DeadLetterConfig": nodes.mapping(queue.span, {"Arn": queue}) if queue is not None else None,
            "RetryPolicy": event.get("RetryPolicy"),
        },
    )


def rule_properties(event: Event, made_target: Node) -> dict[str, Node | None]:
    """The properties of a rule of EventBridge."""
    scheduled = event.type == "Schedule"
    return {
        "Name": event.get("Name" if scheduled else "RuleName"),
        "ScheduleExpression": event.get("Schedule") if scheduled else None,
        "EventPattern": None if scheduled else event.get("Pattern"),
        "EventBusName": None if scheduled else event.get("EventBusName"),
        "State": state_of(event),
        "Targets": nodes.sequence(event.span, [made_target]),
    }


def _rule(sam: Expansion, event: Event, caller: Caller) -> None:
    """Schedule, CloudWatchEvent, EventBridgeRule."""
    queue = dead_letter(sam, event, policy=True)
    made = target(event, caller.arn(event.span), queue)
    emit(sam, event, "", "AWS::Events::Rule", rule_properties(event, made), site=True)
    source = sam.reference(event.id, "Arn", sam.evaluator.place(event.span, event.entry.key.span))
    sam.permission(event, f"{event.id}Permission", "events.amazonaws.com", source_arn=source)


def schedule(sam: Expansion, event: Event, arn: Node, statements: tuple[dict[str, Any], ...], policy: str) -> None:
    """ScheduleV2: a schedule of EventBridge Scheduler, with the role that it takes."""
    queue = dead_letter(sam, event, policy=False)
    role: Node | None = event.get("RoleArn")
    if not nodes.is_set(role):
        role_id = f"{event.id}Role"
        role = nodes.get_att(event.span, role_id, "Arn")
        draft = RoleDraft(sam, event.owner, role_id)
        draft.statements(statements, event.span, {"target": arn}, form="generated", name=event.id + policy)
        if queue is not None:
            draft.feature("on-failure:SQS", queue.span, {"destination": queue}, name=f"{event.id}SQSPolicy")
        boundary = event.get("PermissionsBoundary")
        fields = {"boundary": value_of(sam, boundary)} if boundary is not None and nodes.is_set(boundary) else {}
        origin = sam.evaluator.place(event.span, event.entry.key.span)
        draft.make(
            event.span, trust=trust_of("scheduler.amazonaws.com", origin), fields=fields, key_span=event.entry.key.span
        )
    name = event.get("Name")
    omitted = event.get("OmitName")
    if not nodes.is_set(name) and not (nodes.is_set(omitted) and nodes.literal(omitted) != "false"):
        name = nodes.text(event.span, event.id)
    emit(
        sam,
        event,
        "",
        "AWS::Scheduler::Schedule",
        {
            "Name": name,
            "ScheduleExpression": event.get("ScheduleExpression"),
            "KmsKeyArn": event.get("KmsKeyArn"),
            "State": event.get("State"),
            "FlexibleTimeWindow": event.get("FlexibleTimeWindow"),
            "GroupName": event.get("GroupName"),
            "Target": target(event, arn, queue, role),
        },
        site=True,
    )


_INVOKE: tuple[dict[str, Any], ...] = ({"Action": "lambda:InvokeFunction", "Effect": "Allow", "Resource": "${target}"},)


def _schedule(sam: Expansion, event: Event, caller: Caller) -> None:
    schedule(sam, event, caller.arn(event.span), _INVOKE, "LambdaPolicy")


# --------------------------------------------------------------------------------------------------- topics and buckets


def _bucket(sam: Expansion, event: Event, caller: Caller) -> None:
    """S3: the notification itself is put on the bucket before anything is lowered."""
    del caller
    account = value_of(sam, nodes.ref(event.span, "AWS::AccountId"))
    sam.permission(event, f"{event.id}Permission", "s3.amazonaws.com", source_account=account)


def _topic(sam: Expansion, event: Event, caller: Caller) -> None:
    """SNS, straight to the function or through a queue."""
    topic = event.get("Topic")
    through = event.get("SqsSubscription")
    span = event.span
    common = {
        "TopicArn": topic,
        "Region": event.get("Region"),
        "FilterPolicy": event.get("FilterPolicy"),
        "FilterPolicyScope": event.get("FilterPolicyScope"),
        "RedrivePolicy": event.get("RedrivePolicy"),
    }
    if not _through_queue(event):
        if topic is not None:
            sam.permission(event, f"{event.id}Permission", "sns.amazonaws.com", source_arn=value_of(sam, topic))
        own = {"Protocol": nodes.text(span, "lambda"), "Endpoint": caller.arn(span)}
        emit(sam, event, "", "AWS::SNS::Subscription", {**common, **own}, site=True)
        return
    policy_id = f"{event.id}QueuePolicy"
    if type(through) is Mapping and nodes.is_block(through):
        queue, url = through.get("QueueArn"), through.get("QueueUrl")
        policy_id = nodes.literal(through.get("QueuePolicyLogicalId")) or policy_id
        batch = through.get("BatchSize") if nodes.is_set(through.get("BatchSize")) else None
        if queue is None or url is None:
            sam.evaluator.gap(
                through,
                f"the queue of the event `{event.name}`",
                "it wants `QueueArn` and `QueueUrl`",
                kind="wrong-shape",
            )
            return
    else:
        queue, url = nodes.get_att(span, f"{event.id}Queue", "Arn"), nodes.ref(span, f"{event.id}Queue")
        batch = None
        emit(sam, event, "Queue", "AWS::SQS::Queue", {"FifoQueue": _fifo(sam, topic, span)})
    holes = {"queue": queue, "topic": topic if topic is not None else nodes.text(span, "")}
    document = nodes.from_plain({"Version": "2012-10-17", "Statement": list(_SNS_POLICY)}, span, holes)
    body = nodes.mapping(span, {"PolicyDocument": document, "Queues": nodes.sequence(span, [url])})
    sam.emit(event.owner, policy_id, "AWS::SQS::QueuePolicy", body, span=span, key_span=event.entry.key.span)
    own = {"Protocol": nodes.text(span, "sqs"), "Endpoint": queue}
    emit(sam, event, "", "AWS::SNS::Subscription", {**common, **own}, site=True)
    mapping: dict[str, Node | None] = {
        "FunctionName": caller.name(span),
        "EventSourceArn": queue,
        "BatchSize": batch or Scalar(span, 10, "10"),
        "Enabled": nodes.flag(span, value=True),
    }
    emit(sam, event, "EventSourceMapping", "AWS::Lambda::EventSourceMapping", mapping)


def _through_queue(event: Event) -> bool:
    """Whether a topic's messages go through a queue."""
    through = event.get("SqsSubscription")
    return nodes.is_set(through) and nodes.literal(through) != "false"


def _fifo(sam: Expansion, topic: Node | None, span: Span) -> Node | None:
    """A queue behind a FIFO topic is a FIFO queue."""
    found = sam.lowering.declared.get(nodes.target_of(topic) or "")
    block = found.properties if found is not None else None
    value = block.get("FifoTopic") if type(block) is Mapping else None
    if value is None or not nodes.is_set(value) or nodes.literal(value) == "false":
        return None
    return nodes.text(span, nodes.literal(value) or "true") if value.tag is None else value


# ------------------------------------------------------------------------------------------------------- other services


def _logs(sam: Expansion, event: Event, caller: Caller) -> None:
    group = event.get("LogGroupName")
    span = event.span
    if group is not None:
        source = nodes.sub(
            span,
            "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:${__LogGroupName__}:*",
            {"__LogGroupName__": group},
        )
        sam.permission(event, f"{event.id}Permission", "logs.amazonaws.com", source_arn=value_of(sam, source))
    properties = {
        "LogGroupName": group,
        "FilterPattern": event.get("FilterPattern"),
        "DestinationArn": caller.arn(span),
    }
    emit(sam, event, "", "AWS::Logs::SubscriptionFilter", properties, site=True)


def _iot(sam: Expansion, event: Event, caller: Caller) -> None:
    span = event.span
    source = nodes.sub(span, "arn:aws:iot:${AWS::Region}:${AWS::AccountId}:rule/${" + event.id + "}")
    account = nodes.ref(span, "AWS::AccountId")
    sam.permission(
        event,
        f"{event.id}Permission",
        "iot.amazonaws.com",
        source_arn=value_of(sam, source),
        source_account=value_of(sam, account),
    )
    action = nodes.mapping(span, {"Lambda": nodes.mapping(span, {"FunctionArn": caller.arn(span)})})
    payload = {"Sql": event.get("Sql"), "Actions": nodes.sequence(span, [action])}
    emit(sam, event, "", "AWS::IoT::TopicRule", {"TopicRulePayload": nodes.mapping(span, payload)}, site=True)


def _alexa(sam: Expansion, event: Event, caller: Caller) -> None:
    del caller
    skill = event.get("SkillId")
    fields = {"event_source_token": value_of(sam, skill)} if skill is not None else {}
    sam.permission(event, f"{event.id}Permission", "alexa-appkit.amazon.com", **fields)


def _cognito(sam: Expansion, event: Event, caller: Caller) -> None:
    """Cognito: the trigger itself is put on the user pool before anything is lowered."""
    pool = nodes.target_of(event.get("UserPool"))
    if pool is None:
        return
    source = sam.reference(pool, "Arn", sam.evaluator.place(event.span, event.entry.key.span))
    # Every Cognito event of a function makes the same permission.
    logical_id = f"{caller.alias or caller.id}CognitoPermission"
    if logical_id not in sam.made:
        sam.made.add(logical_id)
        sam.permission(event, logical_id, "cognito-idp.amazonaws.com", source_arn=source)


# ----------------------------------------------------------------------------------------------------------------- APIs


def _rest(sam: Expansion, event: Event, caller: Caller) -> None:
    """Api: the route is made with its API; here is the permission."""
    del caller
    path, method = nodes.literal(event.get("Path")), nodes.literal(event.get("Method"))
    if path is None or method is None:
        if event.properties.entries:
            _no_path(sam, event)
        return
    api = event.get("RestApiId")
    suffix = _stage_suffix(sam, event)
    verb = "*" if method.lower() == "any" else method.upper()
    route = f"/*/{verb}{permission_path(path, greedy=True)}"
    source = _api_arn(sam, event, api, "ServerlessRestApi", "aws", route)
    sam.permission(event, suffixed(f"{event.id}Permission", suffix), "apigateway.amazonaws.com", source_arn=source)


def _no_path(sam: Expansion, event: Event) -> None:
    sam.evaluator.gap(
        event.entry.value,
        f"the event `{event.name}` of `{event.owner.id}`",
        "its `Path` and `Method` are not plain texts",
        kind="wrong-shape",
        remedy="SAM wants both as texts",
        hides=True,
    )


def _stage_suffix(sam: Expansion, event: Event) -> str:
    """The name of the stage, as it ends the permission's logical id."""
    api = sam.api_of(event)
    if api is None:
        return "AllStages"
    found = sam.lowering.declared.get(api)
    block = found.properties if found is not None else None
    return nodes.literal(block.get("StageName") if type(block) is Mapping else None) or "Stage"


def _api_arn(sam: Expansion, event: Event, api: Node | None, implicit: str, partition: str, route: str) -> Value[str]:
    span = event.span
    start = f"arn:{partition}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:"
    target = implicit if api is None else nodes.target_of(api)
    if target is not None and "${" not in route and (api is None or (api.tag == "!Ref" and "." not in target)):
        place = sam.evaluator.place(span)
        joined = sam.joined(start + "${api}" + route, {"api": sam.reference(target, "Ref", place)}, place)
        if joined is not None:
            return joined
    if api is None:
        return value_of(sam, nodes.sub(span, start + "${" + implicit + "}" + _escaped(route)))
    return value_of(sam, nodes.sub(span, start + "${__ApiId__}" + _escaped(route), {"__ApiId__": api}))


def _escaped(route: str) -> str:
    return route.replace("${", "${!") if "${" in route else route


def permission_path(path: str, *, greedy: bool, strip: bool = True) -> str:
    """A path as it stands in a permission: without the last slash, with a star for each parameter."""
    if strip and len(path) > 1 and path.endswith("/"):
        path = path[:-1]
    if "{" not in path:
        return path
    parts: list[str] = []
    rest = path
    while rest:
        before, brace, after = rest.partition("{")
        parts.append(before)
        if not brace:
            break
        name, close, rest = after.partition("}")
        plain = name.removesuffix("+") if greedy or name == "proxy+" else name
        known = close and plain and all((c.isalnum() and c.isascii()) or c in "._-" for c in plain)
        if known:
            parts.append("*")
        else:
            parts.append("{" + name + close)
    return "".join(parts)


def _http(sam: Expansion, event: Event, caller: Caller) -> None:
    """HttpApi: the route is made with its API; here is the permission."""
    path, method = http_route(event)
    if path is None or method is None:
        _no_path(sam, event)
        return
    if path == "$default":
        shown = ""
    elif _has_default(sam, event, caller):
        # The permission for the default route covers it.
        return
    else:
        shown = permission_path(path, greedy=False)
    verb = "*" if method.lower() in {"any", "x-amazon-apigateway-any-method"} else method.upper()
    route = f"/*{shown}" if method.lower() == "any" and shown == "/$default" else f"/*/{verb}{shown}"
    source = _api_arn(sam, event, event.get("ApiId"), "ServerlessHttpApi", "${AWS::Partition}", route)
    sam.permission(event, f"{event.id}Permission", "apigateway.amazonaws.com", source_arn=source)


def http_route(event: Event) -> tuple[str | None, str | None]:
    """The path and method of an HTTP API's event; without both it is the default route."""
    path, method = event.get("Path"), event.get("Method")
    if not nodes.is_set(path) and not nodes.is_set(method):
        return "$default", "x-amazon-apigateway-any-method"
    return nodes.literal(path), nodes.literal(method)


def _has_default(sam: Expansion, event: Event, caller: Caller) -> bool:
    """Whether the same function has the API's default route."""
    if caller.alias:
        return False
    api = sam.api_of(event)
    for other in sam.events.get(event.owner.id, ()):
        if other.type == "HttpApi" and sam.api_of(other) == api:
            path, method = http_route(other)
            if path == "$default" and (method or "").lower() in {"any", "x-amazon-apigateway-any-method"}:
                return True
    return False


PUSHED: dict[str, Push] = {
    "AlexaSkill": _alexa,
    "Api": _rest,
    "CloudWatchEvent": _rule,
    "CloudWatchLogs": _logs,
    "Cognito": _cognito,
    "EventBridgeRule": _rule,
    "HttpApi": _http,
    "IoTRule": _iot,
    "S3": _bucket,
    "SNS": _topic,
    "Schedule": _rule,
    "ScheduleV2": _schedule,
}
