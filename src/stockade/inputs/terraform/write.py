"""Writes intents back into configurations: the lens tables, read the other way.

A value is changed where it is written: at the attribute, or behind a variable's default, a local value, a module's argument.
Where that can't be told, or others may depend on it in another way, `FixError` names the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from stockade.errors import EditError, FixError
from stockade.inputs.lens import Lens
from stockade.inputs.terraform import deployments, known_modules, versions
from stockade.inputs.terraform.configuration import attribute
from stockade.inputs.terraform.expressions import Scope
from stockade.inputs.terraform.limits import TooMuch
from stockade.inputs.terraform.lower import Declared
from stockade.inputs.terraform.modules import Call, Copy, Instance
from stockade.inputs.terraform.spots import (
    JSON_TEXTS,
    Goal,
    Spot,
    attribute_name,
    block_of,
    copy_of,
    declared_of,
    encoded,
    entry_of_each,
    file_of,
    free_name,
    free_name_of,
    in_every_case,
    is_below,
    key_of_call,
    merge_into,
    name_behind,
    nested_body,
    place_of,
    placed_as,
    provider_text,
    refuse_foreign,
    refuse_more,
    repeated_as,
    same_span,
    scope_of_call,
    site_of,
    snake,
    spot_of,
    states_itself,
    unwrapped,
    variable_of_each,
    within,
)
from stockade.inputs.terraform.tables import tables
from stockade.inputs.terraform.terms import Lit, Wrong, cases
from stockade.inputs.written import Written, is_text_of_its_own, respelled
from stockade.knowledge import terraform_provider
from stockade.knowledge.terraform_provider import Need
from stockade.model.app import Resource, Site
from stockade.model.intent import Add, Here, Intent, Joined, New, Remove, Rewrite, Set, To, Unset
from stockade.model.value import File, When, conjoin
from stockade.patterns import regex
from stockade.text.document import Document, Span
from stockade.text.edits import Edit, apply_edits
from stockade.text.hcl import edit as hcl_edit
from stockade.text.hcl import nodes as hcl
from stockade.text.hcl.edit import Filled, Nested, Raw

if TYPE_CHECKING:
    from stockade.inputs.terraform.project import Project

_HERE = {
    "account": ("aws_caller_identity", "account_id"),
    "region": ("aws_region", "name"),
    "partition": ("aws_partition", "partition"),
}
# What stands for CloudFormation's `Ref` of a type, where it is not `id`.
# What the provider wants of a block, beside what a fix states: as the service has it where nothing is written.
_NEEDED: dict[str, dict[str, Any]] = {"logging_config": {"log_format": "Text"}}
_ATTACHMENT = "aws_iam_role_policy_attachment"
_MAX_STEPS = 20
_SPACE = regex(r"\s+")


class _Part(Struct, frozen=True):
    """A resource beside another one that states fields of it: its type, and what it says of which one it belongs to.

    `same` are arguments of both, `of` those that refer to the other one's attribute of the same name.
    """

    type: str
    same: tuple[str, ...]
    of: tuple[str, ...]
    stated: tuple[tuple[str, str], ...]


_SETTINGS = _Part("aws_api_gateway_method_settings", ("rest_api_id",), ("stage_name",), (("method_path", "*/*"),))
_PARTS = {"aws_api_gateway_stage": _SETTINGS, "aws_api_gateway_deployment": _SETTINGS}


def write(intents: Iterable[Intent]) -> Written:
    """The edits that make these intents true, or why that can't be written."""
    wanted = list(intents)
    writer = _Writer()
    try:
        edits = writer.run(wanted)
    except (FixError, EditError) as error:
        return Written(refused=error.message, arguments=writer.arguments)
    by_document = _by_document(edits)
    try:
        try:
            for document, own in by_document:
                apply_edits(document, own)
        except EditError:
            # Two of them move the same lines: each is made by itself then, and the lines are moved once for all of them.
            with hcl_edit.each_alone(document for document, _ in by_document):
                alone = _by_document(_Writer().run(wanted))
            edits = [(document, edit) for document, own in alone for edit in hcl_edit.in_order(document, own)]
    except (FixError, EditError) as error:
        return Written(refused=error.message, arguments=writer.arguments)
    return Written(
        tuple(edits), wider="; ".join(writer.wider), needs="; ".join(writer.needs), arguments=writer.arguments
    )


def arguments_of(resources: Iterable[Resource]) -> dict[str, str]:
    """Of which argument of whose call the attributes of resources are made that stand in modules which are fetched.

    Those in a block are named `block.attribute`.
    """
    writer = _Writer()
    for resource in resources:
        # What no configuration declares has no call: a plan, what Pulumi prints.
        if resource.site is not None and isinstance(resource.site.context, Declared):
            with suppress(FixError):
                writer.name_arguments(resource.site.context)
    return writer.arguments


def _roles(new: New) -> list[Resource]:
    """The roles that a new policy is put on."""
    named = new.fields.get("roles")
    listed = named if isinstance(named, list) else [named]
    return [to.resource for to in listed if isinstance(to, To) and isinstance(to.resource, Resource)]


def _closed_up(edits: list[tuple[Document, Edit]]) -> list[tuple[Document, Edit]]:
    """Edits in which one blank line, and not two, stands between blocks that are inserted at one place."""
    made = list(edits)
    last: dict[tuple[int, int], int] = {}  # the edit that was met last, by where it inserts something
    for index, (document, edit) in enumerate(edits):
        if edit.span.start != edit.span.end:
            continue
        before = last.get((id(document), edit.span.start))
        if before is not None and made[before][1].text.endswith("\n") and edit.text.startswith("\n\n"):
            made[before] = (document, Edit(made[before][1].span, made[before][1].text.removesuffix("\n")))
        last[id(document), edit.span.start] = index
    return made


def _by_document(edits: list[tuple[Document, Edit]]) -> list[tuple[Document, list[Edit]]]:
    found: dict[int, tuple[Document, list[Edit]]] = {}
    for document, edit in edits:
        found.setdefault(id(document), (document, []))[1].append(edit)
    return list(found.values())


def _changed(intent: Intent) -> Declared | None:
    """The instance that an intent changes."""
    site = intent.resource.site if not isinstance(intent, New) else None
    return site.context if site is not None and isinstance(site.context, Declared) else None


class _Missing(Struct, eq=False):
    """What is to be inserted into a body where nothing stands yet: attributes and nested blocks of one name."""

    document: Document
    into: hcl.Body
    name: str
    value: Any


class _Writer:
    def __init__(self) -> None:
        self.edits: list[tuple[Document, Edit]] = []
        self.names: dict[int, tuple[str, str]] = {}  # type and name of new resources
        self.taken: dict[tuple[int, str, str], str] = {}  # and those names, by what they are made beside
        self.missing: dict[tuple[int, str], _Missing] = {}
        self.parts: dict[int, tuple[Declared, _Part, dict[str, Any]]] = {}  # resources to be added, by what they are of
        self.sources: dict[tuple[int, str, str], str] = {}  # data sources that are added, by module, type and provider
        self.wanted: set[int] = set()  # the instances that are to be changed
        self.copies: dict[tuple[int, int], list[Copy]] = {}  # every instance of a block
        self.wider: list[str] = []  # whom else an edit may concern
        self.needs: list[str] = []  # what of the provider an edit relies on
        self.arguments: dict[str, str] = {}  # of which argument of a call an attribute is made

    def run(self, intents: list[Intent]) -> list[tuple[Document, Edit]]:
        for intent in intents:
            self._want(intent)
        for intent in intents:
            if isinstance(intent, New):
                self.names[id(intent)] = self._new_name(intent)
        for intent in intents:
            if isinstance(intent, New):
                self._new(intent)
            elif isinstance(intent, Set):
                self._set(intent)
            elif isinstance(intent, Unset):
                self._unset(intent.resource, intent.field)
            elif isinstance(intent, Add):
                self._add(intent)
            elif isinstance(intent, Rewrite):
                self._rewrite(intent)
            else:
                self._remove(intent)
        for found, part, content in self.parts.values():
            self._add_part(found, part, content)
        bodies: dict[int, list[_Missing]] = {}
        for gap in self.missing.values():
            bodies.setdefault(id(gap.into), []).append(gap)
        for gaps in bodies.values():
            self._fill(gaps)
        said = [versions.said(need, module) for intent in intents for need, module in self._relied_on(intent)]
        said += [deployments.stale(changed) for intent in intents if (changed := _changed(intent)) is not None]
        self.needs += dict.fromkeys(filter(None, said))
        return _closed_up(self.edits)

    def _relied_on(self, intent: Intent) -> Iterator[tuple[Need, Instance]]:
        """What an intent needs of the AWS provider, with the module that it is written for."""
        if isinstance(intent, New):
            type_, _ = self.names[id(intent)]
            found = declared_of(intent.beside)
            stated = [(tables()[type_].fields[field].path, value) for field, value in intent.fields.items()]
        elif isinstance(intent, Set | Add) and not (intent.resource.site and intent.resource.site.table == "variable"):
            if site_of(intent.resource).table in _PARTS or not isinstance(site_of(intent.resource).context, Declared):
                return
            found, lens, _ = place_of(intent.resource, intent.field)
            type_, stated = found.type, [(lens.path, intent.value)]
        else:
            return
        for path, value in stated:
            need = terraform_provider.need(type_, path[0], value if isinstance(value, str) else "")
            if need is not None:
                yield need, copy_of(found).module

    def _fill(self, gaps: list[_Missing]) -> None:
        """Write what is missing in one body."""
        document, into = gaps[0].document, gaps[0].into
        blocks = {gap.name: gap.value for gap in gaps if isinstance(gap.value, Nested)}
        for name, block in blocks.items():
            block.content = _NEEDED.get(name, {}) | block.content
        values = {gap.name: encoded(gap.name, gap.value) for gap in gaps if gap.name not in blocks}
        self.edits += [(document, edit) for edit in hcl_edit.insert_members(document, into, values, blocks)]

    # -------------------------------------------------------------------------------------------------------- values

    def plain(self, value: Any, at: Spot) -> Any:  # noqa: ANN401 - a fix may state any plain data
        """A value of an intent in HCL."""
        if isinstance(value, To):
            return Raw(self._reference(value, at))
        if isinstance(value, Joined):
            return Filled(tuple(p if isinstance(p, str) else self.plain(p, at) for p in value.parts))
        if isinstance(value, Here):
            return Raw(self._here(value.what, at))
        if isinstance(value, list):
            return [self.plain(v, at) for v in value]
        if isinstance(value, dict):
            return {k: self.plain(v, at) for k, v in value.items()}
        return value

    def _reference(self, to: To, at: Spot) -> str:
        if isinstance(to.resource, New):
            type_, name = self.names[id(to.resource)]
            if copy_of(declared_of(to.resource.beside)).module is not at.module:
                raise FixError(f"`{type_}.{name}` would be in another module: pass it in")
            return f"{type_}.{name}.{attribute_name(type_, to.attribute)}"
        other = declared_of(to.resource)
        copy = copy_of(other)
        if copy.module is not at.module:
            raise FixError(
                f"`{other.address}` is in another module: pass its {attribute_name(other.type, to.attribute)} in"
            )
        key = copy.key
        shown = f"{copy.declaration.type}.{copy.declaration.name}"
        if key.symbolic or (key.shown and at.key.shown):
            if key.each != at.key.each or key.text != at.key.text:
                raise FixError(f"which of the instances of `{shown}` is meant differs")
            shown += "[each.key]" if key.each else "[count.index]"
        else:
            shown += key.shown
        return f"{shown}.{attribute_name(other.type, to.attribute)}"

    def _here(self, what: str, at: Spot) -> str:
        """A reference to a data source, which is declared if the module has none yet."""
        type_, name = _HERE[what]
        module, provider = at.module.module, provider_text(at.block)
        for own_type, own_name in module.data:
            own = module.data[own_type, own_name]
            if (
                own_type == type_
                and provider_text(own) == provider
                and not {"count", "for_each", "region"} & own.body.attributes.keys()
            ):
                return f"data.{type_}.{own_name}.{name}"
        if "each." in provider or "count." in provider:
            raise FixError(f"its provider is one of several (`{provider}`)")
        key = (id(module), type_, provider)
        if key not in self.sources:
            taken = {(type_, other): None for (_, known, _), other in self.sources.items() if known == type_}
            stem = "_".join(("current", *snake(provider).split("_")[1:])) if provider else "current"
            name_ = self.sources[key] = free_name_of({**module.data, **taken}, type_, stem)
            document, file = file_of(at.block, at.module)
            said = {"provider": Raw(provider)} if provider else {}
            edit = hcl_edit.append_block(document, file.body, "data", (type_, name_), said, after=at.block)
            self.edits.append((document, edit))
        return f"data.{type_}.{self.sources[key]}.{name}"

    # ------------------------------------------------------------------------------------------------ whom it concerns

    def _want(self, intent: Intent) -> None:
        """Note the instances that an intent is for."""
        resource = intent.beside if isinstance(intent, New) else intent.resource
        if resource.site is None or not isinstance(resource.site.context, Declared):
            return
        self.wanted.add(id(copy_of(resource.site.context)))
        for field in [intent.field] if not isinstance(intent, New) else []:
            joined = resource.site.context.joined.get(field)
            if joined is not None:
                self.wanted.add(id(copy_of(joined[0])))

    def _all_of(self, found: Declared) -> list[Copy]:
        """Every instance that the block of one stands for, in all instances of its module."""
        copy = copy_of(found)
        declaration = copy.declaration
        key = (id(copy.module.project), id(declaration.block))
        known = self.copies.get(key)
        if known is None:
            top = copy.module
            while top.caller is not None:
                top = top.caller.module
            project = copy.module.project
            todo = [*project.roots] + ([] if any(r is top for r in project.roots) else [top])
            known = self.copies[key] = []
            while todo:
                at = todo.pop()
                if at.module is copy.module.module:
                    own = at.resource(declaration.type, declaration.name)
                    known += [one for _, one in own.all()] if own is not None else []
                todo += at.children()
        return known

    def _only(self, found: Declared, concerns: Callable[[Instance], bool] = lambda _: True) -> None:
        """That an edit changes nothing but what it is for.

        `concerns` says of an instance of a module whether the edit, which is in its text or in that of its call, changes it.
        """
        for copy in self._all_of(found):
            if id(copy) in self.wanted:
                continue
            at: Instance | None = copy.module
            while at is not None and not concerns(at):
                at = at.caller.module if at.caller is not None else None
            if at is not None:
                raise FixError(f"it would also change `{copy.address}`")

    def _note_wider(self, module: Instance) -> None:
        """Note that an edit in a module's own text also concerns whoever calls the module from elsewhere."""
        own = module.module.folder
        if module.caller is None or not is_below(module.root_folder, own):
            return
        why = "whoever else calls the module gets it too"
        if why not in self.wider:
            self.wider.append(why)

    # ------------------------------------------------------------------------------------------------------- intents

    def _set(self, intent: Set) -> None:
        if intent.resource.site is not None and intent.resource.site.table == "variable":
            self._set_of_variable(intent.resource.site, intent.field, intent.value)
            return
        part = _PARTS.get(site_of(intent.resource).table)
        if part is not None and self._put_beside(intent, part):
            return
        found, lens, base = place_of(intent.resource, intent.field)
        self._put(Goal(found, intent.value, intent.when, lens.path[-1]), base, lens)

    def _put(self, goal: Goal, base: tuple[str | int, ...], lens: Lens) -> None:
        block, spot = block_of(goal.found), spot_of(goal.found)
        body = nested_body(block.body, base, goal.found)
        steps = list(lens.path)
        start = [goal.found.exists]
        while len(steps) > 1:
            step = steps[0]
            if step.isdigit() or step == "*":
                steps.pop(0)
                continue
            stated = body.attributes.get(step)
            if stated is not None:
                self._put_into(stated.expr, steps[1:], goal, spot, start)
                return
            inner = self._block_of(body, step, goal)
            if inner is None:
                self._insert(body, steps, goal, spot)
                return
            body = inner.body
            steps.pop(0)
        stated = body.attributes.get(steps[0])
        if stated is None:
            self._insert(body, steps, goal, spot)
            return
        self._replace(stated.expr, goal, spot, start)

    def _insert(self, body: hcl.Body, steps: list[str], goal: Goal, spot: Spot) -> None:
        refuse_foreign(goal.found)
        self._only(goal.found)
        in_every_case([goal.found.exists], goal)
        self._note_wider(spot.module)
        name, *inner = [s for s in steps if not s.isdigit() and s != "*"]
        made: Any = self.plain([goal.value] if goal.item else goal.value, spot)
        if inner and name in JSON_TEXTS:
            for step in reversed(inner):
                made = {step: made}
        elif inner:
            for index, step in enumerate(reversed(inner)):
                made = {step: made}
                if index < len(inner) - 1:
                    made = Nested(made)
            made = Nested(made)
        self._lack(spot.block.span.doc, body, name, made)

    def _lack(self, document: Document, body: hcl.Body, name: str, made: Any) -> None:  # noqa: ANN401 - plain data
        have = self.missing.get((id(body), name))
        if have is None:
            self.missing[id(body), name] = _Missing(document, body, name, made)
        elif not merge_into(have.value, made):
            raise FixError(f"`{name}` would be written twice")

    def _put_into(self, expr: hcl.Expr, steps: list[str], goal: Goal, spot: Spot, cases_: list[When]) -> None:
        """Into an object, or a call of `jsonencode` with one."""
        expr = unwrapped(expr)
        if type(expr) is hcl.Call and expr.name == "jsonencode" and len(expr.args) == 1:
            expr = unwrapped(expr.args[0])
        steps = [s for s in steps if not s.isdigit() and s != "*"]
        if type(expr) is not hcl.Object:
            raise FixError("the value is computed there")
        for entry in expr.entries:
            if type(entry.key) is hcl.Constant and entry.key.value == steps[0]:
                if len(steps) > 1:
                    self._put_into(entry.value, steps[1:], goal, spot, cases_)
                else:
                    self._replace(entry.value, goal, spot, cases_)
                return
        refuse_foreign(goal.found)
        self._only(goal.found)
        in_every_case(cases_, goal)
        self._note_wider(spot.module)
        made: Any = self.plain(goal.value, spot)
        for step in reversed(steps[1:]):
            made = {step: made}
        self.edits.append((expr.span.doc, hcl_edit.insert_entry(expr.span.doc, expr, steps[0], made)))

    def _replace(
        self, expr: hcl.Expr, goal: Goal, spot: Spot, cases_: list[When], *, written: str = "", steps: int = 0
    ) -> None:
        """Make an expression be a value: where it is written, or where what it names is.

        `cases_` are those in which the expression decides, `written` is how the resource's own block names it.
        """
        expr = unwrapped(expr)
        if steps > _MAX_STEPS:
            raise FixError("it is named by way of too many other values")
        written = written or expr.span.text
        root, name = name_behind(expr, spot)
        module = spot.module
        if root == "local" and name in module.module.locals:
            behind = module.module.locals[name].expr
            inner = Spot(Scope(module), spot.block)
            self._replace(behind, goal, inner, cases_, written=written, steps=steps + 1)
        elif root == "var" and name in module.module.variables:
            self._behind_variable(name, goal, spot, cases_, written, steps + 1)
        elif type(expr) is hcl.Conditional:
            for arm, own in self._arms(expr, goal, spot, cases_):
                self._replace(arm, goal, spot, own, written=written, steps=steps + 1)
        else:
            self._replace_literal(expr, goal, spot, cases_, written)

    def _replace_literal(self, expr: hcl.Expr, goal: Goal, spot: Spot, cases_: list[When], written: str) -> None:
        module = spot.module
        self._name_entry(expr, goal.attribute, spot)
        if module.call is not None:
            where = f"the module, at `{expr.span.doc.path}`,"
            if isinstance(module, known_modules.Described):
                where = f"`{module.known.module.source}`"
            raise FixError(f"the code of {where} decides it: change what is passed to it")
        if goal.item and type(expr) is not hcl.Tuple:
            raise FixError("the list is computed there")
        value = self.plain(goal.value, spot)
        if isinstance(value, Raw | Filled) and module.project.is_value(expr.span):
            raise FixError(f"it is set by the value of a variable (`{written}`), which can't refer to a resource")
        if type(expr) not in (hcl.Constant, hcl.Tuple, hcl.Object) and (
            type(expr) is not hcl.Template or any(isinstance(p, hcl.If | hcl.Loop) for p in expr.parts)
        ):
            shown = " ".join(expr.span.text.split())
            raise FixError(f"the value is computed there (`{shown if len(shown) < 60 else shown[:59] + '…'}`)")
        in_every_case(cases_, goal)
        self._note_wider(module)
        document = expr.span.doc
        if goal.item and type(expr) is hcl.Tuple:
            self.edits.append((document, hcl_edit.insert_item(document, expr, value)))
        else:
            self.edits.append((document, hcl_edit.set_value(document, expr, value)))

    def _arms(
        self, expr: hcl.Conditional, goal: Goal, spot: Spot, cases_: list[When]
    ) -> list[tuple[hcl.Expr, list[When]]]:
        """The branches of a conditional that hold what is wrong, each with the cases in which it decides."""
        evaluator = spot.module.evaluator
        try:
            condition = evaluator.truth(evaluator.apart(expr.condition, spot.scope), expr.condition, spot.scope)
        except (Wrong, TooMuch) as error:
            raise FixError(f"which of two values holds can't be told: {error.message}") from error
        of: dict[bool, list[When]] = {True: [], False: []}
        for when, leaf in cases(condition):
            of[type(leaf) is Lit and bool(leaf.v)] += [both for c in cases_ if (both := conjoin(c, when)) is not None]
        found: list[tuple[hcl.Expr, list[When]]] = []
        for arm, own in ((expr.then, of[True]), (expr.otherwise, of[False])):
            branch = unwrapped(arm)
            if type(branch) is hcl.Constant and type(branch.value) is type(goal.value) and branch.value == goal.value:
                continue
            if goal.bad is None or any(conjoin(case, when) is not None for case in own for when in goal.bad):
                found += [(arm, own)] if own else []
        if goal.bad is None and len(found) > 1:
            raise FixError(f"which of the two values is meant can't be told (`{_SPACE.sub(' ', expr.span.text)}`)")
        return found

    def _behind_variable(self, name: str, goal: Goal, spot: Spot, cases_: list[When], written: str, steps: int) -> None:
        """Where the value of a variable is: the argument of the call, a file of values, the default."""
        module = spot.module
        call = module.caller
        if call is not None:
            stated = call.block.body.attributes.get(name)
            outer = Spot(scope_of_call(module), call.block, key_of_call(module, call))
            self._name_argument(goal.attribute, name, call)
            if stated is None and isinstance(module, known_modules.Described):
                said = versions.said_of_module(call.block, name)
                self.needs += [said] if said and said not in self.needs else []
            refuse_more(name, goal, module)
            if stated is not None:
                self._replace(stated.expr, goal, outer, cases_, written=written, steps=steps)
                return
            if self._decides_others(name, goal, module):
                self._pass(name, goal, outer, call, cases_)
                return
            self.arguments.pop(goal.attribute, None)
        elif name in module.given:
            found = module.project.value_expression(module.given[name].span)
            if found is None:
                raise FixError(f"the value of `var.{name}` was given from outside")
            self._replace(
                found, goal, Spot(Scope(module, closed=True), spot.block), cases_, written=written, steps=steps
            )
            return
        default = attribute(module.module.variables[name], "default")
        if default is None:
            raise FixError(f"the value of `var.{name}` is given from outside")
        self._replace(default, goal, Spot(Scope(module, closed=True), spot.block), cases_, written=written, steps=steps)

    def name_arguments(self, found: Declared) -> None:
        """Note of which arguments of a call the attributes of a resource are made, if its module is fetched."""
        spot = spot_of(found)
        call = spot.module.caller
        if call is None or spot.module.call is None:
            return
        todo = [("", block_of(found).body)]
        while todo:
            prefix, body = todo.pop()
            for stated in body.attributes.values():
                name = self._variable_behind(stated.expr, spot)
                if name:
                    self._name_argument(f"{prefix}{stated.name}", name, call, told=True)
                else:
                    self._name_entry(stated.expr, f"{prefix}{stated.name}", spot)
            for inner in body.blocks:
                if inner.type == "dynamic" and inner.labels:
                    todo += [(f"{inner.labels[0]}.", content.body) for content in inner.body.of("content")]
                elif inner.type != "lifecycle":
                    todo.append((f"{inner.type}.", inner.body))

    def _variable_behind(self, expr: hcl.Expr, spot: Spot) -> str:
        """The variable that an expression is; nothing where it is something else."""
        for _ in range(_MAX_STEPS):
            root, name = name_behind(unwrapped(expr), spot)
            declared = spot.module.module.locals.get(name) if root == "local" else None
            if declared is None:
                return name if root == "var" and name in spot.module.module.variables else ""
            expr, spot = declared.expr, Spot(Scope(spot.module), spot.block)
        return ""

    def _name_argument(self, attribute_: str, name: str, call: Call, *, told: bool = False) -> None:
        """Note of which argument of whose call an attribute is made, if the call is the user's own.

        `told`: with the version that has it, which is said elsewhere of what is to be written.
        """
        if call.module.call is None:
            known, said = self.arguments.get(attribute_, ""), f"`{name}` of `module.{call.name}`"
            beside = known_modules.beside(call.block, name)
            said += f" (with `{beside}` beside it)" if beside else ""
            said += versions.from_which(call.block, name) if told else ""
            several = known not in {"", said} and known.startswith(f"`{name}` ")
            self.arguments[attribute_] = f"`{name}` in each call of the module" if several else said

    def _name_entry(self, expr: hcl.Expr, attribute_: str, spot: Spot) -> None:
        """As `_name_argument`, for an entry of an argument that a resource is made for each of."""
        call, repeated = spot.module.caller, spot.block.body.attributes.get("for_each")
        entry, argument = entry_of_each(expr), variable_of_each(repeated.expr) if repeated is not None else ""
        if call is not None and call.module.call is None and entry and argument:
            self.arguments.setdefault(attribute_, f"`{entry}` in `{argument}` of `module.{call.name}`")

    def _decides_others(self, name: str, goal: Goal, module: Instance) -> bool:
        """Whether the default of a variable is not ours to change, or decides more than what is to be changed."""
        if module.call is not None or is_below(module.root_folder, module.module.folder):
            return True
        if attribute(module.module.variables[name], "default") is None:
            return True
        try:
            self._only(goal.found, lambda at: at.module is module.module and not states_itself(at, name))
        except FixError:
            return True
        return False

    def _pass(self, name: str, goal: Goal, outer: Spot, call: Call, cases_: list[When]) -> None:
        """A further argument of a call."""
        if call.module.call is not None:
            raise FixError(f"a module that is fetched calls `module.{call.name}`: change what is passed to it")
        self._only(goal.found, lambda at: at.caller is not None and at.caller.block is call.block)
        in_every_case(cases_, goal)
        self._note_wider(call.module)
        value = self.plain([goal.value] if goal.item else goal.value, outer)
        self._lack(call.block.span.doc, call.block.body, name, value)

    def _block_of(self, body: hcl.Body, name: str, goal: Goal) -> hcl.Block | None:
        """The nested block of a name; where a dynamic one makes it, what it is made of is named."""
        dynamic = next((b for b in body.blocks if b.type == "dynamic" and b.labels[:1] == (name,)), None)
        if dynamic is None:
            return next((b for b in body.blocks if b.type == name), None)
        module = copy_of(goal.found).module
        content = next((b for b in dynamic.body.blocks if b.type == "content"), None)
        stated = content.body.attributes.get(goal.attribute) if content is not None else None
        if stated is not None and module.caller is not None:
            root, own = name_behind(unwrapped(stated.expr), spot_of(goal.found))
            if root == "var":
                self._name_argument(goal.attribute, own, module.caller)
        raise FixError(f"`{name}` is written by a dynamic block")

    def _put_beside(self, intent: Set, part: _Part) -> bool:
        """A field that a resource beside this one states, where there is none yet; whether it is such a field."""
        found = declared_of(intent.resource)
        lens = tables()[part.type].fields.get(intent.field)
        if lens is None or intent.field in found.joined:
            return False
        refuse_foreign(found)
        self._only(found)
        in_every_case([found.exists], Goal(found, intent.value, intent.when, lens.path[-1]))
        self._note_wider(copy_of(found).module)
        made: Any = self.plain(intent.value, spot_of(found))
        for step in reversed(lens.path[1:]):
            made = Nested({step: made})
        _, _, content = self.parts.setdefault(id(block_of(found)), (found, part, {}))
        have = content.get(lens.path[0])
        if have is None:
            content[lens.path[0]] = made
        elif not merge_into(have, made):
            raise FixError(f"`{lens.path[0]}` would be written twice")
        return True

    def _add_part(self, found: Declared, part: _Part, content: dict[str, Any]) -> None:
        """A resource beside another one, as often as that is there."""
        copy, block = copy_of(found), block_of(found)
        own = block.body.attributes
        if any(name not in own for name in (*part.same, *part.of)):
            raise FixError(f"`{found.address}` does not say what it belongs to")
        repeated, key = repeated_as(block)
        repeated |= placed_as(block, part.type)
        shown = f"{copy.declaration.type}.{copy.declaration.name}{key}"
        named: dict[str, Any] = {name: Raw(own[name].expr.span.text) for name in part.same}
        named |= {name: Raw(f"{shown}.{name}") for name in part.of}
        labels = (part.type, free_name(copy.module, part.type, copy.declaration.name))
        document, file = file_of(block, copy.module)
        edit = hcl_edit.append_block(
            document, file.body, "resource", labels, repeated | named | dict(part.stated) | content, after=block
        )
        self.edits.append((document, edit))

    def _unset(self, resource: Resource, field: str) -> None:
        site = site_of(resource)
        if site.table == "variable":
            body = site.block.body
            self.edits.append((site.document, hcl_edit.remove_attribute(site.document, body, field)))
            return
        found, lens, base = place_of(resource, field)
        refuse_foreign(found)
        self._only(found)
        self._note_wider(copy_of(found).module)
        body = nested_body(block_of(found).body, base, found)
        for step in lens.path[:-1]:
            inner = self._block_of(body, step, Goal(found, None, None, lens.path[-1]))
            if inner is None:
                raise FixError(f"`{lens.path[-1]}` is not written there")
            body = inner.body
        if lens.path[-1] not in body.attributes:
            raise FixError(f"`{lens.path[-1]}` is not written there")
        document = block_of(found).span.doc
        self.edits.append((document, hcl_edit.remove_attribute(document, body, lens.path[-1])))

    def _set_of_variable(self, site: Site, field: str, value: Any) -> None:  # noqa: ANN401
        name = "sensitive" if field == "hidden" else field
        body: hcl.Body = site.block.body
        stated = body.attributes.get(name)
        if stated is not None:
            self.edits.append((site.document, hcl_edit.set_value(site.document, stated.expr, value)))
        else:
            self.edits.append((site.document, hcl_edit.insert_attributes(site.document, body, {name: value})))

    def _add(self, intent: Add) -> None:
        site = site_of(intent.resource)
        if site.table == "aws_iam_role" and intent.field == "managed":
            self._attach(declared_of(intent.resource), intent.value)
            return
        found, lens, base = place_of(intent.resource, intent.field)
        self._put(Goal(found, intent.value, None, lens.path[-1], item=True), base, lens)

    def _attach(self, role: Declared, arn: str) -> None:
        """A managed policy on a role: into its own list, or as an attachment beside it."""
        block, document = block_of(role), block_of(role).span.doc
        own = block.body.attributes.get("managed_policy_arns")
        if own is not None:
            goal = Goal(role, arn, None, "managed_policy_arns", item=True)
            self._replace(own.expr, goal, spot_of(role), [role.exists])
            return
        refuse_foreign(role)
        self._only(role)
        self._note_wider(copy_of(role).module)
        copy = copy_of(role)
        content, key = repeated_as(block)
        content |= placed_as(block, _ATTACHMENT)
        stem = f"{copy.declaration.name}_{snake(arn.rpartition('/')[2])}"
        name = self._free_beside(copy, _ATTACHMENT, stem)
        content |= {"role": Raw(f"aws_iam_role.{copy.declaration.name}{key}.name"), "policy_arn": arn}
        _, file = file_of(block, copy.module)
        labels = (_ATTACHMENT, name)
        self.edits.append(
            (document, hcl_edit.append_block(document, file.body, "resource", labels, content, after=block))
        )

    def _file_with(self, intent: Remove | Rewrite) -> tuple[hcl.HclFile, Span, Project]:
        """The file of the configuration that the place of an intent is in, with that and the project."""
        if not isinstance(intent.origin, File):
            raise FixError("it is not written in a file")
        target = intent.origin.span
        found = declared_of(intent.resource)
        self._only(found)
        project = copy_of(found).module.project
        file = next((f for f in project.read_files if f.document is target.doc), None)
        if file is None or project.is_foreign(target.doc.path):
            raise FixError("it is not written in the configuration")
        return file, target, project

    def _rewrite(self, intent: Rewrite) -> None:
        file, target, _ = self._file_with(intent)
        inner = [node for block in file.body.blocks for node, _ in within(block.body, target)]
        node = next((n for n in inner if same_span(n.span, target)), None)
        if isinstance(node, hcl.Constant) and not node.heredoc and is_text_of_its_own(str(node.value)):
            self.edits.append((target.doc, hcl_edit.set_value(target.doc, node, intent.value)))
        elif node is None and inner and isinstance(inner[-1], hcl.Constant):
            self.edits.append((target.doc, respelled(target, intent.value)))
        else:
            raise FixError("the text is computed there")

    def _remove(self, intent: Remove) -> None:
        file, target, project = self._file_with(intent)
        document = target.doc
        for block in file.body.blocks:
            if not block.span.covers(target):
                continue
            for node, parent in within(block.body, target):
                if isinstance(node, hcl.Expr) and isinstance(parent, hcl.Tuple) and same_span(node.span, target):
                    index = next(i for i, item in enumerate(parent.items) if item is node)
                    self.edits.append((document, hcl_edit.remove_item(document, parent, index)))
                    return
                if isinstance(node, hcl.Block) and isinstance(parent, hcl.Body) and same_span(node.span, target):
                    self.edits.append((document, hcl_edit.remove_block(document, parent, node)))
                    return
            whole = block.type == "resource" and block.labels[:1] == (_ATTACHMENT,)
            if whole or same_span(block.span, target):
                self._remove_whole(file, block, project)
                return
        raise FixError("it does not stand in a written list there")

    def _remove_whole(self, file: hcl.HclFile, block: hcl.Block, project: Project) -> None:
        """A resource of its own, which is what is to go and nothing else."""
        if {"for_each", "count"} & block.body.attributes.keys():
            raise FixError("one resource makes several of them there")
        name = regex(rf"(?<![\w.-]){'[.]'.join(map(re.escape, block.labels[:2]))}(?![\w-])")
        for other in project.read_files:
            for at in name.finditer(other.document.text):
                if other.document is not block.span.doc or not block.span.start <= at.start() < block.span.end:
                    raise FixError(f"`{'.'.join(block.labels)}` is referred to elsewhere (`{other.document.path}`)")
        self.edits.append((file.document, hcl_edit.remove_block(file.document, file.body, block)))

    def _new(self, intent: New) -> None:
        found = declared_of(intent.beside)
        refuse_foreign(found)
        self._only(found)
        self._note_wider(copy_of(found).module)
        type_, name = self.names[id(intent)]
        table, block = tables()[type_], block_of(found)
        content = placed_as(block, type_)
        for field, value in intent.fields.items():
            steps = [s for s in table.fields[field].path if not s.isdigit() and s != "*"]
            made: Any = self.plain(value, spot_of(found))
            if len(steps) > 1 and steps[0] in JSON_TEXTS:
                inner: Any = made
                for step in reversed(steps[1:]):
                    inner = {step: inner}
                have = content.get(steps[0])
                if isinstance(have, dict):
                    have.update(inner)
                else:
                    content[steps[0]] = inner
                continue
            for step in reversed(steps[1:]):
                made = Nested({step: made})
            have = content.get(steps[0])
            if have is None or not merge_into(have, made):
                content[steps[0]] = made
        content = {key: encoded(key, value) for key, value in content.items()}
        document, file = file_of(block, copy_of(found).module)
        for word in ("count", "for_each"):
            if word in block.body.attributes:
                raise FixError(f"`{found.address}` is one of several that `{word}` makes")
        for role in _roles(intent) if type_ == "aws_iam_role_policy" else ():
            if any(block_of(declared_of(role)).body.of("inline_policy")):
                raise FixError(f"`{role.address}` says by `inline_policy` which policies it has, and loses any other")
        self.edits.append(
            (document, hcl_edit.append_block(document, file.body, "resource", (type_, name), content, after=block))
        )
        if intent.first:
            self._wait(block, Raw(f"{type_}.{name}"))

    def _wait(self, block: hcl.Block, new: Raw) -> None:
        """Let a resource wait for a new one."""
        document = block.span.doc
        own = block.body.attributes.get("depends_on")
        if own is None:
            self._lack(document, block.body, "depends_on", [new])
        elif isinstance(own.expr, hcl.Tuple):
            self.edits.append((document, hcl_edit.insert_item(document, own.expr, new)))
        else:
            raise FixError("`depends_on` is no list there")

    def _new_name(self, intent: New) -> tuple[str, str]:
        """The type and the name of a new resource."""
        found = next(
            (
                t
                for t in tables().values()
                if t.makes is intent.kind and t.type.startswith("aws_") and "/" not in t.type
                and all(f in t.fields and not t.fields[f].by for f in intent.fields)
            ),
            None,
        )  # fmt: skip
        if found is None:
            raise FixError(f"no resource type for a {intent.kind.kind} with these fields")
        beside = copy_of(declared_of(intent.beside))
        own = beside.declaration.name
        words = snake(intent.name.rpartition(".")[2])
        return found.type, self._free_beside(beside, found.type, words if own in words else f"{own}_{words}")

    def _free_beside(self, beside: Copy, type_: str, stem: str) -> str:
        """A name that nothing of a type has yet; the same for all instances of a block, for they are one text."""
        mark = (id(beside.declaration.block), type_, stem)
        if mark not in self.taken:
            taken = {name for (_, other, _), name in self.taken.items() if other == type_}
            name, number = free_name(beside.module, type_, stem), 1
            while name in taken:
                number += 1
                name = free_name(beside.module, type_, f"{stem}_{number}")
            self.taken[mark] = name
        return self.taken[mark]
