"""Queues, topics, rules, schedules, pipes, state machines and buses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stockade.inputs.convert import mapped
from stockade.inputs.terraform.documents import decode
from stockade.inputs.terraform.policies import document_tree, lower_statements
from stockade.inputs.terraform.terms import Alt, Lit, Obj, Seq, Term, Txt, Unk, cases, in_full
from stockade.inputs.terraform.values import text, value_of
from stockade.inputs.terraform.walk import lookup, open_at
from stockade.model.app import EnvVar, EventRule, Policy, Target
from stockade.model.value import Default, Doubt, Hole, Known, OneOf, Relation, Text, Unknown, Value
from stockade.patterns import regex

if TYPE_CHECKING:
    from stockade.iam.written import Tree
    from stockade.inputs.terraform.lower import Declared, Lowering
    from stockade.inputs.terraform.walk import Item
    from stockade.text.document import Span


def embedded_policy(lowering: Lowering, found: Declared, attribute: str = "policy") -> Policy | None:
    """The policy that is written inside of the resource that it guards."""
    cases_ = lookup(found.block, (attribute,))
    written = next((case for case in cases_ if case.term is not None), None)
    if written is None or (type(written.term) is Lit and written.term.v == ""):
        return None
    part = f"{found.type}/{attribute}"
    origin = found.places.origin(written.span, written.span, written.key_span)
    base = lowering.base(found, suffix=f"/{attribute}", table=part) | {"origin": origin}
    own = Relation((lowering.reference(found, "Arn", origin),))
    fields = lowering.fields(found, lowering.table(part), found.block)
    return lowering.add(Policy(**base, **fields, targets=own))


def lower_queue(lowering: Lowering, found: Declared) -> None:
    """aws_sqs_queue, with its dead-letter queue where that is stated beside it, and its policy."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    lowering.join(found, "aws_sqs_queue_redrive_policy", "queue_url", fields)
    lowering.add_stated(found, fields)
    embedded_policy(lowering, found)


def lower_redrive(lowering: Lowering, found: Declared) -> None:
    """aws_sqs_queue_redrive_policy: a part of the queue."""
    lowering.add_joined(found, "queue_url", "aws_sqs_queue")


def lower_guarded(lowering: Lowering, found: Declared) -> None:
    """A resource that holds its own policy."""
    lowering.add_by_table(found)
    embedded_policy(lowering, found)


# -------------------------------------------------------------------------------------------------------- rules, targets


def lower_rule(lowering: Lowering, found: Declared) -> None:
    """aws_cloudwatch_event_rule; `is_enabled` is what `state` was called before."""
    fields: dict[str, Any] = {"targets": rule_targets(lowering, found)}
    state = lowering.value_at(found, found.block, "state")
    if state is None:
        enabled = lowering.value_at(found, found.block, "is_enabled", as_="boolean")
        state = None if enabled is None else mapped(enabled, lambda on: "ENABLED" if on else "DISABLED")
    if state is not None:
        fields["state"] = state
    lowering.add_by_table(found, **fields)


def rule_targets(lowering: Lowering, found: Declared) -> Relation[Target]:
    """The targets of a rule, which are resources of their own."""
    made: list[Target] = []
    for named in lowering.named("aws_cloudwatch_event_target", "rule", found):
        if not lowering.refers_to(named.value, found):
            # By name: two buses may each have a rule of one name.
            buses = [lowering.value_at(d, d.block, "event_bus_name") for d in (found, named.by)]
            shown = {"default" if bus is None else bus.show() for bus in buses}
            if len(shown) > 1:
                continue
        made.append(_target(lowering, named.by, exists=named.when))
    return Relation(tuple(made))


def _target(lowering: Lowering, found: Declared, **more: Any) -> Target:  # noqa: ANN401 - the fields of a target
    fields = lowering.fields(found, lowering.table("aws_cloudwatch_event_target"), found.block)
    origin = found.places.block(found.span, found.key_span)
    if isinstance(fields.get("arn"), Default | None):
        fields["arn"] = _unstated(origin, "the target has no ARN")
    return Target(**({"origin": origin} | fields | more))


def _unstated(origin: Any, why: str) -> Value[Any]:  # noqa: ANN401 - an origin
    return Unknown(doubt=Doubt(why, "correct it", "wrong shape"), origin=origin)


def lower_target(lowering: Lowering, found: Declared) -> None:
    """aws_cloudwatch_event_target: it is in its rule; of a rule elsewhere, it is kept with what is known of that."""
    rule = lowering.value_at(found, found.block, "rule")
    resolved = [] if rule is None else [when for when, _ in lowering.resolve(rule, "aws_cloudwatch_event_rule")]
    leaves = [] if rule is None else list(rule.leaves())
    if leaves and all(when in resolved for when, _ in leaves):
        lowering.add_joined(found, "rule", "aws_cloudwatch_event_rule")
        return
    fields: dict[str, Any] = {"targets": Relation((_target(lowering, found),))}
    bus = lowering.value_at(found, found.block, "event_bus_name")
    fields |= {} if rule is None else {"name": rule}
    fields |= {} if bus is None else {"bus": bus}
    origin = found.places.block(found.span, found.key_span)
    doubt = Doubt("its rule is not in the configuration", "scan the code that declares it too", "rule elsewhere")
    fields["pattern"] = Unknown(doubt=doubt, origin=origin)
    fields["state"] = Unknown(doubt=doubt, origin=origin)
    lowering.add(EventRule(**(lowering.base(found) | fields)))


def lower_schedule(lowering: Lowering, found: Declared) -> None:
    """aws_scheduler_schedule."""
    part = "aws_scheduler_schedule/target"
    items = lowering.items(found, found.block, "target")
    made = tuple(lowering.struct(found, part, item) for item in items if "arn" in item.block.entries)
    doubts = tuple(open_at(found.block, "target"))
    lowering.add_by_table(found, targets=Relation(made, complete=not doubts, gaps=doubts))


def lower_pipe(lowering: Lowering, found: Declared) -> None:
    """aws_pipes_pipe: its one target is an attribute, and what the target is given a block."""
    value = lowering.value_at(found, found.block, "target")
    made: tuple[Target, ...] = ()
    if value is not None:
        template = lowering.value_at(found, found.block, "target_parameters", "input_template")
        fields: dict[str, Any] = {} if template is None else {"input": template}
        made = (Target(arn=value, origin=value.origin, **fields),)
    lowering.add_by_table(found, targets=Relation(made))


# ------------------------------------------------------------------------------------------------------------------ buses


def lower_event_permission(lowering: Lowering, found: Declared) -> None:
    """aws_cloudwatch_event_permission: one statement, whose parts are attributes. An account number is that account."""
    entries = found.block.entries
    span = found.block.span
    principal = entries.get("principal")
    who: Term | None = principal
    if principal is not None and not (type(principal) is Lit and principal.v == "*"):
        who = Obj(span=principal.span, entries={"AWS": principal}, places=_kept(found.block, "principal", "AWS"))
    statement: dict[str, Term] = {
        "Effect": Lit(span=span, v="Allow"),
        "Action": entries.get("action", Lit(span=span, v="events:PutEvents")),
    }
    places = _kept(found.block, "action", "Action")
    if who is not None:
        statement["Principal"] = who
        places |= _kept(found.block, "principal", "Principal")
    for item in lowering.items(found, found.block, "condition"):
        condition = _condition(item)
        if condition is not None:
            statement["Condition"] = condition
    document = Seq(span=span, items=(Obj(span=span, entries=statement, places=places),))
    lowering.add_by_table(found, statements=lower_statements(found.places, document))


def _kept(block: Obj, name: str, as_: str) -> dict[str, Span]:
    return {as_: block.places[name]} if name in block.places else {}


def _condition(item: Item) -> Obj | None:
    """`type`, `key` and `value` as IAM writes them: `{type: {key: value}}`."""
    entries = item.block.entries
    operator, key, value = (entries.get(name) for name in ("type", "key", "value"))
    if type(operator) is not Lit or type(key) is not Lit or value is None:
        return None
    inner = Obj(span=item.block.span, entries={str(key.v): value}, places=_kept(item.block, "value", str(key.v)))
    return Obj(span=item.block.span, entries={str(operator.v): inner})


# ---------------------------------------------------------------------------------------------------------- state machines

_ARN = regex(r"arn:[\w-]*:[\w-]+:[^:\"\s]*:[^:\"\s]*:[^\"\s,}]+")
# Keys of a task's parameters that name what it calls.
_NAMING_KEYS = frozenset({"FunctionName", "StateMachineArn"})


def lower_state_machine(lowering: Lowering, found: Declared) -> None:
    """aws_sfn_state_machine."""
    lowering.add_by_table(
        found, calls=definition_calls(found), texts=definition_texts(found), definition=definition_tree(found)
    )


def definition_tree(found: Declared) -> Tree | None:
    """A state machine's definition as it is written; None where nothing is."""
    stated = found.block.entries.get("definition")
    return None if stated is None else document_tree(found.places, stated)


def definition_calls(found: Declared) -> Relation[Value[Any]]:
    """Every resource that a state machine's definition names."""
    calls: list[Value[Any]] = []
    doubts: list[Doubt] = []
    for case in lookup(found.block, ("definition",)):
        if case.term is None:
            continue
        inside = decode(case.term)
        if inside is not None:
            for key, term in _texts(inside):
                value = text(value_of(term, found.places, case.span, case.key_span))
                calls += _named(key, value, doubts)
        else:
            for _, leaf in text(value_of(case.term, found.places, case.span, case.key_span)).leaves():
                calls += _named_in(leaf, doubts)
    return Relation(tuple(calls), complete=not doubts, gaps=tuple(doubts))


def definition_texts(found: Declared) -> Relation[EnvVar]:
    """Every text that is written out in a state machine's definition, as far as that can be read as JSON."""
    texts: list[EnvVar] = []
    doubts: list[Doubt] = []
    for case in lookup(found.block, ("definition",)):
        inside = None if case.term is None else decode(case.term)
        if inside is not None:
            for key, term in _texts(inside):
                value = text(value_of(term, found.places, case.span, case.key_span))
                if isinstance(value, OneOf) or (isinstance(value, Known) and "${" not in str(value.v)):
                    texts.append(EnvVar(key, value, value.origin))
        elif case.term is not None:
            doubts.append(Doubt("the definition can't be read as JSON", cause="expression"))
    return Relation(tuple(texts), complete=not doubts, gaps=tuple(doubts))


def _texts(root: Term) -> Iterator[tuple[str, Term]]:
    """Every scalar of a document, with its key."""
    stack: list[tuple[str, Term]] = [("", root)]
    while stack:
        key, term = stack.pop()
        term = in_full(term)
        if type(term) is Obj:
            stack += reversed(list(term.entries.items()))
            if term.open is not None:
                yield key, Unk(span=term.span, doubt=term.open)
        elif type(term) is Seq:
            stack += [(key, item) for item in reversed(term.items)]
            if term.open is not None:
                yield key, Unk(span=term.span, doubt=term.open)
        elif type(term) is Alt and any(type(leaf) in (Obj, Seq) for _, leaf in cases(term)):
            stack += [(key, leaf) for _, leaf in reversed(cases(term))]
        elif type(term) in (Txt, Unk, Alt) or (type(term) is Lit and isinstance(term.v, str)):
            yield key, term


def _named(key: str, value: Value[Any], doubts: list[Doubt]) -> Iterator[Value[Any]]:
    """What a scalar of a definition names: all of it where it is, or starts as, an ARN."""
    for _, leaf in value.leaves():
        if isinstance(leaf, Unknown):
            doubts.append(leaf.doubt)
        elif isinstance(leaf, Text):
            if any(isinstance(part, Hole) and not part.plain for part in leaf.parts):
                doubts.append(next(p.doubt for p in leaf.parts if isinstance(p, Hole) and not p.plain))
            yield leaf
        elif isinstance(leaf, Known) and (str(leaf.v).startswith("arn:") or key.removesuffix(".$") in _NAMING_KEYS):
            yield leaf


def _named_in(leaf: Value[Any], doubts: list[Doubt]) -> Iterator[Value[Any]]:
    """What a definition names that can't be read as JSON."""
    if isinstance(leaf, Unknown):
        doubts.append(leaf.doubt)
    elif isinstance(leaf, Known):
        yield from (Known(v=arn, origin=leaf.origin) for arn in _ARN.findall(str(leaf.v)))
    elif isinstance(leaf, Text):
        for part in leaf.parts:
            if isinstance(part, str):
                yield from (Known(v=arn, origin=leaf.origin) for arn in _ARN.findall(part))
            elif isinstance(part, Hole) and not part.plain:
                doubts.append(part.doubt)
            else:
                yield Text(parts=(part,), origin=leaf.origin)


MAKERS = {
    "aws_sqs_queue": lower_queue,
    "aws_sqs_queue_redrive_policy": lower_redrive,
    "aws_sns_topic": lower_guarded,
    "aws_cloudwatch_event_rule": lower_rule,
    "aws_cloudwatch_event_target": lower_target,
    "aws_cloudwatch_event_permission": lower_event_permission,
    "aws_scheduler_schedule": lower_schedule,
    "aws_pipes_pipe": lower_pipe,
    "aws_sfn_state_machine": lower_state_machine,
}
