"""What is stated: whether anything is, where that it is not is the fault; and for messages, which of several numbers is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from stockade.model.app import LINKS, Resource
from stockade.model.places import is_terraform
from stockade.model.value import File, Origin, Relation, Tri, Value, Via, any_of, given, maybe


def is_missing(resource: Resource, value: Value[Any]) -> Tri:
    """Whether a field of a resource is not stated. What a variable of Terraform holds, of which nothing is known, may be null."""
    missing = ~value.is_set()
    return missing | (value.is_null() & ~value.reads(".+")) if is_terraform(resource) else missing


def is_left_out(resource: Resource, value: Value[Any]) -> Tri:
    """Whether a field that has to be stated is not, in what is deployed.

    A variable of Terraform's root module with an empty default is there to be given a value: what is deployed can't be told.
    """
    if not is_terraform(resource):
        return is_missing(resource, value)
    return any_of(given(when, _is_left_out(resource, leaf)) for when, leaf in value.leaves())


def _is_left_out(resource: Resource, leaf: Value[Any]) -> Tri:
    missing, default = is_missing(resource, leaf), empty_default(leaf)
    if missing.is_no or default is None or default.span is None or _call_of(resource, default) is not None:
        return missing
    name = default.input_name
    return maybe(
        f"it is what the variable `{name}` is given, whose default is empty",
        File(default.span),
        remedy=f"give it: `--var {name}=…`, or a file of values with `--var-file`",
        cause="variable",
    )


def place_of(resource: Resource, value: Value[Any]) -> Origin:
    """The place to show for a field: where it is written, be it as nothing; else the resource's own block.

    For fields whose fault is that nothing is set. Without it, the place would be that of another condition of the rule, which
    only decides whether the rule applies.
    """
    return value.origin if isinstance(value.origin, File) else resource.origin


# The files of Terraform that people write, among those in JSON.
_WRITTEN_JSON = (".tf.json", ".tofu.json", ".tfvars.json")


def is_written(resource: Resource, value: Value[Any]) -> bool:
    """For messages: whether somebody has stated a field.

    A plan, a state or a preview holds what a provider has filled in as well, which is at the resource where its configuration
    is known, and else among all the rest.
    """
    at, own = value.origin, resource.origin
    if not value.is_set().is_yes or not isinstance(at, File):
        return False
    if isinstance(own, File) and at.path == own.path and at.span.start == own.span.start:
        return False
    told = resource.type.startswith(("aws_", "aws:")) and at.path.endswith(".json")
    return not told or at.path.endswith(_WRITTEN_JSON)


def is_by_default(resource: Resource, value: Value[Any], default: object) -> Tri:
    """Whether a field has its default because nobody has stated it."""
    return any_of(
        given(when, is_missing(resource, leaf) if is_written(resource, leaf) else leaf.is_(default))
        for when, leaf in value.leaves()
    )


def empty_default(value: Value[Any]) -> Via | None:
    """The input whose empty default is why a value is not stated."""
    vias = (via for _, leaf in value.leaves() if leaf.is_set().is_no for via in leaf.origin.via)
    return next((via for via in vias if via.input_name and via.span is not None), None)


def place_of_missing(resource: Resource, values: list[Value[Any]]) -> Resource | Origin:
    """Where what is missing would be stated: the call that leaves it out, or the default; else the resource's own block."""
    for default in map(empty_default, values):
        if default is not None and default.span is not None:
            call = _call_of(resource, default)
            return File(default.span if call is None or call.span is None else call.span)
    return resource


def _call_of(resource: Resource, default: Via) -> Via | None:
    """The call of the module whose input has this default; None for one of a root module, which nothing calls."""
    at = resource.origin
    if not isinstance(at, File) or default.span is None:
        return None
    folder = _folder(at)
    for via in at.via:
        if via.is_call and via.span is not None:
            if folder == _folder(File(default.span)):
                return via
            folder = _folder(File(via.span))
    return None


def _folder(at: File) -> str:
    return at.span.doc.path.rpartition("/")[0]


def above(value: Value[int], bound: float) -> str:
    """For messages: the numbers above a bound among those that a value may be; all of it, where none is known."""
    return _some(value, lambda number: number > bound)


def below(value: Value[int], bound: int) -> str:
    """For messages: the numbers below a bound among those that a value may be; all of it, where none is known."""
    return _some(value, lambda number: number < bound)


def _some(value: Value[int], test: Callable[[int], bool]) -> str:
    known = [leaf.only() for _, leaf in value.leaves()]
    wrong = dict.fromkeys(str(number) for number in known if isinstance(number, int) and test(number))
    return " or ".join(wrong) or value.show()


def stated(record: Struct) -> Iterator[Value[Any]]:
    """Everything that a resource states."""
    for name in record.__struct_fields__:
        held = None if name in LINKS else getattr(record, name)
        for one in held if isinstance(held, Relation) else (held,):
            if isinstance(one, Value):
                yield one
            elif isinstance(one, Struct) and name in {"inline_rules", "environment", "rule", "texts"}:
                yield from stated(one)


def referred(record: Struct) -> set[str]:
    """The keys of all that a resource names."""
    return {reference.target for value in stated(record) for _, reference in value.references()}
