"""AWS's managed policies: their documents, and how broad each is."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from stockade.knowledge._data import Provenance
from stockade.knowledge.iam._actions import Action, expand, service
from stockade.knowledge.iam._overlay import newest
from stockade.knowledge.iam._pack import Header, Pack
from stockade.knowledge.iam._sensitive import execution_actions, sensitive, sensitive_in
from stockade.patterns import regex

Kind: TypeAlias = Literal["admin", "power", "full-access", "broad", "read-only", "service-role", "narrow", "unknown"]

# Who may do one of these on every resource can give itself everything else.
_SELF_GRANT = (
    *(
        "iam:AttachRolePolicy",
        "iam:PutRolePolicy",
        "iam:AttachUserPolicy",
        "iam:PutUserPolicy",
        "iam:AttachGroupPolicy",
    ),
    *("iam:PutGroupPolicy", "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:UpdateAssumeRolePolicy"),
)
# A policy is "full access" to a service when it has this share of what changes something there.
_FULL_SHARE = 0.8
# … and "power" when it is that for so many services.
_MANY = 5


class ManagedPolicy(Struct, frozen=True):
    """A policy that AWS wrote and keeps up to date.

    Attributes:
        name: "AWSLambdaBasicExecutionRole".
        arn: its ARN in the partition `aws`.
        version: the number of the version that `document` is.
        updated: the day of that version.
        document: the policy document, as AWS's API returns it.
    """

    name: str
    arn: str
    version: int
    updated: date
    document: dict[str, Any]


class Breadth(Struct, frozen=True):
    """How much a policy allows. True where it is too much for a function: "admin", "power" or "full-access".

    Attributes:
        kind: "admin" (everything, or the right to give itself everything), "power" (nearly everything, or all of many
            services), "full-access" (all of some service), "broad" (changes every resource of some kind), "read-only",
            "service-role" (only what any function needs of the service: logs, traces, network interfaces, polling),
            "narrow", or "unknown".
        reason: why, in a sentence.
        by: "document" where the policy's document decided, "name" where only its name is known.
        services: the services that it is full access to.
    """

    kind: Kind
    reason: str
    by: Literal["document", "name"]
    services: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.kind in {"admin", "power", "full-access"}


class Judged(Struct, frozen=True, array_like=True):
    """What follows from the document of one of AWS's policies, and takes too long to find out at every scan.

    Attributes:
        kind, reason, services: its `Breadth`.
        sensitive: the sensitive actions that it allows on every resource without a condition, by group.
    """

    kind: Kind
    reason: str
    services: tuple[str, ...]
    sensitive: dict[str, tuple[str, ...]]


class _Index(Header, frozen=True, kw_only=True):
    index: dict[str, tuple[str, int, date, int, int]]


@cache
def _pack() -> Pack[_Index, list[dict[str, Any]]]:
    return newest("managed.pack", _Index, list[dict[str, Any]], beside="breadth.pack")


@cache
def _block(number: int) -> list[dict[str, Any]]:
    return _pack().part(str(number)) or []


@cache
def _breadths() -> Pack[Header, list[Judged]]:
    return newest("breadth.pack", Header, list[Judged], beside="managed.pack")


@cache
def _judged(number: int) -> list[Judged]:
    return _breadths().part(str(number)) or []


def managed_provenance() -> Provenance:
    """When the managed policies were as they are here, and where they come from."""
    return _pack().header.provenance


def managed_policies() -> tuple[str, ...]:
    """The names of all managed policies."""
    return tuple(_pack().header.index)


_AWS_ARN = regex(r"^arn:.*:iam::aws:policy/(.+)$", re.DOTALL)


def _bare(name_or_arn: str) -> str | None:
    """The name without its path, of a name or of an ARN of AWS's (any partition, `${AWS::Partition}` too)."""
    match = _AWS_ARN.match(name_or_arn)
    if match is None and name_or_arn.startswith("arn:"):
        return None
    return (match[1] if match else name_or_arn).rpartition("/")[2]


def managed_policy(name_or_arn: str) -> ManagedPolicy | None:
    """AWS's policy of this name or ARN, or None if it has none (or none any more).

    The name may carry its path ("service-role/AWSLambdaBasicExecutionRole"); the ARN may be of any partition, and its
    partition may be a hole of a template.
    """
    name = _bare(name_or_arn)
    row = _pack().header.index.get(name) if name else None
    if row is None or name is None:
        return None
    path, version, updated, block, at = row
    arn = f"arn:aws:iam::aws:policy/{path + '/' if path else ''}{name}"
    return ManagedPolicy(name, arn, version, updated, _block(block)[at])


# -------------------------------------------------------------------------------------------------------------- breadth


_NAMES: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (regex(r"^AdministratorAccess|^IAMFullAccess$"), "admin"),
    (regex(r"^PowerUser"), "power"),
    (regex(r"Full_?Access|FullAdmin"), "full-access"),
    (regex(r"ReadOnly|_?ReadOnlyAccess$|ViewOnly"), "read-only"),
    (regex(r"^AWSLambda\w*ExecutionRole$"), "service-role"),
)


def _of(name: str) -> Judged | None:
    row = _pack().header.index.get(name)
    return None if row is None else _judged(row[3])[row[4]]


def open_actions(name_or_arn: str) -> dict[str, tuple[str, ...]]:
    """The sensitive actions that AWS's policy of this name or ARN allows on every resource without a condition, by group."""
    bare = _bare(name_or_arn)
    judged = _of(bare) if bare else None
    return {} if judged is None else judged.sensitive


def judge(document: dict[str, Any]) -> Judged:
    """What `breadth.pack` holds of a document: for what writes it alone."""
    found: dict[str, tuple[str, ...]] = {}
    for pattern in allowed_everywhere(document)[0]:
        for group, names in sensitive_in(pattern).items():
            found[group] = tuple(dict.fromkeys((*found.get(group, ()), *names)))
    breadth = breadth_of(document)
    return Judged(breadth.kind, breadth.reason, breadth.services, found)


@lru_cache(maxsize=256)
def is_admin_like(name_or_arn: str) -> Breadth:
    """How broad AWS's policy of this name or ARN is; true where it is too broad for a function.

    The policy's document decides. Where it is not known, its name does, and the answer says so. Customer-managed
    policies are "unknown": their documents are asked with `breadth_of`.
    """
    name = _bare(name_or_arn)
    if name is None:
        return Breadth("unknown", "it is not one of AWS's policies, and its document was not seen", "name")
    judged = _of(name)
    if judged is not None:
        return Breadth(judged.kind, judged.reason, "document", judged.services)
    for pattern, kind in _NAMES:
        if pattern.search(name):
            return Breadth(kind, f"its name says so; the document of {name} is not known here", "name")
    return Breadth("unknown", f"the document of {name} is not known here", "name")


def breadth_of(document: dict[str, Any]) -> Breadth:
    """How broad a policy document is. Statements with a condition, and those on named resources, count as narrow."""
    patterns, all_but = allowed_everywhere(document)
    if any(pattern.replace(":", "") in {"*", "**"} for pattern in patterns):
        return Breadth("admin", "it allows every action on every resource", "document")
    if all_but is not None:
        # What is left out by a pattern may be allowed in part by another statement.
        still = [p for p in patterns if any(fnmatchcase(p.lower(), but.lower()) for but in all_but)]
        still.sort(key=lambda pattern: _READS.search(pattern) is not None)  # what changes something first
        reason = f"it allows every action but {_few(all_but)} on every resource"
        return Breadth("power", f"{reason}; of these it allows {_few(still)}" if still else reason, "document")
    granted = {action.name: action for pattern in patterns for action in expand(pattern)}
    if any(name in granted for name in _SELF_GRANT):
        found = next(name for name in _SELF_GRANT if name in granted)
        return Breadth("admin", f"it allows {found} on every role, and so anything else", "document")
    full = _full_services(granted)
    if len(full) >= _MANY:
        return Breadth("power", f"it allows everything in {len(full)} services: {_few(full)}", "document", full)
    if full:
        return Breadth("full-access", f"it allows everything in {_few(full)} on every resource", "document", full)
    return _small(document, granted)


# AWS's reference calls a few actions "Write" that only return something.
_READS = regex(r":(?:Batch)?(?:Describe|Get|List|Search|View)[A-Z]")


def _changes(action: Action) -> bool:
    return action.access in {"Write", "Permissions management"} and not _READS.search(action.name)


def _small(document: dict[str, Any], granted: dict[str, Action]) -> Breadth:
    """The answer for a policy that is full access to nothing."""
    named = [pattern for statement in _allows(document) for pattern in _texts(statement.get("Action"))]
    every = {action.name.lower() for pattern in named for action in expand(pattern)}
    if every and every <= execution_actions():
        return Breadth("service-role", "it allows only what any function needs of the service", "document")
    changes = [
        action.name
        for action in granted.values()
        if action.resource_level and _changes(action) and action.name.lower() not in execution_actions()
    ]
    if changes:
        return Breadth("broad", f"it allows {_few(changes)} on every resource", "document")
    if granted and not any(_changes(action) for action in granted.values()):
        telling = [name for name in granted if {"secret-read", "data-read", "credentials"} & set(sensitive(name))]
        note = f", {_few(telling)} among it" if telling else ""
        return Breadth("read-only", f"on every resource it only reads{note}", "document")
    if not every:
        return Breadth("narrow", "it allows nothing that is known", "document")
    return Breadth("narrow", "what it changes is limited to named resources or by conditions", "document")


def _allows(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    statements = document.get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        if isinstance(statement, dict) and statement.get("Effect") == "Allow":
            yield statement


def _texts(value: object) -> list[str]:
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]


_WHOLE_SERVICE = regex(r"^arn:[^:]*:[^:]+:\*?:\*?:/?\*$")


def allowed_everywhere(document: dict[str, Any]) -> tuple[list[str], list[str] | None]:
    """The action patterns allowed on every resource without a condition, and what a `NotAction` there leaves out."""
    patterns: list[str] = []
    all_but: list[str] | None = None
    for statement in _allows(document):
        resources = _texts(statement.get("Resource"))
        every = "NotResource" in statement or any(one == "*" or _WHOLE_SERVICE.match(one) for one in resources)
        if statement.get("Condition") or not every:
            continue
        patterns += _texts(statement.get("Action"))
        if "NotAction" in statement:
            all_but = _texts(statement["NotAction"])
    return patterns, all_but


def _full_services(granted: dict[str, Action]) -> tuple[str, ...]:
    """The services of which nearly everything that changes something is granted."""
    by_service: dict[str, int] = defaultdict(int)
    for action in granted.values():
        by_service[action.service] += action.access in {"Write", "Permissions management"}
    full = []
    for prefix, count in by_service.items():
        known = service(prefix)
        actions = known.actions() if known else ()
        total = sum(action.access in {"Write", "Permissions management"} for action in actions)
        if count and count >= _FULL_SHARE * total:
            full.append(prefix)
    return tuple(sorted(full))


def _few(names: tuple[str, ...] | list[str]) -> str:
    """At most three names, and how many more there are."""
    more = len(names) - 3
    return ", ".join(names[:3]) + (f" and {more} more" if more > 0 else "")
