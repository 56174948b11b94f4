"""Terragrunt: modules of Terraform, each used with the inputs that a `terragrunt.hcl` gives it.

https://terragrunt.gruntwork.io/docs/reference/config-blocks-and-attributes/ and …/built-in-functions/, as of 2026-11-28.
What can be told without running anything is: local sources, inputs, locals, includes, other files that are read, and what
the units that one depends on put out, where that is in their configuration. The environment, commands and mock outputs are
not looked at. Nothing is fetched: a source that lies elsewhere is read from Terragrunt's cache, if it is there.
"""

from __future__ import annotations

import os
import posixpath
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from stockade.inputs.terraform.configuration import Module, attribute, is_configuration, problem_gap, read_file
from stockade.inputs.terraform.expressions import Evaluator, Scope
from stockade.inputs.terraform.given import given_values
from stockade.inputs.terraform.modules import Instance
from stockade.inputs.terraform.project import deep
from stockade.inputs.terraform.providers import configure
from stockade.inputs.terraform.terms import (
    Lazy,
    Lit,
    NotKnown,
    Obj,
    Seq,
    Term,
    Txt,
    TxtPart,
    Unk,
    Wrong,
    cases,
    doubt_of,
    each_case,
    in_full,
    is_null,
    joined,
    plain,
    unknown,
)
from stockade.inputs.terraform.terragrunt_functions import DEFAULT, ENVIRONMENT, FUNCTIONS, MAX_READ, together
from stockade.model.value import Doubt, Hole, Via
from stockade.patterns import regex
from stockade.text.document import Problem, Span
from stockade.text.hcl import nodes as hcl

if TYPE_CHECKING:
    from stockade.inputs.terraform.functions import Function
    from stockade.inputs.terraform.project import Project

STACKS = "terragrunt.stack.hcl"
_CACHE = ".terragrunt-cache"
# Where the scanned folder lies on the machine that runs Terragrunt: whole paths begin with it.
_ROOT = Hole("terragrunt:root", Doubt("where the code lies is known only where Terragrunt runs", "", "machine"))
_BLOCK_IN_TEXT = regex(r'^\s*(?:resource|module|data|variable)\s+"', re.MULTILINE)
_REMOTE = regex(r"[a-z0-9+]+::|[a-z][a-z0-9+.-]*://|git@")
# Functions of Terraform that take the path of a file or folder first.
_OF_PATHS = frozenset({
    "file", "fileexists", "filebase64", "filebase64sha256", "filebase64sha512", "filemd5", "filesha1", "filesha256",
    "filesha512", "fileset", "templatefile",
})  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ evaluating


class Terragrunt:
    """Reads and evaluates the units of one scan."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.disk = project.disk
        self.evaluator = _Evaluator()
        self.units: dict[str, Unit] = {}
        self._files: dict[str, hcl.HclFile | Problem] = {}

    def read(self, paths: Iterable[str]) -> list[Unit]:
        """The units that use a module which is at hand. What else there is becomes a gap, or is a part of others."""
        with deep():
            for path in sorted(paths):
                name = posixpath.basename(path)
                if name == STACKS:
                    self._note_stack(path)
                    continue
                folder = posixpath.dirname(path)
                if folder not in self.units:
                    self.units[folder] = Unit(self, path)
            units = list(self.units.values())
            # What others include (which includes nothing itself) is a part of them, and used by itself by nobody.
            parts = {include.config.file.document.path for unit in units for include in unit.includes()}
            parts -= {unit.path for unit in units if unit.includes()}
            return [unit for unit in units if unit.path not in parts and unit.root is not None]

    def file(self, path: str) -> hcl.HclFile | Problem:
        """A file of Terragrunt's, read once; its problems are noted."""
        known = self._files.get(path)
        if known is None:
            known = self._files[path] = read_file(self.disk, path)
            problems = [known] if isinstance(known, Problem) else known.problems
            for problem in problems:
                hides = isinstance(known, Problem) or problem.kind in {"syntax", "limit"}
                self.project.gaps.append(problem_gap(problem, hides=hides))
            if not isinstance(known, Problem):
                self.project.note_values(_with_inputs(known))
        return known

    def term_of(self, target: str, span: Span) -> Term:
        """A path from the scanned folder, as the whole path that Terragrunt has."""
        parts: list[TxtPart] = [_ROOT, f"/{target}" if target else ""]
        return Txt(span=span, parts=joined(parts))

    def path_of(self, term: Term, base: str) -> str | None:
        """The path from the scanned folder that a text stands for; None where it can't be told."""
        if type(term) is Lit and isinstance(term.v, str):
            return None if posixpath.isabs(term.v) else self.normal(posixpath.join(base, term.v))
        if type(term) is Txt and term.parts[0] == _ROOT and all(isinstance(p, str) for p in term.parts[1:]):
            return self.normal("".join(str(p) for p in term.parts[1:]).lstrip("/"))
        return None

    def normal(self, path: str) -> str:
        """A path without detours, also if they lead out of the scanned folder and back."""
        root = self.disk.root.absolute()
        found = os.path.relpath(os.path.normpath(root / path), os.path.normpath(root)).replace(os.sep, "/")
        return "" if found == "." else found

    @cached_property
    def repository(self) -> str | None:
        """The top of the repository, as a path from the scanned folder (`..` if it lies above)."""
        at = self.disk.root.absolute()
        for folder in (at, *at.parents):
            sys.audit("stockade.asked", str(folder / ".git"))
            if (folder / ".git").exists():
                return self.normal(os.path.relpath(folder, at))
        return None

    def unit(self, folder: str) -> Unit | None:
        """The unit in a folder, if there is one."""
        if folder not in self.units and DEFAULT in self.disk.names(folder):
            self.units[folder] = Unit(self, posixpath.join(folder, DEFAULT))
        return self.units.get(folder)

    def folders(self, folder: str) -> list[str]:
        """The names of the folders right in a folder."""
        if not self.disk.is_folder(folder):
            return []
        with os.scandir(self.disk.root / folder) as found:
            return sorted(entry.name for entry in found if entry.is_dir())

    def _note_stack(self, path: str) -> None:
        document = self.disk.document(path)
        if isinstance(document, Problem):
            self.project.gaps.append(problem_gap(document, hides=True))
            return
        self.project.gap(
            Span(document, 0, 0),
            f"`{path}`",
            "stacks are not read",
            kind="unsupported",
            remedy="write the units that it makes: `terragrunt stack generate`",
            hides=True,
        )


class _Evaluator(Evaluator):
    """Evaluates the expressions of Terragrunt's files: with its own functions, and whole paths."""

    def _call(self, expr: hcl.Call, scope: Scope) -> Term:
        own = FUNCTIONS.get(expr.name)
        config = scope.module
        if own is None or not isinstance(config, Config):
            return super()._call(expr, scope)
        args = [self.evaluate(arg, scope) for arg in expr.args]
        return each_case(tuple(args), expr.span, lambda got: own(config, expr.span, got))

    def _apply(self, function: Function, name: str, span: Span, args: list[Term], scope: Scope) -> Term:
        config = scope.module
        if args and isinstance(config, Config):
            first = args[0]
            path = config.terragrunt.path_of(first, "") if type(first) is Txt else None
            if path is not None and name in {"basename", "dirname"} and path:
                if name == "basename":
                    return Lit(span=span, v=posixpath.basename(path))
                return config.terragrunt.term_of(posixpath.dirname(path), span)
            if path is not None and name in {"abspath", "pathexpand"}:
                return first
            if path is not None and name in _OF_PATHS:
                args = [Lit(span=first.span, v=posixpath.relpath(path or ".", config.root_folder or ".")), *args[1:]]
        return super()._apply(function, name, span, args, scope)


class Include(Struct, frozen=True, eq=False):
    """An `include` block: the file, how its inputs are merged, whether its locals can be referred to."""

    name: str
    config: Config
    merge: str
    exposed: bool


class Config(Instance):
    """One file of Terragrunt's, evaluated for a unit.

    `at` is the folder that Terragrunt takes to be its own: of the unit, also in files that it includes; of the file
    itself where it is read by `read_terragrunt_config`.
    """

    def __init__(
        self, terragrunt: Terragrunt, file: hcl.HclFile, unit: str, at: str, depth: int, including: str | None = None
    ) -> None:
        folder = posixpath.dirname(file.document.path)
        scope = f"{file.document.path} for {unit or '.'}"
        super().__init__(terragrunt.project, _as_module(folder, file), scope=scope, root_folder=folder, depth=depth)
        self.terragrunt = terragrunt
        self.file = file
        self.unit = unit
        self.at = at
        self.including = including  # the folder of the file that is included, in that file
        self._inputs: Term | None = None
        self._includes: list[Include] | None = None
        self._entered = False

    def reading(self, file: hcl.HclFile, at: str) -> Config:
        """Another file of the same unit, that lies in a folder and is read by this one."""
        return Config(self.terragrunt, file, self.unit, at, self.depth + 1)

    @property
    def evaluator(self) -> Evaluator:
        """What evaluates."""
        return self.terragrunt.evaluator

    @property
    def body(self) -> hcl.Body:  # type: ignore[override]
        """What it states."""
        return self.file.body

    # ------------------------------------------------------------------------------------------------------------ names

    def variable(self, name: str, span: Span) -> Term:
        """There are none."""
        raise Wrong(f"`var.{name}` has no meaning here", span)

    def path(self, word: str, span: Span) -> Term:
        """There is none."""
        raise Wrong(f"`path.{word}` has no meaning here", span)

    def workspace(self, word: str, span: Span) -> Term:
        """There is none."""
        raise Wrong(f"`terraform.{word}` has no meaning here", span)

    def data_term(self, type_: str, name: str, span: Span) -> Term:
        """There are none."""
        raise Wrong(f"`data.{type_}.{name}` has no meaning here", span)

    def resource_term(self, type_: str, name: str, span: Span) -> Term:
        """`dependency.x`, `include.x`, and what else blocks bring in."""
        if type_ == "dependency":
            return self._dependency(name, span)
        if type_ == "include":
            return self._included(name, span)
        if type_ in {"feature", "values", "unit", "stack"}:
            why = f"`{type_}.{name}` is known only where Terragrunt runs"
            return unknown(why, span, cause="terragrunt", remedy=ENVIRONMENT, name=f"{type_}.{name}")
        raise Wrong(f"`{type_}.{name}` has no meaning here", span)

    def _included(self, name: str, span: Span) -> Term:
        for include in self.includes():
            if include.name == name:
                return include.config.term(span)
            if not include.name:  # a bare `include`: `include.locals.x`
                return include.config.get(name, span)
        raise Wrong(f'there is no `include "{name}"` in this file', span)

    def _dependency(self, name: str, span: Span) -> Term:
        block = next((b for b in self.file.body.of("dependency") if b.labels == (name,)), None)
        if block is None:
            raise Wrong(f'there is no `dependency "{name}"` in this file', span)
        shown = f"dependency.{name}"
        stated = block.body.attributes.get("config_path")
        where = self.tried(stated.expr, Scope(self), f"`config_path` of `{shown}`") if stated is not None else None
        folder = self.terragrunt.path_of(where, self.at) if where is not None else None

        def get(word: str, at: Span) -> Term:
            if word == "outputs":
                return self._outputs_of(folder, shown, at)
            if word == "config_path" and where is not None:
                return where
            return unknown(f"`{shown}.{word}` is not known", at, cause="terragrunt")

        return Lazy(span=span, get=get, whole=lambda: Obj(span=span, entries={}, open=_of_unit(shown)), what=shown)

    def _outputs_of(self, folder: str | None, shown: str, span: Span) -> Term:
        """The outputs of another unit: what its configuration says of them, where that is here."""
        unit = self.terragrunt.unit(folder) if folder is not None else None

        def get(word: str, at: Span) -> Term:
            root = unit.root if unit is not None else None
            if root is None or word not in root.module.outputs:
                return Unk(span=at, doubt=_of_unit(f"{shown}.outputs.{word}"), name=f"{shown}.outputs.{word}")
            return root.output(word, at)

        return Lazy(span=span, get=get, whole=lambda: Obj(span=span, entries={}, open=_of_unit(shown)), what=shown)

    # --------------------------------------------------------------------------------------------------------- its parts

    def term(self, span: Span) -> Term:
        """It as an object: `include.x`, what `read_terragrunt_config` gives."""
        why = Doubt(f"a part of `{self.file.document.path}` is known only where Terragrunt runs", "", "terragrunt")
        return Lazy(
            span=span,
            get=self.get,
            whole=lambda: Obj(span=span, entries={n: self.get(n, span) for n in ("locals", "inputs")}, open=why),
            what=self.file.document.path,
        )

    def get(self, name: str, span: Span) -> Term:
        """One of its parts."""
        if name == "locals":
            names = tuple(self.module.locals)
            return Lazy(
                span=span,
                get=self.local,
                whole=lambda: Obj(span=span, entries={n: self.local(n, span) for n in names}),
                what=f"the locals of {self.file.document.path}",
            )
        if name == "inputs":
            return self.inputs(span)
        if name == "dependency":
            blocks = [b for b in self.file.body.of("dependency") if len(b.labels) == 1]
            return Obj(span=span, entries={b.labels[0]: self._dependency(b.labels[0], span) for b in blocks})
        if name == "terraform":
            source = self._own_source()
            return Obj(span=span, entries={"source": source[0]} if source is not None else {})
        why = f"`{name}` of `{self.file.document.path}` is not read"
        return unknown(why, span, cause="terragrunt")

    def includes(self) -> list[Include]:
        """The files that it includes, in order."""
        if self._includes is None:
            self._includes = []
            for block in self.file.body.of("include"):
                found = self._include(block)
                if found is not None:
                    self._includes.append(found)
        return self._includes

    def _include(self, block: hcl.Block) -> Include | None:
        name = block.labels[0] if block.labels else ""
        what = (
            f'`include "{name}"` of `{self.file.document.path}`'
            if name
            else f"`include` of `{self.file.document.path}`"
        )
        stated = block.body.attributes.get("path")
        if stated is None:
            return None
        where = self.tried(stated.expr, Scope(self), f"`path` of {what}")
        target = self.terragrunt.path_of(where, self.folder)
        if target is None:
            doubt = doubt_of(where) if type(where) is not Lit else Doubt("it is a path on the machine itself")
            self._gap(stated.expr.span, what, f"which file is included can't be told: {doubt.why}", doubt.remedy)
            return None
        if self.depth >= MAX_READ:
            self._gap(block.header, what, "files include each other in a circle", "break the circle", "circular")
            return None
        file = self.terragrunt.file(target)
        if isinstance(file, Problem):
            return None
        merge = _word(attribute(block, "merge_strategy")) or "shallow"
        config = Config(self.terragrunt, file, self.unit, self.at, self.depth + 1, including=posixpath.dirname(target))
        return Include(name, config, merge, exposed=True)

    def _gap(self, span: Span, what: str, why: str, remedy: str, kind: str = "terragrunt") -> None:
        self.project.gap(span, what, why, kind=kind, remedy=remedy or "scan the folder that holds both", hides=True)

    def inputs(self, span: Span) -> Term:
        """The inputs that it gives, with those of what it includes."""
        if self._inputs is None:
            if self._entered:
                doubt = Doubt("the inputs depend on themselves", "break the circle", "circular")
                return Obj(span=span, entries={}, open=doubt)
            self._entered = True
            try:
                self._inputs = self._merged(span)
            finally:
                self._entered = False
        return self._inputs

    def _merged(self, span: Span) -> Term:
        stated = self.file.body.attributes.get("inputs")
        own: Term = Obj(span=span, entries={})
        if stated is not None:
            found = self.tried(stated.expr, Scope(self), f"`inputs` of `{self.file.document.path}`")
            found = in_full(found)
            own = found if not is_null(found) else own
        for include in reversed(self.includes()):
            if include.merge == "no_merge":
                continue
            below = include.config.inputs(span)
            own = each_case((below, own), own.span, lambda got, how=include.merge: together(got[0], got[1], how))  # type: ignore[misc]
        return own

    def source(self) -> tuple[Term, Span] | None:
        """Which module it uses, and where that is said: in itself, or in what it includes."""
        own = self._own_source()
        if own is not None:
            return own
        for include in self.includes():
            found = include.config.source() if include.merge != "no_merge" else None
            if found is not None:
                return found
        return None

    def _own_source(self) -> tuple[Term, Span] | None:
        for block in self.file.body.of("terraform"):
            stated = block.body.attributes.get("source")
            if stated is not None:
                found = self.tried(stated.expr, Scope(self), f"`source` of `{self.file.document.path}`")
                return None if is_null(found) else (found, stated.span)
        return None

    def generated(self) -> Iterator[tuple[hcl.Block, Term]]:
        """The texts that it generates files of."""
        for block in self.file.body.of("generate"):
            contents = block.body.attributes.get("contents")
            if contents is not None:
                yield block, self.tried(contents.expr, Scope(self), "`contents` of a `generate` block")
        for include in self.includes():
            if include.merge != "no_merge":
                yield from include.config.generated()

    def value_files(self) -> Iterator[Term]:
        """The files of values that are given to Terraform when it plans."""
        for include in self.includes():
            if include.merge != "no_merge":
                yield from include.config.value_files()
        for block in self.file.body.of("terraform"):
            for extra in block.body.of("extra_arguments"):
                for name in ("required_var_files", "optional_var_files"):
                    stated = extra.body.attributes.get(name)
                    term = self.tried(stated.expr, Scope(self), f"`{name}`") if stated is not None else None
                    if term is not None and type(term) is Seq:
                        yield from term.items


def _of_unit(shown: str) -> Doubt:
    why = f"`{shown}` is an output of another unit, known only after apply"
    return Doubt(why, "scan a plan (`terragrunt show -json`)", "dependency")


def _as_module(folder: str, file: hcl.HclFile) -> Module:
    stated = {name: found for block in file.body.of("locals") for name, found in block.body.attributes.items()}
    return Module(
        folder=folder,
        files=(file,),
        variables={},
        locals=stated,
        outputs={},
        resources={},
        data={},
        calls={},
        providers=(),
        settings=(),
        gaps=(),
    )


def _with_inputs(file: hcl.HclFile) -> hcl.HclFile:
    """A file as one of values: each input is an attribute, wherever in `inputs` it is written."""
    stated = file.body.attributes.get("inputs")
    if stated is None:
        return file
    found: dict[str, hcl.Attribute] = {}
    todo: list[hcl.Expr] = [stated.expr]
    while todo:
        expr = todo.pop()
        if type(expr) is hcl.Object:
            for entry in expr.entries:
                if type(entry.key) is hcl.Constant and isinstance(entry.key.value, str):
                    found.setdefault(
                        entry.key.value, hcl.Attribute(entry.span, entry.key.value, entry.key.span, entry.value)
                    )
        elif type(expr) is hcl.Call:
            todo += expr.args
        elif type(expr) is hcl.Paren:
            todo.append(expr.inner)
    body = hcl.Body(file.body.span, {**found, **file.body.attributes}, file.body.blocks)
    return hcl.HclFile(file.document, body, file.problems, file.comments)


def _word(expr: hcl.Expr | None) -> str:
    return expr.value if type(expr) is hcl.Constant and isinstance(expr.value, str) else ""


# ----------------------------------------------------------------------------------------------------------------- units


class Given(dict[str, Term]):
    """The values of the variables of a unit's module: the inputs are evaluated when the first is asked for."""

    def __init__(self, unit: Unit, own: dict[str, Term]) -> None:
        super().__init__(own)
        self._unit = unit

    def get(self, name: str, default: Term | None = None) -> Term | None:  # type: ignore[override]
        """The value of one variable, or None where nothing gives it one."""
        known = super().get(name)
        return known if known is not None else self._unit.given(name) or default

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __missing__(self, name: str) -> Term:
        found = self._unit.given(name)
        if found is None:
            raise KeyError(name)
        return found


class Unit:
    """One `terragrunt.hcl` that uses a module. `root` is the module, evaluated with its inputs, if that is at hand."""

    def __init__(self, terragrunt: Terragrunt, path: str) -> None:
        self.terragrunt = terragrunt
        self.path = path
        self.folder = posixpath.dirname(path)
        self._entered = False

    @cached_property
    def config(self) -> Config | None:
        """What its file states."""
        file = self.terragrunt.file(self.path)
        return None if isinstance(file, Problem) else Config(self.terragrunt, file, self.folder, self.folder, 0)

    def includes(self) -> list[Include]:
        """The files that it includes."""
        return self.config.includes() if self.config is not None else []

    @cached_property
    def target(self) -> tuple[str, Span | None, bool] | None:
        """The folder of the module, where it is said, and whether it was fetched; None where it is not at hand."""
        config = self.config
        if config is None:
            return None
        has_own = self._has_configuration(self.folder)
        found = config.source()
        if found is None:
            return (self.folder, None, False) if has_own else None
        term, span = found
        options = cases(term)
        target = self._local(options[0][1]) if len(options) == 1 else None
        if target is not None:
            if target.startswith("../") or target == "..":
                self._gap(span, term, "it lies outside of the scanned folder", "scan the folder that holds both")
                return None
            if not self._has_configuration(target):
                self._gap(span, term, "there is no configuration in that folder", "correct the path")
                return None
            if has_own and target != self.folder:
                self._note_own(span)
            return target, span, False
        return self._fetched(term, span)

    def _fetched(self, term: Term, span: Span) -> tuple[str, Span, bool] | None:
        command = f"run `terragrunt init` in `{self.folder or '.'}`, and scan again"
        if type(term) is Lit and isinstance(term.v, str):
            cached = self._cached(term.v)
            if cached is not None:
                return cached, span, True
            self._gap(span, term, "it is fetched from elsewhere, and is not here", command)
        else:
            doubt = doubt_of(term)
            self._gap(span, term, f"which module it is can't be told: {doubt.why}", doubt.remedy or command)
        return None

    def _local(self, term: Term) -> str | None:
        """The folder that a source in the same repository names."""
        if type(term) is Lit:
            text = str(term.v).partition("?")[0]
            if _REMOTE.match(text) or posixpath.isabs(text):
                return None
            path = self.terragrunt.normal(posixpath.join(self.folder, text))
            is_relative = text in {".", ".."} or text.startswith(("./", "../"))
            return path if is_relative or self._has_configuration(path) else None
        if type(term) is Txt and isinstance(last := term.parts[-1], str):
            term = Txt(span=term.span, parts=(*term.parts[:-1], last.partition("?")[0]))
        return self.terragrunt.path_of(term, self.folder)

    def _cached(self, source: str) -> str | None:
        """Where Terragrunt has put what it fetched: below its cache, in two folders named by digests."""
        text = source.partition("?")[0]
        while (scheme := _REMOTE.match(text)) is not None:
            text = text[scheme.end() :]
        _, _, inside = text.partition("//")
        base = posixpath.join(self.folder, _CACHE)
        found = [
            at
            for one in self.terragrunt.folders(base)
            for two in self.terragrunt.folders(posixpath.join(base, one))
            if self._has_configuration(at := posixpath.normpath(posixpath.join(base, one, two, inside)))
        ]
        return found[0] if len(found) == 1 else None

    def _has_configuration(self, folder: str) -> bool:
        return any(is_configuration(name) for name in self.terragrunt.disk.names(folder))

    def _gap(self, span: Span, term: Term, why: str, remedy: str) -> None:
        shown = f" (`{term.v}`)" if type(term) is Lit else ""
        what = f"the module of `{self.path}`{shown}"
        self.terragrunt.project.gap(span, what, why, kind="module", remedy=remedy, hides=True)

    def _note_own(self, span: Span) -> None:
        self.terragrunt.project.gap(
            span,
            f"the configuration beside `{self.path}`",
            "Terragrunt puts it into the module, which is not done here",
            kind="terragrunt",
            remedy="scan a plan (`terragrunt show -json`)",
            hides=True,
        )

    @cached_property
    def root(self) -> Instance | None:
        """The module as this unit uses it."""
        target = self.target
        if target is None or self.config is None:
            return None
        project = self.terragrunt.project
        folder, span, fetched = target
        module = project.module(folder)
        calls = (Via(f"source of {self.path}", span),) if span is not None else ()
        instance = project.instances(
            project,
            module,
            scope=self.folder or ".",
            root_folder=folder,
            call=span if fetched else None,
            foreign=module.paths if fetched else frozenset(),
            calls=calls,
        )
        instance.given = Given(self, self._over(instance, module))
        configure(instance)
        self._note_generated()
        return instance

    def _over(self, instance: Instance, module: Module) -> dict[str, Term]:
        """The values that win over the inputs: of files of values, and what the user gives."""
        project = self.terragrunt.project
        found: dict[str, Term] = {}
        if self.folder != module.folder:
            found |= given_values(project, replace(module, folder=self.folder), type(project.given)(), instance)
        for term in self.config.value_files() if self.config is not None else ():
            path = self.terragrunt.path_of(term, self.folder)
            file = read_file(project.disk, path) if path is not None and self._is_file(path) else None
            if file is None or isinstance(file, Problem):
                continue
            project.note_values(file)
            for name, stated in file.body.attributes.items():
                found[name] = instance.tried(stated.expr, Scope(instance), f"the value of `{name}`")
        return found | given_values(project, module, project.given, instance)

    def _is_file(self, path: str) -> bool:
        return posixpath.basename(path) in self.terragrunt.disk.names(posixpath.dirname(path))

    def given(self, name: str) -> Term | None:
        """One of its inputs."""
        config = self.config
        if config is None:
            return None
        found = config.inputs(config.file.body.span)
        for when, leaf in cases(found):
            if type(leaf) is Obj:
                term = leaf.entries.get(name)
                if term is not None or leaf.open is None:
                    if not when:
                        return term
                    continue
        if type(found) is Obj and found.open is None:
            return None
        doubt = found.open if type(found) is Obj and found.open is not None else doubt_of(found)
        return Unk(span=config.file.body.span, doubt=doubt, name=f"input {name} of {self.path}")

    def _note_generated(self) -> None:
        config = self.config
        for block, contents in config.generated() if config is not None else ():
            try:
                text = str(plain(contents))
            except NotKnown:
                text = block.body.span.text
            if _BLOCK_IN_TEXT.search(text):
                self.terragrunt.project.gap(
                    block.header,
                    f'what `generate "{block.labels[0] if block.labels else ""}"` writes',
                    "files that Terragrunt generates are not read, and this one declares something",
                    kind="terragrunt",
                    remedy="scan a plan (`terragrunt show -json`)",
                    hides=True,
                )
