"""TypeScript and JavaScript as they are written: the syntax tree, with places in characters. Nothing is ever run.

What such a file says literally is read into the nodes of YAML and JSON by those who know what it is for. Two kinds of node are
for what it computes: `Computed`, of which nothing is known, and `Template`, a text with such parts in it.

The grammars are tree-sitter's; they are imported when the first such file is read.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stockade.patterns import regex
from stockade.text.comments import Comment
from stockade.text.document import Document, Problem, Span, printable
from stockade.text.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

MAX_BYTES = 2 * 1024 * 1024
"""The size from which such a file is not read: nobody writes a configuration so large, and a bundle says nothing."""

SYNTAXES = {"typescript": "TypeScript", "javascript": "JavaScript"}
"""The syntaxes that are read here, as documents and as people call them."""

MAX_PROBLEMS = 10
SPREAD = "..."
COMPUTED = "!Computed"

_NOT_ASCII = regex(r"[^\x00-\x7f]")
_ESCAPE = regex(
    r"\\(?:u\{(?P<point>[0-9a-fA-F]{1,6})\}|u(?P<code>[0-9a-fA-F]{4})|x(?P<byte>[0-9a-fA-F]{2})|(?P<line>\r\n|[\n\r\u2028\u2029])"
    r"|(?P<char>.))",
    re.DOTALL,
)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_PAIR = regex("[\ud800-\udbff][\udc00-\udfff]")
_HALF = regex("[\ud800-\udfff]")
# What may stand on a line of its own and be meant by a comment.
_PARTS = frozenset({
    "pair", "shorthand_property_identifier", "spread_element", "method_definition", "lexical_declaration",
    "variable_declaration", "variable_declarator", "export_statement", "expression_statement", "return_statement",
    "import_statement", "function_declaration",
})  # fmt: skip


class Computed(Scalar, frozen=True, eq=False, gc=False, kw_only=True):
    """What a program computes.

    Attributes:
        why: why it is not known, in words that follow the expression.
        remedy: what to do about it.
        kind: `computed`, `environment` (a variable of the environment), `limit`, or another stable word.
        spread: whether it stands for an unknown number of entries or items, not for one value.
    """

    why: str
    remedy: str = ""
    kind: str = "computed"
    spread: bool = False


class Template(Scalar, frozen=True, eq=False, gc=False, kw_only=True):
    """A text of which only parts are known: scalars, some of them `Computed`."""

    parts: tuple[Scalar, ...]


class Script:
    """The syntax tree of a file."""

    def __init__(self, doc: Document) -> None:
        self.doc = doc
        data = doc.text.encode("utf-8", "surrogatepass")
        self._places, self._extras = _offsets(doc.text)
        self.too_large = len(data) > MAX_BYTES
        self.root = _parse(b"" if self.too_large else data, doc.syntax)
        self.problems = self._problems()

    def span(self, syntax: Syntax) -> Span:
        """Where a part of the tree stands."""
        return Span(self.doc, self._offset(syntax.start_byte), self._offset(syntax.end_byte))

    def text(self, syntax: Syntax) -> str:
        """How a part of the tree is written."""
        return self.doc.text[self._offset(syntax.start_byte) : self._offset(syntax.end_byte)]

    def _offset(self, place: int) -> int:
        if not self._places:
            return place
        index = bisect.bisect_right(self._places, place)
        return place - (self._extras[index - 1] if index else 0)

    def _problems(self) -> tuple[Problem, ...]:
        name = SYNTAXES.get(self.doc.syntax, "a program")
        if self.too_large:
            why = f"is larger than {MAX_BYTES // 1024 // 1024} MiB, the limit for a file in {name}"
            remedy = "name what is written by hand, not a bundle of it"
            return (Problem(why, remedy, None, self.doc.path, "too-large"),)
        found: list[Problem] = []
        todo = [self.root]
        while todo and len(found) < MAX_PROBLEMS:
            syntax = todo.pop()
            if syntax.is_error or syntax.is_missing:
                span = self.span(syntax)
                shown = printable(span.text.strip().partition("\n")[0], 40)
                why = f"`{shown}` can't be read as {name}" if shown else f"something is missing here for {name}"
                found.append(Problem(why, "correct it; the rest is read", span, self.doc.path, "syntax"))
            elif syntax.has_error:
                todo += reversed(syntax.children)
        return tuple(found)

    def comments(self) -> Iterator[Comment]:
        """The comments, in order."""
        for syntax in _walk(self.root):
            if syntax.type == "comment":
                span = self.span(syntax)
                before = self.doc.text[self.doc.line_start(span.line) : span.start]
                said = span.text.removeprefix("//").removeprefix("/*").removesuffix("*/").strip().strip("*").strip()
                yield Comment(span, said, not before.strip())

    def parts(self) -> Iterator[Span]:
        """Where entries, items and statements stand."""
        for syntax in _walk(self.root):
            if syntax.type in _PARTS or (
                syntax.is_named and syntax.parent is not None and syntax.parent.type == "array"
            ):
                yield self.span(syntax)


def read_script(doc: Document) -> Script:
    """The syntax tree of a file in TypeScript or JavaScript."""
    return Script(doc)


def named(syntax: Syntax) -> list[Syntax]:
    """The parts of a piece of the tree that say something."""
    return [child for child in syntax.named_children if child.type != "comment"]


def unquoted(text: str) -> str:
    """What a text between its quotes says."""
    text = text.replace("\r\n", "\n")
    if "\\" not in text:
        return text
    return _HALF.sub("\ufffd", _PAIR.sub(_whole, _ESCAPE.sub(_character, text)))


def is_computed(node: Node | None) -> bool:
    """Whether nothing, or not all, of a node is known."""
    return type(node) is Computed or type(node) is Template


def spread_of(node: Node) -> Computed | None:
    """What may hold further entries or items of a collection, of which nothing is known."""
    items = (
        (entry.value for entry in node.entries)
        if type(node) is Mapping
        else node.items
        if type(node) is Sequence
        else ()
    )
    return next((item for item in items if type(item) is Computed and item.spread), None)


def _whole(match: re.Match[str]) -> str:
    return chr(0x10000 + ((ord(match[0][0]) - 0xD800) << 10) + ord(match[0][1]) - 0xDC00)


def _character(match: re.Match[str]) -> str:
    number = match["point"] or match["code"] or match["byte"]
    if number is not None:
        return chr(int(number, 16)) if int(number, 16) <= 0x10FFFF else "\ufffd"
    return "" if match["line"] is not None else _ESCAPED.get(match["char"], match["char"])


def _walk(root: Syntax) -> Iterator[Syntax]:
    """Every part of a tree, in order."""
    cursor = root.walk()
    while True:
        if cursor.node is not None:
            yield cursor.node
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def _parse(data: bytes, syntax: str) -> Syntax:
    from tree_sitter import Language, Parser

    if syntax == "javascript":
        import tree_sitter_javascript

        language = Language(tree_sitter_javascript.language())
    else:
        import tree_sitter_typescript

        language = Language(tree_sitter_typescript.language_typescript())
    return Parser(language).parse(data).root_node


def _offsets(text: str) -> tuple[list[int], list[int]]:
    """Behind which byte how many bytes more than characters have passed; nothing where each character is a byte."""
    if text.isascii():
        return [], []
    places: list[int] = []
    extras: list[int] = []
    extra = 0
    for match in _NOT_ASCII.finditer(text):
        size = len(match[0].encode("utf-8", "surrogatepass"))
        places.append(match.start() + extra + size)
        extra += size - 1
        extras.append(extra)
    return places, extras
