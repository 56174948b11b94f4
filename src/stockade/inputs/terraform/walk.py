"""Ways into an evaluated block: what stands at a path of it, in each of its cases.

A nested block is a `Seq` of `Obj`; a JSON configuration writes an `Obj` in its place, and some attributes hold a document
as a text, which is gone into as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from stockade.inputs.terraform.documents import decode
from stockade.inputs.terraform.terms import Alt, Lit, Obj, Seq, Term, Unk, cases, doubt_of, in_full, is_null
from stockade.model.value import Doubt, When, conjoin
from stockade.text.document import Span

MISPLACED = "wrong-shape"  # the cause of doubts about what can't stand where it does


class Item(Struct, frozen=True, eq=False):
    """A block inside of a resource, with the premises under which it is there; `at` is its path from the resource."""

    block: Obj
    when: When
    at: tuple[str | int, ...]


class Case(Struct, frozen=True, eq=False):
    """What stands at a path: `term` is None where nothing does. `span` and `key_span` are its place in its own block.

    `written` says that they are, rather than the block's. `null` is what says, where it is written, that nothing is set.
    """

    when: When
    term: Term | None
    span: Span
    key_span: Span | None = None
    written: bool = False
    null: Term | None = None


def misplaced(why: str) -> Doubt:
    """The doubt about something that stands where another thing belongs, which `why` names."""
    return Doubt(why, "correct it", MISPLACED)


MISPLACED_BLOCK = misplaced("a block belongs here")


def lookup(block: Obj, path: tuple[str, ...], *, every: bool = False) -> list[Case]:
    """What stands at a path of a block, once for each of its cases.

    A nested block is entered at its first one, or with `every` (and at a step `*`) at each.
    """
    at = Case((), block, block.span)
    gone = 0
    # Most steps go from one block into another one, which is one case.
    while gone < len(path) and type(at.term) is Obj and path[gone] != "*":
        at = _inside(at, at.term, path[gone])
        gone += 1
    todo = [at]
    for step in path[gone:]:
        todo = [case for at in todo for case in _step(at, step, every=every or step == "*")]
    flat: list[Case] = []
    for case in todo:
        if type(case.term) is not Alt:
            flat.append(_unless_null(case, case.term))
            continue
        for inner, leaf in case.term.options:
            both = conjoin(case.when, inner)
            if both is not None:
                flat.append(_unless_null(replace(case, when=both, term=leaf), leaf))
    return flat


def _unless_null(case: Case, term: Term | None) -> Case:
    if term is None or not is_null(term):
        return case
    return replace(case, term=None, null=term if case.written else None)


def _step(at: Case, step: str, *, every: bool) -> Iterator[Case]:
    if at.term is None:
        yield at
        return
    for inner, term in cases(at.term):
        when = conjoin(at.when, inner)
        if when is not None:
            yield from _enter(Case(when, term, at.span, at.key_span), in_full(term), step, every=every)


def _enter(at: Case, term: Term, step: str, *, every: bool) -> Iterator[Case]:
    if type(term) is Seq:
        yield from _enter_list(at, term, step, every=every)
    elif type(term) is Obj:
        yield from _enter_block(at, term, step)
    elif type(term) is Lit and (term.v is None or term.v == ""):
        yield replace(at, term=None)
    elif (inside := decode(term)) is not None:
        yield from _enter(at, inside, step, every=every)
    else:
        doubt = MISPLACED_BLOCK if type(term) is Lit else doubt_of(term)
        yield replace(at, term=Unk(span=term.span, doubt=doubt))


def _enter_list(at: Case, term: Seq, step: str, *, every: bool) -> Iterator[Case]:
    if step.isdigit():
        index = int(step)
        yield replace(at, term=term.items[index] if index < len(term.items) else _unknown_rest(term))
        return
    if not term.items:
        yield replace(at, term=_unknown_rest(term))
    for item in term.items if every else term.items[:1]:
        case = replace(at, term=item)
        if step == "*":
            yield case
        else:
            yield from _step(case, step, every=every)
    if every and term.items and term.open is not None:
        yield replace(at, term=_unknown_rest(term))


def _enter_block(at: Case, term: Obj, step: str) -> Iterator[Case]:
    if step == "*":
        for key, value in term.entries.items():
            yield Case(at.when, value, term.places.get(key, at.span), term.keys.get(key), key in term.places)
    else:
        yield _inside(at, term, step)


def _inside(at: Case, term: Obj, step: str) -> Case:
    if step in term.entries:
        own = term.places.get(step)
        return Case(at.when, term.entries[step], own or at.span, term.keys.get(step, at.key_span), own is not None)
    if step == "0":  # an object where a list of blocks could stand: JSON configurations write one so
        return replace(at, term=term)
    return replace(at, term=_unknown_rest(term), written=False)


def _unknown_rest(term: Seq | Obj) -> Term | None:
    return None if term.open is None else Unk(span=term.span, doubt=term.open)


def open_at(block: Obj, *path: str) -> list[Doubt]:
    """Why there may be more blocks at a path than are known: an unknown number of them, a block not known."""
    doubts: list[Doubt] = []
    *outer, last = path
    for case in lookup(block, tuple(outer), every=True) if outer else [Case((), block, block.span)]:
        term = case.term
        if type(term) is Seq:
            doubts += [term.open] if term.open is not None else []
            continue
        if type(term) is Unk:
            doubts.append(term.doubt)
        if type(term) is not Obj:
            continue
        if term.open is not None and last not in term.entries:
            doubts.append(term.open)
        for _, leaf in cases(term.entries[last]) if last in term.entries else ():
            if type(leaf) is Unk:
                doubts.append(leaf.doubt)
            elif type(leaf) is Seq:
                doubts += [leaf.open] if leaf.open is not None else []
                doubts += [MISPLACED_BLOCK for item in leaf.items if _is_scalar(item)]
            elif _is_scalar(leaf):
                doubts.append(MISPLACED_BLOCK)
    return doubts


def _is_scalar(term: Term) -> bool:
    return type(term) is Lit and term.v is not None
