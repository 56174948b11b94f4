"""IAM policy documents in templates."""

from __future__ import annotations

from typing import Any

from stockade.inputs.cloudformation.evaluate import Case, Evaluator, text
from stockade.inputs.intrinsic import intrinsic
from stockade.model.policy import Condition, Principal, Statement
from stockade.model.value import Doubt, Known, Relation, Unknown, Value, When, conjoin
from stockade.text.node import Mapping, Node, Scalar, Sequence

# The elements of a statement: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
_LISTS = {
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "NotResource": "not_resources",
}


def lower_statements(evaluator: Evaluator, document: Node | None) -> Relation[Statement]:
    """The statements of a policy document (or of a bare list of statements)."""
    found: list[Statement] = []
    doubts: list[Doubt] = []
    for case in evaluator.cases(document):
        node = case.node
        if node is None:
            continue
        node = evaluator.embedded(node) or node
        call = intrinsic(node)
        if call is not None or type(node) is Scalar:
            if call is None and type(node) is Scalar and not node.raw.strip():
                continue  # an empty text is no policy
            why = evaluator.value(node) if call is not None else None
            doubts.append(
                Doubt(why.show() if why is not None else "the policy is not written as a document", cause="policy")
            )
            continue
        written = evaluator.lookup(node, ("Statement",)) if type(node) is Mapping else [Case((), node)]
        for inner in written:
            both = conjoin(case.when, inner.when)
            if both is not None and inner.node is not None:
                _statements(evaluator, inner.node, both, found, doubts)
    return Relation(tuple(found), complete=not doubts, gaps=tuple(doubts))


def _statements(evaluator: Evaluator, node: Node, when: When, found: list[Statement], doubts: list[Doubt]) -> None:
    items = node.items if type(node) is Sequence and node.tag is None else (node,)
    for item in items:
        for case in evaluator.cases(item):
            both = conjoin(when, case.when)
            if both is None or case.node is None:
                continue
            if type(case.node) is Sequence and case.node.tag is None:
                _statements(evaluator, case.node, both, found, doubts)
            elif type(case.node) is Mapping and intrinsic(case.node) is None:
                found.append(lower_statement(evaluator, case.node, both))
            elif isinstance(value := evaluator.value(case.node), Unknown) and intrinsic(case.node) is not None:
                doubts.append(value.doubt)
            else:
                evaluator.gap(
                    case.node, "a statement of a policy", "it is not a mapping", kind="wrong-shape", remedy="correct it"
                )
                doubts.append(Doubt("a statement of the policy can't be read", cause="policy"))


def lower_statement(evaluator: Evaluator, node: Mapping, when: When = ()) -> Statement:
    """One statement."""
    fields: dict[str, Any] = {}
    effect: Value[str] | None = None
    for entry in node.entries:
        name = entry.key.raw
        if name in _LISTS:
            fields[_LISTS[name]] = _texts(evaluator, entry.value)
        elif name == "Effect":
            effect = text(evaluator.value(entry.value, entry.key.span))
        elif name == "Sid":
            fields["sid"] = text(evaluator.value(entry.value, entry.key.span))
        elif name == "Principal":
            fields["principals"] = _principals(evaluator, entry.value)
        elif name == "NotPrincipal":
            fields["not_principals"] = _principals(evaluator, entry.value)
        elif name == "Condition":
            fields["conditions"] = _conditions(evaluator, entry.value)
    origin = evaluator.origin(node)
    # A statement without an effect is refused by IAM; nothing is allowed by it.
    stated = effect if effect is not None else Known(v="", origin=origin)
    return Statement(origin=origin, effect=stated, exists=when, **fields)


def _texts(evaluator: Evaluator, node: Node) -> Relation[Value[str]]:
    found = evaluator.texts(node)
    written = type(node) is Sequence and node.tag is None
    if not found.items and found.gaps and not written:
        # One unknown text, such as a parameter without a default, is a value of its own.
        value = evaluator.value(node)
        return Relation((value,), complete=True)
    return Relation(tuple(text(v) for v in found.items), found.complete, found.gaps)


def _principals(evaluator: Evaluator, node: Node) -> Relation[Principal]:
    found: list[Principal] = []
    doubts: list[Doubt] = []
    for case in evaluator.cases(node):
        inner = case.node
        if inner is None:
            continue
        if type(inner) is Mapping and intrinsic(inner) is None:
            for entry in inner.entries:
                values = evaluator.texts(entry.value)
                doubts += values.gaps
                found += [Principal(entry.key.raw, evaluator.under(case.when, text(v))) for v in values]
        else:
            found.append(Principal("*", evaluator.under(case.when, text(evaluator.value(inner)))))
    return Relation(tuple(found), complete=not doubts, gaps=tuple(doubts))


def _conditions(evaluator: Evaluator, node: Node) -> Relation[Condition]:
    found: list[Condition] = []
    doubts: list[Doubt] = []
    for case in evaluator.cases(node):
        if type(case.node) is not Mapping or intrinsic(case.node) is not None:
            if case.node is not None:
                doubts.append(Doubt("the conditions of a statement can't be read", cause="policy"))
            continue
        for operator in case.node.entries:
            for inner in evaluator.cases(operator.value):
                if type(inner.node) is not Mapping or intrinsic(inner.node) is not None:
                    doubts.append(Doubt("the conditions of a statement can't be read", cause="policy"))
                    continue
                for entry in inner.node.entries:
                    origin = evaluator.origin(entry.value, entry.key.span)
                    found.append(Condition(operator.key.raw, entry.key.raw, _texts(evaluator, entry.value), origin))
        if case.when:
            doubts.append(Doubt("the conditions of a statement depend on a condition of the template", cause="policy"))
    return Relation(tuple(found), complete=not doubts, gaps=tuple(doubts))
