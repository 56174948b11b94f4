"""What the rules about queues and streams ask of an event source mapping."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EventSource, Queue
from stockade.model.intent import Intent, New, Set, To
from stockade.model.value import File, Tri, Value, maybe
from stockade.rules._base import Outcome, found
from stockade.rules._failures import allowing, is_allowed
from stockade.rules._words import by_format


def reads_from(source: EventSource, *services: str) -> Tri:
    """Whether a mapping reads from one of these services, and is switched on."""
    return source.service.one_of(*services) & ~source.enabled.is_(wanted=False)


def queue_of(source: EventSource) -> Queue | None:
    """The queue that a mapping reads from, if the application shows it."""
    return source.source if isinstance(source.source, Queue) else None


def elsewhere(source: EventSource, fault: str) -> Iterator[Outcome]:
    """Nobody can tell whether the queue has a fault ("has no dead-letter queue"): it is declared elsewhere."""
    what = f"the queue that `{ours(source)}` reads from"
    yield from found(
        reads_from(source, "sqs")
        & maybe(
            f"{what} is not part of the scanned code",
            source.source_arn.origin,
            remedy="scan the code that declares the queue too",
            cause="queue elsewhere",
        ),
        subject=source,
        at=source,
        message=f"{what} {fault}",
    )


def ours(source: EventSource) -> str:
    """The function of a mapping, as a person calls it; one that is elsewhere, as the mapping does."""
    named = source.function_name
    return str(source.function or (source.address if named.is_null().is_yes else named.show()))


def place(source: EventSource) -> EventSource | Value[str]:
    """The place to show: the mapping; of one that a module makes of an argument, where the call says what it reads from."""
    origin = source.source_arn.origin
    handed = isinstance(origin, File) and any(via.what.endswith(" in the module") for via in origin.via)
    return source.source_arn if handed else source


def of_source(source: EventSource) -> str:
    """Where the records of a mapping come from, to stand behind the word for them; the mapping, where that is not known.

    One block may make several mappings of one function, which nothing else in a message tells apart.
    """
    if source.source is not None:
        return f" of `{source.source}`"
    shown = source.source_arn.show()
    told = source.source_arn.is_set().is_yes and "unknown" not in shown.split(" or ")
    return f" of `{shown}`" if told else f" that `{source}` hands on"


def retries_forever(source: EventSource) -> Tri:
    """Whether records of a stream are tried again until they expire."""
    return source.max_retries.is_(-1) & source.max_record_age.is_(-1)


def in_sam(source: EventSource) -> str:
    """For the help, in a function of SAM: what it takes for SAM to let the role that it makes send to a destination."""
    return by_format(source, "", "", sam=" (`OnFailure: {Type: SQS, Destination: …}`)")


def keep_failed(app: App, source: EventSource) -> tuple[tuple[Intent, ...], str]:
    """What sends the records that a function fails on to a new queue; and for the why of the fix, what has to be seen to."""
    queue = New(Queue, "FailedRecords", {"retention": 1209600}, source)
    function = source.function
    set_ = Set(source, "on_failure", To(queue, "Arn"))
    intents: tuple[Intent, ...] = (set_, queue, *allowing(app, function, queue, source))
    return intents, "" if is_allowed(app, function) else "the function's role must be allowed to send to the queue"
