"""Reads everything below a path into one application."""

from __future__ import annotations

import gc
import os
import posixpath
import sys
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingABC
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from stockade.errors import NothingToScan, UsageError
from stockade.inputs import walk
from stockade.inputs.assembly import Assembly, Stack, read_assembly
from stockade.inputs.given import Variables
from stockade.inputs.ignore import Patterns
from stockade.inputs.made import Made
from stockade.inputs.projects import CHALICE, framework_of, projects_of
from stockade.model.app import App, Gap, Resource, Source
from stockade.model.link import link
from stockade.near import did_you_mean
from stockade.text.document import MAX_BYTES, Document, Problem, read_document
from stockade.text.json import read_json
from stockade.text.node import Mapping, Node, Parsed

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.parameters import Given
    from stockade.inputs.disk import Disk
    from stockade.inputs.terraform.plan import Plan
    from stockade.inputs.terraform.pulumi.documents import Stack as PulumiStack

MAX_PLAN_BYTES = 128 * 1024 * 1024
"""The size in bytes from which a plan of Terraform, and what Pulumi prints, is refused."""
_LOOKED_FOR = (
    "looked for CloudFormation and SAM templates, what the CDK synthesizes (`cdk.out`) and services of the Serverless "
    "Framework (.yaml, .yml, .json, .template) "
    "and Terraform plans and Pulumi's previews and stacks (.json) by their content, for `serverless.ts` and `serverless.js`, "
    "and for Terraform configuration (.tf, .tofu, .tf.json)"
)
_CONFIGURATION = (".tf", ".tofu", ".tf.json", ".tofu.json", ".hcl", ".tfvars", ".tfvars.json")
_PACKAGED = ("cloudformation-template-create-stack.json", "cloudformation-template-update-stack.json")
# Of these, one stands in whatever of Terraform's may be written in JSON.
_PLAN_MARKS = ('"format_version"', '"lineage"', '"@level"')

_PULUMI_MARK = '"urn:pulumi:'


def load(
    root: Path,
    parameters: MappingABC[str, str] | None = None,
    *,
    parameter_files: Iterable[Path] = (),
    config_env: str = "",
    replaced: MappingABC[str, str] | None = None,
    variables: Variables | None = None,
    exclude: Patterns | None = None,
) -> App:
    """The application that the files below `root` declare (or that one file declares).

    `parameters` win over `parameter_files`, and those over what `samconfig.toml` beside a template says for the
    environment `config_env` (without one it is not read). `replaced` holds texts by path that stand for what the files
    hold: how a fix is verified before it is written. `exclude` says what is not looked for below the root. Raises
    UsageError and NothingToScan; what is wrong with the templates is in the App's gaps.
    """
    with collecting_later():
        return _load(root, parameters or {}, parameter_files, config_env, replaced or {}, variables, exclude)


@contextmanager
def collecting_later() -> Iterator[None]:
    """No garbage collection for a while.

    A scan makes many objects that stay, and looking through them again and again is slow. In the end they count as old
    ones, which are looked through when there are many more.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            if gc.get_freeze_count() == 0:  # else somebody has frozen objects who means it
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def _load(
    root: Path,
    parameters: MappingABC[str, str],
    parameter_files: Iterable[Path],
    config_env: str,
    replaced: MappingABC[str, str],
    variables: Variables | None,
    exclude: Patterns | None,
) -> App:
    if not os.path.lexists(root):
        raise UsageError(
            f"there is no file or folder `{root}`", hint="check the path; it is relative to the current folder"
        )
    reader = _Reader(root, replaced, exclude)
    reader.run()
    given, by_folder = (
        _given(reader, parameters, parameter_files, config_env)
        if reader.templates or parameters or parameter_files or config_env
        else ({}, {})
    )
    resources: list[Resource] = []
    made = _made(reader, variables or Variables(), parameters, replaced)
    gaps = reader.gaps
    if reader.templates or made:
        from stockade.inputs.cloudformation import read as cloudformation

        resources, more = cloudformation.read(
            reader.templates, given, by_folder, reader.local, made, reader.synthesised
        )
        gaps = gaps + more
    if reader.folders or reader.plans or reader.units or reader.stacks:
        from stockade.inputs.terraform.disk import Disk
        from stockade.inputs.terraform.read import read as terraform

        found = terraform(
            Disk(reader.base, replaced),
            reader.folders,
            variables,
            plans=reader.plans,
            units=reader.units,
            stacks=reader.stacks,
            edited=any(path.endswith(_CONFIGURATION) for path in replaced),
        )
        resources = resources + found.resources
        gaps = gaps + found.gaps
        reader.sources += found.sources
    projects = projects_of(
        reader.marked,
        [*(d.path for d, _ in reader.templates), *(m.document.path for m in made)],
        [stack.document.path for stack in reader.stacks],
    )
    read = reader.templates or made or reader.folders or reader.plans or reader.units or reader.stacks
    if not (read or gaps):
        if reader.is_file:
            raise NothingToScan(
                f"`{root}` is not a template", hint="it has no `Resources` whose `Type` is one of AWS's; " + _LOOKED_FOR
            )
        if projects:
            raise NothingToScan(f"{projects[0].what} in `{root}`: {projects[0].why}", hint=projects[0].remedy)
        left_out = "; what the configuration says to `exclude` was left out" if exclude is not None else ""
        raise NothingToScan(f"nothing to scan in `{root}`", hint=_LOOKED_FOR + left_out)
    gaps = gaps + projects
    return link(resources, tuple(reader.sources), tuple(gaps))


class _Reader:
    """Reads the files of one scan, each once."""

    def __init__(self, root: Path, replaced: MappingABC[str, str], exclude: Patterns | None) -> None:
        self.root = root
        self.exclude = exclude
        self.is_file = not root.is_dir()
        self.replaced = replaced
        self.templates: list[tuple[Document, Mapping]] = []
        self.marked: list[str] = []  # files that mark a project of a framework that is not read itself
        self.services: list[tuple[Document, Mapping]] = []  # of the Serverless Framework
        self.scripts: list[Document] = []  # of which the configuration of such a service may be made
        self.folders: set[str] = set()  # of Terraform's modules, relative to the root
        self.plans: list[Plan] = []
        self.stacks: list[PulumiStack] = []  # of Pulumi
        self.units: list[str] = []  # of Terragrunt: the paths of their files
        self.sources: list[Source] = []
        self.gaps: list[Gap] = []
        self.synthesised: dict[str, Stack] = {}  # which stack of the CDK a template is deployed as, by path
        self._read: dict[str, Node | None] = {}

    @property
    def base(self) -> Path:
        """The folder that paths are relative to."""
        return self.root.parent if self.is_file else self.root

    def run(self) -> None:
        """Read every template below the root."""
        beside = _assembly_beside(self.root) if self.is_file else None
        if beside is not None:
            self.synthesised.update(beside.templates)
        for found in walk.candidates(self.root, self.exclude):
            if isinstance(found, Assembly):
                self.synthesised.update(found.templates)
                continue
            if isinstance(found, walk.Obstacle):
                self.gaps.append(
                    Gap(
                        what=f"`{found.shown}`",
                        why=found.why,
                        remedy=found.remedy,
                        kind=found.kind,
                        path=found.shown,
                        hides=found.hides,
                    )
                )
                continue
            if found.framework:
                self.marked.append(found.shown)
                continue
            if found.terraform:
                self.folders.add(posixpath.dirname(found.shown))
                continue
            if found.terragrunt:
                self.units.append(found.shown)
                continue
            document = self._document(found.path, found.shown, MAX_PLAN_BYTES if found.plan else MAX_BYTES)
            if isinstance(document, Problem):
                # The walk has seen that it may be a template, or could not see it at all.
                self.gaps.append(_gap(document, hides=True))
                continue
            if document.syntax in {"typescript", "javascript"}:
                self.scripts.append(document)
                continue
            if self._is_terraforms(document) or self._is_pulumis(document):
                continue
            from stockade.inputs.cloudformation.template import looks_like_template
            from stockade.inputs.serverless.detect import looks_like_service

            parsed = _parse(document)
            templates = [r for r in parsed.roots if isinstance(r, Mapping) and looks_like_template(r)]
            services = [r for r in parsed.roots if isinstance(r, Mapping) and looks_like_service(r)]
            if templates or services or self.is_file or (parsed.problems and _may_be_template(document)):
                self.gaps += [_gap(p, hides=p.kind in {"syntax", "limit"}) for p in parsed.problems]
            if templates or services:
                self.sources.append(Source(document, parsed.roots))
                self.templates += [(document, t) for t in templates]
                self.services += [(document, s) for s in services]

    def _is_terraforms(self, document: Document) -> bool:
        """Take a plan (or what else of Terraform's is written in JSON); whether it was one."""
        if not any(mark in document.text for mark in _PLAN_MARKS):
            return False
        from stockade.inputs.terraform import plan as plans

        form = plans.form_of(document)
        if not form:
            return False
        if form != "plan":
            self.gaps.append(plans.not_read(document, form, named=self.is_file))
            return True
        found = plans.read_plan(document)
        if isinstance(found, Gap):
            self.gaps.append(found)
        elif found is not None:
            self.plans.append(found)
        return found is not None

    def _is_pulumis(self, document: Document) -> bool:
        """Take a preview or a stack of Pulumi's (or what else it writes in JSON); whether it was one."""
        if _PULUMI_MARK not in document.text:
            return False
        from stockade.inputs.terraform.pulumi import documents

        form = documents.form_of(document)
        if form in {"events", "update-plan"}:
            self.gaps.append(documents.not_read(document, form, named=self.is_file))
            return True
        found = documents.read_stack(document, form) if form else None
        if isinstance(found, Gap):
            self.gaps.append(found)
        elif found is not None:
            self.stacks.append(found)
        return found is not None

    def _document(self, path: Path | str, shown: str, most: int = MAX_BYTES) -> Document | Problem:
        document = read_document(path, shown, max_bytes=most)
        if isinstance(document, Document) and shown in self.replaced:
            return Document(
                shown, self.replaced[shown], syntax=document.syntax, bom=document.bom, encoding=document.encoding
            )
        return document

    def local(self, shown: str) -> Node | None:
        """What a file beside the templates holds, by its path from the root; None if it can't be read or is outside."""
        if shown not in self._read:
            self._read[shown] = None
            base = self.base
            path = base / shown
            sys.audit("stockade.asked", str(path))
            inside = os.path.realpath(base)
            if not os.path.realpath(path).startswith(inside + os.sep):
                return None
            document = self._document(path, shown)
            if isinstance(document, Document):
                parsed = _parse(document)
                if parsed.root is not None:
                    self.sources.append(Source(document, parsed.roots))
                    self._read[shown] = parsed.root
        return self._read[shown]


def _assembly_beside(file: Path) -> Assembly | None:
    """The cloud assembly that a template is a part of, if it is scanned by itself."""
    try:
        names = {entry.name for entry in file.parent.iterdir()}
    except OSError:
        return None
    return read_assembly(str(file.parent), "", names)


def _made(
    reader: _Reader, variables: Variables, parameters: MappingABC[str, str], replaced: MappingABC[str, str]
) -> list[Made]:
    """The templates that projects of frameworks become."""
    chalice = [path for path in reader.marked if framework_of(path) is CHALICE]
    if not (reader.services or reader.scripts or chalice):
        return []
    from stockade.inputs.disk import Disk

    disk = Disk(reader.base, replaced)
    found = _services(reader, disk, variables, parameters) if reader.services or reader.scripts else []
    if chalice:
        from stockade.inputs.chalice import read_project

        found += [made for config in chalice for made in read_project(config, disk)]
    # What a service includes is a part of it; what it was packaged as, in a folder of the user's choice, says it once more.
    included = {path for made in found for path in made.included}
    services = any(made.input == "serverless" for made in found)
    included |= {d.path for d, _ in reader.templates if services and posixpath.basename(d.path) in _PACKAGED}
    reader.templates = [(document, root) for document, root in reader.templates if document.path not in included]
    reader.sources = [source for source in reader.sources if source.document.path not in included]
    reader.sources += {s.document.path: s for made in found for s in made.sources}.values()
    reader.gaps += [gap for made in found for gap in made.gaps]
    return found


def _services(reader: _Reader, disk: Disk, variables: Variables, parameters: MappingABC[str, str]) -> list[Made]:
    from stockade.inputs.serverless.read import provider_of, read_service
    from stockade.inputs.serverless.scripts import read_scripts
    from stockade.inputs.serverless.variables.resolve import Options

    options = Options(variables.stage, variables.region, parameters, variables.whole_environment)
    found: list[Made] = []
    for document, root in reader.services:
        provider = provider_of(document, root, disk, options)
        if provider in {"aws", ""}:  # most are
            found.append(read_service(document, root, disk, options))
        else:
            why = f"the service is deployed to `{provider}`, not to AWS"
            reader.gaps.append(Gap(what=f"`{document.path}`", why=why, kind="unsupported", path=document.path))
    scripts, gaps = read_scripts(reader.scripts, disk, options, named=reader.is_file)
    reader.gaps += gaps
    reader.sources += [Source(made.document, ()) for made in scripts]
    found += scripts
    return found


def _given(
    reader: _Reader, parameters: MappingABC[str, str], files: Iterable[Path], config_env: str
) -> tuple[dict[str, Given], dict[str, dict[str, Given]]]:
    """The parameters for all templates, and those for the templates of one folder."""
    from stockade.inputs.cloudformation.parameters import Given

    given: dict[str, Given] = {}
    by_folder: dict[str, dict[str, Given]] = {}
    if files or config_env:
        from stockade.inputs.cloudformation.given import SAMCONFIG, read_parameter_file, read_samconfig

        for file in files:
            given.update(read_parameter_file(file))
        if config_env:
            base = reader.base
            for folder in sorted({posixpath.dirname(document.path) for document, _ in reader.templates}):
                path = base / folder / SAMCONFIG
                sys.audit("stockade.asked", str(path))
                if path.is_file():
                    by_folder[folder] = read_samconfig(path, config_env)
            if not by_folder:
                raise UsageError(
                    f"there is no {SAMCONFIG} beside a template of `{reader.root}`",
                    hint="leave --config-env out, or use --parameters",
                )
    for name, value in parameters.items():
        given[name] = Given(value, "--parameters")
    _check_names(reader, parameters)
    return given, by_folder


def _check_names(reader: _Reader, parameters: MappingABC[str, str]) -> None:
    """A parameter that no template has is a slip of the pen, and would silently change nothing."""
    known: set[str] = set()
    for _, root in reader.templates:
        block = root.get("Parameters")
        known |= set(block.keys()) if isinstance(block, Mapping) else set()
    odd = [name for name in parameters if name not in known and not name.startswith("AWS::")]
    if odd and reader.templates and not (reader.services or reader.scripts):
        hint = did_you_mean(odd[0], known, most=3) or "check its name under `Parameters`"
        raise UsageError(f"no template has a parameter `{odd[0]}`", hint=hint)


def _parse(document: Document) -> Parsed:
    if document.syntax == "json":
        return read_json(document)
    from stockade.text.yaml import read_yaml  # PyYAML takes its time, and much of Terraform needs none

    return read_yaml(document)


def _may_be_template(document: Document) -> bool:
    return "AWSTemplateFormatVersion" in document.text or "AWS::" in document.text


def _gap(problem: Problem, *, hides: bool) -> Gap:
    return Gap(
        what=f"{problem.path}",
        why=problem.message,
        remedy=problem.remedy,
        kind=problem.kind,
        path=problem.path,
        span=problem.span,
        hides=hides,
    )
