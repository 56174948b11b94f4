"""Values and lists of which another one holds where premises do not."""

from __future__ import annotations

from functools import cache
from typing import Any

from msgspec.structs import replace

from stockade.model.app import EnvVar
from stockade.model.policy import Statement, Statements, given_statements, joined
from stockade.model.value import Default, Known, OneOf, Relation, Value, When, conjoin, one_of, otherwise, unset

NOTHING: Value[Any] = unset(None, "")


def under(when: When, value: Value[Any]) -> Value[Any]:
    """A member of a list that is there only under premises: elsewhere it is nothing."""
    if not when:
        return value
    return either(when, value, Default(v=None, origin=value.origin))


def either(when: When, value: Value[Any], other: Value[Any]) -> Value[Any]:
    """One value under premises, and another one where they do not hold."""
    if not when:
        return value
    options = [(both, leaf) for inner, leaf in value.leaves() if (both := conjoin(when, inner)) is not None]
    for rest in otherwise(when):
        options += [(both, leaf) for inner, leaf in other.leaves() if (both := conjoin(rest, inner)) is not None]
    return one_of(options, value.origin)


def as_unset(value: Value[Any], *nothing: object, default: Value[Any] = NOTHING) -> Value[Any]:
    """The value with the default instead of what says that nothing is set (an empty text, a limit of -1)."""
    if isinstance(value, Known | Default):
        if not any(type(value.v) is type(n) and value.v == n for n in nothing):
            return value
        return Default(v=default.v, origin=value.origin) if isinstance(default, Default) else default
    if isinstance(value, OneOf):
        options = [(when, as_unset(leaf, *nothing, default=default)) for when, leaf in value.leaves()]
        return one_of(options, value.origin)
    return value


def beside(exists: When, when: When) -> When | None:
    """Premises without those under which one is there anyway; None where they contradict them."""
    if conjoin(exists, when) is None:
        return None
    return tuple(premise for premise in when if not any(premise.same(own) for own in exists))


def joined_lists(when: When, own: Relation[Any], before: Relation[Any] | None) -> Relation[Any]:
    """The members of a list that another resource states; what was there before holds where that is not there."""
    if isinstance(own, Statements):
        documents = [given_statements(when, own)]
        if isinstance(before, Statements) and when:
            documents += [given_statements(other, before) for other in otherwise(when)]
        return joined(
            [s for document in documents for s in document],
            [d for document in documents for d in document.gaps],
            documents,
        )
    items = [_member(when, item) for item in own]
    gaps = list(own.gaps)
    if before is not None and when:
        items += [_member(other, item) for other in otherwise(when) for item in before]
        gaps += before.gaps
    kept = tuple(item for item in items if item is not None)
    return Relation(kept, complete=own.complete and (before is None or not when or before.complete), gaps=tuple(gaps))


def _member(when: When, item: Any) -> Any:  # noqa: ANN401 - a value, or a record with premises
    if not when:
        return item
    if isinstance(item, Statement | EnvVar):
        both = conjoin(when, item.exists)
        return None if both is None else replace(item, exists=both)
    return under(when, item)


@cache
def _defaults(makes: Any) -> dict[str, Any]:  # noqa: ANN401 - a kind
    names = makes.__struct_fields__
    values = makes.__struct_defaults__
    return dict(zip(names[len(names) - len(values) :], values, strict=True))


def default_of(makes: Any, name: str) -> Value[Any]:  # noqa: ANN401 - a kind, which mypy does not take to be hashable
    """What the model holds for a field that nobody wrote."""
    found: Value[Any] = _defaults(makes).get(name, NOTHING)
    return found
