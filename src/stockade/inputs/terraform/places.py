"""Where things were written: from the spans of terms to the origins of the model.

A value that an attribute takes from elsewhere (a variable's default, a local) has its place at the attribute, and the other
place in its `via`. One that a call hands to a module has its place in the call, which is what makes it so, and the attribute
in its `via`. What lies in a module that people do not keep in their own repository has its place at the call of that module.
"""

from __future__ import annotations

from bisect import bisect_right

from msgspec import Struct

from stockade.model.value import File, Via
from stockade.text.document import Span
from stockade.text.hcl.nodes import Block, HclFile


class Owners:
    """What the places of configuration files belong to, in words."""

    def __init__(self) -> None:
        self._files: dict[int, tuple[HclFile, bool]] = {}
        self._blocks: dict[int, tuple[list[int], list[Block]]] = {}

    def note(self, file: HclFile, *, values: bool = False) -> None:
        """Know a file; `values` says that it gives values of variables (`.tfvars`)."""
        self._files[id(file.document)] = (file, values)

    def describe(self, span: Span) -> str:
        """What stands at a place: `default of variable stage`, `local value name`, `argument timeout of module.api`."""
        known = self._files.get(id(span.doc))
        if known is None:
            return span.doc.path
        file, values = known
        if values:
            name = next((a.name for a in file.body.attributes.values() if a.span.covers(span)), "")
            return f"value of variable {name} in {span.doc.path}" if name else span.doc.path
        block = self._block_at(file, span)
        if block is None:
            return span.doc.path
        name = next((a.name for a in block.body.attributes.values() if a.span.covers(span)), "")
        label = block.labels[-1] if block.labels else ""
        if block.type == "variable":
            return f"default of variable {label}"
        if block.type == "locals":
            return f"local value {name}" if name else "locals"
        if block.type == "module":
            return f"argument {name} of module.{label}" if name else f"module.{label}"
        if block.type in {"resource", "data"}:
            shown = ".".join(block.labels)
            shown = f"data.{shown}" if block.type == "data" else shown
            return f"`{name}` of {shown}" if name else shown
        return f"{block.type} {label}".strip()

    def is_argument(self, span: Span) -> bool:
        """Whether it stands in a call of a module."""
        known = self._files.get(id(span.doc))
        block = self._block_at(known[0], span) if known is not None and not known[1] else None
        return block is not None and block.type == "module"

    def _block_at(self, file: HclFile, span: Span) -> Block | None:
        known = self._blocks.get(id(file.document))
        if known is None:
            ordered = sorted(file.body.blocks, key=lambda b: b.span.start)
            known = self._blocks[id(file.document)] = ([b.span.start for b in ordered], ordered)
        index = bisect_right(known[0], span.start) - 1
        if index < 0:
            return None
        block = known[1][index]
        return block if block.span.covers(span) else None


class Places(Struct, frozen=True, eq=False):
    """The origins of one module instance. `call` is where the module is called, if its own files are not the user's.

    `calls` is the way by which the module is called, the nearest call first.
    """

    owners: Owners
    calls: tuple[Via, ...] = ()
    call: Span | None = None
    foreign: frozenset[str] = frozenset()  # the paths of the files that are not the user's, where there is a call

    def at(self, span: Span) -> Span:
        """The place to name for a span: itself, unless it is in no file of anybody's."""
        return span

    def is_text(self, span: Span) -> bool:
        """Whether a span is in a text that somebody can look at."""
        del span
        return True

    def block(self, span: Span, key_span: Span | None = None) -> File:
        """The origin of a block."""
        if self.call is not None and span.doc.path in self.foreign:
            return File(self.call, self.call, (Via(f"{self.owners.describe(span)} in the module", span), *self.calls))
        return File(span, key_span, self.calls)

    def origin(self, span: Span, place: Span, key_span: Span | None = None, *, hidden: bool = False) -> File:
        """The origin of a value that was written at `span`, of an attribute whose expression is at `place`."""
        if self.call is not None and place.doc.path in self.foreign:
            if span.doc.path in self.foreign:
                return File(self.call, self.call, (Via(f"{self.owners.describe(place)} in the module", place, hidden),))
            return File(span, None, (Via(f"{self.owners.describe(place)} in the module", place, hidden),))
        if place.covers(span):
            if hidden:
                return File(span, key_span, (Via("sensitive value", span, hidden=True),))
            return File(span, key_span)
        if self.calls and self.owners.is_argument(span):
            return File(span, None, (Via(f"{self.owners.describe(place)} in the module", place, hidden),))
        return File(place, key_span, (Via(self.owners.describe(span), span, hidden),))
