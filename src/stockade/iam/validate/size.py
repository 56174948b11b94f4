"""How long a policy is.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from stockade.iam.validate._plain import as_json
from stockade.iam.validate._subject import Subject, fault
from stockade.knowledge import iam as facts
from stockade.model.policy import Fault, Statement
from stockade.model.value import Default, Known, Text, Value

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
    statements = [_short(statement) for statement in subject.statements if not statement.exists]
    version = subject.statements.version
    document: dict[str, Any] = {"Statement": statements}
    if version is not None:
        document["Version"] = "2012-10-17"
    return len(re.sub(r"\s", "", json.dumps(document, separators=(",", ":"), ensure_ascii=False)))


def _short(statement: Statement) -> Any:  # noqa: ANN401 - JSON
    """A statement as short as it can be written."""
    out = _unlisted(as_json(statement, _least) or {})
    if statement.sid is not None:
        out["Sid"] = _least(statement.sid)
    return out


def _unlisted(element: Any) -> Any:  # noqa: ANN401 - JSON
    """A list of one is as well the one."""
    if isinstance(element, dict):
        return {key: _unlisted(each) for key, each in element.items()}
    return element[0] if isinstance(element, list) and len(element) == 1 else element


def _least(value: Value[str]) -> str:
    """What is known of a text; of several that it may be, the shortest."""
    if isinstance(value, Known):
        return str(value.v)
    if isinstance(value, Text):
        return "".join(part for part in value.parts if isinstance(part, str))
    leaves = [leaf for _, leaf in value.leaves() if leaf is not value and not isinstance(leaf, Default)]
    return min((_least(leaf) for leaf in leaves), key=len, default="")
