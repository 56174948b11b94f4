"""Calls of well-known public modules that have not been fetched: evaluated by what is known of the module.

`stockade.knowledge.terraform` holds descriptions of such modules, which are small modules themselves. A call that is evaluated
so says so: there is a gap that names `terraform init`, and every value that came by way of the description has a `via` with
the day that it was made. What the description does not hold is unknown, never taken to be absent.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from stockade.inputs.terraform.configuration import Module, attribute, read_module
from stockade.inputs.terraform.disk import Disk
from stockade.inputs.terraform.modules import Call, Copy, Instance
from stockade.inputs.terraform.places import Places
from stockade.inputs.terraform.providers import HERE, in_region
from stockade.inputs.terraform.terms import Alt, Json, Lazy, Lit, Obj, Seq, Term, Txt, Unk, Wrong, alt, cases
from stockade.knowledge import terraform as knowledge
from stockade.model.app import Place
from stockade.model.value import Doubt, File, Via, When, conjoin
from stockade.text.document import Document, Problem, Span
from stockade.text.hcl import nodes as hcl

if TYPE_CHECKING:
    from stockade.inputs.terraform.project import Project

_META_ARGUMENTS = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})
_REGION = "region"
_MOST_STEPS = 8  # through local values, from an attribute to the arguments that it is made of


def known(block: hcl.Block) -> knowledge.Found | None:
    """What is known of the module that a `module` block calls."""
    source, version = _constant(block, "source"), _constant(block, "version")
    if attribute(block, "version") is not None and not version:
        return None  # which version it is is not known, and with it what the module does
    return knowledge.find(source, version) if source else None


def beside(block: hcl.Block, argument: str) -> str:
    """What a call of a known module has to state along with an argument, for it to work; nothing where it does."""
    source = _constant(block, "source")
    module = knowledge.modules().get(knowledge.name_of(source)) if source else None
    wanted = module.along.get(argument, "") if module is not None else ""
    return "" if wanted.partition(" ")[0] in block.body.attributes else wanted


def called(  # noqa: PLR0913 - as many as an instance has
    project: Project,
    call: Call,
    prefix: str,
    when: When,
    arguments: dict[str, Term],
    remedy: str,
    *,
    tags: dict[str, Term],
    regions: dict[str, Term],
    providers: dict[str, Place],
) -> Instance | None:
    """The instance of a described module that a call makes; None, with what is to be told about it, for others.

    `remedy` is what brings the module itself here; `tags`, `regions` and `providers` are those that the call passes on.
    """
    found = known(call.block)
    if found is None:
        return None
    _note(project, call, found, remedy)
    if found.variant is None:
        return None
    module = call.module
    exists = conjoin(module.exists, when)
    return Described(
        project,
        found,
        call,
        remedy,
        prefix=prefix,
        exists=exists if exists is not None else module.exists,
        arguments=arguments,
        tags=tags,
        regions=regions,
        providers=providers,
    )


def _constant(block: hcl.Block, name: str) -> str:
    found = attribute(block, name)
    return found.value if type(found) is hcl.Constant and isinstance(found.value, str) else ""


# ----------------------------------------------------------------------------------------------------------------- gaps


def _note(project: Project, call: Call, found: knowledge.Found, remedy: str) -> None:
    """Tell that the module is not here, and what of the call is therefore not followed."""
    name, block, known_ = f"`module.{call.name}`", call.block, found.module
    what = f"{name} (`{_constant(block, 'source')}`)"
    day = found.provenance.as_of.isoformat()
    if found.variant is None:
        why = "it is fetched from elsewhere, and is not here"
    else:
        why = f"it is not here, and is taken to be as versions {found.variant.shown} were described on {day}"
    outer = call.module.call  # where a module calls it that is not the user's: the call of that
    project.gap(
        outer or block.header, what, why, kind="module", remedy=remedy, hides=bool(known_.makes), kinds=known_.makes
    )
    if found.variant is None:
        return
    for argument, stated in block.body.attributes.items():
        if _is_followed(found, argument):
            continue
        kinds = known_.unseen.get(argument)
        project.gap(
            outer or stated.name_span,
            f"argument `{argument}` of {name}",
            f"what the module does with it is not in its description of {day}",
            kind="module",
            remedy=remedy,
            hides=kinds is None or bool(kinds),
            kinds=kinds or (),
        )


def _is_followed(found: knowledge.Found, argument: str) -> bool:
    """Whether an argument is one of Terraform's, one that the description has, or one that changes nothing."""
    return (
        argument in _META_ARGUMENTS
        or argument in found.module.inert
        or (argument in _module(found).variables and argument not in knowledge.OWN_VARIABLES)
    )


def _changes_unseen(found: knowledge.Found, block: hcl.Block) -> str:
    """An argument of a call that may change what the description declares, in a way that it does not say."""
    unseen = found.module.unseen
    return next((name for name in block.body.attributes if name not in unseen and not _is_followed(found, name)), "")


# --------------------------------------------------------------------------------------------------------- descriptions


class _Descriptions(Disk):
    """The files of a description. Their paths are no paths of anybody's: they say what the files are."""

    def __init__(self, found: knowledge.Found) -> None:
        super().__init__(Path())
        self._found = found

    def document(self, path: str) -> Document | Problem:
        name = path.rpartition("/")[2]
        text = knowledge.description(self._found.module.folder, name)
        return Document(f"{_label(self._found)}/{name}", text, syntax="hcl")

    def names(self, folder: str) -> tuple[str, ...]:  # noqa: ARG002 - there is one
        return ("main.tf", *(self._found.variant.also if self._found.variant is not None else ()))


def _module(found: knowledge.Found) -> Module:
    return _read(found.module.source, found.variant.shown if found.variant is not None else "")


@cache
def _read(source: str, shown: str) -> Module:
    """A description, read: once for all scans, since nothing of it is of one of them."""
    module = knowledge.modules()[source]
    variant = next((v for v in module.variants if v.shown == shown), None)
    return read_module(_Descriptions(knowledge.Found(module, variant, knowledge.provenance())), module.folder)


def _label(found: knowledge.Found) -> str:
    """What values that come from a description say of it."""
    name = found.module.source.replace("/aws", "")
    shown = found.variant.shown if found.variant is not None else ""
    return f"{name}, as its versions {shown} were described on {found.provenance.as_of.isoformat()}"


# --------------------------------------------------------------------------------------------------------------- places


class DescribedPlaces(Places, frozen=True, eq=False, kw_only=True):
    """The origins of an instance that is evaluated by a description: all of them are at the call.

    A value that the caller states has its place in its argument, everything else at `spot`: at the call itself, or at the
    entry of the argument that the resource was made for.
    """

    label: str
    module: Module
    made_by: hcl.Block  # the call
    spot: tuple[Span, Span]  # and its key

    def at(self, span: Span) -> Span:
        """The place to name for a span that may be in the description."""
        return self.spot[0] if span.doc.path in self.foreign else span

    def is_text(self, span: Span) -> bool:
        """Whether a span is in the user's own text; that of a description is none of anybody's."""
        return span.doc.path not in self.foreign

    def block(self, span: Span, key_span: Span | None = None) -> File:
        """The origin of a block."""
        if span.doc.path in self.foreign:
            return File(*self.spot, (self._via(span), *self.calls))
        return File(span, key_span, self.calls)

    def origin(self, span: Span, place: Span, key_span: Span | None = None, *, hidden: bool = False) -> File:
        """The origin of a value."""
        if place.doc.path not in self.foreign:
            return super().origin(span, place, key_span, hidden=hidden)
        via = self._via(place, hidden=hidden)
        if span.doc.path in self.foreign:
            return File(*self.spot, (via,))
        for stated in self.made_by.body.attributes.values():
            if stated.expr.span.covers(span):
                whole = stated.expr.span.start == span.start and stated.expr.span.end == span.end
                return File(span, stated.name_span if whole else None, (via,))
        argument = self._argument(place)
        if argument is None or argument.expr.span.doc.path in self.foreign:
            return File(span, None, (via,))
        # It was passed on: a variable, a local value, what another module puts out.
        return File(argument.expr.span, argument.name_span, (via, Via(self.owners.describe(span), span, hidden)))

    def _via(self, span: Span, *, hidden: bool = False) -> Via:
        return Via(f"{self.owners.describe(span)} in {self.label}", None, hidden)

    def _argument(self, place: Span) -> hcl.Attribute | None:
        """The argument of the call that an expression of the description is made of, if it is one."""
        stated = self.made_by.body.attributes
        return next((stated[name] for name in _variables_at(self.module, place) if name in stated), None)


def _entry(block: hcl.Block, value: Span) -> tuple[Span, Span] | None:
    """The entry of a call's arguments whose value stands at a place: the value and its key."""
    todo: list[hcl.Expr] = [a.expr for a in block.body.attributes.values() if a.expr.span.covers(value)]
    while todo:
        expr = todo.pop()
        inner = [e.value for e in expr.entries] if type(expr) is hcl.Object else []
        for entry in expr.entries if type(expr) is hcl.Object else ():
            if entry.value.span.start == value.start and entry.value.span.end == value.end:
                return value, entry.key.span
        inner += list(expr.items) if type(expr) is hcl.Tuple else []
        if type(expr) is hcl.Tuple and any(i.span.start == value.start and i.span.end == value.end for i in expr.items):
            return value, value
        todo += [e for e in inner if e.span.covers(value)]
    return None


def _variables_at(module: Module, place: Span) -> list[str]:
    """The variables that the expression at a place is made of, those that it names itself first."""
    found: list[str] = []
    todo: list[tuple[Any, int]] = [(expr, 0) for expr in _expressions(module, place)]
    while todo:
        node, depth = todo.pop(0)
        if type(node) is hcl.Attr and type(node.of) is hcl.Name:
            if node.of.name == "var":
                found.append(node.name)
            elif node.of.name == "local" and depth < _MOST_STEPS and node.name in module.locals:
                todo.append((module.locals[node.name].expr, depth + 1))
            continue
        if isinstance(node, hcl.Expr | hcl.ObjectEntry | hcl.Fill | hcl.If | hcl.Loop):
            for name in node.__struct_fields__:
                inner = getattr(node, name)
                todo += [(child, depth) for child in (inner if isinstance(inner, tuple) else (inner,))]
    return found


def _expressions(module: Module, place: Span) -> list[hcl.Expr]:
    """The expressions of the attributes at a place of a module."""
    for block in (*module.resources.values(), *module.data.values(), *module.outputs.values()):
        if block.span.covers(place):
            return _within(block.body, place)
    return [found.expr for found in module.locals.values() if found.expr.span.covers(place)]


def _within(body: hcl.Body, place: Span) -> list[hcl.Expr]:
    for found in body.attributes.values():
        if found.expr.span.covers(place):
            return [found.expr]
    for block in body.blocks:
        if block.span.covers(place):
            if block.span.start == place.start and block.span.end == place.end:
                return [found.expr for found in block.body.attributes.values()]
            return _within(block.body, place)
    return []


# ------------------------------------------------------------------------------------------------------------ instances


class Described(Instance):
    """One instance of a module that is evaluated by its description."""

    def __init__(  # noqa: PLR0913 - as many as an instance has
        self,
        project: Project,
        found: knowledge.Found,
        call: Call,
        remedy: str,
        *,
        prefix: str,
        exists: When,
        arguments: dict[str, Term],
        tags: dict[str, Term],
        regions: dict[str, Term],
        providers: dict[str, Place],
    ) -> None:
        outer = call.module
        description = _module(found)
        place = outer.call if outer.call is not None else call.block.header
        foreign = outer.foreign | description.paths
        super().__init__(
            project,
            description,
            scope=outer.scope,
            root_folder=outer.root_folder,
            prefix=prefix,
            exists=exists,
            arguments=arguments,
            depth=outer.depth + 1,
            call=place,
            foreign=foreign,
            tags=tags,
            regions=regions,
            providers=providers,
            above=outer.above,
            caller=call,
            calls=(Via(f"call of module.{call.name}", call.block.header), *outer.calls),
        )
        for file in description.files:
            project.owners.note(file)
        region = self._stated(_REGION)
        if region is not None:  # whatever the module makes is there, as of the versions that take it
            self.providers[""] = in_region(self, region, providers.get("", HERE))
        self.known = found
        self.remedy = remedy
        self._call = call
        self._own = DescribedPlaces(
            project.owners,
            self.calls,
            place,
            foreign,
            label=_label(found),
            module=description,
            made_by=call.block,
            spot=(place, place),
        )
        self.places = self._own
        self._at = place
        self._name = prefix.rstrip(".")
        self._variables |= self._own_variables()
        unseen = _changes_unseen(found, call.block)
        self._open = (
            Doubt(f"what argument `{unseen}` of `{self._name}` changes is not described", remedy, "module")
            if unseen
            else None
        )

    def seen(self, block: Obj) -> Obj:
        """A block of the description as far as it is sure: an argument that is not followed may state more."""
        return block if self._open is None else replace(block, open=block.open or self._open)

    def places_of(self, copy: Copy) -> DescribedPlaces:
        """The origins of one of its resources: of one of several, at the entry of the argument that it was made for."""
        own: DescribedPlaces = self._own
        each = copy.scope.names.get("each")
        value = each.entries.get("value") if type(each) is Obj else None
        if value is None or value.span.doc.path in self.foreign:
            return own
        spot = _entry(self._call.block, value.span)
        return own if spot is None else replace(own, spot=spot)

    # ------------------------------------------------------------------------------------------------ what names mean

    def variable(self, name: str, span: Span) -> Term:
        """`var.name`: an argument, or one of the two that only descriptions have."""
        known_ = self._variables.get(name)
        if known_ is not None:
            return known_
        block = self.module.variables.get(name)
        if block is not None and attribute(block, "default") is None and self._stated(name) is None:
            return self._decides(name, span)
        return super().variable(name, span)

    def _own_variables(self) -> dict[str, Term]:
        at = self._at
        return {
            "given": Lazy(span=at, get=self._given, whole=self._all_given, what="var.given"),
            "decides": Lazy(span=at, get=self._decides, whole=lambda: Obj(span=at, entries={}), what="var.decides"),
        }

    def _stated(self, name: str) -> Term | None:
        return self.arguments.get(name) if self.arguments is not None else None

    def _given(self, name: str, span: Span) -> Term:
        """Whether the call states an argument. One that is not known is stated: nobody passes on what is null."""
        term = self._stated(name)
        if term is None:
            return Lit(span=span, v=False)
        return alt(
            [(when, Lit(span=span, v=not (type(leaf) is Lit and leaf.v in (None, "")))) for when, leaf in cases(term)],
            span,
        )

    def _all_given(self) -> Obj:
        return Obj(span=self._at, entries={name: self._given(name, self._at) for name in self.module.variables})

    def _decides(self, name: str, _: Span) -> Term:
        """What the module itself decides."""
        doubt = Doubt(f"`{self._name}` decides it, and the module is not here", self.remedy, "module")
        return Unk(span=self._at, doubt=doubt, name=f"{self._name}.{name}")

    # ------------------------------------------------------------------------------------------------ what is said of it

    def output(self, name: str, span: Span) -> Term:
        """One of its outputs; what it is made of has its place at the call."""
        if name not in self.module.outputs:
            doubt = Doubt(f"output `{name}` of `{self._name}` is not described", self.remedy, "module")
            return Unk(span=self._at, doubt=doubt, name=f"{self._name}.{name}")
        return self._moved(super().output(name, span))

    def outputs(self) -> Obj:
        """All its outputs; the module may have more than are described."""
        doubt = Doubt(f"`{self._name}` may have further outputs", self.remedy, "module")
        entries = {name: self.output(name, self._at) for name in self.module.outputs}
        return Obj(span=self._at, entries=entries, open=doubt)

    def wrong(self, wrong: Wrong, span: Span, what: str) -> Term:
        """What can't be evaluated: the mistake may be the caller's or the description's."""
        place = wrong.span or span
        if place.doc.path not in self.foreign:
            return super().wrong(wrong, span, what)
        why = f"what is passed to it does not fit its description: {wrong.message}"
        self.gap(place, f"{what} of `{self._name}`", why, kind="module", remedy=self.remedy)
        return Unk(span=self._at, doubt=Doubt(why, self.remedy, "module"))

    def gap(self, span: Span, what: str, why: str, *, kind: str, remedy: str = "", hides: bool = False) -> None:
        """Note something of it that could not be seen: at the call, where it lies in the description."""
        super().gap(self.places.at(span), what, why, kind=kind, remedy=remedy, hides=hides)

    def _moved(self, term: Term) -> Term:
        """The same, with what was written in the description placed at the call."""
        at = self._at if term.span.doc.path in self.foreign else term.span
        if type(term) is Alt:
            return replace(term, span=at, options=tuple((when, self._moved(leaf)) for when, leaf in term.options))
        if type(term) is Seq:
            return replace(term, span=at, items=tuple(self._moved(item) for item in term.items))
        if type(term) is Obj:
            return replace(
                term,
                span=at,
                entries={key: self._moved(value) for key, value in term.entries.items()},
                keys=self._outside(term.keys),
                places=self._outside(term.places),
            )
        if type(term) is Json:
            return replace(term, span=at, inner=self._moved(term.inner))
        if type(term) is Txt:
            places = tuple(p if p is None or p.doc.path not in self.foreign else None for p in term.places)
            return replace(term, span=at, places=places)
        return term if at is term.span else replace(term, span=at)

    def _outside(self, places: dict[str, Span]) -> dict[str, Span]:
        return {name: span for name, span in places.items() if span.doc.path not in self.foreign}


__all__ = ["Described", "DescribedPlaces", "called", "known"]
