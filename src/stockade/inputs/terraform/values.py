"""From terms to values of the model."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from stockade.inputs.terraform.places import Places
from stockade.inputs.terraform.terms import (
    Alt,
    Json,
    Lit,
    NotKnown,
    Ref,
    Term,
    Txt,
    TxtPart,
    Unk,
    joined,
    json_parts,
    json_text,
    plain,
    scalar_text,
)
from stockade.model.value import Default, Doubt, Hole, Known, OneOf, Part, Text, Unknown, Value
from stockade.text.document import Span


def value_of(term: Term, places: Places, place: Span, key_span: Span | None = None) -> Value[Any]:
    """A term as a value of the model; `place` is the expression that it was written as, `key_span` the name before it."""
    if type(term) is Alt:
        options = tuple((when, value_of(leaf, places, place, key_span)) for when, leaf in term.options)
        return OneOf(options=options, origin=places.origin(place, place, key_span))
    origin = places.origin(term.span, place, key_span, hidden=term.sensitive)
    if type(term) is Lit:
        if term.v is None:
            return Default(v=None, origin=origin)
        return Known(v=float(term.v) if isinstance(term.v, Decimal) else term.v, origin=origin)
    if type(term) is Txt:
        return Text(parts=tuple(_part(p) for p in joined(term.parts)), origin=origin)
    if type(term) is Json:
        try:
            return Known(v=json_text(plain(term.inner)), origin=origin)
        except NotKnown:
            return Text(parts=tuple(_part(p) for p in json_parts(term.inner)), origin=origin)
    if type(term) is Unk:
        if term.plain or term.name.startswith("{{"):
            return Text(parts=(Hole(term.name, term.doubt, term.plain),), origin=origin)
        return Unknown(doubt=term.doubt, name=term.name, origin=origin)
    doubt = Doubt("a collection stands where a single value belongs", "correct it", "wrong shape")
    return Unknown(doubt=doubt, origin=origin)


def _part(part: TxtPart) -> Part:
    return part.reference if isinstance(part, Ref) else part


def text(value: Value[Any]) -> Value[Any]:
    """The value as a text, as Terraform converts it."""
    if isinstance(value, Known):
        if isinstance(value.v, str):
            return value
        shown = scalar_text(Decimal(str(value.v)) if isinstance(value.v, float) else value.v)
        return Known(v=shown, origin=value.origin)
    if isinstance(value, OneOf):
        return OneOf(options=tuple((w, text(v)) for w, v in value.options), origin=value.origin)
    return value
