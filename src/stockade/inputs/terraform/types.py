"""Types: the constraints that variables state, what Terraform converts to what, and the one type of several values.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints and …/types#type-conversion, 1.11, as of
2026-11-28. A term that is not known keeps its doubt and gets the kind; a term that is known in part is converted item by item.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from decimal import Decimal
from functools import cmp_to_key
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from stockade.inputs.terraform import numbers
from stockade.inputs.terraform.terms import (
    Alt,
    Json,
    Lazy,
    Lit,
    NotKnown,
    Obj,
    Seq,
    Term,
    Txt,
    Unk,
    Wrong,
    alt,
    cases,
    each_case,
    is_null,
    plain,
    scalar_text,
    unread,
)
from stockade.model.value import Doubt, Premise, When, conjoin
from stockade.text.document import Span
from stockade.text.hcl import nodes as hcl

Kind: TypeAlias = Literal["any", "none", "string", "number", "bool", "list", "set", "map", "tuple", "object"]
UnkKind: TypeAlias = Literal["", "string", "number", "bool", "list", "set", "map", "object"]


class Type(Struct, frozen=True, eq=False):
    """A type, or a constraint: `any` in it stands for whatever the value turns out to be.

    `item` is what a list, set or map holds, `items` a tuple, `attributes` an object. `optional` names the attributes that
    may be left out, with what then holds. The type `none` is that of null and of what an empty list holds.
    """

    kind: Kind
    item: Type | None = None
    items: tuple[Type, ...] = ()
    attributes: dict[str, Type] = {}
    optional: dict[str, Term | None] = {}


ANY = Type("any")
NONE = Type("none")
STRING = Type("string")
NUMBER = Type("number")
BOOL = Type("bool")
_SIMPLE = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": ANY}
_PRIMITIVE = frozenset({"string", "number", "bool"})
_IN_ORDER = frozenset({"list", "tuple"})
_ITEMS = frozenset({"list", "set", "tuple"})


def list_of(item: Type = ANY) -> Type:
    """`list(item)`."""
    return Type("list", item)


def set_of(item: Type = ANY) -> Type:
    """`set(item)`."""
    return Type("set", item)


def map_of(item: Type = ANY) -> Type:
    """`map(item)`."""
    return Type("map", item)


LIST_OF_STRINGS = list_of(STRING)


# ------------------------------------------------------------------------------------------------------- reading constraints


def read_type(expr: hcl.Expr) -> Type:
    """The type that a constraint states; raises Wrong for what is none.

    Older configurations quote it (`"string"`), and leave out what a list or map holds (`list`, `"map"`).
    """
    if type(expr) is hcl.Paren:
        return read_type(expr.inner)
    word = expr.name if type(expr) is hcl.Name else None
    if type(expr) is hcl.Constant and isinstance(expr.value, str):
        word = expr.value.strip()
        if "(" in word and expr.inner is not None:
            from stockade.text.hcl.read import read_expression

            quoted, problems = read_expression(expr.inner.doc, expr.inner.start, expr.inner.end)
            return _refuse(expr) if problems else read_type(quoted)
    if word is not None:
        if word in _SIMPLE:
            return _SIMPLE[word]
        if word == "list":
            return list_of()
        if word == "map":
            return map_of()
    if type(expr) is hcl.Call and len(expr.args) == 1:
        return _constructed(expr)
    return _refuse(expr)


def _refuse(expr: hcl.Expr) -> Type:
    raise Wrong("it is not a type", expr.span)


def _constructed(expr: hcl.Call) -> Type:
    inner = expr.args[0]
    if expr.name in {"list", "set", "map"}:
        return Type(expr.name, read_type(inner))  # type: ignore[arg-type] # one of the three
    if expr.name == "tuple" and type(inner) is hcl.Tuple:
        return Type("tuple", items=tuple(read_type(item) for item in inner.items))
    if expr.name == "object" and type(inner) is hcl.Object:
        return _object(inner)
    return _refuse(expr)


def _object(expr: hcl.Object) -> Type:
    attributes: dict[str, Type] = {}
    optional: dict[str, Term | None] = {}
    for entry in expr.entries:
        if type(entry.key) is hcl.Name:
            name = entry.key.name
        elif type(entry.key) is hcl.Constant and isinstance(entry.key.value, str):
            name = entry.key.value
        else:
            raise Wrong("an attribute of an object has a name", entry.key.span)
        value = entry.value
        if type(value) is hcl.Call and value.name == "optional":
            if not 1 <= len(value.args) <= 2:
                raise Wrong("`optional` takes a type and what holds by default", value.span)
            attributes[name] = read_type(value.args[0])
            default = constant(value.args[1]) if len(value.args) == 2 else None
            optional[name] = convert(default, attributes[name], default.span) if default is not None else None
        else:
            attributes[name] = read_type(value)
    return Type("object", attributes=attributes, optional=optional)


def constant(expr: hcl.Expr) -> Term:
    """What an expression without names and functions is; raises Wrong for any other."""
    if type(expr) is hcl.Constant:
        return Lit(span=expr.span, v=expr.value)
    if type(expr) is hcl.Paren:
        return constant(expr.inner)
    if type(expr) is hcl.Tuple:
        return Seq(span=expr.span, items=tuple(constant(item) for item in expr.items))
    if type(expr) is hcl.Object:
        entries: dict[str, Term] = {}
        keys: dict[str, Span] = {}
        for entry in expr.entries:
            key = constant(entry.key) if type(entry.key) is not hcl.Name else Lit(span=entry.span, v=entry.key.name)
            name = scalar_text(key.v) if type(key) is Lit else None
            if name is None:
                raise Wrong("null and collections are no keys", entry.key.span)
            entries[name] = constant(entry.value)
            keys[name] = entry.key.span
        return Obj(span=expr.span, entries=entries, keys=keys)
    if type(expr) is hcl.Unary:
        from stockade.inputs.terraform.operators import unary

        return unary(expr.op, constant(expr.operand), expr.span)
    if type(expr) is hcl.Binary:
        from stockade.inputs.terraform.operators import binary

        return binary(expr.op, constant(expr.left), constant(expr.right), expr.span)
    raise Wrong("it must be a constant", expr.span)


# ------------------------------------------------------------------------------------------------------- the type of a term


def type_of(term: Term) -> Type:  # noqa: PLR0911 - one for each kind of term
    """The type of a term, as far as it is known."""
    if type(term) is Lit:
        v = term.v
        if isinstance(v, str):
            return STRING
        if v is True or v is False:
            return BOOL
        return NONE if v is None else NUMBER
    if type(term) is Seq:
        if term.kind == "tuple":
            return Type("tuple", items=tuple(type_of(item) for item in term.items)) if term.open is None else list_of()
        return Type(term.kind, _common(term.items, term.open))
    if type(term) is Obj:
        if term.kind == "object":
            if term.open is not None:
                return ANY
            return Type("object", attributes={key: type_of(value) for key, value in term.entries.items()})
        return map_of(_common(term.entries.values(), term.open))
    if type(term) is Txt or type(term) is Json:
        return STRING
    if type(term) is Unk and term.kind:
        return _SIMPLE.get(term.kind) or (ANY if term.kind == "object" else Type(term.kind, ANY))
    if type(term) is Alt:
        types = [type_of(leaf) for _, leaf in term.options]
        return types[0] if all(same(types[0], other) for other in types[1:]) else ANY
    return ANY


def _common(items: Iterable[Term], opened: Doubt | None) -> Type:
    """What a list holds: its items were made one type when it was made."""
    found = NONE
    for item in items:
        own = type_of(item)
        if own.kind == "any":
            return ANY
        if found.kind == "none" or _empty(found):
            found = own
        elif own.kind != "none" and not _empty(own) and not same(found, own):
            return ANY
    return ANY if found.kind == "none" and opened is not None else found


def _empty(t: Type) -> bool:
    return t.item is not None and t.item.kind == "none"


def same(a: Type, b: Type) -> bool:
    """Whether two types are one."""
    if a is b:
        return True
    if a.kind != b.kind or len(a.items) != len(b.items) or a.attributes.keys() != b.attributes.keys():
        return False
    if a.item is not None and b.item is not None and not same(a.item, b.item):
        return False
    return all(map(same, a.items, b.items)) and all(same(t, b.attributes[key]) for key, t in a.attributes.items())


# ------------------------------------------------------------------------------------------------------- one type of several


def unify(types: list[Type]) -> Type | None:
    """The type that values of these types are all converted to, as in a list or a condition; None where there is none.

    `any` where it depends on what is not known.
    """
    told = [t for t in types if t.kind != "none"]
    if not told:
        return NONE
    known = [t for t in told if t.kind != "any"]
    if len(known) < len(told):
        # With something unknown beside them, only one thing is sure: among texts, numbers and truth values a text wins.
        kinds = {t.kind for t in known}
        return STRING if "string" in kinds and kinds <= _PRIMITIVE else ANY
    first = told[0]
    if all(t is first or same(t, first) for t in told[1:]):
        return first
    kinds = {t.kind for t in told}
    if kinds <= {"map", "object"}:
        if kinds != {"object"}:
            together = _as_map(told)
            if together is not None or kinds == {"map"}:
                return together
        else:
            return _objects(told)
    elif kinds <= {"list", "tuple"}:
        if kinds != {"tuple"}:
            together = _as_list(told)
            if together is not None or kinds == {"list"}:
                return together
        else:
            return _tuples(told)
    elif kinds == {"set"}:
        inner = unify([t.item or ANY for t in told])
        return set_of(inner) if inner is not None else None
    for wanted in sorted(told, key=lambda t: _PREFERRED.get(t.kind, 2)):
        if all(_converts(t, wanted) for t in told):
            return wanted
    return None


_PREFERRED = {"string": 0, "list": 0, "map": 0, "set": 1}


def _as_map(types: list[Type]) -> Type | None:
    inner = [t.item for t in types if t.item is not None]
    for t in types:
        inner += t.attributes.values()
    together = unify(inner)
    return map_of(together) if together is not None else None


def _as_list(types: list[Type]) -> Type | None:
    inner = [t.item for t in types if t.item is not None]
    for t in types:
        inner += t.items
    together = unify(inner)
    return list_of(together) if together is not None else None


def _objects(types: list[Type]) -> Type | None:
    """One object type where they have the same attributes, else a map of all that they hold."""
    names = types[0].attributes
    if any(t.attributes.keys() != names.keys() for t in types):
        return _as_map(types)
    attributes: dict[str, Type] = {}
    for name in names:
        together = unify([t.attributes[name] for t in types])
        if together is None:
            return None
        attributes[name] = together
    return Type("object", attributes=attributes)


def _tuples(types: list[Type]) -> Type | None:
    """One tuple type where they have the same length, else a list of all that they hold."""
    length = len(types[0].items)
    if any(len(t.items) != length for t in types):
        return _as_list(types)
    items: list[Type] = []
    for at in range(length):
        together = unify([t.items[at] for t in types])
        if together is None:
            return None
        items.append(together)
    return Type("tuple", items=tuple(items))


def _converts(a: Type, b: Type) -> bool:
    """Whether there is a conversion at all; it may still fail for a value (a text that is no number)."""
    if a.kind in {"any", "none"} or b.kind in {"any", "none"}:
        return True
    if b.kind in _PRIMITIVE:
        return a.kind == b.kind or (a.kind in _PRIMITIVE and "string" in {a.kind, b.kind})
    if b.kind == "tuple":
        return a.kind == "tuple" and len(a.items) == len(b.items) and all(map(_converts, a.items, b.items))
    if b.kind in _ITEMS:
        return a.kind in _ITEMS and _all_convert([*a.items, *((a.item,) if a.item else ())], b.item or ANY)
    if b.kind == "map":
        inner = [*a.attributes.values(), *((a.item,) if a.item else ())]
        return a.kind in {"map", "object"} and _all_convert(inner, b.item or ANY)
    if a.kind == "map":
        return all(_converts(a.item or ANY, t) for t in b.attributes.values())
    return a.kind == "object" and all(
        key in a.attributes and _converts(a.attributes[key], t) for key, t in b.attributes.items()
    )


def _all_convert(types: list[Type], held: Type) -> bool:
    """Whether all of these can be what a collection holds; if it does not say what, they need have a type in common."""
    if held.kind in {"any", "none"}:
        return unify(types) is not None
    return all(_converts(t, held) for t in types)


# ----------------------------------------------------------------------------------------------------------------- converting


def convert(term: Term, wanted: Type, span: Span) -> Term:
    """A term converted to a type, as Terraform converts it; raises Wrong where that can't be."""
    kind = wanted.kind
    if kind in {"any", "none"}:
        return term
    if type(term) is Lit:
        return _scalar(term, wanted, span)
    if type(term) is Unk:
        return _unknown(term, wanted, span)
    if type(term) is Alt:
        return each_case((term,), span, lambda got: convert(got[0], wanted, span))
    if kind in _PRIMITIVE:
        return _text_as(term, wanted, span)
    if type(term) is Lazy:
        term = _asked(term, wanted) if kind == "object" else term.whole()
    if type(term) is Seq and kind in _ITEMS:
        return _tuple(term, wanted, span) if kind == "tuple" else _sequence(term, wanted, span)
    if type(term) is Obj:
        if kind == "map":
            return _map(term, wanted, span)
        if kind == "object":
            return _to_object(term, wanted, span)
    raise Wrong(f"a {kind} is wanted here, and it is {_a(term)}", span)


def _a(term: Term) -> str:
    kind = type_of(term).kind
    return {"any": "something else", "none": "null"}.get(kind, f"a {kind}" if kind != "object" else "an object")


def _scalar(term: Lit, wanted: Type, span: Span) -> Term:
    v, kind = term.v, wanted.kind
    if v is None:
        return term
    if kind == "string":
        if isinstance(v, str):
            return term
        return Lit(span=term.span, v=scalar_text(v), sensitive=term.sensitive)
    if kind == "number":
        if not isinstance(v, bool):
            if not isinstance(v, str):
                return term
            number = numbers.parse(v)
            if number is not None:
                return Lit(span=term.span, v=number, sensitive=term.sensitive)
        raise Wrong("a number is wanted here", span)
    if kind == "bool":
        if isinstance(v, bool):
            return term
        if isinstance(v, str) and v in _TRUTHS:
            return Lit(span=term.span, v=_TRUTHS[v], sensitive=term.sensitive)
        raise Wrong("true or false is wanted here", span)
    raise Wrong(f"a {kind} is wanted here, and it is {_a(term)}", span)


_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def _unknown(term: Unk, wanted: Type, span: Span) -> Term:
    kind = _unk_kind(wanted)
    if term.kind == kind or not kind:
        return term
    if term.kind and not _converts(_SIMPLE.get(term.kind) or Type(term.kind, ANY), wanted):
        raise Wrong(f"a {kind} is wanted here, and it is a {term.kind}", span)
    return replace(term, kind=kind)


def _unk_kind(wanted: Type) -> UnkKind:
    if wanted.kind in {"any", "none"}:
        return ""
    return "list" if wanted.kind == "tuple" else wanted.kind  # type: ignore[return-value] # the two were left out


def _text_as(term: Term, wanted: Type, span: Span) -> Term:
    """A text that is not wholly written as a text, number or truth value."""
    if type(term) is not Txt and type(term) is not Json:
        raise Wrong(f"a {wanted.kind} is wanted here, and it is {_a(term)}", span)
    if wanted.kind == "string":
        return term
    try:
        known = plain(term)
    except NotKnown as why:
        return Unk(span=term.span, doubt=why.doubt, kind=_unk_kind(wanted), sensitive=term.sensitive)
    return _scalar(Lit(span=term.span, v=known, sensitive=term.sensitive), wanted, span)


def _held(items: Iterable[Term], wanted: Type, span: Span) -> Type:
    """What the items of a list or map become: `any` is the one type of them all."""
    held = wanted.item or ANY
    if not _open(held):
        return held
    together = unify([type_of(item) for item in items])
    if together is None:
        raise Wrong("its items have no type in common", span)
    return _filled(held, together)


def _open(t: Type) -> bool:
    return (
        t.kind in {"any", "none"}
        or (t.item is not None and _open(t.item))
        or any(map(_open, t.items))
        or any(map(_open, t.attributes.values()))
    )


def _filled(constraint: Type, found: Type) -> Type:
    """A constraint with what was found in the place of `any`."""
    if constraint.kind in {"any", "none"}:
        return found
    if constraint.item is not None and constraint.kind in {"list", "set", "map"}:
        held = found.item
        if held is None and (found.items or found.attributes):
            held = unify([*found.items, *found.attributes.values()])
            if held is None:
                return constraint  # the conversion of each will say so
        return Type(constraint.kind, _filled(constraint.item, held or ANY))
    if constraint.kind == "tuple" and len(found.items) == len(constraint.items):
        return Type("tuple", items=tuple(map(_filled, constraint.items, found.items)))
    if constraint.kind == "object":
        attributes = {
            key: _filled(t, found.attributes.get(key, ANY) if found.kind == "object" else found.item or ANY)
            for key, t in constraint.attributes.items()
        }
        return Type("object", attributes=attributes, optional=constraint.optional)
    return constraint


def _sequence(term: Seq, wanted: Type, span: Span) -> Term:
    held = _held(term.items, wanted, span)
    items = term.items
    if held.kind not in {"any", "none"} and not (held is STRING and all(map(_is_text, items))):
        items = tuple(convert(item, held, span) for item in items)
    if wanted.kind == "set":
        if term.kind != "set" or items is not term.items:
            items = in_set(items)
        if any(item.sensitive for item in items):
            # A set is sensitive as a whole: what is in it could be told from the rest.
            items = tuple(item if item.sensitive else replace(item, sensitive=True) for item in items)
            return Seq(span=term.span, items=items, kind="set", open=term.open, sensitive=True)
    elif term.kind == "list" and items is term.items:
        return term
    return Seq(span=term.span, items=items, kind=wanted.kind, open=term.open, sensitive=term.sensitive)  # type: ignore[arg-type]


def _is_text(term: Term) -> bool:
    return type(term) is Lit and isinstance(term.v, str)


def _tuple(term: Seq, wanted: Type, span: Span) -> Term:
    if term.open is not None:
        return Unk(span=term.span, doubt=term.open, kind="list", sensitive=term.sensitive)
    if term.kind != "tuple" or len(term.items) != len(wanted.items):
        raise Wrong(f"a tuple of {len(wanted.items)} items is wanted here", span)
    items = tuple(convert(item, t, span) for item, t in zip(term.items, wanted.items, strict=True))
    return replace(term, items=items)


def _map(term: Obj, wanted: Type, span: Span) -> Term:
    held = _held(term.entries.values(), wanted, span)
    entries = term.entries
    if held.kind not in {"any", "none"} and not (held is STRING and all(map(_is_text, entries.values()))):
        entries = {key: convert(value, held, span) for key, value in entries.items()}
    elif term.kind == "map":
        return term
    return replace(term, entries=entries, kind="map")


def _asked(term: Lazy, wanted: Type) -> Obj:
    """Of a resource, the attributes that a type wants: also those that are known only after apply."""
    entries: dict[str, Term] = {}
    for name in wanted.attributes:
        with contextlib.suppress(Wrong):
            entries[name] = term.get(name, term.span)
    return Obj(span=term.span, entries=entries, sensitive=term.sensitive)


def _to_object(term: Obj, wanted: Type, span: Span) -> Term:
    entries: dict[str, Term] = {}
    for name, t in wanted.attributes.items():
        value = term.entries.get(name)
        if name in wanted.optional:
            if value is None and term.open is not None:
                value = Unk(span=term.span, doubt=term.open, kind=_unk_kind(t))
            elif value is None or (is_null(value) and wanted.optional[name] is not None):
                value = wanted.optional[name] or Lit(span=term.span, v=None)
            elif type(value) is Alt:
                value = _defaulted(value, wanted.optional[name], term.span)
        elif value is None:
            if term.open is None:
                raise Wrong(f"the attribute `{name}` is missing", span)
            value = Unk(span=term.span, doubt=term.open, kind=_unk_kind(t))
        entries[name] = convert(value, t, span)
    # The order is that of the constraint; nothing depends on it but what is shown.
    keys = {name: key for name, key in term.keys.items() if name in entries}
    places = {name: place for name, place in term.places.items() if name in entries}
    return Obj(span=term.span, entries=entries, keys=keys, places=places, sensitive=term.sensitive)


def _defaulted(value: Alt, default: Term | None, span: Span) -> Term:
    """A value that may be null, with the default for where it is."""
    if default is None:
        return value
    return alt([(when, default if is_null(leaf) else leaf) for when, leaf in value.options], span)


def together(terms: tuple[Term, ...], span: Span) -> tuple[Term, ...]:
    """Terms as one type, as those of the two branches of a condition become; raises Wrong where there is none."""
    wanted = unify([type_of(term) for term in terms])
    if wanted is None:
        raise Wrong("they have no type in common", span)
    return tuple(convert(term, wanted, span) for term in terms)


# -------------------------------------------------------------------------------------------------------------------- choices


def choices(term: Term) -> Term:
    """The same, but where it is a named truth value that is not known: that is true or false, each under its premise."""
    if type(term) is Unk:
        if term.kind != "bool" or not term.name:
            return term
        options: list[tuple[When, Term]] = [
            ((premise,), Lit(span=term.span, v=premise.holds, sensitive=term.sensitive))
            for premise in truths(term.name, term.doubt)
        ]
        return alt(options, term.span)
    if type(term) is not Alt:
        return term
    flat: list[tuple[When, Term]] = []
    for when, leaf in term.options:
        for inner, chosen in cases(choices(leaf)):
            both = conjoin(when, inner)
            if both is not None:
                flat.append((both, chosen))
    return alt(flat, term.span)


def truths(name: str, doubt: Doubt) -> tuple[Premise, Premise]:
    """The premises that a truth value of this name, which is not known, is true, and that it is false."""
    holds = Premise(name, f"`{name}` is true", f"`{name}` is false", unread=unread(doubt))
    return holds, holds.negated()


# ----------------------------------------------------------------------------------------------------------------------- sets


def in_set(items: Iterable[Term]) -> tuple[Term, ...]:
    """The items of a set: each once, in the order in which Terraform goes through them.

    What is not wholly known comes last, as it was; two of one name are one.
    """
    items = tuple(items)
    if all(map(_is_text, items)):
        texts = {item.v: item for item in reversed(items)}  # type: ignore[attr-defined] # all of them are Lit
        return tuple(texts[text] for text in sorted(texts))
    known: dict[object, tuple[Term, object]] = {}
    unknown: dict[object, Term] = {}
    for item in items:
        try:
            data = plain(item)
        except NotKnown:
            unknown.setdefault(_identity(item), item)
            continue
        known.setdefault(_hashed(data), (item, data))
    ordered = sorted(known.values(), key=_BY_ORDER)
    return (*(item for item, _ in ordered), *unknown.values())


def identity(term: Term) -> tuple[bool, object]:
    """Whether a term is known, and what two terms of one type have in common if they surely are the same."""
    try:
        return True, _hashed(plain(term))
    except NotKnown:
        return False, _identity(term)


def _identity(term: Term) -> object:
    if type(term) is Unk and term.name:
        return term.name
    if type(term) is Txt:
        return tuple(p if isinstance(p, str) else getattr(p, "name", None) or p.reference.shown for p in term.parts)  # type: ignore[union-attr]
    return id(term)


def _hashed(data: object) -> object:
    if data is True or data is False:
        return ("bool", data)
    if isinstance(data, list | dict):
        return ("collection", _bytes_of(data))
    return data


def _compared(a: tuple[Term, object], b: tuple[Term, object]) -> int:
    left, right = a[1], b[1]
    if left is None or right is None:
        return (left is None) - (right is None)
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if isinstance(left, int | Decimal) and isinstance(right, int | Decimal):
        return (left > right) - (left < right)
    one, other = _bytes_of(left), _bytes_of(right)
    return (one > other) - (one < other)


_BY_ORDER = cmp_to_key(_compared)


def _bytes_of(data: object) -> str:
    """What Terraform orders the collections in a set by."""
    if data is None:
        return "~"
    if isinstance(data, str):
        return quoted(data)
    if data is True or data is False:
        return "T" if data else "F"
    if isinstance(data, list):
        return "[" + "".join(_bytes_of(item) + ";" for item in data) + "]"
    if isinstance(data, dict):
        # Objects leave the names out; all that are in one set have the same, so that naming them changes no order.
        return "{" + "".join(f"{quoted(key)}:{_bytes_of(data[key])};" for key in sorted(data)) + "}"
    if isinstance(data, int | Decimal):
        return f"{float(data):.10g}" if -(10**300) < data < 10**300 else str(data)
    raise TypeError(f"{type(data)} is no plain data")


_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    '"': '\\"',
    "\\": "\\\\",
}


def quoted(text: str) -> str:
    """A text in double quotes, as Go's `%q` writes it."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
