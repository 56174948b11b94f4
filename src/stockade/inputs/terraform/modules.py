"""Instances of modules and of what they declare: `count`, `for_each`, variables, locals, outputs, all evaluated when asked for.

Nothing here is evaluated twice, and nothing that is not asked for: a local that no resource uses costs nothing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from stockade.inputs.terraform import types
from stockade.inputs.terraform.attributes import reference, shaped, word_for
from stockade.inputs.terraform.configuration import Module, attribute
from stockade.inputs.terraform.data_sources import data_attribute
from stockade.inputs.terraform.expressions import Evaluator, Scope, entries_of, open_of
from stockade.inputs.terraform.functions import Files
from stockade.inputs.terraform.limits import MAX_ALL_INSTANCES, MAX_INSTANCES, MAX_ROUNDS, SPLIT, TooMuch
from stockade.inputs.terraform.places import Places
from stockade.inputs.terraform.terms import (
    Alt,
    Lazy,
    Lit,
    NotKnown,
    Obj,
    Ref,
    Seq,
    Term,
    Txt,
    Unk,
    Wrong,
    alt,
    cases,
    doubt_of,
    in_full,
    is_null,
    plain,
    scalar_text,
    unknown,
    unread,
)
from stockade.knowledge.terraform import unset
from stockade.model.app import Gap, Place
from stockade.model.value import MAX_CASES, Doubt, Premise, Via, When, conjoin
from stockade.text.document import Span
from stockade.text.hcl import nodes as hcl

if TYPE_CHECKING:
    from stockade.inputs.terraform.project import Project

MAX_MODULES = 60  # one inside of the other
_CONDITIONS = Doubt("it depends on too many conditions at once", cause="conditions")
_META = frozenset({"count", "for_each", "provider", "depends_on", "lifecycle", "providers", "source", "version"})
_META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection", "timeouts"})
_NOT_SET = "give it: `--var {}=…`, or a file of values with `--var-file`"


class Key(Struct, frozen=True):
    """The key of one instance: none, a number, a text, or one that is not known (`*`)."""

    text: str = ""
    each: bool = False
    symbolic: bool = False

    @property
    def shown(self) -> str:
        """As it stands in addresses."""
        if self.symbolic:
            return "[*]"
        if self.each:
            text = self.text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
            return f'["{text}"]'
        return f"[{self.text}]" if self.text else ""


_ALONE = Key()


class Copies(Struct, frozen=True, eq=False):
    """All instances of one declaration under premises. `form`: how it is repeated, if it is."""

    form: Literal["", "count", "for_each"]
    options: tuple[tuple[When, tuple[tuple[Key, dict[str, Term]], ...], Doubt | None], ...]

    def always(self) -> frozenset[Key]:
        """The instances that are there in every case (of a symbolic one that is never known)."""
        first, *rest = (frozenset(key for key, _ in keys) for _, keys, _ in self.options)
        return frozenset(key for key in first.intersection(*rest) if not key.symbolic)


class Declaration:
    """One `resource` or `data` block of one module instance, with all its instances."""

    def __init__(self, module: Instance, block: hcl.Block, *, data: bool) -> None:
        self.module = module
        self.block = block
        self.data = data
        self.type, self.name = block.labels
        self.shown = f"data.{self.type}.{self.name}" if data else f"{self.type}.{self.name}"
        self._copies: Copies | None = None
        self._entered = False
        self._instances: dict[Key, Copy] = {}

    @property
    def copies(self) -> Copies:
        """Its instances, by `count` or `for_each`."""
        if self._copies is None:
            if self._entered:
                doubt = doubt_of(self.module.circle(f"`{self.shown}`", self.block.header))
                return Copies("count", (((), (), doubt),))
            self._entered = True
            try:
                self._copies = self.module.repeated(self.block.body, self.shown)
            finally:
                self._entered = False
        return self._copies

    def copy(self, key: Key, names: dict[str, Term]) -> Copy:
        """One instance."""
        found = self._instances.get(key)
        if found is None:
            found = self._instances[key] = Copy(self, key, names)
        return found

    def all(self) -> Iterator[tuple[When, Copy]]:
        """Every instance, with the premises under which it is there."""
        seen: dict[Key, list[When]] = {}
        names: dict[Key, dict[str, Term]] = {}
        for when, keys, _ in self.copies.options:
            for key, own in keys:
                seen.setdefault(key, []).append(when)
                names.setdefault(key, own)
        for key, whens in seen.items():
            # An instance that is there in several cases is there if one of them holds; said once if that is always so.
            together: When = () if len(whens) == len(self.copies.options) and not key.symbolic else whens[0]
            if len(whens) > 1 and together:
                together = _common(whens)
            yield together, self.copy(key, names[key])

    def term(self, span: Span) -> Term:
        """What a reference to it is: an object, a list of them, or objects by key."""
        copies = self.copies
        if not copies.form:
            key, names = copies.options[0][1][0]
            return self.copy(key, names).term(span)
        options: list[tuple[When, Term]] = []
        for when, keys, opened in copies.options:
            terms = [(key, self.copy(key, names).term(span)) for key, names in keys]
            if copies.form == "count":
                options.append((when, Seq(span=span, items=tuple(t for _, t in terms), open=opened)))
            else:
                entries = {key.text: t for key, t in terms}
                options.append((when, Obj(span=span, entries=entries, open=opened)))
        return alt(options, span)


def _common(whens: list[When]) -> When:
    """The premises that all of several sets share."""
    first, *rest = whens
    return tuple(p for p in first if all(any(p.same(q) for q in when) for when in rest))


class Copy:
    """One instance of a resource or data source."""

    def __init__(self, declaration: Declaration, key: Key, names: dict[str, Term]) -> None:
        self.declaration = declaration
        self.module = declaration.module
        self.key = key
        self.scope = Scope(self.module, names)
        self.address = self.module.prefix + declaration.shown + key.shown
        self._attributes: dict[str, Term] = {}
        self._entered: set[str] = set()
        self._block: Obj | None = None
        self.derived: dict[str, Term] = {}  # what a data source makes of what is stated

    def term(self, span: Span) -> Term:
        """It as an object whose attributes are evaluated when asked for."""
        return Lazy(span=span, get=self.get, whole=self.whole, what=self.address)

    def get(self, name: str, span: Span) -> Term:
        """An attribute as an expression gets it: what identifies the resource stays a reference."""
        declaration = self.declaration
        if declaration.data:
            found = data_attribute(self, name, span)
            if found is not None:
                return found
        type_ = declaration.type
        body = declaration.block.body
        if word_for(type_, name) is not None or name in {"execution_arn", "invoke_arn", "qualified_arn"}:
            behind = (lambda: self.stated(name)) if name in body.attributes else None
            return self.refer(name, span, behind)
        if name in body.attributes or any(_block_type(b) == name for b in body.blocks):
            stated = self.stated(name)
            if stated is not None and not is_null(stated):
                return stated
        if name in unset(type_) and not self._keeps_changes():
            return Lit(span=span, v=None)
        # Whether there is such a value at all is not known before apply, unless it identifies the resource.
        return self.refer(name, span, lambda: self._after_apply(name, span))

    @property
    def created_first(self) -> bool:
        """Whether `lifecycle` asks that a successor is made before it is removed."""
        stated = [attribute(each, "create_before_destroy") for each in self.declaration.block.body.of("lifecycle")]
        return any(isinstance(found, hcl.Constant) and found.value in {True, "true"} for found in stated)

    def _keeps_changes(self) -> bool:
        """Whether something that nobody here writes may be kept as it is."""
        return any(
            attribute(block, "ignore_changes") is not None for block in self.declaration.block.body.of("lifecycle")
        )

    def _after_apply(self, name: str, span: Span) -> Term:
        shown = f"{self.address}.{name}"
        return unknown(f"`{shown}` is known only after apply", span, cause="reference", name=shown)

    def refer(self, name: str, span: Span, behind: Callable[[], Term | None] | None) -> Term:
        """A reference to an attribute of this instance."""
        type_ = self.declaration.type
        own = Ref(reference(f"{self.module.scope}#{self.address}", type_, self.address, name), behind)
        return Txt(span=span, parts=shaped(type_, name, own))

    def whole(self) -> Obj:
        """All that is stated, and what identifies it."""
        block = self.block()
        entries = dict(block.entries)
        for name in ("arn", "id"):
            if name not in entries:
                entries[name] = self.get(name, block.span)
        return replace(block, entries=entries)

    def stated(self, name: str) -> Term | None:
        """What the configuration states for an attribute (or the blocks of a type), evaluated once."""
        known = self._attributes.get(name)
        if known is not None:
            return known
        body = self.declaration.block.body
        if name in self._entered:
            return self.module.circle(f"`{self.address}`", self.declaration.block.header)
        self._entered.add(name)
        try:
            found = body.attributes.get(name)
            if found is not None:
                term: Term | None = self.module.tried(found.expr, self.scope, f"`{name}` of `{self.address}`")
            else:
                blocks = [b for b in body.blocks if _block_type(b) == name]
                term = self.module.blocks(blocks, self.scope) if blocks else None
        finally:
            self._entered.discard(name)
        if term is not None:
            self._attributes[name] = term
        return term

    def block(self) -> Obj:
        """Everything that is stated, evaluated."""
        if self._block is None:
            body = self.declaration.block.body
            keys: dict[str, Span] = {}
            places: dict[str, Span] = {}
            for name, found in body.attributes.items():
                if name not in _META:
                    keys[name], places[name] = found.name_span, found.expr.span
            for nested in body.blocks:
                name = _block_type(nested)
                if name not in keys and nested.type not in _META_BLOCKS:
                    keys[name], places[name] = nested.header, nested.span
            entries: Any = Stated(tuple(keys), self._known)
            self._block = Obj(span=self.declaration.block.span, entries=entries, keys=keys, places=places)
        return self._block

    def _known(self, name: str) -> Term:
        found = self.stated(name)
        return found if found is not None else Lit(span=self.declaration.block.span, v=None)


class Stated(Mapping[str, Term]):
    """The entries of a resource's block, each evaluated when somebody looks at it: what no table reads costs nothing.

    So a mistake in an attribute that decides nothing here is none of our business either.
    """

    __slots__ = ("_get", "_names")

    def __init__(self, names: tuple[str, ...], get: Callable[[str], Term]) -> None:
        self._names = dict.fromkeys(names)
        self._get = get

    def __getitem__(self, name: str) -> Term:
        if name not in self._names:
            raise KeyError(name)
        return self._get(name)

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - what a mapping gives, without an exception
        return self._get(name) if name in self._names else default

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _block_type(block: hcl.Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


class Call:
    """One `module` block of one module instance, with all its instances."""

    def __init__(self, module: Instance, name: str, block: hcl.Block) -> None:
        self.module = module
        self.name = name
        self.block = block
        self._copies: Copies | None = None
        self._entered = False
        self._instances: dict[Key, Instance | None] = {}

    @property
    def copies(self) -> Copies:
        """Its instances, by `count` or `for_each`."""
        if self._copies is None:
            if self._entered:
                doubt = doubt_of(self.module.circle(f"`module.{self.name}`", self.block.header))
                return Copies("count", (((), (), doubt),))
            self._entered = True
            try:
                self._copies = self.module.repeated(self.block.body, f"module.{self.name}")
            finally:
                self._entered = False
        return self._copies

    def instance(self, key: Key, names: dict[str, Term], when: When) -> Instance | None:
        """One instance of the module that it calls; None where that is not at hand."""
        if key not in self._instances:
            self._instances[key] = None
            self._instances[key] = self.module.project.called(self, key, names, when)
        return self._instances[key]

    def made(self) -> Iterator[tuple[Key, Instance | None]]:
        """The instances that somebody asked for so far, by their keys."""
        yield from self._instances.items()

    def all(self) -> Iterator[Instance]:
        """Every instance."""
        seen: set[Key] = set()
        always = self.copies.always()
        for when, keys, _ in self.copies.options:
            for key, names in keys:
                if key in seen:
                    continue
                seen.add(key)
                found = self.instance(key, names, () if key in always else when)
                if found is not None:
                    yield found

    def term(self, span: Span) -> Term:
        """What a reference to it is: its outputs."""
        copies = self.copies
        always = copies.always()
        options: list[tuple[When, Term]] = []
        for when, keys, opened in copies.options:
            terms = [(key, self._outputs(key, names, () if key in always else when, span)) for key, names in keys]
            if not copies.form:
                return terms[0][1]
            if copies.form == "count":
                options.append((when, Seq(span=span, items=tuple(t for _, t in terms), open=opened)))
            else:
                options.append((when, Obj(span=span, entries={key.text: t for key, t in terms}, open=opened)))
        return alt(options, span)

    def _outputs(self, key: Key, names: dict[str, Term], when: When, span: Span) -> Term:
        found = self.instance(key, names, when)
        if found is not None:
            return Lazy(span=span, get=found.output, whole=found.outputs, what=f"module.{self.name}")
        address = f"{self.module.prefix}module.{self.name}{key.shown}"
        return self.module.project.outputs_of_unread(self, address, span)


class Instance:
    """One instance of a module: the root, or one that a call makes."""

    def __init__(  # noqa: PLR0913 - each is about another part of what an instance is
        self,
        project: Project,
        module: Module,
        *,
        scope: str,
        root_folder: str,
        prefix: str = "",
        exists: When = (),
        arguments: dict[str, Term] | None = None,
        given: dict[str, Term] | None = None,
        depth: int = 0,
        call: Span | None = None,
        foreign: frozenset[str] = frozenset(),
        tags: dict[str, Term] | None = None,
        regions: dict[str, Term] | None = None,
        providers: dict[str, Place] | None = None,
        above: tuple[str, ...] = (),
        calls: tuple[Via, ...] = (),
        caller: Call | None = None,
    ) -> None:
        self.project = project
        self.module = module
        self.scope = scope
        self.root_folder = root_folder
        self.prefix = prefix
        self.address = f"{scope}#{prefix}"
        self.exists = exists
        self.arguments = arguments  # of a call; None for a root module
        self.given = given or {}  # values of a root module's variables
        self.depth = depth
        self.above = above  # the folders of the modules around it
        self.call = call
        self.foreign = foreign
        self.caller = caller
        self.calls = calls  # the way from the root module, the nearest call first
        self.places = Places(project.owners, calls, call, foreign)
        self.tags = tags or {}  # for everything that the AWS provider makes, by its alias
        self.regions = regions or {}  # of the AWS provider, by its alias
        self.providers = providers or {}  # where the AWS provider makes things, by its alias
        self._variables: dict[str, Term] = {}
        self._locals: dict[str, Term] = {}
        self._outputs: dict[str, Term] = {}
        self._resources: dict[tuple[str, str], Declaration] = {}
        self._data: dict[tuple[str, str], Declaration] = {}
        self._calls: dict[str, Call] = {}
        self._whole: Obj | None = None
        self._evaluating: set[tuple[str, str]] = set()  # the variables, locals and outputs that are being evaluated
        self._rounds: int | None = None  # of dynamic blocks that may still be made, while those of a resource are

    @property
    def folder(self) -> str:
        """The module's folder, relative to the scanned root."""
        return self.module.folder

    @property
    def files(self) -> Files:
        """What functions may see of the disk."""
        return self.project.files

    @property
    def evaluator(self) -> Evaluator:
        """What evaluates."""
        return self.project.evaluator

    def gap(self, span: Span, what: str, why: str, *, kind: str, remedy: str = "", hides: bool = False) -> None:
        """Note something of it that could not be seen."""
        self.project.gap(span, what, why, kind=kind, remedy=remedy, hides=hides)

    # ----------------------------------------------------------------------------------------------- trying expressions

    def tried(self, expr: hcl.Expr, scope: Scope, what: str) -> Term:
        """What an expression is; what Terraform would refuse becomes a gap at its place and an unknown."""
        try:
            return self.evaluator.apart(expr, scope)
        except Wrong as wrong:
            return self.wrong(wrong, expr.span, what)
        except TooMuch as limit:
            return self.too_much(limit, expr.span, what)

    def wrong(self, wrong: Wrong, span: Span, what: str) -> Term:
        """A mistake of the configuration, noted."""
        place = wrong.span or span
        self.gap(place, what, wrong.message, kind="expression", remedy="correct the expression (`terraform validate`)")
        return unknown(wrong.message, span, cause="expression", remedy="correct the expression")

    def too_much(self, limit: TooMuch, span: Span, what: str) -> Term:
        """An expression that goes beyond a limit, noted; that of the whole scan once."""
        remedy = SPLIT if limit.whole else "say it in a simpler way, or give its value by a variable"
        if not limit.whole or not self.project.stopped:
            self.gap(limit.span or span, what, limit.message, kind="limit", remedy=remedy)
        self.project.stopped = self.project.stopped or limit.whole
        return unknown(limit.message, span, cause="limit", remedy=remedy)

    def circle(self, what: str, span: Span) -> Term:
        """Something that depends on itself, noted."""
        self.gap(span, what, "it depends on itself", kind="circular", remedy="break the circle")
        return unknown(f"{what} depends on itself", span, cause="circular", remedy="break the circle")

    # ---------------------------------------------------------------------------------------------------------- roots

    def variable(self, name: str, span: Span) -> Term:
        """`var.name`."""
        known = self._variables.get(name)
        if known is not None:
            return known
        if ("var", name) in self._evaluating:
            return self.circle(f"`var.{name}`", span)
        block = self.module.variables.get(name)
        if block is None:
            raise Wrong(f"there is no variable `{name}` in this module", span)
        self._evaluating.add(("var", name))
        try:
            found = self._variables[name] = self._variable(name, block)
        finally:
            self._evaluating.discard(("var", name))
        return found

    def _variable(self, name: str, block: hcl.Block) -> Term:
        shown = f"var.{name}"
        stated = attribute(block, "type")
        type_ = types.read_type(stated) if stated is not None else None
        default = attribute(block, "default")
        given = self.arguments.get(name) if self.arguments is not None else self.given.get(name)
        nullable = attribute(block, "nullable")
        never_null = type(nullable) is hcl.Constant and nullable.value is False
        if given is not None and never_null and is_null(given) and default is not None:
            given = None
        if given is None and default is not None:
            given = self.tried(default, Scope(self, closed=True), f"the default of `{shown}`")
        if given is None:
            why = f"variable `{name}` has no value"
            remedy = (
                _NOT_SET.format(name) if self.caller is None else f"state it in the call of `module.{self.caller.name}`"
            )
            given = Unk(span=block.header, doubt=Doubt(why, remedy, "variable"), name=shown)
        if type_ is not None:
            try:
                given = types.convert(given, type_, given.span)
            except Wrong as wrong:
                given = self.wrong(wrong, given.span, f"the value of `{shown}`")
            except NotKnown as why_not:
                given = Unk(span=given.span, doubt=why_not.doubt, name=shown)
        hides = attribute(block, "sensitive")
        if type(hides) is hcl.Constant and hides.value is True and not given.sensitive:
            given = replace(given, sensitive=True)
        return types.choices(given)

    def local(self, name: str, span: Span) -> Term:
        """`local.name`."""
        known = self._locals.get(name)
        if known is not None:
            return known
        if ("local", name) in self._evaluating:
            return self.circle(f"`local.{name}`", span)
        found = self.module.locals.get(name)
        if found is None:
            raise Wrong(f"there is no local value `{name}` in this module", span)
        self._evaluating.add(("local", name))
        try:
            self._locals[name] = self.tried(found.expr, Scope(self), f"`local.{name}`")
        finally:
            self._evaluating.discard(("local", name))
        return self._locals[name]

    def path(self, word: str, span: Span) -> Term:
        """`path.module`, `path.root`, `path.cwd`: as Terraform has them when it runs in the root module's folder."""
        if word in {"root", "cwd"}:
            return Lit(span=span, v=".")
        if word == "module":
            relative = posixpath.relpath(self.folder or ".", self.root_folder or ".")
            return Lit(span=span, v=relative)
        raise Wrong(f"there is no `path.{word}`", span)

    def workspace(self, word: str, span: Span) -> Term:
        """`terraform.workspace`."""
        if word != "workspace":
            return unknown(f"`terraform.{word}` is not known", span)
        return self.project.workspace(self.root_folder, span)

    def call_term(self, name: str, span: Span) -> Term:
        """`module.name`."""
        return self.call_of(name, span).term(span)

    def call_of(self, name: str, span: Span) -> Call:
        """One of its `module` blocks."""
        found = self._calls.get(name)
        if found is None:
            block = self.module.calls.get(name)
            if block is None:
                raise Wrong(f"there is no `module.{name}` in this module", span)
            found = self._calls[name] = Call(self, name, block)
        return found

    def resource_term(self, type_: str, name: str, span: Span) -> Term:
        """`type.name`."""
        found = self.resource(type_, name)
        if found is None:
            raise Wrong(f"there is no resource `{type_}.{name}` in this module", span)
        return found.term(span)

    def resource(self, type_: str, name: str) -> Declaration | None:
        """One of its `resource` blocks."""
        key = (type_, name)
        found = self._resources.get(key)
        if found is None and key in self.module.resources:
            found = self._resources[key] = Declaration(self, self.module.resources[key], data=False)
        return found

    def data_term(self, type_: str, name: str, span: Span) -> Term:
        """`data.type.name`."""
        key = (type_, name)
        found = self._data.get(key)
        if found is None:
            if key not in self.module.data:
                raise Wrong(f"there is no `data.{type_}.{name}` in this module", span)
            found = self._data[key] = Declaration(self, self.module.data[key], data=True)
        return found.term(span)

    def output(self, name: str, span: Span) -> Term:
        """One of its outputs."""
        known = self._outputs.get(name)
        if known is not None:
            return known
        if ("output", name) in self._evaluating:
            return self.circle(f"output `{name}` of `{self.prefix.rstrip('.')}`", span)
        block = self.module.outputs.get(name)
        if block is None:
            raise Wrong(f"the module has no output `{name}`", span)
        expr = attribute(block, "value")
        self._evaluating.add(("output", name))
        try:
            found = (
                Lit(span=block.header, v=None)
                if expr is None
                else self.tried(expr, Scope(self), f"output `{name}` of `{self.prefix.rstrip('.')}`")
            )
        finally:
            self._evaluating.discard(("output", name))
        hides = attribute(block, "sensitive")
        if type(hides) is hcl.Constant and hides.value is True and not found.sensitive:
            found = replace(found, sensitive=True)
        self._outputs[name] = found
        return found

    def outputs(self) -> Obj:
        """All its outputs."""
        if self._whole is None:
            span = next((f.body.span for f in self.module.files), None)
            place = span if span is not None else Span(self.project.nowhere, 0, 0)
            entries = {name: self.output(name, block.header) for name, block in self.module.outputs.items()}
            self._whole = Obj(span=place, entries=entries)
        return self._whole

    # -------------------------------------------------------------------------------------------------- going through

    def declarations(self) -> Iterator[Declaration]:
        """Its `resource` blocks, in the order written."""
        for type_, name in self.module.resources:
            found = self.resource(type_, name)
            if found is not None:
                yield found

    def children(self) -> Iterator[Instance]:
        """The instances of the modules that it calls."""
        for name, block in self.module.calls.items():
            yield from self.call_of(name, block.header).all()

    def repeated(self, body: hcl.Body, what: str) -> Copies:
        """The instances that `count` or `for_each` make."""
        counted = body.attributes.get("count")
        if counted is not None:
            term = self.tried(counted.expr, Scope(self), f"`count` of `{what}`")
            return Copies("count", tuple(self._counted(when, leaf, counted, what) for when, leaf in cases(term)))
        each = body.attributes.get("for_each")
        if each is not None:
            term = self.tried(each.expr, Scope(self), f"`for_each` of `{what}`")
            return Copies("for_each", tuple(self._each(when, leaf, each, what) for when, leaf in cases(term)))
        return Copies("", (((), ((_ALONE, {}),), None),))

    def _counted(
        self, when: When, term: Term, written: hcl.Attribute, what: str
    ) -> tuple[When, tuple[tuple[Key, dict[str, Term]], ...], Doubt | None]:
        span = written.expr.span
        try:
            number = plain(term)
        except NotKnown as why:
            return self._symbolic(when, why.doubt, span, what, each=False)
        text = scalar_text(number) or ""
        if isinstance(number, bool) or not (text.isascii() and text.isdigit()):
            self.wrong(Wrong("a whole number that is not negative belongs here", span), span, f"`count` of `{what}`")
            doubt = Doubt(f"`count` of `{what}` is no number of instances", "correct it", "expression")
            return self._symbolic(when, doubt, span, what, each=False)
        most, opened = self._bounded(int(text), span, what)
        keys: tuple[tuple[Key, dict[str, Term]], ...] = tuple(
            (Key(str(i)), {"count": Obj(span=span, entries={"index": Lit(span=span, v=i)})}) for i in range(most)
        )
        return when, keys, opened

    def _each(
        self, when: When, term: Term, written: hcl.Attribute, what: str
    ) -> tuple[When, tuple[tuple[Key, dict[str, Term]], ...], Doubt | None]:
        span = written.expr.span
        entries = entries_of(term)
        if is_null(term) or (entries is None and type(term) is not Unk):
            self.wrong(Wrong("a map or a set of texts belongs here", span), span, f"`for_each` of `{what}`")
            return self._symbolic(
                when, Doubt("its `for_each` is no collection", cause="expression"), span, what, each=True
            )
        if entries is None:
            return self._symbolic(when, doubt_of(term), span, what, each=True)
        opened = open_of(term)
        keys: list[tuple[Key, dict[str, Term]]] = []
        is_list = type(term) is Seq
        most, bounded = self._bounded(len(entries), span, what)
        for key, value in entries[:most]:
            named = value if is_list else key  # lists are taken for sets, as people mean them
            try:
                text = scalar_text(plain(named))
            except NotKnown as why:
                opened = opened or why.doubt
                if len(entries) == 1:
                    return self._symbolic(when, why.doubt, span, what, each=True, value=value)
                continue
            if text is None:
                self.wrong(Wrong("the keys of instances are texts", span), span, f"`for_each` of `{what}`")
                opened = opened or Doubt("a key of its `for_each` is no text", "correct it", "expression")
                continue
            own = {"key": Lit(span=key.span, v=text), "value": value}
            keys.append((Key(text, each=True), {"each": Obj(span=span, entries=own)}))
        opened = bounded or opened
        if opened is not None and not keys:
            return self._symbolic(when, opened, span, what, each=True)
        return when, tuple(keys), opened

    def _symbolic(
        self, when: When, doubt: Doubt, span: Span, what: str, *, each: bool, value: Term | None = None
    ) -> tuple[When, tuple[tuple[Key, dict[str, Term]], ...], Doubt | None]:
        """One instance that stands for a number of them that is not known."""
        place = f"{self.prefix}{what}"
        key = Key("*", each=each, symbolic=True)
        if each:
            own: dict[str, Term] = {
                "key": Unk(span=span, doubt=doubt, name=f"each.key of {place}"),
                "value": value if value is not None else Unk(span=span, doubt=doubt, name=f"each.value of {place}"),
            }
            names: dict[str, Term] = {"each": Obj(span=span, entries=own)}
        else:
            index = Unk(span=span, doubt=doubt, name=f"count.index of {place}", kind="number")
            names = {"count": Obj(span=span, entries={"index": index})}
        there = Premise(
            f"{self.scope}#{place}[*]", f"there is a `{place}`", f"there is no `{place}`", unread=unread(doubt)
        )
        both = conjoin(when, (there,))
        return (both if both is not None else when), ((key, names),), doubt

    def _bounded(self, count: int, span: Span, what: str, *, blocks: bool = False) -> tuple[int, Doubt | None]:
        """Of so many instances (or nested blocks) how many are made, and why not all of them."""
        most = min(count, MAX_INSTANCES)
        if blocks:
            most = min(most, self._rounds if self._rounds is not None else MAX_ROUNDS)
            if self._rounds is not None:
                self._rounds -= most
        else:
            most = self.project.take(most)
        if count <= most:
            return count, None
        shown = f"{count:,}" if count < 10**15 else f"more than {10**15:,}"
        kind = "blocks" if blocks else "instances"
        why = f"it makes {shown} {kind}, of which only the first {most:,} are looked at"
        if most < min(count, MAX_INSTANCES):
            all_ = MAX_ROUNDS if blocks else MAX_ALL_INSTANCES
            around = "the resource" if blocks else "the scan"
            why = f"it makes more {kind} than the {all_:,} of {around} that are looked at"
        self.gap(span, f"`{what}`", why, kind="limit", remedy=SPLIT, hides=True)
        return most, Doubt(why, SPLIT, "limit")

    # ----------------------------------------------------------------------------------------------------- nested blocks

    def body(self, body: hcl.Body, span: Span, scope: Scope) -> Obj:
        """A nested block, evaluated."""
        entries: dict[str, Term] = {}
        keys: dict[str, Span] = {}
        places: dict[str, Span] = {}
        for name, found in body.attributes.items():
            entries[name] = self.tried(found.expr, scope, f"`{name}`")
            keys[name], places[name] = found.name_span, found.expr.span
        for nested in body.blocks:
            name = _block_type(nested)
            if name not in entries:
                entries[name] = self.blocks([b for b in body.blocks if _block_type(b) == name], scope)
                keys[name], places[name] = nested.header, nested.span
        return Obj(span=span, entries=entries, keys=keys, places=places)

    def blocks(self, blocks: list[hcl.Block], scope: Scope) -> Term:
        """The nested blocks of one type, written out or `dynamic`, as a list of objects."""
        outer = self._rounds is None
        if outer:
            self._rounds = MAX_ROUNDS
        try:
            options = self._options(blocks, scope)
        finally:
            if outer:
                self._rounds = None
        span = blocks[0].span
        return alt([(when, Seq(span=span, items=items, open=opened)) for when, items, opened in options], span)

    def _options(self, blocks: list[hcl.Block], scope: Scope) -> list[tuple[When, tuple[Term, ...], Doubt | None]]:
        """The lists that the blocks of one type may be, each with its premises and with why there may be more in it."""
        options: list[tuple[When, tuple[Term, ...], Doubt | None]] = [((), (), None)]
        always: list[Term] = []
        many = False
        for block in blocks:
            made: list[tuple[When, tuple[Term, ...], Doubt | None]]
            if block.type == "dynamic":
                made = self._dynamic(block, scope)
            else:
                made = [((), (self.body(block.body, block.span, scope),), None)]
            longer: list[tuple[When, tuple[Term, ...], Doubt | None]] = []
            for when, have, opened in options:
                for inner, more, doubt in made:
                    both = conjoin(when, inner)
                    if both is not None:
                        longer.append((both, (*have, *more), opened or doubt))
            if len(made) == 1 and not made[0][0]:
                always += made[0][1]
            if len(longer) > MAX_CASES:
                many, longer = True, [((), (), None)]
            options = longer
        # With too many premises at once, what is there in any case is still told.
        return [((), tuple(always), _CONDITIONS)] if many else options

    def _dynamic(self, block: hcl.Block, scope: Scope) -> list[tuple[When, tuple[Term, ...], Doubt | None]]:
        """What a `dynamic` block makes, for each case of its collection."""
        written = block.body.attributes.get("for_each")
        content = next(iter(block.body.of("content")), None)
        if written is None or content is None or not block.labels:
            self.wrong(
                Wrong("a dynamic block wants a name, `for_each` and `content`", block.header),
                block.header,
                "a dynamic block",
            )
            return [((), (), Doubt("a dynamic block can't be read", cause="expression"))]
        iterator = block.body.attributes.get("iterator")
        name = block.labels[0]
        if iterator is not None and type(iterator.expr) is hcl.Name:
            name = iterator.expr.name
        if self._rounds == 0:
            return [((), (), self._bounded(1, written.expr.span, f"dynamic {block.labels[0]}", blocks=True)[1])]
        collection = self.tried(written.expr, scope, "`for_each` of a dynamic block")
        found: list[tuple[When, tuple[Term, ...], Doubt | None]] = []
        for when, leaf in cases(collection):
            entries = entries_of(leaf)
            opened = open_of(leaf)
            if is_null(leaf) or (entries is None and type(leaf) is not Unk):
                self.wrong(Wrong("a collection belongs here", written.expr.span), written.expr.span, "a dynamic block")
                found.append((when, (), Doubt("a dynamic block can't be read", "correct it", "expression")))
                continue
            if entries is None:
                opened = doubt_of(leaf)
                key = Unk(span=written.expr.span, doubt=opened, name=f"{name}.key")
                value = Unk(span=written.expr.span, doubt=opened, name=f"{name}.value")
                entries = [(key, value)]
                there = Premise(
                    f"{self.address}|{block.header.doc.path}:{block.header.start}",
                    f"there is a `{block.labels[0]}`",
                    f"there is no `{block.labels[0]}`",
                    unread=unread(opened),
                )
                own = self._round(content, block, scope, name, *entries[0])
                found += [((*when, there), (own,), opened), ((*when, there.negated()), (), None)]
                continue
            most, bounded = self._bounded(len(entries), written.expr.span, f"dynamic {name}", blocks=True)
            items = tuple(self._round(content, block, scope, name, key, value) for key, value in entries[:most])
            found.append((when, items, bounded or opened))
        return found

    def _round(self, content: hcl.Block, block: hcl.Block, scope: Scope, name: str, key: Term, value: Term) -> Term:
        at = Obj(span=block.header, entries={"key": key, "value": value})
        return self.body(content.body, content.span, scope.having(**{name: at}))


def anything_of(term: Term) -> Any:  # noqa: ANN401 - plain data, or a mark
    """A term as plain data in which what is not known is `UNKNOWN`: for tests and plans."""
    term = in_full(term)
    if type(term) is Seq:
        items = [anything_of(item) for item in term.items]
        return UNKNOWN if term.open is not None else items
    if type(term) is Obj:
        if term.open is not None:
            return UNKNOWN
        return {key: anything_of(value) for key, value in term.entries.items()}
    if type(term) is Alt:
        return UNKNOWN
    try:
        return plain(term)
    except NotKnown:
        return UNKNOWN


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()

__all__ = ["UNKNOWN", "Call", "Copies", "Copy", "Declaration", "Gap", "Instance", "Key", "anything_of"]
