"""The one model of a serverless application. See `docs/architecture.md`.

Every resource is a frozen record of `Value`s (what holds, after Globals, defaults, modules and conditions), named in AWS's
terms. A field that nobody wrote holds the service's default, with the page that states it. Fields under "links" are set once
by `stockade.model.link`, when the whole application has been read.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from stockade.model.kinds.apis import (
    AclRule,
    Api,
    Authorizer,
    Domain,
    MethodSetting,
    Route,
    Stage,
    UsagePlan,
    WebAcl,
    WebAclAssociation,
)
from stockade.model.kinds.base import Gap, Pin, Place, Resource, Site, SourceFile, Tag
from stockade.model.kinds.compute import (
    CapacityProvider,
    MicrovmImage,
    NetworkConnector,
    WebEndpoint,
    WebFunction,
    WebRevision,
)
from stockade.model.kinds.data import (
    Bucket,
    EventBus,
    EventRule,
    Key,
    KeyAlias,
    Notification,
    Parameter,
    Pipe,
    Queue,
    Rotation,
    Schedule,
    Secret,
    StateMachine,
    Stream,
    Subscription,
    Table,
    Target,
    Topic,
)
from stockade.model.kinds.faults import Circle, Missing, Request, Unsupported, Untransformed, Use
from stockade.model.kinds.functions import (
    Alias,
    AsyncConfig,
    CodeSigningConfig,
    EnvVar,
    EventSource,
    Function,
    Invoker,
    LayerPermission,
    LayerVersion,
    Permission,
    Url,
    Version,
)
from stockade.model.kinds.identity import Policy, Role, Withheld
from stockade.model.kinds.neighbours import (
    AccessPoint,
    Caller,
    Credentials,
    Database,
    Distribution,
    FileSystem,
    GraphqlApi,
    GraphqlSource,
    IdentityPool,
    IotRule,
    Listener,
    LoadBalancer,
    Other,
    Output,
    ReceiptRule,
    Repository,
    TargetGroup,
    UserPool,
    Variable,
)
from stockade.model.kinds.network import (
    Gateway,
    NetworkRoute,
    RouteTable,
    SecurityGroup,
    SecurityGroupRule,
    Subnet,
    SubnetRouteTable,
    TrafficRule,
    Vpc,
    VpcEndpoint,
)
from stockade.model.kinds.observation import Alarm, FlowLog, LogGroup, LogSubscription, Trail
from stockade.model.value import Doubt, File

if TYPE_CHECKING:
    from stockade.text.document import Document
    from stockade.text.hcl.nodes import HclFile
    from stockade.text.node import Node

__all__ = [
    "KINDS",
    "LINKS",
    "AccessPoint",
    "AclRule",
    "Alarm",
    "Alias",
    "Api",
    "App",
    "AsyncConfig",
    "Authorizer",
    "Bucket",
    "Caller",
    "CapacityProvider",
    "Circle",
    "CodeSigningConfig",
    "Credentials",
    "Database",
    "Distribution",
    "Domain",
    "EnvVar",
    "EventBus",
    "EventRule",
    "EventSource",
    "FileSystem",
    "FlowLog",
    "Function",
    "Gap",
    "Gateway",
    "GraphqlApi",
    "GraphqlSource",
    "IdentityPool",
    "Invoker",
    "IotRule",
    "Key",
    "KeyAlias",
    "LayerPermission",
    "LayerVersion",
    "Listener",
    "LoadBalancer",
    "LogGroup",
    "LogSubscription",
    "MethodSetting",
    "MicrovmImage",
    "Missing",
    "NetworkConnector",
    "NetworkRoute",
    "Notification",
    "Other",
    "Output",
    "Parameter",
    "Permission",
    "Pin",
    "Pipe",
    "Place",
    "Policy",
    "Queue",
    "ReceiptRule",
    "Repository",
    "Request",
    "Resource",
    "Role",
    "Rotation",
    "Route",
    "RouteTable",
    "Schedule",
    "Secret",
    "SecurityGroup",
    "SecurityGroupRule",
    "Site",
    "Source",
    "SourceFile",
    "Stage",
    "StateMachine",
    "Stream",
    "Subnet",
    "SubnetRouteTable",
    "Subscription",
    "Table",
    "Tag",
    "Target",
    "TargetGroup",
    "Topic",
    "TrafficRule",
    "Trail",
    "Unsupported",
    "Untransformed",
    "Url",
    "UsagePlan",
    "Use",
    "UserPool",
    "Variable",
    "Version",
    "Vpc",
    "VpcEndpoint",
    "WebAcl",
    "WebAclAssociation",
    "WebEndpoint",
    "WebFunction",
    "WebRevision",
    "Withheld",
]

R = TypeVar("R", bound=Resource)

KINDS: tuple[type[Resource], ...] = (
    Function,
    Alias,
    Version,
    AsyncConfig,
    Url,
    Permission,
    EventSource,
    LayerVersion,
    LayerPermission,
    CodeSigningConfig,
    CapacityProvider,
    NetworkConnector,
    MicrovmImage,
    WebFunction,
    WebRevision,
    WebEndpoint,
    Policy,
    Role,
    Api,
    Stage,
    Route,
    Authorizer,
    Domain,
    UsagePlan,
    WebAcl,
    WebAclAssociation,
    Queue,
    Topic,
    Subscription,
    Bucket,
    Notification,
    Table,
    Stream,
    EventBus,
    EventRule,
    Schedule,
    Pipe,
    StateMachine,
    Secret,
    Rotation,
    Parameter,
    Key,
    KeyAlias,
    LogGroup,
    LogSubscription,
    Alarm,
    Trail,
    FlowLog,
    Vpc,
    Subnet,
    RouteTable,
    NetworkRoute,
    SubnetRouteTable,
    Gateway,
    VpcEndpoint,
    SecurityGroup,
    SecurityGroupRule,
    Repository,
    FileSystem,
    AccessPoint,
    UserPool,
    IdentityPool,
    GraphqlApi,
    GraphqlSource,
    TargetGroup,
    Listener,
    LoadBalancer,
    IotRule,
    ReceiptRule,
    Distribution,
    Database,
    Caller,
    Variable,
    Output,
    Credentials,
    Missing,
    Circle,
    Untransformed,
    Unsupported,
    Request,
    Other,
)


# The names of the fields that `stockade.model.link` sets. (A field of such a name that holds a `Value` was lowered.)
LINKS: frozenset[str] = frozenset(
    {
        "aliases",
        "alarms",
        "api",
        "async_configs",
        "attached_to",
        "attachments",
        "authorizers",
        "bucket",
        "closed",
        "dead_letter_of",
        "domains",
        "event_sources",
        "execution_role",
        "function",
        "functions",
        "guards",
        "instances",
        "invokers",
        "is_execution_role",
        "isolated",
        "layer",
        "log_groups",
        "permissions",
        "policies",
        "public",
        "role_cases",
        "role_unknown",
        "rotations",
        "routes",
        "rules",
        "secret",
        "source",
        "stages",
        "topic",
        "urls",
        "web_acls",
        "web_function",
    }
)


class Source(Struct, frozen=True, eq=False):
    """A file that was read: its text, and the trees in it as they are written (a YAML file may hold several).

    A file in HCL has `hcl` instead.
    """

    document: Document
    roots: tuple[Node, ...]
    hcl: HclFile | None = None


# What concerns a function by way of a route to it: where a route may be missing, so may these.
_BY_ROUTE: tuple[type[Resource], ...] = (Api, Stage, Domain)


class App:
    """A serverless application, as far as it could be seen: every resource by kind and by key, the sources, the gaps."""

    __slots__ = ("_by_key", "_by_kind", "_by_scope", "_doubts", "_hiding", "asked", "gaps", "sources")

    def __init__(self, resources: list[Resource], sources: tuple[Source, ...], gaps: tuple[Gap, ...]) -> None:
        self._by_key: dict[str, Resource] = {}
        self._by_kind: dict[type[Resource], list[Resource]] = {kind: [] for kind in KINDS}
        self.sources = sources
        self.asked: set[str] = set()  # the kinds that somebody asked for since this was last emptied
        self.gaps = gaps
        self._hiding: dict[str, list[Gap]] = {}
        self._doubts: dict[int, dict[str, dict[int, Doubt]]] = {}
        for gap in gaps:
            for place in (gap.path, *gap.scopes) if gap.hides else ():
                self._hiding.setdefault(place, []).append(gap)
        for resource in resources:
            self._by_key[resource.key] = resource
            self._by_kind[type(resource)].append(resource)
        self._by_scope: dict[tuple[str, type[Resource]], list[Resource]] = {}
        for kind, declared in self._by_kind.items():
            for resource in declared:
                self._by_scope.setdefault((resource.key.partition("#")[0], kind), []).append(resource)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is asked for in here does not count, for who asks takes what is not known into account by itself."""
        asked = set(self.asked)
        yield
        self.asked.clear()
        self.asked |= asked

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """All resources of a kind, in the order of the source."""
        self.asked.add(kind.kind)
        return tuple(self._by_kind[kind])  # type: ignore[arg-type]

    def beside(self, function: Resource, kind: type[Resource]) -> list[Resource]:
        """The resources of a kind in the root module or template of another one. It does not count as asking for them."""
        return self._by_scope.get((function.key.partition("#")[0], kind), [])

    def get(self, key: str) -> Resource | None:
        """The resource with this key."""
        return self._by_key.get(key)

    @property
    def hides(self) -> bool:
        """Whether there may be resources that are not in the model, or that functions use without its being known."""
        return bool(self._hiding or self._doubts)

    def doubt(self, function: Function, kind: str, resource: Resource, why: Doubt) -> None:
        """Note that a function may use a resource, which concerns it by what is of this kind, and that it isn't known."""
        self._doubts.setdefault(id(function), {}).setdefault(kind, {}).setdefault(id(resource), why)

    def limit(self, gap: Gap, affects: tuple[str, ...]) -> None:
        """Say of a gap that it concerns these resources only, by their addresses."""
        limited = replace(gap, affects=affects)
        self.gaps = tuple(limited if own is gap else own for own in self.gaps)
        for place in (gap.path, *gap.scopes):
            self._hiding[place] = [limited if own is gap else own for own in self._hiding[place]]

    def possible(self, function: Function, kinds: AbstractSet[str]) -> dict[int, Doubt]:
        """By its `id()`, each resource of these kinds that a function may use without its being known, and why."""
        own = self._doubts.get(id(function), {})
        return {number: why for kind in sorted(kinds & own.keys()) for number, why in own[kind].items()}

    def hidden_from(
        self, function: Function, kinds: AbstractSet[str], bad: AbstractSet[int] | None = None
    ) -> Doubt | None:
        """Why resources of these kinds may concern a function without the model's saying so; None if they can't.

        They may not be in the model, or a value that would name them is not known. `bad`: the `id()` of each resource that
        is not as it should be; a stage or domain that is does no harm, whoever may be behind it.
        """
        for doubt in self.possible(function, kinds).values():
            return doubt
        if any(kind.kind in kinds and self.beside(function, kind) for kind in _BY_ROUTE):
            parts = (part for kind in _BY_ROUTE for part in self.beside(function, kind))
            # What an API says may be hidden as well as its routes.
            if bad is None or Api.kind in kinds or any(id(part) in bad for part in parts):
                kinds = kinds | {Route.kind}
        return self.unread(function, kinds)

    def unread(self, resource: Resource, kinds: AbstractSet[str]) -> Doubt | None:
        """Why resources of these kinds that concern another one may stand in what was not read; None if they can't."""
        path = resource.origin.path if isinstance(resource.origin, File) else ""
        names = {"*", resource.address, *(function.address for function in resource.functions)}
        for place in (path, resource.key.partition("#")[0]):
            for gap in self._hiding.get(place, ()):
                if gap.concerns(kinds) and (not gap.affects or not names.isdisjoint(gap.affects)):
                    return Doubt(f"{gap.what}: {gap.why}", gap.remedy, gap.kind)
        return None

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Every resource."""
        self.asked.update(kind.kind for kind in KINDS)
        return tuple(self._by_key.values())

    @property
    def functions(self) -> tuple[Function, ...]:
        """The Lambda functions."""
        return self.of(Function)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The IAM roles."""
        return self.of(Role)

    @property
    def urls(self) -> tuple[Url, ...]:
        """The function URLs."""
        return self.of(Url)

    @property
    def apis(self) -> tuple[Api, ...]:
        """The APIs of API Gateway."""
        return self.of(Api)
