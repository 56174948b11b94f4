"""A CloudFormation or SAM template as it is written: its sections, and what one scan says about it.

Nothing is resolved here; see `evaluate` for that.
"""

from __future__ import annotations

from msgspec import Struct

from stockade.inputs.assembly import Stack
from stockade.inputs.cloudformation.cdk import is_synthesised
from stockade.inputs.cloudformation.translated import sources
from stockade.inputs.made import Made
from stockade.model.value import Via
from stockade.text.document import Document, Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

SAM_TRANSFORM = "AWS::Serverless-2016-10-31"
LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"


class Section(Struct, frozen=True, eq=False):
    """One named block of a section: a resource, parameter, mapping, condition or output."""

    name: str
    entry: Entry
    body: Node
    via: tuple[Via, ...] = ()  # what made it, if it is not written as such: a loop


class Template(Struct, frozen=True, eq=False, kw_only=True):
    """One template. `name` is its path relative to the scanned root."""

    document: Document
    root: Mapping
    transforms: tuple[str, ...]
    other_transforms: tuple[tuple[str, Span], ...]  # macros, which nobody but the account can expand
    parameters: dict[str, Section]
    mappings: dict[str, Section]
    conditions: dict[str, Section]
    resources: dict[str, Section]
    outputs: dict[str, Section]
    globals: Mapping | None
    hides: bool  # macros or modules may make resources that are not seen
    unreadable: tuple[tuple[str, Span], ...]  # blocks that are there but have the wrong shape, with what was expected
    made: Made | None = None  # what a framework says of a template that it makes
    synthesised: bool = False  # the CDK wrote it
    stack: Stack | None = None  # what the CDK's manifest says of a template that the CDK has made
    translated: frozenset[str] = frozenset()  # the ids in SAM's source, of a template that SAM has made of it
    alike: str = ""  # equal for the stacks that one program of the CDK makes alike, for several environments

    @property
    def name(self) -> str:
        """The template's path."""
        return self.document.path

    @property
    def is_sam(self) -> bool:
        """Whether the SAM transform is applied to it."""
        return SAM_TRANSFORM in self.transforms


def looks_like_template(root: Node | None) -> bool:
    """Whether a document is a template, by its content: it has resources that have types."""
    if type(root) is not Mapping:
        return False
    if root.get("AWSTemplateFormatVersion") is not None:
        return True
    resources = root.get("Resources")
    if type(resources) is not Mapping:
        return False
    for entry in resources.entries:
        if type(entry.value) is Mapping:
            kind = entry.value.get("Type")
            if type(kind) is Scalar and (kind.raw.startswith(("AWS::", "Custom::", "Alexa::"))):
                return True
        if entry.key.raw.startswith("Fn::ForEach::"):
            return True
    return False


def read_template(document: Document, root: Mapping, made: Made | None = None, stack: Stack | None = None) -> Template:
    """The template of a document whose content looks like one."""
    unreadable: list[tuple[str, Span]] = []
    transforms: list[str] = []
    others: list[tuple[str, Span]] = []
    declared = root.get("Transform")
    items: tuple[Node, ...] = (
        declared.items if type(declared) is Sequence else (declared,) if declared is not None else ()
    )
    for item in items:
        if type(item) is Scalar and item.raw in {SAM_TRANSFORM, LANGUAGE_EXTENSIONS}:
            transforms.append(item.raw)
        elif type(item) is Scalar:
            others.append((item.raw, item.span))
        elif type(item) is Mapping:
            name = item.get("Name")
            others.append((name.raw if type(name) is Scalar else "a transform", item.span))

    def section(name: str) -> dict[str, Section]:
        block = root.get(name)
        if block is None or (type(block) is Scalar and block.value is None):
            return {}
        if type(block) is not Mapping:
            unreadable.append((f"`{name}` should be a mapping", block.span))
            return {}
        return {e.key.raw: Section(e.key.raw, e, e.value) for e in block.entries}

    resources, parameters = section("Resources"), section("Parameters")
    global_block = root.get("Globals")
    if global_block is not None and type(global_block) is not Mapping:
        unreadable.append(("`Globals` should be a mapping", global_block.span))
    return Template(
        document=document,
        root=root,
        transforms=tuple(transforms),
        other_transforms=tuple(others),
        parameters=parameters,
        mappings=section("Mappings"),
        conditions=section("Conditions"),
        resources=resources,
        outputs=section("Outputs"),
        globals=global_block if type(global_block) is Mapping else None,
        hides=bool(others)
        or any(_is_macro(found) for found in resources.values())
        or (made is not None and made.hidden),
        unreadable=tuple(unreadable),
        made=made,
        synthesised=stack is not None or is_synthesised(parameters, (found.body for found in resources.values())),
        stack=stack,
        translated=sources((name, found.body) for name, found in resources.items())
        if made is None and SAM_TRANSFORM not in transforms
        else frozenset(),
    )


def _is_macro(section: Section) -> bool:
    """Whether a macro or a module stands where a resource belongs."""
    kind = section.body.get("Type") if type(section.body) is Mapping else None
    return section.name == "Fn::Transform" or (type(kind) is Scalar and kind.raw.endswith("::MODULE"))
