"""What function URLs and APIs are asked about cross-origin requests, in the same words."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Api, Function, Url
from stockade.model.intent import Fix
from stockade.model.value import Relation, Tri, Value, any_of
from stockade.rules._base import HIGH, INFO, LOW, Outcome, Persona, found

# SAM wants the values of a REST API in quotes of their own.
_ANY = ("*", "'*'", '"*"', "http://*", "https://*")


def _open(values: Relation[Value[str]]) -> Tri:
    return values.any(lambda v: v.one_of(*_ANY))


def has_cors(record: Url | Api) -> Tri:
    """Whether cross-origin requests are allowed at all."""
    return ~record.cors_origins.is_empty()


def open_cors(
    record: Url | Api, shown: str, functions: tuple[Function, ...], persona: Persona | None = None
) -> Iterator[Outcome]:
    """What is open in one CORS configuration. `persona` is who hears of it where no credentials are accepted."""
    if has_cors(record).is_no:
        return
    origins = _open(record.cors_origins)
    credentials = record.cors_credentials.is_true()
    at = next((v for v in record.cors_origins if not v.one_of(*_ANY).is_no), record)
    both = (origins & credentials).is_yes
    lists = (("methods", record.cors_methods), ("headers", record.cors_headers))
    also = [word for word, values in lists if _open(values).is_yes]
    every = " and ".join(word[:-1] for word in also) or "method or header"
    beside = f", with all {' and '.join(also)}" if also else ""
    yield from found(
        origins,
        subject=record,
        functions=functions,
        at=at,
        severity=HIGH if both else LOW,
        message=(
            f"pages of every origin may call {shown} with the user's credentials{beside}"
            if both
            else f"pages of every origin may call {shown} and read its answers{beside}"
        ),
        help="list the origins that need it, as https://shop.example.com",
        fix=Fix.advice("name the origins whose pages have to call it" + (", or accept no credentials" if both else "")),
        persona=None if both else persona,
        evidence="origins",
    )
    wide = any_of((_open(record.cors_methods), _open(record.cors_headers)))
    yield from found(
        ~origins & wide,
        subject=record,
        functions=functions,
        severity=LOW if (~origins & wide & credentials).is_yes else INFO,
        message=f"pages of the allowed origins may use every {every} at {shown}",
        help="list the methods and headers that the pages use",
        fix=Fix.advice("name the methods and headers that the pages use"),
        evidence="methods",
    )
