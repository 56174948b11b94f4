"""What was not read: whether it may hold what a rule misses."""

from __future__ import annotations

from stockade.model.app import App, Resource
from stockade.model.value import NO, Tri


def may_be_elsewhere(app: App, subject: Resource, kind: type[Resource]) -> Tri:
    """MAYBE where something that was not read, or that a macro adds, may hold such a resource for another one."""
    doubt = app.unread(subject, {kind.kind})
    return NO if doubt is None else Tri("maybe", (), (doubt,))
