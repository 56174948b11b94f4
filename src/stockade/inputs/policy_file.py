"""Policies that stand in files of their own, in JSON or YAML, as trees that `stockade.iam.reader` reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from stockade.iam.reader import read_document
from stockade.iam.written import Block, Entry, Items, Leaf, Tree
from stockade.model.policy import Fault, Statements
from stockade.model.value import Doubt, File, Known
from stockade.patterns import regex
from stockade.text.document import Document, Problem
from stockade.text.document import read_document as read_file
from stockade.text.json import read_json
from stockade.text.node import Entry as NodeEntry
from stockade.text.node import Mapping, Node, Parsed, Scalar, Sequence


def read_policy(parsed: Parsed, root: Node | None = None) -> Statements:
    """The policy of a file (or of one of its roots), with the faults of the file's own syntax."""
    node = root if root is not None else parsed.root
    found = read_document(_tree(node) if node is not None else None)
    faults: list[Fault] = []
    doubts: list[Doubt] = []
    for problem in parsed.problems:
        if problem.kind == "duplicate-key":
            continue  # the reader finds it again, with what it means
        if problem.span is not None:
            fault = Fault(
                id="JSON_SYNTAX_ERROR", message=problem.message, origin=File(problem.span), help=problem.remedy
            )
            faults.append(fault)
        doubts.append(Doubt(problem.message, problem.remedy, problem.kind))
    if not faults:
        return found
    # What the elements are can't be told where a bracket or comma is missing.
    return Statements(
        found.items,
        False,  # noqa: FBT003 - a Relation's second field
        (*doubts, *found.gaps),
        version=found.version,
        origin=found.origin,
        faults=tuple(faults),
    )


def _tree(node: Node) -> Tree:
    if isinstance(node, Scalar):
        return Leaf(Known(v=node.value if node.tag is None else node.raw, origin=File(node.span)))
    if isinstance(node, Sequence):
        return Items(File(node.span), tuple(map(_tree, node.items)))
    return Block(File(node.span), tuple(map(_entry, node.entries)), tuple(map(_entry, node.shadowed)))


def _entry(entry: NodeEntry) -> Entry:
    return Entry(entry.key.raw, File(entry.value.span, entry.key.span), _tree(entry.value))


def looks_like_policy(node: Node) -> bool:
    """Whether a file's root is meant to be a policy document."""
    if not isinstance(node, Mapping):
        return False
    keys = {entry.key.raw.lower() for entry in node.entries}
    return "statement" in keys and keys <= {"version", "id", "statement", "sid", "statementid"}


def policies_below(root: Path) -> Iterator[Document]:
    """The files below a folder that are one policy each; hidden folders and those of other people's code are left out."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _NOT_OURS)
        for name in sorted(names):
            if not name.endswith(_SUFFIXES):
                continue
            path = Path(folder, name)
            document = read_file(path, path.relative_to(root).as_posix())
            if isinstance(document, Problem) or not _MARK.search(document.text):
                continue
            if name.endswith(".json"):
                parsed = read_json(document)
            else:
                from stockade.text.yaml import read_yaml  # PyYAML takes its time

                parsed = read_yaml(document)
            if parsed.root is not None and looks_like_policy(parsed.root):
                yield document


_SUFFIXES = (".json", ".yaml", ".yml")
_NOT_OURS = frozenset({"node_modules", "cdk.out", "__pycache__", "venv"})
_MARK = regex(r"['\"]?[sS]tatement['\"]?\s*:")
