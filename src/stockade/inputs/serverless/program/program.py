"""The program that a service's configuration is: its files, each read once."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC

from stockade.inputs.disk import Disk
from stockade.inputs.serverless.program.evaluate import Evaluator
from stockade.inputs.serverless.program.module import Module
from stockade.inputs.serverless.program.paths import SUFFIXES, Paths
from stockade.inputs.serverless.program.values import Function, Namespace, Value, computed
from stockade.model.app import Gap, Source
from stockade.text.document import Document, Problem, Span
from stockade.text.json import read_json
from stockade.text.node import Entry, Mapping, Node
from stockade.text.script import read_script

MAX_MODULES = 500


class Program:
    """The files that a service's configuration is read from, as far as they are programs and what these import.

    Attributes:
        included: the paths of the files that were read.
        sources: what is in them.
        gaps: what could not be seen of them; whoever takes them empties the list.
    """

    def __init__(self, disk: Disk, folder: str, environment: MappingABC[str, str]) -> None:
        self.disk = disk
        self.paths = Paths(disk, folder)
        self.evaluator = Evaluator(self, environment)
        self.included: set[str] = set()
        self.sources: list[Source] = []
        self.gaps: list[Gap] = []
        self._modules: dict[str, Module | Problem] = {}
        self._data: dict[str, Node | None] = {}
        self._changed: set[tuple[str, int]] = set()

    def configuration(self, document: Document) -> Node | None:
        """The configuration that a file exports."""
        module = self._module(document.path, document)
        return None if isinstance(module, Problem) else self._exported(module, module.default())

    def file(self, path: str) -> Node | Problem | None:
        """What a file gives that a variable of the framework includes: with the functions called that it exports."""
        module = self._module(path)
        if isinstance(module, Problem):
            return module
        found = self._exported(module, module.default())
        if type(found) is Mapping and "default" in module.exports:
            # What is exported by name counts as well.
            more = [e for e in self._entries(module) if e.key.raw != "default" and e.key.raw not in found]
            return Mapping(found.span, (*found.entries, *more), flow=True)
        return found

    def _exported(self, module: Module, value: Value) -> Node | None:
        evaluator = self.evaluator
        if isinstance(value, Function):
            value = evaluator.called(value, None, value.scope.module.script.span(value.syntax))
        if isinstance(value, Namespace):
            return Mapping(module.start, tuple(self._entries(value.module)), flow=True)
        return evaluator.node(value, module.start)

    def _entries(self, module: Module) -> list[Entry]:
        """Everything that a module exports, with the functions called."""
        found: list[Entry] = []
        whole = module.node()
        for entry in whole.entries if type(whole) is Mapping else ():
            lazy = module.exports.get(entry.key.raw)
            value = lazy.get(module.start) if lazy is not None else None
            if isinstance(value, Function):
                span = module.script.span(value.syntax)
                returned = self.evaluator.node(self.evaluator.called(value, None, span), span)
                if returned is not None:
                    found.append(Entry(entry.key, returned))
            else:
                found.append(entry)
        return found

    def imported(self, specifier: str, importer: Module, span: Span) -> Value:
        """What a module gives, as `require` would."""
        path = self.paths.find(specifier, importer.path)
        if path is None:
            if self.paths.is_package(specifier):
                return computed(span, f"`{specifier}` is a package, and what it gives is not read")
            why = f"there is no `{specifier}` in the scanned folder"
            return computed(span, why, "scan the folder that holds both", "missing file")
        if path.endswith(".json"):
            return self._json(path, span)
        if not path.endswith(SUFFIXES):
            return computed(span, f"`{specifier}` is no program, nor JSON")
        module = self._module(path)
        if isinstance(module, Problem):
            return computed(span, f"`{specifier}` {module.message}", module.remedy, module.kind)
        return module.value()

    def changed(self, span: Span, name: str) -> None:
        """Note that a program changes a value after it has said it."""
        if (span.doc.path, span.start) not in self._changed:
            self._changed.add((span.doc.path, span.start))
            shown = " ".join(span.text.split())
            why = f"`{name}` is changed here after it is declared, and what it was declared as is read"
            remedy = "write it as it is to be where it is declared"
            self._gap(span, f"`{shown if len(shown) <= 60 else shown[:57] + '…'}`", why, "computed", remedy)

    # ----------------------------------------------------------------------------------------------------------- files

    def _module(self, path: str, document: Document | None = None) -> Module | Problem:
        known = self._modules.get(path)
        if known is not None:
            return known
        found = document if document is not None else self.disk.document(path)
        if len(self._modules) >= MAX_MODULES:
            found = Problem("is one of too many files", "import fewer files", None, path, "limit")
        if isinstance(found, Problem):
            self._modules[path] = found
            return found
        script = read_script(found)
        if document is None:
            self.included.add(path)
            self.sources.append(Source(found, ()))
        for problem in script.problems:
            self._gap(problem.span or Span(found, 0, 0), f"`{path}`", problem.message, problem.kind, problem.remedy)
        module = self._modules[path] = Module(script, self.evaluator)
        return module

    def _json(self, path: str, span: Span) -> Value:
        if path not in self._data:
            document = self.disk.document(path)
            if isinstance(document, Problem):
                return computed(span, f"`{path}` {document.message}", document.remedy, document.kind)
            parsed = read_json(document)
            self.included.add(path)
            self.sources.append(Source(document, parsed.roots))
            self._data[path] = parsed.root
            for problem in parsed.problems:
                at = problem.span or span
                self._gap(at, f"the file `{path}`", problem.message, problem.kind, problem.remedy)
        return self._data[path]

    def _gap(self, span: Span, what: str, why: str, kind: str, remedy: str) -> None:
        self.gaps.append(Gap(what=what, why=why, remedy=remedy, kind=kind, path=span.doc.path, span=span, hides=True))
