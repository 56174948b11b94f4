"""The first versions of the AWS provider for Terraform that take what the fixes write.

Facts from the provider's changelog; `provenance()` says which came from elsewhere. What is not held was known to version 3.0
already, or nothing is known of it.
"""

from functools import cache

from msgspec import Struct

from stockade.knowledge._data import Provenance, read_json
from stockade.knowledge.terraform import Version, parsed


class Need(Struct, frozen=True, forbid_unknown_fields=True):
    """What needs a version of the provider.

    Attributes:
        type: the resource type.
        argument: its argument or nested block.
        version: the first version that takes it.
        value: the value of the argument that needs the version; "" for the argument itself.
        later: the first version is a later one than that, and which is not known.
    """

    type: str
    argument: str
    version: str
    value: str = ""
    later: bool = False


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    needs: tuple[Need, ...]


@cache
def _file() -> _File:
    return read_json("terraform_provider.json", _File)


@cache
def _by_place() -> dict[tuple[str, str, str], Need]:
    return {(need.type, need.argument, need.value): need for need in _file().needs}


def provenance() -> Provenance:
    """Where this comes from, and as of when."""
    return _file().provenance


def is_met_below(need_: Need, high: Version, *, inclusive: bool) -> bool:
    """Whether a version below a bound may meet a need; `inclusive`: or that of the bound itself."""
    version = parsed(need_.version)
    return version < high or (version == high and inclusive and not need_.later)


def need(type_: str, argument: str, value: str = "") -> Need | None:
    """What an argument with a value needs, if a version of the provider from 3.0 on did not take it."""
    known = _by_place()
    return known.get((type_, argument, value)) or known.get((type_, argument, ""))
