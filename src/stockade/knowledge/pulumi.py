"""What Pulumi's AWS provider calls Terraform's resource types and attributes: it is made of Terraform's provider."""

from functools import cache

from msgspec import Struct

from stockade.knowledge._data import Provenance, read_json


class Property(Struct, frozen=True):
    """One property of a resource, or of an object inside of one.

    Attributes:
        attribute: the attribute (or block) of Terraform's that it is.
        inner: the properties of the object, or of each object of the list, that it is; None where it is none, so that
            the keys in it (of tags, of environment variables) are nobody's but the user's.
        one: whether it is the one item that Terraform writes as a list.
    """

    attribute: str
    inner: "dict[str, Property] | None" = None
    one: bool = False


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    types: dict[str, str]
    properties: dict[str, str]


@cache
def _file() -> _File:
    return read_json("pulumi.json", _File)


def provenance() -> Provenance:
    """When the facts held, and where they come from."""
    return _file().provenance


def types() -> dict[str, str]:
    """Terraform's resource types by Pulumi's tokens, `aws:lambda/function:Function`."""
    return _file().types


@cache
def properties(type_: str) -> dict[str, Property] | None:
    """The properties of a resource of this type of Terraform's; None where the type is not known."""
    stated = _file().properties.get(type_)
    return None if stated is None else _parsed(stated)


def _parsed(stated: str) -> dict[str, Property]:
    """`name`, `name=attribute` where that is not the name in snake case, `name*` for a map, `name[]`, `name{…}` for an object."""
    top: dict[str, Property] = {}
    outer = [top]
    for word in stated.replace("{", "{ ").replace("}", " }").split():
        if word == "}":
            outer.pop()
            continue
        name, _, attribute = word.rstrip("*[]{").partition("=")
        inner: dict[str, Property] | None = {} if word.endswith("{") else None
        outer[-1][name] = Property(attribute or snake(name), inner, word.endswith("[]"))
        if inner is not None:
            outer.append(inner)
    return top


def snake(name: str) -> str:
    """A name in camel case as Terraform writes it."""
    pieces: list[str] = []
    for at, letter in enumerate(name):
        if letter.isupper() and at and (name[at - 1].islower() or name[at - 1].isdigit()):
            pieces.append("_")
        pieces.append(letter.lower() if letter.isupper() and pieces and pieces[-1] == "_" else letter)
    return "".join(pieces)
