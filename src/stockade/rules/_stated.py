"""What is stated: whether anything is, where that it is not is the fault; and for messages, which of several numbers is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stockade.model.app import Resource
from stockade.model.places import is_terraform
from stockade.model.value import Tri, Value


def is_missing(resource: Resource, value: Value[Any]) -> Tri:
    """Whether a field of a resource is not stated. What a variable of Terraform holds, of which nothing is known, may be null."""
    missing = ~value.is_set()
    return missing | (value.is_null() & ~value.reads(".+")) if is_terraform(resource) else missing


def above(value: Value[int], bound: int) -> str:
    """For messages: the numbers above a bound among those that a value may be; all of it, where none is known."""
    return _some(value, lambda number: number > bound)


def below(value: Value[int], bound: int) -> str:
    """For messages: the numbers below a bound among those that a value may be; all of it, where none is known."""
    return _some(value, lambda number: number < bound)


def _some(value: Value[int], test: Callable[[int], bool]) -> str:
    known = [leaf.only() for _, leaf in value.leaves()]
    wrong = dict.fromkeys(str(number) for number in known if isinstance(number, int) and test(number))
    return " or ".join(wrong) or value.show()
