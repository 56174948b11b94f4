"""`.tf.json`: the JSON syntax of Terraform, read into the tree of HCL.

JSON alone does not say what is a block and what an argument, nor which texts are templates, which are expressions and which
just texts. Terraform's own schema does, and is the table here; what it leaves to the providers is read as arguments.
https://developer.hashicorp.com/terraform/language/syntax/json, as of 2026-11-28.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, TypeAlias

import msgspec

from stockade.text.document import Document, Problem, Span
from stockade.text.hcl._offsets import unescape_json
from stockade.text.hcl._parse import MAX_DEPTH, MAX_DIGITS, Parser, number
from stockade.text.hcl._pieces import composed
from stockade.text.hcl.nodes import (
    Attribute,
    Block,
    Body,
    Broken,
    Comment,
    Constant,
    Expr,
    HclFile,
    Name,
    Object,
    ObjectEntry,
    Tuple,
)
from stockade.text.json import read_json
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

__all__ = ["read_hcl_json"]

Reading: TypeAlias = Literal["template", "text", "expression"]
"""What a text in JSON is: a template, just a text, or an expression (a reference, a type, a keyword)."""


class _Schema(msgspec.Struct, frozen=True):
    """What Terraform makes of an object.

    Attributes:
        labels: how many levels of keys are labels.
        blocks: the keys that are blocks in it.
        readings: how the texts of some of its arguments are read.
        rest: how those of all others are.
    """

    labels: int = 0
    blocks: dict[str, _Schema] = {}
    readings: dict[str, Reading] = {}
    rest: Reading = "template"


def _references(*names: str) -> dict[str, Reading]:
    return dict.fromkeys(names, "expression")


_CONDITION = _Schema()
_CONTENT = _Schema()
_DYNAMIC = _Schema(1, {"content": _CONTENT}, _references("iterator"))
_CONTENT.blocks["dynamic"] = _DYNAMIC  # one may hold another
_CONNECTION = _Schema()
_PROVISIONER = _Schema(1, {"connection": _CONNECTION}, _references("when", "on_failure"))
_LIFECYCLE = _Schema(
    0, {"precondition": _CONDITION, "postcondition": _CONDITION}, _references("ignore_changes", "replace_triggered_by")
)
_RESOURCE = _Schema(
    2,
    {"lifecycle": _LIFECYCLE, "connection": _CONNECTION, "provisioner": _PROVISIONER, "dynamic": _DYNAMIC},
    _references("provider", "depends_on"),
)
_DATA = _Schema(2, {"lifecycle": _LIFECYCLE, "dynamic": _DYNAMIC}, _references("provider", "depends_on"))
_WORDS = _Schema(rest="text")
_FILE = _Schema(
    0,
    {
        "resource": _RESOURCE,
        "data": _DATA,
        "ephemeral": _DATA,
        "module": _Schema(1, {}, {"source": "text", "version": "text", **_references("providers", "depends_on")}),
        "provider": _Schema(1, {"dynamic": _DYNAMIC}, {"alias": "text", "version": "text"}),
        "variable": _Schema(
            1, {"validation": _CONDITION}, {"description": "text", "default": "text", **_references("type")}
        ),
        "output": _Schema(1, {"precondition": _CONDITION}, {"description": "text", **_references("depends_on")}),
        "locals": _Schema(),
        "terraform": _Schema(
            0,
            {
                "required_providers": _Schema(0, {}, {}, "text"),
                "backend": _Schema(1, {}, {}, "text"),
                "cloud": _Schema(0, {"workspaces": _WORDS}, {}, "text"),
                "provider_meta": _Schema(1),
            },
            _references("experiments"),
            "text",
        ),
        "moved": _Schema(0, {}, _references("from", "to")),
        "import": _Schema(0, {}, _references("to", "provider")),
        "removed": _Schema(0, {"lifecycle": _LIFECYCLE, "provisioner": _PROVISIONER}, _references("from")),
        "check": _Schema(1, {"data": _DATA, "assert": _CONDITION}),
    },
)
_VARIABLES = _Schema(rest="text")
_COMMENT = "//"


def read_hcl_json(document: Document) -> HclFile:
    """Read a file in Terraform's JSON syntax: `.tf.json`, `.tofu.json`, `.tfvars.json`.

    What is wrong with the JSON is a problem, and read as it is meant; of two arguments of one name the first counts, as for
    Terraform. A `//` key is a comment.
    """
    return _Reader(document).read()


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.comments: list[Comment] = []

    def read(self) -> HclFile:
        document = self.document
        parsed = read_json(document)
        # Keys may be there twice: two `resource` are two objects of resources. Where they may not, it is said below.
        self.problems += [problem for problem in parsed.problems if problem.kind != "duplicate-key"]
        whole = Span(document, 0, len(document.text))
        body = Body(whole, {}, ())
        schema = _VARIABLES if document.path.endswith(".tfvars.json") else _FILE
        if parsed.root is not None:
            body = self._body(parsed.root, schema, whole)
        self.problems.sort(key=lambda problem: -1 if problem.span is None else problem.span.start)
        self.comments.sort(key=lambda comment: comment.span.start)
        return HclFile(document, body, tuple(self.problems), tuple(self.comments))

    # -- bodies -------------------------------------------------------------------------------------------------------

    def _body(self, node: Node, schema: _Schema, span: Span) -> Body:
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        for entry in self._entries(node, "arguments and blocks"):
            name = entry.key.raw
            nested = schema.blocks.get(name)
            if nested is not None:
                blocks += self._blocks(name, entry, entry.value, nested, ())
                continue
            place = self._inner(entry.key)
            reading = schema.readings.get(name, schema.rest)
            attribute = Attribute(entry.span, name, place, self._expr(entry.value, reading, 1))
            if attributes.setdefault(name, attribute) is not attribute:
                remedy = "remove one of the two; until then the first one counts"
                self._say(f"{name} is there twice", remedy, place, "duplicate-key")
        return Body(span, attributes, tuple(blocks))

    def _blocks(
        self, type_: str, header: Entry, node: Node, schema: _Schema, labels: tuple[str, ...]
    ) -> Iterator[Block]:
        """The blocks that a value stands for: as many levels of keys as there are labels, and lists of blocks."""
        if len(labels) < schema.labels:
            for entry in self._entries(node, "the labels of blocks"):
                yield from self._blocks(type_, entry, entry.value, schema, (*labels, entry.key.raw))
            return
        several = isinstance(node, Sequence)
        for item in node.items if isinstance(node, Sequence) else (node,):
            if isinstance(item, Scalar) and item.value is None and item.raw == "null":
                continue
            if not isinstance(item, Mapping):
                remedy = "write an object with the block's arguments"
                self._say(f"the block {type_} is no object", remedy, item.span, skipped=item.span)
                continue
            inside = Span(self.document, item.span.start + 1, max(item.span.start + 1, item.span.end - 1))
            span = item.span if several else Span(self.document, header.span.start, item.span.end)
            yield Block(span, type_, labels, header.key.span, self._body(item, schema, inside))

    def _entries(self, node: Node, what: str) -> Iterator[Entry]:
        """The entries of an object, or of all objects in a list, without comments."""
        for item in node.items if isinstance(node, Sequence) else (node,):
            if isinstance(item, Mapping):
                for entry in item.written():
                    if entry.key.raw == _COMMENT:
                        self._comment(entry)
                    else:
                        yield entry
            elif isinstance(item, Sequence) or item.value is not None:
                self._say(f"an object with {what} is missing here", "write one", item.span, skipped=item.span)

    def _comment(self, entry: Entry) -> None:
        said = entry.value.raw if isinstance(entry.value, Scalar) else entry.value.span.text
        text = self.document.text
        start, end = entry.span.start, entry.span.end
        before = text[text.rfind("\n", 0, start) + 1 : start]
        after = text.find("\n", end)
        rest = text[end : len(text) if after < 0 else after]
        own_line = not before.strip() and not rest.strip(" \t\r,")
        self.comments.append(Comment(entry.span, said.strip(), own_line))

    # -- values -------------------------------------------------------------------------------------------------------

    def _expr(self, node: Node, reading: Reading, depth: int) -> Expr:
        if depth > MAX_DEPTH:
            message = f"is nested more than {MAX_DEPTH} levels deep"
            self._say(message, "write it with fewer levels", node.span, "limit", skipped=node.span)
            return Broken(node.span)
        if isinstance(node, Sequence):
            return Tuple(node.span, tuple(self._expr(item, reading, depth + 1) for item in node.items))
        if isinstance(node, Mapping):
            entries: list[ObjectEntry] = []
            for entry in node.written():
                key = self._text(entry.key, reading)
                bare = reading == "expression" and isinstance(key, Name)
                if isinstance(key, Name):
                    key = Constant(key.span, key.name, key.span, exact=True)
                value = self._expr(entry.value, reading, depth + 1)
                entries.append(ObjectEntry(entry.span, key, value, bare))
            return Object(node.span, tuple(entries))
        return self._scalar(node, reading)

    def _scalar(self, node: Scalar, reading: Reading) -> Expr:
        value = node.value
        if isinstance(value, str):
            return self._text(node, reading)
        if value is None or isinstance(value, bool):
            return Constant(node.span, value)
        found: int | Decimal | None = number(node.raw.removeprefix("-"))
        if found is None:  # too long, or one of those that JSON does not know, which has been said
            if node.raw[-1:].isdigit():
                message = f"a number has more than {MAX_DIGITS} digits"
                self._say(message, "write it as a text", node.span, "limit", skipped=node.span)
            return Broken(node.span)
        return Constant(node.span, -found if node.raw.startswith("-") else found)

    def _text(self, node: Scalar, reading: Reading) -> Expr:
        document, raw = self.document, node.raw
        inner = self._inner(node)
        if reading == "text" or (reading == "template" and "${" not in raw and "%{" not in raw):
            said = composed(raw)
            return Constant(node.span, said, inner, said == inner.text)
        if inner.text == raw:
            parser = Parser(document, document.text, inner.start, inner.end)
        else:
            said, places = unescape_json(inner.text, list(range(inner.start, inner.end)))
            if said != raw:  # the text itself is broken, which has been said
                return Broken(node.span)
            parser = Parser(document, raw, 0, len(raw), [*places, inner.end])
        expr = parser.template(node.span) if reading == "template" else parser.expression()
        self.problems += parser.all_problems()
        return expr

    def _inner(self, node: Scalar) -> Span:
        """What stands between the quotes of a text."""
        span = node.span
        if span.end - span.start >= 2 and self.document.text[span.start] == '"':
            return Span(self.document, span.start + 1, span.end - 1)
        return span

    def _say(self, message: str, remedy: str, span: Span, kind: str = "syntax", *, skipped: Span | None = None) -> None:
        self.problems.append(Problem(message, remedy, span, self.document.path, kind, skipped))
