"""The Terraform input: from the folders of a tree to records of the model."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from stockade.inputs.given import Variables
from stockade.inputs.terraform.disk import Disk
from stockade.inputs.terraform.lower import Declared, Lowering
from stockade.inputs.terraform.modules import anything_of
from stockade.inputs.terraform.outputs import lower_credentials, lower_outputs
from stockade.inputs.terraform.project import Project, deep
from stockade.inputs.terraform.references import lower_references
from stockade.inputs.terraform.requests import lower_requests
from stockade.inputs.terraform.variables import lower_variables
from stockade.model.app import Gap, Resource, Source
from stockade.text.document import Document

if TYPE_CHECKING:
    from stockade.inputs.terraform.modules import Instance
    from stockade.inputs.terraform.plan import Plan
    from stockade.inputs.terraform.pulumi.documents import Stack


class Found(Struct, frozen=True, eq=False):
    """What was found: records, gaps, and the files that were read."""

    resources: list[Resource]
    gaps: list[Gap]
    sources: list[Source]


@deep()
def read(
    disk: Disk,
    folders: Iterable[str],
    given: Variables | None = None,
    *,
    plans: Iterable[Plan] = (),
    units: Iterable[str] = (),
    stacks: Iterable[Stack] = (),
    edited: bool = False,
) -> Found:
    """Everything that the root modules among these folders declare, and what plans of them (or by themselves) tell.

    A root module of which there is a plan is as the plan has it. A module that a unit of Terragrunt uses is evaluated with
    that unit's inputs. `stacks` are those of Pulumi, whose resources are lowered alike. `edited` says that
    configuration is not as it is on disk.
    """
    project = Project(disk, given)
    found = _Together()
    used = _read_units(project, list(units))
    planned = _read_plans(project, list(plans), set(folders), used, found, edited=edited)
    for root in used.values():
        if root.root_folder not in planned or root.scope not in planned[root.root_folder]:
            project.roots.append(root)
    for root in project.run(folders, {*planned, *(root.root_folder for root in used.values())}):
        declared = project.declared(root)
        for instance in declared:
            instance.scope = root.root_folder or "."  # where paths of code begin, whatever the keys begin with
        found.lower(declared)
    _read_stacks(list(stacks), disk, found)
    found.add(lower_requests(project))
    found.add(lower_references(project, {root.root_folder for root in used.values()}))
    found.take(project, _scoped(project))
    return found.all()


def _scoped(project: Project) -> list[Gap]:
    """What could not be seen, with the root modules that resources may be missing from."""
    scopes: dict[str, set[str]] = {}
    for root in project.roots:
        todo = [root]
        while todo:
            instance = todo.pop()
            scopes.setdefault(instance.folder, set()).add(root.scope)
            todo += instance.children()
    return [
        replace(gap, scopes=tuple(sorted(scopes.get(posixpath.dirname(gap.path), ())))) if gap.hides else gap
        for gap in project.gaps
    ]


class _Together:
    """What several projects have found, each thing once."""

    def __init__(self) -> None:
        self._resources: list[Resource] = []
        self._gaps: list[Gap] = []
        self._sources: dict[int, Source] = {}
        self._beside: set[str] = set()
        self._noted: set[tuple[str, int, str, str]] = set()

    def lower(self, declared: Iterable[Declared]) -> None:
        """Lower the instances of one root module."""
        lowering = Lowering(declared)
        self._resources += lowering.run()
        self.note(lowering.gaps)

    def add(self, resources: Iterable[Resource]) -> None:
        """Take further records."""
        self._resources += resources

    def take(self, project: Project, gaps: Iterable[Gap]) -> None:
        """Take the variables, outputs and credentials of a project, what it could not see, and the files that it read."""
        for beside in (*lower_variables(project), *lower_outputs(project), *lower_credentials(project)):
            if beside.key not in self._beside:
                self._beside.add(beside.key)
                self._resources.append(beside)
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


def _read_units(project: Project, paths: list[str]) -> dict[str, Instance]:
    """The modules that units of Terragrunt use, by the units' folders."""
    if not paths:
        return {}
    from stockade.inputs.terraform.terragrunt import Terragrunt

    return {unit.folder: unit.root for unit in Terragrunt(project).read(paths) if unit.root is not None}


def _read_plans(
    project: Project,
    plans: list[Plan],
    folders: set[str],
    used: dict[str, Instance],
    found: _Together,
    *,
    edited: bool,
) -> dict[str, set[str]]:
    """Read plans; the folders of the root modules that they are of, with the scopes of these."""
    told: dict[str, set[str]] = {}
    with_plans: set[str] = set()
    for plan in sorted(plans, key=lambda p: (p.state, p.document.path)):
        from stockade.inputs.terraform import planned

        found.take_document(plan.document)
        at = planned.root_of(project, plan, folders, {unit: root.root_folder for unit, root in used.items()})
        if at is None:
            found.lower(planned.declared_alone(plan))
            found.note(plan.gaps)
            continue
        folder, scope = at
        if plan.state and scope in with_plans:
            found.note([planned.not_needed(plan, scope)])
            continue
        scopes = told.setdefault(folder, set())
        if scope in scopes:
            scope = f"{scope}[{plan.document.path}]"
        scopes.add(scope)
        if not plan.state:
            with_plans.add(scope)
        own = planned.PlannedProject(project.disk, project.given, plan, folder=folder, scope=scope, edited=edited)
        found.lower(own.planned())
        found.take(own, own.left_gaps())
    return told


def _read_stacks(stacks: list[Stack], disk: Disk, found: _Together) -> None:
    """Read stacks of Pulumi, each once: a preview tells more than what is deployed."""
    seen: dict[str, str] = {}
    for stack in sorted(stacks, key=lambda s: (not s.preview, s.document.path)):
        from stockade.inputs.terraform.pulumi.read import declared_in

        found.take_document(stack.document)
        other = seen.setdefault(stack.name, stack.document.path)
        if other != stack.document.path:
            found.note([stack.not_needed(other)])
            continue
        found.lower(declared_in(stack, disk))
        found.note(stack.gaps)


def evaluate_root(folder: Path, variables: Mapping[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """The stated attributes of every managed resource of one root module, by address; what is not known is `UNKNOWN`."""
    project = Project(Disk(folder), Variables(values=variables or {}, workspace="default"))
    project.run([""])
    found: dict[str, dict[str, Any]] = {}
    for root in project.roots:
        for declared in project.declared(root, foreign=True):
            found[declared.address] = {name: anything_of(term) for name, term in declared.block.entries.items()}
    return found
