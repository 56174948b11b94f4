"""IAM policy documents in terms: `jsonencode({…})`, heredocs, files, data sources."""

from __future__ import annotations

from typing import Any

from stockade.inputs.terraform.choices import under
from stockade.inputs.terraform.documents import decode, fault_of
from stockade.inputs.terraform.places import Places
from stockade.inputs.terraform.terms import Lit, Obj, Seq, Term, Txt, Unk, cases, doubt_of, in_full
from stockade.inputs.terraform.values import text, value_of
from stockade.model.policy import Condition, Principal, Statement
from stockade.model.value import Doubt, Known, Relation, Value, When, conjoin
from stockade.text.document import Span

# The elements of a statement: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
_LISTS = {
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "NotResource": "not_resources",
}


def lower_statements(places: Places, document: Term, when: When = ()) -> Relation[Statement]:
    """The statements of a policy document (or of a bare list of statements)."""
    found: list[Statement] = []
    doubts: list[Doubt] = []
    for case, leaf in cases(document):
        both = conjoin(when, case)
        if both is None:
            continue
        term = in_full(decode(leaf) or leaf)
        if type(term) is Obj:
            stated = term.entries.get("Statement")
            if stated is not None:
                # A policy is shown where it is written, also if that is a data source, a local value or a file.
                _statements(places, stated, term.places.get("Statement", term.span), both, found, doubts)
            if term.open is not None:
                doubts.append(term.open)
        elif type(term) is Seq:
            _statements(places, term, term.span, both, found, doubts)
        elif type(term) is Lit and (term.v is None or not str(term.v).strip()):
            continue  # an empty text is no policy
        elif type(term) in (Unk, Txt):
            doubts.append(doubt_of(term))
        else:
            doubts.append(fault_of(leaf) or Doubt("the policy is not written as a document", "correct it", "policy"))
    return Relation(tuple(found), complete=not doubts, gaps=tuple(doubts))


def _statements(
    places: Places, term: Term, place: Span, when: When, found: list[Statement], doubts: list[Doubt]
) -> None:
    for case, option in cases(term):
        both = conjoin(when, case)
        if both is None:
            continue
        leaf = in_full(option)
        if type(leaf) is Seq:
            for item in leaf.items:
                _statements(places, item, place, both, found, doubts)
            if leaf.open is not None:
                doubts.append(leaf.open)
        elif type(leaf) is Obj:
            found.append(_statement(places, leaf, leaf.span, both))
        elif type(leaf) is Lit and leaf.v is None:
            continue
        elif type(leaf) is Lit:
            doubts.append(Doubt("a statement of the policy is not written as one", "correct it", "policy"))
        else:
            doubts.append(doubt_of(leaf))


def _statement(places: Places, term: Obj, place: Span, when: When) -> Statement:
    fields: dict[str, Any] = {}
    effect: Value[str] | None = None
    for name, value in term.entries.items():
        at, key = term.places.get(name, place), term.keys.get(name)
        if name in _LISTS:
            fields[_LISTS[name]] = _texts(places, value, at, key)
        elif name == "Effect":
            effect = text(value_of(value, places, at, key))
        elif name == "Sid":
            fields["sid"] = text(value_of(value, places, at, key))
        elif name == "Principal":
            fields["principals"] = _principals(places, value, at)
        elif name == "NotPrincipal":
            fields["not_principals"] = _principals(places, value, at)
        elif name == "Condition":
            fields["conditions"] = _conditions(places, value, at)
    origin = places.origin(term.span, place if not place.covers(term.span) else term.span)
    # A statement without an effect is refused by IAM; nothing is allowed by it.
    stated = effect if effect is not None else Known(v="", origin=origin)
    return Statement(origin=origin, effect=stated, exists=when, **fields)


def _texts(places: Places, term: Term, place: Span, key_span: Span | None) -> Relation[Value[str]]:
    found: list[Value[str]] = []
    doubts: list[Doubt] = []
    for case, option in cases(term):
        leaf = in_full(option)
        if type(leaf) is Seq:
            for item in leaf.items:
                inner = _texts(places, item, place, key_span)
                found += [under(case, value) for value in inner]
                doubts += inner.gaps
            if leaf.open is not None:
                doubts.append(leaf.open)
        elif not (type(leaf) is Lit and leaf.v is None):
            found.append(under(case, text(value_of(leaf, places, place, key_span))))
    return Relation(tuple(found), complete=not doubts, gaps=tuple(doubts))


def _principals(places: Places, term: Term, place: Span) -> Relation[Principal]:
    found: list[Principal] = []
    doubts: list[Doubt] = []
    for case, leaf in cases(term):
        if type(leaf) is Obj:
            for kind, value in leaf.entries.items():
                values = _texts(places, value, leaf.places.get(kind, place), leaf.keys.get(kind))
                doubts += values.gaps
                found += [Principal(kind, under(case, v)) for v in values]
            if leaf.open is not None:
                doubts.append(leaf.open)
        elif type(leaf) is Unk:
            doubts.append(leaf.doubt)
        else:
            found.append(Principal("*", under(case, text(value_of(leaf, places, place)))))
    return Relation(tuple(found), complete=not doubts, gaps=tuple(doubts))


def _conditions(places: Places, term: Term, place: Span) -> Relation[Condition]:
    found: list[Condition] = []
    doubts: list[Doubt] = []
    unread = Doubt("the conditions of a statement can't be read", cause="policy")
    for case, leaf in cases(term):
        if type(leaf) is not Obj:
            if not (type(leaf) is Lit and leaf.v is None):
                doubts.append(unread)
            continue
        for operator, keys in leaf.entries.items():
            for inner, entry in cases(keys):
                if type(entry) is not Obj:
                    doubts.append(unread)
                    continue
                for key, value in entry.entries.items():
                    at = entry.places.get(key, leaf.places.get(operator, place))
                    origin = places.origin(value.span, at, entry.keys.get(key))
                    found.append(Condition(operator, key, _texts(places, value, at, entry.keys.get(key)), origin))
                if inner or entry.open is not None:
                    doubts.append(
                        entry.open or Doubt("a condition of a statement depends on a variable", cause="policy")
                    )
        if case or leaf.open is not None:
            doubts.append(leaf.open or Doubt("the conditions of a statement depend on a variable", cause="policy"))
    return Relation(tuple(found), complete=not doubts, gaps=tuple(doubts))
