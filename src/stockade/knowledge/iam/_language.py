"""Facts about what may be written in a policy, beside the Service Authorization Reference.

Each is from the page of AWS's documentation that `language_provenance()` names, as of its day.
"""

from functools import cache, lru_cache
from typing import Literal, TypeAlias

from msgspec import Struct

from stockade.knowledge._data import Provenance, read_json
from stockade.knowledge.iam._actions import service

KeyType: TypeAlias = Literal["String", "ARN", "Bool", "Numeric", "Date", "DateOrNumeric", "IPAddress", "Binary", ""]
_HOLES = ("${", "<")


class _Global(Struct, frozen=True, forbid_unknown_fields=True):
    type: KeyType
    many: bool


class ResourcePolicyType(Struct, frozen=True, forbid_unknown_fields=True):
    """What a policy on a type of resource may hold.

    Attributes:
        services: the prefixes of the services whose actions and resources it is about.
        quota: how many characters it may have.
        counts_space: white space counts.
        unique_sids: the service refuses two statements of one Sid.
    """

    services: tuple[str, ...]
    quota: int
    counts_space: bool
    unique_sids: bool


class Language(Struct, frozen=True, forbid_unknown_fields=True):
    """The facts; names are written as AWS does, and to be compared without case. See the data file's own notes."""

    provenance: Provenance
    global_keys: dict[str, _Global]
    sensitive_keys: tuple[str, ...]
    unsupported_keys: dict[str, str]
    deprecated_keys: dict[str, str]
    spoofable_keys: tuple[str, ...]
    paired_keys: dict[str, tuple[str, ...]]
    keys_of_members: tuple[str, ...]
    own_resource_keys: dict[str, tuple[str, ...]]
    vpce_keys: tuple[str, ...]
    vpce_services: frozenset[str]
    rcp_services: frozenset[str]
    quotas: dict[str, int]
    resource_policies: dict[str, ResourcePolicyType]
    operations: dict[str, str]
    service_aliases: dict[str, str]
    identity_providers: tuple[str, ...]
    service_principals_elsewhere: tuple[str, ...]
    key_prefixes_elsewhere: frozenset[str]
    always_in_an_account: frozenset[str]
    services_without_all_keys: frozenset[str]
    keys_without_qualifier: tuple[str, ...]
    sometimes_without_region: frozenset[str]
    resources_elsewhere: dict[str, tuple[str, ...]]


class _Unlisted(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    actions: frozenset[str]
    condition_keys: frozenset[str]


class KnownKey(Struct, frozen=True):
    """A condition key as it was asked for.

    Attributes:
        name: as AWS writes it; of a key that is followed by a name of the user's, what stands before that.
        type: what its values are; "" where that is not known.
        many: it may have several values at once.
        named: it is followed by a name of the user's, such as a tag's.
    """

    name: str
    type: KeyType
    many: bool
    named: bool = False


@cache
def language() -> Language:
    """The facts about the policy language."""
    return read_json("policy_language.json", Language)


@cache
def _unlisted() -> _Unlisted:
    return read_json("unlisted_actions.json", _Unlisted)


@cache
def _unlisted_actions() -> frozenset[str]:
    return frozenset(pattern.lower() for pattern in _unlisted().actions)


@cache
def _unlisted_services() -> frozenset[str]:
    return frozenset(pattern.partition(":")[0] for pattern in _unlisted_actions())


def language_provenance() -> Provenance:
    """When the facts about the policy language held, and where they come from."""
    return language().provenance


def is_unlisted(pattern: str) -> bool:
    """Whether AWS's own managed policies name an action that the reference does not list, or has any of its service."""
    lower = pattern.lower()
    prefix = lower.partition(":")[0]
    return lower in _unlisted_actions() or (service(prefix) is None and prefix in _unlisted_services())


def is_unlisted_key(key: str) -> bool:
    """Whether AWS's own managed policies name a condition key that the reference does not list."""
    lower = key.lower()
    return any(lower == each.lower() for each in _unlisted().condition_keys)


@cache
def _globals() -> dict[str, tuple[str, _Global]]:
    return {name.lower(): (name, known) for name, known in language().global_keys.items()}


@lru_cache(maxsize=4096)
def condition_key(key: str) -> KnownKey | None:
    """The condition key of this name (any case), or None where there is none that is known."""
    lower = key.lower()
    found = _globals().get(lower)
    if found is not None and not lower.endswith("/"):
        return KnownKey(found[0], found[1].type, found[1].many)
    stem, slash, named = lower.partition("/")
    found = _globals().get(stem + slash) if slash else None
    if found is not None and named:
        return KnownKey(found[0], found[1].type, found[1].many, named=True)
    own = service(lower.partition(":")[0])
    for each in own.condition_keys() if own is not None else ():
        name = each.name.lower()
        start = min((at for mark in _HOLES if (at := name.find(mark)) >= 0), default=-1)
        if name == lower or (start > 0 and lower.startswith(name[:start]) and len(lower) > start):
            bare: KeyType = each.type.removeprefix("ArrayOf")  # type: ignore[assignment]
            shown = each.name if start < 0 else each.name[:start]
            return KnownKey(shown, bare, each.type.startswith("ArrayOf"), named=start > 0)
    return None


def near_keys(key: str) -> tuple[str, ...]:
    """The names of every key that could be meant: the global ones, or those of the service."""
    prefix = key.lower().partition(":")[0]
    own = service(prefix)
    names = [each.name for each in own.condition_keys()] if own is not None else []
    return (
        *(name for name in language().global_keys if prefix == "aws" or name.lower().startswith(f"{prefix}:")),
        *names,
    )


@cache
def arn_services() -> frozenset[str]:
    """What stands in the service's field of ARNs: prefixes of services, and the few that go by another name there."""
    from stockade.knowledge.iam._actions import services

    found = set(services()) | _unlisted_services()
    for prefix in services():
        known = service(prefix)
        if known is not None:
            found |= {fields[2] for t in known.resource_types().values() if len(fields := t.split(":", 5)) == 6}
    return frozenset(name for name in found if "$" not in name)


@lru_cache(maxsize=1024)
def arn_shapes(name: str, *, everywhere: bool = False) -> tuple[tuple[str, str, str, str], ...]:
    """The region, account and resource of the ARNs whose service's field is this, with the name of the type.

    Those that the service of this name defines; if it defines none, or `everywhere` is asked for, those of all services.
    """
    from stockade.knowledge.iam._actions import services

    found = [] if everywhere else _templates(name, name)
    if not found:
        for prefix in services():
            found += _templates(name, prefix)
    return tuple(dict.fromkeys(found))


def _templates(name: str, prefix: str) -> list[tuple[str, str, str, str]]:
    known = service(prefix)
    out = []
    templates = known.resource_types().items() if known is not None else ()
    # The reference has several ARNs for some types, one after the other.
    for kind, template in ((kind, each) for kind, several in templates for each in several.split(", ")):
        fields = template.split(":", 5)
        # Some types are of whatever service it may be: the recovery points of AWS Backup.
        if len(fields) == 6 and (fields[2] == name or (fields[2].startswith("$") and prefix == name)):
            out.append((fields[3], fields[4], fields[5], kind))
    more = language().resources_elsewhere.get(name, ()) if prefix == name else ()
    rests = [rest for start in more for rest in (start, f"{start}${{Name}}")]
    return [*out, *((region, "${Account}", rest, rest) for rest in rests for region in ("${Region}", ""))]
