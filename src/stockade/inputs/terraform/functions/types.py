"""Conversions and marks: `tostring`, `toset`, `sensitive` and their kin."""

from __future__ import annotations

from stockade.inputs.terraform import types
from stockade.inputs.terraform.functions import Call, Function
from stockade.inputs.terraform.functions._arguments import arity, marked, spread
from stockade.inputs.terraform.terms import Lit, Term, Wrong
from stockade.inputs.terraform.types import Type


def _to(wanted: Type) -> Function:
    def run(call: Call) -> Term:
        arity(call, 1, 1)
        return types.convert(call.args[0], wanted, call.span)

    return run


def _sensitive(call: Call) -> Term:
    arity(call, 1, 1)
    return marked(call.args[0], sensitive=True)


def _nonsensitive(call: Call) -> Term:
    arity(call, 1, 1)
    # What is inside has the mark from the outside too, so that it stays with what is taken out.
    return marked(call.args[0], sensitive=False) if call.args[0].sensitive else call.args[0]


def _is_sensitive(call: Call) -> Term:
    arity(call, 1, 1)
    return Lit(span=call.span, v=call.args[0].sensitive)


def _ephemeral_as_null(call: Call) -> Term:
    arity(call, 1, 1)
    return call.args[0]


def _removed(instead: str) -> Function:
    def run(call: Call) -> Term:
        raise Wrong(f"`{call.name}` is no longer there: {instead}", call.span)

    return run


FUNCTIONS: dict[str, Function] = {
    "tostring": _to(types.STRING),
    "tonumber": _to(types.NUMBER),
    "tobool": _to(types.BOOL),
    "tolist": _to(types.list_of()),
    "toset": spread(_to(types.set_of()), keeps=True),
    "tomap": _to(types.map_of()),
    "sensitive": _sensitive,
    "nonsensitive": _nonsensitive,
    "issensitive": _is_sensitive,
    "ephemeralasnull": _ephemeral_as_null,
    "list": _removed("write `tolist([…])`"),
    "map": _removed("write `tomap({…})`"),
}
