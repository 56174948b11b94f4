"""What CloudTrail calls what operations do, what it does not show, and the calls that services make in a caller's name.

The rows of `trail.json` restate AWS's pages, each with its name; what they don't name follows from the operations.
"""

from functools import cache, lru_cache
from typing import Literal, TypeAlias

from msgspec import Struct

from stockade.knowledge._data import Provenance, read_json
from stockade.knowledge.iam._actions import action
from stockade.knowledge.iam._operations import actions_of, operation, prefix_of, sdk_service, sources, unversioned

Condition: TypeAlias = Literal["always", "key", "secure-string", "s3-object"]


class Forwarded(Struct, frozen=True, forbid_unknown_fields=True):
    """Calls that a service makes with the permissions of who called it: AWS's "forward access sessions".

    Attributes:
        service, operations: what was called, by botocore's names.
        actions: what the caller must be allowed to do as well.
        via: the service that calls, as `kms:ViaService` and `aws:CalledVia` have it, see `via_service()`.
        context: the encryption context of calls to KMS, as `kms:EncryptionContext:KEY` has it: what each key's value is.
        when: "always"; "key", where the resource is encrypted with a key of the customer's; "secure-string", for those parameters
            of Parameter Store; "s3-object", where the call names an object of S3.
        page: the page of AWS's documentation that says so.
    """

    service: str
    operations: tuple[str, ...]
    actions: tuple[str, ...]
    via: str
    context: dict[str, str]
    when: Condition
    page: str

    def via_service(self, region: str) -> str:
        """The value of `kms:ViaService` in a region."""
        return f"{self.via}.{region}.amazonaws.com"


class _Events(Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    page: str
    operations: dict[str, str]
    actions: dict[str, tuple[str, ...]]


class _Data(Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    page: str
    names: frozenset[str]


class _Never(Struct, frozen=True, forbid_unknown_fields=True):
    action: str
    page: str
    why: str


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    sources: dict[str, list[str]]
    events: tuple[_Events, ...]
    data: tuple[_Data, ...]
    never: tuple[_Never, ...]
    forwarded: tuple[Forwarded, ...]


@cache
def _file() -> _File:
    return read_json("trail.json", _File)


def trail_provenance() -> Provenance:
    """When the facts about trails and forwarded calls held, and where they come from."""
    return _file().provenance


def _bare(source: str) -> str:
    return source.partition(".amazonaws.com")[0]


@lru_cache(maxsize=4096)
def operations_of_event(event_source: str, event_name: str) -> tuple[tuple[str, str], ...]:
    """The operations that an event can be of, each with its service by botocore's name; most events are of one.

    `event_source` and `event_name` are the fields of that name in CloudTrail's records.
    """
    source, name = _bare(event_source), unversioned(event_name)
    for row in _file().events:
        if row.source == source:
            name = row.operations.get(name, name)
    own = [sdk] if (sdk := sdk_service(source)) else []
    names = _file().sources.get(source) or sources().get(source) or own
    return tuple(
        (found.service, found.name)
        for service in names
        if (found := operation(service, name)) is not None and found.kind != "assumed"
    )


def actions_of_event(event_source: str, event_name: str, given: frozenset[str] | None = None) -> tuple[str, ...] | None:
    """The actions that a call needed of which CloudTrail has an event, or None if that is not known.

    `given` are the parameters of the request, as `actions_of()` takes them; without them it is all that such a call can need.
    What needs no permission gives nothing: `sts:GetCallerIdentity`, for instance, or a login.
    """
    source, name = _bare(event_source), unversioned(event_name)
    for row in _file().events:
        if row.source == source and name in row.actions:
            return row.actions[name]
    for service, operation_name in operations_of_event(event_source, event_name):
        found = operation(service, operation_name)
        if found is not None and found.kind != "unknown":
            return actions_of(service, operation_name, given)
    own = action(f"{source}:{name}")  # of a service without an SDK: ssmmessages, for instance
    return None if own is None else (own.name,)


def is_data_event(event_source: str, event_name: str) -> bool:
    """Whether the page about the service's events lists this one as a data event.

    Those are absent from a trail unless its selectors ask for them.
    """
    source, name = _bare(event_source), unversioned(event_name)
    return any(row.source == source and name in row.names for row in _file().data)


def data_events(event_source: str) -> frozenset[str]:
    """The data events of a service; none where no page lists any."""
    source = _bare(event_source)
    return frozenset[str]().union(*(row.names for row in _file().data if row.source == source))


@cache
def _data_actions() -> frozenset[str]:
    """The actions that show in data events: the service's own, but not what it does in the caller's name besides."""
    return frozenset(
        found
        for row in _file().data
        for name in row.names
        for service, called in operations_of_event(f"{row.source}.amazonaws.com", name)
        for found in actions_of(service, called)
        if found.partition(":")[0] == prefix_of(service)
    )


def visibility(action_name: str) -> Literal["management", "data", "never"]:
    """How the uses of an action show in a trail.

    "data": only where the trail's selectors ask for data events. "never": `iam:PassRole`, for instance, which is a permission and
    no call; so a trail without it says nothing. Everything else is a management event, as far as the pages of `trail.json` say.
    """
    found = action(action_name)
    name = found.name if found else action_name
    if name in never_logged():
        return "never"
    return "data" if name in _data_actions() else "management"


@cache
def never_logged() -> dict[str, str]:
    """The actions that no event shows, and why."""
    return {row.action: row.why for row in _file().never}


@cache
def _forwarded() -> dict[tuple[str, str], tuple[Forwarded, ...]]:
    found: dict[tuple[str, str], tuple[Forwarded, ...]] = {}
    for row in _file().forwarded:
        for name in row.operations:
            found[row.service, name] = (*found.get((row.service, name), ()), row)
    return found


def forwarded(service: str, operation_name: str) -> tuple[Forwarded, ...]:
    """The calls that a service makes in the caller's name when an operation is called; none where no page says so."""
    found = operation(service, operation_name)
    return () if found is None else _forwarded().get((found.service, found.name), ())


@cache
def _by_action() -> dict[str, tuple[Forwarded, ...]]:
    found: dict[str, tuple[Forwarded, ...]] = {}
    for (service, name), rows in _forwarded().items():
        for need in actions_of(service, name):
            if need.partition(":")[0] in {service, rows[0].via}:
                before = found.get(need, ())
                found[need] = (*before, *(row for row in rows if row not in before))
    return found


def forwarded_by(action_name: str) -> tuple[Forwarded, ...]:
    """The calls that a service can make in the caller's name when this action is used, by whichever of its operations."""
    found = action(action_name)
    return () if found is None else _by_action().get(found.name, ())
