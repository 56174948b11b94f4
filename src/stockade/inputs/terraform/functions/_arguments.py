"""What the functions have in common: how arguments are taken, and how unknown parts of them are told on.

Most functions want plain data: `pure` makes a `Function` of one in Python. What it can't have as plain data makes the result
unknown, with the argument's doubt. Functions that say more about arguments known in part use the rest of this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from stockade.inputs.terraform import numbers
from stockade.inputs.terraform.functions import Call, Function
from stockade.inputs.terraform.limits import TooMuch
from stockade.inputs.terraform.operators import is_marked, is_place
from stockade.inputs.terraform.terms import (
    MOST_PARTS,
    Alt,
    Json,
    Lazy,
    Lit,
    NotKnown,
    Obj,
    Ref,
    Seq,
    Term,
    Txt,
    TxtPart,
    Unk,
    Wrong,
    alt,
    cases,
    children,
    each_case,
    in_full,
    json_text,
    plain,
    scalar_text,
    text_parts,
)
from stockade.inputs.terraform.types import LIST_OF_STRINGS, NUMBER, STRING, Type, UnkKind, convert
from stockade.model.value import Doubt, Hole
from stockade.text.document import Span

MAX_TEXT = 5_000_000  # characters; a longer text is not made
MAX_ITEMS = 100_000  # what a function makes has no more items
TOO_MANY = Doubt("it has too many items", "", "limit")
TOO_LONG = Doubt("the text is too long", "", "limit")
_SHORT = 60
_LARGEST = 2**63 - 1


# ------------------------------------------------------------------------------------------------------- pure functions


def pure(
    make: Callable[..., Any],
    takes: tuple[Type, ...],
    gives: UnkKind,
    *,
    rest: Type | None = None,
    bits: int = numbers.BITS,
) -> Function:
    """A function of plain data: `takes` are its parameters, `rest` is that of any further arguments.

    `make` returns plain data, and raises Wrong (the place is added) and NotKnown.
    """
    least = len(takes)

    def run(call: Call) -> Term:
        args = call.args
        if len(args) < least or (len(args) > least and rest is None):
            raise Wrong(f"`{call.name}` takes {_count(least, more=rest is not None)}", call.span)
        given: list[Any] = []
        sensitive = False
        try:
            for index, term in enumerate(args):
                wanted = takes[index] if index < least else rest or STRING
                if type(term) is Lit and wanted is STRING and type(term.v) is str:
                    given.append(term.v)
                else:
                    given.append(data(term, wanted, call))
                sensitive = sensitive or is_marked(term)
            made = make(*given)
        except NotKnown as why:
            return Unk(span=call.span, doubt=why.doubt, name=called(call), kind=gives, sensitive=any_marked(args))
        except Wrong as wrong:
            if wrong.span is None:
                wrong.span = call.span
            raise
        if isinstance(made, list):
            return Seq(
                span=call.span,
                items=tuple(lit(item, call.span, sensitive=sensitive) for item in made),
                kind="list",
                sensitive=sensitive,
            )
        return lit(made, call.span, sensitive=sensitive, bits=bits)

    return run


def _count(least: int, *, more: bool) -> str:
    words = f"{least} argument" + ("" if least == 1 else "s")
    return f"at least {words}" if more else words


def data(term: Term, wanted: Type, call: Call) -> Any:  # noqa: ANN401 - plain data
    """An argument as plain data of a type; null is refused."""
    found = plain(convert(term, wanted, term.span))
    if found is None:
        raise Wrong(f"`{call.name}` takes no null", call.span)
    return found


def lit(v: Any, span: Span, *, sensitive: bool = False, bits: int = numbers.BITS) -> Lit:  # noqa: ANN401 - a scalar
    """A known scalar; texts are normalised as Terraform normalises all of them."""
    if type(v) is str and not v.isascii():
        v = normal(v)
    return Lit(span=span, v=v, sensitive=sensitive, bits=bits)


def normal(text: str) -> str:
    """A text in Unicode's normal form C."""
    if text.isascii():
        return text
    import unicodedata

    return unicodedata.normalize("NFC", text)


def whole(v: int | Decimal, what: str) -> int:
    """A number that has to be whole."""
    if not isinstance(v, int) or abs(v) > _LARGEST:
        raise Wrong(f"{what} must be a whole number")
    return v


# ------------------------------------------------------------------------------------------------------------ arguments


def arity(call: Call, least: int, most: int | None = None) -> None:
    """Raises Wrong unless there are so many arguments."""
    if len(call.args) < least or (most is not None and len(call.args) > most):
        raise Wrong(f"`{call.name}` takes {_count(least, more=most is None or most > least)}", call.span)


def given(term: Term, call: Call) -> Term:
    """An argument that must not be null, with a resource or module taken as the object that it is."""
    if type(term) is Lit and term.v is None:
        raise Wrong(f"`{call.name}` takes no null", call.span)
    return in_full(term)


def settled(term: Term, call: Call) -> Term:
    """An argument of which all is needed, with everything evaluated that waits to be asked for.

    What it refers to twice is the same object twice: a few modules can so say more than fits anywhere. Raises TooMuch.
    """
    if type(term) is Lit or type(term) is Txt:
        return term
    known: dict[int, tuple[Term, Term, int]] = {}  # what was gone through, what became of it, and its size

    def settle(of: Term) -> tuple[Term, int]:
        if type(of) is not Seq and type(of) is not Obj and type(of) is not Lazy and type(of) is not Alt:
            return of, 1
        found = in_full(of)
        before = known.get(id(found))
        if before is not None:
            return before[1], before[2]
        size = 1
        made: list[Term] = []
        for inner in _inside(found):
            own, more = settle(inner)
            made.append(own)
            size += more
            if size > MOST_PARTS:
                raise TooMuch("its value is too large", call.span)
        result = _with(found, made)
        known[id(found)] = found, result, size
        return result, size

    return settle(term)[0]


def _inside(term: Term) -> Iterable[Term]:
    if type(term) is Obj:
        return term.entries.values()
    if type(term) is Seq:
        return term.items
    return (leaf for _, leaf in cases(term)) if type(term) is Alt else ()


def _with(term: Term, inside: list[Term]) -> Term:
    if type(term) is Obj:
        return replace(term, entries=dict(zip(term.entries, inside, strict=True)))
    if type(term) is Seq:
        return replace(term, items=tuple(inside))
    return alt([(when, one) for (when, _), one in zip(cases(term), inside, strict=True)], term.span)


def text(term: Term, call: Call) -> Term:
    """An argument as a text: `Lit`, `Txt`, `Json` or `Unk`."""
    return convert(given(term, call), STRING, call.span)


def number(term: Term, call: Call) -> Lit | Unk:
    """An argument as a number."""
    found = convert(given(term, call), NUMBER, call.span)
    if type(found) is Lit or type(found) is Unk:
        return found
    raise Wrong(f"`{call.name}` takes a number here", call.span)


def whole_number(term: Term, call: Call, what: str) -> int:
    """An argument as a whole number; raises NotKnown where it is not known."""
    found = number(term, call)
    if isinstance(found, Unk):
        raise NotKnown(found.doubt)
    if isinstance(found.v, bool) or not isinstance(found.v, int) or abs(found.v) > _LARGEST:
        raise Wrong(f"{what} must be a whole number", call.span)
    return found.v


def texts(term: Term, call: Call) -> Seq | Unk:
    """An argument as a list of texts."""
    found = convert(given(term, call), LIST_OF_STRINGS, call.span)
    if type(found) is Seq or type(found) is Unk:
        return found
    raise Wrong(f"`{call.name}` takes a list here", call.span)


def sequence(term: Term, call: Call, *kinds: str) -> Seq | Unk:
    """An argument as a tuple, list or set, of these kinds; any if none are named."""
    found = given(term, call)
    if type(found) is Seq and (not kinds or found.kind in kinds):
        return found
    if type(found) is Unk and (not found.kind or found.kind in {"list", "set"}):
        return found
    raise Wrong(f"`{call.name}` takes a {' or '.join(kinds or ('list', 'set'))} here", call.span)


def entries(term: Term, call: Call) -> Obj | Unk:
    """An argument as an object or map."""
    found = given(term, call)
    if type(found) is Obj or (type(found) is Unk and found.kind in {"", "map", "object"}):
        return found
    raise Wrong(f"`{call.name}` takes a map or object here", call.span)


def unknown_of(call: Call, doubt: Doubt, kind: UnkKind = "", *, sensitive: bool | None = None) -> Unk:
    """The unknown result of a call."""
    marked = any_marked(call.args) if sensitive is None else sensitive
    return Unk(span=call.span, doubt=doubt, name=called(call), kind=kind, sensitive=marked)


# ---------------------------------------------------------------------------------------------------------------- names


def called(call: Call) -> str:
    """A name for what a call gives: the same for the same arguments. Empty where an argument has none."""
    words: list[str] = []
    for term in call.args:
        word = _word(term)
        if not word:
            return ""
        words.append(word)
    found = f"{call.name}({', '.join(words)})" if words else ""
    return found if len(found) <= 2 * _SHORT else ""


def _word(term: Term) -> str:
    if type(term) is Lit:
        if isinstance(term.v, str):
            return json_text(term.v) if len(term.v) <= _SHORT else ""
        return scalar_text(term.v) or "null"
    if type(term) is Unk:
        return "" if is_place(term.name) else term.name
    if type(term) is not Txt:
        return ""
    parts: list[str] = []
    for part in term.parts:
        if isinstance(part, str):
            parts.append(json_text(part)[1:-1])
        elif isinstance(part, Ref):
            parts.append(f"${{{part.reference.shown}}}")
        elif is_place(part.name):
            return ""
        else:
            parts.append(f"${{{part.name}}}")
    return '"' + "".join(parts) + '"' if sum(map(len, parts)) <= _SHORT else ""


def hole(name: str, part: Hole | Ref, *, plain_too: bool = False) -> Hole:
    """What a function makes of an unknown part of a text."""
    if isinstance(part, Hole):
        return Hole(name, part.doubt, part.plain and plain_too)
    return Hole(name, Doubt(f"`{part.reference.shown}` is known only after apply", cause="reference"))


def part_name(part: Hole | Ref) -> str:
    """What an unknown part of a text is called."""
    return part.name if isinstance(part, Hole) else part.reference.shown


# ---------------------------------------------------------------------------------------------------------- sensitivity


def any_marked(terms: Iterable[Term]) -> bool:
    """Whether anything in these terms is sensitive."""
    return any(map(is_marked, terms))


def marked(term: Term, sensitive: bool) -> Term:  # noqa: FBT001 - it is the mark itself
    """The term with the mark, and all that is in it."""
    if type(term) is Seq:
        return replace(term, items=tuple(marked(item, sensitive) for item in term.items), sensitive=sensitive)
    if type(term) is Obj:
        inner = {key: marked(value, sensitive) for key, value in term.entries.items()}
        return replace(term, entries=inner, sensitive=sensitive)
    if type(term) is Json:
        return replace(term, inner=marked(term.inner, sensitive), sensitive=sensitive)
    if type(term) is Alt:
        options = tuple((when, marked(leaf, sensitive)) for when, leaf in term.options)
        return replace(term, options=options, sensitive=sensitive)
    return term if term.sensitive is sensitive else replace(term, sensitive=sensitive)


# ---------------------------------------------------------------------------------------------------------------- cases


def spread(function: Function, *, deep: bool = False, keeps: bool = False) -> Function:
    """The function for each combination of what the items of its arguments may be.

    `deep`: of what is inside of objects too. `keeps`: what is known of a list stays in the result whatever else is in it, so
    that with too many combinations the items that depend on nothing are still told, and the result is open.
    """

    def run(call: Call) -> Term:
        if not any(has_alt(term, deep=deep) for term in call.args):
            return function(call)
        lifted = tuple(lift(term, call.span, deep=deep) for term in call.args)
        result = each_case(lifted, call.span, lambda got: function(replace(call, args=got)))
        if keeps and type(result) is Unk and result.doubt.cause == "conditions":
            return function(replace(call, args=tuple(_without_alts(term) for term in call.args)))
        return result

    return run


def has_alt(term: Term, *, deep: bool) -> bool:
    """Whether an item of a list (`deep`: anything inside of a term) depends on conditions."""
    if type(term) is Lit:
        return False
    if type(term) is Seq or (deep and type(term) in (Obj, Json)):
        return any(has_alt(child, deep=deep) for child in children(term))
    return type(term) is Alt


def lift(term: Term, span: Span, *, deep: bool) -> Term:
    """The same with its conditions at the top."""
    if type(term) is Alt or not has_alt(term, deep=deep):
        return term
    if type(term) is Seq:
        seq = term
        items = tuple(lift(item, span, deep=deep) for item in seq.items)
        return each_case(items, span, lambda got: replace(seq, items=got))
    if type(term) is Obj:
        obj = term
        values = tuple(lift(value, span, deep=deep) for value in obj.entries.values())
        return each_case(values, span, lambda got: replace(obj, entries=dict(zip(obj.entries, got, strict=True))))
    if type(term) is Json:
        json = term
        return each_case((lift(json.inner, span, deep=deep),), span, lambda got: replace(json, inner=got[0]))
    return term


_CONDITIONS = Doubt("it depends on too many conditions at once", cause="conditions")


def _without_alts(term: Term) -> Term:
    if type(term) is not Seq or not has_alt(term, deep=False):
        return term
    kept = tuple(_without_alts(item) for item in term.items if type(item) is not Alt)
    left_out = len(kept) < len(term.items)
    return replace(term, items=kept, open=term.open or (_CONDITIONS if left_out else None))


# ------------------------------------------------------------------------------------------------------ parts of a text


def parts_of(term: Term) -> tuple[TxtPart, ...]:
    """The parts of a text."""
    return text_parts(term)


def never_in(part: Hole | Ref) -> str:
    """Characters that an unknown part of a text surely does not hold.

    What AWS identifies a resource by holds neither wildcards nor white space, whatever else it may hold.
    """
    if isinstance(part, Ref):
        return "*? \t\r\n"
    return "*?: \t\r\n" if part.plain else ""


def marking(function: Function) -> Function:
    """A function whose result is sensitive with all that is in it, so that what is taken out of it stays so."""

    def run(call: Call) -> Term:
        made = function(call)
        return marked(made, sensitive=True) if made.sensitive and type(made) in (Seq, Obj) else made

    return run


def made_list(items: Iterable[Term], call: Call, opened: Doubt | None = None, *, sensitive: bool = False) -> Seq:
    found = tuple(items)
    if len(found) > MAX_ITEMS:
        raise NotKnown(TOO_MANY)
    return Seq(span=call.span, items=found, kind="list", open=opened, sensitive=sensitive)
