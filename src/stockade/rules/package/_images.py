"""Container images of functions, and the repositories that they lie in."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Function, Repository
from stockade.model.value import Tri, all_of
from stockade.rules._base import Outcome, spared

_DIGEST = r".*@sha256:.*"


def with_image(app: App) -> Iterator[Function]:
    """The functions whose image is named, not built with the application."""
    for function in app.functions:
        if not function.image_uri.is_set().is_no:
            yield function


def unnamed(app: App) -> Iterator[Outcome]:
    """The rule has nothing to say of the functions that name no image."""
    for function in app.functions:
        if function.image_uri.is_set().is_no:
            yield from spared(function)


def has_digest(function: Function) -> Tri:
    """Whether the image is named by what is in it."""
    return function.image_uri.reads(_DIGEST)


def repositories(app: App) -> Iterator[tuple[Repository, tuple[Function, ...]]]:
    """The repositories of the application with the functions whose images lie there."""
    for repository in app.of(Repository):
        if repository.functions:
            yield repository, repository.functions


def all_pinned(functions: tuple[Function, ...]) -> Tri:
    """Whether all of these functions name their images by digest, so that tags do not matter."""
    return all_of(has_digest(function) for function in functions)
