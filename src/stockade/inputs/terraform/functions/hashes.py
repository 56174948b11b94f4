"""Hashes and identifiers. What is random or wants a secret is not known."""

from __future__ import annotations

from collections.abc import Callable

from stockade.inputs.terraform.functions import Call, Function
from stockade.inputs.terraform.functions._arguments import arity, data, pure, spread
from stockade.inputs.terraform.terms import NotKnown, Term, Unk, Wrong
from stockade.inputs.terraform.types import NUMBER, STRING
from stockade.model.value import Doubt
from stockade.patterns import regex


def digest(algorithm: str, content: bytes) -> bytes:
    """The hash of some bytes."""
    import hashlib

    return hashlib.new(algorithm, content, usedforsecurity=False).digest()


def hex_of(algorithm: str) -> Callable[[bytes], str]:
    """A hash in hexadecimal."""
    return lambda content: digest(algorithm, content).hex()


def base64_of(algorithm: str) -> Callable[[bytes], str]:
    """A hash in base64."""

    def run(content: bytes) -> str:
        from base64 import b64encode

        return b64encode(digest(algorithm, content)).decode()

    return run


def _of_text(make: Callable[[bytes], str]) -> Function:
    return spread(pure(lambda v: make(v.encode()), (STRING,), "string"), deep=True)


_UUID = regex(r"(?:urn:uuid:|\{)?([0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12})\}?")


def _uuidv5(namespace: str, name: str) -> str:
    import uuid

    known = {
        "dns": uuid.NAMESPACE_DNS,
        "url": uuid.NAMESPACE_URL,
        "oid": uuid.NAMESPACE_OID,
        "x500": uuid.NAMESPACE_X500,
    }
    space = known.get(namespace)
    if space is None:
        found = _UUID.fullmatch(namespace)
        if found is None:
            raise Wrong("the namespace is none of `dns`, `url`, `oid` and `x500`, nor a UUID")
        space = uuid.UUID(found[1])
    return str(uuid.uuid5(space, name))


def _random(call: Call) -> Term:
    arity(call, 0, 0)
    return Unk(span=call.span, doubt=Doubt("it is random, and another each time", "", "random"), kind="string")


def _bcrypt(call: Call) -> Term:
    arity(call, 1, 2)
    _tried(call, 1)
    if len(call.args) == 2:
        try:
            cost = data(call.args[1], NUMBER, call)
        except NotKnown:
            cost = 10
        if not isinstance(cost, int) or cost > 31:
            raise Wrong("the cost of `bcrypt` is a whole number of at most 31", call.span)
    return Unk(
        span=call.span, doubt=Doubt("it is salted, and another each time", "", "random"), kind="string", sensitive=True
    )


def _rsadecrypt(call: Call) -> Term:
    arity(call, 2, 2)
    _tried(call, 2)
    return Unk(span=call.span, doubt=Doubt("it is a secret", "", "secret"), kind="string", sensitive=True)


def _tried(call: Call, count: int) -> None:
    """Raises Wrong where an argument is no text; what it says does not matter."""
    for term in call.args[:count]:
        try:
            data(term, STRING, call)
        except NotKnown:
            continue


FUNCTIONS: dict[str, Function] = {
    "base64sha256": _of_text(base64_of("sha256")),
    "base64sha512": _of_text(base64_of("sha512")),
    "bcrypt": _bcrypt,
    "md5": _of_text(hex_of("md5")),
    "rsadecrypt": _rsadecrypt,
    "sha1": _of_text(hex_of("sha1")),
    "sha256": _of_text(hex_of("sha256")),
    "sha512": _of_text(hex_of("sha512")),
    "uuid": _random,
    "uuidv5": pure(_uuidv5, (STRING, STRING), "string"),
}
