"""What is where, held against another parser of HCL."""

from __future__ import annotations

import os
import pathlib

import pytest

from stockade.text.document import Document, read_document
from stockade.text.hcl.nodes import (
    Attribute,
    Binary,
    Block,
    Call,
    Comment,
    Conditional,
    Fill,
    For,
    HclFile,
    Object,
    ObjectEntry,
    Tuple,
    Unary,
)
from stockade.text.hcl.read import read_hcl
from tests.text.hcl.edits import CASES
from tests.text.hcl.expressions import EXPRESSIONS, configuration
from tests.text.hcl.trees import place, walk

KINDS: dict[str, tuple[type, ...]] = {
    "attribute": (Attribute,),
    "block": (Block,),
    "comment": (Comment,),
    "conditional": (Conditional,),
    "for_expr": (For,),
    "function_call": (Call,),
    "object": (Object,),
    "object_elem": (ObjectEntry,),
    "operation": (Binary, Unary),
    "template_interpolation": (Fill,),
    "tuple": (Tuple,),
}
READ_WRONG = ("1e3", "12E-1", "1e+2", "false ? 1 : true ? 2 : 3", '"$$${local.n}"')
"""What the other parser (tree-sitter-hcl 1.2) reads otherwise than Terraform does, as `recorded.json` shows."""


def ours(file: HclFile) -> set[tuple[str, int, int]]:
    nodes = list(walk(file))
    return {
        (kind, place(node).start, place(node).end)
        for kind, classes in KINDS.items()
        for node in nodes
        if isinstance(node, classes)
    }


def theirs(text: str) -> set[tuple[str, int, int]]:
    tree_sitter = pytest.importorskip("tree_sitter")
    grammar = pytest.importorskip("tree_sitter_hcl")
    tree = tree_sitter.Parser(tree_sitter.Language(grammar.language())).parse(text.encode())
    offsets = [offset for offset, char in enumerate(text) for _ in char.encode()] + [len(text)]
    found: set[tuple[str, int, int]] = set()
    stack = [tree.root_node]
    while stack:
        node = stack.pop()
        if node.type in KINDS:
            start, end = offsets[node.start_byte], offsets[node.end_byte]
            if node.type == "comment":
                end = start + len(text[start:end].rstrip())
            found.add((node.type, start, end))
        stack += node.children
    return found


@pytest.mark.parametrize(
    "text",
    [
        configuration([source for source in EXPRESSIONS if source not in READ_WRONG]),
        *(case.before for case in CASES),
        *(case.after for case in CASES),
    ],
)
def test_the_same_things_stand_at_the_same_places(text: str) -> None:
    assert ours(read_hcl(Document("main.tf", text))) == theirs(text)


@pytest.mark.snapshots
def test_so_they_do_in_real_projects() -> None:
    root = pathlib.Path(os.environ["STOCKADE_TERRAFORM"])
    for path in sorted(root.rglob("*.tf")):
        document = read_document(path, path.relative_to(root).as_posix())
        assert isinstance(document, Document)
        if "$$${" in document.text:  # two literal signs and something to fill in, for the other parser
            continue
        file = read_hcl(document)
        if not file.problems:
            assert ours(file) == theirs(document.text), document.path
