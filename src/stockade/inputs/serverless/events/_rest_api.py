"""What the parts of a REST API have in common: the API, its `http` events, and the paths of these."""

from __future__ import annotations

from msgspec import Struct, field

from stockade.inputs import nodes
from stockade.inputs.intrinsic import argument_of, intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.resources import merged
from stockade.inputs.serverless.service import Event, Function, Property, Service
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

REST = "ApiGatewayRestApi"
URI = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/"
_INTEGRATIONS = {"LAMBDA": "AWS", "LAMBDA_PROXY": "AWS_PROXY"}


class Segment(Struct, frozen=True, eq=False):
    """One part of a path: its node, and how it is said in a logical id."""

    node: Node
    shown: str


class Http(Struct, eq=False):
    """An `http` event as the framework reads it."""

    event: Event
    segments: tuple[Segment, ...]
    method: Node
    verb: str  # the method as a word
    integration: str
    authorizer: Entry | None = None
    cors: Entry | None = None

    @property
    def block(self) -> Mapping:
        """Its properties."""
        return self.event.block

    @property
    def path(self) -> str:
        """The path as a text, without slashes around it."""
        return "/".join(segment.shown for segment in self.segments)

    @property
    def method_id(self) -> str:
        """The logical id of its method."""
        return method_id(self.path, self.verb)


class Api(Struct, eq=False):
    """The REST API of a service: its own, or one that is there already."""

    service: Service
    events: list[Event]
    config: Mapping
    entry: Entry | None
    resources: dict[str, Node] = field(default_factory=dict)  # the ids of its resources, by path

    @property
    def external(self) -> Node | None:
        """The id of the API where it is not the service's own."""
        return self.service.at(self.config, "restApiId") if self.service.is_true(self.config, "restApiId") else None

    def id(self, span: Span) -> Node:
        """Its id."""
        return self.external or nodes.ref(span, REST)

    def root(self, span: Span) -> Node:
        """The resource of `/`."""
        found = self.service.at(self.config, "restApiRootResourceId")
        return found if found is not None else nodes.get_att(span, REST, "RootResourceId")

    @property
    def at(self) -> Entry | Event:
        """Where it is declared: the provider's block for it, or the first event."""
        return self.entry or self.events[0]

    @property
    def stage(self) -> Property:
        """The name of its stage."""
        own = self.service.entry(self.config, "stage") if self.service.is_true(self.config, "stage") else None
        return own or nodes.text(self.at.span, self.service.stage)


def method_id(path: str, verb: str) -> str:
    """The logical id of a path's method."""
    return f"ApiGatewayMethod{naming.path(path)}{naming.upper_first(verb.lower())}"


def put(
    service: Service,
    logical_id: str,
    type_: str,
    properties: dict[str, Property],
    *,
    at: Function | Event | Entry | None,
) -> None:
    """Add a resource, or lay it over the one that has been made with this logical id."""
    before = service.resources.get(logical_id)
    service.make(logical_id, type_, properties, at=at)
    if before is not None:
        service.resources[logical_id] = Entry(before.key, merged(before.value, service.resources[logical_id].value))


# -------------------------------------------------------------------------------------------------------------- events


def read_http(service: Service, event: Event) -> Http | None:
    """An event, or None if its path or method can't be told."""
    if nodes.is_block(event.body):
        path, method = service.at(event.body, "path"), service.at(event.body, "method")
    else:
        method, path = _line(event.body)
    if path is None or method is None or not _is_text(path) or not _is_text(method):
        hole = service.resolver.hole_of(event.body)
        why = hole.doubt.why if hole is not None else "a method and a path belong here"
        remedy = hole.doubt.remedy if hole is not None else "correct it"
        what = f"an `http` event of `{event.function.key}`"
        service.gap(event.body, what, why, kind="unresolved", remedy=remedy, hides=True)
        return None
    verb = shown(method)
    upper = nodes.text(method.span, verb.upper()) if intrinsic(method) is None else method
    block = event.block
    return Http(
        event,
        segments(path),
        upper,
        verb,
        _integration(service, block),
        service.entry(block, "authorizer") if service.is_true(block, "authorizer") else None,
        service.entry(block, "cors") if service.is_true(block, "cors") else None,
    )


def _integration(service: Service, block: Mapping) -> str:
    if service.is_true(block, "integration"):
        text = nodes.literal(service.at(block, "integration"))
        normal = (text or "AWS_PROXY").upper().replace("-", "_", 1)
        return _INTEGRATIONS.get(normal, normal)
    return "AWS" if service.is_true(block, "async") else "AWS_PROXY"


def _is_text(node: Node) -> bool:
    return type(node) is Scalar or intrinsic(node) is not None


def _line(node: Node) -> tuple[Node | None, Node | None]:
    """The method and the path of an event that is one text."""
    found = pieces(node)
    first = found[0] if found else None
    if not isinstance(first, str) or " " not in first:
        return None, None
    method, _, start = first.partition(" ")
    return nodes.text(node.span, method), _joined(node.span, [start, *found[1:]])


# ---------------------------------------------------------------------------------------------------------------- texts


def pieces(node: Node) -> list[str | Node]:
    """A text as what is known of it and what is not."""
    call = intrinsic(node)
    if call is None:
        return [node.raw] if type(node) is Scalar else [node]
    argument = argument_of(call)
    if call.name == "Fn::Join" and type(argument) is Sequence and len(argument.items) == 2:
        separator, items = argument.items
        if nodes.literal(separator) == "" and nodes.is_list(items):
            return [nodes.literal(i) or i for i in items.items]  # type: ignore[union-attr]
    return [node]


def shown(node: Node) -> str:
    """A text as a word: what is not known of it by the name that it has here."""
    found = ""
    for piece in pieces(node):
        if isinstance(piece, str):
            found += piece
        else:
            found += nodes.target_of(piece) or (piece.raw if type(piece) is Scalar else "Unknown")
    return found


def segments(path: Node) -> tuple[Segment, ...]:
    """The parts of a path, without the slashes around it."""
    parts: list[list[str | Node]] = [[]]
    for piece in pieces(path):
        if not isinstance(piece, str):
            parts[-1].append(piece)
            continue
        first, *rest = piece.split("/")
        parts[-1].append(first)
        parts += [[part] for part in rest]
    cleaned = [[p for p in part if p != ""] for part in parts]
    if len(cleaned) > 1 and not cleaned[0]:
        del cleaned[0]
    if len(cleaned) > 1 and not cleaned[-1]:
        del cleaned[-1]
    if cleaned == [[]]:
        return ()
    found = [_joined(path.span, part) for part in cleaned]
    return tuple(Segment(node, shown(node)) for node in found)


def _joined(span: Span, parts: list[str | Node]) -> Node:
    if not parts:
        return nodes.text(span, "")
    if len(parts) == 1:
        only = parts[0]
        return nodes.text(span, only) if isinstance(only, str) else only
    items = [nodes.text(span, part) if isinstance(part, str) else part for part in parts]
    return Sequence(span, (nodes.text(span, ""), nodes.sequence(span, items)), "!Join")
