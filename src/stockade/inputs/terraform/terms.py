"""What Terraform's expressions evaluate to: terms, which know where they were written and may be known in part.

A term is not yet a `Value` of the model: it may be a whole object or list, which the tables of `tables/` take apart.

- `Lit`: null, a truth value, a number, a text.
- `Txt`: a text of literals, references to resources, and holes.
- `Json`: the text that encodes another term as JSON; the term is kept, so that a policy keeps its places.
- `Seq` and `Obj`: collections. `open` says why there may be more in them than is known.
- `Lazy`: an object whose attributes are evaluated when they are asked for (a resource, a module's outputs).
- `Alt`: one of several terms, each under its premises; together the premises leave nothing out.
- `Unk`: not known, with the reason.

What is wrong in a configuration (a function's argument of the wrong type, an index out of range) is raised as `Wrong`, which
`try` and `can` catch as Terraform does; elsewhere it becomes a gap at its place and an unknown value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from stockade.model.value import MAX_CASES, Doubt, Hole, Reference, When, conjoin
from stockade.text.document import Span

MOST_PARTS = 500_000  # of a value, counted as often as they are referred to
_TOO_LARGE = Doubt("its value is too large", cause="limit")

Plain: TypeAlias = "bool | int | Decimal | str | list[Plain] | dict[str, Plain] | None"


class Wrong(Exception):
    """Something in the configuration that Terraform would refuse when it evaluates it."""

    def __init__(self, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


class NotKnown(Exception):
    """A part of a term is not known, so that it can't be had as plain data."""

    def __init__(self, doubt: Doubt) -> None:
        super().__init__(doubt.why)
        self.doubt = doubt


class Term(Struct, frozen=True, eq=False, kw_only=True):
    """See the module's docstring. `span` is where it was written."""

    span: Span
    sensitive: bool = False


class Lit(Term, frozen=True, eq=False, kw_only=True):
    """A known scalar. Whole numbers are ints, others Decimals.

    `bits`: how precisely Terraform holds a number; fewer than for a written one where a function made it (`numbers.py`).
    `pieces`: the stretches of a text that a template put together, each with its place.
    """

    v: bool | int | Decimal | str | None
    bits: int = 512
    pieces: tuple[tuple[str, Span], ...] = ()


class Ref(Struct, frozen=True, eq=False):
    """A reference to a resource's attribute inside of a text.

    `behind` gives the term that the configuration states for that attribute, or None: for functions that need to look
    into it. `attribute` of `reference` is in AWS's terms ("Ref", "Arn"), `shown` as Terraform writes it.
    """

    reference: Reference
    behind: Callable[[], Term | None] | None = None


TxtPart: TypeAlias = str | Ref | Hole


class Txt(Term, frozen=True, eq=False, kw_only=True):
    """A text that is not wholly known.

    `places` has the span of each part, where they are at hand; `exact` says of a literal part that its characters stand
    there one by one.
    """

    parts: tuple[TxtPart, ...]
    places: tuple[Span | None, ...] = ()
    exact: tuple[bool, ...] = ()


class Json(Term, frozen=True, eq=False, kw_only=True):
    """The text of `inner` in JSON: as `jsonencode` writes it, or, as providers do, `ordered` as it stands and `indented`."""

    inner: Term
    ordered: bool = False
    indented: bool = False


class Seq(Term, frozen=True, eq=False, kw_only=True):
    """A tuple, list or set; the items of a set are without duplicates, in Terraform's order where they are known."""

    items: tuple[Term, ...]
    kind: Literal["tuple", "list", "set"] = "tuple"
    open: Doubt | None = None


class Obj(Term, frozen=True, eq=False, kw_only=True):
    """An object or map (`kind`), in the order written.

    `keys` has the spans of those keys that were written, and `places` those of the expressions beside them: a value that
    comes from elsewhere (`var.x`) has its own span there, and its place here.
    """

    entries: dict[str, Term]
    keys: dict[str, Span] = {}
    places: dict[str, Span] = {}
    kind: Literal["object", "map"] = "object"
    open: Doubt | None = None


class Lazy(Term, frozen=True, eq=False, kw_only=True):
    """An object whose attributes are evaluated when asked for. `get` raises Wrong for what it can't have.

    `whole` gives all of it as an `Obj` (for `jsonencode(aws_x.y)`, `keys(module.x)`, `for k, v in module.x`).
    """

    get: Callable[[str, Span], Term]
    whole: Callable[[], Obj]
    what: str  # for messages: "aws_iam_role.this"


class Alt(Term, frozen=True, eq=False, kw_only=True):
    """One of several terms; no option is itself an Alt (made by `alt`)."""

    options: tuple[tuple[When, Term], ...]


class Unk(Term, frozen=True, eq=False, kw_only=True):
    """Not known. Two of one name are the same unknown (`var.stage` of one module). `kind`: what type it has, if told.

    `plain`: if it is a text, it is non-empty and holds neither a wildcard nor a colon (a region, an account id).
    """

    doubt: Doubt
    name: str = ""
    kind: Literal["", "string", "number", "bool", "list", "set", "map", "object"] = ""
    plain: bool = False


# ---------------------------------------------------------------------------------------------------------------- cases


def cases(term: Term) -> tuple[tuple[When, Term], ...]:
    """What a term may be, each with its premises."""
    return term.options if type(term) is Alt else (((), term),)


def alt(options: list[tuple[When, Term]], span: Span) -> Term:
    """One term out of several under premises: flat, and a single one without premises is itself."""
    flat: list[tuple[When, Term]] = []
    for when, term in options:
        for inner, leaf in cases(term):
            both = conjoin(when, inner)
            if both is not None:
                flat.append((both, leaf))
    if len(flat) == 1:
        return flat[0][1]
    if not flat or len(flat) > MAX_CASES:
        return Unk(span=span, doubt=Doubt("it depends on too many conditions at once", cause="conditions"))
    first = flat[0][1]
    if type(first) is Lit and all(type(t) is Lit and t.v == first.v and type(t.v) is type(first.v) for _, t in flat):
        return first
    return Alt(span=span, options=tuple(flat))


def each_case(terms: tuple[Term, ...], span: Span, make: Callable[[tuple[Term, ...]], Term]) -> Term:
    """`make` of the terms, for each combination of what they may be. A combination that is Wrong is left out.

    Raises the last Wrong if every combination is.
    """
    if not any(type(t) is Alt for t in terms):
        return make(terms)
    combined: list[tuple[When, tuple[Term, ...]]] = [((), ())]
    for term in terms:
        longer: list[tuple[When, tuple[Term, ...]]] = []
        for when, chosen in combined:
            for inner, leaf in cases(term):
                both = conjoin(when, inner)
                if both is not None:
                    longer.append((both, (*chosen, leaf)))
        if len(longer) > MAX_CASES:
            return Unk(span=span, doubt=Doubt("it depends on too many conditions at once", cause="conditions"))
        combined = longer
    made: list[tuple[When, Term]] = []
    wrong: Wrong | None = None
    for when, chosen in combined:
        try:
            made.append((when, make(chosen)))
        except Wrong as error:
            wrong = error
    if not made and wrong is not None:
        raise wrong
    return alt(made, span)


def in_full(term: Term) -> Term:
    """A term that has its attributes at hand: all of an object that is evaluated when asked."""
    return term.whole() if type(term) is Lazy else term


# ----------------------------------------------------------------------------------------------------------- plain data


def plain(term: Term) -> Any:  # noqa: ANN401 - plain data
    """A term as plain data: None, bool, int, Decimal, str, list, dict. Raises NotKnown where a part is not known.

    A reference counts as known where the configuration states what it refers to.
    """
    return _plain(term, [MOST_PARTS])


def _plain(term: Term, left: list[int]) -> Any:  # noqa: ANN401 - plain data
    """As `plain`, for so many parts that are left: what is evaluated when asked for may have more than fits anywhere."""
    if type(term) is Lit:
        return term.v
    if type(term) is Seq:
        if term.open is not None:
            raise NotKnown(term.open)
        left[0] -= len(term.items)
        return [_plain(item, left) for item in term.items]
    if type(term) is Obj:
        if term.open is not None:
            raise NotKnown(term.open)
        left[0] -= len(term.entries)
        return {key: _plain(value, left) for key, value in term.entries.items()}
    if type(term) is Json:
        return json_text(_plain(term.inner, left), ordered=term.ordered, indented=term.indented)
    if type(term) is Txt:
        return "".join(_plain_part(part) for part in term.parts)
    if type(term) is Lazy:
        if left[0] < 0:
            raise NotKnown(_TOO_LARGE)
        return _plain(term.whole(), left)
    raise NotKnown(doubt_of(term))


def _plain_part(part: TxtPart) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Ref):
        behind = part.behind() if part.behind is not None else None
        if behind is not None:
            found = plain(behind)
            if isinstance(found, str):
                return found
        raise NotKnown(Doubt(f"`{part.reference.shown}` is known only after apply", cause="reference"))
    raise NotKnown(part.doubt)


def from_plain(data: Plain, span: Span, *, sensitive: bool = False) -> Term:
    """Plain data as a term that was all written at one place."""
    if isinstance(data, list):
        items = tuple(from_plain(item, span, sensitive=sensitive) for item in data)
        return Seq(span=span, items=items, sensitive=sensitive)
    if isinstance(data, dict):
        entries = {key: from_plain(value, span, sensitive=sensitive) for key, value in data.items()}
        return Obj(span=span, entries=entries, sensitive=sensitive)
    return Lit(span=span, v=data, sensitive=sensitive)


def doubt_of(term: Term) -> Doubt:
    """Why a term is not wholly known."""
    if type(term) is Unk:
        return term.doubt
    if type(term) is Alt:
        return Doubt("it depends on a condition", cause="conditions")
    if type(term) is Txt:
        for part in term.parts:
            if isinstance(part, Hole):
                return part.doubt
        shown = next((p.reference.shown for p in term.parts if isinstance(p, Ref)), "it")
        return Doubt(f"`{shown}` is known only after apply", cause="reference")
    for child in children(term):
        if not is_known(child):
            return doubt_of(child)
    opened = getattr(term, "open", None)
    return opened if opened is not None else Doubt("it is not known", cause="unresolved")


def unread(doubt: Doubt) -> Doubt | None:
    """The doubt, if it is about a module that is not at hand: what that decides is for nobody to give."""
    return doubt if doubt.cause == "module" else None


def children(term: Term) -> Iterator[Term]:
    """The terms right inside of a term."""
    if type(term) is Seq:
        yield from term.items
    elif type(term) is Obj:
        yield from term.entries.values()
    elif type(term) is Json:
        yield term.inner


def is_known(term: Term) -> bool:
    """Whether it can be had as plain data."""
    try:
        plain(term)
    except NotKnown:
        return False
    return True


def is_null(term: Term) -> bool:
    """Whether it is known to be null."""
    return type(term) is Lit and term.v is None


def unknown(why: str, span: Span, *, cause: str = "unresolved", remedy: str = "", name: str = "") -> Unk:
    """An unknown term."""
    return Unk(span=span, doubt=Doubt(why, remedy, cause), name=name)


# ----------------------------------------------------------------------------------------------------------------- texts


def number_text(v: int | Decimal) -> str:
    """A number as Terraform writes it into a text."""
    if isinstance(v, int):
        return str(v)
    text = format(v, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def scalar_text(v: object) -> str | None:
    """A scalar as Terraform converts it to a text; None for null and collections."""
    if isinstance(v, str):
        return v
    if v is True or v is False:
        return "true" if v else "false"
    if isinstance(v, int | Decimal):
        return number_text(v)
    return None


_JSON_ESCAPED = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def json_text(data: Any, *, ordered: bool = False, indented: bool = False) -> str:  # noqa: ANN401 - plain data
    """What `jsonencode` makes of plain data: sorted keys, no white space, and `<`, `>`, `&` escaped.

    `ordered` keeps the keys as they stand, `indented` puts each on a line, as the text of policy documents is made.
    """
    import json

    try:
        found: str = json.dumps(
            data,
            sort_keys=not ordered,
            separators=(",", ": ") if indented else (",", ":"),
            indent=2 if indented else None,
            ensure_ascii=False,
        )
    except TypeError:  # there is a Decimal in it, which has more digits than a float
        found = _json_with_decimals(data)
    return found.translate(_JSON_ESCAPED)


def _json_with_decimals(data: Any) -> str:  # noqa: ANN401 - plain data
    import json

    if isinstance(data, Decimal):
        return number_text(data)
    if isinstance(data, list):
        return f"[{','.join(map(_json_with_decimals, data))}]"
    if isinstance(data, dict):
        pairs = (f"{json.dumps(key, ensure_ascii=False)}:{_json_with_decimals(data[key])}" for key in sorted(data))
        return f"{{{','.join(pairs)}}}"
    return json.dumps(data, ensure_ascii=False)


def text_parts(term: Term) -> tuple[TxtPart, ...]:
    """The parts of a term as a text; raises Wrong for what has no text, and NotKnown for an Alt."""
    if type(term) is Txt:
        return term.parts
    if type(term) is Lit:
        text = scalar_text(term.v)
        if text is None:
            raise Wrong("null can't be part of a text", term.span)
        return (text,)
    if type(term) is Json:
        return json_parts(term.inner)
    if type(term) is Unk:
        return (Hole(term.name or f"{term.span.doc.path}:{term.span.start}", term.doubt, term.plain),)
    if type(term) is Alt:
        raise NotKnown(doubt_of(term))
    raise Wrong("a collection can't be part of a text", term.span)


def json_parts(term: Term) -> tuple[TxtPart, ...]:
    """The text of a term in JSON, with the parts that are not known."""
    try:
        return (json_text(plain(term)),)
    except NotKnown:
        pass
    pieces: list[TxtPart] = []
    _json_into(term, pieces, [MOST_PARTS])
    return joined(pieces)


def _json_into(term: Term, into: list[TxtPart], left: list[int]) -> None:
    left[0] -= 1
    if type(term) is Seq:
        into.append("[")
        for index, item in enumerate(term.items):
            if index:
                into.append(",")
            _json_into(item, into, left)
        if term.open is not None:
            into.append(Hole(f"rest of {term.span.doc.path}:{term.span.start}", term.open))
        into.append("]")
    elif type(term) is Obj:
        into.append("{")
        for index, key in enumerate(sorted(term.entries)):
            if index:
                into.append(",")
            into.append(json_text(key) + ":")
            _json_into(term.entries[key], into, left)
        if term.open is not None:
            into.append(Hole(f"rest of {term.span.doc.path}:{term.span.start}", term.open))
        into.append("}")
    elif type(term) is Lazy and left[0] < 0:
        into.append(Hole(term.what, _TOO_LARGE))
    elif type(term) is Lazy:
        _json_into(term.whole(), into, left)
    elif type(term) is Txt:
        into.append('"')
        into += [json_text(p)[1:-1] if isinstance(p, str) else p for p in term.parts]
        into.append('"')
    elif type(term) is Json:
        into.append('"')
        into += [json_text(p)[1:-1] if isinstance(p, str) else p for p in json_parts(term.inner)]
        into.append('"')
    elif type(term) is Lit:
        into.append(json_text(term.v))
    else:
        into.append(Hole(getattr(term, "name", "") or f"{term.span.doc.path}:{term.span.start}", doubt_of(term)))


def joined(pieces: list[TxtPart] | tuple[TxtPart, ...]) -> tuple[TxtPart, ...]:
    """Parts of a text with neighbouring literals put together and empty ones left out."""
    found: list[TxtPart] = []
    for piece in pieces:
        if isinstance(piece, str):
            if not piece:
                continue
            if found and isinstance(found[-1], str):
                found[-1] += piece
                continue
        found.append(piece)
    return tuple(found)


def text_of(pieces: list[TxtPart] | tuple[TxtPart, ...], span: Span, *, sensitive: bool = False) -> Term:
    """A text out of parts: a `Lit` where all of it is known."""
    parts = joined(pieces)
    if not parts:
        return Lit(span=span, v="", sensitive=sensitive)
    if len(parts) == 1 and isinstance(parts[0], str):
        return Lit(span=span, v=parts[0], sensitive=sensitive)
    return Txt(span=span, parts=parts, sensitive=sensitive)
