"""The operators (https://developer.hashicorp.com/terraform/language/expressions/operators, 1.11, as of 2026-11-28).

They get terms that are no `Alt` at the top; the evaluator goes through the cases. A comparison may make cases of its own:
whether `var.stage` is `prod` is true under the premise that it is, and false under the other.

Where one side decides, the other one need not be known: `false && x` is false for every x that Terraform would accept, though
Terraform itself says so only once x is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from stockade.inputs.terraform import numbers
from stockade.inputs.terraform.terms import (
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
    children,
    doubt_of,
    in_full,
    joined,
    json_parts,
    plain,
    scalar_text,
    unread,
)
from stockade.inputs.terraform.types import BOOL, NUMBER, convert, truths
from stockade.model.value import Doubt, Hole, Premise
from stockade.patterns import regex

if TYPE_CHECKING:
    from stockade.text.document import Span

_ARITHMETIC: dict[str, Callable[[numbers.Number, int, numbers.Number, int], tuple[numbers.Number, int]]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.remainder,
}
_INFINITE = Doubt("it is a division by zero, which Terraform takes for infinity", "divide by something else", "limit")
# What stands for an unknown that nobody gave a name is called by its place.
_PLACE = regex(r":[0-9]+(\[\])?$")


def binary(op: str, left: Term, right: Term, span: Span) -> Term:
    """`left op right`."""
    if op in {"==", "!="}:
        return _equality(left, right, span, negated=op == "!=")
    if op in {"&&", "||"}:
        return _logic(left, right, span, decides=op == "||")
    a, b = _operand(left, NUMBER, span), _operand(right, NUMBER, span)
    sensitive = left.sensitive or right.sensitive
    compares = op in {"<", "<=", ">", ">="}
    if type(a) is Lit and type(b) is Lit:
        x, y = a.v, b.v
        if isinstance(x, bool | str) or isinstance(y, bool | str) or x is None or y is None:
            raise Wrong("a number is wanted here", span)  # a null was refused before
        if compares:
            return Lit(span=span, v=_compared(op, numbers.compare(x, a.bits, y, b.bits)), sensitive=sensitive)
        if op == "/" and y == 0:
            if x == 0:
                raise Wrong("zero can't be divided by zero", span)
            return Unk(span=span, doubt=_INFINITE, kind="number", sensitive=sensitive)
        try:
            number, bits = _ARITHMETIC[op](x, a.bits, y, b.bits)
        except NotKnown as why:
            return Unk(span=span, doubt=why.doubt, kind="number", sensitive=sensitive)
        return Lit(span=span, v=number, bits=bits, sensitive=sensitive)
    doubt = doubt_of(a if type(a) is not Lit else b)
    return Unk(span=span, doubt=doubt, kind="bool" if compares else "number", sensitive=sensitive)


def unary(op: str, operand: Term, span: Span) -> Term:
    """`!operand` or `-operand`."""
    if op == "!":
        term = _operand(operand, BOOL, span)
        if type(term) is Lit:
            return Lit(span=span, v=not term.v, sensitive=term.sensitive)
        return Unk(span=span, doubt=doubt_of(term), kind="bool", sensitive=term.sensitive)
    term = _operand(operand, NUMBER, span)
    if type(term) is Lit and term.v is not None and not isinstance(term.v, bool | str):
        return Lit(span=span, v=numbers.negated(term.v), bits=term.bits, sensitive=term.sensitive)
    return Unk(span=span, doubt=doubt_of(term), kind="number", sensitive=term.sensitive)


def _operand(term: Term, wanted: object, span: Span) -> Term:
    if type(term) is Lit and term.v is None:
        raise Wrong("null can't be reckoned with", span)
    return convert(term, NUMBER if wanted is NUMBER else BOOL, span)


def _compared(op: str, how: int) -> bool:
    if op == "<":
        return how < 0
    if op == "<=":
        return how <= 0
    return how > 0 if op == ">" else how >= 0


def _logic(left: Term, right: Term, span: Span, *, decides: bool) -> Term:
    a, b = _operand(left, BOOL, span), _operand(right, BOOL, span)
    sensitive = left.sensitive or right.sensitive
    if (type(a) is Lit and a.v is decides) or (type(b) is Lit and b.v is decides):
        return Lit(span=span, v=decides, sensitive=sensitive)
    if type(a) is Lit and type(b) is Lit:
        return Lit(span=span, v=not decides, sensitive=sensitive)
    rest = b if type(a) is Lit else a
    name = rest.name if type(rest) is Unk and (type(a) is Lit or type(b) is Lit) else ""
    return Unk(span=span, doubt=doubt_of(rest), name=name, kind="bool", sensitive=sensitive)


# ------------------------------------------------------------------------------------------------------------------ equality


def _equality(left: Term, right: Term, span: Span, *, negated: bool) -> Term:
    sensitive = is_marked(left) or is_marked(right)
    said = equal(left, right)
    if said is not None:
        return Lit(span=span, v=said is not negated, sensitive=sensitive)
    premises = _premises(left, right) or _premises(right, left)
    if premises is None:
        doubt = doubt_of(left if _unsure(left) else right)
        return Unk(span=span, doubt=doubt, kind="bool", sensitive=sensitive)
    holds, fails = premises
    yes = Lit(span=span, v=not negated, sensitive=sensitive)
    no = Lit(span=span, v=negated, sensitive=sensitive)
    return alt([((holds,), yes), ((fails,), no)], span)


def is_marked(term: Term) -> bool:
    """Whether a term or anything inside of it is sensitive."""
    if term.sensitive:
        return True
    if type(term) is Lit:
        return False
    if type(term) is Alt:
        return any(is_marked(leaf) for _, leaf in term.options)
    return any(is_marked(child) for child in children(term))


def _unsure(term: Term) -> bool:
    try:
        plain(term)
    except NotKnown:
        return True
    return False


def _premises(term: Term, other: Term) -> tuple[Premise, Premise] | None:
    """The premises that an unknown is what it is compared with, and that it is not; None where it has no name."""
    if type(other) is not Lit:
        return None
    if type(term) is Unk:
        return premises_of(term.name, other.v, term.doubt)
    if type(term) is not Txt or not isinstance(other.v, str):
        return None
    # A text with one hole: what then stands in it.
    parts = joined(seen_through(term.parts))
    holes = [p for p in parts if not isinstance(p, str)]
    if len(holes) != 1 or not isinstance(holes[0], Hole):
        return None
    at = parts.index(holes[0])
    before, after = "".join(map(str, parts[:at])), "".join(map(str, parts[at + 1 :]))
    return premises_of(holes[0].name, other.v[len(before) : len(other.v) - len(after)], holes[0].doubt)


def is_place(name: str) -> bool:
    """Whether a name only says where the unknown stands: nobody would know it by that."""
    return not name or _PLACE.search(name) is not None


def premises_of(name: str, v: object, doubt: Doubt) -> tuple[Premise, Premise] | None:
    """The premises that what has a name is this scalar, and that it is not; None for what only has a place."""
    if is_place(name):
        return None
    if isinstance(v, bool):
        holds, fails = truths(name, doubt)
        return (holds, fails) if v else (fails, holds)
    text = scalar_text(v)
    if text is None:
        premise = Premise(name, f"`{name}` is null", f"`{name}` is not null", "null", unread=unread(doubt))
    else:
        said = text or '""'
        premise = Premise(name, f"`{name}` is {said}", f"`{name}` is not {said}", text, unread=unread(doubt))
    return premise, premise.negated()


def equal(left: Term, right: Term) -> bool | None:
    """Whether two terms are equal as Terraform sees it; None where that is not known.

    Values of different types never are: `1 == "1"` is false, and so is `[] == tolist([])`.
    """
    return _equal(left, right, {})


# What was compared of objects that are evaluated when asked for, by their numbers, with the objects, which so keep them.
_Compared: TypeAlias = "dict[tuple[int, int], tuple[Term, Term, bool | None]]"


def _equal(left: Term, right: Term, compared: _Compared) -> bool | None:
    if type(left) is Lit and type(right) is Lit:
        return _same_scalar(left, right)
    if (type(left) is Lazy or type(right) is Lazy) and not _is_null(left) and not _is_null(right):
        return _same_in_full(in_full(left), in_full(right), compared)
    if type(left) is Alt or type(right) is Alt:
        lefts = [leaf for _, leaf in left.options] if type(left) is Alt else [left]
        rights = [leaf for _, leaf in right.options] if type(right) is Alt else [right]
        answers = {_equal(a, b, compared) for a in lefts for b in rights}
        return answers.pop() if len(answers) == 1 else None
    one, other = (left, right) if type(left) is Unk else (right, left)
    if type(one) is Unk:
        return _with_unknown(one, other)
    if _is_null(left) or _is_null(right):
        return None if _may_be_null(right if _is_null(left) else left) else False
    if type(left) is Seq and type(right) is Seq:
        return _same_items(left, right, compared)
    if type(left) is Obj and type(right) is Obj:
        return _same_entries(left, right, compared)
    if type(left) is Json and type(right) is Json:
        said = _equal(left.inner, right.inner, compared)
        if said:
            return True
    parts, others = _parts(left), _parts(right)
    if parts is None or others is None:
        return False
    return _same_text(parts, others)


def _same_in_full(left: Term, right: Term, compared: _Compared) -> bool | None:
    known = compared.get((id(left), id(right)))
    if known is None:
        known = compared[id(left), id(right)] = left, right, _equal(left, right, compared)
    return known[2]


def _may_be_null(term: Term) -> bool:
    """Whether it is an attribute of which only an apply will tell whether there is such a value."""
    if type(term) is not Txt or len(term.parts) != 1:
        return False
    only = term.parts[0]
    return isinstance(only, Ref) and only.behind is not None and type(only.behind()) is Unk


def _is_null(term: Term) -> bool:
    return type(term) is Lit and term.v is None


def _same_scalar(left: Lit, right: Lit) -> bool:
    a, b = left.v, right.v
    if a is None or b is None or isinstance(a, str | bool) or isinstance(b, str | bool):
        return type(a) is type(b) and a == b
    if isinstance(a, int) and isinstance(b, int):
        return numbers.compare(a, left.bits, b, right.bits) == 0
    return a == b  # others are equal that are shown alike


def _with_unknown(unknown: Unk, other: Term) -> bool | None:
    if type(other) is Unk:
        if unknown.name and unknown.name == other.name and unknown.kind == other.kind:
            return True
        return False if _kinds_differ(unknown.kind, other.kind) else None
    if type(other) is Lit:
        v = other.v
        if v is None:
            return None if not unknown.plain else False
        if isinstance(v, str) and unknown.plain and (not v or re.search(r"[*?:]", v)):
            return False
        return False if _kinds_differ(unknown.kind, _kind_of(v)) else None
    if type(other) is Seq:
        return False if _kinds_differ(unknown.kind, "list" if other.kind == "tuple" else other.kind) else None
    if type(other) is Obj:
        return False if _kinds_differ(unknown.kind, other.kind) else None
    if type(other) is Lazy:
        return None
    return False if _kinds_differ(unknown.kind, "string") else None


def _kinds_differ(a: str, b: str) -> bool:
    return bool(a and b and a != b)


def _kind_of(v: object) -> str:
    if isinstance(v, str):
        return "string"
    return "bool" if isinstance(v, bool) else "number"


def _same_items(left: Seq, right: Seq, compared: _Compared) -> bool | None:
    if left.kind != right.kind:
        return False
    whole = left.open is None and right.open is None
    if left.kind == "set":
        return _same_sets(left, right, compared) if whole else None
    if len(left.items) != len(right.items):
        shorter = left if len(left.items) < len(right.items) else right
        if shorter.open is None:
            return False
    answers = [_equal(a, b, compared) for a, b in zip(left.items, right.items, strict=False)]
    if False in answers:
        return False
    return True if whole and None not in answers else None


def _same_sets(left: Seq, right: Seq, compared: _Compared) -> bool | None:
    rest = list(right.items)
    sure = True
    for item in left.items:
        answers = [_equal(item, other, compared) for other in rest]
        if True in answers:
            rest.pop(answers.index(True))
        elif None in answers:
            sure = False
        else:
            return False
    if not sure:
        return None
    return not rest


def _same_entries(left: Obj, right: Obj, compared: _Compared) -> bool | None:
    if left.kind != right.kind:
        return False
    for a, b in ((left, right), (right, left)):
        if b.open is None and not a.entries.keys() <= b.entries.keys():
            return False
    shared = left.entries.keys() & right.entries.keys()
    answers = [_equal(left.entries[key], right.entries[key], compared) for key in shared]
    if False in answers:
        return False
    return True if None not in answers and left.open is None and right.open is None else None


# --------------------------------------------------------------------------------------------------------------------- texts


def _parts(term: Term) -> tuple[TxtPart, ...] | None:
    """The parts of a text; None for what is none."""
    if type(term) is Txt:
        return joined(seen_through(term.parts))
    if type(term) is Lit and isinstance(term.v, str):
        return (term.v,) if term.v else ()
    if type(term) is Json:
        return json_parts(term.inner)
    return None


def seen_through(parts: tuple[TxtPart, ...]) -> list[TxtPart]:
    """The parts of a text, with what a resource states in the place of each reference to it."""
    found: list[TxtPart] = []
    for part in parts:
        behind = part.behind() if isinstance(part, Ref) and part.behind is not None else None
        if type(behind) is Lit and isinstance(behind.v, str):
            found.append(behind.v)
        elif type(behind) is Txt:
            found += seen_through(behind.parts)
        else:
            found.append(part)
    return found


def _same_text(left: tuple[TxtPart, ...], right: tuple[TxtPart, ...]) -> bool | None:
    if len(left) == len(right) and all(map(_same_part, left, right)):
        return True
    if all(isinstance(p, str) for p in (*left, *right)):
        return False  # both are known, and were not the same
    for parts, other in ((left, right), (right, left)):
        if all(isinstance(p, str) for p in other):
            return None if _could_be(parts, "".join(map(str, other))) else False
    # Both end at places that are not known: their literal ends must agree.
    a, b = _end(left, 0), _end(right, 0)
    if not (a.startswith(b) or b.startswith(a)):
        return False
    a, b = _end(left, -1), _end(right, -1)
    return None if a.endswith(b) or b.endswith(a) else False


def _end(parts: tuple[TxtPart, ...], at: int) -> str:
    part = parts[at] if parts else ""
    return part if isinstance(part, str) else ""


def _same_part(a: TxtPart, b: TxtPart) -> bool:
    if isinstance(a, Ref) and isinstance(b, Ref):
        return a.reference.target == b.reference.target and a.reference.attribute == b.reference.attribute
    if isinstance(a, Hole) and isinstance(b, Hole):
        return a.name == b.name
    return isinstance(a, str) and a == b


def _could_be(parts: tuple[TxtPart, ...], text: str) -> bool:
    """Whether a text with parts that are not known could be this one."""
    if sum(not isinstance(p, str) for p in parts) <= 2:
        return _pattern(tuple(map(_part_pattern, parts))).fullmatch(text) is not None
    # With more of them a pattern may take long; what is written must be there in its order.
    start, end = _end(parts, 0), _end(parts, -1)
    if not text.startswith(start) or not text.endswith(end) or len(start) + len(end) > len(text):
        return False
    at, stop = len(start), len(text) - len(end)
    for part in parts[bool(start) : len(parts) - bool(end)]:
        if isinstance(part, str):
            at = text.find(part, at, stop)
            if at < 0:
                return False
            at += len(part)
    return True


def _part_pattern(part: TxtPart) -> str:
    if isinstance(part, str):
        return re.escape(part)
    if isinstance(part, Hole) and not part.plain:
        return ".*"
    return "[^*?:]+" if isinstance(part, Hole) else "[^*?]+"


@lru_cache(maxsize=256)
def _pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("".join(parts), re.DOTALL)
