"""What the SAM transform knows and does: policy templates, Globals, events, generated roles, connectors.

Everything is data of aws-sam-translator (Apache-2.0), the transform's own source; `provenance()` names the release.
What the generated role may do was found by running that release. Statements keep their intrinsic functions as plain
data: `{"Fn::Sub": …}` and `{"Ref": …}`. SAM's own description of each is in the AWS SAM Developer Guide ("SAM policy
templates", "Globals section of the AWS SAM template", "AWS SAM connector reference").
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from msgspec import Struct

from stockade.knowledge._data import Provenance, read_json

Statement = dict[str, Any]


class PolicyTemplate(Struct, frozen=True, forbid_unknown_fields=True):
    """A named set of statements with holes.

    Attributes:
        name: as it is written under `Policies`.
        description: what it allows, in SAM's words.
        parameters: every parameter, all of them required, with SAM's description.
        statements: the policy statements; a hole is `{"Ref": parameter}`.
    """

    name: str
    description: str
    parameters: dict[str, str]
    statements: tuple[Statement, ...]

    def render(self, values: Mapping[str, Any]) -> list[Statement]:
        """The statements with the holes filled; a hole whose value is not given stays.

        The value may be anything that a template can hold, intrinsic functions too.
        """
        return [_fill(statement, values) for statement in self.statements]


class EventType(Struct, frozen=True, forbid_unknown_fields=True):
    """An event type of a function.

    Attributes:
        pull: it makes an event source mapping, instead of letting a service call the function.
        principal: the service that the generated permission names; None if it generates none.
        properties: the names of its properties, each with whether it is required.
    """

    pull: bool
    principal: str | None
    properties: dict[str, bool]


class RolePart(Struct, frozen=True, forbid_unknown_fields=True):
    """What one feature of a function adds to the role that the transform makes for it.

    Attributes:
        when: the feature, for instance "base" (always), "durable" (in place of base), "tracing" (`Tracing` set and not
            `Disabled`), "vpc", "dead-letter-queue:SQS", "on-failure:SNS" (of asynchronous events), "event:Kinesis",
            "event:on-failure:SQS" (of an event source, with a `Type`).
        managed: the managed policies, by name with their path, without `arn:…:policy/`.
        statements: the inline statements; `${destination}`, `${source}`, `${secret}` and `${key}` stand where the
            function's own value goes.
    """

    when: str
    managed: tuple[str, ...]
    statements: tuple[Statement, ...]


class GeneratedRole(Struct, frozen=True, forbid_unknown_fields=True):
    """The role that the transform makes for a function without `Role`.

    Attributes:
        trust: its trust policy.
        parts: what each feature adds.
    """

    trust: dict[str, Any]
    parts: tuple[RolePart, ...]

    def part(self, when: str) -> RolePart | None:
        """What one feature adds; None if it adds nothing."""
        return next((known for known in self.parts if known.when == when), None)


class Connector(Struct, frozen=True, forbid_unknown_fields=True):
    """What a connector from one type of resource to another makes.

    Attributes:
        source: the type of the source.
        destination: the type of the destination.
        kind: "AWS_IAM_ROLE_MANAGED_POLICY", "AWS_SQS_QUEUE_POLICY", "AWS_SNS_TOPIC_POLICY" or "AWS_LAMBDA_PERMISSION".
        properties: SAM's profile: `AccessCategories` (`Read`, `Write`) with statements or permissions in which
            `%{Source.Arn}` and the like are holes, `SourcePolicy` (the policy goes to the source's role), `DependedBy`.
    """

    source: str
    destination: str
    kind: str
    properties: dict[str, Any]

    @property
    def categories(self) -> tuple[str, ...]:
        """The permissions that may be asked for."""
        return tuple(self.properties["AccessCategories"])


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    policy_templates: dict[str, dict[str, Any]]
    globals: dict[str, tuple[str, ...]]
    globals_merge: dict[str, Literal["replace", "prune_and_merge"]]
    resource_types: dict[str, dict[str, bool]]
    function_events: dict[str, EventType]
    state_machine_events: dict[str, dict[str, bool]]
    role: GeneratedRole


class _Connectors(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    profiles: tuple[Connector, ...]
    resources: dict[str, dict[str, Any]]


@cache
def _file() -> _File:
    return read_json("sam.json", _File)


@cache
def _connectors() -> _Connectors:
    return read_json("sam_connectors.json", _Connectors)


def provenance() -> Provenance:
    """Which release of the translator these facts are from."""
    return _file().provenance


@cache
def policy_templates() -> dict[str, PolicyTemplate]:
    """Every policy template by its name."""
    return {
        name: PolicyTemplate(name, row["description"], row["parameters"], tuple(row["statements"]))
        for name, row in _file().policy_templates.items()
    }


def policy_template(name: str) -> PolicyTemplate | None:
    """The policy template of this name, or None."""
    return policy_templates().get(name)


def global_sections() -> dict[str, tuple[str, ...]]:
    """The sections that `Globals` may have ("Function", "Api", …), each with the properties that it takes.

    A resource's own value wins over a global one: mappings are merged key by key, lists are joined (the global items
    first), anything else is replaced; `globals_merge()` names the exceptions. An intrinsic function counts as a single
    value. A resource leaves all or some of it out with the attribute `IgnoreGlobals`.
    """
    return _file().globals


def globals_merge() -> dict[str, Literal["replace", "prune_and_merge"]]:
    """Paths in `Globals` that are merged in another way than their type says.

    `replace`: the resource's own value alone counts. `prune_and_merge`: only the keys of the resource's own mapping
    stay, each merged with the global one.
    """
    return _file().globals_merge


def resource_types() -> dict[str, dict[str, bool]]:
    """Every `AWS::Serverless::*` type with the names of its properties, and whether each is required."""
    return _file().resource_types


def function_events() -> dict[str, EventType]:
    """Every event type of a function, by its name."""
    return _file().function_events


def function_event(name: str) -> EventType | None:
    """The event type of a function with this name, or None."""
    return _file().function_events.get(name)


def state_machine_events() -> dict[str, dict[str, bool]]:
    """Every event type of a state machine with its properties, and whether each is required."""
    return _file().state_machine_events


def generated_role() -> GeneratedRole:
    """The role that the transform makes for a function without `Role` (in the partition `aws`).

    In China and GovCloud tracing adds `AWSXRayDaemonWriteAccess` instead of `AWSXrayWriteOnlyAccess`.
    """
    return _file().role


def sam_connectors() -> dict[tuple[str, str], Connector]:
    """Every connector by the types of its source and destination."""
    return {(known.source, known.destination): known for known in _connectors().profiles}


def connector_resources() -> dict[str, dict[str, Any]]:
    """How a connector reads a resource: where its role is (`Inputs`), how its ARN and name are found (`Outputs`)."""
    return _connectors().resources


def _fill(node: Any, values: Mapping[str, Any]) -> Any:  # noqa: ANN401  (any part of a template)
    if isinstance(node, dict):
        if len(node) == 1 and "Ref" in node:
            return values.get(node["Ref"], node) if isinstance(node["Ref"], str) else node
        return {key: _fill(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [_fill(item, values) for item in node]
    return node
