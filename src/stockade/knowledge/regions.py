"""Partitions, regions and service principals.

Partitions and regions are botocore's (Apache-2.0), which restates the AWS General Reference, "AWS service endpoints";
suffixes of service principals are those of the CDK's region facts (Apache-2.0).
"""

import re
from functools import cache

from msgspec import Struct

from stockade.knowledge._data import Provenance, read_json


class Partition(Struct, frozen=True, forbid_unknown_fields=True):
    """A group of regions that share accounts and the second part of their ARNs.

    Attributes:
        id: "aws", "aws-cn", "aws-us-gov" …
        dns_suffix: the end of its host names.
        region_pattern: a regular expression that its regions match, those to come too.
        principal_suffixes: how its service principals may end.
        regions: its regions with their descriptions.
    """

    id: str
    dns_suffix: str
    region_pattern: str
    principal_suffixes: tuple[str, ...]
    regions: dict[str, str]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    partitions: tuple[Partition, ...]


@cache
def _file() -> _File:
    return read_json("regions.json", _File)


def provenance() -> Provenance:
    """When these facts held, and where they come from."""
    return _file().provenance


def partitions() -> tuple[Partition, ...]:
    """Every partition; the first is the commercial one."""
    return _file().partitions


def partition(name: str) -> Partition | None:
    """The partition with this id, or None."""
    return next((known for known in partitions() if known.id == name), None)


@cache
def regions() -> frozenset[str]:
    """Every region of every partition."""
    return frozenset(name for known in partitions() for name in known.regions)


def is_region(name: str) -> bool:
    """Whether there is a region of this name, as far as is known."""
    return name in regions()


@cache
def partition_of(region: str) -> Partition | None:
    """The partition of a region; one that is not known yet is placed by its name. None for anything else."""
    for known in partitions():
        if region in known.regions or re.fullmatch(known.region_pattern, region):
            return known
    return None


@cache
def _principal() -> re.Pattern[str]:
    suffixes = sorted({suffix for known in partitions() for suffix in known.principal_suffixes}, key=len, reverse=True)
    endings = "|".join(map(re.escape, (*suffixes, "amazon.com")))
    return re.compile(rf"([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)\.(?:{endings})")


def is_service_principal(name: str) -> bool:
    """Whether the text has the form of a service principal (`s3.amazonaws.com`, `alexa-appkit.amazon.com`)."""
    return _principal().fullmatch(name.lower()) is not None


def service_of(principal: str) -> str | None:
    """What stands before the suffix of a service principal, without a region: "logs" of `logs.eu-west-1.amazonaws.com`.

    None if it is no service principal.
    """
    match = _principal().fullmatch(principal.lower())
    if match is None:
        return None
    first, _, last = match[1].rpartition(".")
    return first if first and partition_of(last) is not None else match[1]
