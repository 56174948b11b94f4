"""One service: its configuration with its variables resolved, and the template that is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.variables.resolve import Resolver
from stockade.model.value import Doubt
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

# A property of what is made: a node of its own, the user's entry, of which the key counts too, or nothing.
Property: TypeAlias = "Node | Entry | None"


OWN = "the Serverless Framework makes it for what it changes outside of the stack"
BY_FUNCTION = "the Serverless Framework makes it for what it changes with a function of its own"


class Function(Struct, eq=False):
    """One function. `name` is what AWS calls it, `target` the alias that its events invoke, if there is one."""

    key: str
    entry: Entry
    block: Mapping
    name: Node
    target: str = ""  # logical id of the alias
    qualifier: str = ""  # its name

    @property
    def id(self) -> str:
        """The logical id."""
        return naming.function_id(self.key)

    @property
    def span(self) -> Span:
        """The user's block."""
        key, own = self.entry.key.span, self.block.span
        # What a helper returns or an anchor names may stand in the same file, and is no place of this function's own.
        return own if own.doc is key.doc and own.start >= key.end else self.entry.span


class Event(Struct, frozen=True, eq=False):
    """One event of a function. `number` counts the function's events of this type, from 1."""

    function: Function
    type: str
    body: Node
    key: Scalar
    number: int

    @property
    def span(self) -> Span:
        """Where it is written."""
        return self.body.span

    @property
    def block(self) -> Mapping:
        """Its properties; none where it is written as a text."""
        return self.body if type(self.body) is Mapping and intrinsic(self.body) is None else Mapping(self.body.span, ())


class Service:
    """What is known of a service while its template is being made."""

    def __init__(self, resolver: Resolver, root: Mapping) -> None:
        self.resolver = resolver
        self.root = root
        self.span = root.span
        self.stage = resolver.stage
        self.region = resolver.region
        self.provider = self.block(root, "provider")
        self.name = self._service_name()
        stated = (self.text(root, "frameworkVersion") or "").lstrip("^~>=v ")
        self.version = 4 if stated.startswith("4") else 3  # of the framework, as far as the service states it
        self.plugins = tuple(self._plugins())
        self.functions: list[Function] = []
        self.resources: dict[str, Entry] = {}
        self.addresses: dict[str, str] = {}
        self.anchors: dict[str, tuple[str, Mapping]] = {}  # by logical id: the type, and the block that says how it is
        self.generated: dict[str, str] = {}  # permissions and roles that nobody wrote, and what they are made for
        self.framework: dict[str, str] = {}  # what is the framework's own, and why people can't change it
        self.conditions: list[Entry] = []  # whether what is not known is switched on
        self.roles: dict[str, Property] = {}  # of functions that do not share the framework's, by their keys
        self.own_roles: list[Function] = []  # that have a role made for them alone
        self.shares_role = False
        self.statements: list[Node] = []  # that the framework adds to the role that the functions share
        self.polled: dict[
            tuple[str, ...], dict[str, list[Node]]
        ] = {}  # actions on sources, by the functions that read them
        self.own_statements: dict[str, list[Node]] = {}  # that the framework adds to roles of single functions
        # The services that may assume the role that the functions share, beside Lambda, and where that is said.
        self.trusted: dict[str, Span] = {}
        self.own_trusted: dict[str, dict[str, Span]] = {}  # those of functions that state a role of their own

    # --------------------------------------------------------------------------------------------------- reading

    def entry(self, block: Node | None, key: str) -> Entry | None:
        """An entry of a block, if something is written there. What is in a hole is that hole."""
        if self.resolver.hole_of(block) is not None and block is not None:
            return Entry(Scalar(block.span, key, key), block)
        found = block.entry(key) if type(block) is Mapping and intrinsic(block) is None else None
        if found is None or (type(found.value) is Scalar and found.value.value is None and found.value.tag is None):
            return None
        return found

    def at(self, block: Node | None, *path: str) -> Node | None:
        """What is written at a path, if something is."""
        for key in path:
            found = self.entry(block, key)
            if found is None:
                return None
            block = found.value
        return block

    def block(self, block: Node | None, *path: str) -> Mapping:
        """The mapping at a path; an empty one where there is none. A list of mappings is one of all of them."""
        found = self.at(block, *path)
        if found is None:
            return Mapping(block.span if block is not None else self.span, ())
        if type(found) is Mapping and intrinsic(found) is None:
            return found
        if type(found) is Sequence and found.tag is None:
            return Mapping(found.span, tuple(e for item in found.items for e in self._entries(item, path[-1])))
        self._odd(found, path[-1])
        return Mapping(found.span, ())

    def _entries(self, item: Node, name: str) -> tuple[Entry, ...]:
        if type(item) is Mapping and intrinsic(item) is None:
            return item.entries
        if not (type(item) is Scalar and item.value is None):
            self._odd(item, name)
        return ()

    def _odd(self, node: Node, name: str) -> None:
        """Something else than a mapping stands where one belongs: what it would say is missing."""
        hole = self.resolver.hole_of(node)
        hides = name in {"functions", "resources", "Resources", "provider", "layers", "events"}
        why = hole.doubt.why if hole is not None else "a mapping belongs here"
        remedy = hole.doubt.remedy if hole is not None else "correct it"
        kind = "unresolved" if hole is not None else "wrong-shape"
        self.resolver.gap(node.span, f"`{name}`", why, kind=kind, remedy=remedy, hides=hides)

    def odd_function(self, entry: Entry) -> None:
        """Something else than a mapping stands for a function."""
        hole = self.resolver.hole_of(entry.value)
        why = hole.doubt.why if hole is not None else "a mapping belongs here"
        remedy = hole.doubt.remedy if hole is not None else "correct it"
        self.resolver.gap(
            entry.key.span, f"the function `{entry.key.raw}`", why, kind="unresolved", remedy=remedy, hides=True
        )

    def items(self, block: Node | None, *path: str) -> list[Node]:
        """The items of the list at a path; a single value counts as a list of one."""
        found = self.at(block, *path)
        if found is None:
            return []
        return list(found.items) if type(found) is Sequence and found.tag is None else [found]

    def text(self, block: Node | None, *path: str) -> str | None:
        """The text at a path, if it is known."""
        found = self.at(block, *path)
        return found.raw if type(found) is Scalar and found.tag is None else None

    def is_true(self, block: Node | None, *path: str) -> bool:
        """Whether something is written at a path that JavaScript takes for true."""
        found = self.at(block, *path)
        return nodes.is_set(found) and not (
            type(found) is Scalar and found.tag is None and found.value in (0, "", False)
        )

    def _service_name(self) -> Node:
        found = self.at(self.root, "service")
        if type(found) is Mapping and intrinsic(found) is None:
            found = found.get("name")
        return found if found is not None else nodes.text(self.span, "service")

    def _plugins(self) -> Iterator[str]:
        found = self.at(self.root, "plugins")
        if type(found) is Mapping:
            found = found.get("modules")
        for item in found.items if type(found) is Sequence else ():
            if type(item) is Scalar and item.tag is None:
                yield item.raw

    # ----------------------------------------------------------------------------------------------------- making

    def joined(self, span: Span, *parts: str | Node) -> Node:
        """A text of texts and nodes: one text where all of it is known."""
        pieces: list[Node] = []
        for part in parts:
            node = part if not isinstance(part, str) else Scalar(span, part, part)
            before = pieces[-1] if pieces else None
            if type(node) is Scalar and node.tag is None and type(before) is Scalar and before.tag is None:
                text = before.raw + node.raw
                pieces[-1] = Scalar(span, text, text)
            else:
                pieces.append(node)
        if len(pieces) == 1:
            return pieces[0]
        return Sequence(span, (nodes.text(span, ""), nodes.sequence(span, pieces)), "!Join")

    def prefixed(self, span: Span, *rest: str | Node) -> Node:
        """A text behind the service's name and its stage."""
        return self.joined(span, self.name, f"-{self.stage}", *rest)

    def stack_name(self, span: Span) -> Node:
        """The name of the stack."""
        found = self.at(self.provider, "stackName")
        return found if found is not None else self.prefixed(span)

    def make(
        self,
        logical_id: str,
        type_: str,
        properties: dict[str, Property],
        *,
        at: Function | Event | Entry | None = None,
        of: Function | None = None,
        **attributes: Node | None,
    ) -> None:
        """Add a resource, which stands for the reader where the user's block stands. `attributes`: `Condition` and the like.

        `of`: the function whose block says how it is, where that is not what `at` is.
        """
        if type_.startswith("Custom::"):
            self.framework[logical_id] = OWN
        key, span = self.place(at)
        anchor = of or at
        block = anchor.block if isinstance(anchor, Function) else anchor.body if isinstance(anchor, Event) else None
        if type(block) is Mapping:
            self.anchors[logical_id] = (type_, block)
        body = {"Type": nodes.text(span, type_), "Properties": self.mapping(span, properties), **attributes}
        self.resources[logical_id] = Entry(Scalar(key, logical_id, logical_id), nodes.mapping(span, body))

    def perhaps(self, unknown: Node, value: Node) -> Node:
        """A value that is there if what is not known turns out to be on, and is not otherwise."""
        span = unknown.span
        name = f"StockadeWhether{len(self.conditions)}"
        test: dict[str, Node | None] = {"Fn::Equals": nodes.sequence(span, [unknown, nodes.text(span, "true")])}
        self.conditions.append(Entry(nodes.text(span, name), nodes.mapping(span, test)))
        return nodes.conditional(span, (nodes.text(span, name), value, nodes.ref(span, "AWS::NoValue")))

    def place(self, at: Function | Event | Entry | None) -> tuple[Span, Span]:
        """Where a resource stands for the reader: the key of the user's block, and all of it."""
        if isinstance(at, Function):
            return at.entry.key.span, at.span
        if isinstance(at, Event):
            return at.key.span, at.span
        if at is not None:
            return at.key.span, at.span
        # What nobody asked for is for everything: it stands at the provider, whose keys say how it is to be.
        provider = self.root.entry("provider")
        return (self.span, self.span) if provider is None else (provider.key.span, provider.key.span)

    @staticmethod
    def mapping(span: Span, properties: dict[str, Property]) -> Mapping:
        """A mapping of properties; what is None is left out."""
        entries = []
        for name, value in properties.items():
            if isinstance(value, Entry):
                entries.append(Entry(Scalar(value.key.span, name, name), value.value))
            elif value is not None:
                entries.append(Entry(Scalar(value.span, name, name), value))
        return Mapping(span, tuple(entries))

    def target(self, function: Function, span: Span) -> Node:
        """The ARN of what a function's events invoke: the function, or the alias that it publishes."""
        arn = nodes.get_att(span, function.id, "Arn")
        if not function.target:
            return arn
        parts = nodes.sequence(span, [arn, nodes.text(span, function.qualifier)])
        return Sequence(span, (nodes.text(span, ":"), parts), "!Join")

    def permission(self, logical_id: str, event: Event | Function, principal: str, **properties: Property) -> None:
        """Allow a service to invoke a function."""
        function = event.function if isinstance(event, Event) else event
        span = event.span
        own: dict[str, Property] = {
            "FunctionName": self.target(function, span),
            "Action": nodes.text(span, "lambda:InvokeFunction"),
            "Principal": nodes.text(span, principal),
        }
        self.make(logical_id, "AWS::Lambda::Permission", own | properties, at=event)
        self.generated[logical_id] = f"the event `{event.type}`" if isinstance(event, Event) else "the framework"

    def of_key(self, key: str) -> Function | None:
        """The function with this key."""
        return next((f for f in self.functions if f.key == key), None)

    def gap(
        self,
        at: Node | Span,
        what: str,
        why: str,
        *,
        kind: str,
        remedy: str = "",
        hides: bool = False,
        kinds: tuple[str, ...] = (),
    ) -> None:
        """Note what could not be seen. `kinds`: of which kinds resources may be missing because of it; of any, without it."""
        span = at if isinstance(at, Span) else at.span
        self.resolver.gap(span, what, why, kind=kind, remedy=remedy, hides=hides, kinds=kinds)

    def hole(self, span: Span, shown: str, why: str, *, remedy: str = "", cause: str = "unresolved") -> Node:
        """A value that only the deployment knows."""
        return self.resolver.hole(span, shown, Doubt(why, remedy, cause))
