"""Functions of lists, sets, maps and objects. Items keep their terms, and so their places."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from math import prod

from msgspec.structs import replace

from stockade.inputs.terraform import numbers, types
from stockade.inputs.terraform.functions import Call, Function
from stockade.inputs.terraform.functions._arguments import (
    MAX_ITEMS,
    TOO_MANY,
    any_marked,
    arity,
    called,
    entries,
    given,
    lit,
    made_list,
    marking,
    number,
    sequence,
    spread,
    text,
    texts,
    unknown_of,
    whole_number,
)
from stockade.inputs.terraform.functions._graphemes import length
from stockade.inputs.terraform.operators import binary, equal, is_marked, is_place, premises_of
from stockade.inputs.terraform.terms import (
    Json,
    Lit,
    NotKnown,
    Obj,
    Ref,
    Seq,
    Term,
    Txt,
    Unk,
    Wrong,
    alt,
    cases,
    doubt_of,
    is_null,
    plain,
    unread,
)
from stockade.inputs.terraform.types import BOOL, convert, list_of, set_of, type_of, unify
from stockade.model.value import Doubt, Hole, Premise, When

_MAX_KEYS = 24  # an unknown key chooses among up to so many entries, each under its premise


# ------------------------------------------------------------------------------------------------------------------ asking


def _length(call: Call) -> Term:
    arity(call, 1, 1)
    found = given(call.args[0], call)
    sensitive = found.sensitive
    if type(found) is Obj:
        if found.open is not None:
            return unknown_of(call, found.open, "number", sensitive=sensitive)
        return lit(len(found.entries), call.span, bits=numbers.COUNTED, sensitive=sensitive)
    if type(found) is Seq:
        if found.open is not None:
            return unknown_of(call, found.open, "number", sensitive=sensitive)
        if found.kind == "set" and len(found.items) > 1 and _may_coincide(found):
            return unknown_of(call, doubt_of(found), "number", sensitive=sensitive)
        return lit(len(found.items), call.span, bits=numbers.COUNTED, sensitive=sensitive)
    if type(found) is Lit and isinstance(found.v, str):
        return lit(length(found.v), call.span, bits=numbers.COUNTED, sensitive=sensitive)
    if type(found) is Txt or type(found) is Json:
        try:
            return lit(length(plain(found)), call.span, bits=numbers.COUNTED, sensitive=is_marked(found))
        except NotKnown as why:
            return unknown_of(call, why.doubt, "number")
    if type(found) is Unk and found.kind not in {"number", "bool"}:
        return unknown_of(call, found.doubt, "number")
    raise Wrong("only collections and texts have a length", call.span)


def _may_coincide(found: Seq) -> bool:
    """Whether two items of a set may turn out to be one."""
    unknown = [item for item in found.items if not _known(item)]
    if len(unknown) * len(found.items) > 10_000:
        return True
    return any(item is not other and equal(item, other) is not False for item in unknown for other in found.items)


def _all_true(call: Call) -> Term:
    return _truths(call, decides=False)


def _any_true(call: Call) -> Term:
    return _truths(call, decides=True)


def _truths(call: Call, *, decides: bool) -> Term:
    arity(call, 1, 1)
    items = convert(given(call.args[0], call), list_of(BOOL), call.span)
    sensitive = any_marked(call.args)
    if type(items) is not Seq:
        return unknown_of(call, doubt_of(items), "bool")
    unsure: list[Term] = []
    for item in items.items:
        if type(item) is not Lit:
            unsure.append(item)
        elif bool(item.v) is decides:
            return Lit(span=call.span, v=decides, sensitive=sensitive)
    if items.open is not None:
        return unknown_of(call, items.open, "bool")
    if not unsure:
        return Lit(span=call.span, v=not decides, sensitive=sensitive)
    only = unsure[0]
    name = only.name if len(unsure) == 1 and type(only) is Unk else called(call)
    return Unk(span=call.span, doubt=doubt_of(only), name=name, kind="bool", sensitive=sensitive)


def _contains(call: Call) -> Term:
    arity(call, 2, 2)
    items, wanted = sequence(call.args[0], call), given(call.args[1], call)
    sensitive = any_marked(call.args)
    if isinstance(items, Unk):
        return unknown_of(call, items.doubt, "bool")
    unsure: list[Term] = []
    for item in items.items:
        said = equal(item, wanted)
        if said:
            return Lit(span=call.span, v=True, sensitive=sensitive)
        if said is None:
            unsure.append(item)
    if items.open is not None:
        return unknown_of(call, items.open, "bool")
    found: Term = Lit(span=call.span, v=False, sensitive=sensitive)
    # Whether `var.stage` is one of three is true under each of three premises, and false under the opposite of all.
    for item in reversed(unsure):
        found = _either(binary("==", item, wanted, call.span), found, call)
        if type(found) is Unk:
            return unknown_of(call, found.doubt, "bool")
    return found


def _either(said: Term, otherwise: Term, call: Call) -> Term:
    """True where `said` is, and what holds otherwise where it is false."""
    options = [(when, leaf if type(leaf) is not Lit or leaf.v else otherwise) for when, leaf in cases(said)]
    unsure = next((leaf for _, leaf in options if type(leaf) is Unk), None)
    return unsure if unsure is not None else alt(options, call.span)


def _index(call: Call) -> Term:
    arity(call, 2, 2)
    items, wanted = sequence(call.args[0], call, "list", "tuple"), given(call.args[1], call)
    if isinstance(items, Unk):
        return unknown_of(call, items.doubt, "number")
    for at, item in enumerate(items.items):
        said = equal(item, wanted)
        if said:
            if items.open is not None:
                return unknown_of(call, items.open, "number")
            return lit(at, call.span, bits=numbers.COUNTED, sensitive=any_marked(call.args))
        if said is None:
            return unknown_of(call, doubt_of(item if not _known(item) else wanted), "number")
    if items.open is not None:
        return unknown_of(call, items.open, "number")
    raise Wrong("it is not in the list", call.span)


def _known(term: Term) -> bool:
    try:
        plain(term)
    except NotKnown:
        return False
    return True


# -------------------------------------------------------------------------------------------------------------- choosing


def _element(call: Call) -> Term:
    arity(call, 2, 2)
    items = sequence(call.args[0], call, "list", "tuple")
    found = number(call.args[1], call)
    if isinstance(items, Unk):
        return unknown_of(call, items.doubt)
    if items.open is not None:
        return unknown_of(call, items.open)
    if isinstance(found, Unk):
        return items.items[0] if len(items.items) == 1 else unknown_of(call, found.doubt)
    at = whole_number(found, call, "the number of an item")
    if not items.items:
        raise Wrong("an empty list has no items", call.span)
    if at < 0 and at % len(items.items):
        raise Wrong("items are numbered from 0", call.span)
    return _with_mark(items.items[at % len(items.items)], items.sensitive)


def _with_mark(term: Term, sensitive: bool) -> Term:  # noqa: FBT001 - it is the mark itself
    return replace(term, sensitive=True) if sensitive and not term.sensitive else term


def _lookup(call: Call) -> Term:
    arity(call, 2, 3)
    found, key = entries(call.args[0], call), text(call.args[1], call)
    default = call.args[2] if len(call.args) == 3 else None
    if isinstance(found, Unk):
        return unknown_of(call, found.doubt)
    sensitive = found.sensitive or key.sensitive
    if default is not None and found.kind == "map" and found.entries:
        held = type_of(replace(found, open=None)).item or types.ANY
        if held.kind not in {"any", "none"}:
            default = convert(default, held, call.span)
    try:
        wanted = plain(key)
    except NotKnown as why:
        return _lookup_unknown(found, key, default, why.doubt, call)
    value = found.entries.get(wanted)
    if value is not None:
        return _with_mark(value, sensitive)
    if found.open is not None:
        return unknown_of(call, found.open)
    if default is None:
        raise Wrong(f"there is no `{wanted}` in it", call.span)
    return _with_mark(default, sensitive)


def _lookup_unknown(found: Obj, key: Term, default: Term | None, doubt: Doubt, call: Call) -> Term:
    """What an unknown key gives: each entry under the premise that it is that key."""
    name = key.name if type(key) is Unk else ""
    if is_place(name) or found.open is not None or len(found.entries) > _MAX_KEYS:
        return unknown_of(call, doubt)
    options: list[tuple[When, Term]] = []
    others: list[Premise] = []
    for word, value in found.entries.items():
        premises = premises_of(name, word, doubt)
        if premises is not None:
            options.append(((premises[0],), value))
            others.append(premises[1])
    if default is not None:
        options.append((tuple(others), default))
    if not options:
        raise Wrong("an empty map has no entries", call.span)
    return alt(options, call.span)


def _one(call: Call) -> Term:
    arity(call, 1, 1)
    items = sequence(call.args[0], call)
    if isinstance(items, Unk):
        return unknown_of(call, items.doubt)
    if len(items.items) > 1 and (items.kind != "set" or not _may_coincide(items)):
        raise Wrong("`one` takes a list of at most one item", call.span)
    if items.open is not None or len(items.items) > 1:
        return unknown_of(call, items.open or doubt_of(items))
    if not items.items:
        return Lit(span=call.span, v=None, sensitive=items.sensitive)
    return _with_mark(items.items[0], items.sensitive)


def _coalesce(call: Call) -> Term:
    arity(call, 1)
    together = unify([type_of(term) for term in call.args])
    if together is None and any(map(is_null, call.args)):
        together = types.ANY
    if together is None:
        raise Wrong("the arguments of `coalesce` have no type in common", call.span)
    sensitive = any(term.sensitive for term in call.args)
    args = [convert(term, together, call.span) for term in call.args]
    options: list[tuple[When, Term]] = []
    before: list[Premise] = []
    for term in args:
        empty = _is_empty(term)
        if empty:
            continue
        if empty is None:
            name = _coalesced_name(term)
            if is_place(name):
                return unknown_of(call, doubt_of(term), "string" if together.kind == "string" else "")
            holds = Premise(f"{name} is set", f"`{name}` is set", f"`{name}` is not set", unread=unread(doubt_of(term)))
            options.append(((*before, holds), _with_mark(term, sensitive)))
            before.append(holds.negated())
            continue
        options.append((tuple(before), _with_mark(term, sensitive)))
        break
    if not options:
        raise Wrong("every argument of `coalesce` is null or empty", call.span)
    return alt(options, call.span)


def _coalesced_name(term: Term) -> str:
    if type(term) is Unk:
        return term.name
    if type(term) is Txt and len(term.parts) == 1 and isinstance(term.parts[0], Hole):
        return term.parts[0].name
    return ""


def _is_empty(term: Term) -> bool | None:
    """Whether `coalesce` passes over a term: null and the empty text; None where that is not known."""
    if type(term) is Lit:
        return term.v is None or term.v == ""
    if type(term) is Unk:
        return False if term.plain else None
    if type(term) is Txt:
        sure = any(
            (isinstance(p, str) and p) or isinstance(p, Ref) or (isinstance(p, Hole) and p.plain) for p in term.parts
        )
        return False if sure else None
    return False


def _coalesce_list(call: Call) -> Term:
    arity(call, 1)
    lists = [sequence(term, call, "list", "tuple") for term in call.args]
    sensitive = any(term.sensitive for term in call.args)
    for found in lists:
        if isinstance(found, Unk):
            return unknown_of(call, found.doubt, "list")
        if found.items:
            return _with_mark(found, sensitive)
        if found.open is not None:
            return unknown_of(call, found.open, "list")
    raise Wrong("every argument of `coalescelist` is empty", call.span)


# -------------------------------------------------------------------------------------------------------- making lists


def _concat(call: Call) -> Term:
    arity(call, 1)
    lists = [sequence(term, call, "list", "tuple") for term in call.args]
    sensitive = any(term.sensitive for term in call.args)
    items: list[Term] = []
    opened: Doubt | None = None
    for found in lists:
        if isinstance(found, Unk):
            opened = opened or found.doubt
        else:
            items += found.items
            opened = opened or found.open
    if len(items) > MAX_ITEMS:
        raise NotKnown(TOO_MANY)
    made = Seq(span=call.span, items=tuple(items), open=opened, sensitive=sensitive)
    if all(isinstance(found, Seq) and found.kind == "list" for found in lists):
        return convert(made, list_of(), call.span)
    return made


def _flatten(call: Call) -> Term:
    arity(call, 1, 1)
    found = sequence(call.args[0], call)
    if isinstance(found, Unk):
        return unknown_of(call, found.doubt, "list")
    items: list[Term] = []
    opened = _flat(found, items)
    return Seq(span=call.span, items=tuple(items), open=opened, sensitive=found.sensitive)


def _flat(found: Seq, into: list[Term]) -> Doubt | None:
    opened = found.open
    for item in found.items:
        if type(item) is Seq:
            opened = _flat(item, into) or opened
        elif type(item) is Unk and item.kind in {"", "list", "set"}:
            opened = opened or item.doubt
        else:
            into.append(item)
    if len(into) > MAX_ITEMS:
        raise NotKnown(TOO_MANY)
    return opened


def _compact(call: Call) -> Term:
    arity(call, 1, 1)
    found = texts(call.args[0], call)
    if isinstance(found, Unk):
        return unknown_of(call, found.doubt, "list")
    kept: list[Term] = []
    opened = found.open
    for item in found.items:
        empty = _is_empty(item)
        if empty is None:
            opened = opened or doubt_of(item)  # it is in the list, or it is empty and is not
        elif not empty:
            kept.append(item)
    return made_list(kept, call, opened, sensitive=any_marked(call.args))


def _distinct(call: Call) -> Term:
    arity(call, 1, 1)
    found = convert(given(call.args[0], call), list_of(), call.span)
    if type(found) is not Seq:
        return unknown_of(call, doubt_of(found), "list")
    kept: dict[object, Term] = {}
    for item in found.items:
        kept.setdefault(types.identity(item), item)
    return made_list(kept.values(), call, found.open, sensitive=any_marked(call.args))


def _reverse(call: Call) -> Term:
    arity(call, 1, 1)
    found = sequence(call.args[0], call)
    if isinstance(found, Unk):
        return unknown_of(call, found.doubt, "list")
    kind = "list" if found.kind == "set" else found.kind
    return replace(found, span=call.span, items=found.items[::-1], kind=kind)


def _slice(call: Call) -> Term:
    arity(call, 3, 3)
    found = sequence(call.args[0], call, "list", "tuple")
    if isinstance(found, Unk):
        return unknown_of(call, found.doubt, "list")
    start, end = whole_number(call.args[1], call, "where it starts"), whole_number(call.args[2], call, "where it ends")
    if start < 0 or end < start:
        raise Wrong("a slice starts at an item and ends at a later one", call.span)
    if found.open is not None:
        return unknown_of(call, found.open, "list")
    if end > len(found.items):
        raise Wrong(f"a list of {len(found.items)} has no items up to {end}", call.span)
    return replace(found, span=call.span, items=found.items[start:end])


def _chunk_list(call: Call) -> Term:
    arity(call, 2, 2)
    found = convert(given(call.args[0], call), list_of(), call.span)
    size = whole_number(call.args[1], call, "how long a part is")
    if size < 0:
        raise Wrong("a part can't be shorter than nothing", call.span)
    if type(found) is not Seq:
        return unknown_of(call, doubt_of(found), "list")
    if found.open is not None:
        return unknown_of(call, found.open, "list")
    step = size or max(len(found.items), 1)
    parts = [made_list(found.items[at : at + step], call) for at in range(0, len(found.items), step)]
    return made_list(parts, call, sensitive=found.sensitive)


def _sort(call: Call) -> Term:
    arity(call, 1, 1)
    found = texts(call.args[0], call)
    if isinstance(found, Unk):
        return unknown_of(call, found.doubt, "list")
    known: list[tuple[str, Term]] = []
    unknown: list[Term] = []
    for item in found.items:
        if is_null(item):
            raise Wrong("`sort` takes no null", call.span)
        try:
            known.append((plain(item), item))
        except NotKnown:
            unknown.append(item)
    known.sort(key=lambda pair: pair[0])
    opened = found.open
    if unknown and len(found.items) > 1:
        # What is in it is known, but not where: an open list says nothing of places.
        opened = opened or doubt_of(unknown[0])
    return made_list((*(item for _, item in known), *unknown), call, opened, sensitive=any_marked(call.args))


def _range(call: Call) -> Term:
    arity(call, 1, 3)
    terms = [number(term, call) for term in call.args]
    given_: list[numbers.Number] = []
    for term in terms:
        if isinstance(term, Unk):
            return unknown_of(call, term.doubt, "list")
        if isinstance(term.v, str | bool) or term.v is None:
            raise Wrong("`range` takes numbers", call.span)
        given_.append(term.v)
    start, end = (0, given_[0]) if len(given_) == 1 else (given_[0], given_[1])
    step = given_[2] if len(given_) == 3 else -1 if end < start else 1
    if start == end:
        return made_list((), call, sensitive=any_marked(call.args))
    if step == 0 or (step > 0 and end < start) or (step < 0 and end > start):
        raise Wrong("the step does not lead from the start to the end", call.span)
    items: list[Term] = []
    at = start
    while (at < end) if step > 0 else (at > end):
        if len(items) >= 1024:
            raise Wrong("`range` makes no more than 1024 numbers", call.span)
        items.append(lit(at, call.span))
        at, _ = numbers.add(at, numbers.BITS, step, numbers.BITS)
    return made_list(items, call, sensitive=any_marked(call.args))


def _match_keys(call: Call) -> Term:
    arity(call, 3, 3)
    values, keys, wanted = (convert(given(term, call), list_of(), call.span) for term in call.args)
    for found in (values, keys, wanted):
        if type(found) is not Seq:
            return unknown_of(call, doubt_of(found), "list")
    if type(values) is not Seq or type(keys) is not Seq or type(wanted) is not Seq:
        raise Wrong("`matchkeys` takes lists", call.span)
    opened = values.open or keys.open
    if opened is None and len(values.items) != len(keys.items):
        raise Wrong("there are not as many keys as values", call.span)
    # Keys and what is searched for are compared as one type.
    together = unify([type_of(keys), type_of(wanted)])
    if together is None:
        raise Wrong("the keys and what is searched for have no type in common", call.span)
    if together.kind == "list":
        keys, wanted = convert(keys, together, call.span), convert(wanted, together, call.span)
    if opened is not None or type(keys) is not Seq or type(wanted) is not Seq:
        return made_list((), call, opened, sensitive=any_marked(call.args))
    kept: list[Term] = []
    doubt: Doubt | None = None
    members = _Members(wanted)
    for value, key in zip(values.items, keys.items, strict=True):
        said = members.has(key)
        if said:
            kept.append(value)
        elif said is None:
            doubt = doubt or wanted.open or doubt_of(key if not _known(key) else wanted)
    return made_list(kept, call, doubt, sensitive=any_marked(call.args))


class _Members:
    """What a list holds, for asking many times."""

    def __init__(self, found: Seq) -> None:
        self._known: set[object] = set()
        self._unknown: list[Term] = []
        self._open = found.open
        for item in found.items:
            known, key = types.identity(item)
            self._known.add((known, key))
            if not known:
                self._unknown.append(item)

    def has(self, term: Term) -> bool | None:
        """Whether a term of the items' type is among them."""
        known, key = types.identity(term)
        if (known, key) in self._known:
            return True
        if self._open is not None or (not known and self._known):
            return None
        return None if any(equal(term, item) is not False for item in self._unknown) else False


# ------------------------------------------------------------------------------------------------------------------- sets


def _sets(call: Call) -> list[Seq | Unk]:
    """The arguments as sets of one type."""
    arity(call, 1)
    found = [convert(given(term, call), set_of(), call.span) for term in call.args]
    together = unify([type_of(term) for term in found])
    if together is None:
        raise Wrong("the sets have no type in common", call.span)
    kept: list[Seq | Unk] = []
    for term in found:
        one = convert(term, together, call.span) if together.kind == "set" else term
        if type(one) is Seq or type(one) is Unk:
            kept.append(one)
    return kept


def _set(items: Iterable[Term], call: Call, opened: Doubt | None) -> Term:
    return Seq(span=call.span, items=types.in_set(items), kind="set", open=opened, sensitive=any_marked(call.args))


def _set_union(call: Call) -> Term:
    items: list[Term] = []
    opened: Doubt | None = None
    for found in _sets(call):
        if isinstance(found, Unk):
            opened = opened or found.doubt
        else:
            items += found.items
            opened = opened or found.open
    return _set(items, call, opened)


def _set_intersection(call: Call) -> Term:
    first, *others = _sets(call)
    if isinstance(first, Unk):
        empty = any(isinstance(other, Seq) and not other.items and other.open is None for other in others)
        return _set((), call, None) if empty else unknown_of(call, first.doubt, "set")
    items, opened = first.items, first.open
    for other in others:
        if isinstance(other, Unk):
            items, opened = (), opened or other.doubt
            continue
        kept: list[Term] = []
        doubt: Doubt | None = None
        members = _Members(other)
        for item in items:
            said = members.has(item)
            if said:
                kept.append(item)
            elif said is None:
                doubt = doubt or other.open or doubt_of(item if not _known(item) else other)
        if not other.items and other.open is None:
            opened = None
        items, opened = tuple(kept), opened or doubt
    return _set(items, call, opened)


def _set_subtract(call: Call) -> Term:
    arity(call, 2, 2)
    first, second = _sets(call)
    if isinstance(first, Unk):
        return unknown_of(call, first.doubt, "set")
    if isinstance(second, Unk):
        return _set((), call, second.doubt if first.items or first.open is not None else None)
    kept: list[Term] = []
    doubt = first.open
    members = _Members(second)
    for item in first.items:
        said = members.has(item)
        if said is None:
            doubt = doubt or second.open or doubt_of(item if not _known(item) else second)
        elif not said:
            kept.append(item)
    return _set(kept, call, doubt)


def _set_product(call: Call) -> Term:
    arity(call, 2)
    found = [sequence(term, call) for term in call.args]
    columns: list[tuple[Term, ...]] = []
    opened: Doubt | None = None
    for one in found:
        items: tuple[Term, ...] = ()
        if isinstance(one, Seq):
            converted = convert(one, set_of() if one.kind == "set" else list_of(), call.span)
            items = converted.items if type(converted) is Seq else ()
        opened = opened or (one.doubt if isinstance(one, Unk) else one.open)
        columns.append(items)
    if any(isinstance(one, Seq) and not one.items and one.open is None for one in found):
        opened = None  # nothing times whatever
    size = prod(map(len, columns))
    if size > MAX_ITEMS:
        raise NotKnown(TOO_MANY)
    rows = [Seq(span=call.span, items=row) for row in product(*columns)] if size else []
    kind = "set" if any(isinstance(one, Seq) and one.kind == "set" for one in found) else "list"
    sensitive = any(term.sensitive for term in call.args)
    if kind == "set":
        return Seq(span=call.span, items=types.in_set(rows), kind="set", open=opened, sensitive=sensitive)
    return made_list(rows, call, opened, sensitive=sensitive)


_BY_NAME: dict[str, Function] = {
    "alltrue": spread(_all_true),
    "anytrue": spread(_any_true),
    "chunklist": _chunk_list,
    "coalesce": _coalesce,
    "coalescelist": _coalesce_list,
    "compact": spread(_compact, keeps=True),
    "concat": _concat,
    "contains": spread(_contains),
    "distinct": spread(_distinct, keeps=True),
    "element": _element,
    "flatten": spread(_flatten, keeps=True),
    "index": spread(_index),
    "length": _length,
    "lookup": _lookup,
    "matchkeys": spread(_match_keys),
    "one": _one,
    "range": _range,
    "reverse": _reverse,
    "setintersection": spread(_set_intersection),
    "setproduct": spread(_set_product),
    "setsubtract": spread(_set_subtract),
    "setunion": spread(_set_union, keeps=True),
    "slice": _slice,
    "sort": spread(_sort, keeps=True),
}

FUNCTIONS: dict[str, Function] = {name: marking(function) for name, function in _BY_NAME.items()}
