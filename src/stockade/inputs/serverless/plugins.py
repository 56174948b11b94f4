"""Plugins: what they may do to the template that is not seen here."""

from __future__ import annotations

from collections.abc import Sequence as SequenceABC

from stockade.inputs.serverless.service import Property, Service
from stockade.knowledge.serverless import Plugin, plugin
from stockade.model.value import Doubt
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence
from stockade.text.script import spread_of


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
        kinds=_kinds(service, known) if known is not None else (),
    )


def _kinds(service: Service, known: Plugin) -> tuple[str, ...]:
    """The kinds of what a plugin adds to this service."""
    root = service.resolver.root
    more = (kind for path, kinds in known.where.items() if _may_stand(root, path.split(".")) for kind in kinds)
    return (*known.kinds, *more)


def _may_stand(node: Node, path: SequenceABC[str]) -> bool:
    """Whether something stands at a path below a node, as far as it is written: what a variable leads to may."""
    if not path or type(node) is not Mapping or spread_of(node) is not None:
        return True
    return any(_may_stand(e.value, path[1:]) for e in node.entries if path[0] in {"*", e.key.raw})


def extended(service: Service, name: str, written: Property) -> Property:
    """A list of a function's: what is written, and then what plugins add to it, which is not known."""
    known = [(item, found) for item in service.plugins if (found := plugin(item)) is not None and name in found.extends]
    value = written.value if isinstance(written, Entry) else written
    if not known or (value is not None and (type(value) is not Sequence or value.tag is not None)):
        return written
    span, items = (service.span, ()) if value is None else (value.span, value.items)
    more = [_added(service, span, item, found) for item, found in known]
    listed = Sequence(span, (*items, *more))
    return Entry(written.key, listed) if isinstance(written, Entry) else listed


def _added(service: Service, span: Span, name: str, known: Plugin) -> Node:
    """What a plugin adds to a list, of which only that is known."""
    shown = f"the plugin `{name}`"
    return service.resolver.hole(span, shown, Doubt(f"{shown}: it {known.does}", cause="plugin"))
