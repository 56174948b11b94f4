"""Functions of maps and objects. Entries keep their terms, and so their places."""

from __future__ import annotations

from typing import Literal

from stockade.inputs.terraform import types
from stockade.inputs.terraform.functions import Call, Function
from stockade.inputs.terraform.functions._arguments import (
    MAX_ITEMS,
    TOO_MANY,
    any_marked,
    arity,
    entries,
    given,
    made_list,
    marking,
    sequence,
    spread,
    texts,
    unknown_of,
)
from stockade.inputs.terraform.operators import is_marked
from stockade.inputs.terraform.terms import (
    Lit,
    NotKnown,
    Obj,
    Seq,
    Term,
    Unk,
    Wrong,
    doubt_of,
    is_null,
    plain,
    scalar_text,
)
from stockade.inputs.terraform.types import STRING, Type, convert, list_of, map_of, type_of
from stockade.model.value import Doubt


def _merge(call: Call) -> Term:
    found: dict[str, Term] = {}
    keys = {}
    places = {}
    opened: Doubt | None = None
    sensitive = any(term.sensitive for term in call.args)
    kinds: list[Type] = []
    for arg in call.args:
        if is_null(arg):
            continue
        one = entries(arg, call)
        doubt = one.doubt if isinstance(one, Unk) else one.open
        if doubt is not None:
            # What came before may be overridden by what is not known.
            opened = doubt
            own = {} if isinstance(one, Unk) else one.entries
            for key, value in found.items():
                if key not in own:
                    found[key] = Unk(span=value.span, doubt=doubt, sensitive=value.sensitive)
        if isinstance(one, Unk):
            kinds.append(types.ANY)
            continue
        kinds.append(type_of(one))
        found.update(one.entries)
        keys.update(one.keys)
        places.update(one.places)
    if len(found) > MAX_ITEMS:
        raise NotKnown(TOO_MANY)
    is_map = bool(kinds) and all(kind.kind == "map" and types.same(kind, kinds[0]) for kind in kinds)
    ordered = dict(sorted(found.items())) if is_map else found
    return Obj(
        span=call.span,
        entries=ordered,
        keys=keys,
        places=places,
        kind="map" if is_map else "object",
        open=opened,
        sensitive=sensitive,
    )


def _keys(call: Call) -> Term:
    arity(call, 1, 1)
    found = entries(call.args[0], call)
    if isinstance(found, Unk):
        return unknown_of(call, found.doubt, "list")
    items = tuple(
        Lit(span=found.keys.get(key, found.span), v=key, sensitive=found.sensitive) for key in sorted(found.entries)
    )
    return _listed(items, found, call)


def _values(call: Call) -> Term:
    arity(call, 1, 1)
    found = entries(call.args[0], call)
    if isinstance(found, Unk):
        return unknown_of(call, found.doubt, "list")
    return _listed(tuple(value for _, value in sorted(found.entries.items())), found, call)


def _listed(items: tuple[Term, ...], of: Obj, call: Call) -> Seq:
    """What is taken of every entry of a map or an object, as a list or a tuple."""
    kind: Literal["list", "tuple"] = "list" if of.kind == "map" else "tuple"
    return Seq(span=call.span, items=items, kind=kind, open=of.open, sensitive=of.sensitive)


def _zipmap(call: Call) -> Term:
    arity(call, 2, 2)
    keys, values = texts(call.args[0], call), sequence(call.args[1], call, "list", "tuple")
    if isinstance(keys, Unk):
        return unknown_of(call, keys.doubt, "map")
    opened = keys.open
    found: list[Term] = []
    if isinstance(values, Unk):
        found = [Unk(span=values.span, doubt=values.doubt) for _ in keys.items]
    else:
        opened = opened or values.open
        found = list(values.items)
        if opened is None and len(found) != len(keys.items):
            raise Wrong("there are not as many keys as values", call.span)
    made: dict[str, Term] = {}
    places = {}
    if opened is None:
        for key, value in zip(keys.items, found, strict=True):
            if is_null(key):
                raise Wrong("null is no key", call.span)
            try:
                name = plain(key)
            except NotKnown as why:
                opened = why.doubt
                continue
            made[name] = value
            places[name] = key.span
    if opened is not None and len(keys.items) != len(made):
        # A key that is not known may be one of the others.
        made = {name: Unk(span=value.span, doubt=opened) for name, value in made.items()}
    return Obj(
        span=call.span,
        entries=dict(sorted(made.items())),
        keys=places,
        kind="map" if isinstance(values, Seq) and values.kind == "list" else "object",
        open=opened,
        sensitive=is_marked(keys) or values.sensitive,
    )


def _transpose(call: Call) -> Term:
    arity(call, 1, 1)
    found = convert(given(call.args[0], call), map_of(list_of(STRING)), call.span)
    if type(found) is not Obj:
        return unknown_of(call, doubt_of(found), "map")
    made: dict[str, list[Term]] = {}
    opened = found.open
    for key in sorted(found.entries):
        values = found.entries[key]
        if is_null(values):
            raise Wrong("`transpose` takes no null", call.span)
        if type(values) is not Seq:
            opened = opened or doubt_of(values)
            continue
        opened = opened or values.open
        for value in values.items:
            if is_null(value):
                raise Wrong("`transpose` takes no null", call.span)
            try:
                name = scalar_text(plain(value)) or ""
            except NotKnown as why:
                opened = opened or why.doubt
                continue
            made.setdefault(name, []).append(Lit(span=found.keys.get(key, call.span), v=key))
    sensitive = any_marked(call.args)
    lists: dict[str, Term] = {name: made_list(items, call, opened) for name, items in sorted(made.items())}
    return Obj(span=call.span, entries=lists, kind="map", open=opened, sensitive=sensitive)


_BY_NAME: dict[str, Function] = {
    "keys": _keys,
    "merge": _merge,
    "transpose": spread(_transpose, deep=True),
    "values": _values,
    "zipmap": _zipmap,
}

FUNCTIONS: dict[str, Function] = {name: marking(function) for name, function in _BY_NAME.items()}
