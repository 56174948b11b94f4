"""Where failed events of functions go, which rules of several domains ask."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, AsyncConfig, EventSource, Function, Queue, Resource
from stockade.model.value import Value


def failures(app: App) -> Iterator[tuple[Value[str], Function]]:
    """Every place that failed events of functions go to, and whose they are."""
    for function in app.functions:
        yield function.dead_letter, function
    for config in app.of(AsyncConfig):
        if config.function is not None:
            yield config.on_failure, config.function
    for source in app.of(EventSource):
        if source.function is not None:
            yield source.on_failure, source.function
            if isinstance(source.source, Queue):
                yield source.source.dead_letter, source.function


def keepers(app: App) -> set[int]:
    """By their `id()`, the resources that failed events of functions go to."""
    found: tuple[Resource | None, ...] = tuple(
        app.get(reference.target) for value, _ in failures(app) for _, reference in value.references()
    )
    return {id(resource) for resource in found if resource is not None}
