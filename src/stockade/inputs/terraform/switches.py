"""What turns a role's policies off: the inputs of a module that decide that an attachment has no instance.

A module that makes a function and its role often lets the caller say which policies the role gets
(`count = var.attach_logs ? 1 : 0`). Where it gets none, what has to change is what the caller has written. Only conditions
that are made of truth values are followed (`&&`, `||`, `!`, local values, arguments that are handed on); whatever else
decides, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stockade.inputs.terraform.expressions import Scope
from stockade.inputs.terraform.limits import TooMuch
from stockade.inputs.terraform.terms import Lit, Wrong
from stockade.model.app import Withheld
from stockade.model.value import File
from stockade.text.hcl import nodes as hcl

if TYPE_CHECKING:
    from stockade.inputs.terraform.modules import Declaration, Instance

_ROLE = "aws_iam_role"
# What gives a role policies, and the attribute with the role.
_ATTACHING = {
    "aws_iam_role_policy": "role",
    "aws_iam_role_policy_attachment": "role",
    "aws_iam_role_policy_attachments_exclusive": "role_name",
    "aws_iam_policy_attachment": "roles",
}
_POLICIES = frozenset({"aws_iam_policy", "aws_iam_policy_document"})
_MOST_STEPS = 8


def withheld(module: Instance) -> dict[str, tuple[Withheld, ...]]:
    """By the name of a role's block in a module: the policies that it does not get, with the input that decides so."""
    found: dict[str, list[Withheld]] = {}
    for declaration in module.declarations():
        attribute = declaration.block.body.attributes.get(_ATTACHING.get(declaration.type, ""))
        if attribute is None or any(keys or opened for _, keys, opened in declaration.copies.options):
            continue
        role = next((name for type_, name in _named(module, attribute.expr) if type_ == _ROLE), None)
        deciding = list(_inputs(module, declaration)) if role is not None else []
        if role is not None and len(deciding) == 1:
            texts = tuple(dict.fromkeys(_texts(module, declaration.block.body)))
            found.setdefault(role, []).append(_as_told(*deciding[0], texts))
    return {name: tuple(each) for name, each in found.items()}


def _as_told(module: Instance, name: str, wanted: bool, texts: tuple[str, ...]) -> Withheld:  # noqa: FBT001 - the value itself
    stated = module.caller.block.body.attributes.get(name) if module.caller is not None else None
    if module.caller is not None:
        outer = module.caller.module
        span = stated.expr.span if stated is not None else module.caller.block.header
        if outer.call is not None and span.doc.path in outer.foreign:  # the call is in code that is fetched
            return Withheld(File(outer.call, outer.call), name, wanted, stated=False, texts=texts)
        key = stated.name_span if stated is not None else span
        return Withheld(File(span, key, outer.calls), name, wanted, stated=stated is not None, texts=texts)
    given = module.variable(name, module.module.variables[name].header)
    return Withheld(File(given.span), name, wanted, stated=True, texts=texts)


def _inputs(module: Instance, declaration: Declaration) -> Iterator[tuple[Instance, str, bool]]:
    """The inputs that would all have to be otherwise for a declaration to have instances."""
    body = declaration.block.body.attributes
    written = body.get("count") or body.get("for_each")
    if written is None:
        return
    expr, home = _plain(module, written.expr)
    if type(expr) is hcl.Conditional:
        now = _truth(home, expr.condition)
        if now is not None:
            yield from _deciding(home, expr.condition, wanted=not now)


def _deciding(
    module: Instance, expr: hcl.Expr, *, wanted: bool, steps: int = 0
) -> Iterator[tuple[Instance, str, bool]]:
    """The inputs that a condition that is not as wanted is made of; something else as well ends in one that nobody has."""
    expr, module = _plain(module, expr)
    both = {True: "&&", False: "||"}[wanted]
    if type(expr) is hcl.Unary and expr.op == "!":
        yield from _deciding(module, expr.operand, wanted=not wanted, steps=steps + 1)
    elif type(expr) is hcl.Binary and expr.op == both and steps < _MOST_STEPS:
        for side in (expr.left, expr.right):
            now = _truth(module, side)
            if now is not wanted:
                yield from _deciding(module, side, wanted=wanted, steps=steps + 1)
    elif (name := _variable(module, expr)) is not None and _truth(module, expr) is (not wanted):
        caller = module.caller
        handed = caller.block.body.attributes.get(name) if caller is not None else None
        outer = handed.expr if handed is not None else None
        if caller is None or outer is None or type(outer) is hcl.Constant or steps >= _MOST_STEPS:
            yield module, name, wanted
            return
        above = list(_deciding(caller.module, outer, wanted=wanted, steps=steps + 1))
        yield above[0] if len(above) == 1 else (module, name, wanted)
    else:
        # Two that nobody has, so that not one alone is taken for what decides.
        yield from ((module, "", wanted), (module, "", wanted))


def _plain(module: Instance, expr: hcl.Expr) -> tuple[hcl.Expr, Instance]:
    """An expression without parentheses, and that of a local value where it is one."""
    for _ in range(_MOST_STEPS):
        if type(expr) is hcl.Paren:
            expr = expr.inner
        elif type(expr) is hcl.Attr and type(expr.of) is hcl.Name and expr.of.name == "local":
            found = module.module.locals.get(expr.name)
            if found is None:
                break
            expr = found.expr
        else:
            break
    return expr, module


def _variable(module: Instance, expr: hcl.Expr) -> str | None:
    if type(expr) is hcl.Attr and type(expr.of) is hcl.Name and expr.of.name == "var":
        return expr.name if expr.name in module.module.variables else None
    return None


def _truth(module: Instance, expr: hcl.Expr) -> bool | None:
    """Whether a condition holds; None where that is not known."""
    try:
        term = module.evaluator.apart(expr, Scope(module))
    except (Wrong, TooMuch):
        return None
    return term.v if type(term) is Lit and isinstance(term.v, bool) else None


def _named(module: Instance, expr: hcl.Expr) -> Iterator[tuple[str, str]]:
    """The resources and data sources that an expression refers to, by type and name, also by way of local values."""
    for node in _nodes(module, expr):
        if (
            type(node) is hcl.Attr
            and type(node.of) is hcl.Name
            and (node.of.name, node.name) in module.module.resources
        ):
            yield node.of.name, node.name
        inner = node.of if type(node) is hcl.Attr else None
        if (
            type(inner) is hcl.Attr
            and type(inner.of) is hcl.Name
            and inner.of.name == "data"
            and type(node) is hcl.Attr
        ):
            yield inner.name, node.name


def _texts(module: Instance, body: hcl.Body, steps: int = 0) -> Iterator[str]:
    """The texts that are written in a block, and in the policies that it refers to."""
    for expr in (attribute.expr for attribute in body.attributes.values()):
        for node in _nodes(module, expr):
            if type(node) is hcl.Constant and isinstance(node.value, str):
                yield node.value
            elif type(node) is hcl.Chunk:
                yield node.text
        for type_, name in _named(module, expr) if steps < 3 else ():
            block = module.module.data.get((type_, name)) or module.module.resources.get((type_, name))
            if block is not None and type_ in _POLICIES:
                yield from _texts(module, block.body, steps + 1)
    for nested in body.blocks:
        yield from _texts(module, nested.body, steps)


def _nodes(module: Instance, expr: hcl.Expr) -> Iterator[Any]:
    """An expression and all that it is made of, with the local values that it names."""
    todo: list[Any] = [expr]
    seen: set[str] = set()
    while todo:
        node = todo.pop()
        if not isinstance(node, hcl.Expr | hcl.ObjectEntry | hcl.Fill | hcl.If | hcl.Loop | hcl.Chunk):
            continue
        yield node
        if type(node) is hcl.Attr and type(node.of) is hcl.Name and node.of.name == "local":
            found = module.module.locals.get(node.name)
            if found is not None and node.name not in seen:
                seen.add(node.name)
                todo.append(found.expr)
        for field in node.__struct_fields__:
            inner = getattr(node, field)
            todo += inner if isinstance(inner, tuple) else (inner,)
