"""Intrinsic functions, parameters and conditions: from nodes to values that may be unknown.

`Evaluator.value(node)` never raises for what a template can hold: what it can't tell is an `Unknown` with the reason and, where
there is one, what to give so that it can.

Parameters: a given value decides; else the default holds, except in conditions, where both branches are kept (a condition is
there because the template is deployed in more than one way); else each of the allowed values; else it is unknown.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from stockade.inputs.cloudformation.embedded import embedded_json, macro_call
from stockade.inputs.cloudformation.template import LANGUAGE_EXTENSIONS, Intrinsic, Template, intrinsic
from stockade.model.app import Gap
from stockade.model.value import (
    Default,
    Doubt,
    File,
    Hole,
    Known,
    OneOf,
    Origin,
    Part,
    Premise,
    Reference,
    Relation,
    Text,
    Unknown,
    Value,
    Via,
    When,
    conjoin,
    one_of,
    otherwise,
)
from stockade.text.document import Span
from stockade.text.node import Mapping, Node, Scalar, Sequence

T = TypeVar("T")
U = TypeVar("U")

MAX_DEPTH = 60
MAX_OPTIONS = 24

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
_PSEUDO = {
    "AWS::AccountId": "the account",
    "AWS::Partition": "the partition",
    "AWS::Region": "the region",
    "AWS::StackId": "the stack's id",
    "AWS::StackName": "the stack's name",
    "AWS::URLSuffix": "the domain suffix",
}
_ABSENT: Any = object()

_SUB = re.compile(r"\$\{([^}]*)\}")
# What AWS writes for these as parameter types; all of them are lists.
_LIST_TYPES = ("List<", "CommaDelimitedList", "AWS::SSM::Parameter::Value<List<", "AWS::SSM::Parameter::Value<CommaDelimitedList")


class Case(Struct, frozen=True, eq=False):
    """One of the things that a node may stand for; `node` is None where it stands for nothing (`AWS::NoValue`)."""

    when: When
    node: Node | None
    key_span: Span | None = None
    stopped: bool = False  # an intrinsic function stands before the end of the path, so that it could not be walked


class Given(Struct, frozen=True, eq=False):
    """A parameter's value from outside the template: text from the command line or a file, or a value of the parent stack."""

    value: str | Value[Any]
    source: str  # "--parameters", "samconfig.toml", "the parent stack", …


class Evaluator:
    """Everything that is needed to say what a node of one template, deployed once, stands for."""

    def __init__(
        self,
        template: Template,
        scope: str,
        given: dict[str, Given] | None = None,
        imports: Callable[[str], Value[Any] | None] | None = None,
    ) -> None:
        self.template = template
        self.scope = scope
        self.given = given or {}
        self.imports = imports
        self.gaps: list[Gap] = []
        self.nested: dict[str, Evaluator] = {}
        self.renames: dict[str, str] = {}  # SAM: `Function.Alias` and the like, and the resource that it stands for
        self.language_extensions = LANGUAGE_EXTENSIONS in template.transforms
        self._conditions: dict[str, list[tuple[When, bool]] | None] = {}
        self._parameters: dict[str, Value[Any]] = {}
        self._globals = template.globals.span if template.globals is not None else None
        self._embedded: dict[int, tuple[Node, Node | None]] = {}  # by the id of a node, which is kept so that no other gets it
        self._depth = 0

    # ------------------------------------------------------------------------------------------------------- helpers

    def key(self, logical_id: str) -> str:
        """The App-wide key of a resource of this template."""
        return f"{self.scope}#{logical_id}"

    def origin(self, node: Node, key_span: Span | None = None, via: tuple[Via, ...] = ()) -> File:
        """Where a node is; says so if that is in SAM's Globals."""
        return self.place(node.span, key_span, via)

    def place(self, span: Span, key_span: Span | None = None, via: tuple[Via, ...] = ()) -> File:
        """The origin of a span of this template."""
        if self._globals is not None and self._globals.start <= span.start < self._globals.end:
            via = (Via("Globals", span), *via)
        return File(span, key_span, via)

    def gap(self, node: Node | Span, what: str, why: str, *, kind: str, remedy: str = "", hides: bool = False) -> None:
        """Note something that could not be seen."""
        span = node if isinstance(node, Span) else node.span
        if any(g.span is not None and g.span.start == span.start and g.what == what for g in self.gaps):
            return
        self.gaps.append(
            Gap(what=what, why=why, remedy=remedy, kind=kind, path=self.template.name, span=span, hides=hides)
        )

    def unknown(self, node: Node, why: str, *, cause: str, remedy: str = "", name: str = "") -> Value[Any]:
        """An unknown value at this node."""
        return Unknown(doubt=Doubt(why, remedy, cause), name=name, origin=self.origin(node))

    # ---------------------------------------------------------------------------------------------------- conditions

    def paths(self, name: str, node: Node) -> list[tuple[When, bool]]:
        """A named condition as disjoint sets of premises, each with what the condition is under them."""
        if name in self._conditions:
            known = self._conditions[name]
            if known is None:
                self.gap(node, f"the condition `{name}`", "it is defined by itself", kind="circular", remedy="break the circle")
                return self._atom(name, name)
            return known
        section = self.template.conditions.get(name)
        if section is None:
            self.gap(node, f"the condition `{name}`", "it is not defined in this template", kind="undefined")
            return self._atom(name, name)
        self._conditions[name] = None
        result = self._condition(section.body)
        if len(result) > MAX_OPTIONS:
            result = self._atom(name, name)
        self._conditions[name] = result
        return result

    @staticmethod
    def _atom(key: str, subject: str, value: str = "true") -> list[tuple[When, bool]]:
        if value == "true" and key == subject:
            premise = Premise(key, f"{subject} holds", f"{subject} does not hold")
        else:
            shown = f"'{value}'" if value == "" or " " in value else value
            premise = Premise(key, f"{subject} is {shown}", f"{subject} is not {shown}", value)
        return [((premise,), True), ((premise.negated(),), False)]

    def _condition(self, node: Node) -> list[tuple[When, bool]]:
        call = intrinsic(node)
        self._depth += 1
        try:
            if call is None or self._depth > MAX_DEPTH:
                if type(node) is Scalar and node.raw in {"true", "false"}:
                    return [((), node.raw == "true")]
                self.gap(node, "a condition", "it is no condition function", kind="wrong-shape")
                return self._atom(f"condition at {node.span.start}", "a condition")
            return self._condition_call(call, node)
        finally:
            self._depth -= 1

    def _condition_call(self, call: Intrinsic, node: Node) -> list[tuple[When, bool]]:
        argument = self._argument(call)
        items = argument.items if type(argument) is Sequence else ()
        if call.name == "Condition" and type(argument) is Scalar:
            return self.paths(argument.raw, node)
        if call.name == "Fn::Not" and len(items) == 1:
            return [(when, not truth) for when, truth in self._condition(items[0])]
        if call.name in {"Fn::And", "Fn::Or"} and items:
            stop = call.name == "Fn::Or"
            done: list[tuple[When, bool]] = []
            going: list[When] = [()]
            for item in items:
                following: list[When] = []
                paths = self._condition(item)
                for when in going:
                    for extra, truth in paths:
                        both = conjoin(when, extra)
                        if both is None:
                            continue
                        if truth is stop:
                            done.append((both, stop))
                        else:
                            following.append(both)
                going = following
                if len(going) + len(done) > 4 * MAX_OPTIONS:
                    return self._atom(f"condition at {node.span.start}", "a condition")
            return done + [(when, not stop) for when in going]
        if call.name == "Fn::Equals" and len(items) == 2:
            return self._equals(node, items[0], items[1])
        if call.name in {"Fn::Contains", "Fn::EachMemberIn", "Fn::EachMemberEquals", "Fn::ValueOf", "Fn::RefAll"}:
            return self._atom(f"condition at {node.span.start}", "a rule's condition")
        self.gap(node, "a condition", f"`{call.name}` is no condition function", kind="wrong-shape")
        return self._atom(f"condition at {node.span.start}", "a condition")

    def _equals(self, node: Node, left: Node, right: Node) -> list[tuple[When, bool]]:
        a, b = self._operand(left), self._operand(right)
        if isinstance(a, str) and isinstance(b, str):
            return [((), a == b)]
        if isinstance(a, str):
            a, b = b, a
        if isinstance(a, tuple) and isinstance(b, str):
            key, subject = a
            return self._atom(key, subject, b)
        return self._atom(f"condition at {node.span.start}", "a condition")

    def _operand(self, node: Node) -> str | tuple[str, str] | None:
        """A text, or the name of what it depends on (key, shown), or None."""
        call = intrinsic(node)
        if call is None:
            return node.raw if type(node) is Scalar else None
        argument = self._argument(call)
        if call.name == "Ref" and type(argument) is Scalar:
            name = argument.raw
            if name in self.template.parameters:
                if name in self.given:
                    value = self.parameter(name)
                    if type(value) is Known:
                        return str(value.v)
                    if type(value) is Text:
                        return value.show(), value.show()
                    return name, name
                return name, name
            return (name, name) if name in _PSEUDO else None
        value = self.value(node)
        if type(value) is Known and not self._depends_on_parameter(node):
            return str(value.v)
        return (shown := value.show(), shown) if type(value) in {Text, Unknown} else None

    def _depends_on_parameter(self, node: Node) -> bool:
        call = intrinsic(node)
        if call is not None and call.name == "Ref":
            argument = self._argument(call)
            return type(argument) is Scalar and argument.raw in self.template.parameters and argument.raw not in self.given
        if type(node) is Scalar:
            return any(
                m.group(1) in self.template.parameters and m.group(1) not in self.given for m in _SUB.finditer(node.raw)
            )
        children = [e.value for e in node.entries] if type(node) is Mapping else node.items if type(node) is Sequence else ()
        return any(self._depends_on_parameter(child) for child in children)

    # ---------------------------------------------------------------------------------------------------- parameters

    def parameter(self, name: str) -> Value[Any]:
        """What a parameter's value is."""
        if name not in self._parameters:
            self._parameters[name] = self._parameter(name)
        return self._parameters[name]

    def _parameter(self, name: str) -> Value[Any]:
        section = self.template.parameters[name]
        body = section.body if type(section.body) is Mapping else None
        declared = body.get("Type") if body is not None else None
        kind = declared.raw if type(declared) is Scalar else "String"
        is_list = kind.startswith(_LIST_TYPES)
        origin = self.origin(section.entry.key)
        remedy = f"--parameters {name}=…"
        given = self.given.get(name)
        if given is not None:
            if isinstance(given.value, Value):
                return given.value
            via = File(section.entry.key.span, None, (Via(f"parameter {name} from {given.source}"),))
            return self._parameter_text(given.value, via, is_list=is_list, kind=kind, name=name)
        if kind.startswith("AWS::SSM::Parameter::"):
            doubt = Doubt(f"`{name}` is read from Parameter Store when the stack is deployed", remedy, "SSM parameter")
            return Unknown(doubt=doubt, name=name, origin=origin)
        default = body.get("Default") if body is not None else None
        if type(default) is Scalar:
            via = File(default.span, section.entry.key.span, (Via(f"default of parameter {name}", default.span),))
            return self._parameter_text(default.raw, via, is_list=is_list, kind=kind, name=name)
        allowed = body.get("AllowedValues") if body is not None else None
        if type(allowed) is Sequence and 0 < len(allowed.items) <= MAX_OPTIONS and not is_list:
            texts = [i for i in allowed.items if type(i) is Scalar]
            if len(texts) == len(allowed.items):
                options: list[tuple[When, Value[Any]]] = []
                for item in texts:
                    premise = self._atom(name, name, item.raw)[0][0]
                    where = File(item.span, section.entry.key.span, (Via(f"allowed value of parameter {name}", item.span),))
                    options.append((premise, Known(v=item.raw, origin=where)))
                return one_of(options, origin)
        return Unknown(doubt=Doubt(f"the parameter `{name}` has no default", remedy, "parameter"), name=name, origin=origin)

    @staticmethod
    def _parameter_text(text: str, origin: Origin, *, is_list: bool, kind: str, name: str) -> Value[Any]:
        del kind, name
        if is_list:
            return Known(v=[part.strip() for part in text.split(",")] if text else [], origin=origin)
        return Known(v=text, origin=origin)

    @staticmethod
    def doubt_of_macro() -> Doubt:
        """Why what a macro makes is not known."""
        return Doubt("a macro makes it when the stack is deployed", cause="macro")

    def included(self, node: Node) -> Node:
        """The block that `Fn::Transform` with `AWS::Include` puts here, if it is a local file; else the node itself."""
        return node

    # -------------------------------------------------------------------------------------------------------- values

    def _argument(self, call: Intrinsic) -> Node:
        """The argument of a call; of a short form, the node without its tag."""
        if call.argument is call.node:
            return replace(call.node, tag=None)  # type: ignore[type-var]
        return call.argument

    def value(self, node: Node, key_span: Span | None = None) -> Value[Any]:
        """What a node stands for, as one value. Mappings and lists are unknown here: see `texts` and `cases`."""
        kind = type(node)
        if kind is Scalar and node.tag is None:
            raw = node.raw
            if "{{resolve:" in raw:
                return self._dynamic(node, raw)
            return Known(v=raw if node.value is not None else None, origin=self.origin(node, key_span))
        call = intrinsic(node)
        if call is None:
            what = "a list" if kind is Sequence else "a mapping" if kind is Mapping else f"the tag {node.tag}"
            if kind is Scalar:
                self.gap(node, what, "CloudFormation does not know this tag", kind="wrong-shape")
            return self.unknown(node, f"{what} stands where a single value belongs", cause="wrong shape")
        if self._depth > MAX_DEPTH:
            self.gap(node, "an expression", "it is nested too deeply", kind="limit", remedy="simplify it")
            return self.unknown(node, "it is nested too deeply", cause="limit")
        self._depth += 1
        try:
            return self._call(call, node, key_span)
        finally:
            self._depth -= 1

    def _dynamic(self, node: Scalar, raw: str) -> Value[Any]:
        """A text with `{{resolve:…}}`: what is inside is known to the service only."""
        parts: list[Part] = []
        last = 0
        for m in re.finditer(r"\{\{resolve:([^}]*)\}\}", raw):
            if m.start() > last:
                parts.append(raw[last : m.start()])
            service = m.group(1).partition(":")[0]
            doubt = Doubt(f"it is read from {service} when the stack is deployed", cause="dynamic reference")
            parts.append(Hole(m.group(0), doubt))
            last = m.end()
        if last < len(raw):
            parts.append(raw[last:])
        return Text(parts=tuple(parts), origin=self.origin(node))

    def _call(self, call: Intrinsic, node: Node, key_span: Span | None) -> Value[Any]:
        name, argument = call.name, self._argument(call)
        if name == "Ref" and type(argument) is Scalar:
            return self._ref(argument.raw, node, key_span)
        if name == "Fn::GetAtt":
            return self._get_att(argument, node)
        if name == "Fn::Sub":
            return self._sub(argument, node)
        if name == "Fn::Join":
            return self._join(argument, node)
        if name == "Fn::If":
            return self._if_value(argument, node)
        if name == "Fn::FindInMap":
            return self._find_in_map(argument, node)
        if name == "Fn::Select":
            return self._select(argument, node)
        if name == "Fn::Split":
            parts = self._split(argument)
            if parts is None:
                return self.unknown(node, "what is split is not known", cause="Fn::Split")
            return Known(v=parts, origin=self.origin(node))
        if name == "Fn::Base64":
            return self.map(self.value(argument), lambda v: base64.b64encode(str(v).encode()).decode(), node)
        if name == "Fn::ImportValue":
            return self._import_value(argument, node)
        if name == "Fn::GetAZs":
            return self.unknown(node, "the zones of a region are known to the account only", cause="Fn::GetAZs")
        if name == "Fn::Cidr":
            return self.unknown(node, "address blocks are not computed", cause="Fn::Cidr")
        if name == "Fn::Length":
            items = self.texts(argument)
            if not items.complete:
                return self.unknown(node, "the list is not wholly known", cause="Fn::Length")
            return Known(v=len(items), origin=self.origin(node))
        if name == "Fn::ToJsonString":
            plain = self.plain(argument)
            if plain is _ABSENT:
                return self.unknown(node, "its argument is not wholly known", cause="Fn::ToJsonString")
            return Known(v=json.dumps(plain), origin=self.origin(node))
        if name == "Fn::Transform":
            self.gap(
                node,
                "a macro (`Fn::Transform`)",
                "only the account can expand it",
                kind="macro",
                remedy="scan the expanded template",
            )
            return self.unknown(node, "a macro makes it when the stack is deployed", cause="macro")
        if name in {"Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition"}:
            paths = self._condition(node)
            origin = self.origin(node)
            return one_of([(when, Known(v="true" if truth else "false", origin=origin)) for when, truth in paths], origin)
        self.gap(node, f"`{name}`", "it is not an intrinsic function that is known here", kind="unsupported")
        return self.unknown(node, f"`{name}` is not known here", cause="unknown function")

    def _ref(self, name: str, node: Node, key_span: Span | None = None) -> Value[Any]:
        origin = self.origin(node, key_span)
        if name in self.template.parameters:
            value = self.parameter(name)
            if type(value) is Unknown:
                return Text(parts=(Hole(name, value.doubt),), origin=File(origin.span, key_span, (*origin.via, *value.origin.via)))
            return self._moved(value, origin)
        if name == "AWS::NoValue":
            return Default(v=None, origin=origin)
        if name in _PSEUDO:
            doubt = Doubt(f"{_PSEUDO[name]} is known only when the stack is deployed", cause="pseudo parameter")
            return Text(parts=(Hole(name, doubt, plain=name not in {"AWS::StackId"}),), origin=origin)
        if name == "AWS::NotificationARNs":
            return self.unknown(node, "it is known only when the stack is deployed", cause="pseudo parameter")
        return Text(parts=(Reference(self.key(self.renames.get(name, name)), "Ref", name),), origin=origin)

    def _moved(self, value: Value[Any], place: File) -> Value[Any]:
        """The value of a parameter, told at the place where it is used."""
        via = value.origin.via
        if isinstance(value, OneOf):
            return OneOf(options=tuple((w, self._moved(v, place)) for w, v in value.options), origin=place)
        origin = File(place.span, place.key_span, (*place.via, *via))
        return replace(value, origin=origin)

    def _get_att(self, argument: Node, node: Node) -> Value[Any]:
        if type(argument) is Scalar:
            logical, _, attribute = argument.raw.partition(".")
        elif type(argument) is Sequence and len(argument.items) >= 2 and type(argument.items[0]) is Scalar:
            logical = argument.items[0].raw
            rest = self.value(argument.items[1]) if len(argument.items) == 2 else None
            if type(rest) is Known:
                attribute = str(rest.v)
            else:
                attribute = ".".join(i.raw for i in argument.items[1:] if type(i) is Scalar)
        else:
            return self.unknown(node, "`Fn::GetAtt` wants a resource and an attribute", cause="wrong shape")
        return self._attribute(logical, attribute, node)

    def _attribute(self, logical: str, attribute: str, node: Node) -> Value[Any]:
        child = self.nested.get(logical)
        if child is not None and attribute.startswith("Outputs."):
            output = child.template.outputs.get(attribute.removeprefix("Outputs."))
            body = output.body if output is not None else None
            written = body.get("Value") if type(body) is Mapping else None
            if written is not None:
                return self._moved(child.value(written), self.origin(node))
        if not attribute:
            return self.unknown(node, "`Fn::GetAtt` wants an attribute", cause="wrong shape")
        if self.renames:
            # `Function.Alias` (in `Fn::Sub`) and `Function.Version.Version` name a resource that SAM makes.
            shown = f"{logical}.{attribute}"
            first, _, rest = attribute.partition(".")
            renamed = self.renames.get(f"{logical}.{first}")
            if renamed is not None:
                return Text(parts=(Reference(self.key(renamed), rest or "Ref", shown),), origin=self.origin(node))
        return Text(parts=(Reference(self.key(logical), attribute, f"{logical}.{attribute}"),), origin=self.origin(node))

    def _sub(self, argument: Node, node: Node) -> Value[Any]:
        own: dict[str, Node] = {}
        if type(argument) is Sequence and argument.items and type(argument.items[0]) is Scalar:
            text = argument.items[0].raw
            if len(argument.items) > 1 and type(argument.items[1]) is Mapping:
                own = {e.key.raw: e.value for e in argument.items[1].entries}
        elif type(argument) is Scalar:
            text = argument.raw
        else:
            return self.unknown(node, "`Fn::Sub` wants a text", cause="wrong shape")
        if "${" not in text and "{{resolve:" not in text:
            return Known(v=text, origin=self.origin(node))
        pieces: list[str | Value[Any]] = []
        last = 0
        for m in _SUB.finditer(text):
            if m.start() > last:
                pieces.append(text[last : m.start()])
            name = m.group(1).strip()
            if name.startswith("!"):
                pieces.append("${" + name[1:] + "}")
            elif name in own:
                pieces.append(self.value(own[name]))
            elif "." in name:
                logical, _, attribute = name.partition(".")
                pieces.append(self._attribute(logical, attribute, node))
            else:
                pieces.append(self._ref(name, node))
            last = m.end()
        if last < len(text):
            pieces.append(text[last:])
        return self.concat(pieces, node)

    def _join(self, argument: Node, node: Node) -> Value[Any]:
        if type(argument) is not Sequence or len(argument.items) != 2:
            return self.unknown(node, "`Fn::Join` wants a delimiter and a list", cause="wrong shape")
        delimiter = self.value(argument.items[0])
        if type(delimiter) is not Known:
            return self.unknown(node, "the delimiter is not known", cause="Fn::Join")
        items = self.texts(argument.items[1])
        if not items.complete:
            return self.unknown(node, "the list that is joined is not wholly known", cause="Fn::Join")
        pieces: list[str | Value[Any]] = []
        for item in items:
            if type(item) is Default:
                continue
            if pieces:
                pieces.append(str(delimiter.v))
            pieces.append(item)
        return self.concat(pieces, node)

    def concat(self, pieces: list[str | Value[Any]], node: Node) -> Value[Any]:
        """Texts and values one after the other, as one text."""
        origin = self.origin(node)
        options: list[tuple[When, list[Part]]] = [((), [])]
        via: tuple[Via, ...] = ()
        for piece in pieces:
            if isinstance(piece, str):
                for _, parts in options:
                    parts.append(piece)
                continue
            leaves = list(piece.leaves())
            via += piece.origin.via
            following: list[tuple[When, list[Part]]] = []
            for when, parts in options:
                for extra, leaf in leaves:
                    both = conjoin(when, extra)
                    if both is not None:
                        following.append((both, parts + self._parts(leaf)))
            if len(following) > MAX_OPTIONS:
                return self.unknown(node, "it depends on too many conditions at once", cause="conditions")
            options = following
        origin = File(origin.span, origin.key_span, origin.via + tuple(v for v in via if v.what != "Globals"))
        return one_of([(when, self._text(parts, origin)) for when, parts in options], origin)

    @staticmethod
    def _parts(leaf: Value[Any]) -> list[Part]:
        if isinstance(leaf, Text):
            return list(leaf.parts)
        if isinstance(leaf, Known):
            return [str(leaf.v)]
        if isinstance(leaf, Unknown):
            return [Hole(leaf.name or "unknown", leaf.doubt)]
        return []

    @staticmethod
    def _text(parts: list[Part], origin: Origin) -> Value[Any]:
        joined: list[Part] = []
        for part in parts:
            if isinstance(part, str):
                if not part:
                    continue
                if joined and isinstance(joined[-1], str):
                    joined[-1] += part
                    continue
            joined.append(part)
        if all(isinstance(p, str) for p in joined):
            return Known(v="".join(p for p in joined if isinstance(p, str)), origin=origin)
        return Text(parts=tuple(joined), origin=origin)

    def _if_value(self, argument: Node, node: Node) -> Value[Any]:
        options: list[tuple[When, Value[Any]]] = []
        branches = self._branches(argument, node)
        if branches is None:
            return self.unknown(node, "`Fn::If` wants a condition and two values", cause="wrong shape")
        for when, branch in branches:
            for inner, leaf in self.value(branch).leaves():
                both = conjoin(when, inner)
                if both is not None:
                    options.append((both, leaf))
        if len(options) > MAX_OPTIONS:
            return self.unknown(node, "it depends on too many conditions at once", cause="conditions")
        return one_of(options, self.origin(node)) if options else self.unknown(node, "no branch can hold", cause="conditions")

    def _branches(self, argument: Node, node: Node) -> list[tuple[When, Node]] | None:
        if type(argument) is not Sequence or len(argument.items) != 3 or type(argument.items[0]) is not Scalar:
            self.gap(node, "`Fn::If`", "it wants a condition's name and two values", kind="wrong-shape")
            return None
        paths = self.paths(argument.items[0].raw, node)
        return [(when, argument.items[1] if truth else argument.items[2]) for when, truth in paths]

    def _find_in_map(self, argument: Node, node: Node) -> Value[Any]:
        default: Value[Any] | None = None
        if type(argument) is not Sequence or len(argument.items) < 3:
            return self.unknown(node, "`Fn::FindInMap` wants a map and two keys", cause="wrong shape")
        if len(argument.items) > 3 and type(argument.items[3]) is Mapping:
            written = argument.items[3].get("DefaultValue")
            default = self.value(written) if written is not None else None
        options: list[tuple[When, Value[Any]]] = []
        for when, leaf in self._map_leaves(argument, node):
            found = leaf if leaf is not None else default
            if found is None:
                found = self.unknown(node, "the map has no such key", cause="Fn::FindInMap")
            for inner, value in found.leaves():
                both = conjoin(when, inner)
                if both is not None:
                    options.append((both, value))
        if not options or len(options) > MAX_OPTIONS:
            return self.unknown(node, "the key of the map is not known", cause="Fn::FindInMap")
        return one_of(options, self.origin(node))

    def _map_leaves(self, argument: Sequence, node: Node) -> Iterator[tuple[When, Value[Any] | None]]:
        names = self.value(argument.items[0])
        if type(names) is not Known or str(names.v) not in self.template.mappings:
            yield (), self.unknown(node, f"there is no map `{names.show()}`", cause="Fn::FindInMap")
            return
        table = self.template.mappings[str(names.v)].body
        for when, first in self._keys(table, argument.items[1]):
            block = table.get(first) if type(table) is Mapping else None
            for extra, second in self._keys(block, argument.items[2]):
                both = conjoin(when, extra)
                if both is None:
                    continue
                found = block.get(second) if type(block) is Mapping else None
                if found is None:
                    yield both, None
                    continue
                via = (Via(f"mapping {names.v}", found.span),)
                if type(found) is Sequence:
                    texts = [i.raw for i in found.items if type(i) is Scalar]
                    yield both, Known(v=texts, origin=File(node.span, None, via))
                else:
                    yield both, Known(v=found.raw if type(found) is Scalar else "", origin=File(node.span, None, via))

    def _keys(self, block: Node | None, node: Node) -> list[tuple[When, str]]:
        """The keys that a node of `Fn::FindInMap` may mean; those of the block where only the account knows."""
        keys: list[tuple[When, str]] = []
        for when, leaf in self.value(node).leaves():
            if type(leaf) is Known:
                keys.append((when, str(leaf.v)))
                continue
            name = leaf.show().removeprefix("${").removesuffix("}")
            for entry in block.entries if type(block) is Mapping else ():
                both = conjoin(when, self._atom(name, name, entry.key.raw)[0][0])
                if both is not None:
                    keys.append((both, entry.key.raw))
        return keys

    def _select(self, argument: Node, node: Node) -> Value[Any]:
        if type(argument) is Sequence and len(argument.items) == 2:
            index = self.value(argument.items[0])
            items = self.texts(argument.items[1])
            if type(index) is Known and items.complete and str(index.v).isdigit() and int(str(index.v)) < len(items):
                return items.items[int(str(index.v))]
        return self.unknown(node, "the list that is selected from is not wholly known", cause="Fn::Select")

    def _split(self, argument: Node) -> list[str] | None:
        if type(argument) is Sequence and len(argument.items) == 2:
            delimiter, text = self.value(argument.items[0]), self.value(argument.items[1])
            if type(delimiter) is Known and type(text) is Known and str(delimiter.v):
                return str(text.v).split(str(delimiter.v))
        return None

    def _import_value(self, argument: Node, node: Node) -> Value[Any]:
        name = self.value(argument)
        shown = name.show()
        if self.imports is not None:
            found = self.imports(shown)
            if found is not None:
                return self._moved(found, self.origin(node, None, (Via(f"export {shown}"),)))
        doubt = Doubt(f"another stack exports `{shown}`", "scan that stack's template together with this one", "Fn::ImportValue")
        return Text(parts=(Hole(f"ImportValue {shown}", doubt),), origin=self.origin(node))

    # ------------------------------------------------------------------------------------------- lists, blocks, types

    def map(self, value: Value[T], change: Callable[[T], U], node: Node) -> Value[U]:
        """A value with each known leaf changed; what is not wholly known becomes unknown."""
        if isinstance(value, Known):
            return Known(v=change(value.v), origin=value.origin)
        if isinstance(value, OneOf):
            return OneOf(options=tuple((w, self.map(v, change, node)) for w, v in value.options), origin=value.origin)
        if isinstance(value, Default | Unknown):
            return value  # type: ignore[return-value]
        return Unknown(doubt=Doubt(f"`{value.show()}` is not wholly known", cause="unresolved"), origin=value.origin)

    def cases(self, node: Node | None, key_span: Span | None = None) -> list[Case]:
        """What a block may be, once `Fn::If` and `AWS::NoValue` are seen through."""
        if node is None:
            return [Case((), None)]
        call = intrinsic(node)
        if call is None:
            return [Case((), node, key_span)]
        if call.name == "Ref":
            argument = self._argument(call)
            if type(argument) is Scalar and argument.raw == "AWS::NoValue":
                return [Case((), None, key_span)]
        if call.name == "Fn::If" and self._depth <= MAX_DEPTH:
            branches = self._branches(self._argument(call), node)
            if branches is not None:
                result: list[Case] = []
                self._depth += 1
                try:
                    for when, branch in branches:
                        for case in self.cases(branch, key_span):
                            both = conjoin(when, case.when)
                            if both is not None:
                                result.append(Case(both, case.node, key_span))
                finally:
                    self._depth -= 1
                return result
        return [Case((), node, key_span)]

    def lookup(self, block: Node | None, path: tuple[str, ...]) -> list[Case]:
        """What stands at a path below a block: a key of a mapping, `*` for every item of a list, digits for one item.

        A case that is `stopped` is an intrinsic function that could not be looked into.
        """
        if type(block) is Mapping and len(path) == 1 and intrinsic(block) is None:
            entry = block.entry(path[0])
            if entry is not None:
                return self.cases(entry.value, entry.key.span)
            if "Fn::Transform" not in block:
                return [Case((), None)]
        found = self.cases(block)
        for step in path:
            following: list[Case] = []
            for case in found:
                if case.node is None or case.stopped:
                    following.append(case)
                else:
                    self._step(case, case.node, step, following)
            found = following
        return found

    def _step(self, case: Case, node: Node, step: str, found: list[Case]) -> None:
        inner = self.embedded(node) if type(node) is not Sequence else None
        if inner is not None:
            node = inner
        elif intrinsic(node) is not None:
            found.append(Case(case.when, node, case.key_span, stopped=True))
            return
        if step == "*" or step.isdigit():
            if type(node) is Sequence:
                items = node.items if step == "*" else node.items[int(step) : int(step) + 1]
            else:
                # CloudFormation takes a single item for a list of one.
                items = (node,) if type(node) is Mapping or (type(node) is Scalar and node.value is not None) else ()
            for item in items:
                self._cases_under(case, item, case.key_span, found)
            if not items and step != "*":
                found.append(Case(case.when, None))
        elif type(node) is Mapping:
            entry = node.entry(step)
            if entry is not None:
                self._cases_under(case, entry.value, entry.key.span, found)
                return
            macro = node.get("Fn::Transform")
            # A macro beside the other keys may add this one.
            found.append(Case(case.when, None) if macro is None else Case(case.when, macro_call(node), None, stopped=True))
        elif type(node) is Scalar and node.value is None:
            found.append(Case(case.when, None))
        else:
            self.gap(node, f"`{step}`", "a mapping is expected around it", kind="wrong-shape", remedy="correct it")
            found.append(Case(case.when, None))

    def _cases_under(self, case: Case, node: Node, key_span: Span | None, found: list[Case]) -> None:
        for inner in self.cases(node, key_span):
            if not case.when:
                found.append(inner)
                continue
            both = conjoin(case.when, inner.when)
            if both is not None:
                found.append(Case(both, inner.node, key_span))

    def embedded(self, node: Node) -> Node | None:
        """The tree of a JSON text that stands where a block belongs, in the template as such or inside `Fn::Sub`."""
        scalar, own = node, None
        call = None
        if node.tag is not None or type(node) is Mapping:
            call = intrinsic(node)
            if call is None or call.name != "Fn::Sub":
                return None
            scalar = self._argument(call)
            if type(scalar) is Sequence and len(scalar.items) == 2:
                scalar, own = scalar.items
        if type(scalar) is not Scalar or scalar.raw.lstrip()[:1] not in {"{", "["}:
            return None
        if id(node) not in self._embedded:
            self._embedded[id(node)] = (node, embedded_json(scalar, is_sub=call is not None, own=own))
        return self._embedded[id(node)][1]

    def texts(self, node: Node | None) -> Relation[Value[Any]]:
        """A list of values; a single value counts as a list of one."""
        items: list[Value[Any]] = []
        doubts: list[Doubt] = []
        for case in self.cases(node):
            if case.node is not None:
                self._list_items(case.when, case.node, items, doubts)
        return Relation(tuple(items), complete=not doubts, gaps=tuple(doubts))

    def _list_items(self, when: When, node: Node, items: list[Value[Any]], doubts: list[Doubt]) -> None:
        if type(node) is Sequence and node.tag is None:
            for item in node.items:
                for case in self.cases(item):
                    both = conjoin(when, case.when)
                    if both is None or case.node is None:
                        continue
                    if type(case.node) is Sequence and case.node.tag is None:
                        doubts.append(Doubt("a list stands inside a list", cause="wrong shape"))
                        continue
                    self._spread(both, self.value(case.node), items, doubts)
            return
        call = intrinsic(node)
        if call is not None and call.name == "Fn::Split":
            argument = self._argument(call)
            parts = self._split(argument)
            if parts is not None:
                items += [self.under(when, Known(v=p, origin=self.origin(node))) for p in parts]
                return
        self._spread(when, self.value(node), items, doubts)

    def _spread(self, when: When, value: Value[Any], items: list[Value[Any]], doubts: list[Doubt]) -> None:
        if isinstance(value, Known) and isinstance(value.v, list):
            items += [self.under(when, Known(v=v, origin=value.origin)) for v in value.v]
        elif isinstance(value, OneOf) and any(isinstance(leaf, Known) and isinstance(leaf.v, list) for _, leaf in value.leaves()):
            for inner, leaf in value.leaves():
                both = conjoin(when, inner)
                if both is not None:
                    self._spread(both, leaf, items, doubts)
        elif isinstance(value, Unknown):
            doubts.append(value.doubt)
        elif isinstance(value, Text) and len(value.parts) == 1 and isinstance(value.parts[0], Hole) and self._is_list(value.parts[0]):
            doubts.append(value.parts[0].doubt)
        elif isinstance(value, Default) and value.v is None:
            return
        else:
            items.append(self.under(when, value))

    def _is_list(self, hole: Hole) -> bool:
        section = self.template.parameters.get(hole.name)
        declared = section.body.get("Type") if section is not None and type(section.body) is Mapping else None
        return type(declared) is Scalar and declared.raw.startswith(_LIST_TYPES)

    @staticmethod
    def under(when: When, value: Value[T]) -> Value[T]:
        """A value that is only there under premises; otherwise nothing is."""
        if not when:
            return value
        nothing: Value[Any] = Default(v=None, origin=value.origin)
        return OneOf(options=((when, value), *((other, nothing) for other in otherwise(when))), origin=value.origin)

    def plain(self, node: Node | None) -> Any:  # noqa: ANN401 - it is plain data of any shape
        """Plain Python data of a node that is wholly known, or the `ABSENT` mark."""
        if node is None:
            return None
        if intrinsic(node) is not None:
            value = self.value(node)
            return value.v if isinstance(value, Known) else _ABSENT
        if type(node) is Scalar:
            return node.value
        if type(node) is Sequence:
            items = [self.plain(item) for item in node.items]
            return _ABSENT if any(i is _ABSENT for i in items) else items
        pairs = {e.key.raw: self.plain(e.value) for e in node.entries} if type(node) is Mapping else {}
        return _ABSENT if any(v is _ABSENT for v in pairs.values()) else pairs


ABSENT: Any = _ABSENT


def integer(value: Value[Any]) -> Value[Any]:
    """The value as a whole number; CloudFormation takes numbers in quotes too."""
    return _typed(value, _to_int, "a whole number")


def number(value: Value[Any]) -> Value[Any]:
    """The value as a number."""
    return _typed(value, _to_float, "a number")


def boolean(value: Value[Any]) -> Value[Any]:
    """The value as a truth value; CloudFormation takes "true" and "false" in quotes too."""
    return _typed(value, _to_bool, "true or false")


def text(value: Value[Any]) -> Value[Any]:
    """The value as a text."""
    return _typed(value, lambda v: None if isinstance(v, list) else str(v), "a text")


def _to_int(v: object) -> int | None:
    try:
        return int(str(v).strip())
    except ValueError:
        number_ = _to_float(v)
        return int(number_) if number_ is not None and number_ == int(number_) else None


def _to_float(v: object) -> float | None:
    try:
        found = float(str(v).strip())
    except ValueError:
        return None
    return found if abs(found) != float("inf") and found == found else None  # noqa: PLR0124 - NaN is unequal to itself


def _to_bool(v: object) -> bool | None:
    word = str(v).strip().lower()
    # YAML 1.1's yes/no/on/off reach CloudFormation as booleans.
    return {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False, "1": True, "0": False}.get(word)


def _typed(value: Value[Any], convert: Callable[[Any], Any], expected: str) -> Value[Any]:
    if isinstance(value, Known):
        if value.v is None:
            return Default(v=None, origin=value.origin)
        converted = convert(value.v)
        if converted is None:
            return Unknown(doubt=Doubt(f"{expected} belongs here, not `{value.v}`", cause="wrong shape"), origin=value.origin)
        return value if type(converted) is type(value.v) and converted == value.v else Known(v=converted, origin=value.origin)
    if isinstance(value, OneOf):
        return OneOf(options=tuple((w, _typed(v, convert, expected)) for w, v in value.options), origin=value.origin)
    return value
