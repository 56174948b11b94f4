"""The tree of an HCL file. Every node has the span that it was written at.

https://developer.hashicorp.com/terraform/language/syntax/configuration and the HCL native syntax specification
(https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md), as of 2026-11-28. A `.tf.json` file becomes the same tree.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal as Word
from typing import TypeAlias

from msgspec import Struct

from stockade.text.document import Document, Problem, Span

Scalar: TypeAlias = "bool | int | Decimal | str | None"  # a whole number is always an int


class Expr(Struct, frozen=True, eq=False, gc=False):
    """An expression; the subclasses are all there are."""

    span: Span


class Constant(Expr, frozen=True, eq=False, gc=False):
    """`null`, `true`, `false`, a number, or a text without anything to fill in (quoted or heredoc).

    `exact`: the characters of `inner` are the text itself (no escapes, no removed indentation), so that a place in the
    text is a place in the file. `inner` is the span between the quotes (or of the heredoc's lines).
    """

    value: Scalar
    inner: Span | None = None
    exact: bool = False
    heredoc: bool = False


class Chunk(Struct, frozen=True, eq=False, gc=False):
    """A literal stretch of a template: what it says after escapes, indentation (`<<-`) and strip markers (`~`)."""

    span: Span
    text: str
    exact: bool = True  # the characters of the span are the text itself


class Fill(Struct, frozen=True, eq=False, gc=False):
    """`${expr}` in a template; the span includes the marks."""

    span: Span
    expr: Expr


class If(Struct, frozen=True, eq=False, gc=False):
    """`%{ if cond } … %{ else } … %{ endif }` in a template."""

    span: Span
    condition: Expr
    then: tuple[Part, ...]
    otherwise: tuple[Part, ...]


class Loop(Struct, frozen=True, eq=False, gc=False):
    """`%{ for key, value in collection } … %{ endfor }` in a template."""

    span: Span
    key: str  # empty if there is none
    value: str
    collection: Expr
    body: tuple[Part, ...]


Part: TypeAlias = "Chunk | Fill | If | Loop"


class Template(Expr, frozen=True, eq=False, gc=False):
    """A text with something to fill in."""

    parts: tuple[Part, ...]
    heredoc: bool = False


class Name(Expr, frozen=True, eq=False, gc=False):
    """The first name of a traversal: `var`, `local`, `aws_iam_role`, or a name that a `for` introduces."""

    name: str


class Attr(Expr, frozen=True, eq=False, gc=False):
    """`of.name` (and the old `of.0`, whose name is then digits)."""

    of: Expr
    name: str
    name_span: Span


class Index(Expr, frozen=True, eq=False, gc=False):
    """`of[key]`."""

    of: Expr
    key: Expr


class Splat(Expr, frozen=True, eq=False, gc=False):
    """`of[*]…` (`full`) or `of.*…`: `each` is applied to every item; its innermost `of` is an `Item`."""

    of: Expr
    each: Expr
    full: bool


class Item(Expr, frozen=True, eq=False, gc=False):
    """The item at hand in a splat."""


class Call(Expr, frozen=True, eq=False, gc=False):
    """`name(args…)`. `expand`: the last argument is a list of arguments (`...`). Provider functions are `provider::p::f`."""

    name: str
    name_span: Span
    args: tuple[Expr, ...]
    expand: bool = False


class Unary(Expr, frozen=True, eq=False, gc=False):
    """`!x` or `-x`."""

    op: Word["!", "-"]
    operand: Expr


class Binary(Expr, frozen=True, eq=False, gc=False):
    """`left op right`; op is one of `+ - * / % == != < <= > >= && ||`."""

    op: str
    left: Expr
    right: Expr


class Conditional(Expr, frozen=True, eq=False, gc=False):
    """`condition ? then : otherwise`."""

    condition: Expr
    then: Expr
    otherwise: Expr


class Tuple(Expr, frozen=True, eq=False, gc=False):
    """`[a, b]`."""

    items: tuple[Expr, ...]


class ObjectEntry(Struct, frozen=True, eq=False, gc=False):
    """`key = value` in an object. A bare name as key is a `Constant` text with `bare`; `(expr)` is the expression."""

    span: Span
    key: Expr
    value: Expr
    bare: bool = False


class Object(Expr, frozen=True, eq=False, gc=False):
    """`{ a = 1 }`."""

    entries: tuple[ObjectEntry, ...]


class For(Expr, frozen=True, eq=False, gc=False):
    """`[for k, v in c : v if cond]`, or with `result_key` `{for k, v in c : rk => v... if cond}` (`grouped` is `...`)."""

    key: str  # empty if there is none
    value: str
    collection: Expr
    result_key: Expr | None
    result: Expr
    condition: Expr | None
    grouped: bool = False


class Paren(Expr, frozen=True, eq=False, gc=False):
    """`(inner)`."""

    inner: Expr


class Broken(Expr, frozen=True, eq=False, gc=False):
    """Where no expression could be read; the file's problems say why."""


class Attribute(Struct, frozen=True, eq=False, gc=False):
    """`name = expr`."""

    span: Span
    name: str
    name_span: Span
    expr: Expr


class Body(Struct, frozen=True, eq=False, gc=False):
    """What stands between a block's braces, or in a file. Of two attributes of one name the first counts.

    The span is from behind the opening brace to the closing brace (of a file: all of it).
    """

    span: Span
    attributes: dict[str, Attribute]
    blocks: tuple[Block, ...]

    def of(self, type_: str) -> list[Block]:
        """The blocks of a type."""
        return [block for block in self.blocks if block.type == type_]


class Block(Struct, frozen=True, eq=False, gc=False):
    """`type "label" … { body }`. `header` is from the type to the last label."""

    span: Span
    type: str
    labels: tuple[str, ...]
    header: Span
    body: Body


class Comment(Struct, frozen=True, eq=False, gc=False):
    """`# …`, `// …` or `/* … */`: `text` is without the marks and the white space around it.

    `own_line`: nothing else stands on the line(s) that it stands on.
    """

    span: Span
    text: str
    own_line: bool


class HclFile(Struct, frozen=True, eq=False):
    """One file: its body (what could be read of it), what is wrong with it, its comments in order."""

    document: Document
    body: Body
    problems: tuple[Problem, ...] = ()
    comments: tuple[Comment, ...] = ()
