"""`Fn::ForEach`: loops over resources, conditions, outputs and properties, written out.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html (as of
2026-11-21). What a loop makes keeps the spans of the loop's body, and says in `via` which turn made it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from stockade.inputs.cloudformation.template import Section, Template
from stockade.inputs.intrinsic import intrinsic
from stockade.model.value import Known, Via
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.evaluate import Evaluator

LOOP = "Fn::ForEach::"
MAX_MADE = 10_000
MAX_VISITS = 3_000_000
MAX_NESTING = 8


def write_out(evaluator: Evaluator) -> Template:
    """The evaluator's template without loops."""
    return _Loops(evaluator).run()


class _Loops:
    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.made = 0
        self.visits = 0
        self.full = False

    def run(self) -> Template:
        template = self.evaluator.template
        return replace(
            template,
            conditions=self._sections(template.conditions, hides=False),
            resources=self._sections(template.resources, hides=True),
            outputs=self._sections(template.outputs, hides=False),
        )

    def _sections(self, sections: dict[str, Section], *, hides: bool) -> dict[str, Section]:
        found: dict[str, Section] = {}
        for section in sections.values():
            if section.name.startswith(LOOP):
                for entry, via in self._turns(section.entry, (), hides=hides):
                    found[entry.key.raw] = Section(entry.key.raw, entry, self._inside(entry.value), via)
            else:
                body = self._inside(section.body)
                found[section.name] = section if body is section.body else replace(section, body=body)
        return found

    def _turns(self, entry: Entry, via: tuple[Via, ...], *, hides: bool) -> list[tuple[Entry, tuple[Via, ...]]]:
        """Everything that one loop makes, loops inside of it too."""
        name = entry.key.raw.removeprefix(LOOP)
        value = entry.value
        if len(via) >= MAX_NESTING:
            self._gap(entry, name, "loops are nested too deeply", "limit", "write it out", hides=hides)
            return []
        if type(value) is not Sequence or len(value.items) != 3:
            self._gap(
                entry,
                name,
                "it wants an identifier, a collection and a template",
                "wrong-shape",
                "correct it",
                hides=hides,
            )
            return []
        identifier, collection, body = value.items
        if type(identifier) is not Scalar or type(body) is not Mapping:
            self._gap(
                entry,
                name,
                "it wants an identifier, a collection and a template",
                "wrong-shape",
                "correct it",
                hides=hides,
            )
            return []
        items = self.evaluator.texts(collection)
        values = [item.v for item in items if type(item) is Known]
        if not items.complete or len(values) != len(items):
            why = items.gaps[0].why if items.gaps else "its items are known only when the stack is deployed"
            remedy = items.gaps[0].remedy if items.gaps else ""
            self._gap(
                entry,
                name,
                f"what it goes over is not known: {why}",
                "loop",
                remedy or "write the collection out",
                hides=hides,
            )
            return []
        found: list[tuple[Entry, tuple[Via, ...]]] = []
        for item in values:
            turn = (*via, Via(f"loop {name}: {identifier.raw} is {item}", entry.key.span))
            for inner in body.entries:
                key = self._key(inner.key, identifier.raw, str(item))
                made = Entry(key, self._substituted(inner.value, identifier.raw, str(item)))
                if key.raw.startswith(LOOP):
                    found += self._turns(made, turn, hides=hides)
                    continue
                self.made += 1
                if self.full or self.made > MAX_MADE or self.visits > MAX_VISITS:
                    if not self.full:
                        self._gap(
                            entry,
                            name,
                            f"loops make more than {MAX_MADE:,} blocks",
                            "limit",
                            "make it smaller",
                            hides=hides,
                        )
                    self.full = True
                    return found
                found.append((made, turn))
        return found

    def _gap(self, entry: Entry, name: str, why: str, kind: str, remedy: str, *, hides: bool) -> None:
        self.evaluator.gap(entry.key.span, f"the loop `{name}`", why, kind=kind, remedy=remedy, hides=hides)

    def _inside(self, node: Node) -> Node:
        """A node with the loops that stand inside of it written out; the node itself where there are none."""
        self.visits += 1
        if self.full or type(node) is Scalar:
            return node
        if type(node) is Sequence:
            items = tuple(self._inside(item) for item in node.items)
            return node if all(a is b for a, b in zip(items, node.items, strict=True)) else replace(node, items=items)
        if type(node) is not Mapping:
            return node
        entries: list[Entry] = []
        same = True
        for entry in node.entries:
            if entry.key.raw.startswith(LOOP):
                same = False
                entries += [
                    replace(made, value=self._inside(made.value)) for made, _ in self._turns(entry, (), hides=False)
                ]
                continue
            inner = self._inside(entry.value)
            same = same and inner is entry.value
            entries.append(entry if inner is entry.value else replace(entry, value=inner))
        return node if same else replace(node, entries=tuple(entries), _index=None)

    # --------------------------------------------------------------------------------------------------- substitution

    def _key(self, key: Scalar, name: str, value: str) -> Scalar:
        raw = _filled(key.raw, name, value)
        return key if raw == key.raw else replace(key, raw=raw, value=raw)

    def _substituted(self, node: Node, name: str, value: str) -> Node:
        """A node in which the identifier of a loop has a value; parts that do not name it are shared, not copied."""
        self.visits += 1
        if self.visits > MAX_VISITS:
            return node
        if type(node) is Scalar:
            if node.tag == "!Ref" and node.raw == name:
                return Scalar(node.span, value, value)
            raw = _filled(node.raw, name, value)
            return node if raw == node.raw else replace(node, raw=raw, value=raw)
        call = intrinsic(node) if type(node) is Mapping and len(node.entries) == 1 else None
        if call is not None and call.name == "Ref" and type(call.argument) is Scalar and call.argument.raw == name:
            return Scalar(node.span, value, value)
        if type(node) is Sequence:
            items = tuple(self._substituted(item, name, value) for item in node.items)
            return node if all(a is b for a, b in zip(items, node.items, strict=True)) else replace(node, items=items)
        if type(node) is not Mapping:
            return node
        entries = tuple(
            Entry(self._key(e.key, name, value), self._substituted(e.value, name, value), e.merged, e.alias)
            for e in node.entries
        )
        if all(a.key is b.key and a.value is b.value for a, b in zip(entries, node.entries, strict=True)):
            return node
        return replace(node, entries=entries, _index=None)


def _filled(text: str, name: str, value: str) -> str:
    if "{" not in text:
        return text
    text = text.replace("${" + name + "}", value)
    return text.replace("&{" + name + "}", re.sub(r"[^A-Za-z0-9]", "", value))
