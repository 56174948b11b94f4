"""Plugins: what they may do to the template that is not seen here."""

from __future__ import annotations

from stockade.inputs.serverless.service import Service
from stockade.knowledge.serverless import plugin
from stockade.text.node import Mapping, Node, Scalar, Sequence


def note_plugins(service: Service) -> None:
    """Say of each plugin that changes the template that it does, and what may be missing because of it."""
    found = service.at(service.root, "plugins")
    if type(found) is Mapping:
        found = found.get("modules")
    hole = service.resolver.hole_of(found)
    if hole is not None and found is not None:
        service.gap(found, "the plugins", hole.doubt.why, kind="unresolved", remedy=hole.doubt.remedy, hides=True)
    for item in found.items if type(found) is Sequence else ():
        _note(service, item)


def _note(service: Service, item: Node) -> None:
    name = item.raw if type(item) is Scalar and item.tag is None else "a plugin"
    known = plugin(name)
    if known is not None and known.effect in {"none", "read"}:
        return
    service.gap(
        item,
        f"the plugin `{name}`",
        f"it {known.does}" if known is not None else "what it does to the template is not known",
        kind="plugin",
        remedy="scan what `serverless package` makes as well (`.serverless/cloudformation-template-update-stack.json`)",
        hides=True,
        kinds=known.kinds if known is not None else (),
    )
