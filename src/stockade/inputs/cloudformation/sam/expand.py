"""What SAM knows of a whole template before any of its resources is lowered, and how it makes resources of its own.

An API is made of the events of many functions, an implicit one of nothing but those; a bucket's notifications and a
user pool's triggers stand at the functions that they call; `!Ref Function.Alias` names a resource that nobody wrote. So
SAM first looks at the whole template (`Expansion.prepare`), then each resource is lowered by its maker.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from collections.abc import Mapping as MappingABC
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import force_setattr

from stockade.inputs import nodes
from stockade.inputs.cloudformation.sam.globals import PREFIX, Globals
from stockade.inputs.cloudformation.template import Section
from stockade.inputs.intrinsic import intrinsic
from stockade.model.app import Permission, Resource, Site
from stockade.model.value import Default, File, Known, Origin, Part, Premise, Text, Value, When, conjoin
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.evaluate import Evaluator
    from stockade.inputs.cloudformation.lower import Declared, Lowering

FUNCTION = PREFIX + "Function"
STATE_MACHINE = PREFIX + "StateMachine"
API = PREFIX + "Api"
HTTP_API = PREFIX + "HttpApi"
CONNECTOR = PREFIX + "Connector"

IMPLICIT = {"Api": "ServerlessRestApi", "HttpApi": "ServerlessHttpApi"}
_API_ID = {"Api": "RestApiId", "HttpApi": "ApiId"}
_API_TYPE = {"Api": API, "HttpApi": HTTP_API}

_HASH_LENGTH = 10


def hashed(prefix: str, data: str) -> str:
    """A logical id with a hash of some text, as the transform makes it."""
    return prefix + hashlib.sha1(data.encode(), usedforsecurity=False).hexdigest()[:_HASH_LENGTH] if data else prefix


def suffixed(prefix: str, suffix: str) -> str:
    """A logical id with a suffix; a suffix that is no part of an id becomes its hash."""
    return prefix + suffix if suffix.isalnum() else hashed(prefix, suffix)


class Event(Struct, frozen=True, eq=False):
    """One event of a function or state machine: its name, type and properties, and whose it is."""

    owner: Declared
    name: str
    type: str
    entry: Entry
    properties: Mapping

    @property
    def id(self) -> str:
        """The start of the logical ids of what is made for it."""
        return self.owner.id + self.name

    @property
    def span(self) -> Span:
        """The user's block."""
        return self.entry.value.span

    @property
    def base(self) -> tuple[str, ...]:
        """The way from the resource to the event's properties."""
        return ("Properties", "Events", self.name, "Properties")

    @property
    def by(self) -> str:
        """What a generated record says of where it comes from."""
        return f"SAM event {self.type}"

    def get(self, name: str) -> Node | None:
        """A property."""
        return self.properties.get(name)


class Deployment(Struct, frozen=True, eq=False):
    """A gradual deployment of a function: whether CodeDeploy has a role of the user's, and under which condition."""

    owner: Declared
    span: Span
    key_span: Span
    has_role: bool
    condition: str


class Caller(Struct, frozen=True, eq=False):
    """What the events of a function invoke: the function, or the alias that is published."""

    id: str
    alias: str = ""

    def name(self, span: Span) -> Node:
        """As a function's name."""
        return nodes.ref(span, self.alias or self.id)

    def arn(self, span: Span) -> Node:
        """As an ARN."""
        return nodes.ref(span, self.alias) if self.alias else nodes.get_att(span, self.id, "Arn")

    @property
    def arn_sub(self) -> str:
        """As an ARN, inside `Fn::Sub`."""
        return "${" + self.alias + "}" if self.alias else "${" + self.id + ".Arn}"


@lru_cache(maxsize=2048)
def _pieces(template: str) -> tuple[tuple[str, str], ...]:
    """A text of `Fn::Sub` as pairs of what is written and the name that follows it."""
    found: list[tuple[str, str]] = []
    rest = template
    while rest:
        literal, dollar, after = rest.partition("${")
        name, _, rest = after.partition("}")
        found.append((literal, name))
        if not dollar:
            break
    return tuple(found)


def _append(parts: list[Part], part: Part) -> None:
    if isinstance(part, str) and parts and isinstance(parts[-1], str):
        parts[-1] += part
    elif part != "":
        parts.append(part)


def _span_of(origin: Origin) -> Span:
    if not isinstance(origin, File):
        raise TypeError("what SAM makes is in a file")
    return origin.span


def _type_of(body: Node) -> str | None:
    """The type of a resource that the user declares."""
    return nodes.literal(body.get("Type")) if type(body) is Mapping else None


def _same_notification(made: Mapping, there: Node) -> bool:
    """Whether a bucket already has a notification."""
    if type(there) is not Mapping or made.get("Filter") is not None or there.get("Filter") is not None:
        return False
    function, event = made.get("Function"), nodes.literal(made.get("Event"))
    return event == nodes.literal(there.get("Event")) and nodes.target_of(function) == nodes.target_of(
        there.get("Function")
    )


class Expansion:
    """SAM's view of one template."""

    def __init__(self, lowering: Lowering) -> None:
        self.lowering = lowering
        self.evaluator: Evaluator = lowering.evaluator
        self.globals = Globals(lowering.evaluator)
        self.api_events: dict[str, list[Event]] = {}
        self.callers: dict[str, Caller] = {}
        self.events: dict[str, list[Event]] = {}
        self._pseudo: dict[str, Value[Any]] = {}
        self.connectors: list[Declared] = []
        self.later: list[Callable[[], None]] = []
        self.deployments: list[Deployment] = []
        self._plan: dict[str, Node] = {}
        self._plan_stages: list[Node] = []
        self._plan_owner: tuple[Declared, Span] | None = None
        self.made: set[str] = set()  # logical ids of what several events make, but only once

    # --------------------------------------------------------------------------------------------------- shared by APIs

    def share_plan(self, found: Declared, stage: Node, named: dict[str, Node], span: Span) -> None:
        """Put an API into the usage plan that several share; it is made when all are known."""
        self._plan_stages.append(stage)
        self._plan.update(named)
        self._plan_owner = self._plan_owner or (found, span)

    def finish(self) -> None:
        """Make what is made of several resources."""
        for make in self.later:
            make()
        if self.connectors:
            from stockade.inputs.cloudformation.sam.connectors import lower_connector

            for connector in self.connectors:
                lower_connector(self, connector)
        if self.deployments:
            from stockade.inputs.cloudformation.sam.deployments import lower_deployments

            lower_deployments(self)
        if self._plan_owner is None:
            return
        found, span = self._plan_owner
        own: dict[str, Node | None] = {**self._plan, "ApiStages": nodes.sequence(span, self._plan_stages)}
        self.emit(found, "ServerlessUsagePlan", "AWS::ApiGateway::UsagePlan", nodes.mapping(span, own), span=span)

    # ------------------------------------------------------------------------------------------------------- preparing

    def prepare(self) -> None:
        """Look at the whole template."""
        declared = self.lowering.declared
        owners: list[Declared] = []
        for found in list(declared.values()):
            if found.type.startswith(PREFIX):
                found.properties = self.globals.merged(found.type, found.properties, found.body.get("IgnoreGlobals"))
                if found.type in {FUNCTION, STATE_MACHINE}:
                    owners.append(found)
            connectors = found.body.get("Connectors")
            if connectors is not None:
                self._embedded_connectors(found, connectors)
        for found in owners:
            if found.type == FUNCTION:
                self.callers[found.id] = self._caller(found)
            self.events[found.id] = events = list(self._events(found))
            for event in events:
                self._link(event)
        self._implicit_apis()
        from stockade.inputs.cloudformation.sam import references

        references.note(self)

    def _caller(self, found: Declared) -> Caller:
        block = found.properties
        node = block.get("AutoPublishAlias") if type(block) is Mapping else None
        if node is None or not nodes.is_set(node):
            return Caller(found.id)
        name = self.alias_name(found, node)
        return Caller(found.id, f"{found.id}Alias{name.replace('-', 'D').replace('_', 'U')}")

    def alias_name(self, found: Declared, node: Node) -> str:
        """The name of the alias that is published; SAM itself needs to know it."""
        value: Value[Any] = self.evaluator.value(node)
        if isinstance(value, Known) and isinstance(value.v, str):
            return value.v
        if isinstance(value, Default) and value.v is None:
            return ""
        self.evaluator.gap(
            node,
            f"the alias of `{found.id}`",
            "its name is not known",
            kind="unresolved",
            remedy="give the parameter a value with --parameters",
        )
        return value.show().strip("${}")

    def _events(self, found: Declared) -> list[Event]:
        block = found.properties
        node = block.get("Events") if type(block) is Mapping else None
        if node is None or (type(node) is Scalar and node.value is None):
            return []
        if type(node) is not Mapping or not nodes.is_block(node):
            self.evaluator.gap(
                node,
                f"the events of `{found.id}`",
                "they are not a mapping",
                kind="wrong-shape",
                remedy="correct it",
                hides=True,
            )
            return []
        events: list[Event] = []
        for entry in node.entries:
            body = entry.value
            type_ = nodes.literal(body.get("Type")) if type(body) is Mapping else None
            if type(body) is not Mapping or type_ is None:
                if type(body) is not Scalar or body.value is not None:
                    self.evaluator.gap(
                        body,
                        f"the event `{entry.key.raw}` of `{found.id}`",
                        "it has no `Type`",
                        kind="wrong-shape",
                        hides=True,
                    )
                continue
            properties = body.get("Properties")
            if properties is None or (type(properties) is Scalar and properties.value is None):
                properties = Mapping(body.span, ())
            if type(properties) is not Mapping or intrinsic(properties) is not None:
                self.evaluator.gap(
                    properties,
                    f"the event `{entry.key.raw}` of `{found.id}`",
                    "its properties are not a mapping",
                    kind="wrong-shape",
                    hides=True,
                )
                properties = Mapping(body.span, ())
            events.append(Event(found, entry.key.raw, type_, entry, properties))
        return events

    def _link(self, event: Event) -> None:
        """Tell the resource that an event is of."""
        self._note_queue(event)
        if event.type in _API_ID:
            api = self.api_of(event)
            # A Rest API's event without properties makes nothing; an HTTP API's makes the default route.
            if api is not None and (event.type == "HttpApi" or event.properties.entries):
                self.api_events.setdefault(api, []).append(event)
        elif event.type == "S3" and event.owner.type == FUNCTION:
            self._notify(event)
        elif event.type == "Cognito" and event.owner.type == FUNCTION:
            self._trigger(event)

    def _note_queue(self, event: Event) -> None:
        """A queue (policy) that SAM makes under a name of the user's."""
        for block, name in (("DeadLetterConfig", "QueueLogicalId"), ("SqsSubscription", "QueuePolicyLogicalId")):
            node = event.get(block)
            chosen = nodes.literal(node.get(name)) if type(node) is Mapping else None
            if chosen is not None:
                self.evaluator.sam_names.add(chosen)

    def api_of(self, event: Event) -> str | None:
        """The logical id of the API that an event is of; None where it is not in this template."""
        node = event.get(_API_ID[event.type])
        if node is None:
            return IMPLICIT[event.type]
        call = intrinsic(node)
        if call is not None:
            return call.argument.raw if call.name == "Ref" and type(call.argument) is Scalar else None
        return nodes.literal(node)

    def _implicit_apis(self) -> None:
        from stockade.inputs.cloudformation.lower import Declared

        for kind, logical_id in IMPLICIT.items():
            events = [e for e in self.api_events.get(logical_id, ()) if e.get(_API_ID[kind]) is None]
            if not events:
                continue
            span = events[0].span
            own = {"StageName": nodes.text(span, "Prod")} if kind == "Api" else {}
            properties = self.globals.merged(_API_TYPE[kind], nodes.mapping(span, own))
            body = nodes.mapping(span, {"Type": nodes.text(span, _API_TYPE[kind]), "Properties": properties})
            entry = Entry(Scalar(events[0].entry.key.span, logical_id, logical_id), body)
            api = Declared(
                Section(logical_id, entry, body), _API_TYPE[kind], body, self._any_of(logical_id, events), properties
            )
            self.lowering.declared[logical_id] = api

    def _any_of(self, logical_id: str, events: list[Event]) -> When:
        """The premises of what is there when one of the events is."""
        names = {nodes.literal(e.owner.body.get("Condition")): e.owner.exists for e in events}
        if None in names or not all(names.values()):
            return ()
        if len(names) == 1:
            return next(iter(names.values()))
        # What holds when one of several conditions does is no list of premises; it is one of its own.
        shown = " or ".join(sorted(str(name) for name in names))
        return (Premise(f"{logical_id}Condition", f"{shown} holds", f"none of {shown} holds"),)

    def _notify(self, event: Event) -> None:
        """An S3 event stands at the function; the notification is the bucket's."""
        bucket = self._referred(event, "Bucket")
        if bucket is None:
            return
        call = self.callers[event.owner.id].arn(event.span)
        wanted = event.get("Events")
        items = (
            wanted.items
            if type(wanted) is Sequence and nodes.is_list(wanted)
            else (wanted,)
            if wanted is not None
            else ()
        )
        made = [
            nodes.mapping(event.span, {"Event": item, "Filter": event.get("Filter"), "Function": call})
            for item in items
        ]
        config = self._part(bucket, "NotificationConfiguration", event.span)
        lambdas = config.get("LambdaConfigurations")
        old = lambdas.items if type(lambdas) is Sequence and nodes.is_list(lambdas) else ()
        made = [item for item in made if not any(_same_notification(item, there) for there in old)]
        span = config.span if config.entries else event.span
        conditional = [self._under(event, item) for item in made]
        shapes = {nodes.shape(there) for there in old}
        conditional = [item for item in conditional if nodes.shape(item) not in shapes]
        config = nodes.with_entries(config, {"LambdaConfigurations": nodes.sequence(span, [*old, *conditional])})
        self._set(bucket, "NotificationConfiguration", config)

    def _under(self, event: Event, item: Node) -> Node:
        """A part of another resource that is there only when the function is."""
        condition = nodes.literal(event.owner.body.get("Condition"))
        if condition is None:
            return item
        span = event.span
        branches = (nodes.text(span, condition), item, nodes.ref(span, "AWS::NoValue"))
        return Sequence(span, branches, "!If")

    def _trigger(self, event: Event) -> None:
        """A Cognito event stands at the function; the trigger is the user pool's."""
        pool = self._referred(event, "UserPool")
        wanted = event.get("Trigger")
        if pool is None or wanted is None:
            return
        items = wanted.items if type(wanted) is Sequence and nodes.is_list(wanted) else (wanted,)
        call = self.callers[event.owner.id].arn(event.span)
        extra: dict[str, Node | None] = {name: call for item in items if (name := nodes.literal(item)) is not None}
        config = nodes.with_entries(self._part(pool, "LambdaConfig", event.span), extra)
        self._set(pool, "LambdaConfig", config)

    def _referred(self, event: Event, name: str) -> Declared | None:
        node = event.get(name)
        target = nodes.target_of(node)
        found = self.lowering.declared.get(target) if target is not None else None
        if found is None:
            self.evaluator.gap(
                node if node is not None else event.span,
                f"the event `{event.name}` of `{event.owner.id}`",
                f"its `{name}` is no resource of this template",
                kind="undefined",
                remedy=f"SAM wants `{name}: !Ref …`",
            )
        return found

    @staticmethod
    def _part(found: Declared, name: str, span: Span) -> Mapping:
        part = found.properties.get(name) if type(found.properties) is Mapping else None
        return part if type(part) is Mapping and nodes.is_block(part) else Mapping(span, ())

    @staticmethod
    def _set(found: Declared, name: str, value: Node) -> None:
        block = found.properties
        if type(block) is Mapping and nodes.is_block(block):
            found.properties = nodes.with_entries(block, {name: value})
        elif block is None or (type(block) is Scalar and block.value is None):
            found.properties = nodes.mapping(value.span, {name: value})

    def _embedded_connectors(self, found: Declared, connectors: Node) -> None:
        from stockade.inputs.cloudformation.lower import Declared

        if type(connectors) is not Mapping or not nodes.is_block(connectors):
            self.evaluator.gap(
                connectors, f"the connectors of `{found.id}`", "they are not a mapping", kind="wrong-shape"
            )
            return
        for entry in connectors.entries:
            body = entry.value
            properties = body.get("Properties") if type(body) is Mapping else None
            if type(body) is not Mapping or type(properties) is not Mapping:
                self.evaluator.gap(
                    entry.value, f"the connector `{entry.key.raw}`", "it has no properties", kind="wrong-shape"
                )
                continue
            span = entry.value.span
            source: dict[str, Node | None] = {"Id": nodes.text(entry.key.span, found.id)}
            more = properties.get("SourceReference")
            if type(more) is Mapping:
                source |= {e.key.raw: e.value for e in more.entries if e.key.raw != "Id"}
            made = nodes.with_entries(properties, {"Source": nodes.mapping(span, source)})
            logical_id = found.id + entry.key.raw
            section = Section(logical_id, Entry(Scalar(entry.key.span, logical_id, logical_id), body), body)
            exists = found.exists
            condition = nodes.literal(body.get("Condition"))
            if condition is not None:
                held = [when for when, truth in self.evaluator.paths(condition, body) if truth]
                exists = held[0] if len(held) == 1 else exists
            self.lowering.declared[logical_id] = Declared(section, CONNECTOR, body, exists, made)

    # ---------------------------------------------------------------------------------------------------------- making

    def emit(  # noqa: PLR0913 - a resource, and where it is shown and written
        self,
        owner: Declared,
        logical_id: str,
        type_: str,
        properties: Mapping,
        *,
        span: Span,
        key_span: Span | None = None,
        when: When = (),
        table: str = "",
        at: tuple[str | int, ...] = (),
    ) -> list[Any]:
        """Make a CloudFormation resource as the transform does, and lower it: its records, at the user's block.

        `table` and `at` say how to write it back; without a table its fields can't be written.
        """
        from stockade.inputs.cloudformation.lower import Declared

        exists = conjoin(owner.exists, when)
        if exists is None:
            return []
        key = key_span or owner.key_span
        body = Mapping(span, ())
        section = Section(logical_id, Entry(Scalar(key, logical_id, logical_id), body), body)
        made = Declared(section, type_, body, exists, properties)
        self.lowering.declare(made)
        start = len(self.lowering.resources)
        self.lowering.lower(made)
        records = self.lowering.resources[start:]
        site = self.site(owner, table, at, key) if table else None
        for record in records:
            force_setattr(record, "site", site)
        return records

    @staticmethod
    def owner_when(owner: Declared, exists: When) -> Declared:
        """A resource with other premises: for what SAM makes of it under conditions of its own."""
        from stockade.inputs.cloudformation.lower import Declared

        return Declared(owner.section, owner.type, owner.body, exists, owner.properties)

    def site(self, owner: Declared, table: str, at: tuple[str | int, ...], key_span: Span) -> Site:
        """Where a made resource can be written."""
        return Site(
            input="cloudformation",
            table=table,
            document=self.lowering.template.document,
            address=owner.id,
            block=owner.body,
            base=at,
            key_span=key_span,
            context=self.evaluator,
        )

    def base(
        self, owner: Declared, logical_id: str, span: Span, key_span: Span | None = None, when: When = ()
    ) -> dict[str, Any]:
        """What all records have, for one that is made directly."""
        exists = conjoin(owner.exists, when)
        return {
            "address": self.lowering.prefix + logical_id,
            "key": self.evaluator.key(logical_id),
            "type": owner.type,
            "origin": self.evaluator.place(span, key_span or owner.key_span),
            "exists": exists if exists is not None else owner.exists,
        }

    def add(self, resource: Resource) -> None:
        """Keep a record."""
        self.lowering.resources.append(resource)

    def write_at(
        self, resource: Resource, owner: Declared, table: str, at: tuple[str | int, ...], key_span: Span
    ) -> None:
        """Say where a record that was made directly can be written."""
        force_setattr(resource, "site", self.site(owner, table, at, key_span))

    def write_in_globals(self, records: list[Any], table: str, section: str, key_span: Span) -> None:
        """Say that records are written in SAM's Globals: those of an API that SAM makes of events, which stands nowhere else.

        What is written there is for every API of the kind, so not where the user declares one beside it.
        """
        declared = self.lowering.template.resources.items()
        others = [name for name, found in declared if _type_of(found.body) == _API_TYPE[section]]
        site = Site(
            input="cloudformation",
            table=table,
            document=self.lowering.template.document,
            address="",
            block=self.lowering.template.root,
            base=("Globals", section),
            key_span=key_span,
            context=self.evaluator,
            refuses=f"what is written under `{section}` in `Globals` is for `{others[0]}` too" if others else "",
        )
        for record in records:
            force_setattr(record, "site", site)

    def joined(self, template: str, values: MappingABC[str, Value[Any]], origin: Origin) -> Value[Any] | None:
        """What `Fn::Sub` makes of a text of SAM's own; None where that takes more than putting texts together.

        Every generated policy and permission needs it, so it does not go through nodes.
        """
        parts: list[Part] = []
        for literal, name in _pieces(template):
            if literal:
                _append(parts, literal)
            if not name:
                continue
            value = values.get(name)
            if value is None:
                if not name.startswith("AWS::"):
                    return None
                value = self._pseudo.get(name)
                if value is None:
                    value = self._pseudo[name] = self.evaluator.value(nodes.ref(_span_of(origin), name))
            if type(value) is Known:
                _append(parts, str(value.v))
            elif type(value) is Text:
                for part in value.parts:
                    _append(parts, part)
            else:
                return None
        if all(isinstance(part, str) for part in parts):
            return Known(v="".join(str(part) for part in parts), origin=origin)
        return Text(parts=tuple(parts), origin=origin)

    def reference(self, logical_id: str, attribute: str, origin: Origin) -> Value[str]:
        """A reference to a resource of this template."""
        return self.lowering.reference(logical_id, attribute, origin)

    def permission(
        self,
        event: Event,
        logical_id: str,
        principal: str,
        **fields: Value[str],
    ) -> None:
        """A permission that lets a service call an event's function."""
        base = self.base(event.owner, logical_id, event.span, event.entry.key.span)
        origin = base["origin"]
        base |= fields
        caller = self.callers[event.owner.id]
        self.add(
            Permission(
                **base,
                function_name=self.lowering.reference(caller.alias or caller.id, "Ref", origin),
                action=Known(v="lambda:InvokeFunction", origin=origin),
                principal=Known(v=principal, origin=origin),
                generated_by=event.by,
            )
        )
