"""The actions that patterns of policies take in, and what somebody who may call them can do."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypeAlias

from msgspec import Struct

from stockade.knowledge import iam as facts
from stockade.patterns import regex

Harm: TypeAlias = Literal[
    "permissions", "credentials", "code", "secrets", "exposure", "destruction", "data", "write", "read", "metadata"
]

# From the worst on.
HARMS: tuple[Harm, ...] = (
    *("permissions", "credentials", "code", "secrets", "exposure"),
    *("destruction", "data", "write", "read", "metadata"),
)
_RANK = {harm: rank for rank, harm in enumerate(HARMS)}
_GROUPS: dict[str, Harm] = {
    "permissions": "permissions",
    "credentials": "credentials",
    "code-execution": "code",
    "secret-read": "secrets",
    "destruction": "destruction",
    "audit": "destruction",
    "exposure": "exposure",
    "configuration-read": "read",
    "data-read": "data",
}
# AWS's reference counts them among permissions; they are about a network interface.
_NO_PERMISSIONS = frozenset({"ec2:createnetworkinterfacepermission", "ec2:deletenetworkinterfacepermission"})
# AWS writes these with their wildcard itself:
# https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
_AWS_WRITES = frozenset({"kms:reencrypt*", "kms:generatedatakey*"})
_METADATA = regex(r":(?:BatchDescribe|Describe|List)[A-Z]|:Get\w*(?:Attributes|Status|Configuration|Tags|Policy)$")
_ASKS = regex(r":(?:Describe|List|Get|Head|BatchGet|Search|Lookup|View|Check|Validate|Estimate|Simulate)[A-Z]?")
# What works on `*` alone, whatever the reference says. Lambda makes and removes the interfaces of a function in a VPC
# before their names are known: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
# The answer of an object Lambda function goes to no resource that has a name before it is asked for:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/olap-policies.html
_ON_STAR = frozenset(
    {
        "ec2:createnetworkinterface",
        "ec2:deletenetworkinterface",
        "ec2:detachnetworkinterface",
        "ec2:assignprivateipaddresses",
        "ec2:unassignprivateipaddresses",
        "s3-object-lambda:writegetobjectresponse",
    }
)
# Services whose actions take a resource only as an extra (a lexicon, an own model) and work on `*` without it.
_EXTRA_ONLY = frozenset(
    {"cloudwatch", "comprehend", "polly", "rekognition", "textract", "transcribe", "translate", "xray"}
)


# What gives a role nothing. A bearer token is a way to call other actions, each of which has to be allowed as well:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html. The others are for the long-term
# credentials of a user: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html,
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_ChangePassword.html. All as of 2026-11-28.
_NOT_FOR_ROLES = regex(r"\w[\w-]*:callwithbearertoken|sts:get(?:sessiontoken|federationtoken)|iam:changepassword")
# Who may do these lets others in, whatever AWS's reference calls it: to be told before what only makes or changes things.
_LETS_IN = regex(
    r":(?:Put|Set|Update|Create)\w*(?:Resource|Destination|Sink|AccessPoint|Repository|Registry|Vault|Endpoint)\w*Policy$"
    r"|:(?:Add|Put|Create)\w*Permissions?$|:Create\w*Grant$|:Link$"
)
# Who may do these can take access away, and give none to anybody: somebody is locked out, and nobody let in.
_REVOKES = regex(r":(?:Remove\w*Permissions?|Remove\w*Grant|Revoke\w*|Retire\w*Grant)$")
# Uses of a key, which change nothing that is kept, and telemetry.
_KEY_USES = regex(r"kms:(?:.*crypt.*|generate.*|derive.*|sign|verify.*|encapsulate|decapsulate)")
_TELEMETRY = frozenset({"cloudwatch", "logs", "xray"})


class Known(Struct, frozen=True, eq=False):
    """An action with what matters of it.

    Attributes:
        action: the action.
        key: its name in lower case.
        harm: what somebody who may call it can do, at worst.
        grave: a wildcard should not take it in unsaid.
        secret: it returns a secret, or opens what was encrypted.
        limitable: it is the statement's author who decides that it works on every resource, and not the service.
        kinds: the service and the types of resources that it can be limited to.
    """

    action: facts.Action
    key: str
    harm: Harm
    grave: bool
    secret: bool
    limitable: bool
    kinds: tuple[str, ...]

    @property
    def tags(self) -> bool:
        """Whether it changes tags and nothing else."""
        return self.action.access == "Tagging"

    @property
    def service(self) -> str:
        """The prefix of its service."""
        return self.action.service


def harm_of(action: facts.Action) -> Harm:
    """What somebody who may call an action can do with it, at worst, with the credentials of a role."""
    if _NOT_FOR_ROLES.fullmatch(action.name.lower()):
        return "metadata"
    found = {_GROUPS[group] for group in facts.sensitive(action) if group in _GROUPS}
    if action.name.lower() == "kms:decrypt":
        return "secrets"
    if found:
        return min(found, key=_RANK.__getitem__)
    if only_revokes(action):
        return "write"
    if action.access == "Permissions management" and action.name.lower() not in _NO_PERMISSIONS:
        return "permissions"
    if action.access == "Tagging":
        return "read"
    if changes(action):
        return "write"
    return "metadata" if action.access == "List" or _METADATA.search(action.name) else "read"


def only_revokes(action: facts.Action) -> bool:
    """Whether all that it does to permissions is to take some away."""
    return action.access == "Permissions management" and _REVOKES.search(action.name) is not None


def changes(action: facts.Action) -> bool:
    """Whether it changes something. AWS's reference calls some actions "Write" that only return something."""
    return action.access in {"Write", "Permissions management"} and not _ASKS.search(action.name)


def alters(action: facts.Action) -> bool:
    """Whether it changes something that is kept beyond the function: no telemetry, and nothing that any function needs."""
    if action.service in _TELEMETRY or facts.is_execution_need(action) or action.name.lower() in _ON_STAR:
        return False
    return changes(action) and _KEY_USES.fullmatch(action.name.lower()) is None


@lru_cache(maxsize=2048)
def takes_in_changes(pattern: str) -> bool:
    """Whether a pattern of a policy takes in an action that changes something that is kept."""
    return not pattern.strip("*?:") or any(map(alters, facts.expand(pattern)))


def can_be_limited(action: facts.Action) -> bool:
    """Whether it is the statement's author who decides that an action works on every resource, and not the service."""
    if not action.resource_level or action.name.lower() in _ON_STAR:
        return False
    if action.access in {"List", "Read"} and facts.is_execution_need(action) and not facts.sensitive(action):
        return False  # what an event source is asked before it is polled
    return any(use.required for use in action.resource_types) or action.service not in _EXTRA_ONLY


def rank(known: Known) -> tuple[int, bool, str]:
    """For sorting: the worst first, and of equals those that are known to be dangerous."""
    lets_in = known.harm == "write" and known.key not in _NO_PERMISSIONS and _LETS_IN.search(known.action.name)
    return _RANK["exposure" if lets_in else known.harm], not facts.sensitive(known.action), known.key


@lru_cache(maxsize=8192)
def _known(name: str) -> Known:
    action = facts.action(name)
    if action is None:
        raise KeyError(name)
    secret = facts.is_secret_read(action)
    return Known(
        action=action,
        key=name.lower(),
        harm=harm_of(action),
        grave=secret or (changes(action) and _NOT_FOR_ROLES.fullmatch(name.lower()) is None),
        secret=secret,
        limitable=can_be_limited(action),
        kinds=(action.service, *(use.name for use in action.resource_types)),
    )


@lru_cache(maxsize=2048)
def taken_in(pattern: str) -> tuple[Known, ...]:
    """Every action that a pattern of a policy takes in, the worst first; not to be asked of `*`."""
    return tuple(sorted((_known(action.name) for action in facts.expand(pattern)), key=rank))


@lru_cache(maxsize=2048)
def is_wildcard(pattern: str) -> bool:
    """Whether a pattern stands for more than what it spells out.

    `sns:Publish*` does not: an action is written out, and the rest changes nothing that is as bad. `kinesis:PutRecord*` does:
    it takes in `PutRecords` too. Nor do those that AWS writes with a wildcard itself.
    """
    actions = taken_in(pattern)
    if not facts.is_pattern(pattern) or len(actions) < 2 or pattern.lower() in _AWS_WRITES:
        return False
    stem = facts.action(pattern.rstrip("*"))
    if stem is None:
        return True
    own, bad = stem.name.lower(), _RANK[harm_of(stem)]
    return any(_RANK[k.harm] < bad or (k.grave and _RANK[k.harm] == bad and k.key != own) for k in actions)
