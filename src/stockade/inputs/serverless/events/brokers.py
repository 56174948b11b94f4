"""`kafka`, `msk`, `activemq`, `rabbitmq`: clusters and brokers that Lambda polls.

Sources: the pages on these events at serverless.com/framework/docs/providers/aws/events and what `serverless package` 3.40.0
makes, as of 2026-11-28.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from stockade.inputs import nodes
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.roles import grant
from stockade.inputs.serverless.service import Event, Property, Service
from stockade.inputs.serverless.sources import (
    NETWORK,
    access,
    filters,
    is_incomplete,
    is_shaped,
    listed,
    second_name,
    set_,
    spelled,
)
from stockade.text.node import Entry, Node

_MAPPING = "AWS::Lambda::EventSourceMapping"
_SECRET = ("secretsmanager:GetSecretValue",)
_CLUSTER = ("kafka:DescribeCluster", "kafka:GetBootstrapBrokers")
_BROKER = ("mq:DescribeBroker",)
# How a cluster is reached: the type, and what stands before each value; what has nothing before it is a secret.
_ACCESS = {
    "vpcSubnet": ("VPC_SUBNET", "subnet:"),
    "vpcSecurityGroup": ("VPC_SECURITY_GROUP", "security_group:"),
    "saslPlainAuth": ("BASIC_AUTH", ""),
    "saslScram256Auth": ("SASL_SCRAM_256_AUTH", ""),
    "saslScram512Auth": ("SASL_SCRAM_512_AUTH", ""),
    "clientCertificateTlsAuth": ("CLIENT_CERTIFICATE_TLS_AUTH", ""),
    "serverRootCaCertificate": ("SERVER_ROOT_CA_CERTIFICATE", ""),
}
_LONGEST_TOPIC = 158
_LONGEST_QUEUE = 150
_LONGEST_OF_TWO = 79


class _Taken:
    """What the role of a function needs for its clusters."""

    def __init__(self) -> None:
        self.secrets: list[Node] = []
        self.sources: list[Node] = []
        self.network = False


def _each(make: Callable[[Service, Event, _Taken], None], actions: tuple[str, ...]) -> Callable[..., None]:
    """A maker of all events of a type, with what they take of each function's role."""

    def make_all(service: Service, events: list[Event]) -> None:
        for _, group in groupby(events, key=lambda event: event.function.key):
            own = list(group)
            taken = _Taken()
            for event in own:
                if is_shaped(service, event):
                    make(service, event, taken)
            function, span = own[0].function, own[0].span
            if taken.secrets:
                grant(service, function, _SECRET, taken.secrets)
            if taken.sources:
                grant(service, function, actions, taken.sources)
            if taken.network:
                grant(service, function, NETWORK, [nodes.text(span, "*")])

    return make_all


def _common(service: Service, event: Event) -> dict[str, Property]:
    return {
        "FunctionName": service.target(event.function, event.span),
        "BatchSize": set_(service, event, "batchSize"),
        "MaximumBatchingWindowInSeconds": set_(service, event, "maximumBatchingWindow"),
        "Enabled": service.entry(event.block, "enabled"),
        "FilterCriteria": filters(service, event),
    }


def _topics(service: Service, event: Event) -> dict[str, Property]:
    position = set_(service, event, "startingPosition")
    return {
        "Topics": listed(service.entry(event.block, "topic")),
        "StartingPosition": position or nodes.text(event.span, "TRIM_HORIZON"),
        "StartingPositionTimestamp": service.entry(event.block, "startingPositionTimestamp"),
    }


def _group(service: Service, event: Event) -> Property:
    entry = set_(service, event, "consumerGroupId")
    return None if entry is None else service.mapping(entry.value.span, {"ConsumerGroupId": entry})


def _named(service: Service, event: Event, key: str) -> str:
    """What is written for a key, as a part of a logical id."""
    return naming.alnum(spelled(service.at(event.block, key)))


def _kafka(service: Service, event: Event, taken: _Taken) -> None:
    is_incomplete(service, event, "accessConfigurations", "bootstrapServers", "topic")
    servers = service.entry(event.block, "bootstrapServers")
    endpoints = None
    if servers is not None:
        at = servers.value.span
        own = service.mapping(at, {"KafkaBootstrapServers": servers})
        endpoints = Entry(servers.key, nodes.mapping(at, {"Endpoints": own}))
    properties = {
        **_common(service, event),
        **_topics(service, event),
        "SelfManagedEventSource": endpoints,
        "SelfManagedKafkaEventSourceConfig": _group(service, event),
        "SourceAccessConfigurations": _ways(service, event, taken),
    }
    topic = _named(service, event, "topic")[:_LONGEST_TOPIC]
    service.make(f"{naming.normal(event.function.key)}EventSourceMappingKafka{topic}", _MAPPING, properties, at=event)


def _ways(service: Service, event: Event, taken: _Taken) -> Property:
    """How the cluster is reached. Its network and its secrets are what the role must be allowed to use."""
    entry = service.entry(event.block, "accessConfigurations")
    if entry is None or service.resolver.hole_of(entry.value) is not None:
        if entry is not None:
            what = f"what the role of `{event.function.key}` is allowed for Kafka"
            service.gap(entry.key, what, "it is not known how the cluster is reached", kind="unresolved", hides=True)
        return entry
    ways: list[Node] = []
    block = service.block(event.block, "accessConfigurations")
    for way in block.entries:
        type_, start = _ACCESS.get(way.key.raw, (way.key.raw, ""))
        values = service.items(block, way.key.raw)
        for value in values:
            uri = service.joined(value.span, start, value) if start else value
            ways.append(access(value.span, type_, uri))
        if start:
            taken.network = True
        elif way.key.raw in _ACCESS:
            taken.secrets += values
    return Entry(entry.key, nodes.sequence(entry.value.span, ways))


def _managed(service: Service, event: Event, taken: _Taken) -> None:
    is_incomplete(service, event, "arn", "topic")
    arn = service.entry(event.block, "arn")
    if arn is not None:
        taken.sources.append(arn.value)
        taken.network = True
    secret = service.entry(event.block, "saslScram512")
    ways = None
    if secret is not None:
        at = secret.value.span
        ways = Entry(secret.key, nodes.sequence(at, [access(at, "SASL_SCRAM_512_AUTH", secret.value)]))
    properties = {
        **_common(service, event),
        **_topics(service, event),
        "EventSourceArn": arn,
        "AmazonManagedKafkaEventSourceConfig": _group(service, event),
        "SourceAccessConfigurations": ways,
    }
    cluster = naming.alnum(second_name(arn.value))[:_LONGEST_OF_TWO] if arn is not None else ""
    topic = _named(service, event, "topic")[:_LONGEST_OF_TWO]
    function = naming.normal(event.function.key)
    service.make(f"{function}EventSourceMappingMSK{cluster}{topic}", _MAPPING, properties, at=event)


def _queue(kind: str) -> Callable[[Service, Event, _Taken], None]:
    def make(service: Service, event: Event, taken: _Taken) -> None:
        is_incomplete(service, event, "arn", "basicAuthArn", "queue")
        arn, secret = (service.entry(event.block, key) for key in ("arn", "basicAuthArn"))
        taken.network = True
        ways: list[Node] = []
        if arn is not None:
            taken.sources.append(arn.value)
        if secret is not None:
            taken.secrets.append(secret.value)
            ways.append(access(secret.value.span, "BASIC_AUTH", secret.value))
        host = set_(service, event, "virtualHost") if kind == "RabbitMQ" else None
        if host is not None:
            ways.append(access(host.value.span, "VIRTUAL_HOST", host.value))
        properties = {
            **_common(service, event),
            "EventSourceArn": arn,
            "Queues": listed(service.entry(event.block, "queue")),
            "SourceAccessConfigurations": nodes.sequence(event.span, ways),
        }
        queue = _named(service, event, "queue")[:_LONGEST_QUEUE]
        function = naming.normal(event.function.key)
        service.make(f"{function}EventSourceMapping{kind}{queue}", _MAPPING, properties, at=event)

    return make


SHARED = {
    "kafka": _each(_kafka, ()),
    "msk": _each(_managed, _CLUSTER),
    "activemq": _each(_queue("ActiveMQ"), _BROKER),
    "rabbitmq": _each(_queue("RabbitMQ"), _BROKER),
}
