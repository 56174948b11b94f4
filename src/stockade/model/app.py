"""The one model of a serverless application. See `docs/architecture.md`.

Every resource is a frozen record of `Value`s (what holds, after Globals, defaults, modules and conditions), named in AWS's
terms. A field that nobody wrote holds the service's default, with the page that states it. Fields under "links" are set once
by `stockade.model.link`, when the whole application has been read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from msgspec import Struct

from stockade.model.value import NOTHING, NO, Doubt, Origin, Relation, Tri, Value, When, unset

if TYPE_CHECKING:
    from stockade.model.policy import Statement
    from stockade.text.document import Document, Span
    from stockade.text.node import Node

_GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/"
_API = "https://docs.aws.amazon.com/lambda/latest/api/"
_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"

_NULL: Value[Any] = unset(None, "")
_NONE: Relation[Any] = NOTHING


class Site(Struct, frozen=True, eq=False):
    """Where an input finds a resource again when something is to be written: its lens table and the place it starts at.

    `block` is the input's own node of the resource; `base` leads from there to what the resource was made of (for a URL in a
    SAM function: `("Properties", "FunctionUrlConfig")`). Rules never look into it.
    """

    input: str
    table: str
    document: Document
    address: str
    block: Any
    base: tuple[str | int, ...] = ()
    key_span: Span | None = None
    context: Any = None


class Gap(Struct, frozen=True, eq=False, kw_only=True):
    """Something that could not be seen. Always reported, never silent.

    `affects`: addresses of resources whose verdicts it makes unsure, or `("*",)` for all of `path`; empty if it is only told.
    `hides` says that resources may exist that are not in the model, so that "there is none" is not known.
    """

    what: str
    why: str
    remedy: str = ""
    kind: str = "unsupported"
    path: str = ""
    span: Span | None = None
    affects: tuple[str, ...] = ()
    hides: bool = False
    kinds: tuple[str, ...] = ()  # of the hidden resources, where that is known


class Resource(Struct, frozen=True, eq=False, kw_only=True):
    """What all resources have. `key` is unique in the App; `address` is what a person calls it; `type` is the source's word."""

    kind: ClassVar[str] = "resource"

    address: str
    key: str
    type: str
    origin: Origin
    exists: When = ()
    site: Site | None = None
    name: Value[str] = _NULL
    tags: Relation[Tag] = _NONE
    framework_owned: str = ""  # why people can't change it in place (a CDK custom-resource provider, say); empty if they can
    # links
    functions: tuple[Function, ...] = ()  # the functions that it concerns, for reports by function

    def __str__(self) -> str:
        return self.address

    def __repr__(self) -> str:
        # Records link to each other in circles, so that a record in full would never end.
        return f"<{self.kind} {self.address}>"


class Tag(Struct, frozen=True, eq=False):
    """One tag."""

    key: Value[str]
    value: Value[str]


# -------------------------------------------------------------------------------------------------------------- functions


class EnvVar(Struct, frozen=True, eq=False):
    """One environment variable. `exists` says when it is there."""

    name: str
    value: Value[str]
    origin: Origin
    exists: When = ()


class Function(Resource, frozen=True, eq=False, kw_only=True):
    """A Lambda function with its configuration (of `$LATEST` and of what is published from it)."""

    kind: ClassVar[str] = "function"

    description: Value[str] = _NULL
    package_type: Value[str] = unset("Zip", _API + "API_CreateFunction.html")
    runtime: Value[str] = _NULL
    handler: Value[str] = _NULL
    architectures: Relation[Value[str]] = _NONE
    code_path: Value[str] = _NULL  # a folder or archive on disk, relative to the template
    code_bucket: Value[str] = _NULL
    code_inline: Value[str] = _NULL
    image_uri: Value[str] = _NULL
    role: Value[str] = _NULL
    timeout: Value[int] = unset(3, _API + "API_CreateFunction.html")  # seconds
    memory: Value[int] = unset(128, _API + "API_CreateFunction.html")  # MB
    ephemeral_storage: Value[int] = unset(512, _GUIDE + "configuration-ephemeral-storage.html")  # MB
    environment: Relation[EnvVar] = _NONE
    kms_key: Value[str] = _NULL
    tracing: Value[str] = unset("PassThrough", _API + "API_TracingConfig.html")
    subnets: Relation[Value[str]] = _NONE
    security_groups: Relation[Value[str]] = _NONE
    ipv6: Value[bool] = unset(False, _API + "API_VpcConfig.html")  # noqa: FBT003
    layers: Relation[Value[str]] = _NONE
    dead_letter: Value[str] = _NULL
    reserved_concurrency: Value[int] = _NULL
    log_format: Value[str] = unset("Text", _API + "API_LoggingConfig.html")
    log_level: Value[str] = _NULL
    system_log_level: Value[str] = _NULL
    log_group_name: Value[str] = _NULL
    code_signing: Value[str] = _NULL
    snap_start: Value[str] = unset("None", _API + "API_SnapStart.html")
    runtime_update: Value[str] = unset("Auto", _GUIDE + "runtimes-update.html")
    runtime_version: Value[str] = _NULL
    recursive_loop: Value[str] = unset("Terminate", _GUIDE + "invocation-recursion.html")
    file_systems: Relation[Value[str]] = _NONE
    durable: Value[str] = _NULL
    # links
    execution_role: Role | None = None
    role_unknown: Doubt | None = None  # why execution_role is None although the function has a role
    role_cases: tuple[tuple[When, Role], ...] = ()  # where a condition chooses the role
    urls: Relation[Url] = _NONE
    permissions: Relation[Permission] = _NONE
    event_sources: Relation[EventSource] = _NONE
    async_configs: Relation[AsyncConfig] = _NONE
    aliases: Relation[Alias] = _NONE
    invokers: Relation[Invoker] = _NONE
    log_groups: Relation[LogGroup] = _NONE
    alarms: Relation[Alarm] = _NONE


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

    function_name: Value[str] = _NULL
    version: Value[str] = _NULL
    weights: Relation[Value[str]] = _NONE  # versions that get a share of the traffic
    provisioned_concurrency: Value[int] = _NULL
    # links
    function: Function | None = None


class Version(Resource, frozen=True, eq=False, kw_only=True):
    """A published version of a function."""

    kind: ClassVar[str] = "version"

    function_name: Value[str] = _NULL
    description: Value[str] = _NULL
    provisioned_concurrency: Value[int] = _NULL
    runtime_update: Value[str] = _NULL
    # links
    function: Function | None = None


class AsyncConfig(Resource, frozen=True, eq=False, kw_only=True):
    """How asynchronous invocations of a function (or of one of its aliases) are retried and where they end."""

    kind: ClassVar[str] = "async-config"

    function_name: Value[str] = _NULL
    qualifier: Value[str] = unset("$LATEST", _API + "API_PutFunctionEventInvokeConfig.html")
    max_age: Value[int] = unset(21600, _API + "API_PutFunctionEventInvokeConfig.html")  # seconds
    max_retries: Value[int] = unset(2, _API + "API_PutFunctionEventInvokeConfig.html")
    on_success: Value[str] = _NULL
    on_failure: Value[str] = _NULL
    # links
    function: Function | None = None


class Url(Resource, frozen=True, eq=False, kw_only=True):
    """A function URL."""

    kind: ClassVar[str] = "url"

    function_name: Value[str] = _NULL
    qualifier: Value[str] = _NULL
    auth: Value[str] = _NULL
    invoke_mode: Value[str] = unset("BUFFERED", _API + "API_CreateFunctionUrlConfig.html")
    cors_origins: Relation[Value[str]] = _NONE
    cors_methods: Relation[Value[str]] = _NONE
    cors_headers: Relation[Value[str]] = _NONE
    cors_expose_headers: Relation[Value[str]] = _NONE
    cors_credentials: Value[bool] = unset(False, _API + "API_Cors.html")  # noqa: FBT003
    cors_max_age: Value[int] = _NULL  # seconds
    # links
    function: Function | None = None


class Permission(Resource, frozen=True, eq=False, kw_only=True):
    """One statement of a function's (or layer version's) resource policy."""

    kind: ClassVar[str] = "permission"

    function_name: Value[str] = _NULL
    action: Value[str] = _NULL
    principal: Value[str] = _NULL
    source_arn: Value[str] = _NULL
    source_account: Value[str] = _NULL
    principal_org: Value[str] = _NULL
    event_source_token: Value[str] = _NULL
    url_auth: Value[str] = _NULL
    via_url_only: Value[bool] = unset(False, _API + "API_AddPermission.html")  # noqa: FBT003
    generated_by: str = ""  # the SAM event, say, that makes it; empty if it was written as such
    # links
    function: Function | None = None
    source: Resource | None = None  # what the source ARN names, if that is part of the application


class EventSource(Resource, frozen=True, eq=False, kw_only=True):
    """An event source mapping: Lambda polls the source for the function."""

    kind: ClassVar[str] = "event-source"

    function_name: Value[str] = _NULL
    source_arn: Value[str] = _NULL
    service: Value[str] = _NULL  # sqs, kinesis, dynamodb, kafka (self-managed), msk, mq, documentdb; from the ARN or the event
    enabled: Value[bool] = unset(True, _API + "API_CreateEventSourceMapping.html")  # noqa: FBT003
    batch_size: Value[int] = _NULL
    batch_window: Value[int] = _NULL  # seconds
    bisect: Value[bool] = unset(False, _API + "API_CreateEventSourceMapping.html")  # noqa: FBT003
    max_retries: Value[int] = unset(-1, _API + "API_CreateEventSourceMapping.html")  # -1: until the record expires
    max_record_age: Value[int] = unset(-1, _API + "API_CreateEventSourceMapping.html")  # seconds; -1: no limit
    on_failure: Value[str] = _NULL
    response_types: Relation[Value[str]] = _NONE
    max_concurrency: Value[int] = _NULL
    filters: Relation[Value[str]] = _NONE
    starting_position: Value[str] = _NULL
    parallelization: Value[int] = unset(1, _API + "API_CreateEventSourceMapping.html")
    tumbling_window: Value[int] = _NULL  # seconds
    kms_key: Value[str] = _NULL
    access: Relation[Value[str]] = _NONE  # SourceAccessConfigurations' URIs (secrets, subnets, security groups)
    # links
    function: Function | None = None
    source: Resource | None = None


class LayerVersion(Resource, frozen=True, eq=False, kw_only=True):
    """A layer version of this application."""

    kind: ClassVar[str] = "layer"

    code_path: Value[str] = _NULL
    compatible_runtimes: Relation[Value[str]] = _NONE
    license: Value[str] = _NULL


class LayerPermission(Resource, frozen=True, eq=False, kw_only=True):
    """Who may use a layer version."""

    kind: ClassVar[str] = "layer-permission"

    layer_arn: Value[str] = _NULL
    action: Value[str] = _NULL
    principal: Value[str] = _NULL
    organization: Value[str] = _NULL
    # links
    layer: LayerVersion | None = None


class CodeSigningConfig(Resource, frozen=True, eq=False, kw_only=True):
    """Which signing profiles are trusted, and what happens to untrusted code."""

    kind: ClassVar[str] = "code-signing"

    untrusted: Value[str] = unset("Warn", _API + "API_CodeSigningPolicies.html")
    profiles: Relation[Value[str]] = _NONE


# --------------------------------------------------------------------------------------------------------------- identity


class Policy(Resource, frozen=True, eq=False, kw_only=True):
    """A policy document that is attached to something.

    `form`: "inline" (in a role or attached by a policy resource), "managed" (a customer managed policy), "template" (a SAM
    policy template, whose name is in `template`), "connector", "resource" (a queue's, bucket's, key's, API's … policy),
    "generated" (the framework adds it by itself).
    """

    kind: ClassVar[str] = "policy"

    form: str = "inline"
    template: str = ""
    statements: Relation[Statement] = _NONE
    roles: Relation[Value[str]] = _NONE  # what an attachment written on the policy names
    users: Relation[Value[str]] = _NONE
    groups: Relation[Value[str]] = _NONE
    targets: Relation[Value[str]] = _NONE  # for a resource policy: the resources that it is put on
    # links
    attached_to: tuple[Role, ...] = ()
    guards: tuple[Resource, ...] = ()  # for a resource policy: the resources of the application that it is put on


class Role(Resource, frozen=True, eq=False, kw_only=True):
    """An IAM role. `policies` holds every document that the application shows; `managed` every ARN attached to it."""

    kind: ClassVar[str] = "role"

    path: Value[str] = _NULL
    trust: Relation[Statement] = _NONE
    managed: Relation[Value[str]] = _NONE
    boundary: Value[str] = _NULL
    max_session: Value[int] = unset(3600, _CFN + "aws-resource-iam-role.html")  # seconds
    inline: Relation[Policy] = _NONE
    generated: bool = False  # made by the framework for one function (SAM's default role), not written
    # links
    policies: Relation[Policy] = _NONE  # inline, attached, customer managed of this application
    is_execution_role: Tri = NO


# ------------------------------------------------------------------------------------------------------------------- APIs


class Api(Resource, frozen=True, eq=False, kw_only=True):
    """An API of API Gateway. `protocol`: REST, HTTP or WEBSOCKET."""

    kind: ClassVar[str] = "api"

    protocol: str = "REST"
    endpoint_type: Value[str] = _NULL
    vpc_endpoints: Relation[Value[str]] = _NONE
    default_endpoint_disabled: Value[bool] = unset(False, _CFN + "aws-resource-apigateway-restapi.html")  # noqa: FBT003
    policy: Relation[Statement] = _NONE
    cors_origins: Relation[Value[str]] = _NONE
    cors_methods: Relation[Value[str]] = _NONE
    cors_headers: Relation[Value[str]] = _NONE
    cors_credentials: Value[bool] = unset(False, _CFN + "aws-properties-apigatewayv2-api-cors.html")  # noqa: FBT003
    cors_max_age: Value[int] = _NULL
    minimum_tls: Value[str] = _NULL
    implicit: bool = False  # SAM makes it because events name no API
    definition: Value[str] = _NULL  # an OpenAPI document elsewhere
    # links
    stages: Relation[Stage] = _NONE
    routes: Relation[Route] = _NONE
    authorizers: Relation[Authorizer] = _NONE
    domains: Relation[Domain] = _NONE


class Stage(Resource, frozen=True, eq=False, kw_only=True):
    """A stage of an API."""

    kind: ClassVar[str] = "stage"

    api_id: Value[str] = _NULL
    access_log: Value[str] = _NULL  # destination ARN
    access_log_format: Value[str] = _NULL
    throttle_rate: Value[float] = _NULL  # requests a second, for all routes
    throttle_burst: Value[int] = _NULL
    tracing: Value[bool] = unset(False, _CFN + "aws-resource-apigateway-stage.html")  # noqa: FBT003
    execution_log_level: Value[str] = unset("OFF", _CFN + "aws-properties-apigateway-stage-methodsetting.html")
    data_trace: Value[bool] = unset(False, _CFN + "aws-properties-apigateway-stage-methodsetting.html")  # noqa: FBT003
    metrics: Value[bool] = unset(False, _CFN + "aws-properties-apigateway-stage-methodsetting.html")  # noqa: FBT003
    client_certificate: Value[str] = _NULL
    cache_enabled: Value[bool] = unset(False, _CFN + "aws-resource-apigateway-stage.html")  # noqa: FBT003
    cache_encrypted: Value[bool] = unset(False, _CFN + "aws-properties-apigateway-stage-methodsetting.html")  # noqa: FBT003
    auto_deploy: Value[bool] = unset(False, _CFN + "aws-resource-apigatewayv2-stage.html")  # noqa: FBT003
    variables: Relation[EnvVar] = _NONE
    # links
    api: Api | None = None
    web_acls: Relation[WebAclAssociation] = _NONE


class Route(Resource, frozen=True, eq=False, kw_only=True):
    """One method of one path of an API (for WebSocket APIs: a route key).

    `authorization`: NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS or JWT: what holds after the API's default.
    """

    kind: ClassVar[str] = "route"

    api_id: Value[str] = _NULL
    method: Value[str] = _NULL
    path: Value[str] = _NULL
    authorization: Value[str] = unset("NONE", _CFN + "aws-resource-apigateway-method.html")
    authorizer: Value[str] = _NULL
    api_key: Value[bool] = unset(False, _CFN + "aws-resource-apigateway-method.html")  # noqa: FBT003
    integration: Value[str] = _NULL  # what it calls: a function's ARN, or another integration's URI
    scopes: Relation[Value[str]] = _NONE
    # links
    api: Api | None = None
    function: Function | None = None


class Authorizer(Resource, frozen=True, eq=False, kw_only=True):
    """An authorizer of an API. `form`: TOKEN, REQUEST, COGNITO_USER_POOLS or JWT."""

    kind: ClassVar[str] = "authorizer"

    api_id: Value[str] = _NULL
    form: Value[str] = _NULL
    function_arn: Value[str] = _NULL
    providers: Relation[Value[str]] = _NONE
    ttl: Value[int] = unset(300, _CFN + "aws-resource-apigateway-authorizer.html")  # seconds
    identity_sources: Relation[Value[str]] = _NONE
    # links
    api: Api | None = None
    function: Function | None = None


class Domain(Resource, frozen=True, eq=False, kw_only=True):
    """A custom domain name of an API."""

    kind: ClassVar[str] = "domain"

    tls_policy: Value[str] = _NULL
    endpoint_type: Value[str] = _NULL
    mutual_tls: Value[str] = _NULL
    apis: Relation[Value[str]] = _NONE  # the APIs that are mapped to it


class UsagePlan(Resource, frozen=True, eq=False, kw_only=True):
    """A usage plan: how much the holders of API keys may call the APIs that it names."""

    kind: ClassVar[str] = "usage-plan"

    apis: Relation[Value[str]] = _NONE
    throttle_rate: Value[float] = _NULL  # requests a second, for each key
    throttle_burst: Value[int] = _NULL
    quota: Value[int] = _NULL  # requests a period


class WebAclAssociation(Resource, frozen=True, eq=False, kw_only=True):
    """A web ACL put in front of a stage, load balancer, …"""

    kind: ClassVar[str] = "web-acl-association"

    acl: Value[str] = _NULL
    target: Value[str] = _NULL


# ------------------------------------------------------------------------------------------------- messages, events, data


class Queue(Resource, frozen=True, eq=False, kw_only=True):
    """An SQS queue."""

    kind: ClassVar[str] = "queue"

    fifo: Value[bool] = unset(False, _CFN + "aws-resource-sqs-queue.html")  # noqa: FBT003
    visibility_timeout: Value[int] = unset(30, _CFN + "aws-resource-sqs-queue.html")  # seconds
    retention: Value[int] = unset(345600, _CFN + "aws-resource-sqs-queue.html")  # seconds
    kms_key: Value[str] = _NULL
    managed_sse: Value[bool] = unset(True, _CFN + "aws-resource-sqs-queue.html")  # noqa: FBT003
    dead_letter: Value[str] = _NULL
    max_receive: Value[int] = _NULL
    # links
    policies: Relation[Policy] = _NONE
    dead_letter_of: tuple[Resource, ...] = ()


class Topic(Resource, frozen=True, eq=False, kw_only=True):
    """An SNS topic."""

    kind: ClassVar[str] = "topic"

    fifo: Value[bool] = unset(False, _CFN + "aws-resource-sns-topic.html")  # noqa: FBT003
    kms_key: Value[str] = _NULL
    # links
    policies: Relation[Policy] = _NONE


class Subscription(Resource, frozen=True, eq=False, kw_only=True):
    """A subscription of an SNS topic."""

    kind: ClassVar[str] = "subscription"

    topic_arn: Value[str] = _NULL
    protocol: Value[str] = _NULL
    endpoint: Value[str] = _NULL
    dead_letter: Value[str] = _NULL
    filter: Value[str] = _NULL
    # links
    topic: Topic | None = None
    function: Function | None = None


class Bucket(Resource, frozen=True, eq=False, kw_only=True):
    """An S3 bucket. The four public-access settings default to true for buckets made since April 2023."""

    kind: ClassVar[str] = "bucket"

    encryption: Value[str] = unset("AES256", "https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html")
    kms_key: Value[str] = _NULL
    block_public_acls: Value[bool] = unset(True, _CFN + "aws-properties-s3-bucket-publicaccessblockconfiguration.html")  # noqa: FBT003
    block_public_policy: Value[bool] = unset(True, _CFN + "aws-properties-s3-bucket-publicaccessblockconfiguration.html")  # noqa: FBT003
    ignore_public_acls: Value[bool] = unset(True, _CFN + "aws-properties-s3-bucket-publicaccessblockconfiguration.html")  # noqa: FBT003
    restrict_public_buckets: Value[bool] = unset(True, _CFN + "aws-properties-s3-bucket-publicaccessblockconfiguration.html")  # noqa: FBT003
    acl: Value[str] = _NULL
    versioning: Value[str] = unset("Suspended", _CFN + "aws-properties-s3-bucket-versioningconfiguration.html")
    logging: Value[str] = _NULL
    # links
    policies: Relation[Policy] = _NONE


class Notification(Resource, frozen=True, eq=False, kw_only=True):
    """One notification of a bucket: what it tells of, and to whom."""

    kind: ClassVar[str] = "notification"

    bucket_name: Value[str] = _NULL
    destination: Value[str] = _NULL
    events: Relation[Value[str]] = _NONE
    # links
    bucket: Bucket | None = None
    function: Function | None = None


class Table(Resource, frozen=True, eq=False, kw_only=True):
    """A DynamoDB table (or global table)."""

    kind: ClassVar[str] = "table"

    kms_key: Value[str] = _NULL
    customer_key: Value[bool] = unset(False, _CFN + "aws-properties-dynamodb-table-ssespecification.html")  # noqa: FBT003
    point_in_time_recovery: Value[bool] = unset(False, _CFN + "aws-resource-dynamodb-table.html")  # noqa: FBT003
    deletion_protection: Value[bool] = unset(False, _CFN + "aws-resource-dynamodb-table.html")  # noqa: FBT003
    stream_view: Value[str] = _NULL
    # links
    policies: Relation[Policy] = _NONE


class Stream(Resource, frozen=True, eq=False, kw_only=True):
    """A Kinesis data stream."""

    kind: ClassVar[str] = "stream"

    encryption: Value[str] = unset("NONE", _CFN + "aws-resource-kinesis-stream.html")
    kms_key: Value[str] = _NULL
    retention: Value[int] = unset(24, _CFN + "aws-resource-kinesis-stream.html")  # hours


class EventBus(Resource, frozen=True, eq=False, kw_only=True):
    """An EventBridge bus."""

    kind: ClassVar[str] = "event-bus"

    kms_key: Value[str] = _NULL
    # links
    policies: Relation[Policy] = _NONE


class EventRule(Resource, frozen=True, eq=False, kw_only=True):
    """An EventBridge rule (by pattern or schedule)."""

    kind: ClassVar[str] = "event-rule"

    schedule: Value[str] = _NULL
    pattern: Value[str] = _NULL
    bus: Value[str] = _NULL
    state: Value[str] = unset("ENABLED", _CFN + "aws-resource-events-rule.html")
    targets: Relation[Target] = _NONE


class Target(Struct, frozen=True, eq=False, kw_only=True):
    """One target of a rule, schedule or pipe."""

    arn: Value[str]
    origin: Origin
    dead_letter: Value[str] = _NULL
    role: Value[str] = _NULL
    input: Value[str] = _NULL
    max_retries: Value[int] = _NULL
    exists: When = ()


class Schedule(Resource, frozen=True, eq=False, kw_only=True):
    """A schedule of EventBridge Scheduler."""

    kind: ClassVar[str] = "schedule"

    expression: Value[str] = _NULL
    kms_key: Value[str] = _NULL
    state: Value[str] = unset("ENABLED", _CFN + "aws-resource-scheduler-schedule.html")
    targets: Relation[Target] = _NONE


class Pipe(Resource, frozen=True, eq=False, kw_only=True):
    """An EventBridge pipe."""

    kind: ClassVar[str] = "pipe"

    source_arn: Value[str] = _NULL
    enrichment: Value[str] = _NULL
    role: Value[str] = _NULL
    targets: Relation[Target] = _NONE


class StateMachine(Resource, frozen=True, eq=False, kw_only=True):
    """A Step Functions state machine."""

    kind: ClassVar[str] = "state-machine"

    type_: Value[str] = unset("STANDARD", _CFN + "aws-resource-stepfunctions-statemachine.html")
    role: Value[str] = _NULL
    log_level: Value[str] = unset("OFF", _CFN + "aws-properties-stepfunctions-statemachine-loggingconfiguration.html")
    log_data: Value[bool] = unset(False, _CFN + "aws-properties-stepfunctions-statemachine-loggingconfiguration.html")  # noqa: FBT003
    tracing: Value[bool] = unset(False, _CFN + "aws-properties-stepfunctions-statemachine-tracingconfiguration.html")  # noqa: FBT003
    kms_key: Value[str] = _NULL
    calls: Relation[Value[str]] = _NONE  # every resource that its definition names
    # links
    execution_role: Role | None = None


class Secret(Resource, frozen=True, eq=False, kw_only=True):
    """A secret of Secrets Manager."""

    kind: ClassVar[str] = "secret"

    kms_key: Value[str] = _NULL
    literal: Value[str] = _NULL  # a secret string written into the source
    generated: Value[bool] = unset(False, _CFN + "aws-resource-secretsmanager-secret.html")  # noqa: FBT003
    # links
    rotations: Relation[Rotation] = _NONE
    policies: Relation[Policy] = _NONE


class Rotation(Resource, frozen=True, eq=False, kw_only=True):
    """A rotation schedule of a secret."""

    kind: ClassVar[str] = "rotation"

    secret_id: Value[str] = _NULL
    function_arn: Value[str] = _NULL
    days: Value[int] = _NULL
    expression: Value[str] = _NULL
    # links
    secret: Secret | None = None


class Parameter(Resource, frozen=True, eq=False, kw_only=True):
    """A parameter of SSM Parameter Store."""

    kind: ClassVar[str] = "parameter"

    form: Value[str] = _NULL
    literal: Value[str] = _NULL
    kms_key: Value[str] = _NULL


class Key(Resource, frozen=True, eq=False, kw_only=True):
    """A customer managed KMS key."""

    kind: ClassVar[str] = "key"

    enabled: Value[bool] = unset(True, _CFN + "aws-resource-kms-key.html")  # noqa: FBT003
    rotation: Value[bool] = unset(False, _CFN + "aws-resource-kms-key.html")  # noqa: FBT003
    spec: Value[str] = unset("SYMMETRIC_DEFAULT", _CFN + "aws-resource-kms-key.html")
    usage: Value[str] = unset("ENCRYPT_DECRYPT", _CFN + "aws-resource-kms-key.html")
    material: Value[str] = unset("AWS_KMS", _CFN + "aws-resource-kms-key.html")
    pending_window: Value[int] = unset(30, _CFN + "aws-resource-kms-key.html")  # days
    # links
    policies: Relation[Policy] = _NONE


class KeyAlias(Resource, frozen=True, eq=False, kw_only=True):
    """An alias of a KMS key; `name` is `alias/…`."""

    kind: ClassVar[str] = "key-alias"

    target: Value[str] = _NULL


# ------------------------------------------------------------------------------------------------------------ observation


class LogGroup(Resource, frozen=True, eq=False, kw_only=True):
    """A CloudWatch log group. Without a retention its events are kept for ever."""

    kind: ClassVar[str] = "log-group"

    retention: Value[int] = _NULL  # days
    kms_key: Value[str] = _NULL


class LogSubscription(Resource, frozen=True, eq=False, kw_only=True):
    """A subscription filter of a log group."""

    kind: ClassVar[str] = "log-subscription"

    log_group: Value[str] = _NULL
    destination: Value[str] = _NULL


class Alarm(Resource, frozen=True, eq=False, kw_only=True):
    """A CloudWatch alarm. An alarm that computes over several metrics is one record for each metric that it uses.

    A composite alarm has a `rule`; what it does is added to the `actions` of the alarms that the rule names.
    """

    kind: ClassVar[str] = "alarm"

    namespace: Value[str] = _NULL
    metric: Value[str] = _NULL
    dimensions: Relation[Tag] = _NONE
    actions: Relation[Value[str]] = _NONE
    rule: Value[str] = _NULL
    actions_enabled: Value[bool] = unset(True, _CFN + "aws-resource-cloudwatch-alarm.html")  # noqa: FBT003


class Trail(Resource, frozen=True, eq=False, kw_only=True):
    """A CloudTrail trail."""

    kind: ClassVar[str] = "trail"

    logging: Value[bool] = _NULL
    validation: Value[bool] = unset(False, _CFN + "aws-resource-cloudtrail-trail.html")  # noqa: FBT003
    multi_region: Value[bool] = unset(False, _CFN + "aws-resource-cloudtrail-trail.html")  # noqa: FBT003
    kms_key: Value[str] = _NULL
    data_resources: Relation[Value[str]] = _NONE  # resource types or ARNs of its data events


# ---------------------------------------------------------------------------------------------------------------- network


class Vpc(Resource, frozen=True, eq=False, kw_only=True):
    """A VPC."""

    kind: ClassVar[str] = "vpc"

    cidr: Value[str] = _NULL


class Subnet(Resource, frozen=True, eq=False, kw_only=True):
    """A subnet. It is public when its route table leads to an internet gateway."""

    kind: ClassVar[str] = "subnet"

    vpc_id: Value[str] = _NULL
    cidr: Value[str] = _NULL
    zone: Value[str] = _NULL
    public_ip: Value[bool] = unset(False, _CFN + "aws-resource-ec2-subnet.html")  # noqa: FBT003
    # links
    public: Tri = NO


class RouteTable(Resource, frozen=True, eq=False, kw_only=True):
    """A route table of a VPC."""

    kind: ClassVar[str] = "route-table"

    vpc_id: Value[str] = _NULL


class NetworkRoute(Resource, frozen=True, eq=False, kw_only=True):
    """One route of a route table; `target` is the gateway, NAT gateway, interface or endpoint it leads to."""

    kind: ClassVar[str] = "network-route"

    route_table: Value[str] = _NULL
    destination: Value[str] = _NULL
    gateway: Value[str] = _NULL
    nat_gateway: Value[str] = _NULL
    target: Value[str] = _NULL


class SubnetRouteTable(Resource, frozen=True, eq=False, kw_only=True):
    """The association of a subnet with a route table."""

    kind: ClassVar[str] = "subnet-route-table"

    subnet: Value[str] = _NULL
    route_table: Value[str] = _NULL


class Gateway(Resource, frozen=True, eq=False, kw_only=True):
    """An internet gateway, egress-only internet gateway or NAT gateway: `form` is internet, egress-only or nat."""

    kind: ClassVar[str] = "gateway"

    form: str = "internet"
    subnet: Value[str] = _NULL


class VpcEndpoint(Resource, frozen=True, eq=False, kw_only=True):
    """A VPC endpoint."""

    kind: ClassVar[str] = "vpc-endpoint"

    vpc_id: Value[str] = _NULL
    service: Value[str] = _NULL
    form: Value[str] = unset("Gateway", _CFN + "aws-resource-ec2-vpcendpoint.html")
    policy: Relation[Statement] = _NONE
    subnets: Relation[Value[str]] = _NONE


class TrafficRule(Struct, frozen=True, eq=False, kw_only=True):
    """One rule of a security group. `protocol` "-1" is every protocol; absent ports are every port."""

    origin: Origin
    site: Site | None = None
    direction: Literal["ingress", "egress"] = "egress"
    protocol: Value[str] = _NULL
    from_port: Value[int] = _NULL
    to_port: Value[int] = _NULL
    cidr: Value[str] = _NULL
    cidr6: Value[str] = _NULL
    group: Value[str] = _NULL
    prefix_list: Value[str] = _NULL
    description: Value[str] = _NULL
    exists: When = ()
    implied: bool = False  # AWS adds "allow all egress" to a group that states no egress


class SecurityGroup(Resource, frozen=True, eq=False, kw_only=True):
    """A security group with all its rules, also those declared as resources of their own."""

    kind: ClassVar[str] = "security-group"

    vpc_id: Value[str] = _NULL
    description: Value[str] = _NULL
    inline_rules: Relation[TrafficRule] = _NONE
    # links
    rules: Relation[TrafficRule] = _NONE


class SecurityGroupRule(Resource, frozen=True, eq=False, kw_only=True):
    """A rule of a security group that is declared as a resource of its own."""

    kind: ClassVar[str] = "security-group-rule"

    group_id: Value[str] = _NULL
    rule: TrafficRule | None = None


# ------------------------------------------------------------------------------------------- other invokers and neighbours


class Repository(Resource, frozen=True, eq=False, kw_only=True):
    """An ECR repository."""

    kind: ClassVar[str] = "repository"

    tag_mutability: Value[str] = unset("MUTABLE", _CFN + "aws-resource-ecr-repository.html")
    scan_on_push: Value[bool] = unset(False, _CFN + "aws-resource-ecr-repository.html")  # noqa: FBT003
    kms_key: Value[str] = _NULL
    # links
    policies: Relation[Policy] = _NONE


class FileSystem(Resource, frozen=True, eq=False, kw_only=True):
    """An EFS file system."""

    kind: ClassVar[str] = "file-system"

    encrypted: Value[bool] = unset(False, _CFN + "aws-resource-efs-filesystem.html")  # noqa: FBT003
    kms_key: Value[str] = _NULL


class UserPool(Resource, frozen=True, eq=False, kw_only=True):
    """A Cognito user pool with the functions that its triggers call."""

    kind: ClassVar[str] = "user-pool"

    triggers: Relation[Value[str]] = _NONE
    mfa: Value[str] = unset("OFF", _CFN + "aws-resource-cognito-userpool.html")


class IdentityPool(Resource, frozen=True, eq=False, kw_only=True):
    """A Cognito identity pool."""

    kind: ClassVar[str] = "identity-pool"

    guests: Value[bool] = _NULL


class GraphqlApi(Resource, frozen=True, eq=False, kw_only=True):
    """An AppSync API."""

    kind: ClassVar[str] = "graphql-api"

    auth: Relation[Value[str]] = _NONE
    tracing: Value[bool] = unset(False, _CFN + "aws-resource-appsync-graphqlapi.html")  # noqa: FBT003
    log_role: Value[str] = _NULL
    log_level: Value[str] = _NULL
    authorizer_function: Value[str] = _NULL


class GraphqlSource(Resource, frozen=True, eq=False, kw_only=True):
    """A data source of an AppSync API that calls a function."""

    kind: ClassVar[str] = "graphql-source"

    api_id: Value[str] = _NULL
    function_arn: Value[str] = _NULL
    role: Value[str] = _NULL


class TargetGroup(Resource, frozen=True, eq=False, kw_only=True):
    """A load balancer's target group; `targets` are functions where its type is lambda."""

    kind: ClassVar[str] = "target-group"

    form: Value[str] = _NULL
    targets: Relation[Value[str]] = _NONE


class Listener(Resource, frozen=True, eq=False, kw_only=True):
    """A load balancer's listener."""

    kind: ClassVar[str] = "listener"

    load_balancer: Value[str] = _NULL
    protocol: Value[str] = _NULL
    tls_policy: Value[str] = _NULL
    target_groups: Relation[Value[str]] = _NONE
    authenticates: Value[bool] = unset(False, _CFN + "aws-resource-elasticloadbalancingv2-listener.html")  # noqa: FBT003


class LoadBalancer(Resource, frozen=True, eq=False, kw_only=True):
    """A load balancer."""

    kind: ClassVar[str] = "load-balancer"

    scheme: Value[str] = unset("internet-facing", _CFN + "aws-resource-elasticloadbalancingv2-loadbalancer.html")


class IotRule(Resource, frozen=True, eq=False, kw_only=True):
    """A topic rule of IoT Core."""

    kind: ClassVar[str] = "iot-rule"

    sql: Value[str] = _NULL
    function_arns: Relation[Value[str]] = _NONE


class ReceiptRule(Resource, frozen=True, eq=False, kw_only=True):
    """An SES receipt rule."""

    kind: ClassVar[str] = "receipt-rule"

    function_arns: Relation[Value[str]] = _NONE
    scan: Value[bool] = _NULL


class Distribution(Resource, frozen=True, eq=False, kw_only=True):
    """A CloudFront distribution."""

    kind: ClassVar[str] = "distribution"

    minimum_tls: Value[str] = _NULL
    web_acl: Value[str] = _NULL
    origins: Relation[Value[str]] = _NONE
    edge_functions: Relation[Value[str]] = _NONE


class Database(Resource, frozen=True, eq=False, kw_only=True):
    """A resource that is reached through a VPC: an RDS or Aurora database, a cache, a broker. `form` names the service."""

    kind: ClassVar[str] = "database"

    form: str = "rds"
    public: Value[bool] = _NULL
    encrypted: Value[bool] = unset(False, _CFN + "aws-resource-rds-dbinstance.html")  # noqa: FBT003
    password: Value[str] = _NULL
    security_groups: Relation[Value[str]] = _NONE


class Caller(Resource, frozen=True, eq=False, kw_only=True):
    """A resource of any other service that calls functions: a custom resource, a Config rule, a Firehose transformation, …

    `via` and `how` are as an `Invoker` has them.
    """

    kind: ClassVar[str] = "caller"

    via: str = ""
    how: Literal["sync", "async"] = "sync"
    function_arns: Relation[Value[str]] = _NONE


class Variable(Resource, frozen=True, eq=False, kw_only=True):
    """An input of a source: a template's parameter, a module's variable.

    `hidden`: the source asks that its value is not shown (`NoEcho`, `sensitive`).
    """

    kind: ClassVar[str] = "variable"

    form: Value[str] = unset("String", _CFN + "parameters-section-structure.html")
    default: Value[str] = _NULL
    hidden: Value[bool] = unset(False, _CFN + "parameters-section-structure.html")  # noqa: FBT003


class Other(Resource, frozen=True, eq=False, kw_only=True):
    """A resource that the model does not look into; it can still be referred to."""

    kind: ClassVar[str] = "other"


class SourceFile(Resource, frozen=True, eq=False, kw_only=True):
    """A file as a subject of findings that are about no resource, such as an ignore that nothing falls under."""

    kind: ClassVar[str] = "file"


R = TypeVar("R", bound=Resource)

KINDS: tuple[type[Resource], ...] = (
    Function, Alias, Version, AsyncConfig, Url, Permission, EventSource, LayerVersion, LayerPermission, CodeSigningConfig, Policy, Role,
    Api, Stage, Route, Authorizer, Domain, UsagePlan, WebAclAssociation, Queue, Topic, Subscription, Bucket, Notification, Table, Stream,
    EventBus, EventRule, Schedule, Pipe, StateMachine, Secret, Rotation, Parameter, Key, KeyAlias, LogGroup, LogSubscription,
    Alarm, Trail, Vpc, Subnet, RouteTable, NetworkRoute, SubnetRouteTable, Gateway, VpcEndpoint, SecurityGroup,
    SecurityGroupRule, Repository, FileSystem, UserPool, IdentityPool, GraphqlApi, GraphqlSource, TargetGroup, Listener,
    LoadBalancer, IotRule, ReceiptRule, Distribution, Database, Caller, Variable, Other,
)  # fmt: skip


# The names of the fields that `stockade.model.link` sets. (A field of such a name that holds a `Value` was lowered.)
LINKS: frozenset[str] = frozenset({
    "aliases", "alarms", "api", "async_configs", "attached_to", "authorizers", "bucket", "dead_letter_of", "domains", "event_sources",
    "execution_role", "function", "functions", "guards", "invokers", "is_execution_role", "layer", "log_groups", "permissions",
    "policies", "public", "role_cases", "role_unknown", "rotations", "routes", "rules", "secret", "source", "stages", "topic",
    "urls", "web_acls",
})  # fmt: skip


class Source(Struct, frozen=True, eq=False):
    """A file that was read: its text, and the trees in it as they are written (a YAML file may hold several)."""

    document: Document
    roots: tuple[Node, ...]


class App:
    """A serverless application, as far as it could be seen: every resource by kind and by key, the sources, the gaps."""

    __slots__ = ("_by_key", "_by_kind", "asked", "gaps", "sources")

    def __init__(self, resources: list[Resource], sources: tuple[Source, ...], gaps: tuple[Gap, ...]) -> None:
        self._by_key: dict[str, Resource] = {}
        self._by_kind: dict[type[Resource], list[Resource]] = {kind: [] for kind in KINDS}
        self.sources = sources
        self.asked: set[str] = set()  # the kinds that somebody asked for since this was last emptied
        self.gaps = gaps
        for resource in resources:
            self._by_key[resource.key] = resource
            self._by_kind[type(resource)].append(resource)

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """All resources of a kind, in the order of the source."""
        self.asked.add(kind.kind)
        return tuple(self._by_kind[kind])  # type: ignore[arg-type]

    def get(self, key: str) -> Resource | None:
        """The resource with this key."""
        return self._by_key.get(key)

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
