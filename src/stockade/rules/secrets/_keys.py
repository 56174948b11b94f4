"""What the rules about customer managed keys share."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Resource
from stockade.model.intent import Fix
from stockade.model.value import Tri, Value
from stockade.rules._base import Outcome, found

# How the keys that AWS manages are named: `alias/aws/sqs`, as an ARN too.
_OF_AWS = r"(?:arn:.*:)?alias/aws/.*"


def has_own_key(key: Value[str]) -> Tri:
    """Whether a key is named, and is none that AWS manages."""
    return key.is_set() & ~key.reads(_OF_AWS)


def without_own_key(resource: Resource, noun: str, own: Tri, told: str = "") -> Iterator[Outcome]:
    """One outcome: the resource is encrypted, but not with a key of the account's own."""
    yield from found(
        ~own,
        subject=resource,
        at=resource,
        message=f"{noun} `{resource}` is not encrypted with a key of your own",
        help="make a KMS key for it, let in who reads and writes, and name it here",
        fix=Fix.advice("name a key of your own"),
        passes="it is encrypted with a key of your own",
        told=told,
    )
