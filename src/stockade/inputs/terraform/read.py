"""The Terraform input: from the folders of a tree to records of the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from stockade.inputs.terraform.disk import Disk
from stockade.inputs.terraform.given import Variables
from stockade.inputs.terraform.lower import Lowering
from stockade.inputs.terraform.modules import anything_of
from stockade.inputs.terraform.project import Project
from stockade.inputs.terraform.variables import lower_variables
from stockade.model.app import Gap, Resource, Source


class Found(Struct, frozen=True, eq=False):
    """What was found: records, gaps, and the files that were read."""

    resources: list[Resource]
    gaps: list[Gap]
    sources: list[Source]


def read(disk: Disk, folders: Iterable[str], given: Variables | None = None) -> Found:
    """Everything that the root modules among these folders declare."""
    project = Project(disk, given)
    resources: list[Resource] = []
    gaps: list[Gap] = []
    for root in project.run(folders):
        lowering = Lowering(project.declared(root))
        resources += lowering.run()
        gaps += lowering.gaps
    resources += lower_variables(project)
    sources = [Source(file.document, (), file) for file in project.read_files]
    return Found(resources, project.gaps + gaps, sources)


def evaluate_root(folder: Path, variables: Mapping[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """The stated attributes of every managed resource of one root module, by address; what is not known is `UNKNOWN`."""
    project = Project(Disk(folder), Variables(values=variables or {}, workspace="default"))
    project.run([""])
    found: dict[str, dict[str, Any]] = {}
    for root in project.roots:
        for declared in project.declared(root, foreign=True):
            found[declared.address] = {name: anything_of(term) for name, term in declared.block.entries.items()}
    return found
