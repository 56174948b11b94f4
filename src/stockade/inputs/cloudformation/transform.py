"""What a template says to the Serverless transform: whether it declares it, and settings that SAM does not have.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html and
…/sam-specification-template-anatomy-globals.html, as of 2026-11-28.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stockade.inputs.cloudformation.sam.globals import PREFIX
from stockade.inputs.cloudformation.template import SAM_TRANSFORM
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.nodes import literal
from stockade.knowledge.sam import global_sections, resource_types
from stockade.model.app import Unsupported, Untransformed, Use
from stockade.model.value import Doubt
from stockade.near import nearest
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Lowering
    from stockade.text.document import Span

# What stands beside `Properties` (a description is for readers there); everything else SAM leaves out without a word.
_ATTRIBUTES = frozenset(
    {
        "Type", "Properties", "Condition", "DependsOn", "Metadata", "DeletionPolicy", "UpdateReplacePolicy", "UpdatePolicy",
        "CreationPolicy", "Description", "Connectors", "IgnoreGlobals",
    }
)  # fmt: skip
_OURS = ("Connectors", "IgnoreGlobals")  # attributes of SAM's, also of resources that are CloudFormation's
_MACRO = Doubt("a macro may apply the transform, or do what it does", cause="macro")


def lower_transform(lowering: Lowering) -> None:
    """A record for a template without its transform, and for each setting that SAM does not have."""
    if not lowering.template.is_sam:
        _untransformed(lowering)
        return
    found = _Settings(lowering)
    found.globals()
    for name, body in _bodies(lowering):
        found.resource(name, body)


def _bodies(lowering: Lowering) -> Iterator[tuple[str, Mapping]]:
    for section in lowering.template.resources.values():
        if type(section.body) is Mapping:
            yield section.name, section.body


def _written(lowering: Lowering, node: Node) -> bool:
    made = lowering.template.made
    return made is None or id(node) in made.owned()


def _untransformed(lowering: Lowering) -> None:
    template = lowering.template
    uses: list[Use] = []
    for name, body in _bodies(lowering):
        key = (lowering.evaluator.key(name),)
        kind = body.get("Type")
        if type(kind) is Scalar and kind.raw.startswith(PREFIX) and _written(lowering, kind):
            uses.append(Use(lowering.evaluator.place(kind.span), kind.raw, key))
        ours = [entry for word in _OURS if (entry := body.entry(word)) is not None and _written(lowering, entry.value)]
        uses += [Use(lowering.evaluator.place(entry.key.span), entry.key.raw, key) for entry in ours]
    stated = template.root.entry("Globals")
    if stated is not None and template.globals is not None and _written(lowering, stated.value):
        uses.append(Use(lowering.evaluator.place(stated.key.span), "Globals"))
    if not uses:
        return
    unsure = template.other_transforms or "Fn::Transform" in template.root
    lowering.add(
        Untransformed(
            address=lowering.prefix + template.name,
            key=lowering.evaluator.key("/Transform"),
            type="template",
            origin=uses[0].origin,
            transform=SAM_TRANSFORM,
            unsure=_MACRO if unsure else None,
            uses=tuple(uses),
        )
    )


class _Settings:
    """Settings that SAM does not have."""

    def __init__(self, lowering: Lowering) -> None:
        self.lowering = lowering
        # Of what SAM refuses, nothing is deployed.
        self.all = tuple(lowering.evaluator.key(name) for name, _ in _bodies(lowering))

    def add(self, address: str, span: Span, what: str, *, near: str = "", holders: tuple[str, ...] = ()) -> None:
        """One record; with `holders`, of what SAM leaves out without a word."""
        place = self.lowering.evaluator.place(span)
        self.lowering.add(
            Unsupported(
                address=self.lowering.prefix + address,
                key=self.lowering.evaluator.key(f"{address}/Unsupported"),
                type="setting",
                origin=place,
                what=what,
                ignored=bool(holders),
                near=near,
                uses=(Use(place, address, holders or self.all),),
            )
        )

    def globals(self) -> None:
        """Sections and properties of `Globals`."""
        block = self.lowering.template.globals
        if block is None or intrinsic(block) is not None or not _written(self.lowering, block):
            return
        known = global_sections()
        for entry in block.entries:
            name, body = entry.key.raw, entry.value
            if name.startswith("Fn::"):
                continue
            if name not in known:
                self.add(f"Globals.{name}", entry.key.span, "`Globals` has no such section", near=nearest(name, known))
            elif type(body) is Mapping and intrinsic(body) is None:
                self._properties(name, body, known[name])
            elif intrinsic(body) is None:
                self.add(f"Globals.{name}", entry.key.span, "it is not written as a mapping")

    def _properties(self, section: str, body: Mapping, names: tuple[str, ...]) -> None:
        own = resource_types().get(PREFIX + section, {})
        for entry in body.entries:
            name = entry.key.raw
            if name in names or name.startswith("Fn::"):
                continue
            what = "SAM takes this property of each resource only" if name in own else "there is no such property"
            near = "" if name in own else nearest(name, names)
            self.add(f"Globals.{section}.{name}", entry.key.span, what, near=near)

    def resource(self, name: str, body: Mapping) -> None:
        """What stands beside the properties of a resource of SAM's."""
        kind = body.get("Type")
        if type(kind) is not Scalar or not kind.raw.startswith(PREFIX):
            return
        for entry in body.entries:
            if entry.key.raw not in _ATTRIBUTES and not entry.key.raw.startswith("Fn::") and not entry.merged:
                self._attribute(name, kind.raw, entry)
        ignored = body.entry("IgnoreGlobals")
        if ignored is not None:
            self._ignored(name, kind.raw.removeprefix(PREFIX), ignored)

    def _attribute(self, name: str, type_: str, entry: Entry) -> None:
        if not _written(self.lowering, entry.value):
            return
        word = entry.key.raw
        near = "`Properties`" if word in resource_types().get(type_, {}) else nearest(word, _ATTRIBUTES)
        holder = (self.lowering.evaluator.key(name),)
        self.add(f"{name}.{word}", entry.key.span, "it stands beside `Properties`", near=near, holders=holder)

    def _ignored(self, name: str, section: str, entry: Entry) -> None:
        """`IgnoreGlobals`: `*`, or names of properties that `Globals` has."""
        stated = self.lowering.template.globals
        block = stated.get(section) if stated is not None else None
        if type(block) is not Mapping or intrinsic(block) is not None or intrinsic(entry.value) is not None:
            return  # where there is nothing to leave out, SAM doesn't look
        if type(entry.value) is not Sequence:
            if literal(entry.value) not in {"*", "", None}:
                self.add(f"{name}.IgnoreGlobals", entry.key.span, "it is neither `*` nor a list of properties")
            return
        for item in entry.value.items:
            if type(item) is Scalar and item.tag is None and item.raw not in block:
                what = f"`Globals.{section}` has no such property to leave out"
                self.add(f"{name}.IgnoreGlobals.{item.raw}", item.span, what, near=nearest(item.raw, block.keys()))
