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

# Around a policy in what `aws iam get-role-policy`, `get-policy-version`, `lambda get-policy` … print.
_WRAPPERS = (
    "PolicyDocument",
    "PolicyVersion",
    "Document",
    "Role",
    "AssumeRolePolicyDocument",
    "Policy",
    "policyDocument",
    "policy",
)
# What there is in a template, or a configuration, or a plan, and in no policy.
_DECLARING = (
    *("AWSTemplateFormatVersion", "Transform", "Resources"),
    *("resource", "provider", "module", "locals", "terraform", "planned_values", "values", "resource_changes"),
    *("service", "functions", "deployment"),
)


def parse(document: Document) -> Parsed:
    """A file that is JSON or YAML, by how it begins."""
    text = document.text.lstrip("\ufeff \t\r\n")
    if document.syntax == "json" or text[:1] in {"{", "["} or not text:
        return read_json(document)
    from stockade.text.yaml import read_yaml  # PyYAML takes its time, and most policies are JSON

    return read_yaml(document)


def policy_in(parsed: Parsed) -> Parsed:
    """What is the policy of a file: the whole of it, or what stands in what the AWS CLI prints around a policy."""
    node = parsed.root
    for _ in _WRAPPERS:
        if isinstance(node, Scalar) and node.raw.lstrip()[:1] == "{":  # a policy as a text
            return policy_in(read_json(Document(node.span.doc.path, node.raw, syntax="json")))
        inner = next((name for name in _WRAPPERS if name in node), None) if isinstance(node, Mapping) else None
        if not isinstance(node, Mapping) or inner is None or "Statement" in node:
            break
        node = node.get(inner)
    return parsed if node is parsed.root or node is None else Parsed((node,), ())


def is_policy(node: Node | None) -> bool:
    """Whether a file says one policy: an object with `Statement`, or a list of statements."""
    if isinstance(node, Sequence):
        return any(isinstance(each, Mapping) and "Effect" in each for each in node.items)
    return isinstance(node, Mapping) and "Statement" in node


def declares(document: Document) -> bool:
    """Whether a file is a template or a configuration, and no policy itself."""
    if document.syntax in {"hcl", "typescript", "javascript"}:
        return True
    parsed = parse(document)
    root = parsed.root
    if not isinstance(root, Mapping) or is_policy(policy_in(parsed).root):
        return False
    return any(key in root for key in _DECLARING)


def read_policy(parsed: Parsed) -> Statements:
    """The policy of a file, with the faults of the file's own syntax."""
    parsed = policy_in(parsed)
    node = parsed.root
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


def looks_like_policy(node: Node | None) -> bool:
    """Whether a file that nobody named is meant to be a policy document: nothing else is in it."""
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
            if looks_like_policy(parse(document).root):
                yield document


_SUFFIXES = (".json", ".yaml", ".yml")
_NOT_OURS = frozenset({"node_modules", "cdk.out", "__pycache__", "venv"})
_MARK = regex(r"['\"]?[sS]tatement['\"]?\s*:")
