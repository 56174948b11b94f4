"""Managed policies as they are attached: AWS's own by what is known of them, others by why they can't be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from stockade.iam.resources import doubt_of, written
from stockade.knowledge import iam as facts
from stockade.model.value import Default, Doubt, Value, When

_AWS = re.compile(r"arn:[^:]*:iam::aws:policy/(?:.*/)?([^/]+)$")
_NAME = re.compile(r"[\w+=,.@-]+$")


class Attached(Struct, frozen=True, eq=False):
    """One policy that is attached, under its premises. `policy` is None where its document is not known."""

    leaf: Value[str]
    when: When
    name: str
    policy: facts.Breadth | None
    doubt: Doubt = Doubt("")


@lru_cache(maxsize=512)
def aws_policy(text: str) -> str | None:
    """The name of AWS's policy that an ARN (or, in SAM, a bare name) stands for; None for any other policy."""
    match = _AWS.match(text)
    if match:
        return match[1]
    return text if _NAME.match(text) and facts.managed_policy(text) is not None else None


def attached(value: Value[str]) -> Iterator[Attached]:
    """What a value of a list of managed policies attaches."""
    for when, leaf in value.leaves():
        if isinstance(leaf, Default):
            continue
        text = written(leaf)
        name = aws_policy(text) if text is not None else None
        if name is None:
            doubt = doubt_of(leaf) or Doubt(
                f"the policy `{leaf.show()}` is not part of the scanned code",
                "scan the code that declares it too",
                "policy elsewhere",
            )
            yield Attached(leaf, when, "", None, doubt)
            continue
        breadth = facts.is_admin_like(name)
        if breadth.kind == "unknown":
            yield Attached(leaf, when, name, None, Doubt(breadth.reason, cause="managed policy"))
        else:
            yield Attached(leaf, when, name, breadth)
