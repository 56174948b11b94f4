"""What an operation of an AWS API needs, and which of its parameters say on what.

The rows are those of `operations.pack`, which `scripts/knowledge/build_operations.py` makes of botocore's models, of AWS's
documentation where an operation's name does not say its action, and of the map of iam-dataset. A service is read when it is
first asked for.
"""

from collections.abc import Collection
from functools import cache, lru_cache
from typing import Literal, TypeAlias

from msgspec import Struct

from stockade.knowledge._data import Provenance
from stockade.knowledge.iam._actions import action
from stockade.knowledge.iam._overlay import newest
from stockade.knowledge.iam._pack import Header, Pack
from stockade.patterns import regex

When: TypeAlias = Literal["always", "given", "absent", "resource"]
Kind: TypeAlias = Literal["known", "assumed", "permissionless", "unsigned", "unknown"]
Form: TypeAlias = Literal[
    "name", "arn", "name-or-arn", "last-segment", "bucket", "copy-bucket", "copy-key", "function", "secret", "key",
    "alias", "path", "keys", "family", "revision", "name-after-path", "model", "address",
]  # fmt: skip

_FORMS: dict[str, Form] = {
    "n": "name", "a": "arn", "e": "name-or-arn", "q": "last-segment", "b": "bucket", "c": "copy-bucket", "d": "copy-key",
    "l": "function", "s": "secret", "k": "key", "i": "alias", "p": "path", "m": "keys", "f": "family", "r": "revision",
    "w": "name-after-path", "o": "model", "@": "address",
}  # fmt: skip
_KINDS: dict[str, Kind] = {"P": "permissionless", "U": "unsigned", "?": "unknown"}
_WHEN: dict[str, When] = {"": "always", "?": "given", "!": "absent", "*": "resource"}

_PARTIAL_ARN = regex(r"^(?:(?:[a-z0-9-]+:)?\d{12}:)?(?:function:)?([^:]+)(?::[^:]+)?$")
_PROFILE = regex(r"^(?:us|eu|apac|jp|au|ca|us-gov|global)\.")


class Part(Struct, frozen=True):
    """A parameter that fills a part of the ARN of an action's resource.

    Attributes:
        resource: the resource type, of the action's service.
        variable: the hole of the ARN's template, or "" where the parameter is the whole ARN.
        member: the path of the parameter: "TableName", "overrides.taskRoleArn", "Entries[].EventBusName".
        form: how its text says it.

    Of the forms, "name" is the variable as it is, "arn" the whole ARN, "name-or-arn" either. "last-segment": what follows the
    last slash of a URL. "bucket": a name, or the ARN of an access point. "copy-bucket", "copy-key": before and after the first
    slash. "function": a name with or without alias, or a part of an ARN. "secret": a name, to which the ARN adds a hyphen and
    six characters, or an ARN. "key": a key's id or ARN, or an alias. "alias": after "alias/". "path": without the leading
    slash. "keys": the keys of a mapping. "family", "revision": before and after a colon. "name-after-path": a name of IAM,
    without the path that the ARN has before it. "model": the id of a model or of an inference profile, or an ARN. "address": an
    address, of which the identity may be the domain.
    """

    resource: str
    variable: str
    member: str
    form: Form

    def arn(self, text: str) -> str | None:
        """The text, if it is a whole ARN."""
        return text if text.startswith("arn:") and not self.form.startswith("copy-") else None

    def value(self, text: str) -> str | None:
        """What the text puts into the variable, as a pattern of policies, or None if it doesn't say."""
        if self.arn(text) or not self.variable:
            return None
        if self.form.startswith("copy-"):
            return _copied(self.form, text)
        said: str | None = text
        match self.form:
            case "last-segment":
                said = text.rpartition("/")[2]
            case "function":
                match = _PARTIAL_ARN.match(text)
                said = match[1] if match else None
            case "secret":
                said = f"{text}-??????"
            case "key":
                said = None if text.startswith("alias/") else text
            case "alias":
                said = text.removeprefix("alias/")
            case "path":
                said = text.removeprefix("/")
            case "family" | "revision":
                said = text.partition(":")[0 if self.form == "family" else 2]
            case "model":
                said = None if _PROFILE.match(text) else text
        return said or None


def _copied(form: str, text: str) -> str | None:
    """The bucket or the key of a `CopySource` ("bucket/key?versionId=…", of which the key is encoded)."""
    from urllib.parse import unquote

    bucket, _, key = text.removeprefix("/").partition("?versionId=")[0].partition("/")
    return (bucket if form == "copy-bucket" else unquote(key)) or None


class Need(Struct, frozen=True):
    """An action that an operation needs.

    Attributes:
        action: its whole name.
        when: "always"; "given", if the call gives one of `members`; "absent", if it gives none of them; "resource", if what the
            operation works on is so: the roles of a task's definition, for instance, which the call does not name.
        members: the parameters that decide, each with "=WORD" where its text has to begin with a word.
        parts: the parameters that name the resource.
    """

    action: str
    when: When = "always"
    members: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    def may_hold(self, given: Collection[str]) -> bool:
        """Whether a call with these parameters can need it.

        Each of `given` is the path of a parameter, with "=TEXT" where its text is known; what is inside of one that is given
        without anything inside is taken for unknown.
        """
        if self.when == "given":
            return any(_says(member, given, certain=False) for member in self.members)
        if self.when == "absent":
            return not any(_says(member, given, certain=True) for member in self.members)
        return True


def _says(member: str, given: Collection[str], *, certain: bool) -> bool:
    """Whether parameters meet "Member" or "Member=WORD". Where a text is not known, they do unless it has to be `certain`."""
    path, equals, word = member.partition("=")
    for one in given:
        name, known, text = one.partition("=")
        if path.startswith(
            (name + ".", name + "[")
        ):  # what is inside is in the text, if there is one ("a/b?versionId=1")
            inside = path.rpartition(".")[2].lower() + "="
            if inside in text.lower() if known else not certain:
                return True
        if name != path and not name.startswith((path + ".", path + "[")):
            continue
        if not equals or (known and text.lstrip().upper().startswith(word.upper())) or (not known and not certain):
            return True
    return False


class Operation(Struct, frozen=True):
    """An operation of an API.

    Attributes:
        service: the service, by botocore's name: "stepfunctions".
        name: the operation: "StartExecution".
        kind: "known"; "assumed": there is an action of its name, but the operation is newer than the data; "permissionless": no
            policy has to allow it; "unsigned": its requests carry no credentials, so that no policy is asked; "unknown": AWS's
            reference has no action of its name, and nothing says which it needs.
        needs: the actions, with what they depend on.
    """

    service: str
    name: str
    kind: Kind
    needs: tuple[Need, ...] = ()


class _Part(Struct, frozen=True):
    """The columns of one service, as they are in the pack."""

    prefix: str
    names: list[str]
    rows: list[str | list[int]]
    needs: list[tuple[str, str, list[int]]]
    parts: list[tuple[str, str, str, str]]


class _Service:
    """One service's operations, made when they are asked for."""

    def __init__(self, name: str, part: _Part) -> None:
        self.name = name
        self.part = part
        self.row = {one.lower(): row for row, one in enumerate(part.names)}

    def operation(self, name: str) -> Operation | None:
        """The operation of a name, or of the method of a client ("get_item")."""
        row = self.row.get(name.replace("_", "").lower())
        if row is None:
            own = action(f"{self.part.prefix}:{name.replace('_', '')}")
            return None if own is None else Operation(self.name, own.verb, "assumed", (Need(own.name),))
        what = self.part.rows[row]
        if isinstance(what, str):
            return Operation(self.name, self.part.names[row], _KINDS[what])
        needs = tuple(self._need(self.part.names[row], number) for number in what)
        return Operation(self.name, self.part.names[row], "known", needs)

    def _need(self, name: str, number: int) -> Need:
        said, when, parts = self.part.needs[number]
        return Need(
            said or f"{self.part.prefix}:{name}",
            _WHEN[when[:1]],
            tuple(when[1:].split("|")) if len(when) > 1 else (),
            tuple(Part(*row[:3], _FORMS[row[3]]) for row in map(self.part.parts.__getitem__, parts)),
        )


@cache
def _pack() -> Pack[Header, _Part]:
    return newest("operations.pack", Header, _Part)


@cache
def _service(name: str) -> _Service | None:
    part = None if name.startswith("@") else _pack().part(name)
    return None if part is None else _Service(name, part)


@cache
def _names() -> dict[str, str]:
    """Every name that an SDK has for a service, in lower case, → botocore's."""
    rows = _pack().other("@services", dict[str, tuple[str, str]])
    found: dict[str, str] = {}
    for name, (_, title) in rows.items():
        for other in (title.replace(" ", "-"), title.replace(" ", "")):
            found.setdefault(other.lower(), name)
    return found | {name: name for name in rows} | _OTHER_NAMES


# Classes of the AWS SDK for JavaScript 2 and packages of 3 that no rule makes of the service's id, in lower case.
_OTHER_NAMES = {
    "cognitoidentityserviceprovider": "cognito-idp",
    "stepfunctions": "stepfunctions",
    "eventbridge": "events",
    "cloudwatchevents": "events",
    "elbv2": "elbv2",
    "iotdata": "iot-data",
    "rdsdataservice": "rds-data",
    "dms": "dms",
    "es": "es",
    "resourcegroupstaggingapi": "resourcegroupstaggingapi",
}


def operations_provenance() -> Provenance:
    """When the facts about operations held, and where they come from."""
    return _pack().header.provenance


def sdk_services() -> tuple[str, ...]:
    """The services that have operations, by botocore's names."""
    return tuple(name for name in _pack().header.parts if not name.startswith("@"))


def sdk_service(name: str) -> str | None:
    """The name that botocore has for a service, by any SDK's: "cloudwatch-logs", "CloudWatchLogs" and "logs" are the same one."""
    return _names().get(name.lower())


def prefix_of(name: str) -> str | None:
    """IAM's prefix of a service of an SDK ("stepfunctions" has "states"), or None if IAM has none for it."""
    found = sdk_service(name)
    known = None if found is None else _service(found)
    return (known.part.prefix or None) if known else None


def operations(name: str) -> tuple[str, ...]:
    """The operations of a service of an SDK; none for a service that does not exist."""
    found = sdk_service(name)
    known = None if found is None else _service(found)
    return tuple(known.part.names) if known else ()


@lru_cache(maxsize=4096)
def operation(service_name: str, name: str) -> Operation | None:
    """An operation, by the names that an SDK has: "GetItem" or "get_item". None if there is none.

    From botocore's models (Apache-2.0), AWS's documentation and iam-dataset's map (MIT); `operations_provenance()` has the days.
    """
    found = sdk_service(service_name)
    known = None if found is None else _service(found)
    return known.operation(name) if known else None


def actions_of(service_name: str, name: str, given: Collection[str] | None = None) -> tuple[str, ...]:
    """The actions that an operation can need.

    Without `given` it is all of them. With the parameters of a call it is what a call with just these can need: each is the path
    of a parameter, with "=TEXT" where its text is known ("VersionId", "Statement=SELECT …"). Nothing for an operation that needs
    none, or of which nothing is known: `operation()` says which.
    """
    found = operation(service_name, name)
    if found is None:
        return ()
    return tuple(dict.fromkeys(need.action for need in found.needs if given is None or need.may_hold(given)))


def resource_parts(service_name: str, name: str) -> dict[str, tuple[Part, ...]]:
    """For each action that an operation can need, the parameters that name its resource."""
    found = operation(service_name, name)
    parts: dict[str, tuple[Part, ...]] = {}
    for need in found.needs if found else ():
        parts[need.action] = tuple(dict.fromkeys((*parts.get(need.action, ()), *need.parts)))
    return parts


# ------------------------------------------------------------------------------------------------- what a trail calls them


# CloudFront and Lambda put the day of the API's version behind the name, and Lambda at times which form of it.
_VERSION = regex(r"_?20\d\d_?[01]\d_?[0-3]\d(?:v\d+)?$")


@cache
def sources() -> dict[str, list[str]]:
    """What a trail calls a service, without ".amazonaws.com" → the SDK's services that it may be."""
    return _pack().other("@sources", dict[str, list[str]])


def unversioned(event: str) -> str:
    """The name of an operation, of the name of its event: "UpdateFunctionCode20150331v2" is "UpdateFunctionCode"."""
    return _VERSION.sub("", event)
