"""What every method of a REST API is asked for, told of an API once where none of its methods has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from stockade.model.app import Api, App, Resource, Route
from stockade.model.intent import Fix
from stockade.model.value import NO, Tri, Value
from stockade.rules._base import Label, Outcome, found
from stockade.rules.exposure._shared import by_cause, functions_of, is_rest, shown, start


def without(  # noqa: PLR0913 - they are what differs between the rules
    app: App,
    has: Callable[[Route], Tri],
    *,
    many: str,
    one: str,
    each: str,
    words: Callable[[Resource, Route], str],
    advice: str,
    place: Callable[[Route], Value[Any] | Route] = lambda route: route,
) -> Iterator[Outcome]:
    """The methods that do not have what is asked for; preflight requests aside, and HTTP and WebSocket APIs.

    `many` and `one` are the verb and what follows it, after several methods and after one; `each` is that in a label. `words`
    is the help for a subject and the first of its methods, `place` where one method is shown.
    """

    def lacks(route: Route) -> Tri:
        return ~has(route) & ~route.method.matches("(?i)options") if is_rest(route) else NO

    for subject, answer, routes in by_cause(app, lacks, has):
        if not all(is_rest(route) for route in routes):
            continue
        api = subject if isinstance(subject, Api) else routes[0].api
        several = len(routes) > 1
        where = f" of `{api}`" if api is not None else ""
        yield from found(
            answer,
            subject=subject,
            functions=functions_of(routes),
            at=start(subject, routes) if several else place(routes[0]),
            message=f"{len(routes)} methods of `{api}` {many}" if several else f"`{shown(routes[0])}`{where} {one}",
            help=words(subject, routes[0]),
            fix=Fix.advice(advice),
            related=tuple(Label(r.origin, f"`{shown(r)}` {each}") for r in routes[: 8 if several else 0]),
            evidence="all routes" if several else shown(routes[0]),
        )
