"""The Terraform input: from the folders of a tree to records of the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from stockade.inputs.terraform.disk import Disk
from stockade.inputs.terraform.given import Variables
from stockade.inputs.terraform.lower import Declared, Lowering
from stockade.inputs.terraform.modules import anything_of
from stockade.inputs.terraform.project import Project
from stockade.inputs.terraform.variables import lower_variables
from stockade.model.app import Gap, Resource, Source
from stockade.text.document import Document

if TYPE_CHECKING:
    from stockade.inputs.terraform.plan import Plan


class Found(Struct, frozen=True, eq=False):
    """What was found: records, gaps, and the files that were read."""

    resources: list[Resource]
    gaps: list[Gap]
    sources: list[Source]


def read(
    disk: Disk,
    folders: Iterable[str],
    given: Variables | None = None,
    *,
    plans: Iterable[Plan] = (),
    units: Iterable[str] = (),
    edited: bool = False,
) -> Found:
    """Everything that the root modules among these folders declare, and what plans of them (or by themselves) tell.

    A root module of which there is a plan is as the plan has it. `edited` says that configuration is not as it is on disk.
    """
    project = Project(disk, given)
    found = _Together()
    apart = _read_plans(project, list(plans), set(folders), found, edited=edited)
    for root in project.run(folders, apart):
        found.lower(project.declared(root))
    found.take(project, project.gaps)
    return found.all()


class _Together:
    """What several projects have found, each thing once."""

    def __init__(self) -> None:
        self._resources: list[Resource] = []
        self._gaps: list[Gap] = []
        self._sources: dict[int, Source] = {}
        self._variables: set[str] = set()
        self._noted: set[tuple[str, int, str, str]] = set()

    def lower(self, declared: Iterable[Declared]) -> None:
        """Lower the instances of one root module."""
        lowering = Lowering(declared)
        self._resources += lowering.run()
        self.note(lowering.gaps)

    def take(self, project: Project, gaps: Iterable[Gap]) -> None:
        """Take the variables of a project, what it could not see, and the files that it read."""
        for variable in lower_variables(project):
            if variable.key not in self._variables:
                self._variables.add(variable.key)
                self._resources.append(variable)
        self.note(gaps)
        for file in project.read_files:
            self._sources.setdefault(id(file.document), Source(file.document, (), file))

    def take_document(self, document: Document) -> None:
        """Take a file that is no configuration."""
        self._sources.setdefault(id(document), Source(document, ()))

    def note(self, gaps: Iterable[Gap]) -> None:
        """Note what could not be seen."""
        for gap in gaps:
            mark = (gap.path, gap.span.start if gap.span is not None else -1, gap.what, gap.why)
            if mark not in self._noted:
                self._noted.add(mark)
                self._gaps.append(gap)

    def all(self) -> Found:
        """Everything."""
        return Found(self._resources, self._gaps, list(self._sources.values()))


def _read_plans(project: Project, plans: list[Plan], folders: set[str], found: _Together, *, edited: bool) -> set[str]:
    """Read plans; the folders of the root modules that they are of."""
    if not plans:
        return set()
    from stockade.inputs.terraform import planned

    apart: set[str] = set()
    told: set[str] = set()
    for plan in sorted(plans, key=lambda p: (p.state, p.document.path)):
        found.take_document(plan.document)
        folder = planned.root_of(project, plan, planned.folders_beside(project.disk, plan.document, folders))
        if folder is None:
            found.lower(planned.declared_alone(plan))
            found.note(plan.gaps)
            continue
        if plan.state and folder in told:
            found.note([planned.not_needed(plan, folder)])
            continue
        scope = folder or "."
        if folder in told:
            scope = f"{scope}[{plan.document.path}]"
        elif not plan.state:
            told.add(folder)
        apart.add(folder)
        own = planned.PlannedProject(project.disk, project.given, plan, folder=folder, scope=scope, edited=edited)
        found.lower(own.planned())
        found.take(own, own.left_gaps())
    return apart


def evaluate_root(folder: Path, variables: Mapping[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """The stated attributes of every managed resource of one root module, by address; what is not known is `UNKNOWN`."""
    project = Project(Disk(folder), Variables(values=variables or {}, workspace="default"))
    project.run([""])
    found: dict[str, dict[str, Any]] = {}
    for root in project.roots:
        for declared in project.declared(root, foreign=True):
            found[declared.address] = {name: anything_of(term) for name, term in declared.block.entries.items()}
    return found
