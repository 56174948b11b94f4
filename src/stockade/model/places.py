"""Where resources are deployed and declared: whether two are in one region of one account, or in one root module."""

from __future__ import annotations

from stockade.model.kinds.base import Place, Resource
from stockade.model.value import NO, YES, Doubt, Tri

# Kinds of which there is one of a name in all regions, or in the world.
_GLOBAL = frozenset({"role", "policy", "bucket", "distribution"})


def together(left: Resource, right: Resource) -> Tri:
    """Whether two resources are in the same region of the same account.

    YES where a source has but one place for everything, as a template has; MAYBE where one of the places is not known.
    """
    ours, theirs = left.place, right.place
    if ours is None or theirs is None or ours is theirs:
        return YES
    if (ours.known and theirs.known and ours.region != theirs.region) or _other_account(ours, theirs):
        return NO
    if ours.region == theirs.region and ours.account == theirs.account:
        return YES
    what = "region" if ours.region != theirs.region else "account"
    why = f"whether `{left.address}` and `{right.address}` are in the same {what} is not known"
    remedy = next((p.remedy for p in (ours, theirs) if p.remedy), "") if what == "region" else ""
    return Tri("maybe", (), (Doubt(why, remedy, what),))


def apart(resource: Resource, *, region: str) -> bool:
    """Whether a resource is surely not in the region of this name."""
    place = resource.place
    return (
        resource.kind not in _GLOBAL and place is not None and place.known and bool(region) and place.region != region
    )


def could_name(by: Resource, named: Resource) -> bool:
    """Whether a bare name that one resource states may be that of another: names are looked for in the own region."""
    return named.kind in _GLOBAL or not together(by, named).is_no


def scope_of(resource: Resource) -> str:
    """The root module or template that a resource belongs to."""
    return resource.key.partition("#")[0]


def is_terraform(resource: Resource) -> bool:
    """Whether Terraform declares it."""
    return resource.site is not None and resource.site.input == "terraform"


def one_scope(one: Resource, other: Resource) -> bool:
    """Whether an unknown of one name is the same for two resources: a variable of Terraform is one of its root module."""
    return scope_of(one) == scope_of(other) or not (is_terraform(one) and is_terraform(other))


def _other_account(ours: Place, theirs: Place) -> bool:
    """Whether both accounts are known by their ids, and differ."""
    return ours.account != theirs.account and ours.account.isdigit() and theirs.account.isdigit()


__all__ = ["apart", "could_name", "is_terraform", "one_scope", "scope_of", "together"]
