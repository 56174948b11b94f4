"""Functions of network addresses, IPv4 and IPv6."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec import Struct

from stockade.inputs.terraform.functions import Function
from stockade.inputs.terraform.functions._arguments import pure
from stockade.inputs.terraform.terms import NotKnown, Wrong
from stockade.inputs.terraform.types import NUMBER, STRING
from stockade.model.value import Doubt
from stockade.patterns import regex

_V4 = regex(r"([0-9]{1,})\.([0-9]{1,})\.([0-9]{1,})\.([0-9]{1,})")
_MAPPED = Doubt("what Terraform makes of an IPv4 address within IPv6 is not known", "", "address")


class Network(Struct, frozen=True):
    """A range of addresses: its first address as a number, how many bits are fixed, how many an address has."""

    start: int
    length: int
    bits: int


def network(text: str) -> Network:
    """Reads a range in CIDR notation; numbers of IPv4 may begin with zeros. Raises Wrong for what is none."""
    address, slash, length = text.partition("/")
    if not slash or not re.fullmatch("[0-9]{1,4}", length):
        raise Wrong(f"`{text}` is no range of addresses")
    found = _V4.fullmatch(address)
    if found is not None:
        octets = [int(group) for group in found.groups() if len(group) < 10]
        if len(octets) < 4 or max(octets) > 255:
            raise Wrong(f"`{text}` is no range of addresses")
        value, bits = int.from_bytes(bytes(octets)), 32
    else:
        import ipaddress

        if "%" in address:
            raise Wrong(f"`{text}` is no range of addresses")
        try:
            value, bits = int(ipaddress.IPv6Address(address)), 128
        except ValueError:
            raise Wrong(f"`{text}` is no range of addresses") from None
        if value >> 32 == 0xFFFF:
            raise NotKnown(_MAPPED)
    fixed = int(length)
    if fixed > bits:
        raise Wrong(f"`{text}` fixes more bits than there are")
    return Network(value >> (bits - fixed) << (bits - fixed), fixed, bits)


def _shown(value: int, bits: int) -> str:
    if bits == 32:
        return ".".join(map(str, value.to_bytes(4)))
    import ipaddress

    if value >> 32 == 0xFFFF:
        raise NotKnown(_MAPPED)
    return str(ipaddress.IPv6Address(value))


def _whole(v: int | Decimal, what: str) -> int:
    if not isinstance(v, int):
        raise Wrong(f"{what} must be a whole number")
    return v


def _cidrhost(prefix: str, number: int | Decimal) -> str:
    found = network(prefix)
    host = _whole(number, "the number of a host")
    size = 1 << (found.bits - found.length)
    if not -size <= host < size:
        raise Wrong(f"`{prefix}` has no host {host}")
    return _shown(found.start + (host if host >= 0 else size + host), found.bits)


def _cidrnetmask(prefix: str) -> str:
    found = network(prefix)
    if found.bits != 32:
        raise Wrong("only ranges of IPv4 have a mask")
    return _shown((1 << 32) - (1 << (32 - found.length)), 32)


def _cidrsubnet(prefix: str, more: int | Decimal, number: int | Decimal) -> str:
    found = network(prefix)
    new, index = _whole(more, "the number of bits"), _whole(number, "the number of a subnet")
    length = found.length + new
    if new < 0 or index < 0:
        raise NotKnown(Doubt("what Terraform makes of less than no bits is not known", "", "address"))
    if length > found.bits or index >= 1 << new:
        raise Wrong(f"`{prefix}` has no such part")
    return f"{_shown(found.start + (index << (found.bits - length)), found.bits)}/{length}"


def _cidrsubnets(prefix: str, *more: int | Decimal) -> list[str]:
    found = network(prefix)
    made: list[str] = []
    at, end = found.start, found.start + (1 << (found.bits - found.length))
    for new in more:
        bits = _whole(new, "the number of bits")
        length = found.length + bits
        if bits < 1:
            raise Wrong("a part has at least one bit more")
        if bits > 32:
            raise Wrong("a part has at most 32 bits more")
        if length > found.bits:
            raise Wrong(f"`{prefix}` has not so many bits left")
        size = 1 << (found.bits - length)
        at = -(-at // size) * size
        if at + size > end:
            raise Wrong(f"`{prefix}` has no room for all of the parts")
        made.append(f"{_shown(at, found.bits)}/{length}")
        at += size
    return made


FUNCTIONS: dict[str, Function] = {
    "cidrhost": pure(_cidrhost, (STRING, NUMBER), "string"),
    "cidrnetmask": pure(_cidrnetmask, (STRING,), "string"),
    "cidrsubnet": pure(_cidrsubnet, (STRING, NUMBER, NUMBER), "string"),
    "cidrsubnets": pure(_cidrsubnets, (STRING,), "list", rest=NUMBER),
}
