"""Whether something is stated, where "not stated" is the fault."""

from __future__ import annotations

from typing import Any

from stockade.model.app import Resource
from stockade.model.places import is_terraform
from stockade.model.value import Tri, Value


def is_missing(resource: Resource, value: Value[Any]) -> Tri:
    """Whether a field of a resource is not stated. What a variable of Terraform holds, of which nothing is known, may be null."""
    missing = ~value.is_set()
    return missing | (value.is_null() & ~value.reads(".+")) if is_terraform(resource) else missing
