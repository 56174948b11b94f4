"""HCL to its tree, reading on after what is wrong.

The reader is our own and follows the specification of HCL's native syntax to the letter, as `terraform` does: what a
template's white space is, where a heredoc ends, what binds how strong. https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

from stockade.text.document import Document, Problem, Span
from stockade.text.hcl._offsets import offsets_of
from stockade.text.hcl._parse import MAX_DEPTH, MAX_PROBLEMS, Parser
from stockade.text.hcl._scan import LINE_ENDS
from stockade.text.hcl.nodes import Attribute, Body, Comment, Expr, HclFile

__all__ = ["MAX_DEPTH", "MAX_PROBLEMS", "offsets_of", "read_expression", "read_hcl", "read_template"]


def read_hcl(document: Document) -> HclFile:
    """Read a file in HCL's native syntax: `.tf`, `.tofu`, `.tfvars`, `.hcl`.

    An argument whose value is no expression has a `Broken` one if it is sure where the value ends. What is broken
    otherwise leaves out the whole block at the top of the file, so that a block that is there is all that was written.
    Each is a problem, whose `skipped` is what was left out.
    """
    parser = Parser(document, document.text, 0, len(document.text))
    body = parser.file()
    return HclFile(document, body, parser.all_problems(), _comments(document, parser.comments))


def read_expression(document: Document, start: int, end: int) -> tuple[Expr, tuple[Problem, ...]]:
    """Read a stretch of a document as one expression; a `Broken` one with a problem if it is none."""
    parser = Parser(document, document.text, start, end)
    return parser.expression(), parser.all_problems()


def read_template(document: Document) -> HclFile:
    """Read a file that `templatefile` takes: all of it is the value of an attribute named `template`."""
    parser = Parser(document, document.text, 0, len(document.text))
    expr = parser.template()
    whole = Span(document, 0, len(document.text))
    attribute = Attribute(whole, "template", Span(document, 0, 0), expr)
    return HclFile(document, Body(whole, {"template": attribute}, ()), parser.all_problems())


def _comments(document: Document, found: dict[int, int]) -> tuple[Comment, ...]:
    text = document.text
    comments: list[Comment] = []
    for start, stop in sorted(found.items()):
        mark = 1 if text[start] == "#" else 2
        raw = text[start:stop].rstrip()
        end = start + len(raw)
        said = raw[mark:-2] if raw.startswith("/*") and raw.endswith("*/") and len(raw) > 3 else raw[mark:]
        before = start
        while before and text[before - 1] in " \t":
            before -= 1
        own_line = text[before - 1 : before] in ("", "\n") and LINE_ENDS.match(text, end) is not None
        comments.append(Comment(Span(document, start, end), said.strip(), own_line))
    return tuple(comments)
