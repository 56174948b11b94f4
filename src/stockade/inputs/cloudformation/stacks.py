"""Templates that belong together: nested stacks, exports and imports, parameters from outside."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any

from stockade.inputs.cloudformation.cdk import address, asset, environment
from stockade.inputs.cloudformation.evaluate import Evaluator, Given
from stockade.inputs.cloudformation.lower import Lowering
from stockade.inputs.cloudformation.template import Section, Template
from stockade.inputs.intrinsic import intrinsic
from stockade.model.app import Gap, Resource
from stockade.model.value import Value, When
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

MAX_NESTING = 12
MAX_INSTANCES = 1_000  # deployments of nested templates

# Resource types that deploy another template, with the property that names it.
_FUNCTIONS = {"AWS::Lambda::Function", "AWS::Serverless::Function"}
_STACKS = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}

# A nested stack is where its parent is.
_INHERITED = ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix")

LocalFile = Callable[[str], Node | None]


class _Deployed:
    """One deployment of a template: its evaluator, the prefix of its addresses, and when it is deployed at all."""

    __slots__ = ("evaluator", "exists", "prefix")

    def __init__(self, evaluator: Evaluator, prefix: str, exists: When) -> None:
        self.evaluator = evaluator
        self.prefix = prefix
        self.exists = exists


class Stacks:
    """All templates of a scan, each deployed as often as the others say."""

    def __init__(
        self,
        templates: list[Template],
        given: dict[str, Given],
        by_folder: dict[str, dict[str, Given]],
        local: LocalFile | None = None,
    ) -> None:
        self.templates: dict[str, Template] = {}
        for template in templates:
            # A YAML file may hold several documents.
            name = template.name if template.name not in self.templates else f"{template.name}#{len(self.templates)}"
            self.templates[name] = template
        self.given = given
        self.by_folder = by_folder
        self.local = local
        self.resources: list[Resource] = []
        self.gaps: list[Gap] = []
        self._exports: dict[str, list[tuple[Evaluator, Section]]] = {}
        self._deployed: list[_Deployed] = []
        self._nested = 0
        self._names: dict[tuple[str, str], set[str]] = {}  # logical ids by path and prefix
        self._children: dict[str, dict[str, str]] = {}

    def run(self) -> None:
        """Lower every template: those that no other one deploys by themselves, the others where they are deployed."""
        self._children = {name: self._find_children(t) for name, t in self.templates.items()}
        children = {child for found in self._children.values() for child in found.values()}
        roots = [name for name in self.templates if name not in children]
        # Templates that deploy each other in a circle have no root; one of them is then taken as such.
        reached: set[str] = set()
        for name in roots:
            self._reach(name, reached)
        for name in self.templates:
            if name not in reached:
                roots.append(name)
                self._reach(name, reached)
        for name in roots:
            template = self.templates[name]
            stated = self.by_folder.get(posixpath.dirname(template.name), {}) | self.given
            given = environment(template.stack) if template.stack is not None else {}
            given |= {n: v for n, v in stated.items() if n in template.parameters or n.startswith("AWS::")}
            self._deploy(template, name, given, (), ())
        for deployed in self._deployed:
            self._note_exports(deployed.evaluator)
        for deployed in self._deployed:
            self.resources += Lowering(deployed.evaluator, deployed.prefix, deployed.exists).run()
        for deployed in self._deployed:
            self.gaps += deployed.evaluator.gaps

    # -------------------------------------------------------------------------------------------------- nested stacks

    def _reach(self, name: str, seen: set[str]) -> None:
        todo = [name]
        while todo:
            current = todo.pop()
            if current not in seen:
                seen.add(current)
                todo += self._children[current].values()

    def _find_children(self, template: Template) -> dict[str, str]:
        """Logical id to the name of the scanned template that it deploys."""
        found: dict[str, str] = {}
        for section in template.resources.values():
            path = _local_template(template, section)
            if path is not None and path in self.templates:
                found[section.name] = path
        return found

    def _deploy(
        self, template: Template, scope: str, given: dict[str, Given], chain: tuple[tuple[str, str], ...], exists: When
    ) -> Evaluator:
        """Deploy a template and what it deploys. `chain`: how we came here, by template and logical id of the stack."""
        evaluator = Evaluator(template, scope, given, self._import, self.local)
        self._deployed.append(_Deployed(evaluator, self._prefix(template, scope, chain), exists))
        for section in evaluator.template.resources.values():
            body = section.body
            kind = body.get("Type") if type(body) is Mapping else None
            if type(kind) is not Scalar or kind.raw not in _STACKS or type(body) is not Mapping:
                continue
            child = _local_template(template, section)
            if child is None or child not in self.templates:
                self._missing(evaluator, section, kind.raw)
                continue
            circular = child == template.name or any(child == name for name, _ in chain)
            if circular or len(chain) >= MAX_NESTING or self._nested >= MAX_INSTANCES:
                evaluator.gap(
                    section.entry.key.span,
                    f"the nested stack `{section.name}`",
                    "it deploys itself in the end" if circular else "there are too many nested stacks, or too deep",
                    kind="circular" if circular else "limit",
                    remedy="break the circle" if circular else "scan a part of the templates",
                    hides=True,
                )
                continue
            if not evaluator.may_exist(body):
                continue
            self._nested += 1
            evaluator.nested[section.name] = self._deploy(
                self.templates[child],
                f"{scope}#{section.name}",
                self._passed(evaluator, self.templates[child], section),
                (*chain, (template.name, section.name)),
                evaluator.exists(body, exists),
            )
        return evaluator

    def _prefix(self, template: Template, scope: str, chain: tuple[tuple[str, str], ...]) -> str:
        """What tells the addresses of a template that is deployed again from those of its first deployment."""
        own = template.resources.keys()
        whole = f"{scope.replace('#', '/')}/"
        for prefix in ("", "".join(f"{stack}/" for _, stack in chain), whole):
            taken = self._names.setdefault((template.name, prefix), set())
            if taken.isdisjoint(own):
                taken.update(own)
                return prefix
        return whole

    @staticmethod
    def _passed(evaluator: Evaluator, child: Template, section: Section) -> dict[str, Given]:
        """The parameters that a stack passes to its template, each to be evaluated when it is wanted."""
        given = {name: evaluator.given[name] for name in _INHERITED if name in evaluator.given}
        for case in evaluator.lookup(section.body, ("Properties", "Parameters")):
            if type(case.node) is Mapping and intrinsic(case.node) is None:
                for entry in case.node.entries:
                    if entry.key.raw in child.parameters:
                        given.setdefault(entry.key.raw, Given(_lazy(evaluator, entry), f"the stack {section.name}"))
                    else:
                        evaluator.gap(
                            entry.key.span,
                            f"the parameter `{entry.key.raw}`",
                            f"`{child.name}` has no such parameter",
                            kind="undefined",
                            remedy="declare it there, or do not pass it",
                        )
        return given

    @staticmethod
    def _missing(evaluator: Evaluator, section: Section, kind: str) -> None:
        passed = _functions_passed(evaluator, section)
        for case in evaluator.lookup(section.body, ("Properties", _STACKS[kind])):
            if case.node is None:
                continue
            if type(case.node) is Mapping and intrinsic(case.node) is None:
                name = case.node.get("ApplicationId")
                shown = evaluator.value(name).show() if name is not None else "an application of the repository"
                why = "it is published in the Serverless Application Repository, and nothing is fetched"
            elif type(case.node) is Sequence and intrinsic(case.node) is None:
                shown, why = "a list", "the path of a template belongs here"
            else:
                shown = evaluator.value(case.node).show()
                remote = "://" in shown
                why = (
                    "it is a remote template, and nothing is fetched"
                    if remote
                    else "no template of this path was scanned"
                )
            evaluator.gap(
                case.node,
                f"the nested stack `{section.name}` ({shown})",
                why,
                kind="not-fetched",
                remedy="scan a folder that holds the nested template, under the path that is written here",
                # A stack can only add a URL, a trigger or a permission to a function that it is told of.
                hides=bool(passed),
                affects=passed,
            )

    # ------------------------------------------------------------------------------------------------------- exports

    def _note_exports(self, evaluator: Evaluator) -> None:
        for section in evaluator.template.outputs.values():
            if type(section.body) is not Mapping or "Export" not in section.body:
                continue
            for case in evaluator.lookup(section.body, ("Export", "Name")):
                if case.node is not None:
                    for _, leaf in evaluator.value(case.node).leaves():
                        self._exports.setdefault(leaf.show(), []).append((evaluator, section))

    def _import(self, name: str, importer: Evaluator) -> Value[Any] | None:
        """What the export of this name is; of several, that of the template which is nearest by its folder."""
        found = [(e, s) for e, s in self._exports.get(name, []) if e is not importer]
        if not found:
            return None
        near = sorted(found, key=lambda pair: -_shared(pair[0].template.name, importer.template.name))
        if len(near) > 1 and _shared(near[0][0].template.name, importer.template.name) == _shared(
            near[1][0].template.name, importer.template.name
        ):
            return None
        evaluator, section = near[0]
        written = section.body.get("Value") if type(section.body) is Mapping else None
        return evaluator.value(written) if written is not None else None


def _shared(left: str, right: str) -> int:
    """How many folders two paths have in common."""
    count = 0
    for a, b in zip(posixpath.dirname(left).split("/"), posixpath.dirname(right).split("/"), strict=False):
        if a != b:
            break
        count += 1
    return count


def _functions_passed(evaluator: Evaluator, section: Section) -> tuple[str, ...]:
    """The functions that a stack gets to know by its parameters; all, where these can't be read."""
    found: list[str] = []
    for case in evaluator.lookup(section.body, ("Properties", "Parameters")):
        if case.node is None:
            continue
        if type(case.node) is not Mapping or intrinsic(case.node) is not None:
            return ("*",)
        for entry in case.node.entries:
            for _, reference in evaluator.value(entry.value).references():
                logical = reference.target.rpartition("#")[2]
                declared = evaluator.template.resources.get(logical)
                kind = declared.body.get("Type") if declared is not None and type(declared.body) is Mapping else None
                if declared is not None and type(kind) is Scalar and kind.raw in _FUNCTIONS:
                    known = (
                        address(evaluator.template, logical, declared.body) if type(declared.body) is Mapping else ""
                    )
                    found.append(known or logical)
    return tuple(dict.fromkeys(found))


def _lazy(evaluator: Evaluator, entry: Entry) -> Callable[[], Value[Any]]:
    def value() -> Value[Any]:
        if type(entry.value) is Sequence and intrinsic(entry.value) is None:
            return evaluator.listed(entry.value)
        return evaluator.value(entry.value, entry.key.span)

    return value


def _local_template(template: Template, section: Section) -> str | None:
    """The path, relative to the scanned root, of the template that a resource deploys, if that is written as a path."""
    body = section.body
    kind = body.get("Type") if type(body) is Mapping else None
    if type(kind) is not Scalar or kind.raw not in _STACKS or type(body) is not Mapping:
        return None
    properties = body.get("Properties")
    where = properties.get(_STACKS[kind.raw]) if type(properties) is Mapping else None
    written = asset(template, body, where)
    if written is not None:
        return written
    if type(where) is not Scalar or "://" in where.raw:
        return None
    if where.tag is not None and not (where.tag == "!Sub" and "${" not in where.raw):
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(template.name), where.raw))
