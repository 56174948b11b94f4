"""Topics, rules, schedules, pipes, state machines and buses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stockade.iam.written import Choice, Open
from stockade.inputs.cloudformation.embedded import embedded_json
from stockade.inputs.cloudformation.evaluate import text
from stockade.inputs.cloudformation.policies import document_tree, lower_statement
from stockade.inputs.intrinsic import intrinsic
from stockade.model.app import EnvVar, Policy, Target
from stockade.model.value import Doubt, Known, OneOf, Relation, Text, Unknown, Value, When
from stockade.patterns import regex
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.iam.written import Tree
    from stockade.inputs.cloudformation.lower import Declared, Lowering


def lower_topic(lowering: Lowering, found: Declared) -> None:
    """AWS::SNS::Topic with the subscriptions that are written inside of it."""
    topic = lowering.add_by_table(found)
    for index, item in enumerate(lowering.items(found.properties, "Subscription")):
        lowering.add_part(
            found,
            "AWS::SNS::Topic/Subscription",
            item,
            suffix=f"/Subscription/{index}",
            topic_arn=lowering.reference(found.id, "Ref", topic.origin),
        )


def lower_rule(lowering: Lowering, found: Declared) -> None:
    """AWS::Events::Rule."""
    lowering.add_by_table(found, targets=targets(lowering, found, "Targets"))


def lower_schedule(lowering: Lowering, found: Declared) -> None:
    """AWS::Scheduler::Schedule."""
    lowering.add_by_table(found, targets=targets(lowering, found, "Target"))


def targets(lowering: Lowering, found: Declared, *path: str) -> Relation[Target]:
    """The targets of a rule or schedule; those without an ARN, which AWS refuses, are left out."""
    table = f"{found.type}/{path[-1]}"
    items = lowering.items(found.properties, *path)
    made = tuple(lowering.struct(table, item) for item in items if "Arn" in item.node)
    why = Doubt("the targets are known only when the stack is deployed", cause="reference")
    cases = lowering.evaluator.lookup(found.properties, path)
    doubts = tuple(why for case in cases if case.node is not None and intrinsic(case.node) is not None)
    return Relation(made, complete=not doubts, gaps=doubts)


def lower_pipe(lowering: Lowering, found: Declared) -> None:
    """AWS::Pipes::Pipe: its one target is a property, and the parameters of the target another one."""
    value = lowering.value_at(found.properties, "Target")
    made: tuple[Target, ...] = ()
    if value is not None:
        text = lowering.value_at(found.properties, "TargetParameters", "InputTemplate")
        fields: dict[str, Any] = {} if text is None else {"input": text}
        made = (Target(arn=value, origin=value.origin, **fields),)
    lowering.add_by_table(found, targets=Relation(made))


def lower_bus_policy(lowering: Lowering, found: Declared) -> None:
    """AWS::Events::EventBusPolicy, in the form with `Statement` and in the older one with a principal and an action."""
    if type(found.properties) is not Mapping or "Statement" in found.properties or "Principal" not in found.properties:
        lowering.add_by_table(found)
        return
    # The older form is a statement without an effect: it always allows; an account number alone is that account.
    kept = []
    for entry in found.properties.entries:
        if entry.key.raw == "Condition" and type(entry.value) is Mapping and "Type" in entry.value:
            kept.append(Entry(entry.key, _condition(entry.value)))
        elif entry.key.raw == "Principal" and type(entry.value) is Scalar and entry.value.raw != "*":
            inner = Entry(Scalar(entry.key.span, "AWS", "AWS"), entry.value)
            kept.append(Entry(entry.key, Mapping(entry.value.span, (inner,))))
        elif entry.key.raw in {"Action", "Principal", "Condition"}:
            kept.append(entry)
    span = found.properties.span
    kept.append(Entry(Scalar(span, "Effect", "Effect"), Scalar(span, "Allow", "Allow")))
    statement = lower_statement(lowering.evaluator, Mapping(span, tuple(kept)))
    lowering.add_by_table(found, statements=Relation((statement,)))


def _condition(block: Mapping) -> Mapping:
    """`{Type, Key, Value}` as IAM writes it: `{Type: {Key: Value}}`."""
    operator, key, value = block.get("Type"), block.get("Key"), block.get("Value")
    if type(operator) is not Scalar or type(key) is not Scalar or value is None:
        return Mapping(block.span, ())
    return Mapping(block.span, (Entry(operator, Mapping(block.span, (Entry(key, value),))),))


def lower_bus(lowering: Lowering, found: Declared) -> None:
    """AWS::Events::EventBus, with its policy and its dead-letter queue."""
    lowering.add_by_table(found)
    embedded_policy(lowering, found, "Policy")


def embedded_policy(lowering: Lowering, found: Declared, *path: str) -> Policy | None:
    """The policy that is written inside of the resource that it guards."""
    cases = lowering.evaluator.lookup(found.properties, path)
    written = next((case for case in cases if case.node is not None), None)
    if written is None or written.node is None:
        return None
    table = lowering.table(f"{found.type}/{path[0]}")
    origin = lowering.evaluator.origin(written.node, written.key_span)
    base = lowering.base(
        found,
        suffix=f"/{path[0]}",
        table=table.type,
        span=written.node.span,
        key_span=written.key_span,
    )
    own = Relation((lowering.reference(found.id, "Ref", origin),))
    return lowering.add(Policy(**base, **lowering.fields(table, found.properties), targets=own))


# ---------------------------------------------------------------------------------------------------------- state
# machines

_ARN = regex(r"arn:[\w-]*:[\w-]+:[^:\"\s]*:[^:\"\s]*:[^\"\s,}]+")
_PLACEHOLDER = regex(r"\$\{([^!}][^}]*)\}")


def lower_state_machine(lowering: Lowering, found: Declared) -> None:
    """AWS::StepFunctions::StateMachine."""
    calls = definition_calls(lowering, found.properties)
    lowering.add_by_table(
        found,
        calls=calls,
        texts=definition_texts(lowering, found.properties, calls),
        definition=definition_tree(lowering, found.properties),
    )


_ELSEWHERE = Doubt("the definition of the state machine is a file of its own", cause="definition elsewhere")


def definition_tree(lowering: Lowering, properties: Node | None) -> Tree | None:
    """A state machine's definition as it is written, in whichever form; None where nothing is written."""
    found: list[tuple[When, Tree | None]] = []
    for name in ("Definition", "DefinitionString"):
        for case in lowering.evaluator.lookup(properties, (name,)):
            if case.node is not None and not (type(case.node) is Scalar and case.node.value is None):
                with lowering.evaluator.assuming(case.when):
                    inside = _document(lowering, case.node) or case.node
                    found.append((case.when, document_tree(lowering.evaluator, inside)))
    for name in ("DefinitionS3Location", "DefinitionUri"):
        for case in lowering.evaluator.lookup(properties, (name,)):
            if case.node is not None:
                origin = lowering.evaluator.origin(case.node, case.key_span)
                found.append((case.when, Open(Unknown(doubt=_ELSEWHERE, origin=origin), _ELSEWHERE)))
    if len(found) == 1 and not found[0][0]:
        return found[0][1]
    return Choice(found[0][1].origin, tuple(found)) if found and found[0][1] is not None else None


def definition_calls(lowering: Lowering, properties: Node | None) -> Relation[Value[Any]]:
    """Every resource that a state machine's definition names, in whichever form it is written."""
    substitutions = {
        e.key.raw: lowering.evaluator.value(e.value, e.key.span)
        for item in lowering.block(properties, "DefinitionSubstitutions")
        for e in item.node.entries
    }
    calls: list[Value[Any]] = list(substitutions.values())
    doubts: list[Doubt] = []
    for name in ("Definition", "DefinitionString"):
        for case in lowering.evaluator.lookup(properties, (name,)):
            if case.node is not None:
                for value in _values(lowering, case.node):
                    calls += _named(value, doubts)
    places = (lowering.evaluator.lookup(properties, (name,)) for name in ("DefinitionS3Location", "DefinitionUri"))
    doubts += [_ELSEWHERE for found in places if any(case.node is not None for case in found)]
    return Relation(tuple(calls), complete=not doubts, gaps=tuple(doubts))


def definition_texts(lowering: Lowering, properties: Node | None, calls: Relation[Value[Any]]) -> Relation[EnvVar]:
    """Every text that is written out in a state machine's definition, or put into it; incomplete where what it calls is."""
    found: list[EnvVar] = []
    stack: list[tuple[str, Node]] = []
    for name in ("Definition", "DefinitionString", "DefinitionSubstitutions"):
        nodes = [case.node for case in lowering.evaluator.lookup(properties, (name,)) if case.node is not None]
        stack += [(name, _document(lowering, node) or node) for node in nodes]
    while stack:
        key, node = stack.pop()
        if intrinsic(node) is None and type(node) is Mapping:
            stack += [(entry.key.raw, entry.value) for entry in reversed(node.entries)]
        elif intrinsic(node) is None and type(node) is Sequence:
            stack += [(key, item) for item in reversed(node.items)]
        elif type(node) is not Scalar or node.tag is not None or isinstance(node.value, str):
            value = text(lowering.evaluator.value(node))
            if isinstance(value, OneOf) or (isinstance(value, Known) and not _PLACEHOLDER.search(str(value.v))):
                found.append(EnvVar(key, value, value.origin))
    return Relation(tuple(found), complete=calls.complete, gaps=calls.gaps)


def _document(lowering: Lowering, node: Node) -> Node | None:
    """The tree of a definition that is a text, also one that is put together."""
    if type(node) is not Scalar and intrinsic(node) is None:
        return None
    inside = lowering.evaluator.embedded(node)
    if inside is not None:
        return inside
    whole = text(lowering.evaluator.value(node))
    return embedded_json(Scalar(node.span, whole.show(), whole.show()), is_sub=False)


def _values(lowering: Lowering, root: Node) -> Iterator[Value[Any]]:
    """Everything in a tree that may name a resource."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node is root and type(node) is Scalar:
            yield lowering.evaluator.value(node)
            continue
        if intrinsic(node) is not None:
            cases = lowering.evaluator.cases(node)
            inner = [case.node for case in cases if case.node is not None and case.node is not node]
            if inner and intrinsic(inner[0]) is None and type(inner[0]) is not Scalar:
                stack += inner
            else:
                yield lowering.evaluator.value(node)
        elif type(node) is Mapping:
            stack += [e.value for e in reversed(node.entries)]
        elif type(node) is Sequence:
            stack += reversed(node.items)
        elif type(node) is Scalar and node.raw.startswith("arn:"):
            yield lowering.evaluator.value(node)


def _named(value: Value[Any], doubts: list[Doubt]) -> Iterator[Value[Any]]:
    for _, leaf in value.leaves():
        if isinstance(leaf, Unknown):
            doubts.append(leaf.doubt)
        elif isinstance(leaf, Known) and isinstance(leaf.v, str):
            yield from (Known(v=arn, origin=leaf.origin) for arn in _ARN.findall(leaf.v.replace("\\/", "/")))
        elif isinstance(leaf, Text):
            for part in leaf.parts:
                if isinstance(part, str):
                    yield from (Known(v=arn, origin=leaf.origin) for arn in _ARN.findall(part))
                else:
                    yield Text(parts=(part,), origin=leaf.origin)


MAKERS = {
    "AWS::SNS::Topic": lower_topic,
    "AWS::Events::Rule": lower_rule,
    "AWS::Events::EventBus": lower_bus,
    "AWS::Events::EventBusPolicy": lower_bus_policy,
    "AWS::Scheduler::Schedule": lower_schedule,
    "AWS::Pipes::Pipe": lower_pipe,
    "AWS::StepFunctions::StateMachine": lower_state_machine,
}
