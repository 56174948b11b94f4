"""IAM policy documents in templates, as trees that `stockade.iam.reader` reads."""

from __future__ import annotations

from typing import Any

from stockade.iam.reader import read_document, read_statement
from stockade.iam.written import Block, Broken, Choice, Entry, Items, Leaf, Open, Tree
from stockade.inputs.cloudformation.embedded import macro_call
from stockade.inputs.cloudformation.evaluate import Evaluator
from stockade.inputs.cloudformation.parameters import list_parameter
from stockade.inputs.intrinsic import intrinsic
from stockade.model.policy import Statement, Statements
from stockade.model.value import Default, Doubt, File, Hole, Known, OneOf, Text, Unknown, Value, When
from stockade.text.document import Document, Span
from stockade.text.json import read_json
from stockade.text.node import Entry as NodeEntry
from stockade.text.node import Mapping, Node, Scalar, Sequence

_MACRO = "Fn::Transform"


def lower_statements(evaluator: Evaluator, document: Node | None) -> Statements:
    """The statements of a policy document (or of a bare list of statements)."""
    filler = _Filler(evaluator)
    found = read_document(filler.document(document))
    for fault in found.faults:
        if fault.id == "DATA_TYPE_MISMATCH" and isinstance(fault.origin, File):
            what, _, why = fault.message.partition(" is ")
            evaluator.gap(fault.origin.span, what, f"it is {why}", kind="wrong-shape", remedy=fault.help)
    return found


def lower_statement(evaluator: Evaluator, node: Mapping, when: When = ()) -> Statement:
    """One statement."""
    return read_statement(_Filler(evaluator).block(node), when)


def document_tree(evaluator: Evaluator, node: Node | None) -> Tree | None:
    """A document of any kind, which may be written as a text that holds JSON."""
    return _Filler(evaluator, "document").document(node)


class _Filler:
    """Makes the tree of nodes, their intrinsic functions evaluated."""

    def __init__(self, evaluator: Evaluator, what: str = "policy") -> None:
        self.evaluator = evaluator
        self.what = what

    def document(self, node: Node | None) -> Tree | None:
        """A document, which may be written as a text that holds JSON."""
        if node is None:
            return None
        options: list[tuple[When, Tree | None]] = []
        for case in self.evaluator.cases(node):
            inner = case.node
            if inner is not None:
                inner = self.evaluator.embedded(inner) or inner
            with self.evaluator.assuming(case.when):
                options.append((case.when, self._root(inner) if inner is not None else None))
        return self._chosen(node, options)

    def _root(self, node: Node) -> Tree | None:
        if type(node) is Scalar and node.tag is None and node.raw.lstrip()[:1] in {"{", "["}:
            # It would have been embedded, were it JSON.
            problems = read_json(Document(node.span.doc.path, node.raw, syntax="json")).problems
            why = problems[0].message if problems else "it is larger than what is read"
            remedy = problems[0].remedy if problems else "write it as a block"
            return Broken(
                self.evaluator.origin(node),
                Doubt(f"the text of the {self.what} can't be read: {why}", remedy, "policy"),
            )
        return self.tree(node)

    def tree(self, node: Node, key_span: Span | None = None) -> Tree | None:
        """What a node stands for."""
        if type(node) is Scalar and node.tag is None:
            return Leaf(self.evaluator.value(node, key_span))
        if type(node) is Sequence and node.tag is None:
            return Items(self.evaluator.origin(node), tuple(map(self.tree, node.items)))
        if intrinsic(node) is None:
            if type(node) is Mapping:
                return self.block(node)
            return Leaf(self.evaluator.value(node, key_span))
        cases = self.evaluator.cases(node)
        if len(cases) == 1 and not cases[0].when:
            inner = cases[0].node
            return None if inner is None else self._called(inner) if inner is node else self.tree(inner)
        options: list[tuple[When, Tree | None]] = []
        for case in cases:
            with self.evaluator.assuming(case.when):
                options.append((case.when, None if case.node is None else self.tree(case.node)))
        return self._chosen(node, options)

    def block(self, node: Mapping) -> Block:
        """A mapping."""
        opened = None
        if _MACRO in node:
            macro = self.evaluator.value(macro_call(node))
            opened = macro.doubt if isinstance(macro, Unknown) else self.evaluator.doubt_of_macro()
        entries = tuple([self._entry(entry) for entry in node.entries if entry.key.raw != _MACRO])
        shadowed = tuple([self._entry(entry) for entry in node.shadowed]) if node.shadowed else ()
        return Block(self.evaluator.origin(node), entries, shadowed, opened)

    def _entry(self, entry: NodeEntry) -> Entry:
        return Entry(entry.key.raw, self.evaluator.origin(entry.value, entry.key.span), self.tree(entry.value))

    def _called(self, node: Node) -> Tree | None:
        """What an intrinsic function gives: a value, or a whole list."""
        if type(node) is Scalar and node.tag is None:
            return Leaf(self.evaluator.value(node))
        return self._given(self.evaluator.value(node))

    def _given(self, value: Value[Any]) -> Tree | None:
        if isinstance(value, Known) and isinstance(value.v, list):
            leaves = (v if isinstance(v, Value) else Known(v=v, origin=value.origin) for v in value.v)
            return Items(value.origin, tuple(map(Leaf, leaves)))
        if isinstance(value, OneOf) and any(
            isinstance(leaf, Known) and isinstance(leaf.v, list) for _, leaf in value.leaves()
        ):
            return Choice(value.origin, tuple((when, self._given(leaf)) for when, leaf in value.leaves()))
        if isinstance(value, Unknown):
            return Open(value, value.doubt)
        if isinstance(value, Text) and len(value.parts) == 1:
            part = value.parts[0]
            if isinstance(part, Hole) and list_parameter(self.evaluator, part.name):
                return Open(value, part.doubt)
        if isinstance(value, Default) and value.v is None:
            return None
        return Leaf(value)

    def _chosen(self, node: Node, options: list[tuple[When, Tree | None]]) -> Tree | None:
        if len(options) == 1 and not options[0][0]:
            return options[0][1]
        return Choice(self.evaluator.origin(node), tuple(options))
