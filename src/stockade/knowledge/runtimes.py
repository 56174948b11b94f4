"""Every runtime identifier that Lambda ever had, with its dates.

AWS states three dates for a runtime (Lambda Developer Guide, "Lambda runtimes", section "Runtime use after
deprecation"): from the *deprecation* on it gets no security updates and no support; from the *block on creation* on no
new function may use it; from the *block on update* on the functions that use it can no longer be changed. Invocations
are never blocked. `provenance()` names the copies of that page which the dates were taken from.
"""

from datetime import date, timedelta
from enum import Enum
from functools import cache

from msgspec import Struct

from stockade.knowledge._data import Provenance, read_json

# A fix proposes a runtime that stays supported for at least this long, where there is one.
HORIZON = timedelta(days=365)


class Status(Enum):
    """What AWS still does for a runtime on a given day."""

    PREVIEW = "preview"
    SUPPORTED = "supported"
    DEPRECATED = "deprecated"
    CREATE_BLOCKED = "create-blocked"
    UPDATE_BLOCKED = "update-blocked"


class Runtime(Struct, frozen=True):
    """One runtime identifier.

    Attributes:
        id: the value of a function's `Runtime`.
        language: "python", "nodejs", "java", "dotnet", "ruby", "go" or "custom" (the OS-only runtimes).
        version: the language's version, "" for an OS-only runtime.
        os: the operating system under it.
        architectures: where it runs.
        released: the day it became generally available; None for a preview.
        deprecated: from this day on it gets no security updates; None if no day is set.
        block_create: from this day on no function can be created with it; None if no day is set.
        block_update: from this day on no function that uses it can be updated; None if no day is set.
        preview: it was offered for trying out only, when last seen.
        image_only: it exists as a container base image only, and is no valid value of `Runtime`.
        edge_only: it was for Lambda@Edge only.
        snapstart: functions that use it may turn SnapStart on.
        inline_code: CloudFormation takes its code in `Code.ZipFile` (Node.js and Python only).
    """

    id: str
    language: str
    version: str
    os: str
    architectures: tuple[str, ...]
    released: date | None
    deprecated: date | None
    block_create: date | None
    block_update: date | None
    preview: bool
    image_only: bool
    edge_only: bool
    snapstart: bool
    inline_code: bool

    def status(self, today: date) -> Status:
        """What AWS does for this runtime on that day."""
        if self.block_update is not None and today >= self.block_update:
            return Status.UPDATE_BLOCKED
        if self.block_create is not None and today >= self.block_create:
            return Status.CREATE_BLOCKED
        if self.deprecated is not None and today >= self.deprecated:
            return Status.DEPRECATED
        return Status.PREVIEW if self.preview else Status.SUPPORTED

    def supported(self, today: date) -> bool:
        """Whether AWS patches it on that day, and it is meant for production."""
        return self.status(today) is Status.SUPPORTED

    def days_left(self, today: date) -> int | None:
        """Days until its deprecation, negative after it; None if no day is set."""
        return None if self.deprecated is None else (self.deprecated - today).days

    @property
    def order(self) -> tuple[tuple[int, ...], int]:
        """Sorts the runtimes of one language: by its version, then by the age of the operating system."""
        number = tuple(int(part) for part in self.version.split(".") if part)
        return number, _SYSTEMS.index(self.os)


_SYSTEMS = ("Amazon Linux", "Amazon Linux 2", "Amazon Linux 2023")


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    runtimes: tuple[Runtime, ...]


@cache
def _file() -> _File:
    return read_json("runtimes.json", _File)


@cache
def _by_id() -> dict[str, Runtime]:
    return {known.id: known for known in _file().runtimes}


def provenance() -> Provenance:
    """When these facts held, and where they come from."""
    return _file().provenance


def runtimes() -> tuple[Runtime, ...]:
    """Every runtime, grouped by language and from old to new."""
    return _file().runtimes


def runtime(name: str) -> Runtime | None:
    """The runtime with this identifier (exactly as the API takes it), or None if there never was one."""
    return _by_id().get(name)


def languages() -> tuple[str, ...]:
    """The languages that have or had a runtime."""
    return tuple(dict.fromkeys(known.language for known in runtimes()))


def latest(language: str, today: date | None = None) -> str | None:
    """The identifier of the newest supported runtime of a language; None if none is supported.

    `today` is the day to ask about: the data's own day where it is left out. Go has had no runtime of its own since
    2024: its functions use an OS-only one, so `latest("go")` is that.
    """
    found = _supported("custom" if language == "go" else language, today or provenance().as_of)
    return found[-1].id if found else None


def successor(name: str, today: date | None = None) -> str | None:
    """The identifier to move a function to: the smallest step that is supported and stays so for a while.

    The same language version on a newer operating system comes first (`java11` → `java11.al2023`), then the oldest
    newer version. A runtime that loses support within a year of `today` is passed over while there is another. None for
    an identifier that never existed, and for a runtime that nothing newer follows.
    """
    old = runtime(name)
    if old is None:
        return None
    today = today or provenance().as_of
    newer = [
        known
        for known in _supported("custom" if old.language == "go" else old.language, today)
        if known.id != old.id and (old.language == "go" or known.order > old.order)
    ]
    lasting = [known for known in newer if known.deprecated is None or known.deprecated - today >= HORIZON]
    found = lasting or newer[-1:]
    return found[0].id if found else None


def same_language_version(old: str, new: str) -> bool:
    """Whether the move changes only the operating system, so that the code's own language stays as it is."""
    before, after = runtime(old), runtime(new)
    return (
        before is not None
        and after is not None
        and (before.language, before.version) == (after.language, after.version)
    )


def _supported(language: str, today: date) -> list[Runtime]:
    found = [
        known
        for known in runtimes()
        if known.language == language and not known.image_only and not known.edge_only and known.supported(today)
        if known.released is not None and known.released <= today
    ]
    return sorted(found, key=lambda known: known.order)
