"""SAM's `Globals`: what a resource is once they are merged into it.

Every entry keeps its own place, so that a value from `Globals` says so (see `Evaluator.place`) and a fix goes there.
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.inputs.nodes import is_block, is_list, literal
from stockade.knowledge.sam import global_sections, globals_merge
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.evaluate import Evaluator

PREFIX = "AWS::Serverless::"


class Globals:
    """The `Globals` section of one template, by the type of the resources that it is for."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._sections: dict[str, Mapping] = {}
        self._rules = globals_merge()
        block = evaluator.template.globals
        if block is None:
            return
        known = global_sections()
        for entry in block.entries:
            name, body = entry.key.raw, entry.value
            if name not in known:
                evaluator.gap(
                    entry.key.span,
                    f"`Globals.{name}`",
                    "SAM knows no such section",
                    kind="unsupported",
                    remedy="remove it",
                )
            elif type(body) is Mapping and is_block(body):
                self._sections[PREFIX + name] = self._supported(name, body, known[name])
            elif type(body) is not Scalar or body.value is not None:
                evaluator.gap(body, f"`Globals.{name}`", "it is not a mapping", kind="wrong-shape", remedy="correct it")

    def _supported(self, section: str, body: Mapping, names: tuple[str, ...]) -> Mapping:
        odd = [e for e in body.entries if e.key.raw not in names]
        for entry in odd:
            self._evaluator.gap(
                entry.key.span,
                f"`Globals.{section}.{entry.key.raw}`",
                "SAM does not support this property in Globals",
                kind="unsupported",
                remedy="move it to the resources that want it",
            )
        return (
            body
            if not odd
            else Mapping(body.span, tuple(e for e in body.entries if e.key.raw in names), body.tag, body.flow)
        )

    def merged(self, type_: str, properties: Node | None, ignore: Node | None = None) -> Node | None:
        """The properties of a resource of this type with the global ones."""
        section = self._sections.get(type_)
        if section is None:
            return properties
        if ignore is not None:
            section = self._without(section, ignore)
            if section is None:
                return properties
        if properties is None or (type(properties) is Scalar and properties.value is None):
            return section
        if type(properties) is not Mapping or not is_block(properties):
            return properties
        return self._mappings(section, properties, type_.removeprefix(PREFIX))

    def _without(self, section: Mapping, ignore: Node) -> Mapping | None:
        """What `IgnoreGlobals` (`"*"` or a list of properties) leaves."""
        if literal(ignore) == "*":
            return None
        if type(ignore) is Sequence and is_list(ignore):
            names = {literal(i) for i in ignore.items}
            return Mapping(
                section.span, tuple(e for e in section.entries if e.key.raw not in names), section.tag, section.flow
            )
        self._evaluator.gap(ignore, "`IgnoreGlobals`", "it is neither `*` nor a list of properties", kind="wrong-shape")
        return section

    def _mappings(self, general: Mapping, own: Mapping, path: str) -> Mapping:
        entries: list[Entry] = []
        for entry in general.entries:
            local = own.entry(entry.key.raw)
            if local is None:
                entries.append(entry)
            elif type(local.value) is Scalar:
                entries.append(local)
            else:
                value = self._value(entry.value, local.value, f"{path}.{entry.key.raw}")
                entries.append(local if value is local.value else Entry(local.key, value))
        names = {e.key.raw for e in general.entries}
        entries += [e for e in own.entries if e.key.raw not in names]
        return Mapping(own.span, tuple(entries), None, own.flow)

    def _value(self, general: Node, own: Node, path: str) -> Node:
        rule = self._rules.get(path)
        if rule == "replace":
            return own
        if type(general) is Mapping and type(own) is Mapping and is_block(general) and is_block(own):
            if rule == "prune_and_merge" and own.entries:
                names = {e.key.raw for e in own.entries}
                general = Mapping(general.span, tuple(e for e in general.entries if e.key.raw in names))
            return self._mappings(general, own, path)
        if type(general) is Sequence and type(own) is Sequence and is_list(general) and is_list(own):
            return Sequence(own.span, general.items + own.items, None, own.flow)
        return own
