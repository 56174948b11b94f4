"""IAM policy documents in terms (`jsonencode({…})`, heredocs, files, data sources), as trees that `stockade.iam.reader` reads."""

from __future__ import annotations

from stockade.iam.reader import read_document
from stockade.iam.written import Block, Broken, Choice, Entry, Items, Leaf, Open, Tree
from stockade.inputs.terraform.documents import decode, fault_of
from stockade.inputs.terraform.places import Places
from stockade.inputs.terraform.terms import Lit, Obj, Seq, Term, Txt, Unk, cases, doubt_of, in_full
from stockade.inputs.terraform.values import value_of
from stockade.model.policy import Statements
from stockade.model.value import Doubt, Unknown, When
from stockade.text.document import Span


def lower_statements(places: Places, document: Term, when: When = ()) -> Statements:
    """The statements of a policy document (or of a bare list of statements)."""
    return read_document(document_tree(places, document), when)


def document_tree(places: Places, document: Term) -> Tree | None:
    """A document, which may be written as a text that holds JSON."""
    options: list[tuple[When, Tree | None]] = []
    for case, leaf in cases(document):
        term = in_full(decode(leaf) or leaf)
        options.append((case, _root(places, leaf, term)))
    return _chosen(places, document, options)


def _root(places: Places, leaf: Term, term: Term) -> Tree | None:
    if type(term) is Obj or type(term) is Seq:
        # A policy is shown where it is written, also if that is a data source, a local value or a file.
        return _tree(places, term, term.span, None)
    if type(term) is Lit and (term.v is None or not str(term.v).strip()):
        return None  # an empty text is no policy
    origin = places.origin(leaf.span, leaf.span)
    fault = fault_of(leaf)
    if type(term) is Unk or (type(term) is Txt and fault is None):
        doubt = doubt_of(term)
        return Open(Unknown(doubt=doubt, origin=origin), doubt)
    return Broken(
        origin, fault or Doubt("the policy is not written as a document", "correct it", "policy"), fault is not None
    )


def _tree(places: Places, term: Term, place: Span, key: Span | None) -> Tree | None:
    found = cases(term)
    if len(found) == 1 and not found[0][0]:
        return _leaf(places, in_full(found[0][1]), place, key)
    options = [(when, _leaf(places, in_full(option), place, key)) for when, option in found]
    return _chosen(places, term, options)


def _leaf(places: Places, term: Term, place: Span, key: Span | None) -> Tree | None:
    if type(term) is Seq:
        items = tuple([_tree(places, item, place, key) for item in term.items])
        return Items(places.origin(term.span, place, key), items, term.open)
    if type(term) is Obj:
        return _block(places, term)
    if type(term) is Lit and term.v is None:
        return None
    return Leaf(value_of(term, places, place, key))


def _block(places: Places, term: Obj) -> Block:
    entries = []
    for name, value in term.entries.items():
        at, key = term.places.get(name, term.span), term.keys.get(name)
        entries.append(Entry(name, places.origin(value.span, at, key), _tree(places, value, at, key)))
    return Block(places.origin(term.span, term.span), tuple(entries), (), term.open)


def _chosen(places: Places, term: Term, options: list[tuple[When, Tree | None]]) -> Tree | None:
    if len(options) == 1 and not options[0][0]:
        return options[0][1]
    return Choice(places.origin(term.span, term.span), tuple(options))
