"""Terraform's built-in functions (https://developer.hashicorp.com/terraform/language/functions, 1.11, as of 2026-11-28).

A module of this folder states `FUNCTIONS`: each function by its name. A function gets a `Call` whose arguments are no `Alt`
right at their top (the evaluator calls it for each case), and returns a term. It raises `Wrong` for what Terraform refuses.
Where a part of an argument is not known, the answer says as much as can be said.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from stockade.inputs.terraform.terms import Term
from stockade.modules import modules
from stockade.text.document import Document, Span

if TYPE_CHECKING:
    from stockade.text.hcl.nodes import HclFile


class Files(Struct, frozen=True, eq=False):
    """What functions may see of the disk: files inside of the scanned root, by their paths relative to it.

    `read` gives the document; it raises `Wrong` where there is none, and `NotKnown` (with the remedy) for what is refused:
    outside of the root, a link out of it, too large, not text. `raw` gives bytes in the same manner. `list_` gives every
    file below a folder. `template` parses a file as a template: its body holds one attribute `template`.
    """

    read: Callable[[str], Document]
    raw: Callable[[str], bytes]
    list_: Callable[[str], list[str]]
    template: Callable[[str], HclFile]


class Call(Struct, frozen=True, eq=False):
    """One call. `folder` is the module's folder relative to the scanned root, `root` that of the root module.

    `render` renders a template file with variables, by its path relative to the scanned root: (path, variables, span) → term.
    `render_text` does so with a text that stands in no file of its own: (document, variables, span) → term.
    """

    name: str
    span: Span
    args: tuple[Term, ...]
    files: Files
    folder: str = ""
    root: str = ""
    render: Callable[[str, Term, Span], Term] | None = None
    render_text: Callable[[Document, Term, Span], Term] | None = None


Function: TypeAlias = Callable[[Call], Term]


@cache
def functions() -> dict[str, Function]:
    """Every built-in function by name."""
    found: dict[str, Function] = {}
    for module in modules(__name__):
        found.update(module.FUNCTIONS)
    return found
