"""Templates that belong together: nested stacks, exports and imports, parameters from outside."""

from __future__ import annotations

import posixpath
from typing import Any

from stockade.inputs.cloudformation.evaluate import Evaluator, Given
from stockade.inputs.cloudformation.lower import Lowering
from stockade.inputs.cloudformation.template import Section, Template, intrinsic
from stockade.model.app import Gap, Resource
from stockade.model.value import Value
from stockade.text.node import Mapping, Scalar

MAX_NESTING = 12
MAX_INSTANCES = 200

# Resource types that deploy another template, with the property that names it.
_STACKS = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}


class Stacks:
    """All templates of a scan, each deployed as often as the others say."""

    def __init__(self, templates: list[Template], given: dict[str, Given]) -> None:
        self.templates = {t.name: t for t in templates}
        self.given = given
        self.resources: list[Resource] = []
        self.gaps: list[Gap] = []
        self._exports: dict[str, tuple[Evaluator, Section]] = {}
        self._used: dict[str, int] = {}
        self._all: list[Evaluator] = []
        self._instances = 0

    def run(self) -> None:
        """Lower every template: those that no other one deploys by themselves, the others where they are deployed."""
        children = {child for t in self.templates.values() for child in self._children(t).values()}
        roots = [t for t in self.templates.values() if t.name not in children]
        # Templates that deploy each other in a circle have no root; each is then read by itself.
        reached = set()
        for template in roots:
            reached |= self._reach(template)
        roots += [t for name, t in self.templates.items() if name not in reached and name in children]
        deployed = [self._evaluator(t, t.name, self._known_parameters(t), ()) for t in roots]
        for evaluator in self._all:
            self._note_exports(evaluator)
        for evaluator, prefix in [pair for d in deployed for pair in d]:
            lowering = Lowering(evaluator, prefix)
            self.resources += lowering.run()
        for evaluator in self._all:
            self.gaps += evaluator.gaps

    def _reach(self, template: Template) -> set[str]:
        seen: set[str] = set()
        todo = [template.name]
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += self._children(self.templates[name]).values()
        return seen

    def _known_parameters(self, template: Template) -> dict[str, Given]:
        return {name: value for name, value in self.given.items() if name in template.parameters}

    def _children(self, template: Template) -> dict[str, str]:
        """Logical id to the name of the scanned template that it deploys."""
        found: dict[str, str] = {}
        for section in template.resources.values():
            path = self._local_template(template, section)
            if path is not None and path in self.templates and path != template.name:
                found[section.name] = path
        return found

    @staticmethod
    def _local_template(template: Template, section: Section) -> str | None:
        body = section.body
        kind = body.get("Type") if type(body) is Mapping else None
        if type(kind) is not Scalar or kind.raw not in _STACKS or type(body) is not Mapping:
            return None
        properties = body.get("Properties")
        where = properties.get(_STACKS[kind.raw]) if type(properties) is Mapping else None
        if type(where) is not Scalar or intrinsic(where) is not None or "://" in where.raw:
            return None
        return posixpath.normpath(posixpath.join(posixpath.dirname(template.name), where.raw))

    def _evaluator(
        self, template: Template, scope: str, given: dict[str, Given], chain: tuple[str, ...]
    ) -> list[tuple[Evaluator, str]]:
        """The evaluator of one deployment of a template, and those of what it deploys, each with its address prefix."""
        self._instances += 1
        evaluator = Evaluator(template, scope, given, self._import)
        self._all.append(evaluator)
        times = self._used.get(template.name, 0)
        self._used[template.name] = times + 1
        prefix = f"{chain[-1]}/" if times and chain else ""
        result = [(evaluator, prefix)]
        children = self._children(template)
        for section in template.resources.values():
            kind = section.body.get("Type") if type(section.body) is Mapping else None
            if type(kind) is not Scalar or kind.raw not in _STACKS or type(section.body) is not Mapping:
                continue
            child = children.get(section.name)
            if child is None:
                self._missing(evaluator, section, kind.raw)
                continue
            if len(chain) >= MAX_NESTING or self._instances >= MAX_INSTANCES or child in {c.partition("#")[0] for c in chain}:
                evaluator.gap(
                    section.entry.key.span,
                    f"the nested stack `{section.name}`",
                    "stacks are nested too deeply, or in a circle",
                    kind="limit",
                    hides=True,
                )
                continue
            inner = self._evaluator(
                self.templates[child],
                f"{scope}#{section.name}",
                self._stack_parameters(evaluator, section),
                (*chain, child, section.name),
            )
            evaluator.nested[section.name] = inner[0][0]
            result += inner
        return result

    @staticmethod
    def _stack_parameters(evaluator: Evaluator, section: Section) -> dict[str, Given]:
        given: dict[str, Given] = {}
        for case in evaluator.lookup(section.body, ("Properties", "Parameters")):
            if type(case.node) is Mapping:
                for entry in case.node.entries:
                    value: Value[Any] = evaluator.value(entry.value, entry.key.span)
                    given.setdefault(entry.key.raw, Given(value, "the parent stack"))
        return given

    @staticmethod
    def _missing(evaluator: Evaluator, section: Section, kind: str) -> None:
        for case in evaluator.lookup(section.body, ("Properties", _STACKS[kind])):
            if case.node is None:
                continue
            if type(case.node) is Mapping and intrinsic(case.node) is None:
                shown, why = "an application of the repository", "it is not part of the scanned code"
            else:
                shown = evaluator.value(case.node).show()
                remote = "://" in shown
                why = "it is a remote template, and nothing is fetched" if remote else "no such template was scanned"
            evaluator.gap(
                case.node,
                f"the nested stack `{section.name}` ({shown})",
                why,
                kind="not-fetched",
                remedy="scan a folder that holds the nested template, under the path that is written here",
            )

    def _note_exports(self, evaluator: Evaluator) -> None:
        for section in evaluator.template.outputs.values():
            for case in evaluator.lookup(section.body, ("Export", "Name")):
                if case.node is not None:
                    self._exports.setdefault(evaluator.value(case.node).show(), (evaluator, section))

    def _import(self, name: str) -> Value[Any] | None:
        found = self._exports.get(name)
        if found is None:
            return None
        evaluator, section = found
        written = section.body.get("Value") if type(section.body) is Mapping else None
        return evaluator.value(written) if written is not None else None


