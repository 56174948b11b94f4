"""What Lambda runs beside functions, and on what: capacity providers, network connectors, MicroVM images, web functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from stockade.model.kinds.base import CFN, NONE, NULL, Resource
from stockade.model.value import Relation, Value, unset

if TYPE_CHECKING:
    from stockade.model.kinds.functions import EnvVar
    from stockade.model.kinds.identity import Role


class CapacityProvider(Resource, frozen=True, eq=False, kw_only=True):
    """Instances in the user's own network that Lambda manages, on which functions run (Lambda Managed Instances)."""

    kind: ClassVar[str] = "capacity-provider"

    subnets: Relation[Value[str]] = NONE
    security_groups: Relation[Value[str]] = NONE
    role: Value[str] = NULL  # with which Lambda manages the instances
    kms_key: Value[str] = NULL
    architectures: Relation[Value[str]] = NONE
    instance_types: Relation[Value[str]] = NONE  # those that are allowed; all where none is named
    max_vcpus: Value[int] = NULL
    log_group_name: Value[str] = NULL
    system_log_level: Value[str] = NULL
    # links
    execution_role: Role | None = None


class NetworkConnector(Resource, frozen=True, eq=False, kw_only=True):
    """The way out through a VPC for MicroVMs and web functions."""

    kind: ClassVar[str] = "network-connector"

    subnets: Relation[Value[str]] = NONE
    security_groups: Relation[Value[str]] = NONE
    protocol: Value[str] = NULL  # IPv4 or DualStack
    computes: Relation[Value[str]] = NONE  # MicroVm or WebFunction
    role: Value[str] = NULL  # with which Lambda manages its network interfaces
    # links
    execution_role: Role | None = None


class MicrovmImage(Resource, frozen=True, eq=False, kw_only=True):
    """An image that MicroVMs are started from."""

    kind: ClassVar[str] = "microvm-image"

    description: Value[str] = NULL
    base_image: Value[str] = NULL
    base_version: Value[str] = NULL
    code_uri: Value[str] = NULL
    role: Value[str] = NULL  # with which it is built
    environment: Relation[EnvVar] = NONE  # while it is built, which the snapshot keeps
    connectors: Relation[Value[str]] = NONE
    capabilities: Relation[Value[str]] = NONE  # of the operating system, beyond the usual ones
    logs_disabled: Value[bool] = unset(False, CFN + "aws-properties-lambda-microvmimage-logging.html")
    log_group_name: Value[str] = NULL
    # links
    execution_role: Role | None = None


class WebFunction(Resource, frozen=True, eq=False, kw_only=True):
    """A function that serves a web application; what it runs is a revision, how it is reached an endpoint."""

    kind: ClassVar[str] = "web-function"


class WebRevision(Resource, frozen=True, eq=False, kw_only=True):
    """A revision of a web function: its code and configuration."""

    kind: ClassVar[str] = "web-revision"

    function_name: Value[str] = NULL
    description: Value[str] = NULL
    runtime: Value[str] = NULL
    code_bucket: Value[str] = NULL
    role: Value[str] = NULL
    environment: Relation[EnvVar] = NONE
    kms_key: Value[str] = NULL
    connector: Value[str] = NULL
    timeout: Value[int] = NULL  # seconds
    concurrency: Value[int] = NULL  # of requests in one environment
    log_level: Value[str] = NULL
    system_log_level: Value[str] = NULL
    log_group_name: Value[str] = NULL
    # links
    web_function: WebFunction | None = None
    execution_role: Role | None = None


class WebEndpoint(Resource, frozen=True, eq=False, kw_only=True):
    """An endpoint of a web function, with a domain name of its own on the internet."""

    kind: ClassVar[str] = "web-endpoint"

    function_name: Value[str] = NULL
    description: Value[str] = NULL
    auth: Value[str] = NULL  # IamAuth, or ApplicationManaged: whoever calls reaches the code
    scope: Value[str] = NULL  # HomeRegion, MultiRegion or PerRegion
    regions: Relation[Value[str]] = NONE
    max_environments: Value[int] = NULL
    rate_limit: Value[int] = NULL
    # links
    web_function: WebFunction | None = None
