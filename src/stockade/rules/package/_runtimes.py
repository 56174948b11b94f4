"""Runtimes of functions by the dates that AWS states for them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import lru_cache

from stockade.knowledge import runtimes
from stockade.knowledge.runtimes import Runtime
from stockade.model.app import App, Function, WebRevision
from stockade.model.intent import Fix, Set
from stockade.model.value import Value
from stockade.patterns import regex
from stockade.rules._base import Outcome, spared
from stockade.rules._words import is_made
from stockade.rules.package._functions import is_image

_NODE = regex(r"nodejs(\d+)\..*")
_LAST_WITH_CALLBACKS = 22
WINDOW = 180  # days before its end in which a runtime is near it
APPLIES = "names no runtime: it is a container image"


def functions_with_runtime(app: App) -> Iterator[Function]:
    """The functions for which a runtime is written."""
    for function in app.functions:
        if not is_image(function).is_yes and not function.runtime.is_set().is_no:
            yield function


def with_runtime(app: App) -> Iterator[Function | WebRevision]:
    """The functions, and the revisions of web functions, for which a runtime is written."""
    yield from functions_with_runtime(app)
    for revision in app.of(WebRevision):
        if not revision.runtime.is_set().is_no:
            yield revision


def images(app: App) -> Iterator[Outcome]:
    """The rule has nothing to say of the functions that name no runtime."""
    for function in app.functions:
        if is_image(function).is_yes or function.runtime.is_set().is_no:
            yield from spared(function)


def known(value: Value[str], test: Callable[[Runtime], bool]) -> list[Runtime]:
    """For messages and fixes: the runtimes that a value may be, of those that `test` holds for."""
    found: dict[str, Runtime] = {}
    for _, leaf in value.leaves():
        runtime = runtimes.runtime(str(leaf.only()))
        if runtime is not None and test(runtime):
            found[runtime.id] = runtime
    return list(found.values())


@lru_cache(maxsize=256)
def successor(name: str, today: datetime.date) -> str | None:
    """The runtime to move to."""
    return runtimes.successor(name, today)


def advised(old: Runtime, today: datetime.date) -> str:
    """For help: the newest runtime of a language, and the one that a fix moves to, where that is another; empty for none."""
    step = successor(old.id, today)
    newest = runtimes.latest(old.language, today)
    if step is None or newest is None or step == newest:
        return step or ""
    return f"{newest}, or at least to {step}"


def built(function: Function | WebRevision, old: Runtime) -> str:
    """For help, after the runtime to move to: what else has to change for the function to start there.

    https://docs.aws.amazon.com/lambda/latest/dg/golang-package.html and
    https://www.serverless.com/framework/docs/providers/aws/guide/packaging (as of 2026-11-28).
    """
    if old.language != "go":
        return ""
    root = "an archive of its own (`package: {individually: true}`)" if is_made(function) else "the archive"
    return f", and build its executable as `bootstrap`, at the root of {root}: that runtime starts no other"


def move(function: Function | WebRevision, old: Runtime, today: datetime.date, to: str = "") -> Fix:
    """The fix that moves a function (or a revision) to a runtime, or without one to that after its own."""
    new = to or successor(old.id, today)
    if new is None:
        return Fix.advice("move to a runtime that AWS supports")
    if old.language == "go":
        return Fix.advice(
            f"build the function for {new}: its executable is called `bootstrap` there",
            why="the runtime loads another file than the handler that is written",
        )
    if runtimes.same_language_version(old.id, new):
        why = "the operating system under it is another: libraries that were compiled for the old one may not load"
    else:
        why = "code and dependencies that need the old version of the language stop working"
        if isinstance(function, Function) and _loses_callbacks(old.id, new):
            why += f"; {new} runs no handler that takes a callback"
    if is_made(function):
        # Its schema ends with the runtimes of its last release.
        why += "; version 3 of the framework warns of a runtime that is newer than itself"
    return Fix.unsafe(f"move to {new}", Set(function, "runtime", new), why=why)


def _loses_callbacks(old: str, new: str) -> bool:
    """Whether handlers with a callback are called by one runtime, and by the other no more.

    https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html: by Node.js 22 and earlier only (as of 2026-11-28).
    """
    versions = [_NODE.fullmatch(name) for name in (old, new)]
    first, then = (int(match[1]) if match is not None else 0 for match in versions)
    return 0 < first <= _LAST_WITH_CALLBACKS < then


def day(date: datetime.date | None) -> str:
    """A date as people write it."""
    return date.isoformat() if date is not None else "a day that is not set yet"
