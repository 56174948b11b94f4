"""A small evaluator, so that what the reader makes of a text can be held against what Terraform says of it.

It knows what the tests write, and nothing that Stockade itself uses to evaluate: no unknowns, no types, no conversions but
those of templates and keys.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from stockade.text.hcl.nodes import (
    Attr,
    Binary,
    Call,
    Chunk,
    Conditional,
    Constant,
    Expr,
    Fill,
    For,
    If,
    Index,
    Item,
    Loop,
    Name,
    Object,
    Paren,
    Part,
    Splat,
    Template,
    Tuple,
    Unary,
)

Names = dict[str, Any]

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "%": lambda left, right: left - right * int(left / right),
    "==": lambda left, right: type(left) is type(right) and left == right,
    "!=": lambda left, right: not (type(left) is type(right) and left == right),
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "&&": lambda left, right: left and right,
    "||": lambda left, right: left or right,
}
_CALLS: dict[str, Callable[..., Any]] = {
    "upper": str.upper,
    "max": max,
    "length": len,
    "concat": lambda *lists: [item for items in lists for item in items],
    "format": lambda pattern, *rest: pattern % rest,
}


def text(value: Any) -> str:
    """A value in a template."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    assert value is not None
    assert not isinstance(value, list | dict)
    return str(value)


def evaluate(expr: Expr, names: Names) -> Any:  # noqa: C901, PLR0911, PLR0912 - one branch for each kind of expression
    """The value of an expression."""
    if isinstance(expr, Constant):
        return expr.value
    if isinstance(expr, Template):
        if len(expr.parts) == 1 and isinstance(expr.parts[0], Fill):
            return evaluate(expr.parts[0].expr, names)
        return fill(expr.parts, names)
    if isinstance(expr, Name):
        return names[expr.name]
    if isinstance(expr, Item):
        return names["*"]
    if isinstance(expr, Attr):
        of = evaluate(expr.of, names)
        return of[int(expr.name)] if isinstance(of, list) else of[expr.name]
    if isinstance(expr, Index):
        return evaluate(expr.of, names)[evaluate(expr.key, names)]
    if isinstance(expr, Splat):
        items = evaluate(expr.of, names)
        if items is None:
            items = []
        elif not isinstance(items, list):
            items = [items]
        return [evaluate(expr.each, {**names, "*": item}) for item in items]
    if isinstance(expr, Call):
        args = [evaluate(arg, names) for arg in expr.args]
        if expr.expand:
            args += args.pop()
        return _CALLS[expr.name](*args)
    if isinstance(expr, Unary):
        value = evaluate(expr.operand, names)
        return -value if expr.op == "-" else not value
    if isinstance(expr, Binary):
        return _BINARY[expr.op](evaluate(expr.left, names), evaluate(expr.right, names))
    if isinstance(expr, Conditional):
        return evaluate(expr.then if evaluate(expr.condition, names) else expr.otherwise, names)
    if isinstance(expr, Tuple):
        return [evaluate(item, names) for item in expr.items]
    if isinstance(expr, Object):
        return {text(evaluate(entry.key, names)): evaluate(entry.value, names) for entry in expr.entries}
    if isinstance(expr, For):
        return loop(expr, names)
    assert isinstance(expr, Paren), expr
    return evaluate(expr.inner, names)


def loop(expr: For, names: Names) -> Any:
    """The value of a `for` expression."""
    items: list[Any] = []
    entries: dict[str, Any] = {}
    for key, value in pairs(evaluate(expr.collection, names)):
        inside = {**names, expr.key: key, expr.value: value}
        if expr.condition is not None and not evaluate(expr.condition, inside):
            continue
        result = evaluate(expr.result, inside)
        if expr.result_key is None:
            items.append(result)
        elif expr.grouped:
            entries.setdefault(text(evaluate(expr.result_key, inside)), []).append(result)
        else:
            entries[text(evaluate(expr.result_key, inside))] = result
    return items if expr.result_key is None else entries


def pairs(collection: Any) -> list[tuple[Any, Any]]:
    return sorted(collection.items()) if isinstance(collection, dict) else list(enumerate(collection))


def fill(parts: tuple[Part, ...], names: Names) -> str:
    """The text of a template."""
    said = ""
    for part in parts:
        if isinstance(part, Chunk):
            said += part.text
        elif isinstance(part, Fill):
            said += text(evaluate(part.expr, names))
        elif isinstance(part, If):
            said += fill(part.then if evaluate(part.condition, names) else part.otherwise, names)
        else:
            assert isinstance(part, Loop)
            for key, value in pairs(evaluate(part.collection, names)):
                said += fill(part.body, {**names, part.key: key, part.value: value})
    return said
