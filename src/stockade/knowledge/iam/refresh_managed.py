"""Makes newer forms of the data about AWS's managed policies, of what the AWS CLI prints; and the forms that are shipped.

AWS has these documents nowhere but behind its API, which asks for an account, so that a person fetches them:

    aws iam get-account-authorization-details --filter AWSManagedPolicy > policies.json

or one by one with `aws iam get-policy` and `aws iam get-policy-version`, of which each pair makes a file of its own. What is
not in them stays as it was shipped.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from stockade.knowledge.iam._managed import Judged, ManagedPolicy, judge, managed_policies, managed_policy
from stockade.knowledge.iam._pack import Header, Pack, pack
from stockade.knowledge.iam.refresh import BadReference, laid_over
from stockade.patterns import regex

BLOCK = 16  # managed policies in one part: more of them pack tighter, fewer open faster
_MOST_BYTES = 64 << 20
_ARN = regex(r"arn:aws[\w-]*:iam::aws:policy/((?:.*/)?)([\w+=,.@-]+)")
_VERSION = regex(r"v([1-9][0-9]{0,5})")


class _Version(Struct):
    id: str = field(name="VersionId")
    document: dict[str, Any] = field(name="Document")
    is_default: bool = field(name="IsDefaultVersion", default=False)
    created: datetime | None = field(name="CreateDate", default=None)


class _Policy(Struct):
    arn: str = field(name="Arn")
    updated: datetime | None = field(name="UpdateDate", default=None)
    versions: list[_Version] = field(name="PolicyVersionList", default_factory=list)


class _Printed(Struct):
    """What the AWS CLI prints: of all policies, or of one and of one of its versions."""

    policies: list[_Policy] = field(name="Policies", default_factory=list)
    policy: _Policy | None = field(name="Policy", default=None)
    version: _Version | None = field(name="PolicyVersion", default=None)


class ManagedChange(Struct, frozen=True):
    """What is new.

    Attributes:
        read: how many policies there are in what was read.
        added: names that were not known.
        changed: names of which there is a newer version.
        older: names of which a newer version was known already, and stays.
    """

    read: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    older: tuple[str, ...]


def parse(text: bytes, what: str) -> list[ManagedPolicy]:
    """The policies of AWS in what the CLI printed; other policies are left out. Raises `BadReference`."""
    try:
        found = msgspec.json.decode(text, type=_Printed)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadReference(
            f"{what} is nothing that the AWS CLI prints about policies: {error}", hint="nothing was changed"
        ) from error
    rows = [*found.policies]
    if found.policy is not None and found.version is not None:
        rows.append(_Policy(found.policy.arn, found.policy.updated, [_default(found.version)]))
    return [policy for row in rows if (policy := _read(row, what)) is not None]


def _default(version: _Version) -> _Version:
    version.is_default = True
    return version


def _read(row: _Policy, what: str) -> ManagedPolicy | None:
    match = _ARN.fullmatch(row.arn)
    version = next((each for each in row.versions if each.is_default), None)
    if match is None or version is None:
        return None
    number = _VERSION.fullmatch(version.id)
    updated = row.updated or version.created
    if number is None or updated is None or not isinstance(version.document.get("Statement"), list | dict):
        raise BadReference(f"{what}: what it says of {row.arn} is no version of a policy", hint="nothing was changed")
    arn = f"arn:aws:iam::aws:policy/{match[1]}{match[2]}"
    return ManagedPolicy(match[2], arn, int(number[1]), updated.date(), version.document)


def from_files(path: Path) -> tuple[list[ManagedPolicy], date]:
    """The policies in a file, or in the `.json` files of a folder; and the day of the newest of these."""
    from stockade.knowledge.iam.fetch import read_files

    policies: list[ManagedPolicy] = []
    day = date.min
    for name, text, written in read_files(path, _MOST_BYTES):
        policies += parse(text, name)
        day = max(day, written)
    if not policies:
        raise BadReference(
            f"there is no policy of AWS in {path}",
            hint="`aws iam get-account-authorization-details --filter AWSManagedPolicy` prints them",
        )
    return policies, day


def build(policies: Iterable[ManagedPolicy], day: date, origin: str) -> tuple[dict[str, bytes], ManagedChange]:
    """The newer forms of the packs, by their names, and what is new in them."""
    known = {name: found for name in managed_policies() if (found := managed_policy(name)) is not None}
    fresh = {policy.name: policy for policy in policies}
    older = tuple(sorted(name for name, each in fresh.items() if name in known and each.version < known[name].version))
    changed = tuple(
        sorted(name for name, each in fresh.items() if name in known and each.version > known[name].version)
    )
    every = {**known, **{name: policy for name, policy in fresh.items() if name not in older}}
    row = {"name": f"AWS's API, {origin}", "version": "", "date": day.isoformat(), "licence": "facts"}
    documents, breadth = (Pack(name, Header, list[Any]).header for name in ("managed.pack", "breadth.pack"))
    row["gives"] = "documents of policies"
    # How broad they are follows from the actions too, which may be of a later day.
    judged_on = max(day, breadth.provenance.as_of)
    packs = {
        "breadth.pack": packed_breadth(every.values(), laid_over(breadth, row, judged_on)),
        "managed.pack": packed(every.values(), laid_over(documents, row, day)),
    }
    return packs, ManagedChange(len(fresh), tuple(sorted(fresh.keys() - known.keys())), changed, older)


def _blocks(policies: Iterable[ManagedPolicy]) -> Iterator[tuple[int, list[ManagedPolicy]]]:
    ordered = sorted(policies, key=lambda policy: policy.name.lower())
    for number, at in enumerate(range(0, len(ordered), BLOCK)):
        yield number, ordered[at : at + BLOCK]


def packed(policies: Iterable[ManagedPolicy], header: Mapping[str, Any]) -> bytes:
    """The pack of documents."""
    index: dict[str, Any] = {}
    parts: dict[str, Any] = {}
    for number, block in _blocks(policies):
        parts[str(number)] = [policy.document for policy in block]
        for row, policy in enumerate(block):
            path = policy.arn.partition("/")[2].rpartition("/")[0]
            index[policy.name] = [path, policy.version, policy.updated.isoformat(), number, row]
    return pack({**header, "index": index}, parts)


def packed_breadth(policies: Iterable[ManagedPolicy], header: Mapping[str, Any]) -> bytes:
    """The pack of how broad each is, in the same order."""
    parts: dict[str, list[Judged]] = {
        str(number): [judge(policy.document) for policy in block] for number, block in _blocks(policies)
    }
    return pack(header, parts)
