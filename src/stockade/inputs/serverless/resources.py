"""What the user declares in CloudFormation's own words, and how it is laid over what the framework makes."""

from __future__ import annotations

from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless.service import Service
from stockade.text.node import Entry, Mapping, Node, Sequence

SECTIONS = ("Parameters", "Mappings", "Conditions", "Outputs", "Transform")
_REPLACED = frozenset({"Condition", "CreationPolicy", "DeletionPolicy", "UpdatePolicy", "UpdateReplacePolicy"})
_MERGED = frozenset({"Properties", "Metadata", "DependsOn"})


def read_resources(service: Service) -> dict[str, list[Entry]]:
    """The sections of `resources`, each with its entries; those of a list of mappings put together."""
    found: dict[str, list[Entry]] = {}
    for entry in service.block(service.root, "resources").entries:
        section = found.setdefault(entry.key.raw, [])
        if entry.key.raw == "Transform" or (
            entry.key.raw not in SECTIONS and entry.key.raw not in {"Resources", "extensions"}
        ):
            section.append(entry)
        else:
            section += service.block(Mapping(entry.span, (entry,)), entry.key.raw).entries
    return found


def lay_over(service: Service, written: list[Entry]) -> None:
    """Add the user's resources; one with the logical id of a made one is merged into it, as the framework does."""
    for entry in written:
        made = service.resources.get(entry.key.raw)
        if made is None:
            service.resources[entry.key.raw] = entry
        else:
            service.resources[entry.key.raw] = Entry(made.key, merged(made.value, entry.value))


def merged(made: Node, over: Node) -> Node:
    """Two nodes as lodash merges them: mappings and lists item by item, else what is laid over."""
    if type(made) is Mapping and type(over) is Mapping and intrinsic(made) is None and intrinsic(over) is None:
        entries = {e.key.raw: e for e in made.entries}
        for entry in over.entries:
            own = entries.get(entry.key.raw)
            entries[entry.key.raw] = entry if own is None else Entry(entry.key, merged(own.value, entry.value))
        return Mapping(made.span, tuple(entries.values()))
    if type(made) is Sequence and type(over) is Sequence and made.tag is None and over.tag is None:
        items = [merged(a, b) for a, b in zip(made.items, over.items, strict=False)]
        longer = made.items if len(made.items) > len(over.items) else over.items
        return Sequence(made.span, (*items, *longer[len(items) :]))
    return over


def extend(service: Service, extensions: list[Entry]) -> None:
    """`resources.extensions`: further attributes of what the framework makes."""
    for entry in extensions:
        made = service.resources.get(entry.key.raw)
        if made is None:
            why = "there is no such resource in what the framework makes"
            remedy = "correct the name, or declare it under `Resources`"
            service.gap(entry.key, f"the extension of `{entry.key.raw}`", why, kind="undefined", remedy=remedy)
            continue
        body, over = made.value, entry.value
        if type(body) is not Mapping or type(over) is not Mapping:
            service.gap(
                over,
                f"the extension of `{entry.key.raw}`",
                "a mapping belongs here",
                kind="wrong-shape",
                remedy="correct it",
            )
            continue
        entries = {e.key.raw: e for e in body.entries}
        for attribute in over.entries:
            name, own = attribute.key.raw, entries.get(attribute.key.raw)
            if name in _REPLACED or own is None:
                entries[name] = attribute
            elif name in _MERGED and type(own.value) is Mapping and type(attribute.value) is Mapping:
                inner = {e.key.raw: e for e in own.value.entries} | {e.key.raw: e for e in attribute.value.entries}
                entries[name] = Entry(own.key, Mapping(own.value.span, tuple(inner.values())))
        service.resources[entry.key.raw] = Entry(made.key, Mapping(body.span, tuple(entries.values())))
