"""Names as texts of which parts may be unknown: their parts, whether two may be the same, what an ARN or an address names."""

from __future__ import annotations

import re
from typing import Any

from stockade.model import app as m
from stockade.model.value import Hole, Known, Part, Reference, Text, Unknown, Value
from stockade.patterns import regex

Parts = tuple[Any, ...]

_MOST_STEPS = 4  # from a name to what it is made of
# Kinds of which `Ref` is the name, so that a name that is made with it can be told in full.
_NAMED = (m.Function, m.Table, m.Bucket, m.Role, m.LogGroup)

# The host in the address of an image.
_REGISTRY = regex(r"[\d?]+\.dkr\.ecr(?:-fips)?\.([a-z0-9?-]+)\.(?:amazonaws\.com(?:\.cn)?|\?)")


def parts_of(leaf: Value[Any]) -> tuple[Part, ...]:
    """A name as parts of a text; nothing for one that isn't stated, or is none."""
    if isinstance(leaf, Known):
        return (leaf.v,) if isinstance(leaf.v, str) and leaf.v else ()
    if isinstance(leaf, Text):
        return leaf.parts
    return (Hole(leaf.name, leaf.doubt),) if isinstance(leaf, Unknown) else ()


def in_full(app: m.App, parts: tuple[Part, ...], steps: int = 0) -> tuple[Part, ...]:
    """Parts of a text with references to the names of resources replaced by those names, where they are written."""
    found: list[Part] = []
    for part in parts:
        inner: tuple[Part, ...] = ()
        if isinstance(part, Reference) and part.attribute == "Ref" and steps < _MOST_STEPS:
            resource = app.get(part.target)
            if isinstance(resource, _NAMED):
                inner = in_full(app, parts_of(resource.name), steps + 1)
        for piece in inner or (part,):
            if isinstance(piece, str) and found and isinstance(found[-1], str):
                found[-1] += piece
            else:
                found.append(piece)
    return tuple(found)


def may_be_same(left: tuple[Part, ...], right: tuple[Part, ...]) -> bool:
    """Whether two texts may be the same, as far as their beginnings and ends are written."""
    starts = [text[0] if isinstance(text[0], str) else "" for text in (left, right)]
    ends = [text[-1] if isinstance(text[-1], str) else "" for text in (left, right)]
    return (starts[0].startswith(starts[1]) or starts[1].startswith(starts[0])) and (
        ends[0].endswith(ends[1]) or ends[1].endswith(ends[0])
    )


def plain_parts(parts: Parts) -> Parts:
    """Parts of a text that are the same for two texts which say the same."""
    return tuple(
        ("hole", p.name) if isinstance(p, Hole) else ("ref", p.target, p.attribute) if isinstance(p, Reference) else p
        for p in parts
    )


def arn_resource(parts: Parts) -> tuple[str | None, str, Parts]:
    """The service of an ARN, its region where that is written, and what stands behind its account; None for no ARN."""
    if not parts or not isinstance(parts[0], str) or not parts[0].startswith("arn:"):
        return None, "", parts
    fields = [""]
    for index, part in enumerate(parts):
        if not isinstance(part, str):
            fields[-1] += "?"
            continue
        pieces = part.split(":")
        for position, piece in enumerate(pieces):
            if position:
                fields.append("")
                if len(fields) == 6:
                    left = ":".join(pieces[position:])
                    region = "" if "?" in fields[3] or "*" in fields[3] else fields[3]
                    return fields[2], region, ((left, *parts[index + 1 :]) if left else parts[index + 1 :])
            fields[-1] += piece
    return fields[2] if len(fields) > 2 else "", "", ()


def says_where(text: str) -> bool:
    """Whether a text is more than a name: an ARN, or the address of an image."""
    return text.startswith("arn:") or ".dkr.ecr" in text


def image_repository(parts: Parts) -> tuple[str | None, str, Parts]:
    """What an ARN says, of the address of an image: `account.dkr.ecr.region.amazonaws.com/repository:tag`."""
    host = "".join(part if isinstance(part, str) else "?" for part in parts).partition("/")[0]
    found = _REGISTRY.fullmatch(host)
    if found is None:
        return arn_resource(parts)
    behind: list[Any] = []
    inside = False
    for part in parts:
        text = part.partition("/")[2] if isinstance(part, str) and not inside else part
        inside = inside or (isinstance(part, str) and "/" in part)
        if not inside:
            continue
        name = re.split("[:@]", text, maxsplit=1)[0] if isinstance(text, str) else text
        behind += [name] if name else []
        if name != text:
            break
    region = "" if "?" in found[1] else found[1]
    first = behind.pop(0) if behind and isinstance(behind[0], str) else ""
    return "ecr", region, (f"repository/{first}", *behind)


def without(parts: Parts, prefix: str) -> Parts:
    """Parts of a text without what it starts with; nothing if it does not."""
    if not prefix:
        return parts
    if not parts or not isinstance(parts[0], str) or not parts[0].startswith(prefix):
        return ()
    left = parts[0][len(prefix) :]
    return (left, *parts[1:]) if left else parts[1:]


def inside_api_uri(parts: Parts) -> Parts:
    """The function's ARN in the URI by which API Gateway calls it."""
    for index, part in enumerate(parts):
        if isinstance(part, str) and "/functions/" in part:
            left = part.partition("/functions/")[2]
            rest: Parts = (left, *parts[index + 1 :]) if left else parts[index + 1 :]
            last = rest[-1] if rest else None
            if isinstance(last, str):
                cut = last.removesuffix("/invocations")
                return (*rest[:-1], cut) if cut else rest[:-1]
            return rest
    return parts


def without_qualifier(parts: Parts) -> Parts:
    """A function's name without `:alias`, and without an account before it (`123456789012:function:name`)."""
    if len(parts) == 1 and isinstance(parts[0], str):
        return (parts[0].rpartition("function:")[2].partition(":")[0],)
    last = parts[-1] if parts else None
    if isinstance(last, str) and ":" in last:
        cut = last.partition(":")[0]
        return (*parts[:-1], cut) if cut else parts[:-1]
    return parts
