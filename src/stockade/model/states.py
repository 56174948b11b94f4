"""A state machine's definition, and what Step Functions refuses of it.

The language's grammar: https://states-language.net/spec.html; what is refused: https://docs.aws.amazon.com/step-functions/
latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html; fields of each type: https://docs.aws.amazon.com/
step-functions/latest/dg/workflow-states.html (as of 2026-11-28).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from stockade.iam.written import Block, Broken, Entry, Items, Leaf, Open, Tree, options
from stockade.model.value import Doubt, Known, Origin, When
from stockade.near import nearest

# By type: whether it goes on to another state by `Next` (or ends by `End`), and what it can't do without. Of fields in one
# group it needs one.
_TYPES: dict[str, tuple[bool, tuple[tuple[str, ...], ...]]] = {
    "Task": (True, (("Resource",),)),
    "Pass": (True, ()),
    "Wait": (True, (("Seconds", "SecondsPath", "Timestamp", "TimestampPath"),)),
    "Parallel": (True, (("Branches",),)),
    "Map": (True, (("ItemProcessor", "Iterator"),)),
    "Choice": (False, (("Choices",),)),
    "Succeed": (False, ()),
    "Fail": (False, ()),
}
_LAST = frozenset({"Succeed", "Fail"})
_PLACEHOLDER = "${"  # what CloudFormation puts in for this is not known
MAX_DEPTH = 40


class StateFault(Struct, frozen=True, eq=False):
    """One thing that Step Functions refuses. `id` tells faults of one machine apart: what it is, and of which state."""

    id: str
    at: Origin
    message: str
    help: str
    when: When = ()


class Checked(Struct, frozen=True, eq=False):
    """What is wrong with a definition, and why more may be."""

    faults: tuple[StateFault, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def check_definition(definition: Tree) -> Checked:
    """Everything that Step Functions refuses of a definition, as far as it is known."""
    reader = _Reader()
    for when, tree in options(definition):
        reader.document(tree, when)
    return Checked(tuple(reader.faults), tuple({doubt.why: doubt for doubt in reader.doubts}.values()))


class _Target(Struct, frozen=True, eq=False):
    """A transition to a state; `name` is None where it is not known which."""

    name: str | None
    at: Origin
    field: str
    owner: str
    when: When


class _Scope:
    """One set of states that may lead to each other: the machine, a branch, what a Map does with each item."""

    def __init__(self, where: str, *, top: bool) -> None:
        self.where = where
        self.top = top
        self.names: dict[str, Origin] = {}
        self.targets: list[_Target] = []
        self.ends = False  # or may end
        self.open = False  # there may be states, or transitions, that are not known


class _Reader:
    def __init__(self) -> None:
        self.faults: list[StateFault] = []
        self.doubts: list[Doubt] = []
        self._seen: dict[str, Origin] = {}  # every state of the whole machine

    def fault(self, id_: str, at: Origin, message: str, help_: str, when: When) -> None:
        self.faults.append(StateFault(id_, at, message, help_, when))

    # ---------------------------------------------------------------------------------------------------------- machines

    def document(self, tree: Tree, when: When) -> None:
        """The whole definition."""
        if isinstance(tree, Block):
            self._seen = {}
            self.machine(tree, when, _Scope("the definition", top=True), 0)
        elif isinstance(tree, Broken) and tree.syntax and _PLACEHOLDER not in _text_at(tree.origin):
            self.fault("syntax", tree.origin, f"it is not JSON: {tree.doubt.why}", tree.doubt.remedy, when)
        elif isinstance(tree, Open | Broken):
            self.doubts.append(tree.doubt)
        elif isinstance(tree, Leaf) and isinstance(tree.value, Known) and tree.value.v not in {None, ""}:
            if _PLACEHOLDER in str(tree.value.v):
                self.doubts.append(Doubt("what is put into the definition is not known", cause="reference"))
            else:
                self.fault("shape", tree.origin, "it is a text that is not JSON", "write the states as an object", when)
        elif isinstance(tree, Items):
            self.fault("shape", tree.origin, "it is a list", "write the states as an object", when)
        else:
            self.doubts.append(Doubt("its definition is not wholly known", cause="reference"))

    def machine(self, block: Block, when: When, scope: _Scope, depth: int) -> None:
        """`StartAt` and `States`."""
        scope.open = block.open is not None
        if block.open is not None:
            self.doubts.append(block.open)
        if depth > MAX_DEPTH:
            return
        states = block.entry("States")
        start = block.entry("StartAt")
        if start is None and not scope.open:
            self.fault(
                f"start {scope.where}", block.origin, f"{scope.where} has no `StartAt`", "name its first state", when
            )
        for case, inside in _options(states, when):
            if isinstance(inside, Block):
                self._states(inside, case, scope, depth)
            else:
                scope.open = True
                self._not_wanted(inside, f"the `States` of {scope.where}", "an object", case)
        if (states is None or states.node is None) and not scope.open:
            self.fault(f"states {scope.where}", block.origin, f"{scope.where} has no `States`", "add its states", when)
            return
        if start is not None:
            scope.targets += self._targets(start, "StartAt", "", when)
        self._transitions(block, scope, when)

    def _states(self, states: Block, when: When, scope: _Scope, depth: int) -> None:
        if states.open is not None:
            scope.open = True
            self.doubts.append(states.open)
        if not states.entries and states.open is None:
            self.fault(f"states {scope.where}", states.origin, f"{scope.where} has no states", "add its states", when)
        for entry in states.entries:
            if _PLACEHOLDER in entry.name:
                scope.open = True
                continue
            twin = self._seen.get(entry.name)
            if twin is not None and entry.name not in scope.names:
                message = (
                    f"two states are called `{entry.name}`, which have to be told apart in the whole state machine"
                )
                self.fault(f"twice {entry.name}", entry.at, message, "give one of them another name", when)
            self._seen[entry.name] = scope.names[entry.name] = entry.at
            for case, inside in options(entry.node, when):
                if isinstance(inside, Block):
                    self._state(entry.name, inside, case, scope, depth)
                else:
                    scope.open = scope.ends = True
                    self._not_wanted(inside, f"the state `{entry.name}`", "an object", case)

    def _transitions(self, block: Block, scope: _Scope, when: When) -> None:
        if not scope.names:
            return
        lost = block.entry("StartAt") is None  # a state without a way to it may be where it is to start
        for target in scope.targets:
            if target.name is None:
                scope.open = True
            elif target.name not in scope.names and not scope.open:
                lost = True
                meant = nearest(target.name, scope.names)
                owner = f" of `{target.owner}`" if target.owner else f" of {scope.where}"
                self.fault(
                    f"target {target.owner} {target.field} {target.name}",
                    target.at,
                    f"`{target.field}`{owner} leads to `{target.name}`, and there is no such state"
                    + ("" if scope.top else f" in {scope.where}"),
                    f"is `{meant}` meant?" if meant else "correct the name, or add the state",
                    target.when,
                )
        if scope.open:
            return
        if scope.top and not scope.ends and not lost:
            self.fault("end", block.origin, "no state ends it", "let one of its states end by `End: true`", when)
            return
        reached = {target.name for target in scope.targets}
        for name, at in scope.names.items():
            if name not in reached and not lost:
                message = f"nothing leads to the state `{name}`"
                self.fault(f"unreached {name}", at, message, "lead a state to it, or remove it", when)

    # ------------------------------------------------------------------------------------------------------------ states

    def _state(self, name: str, block: Block, when: When, scope: _Scope, depth: int) -> None:
        if block.open is not None:
            self.doubts.append(block.open)
            scope.open = scope.ends = True
        stated = block.entry("Type")
        if stated is None and block.open is None:
            scope.open = True
            self.fault(f"type {name}", block.origin, f"the state `{name}` has no `Type`", "say what it does", when)
        for case, type_ in _texts(stated, when):
            if type_ is None:
                scope.open = scope.ends = True
            elif type_ not in _TYPES:
                scope.open = scope.ends = True
                meant = nearest(type_, _TYPES)
                help_ = f"write `{meant}`" if meant else f"write one of {', '.join(sorted(_TYPES))}"
                at = stated.at if stated is not None else block.origin
                self.fault(f"type {name}", at, f"the state `{name}` is of no known type: `{type_}`", help_, case)
            else:
                self._of_type(name, type_, block, case, scope)
        scope.targets += self._leads_to(name, block, when)
        self._inner(name, block, when, depth)

    def _of_type(self, name: str, type_: str, block: Block, when: When, scope: _Scope) -> None:
        goes_on, needs = _TYPES[type_]
        following, end = block.entry("Next"), block.entry("End")
        ends = [said for _, said in _texts(end, when)]
        may_end = any(said is None or said.lower() == "true" for said in ends)
        scope.ends = scope.ends or type_ in _LAST or (goes_on and may_end)
        for group in needs if block.open is None else ():
            if all(block.entry(field) is None for field in group):
                wanted = " or ".join(f"`{field}`" for field in group)
                self.fault(
                    f"needs {name} {group[0]}",
                    block.origin,
                    f"the state `{name}` ({type_}) has no {wanted}",
                    f"add {wanted}",
                    when,
                )
        if not goes_on:
            for entry in (following, end):
                if entry is not None and entry.node is not None:
                    what = "leads on only by its choices" if type_ == "Choice" else "is the last one"
                    message = f"the state `{name}` ({type_}) has `{entry.name}`, and {what}"
                    self.fault(f"way {name}", entry.at, message, f"remove `{entry.name}`", when)
        elif (following is None or following.node is None) and not may_end and block.open is None:
            scope.ends = True  # what is told of it is told once
            message = f"the state `{name}` ({type_}) neither leads to another state nor ends"
            self.fault(f"way {name}", block.origin, message, "add `Next`, or `End: true`", when)
        elif (
            following is not None
            and following.node is not None
            and end is not None
            and ends
            and None not in ends
            and may_end
        ):
            message = f"the state `{name}` has `Next` and `End` both"
            self.fault(f"way {name}", end.at, message, "keep one of the two", when)

    def _leads_to(self, name: str, block: Block, when: When) -> Iterator[_Target]:
        """Every state that a state leads to."""
        for field in ("Next", "Default"):
            entry = block.entry(field)
            if entry is not None:
                yield from self._targets(entry, field, name, when)
        for field in ("Choices", "Catch"):
            entry = block.entry(field)
            for case, inside in _options(entry, when):
                if not isinstance(inside, Items):
                    yield _Target(None, inside.origin, field, name, case)
                    self._not_wanted(inside, f"`{field}` of `{name}`", "a list", case)
                    continue
                if inside.open is not None:
                    self.doubts.append(inside.open)
                    yield _Target(None, inside.origin, field, name, case)
                if field == "Choices" and not inside.items and inside.open is None:
                    self.fault(f"choices {name}", inside.origin, f"the state `{name}` has no choices", "add one", case)
                for item in inside.items:
                    for own, rule in options(item, case):
                        yield from self._of_item(name, field, rule, own)

    def _of_item(self, name: str, field: str, rule: Tree, when: When) -> Iterator[_Target]:
        following = rule.entry("Next") if isinstance(rule, Block) else None
        if following is not None:
            yield from self._targets(following, f"{field}.Next", name, when)
        elif isinstance(rule, Block) and rule.open is None:
            message = f"one of the `{field}` of `{name}` leads to no state"
            self.fault(f"next {name} {field}", rule.origin, message, "add `Next` to it", when)
        else:
            yield _Target(None, rule.origin, field, name, when)
            self._not_wanted(rule, f"one of the `{field}` of `{name}`", "an object", when)

    def _targets(self, entry: Entry, field: str, owner: str, when: When) -> Iterator[_Target]:
        for case, name in _texts(entry, when):
            yield _Target(name, entry.at, field, owner, case)

    def _inner(self, name: str, block: Block, when: When, depth: int) -> None:
        """The states inside of a state."""
        for field in ("ItemProcessor", "Iterator"):
            for case, inside in _options(block.entry(field), when):
                self._within(inside, f"`{field}` of `{name}`", case, depth)
        for case, branches in _options(block.entry("Branches"), when):
            if not isinstance(branches, Items):
                self._not_wanted(branches, f"`Branches` of `{name}`", "a list", case)
                continue
            if branches.open is not None:
                self.doubts.append(branches.open)
            for number, branch in enumerate(branches.items, 1):
                for own, inside in options(branch, case):
                    self._within(inside, f"branch {number} of `{name}`", own, depth)

    def _within(self, inside: Tree, where: str, when: When, depth: int) -> None:
        if isinstance(inside, Block):
            self.machine(inside, when, _Scope(where, top=False), depth + 1)
        else:
            self._not_wanted(inside, where, "an object", when)

    def _not_wanted(self, tree: Tree, what: str, wanted: str, when: When) -> None:
        """Something of another shape than belongs there, which may be just not known."""
        if isinstance(tree, Open | Broken):
            self.doubts.append(tree.doubt)
        elif isinstance(tree, Leaf) and not (isinstance(tree.value, Known) and _PLACEHOLDER not in str(tree.value.v)):
            self.doubts.append(Doubt(f"{what} is not wholly known", cause="reference"))
        else:
            self.fault(f"shape {what}", tree.origin, f"{what} is not written as {wanted}", f"write {wanted}", when)


def _options(entry: Entry | None, when: When) -> Iterable[tuple[When, Tree]]:
    return options(entry.node, when) if entry is not None else ()


def _texts(entry: Entry | None, when: When) -> Iterator[tuple[When, str | None]]:
    """The texts that an entry may hold, each with its premises; None where one is not known."""
    for case, tree in _options(entry, when):
        if not isinstance(tree, Leaf):
            yield case, None
            continue
        for own, leaf in tree.value.leaves():
            known = isinstance(leaf, Known) and leaf.v is not None and _PLACEHOLDER not in str(leaf.v)
            yield (*case, *own), str(leaf.v) if known and isinstance(leaf, Known) else None


def _text_at(origin: Origin) -> str:
    span = getattr(origin, "span", None)
    return span.text if span is not None else ""
