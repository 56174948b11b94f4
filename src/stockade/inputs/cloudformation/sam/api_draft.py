"""What REST and HTTP APIs of SAM have in common: the document, the events, the authorizers.

SAM completes the OpenAPI document of an API and hands that to API Gateway; here the completed document is lowered like
one that somebody wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import force_setattr

from stockade.inputs import nodes
from stockade.inputs.cloudformation.evaluate import text
from stockade.inputs.cloudformation.sam import openapi
from stockade.inputs.cloudformation.sam.events import http_route
from stockade.inputs.cloudformation.sam.expand import FUNCTION, IMPLICIT, Event, Expansion
from stockade.inputs.intrinsic import intrinsic
from stockade.model.app import Api, Permission, Route
from stockade.model.value import File, Known
from stockade.text.node import Entry, Mapping, Node, Scalar

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared

_RESPONSE_STREAM = "RESPONSE_STREAM"


class Draft:
    """An API that is being made: its properties, its document, and whose events it is of."""

    def __init__(self, sam: Expansion, found: Declared) -> None:
        self.sam = sam
        self.found = found
        self.evaluator = sam.evaluator
        self.span = found.body.span
        block = found.properties
        self.block = block if type(block) is Mapping and nodes.is_block(block) else Mapping(self.span, ())
        self.events = sam.api_events.get(found.id, [])
        self.uri = self.block.get("DefinitionUri")
        auth = self.block.get("Auth")
        self.auth = self._auth(auth)
        body = self.block.get("DefinitionBody")
        self.file: Node | None = None  # the document that `DefinitionUri` names, where it could be read
        self.managed = not nodes.is_set(body) and not nodes.is_set(self.uri)
        self.body = self._body(body)

    def _auth(self, node: Node | None) -> Mapping:
        if node is None or (type(node) is Scalar and node.value is None and node.tag is None):
            return Mapping(self.span, ())
        if type(node) is Mapping and nodes.is_block(node):
            return node
        self.evaluator.gap(
            node, f"`Auth` of `{self.found.id}`", "it is not a mapping", kind="wrong-shape", remedy="correct it"
        )
        return Mapping(self.span, ())

    def _body(self, body: Node | None) -> Node | None:
        if self.managed:
            return None
        if nodes.is_set(self.uri):
            # SAM changes nothing in a document that is elsewhere; a local file can at least be read.
            path = self.plain(self.uri)
            self.file = self.evaluator.file(path) if path is not None and "://" not in path else None
            return self.file
        if body is not None and type(body) is Mapping and "Fn::Transform" in body:
            return self.evaluator.included(body)
        return body

    def get(self, name: str) -> Node | None:
        """A property."""
        return self.block.get(name)

    def plain(self, node: Node | None) -> str | None:
        """A text that SAM itself has to know."""
        if node is None:
            return None
        if intrinsic(node) is None:
            return nodes.literal(node)
        value = self.evaluator.value(node)
        return str(value.v) if isinstance(value, Known) else None

    def yes(self, node: Node | None, *, default: bool = False) -> bool:
        """Whether something is switched on."""
        shown = self.plain(node)
        return default if shown is None else shown.lower() in {"true", "yes", "on", "1"}

    def document(self, skeleton: dict[str, Any]) -> Mapping | None:
        """The document to complete; None where there is none that can be looked into."""
        if self.managed:
            made = nodes.from_plain(skeleton, self.span, {})
            return made if type(made) is Mapping else None
        body = self.body if self.file is None else None
        return body if type(body) is Mapping and openapi.is_document(body) else None

    def finish(self, records: list[Any], kind: str) -> None:
        """Say of an API's records which user's block they are of."""
        implicit = self.found.id in IMPLICIT.values() and self.found.id not in self.sam.lowering.template.resources
        events = {event.span.start: event for event in self.events}
        for record in records:
            if isinstance(record, Api):
                force_setattr(record, "implicit", implicit)
                if not implicit:
                    self.sam.write_at(record, self.found, kind, ("Properties",), self.found.key_span)
            elif isinstance(record, Route) and isinstance(record.origin, File):
                event = events.get(record.origin.span.start)
                if event is not None:
                    table = f"{event.owner.type}/Events/{event.type}"
                    self.sam.write_at(record, event.owner, table, event.base, event.entry.key.span)
                elif self.body is not None and self.body.span.covers(record.origin.span):
                    self.sam.write_at(record, self.found, "openapi/operation", ("Properties",), self.found.key_span)


def named_authorizers(draft: Draft) -> dict[str, tuple[Entry, Mapping]]:
    """The authorizers of an API, by name."""
    found: dict[str, tuple[Entry, Mapping]] = {}
    block = draft.auth.get("Authorizers")
    if type(block) is Mapping and nodes.is_block(block):
        for entry in block.entries:
            if type(entry.value) is Mapping and nodes.is_block(entry.value):
                found[entry.key.raw] = (entry, entry.value)
            else:
                draft.evaluator.gap(
                    entry.value,
                    f"the authorizer `{entry.key.raw}`",
                    "it is not a mapping",
                    kind="wrong-shape",
                    remedy="correct it",
                )
    elif block is not None and nodes.is_set(block):
        draft.evaluator.gap(
            block,
            f"the authorizers of `{draft.found.id}`",
            "they are not a mapping",
            kind="wrong-shape",
            remedy="correct it",
        )
    return found


def integration_of(draft: Draft, event: Event, partition: str, *, credentials: Node | None = None) -> Node:
    """How an event's function (or state machine) is called."""
    span = event.span
    if event.owner.type == FUNCTION:
        caller = draft.sam.callers[event.owner.id]
        stream = nodes.literal(event.get("ResponseTransferMode")) == _RESPONSE_STREAM
        version, ending = ("2021-11-15", "response-streaming-invocations") if stream else ("2015-03-31", "invocations")
        start = f"arn:{partition}:apigateway:${{AWS::Region}}:lambda:path/{version}/functions/"
        uri: Node = nodes.sub(span, f"{start}{caller.arn_sub}/{ending}")
        kind = "aws_proxy"
    else:
        uri = nodes.sub(span, "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution")
        kind = "aws"
    condition = nodes.literal(event.owner.body.get("Condition"))
    if condition is not None:
        uri = nodes.conditional(span, (nodes.text(span, condition), uri, nodes.ref(span, "AWS::NoValue")))
    return nodes.mapping(
        span,
        {
            "type": nodes.text(span, kind),
            "httpMethod": nodes.text(span, "POST"),
            "uri": uri,
            "credentials": credentials,
            "timeoutInMillis": event.get("TimeoutInMillis") if event.owner.type == FUNCTION else None,
        },
    )


def under_condition(event: Event, operation: Node) -> Node:
    """An operation that is there when its function is."""
    condition = nodes.literal(event.owner.body.get("Condition"))
    if condition is None:
        return operation
    span = event.span
    return nodes.conditional(span, (nodes.text(span, condition), operation, nodes.ref(span, "AWS::NoValue")))


def location(draft: Draft) -> Node | None:
    """`DefinitionUri`: a document elsewhere."""
    uri = draft.uri
    if uri is None or not nodes.is_set(uri) or draft.file is not None:
        return None
    if type(uri) is Mapping and nodes.is_block(uri):
        return nodes.mapping(uri.span, {"Bucket": uri.get("Bucket"), "Key": uri.get("Key")})
    path = draft.plain(uri)
    if path is not None and path.startswith("s3://"):
        bucket, _, key = path.removeprefix("s3://").partition("/")
        return nodes.mapping(uri.span, {"Bucket": nodes.text(uri.span, bucket), "Key": nodes.text(uri.span, key)})
    return nodes.mapping(uri.span, {"Key": uri})


def event_auth(event: Event) -> Mapping | None:
    """`Auth` of an event."""
    auth = event.get("Auth")
    return auth if type(auth) is Mapping and nodes.is_block(auth) else None


def path_conditions(draft: Draft, document: Mapping) -> Mapping:
    """A path whose operations all have conditions is there when one of them is."""
    paths = document.get("paths")
    if type(paths) is not Mapping:
        return document
    conditions: dict[str, set[str | None]] = {}
    for event in draft.events:
        path = http_route(event)[0] if event.type == "HttpApi" else nodes.literal(event.get("Path"))
        if path is not None:
            conditions.setdefault(path, set()).add(nodes.literal(event.owner.body.get("Condition")))
    entries: list[Entry] = []
    for entry in paths.entries:
        names = conditions.get(entry.key.raw, {None})
        if None in names or len(names) != 1:
            # Where they differ, each operation has its own premises, which says as much.
            entries.append(entry)
            continue
        span = entry.value.span
        name = next(iter(names)) or ""
        branches = (nodes.text(span, name), entry.value, nodes.ref(span, "AWS::NoValue"))
        entries.append(Entry(entry.key, nodes.conditional(span, branches)))
    return nodes.with_entries(document, {"paths": Mapping(paths.span, tuple(entries))})


def known_texts(draft: Draft, node: Node | None) -> list[str]:
    """The texts of a list that are known."""
    if node is None:
        return []
    return [str(v.v) for v in draft.evaluator.texts(node) if isinstance(v, Known)]


def authorizer_permission(draft: Draft, name: str, entry: Entry, arn: Node, partition: str) -> None:
    """API Gateway may call a Lambda authorizer."""
    sam, found = draft.sam, draft.found
    span = entry.value.span
    base = sam.base(found, f"{found.id}{name}AuthorizerPermission", span, entry.key.span)
    start = f"arn:{partition}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:"
    source = nodes.sub(span, start + "${" + found.id + "}/authorizers/*")
    origin = base["origin"]
    sam.add(
        Permission(
            **base,
            function_name=text(sam.evaluator.value(arn, entry.key.span)),
            action=Known(v="lambda:InvokeFunction", origin=origin),
            principal=Known(v="apigateway.amazonaws.com", origin=origin),
            source_arn=text(sam.evaluator.value(source)),
            generated_by="SAM Authorizers",
        )
    )
