"""Conditions: when each holds, as sets of premises about what is not known.

A parameter that was not given is not taken to have its default here: a condition is there because the template is
deployed in more than one way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from stockade.inputs.intrinsic import Intrinsic, argument_of, intrinsic
from stockade.model.value import Known, Premise, Text, Unknown, When, conjoin
from stockade.text.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.evaluate import Evaluator

MAX_DEPTH = 60
MAX_OPTIONS = 24

Paths: TypeAlias = list[tuple[When, bool]]

# Functions of the `Rules` section, which say something about parameters that only the service can check.
_RULES = frozenset(
    {"Fn::Contains", "Fn::EachMemberIn", "Fn::EachMemberEquals", "Fn::ValueOf", "Fn::ValueOfAll", "Fn::RefAll"}
)
CONDITION_FUNCTIONS = frozenset({"Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition"}) | _RULES


class Conditions:
    """The conditions of one template, deployed once."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self._known: dict[str, Paths | None] = {}
        self._depth = 0

    def paths(self, name: str, node: Node) -> Paths:
        """A named condition as disjoint sets of premises, each with what the condition is under them."""
        if name in self._known:
            known = self._known[name]
            if known is None:
                self.evaluator.gap(
                    node,
                    f"the condition `{name}`",
                    "it is defined by itself",
                    kind="circular",
                    remedy="break the circle",
                )
                return _open(name)
            return known
        section = self.evaluator.template.conditions.get(name)
        if section is None:
            self.evaluator.gap(
                node,
                f"the condition `{name}`",
                "it is not defined in this template",
                kind="undefined",
                remedy="define it under `Conditions`, or correct its name",
            )
            return _open(name)
        self._known[name] = None
        result = self.read(section.body)
        if len(result) > MAX_OPTIONS:
            result = _open(name)
        self._known[name] = result
        return result

    def atom(self, key: str, subject: str, value: str) -> Paths:
        """Whether what `key` names is `value`, which nobody can tell: both cases."""
        premise = _is(key, subject, value)
        allowed = self.evaluator.allowed(key)
        if allowed and value not in allowed:
            return [((), False)]
        if len(allowed) == 2:
            # Not the one is then the other, which says more.
            other = next(v for v in allowed if v != value)
            return [((premise,), True), ((_is(key, subject, other),), False)]
        return [((premise,), True), ((premise.negated(),), False)]

    def read(self, node: Node) -> Paths:
        """A condition function."""
        call = intrinsic(node)
        self._depth += 1
        try:
            if call is None or self._depth > MAX_DEPTH:
                if type(node) is Scalar and node.raw in {"true", "false"}:
                    return [((), node.raw == "true")]
                if type(node) is Scalar and node.raw in self.evaluator.template.conditions:
                    # CloudFormation takes the bare name of a condition in a few places.
                    return self.paths(node.raw, node)
                return self._odd(node, "it is no condition function")
            return self._call(call, node)
        finally:
            self._depth -= 1

    def _odd(self, node: Node, why: str) -> Paths:
        self.evaluator.gap(
            node, "a condition", why, kind="wrong-shape", remedy="use Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition"
        )
        return self._whatever(node)

    def _whatever(self, node: Node) -> Paths:
        """A condition that can't be told, named by how it is written."""
        shown = " ".join(node.span.text.split())
        shown = shown if len(shown) <= 60 else shown[:57] + "…"
        premise = Premise(f"condition at {node.span.start}", f"`{shown}` holds", f"`{shown}` does not hold")
        return [((premise,), True), ((premise.negated(),), False)]

    def _call(self, call: Intrinsic, node: Node) -> Paths:
        argument = argument_of(call)
        items = argument.items if type(argument) is Sequence else ()
        if call.name == "Condition" and type(argument) is Scalar:
            return self.paths(argument.raw, node)
        if call.name == "Fn::Not":
            inner = items[0] if len(items) == 1 else argument if type(argument) is Mapping else None
            if inner is not None:
                return [(when, not truth) for when, truth in self.read(inner)]
        if call.name in {"Fn::And", "Fn::Or"} and items:
            return self._several(node, items, stop=call.name == "Fn::Or")
        if call.name == "Fn::Equals" and len(items) == 2:
            return self._equals(node, items[0], items[1])
        if call.name in _RULES:
            return self._whatever(node)
        if call.name in CONDITION_FUNCTIONS:
            return self._odd(node, f"`{call.name}` has the wrong number of arguments")
        return self._odd(node, f"`{call.name}` is no condition function")

    def _several(self, node: Node, items: tuple[Node, ...], *, stop: bool) -> Paths:
        """`Fn::Or` (which `stop`s at the first that holds) or `Fn::And` (at the first that does not)."""
        done: Paths = []
        going: list[When] = [()]
        for item in items:
            following: list[When] = []
            paths = self.read(item)
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
                return self._whatever(node)
        return done + [(when, not stop) for when in going]

    def _equals(self, node: Node, left: Node, right: Node) -> Paths:
        a, b = self._operand(left), self._operand(right)
        if isinstance(a, str) and isinstance(b, str):
            return [((), a == b)]
        if isinstance(a, str):
            a, b = b, a
        if isinstance(a, tuple) and isinstance(b, tuple) and a == b:
            return [((), True)]
        if isinstance(a, tuple) and isinstance(b, str):
            key, subject = a
            return self.atom(key, subject, b)
        return self._whatever(node)

    def _operand(self, node: Node) -> str | tuple[str, str] | None:
        """A text, or the name of what it depends on (key, shown), or None."""
        call = intrinsic(node)
        if call is None:
            return node.raw if type(node) is Scalar else None
        evaluator = self.evaluator
        argument = argument_of(call)
        if call.name == "Ref" and type(argument) is Scalar and evaluator.is_open(argument.raw):
            return argument.raw, argument.raw
        if self._depends_on_open(node):
            shown = " ".join(node.span.text.split())
            return (shown, f"`{shown}`") if len(shown) <= 60 else None
        value = evaluator.value(node)
        if type(value) is Known:
            return ",".join(str(v) for v in value.v) if isinstance(value.v, list) else str(value.v)
        return (shown := value.show(), shown) if type(value) in {Text, Unknown} else None

    def _depends_on_open(self, node: Node) -> bool:
        """Whether a parameter that was not given stands somewhere in a node."""
        call = intrinsic(node)
        if call is not None and call.name == "Ref":
            argument = argument_of(call)
            name = argument.raw if type(argument) is Scalar else ""
            return name in self.evaluator.template.parameters and name not in self.evaluator.given
        if type(node) is Scalar:
            return call is not None and any(
                name in self.evaluator.template.parameters and name not in self.evaluator.given
                for name in self.evaluator.names_in(node.raw)
            )
        children = (
            [e.value for e in node.entries] if type(node) is Mapping else node.items if type(node) is Sequence else ()
        )
        if (
            call is not None
            and call.name == "Fn::Sub"
            and type(node) is Mapping
            and type(node.entries[0].value) is Scalar
        ):
            return any(
                name in self.evaluator.template.parameters and name not in self.evaluator.given
                for name in self.evaluator.names_in(node.entries[0].value.raw)
            )
        return any(self._depends_on_open(child) for child in children)


def _open(name: str) -> Paths:
    """A named condition that can't be taken apart: both cases."""
    premise = Premise(f"condition {name}", f"{name} holds", f"{name} does not hold")
    return [((premise,), True), ((premise.negated(),), False)]


def _is(key: str, subject: str, value: str) -> Premise:
    shown = f"'{value}'" if value == "" or " " in value else value
    return Premise(key, f"{subject} is {shown}", f"{subject} is not {shown}", value)
