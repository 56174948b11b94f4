"""Lambda functions and what belongs to them: aliases, URLs, permissions, event sources, layers, code signing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from msgspec import Struct

from stockade.model.kinds.base import API, GUIDE, NONE, NULL, Resource
from stockade.model.value import NO, Doubt, Origin, Relation, Tri, Value, When, unset

if TYPE_CHECKING:
    from stockade.model.kinds.compute import CapacityProvider
    from stockade.model.kinds.identity import Role
    from stockade.model.kinds.observation import Alarm, LogGroup


class EnvVar(Struct, frozen=True, eq=False):
    """One environment variable. `exists` says when it is there."""

    name: str
    value: Value[str]
    origin: Origin
    exists: When = ()


class Function(Resource, frozen=True, eq=False, kw_only=True):
    """A Lambda function with its configuration (of `$LATEST` and of what is published from it)."""

    kind: ClassVar[str] = "function"

    description: Value[str] = NULL
    package_type: Value[str] = unset("Zip", API + "API_CreateFunction.html")
    runtime: Value[str] = NULL
    handler: Value[str] = NULL
    architectures: Relation[Value[str]] = NONE
    code_path: Value[str] = NULL  # a folder or archive on disk, relative to the template
    code_bucket: Value[str] = NULL
    code_inline: Value[str] = NULL
    image_uri: Value[str] = NULL
    role: Value[str] = NULL
    timeout: Value[int] = unset(3, API + "API_CreateFunction.html")  # seconds
    memory: Value[int] = unset(128, API + "API_CreateFunction.html")  # MB
    ephemeral_storage: Value[int] = unset(512, GUIDE + "configuration-ephemeral-storage.html")  # MB
    environment: Relation[EnvVar] = NONE
    kms_key: Value[str] = NULL
    tracing: Value[str] = unset("PassThrough", API + "API_TracingConfig.html")
    subnets: Relation[Value[str]] = NONE
    security_groups: Relation[Value[str]] = NONE
    ipv6: Value[bool] = unset(False, API + "API_VpcConfig.html")
    layers: Relation[Value[str]] = NONE
    dead_letter: Value[str] = NULL
    reserved_concurrency: Value[int] = NULL
    log_format: Value[str] = unset("Text", API + "API_LoggingConfig.html")
    log_level: Value[str] = NULL
    system_log_level: Value[str] = NULL
    log_group_name: Value[str] = NULL
    code_signing: Value[str] = NULL
    snap_start: Value[str] = unset("None", API + "API_SnapStart.html")
    runtime_update: Value[str] = unset("Auto", GUIDE + "runtimes-update.html")
    runtime_version: Value[str] = NULL
    recursive_loop: Value[str] = unset("Terminate", GUIDE + "invocation-recursion.html")
    file_systems: Relation[Value[str]] = NONE
    durable: Value[str] = NULL  # for how long an execution that outlasts invocations may run, in seconds
    durable_retention: Value[int] = NULL  # days for which its history is kept
    durable_key: Value[str] = NULL
    code_key: Value[str] = NULL  # of the archive that is deployed
    tenancy: Value[str] = NULL  # PER_TENANT: tenants share no execution environment
    capacity_provider: Value[str] = NULL
    max_environments: Value[int] = NULL  # on instances that Lambda manages
    # links
    instances: CapacityProvider | None = None
    execution_role: Role | None = None
    role_unknown: Doubt | None = None  # why execution_role is None although the function has a role
    role_cases: tuple[tuple[When, Role], ...] = ()  # where a condition chooses the role
    urls: Relation[Url] = NONE
    permissions: Relation[Permission] = NONE
    event_sources: Relation[EventSource] = NONE
    async_configs: Relation[AsyncConfig] = NONE
    aliases: Relation[Alias] = NONE
    invokers: Relation[Invoker] = NONE
    log_groups: Relation[LogGroup] = NONE
    alarms: Relation[Alarm] = NONE


class Invoker(Struct, frozen=True, eq=False, kw_only=True):
    """One way in which a function is invoked. Made by linking, never read from a source as such.

    `how`: "sync" (the caller waits), "async" (Lambda queues and retries the event) or "poll" (Lambda reads a queue or stream).
    `via`: a stable word: url, api, sqs, kinesis, dynamodb, kafka, mq, documentdb, s3, sns, events, schedule, cognito, iot, ses,
    logs, config, appsync, alb, states, alexa, cloudfront, pipe, permission, …
    `public`: whether anybody on the internet can cause an invocation with data of their choice and no credentials.
    """

    via: str
    how: Literal["sync", "async", "poll"]
    origin: Origin
    public: Tri = NO
    source: Resource | None = None
    exists: When = ()


class Alias(Resource, frozen=True, eq=False, kw_only=True):
    """An alias of a function; `name` is the alias."""

    kind: ClassVar[str] = "alias"

    function_name: Value[str] = NULL
    version: Value[str] = NULL
    weights: Relation[Value[str]] = NONE  # versions that get a share of the traffic
    provisioned_concurrency: Value[int] = NULL
    # links
    function: Function | None = None


class Version(Resource, frozen=True, eq=False, kw_only=True):
    """A published version of a function."""

    kind: ClassVar[str] = "version"

    function_name: Value[str] = NULL
    description: Value[str] = NULL
    provisioned_concurrency: Value[int] = NULL
    runtime_update: Value[str] = NULL
    # links
    function: Function | None = None


class AsyncConfig(Resource, frozen=True, eq=False, kw_only=True):
    """How asynchronous invocations of a function (or of one of its aliases) are retried and where they end."""

    kind: ClassVar[str] = "async-config"

    function_name: Value[str] = NULL
    qualifier: Value[str] = unset("$LATEST", API + "API_PutFunctionEventInvokeConfig.html")
    max_age: Value[int] = unset(21600, API + "API_PutFunctionEventInvokeConfig.html")  # seconds
    max_retries: Value[int] = unset(2, API + "API_PutFunctionEventInvokeConfig.html")
    on_success: Value[str] = NULL
    on_failure: Value[str] = NULL
    # links
    function: Function | None = None


class Url(Resource, frozen=True, eq=False, kw_only=True):
    """A function URL."""

    kind: ClassVar[str] = "url"

    function_name: Value[str] = NULL
    qualifier: Value[str] = NULL
    auth: Value[str] = NULL
    invoke_mode: Value[str] = unset("BUFFERED", API + "API_CreateFunctionUrlConfig.html")
    cors_origins: Relation[Value[str]] = NONE
    cors_methods: Relation[Value[str]] = NONE
    cors_headers: Relation[Value[str]] = NONE
    cors_expose_headers: Relation[Value[str]] = NONE
    cors_credentials: Value[bool] = unset(False, API + "API_Cors.html")
    cors_max_age: Value[int] = NULL  # seconds
    # links
    function: Function | None = None


class Permission(Resource, frozen=True, eq=False, kw_only=True):
    """One statement of a function's (or layer version's) resource policy."""

    kind: ClassVar[str] = "permission"

    function_name: Value[str] = NULL
    action: Value[str] = NULL
    principal: Value[str] = NULL
    source_arn: Value[str] = NULL
    source_account: Value[str] = NULL
    principal_org: Value[str] = NULL
    event_source_token: Value[str] = NULL
    url_auth: Value[str] = NULL
    via_url_only: Value[bool] = unset(False, API + "API_AddPermission.html")
    generated_by: str = ""  # the SAM event, say, that makes it; empty if it was written as such
    # links
    function: Function | None = None
    source: Resource | None = None  # what the source ARN names, if that is part of the application


class EventSource(Resource, frozen=True, eq=False, kw_only=True):
    """An event source mapping: Lambda polls the source for the function."""

    kind: ClassVar[str] = "event-source"

    function_name: Value[str] = NULL
    source_arn: Value[str] = NULL
    service: Value[str] = (
        NULL  # sqs, kinesis, dynamodb, kafka (self-managed), msk, mq, documentdb; from the ARN or the event
    )
    enabled: Value[bool] = unset(True, API + "API_CreateEventSourceMapping.html")
    batch_size: Value[int] = NULL
    batch_window: Value[int] = NULL  # seconds
    bisect: Value[bool] = unset(False, API + "API_CreateEventSourceMapping.html")
    max_retries: Value[int] = unset(-1, API + "API_CreateEventSourceMapping.html")  # -1: until the record expires
    max_record_age: Value[int] = unset(-1, API + "API_CreateEventSourceMapping.html")  # seconds; -1: no limit
    on_failure: Value[str] = NULL
    response_types: Relation[Value[str]] = NONE
    max_concurrency: Value[int] = NULL
    filters: Relation[Value[str]] = NONE
    starting_position: Value[str] = NULL
    parallelization: Value[int] = unset(1, API + "API_CreateEventSourceMapping.html")
    tumbling_window: Value[int] = NULL  # seconds
    kms_key: Value[str] = NULL
    max_pollers: Value[int] = NULL  # in provisioned mode
    schema_registry: Value[str] = NULL
    access: Relation[Value[str]] = NONE  # SourceAccessConfigurations' URIs (secrets, subnets, security groups)
    # links
    function: Function | None = None
    source: Resource | None = None


class LayerVersion(Resource, frozen=True, eq=False, kw_only=True):
    """A layer version of this application."""

    kind: ClassVar[str] = "layer"

    code_path: Value[str] = NULL
    compatible_runtimes: Relation[Value[str]] = NONE
    license: Value[str] = NULL


class LayerPermission(Resource, frozen=True, eq=False, kw_only=True):
    """Who may use a layer version."""

    kind: ClassVar[str] = "layer-permission"

    layer_arn: Value[str] = NULL
    action: Value[str] = NULL
    principal: Value[str] = NULL
    organization: Value[str] = NULL
    # links
    layer: LayerVersion | None = None


class CodeSigningConfig(Resource, frozen=True, eq=False, kw_only=True):
    """Which signing profiles are trusted, and what happens to untrusted code."""

    kind: ClassVar[str] = "code-signing"

    untrusted: Value[str] = unset("Warn", API + "API_CodeSigningPolicies.html")
    profiles: Relation[Value[str]] = NONE
