"""Queues, topics, buckets, tables, streams, buses, schedules, state machines, secrets, parameters, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from stockade.model.kinds.base import CFN, NONE, NULL, Resource
from stockade.model.value import Origin, Relation, Value, When, unset

if TYPE_CHECKING:
    from stockade.iam.written import Tree
    from stockade.model.kinds.functions import EnvVar, Function
    from stockade.model.kinds.identity import Policy, Role


class Queue(Resource, frozen=True, eq=False, kw_only=True):
    """An SQS queue."""

    kind: ClassVar[str] = "queue"

    fifo: Value[bool] = unset(False, CFN + "aws-resource-sqs-queue.html")
    visibility_timeout: Value[int] = unset(30, CFN + "aws-resource-sqs-queue.html")  # seconds
    retention: Value[int] = unset(345600, CFN + "aws-resource-sqs-queue.html")  # seconds
    kms_key: Value[str] = NULL
    managed_sse: Value[bool] = unset(True, CFN + "aws-resource-sqs-queue.html")
    dead_letter: Value[str] = NULL
    max_receive: Value[int] = NULL
    # links
    policies: Relation[Policy] = NONE
    dead_letter_of: tuple[Resource, ...] = ()


class Topic(Resource, frozen=True, eq=False, kw_only=True):
    """An SNS topic."""

    kind: ClassVar[str] = "topic"

    fifo: Value[bool] = unset(False, CFN + "aws-resource-sns-topic.html")
    kms_key: Value[str] = NULL
    delivery_log_roles: Relation[Value[str]] = NONE  # with which SNS logs what became of messages, for any protocol
    # links
    policies: Relation[Policy] = NONE


class Subscription(Resource, frozen=True, eq=False, kw_only=True):
    """A subscription of an SNS topic."""

    kind: ClassVar[str] = "subscription"

    topic_arn: Value[str] = NULL
    protocol: Value[str] = NULL
    endpoint: Value[str] = NULL
    dead_letter: Value[str] = NULL
    filter: Value[str] = NULL
    # links
    topic: Topic | None = None
    function: Function | None = None


class Bucket(Resource, frozen=True, eq=False, kw_only=True):
    """An S3 bucket. The four public-access settings default to true for buckets made since April 2023."""

    kind: ClassVar[str] = "bucket"

    encryption: Value[str] = unset(
        "AES256", "https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html"
    )
    kms_key: Value[str] = NULL
    block_public_acls: Value[bool] = unset(True, CFN + "aws-properties-s3-bucket-publicaccessblockconfiguration.html")
    block_public_policy: Value[bool] = unset(True, CFN + "aws-properties-s3-bucket-publicaccessblockconfiguration.html")
    ignore_public_acls: Value[bool] = unset(True, CFN + "aws-properties-s3-bucket-publicaccessblockconfiguration.html")
    restrict_public_buckets: Value[bool] = unset(
        True, CFN + "aws-properties-s3-bucket-publicaccessblockconfiguration.html"
    )
    acl: Value[str] = NULL
    versioning: Value[str] = unset("Suspended", CFN + "aws-properties-s3-bucket-versioningconfiguration.html")
    logging: Value[str] = NULL
    # links
    policies: Relation[Policy] = NONE


class Notification(Resource, frozen=True, eq=False, kw_only=True):
    """One notification of a bucket: what it tells of, and to whom."""

    kind: ClassVar[str] = "notification"

    bucket_name: Value[str] = NULL
    destination: Value[str] = NULL
    events: Relation[Value[str]] = NONE
    key_prefix: Value[str] = NULL  # what the keys of the objects begin with that it tells of
    key_suffix: Value[str] = NULL
    # links
    bucket: Bucket | None = None
    function: Function | None = None


class Table(Resource, frozen=True, eq=False, kw_only=True):
    """A DynamoDB table (or global table)."""

    kind: ClassVar[str] = "table"

    kms_key: Value[str] = NULL
    customer_key: Value[bool] = unset(False, CFN + "aws-properties-dynamodb-table-ssespecification.html")
    point_in_time_recovery: Value[bool] = unset(False, CFN + "aws-resource-dynamodb-table.html")
    deletion_protection: Value[bool] = unset(False, CFN + "aws-resource-dynamodb-table.html")
    stream_view: Value[str] = NULL
    expires: Value[bool] = unset(False, CFN + "aws-properties-dynamodb-table-timetolivespecification.html")  # its items
    # links
    policies: Relation[Policy] = NONE


class Stream(Resource, frozen=True, eq=False, kw_only=True):
    """A Kinesis data stream."""

    kind: ClassVar[str] = "stream"

    encryption: Value[str] = unset("NONE", CFN + "aws-resource-kinesis-stream.html")
    kms_key: Value[str] = NULL
    retention: Value[int] = unset(24, CFN + "aws-resource-kinesis-stream.html")  # hours


class EventBus(Resource, frozen=True, eq=False, kw_only=True):
    """An EventBridge bus."""

    kind: ClassVar[str] = "event-bus"

    kms_key: Value[str] = NULL
    # links
    policies: Relation[Policy] = NONE


class EventRule(Resource, frozen=True, eq=False, kw_only=True):
    """An EventBridge rule (by pattern or schedule)."""

    kind: ClassVar[str] = "event-rule"

    schedule: Value[str] = NULL
    pattern: Value[str] = NULL
    bus: Value[str] = unset("default", CFN + "aws-resource-events-rule.html")
    state: Value[str] = unset("ENABLED", CFN + "aws-resource-events-rule.html")
    targets: Relation[Target] = NONE


class Target(Struct, frozen=True, eq=False, kw_only=True):
    """One target of a rule, schedule or pipe."""

    arn: Value[str]
    origin: Origin
    dead_letter: Value[str] = NULL
    role: Value[str] = NULL
    input: Value[str] = NULL
    max_retries: Value[int] = NULL
    exists: When = ()


class Schedule(Resource, frozen=True, eq=False, kw_only=True):
    """A schedule of EventBridge Scheduler."""

    kind: ClassVar[str] = "schedule"

    expression: Value[str] = NULL
    kms_key: Value[str] = NULL
    state: Value[str] = unset("ENABLED", CFN + "aws-resource-scheduler-schedule.html")
    targets: Relation[Target] = NONE


class Pipe(Resource, frozen=True, eq=False, kw_only=True):
    """An EventBridge pipe."""

    kind: ClassVar[str] = "pipe"

    source_arn: Value[str] = NULL
    enrichment: Value[str] = NULL
    role: Value[str] = NULL
    targets: Relation[Target] = NONE


class StateMachine(Resource, frozen=True, eq=False, kw_only=True):
    """A Step Functions state machine."""

    kind: ClassVar[str] = "state-machine"

    type_: Value[str] = unset("STANDARD", CFN + "aws-resource-stepfunctions-statemachine.html")
    role: Value[str] = NULL
    log_level: Value[str] = unset("OFF", CFN + "aws-properties-stepfunctions-statemachine-loggingconfiguration.html")
    log_data: Value[bool] = unset(False, CFN + "aws-properties-stepfunctions-statemachine-loggingconfiguration.html")
    tracing: Value[bool] = unset(False, CFN + "aws-properties-stepfunctions-statemachine-tracingconfiguration.html")
    kms_key: Value[str] = NULL
    calls: Relation[Value[str]] = NONE  # every resource that its definition names
    texts: Relation[EnvVar] = NONE  # every text that is written out in its definition, with its key
    definition: Tree | None = None  # as it is written; None where nothing is
    # links
    execution_role: Role | None = None


class Secret(Resource, frozen=True, eq=False, kw_only=True):
    """A secret of Secrets Manager."""

    kind: ClassVar[str] = "secret"

    kms_key: Value[str] = NULL
    literal: Value[str] = NULL  # a secret string written into the source
    generated: Value[bool] = unset(False, CFN + "aws-resource-secretsmanager-secret.html")
    # links
    rotations: Relation[Rotation] = NONE
    policies: Relation[Policy] = NONE


class Rotation(Resource, frozen=True, eq=False, kw_only=True):
    """A rotation schedule of a secret."""

    kind: ClassVar[str] = "rotation"

    secret_id: Value[str] = NULL
    function_arn: Value[str] = NULL
    days: Value[int] = NULL
    expression: Value[str] = NULL
    # links
    secret: Secret | None = None


class Parameter(Resource, frozen=True, eq=False, kw_only=True):
    """A parameter of SSM Parameter Store."""

    kind: ClassVar[str] = "parameter"

    form: Value[str] = NULL
    literal: Value[str] = NULL
    kms_key: Value[str] = NULL


class Key(Resource, frozen=True, eq=False, kw_only=True):
    """A customer managed KMS key."""

    kind: ClassVar[str] = "key"

    enabled: Value[bool] = unset(True, CFN + "aws-resource-kms-key.html")
    rotation: Value[bool] = unset(False, CFN + "aws-resource-kms-key.html")
    spec: Value[str] = unset("SYMMETRIC_DEFAULT", CFN + "aws-resource-kms-key.html")
    usage: Value[str] = unset("ENCRYPT_DECRYPT", CFN + "aws-resource-kms-key.html")
    material: Value[str] = unset("AWS_KMS", CFN + "aws-resource-kms-key.html")
    pending_window: Value[int] = unset(30, CFN + "aws-resource-kms-key.html")  # days
    # links
    policies: Relation[Policy] = NONE


class KeyAlias(Resource, frozen=True, eq=False, kw_only=True):
    """An alias of a KMS key; `name` is `alias/…`."""

    kind: ClassVar[str] = "key-alias"

    target: Value[str] = NULL
