"""What the conditions of a statement limit, judged by their keys, operators and values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from stockade.iam.resources import ask, written
from stockade.model.policy import Condition, Statement
from stockade.model.value import NO, YES, Default, Doubt, Tri, Value, any_of

Strength: TypeAlias = Literal["resource", "caller", "weak"]

# Global keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# Through which services a call came.
_CALLED_VIA = ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast")
# What the request is about. A request without the key does not match, so each of these really limits.
_RESOURCE = (
    "aws:resourcetag/",
    "aws:requesttag/",
    "aws:tagkeys",
    *_CALLED_VIA,
)
# True of nearly every request that the role can make, or of whole accounts: they say where from or when, not to what.
_WEAK = (
    *("aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "aws:requestedregion", "aws:securetransport"),
    *(
        "aws:sourceip",
        "aws:vpcsourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:currenttime",
        "aws:epochtime",
        "aws:useragent",
    ),
    *(
        "aws:referer",
        "aws:tokenissuetime",
        "aws:userid",
        "aws:username",
        "aws:multifactorauthpresent",
        "aws:multifactorauthage",
    ),
    *("aws:viaawsservice", "aws:principaltype", "aws:ec2instancesourcevpc", "aws:federatedprovider"),
)
# Who calls: it limits a trust or resource policy, and says nothing in a role's own policy.
_CALLER = (
    *("aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:principalaccount", "aws:principaltag/"),
    *("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:principalservicename"),
    *("kms:calleraccount", "aws:principalisawsservice", "aws:principalservicenameslist"),
)
# Keys of services that do not narrow what is reached.
_WEAK_SERVICE = (
    *(
        "s3:x-amz-server-side-encryption",
        "s3:x-amz-acl",
        "s3:authtype",
        "s3:signatureage",
        "s3:signatureversion",
        "s3:tlsversion",
    ),
    *("s3:max-keys", "s3:delimiter", "s3:resourceaccount", "secretsmanager:versionstage", "secretsmanager:versionid"),
    *(
        "sts:externalid",
        "sts:rolesessionname",
        "sts:tagkeys",
        "kms:calleraccount",
        "dynamodb:select",
        "dynamodb:returnvalues",
    ),
)


def _operator(name: str) -> tuple[str, bool]:
    """The operator's own name in lower case, and whether a request without the key matches too."""
    lower = name.lower()
    word = lower.rpartition(":")[2]
    return word.removesuffix("ifexists"), word.endswith("ifexists") or lower.startswith("forallvalues:")


def _is_star(leaf: Value[str]) -> Tri:
    text = None if isinstance(leaf, Default) else written(leaf)
    return YES if text is not None and text and not text.strip("*?") else NO


def _narrows(condition: Condition) -> Tri:
    """Whether it has values, and none of them is a bare wildcard, which would undo the others."""
    there = any_of(ask(value, lambda leaf: NO if isinstance(leaf, Default) else YES) for value in condition.values)
    return there & ~any_of(ask(value, _is_star) for value in condition.values)


def _is_negative(condition: Condition) -> bool:
    return _operator(condition.operator)[0].startswith(
        ("null", "stringnot", "arnnot", "numericnot", "datenot", "notip")
    )


def strength_of(condition: Condition) -> Strength:
    """What one condition limits, were it always there."""
    key = condition.key.lower()
    operator, lax = _operator(condition.operator)
    if _is_negative(condition):
        return "weak"
    # The keys of a table's items are there whenever items are asked for by key, which is what the operator is made for.
    if lax and key not in {"dynamodb:leadingkeys", "aws:tagkeys"}:
        return "weak"
    if key.startswith(_CALLER):
        return "caller"
    if key.startswith(_RESOURCE) or key == "kms:grantisforawsresource":
        return "resource"
    if key.startswith((*_WEAK, *_WEAK_SERVICE)) or operator == "bool":
        return "weak"
    return "resource" if ":" in key and not key.startswith("aws:") else "weak"


def _asked(statement: Statement, wanted: Callable[[Condition], bool]) -> Tri:
    answer = any_of(_narrows(condition) for condition in statement.conditions if wanted(condition))
    if statement.conditions.complete:
        return answer
    return answer | Tri(
        "maybe", (), statement.conditions.gaps or (Doubt("its conditions are not all known", cause="policy"),)
    )


def limited(statement: Statement, strength: Strength) -> Tri:
    """Whether a condition of this strength limits the statement; MAYBE where its conditions are not all known."""
    return _asked(statement, lambda condition: strength_of(condition) == strength)


def only_forwarded(statement: Statement) -> Tri:
    """Whether a statement allows no call of the caller's own, but only what a service does for it with its credentials.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
    """

    def wanted(condition: Condition) -> bool:
        operator, lax = _operator(condition.operator)
        if lax or _is_negative(condition):
            return False
        via = condition.key.lower() == "aws:viaawsservice" and operator == "bool"
        return via or condition.key.lower() in _CALLED_VIA

    own = any_of(
        value.where(lambda v: str(v).lower() == "false")
        for condition in statement.conditions
        if wanted(condition) and condition.key.lower() not in _CALLED_VIA
        for value in condition.values
    )
    return _asked(statement, wanted) & ~own


def has_key(statement: Statement, *keys: str) -> Tri:
    """Whether a condition with one of these keys limits the statement; any case, a trailing `/` makes a prefix."""

    def wanted(condition: Condition) -> bool:
        name = condition.key.lower()
        named = any(name.startswith(k) if k.endswith("/") else name == k for k in (key.lower() for key in keys))
        return named and not _is_negative(condition)

    return _asked(statement, wanted)
