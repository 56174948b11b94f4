"""What an expression of a program has for a value, as far as it is known without running it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from stockade.text.document import Span
from stockade.text.node import Node, Scalar, ScalarValue
from stockade.text.script import COMPUTED, Computed, Template

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

    from stockade.inputs.serverless.program.module import Module

MAX_TEXT = 1024 * 1024
MISSING = "…"  # what is shown of an expression that is not there, which is told as an error of the syntax
REMEDY = "write it as it is to be, or scan what `serverless package` makes"
NOT_RUN = "it is computed by a program, and nothing that is scanned is run"


class Function:
    """A function of a program: its syntax, and what its names mean."""

    def __init__(self, syntax: Syntax, scope: Scope) -> None:
        self.syntax = syntax
        self.scope = scope


class Namespace:
    """Everything that a module exports."""

    def __init__(self, module: Module) -> None:
        self.module = module


class Ambient:
    """What every program has: `process`, its `env`, `Object` and the like."""

    def __init__(self, name: str) -> None:
        self.name = name


Value: TypeAlias = "Node | Function | Namespace | Ambient | None"
"""None is `undefined`, which counts as not written."""


class Lazy:
    """A value that is found when it is asked for."""

    __slots__ = ("_busy", "_known", "_make", "_value")

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make = make
        self._known = False
        self._busy = False
        self._value: Value = None

    def get(self, span: Span) -> Value:
        """The value; `span` is where it is asked for."""
        if self._busy:
            return computed(span, "it leads back to itself", "break the circle", "circular")
        if not self._known:
            self._busy = True
            try:
                self._value = self._make()
            finally:
                self._busy = False
            self._known = True
        return self._value


class Scope:
    """The names of a module, or of a function in one."""

    def __init__(self, module: Module, parent: Scope | None = None) -> None:
        self.module = module
        self.parent = parent
        self.names: dict[str, Lazy] = {}

    def find(self, name: str) -> Lazy | None:
        """What a name means here, if the file says."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None


def computed(
    span: Span, why: str = NOT_RUN, remedy: str = REMEDY, kind: str = "computed", *, spread: bool = False
) -> Computed:
    """A value that is not known."""
    raw = " ".join(span.text[:400].split()) or MISSING
    return Computed(span, raw, raw, COMPUTED, why=why, remedy=remedy, kind=kind, spread=spread)


def scalar(span: Span, value: ScalarValue) -> Scalar:
    """A known value."""
    if isinstance(value, str):
        return Scalar(span, value, value, None, "double")
    return Scalar(span, value, "" if value is None else shown(value))


def number(text: str) -> int | float | None:
    """The number that is written so."""
    text = text.replace("_", "").lower().removesuffix("n")
    try:
        if text[:2] in {"0x", "0o", "0b"}:
            return whole(int(text, 0))
        return whole(int(text) if text.isdigit() else float(text))
    except (ValueError, OverflowError):  # also of more digits than Python converts
        return None


def whole(value: float) -> int | float:
    """A number as it is shown: without a fraction where it has none, and no more exact than JavaScript has it."""
    return int(value) if math.isfinite(value) and value == int(value) and abs(value) < 2**53 else float(value)


def shown(value: ScalarValue) -> str:
    """A value as the text that JavaScript makes of it."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else repr(value) if math.isfinite(value) else f"{'-' * (value < 0)}Infinity"
    return str(value)


def truth(value: Value) -> bool | None:
    """Whether a value counts as true; None where that is not known."""
    if value is None:
        return False
    if type(value) is Computed:
        return None
    if type(value) is Template:
        return True if any(type(part) is Scalar and part.raw for part in value.parts) else None
    if type(value) is Scalar:
        return bool(value.value) and not (isinstance(value.value, float) and math.isnan(value.value))
    return True


def is_nothing(value: Value) -> bool | None:
    """Whether a value is `undefined` or `null`; None where that is not known."""
    if value is None:
        return True
    if type(value) is Computed:
        return None
    return type(value) is Scalar and value.tag is None and value.value is None


def pieces_of(value: Value) -> tuple[Scalar, ...] | None:
    """A value as parts of a text; None of one that is no text."""
    if type(value) is Template:
        return value.parts
    if type(value) is Computed:
        return (value,)
    if type(value) is Scalar and value.tag is None:
        return (Scalar(value.span, shown(value.value), shown(value.value)),)
    return None


def text_of(span: Span, pieces: list[Scalar]) -> Scalar:
    """One text of parts of it."""
    joined: list[Scalar] = []
    size = 0
    for piece in pieces:
        size += len(piece.raw)
        if type(piece) is Computed and piece.spread:
            return computed(span)
        if joined and type(piece) is Scalar and type(joined[-1]) is Scalar:
            both = joined[-1].raw + piece.raw
            joined[-1] = Scalar(span, both, both)
        elif type(piece) is not Scalar or piece.raw:
            joined.append(piece)
    if size > MAX_TEXT or len(joined) > MAX_TEXT // 1000:
        return computed(span, "the text is too long", "write it shorter", "limit")
    if not joined:
        return scalar(span, "")
    if len(joined) == 1 and type(joined[0]) is Scalar:
        return scalar(span, joined[0].raw)
    raw = " ".join(span.text[:400].split())
    return Template(span, raw, raw, COMPUTED, parts=tuple(joined))
