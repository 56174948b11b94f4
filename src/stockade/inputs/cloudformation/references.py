"""Names that a template uses and does not declare, and resources that wait for each other.

CloudFormation looks at every name before it deploys anything, whether or not a rule asks for the value; so this goes
through the template as it is written. Nothing is told of a template that somebody else may add to: a macro, a module, a
framework's plugin, a loop over what is not known.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html, as of
2026-11-28.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from stockade.inputs.circles import circles
from stockade.inputs.cloudformation.intrinsics import PSEUDO, SUB, made_by_sam
from stockade.inputs.cloudformation.loops import LOOP
from stockade.inputs.cloudformation.template import LANGUAGE_EXTENSIONS
from stockade.inputs.intrinsic import argument_of, intrinsic
from stockade.model.app import Circle, Missing, Use
from stockade.near import MOST_NAMES, nearest
from stockade.text.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Lowering
    from stockade.inputs.cloudformation.template import Section

_EITHER, _RESOURCE = "resource or parameter", "resource"
_CONDITION, _MAP, _OUTPUT = "condition", "mapping", "output"
_PSEUDO = frozenset(PSEUDO) | {"AWS::NoValue", "AWS::NotificationARNs"}
_SERVERLESS = "AWS::Serverless::"
# What the first of three arguments names.
_FIRST = {"Fn::If": _CONDITION, "Fn::FindInMap": _MAP}


class _Mention(Struct, frozen=True, eq=False):
    """One use of a name.

    `firm`: it counts whatever conditions hold, so that the resource waits for what is named. `branch`: it stands in a
    branch of `Fn::If`.
    """

    what: str
    name: str
    form: str
    node: Node
    holder: str  # the logical id of the resource; empty outside of resources
    firm: bool = False
    branch: bool = False


def lower_references(lowering: Lowering) -> None:
    """A record for each name that nothing declares, and for each circle of resources."""
    if _may_grow(lowering):
        return
    mentions = list(_mentions(lowering))
    if LANGUAGE_EXTENSIONS in lowering.template.transforms:
        # That transform decides conditions where it can, and what it drops is never looked at.
        mentions = [mention for mention in mentions if not mention.branch]
    _missing(lowering, mentions)
    _circles(lowering, mentions)


def _may_grow(lowering: Lowering) -> bool:
    """Whether names may be declared that are not seen, or what is written is not what CloudFormation gets to see."""
    template, evaluator = lowering.template, lowering.evaluator
    if template.hides or template.unreadable or "Fn::Transform" in template.root:
        return True
    sections = (template.mappings, template.conditions, template.outputs, template.parameters)
    if any("Fn::Transform" in section for section in sections):
        return True
    return LOOP in template.document.text and any(
        gap.kind in {"loop", "limit", "wrong-shape"} for gap in evaluator.gaps
    )


# ------------------------------------------------------------------------------------------------------ what is used


def _mentions(lowering: Lowering) -> Iterator[_Mention]:
    template = lowering.template
    for section in template.resources.values():
        yield from _of_resource(section)
    for section in template.outputs.values():
        yield from _condition_of(section, "")
        yield from _Walk("").run(section.body)
    for section in template.conditions.values():
        yield from _Walk("", conditions=True).run(section.body)
    if template.globals is not None and (template.is_sam or lowering.evaluator.has_sam):
        yield from _Walk("").run(template.globals)


def _of_resource(section: Section) -> Iterator[_Mention]:
    body = section.body
    if type(body) is not Mapping:
        return
    yield from _condition_of(section, section.name)
    for entry in body.entries:
        if entry.key.raw == "DependsOn":
            items = entry.value.items if type(entry.value) is Sequence else (entry.value,)
            for item in items:
                if type(item) is Scalar and item.tag is None and item.value is not None:
                    yield _Mention(_RESOURCE, item.raw, "DependsOn", item, section.name, firm=True)
        elif entry.key.raw not in {"Type", "Condition", "Connectors", "DeletionPolicy", "UpdateReplacePolicy"}:
            # What stands in metadata has to be there, but nothing waits for it.
            yield from _Walk(section.name, waits=entry.key.raw != "Metadata").run(entry.value)


def _condition_of(section: Section, holder: str) -> Iterator[_Mention]:
    stated = section.body.get("Condition") if type(section.body) is Mapping else None
    if type(stated) is Scalar and stated.tag is None and stated.value is not None:
        yield _Mention(_CONDITION, stated.raw, "Condition", stated, holder)


class _Walk:
    """Goes through a block, each node once however many aliases lead to it."""

    def __init__(self, holder: str, *, conditions: bool = False, waits: bool = True) -> None:
        self.holder = holder
        self.conditions = conditions
        self.waits = waits
        self._seen: set[int] = set()

    def run(self, node: Node, *, firm: bool = True) -> Iterator[_Mention]:
        """Every use of a name in a node; `firm`: whatever conditions hold."""
        if (type(node) is Scalar and node.tag is None) or id(node) in self._seen:
            return
        self._seen.add(id(node))
        call = intrinsic(node)
        if call is None:
            yield from self._inside(node, firm=firm)
            return
        argument = argument_of(call)
        if call.name == "Fn::Transform":
            return  # what a macro is given is the macro's
        yield from self._called(call.name, argument, node, firm=firm)
        if type(argument) is not Scalar:
            yield from self._inside(argument, firm=firm and call.name != "Fn::If")

    def _called(self, name: str, argument: Node, node: Node, *, firm: bool) -> Iterator[_Mention]:
        """The names that a call of an intrinsic function uses by itself."""
        if name == "Fn::GetAtt":
            yield from self._attribute(argument, node, firm=firm)
        elif name == "Fn::Sub":
            yield from self._text(argument, node, firm=firm)
        elif type(argument) is Scalar:
            if name == "Ref":
                yield self._mention(_EITHER, argument.raw, name, node, firm=firm)
            elif name == "Condition" and self.conditions:
                yield self._mention(_CONDITION, argument.raw, name, node, firm=firm)
        elif name in _FIRST and type(argument) is Sequence and len(argument.items) == 3:
            first = argument.items[0]
            if type(first) is Scalar and first.tag is None:
                yield self._mention(_FIRST[name], first.raw, name, node, firm=firm)

    def _inside(self, node: Node, *, firm: bool) -> Iterator[_Mention]:
        if type(node) is Mapping:
            if intrinsic(node) is not None:  # the argument of one call may be another one
                yield from self.run(node, firm=firm)
                return
            for entry in node.entries:
                yield from self.run(entry.value, firm=firm)
        elif type(node) is Sequence:
            for item in node.items:
                yield from self.run(item, firm=firm)

    def _mention(self, what: str, name: str, form: str, node: Node, *, firm: bool) -> _Mention:
        return _Mention(what, name.strip(), form, node, self.holder, firm and self.waits, branch=not firm)

    def _attribute(self, argument: Node, node: Node, *, firm: bool) -> Iterator[_Mention]:
        parts: list[str] = []
        if type(argument) is Scalar:
            parts = argument.raw.split(".", 1)
        elif type(argument) is Sequence and all(type(i) is Scalar and i.tag is None for i in argument.items):
            parts = [item.raw for item in argument.items if type(item) is Scalar]
        if len(parts) > 1:
            yield from self._of(parts[0], ".".join(parts[1:]), "Fn::GetAtt", node, firm=firm)

    def _of(self, logical: str, attribute: str, form: str, node: Node, *, firm: bool) -> Iterator[_Mention]:
        yield self._mention(_RESOURCE, logical, form, node, firm=firm)
        if attribute.startswith("Outputs."):
            yield self._mention(_OUTPUT, f"{logical.strip()}.{attribute}", form, node, firm=firm)

    def _text(self, argument: Node, node: Node, *, firm: bool) -> Iterator[_Mention]:
        own: tuple[str, ...] = ()
        text = argument
        if type(argument) is Sequence and argument.items:
            text = argument.items[0]
            values = argument.items[1] if len(argument.items) > 1 else None
            if type(values) is not Mapping or intrinsic(values) is not None:
                return  # which names it has of its own is not known
            own = values.keys()
        if type(text) is not Scalar or text.tag is not None:
            return
        for match in SUB.finditer(text.raw):
            name = match.group(1).strip()
            if name.startswith("!") or name in own:
                continue
            logical, dot, attribute = name.partition(".")
            if dot:
                yield from self._of(logical, attribute, "Fn::Sub", node, firm=firm)
            else:
                yield self._mention(_EITHER, name, "Fn::Sub", node, firm=firm)


# ------------------------------------------------------------------------------------------------- what is not there


def _missing(lowering: Lowering, mentions: list[_Mention]) -> None:
    uses: dict[tuple[str, str], list[_Mention]] = {}
    for mention in mentions:
        if not _is_there(lowering, mention) and _is_written(lowering, mention):
            # Whether a resource or a parameter is wanted, it is one name that is not there.
            what = _EITHER if mention.what == _RESOURCE else mention.what
            uses.setdefault((what, mention.name), []).append(mention)
    for number, ((what, name), own) in enumerate(uses.items()):
        said = _RESOURCE if all(mention.what == _RESOURCE for mention in own) else what
        place = lowering.evaluator.place(own[0].node.span)
        inside = "the template"
        near = nearest(name, _names(lowering, own[0])) if number < MOST_NAMES else ""
        shown = name
        if what == _OUTPUT:
            stack, _, shown = name.partition(".Outputs.")
            inside = f"the nested stack `{stack}`"
            near = near.rpartition(".")[2]
        lowering.add(
            Missing(
                address=lowering.prefix + shown,
                key=lowering.evaluator.key(f"{name}/Missing {what}"),
                type="reference",
                origin=place,
                what=said,
                inside=inside,
                near=near,
                uses=tuple(_use(lowering, mention) for mention in own),
            )
        )


def _use(lowering: Lowering, mention: _Mention) -> Use:
    holders = (lowering.evaluator.key(mention.holder),) if mention.holder else ()
    return Use(lowering.evaluator.place(mention.node.span), mention.form, holders)


def _is_there(lowering: Lowering, mention: _Mention) -> bool:
    template, evaluator, name = lowering.template, lowering.evaluator, mention.name
    if mention.what == _CONDITION:
        return name in template.conditions
    if mention.what == _MAP:
        return name in template.mappings
    if mention.what == _OUTPUT:
        child = evaluator.nested.get(name.partition(".")[0])
        output = name.partition(".Outputs.")[2]
        return child is None or child.template.hides or output in child.template.outputs
    if name in template.resources or name in lowering.declared or not name:
        return True
    if name in template.parameters or name in _PSEUDO:
        return True  # that a parameter has no attributes is another fault, and what Rain makes of modules has some
    if template.made is not None and name in template.made.holes:
        return True
    return name in evaluator.renames or made_by_sam(evaluator, name)


def _is_written(lowering: Lowering, mention: _Mention) -> bool:
    """Whether the user wrote it; what a framework writes by itself is the framework's business."""
    made = lowering.template.made
    return made is None or id(mention.node) in made.owned()


def _names(lowering: Lowering, mention: _Mention) -> list[str]:
    template = lowering.template
    if mention.what == _CONDITION:
        return list(template.conditions)
    if mention.what == _MAP:
        return list(template.mappings)
    if mention.what == _OUTPUT:
        child = lowering.evaluator.nested.get(mention.name.partition(".")[0])
        return (
            [] if child is None else [f"{mention.name.partition('.')[0]}.Outputs.{o}" for o in child.template.outputs]
        )
    beside = [*template.parameters, *_PSEUDO] if mention.what == _EITHER else []
    return [*template.resources, *beside]


# ----------------------------------------------------------------------------------------------------------- circles


def _circles(lowering: Lowering, mentions: list[_Mention]) -> None:
    """Resources that wait for each other whatever the conditions are.

    What SAM makes of its own resources is several resources, of which only one waits; so those are left out.
    """
    sure = {name: _condition(section) for name, section in lowering.template.resources.items() if _counts(section)}
    edges: dict[str, list[str]] = {name: [] for name in sure}
    at: dict[tuple[str, str], _Mention] = {}
    for mention in mentions:
        if mention.firm and mention.holder in sure and mention.name in sure:
            edges[mention.holder].append(mention.name)
            at.setdefault((mention.holder, mention.name), mention)
    for way in circles(edges):
        if len({sure[name] for name in way if sure[name]}) > 1:
            continue  # they may never be there together
        uses = [at[name, way[(index + 1) % len(way)]] for index, name in enumerate(way)]
        lowering.add(
            Circle(
                address=", ".join(lowering.prefix + name for name in way),
                key=lowering.evaluator.key(f"{'/'.join(way)}/Circle"),
                type="reference",
                origin=lowering.evaluator.place(uses[0].node.span),
                members=way,
                uses=tuple(_use(lowering, mention) for mention in uses),
            )
        )


def _counts(section: Section) -> bool:
    kind = section.body.get("Type") if type(section.body) is Mapping else None
    return type(kind) is Scalar and not kind.raw.startswith(_SERVERLESS)


def _condition(section: Section) -> str:
    stated = section.body.get("Condition") if type(section.body) is Mapping else None
    return stated.raw if type(stated) is Scalar else ""
