"""What is known of condition keys: how many values they have, and of which kind."""

from __future__ import annotations

from functools import lru_cache

from stockade.iam.sets.literals import Domain
from stockade.knowledge import iam as facts

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, as of 2026-11
_MANY = frozenset(
    {"aws:tagkeys", "aws:calledvia", "aws:principalorgpaths", "aws:resourceorgpaths", "aws:sourceorgpaths"}
    | {"aws:principalservicenameslist"}
)
_KINDS: dict[str, frozenset[Domain]] = {
    **dict.fromkeys(("aws:currenttime", "aws:tokenissuetime"), frozenset({"date"})),
    "aws:epochtime": frozenset({"date", "number"}),
    "aws:multifactorauthage": frozenset({"number"}),
    **dict.fromkeys(("aws:sourceip", "aws:vpcsourceip"), frozenset({"address"})),
    **dict.fromkeys(
        ("aws:securetransport", "aws:multifactorauthpresent", "aws:principalisawsservice", "aws:viaawsservice"),
        frozenset({"bool"}),
    ),
}
_KIND_OF_TYPE: dict[str, frozenset[Domain]] = {
    "Numeric": frozenset({"number"}),
    "Date": frozenset({"date"}),
    "IPAddress": frozenset({"address"}),
    "Bool": frozenset({"bool"}),
}


@lru_cache(maxsize=4096)
def kinds(key: str) -> frozenset[Domain]:
    """What all values of a key are known to be; nothing for keys of texts, tags, and keys that are not known."""
    if key.startswith("aws:"):
        return _KINDS.get(key, frozenset())
    return _KIND_OF_TYPE.get(_type_of(key) or "", frozenset())


@lru_cache(maxsize=4096)
def has_many(key: str) -> bool | None:
    """Whether a key can have several values at once; None for a key that is not known."""
    if key in _MANY or key.startswith("aws:"):
        return key in _MANY
    found = _type_of(key)
    return None if found is None else found.startswith("ArrayOf")


def _type_of(key: str) -> str | None:
    """The type of a service's key, as AWS tells it."""
    service = facts.service(key.partition(":")[0])
    for each in service.condition_keys() if service is not None else ():
        name = each.name.lower()
        stem = name.partition("${")[0].partition("<")[0]
        if name == key or (stem != name and key.startswith(stem)):
            return each.type
    return None
