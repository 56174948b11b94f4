"""How much of what there is a `Resource` element covers: everything, all of a kind, or a part.

References and unknown parts of a text become single marks, so that a pattern can be compared with what AWS says ARNs
look like. A mark is never a wildcard: a bucket's ARN is one bucket, whatever it is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, TypeAlias

from msgspec import Struct

from stockade.knowledge import iam as facts
from stockade.model.policy import Statement
from stockade.model.value import (
    NO,
    Default,
    Doubt,
    Known,
    Origin,
    Reference,
    Relation,
    Text,
    Tri,
    Unknown,
    Value,
    When,
    any_of,
    given,
    mix,
    yes,
)

Breadth: TypeAlias = Literal["all", "kind", "part"]

# Marks out of Unicode's private-use area, which no ARN holds.
_REFERENCE, _PLAIN, _HOLE, _ANY = "\ue000", "\ue001", "\ue002", "\ue003"

# What Lambda itself needs of every function in a VPC: it makes and removes the interfaces before their names are known.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
_SERVICE_NEEDS = frozenset(
    {
        "ec2:createnetworkinterface",
        "ec2:deletenetworkinterface",
        "ec2:detachnetworkinterface",
        "ec2:assignprivateipaddresses",
        "ec2:unassignprivateipaddresses",
    }
)
# Services whose actions take a resource only as an extra (a lexicon, an own model) and work on `*` without it.
_EXTRA_ONLY = frozenset(
    {"cloudwatch", "comprehend", "polly", "rekognition", "textract", "transcribe", "translate", "xray"}
)


def ask(value: Value[str], question: Callable[[Value[str]], Tri]) -> Tri:
    """One answer about a value, out of the answers about each of its leaves."""
    return mix([(when, question(leaf)) for when, leaf in value.leaves()])


def written(leaf: Value[str]) -> str | None:
    """The text of one leaf, with marks for what is not known; None where there is no text or nothing of it is known."""
    if isinstance(leaf, Known):
        return str(leaf.v)
    if not isinstance(leaf, Text) or (len(leaf.parts) == 1 and not isinstance(leaf.parts[0], str | Reference)):
        return None
    marks = []
    for part in leaf.parts:
        if isinstance(part, str):
            marks.append(part)
        else:
            marks.append(_REFERENCE if isinstance(part, Reference) else _PLAIN if part.plain else _HOLE)
    return "".join(marks)


def doubt_of(leaf: Value[str]) -> Doubt | None:
    """Why nothing of a leaf is known; None for a leaf that is known in part or absent."""
    if isinstance(leaf, Unknown):
        return leaf.doubt
    if isinstance(leaf, Text) and len(leaf.parts) == 1 and not isinstance(leaf.parts[0], str | Reference):
        return leaf.parts[0].doubt
    return None


def can_be_limited(action: facts.Action) -> bool:
    """Whether it is the statement's author who decides that an action works on every resource, and not the service."""
    if not action.resource_level or action.name.lower() in _SERVICE_NEEDS:
        return False
    return any(use.required for use in action.resource_types) or action.service not in _EXTRA_ONLY


def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern), re.DOTALL)


@lru_cache(maxsize=512)
def _shapes(service: str, kind: str) -> tuple[str, str]:
    """The service's field and the resource's part of a type's ARN, each variable a mark; empty if it is not known."""
    template = facts.resource_type(service, kind) or ""
    fields = re.sub(r"\$\{[^}]*\}", _ANY, template).split(":", 5)
    return (fields[2], fields[5]) if len(fields) == 6 else ("", "")


def breadth(text: str, action: facts.Action) -> Breadth:
    """How much of what an action can be limited to a resource pattern covers."""
    return _breadth(text, action.service, tuple(use.name for use in action.resource_types))


@lru_cache(maxsize=4096)
def _breadth(text: str, prefix: str, kinds: tuple[str, ...]) -> Breadth:
    if not text.strip("*?") or text in {"arn:*", "arn:*:*"}:
        return "all"
    fields = text.split(":", 5)
    if fields[0] != "arn" or len(fields) < 3:
        return "part"
    if len(fields) < 6:
        # A wildcard may stand for several fields: `arn:aws:s3*`.
        if not text.endswith("*"):
            return "part"
        whole = _glob(text.replace(_PLAIN, "aws", 1))
        for kind in kinds:
            service, resource = _shapes(prefix, kind)
            if service and whole.fullmatch(f"arn:aws:{service}:{_ANY}:{_ANY}:{resource}"):
                return "kind"
        return "part"
    service_glob, resource_glob = _glob(fields[2]), _glob(fields[5])
    if not fields[2].strip("*?") and not fields[5].strip("*?:/"):
        return "all"
    for kind in kinds:
        service, resource = _shapes(prefix, kind)
        if resource and service_glob.fullmatch(service) and resource_glob.fullmatch(resource):
            return "kind"
    return "part"


def may_concern(text: str, action: facts.Action) -> bool:
    """Whether a resource pattern can name something that the action is about. NO only where it is sure."""
    return _may_concern(text, action.service, tuple(use.name for use in action.resource_types))


@lru_cache(maxsize=4096)
def _may_concern(text: str, prefix: str, kinds: tuple[str, ...]) -> bool:
    if not text.strip("*?"):
        return True
    if not kinds:
        return False  # it works on `*` alone
    fields = text.split(":", 5)
    if len(fields) < 6 or fields[0] != "arn":
        whole = text.startswith(_REFERENCE) and prefix == "s3"
        return not whole or any(_may_be(text.replace(_REFERENCE, _ANY, 1), *_shapes(prefix, kind)) for kind in kinds)
    return any(_may_be(fields[5], *_shapes(prefix, kind)) for kind in kinds)


def _may_be(written_: str, service: str, resource: str) -> bool:
    """Whether what is written for a resource can be one of the shape, as far as the beginnings of both say."""
    if not resource:
        return True
    head, shape_head = (
        re.split(f"[*?{_REFERENCE}{_PLAIN}{_HOLE}{_ANY}]", t, maxsplit=1)[0] for t in (written_, resource)
    )
    known, wanted = (head, shape_head) if len(head) <= len(shape_head) else (head[: len(shape_head)], shape_head)
    if not wanted.startswith(known):
        return False
    if service != "s3" or shape_head:
        return True
    # A bucket's name has no slash, and an object's ARN always has one.
    if "/" in resource:
        return "/" in written_ or "*" in written_ or _HOLE in written_
    return "/" not in written_ or written_.startswith("*")


class Wide(Struct, frozen=True, eq=False):
    """Whether a statement's resources cover everything, or all of a kind, of what an action is about; and where."""

    answer: Tri
    breadth: Breadth = "part"
    at: Origin | None = None
    shown: str = ""


def texts_of(values: Relation[Value[str]]) -> list[tuple[When, str | None, Value[str]]]:
    """Every text that a list may hold, with its premises; None for the text where it is not known."""
    found: list[tuple[When, str | None, Value[str]]] = []
    for value in values:
        for when, leaf in value.leaves():
            if not isinstance(leaf, Default):
                found.append((when, written(leaf), leaf))
    return found


def widest(statement: Statement, resources: list[tuple[When, str | None, Value[str]]], action: facts.Action) -> Wide:
    """How wide the resources of a statement are for one action; NO where each is a part of what there is."""
    if statement.resources is None:
        return Wide(NO)
    answers: list[Tri] = []
    best: tuple[Breadth, Value[str] | None] = ("part", None)
    for when, text, leaf in resources:
        if text is None:
            doubt = doubt_of(leaf) or Doubt("the resource is not known")
            answers.append(given(when, Tri("maybe", (leaf.origin,), (doubt,))))
            continue
        reach = breadth(text, action)
        if reach == "part":
            continue
        answers.append(given(when, yes(leaf.origin)))
        if best[1] is None or (reach == "all" and best[0] == "kind"):
            best = (reach, leaf)
    if not statement.resources.complete:
        answers.append(Tri("maybe", (), statement.resources.gaps or (Doubt("not all resources are known"),)))
    place = best[1]
    return Wide(
        any_of(answers), best[0], place.origin if place is not None else None, place.show() if place is not None else ""
    )
