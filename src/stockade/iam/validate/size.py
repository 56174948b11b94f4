"""How long a policy is.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from stockade.iam.validate._subject import Subject, fault
from stockade.knowledge import iam as facts
from stockade.model.policy import Fault, Statement
from stockade.model.value import Default, Known, Relation, Text, Value

_IDS = {
    "identity": "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
    "resource": "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
    "trust": "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
    "scp": "POLICY_SIZE_EXCEEDS_SCP_QUOTA",
    "rcp": "POLICY_SIZE_EXCEEDS_RCP_QUOTA",
}
_NAMES = {"identity": "managed", "trust": "trust", "scp": "scp", "rcp": "rcp"}


def check(subject: Subject) -> Iterator[Fault]:
    """The policy as it is kept, without what is not known of it: so it is that long at least."""
    quota = subject.quota
    if quota is None:
        known = subject.on
        quota = known.quota if known is not None else facts.language().quotas.get(_NAMES.get(subject.type, ""), 0)
    origin = subject.statements.origin
    if not quota or origin is None:
        return
    length = size(subject)
    if length > quota:
        yield from fault(
            _IDS[subject.type],
            None,
            origin,
            f"the policy has {length:,} characters without white space, and may have {quota:,}",
            "put what belongs together into policies of their own, or join statements that differ in one element",
        )


def size(subject: Subject) -> int:
    """How many characters are known to be in the policy, white space between them left out."""
    statements = [_plain(statement) for statement in subject.statements if not statement.exists]
    version = subject.statements.version
    document: dict[str, Any] = {"Statement": statements}
    if version is not None:
        document["Version"] = "2012-10-17"
    return len(re.sub(r"\s", "", json.dumps(document, separators=(",", ":"), ensure_ascii=False)))


def _plain(statement: Statement) -> dict[str, Any]:
    out: dict[str, Any] = {"Effect": _text(statement.effect)}
    if statement.sid is not None:
        out["Sid"] = _text(statement.sid)
    for name, values in (
        ("Action", statement.actions),
        ("NotAction", statement.not_actions),
        ("Resource", statement.resources),
        ("NotResource", statement.not_resources),
    ):
        if values is not None:
            out[name] = _list(values)
    for name, principals in (("Principal", statement.principals), ("NotPrincipal", statement.not_principals)):
        if principals is not None:
            block: dict[str, list[str]] = {}
            for principal in principals:
                block.setdefault(principal.kind, []).append(_text(principal.value))
            out[name] = "*" if "*" in block else {kind: _one(own) for kind, own in block.items()}
    if statement.conditions.items:
        conditions: dict[str, dict[str, Any]] = {}
        for condition in statement.conditions:
            conditions.setdefault(condition.operator, {})[condition.key] = _list(condition.values)
        out["Condition"] = conditions
    return out


def _list(values: Relation[Value[str]]) -> Any:  # noqa: ANN401 - a text or a list
    return _one([_text(value) for value in values])


def _one(texts: list[str]) -> Any:  # noqa: ANN401 - a text or a list
    return texts[0] if len(texts) == 1 else texts


def _text(value: Value[str]) -> str:
    """What is known of a text; of several that it may be, the shortest."""
    if isinstance(value, Known):
        return str(value.v)
    if isinstance(value, Text):
        return "".join(part for part in value.parts if isinstance(part, str))
    leaves = [leaf for _, leaf in value.leaves() if leaf is not value and not isinstance(leaf, Default)]
    return min((_text(leaf) for leaf in leaves), key=len, default="")
