"""Intrinsic functions, parameters and conditions: from nodes to values that may be unknown.

`Evaluator.value(node)` never raises for what a template can hold: what it can't tell is an `Unknown` with the reason
and, where there is one, what to give so that it can.

Parameters: a given value decides; else the default holds, except in conditions, where both branches are kept (a
condition is there because the template is deployed in more than one way); else each of the allowed values; else it is
unknown.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeAlias, TypeVar

from msgspec import Struct

from stockade.inputs.cloudformation.conditions import MAX_DEPTH, Conditions
from stockade.inputs.cloudformation.embedded import embedded_json, joined_json, macro_call
from stockade.inputs.cloudformation.intrinsics import INTRINSICS, PSEUDO, SUB, attribute_of, concat, dynamic, json_text
from stockade.inputs.cloudformation.loops import LOOP, write_out
from stockade.inputs.cloudformation.parameters import (
    Given,
    allowed_values,
    hidden,
    list_parameter,
    parameter_value,
    under_premises,
)
from stockade.inputs.cloudformation.template import Template
from stockade.inputs.convert import boolean, integer, number, text
from stockade.inputs.intrinsic import Intrinsic, argument_of, intrinsic
from stockade.model.app import Gap
from stockade.model.value import (
    Default,
    Doubt,
    File,
    Hole,
    Known,
    OneOf,
    Premise,
    Relation,
    Text,
    Unknown,
    Value,
    Via,
    When,
    conjoin,
    otherwise,
)
from stockade.text.document import Span
from stockade.text.node import Mapping, Node, Scalar, Sequence

__all__ = ["ABSENT", "Case", "Evaluator", "Given", "boolean", "integer", "number", "text"]

T = TypeVar("T")
U = TypeVar("U")

_ABSENT: Any = object()
_NOTHING_MORE: AbstractContextManager[None] = nullcontext()

Imports: TypeAlias = "Callable[[str, Evaluator], Value[Any] | None]"


class Case(Struct, frozen=True, eq=False):
    """One of the things that a node may stand for; `node` is None where it stands for nothing (`AWS::NoValue`)."""

    when: When
    node: Node | None
    key_span: Span | None = None
    stopped: bool = False  # an intrinsic function stands before the end of the path, so that it could not be walked


class Evaluator:
    """Everything that is needed to say what a node of one template, deployed once, stands for."""

    def __init__(
        self,
        template: Template,
        scope: str,
        given: dict[str, Given] | None = None,
        imports: Imports | None = None,
        local: Callable[[str], Node | None] | None = None,
    ) -> None:
        self.template = template
        self.scope = scope
        self.given = given or {}
        self.imports = imports
        self.local = local  # reads a file by its path relative to the scanned root
        self.gaps: list[Gap] = []
        self._noted: set[tuple[int, str]] = set()
        self.nested: dict[str, Evaluator] = {}
        self.renames: dict[str, str] = {}  # SAM: `Function.Alias` and the like, and the resource that it stands for
        self.via: tuple[Via, ...] = ()  # what made the resource that is being lowered: a loop, a construct
        self.sam_names = {s.name for s in template.resources.values() if _is_sam(s.body)}
        self.has_sam = bool(self.sam_names)
        self.conditions = Conditions(self)
        self._allowed: dict[str, list[str]] = {}
        self._assumed: When = ()
        self._parameters: dict[str, Value[Any]] = {}
        self._globals = template.globals.span if template.globals is not None else None
        self._embedded: dict[
            int, tuple[Node, Node | None]
        ] = {}  # by the id of a node, which is kept so that no other gets it
        self._depth = 0
        if LOOP in template.document.text:
            self.template = write_out(self)

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
        return File(span, key_span, self.via + via if self.via else via)

    def gap(  # noqa: PLR0913 - they are the fields of a Gap
        self,
        node: Node | Span,
        what: str,
        why: str,
        *,
        kind: str,
        remedy: str = "",
        hides: bool = False,
        kinds: tuple[str, ...] = (),
        affects: tuple[str, ...] = (),
        api: str = "",
    ) -> None:
        """Note something that could not be seen; see `Gap` for what `hides`, `kinds`, `affects` and `api` say."""
        span = node if isinstance(node, Span) else node.span
        if (span.start, what) in self._noted:
            return
        self._noted.add((span.start, what))
        self.gaps.append(
            Gap(
                what=what, why=why, remedy=remedy, kind=kind, path=self.template.name, span=span,
                hides=hides, kinds=kinds, affects=affects, api=api,
            )
        )  # fmt: skip

    def unknown(self, node: Node, why: str, *, cause: str, remedy: str = "", name: str = "") -> Value[Any]:
        """An unknown value at this node."""
        return Unknown(doubt=Doubt(why, remedy, cause), name=name, origin=self.origin(node))

    # ------------------------------------------------------------------------------------- conditions and parameters

    def paths(self, name: str, node: Node) -> list[tuple[When, bool]]:
        """A named condition as disjoint sets of premises, each with what the condition is under them."""
        return self.conditions.paths(name, node)

    def parameter(self, name: str) -> Value[Any]:
        """What a parameter's value is."""
        known = self._parameters.get(name)
        if known is None:
            doubt = Doubt(f"`{name}` is passed round in a circle by nested stacks", "break the circle", "circular")
            section = self.template.parameters[name]
            self._parameters[name] = Unknown(doubt=doubt, name=name, origin=File(section.entry.key.span))
            known = self._parameters[name] = hidden(self, name, parameter_value(self, name))
        return known

    def assumed_value(self, name: str) -> Value[Any]:
        """What a parameter is under the premises that are assumed at the moment."""
        if not self._assumed or name in self.given or list_parameter(self, name):
            return self.parameter(name)
        return under_premises(self, name, self._assumed)

    def assuming(self, when: When) -> AbstractContextManager[None]:
        """Evaluate under premises: inside a branch, a parameter has the value that leads there."""
        return self._assuming(when) if when else _NOTHING_MORE

    @contextmanager
    def _assuming(self, when: When) -> Iterator[None]:
        before = self._assumed
        both = conjoin(before, when)
        self._assumed = when if both is None else both
        try:
            yield
        finally:
            self._assumed = before

    def is_open(self, name: str) -> bool:
        """Whether the deployment decides what `Ref` to this name is: a parameter or pseudo parameter not given."""
        return name not in self.given and (name in self.template.parameters or name in PSEUDO)

    def allowed(self, name: str) -> list[str]:
        """The values that a parameter may have, if the template says so."""
        if name not in self._allowed:
            self._allowed[name] = [item.raw for item in allowed_values(self, name)]
        return self._allowed[name]

    @staticmethod
    def names_in(text: str) -> list[str]:
        """The names between `${` and `}` in a text of `Fn::Sub`."""
        return [m.group(1).strip() for m in SUB.finditer(text)]

    @staticmethod
    def doubt_of_macro() -> Doubt:
        """Why what a macro makes is not known."""
        return Doubt("a macro makes it when the stack is deployed", cause="macro")

    def included(self, node: Node) -> Node:
        """The block that `Fn::Transform` with `AWS::Include` puts here, if it is a local file; else the node itself."""
        call = intrinsic(node)
        if call is None or call.name != "Fn::Transform" or self.local is None:
            return node
        block = argument_of(call)
        name = block.get("Name") if type(block) is Mapping else None
        if type(name) is not Scalar or name.raw != "AWS::Include":
            return node
        found = self.lookup(block, ("Parameters", "Location"))
        place = self.value(found[0].node) if len(found) == 1 and found[0].node is not None else None
        if not isinstance(place, Known) or "://" in str(place.v):
            return node
        inside = self.file(str(place.v))
        return inside if inside is not None and intrinsic(inside) is None else node

    def file(self, path: str) -> Node | None:
        """What a file beside the template holds, by its path relative to the template; None if it can't be read."""
        if self.local is None or path.startswith("/"):
            return None
        return self.local(posixpath.normpath(posixpath.join(posixpath.dirname(self.template.name), path)))

    def may_exist(self, body: Mapping) -> bool:
        """Whether a resource's condition can hold at all."""
        condition = body.get("Condition")
        return type(condition) is not Scalar or any(truth for _, truth in self.paths(condition.raw, condition))

    def exists(self, body: Mapping, already: When = ()) -> When:
        """Under which premises a resource is there at all."""
        condition = body.get("Condition")
        if type(condition) is not Scalar:
            return already
        paths = self.paths(condition.raw, condition)
        held = [when for when, truth in paths if truth]
        if len(held) == len(paths):
            return already
        name = condition.raw
        own = held[0] if len(held) == 1 else (Premise(name, f"{name} holds", f"{name} does not hold"),)
        both = conjoin(already, own)
        return own if both is None else both

    # -------------------------------------------------------------------------------------------------------- values

    @staticmethod
    def argument(call: Intrinsic) -> Node:
        """The argument of a call."""
        return argument_of(call)

    @contextmanager
    def deeper(self) -> Iterator[bool]:
        """One step deeper into expressions; False where that is too deep, which a circle is in the end."""
        self._depth += 1
        try:
            yield self._depth <= MAX_DEPTH
        finally:
            self._depth -= 1

    def value(self, node: Node, key_span: Span | None = None) -> Value[Any]:
        """What a node stands for, as one value. Mappings and lists are unknown here: see `texts` and `cases`."""
        if type(node) is Scalar and node.tag is None:
            raw = node.raw
            if "{{resolve:" in raw:
                return dynamic(node, raw, self.origin(node, key_span))
            return Known(v=raw if node.value is not None else None, origin=self.origin(node, key_span))
        call = intrinsic(node)
        if call is None:
            what = (
                "a list"
                if type(node) is Sequence
                else "a mapping"
                if type(node) is Mapping
                else f"the tag `{node.tag}`"
            )
            self.gap(node, what, "a single value belongs here", kind="wrong-shape", remedy="correct it")
            return self.unknown(node, f"{what} stands where a single value belongs", cause="wrong shape")
        function = INTRINSICS.get(call.name)
        if function is None:
            self.gap(
                node,
                f"`{call.name}`",
                "it is not an intrinsic function that is known here",
                kind="unsupported",
                remedy="correct its name; if it is new, please tell us",
            )
            return self.unknown(node, f"`{call.name}` is not known here", cause="unknown function")
        self._depth += 1
        try:
            if self._depth <= MAX_DEPTH:
                return function(self, argument_of(call), node, key_span)
        finally:
            self._depth -= 1
        self.gap(node, "an expression", "it is nested too deeply", kind="limit", remedy="simplify it")
        return self.unknown(node, "it is nested too deeply", cause="limit")

    def listed(self, node: Node) -> Value[Any]:
        """A list as one value; unknown if it is not wholly known."""
        items = self.texts(node)
        if items.complete:
            return Known(v=list(items), origin=self.origin(node))
        return Unknown(doubt=items.gaps[0], origin=self.origin(node))

    def concat(self, pieces: list[str | Value[Any]], node: Node) -> Value[Any]:
        """Texts and values one after the other, as one text."""
        return concat(self, pieces, node)

    def json_text(self, node: Node) -> Value[Any]:
        """A block as JSON text, with the references that stand in it."""
        return json_text(self, node)

    def attribute(self, logical: str, attribute: str, node: Node) -> Value[Any]:
        """What `Fn::GetAtt` of a resource's attribute is."""
        return attribute_of(self, logical, attribute, node)

    def branches(self, argument: Node, node: Node) -> list[tuple[When, Node]] | None:
        """The two branches of `Fn::If`, each as often as there are ways to it; None if it is not written as such."""
        if type(argument) is not Sequence or len(argument.items) != 3 or type(argument.items[0]) is not Scalar:
            self.gap(
                node, "`Fn::If`", "it wants a condition's name and two values", kind="wrong-shape", remedy="correct it"
            )
            return None
        paths = self.paths(argument.items[0].raw, node)
        return [(when, argument.items[1] if truth else argument.items[2]) for when, truth in paths]

    def macro_gap(self, node: Node, *, hides: bool = False) -> None:
        """Note that a macro stands here."""
        self.gap(
            node,
            "a macro (`Fn::Transform`)",
            "only the account can expand it",
            kind="macro",
            remedy="scan the processed template (`aws cloudformation get-template --template-stage Processed`)",
            hides=hides,
        )

    # ------------------------------------------------------------------------------------------- lists, blocks, types

    def map(self, value: Value[T], change: Callable[[T], U], node: Node) -> Value[U]:
        """A value with each known leaf changed; what is not wholly known becomes unknown."""
        if isinstance(value, Known):
            return Known(v=change(value.v), origin=value.origin)
        if isinstance(value, OneOf):
            return OneOf(options=tuple((w, self.map(v, change, node)) for w, v in value.options), origin=value.origin)
        if isinstance(value, Default | Unknown):
            return value
        return Unknown(doubt=Doubt(f"`{value.show()}` is not wholly known", cause="unresolved"), origin=value.origin)

    def cases(self, node: Node | None, key_span: Span | None = None) -> list[Case]:
        """What a block may be, once `Fn::If` and `AWS::NoValue` are seen through."""
        if node is None:
            return [Case((), None)]
        call = intrinsic(node) if node.tag is not None or type(node) is Mapping else None
        if call is None:
            return [Case((), node, key_span)]
        if call.name == "Ref":
            argument = argument_of(call)
            if type(argument) is Scalar and argument.raw == "AWS::NoValue":
                return [Case((), None, key_span)]
        if call.name == "Fn::Transform":
            inside = self.included(node)
            if inside is not node:
                return self.cases(inside, key_span)
        if call.name == "Fn::If" and self._depth <= MAX_DEPTH:
            branches = self.branches(argument_of(call), node)
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
            found.append(
                Case(case.when, None) if macro is None else Case(case.when, macro_call(node), None, stopped=True)
            )
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
        """The tree of a JSON text that stands where a block belongs, as such, inside `Fn::Sub`, or put together."""
        scalar, own = node, None
        call = None
        if node.tag is not None or type(node) is Mapping:
            call = intrinsic(node)
            if call is not None and call.name == "Fn::Join":
                if id(node) not in self._embedded:
                    self._embedded[id(node)] = (node, joined_json(node))
                return self._embedded[id(node)][1]
            if call is None or call.name != "Fn::Sub":
                return None
            scalar = argument_of(call)
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
                with self.assuming(case.when):
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
                    with self.assuming(case.when):
                        self._spread(both, self.value(case.node), items, doubts)
            return
        self._spread(when, self.value(node), items, doubts)

    def _spread(self, when: When, value: Value[Any], items: list[Value[Any]], doubts: list[Doubt]) -> None:
        if isinstance(value, Known) and isinstance(value.v, list):
            items += [self.under(when, v if isinstance(v, Value) else Known(v=v, origin=value.origin)) for v in value.v]
        elif isinstance(value, OneOf) and any(
            isinstance(leaf, Known) and isinstance(leaf.v, list) for _, leaf in value.leaves()
        ):
            for inner, leaf in value.leaves():
                both = conjoin(when, inner)
                if both is not None:
                    self._spread(both, leaf, items, doubts)
        elif isinstance(value, Unknown):
            doubts.append(value.doubt)
        elif (
            isinstance(value, Text)
            and len(value.parts) == 1
            and isinstance(value.parts[0], Hole)
            and self._is_list(value.parts[0])
        ):
            doubts.append(value.parts[0].doubt)
        elif isinstance(value, Default) and value.v is None:
            return
        else:
            items.append(self.under(when, value))

    def _is_list(self, hole: Hole) -> bool:
        return list_parameter(self, hole.name)

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


def _is_sam(body: Node) -> bool:
    kind = body.get("Type") if type(body) is Mapping else None
    return type(kind) is Scalar and kind.raw.startswith("AWS::Serverless::")
