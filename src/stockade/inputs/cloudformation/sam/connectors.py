"""AWS::Serverless::Connector, and `Connectors` on resources: what lets one resource use another.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-connector.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import force_setattr

from stockade.inputs import nodes
from stockade.inputs.cloudformation.evaluate import text
from stockade.inputs.cloudformation.sam.expand import CONNECTOR, FUNCTION, STATE_MACHINE, Expansion
from stockade.inputs.cloudformation.sam.globals import PREFIX
from stockade.knowledge.sam import Connector, connector_resources, sam_connectors
from stockade.model.app import Permission, Policy
from stockade.model.value import Known
from stockade.patterns import regex
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering

_BECOMES = {
    FUNCTION: "AWS::Lambda::Function",
    STATE_MACHINE: "AWS::StepFunctions::StateMachine",
    f"{PREFIX}Api": "AWS::ApiGateway::RestApi",
    f"{PREFIX}HttpApi": "AWS::ApiGatewayV2::Api",
    f"{PREFIX}SimpleTable": "AWS::DynamoDB::Table",
    f"{PREFIX}GraphQLApi": "AWS::AppSync::GraphQLApi",
}
_HOLE = regex(r"%\{([A-Za-z.]+)\}")


class End(Struct, frozen=True, eq=False):
    """One end of a connector."""

    type: str
    parts: dict[str, Node]  # Arn, Name, ResourceId, Qualifier, QueueUrl, RoleName

    def get(self, name: str) -> Node | None:
        """One of its parts."""
        return self.parts.get(name)


def note_connector(lowering: Lowering, found: Declared) -> None:
    """Connectors wait until everything else is lowered: what they connect may be made by SAM."""
    if lowering.sam is not None:
        lowering.sam.connectors.append(found)


def lower_connector(sam: Expansion, found: Declared) -> None:
    """One connector: a policy or permission for each destination."""
    block = found.properties
    source = block.get("Source") if type(block) is Mapping else None
    written = block.get("Destination") if type(block) is Mapping else None
    if type(block) is not Mapping or source is None or written is None:
        _unreadable(sam, found, found.body, "it wants `Source`, `Destination` and `Permissions`")
        return
    several = type(written) is Sequence and nodes.is_list(written)
    destinations = written.items if type(written) is Sequence and several else (written,)
    asked = block.get("Permissions")
    permissions = [
        p for i in (asked.items if type(asked) is Sequence else (asked,)) if (p := nodes.literal(i)) is not None
    ]
    for index, destination in enumerate(destinations):
        ending = f"Destination{index}" if several else ""
        one, other = _end(sam, source, destination), _end(sam, destination, source)
        if one is None or other is None:
            _unreadable(sam, found, destination, "an end of it is no resource that can be found")
            continue
        connect(sam, found, found.id, one, other, permissions, destination.span, ending=ending)


def _unreadable(sam: Expansion, found: Declared, node: Node, why: str) -> None:
    sam.evaluator.gap(node, f"the connector `{found.id}`", why, kind="wrong-shape", remedy="correct it", hides=True)


def connect(  # noqa: PLR0913 - a connector has two ends, a name, a place and an owner
    sam: Expansion,
    found: Declared,
    logical_id: str,
    source: End,
    destination: End,
    permissions: list[str],
    span: Span,
    *,
    ending: str = "",
) -> None:
    """What a connector between two ends makes."""
    profile = sam_connectors().get((source.type, destination.type))
    if profile is None:
        sam.evaluator.gap(
            span,
            f"the connector `{logical_id}`",
            f"SAM knows none from {source.type} to {destination.type}",
            kind="unsupported",
            hides=True,
        )
        return
    holes = {f"Source.{k}": v for k, v in source.parts.items()} | {
        f"Destination.{k}": v for k, v in destination.parts.items()
    }
    chosen = [(c, body) for c, body in profile.properties["AccessCategories"].items() if c in permissions]
    from_source = bool(profile.properties.get("SourcePolicy"))
    own = source if from_source else destination
    key_span = found.key_span
    if profile.kind == "AWS_LAMBDA_PERMISSION":
        for category, body in chosen:
            _permission(sam, found, f"{logical_id}{category}LambdaPermission{ending}", own, body, holes, span)
        return
    statements = [_filled(row, span, holes) for _, body in chosen for row in body["Statement"]]
    document = nodes.mapping(
        span, {"Version": nodes.text(span, "2012-10-17"), "Statement": nodes.sequence(span, statements)}
    )
    type_, field, suffix, part = _POLICIES[profile.kind]
    target = own.get(part)
    if target is None:
        _no_end(sam, logical_id, profile, part, span)
        return
    made = nodes.mapping(span, {"PolicyDocument": document, field: nodes.sequence(span, [target])})
    for record in sam.emit(found, f"{logical_id}{suffix}{ending}", type_, made, span=span, key_span=key_span):
        if isinstance(record, Policy) and profile.kind == "AWS_IAM_ROLE_MANAGED_POLICY":
            force_setattr(record, "form", "connector")


# How each kind of profile becomes a resource: its type, the property that attaches it, the end of its id, the part of
# the connector's end that it is attached to.
_POLICIES = {
    "AWS_IAM_ROLE_MANAGED_POLICY": ("AWS::IAM::ManagedPolicy", "Roles", "Policy", "RoleName"),
    "AWS_SQS_QUEUE_POLICY": ("AWS::SQS::QueuePolicy", "Queues", "QueuePolicy", "QueueUrl"),
    "AWS_SNS_TOPIC_POLICY": ("AWS::SNS::TopicPolicy", "Topics", "TopicPolicy", "Arn"),
}


def _no_end(sam: Expansion, logical_id: str, profile: Connector, part: str, span: Span) -> None:
    what = {"RoleName": "role", "QueueUrl": "queue's URL", "Arn": "ARN"}[part]
    sam.evaluator.gap(
        span,
        f"the connector `{logical_id}`",
        f"the {what} of the {profile.source} or {profile.destination} can't be told from the template",
        kind="unresolved",
        remedy=f"state `{part}`",
        hides=True,
    )


def _permission(
    sam: Expansion, found: Declared, logical_id: str, own: End, body: dict[str, Any], holes: dict[str, Node], span: Span
) -> None:
    arn = own.get("Arn")
    if arn is None:
        return
    base = sam.base(found, logical_id, span)
    origin = base["origin"]
    fields: dict[str, Any] = {}
    for name, field in (("SourceArn", "source_arn"), ("SourceAccount", "source_account")):
        if name in body:
            node = _filled(body[name], span, holes)
            fields[field] = text(sam.evaluator.value(node))
    sam.add(
        Permission(
            **base,
            function_name=text(sam.evaluator.value(arn)),
            action=Known(v=body["Action"], origin=origin),
            principal=Known(v=body["Principal"], origin=origin),
            generated_by="SAM connector",
            **fields,
        )
    )


def _filled(row: Any, span: Span, holes: dict[str, Node]) -> Node:  # noqa: ANN401 - plain data
    """Plain data of a profile with `%{Source.Arn}` and the like filled."""
    if isinstance(row, dict):
        return Mapping(span, tuple(Entry(Scalar(span, k, k), _filled(v, span, holes)) for k, v in row.items()))
    if isinstance(row, list):
        return Sequence(span, tuple(_filled(v, span, holes) for v in row))
    if not isinstance(row, str):
        return nodes.from_plain(row, span, {})
    whole = _HOLE.fullmatch(row)
    if whole is not None:
        return holes.get(whole.group(1)) or nodes.text(span, "")
    used: dict[str, Node] = {}

    def name(match: re.Match[str]) -> str:
        short = match.group(1).replace(".", "")
        used[short] = holes.get(match.group(1)) or nodes.text(span, "")
        return "${" + short + "}"

    filled = _HOLE.sub(name, row)
    return nodes.sub(span, filled, used) if "${" in filled else nodes.text(span, filled)


# ----------------------------------------------------------------------------------------------------------------- ends


def _end(sam: Expansion, node: Node, opposite: Node) -> End | None:
    """An end of a connector: a resource of this template by its id, or what is stated of it."""
    if type(node) is not Mapping or not nodes.is_block(node):
        return None
    logical_id = nodes.literal(node.get("Id"))
    if logical_id is None:
        type_ = nodes.literal(node.get("Type"))
        if type_ is None:
            return None
        stated = {e.key.raw: e.value for e in node.entries if e.key.raw != "Type"}
        return End(_BECOMES.get(type_, type_), stated)
    found = sam.lowering.declared.get(logical_id)
    if found is None:
        return None
    type_ = _BECOMES.get(found.type, found.type)
    row = connector_resources().get(type_, {})
    span = node.span
    parts: dict[str, Node] = {}
    for name, part in (
        ("Arn", "Arn"),
        ("Name", "Name"),
        ("Id", "ResourceId"),
        ("Qualifier", "Qualifier"),
        ("Url", "QueueUrl"),
    ):
        plain = row.get("Outputs", {}).get(name)
        if plain is not None:
            parts[part] = _output(plain, logical_id, span)
    qualifier = node.get("Qualifier")
    if qualifier is not None:
        parts["Qualifier"] = qualifier
    role = _role_of(sam, found, row.get("Inputs", {}).get("Role"), opposite)
    if role is not None:
        parts["RoleName"] = nodes.ref(span, role)
    return End(type_, parts)


def _output(plain: Any, logical_id: str, span: Span) -> Node:  # noqa: ANN401 - plain data
    if isinstance(plain, dict):
        if "Ref" in plain:
            return nodes.ref(span, logical_id)
        return nodes.get_att(span, logical_id, str(plain["Fn::GetAtt"][1]))
    return nodes.text(span, str(plain))


def _role_of(sam: Expansion, found: Declared, place: Any, opposite: Node) -> str | None:  # noqa: ANN401 - plain data
    """The logical id of a resource's role."""
    if place is None:
        return None
    block = found.properties if type(found.properties) is Mapping else None
    if found.type in {FUNCTION, STATE_MACHINE}:
        given = block.get("Role") if block is not None else None
        return nodes.target_of(given) if given is not None and nodes.is_set(given) else f"{found.id}Role"
    if block is None:
        return None
    if isinstance(place, str):
        return nodes.target_of(block.get(place))
    targets = block.get("Targets")
    wanted = nodes.literal(opposite.get("Id")) if type(opposite) is Mapping else None
    arn = opposite.get("Arn") if type(opposite) is Mapping else None
    for item in targets.items if type(targets) is Sequence else ():
        there = item.get("Arn") if type(item) is Mapping else None
        if type(item) is not Mapping or there is None:
            continue
        same = arn is not None and sam.evaluator.value(arn).show() == sam.evaluator.value(there).show()
        if same or (wanted is not None and nodes.target_of(there) == wanted):
            return nodes.target_of(item.get("RoleArn"))
    return None


MAKERS = {CONNECTOR: note_connector}
