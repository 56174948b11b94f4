"""The CloudFormation input: from documents to records of the model."""

from __future__ import annotations

from stockade.inputs.assembly import Stack
from stockade.inputs.cloudformation.cdk import with_alike
from stockade.inputs.cloudformation.evaluate import Given
from stockade.inputs.cloudformation.stacks import LocalFile, Stacks
from stockade.inputs.cloudformation.template import Template, looks_like_template, read_template
from stockade.inputs.made import Made
from stockade.model.app import Gap, Resource
from stockade.text.document import Document
from stockade.text.node import Mapping, Node

FORMAT = "cloudformation"


def accepts(root: Node) -> bool:
    """Whether a document is this input's, by its content."""
    return looks_like_template(root)


def read(
    documents: list[tuple[Document, Mapping]],
    parameters: dict[str, Given] | None = None,
    by_folder: dict[str, dict[str, Given]] | None = None,
    local: LocalFile | None = None,
    made: list[Made] | None = None,
    synthesised: dict[str, Stack] | None = None,
) -> tuple[list[Resource], list[Gap]]:
    """Everything that these templates declare.

    `by_folder` are parameters for the templates of one folder only; `local` reads a file by its path relative to the
    scanned root; `made` are the templates that frameworks make of their own configuration; `synthesised` says which stack
    of the CDK a template is deployed as, by its path.
    """
    known = synthesised or {}
    templates = [read_template(document, root, stack=known.get(document.path)) for document, root in documents]
    templates = with_alike(templates) if known else templates
    templates += [read_template(each.document, each.root, each) for each in made or ()]
    stacks = Stacks(templates, parameters or {}, by_folder or {}, local)
    stacks.run()
    gaps = [gap for template in templates for gap in _gaps(template)]
    return stacks.resources, gaps + stacks.gaps


def _gaps(template: Template) -> list[Gap]:
    found = [
        Gap(
            what=what,
            why="it has another shape",
            kind="wrong-shape",
            path=template.name,
            span=span,
            remedy="correct it",
            hides=True,
        )
        for what, span in template.unreadable
    ]
    found += [
        Gap(
            what=f"the macro `{name}`",
            why="only the account can say what it changes",
            kind="macro",
            path=template.name,
            span=span,
            remedy="scan the processed template (`aws cloudformation get-template --template-stage Processed`)",
            affects=("*",),
            hides=True,
        )
        for name, span in template.other_transforms
    ]
    return found
