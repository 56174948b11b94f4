"""What the Lambda service does when nothing is said, how far it goes, and who may call a function.

The facts are in `data/lambda.json` and `data/layers.json`; `provenance()` names their sources. Most are stated by the
AWS Lambda Developer Guide ("Lambda quotas", "Asynchronous invocation", "Event source mappings", "Using Lambda with
other services", "Working with Lambda environment variables") and the Lambda API Reference.
"""

from fnmatch import fnmatchcase
from functools import cache
from typing import Literal

from msgspec import Struct

from stockade.knowledge._data import Provenance, read_json
from stockade.knowledge.runtimes import Runtime
from stockade.patterns import regex

Confidence = Literal["high", "medium", "low"]


class Defaults(Struct, frozen=True, forbid_unknown_fields=True):
    """What holds for a function when nothing is written.

    Attributes:
        timeout: seconds.
        memory: MB.
        ephemeral_storage: the size of `/tmp` in MB.
        architecture: "x86_64".
        package_type: "Zip".
        tracing: "PassThrough": no sampling of its own, it follows the caller's decision.
        log_format: "Text".
        log_group: the name's pattern; such a group never expires and has no key unless it is declared.
        runtime_update: "Auto".
        recursive_loop: "Terminate".
        snap_start: "None".
        url_invoke_mode: "BUFFERED".
        source: the pages that say so.
    """

    timeout: int
    memory: int
    ephemeral_storage: int
    architecture: str
    package_type: str
    tracing: str
    log_format: str
    log_group: str
    runtime_update: str
    recursive_loop: str
    snap_start: str
    url_invoke_mode: str
    source: str


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """How far a function and an account go; times in seconds, memory and storage in MB, the rest in bytes.

    `concurrency` is what an account has in a region unless it was raised, `concurrency_new_account` what a new account
    begins with. At least `concurrency_unreserved_min` must stay unreserved, so a new account can reserve nothing.
    The `…_managed_instances` figures hold for functions on Lambda Managed Instances only.
    """

    timeout_min: int
    timeout_max: int
    timeout_max_managed_instances: int
    memory_min: int
    memory_max: int
    memory_max_managed_instances: int
    memory_max_new_account: int
    ephemeral_storage_min: int
    ephemeral_storage_max: int
    environment_bytes: int
    layers: int
    resource_policy_bytes: int
    package_zipped_bytes: int
    package_unzipped_bytes: int
    image_bytes: int
    payload_sync_bytes: int
    payload_async_bytes: int
    payload_stream_bytes: int
    init_seconds: int
    concurrency: int
    concurrency_new_account: int
    concurrency_unreserved_min: int
    reserved_concurrency_min: int
    api_gateway_timeout: int
    source: str


class Asynchronous(Struct, frozen=True, forbid_unknown_fields=True):
    """What happens to an asynchronous event: how often it is retried and for how long it is kept (seconds)."""

    retries: int
    retries_max: int
    event_age: int
    event_age_min: int
    event_age_max: int
    source: str


class EventSource(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of queue or stream that Lambda polls for a function.

    Attributes:
        kind: "sqs", "sqs-fifo", "kinesis", "dynamodb", "msk", "kafka", "mq" or "documentdb".
        title: what AWS calls it.
        arn: the pattern of its ARN; "" where it has none.
        sam_event: the event type of SAM that makes such a mapping.
        stream: it keeps order and blocks on failure, unlike a queue.
        batch_size: how many records a batch has unless it is said.
        batch_size_max: how many it may have.
        window: how many seconds records are gathered unless it is said.
        window_max: for how many it may be; 0 if there is no window.
        starting_position: it must be said.
        retries: the default number of retries, -1 for no end; None if the mapping has no such setting.
        record_age: the default age at which records are given up, -1 for never; None if there is no such setting.
        bisect: a failed batch can be split.
        partial_batch: the function may report which records failed (`ReportBatchItemFailures`).
        filtering: records can be filtered before the function sees them.
        parallelization_max: how many batches of a shard may run at once; None if there is no such setting.
        tumbling: it has tumbling windows.
        on_failure: where failed records can be sent: "sqs", "sns", "s3", "kafka".
        max_concurrency: the least and the most that may be set; None if there is no such setting.
        provisioned: pollers can be provisioned.
        managed_policy: AWS's policy for a role that reads from it; None if there is none.
        actions: what the execution role must allow, unless the managed policy does.
        unset: what failure means when nothing is set.
    """

    kind: str
    title: str
    arn: str
    sam_event: str
    stream: bool
    batch_size: int
    batch_size_max: int
    window: float
    window_max: int
    starting_position: bool
    retries: int | None
    record_age: int | None
    bisect: bool
    partial_batch: bool
    filtering: bool
    parallelization_max: int | None
    tumbling: bool
    on_failure: tuple[str, ...]
    max_concurrency: tuple[int, int] | None
    provisioned: bool
    managed_policy: str | None
    actions: tuple[str, ...]
    unset: str


class Invoker(Struct, frozen=True, forbid_unknown_fields=True):
    """A service that calls functions.

    Attributes:
        principal: its service principal.
        title: what AWS calls it.
        kind: how it calls: "sync", "async", or "either" (it is configured there).
        how: what allows it: "resource-policy" (the function's own policy), "role" (a role of the service's resource),
            "caller" (whoever uses the service) or "trust" (the execution role's trust policy).
        source_arn: the pattern of the ARN that `aws:SourceArn` carries; "" if it carries none.
        arn_has_account: that ARN names an account, so that it alone keeps other accounts out.
        takes_source_account: `SourceAccount` can be set too.
        event_source_token: it is limited by `EventSourceToken` instead (Alexa).
        regional: the principal is also written with a region in it.
        confidence: how sure we are of this row.
        note: what else to know.
    """

    principal: str
    title: str
    kind: Literal["sync", "async", "either"]
    how: Literal["resource-policy", "role", "caller", "trust"]
    source_arn: str
    arn_has_account: bool
    takes_source_account: bool
    event_source_token: bool
    regional: bool
    confidence: Confidence
    note: str

    @property
    def asynchronous(self) -> bool:
        """Whether Lambda may queue its calls, so that failures are lost unless a destination is set."""
        return self.kind != "sync"

    @property
    def needs_source_account(self) -> bool:
        """Whether a source ARN alone leaves the door open, since it names no account."""
        return bool(self.source_arn) and not self.arn_has_account


class LayerPublisher(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who publishes layers for others.

    Attributes:
        name: who.
        kind: "aws", "vendor" or "community".
        accounts: the accounts they publish from, each with its regions (none: every one).
        layers: patterns (with `*`) of their layers' names.
        confidence: how sure we are that the account is theirs.
        maintained: new versions still appear, as far as we know.
        source: how we know.
    """

    name: str
    kind: Literal["aws", "vendor", "community"]
    accounts: dict[str, tuple[str, ...]]
    layers: tuple[str, ...]
    confidence: Confidence
    maintained: bool
    source: str

    def publishes(self, layer: str) -> bool:
        """Whether a layer of that name is one of theirs."""
        return any(fnmatchcase(layer, pattern) for pattern in self.layers)


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    defaults: Defaults
    limits: Limits
    asynchronous: Asynchronous
    event_sources: tuple[EventSource, ...]
    invokers: tuple[Invoker, ...]
    reserved_environment: frozenset[str]
    runtime_environment: frozenset[str]
    formatted_logs: dict[str, str]
    formatted_loggers: dict[str, str]
    code_loading_environment: dict[str, str]


class _Layers(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    publishers: tuple[LayerPublisher, ...]


@cache
def _file() -> _File:
    return read_json("lambda.json", _File)


@cache
def _layers() -> _Layers:
    return read_json("layers.json", _Layers)


def provenance() -> Provenance:
    """When the facts about the service held, and where they come from."""
    return _file().provenance


def layers_provenance() -> Provenance:
    """When the facts about layer publishers held, and where they come from."""
    return _layers().provenance


def defaults() -> Defaults:
    """What holds for a function when nothing is written (API Reference, CreateFunction)."""
    return _file().defaults


def limits() -> Limits:
    """How far a function and an account go (Developer Guide, Lambda quotas)."""
    return _file().limits


def asynchronous() -> Asynchronous:
    """Retries and age of asynchronous events (Developer Guide, Asynchronous invocation)."""
    return _file().asynchronous


# ------------------------------------------------------------------------------------------------------- event sources


def event_sources() -> tuple[EventSource, ...]:
    """Every kind of queue and stream that Lambda polls (Developer Guide, Event source mappings)."""
    return _file().event_sources


@cache
def event_source(kind: str) -> EventSource | None:
    """The event source of this kind (`EventSource.kind`), or None."""
    return next((known for known in event_sources() if known.kind == kind), None)


_SOURCE_SERVICES = {
    "kinesis": "kinesis",
    "dynamodb": "dynamodb",
    "kafka": "msk",
    "mq": "mq",
    "rds": "documentdb",
}


def event_source_of(arn: str) -> EventSource | None:
    """The event source that an ARN belongs to; None if it is not the ARN of one."""
    parts = arn.split(":")
    service = parts[2] if len(parts) > 3 and parts[0] == "arn" else ""
    if service == "sqs":
        return event_source("sqs-fifo" if arn.endswith(".fifo") else "sqs")
    kind = _SOURCE_SERVICES.get(service)
    return None if kind is None else event_source(kind)


# ------------------------------------------------------------------------------------------------------------- invokers


def invokers() -> tuple[Invoker, ...]:
    """Every service that is known to call functions."""
    return _file().invokers


@cache
def _by_principal() -> dict[str, Invoker]:
    return {known.principal: known for known in invokers()}


_REGION_IN_PRINCIPAL = regex(r"^([a-z0-9.-]+?)\.[a-z]{2,4}(?:-[a-z]+)+-\d\.(amazonaws\.com(?:\.cn)?)$")


def invoker(principal: str) -> Invoker | None:
    """The service behind a service principal, with or without a region in it (`logs.eu-west-1.amazonaws.com`)."""
    name = principal.strip().lower()
    if match := _REGION_IN_PRINCIPAL.match(name):
        name = f"{match[1]}.{match[2]}"
    return _by_principal().get(name.removesuffix(".cn"))


# ---------------------------------------------------------------------------------------------------------- environment


def reserved_environment() -> frozenset[str]:
    """Names that the service sets and nobody else can (Developer Guide, Working with environment variables)."""
    return _file().reserved_environment


def runtime_environment() -> frozenset[str]:
    """Names that the runtime sets and a function may set to something else."""
    return _file().runtime_environment


def code_loading_environment() -> dict[str, str]:
    """Names whose value decides which code runs in the function, each with what it does."""
    return _file().code_loading_environment


def formats_logs(runtime: Runtime) -> bool:
    """Whether Lambda makes JSON of what the code logs; of other managed runtimes, it does so of its own lines only."""
    oldest = _file().formatted_logs.get(runtime.language)
    if oldest is None or runtime.id == "java8":  # Java 8 on the first Amazon Linux is the exception
        return False
    return _numbers(runtime.version) >= _numbers(oldest)


def formatted_logger(runtime: Runtime) -> str:
    """What code has to log by for Lambda to make JSON of it, in words; empty for runtimes whose logs it does not format."""
    return _file().formatted_loggers[runtime.language] if formats_logs(runtime) else ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


# --------------------------------------------------------------------------------------------------------------- layers


def layer_publishers() -> tuple[LayerPublisher, ...]:
    """Everybody who is known to publish layers."""
    return _layers().publishers


@cache
def _by_account() -> dict[str, tuple[LayerPublisher, ...]]:
    found: dict[str, tuple[LayerPublisher, ...]] = {}
    for publisher in layer_publishers():
        for account in publisher.accounts:
            found[account] = (*found.get(account, ()), publisher)
    return found


def layer_publisher(account: str, layer: str = "") -> LayerPublisher | None:
    """Who publishes layers from this account; None for an account that is not known.

    The layer's name decides where one account stands for two publishers; it need not be given.
    """
    known = _by_account().get(account, ())
    return next((one for one in known if one.publishes(layer)), known[0] if known else None)


_LAYER = regex(r"^arn:[a-z0-9-]+:lambda:[^:]*:(\d{12}):layer:([^:]+)(?::(\d+|\$LATEST))?$")


def layer_publisher_of(arn: str) -> LayerPublisher | None:
    """Who publishes the layer with this ARN; None if that is not known."""
    match = _LAYER.match(arn)
    return None if match is None else layer_publisher(match[1], match[2])
