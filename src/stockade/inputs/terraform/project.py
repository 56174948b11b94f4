"""All Terraform of a scan: which folders are root modules, which modules they call, and what is declared in the end."""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from stockade.inputs.given import Variables
from stockade.inputs.terraform import known_modules, switches
from stockade.inputs.terraform.configuration import Module, attribute, is_configuration, read_file, read_module
from stockade.inputs.terraform.disk import Disk
from stockade.inputs.terraform.expressions import Evaluator, Scope
from stockade.inputs.terraform.functions import Files
from stockade.inputs.terraform.given import check_names, given_values, read_values_file
from stockade.inputs.terraform.limits import MAX_ALL_INSTANCES, MAX_MODULE_INSTANCES, SPLIT
from stockade.inputs.terraform.lower import Declared
from stockade.inputs.terraform.modules import MAX_MODULES, Call, Copy, Declaration, Instance, Key
from stockade.inputs.terraform.places import Owners
from stockade.inputs.terraform.providers import configure, passed, place_of, places_passed, tagged
from stockade.inputs.terraform.terms import Lazy, Lit, Obj, Term, Unk
from stockade.model.app import Gap
from stockade.model.value import Doubt, Via, When, conjoin
from stockade.text.document import Document, Problem, Span
from stockade.text.hcl import nodes as hcl

_INIT = "run `terraform init` in `{}`, and scan again"
_RECURSION = 12_000


class Arguments(dict[str, Term]):
    """The arguments of one call of a module, each evaluated when it is asked for."""

    def __init__(self, call: Call, names: dict[str, Term]) -> None:
        super().__init__()
        self._call = call
        self.scope = Scope(call.module, names)
        self._entered: set[str] = set()

    def get(self, name: str, default: Term | None = None) -> Term | None:  # type: ignore[override]
        """One argument, or None where it is not written."""
        known = super().get(name)
        if known is not None:
            return known
        found = self._call.block.body.attributes.get(name)
        if found is None:
            return default
        what = f"argument `{name}` of `module.{self._call.name}`"
        if name in self._entered:
            return self._call.module.circle(what, found.expr.span)
        self._entered.add(name)
        self[name] = self._call.module.tried(found.expr, self.scope, what)
        return self[name]


class Project:
    """Reads and evaluates every root module below a root."""

    instances: type[Instance] = Instance  # what instances of modules are made of

    def __init__(self, disk: Disk, given: Variables | None = None) -> None:
        self.disk = disk
        self.given = given or Variables()
        self.owners = Owners()
        self.evaluator = Evaluator()
        self.gaps: list[Gap] = []
        self.nowhere = Document("-", "", syntax="hcl")
        self.roots: list[Instance] = []
        self.files = Files(read=disk.text, raw=disk.raw, list_=disk.listing, template=self._template)
        self._noted: set[tuple[str, int, str]] = set()
        self._modules: dict[str, Module] = {}
        self._fetched: dict[str, dict[str, str]] = {}
        self._values: dict[Path, hcl.HclFile] = {}
        self._workspaces: dict[str, str | None] = {}
        self._value_files: list[hcl.HclFile] = []
        self.stopped = False  # nothing is evaluated any more, and a gap has said so
        self._instances_left = MAX_ALL_INSTANCES
        self._modules_left = MAX_MODULE_INSTANCES
        self._told_full: set[str] = set()

    # ---------------------------------------------------------------------------------------------------------- reading

    def module(self, folder: str) -> Module:
        """The module in a folder, read once."""
        known = self._modules.get(folder)
        if known is None:
            known = self._modules[folder] = read_module(self.disk, folder)
            for file in known.files:
                self.owners.note(file)
            self.gaps += known.gaps
        return known

    def note_values(self, file: hcl.HclFile) -> None:
        """Know a file of values."""
        self.owners.note(file, values=True)
        if not any(have is file for have in self._value_files):
            self._value_files.append(file)

    def values_file(self, path: Path) -> hcl.HclFile:
        """A file of values that the user names, read once."""
        known = self._values.get(path)
        if known is None:
            known = self._values[path] = read_values_file(path)
        return known

    @property
    def read_files(self) -> list[hcl.HclFile]:
        """Every file of configuration and of values that was read."""
        return [file for module in self._modules.values() for file in module.files] + self._value_files

    def value_expression(self, span: Span) -> hcl.Expr | None:
        """The expression in a file of values that stands at a place."""
        for file in self._value_files:
            if file.document is span.doc:
                return next((a.expr for a in file.body.attributes.values() if a.expr.span.covers(span)), None)
        return None

    def is_value(self, span: Span) -> bool:
        """Whether a place is the default of a variable, or in a file of values: where no reference may stand."""
        said = self.owners.describe(span)
        return said.startswith(("default of variable", "value of variable"))

    @staticmethod
    def is_foreign(path: str) -> bool:
        """Whether a file is not the user's own: it was fetched."""
        return ".terraform/" in path

    def _template(self, path: str) -> hcl.HclFile:
        from stockade.text.hcl.read import read_template

        document = self.disk.text(path)
        found = self.disk.parsed(posixpath.normpath(path), "template", read_template)
        return found if isinstance(found, hcl.HclFile) else read_template(document)

    # -------------------------------------------------------------------------------------------------------- evaluating

    def run(self, folders: Iterable[str], apart: Iterable[str] = ()) -> list[Instance]:
        """Evaluate the root modules among these folders (and those that nothing else reaches).

        Those `apart` are evaluated elsewhere (by a plan, or with the inputs of Terragrunt), with what they call.
        """
        with deep():
            elsewhere = set(apart)
            todo = sorted(set(folders) | elsewhere)
            called = {folder: set(self._called_from(folder)) for folder in todo}
            from_elsewhere = {target for folder, targets in called.items() for target in targets if target != folder}
            roots = [folder for folder in todo if folder not in from_elsewhere and folder not in elsewhere]
            reached: set[str] = set()
            for folder in (*sorted(elsewhere), *roots):
                self._reach(folder, called, reached)
            # Modules that only call each other in a circle: each of them is a place to start.
            for folder in todo:
                if folder not in reached:
                    roots.append(folder)
                    self._reach(folder, called, reached)
            check_names((self.module(folder) for folder in (*roots, *sorted(elsewhere))), self.given)
            for folder in sorted(roots):
                self.roots.append(self._root(folder))
        return self.roots

    def _reach(self, folder: str, called: dict[str, set[str]], reached: set[str]) -> None:
        todo = [folder]
        while todo:
            at = todo.pop()
            if at not in reached:
                reached.add(at)
                todo += called.get(at, ())

    def _called_from(self, folder: str) -> Iterator[str]:
        for block in self.module(folder).calls.values():
            source = _source(block)
            if source.startswith(("./", "../")):
                yield _joined(folder, source)

    def _root(self, folder: str) -> Instance:
        module = self.module(folder)
        instance = self.instances(self, module, scope=folder or ".", root_folder=folder)
        instance.given = given_values(self, module, self.given, instance)
        configure(instance)
        return instance

    def declared(self, root: Instance, *, foreign: bool = False) -> list[Declared]:
        """Every instance of every resource of AWS in a root module and the modules below it; with `foreign`, of others too."""
        with deep():
            found: list[Declared] = []
            todo = [root]
            while todo:
                instance = todo.pop()
                roles = any(type_ == "aws_iam_role" for type_, _ in instance.module.resources)
                withheld = switches.withheld(instance) if roles else {}
                for declaration in instance.declarations():
                    own = withheld.get(declaration.name, ()) if declaration.type == "aws_iam_role" else ()
                    if not (foreign or declaration.type.startswith("aws_")):
                        continue
                    for when, copy in self._within(declaration):
                        exists = conjoin(instance.exists, when)
                        if exists is None:
                            continue
                        block = declaration.block
                        stated, places = tagged(copy.block(), instance, block), instance.places
                        created_first: bool | None = copy.created_first
                        if isinstance(instance, known_modules.Described):
                            stated, places = instance.seen(stated), instance.places_of(copy)
                            created_first = None  # what a module's description leaves out
                        found.append(
                            Declared(
                                declaration.type,
                                copy.address,
                                scope=instance.scope,
                                block=stated,
                                span=block.span,
                                key_span=block.header,
                                places=places,
                                exists=exists,
                                written=copy,
                                place=place_of(instance, block, stated),
                                created_first=created_first,
                                withheld=own,
                            )
                        )
                todo += reversed(list(instance.children()))
            return found

    def _within(self, declaration: Declaration) -> Iterator[tuple[When, Copy]]:
        """The instances of a declaration, as long as the scan looks at more."""
        for found in declaration.all():
            if not self.take(1):
                self._full(declaration.block.header, f"`{declaration.shown}`", f"{MAX_ALL_INSTANCES:,} instances")
                return
            yield found

    def _full(self, span: Span, what: str, most: str) -> None:
        """The scan looks at no more of something, which is said once."""
        if most not in self._told_full:
            self._told_full.add(most)
            why = f"the scan has looked at {most}, and at no more"
            self.gap(span, what, why, kind="limit", remedy=SPLIT, hides=True)

    def take(self, count: int) -> int:
        """Of so many instances, how many the scan may still look at; they count as looked at."""
        taken = min(count, self._instances_left)
        self._instances_left -= taken
        return taken

    # ----------------------------------------------------------------------------------------------------------- modules

    def called(self, call: Call, key: Key, names: dict[str, Term], when: When) -> Instance | None:
        """The instance of a module that a call makes; None, with a gap, where the module is not at hand."""
        module = call.module
        prefix = f"{module.prefix}module.{call.name}{key.shown}."
        arguments = Arguments(call, names)
        tags, regions = passed(call.block, module.tags), passed(call.block, module.regions)
        providers = places_passed(call.block, module)
        folder = self.folder_of(call)
        if folder is None:
            remedy = _INIT.format(module.root_folder or ".")
            return known_modules.called(
                self, call, prefix, when, arguments, remedy, tags=tags, regions=regions, providers=providers
            )
        own = module.folder
        what = f"`module.{call.name}`"
        if folder in (*module.above, own):
            why = "it calls itself" if folder == own else "it calls itself, by way of others"
            self.gap(call.block.header, what, why, kind="circular", remedy="break the circle", hides=True)
            return None
        if module.depth >= MAX_MODULES or self._modules_left <= 0:
            if module.depth >= MAX_MODULES:
                why = f"it lies below {MAX_MODULES} other modules, and is not looked at"
                self.gap(call.block.header, what, why, kind="limit", remedy=SPLIT, hides=True)
            else:
                self._full(call.block.header, what, f"{MAX_MODULE_INSTANCES:,} instances of modules")
            return None
        self._modules_left -= 1
        found = self.module(folder)
        foreign = ".terraform/" in f"{folder}/" or module.call is not None
        place = module.call
        if foreign and place is None:
            place = call.block.header
        exists = conjoin(module.exists, when)
        instance = self.instances(
            self,
            found,
            scope=module.scope,
            root_folder=module.root_folder,
            prefix=prefix,
            exists=exists if exists is not None else module.exists,
            arguments=arguments,
            depth=module.depth + 1,
            call=place if foreign else None,
            foreign=(module.foreign | found.paths) if foreign else frozenset(),
            tags=tags,
            regions=regions,
            providers=providers,
            above=(*module.above, own),
            caller=call,
            calls=(Via(f"call of module.{call.name}", call.block.header), *module.calls),
        )
        configure(instance)
        for name, stated in call.block.body.attributes.items():
            if name not in found.variables and name not in _META_ARGUMENTS:
                self.gap(
                    stated.name_span,
                    f"argument `{name}` of `module.{call.name}`",
                    "the module has no such variable",
                    kind="expression",
                    remedy="correct its name or remove it",
                )
        return instance

    def folder_of(self, call: Call) -> str | None:
        """The folder of the module that is called; None, with a gap where nothing else tells of it, if it is not at hand."""
        module, source = call.module, _source(call.block)
        if source.startswith(("./", "../")) or source in {".", ".."}:
            folder = self.disk.real(_joined(module.folder, source))
            if self.disk.is_outside(folder):
                self._missing(call, source, "it lies outside of the scanned folder", "scan the folder that holds both")
                return None
            if not any(is_configuration(n) for n in self.disk.names(folder)):
                self._missing(call, source, "there is no configuration in that folder", "correct the path")
                return None
            return folder
        fetched = self._fetched_modules(module.root_folder).get(_path(call))
        if fetched is not None:
            folder = self.disk.real(_joined(module.root_folder, fetched))
            if any(is_configuration(n) for n in self.disk.names(folder)):
                return folder
        if not source:
            self._missing(call, source, "it has no `source` that can be read", "state its source as a text")
            return None
        if known_modules.known(call.block) is None:
            self._missing(
                call, source, "it is fetched from elsewhere, and is not here", _INIT.format(module.root_folder or ".")
            )
        return None

    def _missing(self, call: Call, source: str, why: str, remedy: str) -> None:
        what = f"`module.{call.name}`" + (f" (`{source}`)" if source else "")
        self.gap(call.block.header, what, why, kind="module", remedy=remedy, hides=True)

    def _fetched_modules(self, root_folder: str) -> dict[str, str]:
        """Where `terraform init` has put the modules of a root module, by their calls' path."""
        known = self._fetched.get(root_folder)
        if known is None:
            known = {}
            document = self._kept(root_folder, "modules/modules.json")
            if isinstance(document, Document):
                import json

                try:
                    rows = json.loads(document.text).get("Modules", [])
                    known = {str(r["Key"]): str(r["Dir"]) for r in rows if isinstance(r, dict) and r.get("Key")}
                except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
                    self.gap(
                        Span(document, 0, 0),
                        f"`{document.path}`",
                        "it is not what `terraform init` writes",
                        kind="syntax",
                        remedy=_INIT.format(root_folder or "."),
                        hides=True,
                    )
            self._fetched[root_folder] = known
        return known

    def _kept(self, root_folder: str, name: str) -> Document | Problem | None:
        """What Terraform has put into its own folder beside a root module, if it has."""
        path = posixpath.join(root_folder, ".terraform", name)
        return self.disk.document(path) if self.disk.is_folder(posixpath.dirname(path)) else None

    def locks(self, root_folder: str) -> hcl.HclFile | None:
        """The versions of providers that `terraform init` has noted beside a root module, if it has."""
        found = read_file(self.disk, posixpath.join(root_folder, ".terraform.lock.hcl"))
        return found if isinstance(found, hcl.HclFile) else None

    def outputs_of_unread(self, call: Call, address: str, span: Span) -> Term:
        """The outputs of a module that is not at hand."""
        source = _source(call.block)
        remedy = _INIT.format(call.module.root_folder or ".")
        doubt = Doubt(f"`{address}` (`{source}`) is not here", remedy, "module")

        def get(name: str, at: Span) -> Term:
            return Unk(span=at, doubt=doubt, name=f"{address}.{name}")

        return Lazy(span=span, get=get, whole=lambda: Obj(span=span, entries={}, open=doubt), what=address)

    def workspace(self, root_folder: str, span: Span) -> Term:
        """`terraform.workspace`: as given, or as selected in the folder."""
        if self.given.workspace:
            return Lit(span=span, v=self.given.workspace)
        if root_folder not in self._workspaces:
            document = self._kept(root_folder, "environment")
            self._workspaces[root_folder] = document.text.strip() if isinstance(document, Document) else None
        selected = self._workspaces[root_folder]
        if selected:
            return Lit(span=span, v=selected)
        doubt = Doubt("which workspace is meant is not known", "give it: `--workspace NAME`", "workspace")
        return Unk(span=span, doubt=doubt, name="terraform.workspace", kind="string")

    # -------------------------------------------------------------------------------------------------------------- gaps

    def gap(
        self,
        span: Span,
        what: str,
        why: str,
        *,
        kind: str,
        remedy: str = "",
        hides: bool = False,
        kinds: tuple[str, ...] = (),
    ) -> None:
        """Note something that could not be seen, once for each place; see `Gap` for what `hides` and `kinds` say."""
        mark = (span.doc.path, span.start, why)  # in every instance of a module it is the same mistake
        if mark not in self._noted:
            self._noted.add(mark)
            self.gaps.append(
                Gap(
                    what=what,
                    why=why,
                    remedy=remedy,
                    kind=kind,
                    path=span.doc.path,
                    span=span,
                    hides=hides,
                    kinds=kinds,
                )
            )


_META_ARGUMENTS = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})


@contextmanager
def deep() -> Iterator[None]:
    """Expressions that lead to expressions, through modules, take many steps of Python's; `MAX_DEPTH` ends them in time."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _source(block: hcl.Block) -> str:
    found = attribute(block, "source")
    return found.value if type(found) is hcl.Constant and isinstance(found.value, str) else ""


def _joined(folder: str, path: str) -> str:
    found = posixpath.normpath(posixpath.join(folder, path))
    return "" if found == "." else found


def _path(call: Call) -> str:
    """The names of the calls from the root module to this one."""
    names = [call.name]
    above = call.module.caller
    while above is not None:
        names.append(above.name)
        above = above.module.caller
    return ".".join(reversed(names))
