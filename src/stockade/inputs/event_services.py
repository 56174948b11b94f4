"""Which service an event source mapping reads, where its ARN doesn't tell: by the arguments that only some services take.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html (as of 2026-11-28): streams and Kafka have a
position to start at, queues have none; a topic, a broker's queue and a database have to be named.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from stockade.model.value import Default, Doubt, Known, OneOf, Origin, Unknown, Value, When, conjoin, one_of

# The service in an ARN, and what the model calls it.
BY_ARN = {
    "sqs": "sqs",
    "kinesis": "kinesis",
    "dynamodb": "dynamodb",
    "kafka": "msk",
    "mq": "mq",
    "rds": "documentdb",
}
ALL = ("sqs", "kinesis", "dynamodb", "msk", "kafka", "mq", "documentdb")
_FROM_A_POSITION = frozenset({"kinesis", "dynamodb", "msk", "kafka", "documentdb"})
_FROM_A_TIME = _FROM_A_POSITION - {"dynamodb"}
_BY_SHARDS = frozenset({"kinesis", "dynamodb"})
_GIVEN_UP = frozenset({"kinesis", "dynamodb", "msk", "kafka"})


class Stated(Struct, frozen=True):
    """What a mapping states beside the ARN. None: it is not known whether it does.

    `shards`: the parallel batches of a shard, or a tumbling window; `given_up`: when records are given up or split; the
    others: what has to be named of a topic, a broker's queue, a database, a cluster of one's own.
    """

    arn: bool | None
    shards: bool | None
    given_up: bool | None
    topics: bool | None
    queues: bool | None
    database: bool | None
    own_cluster: bool | None

    def services(self) -> frozenset[str]:
        """The services that take just this."""
        found = frozenset(ALL)
        if self.arn is True and not self.own_cluster:
            found -= {"kafka"}
        if self.own_cluster is False:
            found -= {"kafka"}
        if self.shards:
            found &= _BY_SHARDS
        if self.given_up:
            found &= _GIVEN_UP
        for stated, takers in (
            (self.topics, {"msk", "kafka"}),
            (self.queues, {"mq"}),
            (self.database, {"documentdb"}),
        ):
            if stated is True:
                found &= takers
            elif stated is False:
                found -= takers
        return found


def by_arguments(position: Value[Any] | None, stated: Stated, doubt: Doubt, origin: Origin) -> Value[str]:
    """The service of a mapping, by the position that it starts at (None: it states none) and what else it states."""
    if isinstance(position, OneOf):
        options = [(when, by_arguments(leaf, stated, doubt, origin)) for when, leaf in position.leaves()]
        return one_of(options, origin)
    found = stated.services()
    if position is None or (isinstance(position, Default) and position.v is None):
        found -= _FROM_A_POSITION
    elif isinstance(position, Known):
        found &= _FROM_A_TIME if position.v == "AT_TIMESTAMP" else _FROM_A_POSITION
    among = tuple(service for service in ALL if service in found)
    if len(among) == 1:
        return Known(v=among[0], origin=origin)
    # None at all is a mistake, of which nobody can say which.
    return Unknown(doubt=doubt, origin=origin, among=among)


def service_of_each(
    value: Value[Any] | None,
    origin: Origin,
    by_arn: Callable[[Value[Any]], str | None],
    by_rest: Callable[[Value[Any] | None], Value[str]],
) -> Value[str]:
    """The service of a mapping in each case of its ARN (None: it states none): by the ARN, else by the rest."""
    options: list[tuple[When, Value[Any]]] = []
    for when, leaf in value.leaves() if value is not None else [((), None)]:
        service = by_arn(leaf) if leaf is not None else None
        own = Known(v=service, origin=origin) if service is not None else by_rest(leaf)
        for inner, choice in own.leaves():
            both = conjoin(when, inner)
            if both is not None:
                options.append((both, choice))
    return one_of(options, origin)


def unknown_source(leaf: Value[Any] | None) -> Doubt:
    """Why it is not known what a mapping reads."""
    if leaf is None:
        return Doubt("no ARN of an event source is stated", cause="event source")
    told = next(iter(leaf.where(lambda _: False).doubts), None)
    if told is None:
        return Doubt(f"of which service `{leaf.show()}` is is not known", cause="event source")
    return Doubt(f"what it reads is not known: {told.why}", told.remedy, told.cause)


__all__ = ["ALL", "BY_ARN", "Stated", "by_arguments", "service_of_each", "unknown_source"]
